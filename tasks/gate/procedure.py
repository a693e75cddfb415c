"""The procedure of a stage, without an orchestrator: receive, check, decide, hand on.

Rules: a stage never trusts a recorded `open`: on entry it evaluates every earlier gate again on
today's facts, records what changed, and receives only what validates. A unit that is held does not
hold the others. What a run ends with depends on the facts, the day and the scope, never on which
stages were launched before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.home import Home
from data.ledger import Clock, utc_now
from schemas.decisions import Decision
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.gate.decision import Received, Recorded, decisions_of, hand_on, receive_from, record_all
from tasks.gate.snapshot import Snapshot, open_snapshot


@dataclass(frozen=True)
class Earlier:
    """An earlier stage as it was passed again on entry: its decisions, and what was received."""

    snapshot: Snapshot
    decisions: dict[str, Decision]
    received: Received


class Slate:
    """What a stage works on: the units it received, and those that an earlier gate holds.

    A plain class, so that Prefect passes it through without walking its content.
    """

    def __init__(
        self, stage: Stage, scope: str, snapshot: Snapshot, held: dict[str, Stage]
    ) -> None:
        self.stage = stage
        self.scope = scope
        self.snapshot = snapshot
        self.held = held
        self.decisions: dict[str, Decision] = {}
        self.recorded: dict[str, Recorded] = {}
        self.earlier: list[Earlier] = []

    @property
    def units(self) -> list[str]:
        """The units received, sorted."""
        return self.snapshot.units


def earlier(stage: Stage) -> tuple[Stage, ...]:
    """The stages before `stage`, in order."""
    return STAGES[: STAGES.index(stage)]


def receive(
    home: Home,
    stage: Stage,
    scope: str,
    on: date,
    *,
    run: str | None = None,
    clock: Clock = utc_now,
) -> Slate:
    """Open today's facts for `scope`, pass every earlier gate again, and receive what holds.

    Raises:
        SnapshotRefused, BlobError: nothing may be decided on these facts.
        FactsMoved: a submission came meanwhile; launch again.
    """
    snapshot = open_snapshot(home, scope, on, clock)
    held: dict[str, Stage] = {}
    passed: list[Earlier] = []
    for before in earlier(stage):
        decisions = decisions_of(snapshot, before)
        recorded = record_all(snapshot, before, decisions, run)
        received = receive_from(snapshot, before, hand_on(snapshot, before, recorded))
        passed.append(Earlier(snapshot, {one.unit: one for one in decisions}, received))
        held |= {unit: before for unit in snapshot.units if unit not in received.units}
        snapshot = snapshot.within(set(received.units))
    slate = Slate(stage, scope, snapshot, held)
    slate.earlier = passed
    return slate


def run_stage(
    home: Home,
    stage: Stage,
    scope: str,
    on: date,
    *,
    run: str | None = None,
    clock: Clock = utc_now,
) -> dict[str, Outcome | None]:
    """Run one stage for a scope.

    Returns:
        Unit → what its gate said, or None where an earlier gate holds it.
    """
    slate = receive(home, stage, scope, on, run=run, clock=clock)
    result: dict[str, Outcome | None] = dict.fromkeys(slate.held)
    if slate.units:
        decisions = decisions_of(slate.snapshot, stage)
        recorded = record_all(slate.snapshot, stage, decisions, run)
        hand_on(slate.snapshot, stage, recorded)
        result |= {one.decision.unit: one.decision.outcome for one in recorded}
    return result
