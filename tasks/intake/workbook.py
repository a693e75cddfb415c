"""XLSX workbooks: their sheets with typed cells.

Rules: the package is looked through before its values are read (`tasks.intake.package`); formulas
and errors stand in the rows as what they are, also where Excel never computed a value, and also
errors that the reader does not know.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tasks.intake import reasons
from tasks.intake.cells import Cell
from tasks.intake.package import Package, refusing_damage
from tasks.intake.raw import Listed, RawSheet, Scan, Source, overlaid
from tasks.intake.refusal import Place, Refused

# The errors that calamine knows (its `CellErrorType`); it gives up the sheet for any other.
KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


def listed(book: CalamineWorkbook) -> list[Listed]:
    """The sheets of a workbook in their order."""
    return [
        Listed(
            one.name, one.visible != SheetVisibleEnum.Visible, one.typ == SheetTypeEnum.WorkSheet
        )
        for one in book.sheets_metadata
    ]


def raw_sheet(
    sheet: CalamineSheet, scan: Scan, place: Place, *, since_1904: bool = False
) -> RawSheet:
    """A sheet as it stands, formulas and errors among its rows, which may be damaged."""
    return RawSheet(
        place.sheet,
        typed=True,
        rows=_rows(sheet, scan, place),
        merged=scan.merged,
        hidden=scan.hidden,
        since_1904=since_1904,
    )


def _rows(sheet: CalamineSheet, scan: Scan, place: Place) -> Iterator[tuple[int, list[Cell]]]:
    with refusing_damage(place):
        # The reader leaves out empty columns in front.
        front = sheet.start[1] if sheet.start else 0
        yield from overlaid(sheet.iter_rows(), scan, front)


class Workbook:
    """An opened XLSX workbook.

    Raises:
        Refused: it has a password, is damaged or too large.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._package = Package(source)
        with refusing_damage(source.place):
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
            self.listed = listed(self._book)
            if {one.name for one in self.listed} != set(self._package.sheets):
                raise Refused(reasons.DAMAGED, source.place)

    def sheet(self, name: str) -> RawSheet:
        """A sheet's rows, typed.

        Raises:
            Refused: the sheet is damaged or too large.
        """
        place = Place(self._source.name, name)
        scan = self._package.scan(name)
        with refusing_damage(place):
            book = self._book
            if scan.errors - KNOWN_ERRORS:
                content = self._package.with_known_errors(name, KNOWN_ERRORS)
                book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            sheet = book.get_sheet_by_name(name)
        return raw_sheet(sheet, scan, place, since_1904=self._package.since_1904)
