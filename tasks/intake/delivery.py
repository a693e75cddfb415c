"""What a file delivers for a register: accepted rows, rejected rows, and the count of both.

Rules: `delivered` counts the rows that hold anything; each is either among `rows` or has at least
one rejection. A row is taken cell by cell and then as a whole by its register's row model, so that
the two cannot disagree. Wholly empty rows and the template's own example are nobody's delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails

from schemas.columns import ColumnSpec, Row
from schemas.registers import REGISTERS, Register
from schemas.vocabulary import Term
from tasks.intake import reasons
from tasks.intake.cells import Cell, CellReader, Parsed, Value, delivered_text
from tasks.intake.characters import Problem, problem
from tasks.intake.examples import is_example, marked
from tasks.intake.headings import column_letter, columns_delivered, match_headings
from tasks.intake.raw import RawSheet, Source
from tasks.intake.refusal import Place, Rejection
from tasks.intake.totals import is_total

RowValues = dict[str, Value]
Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A register's part of what was delivered.

    `rows` have the columns of the row model in their order (a withdrawal: the key's), terms as
    plain codes; `row_numbers` stand beside them. `headings` are the columns' headings as delivered.
    `rejected_keys` are the keys of rejected rows, where they could be read, with the row's number.
    `digest` is the SHA-256 of the file.
    """

    register: str
    source: str
    sheet: str
    digest: str
    headings: Mapping[str, str]
    rows: Sequence[RowValues]
    row_numbers: Sequence[int]
    rejections: Sequence[Rejection]
    rejected_keys: Mapping[Key, int]
    delivered: int

    @property
    def accepted(self) -> int:
        """How many rows are accepted."""
        return len(self.rows)

    @property
    def rejected(self) -> int:
        """How many rows are rejected (a row may have several rejections)."""
        return len({rejection.row for rejection in self.rejections})

    def key(self, row: Mapping[str, Value]) -> Key:
        """The key of one of its rows."""
        return tuple(row[name] for name in REGISTERS[self.register].key)

    def rejection(
        self, row: Mapping[str, Value], number: int, columns: Sequence[str], found: Problem
    ) -> Rejection:
        """A rejection of one of its rows for what stands in `columns`."""
        return Rejection(
            register=self.register,
            sheet=self.sheet,
            row=number,
            column=" + ".join(self.headings[name] for name in columns),
            value=" + ".join(str(row[name]) for name in columns if row[name] is not None),
            reason=found.reason,
            arguments=found.arguments,
        )

    def without(self, rejections: Sequence[Rejection]) -> Delivery:
        """The same delivery with further rows rejected."""
        if not rejections:
            return self
        gone = {rejection.row for rejection in rejections}
        numbered = list(zip(self.row_numbers, self.rows, strict=True))
        kept = [(number, row) for number, row in numbered if number not in gone]
        keys = {self.key(row): number for number, row in numbered if number in gone}
        together = sorted([*self.rejections, *rejections], key=lambda rejection: rejection.row)
        return replace(
            self,
            rows=[row for _, row in kept],
            row_numbers=[number for number, _ in kept],
            rejections=together,
            rejected_keys={**keys, **self.rejected_keys},
        )


def key_text(key: Iterable[object]) -> str:
    """A key as one text: its values joined by `/`, dates as 2016-09-28."""
    return "/".join(
        value.date().isoformat() if isinstance(value, datetime) else str(value) for value in key
    )


def model_of(register: Register, *, keys_only: bool = False) -> type[Row]:
    """The row model, or the part of it that a withdrawal has."""
    if not keys_only:
        return register.model
    fields = register.model.model_fields
    chosen: dict[str, Any] = {
        spec.name: (fields[spec.name].rebuild_annotation(), ...)
        for spec in columns_delivered(register, keys_only=True)
    }
    return create_model(f"{register.model.__name__}Key", __base__=Row, **chosen)


def take(register: Register, raw: RawSheet, source: Source, *, keys_only: bool = False) -> Delivery:
    """Read a sheet's rows for a register.

    Raises:
        Refused: its headings are not the register's.
    """
    place = Place(source.name, raw.name if raw.typed else "")
    specs = columns_delivered(register, keys_only=keys_only)
    rows = iter(raw.rows)
    _, first = next(rows, (1, []))
    headings = match_headings(first, specs, place)
    taker = _Taker(register, raw, specs, headings, keys_only=keys_only)
    for number, cells in rows:
        if any(cell != "" for cell in cells):
            taker.take(number, cells)
    return Delivery(
        register=register.name,
        source=source.name,
        sheet=raw.name,
        digest=source.digest,
        headings={spec.name: headings[spec.name][1] for spec in specs},
        rows=taker.rows,
        row_numbers=taker.numbers,
        rejections=taker.rejections,
        rejected_keys=taker.rejected_keys,
        delivered=taker.delivered,
    )


