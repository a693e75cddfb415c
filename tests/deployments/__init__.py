"""Tests of how Termgate is run."""
