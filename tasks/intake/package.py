"""The inside of an XLSX file, looked through before anything else reads it.

Rules: every part is unpacked once within a limit and its checksum compared, so that a packed bomb
or a damaged part is found here; no document types, hence no entities; a sheet's cells must lie
within bounds, because the reader keeps room for all cells between the first and the last. Formulas
and errors are found here, for the reader shows only what Excel last computed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tasks.intake import reasons
from tasks.intake.headings import column_letter
from tasks.intake.raw import MEGABYTE, Source
from tasks.intake.refusal import Place, Refused
from tasks.intake.sheetscan import SheetScan, local, parser_without_doctype

LARGEST_UNPACKED = 768 * MEGABYTE
MOST_PARTS = 2_000
MOST_CELLS = 8_000_000
MOST_TEXT = 2_000 * MEGABYTE
CHUNK = 1 << 18
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_PASSWORD_MARK = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED = 0x1


def is_package(content: bytes) -> bool:
    """Whether bytes claim to be a workbook, of whatever age."""
    return content.startswith((_ZIP, _OLE, b"PK\x05\x06"))


@contextmanager
def refusing_damage(place: Place) -> Iterator[None]:
    """Whatever goes wrong inside a foreign file is a refusal; a reader's panic is no exception."""
    try:
        yield
    except (Refused, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise Refused(reasons.DAMAGED, place) from error


class Package:
    """A workbook's parts.

    Raises:
        Refused: it is no XLSX workbook, has a password, is damaged or too large.
    """

    def __init__(self, source: Source) -> None:
        self.place = source.place
        if source.content.startswith(_OLE):
            protected = _PASSWORD_MARK in source.content
            raise Refused(reasons.PASSWORD if protected else reasons.OLD_WORKBOOK, self.place)
        if not source.content.startswith(_ZIP):
            raise Refused(reasons.NOT_A_WORKBOOK, self.place)
        with refusing_damage(self.place):
            self._archive = zipfile.ZipFile(io.BytesIO(source.content))
            self._inspect()
            self.sheets = self._sheets()
            self._longest = self._longest_shared_text()

    def _inspect(self) -> None:
        entries = self._archive.infolist()
        names = {entry.filename.lower() for entry in entries}
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise Refused(reasons.PASSWORD, self.place)
        if _WORKBOOK not in self._archive.namelist() or "xl/workbook.bin" in names:
            raise Refused(reasons.NOT_A_WORKBOOK, self.place)
        if len(names) != len(entries):
            raise Refused(reasons.DAMAGED, self.place)
        too_many = len(entries) > MOST_PARTS
        if too_many or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
            limit = LARGEST_UNPACKED // MEGABYTE
            raise Refused(reasons.UNPACKS_TOO_LARGE, self.place, limit=limit)
        for entry in entries:
            # Unpacked within its declared size; the checksum tells whether that was all.
            if not entry.filename.startswith("xl/worksheets/"):
                with self._archive.open(entry) as part:
                    while part.read(CHUNK):
                        pass

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
            if local(name) == "sheet":
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
            Refused: it is damaged, too large or has merged cells.
        """
        place = Place(self.place.file, sheet)
        with refusing_damage(place), self._archive.open(self.sheets[sheet]) as part:
            scan = SheetScan(part)
        if scan.last_row * scan.last_column > MOST_CELLS:
            letter = column_letter(scan.last_column - 1)
            raise Refused(
                reasons.TOO_MANY_CELLS, place, row=scan.last_row, column=letter, limit=MOST_CELLS
            )
        if scan.shared_texts * self._longest > MOST_TEXT:
            limit = MOST_TEXT // MEGABYTE
            raise Refused(reasons.UNPACKS_TOO_LARGE, place, limit=limit)
        if scan.merged:
            raise Refused(reasons.MERGED_CELLS, place, range=scan.merged)
        return scan
