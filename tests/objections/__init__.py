"""Objections to concluded units: how they are raised, ruled on, shown and verified."""
