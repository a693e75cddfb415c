"""The days of the cycle: which rows come on which, as they were known then.

Rules: a row comes on the first day of delivery on or after the day on which all that it says is
known, and claims no day that has not come; what follows later (an answer, an end, a settlement, a
change of status) stands empty or as it was until then, and the row comes again. All deliveries
together give the rows of the book.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from schemas.registers import REGISTERS
from tests.generator.base import Cell, Row, Rows, days

DELIVERED = (
    date(2016, 8, 15), date(2016, 8, 29), date(2016, 9, 5), date(2016, 9, 14), date(2016, 9, 30),
    date(2016, 10, 17), date(2016, 10, 31), date(2016, 11, 7), date(2016, 11, 18),
    date(2016, 11, 22), date(2016, 11, 23), date(2016, 11, 29), date(2016, 11, 30),
    date(2016, 12, 2), date(2016, 12, 7), date(2016, 12, 8), date(2016, 12, 12),
    date(2016, 12, 30), date(2017, 1, 3),
)  # fmt: skip
OPENED = DELIVERED[0]
# Days on which papers come of a few bodies alone: whom the coordinator launches then.
CONCERNED: Mapping[date, tuple[str, ...]] = {
    date(2016, 12, 2): (
        "640324101",
        "640324105-government",
        "640324204-congress",
        "640381-government",
    ),
    date(2016, 12, 12): ("640324-congress",),
    date(2016, 12, 30): ("640300-congress", "640300-government", "640300-cppcc"),
    date(2017, 1, 3): ("640300-government",),
}
# Who delivers each day: the organisation department of the first city.
DELIVERED_BY = "o-640300-03"
# Register → a day that its row tells later → what it tells with it.
LATER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "reviews": {"answered_on": ("result", "reason", "document")},
    "examinations": {"ended_on": ()},
    "problems": {"rectified_on": ("rectified_by",), "verified_on": ("verified_by",)},
    "reports": {"accepted_on": (), "closed_on": ()},
    "cases": {"closed_on": ("outcome",)},
    "inspections": {"ended_on": ()},
    "deputies": {"since": ()},
}
# What an election committee tells when it publishes the final list.
REPORTED = ("members_nominated", "members_resigned", "roll_questions")
# From the beginning of the nomination to the report on the recommendation, which proposes people.
PROPOSED_AFTER = 8


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no day")
    return value


Key = tuple[str, tuple[Cell, ...]]  # register, key


def key_of(register: str, row: Row) -> Key:
    """By what a row is known."""
    return register, tuple(row[column] for column in REGISTERS[register].key)


class Known:
    """What the rows of a cycle say about when each of them is known."""

    def __init__(self, rows: Rows, not_before: Mapping[Key, date] | None = None) -> None:
        """`rows` are all rows of the cycle; they are never changed.

        `not_before` is the day before which a row does not come, whatever days it says.
        """
        self._not_before = not_before or {}
        self._calendar = {row["unit"]: row for row in rows["calendar"]}
        self._sessions = {row["unit"]: row for row in rows["sessions"]}
        self._lists = {
            row["unit"]: row["published_on"]
            for row in rows["notices"]
            if row["kind"] == "deputies-elected"
        }
        self._listed_finally = {
            row["unit"]: row["published_on"]
            for row in rows["notices"]
            if row["kind"] == "deputies-final"
        }
        self._constituencies = {row["constituency"]: row for row in rows["constituencies"]}
        self._rolls = {
            row["unit"]: row["published_on"]
            for row in rows["notices"]
            if row["kind"] == "voter-roll"
        }
        self._talks = {row["talk"]: row["held_on"] for row in rows["talks"]}
        self._nominations = {row["nomination"]: row for row in rows["nominations"]}
        self._jointly = {
            row["candidate"]: row["nominated_on"]
            for row in rows["nominations"]
            if row["channel"] == "deputies"
        }
        self._examined = {row["candidate"]: row["ended_on"] for row in rows["examinations"]}
        self._decided = {row["unit"]: row["decided_on"] for row in rows["committee_votes"]}
        self._candidates = {row["candidate"]: row for row in rows["candidates"]}
        self._breached = {row["candidate"]: row["decided_on"] for row in rows["violations"]}
        self._returned = {
            (row["jurisdiction"], row["register_name"]): row["reported_on"]
            for row in rows["returns"]
        }
        self._opened = {row["case"]: row["opened_on"] for row in rows["cases"]}
        session, voted = self._session, self._voted
        # Rows whose own columns do not say when they are known.
        self._since: dict[str, Callable[[Row], object]] = {
            "talk_participants": lambda row: self._talks[row["talk"]],
            "posts": self._planned,
            "assemblies": self._planned,
            "calendar": self._planned,
            "constituencies": self._planned,
            "nationality_seats": self._planned,
            "deputy_lists": self._standing,
            "deputy_candidates": self._standing,
            "roll_questions": lambda row: self._rolls[row["unit"]],
            "candidates": self._stands,
            "signers": lambda row: self.since("nominations", self._nominations[row["nomination"]]),
            "assessments": lambda row: self._examined[row["candidate"]],
            "public_notices": lambda row: self._decided[self._candidates[row["candidate"]]["unit"]],
            "kin": lambda row: self._returned[row["jurisdiction"], "kin"],
            "case_handlers": lambda row: self._opened[row["case"]],
            "differentials": session,
            "approvals": voted,
            "void_elections": voted,
            "kin_offices": lambda row: self._returned[row["jurisdiction"], "kin_offices"],
            "sanctions": lambda row: self._returned[row["jurisdiction"], "sanctions"],
            "credentials": session,
            "deputies": self._listed,
            "ballot_staff": session,
            "signs": session,
            "ballots": voted,
            "tallies": voted,
            "halls": voted,
            "hall_tallies": voted,
        }

    def _planned(self, row: Row) -> object:
        return self._calendar[row["unit"]]["plan_on"]

    def _reports(self, row: Row) -> date:
        """When a committee tells of its members and the roll: with the final list."""
        return _day(self._listed_finally[row["unit"]])

    def _standing(self, row: Row) -> object:
        """When the final list of a constituency was published."""
        return self._listed_finally[self._constituencies[row["constituency"]]["unit"]]

    def _session(self, row: Row) -> object:
        """When the session had opened and adopted its method."""
        held = self._sessions[row["unit"]]
        return max(_day(held["opened_on"]), _day(held["method_on"]))

    def _voted(self, row: Row) -> object:
        return self._sessions[row["unit"]]["voted_on"]

    def _stands(self, row: Row) -> object:
        if row["status"] == "from-the-floor":
            return self._jointly[row["candidate"]]
        if row["status"] == "write-in":
            return self._voted(row)
        return days(_day(self._calendar[row["unit"]]["nomination_on"]), PROPOSED_AFTER)

    def _listed(self, row: Row) -> object:
        """When the list was published; where voters elect nobody, credentials are confirmed."""
        return self._lists.get(row["unit"]) or self._calendar[row["unit"]]["credentials_on"]

    def since(self, register: str, row: Row) -> date:
        """The day from which a row is known, though not yet all that it says."""
        later = LATER.get(register, {})
        happened = [
            _day(row[spec.name])
            for spec in REGISTERS[register].columns
            if spec.kind is date and spec.happened and row[spec.name] and spec.name not in later
        ]
        if register in self._since:
            happened.append(_day(self._since[register](row)))
        if REGISTERS[register].references.get("candidate") and row["candidate"]:
            happened.append(self.since("candidates", self._candidates[row["candidate"]]))
        return max([OPENED, *happened, self._not_before.get(key_of(register, row), OPENED)])

    def told(self, register: str, row: Row, day: date) -> Row | None:
        """A row as far as it is known on a day."""
        if self.since(register, row) > day:
            return None
        told = dict(row)
        for name, with_it in LATER.get(register, {}).items():
            value = row[name]
            if isinstance(value, date) and value > day:
                told |= dict.fromkeys((name, *with_it))
        if register == "deputies" and told["since"] is None:
            told["status"] = "in-office"
        if register == "candidates" and _day(self._changed(row)) > day:
            told["status"] = "proposed"
        if register == "election_committees" and self._reports(row) > day:
            told |= dict.fromkeys(REPORTED)
        return told

    def turns(self, register: str, row: Row) -> set[date]:
        """The days on which more is known of a row."""
        since = self.since(register, row)
        later = [row[name] for name in LATER.get(register, {})]
        if register == "candidates":
            later.append(_day(self._changed(row)))
        if register == "election_committees":
            later.append(self._reports(row))
        return {since, *(day for day in later if isinstance(day, date) and day > since)}

    def _changed(self, row: Row) -> object:
        """When a candidate got the status that the row says."""
        if row["status"] == "excluded":
            return self._breached[row["candidate"]]
        if row["status"] == "withdrawn":
            # Whom deputies nominate jointly withdraws at the session.
            return self._jointly.get(row["candidate"], OPENED)
        return OPENED


def delivered_on(day: date) -> date:
    """The first day of delivery on or after a day."""
    return DELIVERED[bisect_left(DELIVERED, day)]


def deliveries(rows: Rows, known: Known) -> dict[date, Rows]:
    """Each day of delivery with the rows per register that come on it, new or known further."""
    come: dict[date, Rows] = {day: {} for day in DELIVERED}
    for register, table in rows.items():
        for row in table:
            before: Row | None = None
            for day in sorted({delivered_on(turn) for turn in known.turns(register, row)}):
                told = known.told(register, row, day)
                if told is not None and told != before:
                    come[day].setdefault(register, []).append(told)
                    before = told
    return come


def first_told(known: Known, register: str, rows: Iterable[Row]) -> date:
    """The day of delivery on which the first of some rows comes."""
    return delivered_on(min(known.since(register, row) for row in rows))


def says(known: Known, register: str, row: Row, columns: Iterable[str]) -> date:
    """The day of delivery from which on a row says in these columns what it says in the end."""
    return next(
        day
        for day in DELIVERED
        if (told := known.told(register, row, day))
        and all(told[name] == row[name] for name in columns)
    )


def happened_by(register: str, rows: Iterable[Row], after: date) -> date:
    """The first day of delivery after another on which all that some rows say has happened."""
    happened = [
        _day(row[spec.name])
        for row in rows
        for spec in REGISTERS[register].columns
        if spec.kind is date and spec.happened and row.get(spec.name)
    ]
    return next(day for day in DELIVERED if day > after and day >= max(happened, default=after))
