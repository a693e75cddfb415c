"""What was handed in: a book that is read already, or one that is read when it is taken.

Rules: people's own sheets are read while the write lock is held, since rows of the record are
looked up in them: those that stand when the file is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from data.submissions import ACCEPT, WITHDRAW
from schemas.registers import REGISTERS
from tasks.intake import reading
from tasks.intake.on_record import OnRecord
from tasks.intake.reading import Book

if TYPE_CHECKING:
    from tasks.intake.mapping import SheetMap


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A book that was handed in on a day, and whether its rows are to be taken or withdrawn.

    It is read already, unless rows of the record are looked up in it: those that stand when it is
    taken.
    """

    book: Callable[[OnRecord], Book]
    name: str
    mode: str
    on: date

    @property
    def called(self) -> str:
        """What people call it: one register by its title, else the file."""
        register = REGISTERS.get(self.name)
        return register.title.render() if register else self.name


def handed_in(
    on: date,
    register: str | None,
    file: Path,
    *,
    withdraw: bool = False,
    mapping: SheetMap | None = None,
) -> HandedIn:
    """What is handed in on a day.

    Raises:
        Refused: the file cannot be taken.
    """
    mode = WITHDRAW if withdraw else ACCEPT
    if mapping is not None:
        return HandedIn(
            lambda record: book_of(file, mapping, (), record), Path(file).name, mode, on
        )
    if register is None:
        book, name = reading.look_through(file, needed=()), Path(file).name
    else:
        delivery = reading.read_register(register, file, keys_only=withdraw)
        book, name = Book({delivery.register: delivery}, (), frozenset()), delivery.register
    return HandedIn(lambda _: book, name, mode, on)


def book_of(
    path: Path, mapping: SheetMap | None, needed: Collection[str], record: OnRecord | None
) -> Book:
    """A book, read by a map if there is one.

    Raises:
        Refused: it cannot be opened at all.
    """
    if mapping is None:
        return reading.look_through(path, needed)
    from tasks.intake.mapped import look_through_mapped

    return look_through_mapped(path, mapping, needed, record)
