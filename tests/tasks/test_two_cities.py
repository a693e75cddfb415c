"""Two cities on one ledger: what one delivers throws away nothing that the other decides."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Ledger
from data.policies import read_pack
from data.registers import EVERYWHERE, read_registers
from data.submissions import submissions_of
from data.verify import verify
from schemas.facts import FactsError, facts_of, lineage_of
from schemas.findings import Findings
from schemas.registers import REGISTERS
from schemas.rules.base import NamedBy, Reach, Read
from schemas.vocabulary import Stage
from tasks import procedure
from tasks.gate import decision
from tasks.gate.snapshot import Snapshot, open_snapshot
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


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of two cities; of either, something was changed and something was taken away."""
    home = cycle.open_home(tmp_path_factory.mktemp("both"), cycle.rows_of_cities())
    for city in cycle.CITIES:
        measure(home, city, DAY)
        pledges = cycle.rows_of_cities()["pledges"]
        cycle.withdraw(
            home, "pledges", [one for one in pledges if city[:4] in str(one["person"])][:2]
        )
    return home


def below(home: Home, city: str) -> frozenset[str]:
    tables = read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger)))
    lineage = lineage_of(tables["jurisdictions"])
    return frozenset(lineage.loc[lineage["ancestor"] == city, "jurisdiction"])


@pytest.mark.parametrize("city", cycle.CITIES)
def test_of_one_city_exactly_its_own_rows_are_put_together(both: Home, city: str) -> None:
    blobs, submissions = BlobStore(both.blobs), submissions_of(Ledger(both.ledger))
    places = below(both, city)
    part = facts_of(read_registers(blobs, submissions, places), DAY).tables
    whole = facts_of(read_registers(blobs, submissions), DAY).tables
    for name in REGISTERS:
        ours = whole[name]
        if name not in EVERYWHERE:
            assert ours.empty or 0 < ours["_home"].isin(places).sum() < len(ours), name
            ours = ours[ours["_home"].isin(places)]
        assert part[name].to_dict("records") == ours.to_dict("records"), name


def said_of(snapshot: Snapshot, stage: Stage) -> list[object]:
    made = decision.decisions_of(snapshot, stage)
    in_order = [Findings.of(sorted(one.findings, key=repr)) for one in made]
    return [
        replace(one, position=0, findings=every) for one, every in zip(made, in_order, strict=True)
    ]


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("city", cycle.CITIES)
def test_a_gate_says_the_same_whether_its_city_is_looked_at_alone(
    both: Home, city: str, stage: Stage
) -> None:
    alone, whole = open_snapshot(both, city), open_snapshot(both, "cycle")
    assert (alone.places, whole.places) == (below(both, city), frozenset())
    mine = whole.within(set(alone.units))
    assert said_of(alone, stage) == said_of(mine, stage)
    county = next(one for one in sorted(alone.places) if one != city)
    assert open_snapshot(both, county).places == alone.places


def whatever_is_read(reads: Iterable[Read]) -> Iterator[Read]:
    """Reads, and those that say which rows they mean."""
    for one in reads:
        yield one
        named = [each for each in one.rows if isinstance(each, NamedBy)]
        yield from whatever_is_read(source for each in named for source, _ in each.by)


@pytest.mark.parametrize("pack", ["cn-2016", "cn-2026"])
def test_what_is_read_beyond_a_city_is_put_together_whole(pack: str) -> None:
    checks = [one for every in read_pack(pack).checks.values() for one in every]
    every = whatever_is_read(read for one in checks for read in one.reads)
    beyond = {one.register for one in every if one.reach is Reach.EVERYWHERE}
    assert beyond
    assert beyond <= EVERYWHERE


def test_a_row_that_refers_to_nothing_is_found_wherever_one_looks(both: Home) -> None:
    """It may be anybody's: no city is decided as if it were not there."""
    blobs, submissions = BlobStore(both.blobs), submissions_of(Ledger(both.ledger))
    submissions["roster"] = []
    for places in (frozenset[str](), *(below(both, city) for city in cycle.CITIES)):
        with pytest.raises(FactsError, match=r"pledges\.person"):
            facts_of(read_registers(blobs, submissions, places), DAY).tables["pledges"]
