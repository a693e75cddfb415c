"""Workbooks to fill in: headings with notes, drop-downs, formats and an example row.

Rules: what is written can be filled in and read back; codes stay text (`@`), nothing turns into a
formula, a link or a number; the same call gives the same bytes. The index is nobody's delivery.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS, Register
from schemas.text import Language, Text
from schemas.vocabulary import STAGES, Stage, Term
from tasks.intake.cells import YES_NO, Value
from tasks.intake.days import FIRST_YEAR, LAST_YEAR
from tasks.intake.examples import MARK, example_row
from tasks.intake.headings import INDEX_SHEET, LISTS_SHEET, find_register
from tasks.intake.raw import column_letter
from tasks.intake.refusal import fixed

# Rows for which drop-downs and rules are laid out.
FORMATTED_ROWS = 10_000
CREATED = datetime(2016, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone

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
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = _Book(xlsxwriter.Workbook(buffer, options), lang)
    if index:
        book.write_index([REGISTERS[name] for name in rows])
    for name in rows:
        book.write(REGISTERS[name], rows[name], example=example)
    book.close()
    return buffer.getvalue()


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


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class _Book:
    """A workbook being written in one language."""

    def __init__(self, book: Any, lang: Language) -> None:
        self._book = book
        self._lang: Language = lang
        self._lists: dict[type[Term], str] = {}
        book.set_properties({"title": "Termgate", "created": CREATED})
        self._heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EAF1E4"})
        formats = {str: "@", int: "0", date: "yyyy-mm-dd"}
        self._formats = {kind: book.add_format({"num_format": f}) for kind, f in formats.items()}
        self._grey = {
            kind: book.add_format({"num_format": f, "italic": True, "font_color": "#808080"})
            for kind, f in formats.items()
        }

    def write(
        self, register: Register, rows: Iterable[Mapping[str, Value]], *, example: bool
    ) -> None:
        """Write one register's sheet."""
        sheet = self._book.add_worksheet(register.title.render(lang=self._lang))
        sheet.freeze_panes(1, 0)
        for index, spec in enumerate(register.columns):
            heading = spec.column.label.render(lang=self._lang)
            written = self._formats[_storage(spec)]
            sheet.set_column(index, index, min(max(_width(heading) + 4, 12), 40), written)
            sheet.write_string(0, index, heading, self._heading)
            sheet.write_comment(0, index, note(spec, self._lang), {"author": "Termgate"})
            self._restrict(sheet, index, spec)
        first = 1
        if example:
            self._row(sheet, first, register, example_row(register), example=True)
            first += 1
        for number, row in enumerate(rows, start=first):
            self._row(sheet, number, register, row, example=False)

    def write_index(self, registers: Sequence[Register]) -> None:
        """Write which stage needs which sheet, those that are needed first above the others."""
        sheet = self._book.add_worksheet(INDEX_SHEET.render(lang=self._lang))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 3, 28)
        for column, heading in enumerate(_INDEX):
            sheet.write_string(0, column, heading.render(lang=self._lang), self._heading)
        stages = needed_by()
        mark = Text("、", ", ").render(lang=self._lang)
        order = sorted(
            registers,
            key=lambda one: (
                one.name not in BEGINNING,
                STAGES.index(stages[one.name][0]) if stages[one.name] else len(STAGES),
            ),
        )
        for row, register in enumerate(order, start=1):
            title = register.title.render(lang=self._lang)
            wanted = [stage.label.render(lang=self._lang) for stage in stages[register.name]]
            begin = _BEGINNING.render(lang=self._lang) if register.name in BEGINNING else ""
            sheet.write_url(row, 0, f"internal:'{title}'!A1", string=title)
            sheet.write_string(row, 1, mark.join(wanted))
            sheet.write_string(row, 2, register.provider.label.render(lang=self._lang))
            sheet.write_string(row, 3, begin)

    def close(self) -> None:
        """Add the lists and finish the file."""
        if self._lists:
            sheet = self._book.add_worksheet(LISTS_SHEET)
            for index, terms in enumerate(self._lists):
                labels = [term.label.render(lang=self._lang) for term in terms]
                sheet.write_column(0, index, labels)
            sheet.very_hidden()
        self._book.close()

    def _row(
        self,
        sheet: Any,
        number: int,
        register: Register,
        row: Mapping[str, Value],
        *,
        example: bool,
    ) -> None:
        formats = self._grey if example else self._formats
        for index, spec in enumerate(register.columns):
            value = row[spec.name]
            form = formats[_storage(spec)]
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_string(number, index, YES_NO[value].render(lang=self._lang), form)
            elif isinstance(value, date):
                sheet.write_datetime(number, index, value, form)
            elif isinstance(value, int):
                sheet.write_number(number, index, value, form)
            else:
                text = spec.terms(value).label.render(lang=self._lang) if spec.terms else value
                mark = MARK.render(lang=self._lang) if example and index == 0 else ""
                sheet.write_string(number, index, mark + text, form)

    def _restrict(self, sheet: Any, index: int, spec: ColumnSpec) -> None:
        """Lay a drop-down or a rule on a column."""
        rule: dict[str, Any]
        if spec.terms:
            rule = {"validate": "list", "source": self._list(spec.terms)}
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

    def _list(self, terms: type[Term]) -> str:
        """The cells that hold a vocabulary's labels; Excel takes only 255 characters in place."""
        if terms not in self._lists:
            self._lists[terms] = column_letter(len(self._lists))
        letter = self._lists[terms]
        return f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(terms)}"


def _storage(spec: ColumnSpec) -> type:
    """How a column's cells are formatted: as a date, a number, or text."""
    return spec.kind if spec.kind in {int, date} else str
