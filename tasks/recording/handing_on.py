"""Hand-offs: validated where they leave a stage and again where they are received, and on record.

Rules: nothing is handed on without a recorded open gate on those facts, and that ends the stage for
the unit; what arrives is made again, validated again, and is what was put on record. No result is
handed on while an objection to the unit is open; once one was granted, it is handed on anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.days import DayRefused
from data.signers import signer_for
from schemas.decisions import closing_of, outcome_of
from schemas.entries import HandedOn
from schemas.findings import Finding, Findings
from schemas.handoffs import handoff_code
from schemas.vocabulary import Outcome, Stage
from tasks.gate.snapshot import Snapshot
from tasks.handoff.frames import frame_digests, handoff_frame
from tasks.handoff.validated import validated
from tasks.moved import Since
from tasks.recording.concluded import Concluded
from tasks.recording.recorded import Recorded, append_signed, signed_of


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


def hand_on(
    snapshot: Snapshot, stage: Stage, recorded: Iterable[Recorded]
) -> tuple[list[str], frozenset[str]]:
    """Put on record which units `stage` hands on: for each the closing entry of its stage.

    Returns:
        All units that are handed on, those of earlier runs included; and those that are not because
        something came after the snapshot, or another decision stands by now. Units to which an
        objection is open are in neither, where it is the result that is handed on.

    Raises:
        NoEvaluator, KeyFileRefused: the evaluator's key is not here.
    """
    opened = {one.decision.unit: one for one in recorded if one.decision.outcome is Outcome.OPEN}
    if not opened:
        return [], frozenset()
    moved: set[str] = set()
    concluded = Concluded(snapshot)
    disputed: set[str] = set()
    digests = frame_digests(handoff_frame(stage, snapshot.facts.within(opened)))
    signer = signer_for(snapshot.home, snapshot.history.evaluators)
    with snapshot.ledger.transaction() as transaction:
        handed = {
            unit: seq
            for unit, seq, decision, content in transaction.query(
                "SELECT unit, seq, decision, digest FROM handed_on WHERE stage = ?", stage.value
            )
            if unit in opened and (decision, content) == (opened[unit].seq, digests[unit])
        }
        signed = signed_of(transaction, snapshot, handed.values())
        since = Since(transaction, snapshot, opened)
        if stage is Stage.RESULT:
            disputed = {one for one in opened if one in concluded.disputed or since.objected(one)}
            looked = snapshot.history.seq
            handed = {
                unit: seq
                for unit, seq in handed.items()
                if seq > looked or concluded.protects(unit)
            }
        for unit, one in opened.items():
            if unit in disputed:
                continue
            stands = since.gate(unit, stage) == (one.seq, Outcome.OPEN.value)
            if not stands or not since.still(unit, stage):
                moved.add(unit)
            if unit in moved or handed.get(unit) in signed:
                continue
            try:
                closing = closing_entry(one, digests[unit])
                at = append_signed(transaction, snapshot, signer, HandedOn.kind, closing)
            except DayRefused:
                moved.add(unit)
                continue
            transaction.set_state(
                "INSERT INTO handed_on VALUES (?, ?, ?, ?, ?) ON CONFLICT (unit, stage) DO UPDATE "
                "SET seq = excluded.seq, decision = excluded.decision, digest = excluded.digest",
                unit, stage.value, at, one.seq, digests[unit],
            )  # fmt: skip
    return sorted(opened.keys() - moved - disputed), frozenset(moved)


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
