"""Somebody who fills in a new book, and the few places for which they do."""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from schemas.registers import REGISTERS
from schemas.vocabulary import Organ, PostKind
from tasks.books.divisions import SHIPPED
from tasks.intake.asked import SEPARATOR, WANTED
from tasks.intake.headings import INDEX_SHEET, LISTS_SHEET, REGISTER_NAMES
from tests.intake.files import workbook

Table = list[list[Any]]

REFERENCE = SHIPPED / "qingning-2016.csv"
# A city that only stands above, a county of it, and two of its townships.
FEW = ("640300", "640302", "640302100", "640302103")

# What somebody types, by register and column; a place's steps follow one another.
_DAYS = {
    "superior-deployment": date(2016, 8, 16), "committee-meeting": date(2016, 8, 18),
    "conduct-meeting": date(2016, 8, 20), "work-plan": date(2016, 8, 24),
    "personnel-plan": date(2016, 8, 25), "superior-approval": date(2016, 8, 26),
}  # fmt: skip
_SEATS = {
    PostKind.VICE_CHAIR.label.zh: 4, PostKind.MEMBER.label.zh: 22, PostKind.DEPUTY_HEAD.label.zh: 3,
}  # fmt: skip
# Who carries a duty; the others sign later, and can be named later.
_NAMED = tuple(
    organ.label.zh
    for organ in (
        Organ.SECRETARY, Organ.DISCIPLINE, Organ.ORGANISATION, Organ.CONGRESS_GROUP,
        Organ.GOVERNMENT_GROUP, Organ.CPPCC_GROUP, Organ.UNITED_FRONT,
    )
)  # fmt: skip


def few_divisions(path: Path) -> Path:
    """A list with the few places alone, as somebody keeps it."""
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        _, head, *rows = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(row for row in rows if row[0] in FEW)])
    return path


class Typist:
    """Fills in a new book as the first gates ask for it, and counts what they type."""

    def __init__(self) -> None:
        self.typed = 0
        self._papers = 0
        self._names: dict[Any, str] = {}

    def fill(self, path: Path, without: Collection[str] = ()) -> None:
        """Fill in a book, of which some registers' sheets are deleted."""
        book = CalamineWorkbook.from_path(path)
        skipped = {INDEX_SHEET.zh, LISTS_SHEET}
        tables = {
            name: book.get_sheet_by_name(name).to_python()
            for name in book.sheet_names
            if name not in skipped and REGISTER_NAMES[name] not in without
        }
        for name, table in tables.items():
            self._sheet(REGISTER_NAMES[name], table)
        workbook(path, tables)

    def _sheet(self, register: str, table: Table) -> None:
        labels = {spec.column.label.zh: spec for spec in REGISTERS[register].columns}
        head = [str(cell) for cell in table[0]]
        if WANTED.zh not in head:
            return
        for row in table[1:]:
            known = {labels[one].name: cell for one, cell in zip(head, row, strict=True)
                     if one in labels}  # fmt: skip
            for heading in str(row[head.index(WANTED.zh)]).split(SEPARATOR.zh):
                if heading in labels and self._needed(register, known):
                    spec = labels[heading]
                    row[head.index(heading)] = self._value(register, spec.name, known)
                    self.typed += 1

    def _needed(self, register: str, known: dict[str, Any]) -> bool:
        """Who signs later and how large a CPPCC is can wait."""
        if register == "officers":
            above = known["jurisdiction"] == "640300"
            return known["organ"] in (("党委书记",) if above else _NAMED)
        return register != "assemblies" or known["members"] != ""

    def _value(self, register: str, column: str, known: dict[str, Any]) -> Any:
        if column == "name":
            # A secretary stands among the officers and in the roster.
            made = f"王{'甲乙丙丁戊己庚辛壬癸'[self.typed % 10]}{'一二三四五'[self.typed % 5]}"
            return self._names.setdefault(known["person"], made)
        if column == "seats":
            return _SEATS[str(known["kind"])]
        if column in ("document", "filing_document"):
            self._papers += 1
            return f"清源发〔2016〕{self._papers}号"
        terms = {
            term.label.zh: term.value
            for spec in REGISTERS[register].columns
            if spec.terms and spec.name == "kind"
            for term in spec.terms
        }
        return _DAYS.get(terms.get(str(known.get("kind")), ""), date(2016, 8, 26))
