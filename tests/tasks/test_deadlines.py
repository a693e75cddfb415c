"""Deadlines: what falls due is told once, ahead of time, and no gate takes notice of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.home import Home
from data.policies import read_pack
from data.verify import verify
from schemas.deadlines import DeadlineKind
from schemas.vocabulary import Stage
from schemas.workdays import after_working_days
from tasks import deadlines as rules
from tasks.deadlines import AHEAD, Deadline, coming, deadlines
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import open_snapshot
from tasks.reminding import remind
from tests.generator import Row
from tests.support import cycle
from tests.support.cycle import deliver, small_home, small_rows
from tests.support.patience import PATIENCE

UNIT = "640302103-congress"
CPPCC = "640302-cppcc"
ON = cycle.ON
REPORT: Row = {
    "report": "r-640302-90",
    "unit": UNIT,
    "candidate": None,
    "channel": "phone",
    "received_on": date(2016, 9, 26),
    "clear_leads": True,
    "concrete": True,
    "real_name": True,
    "accepted_on": None,
    "closed_on": None,
}


def row(register: str, key: str, **changes: str | date | None) -> Row:
    """A row of the small cycle, changed."""
    column = {"calendar": "unit", "problems": "problem"}[register]
    found = next(one for one in small_rows()[register] if one[column] == key)
    return {**found, **changes}


def open_of(home: Home, pack: str = cycle.PACK) -> list[Deadline]:
    return deadlines(replace(open_snapshot(home, "cycle", ON), pack=read_pack(pack)))


def of_kind(found: list[Deadline], kind: DeadlineKind) -> set[tuple[date, str, str]]:
    return {(one.due, one.place, one.subject) for one in found if one.kind is kind}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return small_home(tmp_path)


def test_the_calendar_and_the_law_set_days(home: Home) -> None:
    days = row("calendar", UNIT)
    found = open_of(home)
    for kind, column in (
        (DeadlineKind.NOMINATION_STARTS, "nomination_on"),
        (DeadlineKind.VETTING_STARTS, "vetting_on"),
        (DeadlineKind.DEPUTIES_ELECTED, "deputies_elected_on"),
        (DeadlineKind.CREDENTIALS_CONFIRMED, "credentials_on"),
        (DeadlineKind.SESSION_OPENS, "session_opens_on"),
    ):
        assert (days[column], UNIT, UNIT) in of_kind(found, kind)
    elected = days["deputies_elected_on"]
    assert isinstance(elected, date)
    months = elected.month + 2
    latest = elected.replace(year=elected.year + (months > 12), month=(months - 1) % 12 + 1)
    assert (latest, UNIT, UNIT) in of_kind(found, DeadlineKind.SESSION_LATEST)
    latest_of = {place for _, place, _ in of_kind(found, DeadlineKind.SESSION_LATEST)}
    assert latest_of == {f"{code}-congress" for code in cycle.SMALL}
    assert found == sorted(found)


def test_a_list_that_was_not_published_falls_due_before_the_vote(home: Home) -> None:
    assert not of_kind(open_of(home), DeadlineKind.LIST_PUBLISHED)
    cycle.withdraw(home, "notices", small_rows()["notices"])
    found = of_kind(open_of(home), DeadlineKind.LIST_PUBLISHED)
    vote = row("calendar", UNIT)["deputies_elected_on"]
    opens = row("calendar", CPPCC)["session_opens_on"]
    assert isinstance(vote, date)
    assert isinstance(opens, date)
    for days, kind in ((20, "voter-roll"), (15, "deputies-preliminary"), (7, "deputies-final")):
        assert (vote - timedelta(days=days), UNIT, f"{UNIT}/{kind}") in found
    assert (opens - timedelta(days=1), CPPCC, f"{CPPCC}/membership") in found
    assert not [place for _, place, _ in found if place.endswith("-government")]
    assert not [place for _, place, _ in found if place == "640300-congress"]


def test_a_report_starts_its_clocks_until_they_are_answered(home: Home) -> None:
    deliver(home, "reports", [REPORT])
    # The clock of 2020 does not bind a cycle of 2016.
    assert not of_kind(open_of(home), DeadlineKind.REPORTER_NOTIFIED)
    found = open_of(home, pack="cn-2026")
    # The national holiday of 2016: 1–7 October off, 8 and 9 October worked.
    told = date(2016, 10, 20)
    assert (told, UNIT, "r-640302-90") in of_kind(found, DeadlineKind.REPORTER_NOTIFIED)
    opened = date(2016, 10, 1)
    assert (opened, UNIT, "r-640302-90") in of_kind(found, DeadlineKind.CASE_OPENED)
    answered = {**REPORT, "accepted_on": date(2016, 9, 28), "clear_leads": False}
    deliver(home, "reports", [answered])
    assert "r-640302-90" not in {one.subject for one in open_of(home, pack="cn-2026")}


def test_a_problem_has_months_until_it_is_put_right(home: Home) -> None:
    problem = str(small_rows()["problems"][0]["problem"])
    assert not of_kind(open_of(home), DeadlineKind.PROBLEM_RECTIFIED)
    waiting = row(
        "problems", problem, found_on=date(2016, 12, 30), rectified_on=None, rectified_by=None,
        verified_on=None, verified_by=None,
    )  # fmt: skip
    deliver(home, "problems", [waiting])
    place = str(waiting["jurisdiction"])
    # Two months after 30 December: February has no 30th.
    assert (date(2017, 2, 28), place, problem) in of_kind(
        open_of(home), DeadlineKind.PROBLEM_RECTIFIED
    )


def test_a_stage_that_has_ended_has_no_deadline(tmp_path: Path) -> None:
    home = small_home(tmp_path, run=True)
    assert not [one for one in open_of(home) if one.place == UNIT]
    assert [one for one in open_of(home) if one.place == "640300-congress"]


def deadline(due: date, kind: DeadlineKind) -> Deadline:
    return Deadline(due, UNIT, kind, UNIT, Stage.RESULT)


@pytest.mark.parametrize(
    ("days", "kind", "told"),
    [
        (AHEAD.days + 1, DeadlineKind.SESSION_OPENS, False),
        (AHEAD.days, DeadlineKind.SESSION_OPENS, True),
        (0, DeadlineKind.SESSION_OPENS, True),
        (-1, DeadlineKind.SESSION_OPENS, False),
        (AHEAD.days + 1, DeadlineKind.REPORTER_NOTIFIED, False),
        (-1, DeadlineKind.REPORTER_NOTIFIED, True),
        (-400, DeadlineKind.SESSION_LATEST, True),
        (0, DeadlineKind.WAIVER_EXPIRES, True),
    ],
)
def test_what_comes_near_is_told_and_duties_stay_told(
    days: int, kind: DeadlineKind, told: bool
) -> None:
    one = deadline(ON + timedelta(days=days), kind)
    assert coming([one], ON) == ([one] if told else [])


@pytest.mark.parametrize(
    ("day", "number", "last"),
    [
        (date(2016, 9, 26), 1, date(2016, 9, 27)),
        (date(2016, 9, 30), 1, date(2016, 10, 8)),
        (date(2016, 9, 26), 15, date(2016, 10, 20)),
        (date(2016, 9, 30), 0, date(2016, 9, 30)),
        (date(1990, 1, 1), 15, date(1990, 1, 16)),
        (date(2300, 1, 1), 15, date(2300, 1, 16)),
    ],
)
def test_working_days_after_a_day(day: date, number: int, last: date) -> None:
    assert after_working_days(day, number) == last


def identities(home: Home) -> list[tuple[str, ...]]:
    return [
        (one["deadline"], one["unit"] or one["jurisdiction"], one["subject"], one["due"])
        for one in cycle.entries(home, "reminded")
    ]


def test_each_is_on_record_once(home: Home) -> None:
    deliver(home, "reports", [REPORT])
    first = remind(home, ON)
    assert first.new
    assert identities(home) == [one.identity for one in first.new]
    entries = cycle.stored(home)
    again = remind(home, ON)
    assert (again.open, again.new) == (first.open, [])
    assert cycle.stored(home) == entries
    assert verify(home)[1] is None
    moved = {**REPORT, "received_on": date(2016, 9, 27)}
    deliver(home, "reports", [moved])
    assert [one.kind for one in remind(home, ON).new] == [DeadlineKind.CASE_OPENED]


def test_two_who_remind_at_once_do_not_do_it_twice(home: Home) -> None:
    deliver(home, "reports", [REPORT])
    together = threading.Barrier(2)
    seen = rules.deadlines

    def meeting(snapshot: object) -> list[Deadline]:
        found = seen(snapshot)  # type: ignore[arg-type]
        together.wait(PATIENCE)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tasks.reminding.deadlines", meeting)
        both = [threading.Thread(target=remind, args=(home, ON)) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
    found = identities(home)
    assert found
    assert len(found) == len(set(found))


def test_no_reminder_opens_or_closes_anything(tmp_path: Path) -> None:
    home = small_home(tmp_path, planted=True, run=True)
    deliver(home, "reports", [REPORT])

    def answers() -> list[str]:
        snapshot = open_snapshot(home, "cycle", ON)
        return [one.key for stage in Stage for one in decisions_of(snapshot, stage)]

    decided, said = cycle.decisions(home), answers()
    position = open_snapshot(home, "cycle", ON).position
    assert remind(home, ON).new
    assert cycle.decisions(home) == decided
    assert answers() == said
    assert open_snapshot(home, "cycle", ON).position == position


def test_a_reminder_names_nobody_and_the_page_says_how_long(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    deliver(home, "reports", [REPORT])
    remind(home, ON)
    for entry in cycle.entries(home, "reminded"):
        assert set(entry) == {
            "seq", "prev", "at", "kind", "deadline", "jurisdiction", "unit", "stage", "subject",
            "due", "on",
        }  # fmt: skip
