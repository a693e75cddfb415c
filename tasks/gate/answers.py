"""What checks, waivers and the hand-off make of a unit, before anybody signs.

Rules: what a unit's checks let through must also validate as a hand-off; a waived finding is shown
as waived; the evidence digest covers the waivers that were used, so that whoever signs has seen
them. What follows from the same evidence on the same day is worked out once in a process: on entry
to the next stage the facts are read and hashed again, and the answer of a unit is new when its
evidence is. What is found about a unit does not depend on which others are looked at with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.memory import Memory
from schemas.decisions import closing_of, outcome_of
from schemas.findings import Findings, by_unit
from schemas.handoffs import handoff_code
from schemas.rules.catalogue import CRASHED
from schemas.vocabulary import Outcome, Stage
from tasks.gate.approvals import Authority, InForce, Waivers, excepted, reads_of
from tasks.gate.evaluation import run_checks
from tasks.gate.evidence import evidence_of, places_digest
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


def findings_of(snapshot: Snapshot, stage: Stage) -> pd.DataFrame:
    """The findings of all checks that the pack names for `stage`."""
    return run_checks(snapshot.pack.checks[stage], snapshot.facts)


def _answered(
    snapshot: Snapshot, stage: Stage, findings: pd.DataFrame, waived: dict[str, Waivers]
) -> list[Answer]:
    checks = {entry.rule.code for entry in snapshot.pack.checks[stage]}
    found = by_unit(findings)
    told: dict[str, Findings] = {}
    used: dict[str, list[InForce]] = {}
    for unit in snapshot.units:
        whole = found.get(unit, Findings())
        others, used[unit] = excepted(whole.others, waived.get(unit, {}))
        told[unit] = Findings(whole.alike, tuple(others))
    holding = [unit for unit in snapshot.units if outcome_of(told[unit], checks) is Outcome.OPEN]
    leaving = leave(snapshot, stage, holding)
    payloads = {
        unit: sorted({name for one in waivers for name in one.payloads})
        for unit, waivers in used.items()
    }
    evidence = evidence_of(snapshot.facts, reads_of(snapshot, stage), payloads)
    required = {*checks, handoff_code(stage)}
    answers = []
    for unit in snapshot.units:
        every = told[unit] + leaving.get(unit, Findings())
        entries = sorted({seq for one in used[unit] for seq in one.entries})
        holds = outcome_of(every, required) is Outcome.OPEN
        answers.append(
            Answer(unit, every, evidence[unit], holds, tuple(entries), tuple(payloads[unit]))
        )
    return answers


# Digests of places and pack, day, stage, unit, digest of its evidence, waivers in force.
Question = tuple[str, str, date, Stage, str, str, str]

REMEMBERED: Memory[Question, Answer] = Memory(4096)


def answers_of(
    snapshot: Snapshot,
    stage: Stage,
    authority: Authority,
    findings: pd.DataFrame | None = None,
    memory: Memory[Question, Answer] = REMEMBERED,
) -> tuple[list[Answer], dict[str, dict[int, str]]]:
    """The answer for every unit in scope, and by unit which waivers do not count and why.

    `findings` may be those of the stage's checks; what is remembered is not asked then.
    """
    waived: dict[str, Waivers] = {}
    void: dict[str, dict[int, str]] = {}
    for unit in snapshot.units:
        if authority.acts(unit):
            waived[unit], void[unit] = authority.waivers(unit)
    ground = (places_digest(snapshot.facts), snapshot.pack.digest, snapshot.on, stage)
    asked = {
        unit: (*ground, unit, evidence, repr(sorted(waived.get(unit, {}).items())))
        for unit, evidence in evidence_of(snapshot.facts, reads_of(snapshot, stage)).items()
    }
    answers: dict[str, Answer] = {}
    if findings is None:
        known = {unit: memory.get(question) for unit, question in asked.items()}
        answers = {unit: answer for unit, answer in known.items() if answer}
    rest = snapshot.within(asked.keys() - answers.keys())
    if rest.units:
        told = findings_of(rest, stage) if findings is None else findings
        whole = set(told["check"].unique()) == {
            entry.rule.code for entry in snapshot.pack.checks[stage]
        }
        for answer in _answered(rest, stage, told, waived):
            answers[answer.unit] = answer
            # A crash may have passed by the next launch (memory, say): no answer of these facts.
            if whole and not any(one.reason == CRASHED for one in closing_of(answer.findings)):
                memory.keep(asked[answer.unit], answer)
    return [answers[unit] for unit in snapshot.units], void
