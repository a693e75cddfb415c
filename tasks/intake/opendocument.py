"""ODS workbooks (OpenDocument): their sheets with typed cells.

Rules: as for XLSX, the package is looked through before its values are read, without document types
and within bounds, repeated rows and cells counted; formulas stand in the sheet as what they are.
"""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from tasks.intake import reasons
from tasks.intake.cells import Formula
from tasks.intake.package import archive_of, refusing_damage
from tasks.intake.raw import Block, RawSheet, Scan, Source
from tasks.intake.refusal import Place, Refused
from tasks.intake.sheetscan import local, parser_without_doctype
from tasks.intake.workbook import listed, raw_sheet

CONTENT = "content.xml"
_ENCRYPTION = b"encryption-data"
_FIRST_OF_1904 = "1904-01-01"
# Rows and cells that are repeated to the end of the sheet hold nothing; more than this do.
_MOST_REPEATED = 65_536


class _ContentScan:
    """What the values of the sheets do not say, sheet by sheet, from `content.xml`."""

    def __init__(self) -> None:
        self.scans: dict[str, Scan] = {}
        self.since_1904 = False
        self._scan = Scan()
        self._tables = 0
        self._row = self._column = 0
        self._rows = 1
        self._hidden = False
        parser = self.parser = parser_without_doctype()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "table" and name.startswith("table:"):
            self._tables += 1
            if self._tables > 1:
                raise ValueError("a table inside a table")
            self._scan = self.scans[attributes["table:name"]] = Scan()
            self._row = 0
        elif kind == "null-date":
            self.since_1904 = attributes.get("table:date-value") == _FIRST_OF_1904
        elif kind == "table-row":
            self._rows = int(attributes.get("table:number-rows-repeated", "1"))
            self._hidden = attributes.get("table:visibility") in ("collapse", "filter")
            self._column = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        columns = int(attributes.get("table:number-columns-repeated", "1"))
        first = self._column + 1
        self._column += columns
        top = self._row + 1
        down = int(attributes.get("table:number-rows-spanned", "1"))
        across = int(attributes.get("table:number-columns-spanned", "1"))
        if down > 1 or across > 1:
            block = Block(top, first, top + down - 1, first + across - 1)
            self._scan.merged.append(block)
        formula = attributes.get("table:formula")
        if formula is None and "office:value-type" not in attributes:
            return
        self._scan.last_row = max(self._scan.last_row, self._row + self._rows)
        self._scan.last_column = max(self._scan.last_column, self._column)
        if formula is not None:
            if self._rows * columns > _MOST_REPEATED:
                raise ValueError("a formula repeated too often")
            for row in range(top, top + self._rows):
                line = self._scan.special.setdefault(row, {})
                line.update(dict.fromkeys(range(first, first + columns), Formula(f"={formula}")))

    def _end(self, name: str) -> None:
        if name == "table:table":
            self._tables -= 1
        elif local(name) == "table-row":
            if self._hidden and self._rows <= _MOST_REPEATED:
                self._scan.hidden.update(range(self._row + 1, self._row + self._rows + 1))
            self._row += self._rows


class OpenDocument:
    """An opened ODS workbook.

    Raises:
        Refused: it has a password, is damaged or too large.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        with refusing_damage(source.place):
            archive = archive_of(source, CONTENT)
            if _ENCRYPTION in archive.read("META-INF/manifest.xml"):
                raise Refused(reasons.PASSWORD, source.place)
            scan = _ContentScan()
            with archive.open(CONTENT) as part:
                scan.parser.ParseFile(part)
            self._scans, self._since_1904 = scan.scans, scan.since_1904
        for name, one in self._scans.items():
            one.within_bounds(Place(source.name, name))
        with refusing_damage(source.place):
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
            self.listed = listed(self._book)
            if [one.name for one in self.listed] != list(self._scans):
                raise Refused(reasons.DAMAGED, source.place)

    def sheet(self, name: str) -> RawSheet:
        """A sheet's rows, typed.

        Raises:
            Refused: the sheet is damaged.
        """
        place = Place(self._source.name, name)
        scan = self._scans[name]
        with refusing_damage(place):
            sheet = self._book.get_sheet_by_name(name)
        return raw_sheet(sheet, scan, place, since_1904=self._since_1904)
