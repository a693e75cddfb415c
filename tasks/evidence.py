"""Evidence digests: which rows a gate reads for a unit, as one SHA-256.

Rules: a row is evidence of a unit where the reach of a read says so, and so is what every check
knows of a unit: its body, its level, the places above it; the order of rows changes nothing; what
no check of the gate reads is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from schemas.canonical import canonical, digest, evidence_digest
from schemas.facts import UNIT_COLUMNS, Facts
from schemas.frames import DIGEST
from schemas.rules.base import Reach, Read


def _grouped(frame: pd.DataFrame, column: str) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for home, name in zip(frame[column].tolist(), frame[DIGEST].tolist(), strict=True):
        grouped.setdefault(home, []).append(name)
    return grouped


def _relatives(facts: Facts, reach: Reach) -> dict[str, list[str]]:
    """Jurisdiction → the jurisdictions whose rows are read with that reach."""
    start, end = (
        ("jurisdiction", "ancestor") if reach is Reach.ANCESTORS else ("ancestor", "jurisdiction")
    )
    found: dict[str, list[str]] = {}
    for one, other in zip(facts.lineage[start], facts.lineage[end], strict=True):
        found.setdefault(one, []).append(other)
    return found


def rows_by_unit(facts: Facts, read: Read) -> dict[str, list[str]]:
    """Unit → the digests of the rows that a read makes evidence of it."""
    frame = facts.tables[read.register]
    pairs = list(zip(facts.units["unit"], facts.units["jurisdiction"], strict=True))
    if read.reach is Reach.OWN:
        shared = frame["_unit"] == ""
        by_place = _grouped(frame[shared], "_home")
        by_unit = _grouped(frame[~shared], "_unit")
        return {unit: by_unit.get(unit, []) + by_place.get(place, []) for unit, place in pairs}
    by_place = _grouped(frame, "_home")
    relatives = _relatives(facts, read.reach)
    return {
        unit: [name for other in relatives[place] for name in by_place.get(other, [])]
        for unit, place in pairs
    }


def widest(reads: Iterable[Read]) -> list[Read]:
    """Each register and reach once."""
    return sorted(set(reads), key=lambda read: (read.register, read.reach.value))


def _standing(facts: Facts) -> dict[str, list[str]]:
    """Unit → the digest of what every check knows of it, whatever registers it reads."""
    above = _relatives(facts, Reach.ANCESTORS)
    units = facts.units[list(UNIT_COLUMNS)].astype(object)
    rows = units.where(units.notna(), None).itertuples(index=False, name=None)
    return {
        unit: [digest(canonical([unit, place, *rest, sorted(above[place])]))]
        for unit, place, *rest in rows
    }


def evidence_of(
    facts: Facts, reads: Iterable[Read], waivers: Mapping[str, list[str]] | None = None
) -> dict[str, str]:
    """Unit → digest of the unit itself and of the rows that `reads` make evidence of it.

    `waivers` are the digests of the waivers in force for a unit: who signs has seen those too.
    """
    found = [("units", _standing(facts))]
    found += [
        (f"{read.register}:{read.reach.value}", rows_by_unit(facts, read)) for read in widest(reads)
    ]
    waived = waivers or {}
    return {
        unit: evidence_digest(
            unit, [*((name, rows[unit]) for name, rows in found), ("waivers", waived.get(unit, []))]
        )
        for unit in facts.units["unit"]
    }
