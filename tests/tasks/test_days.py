"""The day of a launch: never one that has not come, never one before the last decision."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.home import Home
from schemas.vocabulary import Outcome, Stage
from tasks.gate.snapshot import SnapshotRefused, open_snapshot
from tasks.procedure import run_stage
from tests.support import cycle
from tests.support.signing import sign_all

UNIT, OTHER = "640302103-congress", "640302-cppcc"
DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home")


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2017-01-01T15:59:59+00:00", date(2017, 1, 1)),
        ("2017-01-01T16:00:00+00:00", date(2017, 1, 2)),
        ("2017-01-02T00:00:00+08:00", date(2017, 1, 2)),
        ("2017-01-01T16:00:00-05:00", date(2017, 1, 2)),
    ],
)
def test_a_day_that_has_not_come_in_china_is_refused(home: Home, now: str, newest: date) -> None:
    def clock() -> datetime:
        return datetime.fromisoformat(now)

    assert open_snapshot(home, UNIT, newest, clock).on == newest
    before = cycle.stored(home)
    for later in (newest + DAY, newest + 365 * DAY, date.max):
        with pytest.raises(SnapshotRefused, match="has not come yet"):
            run_stage(home, Stage.PLAN, UNIT, later, clock=clock)
    assert cycle.stored(home) == before


def test_a_day_before_the_last_decision_is_refused(home: Home) -> None:
    cycle.launch(home, "plan", UNIT)
    before = cycle.stored(home)
    for scope in (UNIT, OTHER, "cycle"):
        for stage in (Stage.PLAN, Stage.ELECTION):
            with pytest.raises(SnapshotRefused, match="days do not go back"):
                run_stage(home, stage, scope, cycle.ON - DAY)
    assert cycle.stored(home) == before


def test_the_last_day_counts_though_it_was_another_units(home: Home) -> None:
    cycle.launch(home, "plan", OTHER, cycle.ON + DAY)
    with pytest.raises(SnapshotRefused, match="days do not go back"):
        cycle.launch(home, "plan", UNIT)
    assert cycle.launch(home, "plan", UNIT, cycle.ON + DAY) == {UNIT: Outcome.WAITING}


def test_a_launch_that_decides_nothing_new_moves_no_day(home: Home) -> None:
    cycle.launch(home, "plan", UNIT)
    before = cycle.stored(home)
    cycle.launch(home, "plan", UNIT, cycle.ON + DAY)
    assert cycle.stored(home) == before
    assert cycle.launch(home, "plan", UNIT) == {UNIT: Outcome.WAITING}


def test_signatures_of_yesterday_count_today_on_the_same_evidence(home: Home) -> None:
    cycle.launch(home, "plan", UNIT)
    sign_all(home, Stage.PLAN, UNIT)
    assert cycle.launch(home, "plan", UNIT, cycle.ON + DAY) == {UNIT: Outcome.OPEN}
    with pytest.raises(SnapshotRefused, match="days do not go back"):
        cycle.launch(home, "nomination", UNIT)


def test_in_both_languages_it_says_which_day(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def clock() -> datetime:
        return datetime(2017, 1, 1, tzinfo=UTC)

    cycle.launch(home, "plan", UNIT)
    for on, days in ((date(2017, 1, 2), ["2017-01-02"]), (date(2016, 1, 1), ["2016-", "12-31"])):
        for lang, word in (("zh", "日期"), ("en", "day")):
            monkeypatch.setenv("TERMGATE_LANG", lang)
            with pytest.raises(SnapshotRefused) as told:
                open_snapshot(home, UNIT, on, clock)
            said = str(told.value)
            assert word in said
            assert all(day in said for day in days)
