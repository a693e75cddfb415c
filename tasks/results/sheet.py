"""The result report as a workbook of one sheet that prints on A4.

Rules: as `tasks.export.workbook`: no cell is live, and the same document gives the same bytes. A
row is as high as its longest cell needs: nothing is cut off on paper.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from schemas.text import Language
from tasks.export.workbook import TEXT_FORMAT, naive
from tasks.intake.refusal import visible
from tasks.intake.template import OPTIONS
from tasks.results.document import (
    DATED,
    Block,
    Document,
    Heading,
    Items,
    Note,
    Said,
    Signatures,
    Table,
    Together,
    said,
)

A4 = 9  # Excel's own number for the paper
WIDTHS = (16, 20, 13, 9, 9, 9, 9, 9, 9, 14)  # characters, of which those of Chinese take two
LINE, TO_SIGN = 17, 26  # points


def sheet_bytes(document: Document, lang: Language) -> bytes:
    """The workbook, in one language."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    title = said(document.title, lang)
    book.set_properties({"title": title, "created": naive(document.at)})
    sheet = book.add_worksheet(said(document.subtitle, lang)[:31])
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    written = _Sheet(book, sheet, lang)
    written.line(title, "title")
    for block in document.blocks:
        written.write(block)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    book.close()
    return buffer.getvalue()


class _Sheet:
    """A sheet being written from above to below."""

    def __init__(self, book: Any, sheet: Any, lang: Language) -> None:
        self._sheet, self._lang, self._row = sheet, lang, 0
        cell = {"border": 1, "text_wrap": True, "valign": "top"}
        forms = {
            "title": {"bold": True, "font_size": 16, "align": "center"},
            "heading": {"bold": True, "font_size": 12},
            "caption": {"bold": True},
            "note": {"font_size": 9, "text_wrap": True, "valign": "top"},
            "grave": {"bold": True, "font_color": "#A00000", "border": 2, "text_wrap": True},
            "column": {**cell, "bold": True, "bg_color": "#EEEEEE", "align": "center"},
            "text": {**cell, "num_format": TEXT_FORMAT},
            "number": {**cell, "num_format": "0"},
        }
        self._forms = {name: book.add_format(form) for name, form in forms.items()}

    def line(self, text: str, form: str) -> None:
        """A text over the whole width."""
        self._wide(0, len(WIDTHS) - 1, text, form)
        if form in ("note", "grave"):
            self._high([(text, sum(WIDTHS))])
        self._row += 1

    def _high(self, cells: Iterable[tuple[str, int]]) -> None:
        """Make the row as high as texts need that are wrapped at some width."""
        # A line may end before its last character where that takes two.
        lines = max(-(-cell_len(text) // (width - 1)) for text, width in cells)
        self._sheet.set_row(self._row, LINE * max(lines, 1))

    def write(self, block: Block) -> None:
        """A block, below what was written before."""
        match block:
            case Heading():
                self._row += 1
                self.line(said(block.text, self._lang), "heading")
            case Note():
                self.line(said(block.text, self._lang), "grave" if block.grave else "note")
            case Items():
                for label, value in block.pairs:
                    self._pair(said(label, self._lang), value)
            case Table():
                self.line(said(block.caption, self._lang), "caption")
                self._cells(block.columns, "column")
                for row in block.rows:
                    self._cells(row, "text")
            case Signatures():
                for label, name in block.lines:
                    self._sheet.set_row(self._row, TO_SIGN)
                    self._wide(0, 1, said(label, self._lang), "text")
                    self._wide(2, 4, name, "text")
                    self._wide(5, 7, "", "text")
                    self._wide(8, len(WIDTHS) - 1, said(DATED, self._lang), "text")
                    self._row += 1
            case Together():
                for one in block.blocks:
                    self.write(one)

    def _wide(self, first: int, last: int, text: str, form: str) -> None:
        row = self._row
        self._sheet.merge_range(row, first, row, last, visible(text), self._forms[form])

    def _pair(self, label: str, value: Said) -> None:
        self._wide(0, 1, label, "text")
        if isinstance(value, int):
            self._sheet.merge_range(
                self._row, 2, self._row, len(WIDTHS) - 1, value, self._forms["number"]
            )
        else:
            text = said(value, self._lang)
            self._wide(2, len(WIDTHS) - 1, text, "text")
            self._high([(label, sum(WIDTHS[:2])), (text, sum(WIDTHS[2:]))])
        self._row += 1

    def _cells(self, row: tuple[Said, ...], form: str) -> None:
        texts = [said(value, self._lang) for value in row]
        self._high(zip(texts, WIDTHS, strict=False))
        for place, value in enumerate(row):
            if isinstance(value, int):
                self._sheet.write_number(self._row, place, value, self._forms["number"])
            else:
                text = visible(texts[place])
                self._sheet.write_string(self._row, place, text, self._forms[form])
        self._row += 1
