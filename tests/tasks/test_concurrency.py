"""Many processes over one home: each answer is recorded once, and nobody hears of the database.

The processes are forked from one that has loaded everything, and start together at a barrier.
Whoever is told that something came between does what the message says: they try again.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from data.home import Home
from data.verify import verify
from schemas.refusals import ActRefused
from schemas.vocabulary import Stage
from tasks.gate.snapshot import open_snapshot
from tasks.moved import FactsMoved
from tasks.officers.recording import Recorder
from tasks.officers.signing import refuse, sign, sign_ready, withdraw
from tests.support import cycle, places
from tests.support.marks import long_but
from tests.support.patience import PATIENCE
from tests.support.signing import Signers, everybody, signers_of, who

TOWN, UNIT, OTHER = "640302103", "640302103-congress", "640302103-government"
PLAN, NOMINATION = Stage.PLAN, Stage.NOMINATION
ENOUGH = 200
DONE = "done"

# On PostgreSQL crowds are tried by tests/postgres/test_crowd.py.
USUALLY, ON_POSTGRESQL = 6, 2
Told = list[str]
Deed = Callable[[Home, int, Signers], Told]

_start: list[Barrier] = []  # of this process


def _wait_for(barrier: Barrier, place: tuple[str, str] | None) -> None:
    places.choose(place)
    _start.append(barrier)


def _do(deed: Deed, path: str, number: int, signing: Signers) -> Told:
    # What a cold process does first is no part of it.
    open_snapshot(Home(Path(path)), TOWN, cycle.ON)
    _start[0].wait(PATIENCE)
    return deed(Home(Path(path)), number, signing)


@dataclass(frozen=True)
class Crowd:
    """So many processes that do the same thing at the same moment."""

    processes: int
    pool: ProcessPoolExecutor

    def all_do(self, home: Home, deed: Deed) -> list[Told]:
        """What each of them is told."""
        signing = who_sign(home)
        # Whoever waits at the barrier takes no second task: each process has one.
        running = [
            self.pool.submit(_do, deed, str(home.path), number, signing)
            for number in range(self.processes)
        ]
        return [one.result(PATIENCE) for one in running]


@pytest.fixture(scope="module", params=long_but([USUALLY], [USUALLY, 2, 16]))
def crowd(request: pytest.FixtureRequest, ledgers: None) -> Iterator[Crowd]:
    number = ON_POSTGRESQL if places.on_postgresql() else request.param
    context = multiprocessing.get_context("forkserver")
    # The validator too: in each process of its own it takes longer than all that they do.
    context.set_forkserver_preload(["tests.tasks.test_concurrency", "tasks.handoff.validation"])
    given = (context.Barrier(number), places.chosen())
    with ProcessPoolExecutor(number, context, _wait_for, given) as pool:
        yield Crowd(number, pool)


def who_sign(home: Home) -> Signers:
    """The officers of each gate."""
    given = open_snapshot(home, "cycle", cycle.ON)
    return signers_of(home, given.pack, given.history)


# What the processes do


def launch(home: Home, _number: int, _signing: Signers) -> Told:
    return [str(outcome) for outcome in cycle.launch(home, "plan").values()]


def sign_as_the_same(home: Home, _number: int, signing: Signers) -> Told:
    try:
        sign(Recorder(home), UNIT, PLAN, who(signing[UNIT, PLAN][0]))
    except ActRefused as refused:
        return [refused.code]
    return [DONE]


def sign_as_one_of_them(home: Home, number: int, signing: Signers) -> Told:
    every = signing[UNIT, PLAN]
    officer = every[number % len(every)]
    signed, left = sign_ready(Recorder(home), PLAN, TOWN, who(officer))
    return [*signed, *left.values()]


def withdraw_the_same(home: Home, _number: int, _signing: Signers) -> Told:
    (entry,) = cycle.entries(home, "signed")
    try:
        withdraw(Recorder(home), entry["seq"], who(entry["officer"]))
    except ActRefused as refused:
        return [refused.code]
    return [DONE]


def refuse_and_sign(home: Home, number: int, signing: Signers) -> Told:
    first, second, *_ = signing[UNIT, PLAN]
    recorder = Recorder(home)
    if number % 2:
        sign_ready(recorder, PLAN, TOWN, who(second))
    else:
        try:
            refuse(recorder, UNIT, PLAN, who(first), f"{number}")
        except ActRefused as refused:
            return [refused.code]
    return [DONE]


def decide_and_sign(home: Home, number: int, signing: Signers) -> Told:
    """Take gates as far as they go, as impatient officers do; what is told on the way."""
    told: Told = []
    wanted = {
        stage: everybody(
            {(UNIT, stage): signing[UNIT, stage], (OTHER, stage): signing[OTHER, stage]}
        )
        for stage in (PLAN, NOMINATION)
    }
    recorder = Recorder(home)
    for _ in range(ENOUGH):
        try:
            found = cycle.launch(home, NOMINATION, TOWN)
        except FactsMoved as moved:
            told.append(type(moved).__name__)
            continue
        if all(outcome == "open" for outcome in found.values()):
            return told
        for stage in (PLAN, NOMINATION):
            for officer in wanted[stage][number % 2 :] + wanted[stage][: number % 2]:
                try:
                    sign_ready(recorder, stage, TOWN, who(officer))
                except ActRefused as refused:
                    told.append(refused.code)
    return [*told, "gave up"]


# What is on record afterwards


def assert_sound(home: Home) -> None:
    """Each answer once in a row, each signature once, each stage of a unit ended once."""
    assert verify(home, blobs=True)[1] is None
    last: dict[tuple[str, str], str] = {}
    for one in cycle.entries(home, "decided"):
        gate = (one["unit"], one["stage"])
        assert last.get(gate) != one["decision"], one["seq"]
        last[gate] = one["decision"]
    signed = Counter((one["unit"], one["stage"], one["officer"])
                     for one in cycle.entries(home, "signed"))  # fmt: skip
    assert set(signed.values()) <= {1}
    ended = Counter((one["unit"], one["stage"]) for one in cycle.entries(home, "handed-on"))
    assert set(ended.values()) <= {1}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home")


@pytest.fixture
def waiting(home: Home) -> Home:
    """The plan waits for its signatures."""
    cycle.launch(home, "plan")
    return home


pytestmark = pytest.mark.on_both


def test_the_same_launch_is_decided_once(crowd: Crowd, home: Home) -> None:
    before = len(cycle.stored(home))
    told = crowd.all_do(home, launch)
    assert told == [told[0]] * crowd.processes
    assert len(cycle.stored(home)) == before + len(told[0])
    assert_sound(home)


def test_the_same_signature_is_taken_once(crowd: Crowd, waiting: Home) -> None:
    told = Counter(chain(*crowd.all_do(waiting, sign_as_the_same)))
    assert told == {DONE: 1, "already-signed": crowd.processes - 1}
    assert len(cycle.entries(waiting, "signed")) == 1
    attempts = cycle.entries(waiting, "attempted")
    assert Counter(one["code"] for one in attempts) == {"already-signed": crowd.processes - 1}
    assert_sound(waiting)


def test_every_officer_signs_each_gate_once(crowd: Crowd, waiting: Home) -> None:
    crowd.all_do(waiting, sign_as_one_of_them)
    signed = {(one["unit"], one["officer"]) for one in cycle.entries(waiting, "signed")}
    units = [UNIT, OTHER]
    assert signed == {
        (unit, officer) for unit in units for officer in who_sign(waiting)[unit, PLAN]
    }
    assert cycle.entries(waiting, "attempted") == []
    assert_sound(waiting)
    assert cycle.launch(waiting, "plan", TOWN) == dict.fromkeys(units, "open")


def test_the_same_signature_is_withdrawn_once(crowd: Crowd, waiting: Home) -> None:
    sign_as_the_same(waiting, 0, who_sign(waiting))
    told = Counter(chain(*crowd.all_do(waiting, withdraw_the_same)))
    assert told == {DONE: 1, "withdrawn": crowd.processes - 1}
    assert len(cycle.entries(waiting, "withdrawn")) == 1
    assert_sound(waiting)


def test_refusals_and_signatures_at_once_are_all_on_record(crowd: Crowd, waiting: Home) -> None:
    told = crowd.all_do(waiting, refuse_and_sign)
    first, second = who_sign(waiting)[UNIT, PLAN]
    again = crowd.processes // 2 - 1
    assert sorted(chain(*told)) == ["already-refused"] * again + [DONE] * (crowd.processes - again)
    assert [one["officer"] for one in cycle.entries(waiting, "refused")] == [first]
    assert {one["officer"] for one in cycle.entries(waiting, "signed")} == {second}
    assert_sound(waiting)
    assert cycle.launch(waiting, "plan", UNIT) == {UNIT: "blocked"}


def test_deciding_and_signing_at_once_ends_as_one_after_the_other_does(
    crowd: Crowd, home: Home, tmp_path: Path
) -> None:
    alone = cycle.small_home(tmp_path / "alone")
    cycle.run(alone, NOMINATION, TOWN)
    told = crowd.all_do(home, decide_and_sign)
    # "moved" tells an officer that others came between again and again.
    assert set(chain(*told)) <= {"FactsMoved", "moved"}
    assert_sound(home)
    assert cycle.said(home) == cycle.said(alone)
    assert cycle.handed_on(home) == cycle.handed_on(alone)
    signed, expected = (
        {(one["unit"], one["stage"], one["officer"]) for one in cycle.entries(where, "signed")}
        for where in (home, alone)
    )
    assert signed == expected
