"""Who may deliver what: as the policy pack says, by register, and by the places of the rows.

Rules: the officer's organ must be one that the pack lets deliver to the register, else nothing of
the delivery is taken; a row is at home where its unit or place is, or the row that it names, and so
is the row on record that it would replace; where the officer may not deliver for either, the row is
rejected, and so is one whose home nobody knows. What is on record says where a row stands before
what is delivered with it; a place that is moved is at home on both sides. The first book of a cycle
is brought whole by a founder: its places are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from data.submissions import Key
from schemas.authority import Deliverers
from schemas.refusals import ActRefused
from schemas.registers import REGISTERS
from tasks.intake import reasons
from tasks.intake.cells import Value
from tasks.intake.characters import problem
from tasks.intake.delivery import Delivery, key_text
from tasks.intake.on_record import OnRecord

Row = Mapping[str, Value]


def refuse_others(
    rules: Sequence[Deliverers], organ: str, registers: Iterable[str], officer: str
) -> None:
    """Refuse a delivery to registers to which an officer's organ may not deliver.

    Raises:
        ActRefused: it may not deliver to one of them.
    """
    for name in registers:
        if not any(one.covers(organ, name) for one in rules):
            raise ActRefused("may-not-deliver", f"{officer} {REGISTERS[name].title.render()}")


def delivery_fault(may: Entitlement, deliveries: Mapping[str, Delivery], *, founding: bool) -> str:
    """Why an officer could not deliver rows that were taken, or nothing."""
    if not all(any(one.covers(may.organ, name) for one in may.rules) for name in deliveries):
        return "may-not-deliver"
    every = chain.from_iterable(
        (one, one.withdrawal) if one.withdrawn else (one,) for one in deliveries.values()
    )
    outside = not founding and any(may.of(one).rejections for one in every)
    return "not-your-place" if outside else ""


class Homes:
    """Where rows are at home, by what is delivered with them and what is on record."""

    def __init__(self, delivered: Mapping[str, Delivery], record: OnRecord) -> None:
        self._delivered = delivered
        self._record = record
        self._rows = cache(self._rows_by_key)
        self.above = cache(self._above)
        self._recorded = cache(self._recorded_homes)

    def _rows_by_key(self, register: str) -> Mapping[str, Row]:
        one = self._delivered.get(register)
        return {key_text(one.key(row)): row for row in one.rows} if one else {}

    def _found(self, register: str, key: str) -> Mapping[str, object] | None:
        # What is on record comes first: a row that is delivered may be one that is to be rejected.
        return self._record.row_of(register, key) or self._rows(register).get(key)

    def _recorded_homes(self, register: str) -> Mapping[str, object]:
        """Key → the cell that leads to the home, of every row on record."""
        cells = self._record.rows(register, REGISTERS[register].home)
        return {key_text(key): cell for key, (cell,) in cells.items()}

    def _place(self, register: str, cell: object) -> str:
        """The place to which a row's cell leads, or nothing."""
        column, value = REGISTERS[register].home, str(cell)
        if column == "jurisdiction":
            return value
        if column == "unit":
            return value.partition("-")[0]
        target = REGISTERS[register].references[column]
        row = self._found(target, value)
        return self._place(target, row[REGISTERS[target].home]) if row else ""

    def _above(self, place: str) -> tuple[str, ...]:
        """A place and those above it, its own first; nothing where one is unknown."""
        found: list[str] = []
        parent: object = place
        while parent is not None:
            row = self._found("jurisdictions", str(parent))
            if row is None or str(parent) in found:
                return ()
            found.append(str(parent))
            parent = row["parent"]
        return tuple(found)

    def of(self, register: str, row: Row, key: Key) -> list[tuple[str, ...]]:
        """The places of a row, and of the one on record that has its key, each with those above."""
        home, recorded = REGISTERS[register].home, self._recorded(register)
        cells: list[object] = [row[home]] if home in row else []
        if key_text(key) in recorded:
            cells.append(recorded[key_text(key)])
        found = [self.above(self._place(register, cell)) for cell in cells]
        if register == "jurisdictions" and row.get("parent") is not None:
            # A place is at home where it is moved to as well.
            found.append((str(row["jurisdiction"]), *self.above(str(row["parent"]))))
        return found


@dataclass(frozen=True)
class Entitlement:
    """What an officer of an organ and place may deliver."""

    rules: Sequence[Deliverers]
    organ: str
    place: str
    homes: Homes

    def of(self, delivery: Delivery) -> Delivery:
        """A delivery with the rows rejected that are at home where the officer may not deliver."""
        name = delivery.register
        own = [one for one in self.rules if one.covers(self.organ, name)]
        admits = cache(lambda places: any(one.admits(self.place, places) for one in own))

        def outside(row: Row) -> bool:
            places = self.homes.of(name, row, delivery.key(row))
            return not all(admits(one) for one in places)

        why = problem(reasons.NOT_YOUR_PLACE, place=self.place)
        home = REGISTERS[name].home
        columns = (home,) if home in delivery.headings else REGISTERS[name].key
        return delivery.without(
            [
                delivery.rejection(row, number, columns, why)
                for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
                if outside(row)
            ]
        )
