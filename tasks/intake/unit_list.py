"""The list of units: what the registers of jurisdictions and units come to, in the state table.

Rules: it goes on record with the delivery that it follows from, and with where each unit stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Transaction
from schemas.canonical import canonical, digest
from tasks.intake.on_record import OnRecord


@dataclass(frozen=True)
class UnitList:
    """The rows of the table, and of each unit its level, its body, its place and those above."""

    rows: list[tuple[object, ...]]
    positions: list[list[object]]

    @property
    def said(self) -> tuple[int, str, str]:
        """What the entry says of it: how many units, and both digests."""
        return len(self.rows), digest(canonical(self.rows)), digest(canonical(self.positions))


def listed(record: OnRecord) -> UnitList:
    """The units, as the registers have them."""
    places = record.rows("jurisdictions", "name", "level", "parent")
    rows = sorted(
        (unit, code, name, level, body, parent)
        for (unit,), (code, body) in record.rows("units", "jurisdiction", "body").items()
        if (code,) in places
        for name, level, parent in [places[code,]]
    )
    above = {code: parent for (code,), (_, _, parent) in places.items()}
    positions = [
        [unit, level, body, *_upwards(code, above)] for unit, code, _, level, body, _ in rows
    ]
    return UnitList([*rows], positions)


def project_units(home: Home, transaction: Transaction) -> None:
    """Keep the table that `status` reads in step with the two registers behind it.

    Where each unit stands goes on record, for whoever verifies who had to sign.
    """
    blobs = BlobStore(home.blobs)
    found = listed(OnRecord.now(transaction, blobs))
    units, named, places = found.said
    blobs.put(canonical(found.positions))
    transaction.append("listed", units=units, digest=named, places=places)
    transaction.set_state("DELETE FROM units")
    for row in found.rows:
        transaction.set_state("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", *row)


def _upwards(code: str, above: Mapping[str, str | None]) -> Iterator[str]:
    """A place and those above it, its own first."""
    passed: set[str] = set()
    at: str | None = code
    while at is not None and at not in passed:
        yield at
        passed.add(at)
        at = above.get(at)
