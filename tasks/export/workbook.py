"""One workbook with a sheet for each table, in the reader's language.

Rules: no cell is live: text is written as text, in cells of the text format, so that it stays text
when somebody edits it; the first row is frozen and filters the sheet; a table too long for a sheet
goes on in the next one, and a text too long for a cell says that it was cut; the same record gives
the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from schemas.text import Language, Text
from tasks.export.columns import Column, Kind, Row, Table
from tasks.export.history import Record
from tasks.export.layout import each_table
from tasks.export.progress import Progress, silent
from tasks.export.rows import ROWS
from tasks.intake.refusal import visible
from tasks.intake.template import OPTIONS

SHEET_ROWS = 1_048_576
CELL_LENGTH = 32_767
CUT = Text("…（已截断，完整内容见 CSV 或 SQLite）", "… (cut; whole in CSV or SQLite)")
WIDEST = 80

TEXT_FORMAT = 49  # Excel's own number for `@`
_FORMATS: dict[Kind, str | int] = {
    "text": TEXT_FORMAT,
    "whole": "0",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
}


def workbook_bytes(record: Record, lang: Language, progress: Progress = silent) -> bytes:
    """The whole record as a workbook."""
    buffer = io.BytesIO()
    book = _Book(xlsxwriter.Workbook(buffer, OPTIONS), lang)
    book.describe(record)
    for table in each_table(progress):
        book.write(table, ROWS[table.name](record))
    book.close()
    return buffer.getvalue()


def naive(moment: str) -> datetime:
    """A moment in UTC as a workbook keeps it: without its zone, to the second."""
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None, microsecond=0)


class _Book:
    """A workbook being written in one language."""

    def __init__(self, book: Any, lang: Language) -> None:
        self._book = book
        self._lang: Language = lang
        self._heading = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#E8EDEA", "valign": "top", "text_wrap": True}
        )
        self._formats = {
            kind: book.add_format({"num_format": form, "valign": "top"})
            for kind, form in _FORMATS.items()
        }

    def describe(self, record: Record) -> None:
        """The file's own properties: when it was made follows from the last entry."""
        title = Text("换届记录", "history of the gates").render(lang=self._lang)
        self._book.set_properties(
            {
                "title": f"Termgate: {title}",
                "subject": record.cycle,
                "created": naive(record.last.at),
            }
        )

    def write(self, table: Table, rows: Iterator[Row]) -> None:
        """A table, on as many sheets as it needs."""
        sheet = self._sheet(table, 1)
        number, part = 0, 1
        for row in rows:
            number += 1
            if number == SHEET_ROWS:
                self._finish(sheet, table, number - 1)
                number, part = 1, part + 1
                sheet = self._sheet(table, part)
            for place, column in enumerate(table.columns):
                self._cell(sheet, number, place, column, row.get(column.name))
        self._finish(sheet, table, number)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()

    def _sheet(self, table: Table, part: int) -> Any:
        name = table.title.render(lang=self._lang)
        sheet = self._book.add_worksheet(name if part == 1 else f"{name} {part}")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            heading = column.title.render(lang=self._lang)
            width = min(max(column.width, cell_len(heading) + 4), WIDEST)
            sheet.set_column(place, place, width, self._formats[column.kind])
            sheet.write_string(0, place, heading, self._heading)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def _finish(self, sheet: Any, table: Table, rows: int) -> None:
        last = len(table.columns) - 1
        sheet.autofilter(0, 0, rows, last)
        # Codes of places are text that looks like a number, on purpose.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{SHEET_ROWS}"})

    def _cell(
        self, sheet: Any, row: int, place: int, column: Column, cell: str | int | Text | None
    ) -> None:
        form = self._formats[column.kind]
        if cell is None:
            return
        if isinstance(cell, Text):
            cell = cell.render(lang=self._lang)
        if isinstance(cell, int):
            sheet.write_number(row, place, cell, form)
        elif column.kind == "day":
            sheet.write_datetime(row, place, date.fromisoformat(cell), form)
        elif column.kind == "moment":
            sheet.write_datetime(row, place, naive(cell), form)
        elif cell:
            sheet.write_string(row, place, self._text(cell), self._formats["text"])

    def _text(self, value: str) -> str:
        text = visible(value)
        if len(text) <= CELL_LENGTH:
            return text
        mark = CUT.render(lang=self._lang)
        return text[: CELL_LENGTH - len(mark)] + mark
