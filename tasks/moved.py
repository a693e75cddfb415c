"""What came since a snapshot: whether a gate's decision still rests on what is on record.

Rules: it is asked inside a write transaction, so that nothing else comes. An act on a key moves
every gate, an act about a gate of a unit that gate and those after it. A submission moves the gates
that read something else by it: the facts are put together as they are by now, and evidence, waivers
and what bears on who may sign are compared, gate by gate and unit by unit.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from data.acts import Gate
from data.ledger import ON_KEYS, Transaction
from schemas.entries import Objected, Ruled, Waived
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.gate.approvals import Authority, reads_of
from tasks.gate.evidence import evidence_of
from tasks.gate.snapshot import Snapshot, snapshot_at, verified_here

# Of so many units rows are asked for at once.
TOGETHER = 500


class FactsMoved(Refusal):
    """Something came while a decision was being made that it rests on: it is not recorded."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "核查期间收到新的报送、签字或决定，本次不作决定；请再次启动本环节",
                "new evidence, a signature or another decision arrived while deciding, nothing was "
                "decided; launch the stage again",
            )
        )


class Since:
    """What came since a snapshot that the gates of `units` rest on."""

    def __init__(
        self, transaction: Transaction, snapshot: Snapshot, units: Collection[str]
    ) -> None:
        self.transaction = transaction
        self._before = snapshot
        self._units = set(units)
        self._same: dict[Stage, set[str]] = {}

    @cached_property
    def _now(self) -> Snapshot | None:
        """The facts as they are by now, or nothing where no submission came."""
        before = self._before
        if not self.transaction.submitted(before.position):
            return None
        history = verified_here(before.home).history
        return snapshot_at(
            before.home, before.ledger, history, "cycle", before.on, pack=before.pack
        )

    @property
    def position(self) -> int:
        """The last entry that is known to change nothing of what is decided."""
        return self.transaction.position if self._now else self._before.position

    def still(self, unit: str, stage: Stage) -> bool:
        """Whether a unit's gate rests on nothing that came, and its earlier gates stand open."""
        earlier = STAGES[: STAGES.index(stage)]
        if any(self.gate(unit, one)[1] != Outcome.OPEN.value for one in earlier):
            return False
        # What came about an earlier gate may close it, once it is looked at again.
        return all(
            not self._acted(unit, one) and self._unmoved(unit, one) for one in (*earlier, stage)
        )

    def gate(self, unit: str, stage: Stage) -> tuple[int, str]:
        """The last decision of a gate that this transaction found: its entry and its outcome."""
        return self._gates.get((unit, stage.value), (0, ""))

    @cached_property
    def _gates(self) -> dict[Gate, tuple[int, str]]:
        asked, found = sorted(self._units), {}
        for first in range(0, len(asked), TOGETHER):
            some = asked[first : first + TOGETHER]
            marks = ", ".join("?" for _ in some)
            for unit, stage, seq, outcome in self.transaction.query(
                f"SELECT unit, stage, seq, outcome FROM gates WHERE unit IN ({marks})",  # noqa: S608
                *some,
            ):
                found[str(unit), str(stage)] = int(seq), str(outcome)
        return found

    def _acted(self, unit: str, stage: Stage) -> bool:
        """Whether an act about a gate, or on any key, came after the snapshot."""
        return not self._acts.isdisjoint({ON_KEYS, (unit, stage.value)})

    @cached_property
    def _acts(self) -> frozenset[Gate]:
        return self.transaction.acted(self._before.position)

    def handed_on(self, unit: str) -> bool:
        """Whether the unit's result was handed on since."""
        rows = self.transaction.query(
            "SELECT seq FROM handed_on WHERE unit = ? AND stage = ?", unit, Stage.RESULT.value
        )
        known = self._before.history.objections.handed_on.get(unit, 0)
        return bool(rows) and int(rows[0][0]) != known

    def objected(self, unit: str) -> bool:
        """Whether an objection was raised since, or ruled on."""
        return bool(
            self.transaction.query(
                "SELECT 1 FROM acts WHERE seq > ? AND unit = ? AND kind IN (?, ?) LIMIT 1",
                self._before.history.seq,
                unit,
                Objected.kind,
                Ruled.kind,
            )
        )

    def _unmoved(self, unit: str, stage: Stage) -> bool:
        """Whether no submission changed what a unit's gate rests on."""
        if self._now is None:
            return True
        if stage not in self._same:
            before, after = self._before.within(self._units), self._now.within(self._units)
            self._same[stage] = unchanged(before, after, stage)
        return unit in self._same[stage]


def unchanged(before: Snapshot, after: Snapshot, stage: Stage) -> set[str]:
    """The units of which nothing changed that their gate of a stage rests on."""
    old, new = (evidence_of(one.facts, reads_of(one, stage)) for one in (before, after))
    same = {unit for unit, digest in old.items() if new.get(unit) == digest}
    ours, theirs = (Authority(one.within(same), stage) for one in (before, after))
    return {unit for unit in same if _bearing(ours, unit) == _bearing(theirs, unit)}


def _bearing(authority: Authority, unit: str) -> tuple[object, ...]:
    """What bears on which acts about a unit's gate count, the acts and their keys aside."""
    acts = authority.acts(unit)
    place, level, body = authority.units[unit]
    excepted = any(isinstance(act, Waived) for act in acts)
    return (
        authority.units[unit],
        authority.snapshot.in_force.gate(authority.stage, level, body),
        authority.places[place],
        authority.barred_on_gate.get(unit),
        authority.barred_officers(unit),
        [authority.officers.get(act.officer) for act in acts],
        authority.waivers(unit) if excepted else None,
    )
