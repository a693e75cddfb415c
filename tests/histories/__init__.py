"""Histories: whatever officers, deliverers, clocks and crashes do, only gates that hold hand on.

A model in plain Python, which knows only what was done, is held against a real home after every
step. `python -m tests.histories` runs many and long histories; the tests run a few.
"""
