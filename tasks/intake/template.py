"""Workbooks to fill in: headings with notes, drop-downs, formats, an example row, wanted cells.

Rules: what is written can be filled in and read back; codes stay text (`@`), nothing turns into a
formula, a link or a number; the same call gives the same bytes. The index is nobody's delivery.
What is wanted is coloured and has a note; names that stand beside ids are grey.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS, Register
from schemas.text import Language, Text, comma_separated
from schemas.vocabulary import STAGES, Stage
from tasks.intake.asked import AS_OF, SEPARATOR, WANTED, WITHDRAW, name_heading
from tasks.intake.cells import YES_NO, Value
from tasks.intake.days import FIRST_YEAR, LAST_YEAR
from tasks.intake.examples import MARK, example_row
from tasks.intake.headings import INDEX_SHEET, LISTS_SHEET, find_register
from tasks.intake.raw import column_letter
from tasks.intake.refusal import fixed

# Rows for which drop-downs and rules are laid out.
FORMATTED_ROWS = 10_000
_LONGEST_NOTE = 2_000
CREATED = datetime(2016, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone
# Text stays text, and nothing is written beside the file.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_REQUIRED = Text("必填", "required")
_OPTIONAL = Text("可以为空", "may be empty")
_MEASURE = Text("单位：{measure}", "unit of measure: {measure}")
_REFERS = Text("须在“{register}”中已有", "must exist in “{register}”")
_CHOOSE = Text("请从下拉列表中选择", "choose from the list")
_DATE = Text("应为日期，如 2016-09-28", "a date such as 2016-09-28")
_WHOLE = Text("应为{low}到{high}之间的整数", "a whole number between {low} and {high}")

_INDEX = (
    Text("工作表", "sheet"),
    Text("哪些环节需要", "needed by"),
    Text("由谁提供", "supplied by"),
    Text("何时必填", "when"),
)
_BEGINNING = Text("开始换届时必须有", "needed to open a cycle")
# Without these no cycle can be opened, or nobody can deliver anything to it.
BEGINNING = ("jurisdictions", "units", "officers")

Rows = Mapping[str, Iterable[Mapping[str, Value]]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is laid out: its cells, and what stands beside and upon them.

    `names` stand beside the ids of some columns; `wanted` are the columns to fill in, each with its
    note; `choices` the ids to choose from; `withdraw` the note on the cell that withdraws the row,
    where it may have to go; `as_of` the state of the row on record, nothing where it has none, None
    where the record was not looked at.
    """

    cells: Mapping[str, Value]
    names: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withdraw: str = ""
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """What stands in front of a workbook: a table with a line for each sheet, the sheet first."""

    headings: Sequence[Text]
    lines: Sequence[tuple[Register, Sequence[str | int]]]


def write_template(path: Path, lang: Language, registers: Sequence[str] | None = None) -> None:
    """Write an empty workbook with a sheet and an example row per register (default: all).

    Raises:
        Refused: there is no such register.
    """
    chosen = [find_register(name).name for name in registers or REGISTERS]
    rows: Rows = dict.fromkeys(chosen, ())
    path.write_bytes(workbook_bytes(rows, lang, example=True, index=not registers))


def needed_by() -> dict[str, list[Stage]]:
    """Register → the stages whose checks look at it, in their order."""
    from schemas.rules.catalogue import RULES

    found: dict[str, set[Stage]] = {name: set() for name in REGISTERS}
    for rule in RULES.values():
        for read in rule.reads:
            found[read.register].add(rule.stage)
    return {name: [stage for stage in STAGES if stage in stages] for name, stages in found.items()}


def workbook_bytes(
    rows: Rows, lang: Language, *, example: bool = False, index: bool = False
) -> bytes:
    """A workbook with a sheet for each register of `rows`, laid out for filling in.

    With an `index`, a sheet before them says which stage needs which, and who supplies it.
    """
    front = _index_of([REGISTERS[name] for name in rows], lang) if index else None
    lines = {name: [Line(row) for row in table] for name, table in rows.items()}
    return sheets_bytes(lines, lang, index=front, example=example)


def sheets_bytes(
    sheets: Mapping[str, Sequence[Line]],
    lang: Language,
    *,
    index: Index | None = None,
    example: bool = False,
) -> bytes:
    """A workbook with a sheet for each register of `sheets`, and an index before them."""
    buffer = io.BytesIO()
    book = _Book(xlsxwriter.Workbook(buffer, OPTIONS), lang)
    if index:
        book.write_index(index)
    for name, lines in sheets.items():
        book.write(REGISTERS[name], lines, example=example)
    book.close()
    return buffer.getvalue()


