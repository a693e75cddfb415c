"""Replaying: past decisions looked at again, each on the facts, acts and day of its own."""
