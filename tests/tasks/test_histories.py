"""Histories: whatever order things come in, only gates that hold hand anything on.

The faults that stand in the small cycle are delivered and mended in any order, between launches of
any stage over any scope. What a launch hands on is judged by an oracle that knows neither the
ledger nor what was launched before: each stage's findings, evaluated afresh over all units.
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
from data.reference import Row
from data.reference.faults.fault import Fault
from schemas.registers import REGISTERS
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks import stages
from tasks.gates import judge
from tasks.snapshot import open_snapshot
from tasks.stages import findings_of, run_stage
from tests.support import cycle, reference

SCOPES = ("cycle", "640302", "640302100", "640302-congress", "640302103-government")
UNITS = frozenset(row["unit"] for row in cycle.small_rows()["units"])
FAULTS = [fault for fault in reference.listed() if set(fault.units) <= UNITS]


def holding(home: Home) -> dict[str, set[str]]:
    """Stage → the units whose gates hold up to and including that stage, on today's facts."""
    snapshot = open_snapshot(home, "cycle", cycle.ON)
    found: dict[str, set[str]] = {}
    before = set(snapshot.units)
    for stage in STAGES:
        decisions = judge(snapshot, stage, findings_of(snapshot, stage))
        before &= {one.unit for one in decisions if one.outcome is Outcome.OPEN}
        found[stage.value] = set(before)
    return found


class Histories(RuleBasedStateMachine):
    """Deliveries, withdrawals and launches in any order."""

    @initialize()
    def open_cycle(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="termgate-history-"))
        self.home = cycle.small_home(self.folder / "home")
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
        run_stage(self.home, stage, scope, cycle.ON)

    @invariant()
    def only_what_holds_is_handed_on(self) -> None:
        entries = cycle.entries(self.home)[self.seen :]
        handed = [entry for entry in entries if entry["kind"] == "handed-on"]
        if handed:
            held = holding(self.home)
            for entry in handed:
                assert set(entry["units"]) <= held[entry["stage"]], entry["stage"]
        self.seen += len(entries)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


def _same(fault: Fault, one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in REGISTERS[fault.register].key)


TestHistories = pytest.mark.slow(Histories.TestCase)
TestHistories.settings = settings(max_examples=4, stateful_step_count=8, deadline=None)


_number = count()


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> dict[cycle.Gate, tuple[str, str]]:
    home = cycle.small_home(tmp_path_factory.mktemp("whole"), planted=True)
    cycle.run_all(home)
    return cycle.decisions(home)


Launches = list[tuple[Stage, str]]


@st.composite
def launches(draw: st.DrawFn) -> Launches:
    """All stages over the whole cycle in any order, others before, between and after them."""
    needed: Launches = [(stage, "cycle") for stage in STAGES]
    more = draw(st.lists(st.tuples(st.sampled_from(STAGES), st.sampled_from(SCOPES)), max_size=3))
    return draw(st.permutations([*needed, *more]))


@pytest.mark.slow
@settings(max_examples=5)
@given(order=launches())
def test_any_order_of_launches_ends_in_the_same_decisions(
    order: Launches,
    whole_run: dict[cycle.Gate, tuple[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = cycle.small_home(tmp_path_factory.mktemp(f"order-{next(_number)}"), planted=True)
    for stage, scope in order:
        run_stage(home, stage, scope, cycle.ON)
    assert cycle.decisions(home) == whole_run


def test_what_was_remembered_does_not_hide_new_facts(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    cycle.run_all(home)
    remembered = len(stages._decided)
    row = next(row for row in cycle.small_rows()["candidates"] if row["unit"] == "640302-congress")
    cycle.deliver(home, "candidates", [{**row, "status": "withdrawn"}])
    outcomes = run_stage(home, Stage.NOMINATION, "640302-congress", cycle.ON)
    assert outcomes["640302-congress"] is not Outcome.OPEN
    assert remembered > 0


def test_a_stage_run_twice_adds_no_entry(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path, planted=True)
    cycle.run_all(home)
    before = cycle.entries(home)
    cycle.run_all(home)
    assert cycle.entries(home) == before
