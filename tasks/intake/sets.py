"""Checks of what was delivered as a set: keys, references, and facts that must agree.

Rules: all rows of a doubled key are rejected, each naming the other; what a row refers to must be
accepted in the same delivery or already be on record, so that rejecting a row rejects those that
hang on it; ids that contain others must contain the right ones; nothing happened on a day after the
delivery's. Pure: what is on record comes as functions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import cast

from schemas.partial_days import first_day
from schemas.registers import REGISTERS
from schemas.text import Text
from schemas.vocabulary import Level
from tasks.intake import reasons
from tasks.intake.agreement import disagreements
from tasks.intake.cells import Value
from tasks.intake.characters import Problem, problem
from tasks.intake.delivery import Delivery, Key, key_text
from tasks.intake.geography import with_oddities
from tasks.intake.names import (
    OfficerNames,
    RowOf,
    misnamed,
    nobody_named,
    nothing_stands,
    with_delivered,
)
from tasks.intake.refusal import Rejection, nearest

# Register → the keys on record (as `key_text` writes them; a single column's key as it is).
Known = Callable[[str], Collection[str]]
# Jurisdiction code → its level on record, or None.
LevelOf = Callable[[str], str | None]
# Candidate → their unit on record, or None.
UnitOf = Callable[[str], str | None]
# Register and key → the rows on record that refer to it, as (register, key).
Referring = Callable[[str, str], Iterable[tuple[str, str]]]

# Hints are looked for among few names only: for the first of many alike ids they say nothing.
HINTS, HINT_NAMES = 20, 500


def nothing_known(_register: str) -> Collection[str]:
    """The record before the first delivery."""
    return ()


def no_level(_code: str) -> str | None:
    """Levels before the first delivery."""
    return None


def no_unit(_candidate: str) -> str | None:
    """Candidates before the first delivery."""
    return None


def check_set(  # noqa: PLR0913 (what is on record comes as functions)
    deliveries: Mapping[str, Delivery],
    known: Known = nothing_known,
    level_of: LevelOf = no_level,
    unit_of: UnitOf = no_unit,
    unread: Collection[str] = (),
    row_of: RowOf = nothing_stands,
    on: date = date.max,
    *,
    officer_names: OfficerNames = nobody_named,
) -> dict[str, Delivery]:
    """The deliveries with the rows rejected that do not hold as a set, in the registers' order.

    `unread` are registers that were delivered too, but could not be read; `row_of` gives rows on
    record, and `officer_names` the names of a person as an officer, for the names that stand beside
    ids; `on` is the day of the delivery.
    """
    checked: dict[str, Delivery] = {}
    levels: dict[str, str] = {}
    units: dict[str, str] = {}

    def level(code: str) -> str | None:
        return levels.get(code) or level_of(code)

    named = with_delivered(deliveries, row_of)

    # An officer whose row is delivered too is held against the roster with that row.
    renamed = {str(row["person"]) for row in _rows_of(deliveries, "officers")}

    def names(person: str) -> Collection[str]:
        return () if person in renamed else officer_names(person)

    def unit(candidate: str) -> str | None:
        return unit_of(candidate) or units.get(candidate)

    for name in REGISTERS:
        if name not in deliveries:
            continue
        delivery = deliveries[name]
        delivery = delivery.without([*_to_come(delivery, on), *_doubled(delivery)])
        if name == "jurisdictions":
            delivery = delivery.without(_relevelled(delivery, level_of))
            levels.update((str(row["jurisdiction"]), str(row["level"])) for row in delivery.rows)
        delivery = delivery.without(
            [
                delivery.rejection(row, number, (column,), found)
                for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
                for column, found in disagreements(name, row, level)
            ]
        )
        delivery = delivery.without(_of_other_units(delivery, unit))
        delivery = delivery.without(misnamed(delivery, named, names))
        delivery = _with_references(delivery, checked, known, unread)
        checked[name] = with_oddities(delivery, named)
        if name == "candidates":
            units.update((str(row["candidate"]), str(row["unit"])) for row in checked[name].rows)
    return checked


def _rows_of(deliveries: Mapping[str, Delivery], register: str) -> Iterable[Mapping[str, object]]:
    return deliveries[register].rows if register in deliveries else ()


def referring_in(
    deliveries: Mapping[str, Delivery], register: str, key: str
) -> Iterator[tuple[str, str]]:
    """The rows of deliveries that refer to a row, as register and key."""
    for name, one in deliveries.items():
        for column, target in REGISTERS[name].references.items():
            if target == register and column in one.headings:
                yield from ((name, key_text(one.key(x))) for x in one.rows if x[column] == key)


def check_withdrawal(
    delivery: Delivery, known: Known, referring: Referring = lambda _register, _key: ()
) -> Delivery:
    """A withdrawal with the rows rejected that are not on record or still referred to.

    A row may be withdrawn together with those of the same register that refer to it.
    """
    delivery = delivery.without(_doubled(delivery))
    on_record = set(known(delivery.register))
    columns = REGISTERS[delivery.register].key
    delivery = delivery.without(
        [
            delivery.rejection(row, number, columns, problem(reasons.NOT_ON_RECORD))
            for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
            if key_text(delivery.key(row)) not in on_record
        ]
    )
    while True:
        going = {(delivery.register, key_text(delivery.key(row))) for row in delivery.rows}
        held: list[Rejection] = []
        for row, number in zip(delivery.rows, delivery.row_numbers, strict=True):
            key = key_text(delivery.key(row))
            holder = next(
                (pair for pair in referring(delivery.register, key) if pair not in going), None
            )
            if holder:
                title = REGISTERS[holder[0]].title
                found = problem(reasons.STILL_REFERRED, register=title, key=holder[1])
                held.append(delivery.rejection(row, number, columns, found))
        if not held:
            return delivery
        delivery = delivery.without(held)


def _doubled(delivery: Delivery) -> list[Rejection]:
    """Rows whose key occurs twice, also where one of them is already rejected."""
    numbers: dict[Key, list[int]] = {key: [row] for key, row in delivery.rejected_keys.items()}
    keys = list(map(delivery.key, delivery.rows))
    if len(numbers.keys() | set(keys)) == len(numbers) + len(keys):
        return []
    for key, number in zip(keys, delivery.row_numbers, strict=True):
        numbers.setdefault(key, []).append(number)
    register = REGISTERS[delivery.register]
    labels = [register.column[name].column.label for name in register.key]
    columns = Text(
        "、".join(label.zh for label in labels), " and ".join(label.en for label in labels)
    )
    found: list[Rejection] = []
    for key, row, number in zip(keys, delivery.rows, delivery.row_numbers, strict=True):
        same = numbers[key]
        if len(same) > 1:
            # The first two suffice to find all; a column of one value must not name every row.
            others = next(other for other in same if other != number)
            where = delivery.where(others)
            why = problem(reasons.DUPLICATE_KEY, where=where, columns=columns)
            found.append(delivery.rejection(row, number, register.key, why))
    return found


def _to_come(delivery: Delivery, on: date) -> list[Rejection]:
    """Rows that say of a day after the delivery's that something happened on it."""
    specs = REGISTERS[delivery.register].columns
    columns = [one.name for one in specs if one.happened and one.name in delivery.headings]
    found = problem(reasons.NOT_COME, on=on.isoformat())
    return [
        delivery.rejection(row, number, (name,), found)
        for name in columns
        for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
        if (day := row[name]) is not None and _first_day(day) > on
    ]


