"""What checks, waivers and the hand-off make of a unit, before anybody signs.

Rules: what a unit's checks let through must also validate as a hand-off; a waived finding is shown
as waived; the evidence digest covers the waivers that were used, so that whoever signs has seen
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.decisions import outcome_of
from schemas.findings import Findings
from schemas.handoffs import handoff_code
from schemas.vocabulary import Outcome, Stage
from tasks.gate.approvals import Authority, InForce, Waivers, excepted, reads_of
from tasks.gate.evaluation import run_checks
from tasks.gate.evidence import evidence_of
from tasks.gate.snapshot import Snapshot
from tasks.handoff.validated import leave


@dataclass(frozen=True)
class Answer:
    """A unit's findings with what is waived, the digest to sign for, and the waivers used.

    `payloads` are the digests of what these say.
    """

    unit: str
    findings: Findings
    evidence: str
    holds: bool
    waivers: tuple[int, ...]
    payloads: tuple[str, ...]


def _answered(
    snapshot: Snapshot, stage: Stage, found: Mapping[str, Findings], waived: dict[str, Waivers]
) -> list[Answer]:
    checks = {entry.rule.code for entry in snapshot.pack.checks[stage]}
    counted: dict[str, Findings] = {}
    used: dict[str, list[InForce]] = {}
    for unit in snapshot.units:
        whole = found.get(unit, Findings())
        others, used[unit] = excepted(whole.others, waived.get(unit, {}))
        counted[unit] = Findings(whole.alike, tuple(others))
    holding = [unit for unit in snapshot.units if outcome_of(counted[unit], checks) is Outcome.OPEN]
    leaving = leave(snapshot, stage, holding)
    payloads = {
        unit: sorted({name for one in waivers for name in one.payloads})
        for unit, waivers in used.items()
    }
    evidence = evidence_of(snapshot.facts, reads_of(snapshot, stage), payloads)
    required = {*checks, handoff_code(stage)}
    answers = []
    for unit in snapshot.units:
        every = counted[unit] + leaving.get(unit, Findings())
        entries = sorted({seq for one in used[unit] for seq in one.entries})
        holds = outcome_of(every, required) is Outcome.OPEN
        answers.append(
            Answer(unit, every, evidence[unit], holds, tuple(entries), tuple(payloads[unit]))
        )
    return answers


def answers_of(
    snapshot: Snapshot,
    stage: Stage,
    authority: Authority,
    findings: Mapping[str, Findings] | None = None,
) -> tuple[list[Answer], dict[str, dict[int, str]]]:
    """The answer for every unit in scope, and by unit which waivers do not count and why.

    `findings` may be those of the stage's checks.
    """
    waived: dict[str, Waivers] = {}
    void: dict[str, dict[int, str]] = {}
    for unit in snapshot.units:
        if authority.acts(unit):
            waived[unit], void[unit] = authority.waivers(unit)
    if findings is None:
        findings = run_checks(snapshot.pack.checks[stage], snapshot.facts)
    return _answered(snapshot, stage, findings, waived), void
