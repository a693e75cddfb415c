"""The cycle as a book and its mends as files, as an office in China keeps them.

Rules: Chinese headings, sheet names and terms; codes are text cells, dates are date cells; the
same rows give the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Format, Workbook
from xlsxwriter.worksheet import Worksheet

from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS, Register
from tests.generator.base import REFERENCE_ON, Cell, Row, Rows

_CREATED = datetime(REFERENCE_ON.year, REFERENCE_ON.month, REFERENCE_ON.day)  # noqa: DTZ001
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SAMPLE = 40


def shown(spec: ColumnSpec, value: Cell) -> str | int | date | None:
    """A value as it stands in a cell: terms and yes/no in Chinese, the rest as it is."""
    if value is None:
        return None
    if spec.kind is bool:
        return "是" if value else "否"
    if spec.terms:
        return spec.terms(str(value)).label.zh
    return value


def write_book(path: Path, rows: Rows) -> None:
    """One sheet for each register of `rows`, the empty ones with their headings."""
    with xlsxwriter.Workbook(path, _OPTIONS) as book:
        book.set_properties({"title": "换届参考数据", "created": _CREATED})
        formats = {
            "heading": book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "number": book.add_format({"num_format": "0"}),
        }
        for name, register in REGISTERS.items():
            if name in rows:
                _write_sheet(book, register, rows[name], formats)


def _write_sheet(
    book: Workbook, register: Register, rows: Sequence[Row], formats: dict[str, Format]
) -> None:
    sheet: Worksheet = book.add_worksheet(register.title.zh)
    sheet.freeze_panes(1, 0)
    for position, spec in enumerate(register.columns):
        label = spec.column.zh
        sheet.write_string(0, position, label, formats["heading"])
        kind = {date: "date", int: "number"}.get(spec.kind, "text")
        sample = [shown(spec, row[spec.name]) for row in rows[:_SAMPLE]]
        widest = max((len(str(cell)) for cell in sample if cell is not None), default=0)
        width = min(40, max(10, 2 * len(label) + 2, widest + 3))
        sheet.set_column(position, position, width, formats[kind])
        for line, row in enumerate(rows, start=1):
            _write_cell(sheet, line, position, shown(spec, row[spec.name]), formats)


def _write_cell(
    sheet: Worksheet,
    line: int,
    position: int,
    value: str | int | date | None,
    formats: dict[str, Format],
) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(line, position, value, formats["text"])
    elif isinstance(value, date):
        sheet.write_datetime(line, position, value, formats["date"])
    else:
        sheet.write_number(line, position, value, formats["number"])


def mend_bytes(register: Register, rows: Iterable[Row], columns: Iterable[str]) -> bytes:
    """Rows as CSV: UTF-8 with a mark, Chinese headings, dates as ISO text."""
    specs = [register.column[name] for name in columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([spec.column.zh for spec in specs])
    for row in rows:
        cells = [shown(spec, row[spec.name]) for spec in specs]
        writer.writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue().encode("utf-8-sig")
