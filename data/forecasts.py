"""Forecasts (预评): what gates ahead of their turn would say, kept beside the ledger.

Rules: a forecast is no decision: it is in no entry, nothing is signed for it or rests on it, and
whoever changes one changes nothing but what is shown. It says of which day and entry it is, and is
shown only of a gate that is not reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from data.acts import Gate
from data.ledger import Ledger, Reader
from schemas.decisions import unpacked
from schemas.findings import Finding


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a gate would say: `complete` where all that can be asked for by now is there and right.

    `ground` is the digest of what it was worked out from, `on` its day, `position` the last entry
    that was looked at, `packed` what would keep the gate closed, as JSON of packed findings.
    """

    unit: str
    stage: str
    ground: str
    on: str
    position: int
    complete: bool
    packed: str

    @property
    def gate(self) -> Gate:
        """Unit and stage."""
        return self.unit, self.stage

    @property
    def closing(self) -> list[Finding]:
        """What would keep the gate closed, failures first."""
        return unpacked(self.findings)

    @property
    def findings(self) -> Mapping[str, Mapping[str, list[Any]]]:
        """The same, packed."""
        found: Mapping[str, Mapping[str, list[Any]]] = orjson.loads(self.packed)
        return found

    def as_json(self) -> dict[str, Any]:
        """As it is shown beside what is on record."""
        return {
            "complete": self.complete,
            "on": self.on,
            "position": self.position,
            "closing": len(self.closing),
        }


def forecasts(reader: Reader, unit: str = "") -> dict[Gate, Forecast]:
    """Gate → its last forecast, of one unit where it is named."""
    rows = reader.query(
        "SELECT unit, stage, ground, day, position, complete, findings FROM forecasts "
        "WHERE ? IN ('', unit)",
        unit,
    )
    return {
        (one, stage): Forecast(one, stage, ground, on, int(position), bool(complete), findings)
        for one, stage, ground, on, position, complete, findings in rows
    }


def grounds(reader: Reader) -> dict[Gate, str]:
    """Gate → the digest of what its last forecast was worked out from."""
    rows = reader.query("SELECT unit, stage, ground FROM forecasts")
    return {(unit, stage): ground for unit, stage, ground in rows}


def keep(ledger: Ledger, found: Iterable[Forecast]) -> None:
    """Put forecasts in the place of those before."""
    made = list(found)
    if not made:
        return
    with ledger.transaction() as transaction:
        for one in made:
            transaction.set_state(
                "INSERT INTO forecasts VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (unit, stage) DO UPDATE SET ground = excluded.ground, "
                "day = excluded.day, position = excluded.position, complete = excluded.complete, "
                "findings = excluded.findings",
                *one.gate, one.ground, one.on, one.position, int(one.complete),
                one.packed,
            )  # fmt: skip
