"""Evidence digests: which rows a gate reads for a unit, as one SHA-256.

Rules: a row is evidence of a unit where the reach of a read says so, and so is what every check
knows of a unit: its body, its level, the places above it; the order of rows changes nothing; what
no check of the gate reads is no evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from schemas.canonical import canonical, digest, evidence_digest
from schemas.facts import UNIT_COLUMNS, Facts
from schemas.frames import DIGEST
from schemas.rules.base import Reach, Read


def _grouped(facts: Facts, register: str, *, own: bool) -> dict[str, list[str]]:
    """Jurisdiction → the digests of its rows; those of a unit stand under the unit if `own`."""
    frame = facts.tables[register]
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    homes, names = frame["_home"].tolist(), frame[DIGEST].tolist()
    if own:
        homes = [unit or home for unit, home in zip(frame["_unit"].tolist(), homes, strict=True)]
    for home, name in zip(homes, names, strict=True):
        grouped[home].append(name)
    return dict(grouped)


def rows_by_unit(facts: Facts, read: Read) -> dict[str, list[str]]:
    """Unit → the digests of the rows that a read makes evidence of it."""
    own = read.reach is Reach.OWN
    asked = ("digests", read.register, own)
    rows = facts.once(asked, lambda: _grouped(facts, read.register, own=own))
    pairs = zip(facts.units["unit"].tolist(), facts.units["jurisdiction"].tolist(), strict=True)
    if own:
        return {unit: [*rows.get(unit, ()), *rows.get(place, ())] for unit, place in pairs}
    relatives = facts.relatives(read.reach)
    return {
        unit: [name for other in relatives[place] for name in rows.get(other, ())]
        for unit, place in pairs
    }


def widest(reads: Iterable[Read]) -> list[Read]:
    """Each register and reach once."""
    return sorted(set(reads), key=lambda read: (read.register, read.reach.value))


def _standing(facts: Facts) -> dict[str, list[str]]:
    """Unit → the digest of what every check knows of it, whatever registers it reads."""
    above = facts.relatives(Reach.ANCESTORS)
    found: dict[str, list[str]] = {}
    for cells in zip(*(facts.units[column].tolist() for column in UNIT_COLUMNS), strict=True):
        unit, place, *rest = (cell if isinstance(cell, str) else None for cell in cells)
        found[cells[0]] = [digest(canonical([unit, place, *rest, sorted(above[cells[1]])]))]
    return found


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
