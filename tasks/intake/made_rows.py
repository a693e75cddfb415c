"""The rows of registers that a map makes of the rows of somebody's own sheet.

Rules: a cell under a heading is read as in any sheet, after the words that the map explains; an id
is made of the cells that its rule names, blanks and widths taken off and in small letters; of an
`each` whose cells are all empty there is no row, nor of a list of names without a name. What cannot
be taken is rejected at the cells that it would be made from. A birth date may come from an identity
number, which is checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from schemas.aliases import plain_name
from schemas.columns import ColumnSpec
from schemas.identity import birth_of
from schemas.text import Text
from schemas.vocabulary import Term
from tasks.intake import readings, reasons
from tasks.intake.cells import (
    YES_NO,
    Cell,
    CellReader,
    ErrorValue,
    Formula,
    Parsed,
    Read,
    Value,
    compared_text,
    cut_off,
    delivered_text,
    holds,
    is_empty,
    uncomputed,
)
from tasks.intake.characters import Problem, problem, usual_form
from tasks.intake.delivery import RowValues, broken_rules
from tasks.intake.identity import is_identity
from tasks.intake.lookups import LookUpOf
from tasks.intake.mapping import IN_RULE, Rows, Source
from tasks.intake.origins import Origin
from tasks.intake.own_sheets import Opened
from tasks.intake.readings import Reading
from tasks.intake.refusal import fixed, shown
from tasks.intake.totals import is_total

OF_SEVERAL = Text("其中“{name}”：{why}", "“{name}” in it: {why}")


@dataclass(frozen=True, slots=True)
class Made:
    """A row of a register: its values, where it comes from, how it was read, what is wrong."""

    row: RowValues
    origin: Origin
    readings: tuple[Reading, ...]
    problems: tuple[tuple[str, Problem], ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """What a source gives: a cell or a problem, from which positions, and how it came about.

    `piece` is what it was made of, where several stand in one cell.
    """

    cell: Cell | Problem
    at: tuple[int, ...] = ()
    how: Text | None = None
    piece: str = ""


def made_rows(opened: Opened, rows: Rows, look_up: LookUpOf) -> Iterator[Made]:
    """The rows that a sheet gives to a register."""
    maker = _Maker(opened, rows, look_up)
    for number in opened.own.rows:
        for group in rows.groups:
            yield from maker.of(number, group)


class _Maker:
    """Makes the rows of one register from the rows of one sheet."""

    def __init__(self, opened: Opened, rows: Rows, look_up: LookUpOf) -> None:
        self._opened = opened
        self._rows = rows
        self._look_up = look_up
        self._validate = TypeAdapter(rows.of.model).validate_python
        self._readers: dict[tuple[str, bool], Callable[[Cell], Parsed]] = {}

    def of(self, number: int, group: Mapping[str, Source]) -> Iterator[Made]:
        """The rows of the register that a row gives by one group of sources."""
        if self._rows.each and self._empty(number, group):
            return
        split = next((name for name, source in group.items() if source.split), None)
        given = {
            name: self._born(number, one)
            if name == "birth_date" and is_identity(one.heading or "")
            else self._given(number, one)
            for name, one in group.items()
            if name != split
        }
        pieces = self._pieces(number, group[split]) if split else [None]
        for piece in pieces:
            whole = {**given, **({split: piece} if split and piece else {})}
            yield self._made(number, whole)

    def _empty(self, number: int, group: Mapping[str, Source]) -> bool:
        """Whether all cells are empty of what stands in the group alone."""
        common = self._rows.columns.values()
        shared = {plain_name(one) for source in common for one in source.headings}
        used = [one for source in group.values() for one in source.headings]
        own = [one for one in used if plain_name(one) not in shared]
        return bool(own) and all(is_empty(self._opened.cell(number, one)) for one in own)

    # From cells

    def _given(self, number: int, source: Source) -> _Given:
        if source.value is not None:
            whole = type(source.value) is int
            return _Given(float(source.value) if whole else source.value)
        at = self._positions(source)
        cells = [self._opened.cell(number, one) for one in source.headings]
        if source.heading is not None:
            return _worded(source, cells[0], at)
        bad = next((why for why in map(_unusable, cells) if why), None)
        if bad:
            return _Given(bad, at)
        if source.id is not None:
            return self._by_rule(source, cells, at)
        return self._found(source, cells, at)

    def _born(self, number: int, source: Source) -> _Given:
        """The birth date that an identity number names."""
        (heading,), at = source.headings, self._positions(source)
        text = compared_text(self._opened.cell(number, heading))
        day = birth_of(text)
        wrong = problem(reasons.WRONG_IDENTITY) if text else ""
        return _Given(day.isoformat() if day else wrong, at, readings.FROM_IDENTITY)

    def _pieces(self, number: int, source: Source) -> list[_Given]:
        """What a list of names in one cell gives."""
        cells = [self._opened.cell(number, one) for one in source.headings]
        at = self._positions(source)
        bad = _unusable(cells[0])
        if bad:
            return [_Given(bad, at)]
        parts = re.split(f"[{re.escape(source.split)}]", delivered_text(cells[0]))
        names = [part.strip() for part in parts if part.strip()]
        found = [
            _worded(source, name, at)
            if source.heading is not None
            else self._found(source, [name, *cells[1:]], at)
            for name in names
        ]
        several = len(names) > 1
        return [
            replace(one, piece=name) if several else one
            for one, name in zip(found, names, strict=True)
        ]

    def _positions(self, source: Source) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._opened.at[one] for one in source.headings))

    def _by_rule(self, source: Source, cells: list[Cell], at: tuple[int, ...]) -> _Given:
        if any(map(is_empty, cells)):
            missing = "" if not holds(cells) else problem(reasons.EMPTY_REQUIRED)
            return _Given(missing, at)
        texts = iter([usual_form(delivered_text(cell), structured=True)[0] for cell in cells])
        made = IN_RULE.sub(lambda _: next(texts).casefold(), source.id or "")
        return _Given(made, at, readings.MAPPED_ID)

    def _found(self, source: Source, cells: list[Cell], at: tuple[int, ...]) -> _Given:
        if not holds(cells):
            return _Given("", at)
        said = source.meant.get(plain_name(" ".join(map(delivered_text, cells))))
        if said is not None:
            return _Given(said, at, readings.MAPPED_VALUE)
        found = self._look_up(source.target, tuple(source.by)).find(cells)
        return _Given(found, at, readings.FOUND)

    # To a row

    def _made(self, number: int, given: Mapping[str, _Given]) -> Made:
        specs = self._rows.of.columns
        own = self._opened.own
        origin = Origin(own, number, {name: one.at for name, one in given.items()})
        row: RowValues = {}
        notes: list[Reading] = []
        problems: list[tuple[str, Problem]] = []
        for spec in specs:
            one = given.get(spec.name, _Given(""))
            value = one.cell
            if not isinstance(value, Problem):
                typed = self._opened.typed or not one.at
                value = self._reader(spec, typed=typed)(value)  # type: ignore[assignment]
            if isinstance(value, Problem):
                problems.append((spec.name, _of_piece(one.piece, value)))
                continue
            how = [one.how] if one.how else []
            if isinstance(value, Read):
                how.append(value.how)
                value = value.value
            row[spec.name] = value  # type: ignore[assignment]
            notes += [self._reading(number, one, value, text) for text in how]  # type: ignore[arg-type]
        broken = self._opened.broken.get(number)
        total = next((i for i, cell in enumerate(own.rows[number]) if is_total(cell)), None)
        if broken is None and not problems:
            problems = broken_rules(self._validate, row)
        if broken is None and problems and total is not None:
            broken = (total, problem(reasons.TOTAL_ROW))
        if broken is not None:
            origin = replace(origin, at={**origin.at, "": (broken[0],)})
            problems = [("", broken[1])]
        plain = {name: one.value if isinstance(one, Term) else one for name, one in row.items()}
        return Made(plain, origin, tuple(notes), tuple(problems))

    def _reader(self, spec: ColumnSpec, *, typed: bool) -> Callable[[Cell], Parsed]:
        known = (spec.name, typed)
        if known not in self._readers:
            reader = CellReader(spec, typed=typed, since_1904=self._opened.since_1904)
            self._readers[known] = reader.read
        return self._readers[known]

    def _reading(self, number: int, given: _Given, value: Value, how: Text) -> Reading:
        own = self._opened.own
        cells = own.rows[number]
        held = [delivered_text(cells[one]) for one in given.at if one < len(cells)]
        read = value.label.render() if isinstance(value, Term) else value
        read = YES_NO[read].render() if isinstance(read, bool) else str(read or "")
        headings = " + ".join(own.headings[one] for one in given.at)
        return Reading(own.title, number, headings, " + ".join(held), read, how)


def _worded(source: Source, cell: Cell, at: tuple[int, ...]) -> _Given:
    """A cell, or what the map says that its word means."""
    if isinstance(cell, (Formula, ErrorValue)):
        return _Given(cell, at)
    said = source.meant.get(plain_name(delivered_text(cell)))
    return _Given(cell, at) if said is None else _Given(said, at, readings.MAPPED_VALUE)


def _of_piece(piece: str, why: Problem) -> Problem:
    """What is wrong with one of several in a cell."""
    if not piece:
        return why
    said = fixed(why.reason, **why.arguments)
    return problem(OF_SEVERAL, name=shown(piece), why=said)


def _unusable(cell: Cell) -> Problem | None:
    """Why nothing can be made of a cell."""
    if isinstance(cell, (Formula, ErrorValue)):
        return uncomputed(cell)
    return problem(reasons.NUMBER_IN_TEXT) if cut_off(cell) else None
