"""What a file brings, held against what is on record: rows to be taken, and rows to be withdrawn.

Rules: a file of several registers is checked as one set; what an ask list withdraws follows what it
adds and changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from data.submissions import ACCEPT, WITHDRAW
from tasks.intake.asked_rows import held_against
from tasks.intake.delivery import Delivery
from tasks.intake.entitlement import Entitlement
from tasks.intake.on_record import OnRecord
from tasks.intake.reading import Book
from tasks.intake.sets import check_set, check_withdrawal, referring_in

# How rows go on record, and the delivery of a register that is taken so.
Part = tuple[str, Delivery]


def withdrawn(book: Book, record: OnRecord, may: Entitlement) -> list[Part]:
    """What a file withdraws by key."""
    return [
        (WITHDRAW, check_withdrawal(may.of(one), record.keys, record.referring))
        for one in book.deliveries.values()
    ]


def accepted(book: Book, record: OnRecord, on: date, may: Entitlement) -> list[Part]:
    """What a file adds and changes on a day, then what an ask list withdraws."""
    given = {name: may.of(one) for name, one in book.deliveries.items()}
    known = (record.keys, record.level_of, record.unit_of)
    names = record.officer_names
    checked = check_set(given, *known, book.unread, record.row_of, on, officer_names=names)
    parts = [
        (ACCEPT, held_against(one, record.current_rows(name)) if one.asked else one)
        for name, one in checked.items()
    ]

    def referring(register: str, key: str) -> Iterator[tuple[str, str]]:
        yield from record.referring(register, key)
        yield from referring_in(checked, register, key)

    going = [may.of(one.withdrawal) for one in given.values() if one.withdrawn]
    gone = [(WITHDRAW, check_withdrawal(one, record.keys, referring)) for one in going]
    return [*parts, *gone]


def by_register(taken: Iterable[Part]) -> list[Delivery]:
    """The deliveries of a file, those of one register as one: they came in one sheet."""
    found: dict[str, Delivery] = {}
    for _, one in taken:
        other = found.get(one.register)
        both = [*other.rejections, *one.rejections] if other else one.rejections
        found[one.register] = replace(one, rejections=both)
    return list(found.values())
