"""The day of what is done: today in a live cycle; in a historical one days never go back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.days import CHINA, DayRefused, Reached
from data.home import Home
from data.ledger import Ledger
from data.verify import Fault, verify
from schemas.vocabulary import Outcome, Stage
from tasks.gate.snapshot import open_snapshot
from tasks.intake.accept import open_cycle
from tasks.moved import FactsMoved
from tasks.officers.recording import Recorder
from tasks.reminding import remind
from tests.replay import scenes
from tests.support import cycle
from tests.support.signing import founding, sign_all
from tests.support.stages import run_stage

UNIT, OTHER = "640302103-congress", "640302-cppcc"
DAY = timedelta(days=1)
TODAY = datetime.now(UTC).astimezone(CHINA).date()


def at(moment: str) -> Callable[[], datetime]:
    return lambda: datetime.fromisoformat(moment)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A historical cycle that begins on `cycle.ON`."""
    return cycle.small_home(tmp_path / "home")


@pytest.fixture
def live(tmp_path: Path) -> Home:
    return cycle.open_home(tmp_path / "live", cycle.small_rows(), historical=None)


# Which day it is


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
    assert open_snapshot(home, UNIT, newest, at(now)).on == newest
    before = cycle.stored(home)
    for later in (newest + DAY, newest + 365 * DAY, date.max):
        with pytest.raises(DayRefused, match="has not come yet"):
            run_stage(home, Stage.PLAN, UNIT, later, clock=at(now))
    assert cycle.stored(home) == before


DAYS = st.dates(date(2016, 1, 1), date(2018, 1, 1))


@given(on=DAYS, wanted=st.none() | DAYS, now=DAYS)
def test_a_live_cycle_is_of_today_and_of_no_other_day(
    on: date, wanted: date | None, now: date
) -> None:
    noon = at(f"{now}T04:00:00+00:00")
    expected = max(on, now)
    if wanted in (None, expected):
        assert Reached(historical=False, on=on).day(wanted, noon) == expected
    else:
        with pytest.raises(DayRefused):
            Reached(historical=False, on=on).day(wanted, noon)


@given(on=DAYS, wanted=st.none() | DAYS, now=DAYS)
def test_a_historical_cycle_goes_on_and_never_back_nor_ahead(
    on: date, wanted: date | None, now: date
) -> None:
    noon = at(f"{now}T04:00:00+00:00")
    if wanted is None:
        assert Reached(historical=True, on=on).day(None, noon) == on
    elif on <= wanted <= max(now, on):
        assert Reached(historical=True, on=on).day(wanted, noon) == wanted
    else:
        with pytest.raises(DayRefused):
            Reached(historical=True, on=on).day(wanted, noon)


# A live cycle


def test_a_live_cycle_takes_no_day_for_anything(live: Home) -> None:
    before = cycle.stored(live)
    rows = [dict(cycle.small_rows()["talks"][0])]
    for on in (cycle.ON, TODAY - DAY):
        tries: list[Callable[[], object]] = [
            lambda on=on: run_stage(live, Stage.PLAN, UNIT, on),  # type: ignore[misc]
            lambda on=on: cycle.deliver(live, "talks", rows, day=on),  # type: ignore[misc]
            lambda on=on: Recorder(live, day=on),  # type: ignore[misc]
            lambda on=on: remind(live, on),  # type: ignore[misc]
        ]
        for one in tries:
            with pytest.raises(DayRefused, match="is not today"):
                one()
    assert cycle.stored(live) == before


def test_a_live_cycle_says_that_it_is_and_of_which_day_each_entry_is(live: Home) -> None:
    assert cycle.launch(live, "plan", UNIT, None) == {UNIT: Outcome.WAITING}
    first, *more = cycle.entries(live)
    assert first["historical"] is False
    assert {one["on"] for one in more} <= {TODAY.isoformat(), (TODAY + DAY).isoformat()}
    assert verify(live, acts=True)[1] is None


def test_a_decision_is_not_recorded_on_another_day_than_it_was_made_for(tmp_path: Path) -> None:
    eve, morning = at("2017-01-30T15:59:00+00:00"), at("2017-01-30T16:01:00+00:00")
    home = cycle.open_home(tmp_path / "home", cycle.small_rows(), clock=eve, historical=None)
    moments = iter([eve()] + [morning()] * 99)
    with pytest.raises(FactsMoved):
        run_stage(home, Stage.PLAN, UNIT, clock=lambda: next(moments))
    assert cycle.entries(home, "decided") == []
    assert run_stage(home, Stage.PLAN, UNIT, clock=morning) == {UNIT: Outcome.WAITING}
    (decided,) = cycle.entries(home, "decided")
    assert decided["on"] == "2017-01-31"


