"""How Termgate is run: command line, embedded Prefect server, the main job."""
