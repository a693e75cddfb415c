"""The procedure of a stage, without an orchestrator: receive, check, decide, hand on.

Rules: a stage never trusts a recorded `open`: on entry it evaluates every earlier gate again on
today's facts, records what changed, and receives only what validates. A unit that is held does not
hold the others; a concluded one is looked at by every gate, whatever is objected to it at one. What
a run ends with depends on the facts, the day and the scope, never on which stages were launched
before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from data.days import Clock, utc_now
from data.home import Home
from data.signers import signer_for
from schemas.decisions import Decision
from schemas.findings import Findings
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot, open_snapshot
from tasks.recording.concluded import Concluded
from tasks.recording.handing_on import Received, hand_on, receive_from
from tasks.recording.recorded import Recorded, record_each


@dataclass(frozen=True)
class Earlier:
    """An earlier stage as it was passed: its decisions, and what was received."""

    snapshot: Snapshot
    decisions: Mapping[str, Decision]
    received: Received


@dataclass(frozen=True)
class Slate:
    """What a stage works on: the units it received, and those that an earlier gate holds.

    `earlier` are the stages before it as they were passed; `moved` are units that are held because
    something came of them meanwhile; `objected` has the open objection to each of some units.
    """

    stage: Stage
    scope: str
    snapshot: Snapshot
    held: Mapping[str, Stage]
    earlier: tuple[Earlier, ...]
    moved: frozenset[str] = frozenset()
    objected: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> Snapshot:
        """The facts of all units in scope, those that an earlier gate holds too."""
        return self.earlier[0].snapshot if self.earlier else self.snapshot

    @property
    def units(self) -> list[str]:
        """The units received, sorted."""
        return self.snapshot.units


@dataclass(frozen=True)
class Gates:
    """What the gates of a slate said: every decision, what is on record, and what is not.

    `moved` are the units of which something came while they were decided; `objected` has the open
    objection to each of some units.
    """

    decisions: Mapping[str, Decision]
    recorded: Mapping[str, Recorded]
    moved: frozenset[str]
    objected: Mapping[str, int] = field(default_factory=dict)

    def recorded_as(self, unit: str) -> Outcome:
        """How a unit's gate stands on record, an objection to a concluded unit or not."""
        one = self.recorded.get(unit)
        if one is None:
            return Outcome.WAITING
        return Outcome.OPEN if one.kept else one.decision.outcome

    def outcome(self, unit: str) -> Outcome:
        """How a unit's gate stands: not open while somebody is to rule on an objection to it."""
        one = self.recorded.get(unit)
        found = one.outcome if one else Outcome.WAITING
        # What raised the objection closes no gate either.
        raised = bool(one and one.kept and one.kept.objected)
        waits = unit in self.objected and (found is Outcome.OPEN or raised)
        return Outcome.WAITING if waits else found


def receive(
    home: Home,
    stage: Stage,
    scope: str,
    on: date | None = None,
    *,
    run: str | None = None,
    clock: Clock = utc_now,
) -> Slate:
    """Open today's facts for `scope`, pass every earlier gate again, and receive what holds.

    `on` is the day, where the cycle is historical.

    Raises:
        SnapshotRefused, DayRefused, BlobError: nothing may be decided on these facts.
        NoEvaluator, KeyFileRefused: the evaluator's key is not here.
    """
    snapshot = open_snapshot(home, scope, on, clock)
    # Whoever cannot sign need not evaluate.
    signer_for(home, snapshot.history.evaluators)
    disputed = Concluded(snapshot).disputed
    slate = Slate(STAGES[0], scope, snapshot, {}, (), objected=disputed)
    while slate.stage is not stage:
        slate = pass_on(slate, decide(slate, run=run))
    return slate


def pass_on(slate: Slate, gates: Gates) -> Slate:
    """Hand on the units whose gates are open; what the next stage receives of them."""
    handed, late = hand_on(slate.snapshot, slate.stage, gates.recorded.values())
    received = receive_from(slate.snapshot, slate.stage, handed)
    # What a concluded unit handed on is what was put on record; what differs now was objected to.
    concluded = {unit for unit, one in gates.recorded.items() if one.kept}
    going = {*received.units, *concluded}
    return Slate(
        STAGES[STAGES.index(slate.stage) + 1],
        slate.scope,
        slate.snapshot.within(going),
        {**slate.held, **{one: slate.stage for one in slate.units if one not in going}},
        (*slate.earlier, Earlier(slate.snapshot, gates.decisions, received)),
        slate.moved | gates.moved | late,
        gates.objected,
    )


def decide(
    slate: Slate, findings: Mapping[str, Findings] | None = None, run: str | None = None
) -> Gates:
    """Decide every gate of a slate and put it on record; `findings` may be those of its checks."""
    made = decisions_of(slate.snapshot, slate.stage, findings)
    recorded, moved = record_each(slate.snapshot, slate.stage, made, run)
    objected = {unit: one.seq for unit, one in recorded.items() if one.kept and one.kept.objected}
    decisions = {one.unit: one for one in made}
    return Gates(decisions, recorded, moved, {**objected, **slate.objected})
