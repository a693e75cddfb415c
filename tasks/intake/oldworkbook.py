"""XLS workbooks of Excel 97-2003, and ET workbooks of WPS: the same records in a compound file.

Rules: calamine reads the values, and takes a formula for its value and an error for nothing; so the
records are looked through as well ([MS-XLS] 2.4), and formulas, errors, merged cells and hidden
rows stand in the sheet as what they are. A record or sector out of place is damage.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from python_calamine import CalamineWorkbook

from tasks.intake import reasons
from tasks.intake.cells import ErrorValue, Formula
from tasks.intake.package import refusing_damage
from tasks.intake.raw import Block, RawSheet, Scan, Source
from tasks.intake.refusal import Place, Refused
from tasks.intake.workbook import listed, raw_sheet

_FREE = 0xFFFFFFFA
_ENTRY, _STREAM, _ROOT = 128, 2, 5
_BOF, _EOF, _SHEET, _DATES, _PASSWORD = 0x0809, 0x000A, 0x0085, 0x0022, 0x002F
_FORMULA, _ERROR, _ROW, _MERGED = 0x0006, 0x0205, 0x0208, 0x00E5
_TEXTS, _BOUNDS = 0x00FC, 0x0200
_LAST_ROW, _LAST_COLUMN = 65_536, 256
_ZERO_HEIGHT = 0x20
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


class _Compound:
    """The streams of a compound file ([MS-CFB])."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        first, _, self._cutoff, mini, _, more, _ = struct.unpack_from("<IIIIIII", content, 48)
        sectors = list(struct.unpack_from("<109I", content, 76))
        per_sector = self._size // 4
        while more < _FREE:
            *found, more = struct.unpack(f"<{per_sector}I", self._sector(more))
            sectors += found
            if len(sectors) > len(content) // self._size + per_sector + 109:
                raise ValueError("a loop of sectors")
        self._next: list[int] = []
        for number in sectors:
            if number < _FREE:
                self._next += struct.unpack(f"<{per_sector}I", self._sector(number))
        chain = self._chain(first, self._next)
        entries = b"".join(map(self._sector, chain))
        self._mini_next = [
            one
            for number in self._chain(mini, self._next)
            for one in struct.unpack(f"<{per_sector}I", self._sector(number))
        ]
        self._streams: dict[str, tuple[int, int]] = {}
        self._mini = b""
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<II", entries, at + 116)
            name = entries[at : at + max(length - 2, 0)].decode("utf-16-le")
            if kind == _STREAM:
                self._streams.setdefault(name, (start, size))
            elif kind == _ROOT:
                self._mini = b"".join(map(self._sector, self._chain(start, self._next)))[:size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        found = self._content[at : at + self._size]
        if len(found) != self._size:
            raise ValueError("no such sector")
        return found

    def _chain(self, first: int, following: list[int]) -> Iterator[int]:
        left = len(following) + 1
        while first < _FREE:
            yield first
            first = following[first]
            left -= 1
            if not left:
                raise ValueError("a loop of sectors")

    def stream(self, *names: str) -> bytes:
        """The first of these streams that there is."""
        name = next(one for one in names if one in self._streams)
        start, size = self._streams[name]
        if size >= self._cutoff:
            return b"".join(map(self._sector, self._chain(start, self._next)))[:size]
        width = self._mini_size
        chain = self._chain(start, self._mini_next)
        return b"".join(self._mini[one * width : (one + 1) * width] for one in chain)[:size]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of the substream that begins at `at`, without those of substreams inside it."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        content = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if not depth:
                return
        elif depth == 1:
            yield kind, content
        elif not depth:
            raise ValueError("no beginning of a substream")


def _scanned(stream: bytes, at: int) -> Scan:
    scan = Scan()
    for kind, content in _records(stream, at):
        if kind == _FORMULA:
            row, column = struct.unpack_from("<HH", content)
            scan.special.setdefault(row + 1, {})[column + 1] = Formula("=…")
        elif kind == _ERROR and content[7]:
            row, column = struct.unpack_from("<HH", content)
            error = ErrorValue(_ERRORS.get(content[6], "#?"))
            scan.special.setdefault(row + 1, {})[column + 1] = error
        elif kind == _ROW and content[12] & _ZERO_HEIGHT:
            scan.hidden.add(struct.unpack_from("<H", content)[0] + 1)
        elif kind == _BOUNDS:
            first_row, rows, first_column, columns = struct.unpack_from("<IIHH", content)
            # The reader makes room for all of them before it looks at any.
            if not (first_row <= rows <= _LAST_ROW and first_column <= columns <= _LAST_COLUMN):
                raise ValueError("more cells than a sheet can have")
            scan.last_row, scan.last_column = rows, columns
        elif kind == _MERGED:
            for number in range(struct.unpack_from("<H", content)[0]):
                top, bottom, left, right = struct.unpack_from("<4H", content, 2 + number * 8)
                scan.merged.append(Block(top + 1, left + 1, bottom + 1, right + 1))
    return scan


class OldWorkbook:
    """An opened XLS workbook.

    Raises:
        Refused: it has a password or is damaged.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._since_1904 = False
        with refusing_damage(source.place):
            self._stream = _Compound(source.content).stream("Workbook", "Book")
            scans = [_scanned(self._stream, at) for at in self._offsets()]
        for scan in scans:
            scan.within_bounds(source.place)
        with refusing_damage(source.place):
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
            self.listed = listed(self._book)
            names = [one.name for one in self.listed]
            self._scans = dict(zip(names, scans, strict=True))

    def _offsets(self) -> Iterator[int]:
        """Where the sheets begin, in their order."""
        for kind, content in _records(self._stream, 0):
            if kind == _PASSWORD:
                raise Refused(reasons.PASSWORD, self._source.place)
            if kind == _DATES:
                self._since_1904 = bool(content[0])
            elif kind == _TEXTS and struct.unpack_from("<I", content, 4)[0] > len(self._stream):
                raise ValueError("more texts than there is room for")
            elif kind == _SHEET:
                yield struct.unpack_from("<I", content)[0]

    def sheet(self, name: str) -> RawSheet:
        """A sheet's rows, typed.

        Raises:
            Refused: the sheet is damaged or too large.
        """
        place = Place(self._source.name, name)
        scan = self._scans[name]
        with refusing_damage(place):
            sheet = self._book.get_sheet_by_name(name)
            if sheet.end:
                scan.last_row, scan.last_column = sheet.end[0] + 1, sheet.end[1] + 1
        return raw_sheet(sheet, scan, place, since_1904=self._since_1904)
