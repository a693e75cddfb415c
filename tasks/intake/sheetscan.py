"""One pass over the XML of a workbook's sheet: what its values do not say.

Rules: no document types, hence no entities; a formula is a formula whatever Excel last computed,
and an array formula fills its whole range; a cell that is not of its row, or a row or cell out of
order, is damage, for one of two would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from tasks.intake.cells import ErrorValue, Formula
from tasks.intake.raw import Block, Scan, Special

LAST_ROW = 1_048_576
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_LETTERS = re.compile(r"[A-Z]{1,3}")


def local(name: str) -> str:
    """A name of XML without its prefix."""
    return name.rpartition(":")[2]


def parser_without_doctype() -> expat.XMLParserType:
    """An XML parser that takes no document type."""
    parser = expat.ParserCreate()

    def doctype(*_parts: object) -> None:
        raise ValueError("document type")

    parser.StartDoctypeDeclHandler = doctype
    parser.buffer_text = True
    return parser


def column_number(letters: str) -> int:
    """The column of a cell's letters, counted from 1."""
    if not _LETTERS.fullmatch(letters):
        raise ValueError("not a column")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class SheetScan(Scan):
    """Bounds, merged cells, hidden rows, formulas and errors of a sheet, read from its XML.

    `last_row` and `last_column` (from 1) bound the cells that hold something; `shared_texts` counts
    those that point to the workbook's shared texts; `errors` are the kinds of its error values.
    """

    def __init__(self, part: IO[bytes]) -> None:
        super().__init__()
        self.shared_texts = 0
        self.errors: set[str] = set()
        self._spans: list[tuple[range, range, Formula]] = []
        self._row = self._column = 0
        self._suffix = ""
        self._type: str | None = None
        self._columns: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._text: list[str] | None = None
        self._span = ""
        self._parser = parser_without_doctype()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.ParseFile(part)
        del self._parser

    def specials(self, row: int) -> Mapping[int, Special]:
        """Column (from 1) → formula or error, of a row."""
        found: dict[int, Special] = {}
        for rows, columns, formula in self._spans:
            if row in rows:
                found.update(dict.fromkeys(columns, formula))
        return found | self.special.get(row, {})

    @property
    def special_rows(self) -> set[int]:
        """The rows with formulas or errors."""
        rows = set(self.special)
        return rows.union(*(span for span, _, _ in self._spans))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._names.get(name) or self._names.setdefault(name, local(name))
        if kind == "c":
            self._cell(attributes)
        elif kind in {"v", "is", "f"}:
            self._content(kind, attributes)
        elif kind == "row":
            above = self._row
            self._row = int(attributes["r"]) if "r" in attributes else above + 1
            if self._row <= above:
                raise ValueError("row out of order")
            self._suffix = str(self._row)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.add(self._row)
        elif kind == "mergeCell":
            rows, columns = _span(attributes["ref"])
            self.merged.append(Block(rows[0], columns[0], rows[-1], columns[-1]))

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._type = attributes.get("t")
        if reference is None:
            self._column += 1
            return
        if not reference.endswith(self._suffix):
            raise ValueError("cell outside its row")
        letters = reference[: -len(self._suffix)]
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters)
        if column <= self._column:
            raise ValueError("cell out of order")
        self._column = column

    def _content(self, kind: str, attributes: dict[str, str]) -> None:
        self.last_row = max(self.last_row, self._row)
        self.last_column = max(self.last_column, self._column)
        if kind == "f":
            # A shared formula stands in each of its cells; its range says nothing more.
            self._span = attributes.get("ref", "") if attributes.get("t") != "shared" else ""
            self._take()
        elif self._type == "s":
            self.shared_texts += 1
        elif self._type == "e":
            self._take()

    def _take(self) -> None:
        self._text = []
        self._parser.CharacterDataHandler = self._text.append

    def _end(self, name: str) -> None:
        if self._text is None:
            return
        text = "".join(self._text)
        self._text = None
        self._parser.CharacterDataHandler = None
        line = self.special.setdefault(self._row, {})
        if self._names[name] == "f":
            formula = line[self._column] = Formula(f"={text}")
            if self._span:
                self._spread(formula)
        else:
            line.setdefault(self._column, ErrorValue(text))
            self.errors.add(text)

    def _spread(self, formula: Formula) -> None:
        rows, columns = _span(self._span)
        if len(columns) > 1 or len(rows) > 1:
            self._spans.append((rows, columns, formula))
            self.last_row = max(self.last_row, rows[-1])
            self.last_column = max(self.last_column, columns[-1])


def _span(text: str) -> tuple[range, range]:
    """The rows and columns of a range such as `$A$1:B3`."""
    match = _RANGE.fullmatch(text)
    if not match:
        raise ValueError("not a range")
    left, top, right, bottom = match.groups()
    if int(bottom or top) > LAST_ROW:
        raise ValueError("not a row")
    rows = range(int(top), int(bottom or top) + 1)
    columns = range(column_number(left), column_number(right or left) + 1)
    if not rows or not columns:
        raise ValueError("a range the wrong way round")
    return rows, columns
