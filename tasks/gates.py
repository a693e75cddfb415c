"""Gates (关口): findings become a decision per unit, and the decision goes on record.

Rules: what a unit's checks let through must also validate as a hand-off before its gate opens; a
decision is recorded only when it differs from the last one of its gate, and only while the facts
it was made on are still the newest; nothing is handed on without a recorded open gate on those
facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from data.ledger import Transaction
from data.version import code_version
from schemas.decisions import Decision, outcome_of
from schemas.facts import Facts
from schemas.findings import Finding
from schemas.handoffs import handoff_code
from schemas.rules.base import Read
from schemas.text import Refusal, Text
from schemas.vocabulary import Outcome, Stage, Status
from tasks.evaluation import CRASHED
from tasks.evidence import evidence_of
from tasks.handoff.frames import READS, frame_digests, handoff_frame
from tasks.handoff.validation import validate
from tasks.snapshot import Snapshot

Findings = dict[str, list[Finding]]  # by unit

# So many decisions are one transaction: the disk is waited for once.
TOGETHER = 100
_STATUSES = {status.value: status for status in Status}


class FactsMoved(Refusal):
    """A submission came while a decision was being made: it is not recorded."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "评审期间收到新的报送，本次不作决定；请再次启动本环节",
                "new evidence arrived while deciding, nothing was decided; launch the stage again",
            )
        )


@dataclass(frozen=True)
class Recorded:
    """A decision and its place in the ledger; `new` is false where it already stood."""

    decision: Decision
    seq: int
    new: bool


def by_unit(frame: pd.DataFrame) -> Findings:
    """Findings of a frame (columns `check`, `unit`, …) grouped by unit."""
    found: Findings = {}
    columns = ("check", "unit", "subject", "status", "reason", "arguments")
    for check, unit, subject, status, reason, arguments in zip(
        *(frame[name].tolist() for name in columns), strict=True
    ):
        finding = Finding(check, subject, _STATUSES[status], reason, arguments or {})
        found.setdefault(unit, []).append(finding)
    return found


def reads_of(snapshot: Snapshot, stage: Stage) -> list[Read]:
    """Everything that the gate of `stage` reads: its checks and its hand-off."""
    checks = snapshot.pack.checks[stage]
    return [*(read for one in checks for read in one.rule.reads), *READS[stage]]


def validated(stage: Stage, frame: pd.DataFrame) -> Findings:
    """Findings of a hand-off frame; a validator that crashes fails every unit in it."""
    try:
        return by_unit(validate(stage, frame))
    except Exception as error:
        # Only the kind of error is kept: its message may quote people's data.
        code, kind = handoff_code(stage), type(error).__name__
        return {
            unit: [Finding(code, unit, Status.FAIL, CRASHED, {"error": kind})]
            for unit in frame["unit"].unique()
        }


def leave(stage: Stage, facts: Facts, units: Iterable[str]) -> Findings:
    """Findings of the hand-off that `stage` is about to give for `units`."""
    leaving = facts.within(units)
    if leaving.units.empty:
        return {}
    return validated(stage, handoff_frame(stage, leaving))


def judge(snapshot: Snapshot, stage: Stage, findings: pd.DataFrame) -> list[Decision]:
    """The decision of every unit in scope, from the findings of the stage's checks."""
    checks = {entry.rule.code for entry in snapshot.pack.checks[stage]}
    found = by_unit(findings)
    holding = [
        unit for unit in snapshot.units if outcome_of(found.get(unit, ()), checks) is Outcome.OPEN
    ]
    leaving = leave(stage, snapshot.facts, holding)
    evidence = evidence_of(snapshot.facts, reads_of(snapshot, stage))
    required = {*checks, handoff_code(stage)}
    decisions = []
    for unit in snapshot.units:
        every = (*found.get(unit, ()), *leaving.get(unit, ()))
        decisions.append(
            Decision(
                unit=unit,
                stage=stage,
                outcome=outcome_of(every, required),
                on=snapshot.on,
                policy=snapshot.pack.digest,
                evidence=evidence[unit],
                position=snapshot.position,
                findings=every,
            )
        )
    return decisions


def _entry(decision: Decision, run: str | None) -> dict[str, object]:
    return {
        "unit": decision.unit,
        "stage": decision.stage.value,
        "outcome": decision.outcome.value,
        "on": decision.on.isoformat(),
        "policy": decision.policy,
        "evidence": decision.evidence,
        "position": decision.position,
        "findings": decision.packed_findings,
        "signers": list(decision.signers),
        "decision": decision.key,
        "code": code_version(),
        "run": run,
    }


