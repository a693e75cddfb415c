"""What comes while a gate is decided: nothing is recorded on what a decision no longer rests on.

An act moves the gates that rest on it: its own, those after it of the same unit, and every gate
where keys changed. What is said about other gates holds nobody up.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.home import Home
from data.verify import verify
from schemas.decisions import Decision
from schemas.facts import Facts
from schemas.refusals import ActRefused
from schemas.vocabulary import Outcome, Stage
from tasks.checks.catalogue import CHECKS
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot, open_snapshot
from tasks.moved import FactsMoved
from tasks.officers import keys, signing
from tasks.officers.recording import Recorder
from tasks.procedure import receive
from tasks.recording.handing_on import hand_on
from tasks.recording.recorded import Recorded, record_each
from tests.support import cycle
from tests.support.places import copied
from tests.support.signing import private_of, sign_all, signers_of, who

pytestmark = pytest.mark.on_both

TOWN, UNIT, OTHER = "640302103", "640302103-congress", "640302103-government"
PLAN, NOMINATION = Stage.PLAN, Stage.NOMINATION
# They sign nothing here: one has a key, one has none.
DISCIPLINE, KEYLESS = "o-640300-02", "o-640302103-03"

Deed = Callable[[Home], object]


def seen(home: Home) -> Snapshot:
    return open_snapshot(home, TOWN, cycle.ON)


def signers(home: Home, unit: str, stage: Stage) -> tuple[str, ...]:
    given = seen(home)
    return signers_of(home, given.pack, given.history)[unit, stage]


def sign(home: Home, unit: str = UNIT, stage: Stage = NOMINATION, number: int = -1) -> int:
    return signing.sign(Recorder(home), unit, stage, who(signers(home, unit, stage)[number]))


def signed_by(home: Home, unit: str, stage: Stage) -> tuple[int, str]:
    """The last signature on a gate: its entry and its officer."""
    (*_, last) = [
        one
        for one in cycle.entries(home, "signed")
        if (one["unit"], one["stage"]) == (unit, stage.value)
    ]
    return last["seq"], last["officer"]


def withdraw(home: Home, unit: str = UNIT, stage: Stage = NOMINATION) -> int:
    seq, officer = signed_by(home, unit, stage)
    return signing.withdraw(Recorder(home), seq, who(officer), "看错了")


def refuse(home: Home, unit: str = UNIT, stage: Stage = NOMINATION) -> int:
    officer = signers(home, unit, stage)[0]
    return signing.refuse(Recorder(home), unit, stage, who(officer), "材料不全")


def attempt(home: Home) -> None:
    with pytest.raises(ActRefused):
        signing.sign(Recorder(home), UNIT, NOMINATION, who(KEYLESS))


def deliver(home: Home, place: str = TOWN) -> None:
    """Another day for somebody's pledge."""
    person = f"p-{place}-0001"
    cycle.deliver(home, "pledges", [{"person": person, "signed_on": date(2016, 9, 3)}])


def revoke(home: Home) -> int:
    return keys.revoke(Recorder(home), DISCIPLINE, who(DISCIPLINE), "丢失")


def rotate(home: Home) -> int:
    return keys.rotate(Recorder(home), who(DISCIPLINE), private_of(DISCIPLINE, 2))


