"""Files as people deliver them, good and bad."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS
from schemas.text import Language
from tasks.intake.cells import Value
from tasks.intake.delivery import Delivery
from tasks.intake.examples import example_row
from tasks.intake.reading import look_through
from tasks.intake.refusal import together

Row = dict[str, Value]


@dataclass(frozen=True)
class F:
    """A formula in a workbook, with the value that Excel last computed."""

    text: str
    value: str | float = ""


def good_row(register: str = "candidates", **changes: Value) -> Row:
    """The register's example, changed."""
    return {**example_row(REGISTERS[register]), **changes}


def good_rows(count: int = 3) -> list[Row]:
    """Candidates."""
    return [good_row(candidate=f"c-640302-{n:04d}") for n in range(1, count + 1)]


def heading(register: str, column: str, lang: Language = "zh") -> str:
    return REGISTERS[register].column[column].column.label.render(lang=lang)


def headings(register: str, lang: Language = "zh") -> list[str]:
    return [spec.column.label.render(lang=lang) for spec in REGISTERS[register].columns]


def written(value: Value) -> str:
    """A value as a CSV has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def csv_text(table: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(table)
    return buffer.getvalue()


def csv_table(rows: Iterable[Mapping[str, Value]], register: str = "candidates") -> list[list[str]]:
    return [headings(register), *([written(v) for v in row.values()] for row in rows)]


def csv_file(
    path: Path,
    rows: Iterable[Mapping[str, Value]],
    register: str = "candidates",
    encoding: str = "utf-8",
) -> Path:
    path.write_bytes(csv_text(csv_table(rows, register)).encode(encoding))
    return path


def sheet_cell(spec: ColumnSpec, value: Any) -> Any:
    """A value as a workbook has it."""
    if isinstance(value, bool) and spec.kind is bool:
        return "是" if value else "否"
    return value


def sheet_table(rows: Iterable[Mapping[str, Any]], register: str = "candidates") -> list[list[Any]]:
    specs = REGISTERS[register].columns
    return [headings(register), *([sheet_cell(s, row[s.name]) for s in specs] for row in rows)]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook of sheets with cells of any type."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        clock = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(table):
                for c, cell in enumerate(row):
                    if isinstance(cell, F):
                        sheet.write_formula(r, c, cell.text, None, cell.value)
                    elif isinstance(cell, (datetime, time)):
                        sheet.write_datetime(r, c, cell, clock)
                    elif isinstance(cell, date):
                        sheet.write_datetime(r, c, cell, day)
                    elif isinstance(cell, bool):
                        sheet.write_boolean(r, c, cell)
                    elif isinstance(cell, (int, float)):
                        sheet.write_number(r, c, cell)
                    elif cell:
                        sheet.write_string(r, c, cell)
    return path


def read_book(path: Path) -> Mapping[str, Delivery]:
    """Register → what a book delivers for it, where nothing is wrong with its sheets.

    Raises:
        Refused: something is.
    """
    book = look_through(path)
    if book.problems:
        raise together(book.problems)
    return book.deliveries


def book_tables() -> dict[str, list[list[Any]]]:
    """The least book: a city, a county, and a unit of each."""
    places = [
        good_row("jurisdictions", jurisdiction="640300", level="city", parent=None),
        good_row("jurisdictions"),
    ]
    units = [
        good_row("units", unit=f"{code}-congress", jurisdiction=code)
        for code in ("640300", "640302")
    ]
    return {
        "行政区": sheet_table(places, "jurisdictions"),
        "单位": sheet_table(units, "units"),
    }


def edited(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with something replaced in one of its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part], parts[part][:2000]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
