"""What stands in a ledger and how often, by what it says and not by where it stands."""

from __future__ import annotations

from collections import Counter

from data.home import Home
from data.ledger import Ledger
from data.verify_chain import Fault, verify_chain
from schemas.canonical import canonical, digest
from tests.support import cycle
from tests.support.cycle import Entry


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


def chained(ledger: Ledger) -> tuple[list[Entry], Fault | None]:
    """The entries of a ledger, by the chain test alone, and its first fault or None."""
    rows = ledger.query("SELECT seq, hash, body FROM entries ORDER BY seq")
    return verify_chain(rows, ledger.query("SELECT seq, hash FROM head")[0])
