"""The list of units: what the registers of jurisdictions and units come to, in the state table.

Rules: it goes on record with the delivery that it follows from, and with where each unit stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Transaction
from schemas.canonical import canonical, digest
from tasks.intake.on_record import OnRecord


def project_units(home: Home, transaction: Transaction) -> None:
    """Keep the table that `status` reads in step with the two registers behind it.

    Where each unit stands goes on record, for whoever verifies who had to sign.
    """
    record = OnRecord.now(transaction, BlobStore(home.blobs))
    places = record.rows("jurisdictions", "name", "level", "parent")
    rows = sorted(
        (unit, code, name, level, body, parent)
        for (unit,), (code, body) in record.rows("units", "jurisdiction", "body").items()
        if (code,) in places
        for name, level, parent in [places[code,]]
    )
    above = {code: parent for (code,), (_, _, parent) in places.items()}
    standing = [
        [unit, level, body, *_upwards(code, above)] for unit, code, _, level, body, _ in rows
    ]
    named = BlobStore(home.blobs).put(canonical(standing))
    transaction.append("listed", units=len(rows), digest=digest(canonical(rows)), places=named)
    transaction.set_state("DELETE FROM units")
    for row in rows:
        transaction.set_state("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", *row)


def _upwards(code: str, above: Mapping[str, str | None]) -> Iterator[str]:
    """A place and those above it, its own first."""
    passed: set[str] = set()
    at: str | None = code
    while at is not None and at not in passed:
        yield at
        passed.add(at)
        at = above.get(at)