def _first_day(day: Value) -> date:
    return first_day(day) if isinstance(day, str) else cast("date", day)


def _relevelled(delivery: Delivery, level_of: LevelOf) -> list[Rejection]:
    """Jurisdictions whose level on record is another: what stands below them hangs on it."""
    return [
        delivery.rejection(
            row, number, ("level",), problem(reasons.LEVEL_ON_RECORD, level=Level(level).label)
        )
        for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
        if (level := level_of(str(row["jurisdiction"]))) and level != row["level"]
    ]


def _of_other_units(delivery: Delivery, unit_of: UnitOf) -> list[Rejection]:
    """Rows about a candidate of another unit than the row's: that unit would never hear of it."""
    if not {"unit", "candidate"} <= set(delivery.headings):
        return []
    return [
        delivery.rejection(
            row,
            number,
            ("unit",),
            problem(reasons.UNIT_OF_CANDIDATE, candidate=row["candidate"], unit=unit),
        )
        for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
        if row["candidate"] and (unit := unit_of(str(row["candidate"]))) and unit != row["unit"]
    ]


def _with_references(
    delivery: Delivery, checked: Mapping[str, Delivery], known: Known, unread: Collection[str]
) -> Delivery:
    """Reject rows that refer to nothing, until no further row falls with them."""
    references = REGISTERS[delivery.register].references
    columns = [name for name in references if name in delivery.headings]
    while True:
        rejections: list[Rejection] = []
        for name in columns:
            target = references[name]
            own = delivery if target == delivery.register else checked.get(target)
            if target in unread:
                rejections += _into_unread(delivery, name, target, known(target))
            else:
                rejections += _unresolved(delivery, name, target, own, known(target))
        if not rejections:
            return delivery
        delivery = delivery.without(rejections)


def _into_unread(
    delivery: Delivery, column: str, target: str, on_record: Collection[str]
) -> list[Rejection]:
    """Rows that refer to a register that could not be read: they fall with it."""
    why = problem(reasons.UNREAD_REFERENCE, register=REGISTERS[target].title)
    return [
        delivery.rejection(row, number, (column,), why, (target, 0))
        for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
        if row[column] is not None and row[column] not in on_record
    ]


def _unresolved(
    delivery: Delivery, column: str, target: str, own: Delivery | None, on_record: Collection[str]
) -> list[Rejection]:
    key = REGISTERS[target].key[0]
    here = {row[key] for row in own.rows} if own else set()
    fallen: Mapping[Key, int] = own.fallen if own else {}
    recorded = frozenset(on_record)
    found: list[Rejection] = []
    hinted: dict[object, Problem] = {}
    for row, number in zip(delivery.rows, delivery.row_numbers, strict=True):
        value = row[column]
        if value is None or value in here or value in recorded:
            continue
        at = fallen.get((value,))
        if value not in hinted:
            title = REGISTERS[target].title
            if own and at:
                unfilled = at in own.unfilled
                why = reasons.UNFILLED_REFERENCE if unfilled else reasons.REJECTED_REFERENCE
                hinted[value] = problem(why, register=title, where=own.where(at))
            else:
                few = len(hinted) < HINTS and len(here) + len(recorded) <= HINT_NAMES
                names = sorted({*map(str, here), *recorded}) if few else []
                hint = nearest(str(value), names)
                hinted[value] = problem(reasons.UNKNOWN_REFERENCE, register=title, hint=hint)
        cause = (target, at) if at else None
        found.append(delivery.rejection(row, number, (column,), hinted[value], cause))
    return found
