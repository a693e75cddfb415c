"""Tables that programs save under the name of a workbook: HTML, and the XML of Excel 2003.

Rules: what such a file shows is what it holds; in HTML all cells are text, in the XML they have
types, formulas and errors are read, and document types (hence entities) are not taken.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html.parser import HTMLParser

from tasks.intake import reasons
from tasks.intake.cells import Cell, ErrorValue, Formula
from tasks.intake.package import refusing_damage
from tasks.intake.raw import MOST_CELLS, Block, Listed, RawSheet, Source
from tasks.intake.refusal import Refused
from tasks.intake.separated import decode
from tasks.intake.sheetscan import local, parser_without_doctype

_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class _Grid:
    """A sheet being read cell by cell, in the order of a file."""

    def __init__(self, name: str, *, typed: bool) -> None:
        self.name = name
        self.typed = typed
        self.hidden = self.since_1904 = False
        self.merged: list[Block] = []
        self.hidden_rows: set[int] = set()
        self.row = self.column = 0
        self._cells: dict[int, dict[int, Cell]] = {}
        self._covered: set[tuple[int, int]] = set()
        self._columns = 0

    def start_row(self, number: int = 0, *, hidden: bool = False) -> None:
        """Begin the next row, or the row of that number."""
        if number and number <= self.row:
            raise ValueError("row out of order")
        self.row = number or self.row + 1
        self.column = 0
        if hidden:
            self.hidden_rows.add(self.row)

    def start_cell(self, number: int = 0, down: int = 1, across: int = 1) -> None:
        """Begin the next cell that no merged one covers, or the cell of that number."""
        if number and number <= self.column:
            raise ValueError("cell out of order")
        self.column = number or self.column + 1
        while (self.row, self.column) in self._covered:
            self.column += 1
        if down > 1 or across > 1:
            if down * across > MOST_CELLS // 100:
                raise ValueError("too many merged cells")
            block = Block(self.row, self.column, self.row + down - 1, self.column + across - 1)
            self.merged.append(block)
            self._covered.update(
                (row, column)
                for row in range(block.top, block.bottom + 1)
                for column in range(block.left, block.right + 1)
            )

    def put(self, cell: Cell) -> None:
        """What stands in the cell that was begun."""
        if cell != "":
            self._cells.setdefault(self.row, {})[self.column] = cell
            self._columns = max(self._columns, self.column)
            if self.row * self._columns > MOST_CELLS:
                raise ValueError("too many cells")

    def _rows(self) -> Iterator[tuple[int, list[Cell]]]:
        for number in range(1, max(self._cells, default=0) + 1):
            line = self._cells.get(number, {})
            yield number, [line.get(column, "") for column in range(1, self._columns + 1)]

    def sheet(self) -> RawSheet:
        """The sheet as it was read."""
        return RawSheet(
            self.name,
            typed=self.typed,
            rows=self._rows(),
            merged=self.merged,
            hidden=self.hidden_rows,
            since_1904=self.since_1904,
        )


class Grids:
    """The sheets of a file that was read whole."""

    def __init__(self, grids: list[_Grid]) -> None:
        self._grids = {grid.name: grid for grid in grids}
        if len(self._grids) != len(grids):
            raise ValueError("two sheets of one name")
        self.listed = [Listed(grid.name, grid.hidden) for grid in grids]

    def sheet(self, name: str) -> RawSheet:
        """A sheet."""
        return self._grids[name].sheet()


# HTML


class _HtmlTables(HTMLParser):
    """The tables of a page, each a sheet of the file's name, numbered from the second on."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[_Grid] = []
        self._name = name
        self._depth = 0
        self._text: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._depth += 1
            if self._depth > 1:
                raise ValueError("a table inside a table")
            number = len(self.grids) + 1
            self.grids.append(_Grid(self._name + (f" {number}" if number > 1 else ""), typed=False))
        elif tag in ("script", "style"):
            self._silent += 1
        elif not self._depth:
            return
        elif tag == "tr":
            self._end_cell()
            self.grids[-1].start_row(hidden=bool(_HIDDEN.search(given.get("style", ""))))
        elif tag in ("td", "th"):
            self._end_cell()
            grid = self.grids[-1]
            if not grid.row:
                grid.start_row()
            grid.start_cell(0, int(given.get("rowspan", "1")), int(given.get("colspan", "1")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._end_cell()
            self._depth = max(self._depth - 1, 0)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag in ("script", "style"):
            self._silent = max(self._silent - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._silent:
            self._text.append(_BLANKS.sub(" ", data))

    def _end_cell(self) -> None:
        if self._text is not None:
            self.grids[-1].put("".join(self._text).strip(" \n"))
            self._text = None


def read_html(source: Source) -> Grids:
    """The tables of an HTML file.

    Raises:
        Refused: it is no text, is damaged, or holds no table.
    """
    with refusing_damage(source.place):
        tables = _HtmlTables(source.name)
        tables.feed(_html_text(source))
        tables.close()
        if not tables.grids:
            raise Refused(reasons.NO_TABLE, source.place)
        return Grids(tables.grids)


def _html_text(source: Source) -> str:
    """The text of a page in the encoding that it names, else in one of those of a CSV."""
    named = _CHARSET.search(source.content[:4096])
    if not named or source.content.startswith((codecs.BOM_UTF8,)):
        return decode(source)
    name = named[1].decode().lower()
    return source.content.decode("gb18030" if name in ("gb2312", "gbk", "x-gbk") else name)


# The XML of Excel 2003


class _SpreadsheetXml:
    """The worksheets of SpreadsheetML 2003."""

    def __init__(self) -> None:
        self.grids: list[_Grid] = []
        self._since_1904 = False
        self._rows = 1
        self._type = ""
        self._formula = ""
        self._text: list[str] | None = None
        self._path: list[str] = []
        parser = self.parser = parser_without_doctype()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        self._path.append(kind)
        given = {local(key): value for key, value in attributes.items()}
        if kind == "Worksheet":
            self.grids.append(_Grid(given["Name"], typed=True))
            self.grids[-1].since_1904 = self._since_1904
            self._rows = 1
        elif kind == "Date1904":
            self._since_1904 = True
        elif kind == "Row" and "Table" in self._path:
            grid, hidden = self.grids[-1], given.get("Hidden") == "1"
            grid.start_row(int(given.get("Index", grid.row + self._rows)), hidden=hidden)
            # What one element says of several rows, it says of empty ones.
            self._rows = 1 + int(given.get("Span", "0"))
        elif kind == "Cell" and "Row" in self._path:
            down, across = int(given.get("MergeDown", "0")), int(given.get("MergeAcross", "0"))
            self.grids[-1].start_cell(int(given.get("Index", "0")), down + 1, across + 1)
            self._formula = given.get("Formula", "")
            if self._formula:
                self.grids[-1].put(Formula(self._formula))
        elif (kind == "Data" and "Cell" in self._path) or kind == "Visible":
            self._type = given.get("Type", "String")
            self._text = []

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        kind = local(name)
        self._path.pop()
        if self._text is None or kind not in ("Data", "Visible"):
            return
        text = "".join(self._text)
        self._text = None
        if kind == "Visible":
            self.grids[-1].hidden = text != "SheetVisible"
        elif not self._formula:
            self.grids[-1].put(_TYPES[self._type](text))


_TYPES: dict[str, Callable[[str], Cell]] = {
    "String": str,
    "Number": float,
    "DateTime": datetime.fromisoformat,
    "Boolean": lambda text: text == "1",
    "Error": ErrorValue,
}


def read_spreadsheet_xml(source: Source) -> Grids:
    """The worksheets of an Excel 2003 XML file.

    Raises:
        Refused: it is damaged.
    """
    with refusing_damage(source.place):
        sheets = _SpreadsheetXml()
        sheets.parser.Parse(source.content, True)
        return Grids(sheets.grids)
