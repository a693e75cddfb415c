"""Where things are kept: ledger, blob store, registers, policy packs, the reference cycle.

Nothing here needs an orchestrator: auditing and replaying work without one.
"""
