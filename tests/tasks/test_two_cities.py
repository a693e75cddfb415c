"""Two cities on one ledger: what one delivers throws away nothing that the other decides."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.home import Home
from data.verify import verify
from schemas.vocabulary import Stage
from tasks import procedure
from tasks.gate import decision
from tasks.moved import FactsMoved
from tests.support import cycle

OURS, THEIRS = cycle.CITIES
DELIVERIES = 200
ROUNDS = 12
DAY = date(2016, 9, 1)


def measure(home: Home, city: str, day: date) -> None:
    """A measure of a city was taken on another day."""
    rows = cycle.rows_of_cities()["measures"]
    first = next(row for row in rows if row["jurisdiction"] == city)
    cycle.deliver(home, "measures", [{**first, "held_on": day}])


@contextmanager
def delivering(home: Home) -> Iterator[threading.Event]:
    """The other city delivers as fast as it can, until all is delivered; the event says so."""
    ended = threading.Event()
    failures: list[BaseException] = []

    def deliver() -> None:
        try:
            for number in range(DELIVERIES):
                measure(home, THEIRS, DAY + timedelta(days=number))
        except BaseException as error:
            failures.append(error)
        finally:
            ended.set()

    thread = threading.Thread(target=deliver)
    thread.start()
    try:
        yield ended
    finally:
        thread.join()
    assert not failures


def test_no_run_is_thrown_away_while_the_other_city_delivers(tmp_path: Path) -> None:
    """Every launch decides what its own city changed, however much comes from the other one."""
    home = cycle.open_home(tmp_path / "home", cycle.rows_of_cities())
    cycle.launch(home, Stage.PLAN, OURS)
    rounds = 0
    with delivering(home) as ended:
        while not ended.is_set() or rounds < ROUNDS:
            rounds += 1
            # What the plan rests on changes with each round, so that each has to be recorded.
            measure(home, OURS, DAY + timedelta(days=rounds))
            before = len(decided(home))
            said = cycle.launch(home, Stage.PLAN, OURS)
            assert len(decided(home)) > before
            assert {unit[:4] for unit in said} == {OURS[:4]}
    assert len(cycle.entries(home, "submitted")) >= DELIVERIES + ROUNDS
    entries, fault = verify(home, acts=True)
    assert (entries, fault) == (len(cycle.stored(home)), None)


def decided(home: Home) -> list[int]:
    return [one["seq"] for one in cycle.entries(home, "decided")]


@pytest.mark.parametrize("place", [OURS, THEIRS])
def test_a_run_is_held_up_by_its_own_city_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Something comes from either city in the middle of each decision."""
    home = cycle.open_home(tmp_path / "home", cycle.rows_of_cities())
    cycle.launch(home, Stage.PLAN)
    number = iter(range(20))

    def late(*given: object, **named: object) -> object:
        made = decision.decisions_of(*given, **named)  # type: ignore[arg-type]
        measure(home, place, DAY + timedelta(days=next(number)))
        return made

    monkeypatch.setattr(procedure, "decisions_of", late)
    measure(home, OURS, date(2016, 6, 1))
    if place == OURS:
        with pytest.raises(FactsMoved):
            cycle.launch(home, Stage.PLAN, OURS)
    else:
        assert cycle.launch(home, Stage.PLAN, OURS)
