"""Names that stand beside ids in what people fill in, and whether a name is that of its id.

Rules: a name is written beside an id for whoever proof-reads; it is never taken over. One that is
not the id's rejects the row, since either may be the mistake; an id that is not known yet has no
name, and an empty cell says nothing. A unit is named by place and body, a post by unit and kind. An
officer bears the name that the roster has for the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache

from schemas.aliases import plain_name
from schemas.names import OF_THE_BODY, post_name, unit_name
from schemas.registers import REGISTERS
from schemas.text import Text
from schemas.vocabulary import Body, Level, PostKind
from tasks.intake import reasons
from tasks.intake.characters import problem
from tasks.intake.delivery import Delivery
from tasks.intake.refusal import Rejection

# Register and key → the row's cells, or None.
RowOf = Callable[[str, str], Mapping[str, object] | None]

# Person → the names under which they stand on record as an officer.
OfficerNames = Callable[[str], Collection[str]]

# Whose key stands in a cell → what its rows are named by.
NAMED = ("jurisdictions", "units", "officers", "roster", "posts", "candidates")


def nothing_stands(_register: str, _key: str) -> Mapping[str, object] | None:
    """The record before the first delivery."""
    return None


def nobody_named(_person: str) -> Collection[str]:
    """The names of officers before the first delivery."""
    return ()


def with_delivered(deliveries: Mapping[str, Delivery], row_of: RowOf) -> RowOf:
    """The rows on record, with those of a delivery in their place."""

    @cache
    def delivered(register: str) -> Mapping[object, Mapping[str, object]]:
        rows = deliveries[register].rows if register in deliveries else ()
        return {row[REGISTERS[register].key[0]]: row for row in rows}

    return lambda register, key: delivered(register).get(key) or row_of(register, key)


def named_columns(register: str) -> dict[str, str]:
    """The columns of a register whose ids have names → the register that they are ids of."""
    own = REGISTERS[register].key[0] if len(REGISTERS[register].key) == 1 else ""
    found = {
        column: target
        for column, target in REGISTERS[register].references.items()
        if target in NAMED
    }
    # Where the name is a column of the register's own it stands there already.
    return {**found, **({own: register} if register in ("posts", "candidates") else {})}


def name_of(register: str, key: str, row_of: RowOf) -> Text | None:
    """What an id is called in both languages; None where it is not known."""
    row = row_of(register, key)
    if row is None:
        return None
    if register == "candidates":
        return name_of("roster", str(row["person"]), row_of)
    if register == "units":
        place = row_of("jurisdictions", str(row["jurisdiction"]))
        return unit_name(str(place["name"]), str(row["body"])) if place else None
    if register == "posts":
        return _post_named(row, row_of)
    name = str(row["name"])
    return Text(name, name)


def _post_named(post: Mapping[str, object], row_of: RowOf) -> Text | None:
    unit = row_of("units", str(post["unit"]))
    place = unit and row_of("jurisdictions", str(unit["jurisdiction"]))
    if not unit or not place:
        return None
    kind, body = PostKind(str(post["kind"])), Body(str(unit["body"]))
    name = str(place["name"])
    called = post_name(kind, body, Level(str(place["level"])), name)
    of = f"{body.label.en} " if kind in OF_THE_BODY else ""
    return Text(f"{name}{called.zh}", f"{name} {of}{called.en}")


def misnamed(
    delivery: Delivery, row_of: RowOf, officer_names: OfficerNames = nobody_named
) -> list[Rejection]:
    """The rows of which a name is not that of its id, or of the same person elsewhere."""
    columns = named_columns(delivery.register)
    found: list[Rejection] = []
    for row, number in zip(delivery.rows, delivery.row_numbers, strict=True):
        for name in _borne_elsewhere(delivery.register, row, row_of, officer_names):
            if plain_name(name) != plain_name(str(row["name"])):
                why = problem(
                    reasons.NAME_OF_ANOTHER, id=row["person"], name=name, given=row["name"]
                )
                found.append(delivery.rejection(row, number, ("name",), why))
                break
        for column, given in delivery.names.get(number, {}).items():
            value = row[column]
            known = None if value is None else name_of(columns[column], str(value), row_of)
            if known and plain_name(given) not in {plain_name(known.zh), plain_name(known.en)}:
                why = problem(reasons.NAME_OF_ANOTHER, id=value, name=known, given=given)
                found.append(delivery.rejection(row, number, (column,), why))
    return found


def _borne_elsewhere(
    register: str, row: Mapping[str, object], row_of: RowOf, officer_names: OfficerNames
) -> Iterator[str]:
    """The names that the roster has for an officer's person, or officers for one of the roster."""
    if register == "officers":
        listed = row_of("roster", str(row["person"]))
        if listed:
            yield str(listed["name"])
    elif register == "roster":
        yield from officer_names(str(row["person"]))
