"""A sheet as it was delivered, before its columns say what its cells mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks.intake import reasons
from tasks.intake.cells import Cell
from tasks.intake.refusal import Place, Refused

MEGABYTE = 1 << 20
LARGEST_FILE = 128 * MEGABYTE


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
class RawSheet:
    """Rows with the numbers that a spreadsheet shows; `typed` when its cells have types."""

    name: str
    typed: bool
    rows: Iterator[tuple[int, list[Cell]]]


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
