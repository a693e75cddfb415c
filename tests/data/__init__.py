"""Tests of what is kept: ledger, blobs, registers, packs, and what is read back from them."""
