"""The rows of a delivery that waits for a confirmation, as a workbook to be looked over.

Rules: a sheet for each register, a row for each of its rows, with what stands on record where that
is another value; text stays text, no value can become a formula. It is the one place where the
names in such a delivery are shown, besides the desk; it is written where its reader says, and never
read back.
"""

from __future__ import annotations

import io
from datetime import date

import xlsxwriter

from data.blobs import BlobStore
from data.submissions import ACCEPT
from schemas.columns import ColumnSpec
from schemas.entries import Proposed, Submitted
from schemas.registers import REGISTERS
from schemas.text import Language, Text
from tasks.intake.cells import YES_NO
from tasks.intake.confirming import CHANGES, rows_in
from tasks.intake.on_record import OnRecord
from tasks.intake.refusal import visible
from tasks.intake.template import OPTIONS

CHANGE = Text("变动", "change")
_WAS = Text("{value}（原：{before}）", "{value} (was: {before})")
_NOTHING = Text("空", "empty")


def _cell(spec: ColumnSpec, value: object, lang: Language) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO[value].render(lang=lang)
    if spec.terms:
        return spec.terms(str(value)).label.render(lang=lang)
    return visible(value.isoformat() if isinstance(value, date) else str(value))


def lines_of(
    blobs: BlobStore, record: OnRecord, one: Submitted, lang: Language
) -> list[tuple[list[str], set[int]]]:
    """The rows of a register: what becomes of each, its cells, and which of them are other."""
    register = REGISTERS[one.register]
    current, found = record.current_rows(one.register), []
    for row in rows_in(blobs, one):
        before = current.get(tuple(row[name] for name in register.key))
        if one.mode != ACCEPT:
            pairs = zip(register.columns, before or (), strict=False)
            cells = [_cell(spec, value, lang) for spec, value in pairs]
            found.append(([CHANGES["withdrawn"].render(lang=lang), *cells], {0}))
            continue
        line, other = ["" if before else CHANGES["new"].render(lang=lang)], set[int]()
        for place, spec in enumerate(register.columns):
            value = _cell(spec, row[spec.name], lang)
            was = _cell(spec, before[place], lang) if before else value
            if was != value:
                empty = _NOTHING.render(lang=lang)
                values = {"value": value or empty, "before": was or empty}
                value = _WAS.render(values, lang=lang)
                other.add(place + 1)
            line.append(value)
        found.append((line, other))
    return found


def workbook_of(blobs: BlobStore, record: OnRecord, waiting: Proposed, lang: Language) -> bytes:
    """The workbook, in one language.

    Raises:
        BlobError: rows are missing or were changed.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        bold, marked = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFF2CC"})
        for number, one in enumerate(waiting.submissions, start=1):
            register = REGISTERS[one.register]
            sheet = book.add_worksheet(f"{number} {register.title.render(lang=lang)}"[:31])
            labels = [spec.column.label.render(lang=lang) for spec in register.columns]
            for place, label in enumerate([CHANGE.render(lang=lang), *labels]):
                sheet.write_string(0, place, label, bold)
            for row, (cells, other) in enumerate(lines_of(blobs, record, one, lang), start=1):
                for place, cell in enumerate(cells):
                    sheet.write_string(row, place, cell, marked if place in other else None)
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    return buffer.getvalue()
