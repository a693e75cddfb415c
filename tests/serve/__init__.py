"""Tests of serving: the command, the runner, the watch, on a served system."""
