"""Measurements: the gates with their server, peers beside them, large cycles, the ledger."""
