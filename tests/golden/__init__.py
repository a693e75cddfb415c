"""Cycles as releases wrote them: every later one must open, run, verify and replay them."""
