"""Evidence digests: what a gate's checks look at for a unit, as one SHA-256.

Rules: evidence of a unit are the cells that the reads of the gate select for it, and what every
check knows of a unit: its body, its level, the places above it; the order of rows changes nothing;
what no check of the gate looks at is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import numpy as np
import pandas as pd

from schemas.canonical import canonical, cells_digests, digest, evidence_digest
from schemas.facts import HOME_COLUMNS, UNIT_COLUMNS, Facts
from schemas.frames import DIGEST
from schemas.registers import REGISTERS
from schemas.rules.base import Reach, Read, merged
from schemas.selection import Cells, cells_of


def _plain(column: pd.Series) -> list[object]:
    """Cells as they are hashed: text, whole numbers, yes/no, days as ISO text, nothing as None."""
    if column.dtype.kind == "M":
        days = np.datetime_as_string(column.to_numpy(), unit="D").astype(object)
        days[column.isna().to_numpy()] = None
        return list(days)
    return list(column.astype(object).where(column.notna(), None))


def _hashed(facts: Facts, read: Read, rows: Iterable[int]) -> list[str] | Cells:
    """The digests of a register's rows in the columns of a read; they are there for `rows`."""
    register, frame = REGISTERS[read.register], facts.tables[read.register]
    # Rows that are read further may be at home in several places.
    near = read.reach is Reach.OWN
    if near and len(read.columns) == len(register.columns):
        return cells_of(facts, read.register, DIGEST)
    columns = read.columns if near else (*HOME_COLUMNS, *read.columns)
    known: list[str] = facts.once_of(read.register, ("hashed", columns), lambda: [""] * len(frame))
    wanted = sorted({row for row in rows if not known[row]})
    if wanted:
        chosen = frame[list(columns)].iloc[wanted]
        cells = zip(*(_plain(chosen[name]) for name in columns), strict=True)
        for row, made in zip(wanted, cells_digests(read.register, columns, cells), strict=True):
            known[row] = made
    return known


def rows_by_unit(facts: Facts, read: Read) -> dict[str, list[str]]:
    """Unit → the digests of the rows that a read makes evidence of it, in its columns."""
    rows = facts.selected(read)
    hashed = _hashed(facts, read, chain.from_iterable(rows.values()))
    return {unit: [hashed[row] for row in mine] for unit, mine in rows.items()}


def _marks(facts: Facts, register: str) -> list[str]:
    """What each row of a register says and where it is at home."""
    frame = facts.tables[register]
    cells = (frame[name].tolist() for name in (DIGEST, *HOME_COLUMNS))
    return [f"{digest} {home} {unit}" for digest, home, unit in zip(*cells, strict=True)]


def rows_seen(facts: Facts, read: Read) -> dict[str, tuple[str, ...]]:
    """Unit in scope → what the rows say that a read selects for it, in their order."""
    known: dict[str, tuple[str, ...]] = facts.once(("seen", read.selection), dict)
    if rest := {unit for unit in facts.units["unit"].tolist() if unit not in known}:
        marks = facts.once_of(read.register, "marks", lambda: _marks(facts, read.register))
        for unit, rows in facts.within(rest).selected(read).items():
            known[unit] = tuple([marks[row] for row in rows])
    return known


def unit_digests(facts: Facts) -> dict[str, list[str]]:
    """Unit → the digest of what every check knows of it, whatever registers it reads."""
    above = facts.relatives(Reach.ANCESTORS)
    found: dict[str, list[str]] = {}
    for cells in zip(*(facts.units[column].tolist() for column in UNIT_COLUMNS), strict=True):
        unit, place, *rest = (cell if isinstance(cell, str) else None for cell in cells)
        found[cells[0]] = [digest(canonical([unit, place, *rest, sorted(above[cells[1]])]))]
    return found


def places_digest(facts: Facts) -> str:
    """The digest of which place is below which, as every check sees it."""
    return facts.once("places", lambda: digest(canonical(facts.lineage.to_numpy().tolist())))


def evidence_of(
    facts: Facts, reads: Iterable[Read], waivers: Mapping[str, list[str]] | None = None
) -> dict[str, str]:
    """Unit → digest of the unit itself and of the cells that `reads` make evidence of it.

    `waivers` are the digests of the waivers in force for a unit: who signs has seen those too.
    """
    selections, waived = merged(reads), waivers or {}
    # What is evidence of a unit does not depend on which others are in scope.
    known: dict[tuple[str, ...], str] = facts.once(("evidence", *selections), dict)
    asked = {unit: (unit, *waived.get(unit, ())) for unit in facts.units["unit"].tolist()}
    if wanted := {unit for unit, one in asked.items() if one not in known}:
        rest = facts.within(wanted)
        found = [("units", unit_digests(rest))]
        found += [(read.form, rows_by_unit(rest, read)) for read in selections]
        for unit in rest.units["unit"].tolist():
            rows = [(name, digests[unit]) for name, digests in found]
            rows.append(("waivers", [*waived.get(unit, ())]))
            known[asked[unit]] = evidence_digest(unit, rows)
    return {unit: known[one] for unit, one in asked.items()}