class _Taker:
    """Takes the rows of one sheet, one after the other."""

    def __init__(
        self,
        register: Register,
        raw: RawSheet,
        specs: Sequence[ColumnSpec],
        headings: Mapping[str, tuple[int, str]],
        *,
        keys_only: bool,
    ) -> None:
        self.rows: list[RowValues] = []
        self.numbers: list[int] = []
        self.rejections: list[Rejection] = []
        self.rejected_keys: dict[Key, int] = {}
        self.delivered = 0
        self._register = register
        self._raw = raw
        self._headings = headings
        self._validate: Callable[..., Row] = TypeAdapter(
            model_of(register, keys_only=keys_only)
        ).validate_python
        self._plan: list[tuple[str, int, Callable[[Cell], Parsed]]] = [
            (spec.name, headings[spec.name][0], CellReader(spec, typed=raw.typed).read)
            for spec in specs
        ]
        self._terms = [spec.name for spec in specs if spec.terms]
        self._width = len(headings)
        self._example_at = headings[specs[0].name][0]

    def take(self, number: int, cells: list[Cell]) -> None:
        """Take one row that holds something."""
        while len(cells) > self._width and cells[-1] == "":
            cells.pop()
        mark = marked(cells, self._example_at)
        if mark and self._is_example(cells, mark):
            return
        self.delivered += 1
        if len(cells) != self._width and not self._fits(number, cells):
            return
        if mark:
            value = cells[self._example_at]
            self._reject(number, self._example_at, value, problem(reasons.EXAMPLE_ROW, mark=mark))
            return
        if is_total(cells[0]):
            self._reject(number, 0, cells[0], problem(reasons.TOTAL_ROW))
            return
        row, problems = self._read(cells)
        if not problems:
            problems = self._validated(row)
        if not problems:
            for name in self._terms:
                term = row[name]
                row[name] = term.value if isinstance(term, Term) else term
            self.rows.append(row)
            self.numbers.append(number)
            return
        for index, found in problems:
            self._reject(number, index, cells[index], found)
        bad = {index for index, _ in problems}
        if not any(self._headings[name][0] in bad for name in self._register.key):
            key = tuple(_plain(row[name]) for name in self._register.key)
            self.rejected_keys.setdefault(key, number)

    def _read(self, cells: list[Cell]) -> tuple[RowValues, list[tuple[int, Problem]]]:
        row: RowValues = {}
        problems: list[tuple[int, Problem]] = []
        for name, index, read in self._plan:
            value = read(cells[index])
            if type(value) is Problem:
                problems.append((index, value))
            else:
                row[name] = value  # type: ignore[assignment]
        return row, problems

    def _validated(self, row: RowValues) -> list[tuple[int, Problem]]:
        """What the row model finds wrong that the cells did not."""
        try:
            self._validate(row)
        except ValidationError as error:
            return [self._broken_rule(detail) for detail in error.errors(include_url=False)]
        return []

    def _broken_rule(self, detail: ErrorDetails) -> tuple[int, Problem]:
        name = str(detail["loc"][0]) if detail["loc"] else ""
        index = self._headings[name][0] if name in self._headings else self._example_at
        if detail["type"] == "string_too_long":
            limit = detail.get("ctx", {}).get("max_length")
            return index, problem(reasons.TOO_LONG, maximum=limit)
        return index, problem(reasons.RULE, rule=detail["msg"])

    def _fits(self, number: int, cells: list[Cell]) -> bool:
        """Fill up a workbook's short row; anything else that does not fit is rejected."""
        beyond = next((i for i, cell in enumerate(cells) if i >= self._width and cell != ""), None)
        if beyond is not None:
            found = problem(reasons.EXTRA_CELL, letter=column_letter(beyond))
            self._reject(number, None, cells[beyond], found)
            return False
        if not self._raw.typed:
            found = problem(reasons.SHORT_ROW, cells=len(cells), headings=self._width)
            self._reject(number, None, "", found)
            return False
        cells += [""] * (self._width - len(cells))
        return True

    def _is_example(self, cells: list[Cell], mark: str) -> bool:
        unmarked = list(cells)
        unmarked[self._example_at] = str(cells[self._example_at]).removeprefix(mark)
        if len(unmarked) < self._width and self._raw.typed:
            unmarked += [""] * (self._width - len(unmarked))
        if len(unmarked) != self._width:
            return False
        row, problems = self._read(unmarked)
        return not problems and is_example(self._register, row)

    def _reject(self, number: int, index: int | None, value: Cell, found: Problem) -> None:
        heading = next((text for at, text in self._headings.values() if at == index), "")
        self.rejections.append(
            Rejection(
                register=self._register.name,
                sheet=self._raw.name,
                row=number,
                column=heading,
                value=delivered_text(value),
                reason=found.reason,
                arguments=found.arguments,
            )
        )


def _plain(value: Value) -> Value:
    return value.value if isinstance(value, Term) else value
