"""What a planted fault is: an edit of a register's rows, the finding it gives, and its mend.

Rules: an edit takes the place of rows by their key; a mend is a delivery of rows of one register,
or the withdrawal of the rows that should not be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.registers import REGISTERS
from schemas.text import Text
from tests.generator.base import Cell, Row, Rows, days
from tests.generator.deliveries import (
    DELIVERED_BY,
    Known,
    deliveries,
    first_told,
    happened_by,
    key_of,
    says,
)
from tests.generator.places import supplies

HEADING_ROWS = 1
Finding = tuple[str, str, str, str]  # check, status, subject, reason


@dataclass(frozen=True)
class Draft:
    """A fault before it has its number and its place in the book.

    `shows` is the day of delivery on which it can be seen, where that is not the day on which the
    wrong rows come, or on which the missing ones should have come.
    """

    register: str
    finding: Finding
    units: tuple[str, ...]
    text: Text
    before: tuple[Row, ...] = field(repr=False)
    after: tuple[Row, ...] = field(repr=False)
    mend: tuple[Row, ...] = field(repr=False)
    withdraw: bool = False
    shows: date | None = None

    def seen_on(self, day: date) -> Draft:
        """The same, with the day on which it can be seen."""
        return replace(self, shows=day)


@dataclass(frozen=True)
class Fault:
    """A planted fault.

    `rows` are the rows of the register's sheet in the book that are wrong (none where rows are
    missing); it shows on the day of delivery `shows`; `mend` is delivered to the same register, or
    withdrawn from it, by officer `by`, on the day `mended`.
    """

    id: str
    check: str
    units: tuple[str, ...]
    subject: str
    status: str
    reason: str
    register: str
    rows: tuple[int, ...]
    text: Text
    mend_file: str
    mend: tuple[Row, ...] = field(repr=False)
    withdraw: bool
    by: str
    shows: date
    mended: date
    draft: Draft = field(repr=False)

    @property
    def stage(self) -> str:
        """The stage whose gate the fault closes."""
        return self.check.partition(".")[0]


class Clean:
    """The clean cycle, as the declarations of faults look at it."""

    def __init__(self, rows: Rows) -> None:
        """`rows` are the rows per register; they are never changed."""
        self.rows = rows

    def all(self, register: str, **match: Cell) -> list[Row]:
        """The rows of a register that match; at least one."""
        found = [
            row
            for row in self.rows[register]
            if all(row[column] == value for column, value in match.items())
        ]
        if not found:
            raise LookupError(f"{register} has no row with {match}")
        return found

    def one(self, register: str, **match: Cell) -> Row:
        """The first row of a register that matches."""
        return self.all(register, **match)[0]

    def units(self, register: str, row: Row) -> tuple[str, ...]:
        """The units that a row is evidence for: its own, or those of its jurisdiction."""
        home = REGISTERS[register].home
        if home == "unit":
            return (str(row["unit"]),)
        if home == "jurisdiction":
            places = self.all("units", jurisdiction=row["jurisdiction"])
            return tuple(str(unit["unit"]) for unit in places)
        target = REGISTERS[register].references[home]
        key = REGISTERS[target].key[0]
        return self.units(target, self.one(target, **{key: row[home]}))

    def wrong(
        self,
        register: str,
        finding: Finding,
        text: tuple[str, str],
        values: Mapping[str, Cell],
        *,
        mended: Mapping[str, Cell] | None = None,
        units: Sequence[str] | None = None,
        rows: Iterable[Row],
    ) -> Draft:
        """Rows that say something wrong: `values` instead of what they should say."""
        before = tuple(rows)
        return Draft(
            register=register,
            finding=finding,
            units=tuple(units or self.units(register, before[0])),
            text=Text(*text),
            before=before,
            after=tuple({**row, **values} for row in before),
            mend=tuple({**row, **(mended or {})} for row in before),
        )

    def absent(
        self,
        register: str,
        finding: Finding,
        text: tuple[str, str],
        *,
        rows: Iterable[Row],
    ) -> Draft:
        """Rows that are not there; they are delivered later."""
        before = tuple(rows)
        units = self.units(register, before[0])
        return Draft(register, finding, units, Text(*text), before, (), before)

    def needless(
        self,
        register: str,
        finding: Finding,
        text: tuple[str, str],
        *,
        rows: Iterable[Row],
    ) -> Draft:
        """Rows that should not be there; they are withdrawn later, by their key."""
        after = tuple(rows)
        key = REGISTERS[register].key
        return Draft(
            register=register,
            finding=finding,
            units=self.units(register, after[0]),
            text=Text(*text),
            before=(),
            after=after,
            mend=tuple({column: row[column] for column in key} for row in after),
            withdraw=True,
        )


def _edited(rows: Rows, drafts: Iterable[Draft]) -> Rows:
    edited = dict(rows)
    for draft in drafts:
        gone = {key_of(draft.register, row) for row in draft.before}
        instead = {key_of(draft.register, row): row for row in draft.after}
        kept: list[Row] = []
        for row in edited[draft.register]:
            key = key_of(draft.register, row)
            if key in instead:
                kept.append(instead.pop(key))
            elif key not in gone:
                kept.append(row)
        edited[draft.register] = [*kept, *instead.values()]
    return edited


def later(row: Row, column: str, number: int) -> date:
    """The day `number` days after that of a row's column."""
    day = row[column]
    if not isinstance(day, date):
        raise TypeError(f"{column} is no date")
    return days(day, number)


