"""Somebody who fills in ask lists: they know how things are, and write in coloured cells only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from schemas.registers import REGISTERS, Register
from schemas.text import Language
from tasks.asklists.record import has_own_id
from tasks.intake.asked import SEPARATOR, WANTED, WITHDRAW
from tasks.intake.headings import INDEX_SHEET, LISTS_SHEET, REGISTER_NAMES
from tests.generator import Row, Rows
from tests.intake.files import workbook

Table = list[list[Any]]


@dataclass
class Person:
    """Knows the `true` rows, and which of them stand `on_record`; counts the cells they type."""

    true: Rows
    on_record: Rows
    lang: Language = "zh"
    typed: int = 0
    used: set[tuple[object, ...]] = field(default_factory=set)

    def fill(self, path: Path) -> bool:
        """Fill in a list in its place; whether anything could be."""
        book = CalamineWorkbook.from_path(path)
        skipped = {INDEX_SHEET.zh, INDEX_SHEET.en, LISTS_SHEET}
        tables = {
            name: book.get_sheet_by_name(name).to_python()
            for name in book.sheet_names
            if name not in skipped
        }
        before = self.typed
        for name, table in tables.items():
            self._sheet(REGISTERS[REGISTER_NAMES[name]], table)
        workbook(path, tables)
        return self.typed > before

    def _sheet(self, register: Register, table: Table) -> None:
        head = [str(cell) for cell in table[0]]
        at = {
            spec.name: head.index(spec.column.label.render(lang=self.lang))
            for spec in register.columns
        }
        labels = {spec.column.label.render(lang=self.lang): spec.name for spec in register.columns}
        wanted_at = head.index(WANTED.render(lang=self.lang))
        for row in table[1:]:
            wanted = row[wanted_at].split(SEPARATOR.render(lang=self.lang))
            columns = [labels[one] for one in wanted if one in labels]
            known = {
                name: row[index]
                for name, index in at.items()
                if name not in columns and row[index] != ""
            }
            true = self._true(register, known)
            withdraw = WITHDRAW.render(lang=self.lang)
            if true is None and withdraw in wanted:
                row[head.index(withdraw)] = "是"
                self.typed += 1
            elif true is not None:
                for name in columns:
                    value = self._written(register, name, true)
                    self.typed += value != row[at[name]]
                    row[at[name]] = value

    def _written(self, register: Register, column: str, row: Mapping[str, Any]) -> Any:
        value, spec = row[column], register.column[column]
        if value is None:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        return spec.terms(value).label.render(lang=self.lang) if spec.terms else value

    def _true(self, register: Register, known: Mapping[str, Any]) -> Row | None:
        """The true row that a line is about: that of its key, else one that is not on record."""
        key = register.key
        own = has_own_id(register)
        told = [name for name in key if name in known]
        rows = self.true[register.name]
        if len(told) == len(key):
            found = next(self._matching(register, rows, {x: known[x] for x in key}), None)
            if found or not own:
                return found
        stand = {tuple(row[x] for x in key) for row in self.on_record[register.name]}
        about = {name: value for name, value in known.items() if not (own and name == key[0])}
        for row in self._matching(register, rows, about):
            identity = (register.name, *(row[name] for name in key))
            if identity[1:] not in stand and identity not in self.used:
                self.used.add(identity)
                return row
        return None

    def _matching(
        self, register: Register, rows: Iterable[Row], known: Mapping[str, Any]
    ) -> Iterator[Row]:
        for row in rows:
            if all(self._written(register, x, row) == value for x, value in known.items()):
                yield row
