"""Whether an officer's signed act counts for a gate: one answer, when it is taken and ever after.

Rules: an act counts only if its envelope was sealed by the officer's key, the statement says this
cycle, unit, stage, policy and evidence, nobody withdrew it and the gate was not closed since; the
officer still holds the organ and place that the key was enrolled with, is asked for by the policy
pack, delivered none of the evidence, and is neither a candidate of the unit nor kin of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.acts import REFUSED, SIGNED, WAIVED, WITHDRAWN, Act, Key, Keyring
from schemas.authority import Panel
from schemas.envelopes import EnvelopeError, opened
from schemas.statements import (
    Predicate,
    SignOff,
    StatementError,
    Waiver,
    Withdrawal,
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

    `places` are the unit's jurisdiction and those above it, its own first; `evidence` is the digest
    that counts; `since` the entry up to which sign-offs count no more; `barred` says why a person
    may not sign (`about-self`, `about-kin`, `self-submitted`).
    """

    cycle: str
    policies: frozenset[str]
    unit: str
    stage: str
    places: tuple[str, ...]
    evidence: str
    since: int
    barred: Mapping[str, str]
    officers: Mapping[str, Holder]


_KINDS: dict[str, type[Predicate]] = {SIGNED: SignOff, REFUSED: SignOff, WAIVED: Waiver}
_DECISIONS = {SIGNED: "open", REFUSED: "refuse"}


def withdrawn(acts: Sequence[Act], keys: Keyring, cycle: str) -> set[int]:
    """The acts that were taken back.

    A refusal, which keeps its gate closed, is gone only by a withdrawal that holds; whatever opens
    a gate is gone by any.
    """
    refusals = {act.seq: act for act in acts if act.kind == REFUSED}
    return {
        act.of
        for act in acts
        if act.kind == WITHDRAWN
        and (act.of not in refusals or _takes_back(act, refusals[act.of], keys, cycle))
    }


def _takes_back(act: Act, taken: Act, keys: Keyring, cycle: str) -> bool:
    """Whether a withdrawal was signed by the officer of the act that it is about."""
    if key_fault(act, keys) or act.officer != taken.officer:
        return False
    key = keys.keys[act.key]
    try:
        said = parse_statement(opened(act.envelope, [key.public]))
    except (EnvelopeError, StatementError):
        return False
    predicate = said.predicate
    return isinstance(predicate, Withdrawal) and (
        predicate.cycle, predicate.officer, predicate.organ, predicate.jurisdiction, said.evidence
    ) == (cycle, key.officer, key.organ, key.jurisdiction, taken.payload)  # fmt: skip


def _statement_fault(act: Act, ground: Ground, key: Key) -> str:
    """What is wrong with what was signed."""
    try:
        said = parse_statement(opened(act.envelope, [key.public]))
    except (EnvelopeError, StatementError):
        return "envelope"
    predicate = said.predicate
    if type(predicate) is not _KINDS[act.kind] or said.name != subject_name(predicate):
        return "other-act"
    if predicate.cycle != ground.cycle:
        return "other-cycle"
    who = (predicate.officer, predicate.organ, predicate.jurisdiction)
    if who != (act.officer, key.organ, key.jurisdiction):
        return "other-officer"
    if not isinstance(predicate, SignOff | Waiver):
        return "other-act"
    return _gate_fault(act, ground, predicate, said.evidence)


def _gate_fault(act: Act, ground: Ground, predicate: SignOff | Waiver, evidence: str) -> str:
    faults = {
        "other-unit": predicate.unit != ground.unit or act.unit != ground.unit,
        "other-stage": predicate.stage != ground.stage or act.stage != ground.stage,
        "other-policy": predicate.policy not in ground.policies,
        "other-evidence": evidence != ground.evidence,
        "other-act": not _says(act, predicate),
    }
    return next((code for code, wrong in faults.items() if wrong), "")


def _says(act: Act, predicate: SignOff | Waiver) -> bool:
    if isinstance(predicate, Waiver):
        said = (predicate.check, predicate.subject, predicate.until)
        return said == (act.check, act.subject, act.until)
    return predicate.decision == _DECISIONS[act.kind]


def key_fault(act: Act, keys: Keyring) -> str:
    """What is wrong with the key of an act, or nothing."""
    key = keys.keys.get(act.key)
    if key is None or not 0 < key.active < act.seq:
        return "no-key"
    if key.officer != act.officer:
        return "other-key"
    if key.revoked:
        return "key-revoked"
    return "key-replaced" if 0 < key.replaced < act.seq else ""


def holder_fault(key: Key, officers: Mapping[str, Holder]) -> str:
    """Whether the register still has an officer where their key was enrolled."""
    holder = officers.get(key.officer)
    if holder is None:
        return "unknown-officer"
    if (holder.organ, holder.jurisdiction) != (key.organ, key.jurisdiction):
        return "role-changed"
    return ""


def fault_of(act: Act, ground: Ground, keys: Keyring, panels: Sequence[Panel]) -> str:
    """Why a sign-off, refusal or waiver does not count, or nothing."""
    if code := key_fault(act, keys):
        return code
    key = keys.keys[act.key]
    if code := _statement_fault(act, ground, key):
        return code
    if act.kind == SIGNED and act.seq <= ground.since:
        return "reopened"
    if code := holder_fault(key, ground.officers):
        return code
    if not any(panel.admits(key.organ, key.jurisdiction, ground.places) for panel in panels):
        return "wrong-role"
    return ground.barred.get(ground.officers[act.officer].person, "")


def faults_of(
    acts: Sequence[Act], ground: Ground, keys: Keyring, panels: Sequence[Panel]
) -> dict[int, str]:
    """Act → why it does not count, or nothing: what follows from all acts of a gate together.

    Of several sign-offs by one person only the first counts; a refusal that stands takes away
    what its officer signed.
    """
    gone = withdrawn(acts, keys, ground.cycle)
    found: dict[int, str] = {}
    refusing: set[str] = set()
    signed: set[str] = set()
    judged = [act for act in acts if act.kind in _KINDS]
    for act in sorted(judged, key=lambda one: (one.kind != REFUSED, one.seq)):
        code = "withdrawn" if act.seq in gone else fault_of(act, ground, keys, panels)
        if not code and act.kind != WAIVED:
            person = ground.officers[act.officer].person
            if act.kind == REFUSED:
                refusing.add(person)
            elif person in refusing:
                code = "stands-refused"
            elif person in signed:
                code = "twice"
            else:
                signed.add(person)
        found[act.seq] = code
    return found