# A historical cycle


def test_a_cycle_cannot_begin_on_a_day_that_has_not_come(tmp_path: Path) -> None:
    with pytest.raises(DayRefused, match="has not come yet"):
        open_cycle(Home(tmp_path / "x"), cycle.PACK, tmp_path, founding, historical=TODAY + 2 * DAY)
    assert not (tmp_path / "x").exists()


def test_a_day_before_the_last_entry_is_refused(home: Home) -> None:
    cycle.launch(home, "plan", UNIT, cycle.ON + DAY)
    before = cycle.stored(home)
    rows = [dict(cycle.small_rows()["talks"][0])]
    for scope in (UNIT, OTHER, "cycle"):
        for stage in (Stage.PLAN, Stage.RESULT):
            with pytest.raises(DayRefused, match="days do not go back"):
                run_stage(home, stage, scope, cycle.ON)
    with pytest.raises(DayRefused, match="days do not go back"):
        cycle.deliver(home, "talks", rows, day=cycle.ON)
    with pytest.raises(DayRefused, match="days do not go back"):
        Recorder(home, day=cycle.ON)
    assert cycle.stored(home) == before


def test_without_a_day_it_is_the_one_that_the_record_has_reached(home: Home) -> None:
    """So nothing on record can be left out: nothing is of a day before the last delivery's."""
    rows = [dict(cycle.small_rows()["talks"][0])]
    cycle.deliver(home, "talks", rows, day=cycle.ON + 9 * DAY)
    assert open_snapshot(home, UNIT).on == cycle.ON + 9 * DAY
    with pytest.raises(DayRefused, match="days do not go back"):
        cycle.launch(home, "plan", UNIT)
    cycle.launch(home, "plan", UNIT, None)
    assert cycle.entries(home, "decided")[-1]["on"] == str(cycle.ON + 9 * DAY)
    assert Ledger(home.ledger).day() == cycle.ON + 9 * DAY


def test_every_delivery_act_and_decision_has_its_day(home: Home) -> None:
    rows = [dict(cycle.small_rows()["talks"][0])]
    cycle.deliver(home, "talks", rows, day=cycle.ON + DAY)
    cycle.launch(home, "plan", UNIT, cycle.ON + 2 * DAY)
    sign_all(home, Stage.PLAN, UNIT)
    cycle.launch(home, "plan", UNIT, cycle.ON + 4 * DAY)
    first, *_ = cycle.entries(home, "opened")
    assert (first["historical"], first["on"]) == (True, str(cycle.ON))
    days = {one["kind"]: one["on"] for one in cycle.entries(home)}
    assert days["submitted"] == str(cycle.ON + DAY)
    assert days["signed"] == str(cycle.ON + 2 * DAY)
    assert days["decided"] == days["handed-on"] == str(cycle.ON + 4 * DAY)
    assert verify(home, acts=True) == (len(cycle.entries(home)), None)


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
    with pytest.raises(DayRefused, match="days do not go back"):
        cycle.launch(home, "nomination", UNIT)


def test_a_day_that_was_changed_is_told_by_the_verifier(home: Home) -> None:
    cycle.launch(home, "plan", UNIT, cycle.ON + DAY)
    seq = cycle.entries(home, "decided")[0]["seq"]
    for on in (cycle.ON - DAY, TODAY + 9 * DAY):
        scenes.edited(home, seq, on=str(on))
        assert verify(home) == (seq - 1, Fault(seq, "day"))


def test_in_both_languages_it_says_which_day(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = at("2017-01-01T00:00:00+00:00")
    for on, days in ((date(2017, 1, 2), ["2017-01-02"]), (date(2016, 1, 1), ["2016-", "12-31"])):
        for lang, word in (("zh", "日期"), ("en", "day")):
            monkeypatch.setenv("TERMGATE_LANG", lang)
            with pytest.raises(DayRefused) as told:
                open_snapshot(home, UNIT, on, clock)
            said = str(told.value)
            assert word in said
            assert all(day in said for day in days)
