"""Whether an officer's signed act counts for a gate: one answer, when it is taken and ever after.

Rules: an act counts only if its envelope was sealed by the officer's key, the statement says this
cycle, unit, stage, policy and evidence, nobody withdrew it and the gate was not closed since; the
officer still holds the organ and place that the key was enrolled with, is asked for by the policy
pack, delivered none of the evidence, and is neither a candidate of the unit nor kin of one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from data.acts import Key, Keyring, key_fault, taken_back
from schemas.authority import Panel
from schemas.entries import GateAct, Refused, Ruled, Signed, Waived
from schemas.envelopes import EnvelopeError, opened
from schemas.statements import (
    Predicate,
    Ruling,
    SignOff,
    StatementError,
    Waiver,
    parse_statement,
    subject_name,
)


@dataclass(frozen=True)
class Holder:
    """An officer as the register has them today; `person` is who they are."""

    organ: str
    jurisdiction: str
    person: str


@dataclass(frozen=True)
class Ground:
    """What the acts about a gate are held against.

    `places` are the unit's jurisdiction and those above it, its own first; `evidence` the digests
    that count; `since` the entry up to which sign-offs count no more; `barred` says why a person
    may not sign (`about-self`, `about-kin`, `self-submitted`).
    """

    cycle: str
    policies: frozenset[str]
    unit: str
    stage: str
    places: tuple[str, ...]
    evidence: Collection[str]
    since: int
    barred: Mapping[str, str]
    officers: Mapping[str, Holder]


_PREDICATES: dict[type[GateAct], type[Predicate]] = {
    Signed: SignOff,
    Refused: SignOff,
    Waived: Waiver,
    Ruled: Ruling,
}
# What a gate is opened by, or kept closed.
_OPENING = (Signed, Refused, Waived)


def _statement_fault(act: GateAct, ground: Ground, key: Key) -> str:
    """What is wrong with what was signed."""
    try:
        said = parse_statement(opened(act.envelope, [key.public]))
    except (EnvelopeError, StatementError):
        return "envelope"
    predicate = said.predicate
    if type(predicate) is not _PREDICATES[type(act)] or said.name != subject_name(predicate):
        return "other-act"
    if predicate.cycle != ground.cycle:
        return "other-cycle"
    who = (predicate.officer, predicate.organ, predicate.jurisdiction)
    if who != (act.officer, key.organ, key.jurisdiction):
        return "other-officer"
    if not isinstance(predicate, SignOff | Waiver | Ruling):
        return "other-act"
    return _gate_fault(act, ground, predicate, said.evidence)


def _gate_fault(
    act: GateAct, ground: Ground, predicate: SignOff | Waiver | Ruling, evidence: str
) -> str:
    faults = {
        "other-unit": predicate.unit != ground.unit or act.unit != ground.unit,
        "other-stage": predicate.stage != ground.stage or act.stage != ground.stage,
        "other-policy": predicate.policy not in ground.policies,
        "other-evidence": evidence not in ground.evidence,
        "other-act": not _says(act, predicate),
    }
    return next((code for code, wrong in faults.items() if wrong), "")


def _says(act: GateAct, predicate: SignOff | Waiver | Ruling) -> bool:
    if isinstance(predicate, Ruling):
        return isinstance(act, Ruled) and predicate.verdict == act.verdict
    if isinstance(predicate, Waiver):
        said = (predicate.check, predicate.subject, predicate.until)
        return isinstance(act, Waived) and said == (act.check, act.subject, act.until)
    return predicate.decision == ("open" if isinstance(act, Signed) else "refuse")


def holder_fault(key: Key, officers: Mapping[str, Holder]) -> str:
    """Whether the register still has an officer where their key was enrolled."""
    holder = officers.get(key.officer)
    if holder is None:
        return "unknown-officer"
    if (holder.organ, holder.jurisdiction) != (key.organ, key.jurisdiction):
        return "role-changed"
    return ""


def fault_of(act: GateAct, ground: Ground, keys: Keyring, panels: Sequence[Panel]) -> str:
    """Why a sign-off, refusal, waiver or ruling does not count, or nothing."""
    if code := key_fault(act, keys):
        return code
    key = keys.keys[act.key]
    if code := _statement_fault(act, ground, key):
        return code
    if isinstance(act, Signed) and act.seq <= ground.since:
        return "reopened"
    if code := holder_fault(key, ground.officers):
        return code
    if not any(panel.admits(key.organ, key.jurisdiction, ground.places) for panel in panels):
        return "wrong-role"
    return ground.barred.get(ground.officers[act.officer].person, "")


def faults_of(
    acts: Sequence[GateAct], ground: Ground, keys: Keyring, panels: Sequence[Panel]
) -> dict[int, str]:
    """Act → why it does not count, or nothing: what follows from all acts of a gate together.

    Of several sign-offs by one person only the first counts; a refusal that stands takes away
    what its officer signed.
    """
    gone = taken_back(acts, keys, ground.cycle)
    found: dict[int, str] = {}
    refusing: set[str] = set()
    signed: set[str] = set()
    judged = [act for act in acts if isinstance(act, _OPENING)]
    for act in sorted(judged, key=lambda one: (not isinstance(one, Refused), one.seq)):
        code = "withdrawn" if act.seq in gone else fault_of(act, ground, keys, panels)
        if not code and not isinstance(act, Waived):
            person = ground.officers[act.officer].person
            if isinstance(act, Refused):
                refusing.add(person)
            elif person in refusing:
                code = "stands-refused"
            elif person in signed:
                code = "twice"
            else:
                signed.add(person)
        found[act.seq] = code
    return found