def enrol(home: Home) -> int:
    return keys.enrol(Recorder(home), who(KEYLESS))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, ledgers: None) -> Path:
    """The plan is signed and open, the nomination is decided, and one has signed it."""
    home = cycle.small_home(tmp_path_factory.mktemp("begun") / "home")
    cycle.run(home, "plan", TOWN)
    cycle.launch(home, "nomination", TOWN)
    for unit in (UNIT, OTHER):
        sign(home, unit, number=0)
    return home.path


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Home:
    copied(begun, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def opened(home: Home) -> Home:
    """The nomination is open too, and not yet handed on."""
    sign_all(home, NOMINATION, TOWN)
    given = seen(home)
    assert {one.decision.outcome for one in decided(given)} == {Outcome.OPEN}
    return home


def decisions(given: Snapshot, stage: Stage = NOMINATION) -> list[Decision]:
    return decisions_of(given, stage)


def decided(given: Snapshot, stage: Stage = NOMINATION) -> list[Recorded]:
    recorded, moved = record_each(given, stage, decisions(given, stage))
    assert not moved
    return list(recorded.values())


def of(made: list[Decision], unit: str) -> Decision:
    return next(one for one in made if one.unit == unit)


# What a decision rests on

MOVING: dict[str, Deed] = {
    "a submission": deliver,
    "a sign-off": sign,
    "a withdrawal": withdraw,
    "a refusal": refuse,
    "a withdrawal at an earlier gate": lambda home: withdraw(home, stage=PLAN),
    "a refusal at an earlier gate": lambda home: refuse(home, stage=PLAN),
    "a key revoked": revoke,
    "a key replaced": rotate,
    "a key enrolled": enrol,
}


@pytest.mark.parametrize("deed", MOVING)
def test_nothing_is_recorded_on_what_moved(home: Home, deed: str) -> None:
    given = seen(home)
    made = decisions(given)
    MOVING[deed](home)
    before = cycle.stored(home)
    with pytest.raises(FactsMoved):
        cycle.record(given, of(made, UNIT))
    assert cycle.stored(home) == before
    recorded, moved = record_each(given, NOMINATION, made)
    assert UNIT in moved
    assert UNIT not in recorded
    assert UNIT not in {
        json.loads(body)["unit"] for _, _, body in cycle.stored(home)[len(before) :]
    }
    # Asked again, it is decided on what is there by now.
    assert {one.decision.position for one in decided(seen(home))} == {before[-1][0]}


@pytest.mark.parametrize("deed", [name for name in MOVING if name != "a sign-off"])
def test_nothing_is_handed_on_on_what_moved(opened: Home, deed: str) -> None:
    given = seen(opened)
    recorded = decided(given)
    MOVING[deed](opened)
    before = cycle.stored(opened)
    handed, moved = hand_on(given, NOMINATION, recorded)
    assert UNIT in moved
    # What moves one gate alone holds nobody else up.
    after = cycle.stored(opened)[len(before) :]
    assert {json.loads(body)["unit"] for _, _, body in after} == set(handed) <= {OTHER}


def test_of_many_decisions_those_after_the_act_are_not_recorded(home: Home) -> None:
    """What rests on the act waits for another launch, and holds up nobody else."""
    given = seen(home)
    made = decisions(given)
    withdraw(home, OTHER)
    before = cycle.stored(home)
    recorded, moved = record_each(given, NOMINATION, made)
    assert moved == {OTHER}
    assert recorded.keys() == {one.unit for one in made} - {OTHER}
    after = [json.loads(body) for _, _, body in cycle.stored(home)[len(before) :]]
    assert {one["unit"] for one in after} == {
        one.decision.unit for one in recorded.values() if one.new
    }


# What it does not rest on

ASIDE: dict[str, Deed] = {
    "a submission that says the same": lambda home: cycle.deliver(
        home, "pledges", cycle.small_rows()["pledges"][:1]
    ),
    "a submission of another place": lambda home: deliver(home, "640302100"),
    "a submission of a later stage": lambda home: cycle.deliver(
        home, "results", cycle.small_rows()["results"][:1]
    ),
    "a sign-off for another unit": lambda home: sign(home, OTHER),
    "a withdrawal for another unit": lambda home: withdraw(home, OTHER),
    "a refusal for another unit": lambda home: refuse(home, OTHER),
    "a withdrawal at another unit's earlier gate": lambda home: withdraw(home, OTHER, PLAN),
    "a withdrawal of another unit's decision": lambda home: cycle.launch(home, "nomination", OTHER),
    "an attempt": attempt,
}


@pytest.mark.parametrize("deed", ASIDE)
def test_acts_about_other_gates_hold_nothing_up(home: Home, deed: str) -> None:
    given = seen(home)
    made = decisions(given)
    before = len(cycle.stored(home))
    ASIDE[deed](home)
    assert len(cycle.stored(home)) > before
    recorded = cycle.record(given, of(made, UNIT))
    assert recorded.new
    assert cycle.entries(home)[-1]["unit"] == UNIT
    # It is as good as one on what is there by now, and says so.
    delivered = cycle.entries(home, "submitted")[-1]["seq"]
    assert recorded.decision.position >= delivered
    entries, fault = verify(home, acts=True)
    assert (entries, fault) == (len(cycle.stored(home)), None)
    assert decisions(seen(home))[0].key == recorded.decision.key


@pytest.mark.parametrize("deed", ["a sign-off", "a withdrawal", "a refusal"])
def test_acts_about_a_later_gate_hold_nothing_up(home: Home, deed: str) -> None:
    cycle.deliver(home, "pledges", cycle.small_rows()["pledges"][:1])
    given = seen(home)
    MOVING[deed](home)
    made = replace(of(decisions(given, PLAN), UNIT), outcome=Outcome.WAITING)
    assert cycle.record(given, made).new


# Another decision


def test_another_decision_that_came_between_is_not_written_over(home: Home) -> None:
    given = seen(home)
    made = of(decisions(given), UNIT)
    theirs = cycle.record(seen(home), replace(made, outcome=Outcome.BLOCKED))
    before = cycle.stored(home)
    with pytest.raises(FactsMoved):
        cycle.record(given, made)
    assert record_each(given, NOMINATION, [made]) == ({}, frozenset({UNIT}))
    assert cycle.stored(home) == before
    assert cycle.decisions(home)[UNIT, "nomination"] == ("blocked", theirs.decision.key)


def test_the_same_decision_that_came_between_is_taken_as_it_stands(home: Home) -> None:
    given = seen(home)
    made = of(decisions(given), UNIT)
    theirs = cycle.record(seen(home), made)
    ours = cycle.record(given, made)
    assert (theirs.new, ours.new, ours.seq) == (True, False, theirs.seq)


def crash(_facts: Facts, _rule: object) -> pd.DataFrame:
    raise MemoryError


@pytest.mark.parametrize("step", ["record", "hand_on"])
def test_a_gate_behind_one_that_somebody_closed_meanwhile_is_not_decided(
    opened: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whoever launched the earlier stage in another process may have found otherwise."""
    slate = receive(opened, NOMINATION, TOWN, cycle.ON)
    assert slate.units == [UNIT, OTHER]
    recorded = decided(slate.snapshot)
    made = [replace(one.decision, outcome=Outcome.WAITING) for one in recorded]
    cycle.forget()
    with monkeypatch.context() as crashing:
        crashing.setitem(CHECKS, "plan.posts", crash)
        assert cycle.launch(opened, "plan", UNIT) == {UNIT: Outcome.BLOCKED}
    before = cycle.stored(opened)
    if step == "record":
        with pytest.raises(FactsMoved):
            cycle.record(slate.snapshot, of(made, UNIT))
        assert cycle.stored(opened) == before
    assert hand_on(slate.snapshot, NOMINATION, recorded) == ([OTHER], frozenset({UNIT}))
