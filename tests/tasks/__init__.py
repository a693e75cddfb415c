"""Tests of the work: evaluation, evidence, gates, hand-offs, taking deliveries in."""