def plant(rows: Rows, planted: Iterable[Fault]) -> Rows:
    """The cycle with these faults in it."""
    return _edited(rows, [fault.draft for fault in planted])


def deliverers(planted: Iterable[Fault]) -> frozenset[str]:
    """The officers who deliver the days and these mends; none of them signs a gate."""
    return frozenset({DELIVERED_BY, *(fault.by for fault in planted)})


def mended(rows: Rows, faults: Iterable[Fault]) -> Rows:
    """A cycle after the mends of these faults were delivered."""
    edited = dict(rows)
    for fault in faults:
        instead = {key_of(fault.register, row): row for row in fault.mend}
        kept = [row for row in edited[fault.register] if key_of(fault.register, row) not in instead]
        edited[fault.register] = kept if fault.withdraw else [*kept, *fault.mend]
    return edited


def _supplier(rows: Rows, draft: Draft) -> str:
    """The officer of the place who supplies the register, else its organisation department's."""
    place = draft.units[0].partition("-")[0]
    organs = {
        row["organ"]: row["officer"]
        for row in rows["officers"]
        if row["jurisdiction"] == place and supplies(str(row["officer"]))
    }
    provider = REGISTERS[draft.register].provider.value
    return str(organs.get(provider, organs["organisation-department"]))


def _shows(draft: Draft, clean: Known, book: Known) -> date:
    """When what is wrong in the rows has come, or missing ones should have.

    What should stand there is known by then too; before it the gate lacks it anyway.
    """
    if draft.shows:
        return draft.shows
    if not draft.before or not draft.after:
        known = clean if draft.before else book
        return first_told(known, draft.register, draft.before or draft.after)
    wrong: list[date] = []
    for right, row in zip(draft.before, draft.after, strict=True):
        columns = [name for name in row if row[name] != right[name]]
        days_said = (
            says(clean, draft.register, right, columns), says(book, draft.register, row, columns),
        )  # fmt: skip
        wrong.append(max(days_said))
    return min(wrong)


def known_with(rows: Rows, drafts: Iterable[Draft]) -> Known:
    """When the rows of a cycle with these faults are known: what is wrong no sooner than right."""
    given = list(drafts)
    clean = Known(rows)
    sooner = {
        key_of(draft.register, row): clean.since(draft.register, row)
        for draft in given
        for row in draft.before
    }
    return Known(_edited(rows, given), sooner)


def lived(rows: Rows, found: Iterable[Fault]) -> dict[date, Rows]:
    """The rows of a cycle with these faults, by the day of delivery on which they come."""
    drafts = [fault.draft for fault in found]
    return deliveries(_edited(rows, drafts), known_with(rows, drafts))


def numbered(rows: Rows, drafts: Sequence[Draft]) -> tuple[Fault, ...]:
    """The faults with their numbers, and where they stand once all of them are in the book."""
    book = _edited(rows, drafts)
    places = {
        name: {key_of(name, row): number for number, row in enumerate(book[name], HEADING_ROWS + 1)}
        for name in {draft.register for draft in drafts}
    }
    found: list[Fault] = []
    clean, with_all = Known(rows), known_with(rows, drafts)
    for number, draft in enumerate(drafts, start=1):
        check, status, subject, reason = draft.finding
        shows = _shows(draft, clean, with_all)
        found.append(
            Fault(
                id=f"f{number:02d}",
                check=check,
                units=draft.units,
                subject=subject,
                status=status,
                reason=reason,
                register=draft.register,
                rows=tuple(places[draft.register][key_of(draft.register, r)] for r in draft.after),
                text=draft.text,
                mend_file=f"mends/{number:02d}-{check}.csv",
                mend=draft.mend,
                withdraw=draft.withdraw,
                by=_supplier(rows, draft),
                shows=shows,
                mended=happened_by(draft.register, draft.mend, shows),
                draft=draft,
            )
        )
    return tuple(found)
