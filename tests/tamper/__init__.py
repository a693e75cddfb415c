"""Tampering (篡改): whatever is done to a history is detected and named, by both verifiers alike.

Rules: every run is one function of its counts and its seed; the tests run a part of what
`python -m tests.tamper` runs whole. The verifier of one file is loaded from where it stands
(`docs/verify_bundle.py`), as its users have it.
"""
