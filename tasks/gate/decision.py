"""Decisions (决定): answers and signatures become a decision per unit.

Rules: signatures are asked for only where checks and hand-off hold; whatever required check said
nothing, or whatever did not pass, closes the gate. Nothing is put on record here.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.decisions import Carried, Decision, outcome_of, sign_off_code
from schemas.findings import Findings
from schemas.handoffs import handoff_code
from schemas.vocabulary import Stage
from tasks.additions import Carry, Signable, carried_over
from tasks.gate.answers import Answer, answers_of
from tasks.gate.approvals import Authority, reads_of
from tasks.gate.snapshot import Snapshot


def _decided(
    snapshot: Snapshot,
    authority: Authority,
    answer: Answer,
    void: dict[int, str],
    seen: frozenset[str],
    carried: Mapping[int, Carried],
) -> Decision:
    """The decision of one unit: its answer, and the signatures where they are asked for.

    `seen` is the evidence that signatures must be for, `carried` what was added since some of them.
    """
    stage = authority.stage
    unit = answer.unit
    checks = {entry.rule.code for entry in snapshot.pack.checks[stage]}
    required = {*checks, handoff_code(stage), sign_off_code(stage)}
    barred = authority.barred_on_gate.get(unit, {})
    signed = authority.signed(unit, seen, barred)
    # What is signed counts once the checks hold; until then it is shown, and opens nothing.
    findings = answer.findings + Findings.of(signed.findings if answer.holds else ())
    current = snapshot.history.current.get((unit, stage.value))
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
        carried={seq: one for seq, one in carried.items() if seq not in signed.void},
        since=current.since if current else 0,
        barred=authority.barred_officers(unit),
    )


def decisions_of(
    snapshot: Snapshot,
    stage: Stage,
    findings: Mapping[str, Findings] | None = None,
    *,
    seen: Mapping[str, frozenset[str]] | None = None,
) -> list[Decision]:
    """The decision of every unit in scope; `findings` may be those of the stage's checks.

    `seen` says by unit for which evidence signatures count (default: the unit's own, or that to
    which rows were only added since); it is for asking what another pack would have decided.
    """
    authority = Authority(snapshot, stage)
    answers, void = answers_of(snapshot, stage, authority, findings)
    carried: Carry = {}
    if seen is None:
        now = {one.unit: Signable(one.evidence, one.payloads) for one in answers if one.holds}
        carried = carried_over(snapshot, stage, reads_of(snapshot, stage), now)
        said = {act.seq: act.said.evidence for unit in carried for act in authority.acts(unit)}
        seen = {
            one.unit: frozenset({one.evidence, *(said[seq] for seq in carried.get(one.unit, ()))})
            for one in answers
        }
    return [
        _decided(
            snapshot,
            authority,
            one,
            void.get(one.unit, {}),
            seen[one.unit],
            carried.get(one.unit, {}),
        )
        for one in answers
    ]
