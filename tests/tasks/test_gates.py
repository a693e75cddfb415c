"""Gates: findings become decisions, decisions go on record once, and only while the facts stand."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.home import Home
from schemas.decisions import Decision
from schemas.facts import Facts
from schemas.vocabulary import Outcome, Stage
from tasks.checks.catalogue import CHECKS
from tasks.gate import snapshot
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot, SnapshotRefused, open_snapshot
from tasks.handoff.frames import frame_digests, handoff_frame
from tasks.handoff.validation import validate
from tasks.moved import FactsMoved
from tasks.recording.handing_on import hand_on, receive_from
from tasks.recording.recorded import Recorded, record_each
from tests.support import cycle
from tests.support.signing import sign_all

UNIT = "640302103-congress"
OPEN, WAITING, BLOCKED = Outcome.OPEN, Outcome.WAITING, Outcome.BLOCKED


# On record


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home", planted=True)


def seen(home: Home, scope: str = "cycle") -> Snapshot:
    return open_snapshot(home, scope, cycle.ON)


def decided(given: Snapshot, stage: Stage = Stage.PLAN) -> list[Decision]:
    return decisions_of(given, stage)


def signed(home: Home) -> Snapshot:
    """Today's facts after everybody signed the gates of the plan that hold."""
    cycle.launch(home, "plan")
    assert sign_all(home, Stage.PLAN)
    return seen(home)


def on_record(given: Snapshot, made: list[Decision], run: str | None = None) -> list[Recorded]:
    recorded, moved = record_each(given, Stage.PLAN, made, run)
    assert not moved
    return list(recorded.values())


def everything_new(home: Home) -> None:
    """Another day for the deployment of the plan everywhere."""
    rows = cycle.small_rows()["measures"]
    cycle.deliver(home, "measures", [{**row, "held_on": date(2016, 7, 1)} for row in rows])


def nothing_new(home: Home) -> None:
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1])


def test_the_same_decision_is_recorded_once(home: Home) -> None:
    given = seen(home)
    first = on_record(given, decided(given), run="one")
    before = cycle.stored(home)
    again = on_record(given, decided(given), run="two")
    assert all(one.new for one in first)
    assert not any(one.new for one in again)
    assert [one.seq for one in again] == [one.seq for one in first]
    single = cycle.record(given, first[0].decision, run="three")
    assert (single.new, single.seq) == (False, first[0].seq)
    assert cycle.stored(home) == before


def test_a_stage_run_again_after_what_concerns_nobody_adds_nothing(home: Home) -> None:
    first = cycle.run(home, "plan")
    before = cycle.decisions(home), cycle.handed_on(home), len(cycle.stored(home))
    cycle.deliver(home, "pledges", cycle.small_rows()["pledges"][:1])
    assert cycle.run(home, "plan") == first
    assert (cycle.decisions(home), cycle.handed_on(home)) == before[:2]
    # The delivery and its signature.
    assert len(cycle.stored(home)) == before[2] + 2


def test_what_is_recorded_says_everything_about_the_decision(home: Home) -> None:
    given = seen(home)
    made = {one.decision.unit: one for one in on_record(given, decided(given), "r")}
    for entry in cycle.entries(home, "decided"):
        one = made[entry["unit"]]
        assert entry["seq"] == one.seq
        assert entry["outcome"] == one.decision.outcome
        assert (entry["stage"], entry["on"], entry["run"]) == ("plan", "2016-12-31", "r")
        assert (entry["policy"], entry["position"]) == (given.pack.digest, given.position)
        assert (entry["evidence"], entry["decision"]) == (one.decision.evidence, one.decision.key)
        assert (entry["signers"], entry["code"][:6]) == ([], "0.1.0+")
        assert (entry["sign_offs"], entry["waivers"], entry["void"]) == ([], [], {})
        assert (entry["since"], entry["reopened"]) == (0, None)
        assert {*entry["findings"]} >= {check.rule.code for check in given.pack.checks[Stage.PLAN]}
    evidence = [*cycle.entries(home, "submitted"), *cycle.entries(home, "key-vouched")]
    assert given.position == max(entry["seq"] for entry in evidence)


