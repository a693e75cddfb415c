"""The quarantine: the rows that came back, as a workbook to mend in place and hand in again.

Rules: whole and on disk before the accepted rows are taken; the person's own columns and cells, the
wrong ones coloured with a note that says what is wrong; text stays text, no value can become a
formula; identity numbers are masked, but in the columns from which they are read: to be checked, or
to find rows by a map. Without them what is mended could not be read. What is mended there is read
back by `init`, `submit` and the inbox folder as it is. The two columns at the end say which
row it was and why, and are left out when it comes back. The same rejections give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from math import isfinite
from pathlib import Path
from typing import Any

import xlsxwriter

from data.blobs import write_durably
from schemas.identity import IDENTITY, masked
from schemas.registers import REGISTERS
from schemas.text import Language, language
from tasks.intake.cells import Cell, delivered_text
from tasks.intake.delivery import Delivery
from tasks.intake.headings import OUR_COLUMNS
from tasks.intake.identity import is_identity
from tasks.intake.origins import OwnSheet
from tasks.intake.reading import UnreadSheet
from tasks.intake.refusal import Rejection, visible
from tasks.intake.template import CREATED, OPTIONS

# Excel takes no longer text in a cell, and no longer note.
_LONGEST, _LONGEST_NOTE = 32_000, 2_000
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def write_quarantine(
    path: Path,
    deliveries: Iterable[Delivery],
    lang: Language | None = None,
    *,
    unread: Iterable[UnreadSheet] = (),
    whole: bool = False,
) -> None:
    """Write the rejected rows (or `whole`, all rows) to `path`; after a crash whole or absent.

    `unread` are sheets that could not be taken: they are there as they were, with what is wrong.
    """
    write_durably(path, workbook_of(deliveries, lang or language(), unread=unread, whole=whole))


def workbook_of(
    deliveries: Iterable[Delivery],
    lang: Language,
    *,
    unread: Iterable[UnreadSheet] = (),
    whole: bool = False,
) -> bytes:
    """The workbook, a sheet for each delivery."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": "Termgate", "created": CREATED})
        writer = _Writer(book, lang)
        given = list(deliveries)
        for delivery in given:
            if not delivery.origins:
                writer.write(delivery, whole=whole)
        for own, rejected in _by_own_sheet(given).items():
            if whole or rejected:
                writer.write_own(own, rejected, whole=whole)
        for sheet in unread:
            writer.write_unread(sheet)
    return buffer.getvalue()


def _by_own_sheet(
    deliveries: Iterable[Delivery],
) -> Mapping[OwnSheet, Mapping[int, Sequence[Rejection]]]:
    """The sheets that a map read → the rejections of each of their rows."""
    found: dict[OwnSheet, dict[int, list[Rejection]]] = {}
    for delivery in deliveries:
        for origin in delivery.origins.values():
            found.setdefault(origin.sheet, {})
        for one in delivery.rejections:
            if one.of_row in delivery.origins:
                sheet = delivery.origins[one.of_row].sheet
                found[sheet].setdefault(one.row, []).append(one)
    return found


