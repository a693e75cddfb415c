"""What stands in a ledger and how often, by what it says and not by where it stands."""

from __future__ import annotations

from collections import Counter

from data.home import Home
from schemas.canonical import canonical, digest
from tests.support import cycle


def decided(home: Home) -> Counter[tuple[str, ...]]:
    """How often each decision is on record."""
    return Counter(
        (
            *(entry[name] for name in ("unit", "stage", "outcome", "evidence")),
            digest(canonical(entry["findings"])),
            *entry["signers"],
        )
        for entry in cycle.entries(home, "decided")
    )


def acted(home: Home) -> Counter[tuple[str, ...]]:
    """How often each signature and each end of a stage is on record."""
    return Counter(
        (entry["kind"], entry["unit"], entry["stage"], entry.get("officer", ""))
        for entry in cycle.entries(home)
        if entry["kind"] in ("signed", "handed-on")
    )