def _index_of(registers: Sequence[Register], lang: Language) -> Index:
    """Which stage needs which sheet, those that are needed first above the others."""
    stages = needed_by()
    order = sorted(
        registers,
        key=lambda one: (
            one.name not in BEGINNING,
            STAGES.index(stages[one.name][0]) if stages[one.name] else len(STAGES),
        ),
    )
    return Index(
        _INDEX,
        [
            (
                one,
                (
                    comma_separated(stage.label for stage in stages[one.name]).render(lang=lang),
                    one.provider.label.render(lang=lang),
                    _BEGINNING.render(lang=lang) if one.name in BEGINNING else "",
                ),
            )
            for one in order
        ],
    )


def note(spec: ColumnSpec, lang: Language) -> str:
    """What the note on a heading says: help, unit of measure, whether it may be empty, where to."""
    column = spec.column
    parts = [column.help, _OPTIONAL if spec.nullable else _REQUIRED]
    if column.measure:
        parts.append(fixed(_MEASURE, measure=column.measure))
    if column.references:
        parts.append(fixed(_REFERS, register=REGISTERS[column.references].title))
    mark = "；" if lang == "zh" else "; "
    return mark.join(part.render(lang=lang) for part in parts)


class _Book:
    """A workbook being written in one language."""

    def __init__(self, book: Any, lang: Language) -> None:
        self._book = book
        self._lang: Language = lang
        self._lists: dict[tuple[str, ...], str] = {}
        book.set_properties({"title": "Termgate", "created": CREATED})
        self._heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EAF1E4"})
        formats = {str: "@", int: "0", date: "yyyy-mm-dd"}
        self._formats = {kind: book.add_format({"num_format": f}) for kind, f in formats.items()}
        self._grey = {
            kind: book.add_format({"num_format": f, "italic": True, "font_color": "#808080"})
            for kind, f in formats.items()
        }
        self._wanted = {
            kind: book.add_format({"num_format": f, "bg_color": "#FFF2CC", "border": 1})
            for kind, f in formats.items()
        }

    def write(self, register: Register, lines: Sequence[Line], *, example: bool) -> None:
        """Write one register's sheet: its columns, names beside ids, and what is asked for."""
        sheet = self._book.add_worksheet(register.title.render(lang=self._lang))
        sheet.freeze_panes(1, 0)
        named = {name for line in lines for name in line.names}
        at: dict[str, int] = {}
        beside: dict[str, int] = {}
        for spec in register.columns:
            at[spec.name] = index = len(at) + len(beside)
            self._head(sheet, index, spec.column.label, _storage(spec))
            sheet.write_comment(0, index, note(spec, self._lang), {"author": "Termgate"})
            self._restrict(sheet, index, spec)
            if spec.name in named:
                beside[spec.name] = index + 1
                self._head(sheet, index + 1, name_heading(spec.column.label), str)
        first = 1
        if example:
            self._row(sheet, first, register, example_row(register), at, example=True)
            first += 1
        for number, line in enumerate(lines, start=first):
            self._row(sheet, number, register, line.cells, at, example=False)
            for name, text in line.names.items():
                if text:
                    sheet.write_string(number, beside[name], text, self._grey[str])
            for name, why in line.wanted.items():
                self._note(sheet, number, at[name], why)
                self._want(sheet, number, at[name], register.column[name], line)
        if any(line.wanted or line.withdraw for line in lines):
            self._ask(sheet, register, lines, first, len(at) + len(beside))

    def _head(self, sheet: Any, index: int, label: Text, kind: type) -> None:
        heading = label.render(lang=self._lang)
        sheet.set_column(index, index, min(max(cell_len(heading) + 4, 12), 40), self._formats[kind])
        sheet.write_string(0, index, heading, self._heading)

    def _want(self, sheet: Any, row: int, index: int, spec: ColumnSpec, line: Line) -> None:
        """Colour a cell that is to be filled in; what stands there is kept, to be corrected."""
        form = self._wanted[_storage(spec)]
        sheet.write_blank(row, index, None, form)
        self._cell(sheet, row, index, spec, line.cells.get(spec.name), form)
        choices = line.choices.get(spec.name, ())
        if choices:
            source = {"validate": "list", "source": self._list(choices), "error_type": "warning"}
            sheet.data_validation(row, index, row, index, source)

    def _note(self, sheet: Any, row: int, index: int, why: str) -> None:
        options = {"author": "Termgate", "x_scale": 3, "y_scale": 2}
        sheet.write_comment(row, index, why[:_LONGEST_NOTE], options)

    def _ask(
        self, sheet: Any, register: Register, lines: Sequence[Line], first: int, width: int
    ) -> None:
        """Write beside each row what is to be filled in, and whether it may be withdrawn."""
        self._head(sheet, width, WANTED, str)
        goes = any(line.withdraw for line in lines)
        state = width + 1 + goes
        # Without the record before one, as in a new book, nothing can be said of its state.
        if any(line.as_of is not None for line in lines):
            self._head(sheet, state, AS_OF, str)
            sheet.set_column(state, state, None, None, {"hidden": True})
        if goes:
            self._head(sheet, width + 1, WITHDRAW, str)
            labels = [label.render(lang=self._lang) for label in YES_NO.values()]
            rule = {"validate": "list", "source": labels}
            sheet.data_validation(first, width + 1, first + len(lines), width + 1, rule)
        mark = SEPARATOR.render(lang=self._lang)
        for number, line in enumerate(lines, start=first):
            listed = [register.column[name].column.label for name in line.wanted]
            if line.withdraw:
                listed.append(WITHDRAW)
                sheet.write_blank(number, width + 1, None, self._wanted[str])
                self._note(sheet, number, width + 1, line.withdraw)
            text = mark.join(label.render(lang=self._lang) for label in listed)
            sheet.write_string(number, width, text, self._grey[str])
            if line.as_of is not None:
                sheet.write_string(number, state, line.as_of, self._grey[str])

    def write_index(self, index: Index) -> None:
        """Write the table in front of the workbook."""
        sheet = self._book.add_worksheet(INDEX_SHEET.render(lang=self._lang))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(index.headings) - 1, 28)
        for column, heading in enumerate(index.headings):
            sheet.write_string(0, column, heading.render(lang=self._lang), self._heading)
        for row, (register, cells) in enumerate(index.lines, start=1):
            title = register.title.render(lang=self._lang)
            sheet.write_url(row, 0, f"internal:'{title}'!A1", string=title)
            for column, cell in enumerate(cells, start=1):
                if isinstance(cell, int):
                    sheet.write_number(row, column, cell)
                else:
                    sheet.write_string(row, column, cell)

    def close(self) -> None:
        """Add the lists and finish the file."""
        if self._lists:
            sheet = self._book.add_worksheet(LISTS_SHEET)
            for index, values in enumerate(self._lists):
                sheet.write_column(0, index, values)
            sheet.very_hidden()
        self._book.close()

    def _row(
        self,
        sheet: Any,
        number: int,
        register: Register,
        row: Mapping[str, Value],
        at: Mapping[str, int],
        *,
        example: bool,
    ) -> None:
        formats = self._grey if example else self._formats
        for spec in register.columns:
            mark = MARK.render(lang=self._lang) if example and not at[spec.name] else ""
            form = formats[_storage(spec)]
            self._cell(sheet, number, at[spec.name], spec, row.get(spec.name), form, mark)

    def _cell(
        self,
        sheet: Any,
        row: int,
        index: int,
        spec: ColumnSpec,
        value: Value,
        form: Any,
        mark: str = "",
    ) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_string(row, index, YES_NO[value].render(lang=self._lang), form)
        elif isinstance(value, date):
            sheet.write_datetime(row, index, value, form)
        elif isinstance(value, int):
            sheet.write_number(row, index, value, form)
        else:
            text = spec.terms(value).label.render(lang=self._lang) if spec.terms else value
            sheet.write_string(row, index, mark + text, form)

    def _restrict(self, sheet: Any, index: int, spec: ColumnSpec) -> None:
        """Lay a drop-down or a rule on a column."""
        rule: dict[str, Any]
        if spec.terms:
            terms = tuple(term.label.render(lang=self._lang) for term in spec.terms)
            rule = {"validate": "list", "source": self._list(terms)}
            said = _CHOOSE
        elif spec.kind is bool:
            labels = [label.render(lang=self._lang) for label in YES_NO.values()]
            rule, said = {"validate": "list", "source": labels}, _CHOOSE
        elif spec.kind is date:
            first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
            rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
            said = _DATE
        elif spec.kind is int:
            low, high = spec.minimum or 0, spec.maximum or 100_000_000
            rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
            said = fixed(_WHOLE, low=low, high=high)
        else:
            return
        rule["error_message"] = said.render(lang=self._lang)
        sheet.data_validation(1, index, FORMATTED_ROWS, index, rule)

    def _list(self, values: tuple[str, ...]) -> str:
        """The cells that hold what may be chosen; Excel takes only 255 characters in place."""
        if values not in self._lists:
            self._lists[values] = column_letter(len(self._lists))
        letter = self._lists[values]
        return f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(values)}"


def _storage(spec: ColumnSpec) -> type:
    """How a column's cells are formatted: as a date, a number, or text."""
    return spec.kind if spec.kind in {int, date} else str
