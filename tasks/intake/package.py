"""The inside of an XLSX file, looked through before anything else reads it.

Rules: every part is unpacked once within a limit and its checksum compared, so that a packed bomb
or a damaged part is found here; no document types, hence no entities; a sheet's cells must lie
within bounds, because the reader keeps room for all cells between the first and the last. Formulas
and errors are found here, for the reader shows only what Excel last computed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from tasks.intake import reasons
from tasks.intake.raw import MEGABYTE, Source
from tasks.intake.refusal import Place, Refused
from tasks.intake.sheetscan import SheetScan, local, parser_without_doctype

LARGEST_UNPACKED = 768 * MEGABYTE
MOST_PARTS = 2_000
MOST_TEXT = 2_000 * MEGABYTE
CHUNK = 1 << 18
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ENCRYPTED = 0x1
_ERROR_CELL = re.compile(
    rb"(<(?:\w+:)?c\b[^>]*\bt=[\"']e[\"'][^>]*>(?:\s*<(?:\w+:)?f\b(?:[^>]*/>|.*?</(?:\w+:)?f>))?"
    rb"\s*<(?:\w+:)?v>)([^<]*)",
    re.DOTALL,
)


@contextmanager
def refusing_damage(place: Place) -> Iterator[None]:
    """Whatever goes wrong inside a foreign file is a refusal; a reader's panic is no exception."""
    try:
        yield
    except (Refused, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise Refused(reasons.DAMAGED, place) from error


def archive_of(source: Source, scanned: str) -> zipfile.ZipFile:
    """A packed file that was looked through, but for the parts under `scanned`.

    Raises:
        Refused: it has a password, is damaged or too large.
    """
    place = source.place
    archive = zipfile.ZipFile(io.BytesIO(source.content))
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused(reasons.PASSWORD, place)
    if len(names) != len(entries):
        raise Refused(reasons.DAMAGED, place)
    too_many = len(entries) > MOST_PARTS
    if too_many or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        limit = LARGEST_UNPACKED // MEGABYTE
        raise Refused(reasons.UNPACKS_TOO_LARGE, place, limit=limit)
    for entry in entries:
        # Unpacked within its declared size; the checksum shows whether that was all.
        if not entry.filename.startswith(scanned):
            with archive.open(entry) as part:
                while part.read(CHUNK):
                    pass
    return archive


class Package:
    """The parts of an XLSX workbook; `since_1904` where it counts its days from 1904.

    Raises:
        Refused: it has a password, is damaged or too large.
    """

    def __init__(self, source: Source) -> None:
        self.place = source.place
        self.since_1904 = False
        with refusing_damage(self.place):
            self._archive = archive_of(source, "xl/worksheets/")
            self.sheets = self._sheets()
            self._longest = self._longest_shared_text()

    def _parse(self, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
        parser = parser_without_doctype()
        parser.StartElementHandler = start
        with self._archive.open(name) as part:
            parser.ParseFile(part)

    def _sheets(self) -> dict[str, str]:
        """Sheet name → part, in the workbook's order."""
        targets: dict[str, str] = {}
        listed: list[tuple[str, str]] = []

        def relation(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "Relationship":
                path = posixpath.join("/xl", attributes["Target"])
                targets[attributes["Id"]] = posixpath.normpath(path).lstrip("/")

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "workbookPr":
                self.since_1904 = attributes.get("date1904") in ("1", "true")
            elif local(name) == "sheet":
                reference = next(v for k, v in attributes.items() if local(k) == "id" and ":" in k)
                listed.append((attributes["name"], reference))

        self._parse(_RELATIONS, relation)
        self._parse(_WORKBOOK, sheet)
        return {name: targets[reference] for name, reference in listed}

    def _longest_shared_text(self) -> int:
        shared = [n for n in self._archive.namelist() if n.lower().endswith("sharedstrings.xml")]
        longest = length = 0

        def start(name: str, _attributes: dict[str, str]) -> None:
            nonlocal length
            if name.endswith("si"):
                length = 0

        def text(data: str) -> None:
            nonlocal length, longest
            length += len(data)
            longest = max(longest, length)

        for name in shared:
            parser = parser_without_doctype()
            parser.buffer_text = True
            parser.StartElementHandler = start
            parser.CharacterDataHandler = text
            with self._archive.open(name) as part:
                parser.ParseFile(part)
        return longest

    def scan(self, sheet: str) -> SheetScan:
        """Look through a sheet's cells.

        Raises:
            Refused: it is damaged or too large.
        """
        place = Place(self.place.file, sheet)
        with refusing_damage(place), self._archive.open(self.sheets[sheet]) as part:
            scan = SheetScan(part)
        scan.within_bounds(place)
        if scan.shared_texts * self._longest > MOST_TEXT:
            limit = MOST_TEXT // MEGABYTE
            raise Refused(reasons.UNPACKS_TOO_LARGE, place, limit=limit)
        return scan

    def with_known_errors(self, sheet: str, known: Collection[str]) -> bytes:
        """The workbook with the error values of a sheet that are not `known` made #N/A.

        The reader gives up a sheet for an error that it does not know; where errors stand, and
        which, the scan has said.
        """
        part = self.sheets[sheet]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as made:
            for name in self._archive.namelist():
                content = self._archive.read(name)
                if name == part:
                    content = _ERROR_CELL.sub(
                        lambda cell: cell[0] if cell[2].decode() in known else cell[1] + b"#N/A",
                        content,
                    )
                made.writestr(name, content)
        return buffer.getvalue()