def _still(transaction: Transaction, snapshot: Snapshot) -> None:
    if transaction.position != snapshot.position:
        raise FactsMoved


def standing_as(
    snapshot: Snapshot, stage: Stage, decisions: Iterable[Decision]
) -> dict[str, Recorded]:
    """Unit → what is on record already, for the decisions that stand as they are."""
    rows = snapshot.ledger.query(
        "SELECT unit, decision, seq FROM gates WHERE stage = ?", stage.value
    )
    known = {(unit, key): seq for unit, key, seq in rows}
    return {
        one.unit: Recorded(one, known[one.unit, one.key], new=False)
        for one in decisions
        if (one.unit, one.key) in known
    }


def record_all(
    snapshot: Snapshot, stage: Stage, decisions: Iterable[Decision], run: str | None = None
) -> list[Recorded]:
    """Put many decisions of a stage on record; those that stand already take no write lock.

    Raises:
        FactsMoved: a submission came after the snapshot.
    """
    every = list(decisions)
    recorded = standing_as(snapshot, stage, every)
    fresh = [decision for decision in every if decision.unit not in recorded]
    for first in range(0, len(fresh), TOGETHER):
        with snapshot.ledger.transaction() as transaction:
            _still(transaction, snapshot)
            for decision in fresh[first : first + TOGETHER]:
                recorded[decision.unit] = _record(transaction, decision, run)
    return [recorded[decision.unit] for decision in every]


def record(snapshot: Snapshot, decision: Decision, run: str | None = None) -> Recorded:
    """Put a decision on record, unless it is the one that stands.

    Raises:
        FactsMoved: a submission came after the snapshot.
    """
    with snapshot.ledger.transaction() as transaction:
        _still(transaction, snapshot)
        return _record(transaction, decision, run)


def _record(transaction: Transaction, decision: Decision, run: str | None) -> Recorded:
    gate = (decision.unit, decision.stage.value)
    last = transaction.gate(*gate)
    if last and last[2] == decision.key:
        return Recorded(decision, last[0], new=False)
    seq = transaction.append("decided", **_entry(decision, run))
    transaction.set_state(
        "INSERT OR REPLACE INTO gates VALUES (?, ?, ?, ?, ?)",
        *gate, seq, decision.outcome.value, decision.key,
    )  # fmt: skip
    return Recorded(decision, seq, new=True)


def hand_on(snapshot: Snapshot, stage: Stage, recorded: Iterable[Recorded]) -> list[str]:
    """Put on record which units `stage` hands on, and the digest of what each is handed on with.

    Returns:
        All units that are handed on, those of earlier runs included.

    Raises:
        FactsMoved: a submission came after the snapshot, or another decision stands by now.
    """
    opened = {
        one.decision.unit: one.seq for one in recorded if one.decision.outcome is Outcome.OPEN
    }
    if not opened:
        return []
    digests = frame_digests(handoff_frame(stage, snapshot.facts.within(opened)))
    with snapshot.ledger.transaction() as transaction:
        _still(transaction, snapshot)
        for unit, seq in opened.items():
            last = transaction.gate(unit, stage.value)
            if last is None or last[:2] != (seq, Outcome.OPEN.value):
                raise FactsMoved
        fresh = {
            unit: (seq, digests[unit])
            for unit, seq in opened.items()
            if transaction.handed_on(unit, stage.value) != (seq, digests[unit])
        }
        if fresh:
            at = transaction.append("handed-on", stage=stage.value, units=fresh)
            for unit, (decided, content) in fresh.items():
                transaction.set_state(
                    "INSERT OR REPLACE INTO handed_on VALUES (?, ?, ?, ?, ?)",
                    unit, stage.value, at, decided, content,
                )  # fmt: skip
    return sorted(opened)


def receive_from(snapshot: Snapshot, stage: Stage, units: Iterable[str]) -> list[str]:
    """Of the units that `stage` handed on, those whose hand-off is what was put on record.

    The frame is made again, validated again, and its digest compared with the recorded one.
    """
    arriving = snapshot.facts.within(units)
    if arriving.units.empty:
        return []
    frame = handoff_frame(stage, arriving)
    digests = frame_digests(frame)
    findings = validated(stage, frame)
    on_record = dict(
        snapshot.ledger.query("SELECT unit, digest FROM handed_on WHERE stage = ?", stage.value)
    )
    return [
        unit
        for unit in arriving.units["unit"]
        if on_record.get(unit) == digests[unit]
        and outcome_of(findings.get(unit, ()), [handoff_code(stage)]) is Outcome.OPEN
    ]
