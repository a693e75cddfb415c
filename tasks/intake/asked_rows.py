"""Rows of an ask list against what is on record now.

Rules: a row that stands so already is not delivered again; one that changed since the list was made
is rejected, so that an old list undoes nothing that was delivered after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from schemas.canonical import row_digest
from schemas.registers import REGISTERS
from tasks.intake import readings, reasons
from tasks.intake.asked import AS_OF_LENGTH
from tasks.intake.characters import problem
from tasks.intake.delivery import Delivery, Key, RowValues
from tasks.intake.readings import Reading


def as_of(register: str, row: Mapping[str, object] | None) -> str:
    """The state of a row as an ask list names it; nothing where there is no such row."""
    return "" if row is None else row_digest(register, row)[:AS_OF_LENGTH]


def _numbered(delivery: Delivery) -> Iterable[tuple[int, RowValues]]:
    return zip(delivery.row_numbers, delivery.rows, strict=True)


def held_against(delivery: Delivery, current: Mapping[Key, Key]) -> Delivery:
    """A delivery without the rows of an ask list that stand so, or that changed meanwhile."""
    if not delivery.asked:
        return delivery
    columns = [spec.name for spec in REGISTERS[delivery.register].columns]
    same: set[int] = set()
    stale = []
    for number, row in _numbered(delivery):
        cells = current.get(delivery.key(row))
        now = None if cells is None else dict(zip(columns, cells, strict=True))
        if number in delivery.asked and now == row:
            same.add(number)
        elif number in delivery.asked and delivery.asked[number] != as_of(delivery.register, now):
            key = REGISTERS[delivery.register].key
            stale.append(delivery.rejection(row, number, key, problem(reasons.LIST_IS_OLD)))
    left = delivery.without(stale)
    unchanged = [
        Reading(left.sheet, number, "", "", "", readings.UNCHANGED) for number in sorted(same)
    ]
    kept = [(number, row) for number, row in _numbered(left) if number not in same]
    return replace(
        left,
        rows=[row for _, row in kept],
        row_numbers=[number for number, _ in kept],
        delivered=left.delivered - len(same),
        readings=[*(one for one in left.readings if one.row not in same), *unchanged],
    )
