"""Gates (关口): answers and signatures become a decision per unit, and it goes on record.

Rules: signatures are asked for only where checks and hand-off hold; a decision is recorded only
when it differs from the last one of its gate, and only while nothing came since that it rests on
and every earlier gate stands open; a gate that stood open and is closed says why; nothing is
handed on without a recorded open gate on those facts, and that ends the stage for the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from data.history import CRASH, Standing
from data.ledger import Transaction
from data.memory import Memory
from data.version import code_version
from schemas.decisions import Decision, closing_of, outcome_of, sign_off_code
from schemas.findings import Finding, Findings
from schemas.handoffs import handoff_code
from schemas.rules.catalogue import CRASHED, MALFORMED
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.gate.answers import REMEMBERED, Answer, Question, answers_of, validated
from tasks.gate.approvals import Authority
from tasks.gate.snapshot import Snapshot
from tasks.handoff.frames import frame_digests, handoff_frame

# So many decisions are one transaction: the disk is waited for once.
TOGETHER = 100
BROKEN = frozenset({CRASHED, MALFORMED})
_KEY_FAULTS = frozenset({"key-revoked", "key-replaced", "no-key", "other-key"})


class FactsMoved(Refusal):
    """Something came while a decision was being made that it rests on: it is not recorded."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "评审期间收到新的报送、签字或决定，本次不作决定；请再次启动本环节",
                "new evidence, a signature or another decision arrived while deciding, nothing was "
                "decided; launch the stage again",
            )
        )


@dataclass(frozen=True)
class Recorded:
    """A decision and its place in the ledger; `new` is false where it already stood."""

    decision: Decision
    seq: int
    new: bool


def _decided(
    snapshot: Snapshot, authority: Authority, answer: Answer, void: dict[int, str], seen: str
) -> Decision:
    """The decision of one unit: its answer, and the signatures where they are asked for.

    `seen` is the evidence that signatures must be for.
    """
    stage = authority.stage
    unit = answer.unit
    checks = {entry.rule.code for entry in snapshot.pack.checks[stage]}
    required = {*checks, handoff_code(stage), sign_off_code(stage)}
    barred = authority.barred_on_gate.get(unit, {})
    signed = authority.signed(unit, seen, barred)
    # What is signed counts once the checks hold; until then it is shown, and opens nothing.
    findings = answer.findings + Findings.of(signed.findings if answer.holds else ())
    standing = snapshot.history.standings.get((unit, stage.value))
    return Decision(
        unit=unit,
        stage=stage,
        outcome=outcome_of(findings, required),
        on=snapshot.on,
        policy=snapshot.pack.digest,
        evidence=answer.evidence,
        position=snapshot.position,
        findings=findings,
        signers=signed.signers,
        sign_offs=signed.sign_offs,
        waivers=answer.waivers,
        void={**void, **signed.void},
        since=standing.since if standing else 0,
    )


def decisions_of(
    snapshot: Snapshot,
    stage: Stage,
    findings: pd.DataFrame | None = None,
    *,
    accepted: frozenset[str] = frozenset(),
    seen: Mapping[str, str] | None = None,
    memory: Memory[Question, Answer] = REMEMBERED,
) -> list[Decision]:
    """The decision of every unit in scope; `findings` may be those of the stage's checks.

    `accepted` are the digests of the packs under which signatures count (default: the snapshot's),
    `seen` says by unit for which evidence (default: the unit's own); both are for asking what
    another pack would have decided.
    """
    authority = Authority(snapshot, stage, accepted)
    answers, void = answers_of(snapshot, stage, authority, findings, memory)
    return [
        _decided(
            snapshot,
            authority,
            one,
            void.get(one.unit, {}),
            one.evidence if seen is None else seen[one.unit],
        )
        for one in answers
    ]


def causes_of(before: Standing, decision: Decision) -> list[str]:
    """Why a gate that stood open is closed: codes, sorted; at least one."""
    closing = closing_of(decision.findings)
    if closing and all(one.reason in BROKEN for one in closing):
        return [CRASH]
    lost = {decision.void.get(seq, "") for seq in before.sign_offs} - {""}
    causes = {
        "evidence": decision.evidence != before.evidence,
        "waiver": bool(set(before.waivers) - set(decision.waivers)),
        "key": bool(lost & _KEY_FAULTS),
        "sign-off": bool(lost - _KEY_FAULTS - {"other-evidence"})
        or any(one.reason == "sign-off-refused" for one in closing),
    }
    return sorted(name for name, holds in causes.items() if holds) or ["day"]


def _reopened(before: Standing | None, decision: Decision) -> dict[str, object] | None:
    stood = before.stood if before else None
    if stood is None or decision.outcome is Outcome.OPEN:
        return None
    return {"of": stood.seq, "causes": causes_of(stood, decision)}


def entry_of(decision: Decision, before: Standing | None, run: str | None) -> dict[str, object]:
    """What the ledger's entry of a decision says; `before` is what stood for its gate."""
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
        "sign_offs": list(decision.sign_offs),
        "waivers": list(decision.waivers),
        "void": {str(seq): code for seq, code in sorted(decision.void.items())},
        "since": decision.since,
        "reopened": _reopened(before, decision),
        "decision": decision.key,
        "code": code_version(),
        "run": run,
    }


