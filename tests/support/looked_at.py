"""What a check looks at, worked out row by row as `docs/interface.md` says, for tests of evidence.

Rules: nothing of the code that selects rows for checks is used: rows are plain, one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from schemas.canonical import canonical, digest
from schemas.registers import REGISTERS
from schemas.rules.base import Among, NamedBy, Read

Row = Mapping[str, Any]
Home = tuple[str, str]  # jurisdiction, and the unit or ""


def _plain(value: object) -> object:
    return value.isoformat()[:10] if isinstance(value, date) else value


class LookedAt:
    """Rows per register, in any order, and which of them are evidence of a unit.

    `digests` are the row digests, in the order of the rows.
    """

    def __init__(
        self, rows: Mapping[str, Sequence[Row]], digests: Mapping[str, Sequence[str]]
    ) -> None:
        self.rows, self.digests = rows, digests
        self.places = {row["jurisdiction"]: row for row in rows["jurisdictions"]}
        self.units = {row["unit"]: row for row in rows["units"]}
        self.homes: dict[str, list[Home]] = {}
        by_key: dict[str, dict[object, Home]] = {}
        for name, register in REGISTERS.items():
            cells = [row[register.home] for row in rows.get(name, ())]
            if register.via:
                of = by_key[register.references[register.via]]
                self.homes[name] = [of[cell] for cell in cells]
            elif register.home == "unit":
                self.homes[name] = [(cell.partition("-")[0], cell) for cell in cells]
            else:
                self.homes[name] = [(cell, "") for cell in cells]
            keys = [row[register.key[0]] for row in rows.get(name, ())]
            by_key[name] = dict(zip(keys, self.homes[name], strict=True))
        self._near: dict[tuple[str, str], dict[str, list[int]]] = {}
        self._found: dict[tuple[str, str], list[int]] = {}

    def above(self, place: str) -> list[str]:
        """A jurisdiction and those above it."""
        parent = self.places[place]["parent"]
        return [place, *(self.above(parent) if parent else ())]

    def below(self, place: str) -> list[str]:
        """A jurisdiction and those below it."""
        return [one for one in self.places if place in self.above(one)]

    def _at(self, register: str, whole: str) -> dict[str, list[int]]:
        """Home → rows; the home of a unit's rows is the unit, unless `whole`."""
        if (register, whole) not in self._near:
            found: dict[str, list[int]] = {}
            for row, (place, unit) in enumerate(self.homes[register]):
                found.setdefault(place if whole or not unit else unit, []).append(row)
            self._near[register, whole] = found
        return self._near[register, whole]

    def positions(self, read: Read, unit: str) -> list[int]:
        """The rows that a read makes evidence of a unit."""
        asked = (read.form, unit)
        if asked not in self._found:
            self._found[asked] = self._positions(read, unit)
        return self._found[asked]

    def _positions(self, read: Read, unit: str) -> list[int]:
        place, body = self.units[unit]["jurisdiction"], self.units[unit]["body"]
        level = self.places[place]["level"]
        if (read.levels and level not in read.levels) or (read.bodies and body not in read.bodies):
            return []
        reach = read.reach.value
        homes = {
            "own": [unit, place],
            "place": [place],
            "ancestors": self.above(place),
            "subtree": self.below(place),
            "everywhere": list(self.places),
        }[reach]
        at = self._at(read.register, "" if reach == "own" else "whole")
        near = [row for home in homes for row in at.get(home, ())]
        for condition in read.rows:
            allowed = self._allowed(condition, unit)
            rows = self.rows[read.register]
            near = [row for row in near if rows[row][condition.column] in allowed]
        return near

    def _allowed(self, condition: Among | NamedBy, unit: str) -> set[object]:
        if isinstance(condition, Among):
            assert not condition.parameters
            return set(condition.values)
        return {
            self.rows[source.register][row][column]
            for source, column in condition.by
            for row in self.positions(source, unit)
        } - {None}

    def cells(self, read: Read, unit: str) -> list[str]:
        """The cells digests of a unit's rows, sorted."""
        register, own = REGISTERS[read.register], read.reach.value == "own"
        columns = sorted(read.columns)
        found = []
        for row in self.positions(read, unit):
            if own and len(columns) == len(register.columns):
                found.append(self.digests[read.register][row])
                continue
            cells = [_plain(self.rows[read.register][row][name]) for name in columns]
            homes = () if own else self.homes[read.register][row]
            named = [*(() if own else ("_home", "_unit")), *columns]
            found.append(
                digest(canonical(["termgate-cells-1", register.name, named, [*homes, *cells]]))
            )
        return sorted(found)

    def evidence(self, unit: str, reads: Iterable[Read], waivers: Sequence[str] = ()) -> str:
        """The evidence digest of a unit."""
        place = self.units[unit]["jurisdiction"]
        level, parent = self.places[place]["level"], self.places[place]["parent"]
        body, above = self.units[unit]["body"], sorted(self.above(place))
        parts = {"units": [digest(canonical([unit, place, body, level, parent, above]))]}
        columns: dict[str, set[str]] = {}
        selections: dict[str, Read] = {}
        for one in reads:
            columns.setdefault(one.form, set()).update(one.columns)
            selections[one.form] = one
        for form, one in selections.items():
            whole = Read(one.register, tuple(columns[form]), one.rows, one.reach,
                         one.levels, one.bodies)  # fmt: skip
            parts[form] = self.cells(whole, unit)
        parts["waivers"] = sorted(waivers)
        told = sorted([name, digests] for name, digests in parts.items() if digests)
        return digest(canonical(["termgate-evidence-2", unit, told]))
