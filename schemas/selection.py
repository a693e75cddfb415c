"""Which rows of a register a read makes evidence of which unit.

Rules: a row is evidence of a unit where the reach of the read says so and every condition on it
holds; rows that other rows name are named by what those are for the same unit, so that nothing of
one unit's evidence depends on which other units are looked at. A check is given the rows that are
selected here, and the same rows are hashed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from schemas.registers import REGISTERS
from schemas.rules.base import Among, NamedBy, Reach, Read

if TYPE_CHECKING:
    from schemas.facts import Facts

Found = TypeVar("Found")

Positions = list[int]  # of rows in a register's frame, ascending
Cells = np.ndarray[Any, np.dtype[np.object_]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Conditions = tuple[Among | NamedBy, ...]
Reached = Callable[[str, str, str, str], tuple[str, ...]]  # by unit, jurisdiction, level, body

_OWN = "_own"  # a row's unit, else its jurisdiction


def _for_all(read: Read) -> Conditions:
    """The conditions that hold or not, whichever the unit."""
    return tuple(one for one in read.rows if isinstance(one, Among) or _follows_its_home(read, one))


def _follows_its_home(read: Read, condition: NamedBy) -> bool:
    """Whether a row is named by the row that gives it its home: then it is for the same units."""
    register = REGISTERS[read.register]
    if register.via != condition.column or len(condition.by) != 1:
        return False
    [(source, column)] = condition.by
    home = REGISTERS[register.references[register.via]]
    return (
        (source.register, (column,), source.reach) == (home.name, home.key, read.reach)
        and not (source.levels or source.bodies)
        and _for_all(source) == source.rows
    )


def _holds(facts: Facts, register: str, condition: Among | NamedBy) -> Mask:
    column = facts.tables[register][condition.column]
    if isinstance(condition, NamedBy):
        [(source, named)] = condition.by
        names = facts.tables[source.register][named]
        named_rows = names[_mask(facts, source.register, source.rows)]
        return np.asarray(column.isin(named_rows), dtype=bool)
    if condition.parameters:
        raise ValueError(f"{register}.{condition.column}: a policy pack says which values")
    return np.asarray(column.isin(list(condition.values)), dtype=bool)


def _known(
    facts: Facts,
    register: str,
    conditions: Conditions,
    asked: Hashable,
    answer: Callable[[], Found],
) -> Found:
    """What follows from a register, and from others where they name the rows that are meant."""
    if any(isinstance(one, NamedBy) for one in conditions):
        return facts.once((register, asked), answer)
    return facts.once_of(register, asked, answer)


def _mask(facts: Facts, register: str, conditions: Conditions) -> Mask:
    """The rows for which all conditions hold, whichever the unit."""

    def made() -> Mask:
        mask = np.ones(len(facts.tables[register]), dtype=bool)
        for condition in conditions:
            mask &= _holds(facts, register, condition)
        return mask

    return _known(facts, register, conditions, ("mask", conditions), made)


def cells_of(facts: Facts, register: str, column: str) -> Cells:
    """The cells of a column of a register, or of `_own`: the unit of each row, else its place."""

    def made() -> Cells:
        if column != _OWN:
            found = facts.tables[register][column]
            # Text is kept as Python's own: nothing is copied cell by cell.
            text = found.dtype == "str"
            return np.asarray(found.array if text else found.tolist(), dtype=object)
        unit, home = (cells_of(facts, register, one) for one in ("_unit", "_home"))
        return np.where(unit == "", home, unit)

    return facts.once_of(register, ("cells", column), made)


def _grouped(
    facts: Facts, register: str, conditions: Conditions, column: str
) -> dict[str, Positions]:
    """Cell of a column → the rows with it for which all conditions hold, whichever the unit."""

    def made() -> dict[str, Positions]:
        cells = cells_of(facts, register, column)
        rows = np.flatnonzero(_mask(facts, register, conditions))
        codes, names = pd.factorize(cells[rows])
        order = np.argsort(codes, kind="stable")
        # Empty cells have the code -1, and stand first.
        counts = np.bincount(codes + 1, minlength=len(names) + 1)
        parts = np.split(rows[order], np.cumsum(counts)[:-1])[1:]
        return {name: part.tolist() for name, part in zip(names.tolist(), parts, strict=True)}

    return _known(facts, register, conditions, ("grouped", conditions, column), made)


def _reached(facts: Facts, read: Read) -> Reached:
    """At which homes rows are for a unit; none for a unit that the read is not for."""
    wide = read.reach in (Reach.ANCESTORS, Reach.SUBTREE, Reach.EVERYWHERE)
    relatives = facts.relatives(read.reach) if wide else {}

    def homes(unit: str, place: str, level: str, body: str) -> tuple[str, ...]:
        if (read.levels and level not in read.levels) or (read.bodies and body not in read.bodies):
            return ()
        if wide:
            return relatives[place]
        return (unit, place) if read.reach is Reach.OWN else (place,)

    return homes


def _names(facts: Facts, condition: NamedBy) -> dict[str, set[str]]:
    """Unit in scope → what the sources of a condition name for it."""
    found: dict[str, set[str]] = {unit: set() for unit in facts.units["unit"].tolist()}
    for source, column in condition.by:
        cells = cells_of(facts, source.register, column)
        for unit, rows in facts.selected(source).items():
            found[unit].update(cells[row] for row in rows if isinstance(cells[row], str))
    return found


def selected(facts: Facts, read: Read) -> dict[str, Positions]:
    """Unit in scope → the rows of the register's frame that `read` makes evidence of it.

    Raises:
        ValueError: a condition leaves its values to a policy pack.
    """
    register, always = read.register, _for_all(read)
    column = _OWN if read.reach is Reach.OWN else "_home"
    reached = _reached(facts, read)
    about = ("unit", "jurisdiction", "level", "body")
    units = list(zip(*(facts.units[name].tolist() for name in about), strict=True))
    each = [one for one in read.rows if isinstance(one, NamedBy) and one not in always]
    if not each:
        grouped = _grouped(facts, register, always, column)
        return {
            unit[0]: sorted(row for home in reached(*unit) for row in grouped.get(home, ()))
            for unit in units
        }
    homes = cells_of(facts, register, column)
    named = [(one.column, _names(facts, one)) for one in each]
    index = _grouped(facts, register, always, named[0][0])
    found: dict[str, Positions] = {}
    for unit in units:
        near = set(reached(*unit))
        rows = [row for name in named[0][1][unit[0]] if near for row in index.get(name, ())]
        rows = sorted(row for row in rows if homes[row] in near)
        for other, names in named[1:]:
            cells = cells_of(facts, register, other)
            rows = [row for row in rows if cells[row] in names[unit[0]]]
        found[unit[0]] = rows
    return found
