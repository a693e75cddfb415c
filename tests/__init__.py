"""Tests, laid out as the packages they test; shared helpers in `tests.support`."""
