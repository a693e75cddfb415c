"""XLSX workbooks: their sheets with typed cells.

Rules: the package is looked through before its values are read (`tasks.intake.package`); formulas
and errors stand in the rows as what they are, also where Excel never computed a value.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from tasks.intake import reasons
from tasks.intake.cells import Cell
from tasks.intake.headings import LISTS_SHEET
from tasks.intake.package import Package, refusing_damage
from tasks.intake.raw import RawSheet, Source
from tasks.intake.refusal import Place, Refused
from tasks.intake.sheetscan import SheetScan


class Workbook:
    """An opened workbook.

    Raises:
        Refused: it is no XLSX workbook, has a password, is damaged or too large.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._package = Package(source)
        with refusing_damage(source.place):
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
            listed = {sheet.name: sheet.typ for sheet in self._book.sheets_metadata}
            if set(listed) != set(self._package.sheets):
                raise Refused(reasons.DAMAGED, source.place)
        self._charts = {n for n, kind in listed.items() if kind != SheetTypeEnum.WorkSheet}
        self.names = [name for name in self._book.sheet_names if name != LISTS_SHEET]

    def place(self, sheet: str) -> Place:
        """A sheet of this workbook as a place."""
        return Place(self._source.name, sheet)

    def sheet(self, name: str) -> RawSheet:
        """A sheet's rows, typed.

        Raises:
            Refused: the sheet is damaged, too large, a chart, or has merged cells.
        """
        place = self.place(name)
        if name in self._charts:
            raise Refused(reasons.NOT_CELLS, place)
        scan = self._package.scan(name)
        with refusing_damage(place):
            sheet = self._book.get_sheet_by_name(name)
        return RawSheet(name, typed=True, rows=_rows(sheet, scan, place))


def _rows(sheet: CalamineSheet, scan: SheetScan, place: Place) -> Iterator[tuple[int, list[Cell]]]:
    special = scan.special_rows
    number = 0
    with refusing_damage(place):
        # The reader leaves out empty columns in front.
        front: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            row = front + list[Cell](cells)
            yield number, _overlaid(row, number, scan) if number in special else row
        # Formulas that were never computed may stand below the last value.
        for below in sorted(row for row in special if row > number):
            yield below, _overlaid([], below, scan)


def _overlaid(row: list[Cell], number: int, scan: SheetScan) -> list[Cell]:
    for column, cell in scan.specials(number).items():
        row += [""] * (column - len(row))
        row[column - 1] = cell
    return row