def test_an_open_gate_names_who_signed_and_where(home: Home) -> None:
    given = signed(home)
    on_record(given, decided(given))
    signatures = cycle.entries(home, "signed")
    assert given.position == signatures[-1]["seq"]
    opened = [one for one in cycle.entries(home, "decided") if one["outcome"] == "open"]
    assert opened
    for entry in opened:
        own = [one for one in signatures if one["unit"] == entry["unit"]]
        assert own
        assert entry["sign_offs"] == [one["seq"] for one in own]
        assert entry["signers"] == sorted(one["officer"] for one in own)
        assert set(entry["findings"]["plan.sign-off"]) == {"pass"}


@pytest.mark.parametrize("step", ["record", "record_each", "hand_on"])
def test_nothing_is_recorded_on_facts_that_moved(home: Home, step: str) -> None:
    given = signed(home)
    made = decided(given)
    recorded = on_record(given, made) if step == "hand_on" else []
    everything_new(home)
    before = cycle.stored(home)
    if step == "hand_on":
        opened = {one.decision.unit for one in recorded if one.decision.outcome is OPEN}
        assert hand_on(given, Stage.PLAN, recorded) == ([], frozenset(opened))
    elif step == "record":
        with pytest.raises(FactsMoved):
            cycle.record(given, made[0])
    else:
        standing, moved = record_each(given, Stage.PLAN, made)
        assert moved == {one.unit for one in made} - standing.keys()
        assert moved
        assert not any(one.new for one in standing.values())
    assert cycle.stored(home) == before


