"""The desk: who gets in, what is shown, and what goes on record by it."""
