"""Taking the rows of a sheet for a register: cell by cell, then each row as a whole.

Rules: a row is taken cell by cell and then as a whole by its register's row model, so that the two
cannot disagree. Wholly empty rows and the template's own example are nobody's delivery; neither are
titles, headings that stand once more, notes below the table and rows without anything of ours, and
these are among the readings, as is every cell that was read although it is not in its plain
form. Merged cells say "the same below" in a column of the key alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice

from pydantic import TypeAdapter

from schemas.columns import ColumnSpec, Row
from schemas.registers import Register
from schemas.text import Text
from schemas.vocabulary import Term
from tasks.intake import readings, reasons
from tasks.intake.asked import AskColumns
from tasks.intake.cells import (
    YES_NO,
    Cell,
    CellReader,
    Parsed,
    Read,
    Value,
    delivered_text,
    holds,
    is_empty,
)
from tasks.intake.characters import Problem, problem
from tasks.intake.delivery import Delivery, Key, RowValues, broken_rules, model_of
from tasks.intake.examples import is_example, marked
from tasks.intake.headings import SEARCHED_ROWS, Headings, columns_delivered, filled, find_headings
from tasks.intake.identity import IdentityColumn
from tasks.intake.raw import Block, RawSheet, Source, column_letter, with_next
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Rejection
from tasks.intake.totals import is_total, joined, none_of_ours


def take(register: Register, raw: RawSheet, source: Source, *, keys_only: bool = False) -> Delivery:
    """Read a sheet's rows for a register.

    Raises:
        Refused: its headings are not the register's.
    """
    place = Place(source.name, raw.name if raw.typed else "")
    specs = columns_delivered(register, keys_only=keys_only)
    rows = (row for row in raw.rows if holds(row[1]))
    first = list(islice(rows, SEARCHED_ROWS))
    headings = find_headings(filled(first, raw.merged), specs, place)
    taker = _Taker(register, raw, specs, headings, keys_only=keys_only)
    taker.readings += [
        Reading(raw.name, number, "", joined(cells), "", readings.TITLE_ROW)
        for number, cells in first
        if number < headings.row
    ]
    below = chain(((number, cells) for number, cells in first if number > headings.row), rows)
    taker.take_all(below)
    return Delivery(
        register=register.name,
        source=source.name,
        sheet=raw.name,
        digest=source.digest,
        headings={spec.name: headings.columns[spec.name][1] for spec in specs},
        rows=taker.rows,
        row_numbers=taker.numbers,
        rejections=taker.rejections,
        rejected_keys=taker.rejected_keys,
        delivered=taker.delivered,
        readings=taker.readings,
        head=headings.cells,
        cells=taker.cells,
        places={spec.name: headings.columns[spec.name][0] for spec in specs},
        asked=taker.asked,
        withdrawn=taker.withdrawn,
        unfilled=taker.unfilled,
        names=taker.names,
    )


class _Taker:
    """Takes the rows of one sheet, one after the other."""

    def __init__(
        self,
        register: Register,
        raw: RawSheet,
        specs: Sequence[ColumnSpec],
        headings: Headings,
        *,
        keys_only: bool,
    ) -> None:
        self.rows: list[RowValues] = []
        self.numbers: list[int] = []
        self.rejections: list[Rejection] = []
        self.rejected_keys: dict[Key, int] = {}
        self.delivered = 0
        self.readings: list[Reading] = [*raw.readings, *headings.readings(raw.name)]
        self.cells: dict[int, Sequence[Cell]] = {}
        self.asked: dict[int, str] = {}
        self.withdrawn: dict[int, RowValues] = {}
        self.unfilled: dict[int, RowValues] = {}
        self.names: dict[int, Mapping[str, str]] = {}
        self._register = register
        self._raw = raw
        self._headings = headings
        columns = headings.columns
        self._validate: Callable[..., Row] = TypeAdapter(
            model_of(register, keys_only=keys_only)
        ).validate_python
        self._plan: list[tuple[str, int, Callable[[Cell], Parsed]]] = [
            (
                spec.name,
                columns[spec.name][0],
                CellReader(spec, typed=raw.typed, since_1904=raw.since_1904).read,
            )
            for spec in specs
        ]
        texts = [delivered_text(cell) for cell in headings.cells]
        ask = AskColumns(texts, specs, typed=raw.typed)
        self._ask = ask if ask.any else None
        self._identity = IdentityColumn(raw.name, texts, columns)
        self._terms = [spec.name for spec in specs if spec.terms]
        self._width = headings.width
        self._blank = sorted(
            set(range(self._width))
            - {index for index, _ in columns.values()}
            - set(headings.left_out)
        )
        self._example_at = columns[specs[0].name][0]
        self._keys = {columns[name][0] for name in register.key}
        self._ours = {index for index, _ in columns.values()}
        self._merged = self._merged_rows(raw.merged)
        self._tops: dict[Block, Cell] = {}
        self._hidden: list[int] = []
        self._marked = bool(raw.hidden or self._merged)

    def _merged_rows(self, merged: Iterable[Block]) -> dict[int, list[Block]]:
        """Row below the headings → the merged cells in it that a column of ours has part in."""
        found: dict[int, list[Block]] = {}
        for block in merged:
            if self._ours & set(range(block.left - 1, block.right)):
                for number in range(max(block.top, self._headings.row + 1), block.bottom + 1):
                    found.setdefault(number, []).append(block)
        return found

    def take_all(self, rows: Iterable[tuple[int, list[Cell]]]) -> None:
        """Take the rows below the headings, each of which holds something."""
        if self._raw.typed:
            for number, cells in rows:
                self._take(number, cells)
        else:
            broken, width = False, self._width
            for (number, cells), following in with_next(rows):
                if len(cells) < width:
                    broken = self._short(number, cells, following, broken=broken)
                else:
                    broken = False
                    self._take(number, cells)
        if self._hidden:
            count = str(len(self._hidden))
            self.readings.append(
                Reading(self._raw.name, self._hidden[0], "", count, count, readings.HIDDEN_ROWS)
            )

    def _short(
        self, number: int, cells: list[Cell], following: Sequence[Cell], *, broken: bool
    ) -> bool:
        """Take a short row of text; whether it and the next look like one row broken in two."""
        breaks = len(cells) + len(following) == self._width + 1
        if broken or breaks:
            self.delivered += 1
            self.cells[number] = cells
            found = problem(reasons.BROKEN_ROW, cells=len(cells))
            self._reject(number, None, cells[0], found)
        else:
            self._take(number, cells)
        return breaks

    def _take(self, number: int, cells: list[Cell]) -> None:
        """Take one row that holds something."""
        while len(cells) > self._width and is_empty(cells[-1]):
            cells.pop()
        if self._marked:
            self._notice(number, cells)
        mark = marked(cells, self._example_at)
        if mark and self._is_example(cells, mark):
            return
        self.delivered += 1
        self.cells[number] = cells
        notes: list[Reading] = []
        if len(cells) != self._width and not self._fits(number, cells, notes):
            return
        if mark:
            value = cells[self._example_at]
            self._reject(number, self._example_at, value, problem(reasons.EXAMPLE_ROW, mark=mark))
            return
        if self._blank and not self._without_stray(number, cells):
            return
        if self._merged and number in self._merged and not self._unmerged(number, cells, notes):
            return
        goes = self._of_ask_list(self._ask, number, cells) if self._ask else False
        if goes is None:
            return
        row, problems = self._read(number, cells, notes, keys_only=goes is True)
        if not problems and goes is not True:
            problems = self._validated(row)
        if problems:
            self._problems(number, cells, row, problems)
            return
        if goes is True:
            self.delivered -= 1
            self.withdrawn[number] = _plainly(row)
            return
        for name in self._terms:
            term = row[name]
            row[name] = term.value if isinstance(term, Term) else term
        self.rows.append(row)
        self.numbers.append(number)
        self.readings += notes

    def _of_ask_list(self, ask: AskColumns, number: int, cells: Sequence[Cell]) -> bool | None:
        """Whether a row of an ask list is to be withdrawn; None where that is all of it."""
        if ask.unfilled(cells):
            self._leave_out(number, "", readings.UNFILLED)
            # It is still a row of the sheet, to be filled in later.
            self.cells[number] = cells
            key, problems = self._read(number, cells, [], keys_only=True)
            if not problems:
                self.unfilled[number] = _plainly(key)
            return None
        goes = ask.goes(cells)
        if isinstance(goes, Problem):
            self._reject(number, ask.withdraw_at, cells[ask.withdraw_at], goes)
            return None
        self.names[number] = ask.names(cells)
        as_of = ask.as_of(cells)
        if as_of is not None:
            self.asked[number] = as_of
        return goes is True or (isinstance(goes, Read) and goes.value is True)

    def _leave_out(self, number: int, held: str, why: Text) -> None:
        """Count a row as nobody's delivery, and note why."""
        self.delivered -= 1
        del self.cells[number]
        self.readings.append(Reading(self._raw.name, number, "", held, "", why))

    def _notice(self, number: int, cells: Sequence[Cell]) -> None:
        """Keep that a row is hidden, and what stands at the top of merged cells."""
        if number in self._raw.hidden:
            self._hidden.append(number)
        for block in self._merged.get(number, ()):
            if number == block.top and block.left <= len(cells):
                self._tops[block] = cells[block.left - 1]

    def _fits(self, number: int, cells: list[Cell], notes: list[Reading]) -> bool:
        """Fill up a short row; a row with something beyond the headings is rejected."""
        if len(cells) > self._width:
            beyond = next(i for i in range(self._width, len(cells)) if not is_empty(cells[i]))
            why = reasons.BLANK_HEADING if self._raw.typed else reasons.EXTRA_CELL
            found = problem(why, letter=column_letter(beyond))
            self._reject(number, beyond, cells[beyond], found)
            return False
        if not self._raw.typed:
            left_off = str(self._width - len(cells))
            notes.append(Reading(self._raw.name, number, "", "", left_off, readings.SHORT_ROW))
        cells += [""] * (self._width - len(cells))
        return True

    def _problems(
        self, number: int, cells: list[Cell], row: RowValues, problems: list[tuple[int, Problem]]
    ) -> None:
        """Reject a row, unless it is none of the table's."""
        why = none_of_ours(cells, self._ours, self._headings.cells)
        if why:
            self._leave_out(number, joined(cells), why)
            return
        total = next((i for i, cell in enumerate(cells) if is_total(cell)), None)
        if total is not None:
            self._reject(number, total, cells[total], problem(reasons.TOTAL_ROW))
            return
        for index, found in problems:
            self._reject(number, index, cells[index], found)
        bad = {index for index, _ in problems}
        if not bad & self._keys:
            key = tuple(_plain(row[name]) for name in self._register.key)
            self.rejected_keys.setdefault(key, number)

    def _without_stray(self, number: int, cells: Sequence[Cell]) -> bool:
        """Whether nothing stands in a column without heading; else the row is rejected."""
        stray = next((index for index in self._blank if not is_empty(cells[index])), None)
        if stray is not None:
            found = problem(reasons.BLANK_HEADING, letter=column_letter(stray))
            self._reject(number, stray, cells[stray], found)
        return stray is None

    def _unmerged(self, number: int, cells: list[Cell], notes: list[Reading]) -> bool:
        """Fill in what merged cells of a key plainly mean; whether nothing else is merged."""
        for block in self._merged[number]:
            index = block.left - 1
            same_below = block.left == block.right and index in self._keys and len(self._keys) > 1
            if not same_below or is_empty(self._tops.get(block, "")):
                found = problem(reasons.MERGED_CELLS, range=block.name)
                self._reject(number, index, cells[index] if index < len(cells) else "", found)
                return False
            if number > block.top:
                cells[index] = self._tops[block]
                notes.append(
                    Reading(
                        self._raw.name,
                        number,
                        self._heading(index),
                        "",
                        delivered_text(cells[index]),
                        readings.MERGED_BELOW,
                    )
                )
        return True

    def _read(
        self,
        number: int,
        cells: Sequence[Cell],
        notes: list[Reading],
        *,
        keys_only: bool = False,
    ) -> tuple[RowValues, list[tuple[int, Problem]]]:
        row: RowValues = {}
        problems: list[tuple[int, Problem]] = []
        for name, index, read in self._plan:
            if keys_only and index not in self._keys:
                continue
            value = read(cells[index])
            kind = type(value)
            if kind is Problem:
                problems.append((index, value))  # type: ignore[arg-type]
            elif kind is Read:
                row[name] = value.value  # type: ignore[union-attr]
                notes.append(self._reading(number, index, cells[index], value))  # type: ignore[arg-type]
            else:
                row[name] = value  # type: ignore[assignment]
        if self._identity.at is not None and not keys_only:
            return self._identity.judged(number, cells, row, problems, notes)
        return row, problems

    def _reading(self, number: int, index: int, cell: Cell, found: Read) -> Reading:
        value = found.value.label.render() if isinstance(found.value, Term) else found.value
        shown = YES_NO[value].render() if isinstance(value, bool) else str(value or "")
        heading = self._heading(index)
        return Reading(self._raw.name, number, heading, delivered_text(cell), shown, found.how)

    def _heading(self, index: int) -> str:
        cells = self._headings.cells
        return delivered_text(cells[index]) if index < len(cells) else ""

    def _validated(self, row: RowValues) -> list[tuple[int, Problem]]:
        """What the row model finds wrong that the cells did not, and where."""
        columns = self._headings.columns
        return [
            (columns[name][0] if name in columns else self._example_at, found)
            for name, found in broken_rules(self._validate, row)
        ]

    def _is_example(self, cells: list[Cell], mark: str) -> bool:
        unmarked = list(cells)
        unmarked[self._example_at] = str(cells[self._example_at]).removeprefix(mark)
        if len(unmarked) < self._width and self._raw.typed:
            unmarked += [""] * (self._width - len(unmarked))
        if len(unmarked) != self._width:
            return False
        row, problems = self._read(0, unmarked, [])
        return not problems and is_example(self._register, row)

    def _reject(self, number: int, index: int | None, value: Cell, found: Problem) -> None:
        self.rejections.append(
            Rejection(
                register=self._register.name,
                sheet=self._raw.name,
                row=number,
                column="" if index is None else self._heading(index),
                value=delivered_text(value),
                reason=found.reason,
                arguments=found.arguments,
                at=() if index is None else (index,),
            )
        )


def _plainly(row: RowValues) -> RowValues:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Value) -> Value:
    return value.value if isinstance(value, Term) else value