@pytest.mark.parametrize("step", ["verified", "read_registers", "facts_of"])
def test_a_submission_while_the_facts_are_read_moves_them(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    done = getattr(snapshot, step)

    def late(*given: Any) -> Any:
        found = done(*given)
        everything_new(home)
        return found

    cycle.forget()
    with monkeypatch.context() as patch:
        patch.setattr(snapshot, step, late)
        given = seen(home)
    assert given.position < cycle.entries(home, "submitted")[-1]["seq"]
    made = decided(given)[0]
    with pytest.raises(FactsMoved):
        cycle.record(given, made)


@pytest.mark.parametrize(
    "another", [{"outcome": WAITING}, {"evidence": "0" * 64}], ids=["closed", "open too"]
)
def test_only_the_decision_that_stands_is_handed_on(home: Home, another: dict[str, Any]) -> None:
    given = signed(home)
    recorded = on_record(given, decided(given))
    opened = next(one for one in recorded if one.decision.outcome is OPEN)
    unit = opened.decision.unit
    cycle.record(seen(home), replace(opened.decision, **another))
    handed, moved = hand_on(given, Stage.PLAN, recorded)
    assert moved == {unit}
    assert (unit, "plan") not in cycle.handed_on(home)
    assert set(handed) == {one for one, _ in cycle.handed_on(home)}


def test_what_is_not_open_is_not_handed_on(home: Home) -> None:
    given = signed(home)
    recorded = on_record(given, decided(given))
    expected = sorted(one.decision.unit for one in recorded if one.decision.outcome is OPEN)
    assert 0 < len(expected) < len(recorded)
    assert hand_on(given, Stage.PLAN, recorded) == (expected, frozenset())
    assert sorted(unit for unit, _ in cycle.handed_on(home)) == expected
    closed = [one for one in recorded if one.decision.outcome is not OPEN]
    assert hand_on(given, Stage.PLAN, closed) == ([], frozenset())


def test_a_stage_ends_in_one_closing_entry_for_each_unit_that_says_what_it_rests_on(
    home: Home,
) -> None:
    outcomes = cycle.run(home, "plan")
    made = {one["seq"]: one for one in cycle.entries(home, "decided")}
    closing = cycle.entries(home, "handed-on")
    opened = {unit for unit, outcome in outcomes.items() if outcome is OPEN}
    assert len(closing) == len(opened) > 1
    assert {one["unit"] for one in closing} == opened
    same = ("unit", "stage", "evidence", "policy", "signers", "sign_offs", "waivers")
    for one in closing:
        decision = made[one["decision"]]
        assert {name: one[name] for name in same} == {name: decision[name] for name in same}
        assert decision["outcome"] == "open"
        assert cycle.handed_on(home)[one["unit"], "plan"] == one["digest"]


def test_the_position_is_that_of_the_home_though_another_asked_the_same(tmp_path: Path) -> None:
    """What is remembered in a process belongs to its content and its place in the ledger."""
    one, other = (cycle.small_home(tmp_path / name) for name in ("one", "other"))
    cycle.launch(one, "plan", "640302-cppcc")
    for home in (one, other):
        nothing_new(home)
        cycle.launch(home, "plan", UNIT)
    places = [cycle.entries(home, "submitted")[-1]["seq"] for home in (one, other)]
    assert places[0] > places[1]
    assert [cycle.entries(home, "decided")[-1]["position"] for home in (one, other)] == places


# Leaving and receiving


def damage(monkeypatch: pytest.MonkeyPatch, seats: int) -> None:
    """Let hand-off frames say something else of one unit."""

    def other(stage: Stage, facts: Facts) -> pd.DataFrame:
        frame = handoff_frame(stage, facts)
        frame.loc[frame["unit"] == UNIT, "seats"] = seats
        return frame

    for where in ("tasks.recording.handing_on", "tasks.handoff.validated"):
        monkeypatch.setattr(f"{where}.handoff_frame", other)


def test_a_hand_off_that_does_not_validate_blocks_its_unit_only(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = cycle.run(cycle.small_home(home.path.parent / "other", planted=True), "plan")
    cycle.forget()
    damage(monkeypatch, -1)
    outcomes = cycle.run(home, "plan")
    cycle.forget()
    assert expected[UNIT] is OPEN
    assert outcomes == {**expected, UNIT: BLOCKED}
    closing = cycle.closing(home, UNIT, "plan")
    assert {(one.check, one.reason) for one in closing} == {("plan.hand-off", "seats-range")}
    assert (UNIT, "plan") not in cycle.handed_on(home)


def test_a_unit_of_which_validation_says_nothing_is_not_open(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mute(stage: Stage, frame: pd.DataFrame) -> pd.DataFrame:
        found = validate(stage, frame)
        return found[found["unit"] != UNIT]

    cycle.forget()
    with monkeypatch.context() as muted:
        muted.setattr("tasks.handoff.validation.validate", mute)
        outcomes = cycle.run(home, "plan", "640302103")
    cycle.forget()
    assert outcomes == {UNIT: WAITING, "640302103-government": OPEN}


def test_a_validator_that_crashes_closes_every_gate_and_names_itself(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(stage: Stage, frame: pd.DataFrame) -> pd.DataFrame:
        raise MemoryError("a person's name")

    outcomes = cycle.run(home, "plan")
    handed = [unit for unit, outcome in outcomes.items() if outcome is OPEN]
    cycle.forget()
    shutil.rmtree(home.passes)
    with monkeypatch.context() as crashing:
        crashing.setattr("tasks.handoff.validation.validate", crash)
        assert receive_from(seen(home), Stage.PLAN, handed).units == ()
        assert OPEN not in cycle.run(home, "plan").values()
        (found,) = cycle.closing(home, handed[0], "plan")
    assert (found.check, found.reason) == ("plan.hand-off", "check-crashed")
    assert found.arguments == {"error": "MemoryError"}
    # A crash is no answer of the facts: the next launch asks again.
    assert cycle.run(home, "plan") == outcomes


def test_a_changed_hand_off_is_not_received(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = cycle.run(home, "plan")
    handed = sorted(unit for unit, outcome in outcomes.items() if outcome is OPEN)
    given = seen(home)
    assert receive_from(given, Stage.PLAN, handed).units == tuple(handed)
    damage(monkeypatch, 99)
    received = receive_from(given, Stage.PLAN, handed)
    assert received.units == tuple(unit for unit in handed if unit != UNIT)


def test_a_hand_off_that_no_longer_validates_is_not_received(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = cycle.run(home, "plan")
    handed = sorted(unit for unit, outcome in outcomes.items() if outcome is OPEN)
    given = seen(home)
    digests = frame_digests(handoff_frame(Stage.PLAN, given.facts))
    damage(monkeypatch, -1)
    monkeypatch.setattr("tasks.recording.handing_on.frame_digests", lambda _frame: digests)
    received = receive_from(given, Stage.PLAN, handed)
    assert received.units == tuple(unit for unit in handed if unit != UNIT)


def test_what_was_never_handed_on_is_not_received(home: Home) -> None:
    given = seen(home)
    received = receive_from(given, Stage.PLAN, given.units)
    assert received.units == ()
    assert received.changed == tuple(given.units)
    assert receive_from(given, Stage.PLAN, []).units == ()


# Earlier gates


def test_an_earlier_gate_that_no_longer_holds_is_closed_again_and_stops_its_unit(
    home: Home,
) -> None:
    assert cycle.run(home, "plan")[UNIT] is OPEN
    assert cycle.run(home, "nomination", UNIT) == {UNIT: OPEN}
    documents = [row for row in cycle.small_rows()["documents"] if row["unit"] == UNIT]
    plan = [row for row in documents if row["kind"] == "superior-approval"]
    cycle.withdraw(home, "documents", plan)
    assert cycle.run(home, "nomination", "640302103") == {
        UNIT: None,
        "640302103-government": OPEN,
    }
    assert cycle.decisions(home)[(UNIT, "plan")][0] == WAITING
    assert [one.check for one in cycle.closing(home, UNIT, "plan")] == ["plan.documents"]
    cycle.deliver(home, "documents", plan)
    # The evidence is what was signed once, but the gate was closed since: it is signed anew.
    assert cycle.launch(home, "nomination", UNIT) == {UNIT: None}
    assert {one.check for one in cycle.closing(home, UNIT, "plan")} == {"plan.sign-off"}
    assert cycle.run(home, "nomination", UNIT) == {UNIT: OPEN}
    assert cycle.decisions(home)[(UNIT, "plan")][0] == OPEN


def test_a_check_that_crashes_closes_its_gate_and_runs_again_next_time(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cycle.run(home, "plan", UNIT) == {UNIT: OPEN}
    cycle.forget()
    check, lacking = CHECKS["plan.posts"], [True]

    def short_of_memory(facts: Facts, rule: object) -> pd.DataFrame:
        if lacking:
            raise MemoryError("马文博")
        return check(facts, rule)

    # The same check crashes and then does not: another function would be another check.
    monkeypatch.setitem(CHECKS, "plan.posts", short_of_memory)
    assert cycle.run(home, "plan", UNIT) == {UNIT: BLOCKED}
    assert cycle.run(home, "nomination", UNIT) == {UNIT: None}
    (said,) = cycle.closing(home, UNIT, "plan")
    assert (said.check, said.reason, said.arguments) == (
        "plan.posts", "check-crashed", {"error": "MemoryError"},
    )  # fmt: skip
    assert not any("马文博".encode() in body for _, _, body in cycle.stored(home))
    lacking.clear()
    assert cycle.run(home, "plan", UNIT) == {UNIT: OPEN}


# Scopes


@pytest.mark.parametrize(
    ("scope", "units"), [("cycle", 10), ("640300", 10), ("640302", 7), (UNIT, 1)]
)
def test_a_scope_is_a_place_with_all_below_it_or_one_unit(
    home: Home, scope: str, units: int
) -> None:
    assert len(seen(home, scope).units) == units


@pytest.mark.parametrize("scope", ["640399", "640302-court", "", "CYCLE"])
def test_a_scope_that_means_nothing_is_refused(home: Home, scope: str) -> None:
    with pytest.raises(SnapshotRefused):
        cycle.run(home, "plan", scope)
    assert cycle.entries(home, "decided") == []


def test_a_unit_has_the_same_decision_in_every_scope(home: Home) -> None:
    whole = cycle.small_home(home.path.parent / "whole", planted=True)
    cycle.run(whole, "plan")
    some = ("640302103-government", "640300-congress", "640302-cppcc", "640302-congress")
    for unit in some:
        cycle.run(home, "plan", unit)
    for state in (cycle.said, cycle.handed_on):
        alone, together = state(home), state(whole)
        assert alone == {gate: one for gate, one in together.items() if gate[0] in some}
