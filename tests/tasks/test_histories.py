"""Histories: whatever order things come in, only gates that hold hand anything on.

The faults that stand in the small cycle are delivered and mended in any order, between launches of
any stage over any scope and signatures on whatever waits for them. What a launch hands on is judged
by an oracle that knows nothing of what was launched before: each stage's findings, evaluated afresh
over all units, and the signatures that the pack asks for, counted from what was signed.
"""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from data.home import Home
from schemas.envelopes import payload_of
from schemas.registers import REGISTERS
from schemas.statements import parse_statement
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage
from tasks.gate import evaluation
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot, open_snapshot
from tests.generator import Row
from tests.generator.faults.fault import Fault
from tests.support import cycle, reference
from tests.support.cycle import Entry
from tests.support.signing import sign_what_waits

SCOPES = ("cycle", "640302", "640302100", "640302-congress", "640302103-government")
UNITS = frozenset(row["unit"] for row in cycle.small_rows()["units"])
FAULTS = [fault for fault in reference.listed() if set(fault.units) <= UNITS]


def holding(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """Stage → the units whose checks hold up to and including that stage → today's evidence."""
    found: dict[str, dict[str, str]] = {}
    before = set(snapshot.units)
    for stage in STAGES:
        decisions = decisions_of(snapshot, stage)
        before &= {one.unit for one in decisions if cycle.holds(one)}
        found[stage.value] = {one.unit: one.evidence for one in decisions if one.unit in before}
    return found


def assert_signed(snapshot: Snapshot, entries: list[Entry], handed: Entry) -> None:
    """What is handed on was signed by whom the pack asks for, since its gate was last closed."""
    organs = {one["officer"]: Organ(one["organ"]) for one in entries if "organ" in one}
    gate = (handed["unit"], handed["stage"])
    last = 0
    signing: dict[int, str] = {}
    for one in entries[: handed["seq"]]:
        if (one.get("unit"), one.get("stage")) != gate:
            continue
        if one["kind"] == "signed":
            subject = parse_statement(payload_of(one["envelope"]))
            if subject.evidence == handed["evidence"]:
                signing[one["seq"]] = one["officer"]
        elif one["kind"] == "decided" and one["reopened"]:
            last = one["seq"]
    counted = [signing[seq] for seq in handed["sign_offs"] if seq > last]
    assert sorted(counted) == handed["signers"]
    units = snapshot.facts.units.set_index("unit").loc[handed["unit"]]
    level, body = Level(str(units["level"])), Body(str(units["body"]))
    every = snapshot.pack.signers(Stage(handed["stage"]), level, body)
    assert every
    for required in every:
        assert sum(organs[officer] in required.organs for officer in counted) >= required.number


class Histories(RuleBasedStateMachine):
    """Deliveries, withdrawals and launches in any order."""

    @initialize(run=st.booleans())
    def open_cycle(self, run: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="termgate-history-"))
        self.home = cycle.small_home(self.folder / "home", run=run)
        self.planted: set[str] = set()
        self.seen = len(cycle.entries(self.home))

    @rule(fault=st.sampled_from(FAULTS))
    def plant_or_mend(self, fault: Fault) -> None:
        draft = fault.draft
        if fault.id in self.planted:
            cycle.deliver(self.home, fault.register, fault.mend, remove=fault.withdraw)
            self.planted.remove(fault.id)
            return
        gone = [
            row for row in draft.before if not any(_same(fault, row, one) for one in draft.after)
        ]
        if gone:
            cycle.withdraw(self.home, fault.register, gone)
        if draft.after:
            cycle.deliver(self.home, fault.register, draft.after)
        self.planted.add(fault.id)

    @rule(stage=st.sampled_from(STAGES), scope=st.sampled_from(SCOPES))
    def launch(self, stage: Stage, scope: str) -> None:
        cycle.launch(self.home, stage, scope)

    @rule(scope=st.sampled_from(SCOPES))
    def sign(self, scope: str) -> None:
        sign_what_waits(self.home, scope)

    @rule(stage=st.sampled_from(STAGES), scope=st.sampled_from(SCOPES))
    def launch_signed(self, stage: Stage, scope: str) -> None:
        cycle.run(self.home, stage, scope)

    @invariant()
    def only_what_holds_is_handed_on(self) -> None:
        entries = cycle.entries(self.home)
        handed = [entry for entry in entries[self.seen :] if entry["kind"] == "handed-on"]
        if handed:
            snapshot = open_snapshot(self.home, "cycle", cycle.ON)
            held = holding(snapshot)
            for entry in handed:
                assert held[entry["stage"]].get(entry["unit"]) == entry["evidence"], entry["stage"]
                assert_signed(snapshot, entries, entry)
        self.seen = len(entries)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


def _same(fault: Fault, one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in REGISTERS[fault.register].key)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=3, stateful_step_count=8, deadline=None)


_number = count()


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return cycle.small_home(tmp_path_factory.mktemp("whole"), planted=True, run=True)


Launches = list[tuple[Stage, str]]


@st.composite
def launches(draw: st.DrawFn) -> Launches:
    """All stages over the whole cycle in any order, others before, between and after them."""
    needed: Launches = [(stage, "cycle") for stage in STAGES]
    more = draw(st.lists(st.tuples(st.sampled_from(STAGES), st.sampled_from(SCOPES)), max_size=3))
    return draw(st.permutations([*needed, *more]))


@pytest.mark.long
@settings(max_examples=2)
@given(order=launches())
def test_any_order_of_launches_ends_in_the_same_decisions(
    order: Launches, whole_run: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = cycle.small_home(tmp_path_factory.mktemp(f"order-{next(_number)}"), planted=True)
    before = 0
    # Each time officers sign what waits for them, until nothing is left for anybody to do.
    while before < len(cycle.stored(home)):
        before = len(cycle.stored(home))
        for stage, scope in order:
            cycle.launch(home, stage, scope)
            sign_what_waits(home)
    assert cycle.said(home) == cycle.said(whole_run)
    assert cycle.handed_on(home) == cycle.handed_on(whole_run)


def test_what_was_remembered_does_not_hide_new_facts(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    cycle.run_all(home, declared=False)
    remembered = len(evaluation.FOUND)
    row = next(row for row in cycle.small_rows()["candidates"] if row["unit"] == "640302-congress")
    cycle.deliver(home, "candidates", [{**row, "status": "withdrawn"}])
    cycle.launch(home, "nomination", "640302-congress")
    # The check that sees the row finds it, and not only the hand-off, which misses the candidate.
    found = [
        (one.check, one.reason) for one in cycle.closing(home, "640302-congress", "nomination")
    ]
    assert found == [("nomination.proposals", "no-proposal")]
    assert remembered > 0


def test_a_stage_run_twice_adds_no_entry(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path, planted=True)
    cycle.run_all(home)
    before = cycle.entries(home)
    cycle.run_all(home)
    assert cycle.entries(home) == before
