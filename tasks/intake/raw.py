"""A sheet as it was delivered, before its columns say what its cells mean.

Rules: rows bear the numbers that a spreadsheet shows; what a format says beside the values (merged
cells, hidden rows, formulas, errors) comes along, for a value alone does not say it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tasks.intake import reasons
from tasks.intake.cells import Cell, ErrorValue, Formula
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Refused

MEGABYTE = 1 << 20
LARGEST_FILE = 128 * MEGABYTE
MOST_CELLS = 8_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes with the name by which people know it."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def place(self) -> Place:
        """The file as a place."""
        return Place(file=self.name)


@dataclass(frozen=True, slots=True)
class Block:
    """A range of merged cells; rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """The range as a spreadsheet names it, such as `A1:B3`."""
        first, last = column_letter(self.left - 1), column_letter(self.right - 1)
        return f"{first}{self.top}:{last}{self.bottom}"


@dataclass(frozen=True, slots=True)
class RawSheet:
    """Rows with the numbers that a spreadsheet shows; `typed` when its cells have types.

    `hidden` are the numbers of rows that are hidden or filtered out; `readings` are those of the
    sheet as a whole.
    """

    name: str
    typed: bool
    rows: Iterator[tuple[int, list[Cell]]]
    merged: Sequence[Block] = ()
    hidden: Collection[int] = ()
    since_1904: bool = False
    readings: Sequence[Reading] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet of a workbook; `hidden` also where only a program can show it."""

    name: str
    hidden: bool = False
    cells: bool = True


class Sheets(Protocol):
    """An opened file: its sheets, each read when it is asked for."""

    @property
    def listed(self) -> Sequence[Listed]:
        """The sheets in their order."""
        ...

    def sheet(self, name: str) -> RawSheet:
        """A sheet.

        Raises:
            Refused: it is damaged or too large.
        """
        ...


Special = Formula | ErrorValue


@dataclass(slots=True)
class Scan:
    """What the values of a sheet do not say; rows and columns from 1."""

    last_row: int = 0
    last_column: int = 0
    merged: list[Block] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    special: dict[int, dict[int, Special]] = field(default_factory=dict)

    def specials(self, row: int) -> Mapping[int, Special]:
        """Column → formula or error, of a row."""
        return self.special.get(row, {})

    @property
    def special_rows(self) -> set[int]:
        """The rows with formulas or errors."""
        return set(self.special)

    def within_bounds(self, place: Place) -> None:
        """Refuse a sheet whose cells, first to last, would take too much room.

        Raises:
            Refused: they are too many.
        """
        if self.last_row * self.last_column > MOST_CELLS:
            letter = column_letter(self.last_column - 1)
            raise Refused(
                reasons.TOO_MANY_CELLS, place, row=self.last_row, column=letter, limit=MOST_CELLS
            )


def overlaid(
    rows: Iterable[Sequence[Cell]], scan: Scan, front: int = 0
) -> Iterator[tuple[int, list[Cell]]]:
    """Rows from the first on, with formulas and errors where they stand; `front` columns added."""
    special = scan.special_rows
    number = 0
    before: list[Cell] = [""] * front
    for number, cells in enumerate(rows, start=1):
        row = before + list(cells)
        yield number, _with(row, scan.specials(number)) if number in special else row
    # Formulas that were never computed may stand below the last value.
    for below in sorted(row for row in special if row > number):
        yield below, _with([], scan.specials(below))


def _with(row: list[Cell], specials: Mapping[int, Special]) -> list[Cell]:
    for column, cell in specials.items():
        row += [""] * (column - len(row))
        row[column - 1] = cell
    return row


def column_letter(index: int) -> str:
    """The letter over a spreadsheet's column, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def load(path: Path) -> Source:
    """Read a file whole.

    Raises:
        Refused: it is missing, a folder, empty, too large, or cannot be read.
    """
    place = Place(file=path.name)
    try:
        if path.is_dir():
            raise Refused(reasons.IS_FOLDER, place)
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise Refused(reasons.NOT_FOUND, place) from None
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or type(error).__name__
        raise Refused(reasons.UNREADABLE, place, cause=cause) from error
    if len(content) > LARGEST_FILE:
        raise Refused(reasons.TOO_LARGE, place, limit=LARGEST_FILE // MEGABYTE)
    if not content:
        raise Refused(reasons.EMPTY_FILE, place)
    return Source(path.name, content)


def with_next(
    rows: Iterable[tuple[int, list[Cell]]],
) -> Iterator[tuple[tuple[int, list[Cell]], Sequence[Cell]]]:
    """Each row with the cells of the next; none after the last."""
    given = iter(rows)
    current = next(given, None)
    while current is not None:
        following = next(given, None)
        yield current, following[1] if following else ()
        current = following
