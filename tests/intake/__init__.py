"""Tests of tasks/intake: nothing converted silently, nothing dropped silently."""