def _still(transaction: Transaction, snapshot: Snapshot, unit: str, stage: Stage) -> None:
    """Nothing came that the unit's gate rests on, and its earlier gates stand open."""
    if transaction.moved(snapshot.position, unit, stage.value):
        raise FactsMoved
    for before in STAGES[: STAGES.index(stage)]:
        gate = transaction.gate(unit, before.value)
        if gate is None or gate[1] != Outcome.OPEN.value:
            raise FactsMoved
        # What was said about an earlier gate may close it, once it is looked at again.
        if transaction.moved(snapshot.position, unit, before.value):
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
        FactsMoved: something came after the snapshot that a decision rests on.
    """
    every = list(decisions)
    recorded = standing_as(snapshot, stage, every)
    fresh = [decision for decision in every if decision.unit not in recorded]
    for first in range(0, len(fresh), TOGETHER):
        with snapshot.ledger.transaction() as transaction:
            for decision in fresh[first : first + TOGETHER]:
                recorded[decision.unit] = _record(transaction, snapshot, decision, run)
    return [recorded[decision.unit] for decision in every]


def record(snapshot: Snapshot, decision: Decision, run: str | None = None) -> Recorded:
    """Put a decision on record, unless it is the one that stands.

    Raises:
        FactsMoved: something came after the snapshot that a decision rests on.
    """
    with snapshot.ledger.transaction() as transaction:
        return _record(transaction, snapshot, decision, run)


def _record(
    transaction: Transaction, snapshot: Snapshot, decision: Decision, run: str | None
) -> Recorded:
    gate = (decision.unit, decision.stage.value)
    _still(transaction, snapshot, decision.unit, decision.stage)
    last = transaction.gate(*gate)
    if last and last[2] == decision.key:
        return Recorded(decision, last[0], new=False)
    before = snapshot.history.standings.get(gate)
    if (last[0] if last else 0) != (before.seq if before else 0):
        # Somebody else decided meanwhile, and differently: what was signed may be void by it.
        raise FactsMoved
    seq = transaction.append("decided", **entry_of(decision, before, run))
    transaction.set_state(
        "INSERT INTO gates VALUES (?, ?, ?, ?, ?) ON CONFLICT (unit, stage) DO UPDATE "
        "SET seq = excluded.seq, outcome = excluded.outcome, decision = excluded.decision",
        *gate, seq, decision.outcome.value, decision.key,
    )  # fmt: skip
    return Recorded(decision, seq, new=True)


def closing_entry(one: Recorded, content: str) -> dict[str, object]:
    """What the entry says that ends a stage for a unit; `content` is its hand-off's digest."""
    decision = one.decision
    return {
        "unit": decision.unit,
        "stage": decision.stage.value,
        "decision": one.seq,
        "digest": content,
        "evidence": decision.evidence,
        "policy": decision.policy,
        "signers": list(decision.signers),
        "sign_offs": list(decision.sign_offs),
        "waivers": list(decision.waivers),
    }


def hand_on(snapshot: Snapshot, stage: Stage, recorded: Iterable[Recorded]) -> list[str]:
    """Put on record which units `stage` hands on: for each the closing entry of its stage.

    Returns:
        All units that are handed on, those of earlier runs included.

    Raises:
        FactsMoved: something came after the snapshot, or another decision stands by now.
    """
    opened = {one.decision.unit: one for one in recorded if one.decision.outcome is Outcome.OPEN}
    if not opened:
        return []
    digests = frame_digests(handoff_frame(stage, snapshot.facts.within(opened)))
    with snapshot.ledger.transaction() as transaction:
        for unit, one in opened.items():
            _still(transaction, snapshot, unit, stage)
            last = transaction.gate(unit, stage.value)
            if last is None or last[:2] != (one.seq, Outcome.OPEN.value):
                raise FactsMoved
            if transaction.handed_on(unit, stage.value) == (one.seq, digests[unit]):
                continue
            at = transaction.append("handed-on", **closing_entry(one, digests[unit]))
            transaction.set_state(
                "INSERT INTO handed_on VALUES (?, ?, ?, ?, ?) ON CONFLICT (unit, stage) DO UPDATE "
                "SET seq = excluded.seq, decision = excluded.decision, digest = excluded.digest",
                unit, stage.value, at, one.seq, digests[unit],
            )  # fmt: skip
    return sorted(opened)


@dataclass(frozen=True)
class Received:
    """What became of a hand-off where it was received: `rows` of it were validated.

    `units` passed; `failing` are the findings of those that no longer validate, and `changed` the
    units whose hand-off is not the one on record.
    """

    stage: Stage
    arriving: int
    rows: int
    units: tuple[str, ...]
    failing: tuple[tuple[str, Finding], ...]
    changed: tuple[str, ...]


def receive_from(snapshot: Snapshot, stage: Stage, units: Iterable[str]) -> Received:
    """Of the units that `stage` handed on, those whose hand-off is what was put on record.

    The frame is made again, validated again, and its digest compared with the recorded one.
    """
    arriving = snapshot.facts.within(units)
    if arriving.units.empty:
        return Received(stage, 0, 0, (), (), ())
    frame = handoff_frame(stage, arriving)
    digests = frame_digests(frame)
    findings = validated(snapshot, stage, frame)
    on_record: dict[str, str] = dict(
        snapshot.ledger.query("SELECT unit, digest FROM handed_on WHERE stage = ?", stage.value)
    )
    named = list(arriving.units["unit"])
    changed = tuple(unit for unit in named if on_record.get(unit) != digests[unit])
    passed = tuple(
        unit
        for unit in named
        if unit not in changed
        and outcome_of(findings.get(unit, Findings()), [handoff_code(stage)]) is Outcome.OPEN
    )
    failing = tuple(
        (unit, one) for unit in named for one in closing_of(findings.get(unit, Findings()))
    )
    return Received(stage, len(named), len(frame), passed, failing, changed)
