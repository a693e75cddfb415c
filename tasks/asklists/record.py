"""The registers on record as rows, as an ask list looks things up in them.

Rules: a row has the columns of its register as plain values (None where a cell is empty); ids for
new rows follow the field's own form (`r-640302-07`) and are free.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count

import pandas as pd

from schemas.columns import ID_PATTERN, JURISDICTION_PATTERN, POST_PATTERN, UNIT_PATTERN
from schemas.facts import HOME_COLUMNS, Facts
from schemas.registers import REGISTERS, Register
from schemas.rules.base import Reach
from tasks.intake.cells import Value

Row = Mapping[str, Value]


def has_own_id(register: Register) -> bool:
    """Whether a register's rows have ids that nobody else gives."""
    key = register.key[0]
    single = len(register.key) == 1 and key not in register.references
    return single and register.column[key].pattern == ID_PATTERN


# Registers with an id of their own, by the column that is their key.
BY_ID = {one.key[0]: name for name, one in REGISTERS.items() if has_own_id(one)}
_FORMS = (
    ("unit", UNIT_PATTERN),
    ("post", POST_PATTERN),
    ("jurisdiction", JURISDICTION_PATTERN),
)


def _plain(value: object) -> Value:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, bool | int | str):
        return value
    return bool(value) if str(value) in ("True", "False") else int(str(value))


def _rows(register: str, frame: pd.DataFrame) -> Iterator[Row]:
    columns = [spec.name for spec in REGISTERS[register].columns]
    for cells in frame[columns].itertuples(index=False, name=None):
        yield dict(zip(columns, map(_plain, cells), strict=True))


class Record:
    """What is on record in the whole cycle."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._given: dict[Hashable, str] = {}
        self.keys = cache(self._keys)
        self.row = cache(self._row)

    def rows(self, register: str, where: Mapping[str, Collection[Value]]) -> Iterator[Row]:
        """The rows whose cells are among the values that `where` gives by column."""
        frame: pd.DataFrame = self._facts.tables[register]
        for column, values in where.items():
            if values == (None,):
                frame = frame[frame[column].isna()]
            else:
                frame = frame[frame[column].isin(list(values))]
        yield from _rows(register, frame)

    def at(self, register: str, positions: Sequence[int]) -> Iterator[Row]:
        """The rows that stand at these positions of the register's frame."""
        yield from _rows(register, self._facts.tables[register].iloc[list(positions)])

    def _keys(self, register: str) -> frozenset[str]:
        return frozenset(self._facts.tables[register][REGISTERS[register].key[0]].tolist())

    def _row(self, register: str, key: str) -> Row | None:
        """The row with a key of one column."""
        where = {REGISTERS[register].key[0]: (key,)}
        return next(self.rows(register, where), None) if key in self.keys(register) else None

    def column_of(self, text: str) -> str:
        """The column whose value a part of a subject is: a code, or an id on record; else ''."""
        for column, pattern in _FORMS:
            if re.fullmatch(pattern, text):
                return column
        return next((column for column, name in BY_ID.items() if text in self.keys(name)), "")

    def place_of(self, register: str, row: Row) -> str:
        """The jurisdiction at which a row is at home."""
        column = REGISTERS[register].home
        value = str(row[column])
        if column == "unit":
            return value.partition("-")[0]
        if column == "jurisdiction":
            return value
        target = REGISTERS[register].references[column]
        found = self.row(target, value)
        return self.place_of(target, found) if found else ""

    def above(self, place: str) -> tuple[str, ...]:
        """A jurisdiction and those above it."""
        return self._facts.relatives(Reach.ANCESTORS).get(place, (place,))

    def homes(self, register: str, places: Collection[str]) -> Iterator[Row]:
        """The rows of a register that are at home in one of `places`."""
        return self.rows(register, {HOME_COLUMNS[0]: tuple(places)})

    def free_id(self, register: str, place: str, about: Hashable) -> str:
        """An id for a new row, free on record; the same for whatever is `about` the same."""
        asked = (register, place, about)
        if asked not in self._given:
            spec = REGISTERS[register].column[REGISTERS[register].key[0]]
            stem, _, digits = str(spec.column.example).rpartition("-")
            start = f"{stem.partition('-')[0]}-{place}-"
            taken = {*self.keys(register), *self._given.values()}
            numbers = (f"{start}{number:0{len(digits)}d}" for number in count(1))
            self._given[asked] = next(made for made in numbers if made not in taken)
        return self._given[asked]
