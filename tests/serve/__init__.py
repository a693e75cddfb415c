"""Tests of serving: the command, the worker, the watch, on a served system."""
