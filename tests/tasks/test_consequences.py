"""What a delivery would do is told beforehand, as it then comes, and nothing is written for it.

What is expected of which gate follows from the table of deliveries (tests.support.deliveries).
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from data.home import Home
from data.submissions import ACCEPT, WITHDRAW, encode_keys, encode_rows
from schemas.entries import Signed
from schemas.registers import REGISTERS
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.consequences import Consequence, consequences, of_revocation
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import open_snapshot
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tests.generator import Row
from tests.objections.scene import SECRETARY, concluded_home
from tests.support import cycle
from tests.support.command import files
from tests.support.deliveries import CHANGED, GONE, NEW, RELATED, UNRELATED, Delivery
from tests.support.signing import who

CLERK = cycle.OFFICER


def row_of(delivery: Delivery) -> Row | None:
    """The row that is delivered (of one that goes, as it stands); none where there is none here."""
    key = REGISTERS[delivery.register].key
    for row in cycle.small_rows()[delivery.register]:
        if "/".join(str(row[column]) for column in key) == delivery.key:
            return {**row, **delivery.cells}
    return None


def stands_alone(delivery: Delivery) -> bool:
    """Whether what the row refers to is there."""
    row = row_of(delivery)
    return row is not None and all(
        row[column] is None
        or any(one[REGISTERS[target].key[0]] == row[column] for one in cycle.small_rows()[target])
        for column, target in REGISTERS[delivery.register].references.items()
    )


def some(deliveries: Iterable[Delivery], number: int) -> list[Delivery]:
    """Of each kind, and of registers that differ, some."""
    fit = [one for one in deliveries if stands_alone(one)]
    newest = {(one.kind, one.register): one for one in fit}
    return list(newest.values())[:number]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return cycle.small_home(tmp_path_factory.mktemp("done") / "home", run=True, declared=False)


def told(home: Home, delivery: Delivery) -> list[Consequence]:
    row = row_of(delivery)
    assert row is not None
    gone = delivery.kind == GONE
    encode = encode_keys if gone else encode_rows
    content = encode(delivery.register, [row])
    mode = WITHDRAW if gone else ACCEPT
    return consequences(home, [(delivery.register, mode, content)], CLERK)


def deliver(home: Home, delivery: Delivery) -> None:
    row = row_of(delivery)
    assert row is not None
    if delivery.kind == GONE:
        cycle.withdraw(home, delivery.register, [row])
    else:
        cycle.deliver(home, delivery.register, [row])


def gates_of(found: Iterable[Consequence]) -> set[str]:
    return {f"{one.stage.value}:{one.unit}" for one in found}


@pytest.mark.parametrize("delivery", some(UNRELATED, 6), ids=lambda one: one.title)
def test_what_nobody_looks_at_does_nothing_and_leaves_nothing(
    done: Home, delivery: Delivery
) -> None:
    before = files(done.path)
    found = told(done, delivery)
    assert [one for one in found if one.closes or one.lost] == []
    assert files(done.path) == before


@pytest.mark.parametrize("delivery", some(RELATED, 8), ids=lambda one: one.title)
def test_what_is_looked_at_is_told_as_it_then_comes(tmp_path: Path, delivery: Delivery) -> None:
    home = cycle.small_home(tmp_path, run=True, declared=False)
    found = told(home, delivery)
    expected = {
        f"{stage.value}:{unit}"
        for stage in STAGES
        for unit in open_snapshot(home, "cycle").units
        if delivery.names(stage.value, unit)
    }
    assert gates_of(found) >= expected
    assert all(
        {(one.register, one.change) for one in each.changes}
        & {(delivery.register, {NEW: "added", CHANGED: "changed", GONE: "gone"}[delivery.kind])}
        for each in found
        if f"{each.stage.value}:{each.unit}" in expected
    )
    standing = {
        (unit, stage): set(one.sign_offs)
        for (unit, stage), one in open_snapshot(home, "cycle").history.current.items()
        if one.outcome == Outcome.OPEN
    }
    deliver(home, delivery)
    snapshot = open_snapshot(home, "cycle")
    closed, void = set(), set()
    for stage in STAGES:
        for decision in decisions_of(snapshot, stage):
            if (decision.unit, stage.value) in standing:
                if decision.outcome is not Outcome.OPEN:
                    closed.add(f"{stage.value}:{decision.unit}")
                void |= standing[decision.unit, stage.value] - set(decision.sign_offs)
    assert gates_of(one for one in found if one.closes) == closed
    assert {lost.seq for one in found for lost in one.lost} == void


def test_a_plan_that_breaks_the_law_closes_its_gate_and_holds_the_later_ones(done: Home) -> None:
    calendar = next(
        row for row in cycle.small_rows()["calendar"] if row["unit"] == "640302-congress"
    )
    content = encode_rows("calendar", [{**calendar, "term_years": 4}])
    found = consequences(done, [("calendar", ACCEPT, content)], CLERK)
    plan = next(one for one in found if one.stage is Stage.PLAN)
    assert (plan.unit, plan.before, plan.after) == (
        "640302-congress", Outcome.OPEN, Outcome.BLOCKED,
    )  # fmt: skip
    assert plan.held == STAGES[1:-1]
    assert [(one.register, one.key, one.change) for one in plan.changes] == [
        ("calendar", "640302-congress", "changed")
    ]
    assert {one.check for one in plan.findings} >= {"plan.calendar"}
    assert plan.lost
    assert {one.code for one in plan.lost} == {"other-evidence"}


def test_a_key_revoked_takes_away_what_was_told(tmp_path: Path) -> None:
    """Every signature by it, the gates that stood on one, and nothing by another key."""
    home = cycle.small_home(tmp_path, run=True, declared=False)
    before = open_snapshot(home, "cycle")
    signed = {
        act.seq: act for acts in before.history.acts.gates.values() for act in acts
        if act.officer == SECRETARY and isinstance(act, Signed)
    }  # fmt: skip
    mine = before.history.acts.keys.of(SECRETARY)
    assert signed
    assert mine
    found = of_revocation(before, mine)
    assert {lost.seq for one in found for lost in one.lost} == set(signed)
    assert {lost.code for one in found for lost in one.lost} == {"key-revoked"}
    told = gates_of(one for one in found if one.closes)
    assert told == {f"{act.stage}:{act.unit}" for act in signed.values()}
    keys.revoke(Recorder(home), SECRETARY, who(SECRETARY), "遗失")
    after = open_snapshot(home, "cycle")
    closed = {
        f"{one.stage.value}:{one.unit}"
        for stage in STAGES
        for one in decisions_of(after, stage)
        if before.history.stood_open((one.unit, stage.value)) and one.outcome is not Outcome.OPEN
    }
    assert told == closed


def test_a_key_revoked_objects_to_what_is_concluded(tmp_path: Path) -> None:
    home = concluded_home(tmp_path)
    snapshot = open_snapshot(home, "cycle")
    mine = snapshot.history.acts.keys.of(SECRETARY)
    assert mine
    found = of_revocation(snapshot, mine)
    assert any(one.objects for one in found)
    assert [one for one in found if one.closes or one.held] == []
    keys.revoke(Recorder(home), SECRETARY, who(SECRETARY), "遗失")
    hit = next(one for one in found if one.objects)
    cycle.launch(home, hit.stage, hit.unit)
    [entry] = cycle.entries(home, "objected")
    assert (entry["unit"], entry["stage"]) == (hit.unit, hit.stage)