class _Writer:
    """Writes deliveries into a workbook."""

    def __init__(self, book: Any, lang: Language) -> None:
        self._book = book
        self._lang: Language = lang
        self._heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EAF1E4"})
        self._said = book.add_format({"font_color": "#9C0006", "text_wrap": True})
        self._forms: dict[tuple[str, bool], Any] = {}

    def write(self, delivery: Delivery, *, whole: bool) -> None:
        """Write the rejected rows of a delivery, or all its rows."""
        title = REGISTERS[delivery.register].title.render(lang=self._lang)
        sheet = self._book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        head = [delivered_text(cell) for cell in delivery.head]
        for index, heading in enumerate(head):
            sheet.set_column(index, index, 16)
            sheet.write_string(0, index, _writable(heading), self._heading)
        at, why = len(head), len(head) + 1
        read = _identities(head) if "birth_date" in delivery.places else ()
        for index, text in zip((at, why), OUR_COLUMNS, strict=True):
            sheet.write_string(0, index, text.render(lang=self._lang), self._heading)
        sheet.set_column(why, why, 60)
        rejected: dict[int, list[Rejection]] = {}
        for rejection in delivery.rejections:
            rejected.setdefault(rejection.row, []).append(rejection)
        numbers = sorted(delivery.cells) if whole else sorted(rejected)
        for row, number in enumerate(numbers, start=1):
            found = rejected.get(number, [])
            self._row(sheet, row, delivery.cells[number], self._notes(found), len(head), read)
            sheet.write_number(row, at, number)
            reasons = "\n".join(self._line(one) for one in found)
            sheet.write_string(row, why, reasons[:_LONGEST], self._said)

    def write_own(
        self, own: OwnSheet, rejected: Mapping[int, Sequence[Rejection]], *, whole: bool
    ) -> None:
        """Write the rejected rows of somebody's own sheet, or all of them, under its headings."""
        sheet = self._book.add_worksheet(own.returned)
        at = len(own.headings)
        for number, cells in own.head.items():
            for index, cell in enumerate(cells):
                text = _writable(delivered_text(cell))
                sheet.write_string(number - 1, index, text, self._heading)
        head = max(own.head)
        for index, ours in enumerate(OUR_COLUMNS, start=at):
            sheet.write_string(head - 1, index, ours.render(lang=self._lang), self._heading)
        sheet.set_column(at + 1, at + 1, 60)
        numbers = own.rows if whole else sorted(rejected)
        for row, number in enumerate(numbers, start=head):
            found = rejected.get(number, ())
            self._row(sheet, row, own.rows[number], self._notes(found), at, own.kept)
            sheet.write_number(row, at, number)
            reasons = "\n".join(self._line(one) for one in found)
            sheet.write_string(row, at + 1, reasons[:_LONGEST], self._said)

    def write_unread(self, unread: UnreadSheet) -> None:
        """Write a sheet that could not be taken, its rows where they were."""
        sheet = self._book.add_worksheet(self._free_name(unread.name))
        wrong = "\n".join(one.render(self._lang) for one in unread.problems)
        top = min(unread.rows, default=1)
        read = [one for cells in unread.rows.values() for one in _identities(cells)]
        for number, cells in unread.rows.items():
            notes = {0: wrong} if number == top else {}
            self._row(sheet, number - 1, cells, notes, len(cells), read)

    def _free_name(self, name: str) -> str:
        """A sheet's name that Excel takes and that is not taken yet."""
        plain = _NOT_IN_NAMES.sub(" ", visible(name)).strip("' ")[:28] or "Sheet"
        taken = {one.get_name().casefold() for one in self._book.worksheets()}
        names = (plain if not n else f"{plain} {n}" for n in count())
        return next(one for one in names if one.casefold() not in taken)

    def _line(self, rejection: Rejection) -> str:
        where = visible(rejection.column)
        mark = "：" if self._lang == "zh" else ": "
        return f"{where}{mark}{rejection.why(self._lang)}" if where else rejection.why(self._lang)

    def _notes(self, rejections: Iterable[Rejection]) -> Mapping[int, str]:
        """Position → what is wrong there; the first cell where the whole row is meant."""
        notes: dict[int, list[str]] = {}
        for rejection in rejections:
            for index in rejection.at or (0,):
                notes.setdefault(index, []).append(rejection.why(self._lang))
        return {index: "\n".join(lines) for index, lines in notes.items()}

    def _row(
        self,
        sheet: Any,
        row: int,
        cells: Sequence[Cell],
        notes: Mapping[int, str],
        width: int,
        kept: Container[int] = (),
    ) -> None:
        for index in range(max(len(cells), width)):
            # What stood beyond the headings stands beyond our own columns.
            column = index if index < width else index + len(OUR_COLUMNS)
            wrong = index in notes
            cell = cells[index] if index < len(cells) else ""
            shown = cell if index in kept else _without_numbers(cell)
            self._cell(sheet, row, column, shown, wrong=wrong)
            if wrong:
                note = notes[index][:_LONGEST_NOTE]
                sheet.write_comment(row, column, note, {"author": "Termgate", "x_scale": 2})

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, *, wrong: bool) -> None:
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, self._form("General", wrong=wrong))
        elif isinstance(cell, datetime):
            clock = "yyyy-mm-dd hh:mm:ss"
            sheet.write_datetime(row, column, cell, self._form(clock, wrong=wrong))
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._form("yyyy-mm-dd", wrong=wrong))
        elif isinstance(cell, (time, timedelta)):
            sheet.write_datetime(row, column, cell, self._form("[hh]:mm:ss", wrong=wrong))
        elif isinstance(cell, (int, float)) and isfinite(cell):
            sheet.write_number(row, column, cell, self._form("General", wrong=wrong))
        elif cell == "":
            sheet.write_blank(row, column, None, self._form("General", wrong=wrong))
        else:
            shown = _writable(delivered_text(cell))[:_LONGEST]
            sheet.write_string(row, column, shown, self._form("@", wrong=wrong))

    def _form(self, number_format: str, *, wrong: bool) -> Any:
        known = (number_format, wrong)
        if known not in self._forms:
            colour = {"bg_color": "#FFC7CE"} if wrong else {}
            made = self._book.add_format({"num_format": number_format, **colour})
            self._forms[known] = made
        return self._forms[known]


def _identities(head: Sequence[Cell]) -> list[int]:
    """The positions of headings of identity numbers."""
    return [index for index, cell in enumerate(head) if is_identity(delivered_text(cell))]


def _without_numbers(cell: Cell) -> Cell:
    """A cell without identity numbers."""
    number = isinstance(cell, (int, float)) and isfinite(cell)
    text = f"{cell:.0f}" if number else delivered_text(cell)
    return masked(text) if IDENTITY.search(text) else cell


def _writable(text: str) -> str:
    """A text as XML can hold it: for what it cannot, the sign of a character that was lost.

    That sign is refused when it comes back, as is what it stands for.
    """
    return _NOT_IN_XML.sub("\ufffd", text)
