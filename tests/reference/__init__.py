"""Tests of the reference cycle: what is committed, its figures, its planted faults."""
