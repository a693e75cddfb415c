"""The law as cases: a lawful base, what changes it, articles, where today's code differs."""
