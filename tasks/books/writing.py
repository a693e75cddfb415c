"""A new book as a workbook: what is left to people is coloured, and names stand beside ids.

Rules: a row of which nothing was filled in is left out when the book is read, so that what is not
known yet may stay as it is; what is filled in goes to `termgate init` as it is. The index says
which stage needs a sheet, and by when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from data.blobs import write_durably
from schemas.policy import Pack
from schemas.registers import REGISTERS
from schemas.text import Language, Text, comma_separated
from schemas.vocabulary import Stage
from tasks.books.divisions import Places
from tasks.books.rows import NewRow, rows_of
from tasks.intake.names import name_of, named_columns
from tasks.intake.template import Index, Line, needed_by, note, sheets_bytes

HEADINGS = (
    Text("工作表", "sheet"),
    Text("行数", "rows"),
    Text("待填格数", "cells to fill in"),
    Text("哪些环节需要", "needed by"),
    Text("最早期限", "first due"),
    Text("由谁提供", "supplied by"),
)
# The day of the calendar before which a stage is to be done: the next one starts on it.
_DONE_BY = {
    Stage.PLAN: "nomination_on",
    Stage.NOMINATION: "vetting_on",
    Stage.RESULT: "session_closes_on",
}


def write_book(
    path: Path, places: Places, pack: Pack, election: date | None, lang: Language
) -> int:
    """Write a new book; how many cells are left to fill in."""
    rows = rows_of(places, pack, election)
    by_key = {
        name: {str(row.cells[REGISTERS[name].key[0]]): row.cells for row in found}
        for name, found in rows.items()
    }

    def row_of(register: str, key: str) -> Mapping[str, object] | None:
        found = by_key.get(register, {}).get(key)
        # Whoever has no name yet is not named.
        return found if found and found.get("name", "") is not None else None

    def beside(register: str, row: NewRow) -> dict[str, str]:
        columns = named_columns(register).items()
        named = {name: name_of(to, str(row.cells[name]), row_of) for name, to in columns}
        return {name: text.render(lang=lang) for name, text in named.items() if text}

    sheets = {
        name: [
            Line(
                row.cells,
                beside(name, row),
                {one: note(REGISTERS[name].column[one], lang) for one in row.wanted},
            )
            for row in found
        ]
        for name, found in rows.items()
    }
    write_durably(path, sheets_bytes(sheets, lang, index=_index(rows, lang)))
    return sum(len(row.wanted) for found in rows.values() for row in found)


def _index(rows: Mapping[str, Sequence[NewRow]], lang: Language) -> Index:
    stages = needed_by()
    calendar = [row.cells for row in rows.get("calendar", ())]

    def due(name: str) -> str:
        """The day by which the first stage that needs a sheet is to be done."""
        column = _DONE_BY.get(stages[name][0], "session_opens_on") if stages[name] else ""
        return min((str(row[column]) for row in calendar if row.get(column)), default="")

    return Index(
        HEADINGS,
        [
            (
                REGISTERS[name],
                (
                    len(found),
                    sum(len(row.wanted) for row in found),
                    comma_separated(stage.label for stage in stages[name]).render(lang=lang),
                    due(name),
                    REGISTERS[name].provider.label.render(lang=lang),
                ),
            )
            for name, found in rows.items()
        ],
    )
