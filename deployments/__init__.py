"""How Termgate is run: command line, serving, the main job."""
