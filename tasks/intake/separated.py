"""CSV files: UTF-8 with or without BOM, or GB18030 as Excel in China writes.

Rules: decoded strictly; what is neither is refused, and UTF-8 with a broken byte is told from
GB18030 rather than read as nonsense; a quoted line break does not begin a new row number. A first
line that names the separator, and the end-of-file character of DOS, are nobody's delivery.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from tasks.intake import readings, reasons
from tasks.intake.cells import Cell
from tasks.intake.raw import Listed, RawSheet, Source
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Refused

LONGEST_FIELD = 131_072
_END_OF_FILE = "\x1a"
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?(?=[\r\n])', re.IGNORECASE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Bytes that can only be UTF-8: a lead byte of three or four bytes with all its followers.
_UTF8_RUN = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _broken_utf8(content: bytes) -> bool:
    """Whether bytes that are not UTF-8 were meant to be: most of what is not ASCII still is."""
    inside = sum(len(run) for run in _UTF8_RUN.findall(content))
    beyond_ascii = len(content.translate(None, bytes(range(128))))
    return 2 * inside > beyond_ascii


def decode(source: Source) -> str:
    """The text of a CSV file.

    Raises:
        Refused: it is not text in one of the two encodings.
    """
    content = source.content
    if content.startswith(_UTF16):
        raise Refused(reasons.UTF16, source.place)
    if b"\0" in content:
        raise Refused(reasons.BINARY, source.place)
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if content.startswith(codecs.BOM_UTF8) or _broken_utf8(content):
            position = error.start + 1
            raise Refused(reasons.BROKEN_UTF8, source.place, position=position) from None
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        raise Refused(reasons.ENCODING, source.place) from None


def _rows(text: str, place: Place, separator: str) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            yield number, list[Cell](row)
    except csv.Error as error:
        where = Place(place.file, row=number + 1)
        if "field larger" in str(error):
            raise Refused(reasons.FIELD_TOO_LONG, where, limit=LONGEST_FIELD) from None
        raise Refused(reasons.BAD_QUOTES, where) from None


class SeparatedFile:
    """A CSV file, which is one sheet.

    Raises:
        Refused: it is not text, or (while its rows are taken) its quotation marks do not match.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = decode(source)
        self.listed = [Listed(source.name)]

    def sheet(self, name: str) -> RawSheet:
        """The only sheet."""
        text, notes = self._text, []
        if text.endswith(_END_OF_FILE):
            text = text.rstrip(_END_OF_FILE)
            notes.append(Reading(name, 0, "", "^Z", "", readings.END_OF_FILE))
        named = _SEPARATOR_LINE.match(text)
        rows = _rows(text, self._source.place, named[1] if named else ",")
        if named:
            next(rows)
            notes.append(Reading(name, 1, "", named[0], "", readings.SEPARATOR_LINE))
        return RawSheet(name, typed=False, rows=rows, readings=notes)
