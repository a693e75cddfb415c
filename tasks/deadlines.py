"""Deadlines (期限): what must be done by a day and is not yet, from facts, pack and history.

Rules: a deadline is only announced ahead; it opens nothing and closes nothing, for a gate looks
at evidence and never at a reminder. What is done, or whose stage has ended for the unit, has no
deadline any more. Each is reminded of once: a day that is moved makes another deadline. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from schemas.deadlines import DeadlineKind
from schemas.entries import Waived
from schemas.reports import check_title
from schemas.rules.parameters import CasesRule, ListsRule, RectifiedRule, ReportClocksRule
from schemas.subjects import subject_shown
from schemas.text import stated
from schemas.vocabulary import Body, Level, NoticeKind, Stage
from schemas.workdays import after_working_days
from tasks.gate.snapshot import Snapshot

# A working week to act in, and short beside the shortest statutory clock (15 working days); a
# shorter clock, such as five days for opening a case, is announced when it starts.
AHEAD = timedelta(days=7)

_CALENDAR = (
    (DeadlineKind.NOMINATION_STARTS, "nomination_on", Stage.NOMINATION),
    (DeadlineKind.VETTING_STARTS, "vetting_on", Stage.VETTING),
    (DeadlineKind.DEPUTIES_ELECTED, "deputies_elected_on", Stage.SLATE),
    (DeadlineKind.CREDENTIALS_CONFIRMED, "credentials_on", Stage.SLATE),
    (DeadlineKind.SESSION_OPENS, "session_opens_on", Stage.SLATE),
)
_DATED = {kind for kind, _, _ in _CALENDAR}
_LISTS = "nomination.lists"


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """Something that must be done by the end of the day `due`.

    `place` is a unit or a jurisdiction, `subject` an id.
    """

    due: date
    place: str
    kind: DeadlineKind
    subject: str
    stage: Stage

    @property
    def is_duty(self) -> bool:
        """Whether something has to be done by then; a day of the calendar only comes."""
        return self.kind not in _DATED

    @property
    def about(self) -> str:
        """What it is about, as people read it; nothing where that is the unit itself."""
        if self.kind is DeadlineKind.WAIVER_EXPIRES:
            check, _, subject = self.subject.partition("/")
            return stated(check_title(check), subject_shown(check, subject))
        if self.kind is DeadlineKind.LIST_PUBLISHED:
            return subject_shown(_LISTS, self.subject)
        return "" if self.subject == self.place else self.subject

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """By what it is known: it is reminded of once."""
        return self.kind.value, self.place, self.subject, self.due.isoformat()


def deadlines(snapshot: Snapshot) -> list[Deadline]:
    """Every deadline that is open in scope, the earliest first."""
    found = {*_calendar(snapshot), *_lists(snapshot), *_reports(snapshot), *_problems(snapshot)}
    ended = {
        (unit, Stage(stage))
        for unit, stage in snapshot.history.current
        if snapshot.history.stood_open((unit, stage))
    }
    left = {one for one in found if (one.place, one.stage) not in ended}
    # An open gate is what rests on a waiver.
    return sorted(left | set(_waivers(snapshot)))


def coming(open_ones: list[Deadline], on: date) -> list[Deadline]:
    """The deadlines to remind of on a day: those within `AHEAD`, and duties that are overdue.

    A day of the calendar that has passed is no breach by itself, and nobody is reminded of it.
    """
    return [one for one in open_ones if one.due <= on + AHEAD and (one.due >= on or one.is_duty)]


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[object, ...]]:
    """The rows of some columns; days as days, and None where a cell is empty."""
    plain = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None)
    for row in plain.itertuples(index=False, name=None):
        yield tuple(cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in row)


def _in_scope(snapshot: Snapshot, frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["unit"].isin(set(snapshot.units))]


def _calendar(snapshot: Snapshot) -> Iterator[Deadline]:
    """The days that the plan sets, and the last day that the law leaves for the session."""
    days = _in_scope(snapshot, snapshot.facts.calendar)
    for kind, column, stage in _CALENDAR:
        for unit, due in _rows(days, "unit", column):
            if isinstance(unit, str) and isinstance(due, date):
                yield Deadline(due, unit, kind, unit, stage)
    congresses = days[days["unit"].str.endswith(f"-{Body.CONGRESS}")]
    latest = congresses.assign(latest=congresses["deputies_elected_on"] + pd.DateOffset(months=2))
    for unit, due in _rows(latest, "unit", "latest"):
        if isinstance(unit, str) and isinstance(due, date):
            yield Deadline(due, unit, DeadlineKind.SESSION_LATEST, unit, Stage.SLATE)


def _lists(snapshot: Snapshot) -> Iterator[Deadline]:
    """The lists that voters and members must see so many days before (选举法 art. 28, 32)."""
    entry = snapshot.pack.check(_LISTS)
    if entry is None or not isinstance(entry.parameters, ListsRule):
        return
    rule, facts = entry.parameters, snapshot.facts
    published = set(_rows(facts.notices, "unit", "kind"))
    voters = (
        (NoticeKind.VOTER_ROLL, rule.roll_days),
        (NoticeKind.DEPUTIES_PRELIMINARY, rule.preliminary_days),
        (NoticeKind.DEPUTIES_FINAL, rule.final_days),
    )
    units = facts.units.merge(facts.calendar, on="unit")
    columns = ("unit", "body", "level", "deputies_elected_on", "session_opens_on")
    for unit, body, level, elected, opens in _rows(units, *columns):
        before = elected if body == Body.CONGRESS else opens
        lists = {
            Body.CONGRESS: () if level == Level.CITY else voters,
            Body.CPPCC: ((NoticeKind.MEMBERSHIP, 1),),
        }
        for notice, days in lists.get(Body(str(body)), ()):
            if isinstance(before, date) and (unit, notice.value) not in published:
                due = before - timedelta(days=days)
                subject = f"{unit}/{notice.value}"
                yield Deadline(
                    due, str(unit), DeadlineKind.LIST_PUBLISHED, subject, Stage.NOMINATION
                )


def _reports(snapshot: Snapshot) -> Iterator[Deadline]:
    """The clocks that a report starts: telling a named reporter, opening a case on a clear one."""
    facts = snapshot.facts
    reports = _in_scope(snapshot, facts.reports)
    reports = reports[reports["received_on"] <= facts.today]
    clocks = snapshot.pack.check("inspection.report-clocks")
    if clocks and isinstance(clocks.parameters, ReportClocksRule):
        waiting = reports[reports["real_name"] & reports["accepted_on"].isna()]
        for unit, report, received in _rows(waiting, "unit", "report", "received_on"):
            if isinstance(received, date):
                due = after_working_days(received, clocks.parameters.workdays)
                yield Deadline(
                    due, str(unit), DeadlineKind.REPORTER_NOTIFIED, str(report), Stage.INSPECTION
                )
    cases = snapshot.pack.check("inspection.cases")
    if cases and isinstance(cases.parameters, CasesRule):
        opened = set(facts.cases["report"])
        clear = reports[reports["clear_leads"] & reports["concrete"]]
        for unit, report, received in _rows(clear, "unit", "report", "received_on"):
            if isinstance(received, date) and report not in opened:
                due = received + timedelta(days=cases.parameters.days)
                yield Deadline(
                    due, str(unit), DeadlineKind.CASE_OPENED, str(report), Stage.INSPECTION
                )


def _problems(snapshot: Snapshot) -> Iterator[Deadline]:
    """The months for putting right what a team found."""
    entry = snapshot.pack.check("inspection.rectified")
    if entry is None or not isinstance(entry.parameters, RectifiedRule):
        return
    facts = snapshot.facts
    known = facts.problems[facts.problems["found_on"] <= facts.today]
    waiting = known[
        known["rectified_on"].isna() & known["jurisdiction"].isin(set(facts.units["jurisdiction"]))
    ]
    months = pd.DateOffset(months=entry.parameters.months)
    waiting = waiting.assign(due=waiting["found_on"] + months)
    for place, problem, due in _rows(waiting, "jurisdiction", "problem", "due"):
        if isinstance(due, date):
            yield Deadline(
                due, str(place), DeadlineKind.PROBLEM_RECTIFIED, str(problem), Stage.INSPECTION
            )


def _waivers(snapshot: Snapshot) -> Iterator[Deadline]:
    """The last days of the waivers on which a current decision rests."""
    scope = set(snapshot.units)
    for (unit, stage), current in snapshot.history.current.items():
        if unit in scope and current.waivers:
            for act in snapshot.history.acts.of(unit, stage):
                if isinstance(act, Waived) and act.seq in current.waivers:
                    due = date.fromisoformat(act.until)
                    subject = f"{act.check}/{act.subject}"
                    yield Deadline(due, unit, DeadlineKind.WAIVER_EXPIRES, subject, Stage(stage))
