"""Whether an officer's signed act counts for a gate: one answer, when it is taken and ever after.

Rules: an act counts only if its envelope was sealed by the officer's key, the statement says this
cycle, unit, stage, policy and evidence, nobody withdrew it and the gate was not closed since; the
officer still holds the organ and place that the key was enrolled with, is asked for by the policy
pack, delivered none of the evidence, and is neither a candidate of the unit nor kin of one. A
refusal that was taken once stands whatever becomes of its officer, of their key or of the evidence,
until its officer withdraws it or those whom the pack names lift it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from data.acts import LIFT, Key, Keyring, key_fault, undone
from data.policies import InForce
from schemas.authority import Panel
from schemas.entries import GateAct, Refused, Ruled, Signed, Waived
from schemas.envelopes import EnvelopeError, opened
from schemas.statements import (
    BareSignOff,
    Predicate,
    Ruling,
    StatementError,
    Waiver,
    parse_statement,
    subject_name,
)
from schemas.vocabulary import Body, Level, Stage


@dataclass(frozen=True)
class Holder:
    """An officer as the register has them today; `person` is who they are."""

    organ: str
    jurisdiction: str
    person: str


@dataclass(frozen=True)
class Ground:
    """What the acts about a gate are held against.

    `packs` are those that were in force until today, `kind` is the unit's level and body;
    `places` are the unit's jurisdiction and those above it, its own first; `evidence` the digests
    that count; `since` the entry up to which sign-offs count no more; `barred` says why a person
    may not sign (`about-self`, `about-kin`, `self-submitted`).
    """

    cycle: str
    packs: InForce
    kind: tuple[Level, Body]
    unit: str
    stage: str
    places: tuple[str, ...]
    evidence: Collection[str]
    since: int
    barred: Mapping[str, str]
    officers: Mapping[str, Holder]

    @cached_property
    def same_since(self) -> int:
        """The entry since whose pack the gate goes by what it goes by today."""
        return self.packs.same_since(Stage(self.stage), *self.kind)

    def other_policy(self, act: GateAct, policy: str) -> bool:
        """Whether an act is on another pack than that of its day, or one that is not in force.

        What opens a gate counts as long as no pack touches the gate; what keeps one closed, or was
        ruled, stands under whatever pack comes.
        """
        held = self.packs.under(act)
        passed = isinstance(act, Signed | Waived) and held.seq < self.same_since
        return passed or policy != held.policy


_PREDICATES: dict[type[GateAct], type[Predicate]] = {
    Signed: BareSignOff,
    Refused: BareSignOff,
    Waived: Waiver,
    Ruled: Ruling,
}
# Why whoever the pack does not ask for an act is refused it.
_NOT_ASKED: dict[type[GateAct], str] = {
    Signed: "wrong-role",
    Refused: "wrong-role",
    Waived: "may-not-waive",
    Ruled: "may-not-rule",
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
    if not isinstance(predicate, _PREDICATES[type(act)]) or said.name != subject_name(predicate):
        return "other-act"
    if predicate.cycle != ground.cycle:
        return "other-cycle"
    who = (predicate.officer, predicate.organ, predicate.jurisdiction)
    if who != (act.officer, key.organ, key.jurisdiction):
        return "other-officer"
    if not isinstance(predicate, BareSignOff | Waiver | Ruling):
        return "other-act"
    return _gate_fault(act, ground, predicate, said.evidence)


def _gate_fault(
    act: GateAct, ground: Ground, predicate: BareSignOff | Waiver | Ruling, evidence: str
) -> str:
    faults = {
        "other-unit": predicate.unit != ground.unit or act.unit != ground.unit,
        "other-stage": predicate.stage != ground.stage or act.stage != ground.stage,
        "other-policy": ground.other_policy(act, predicate.policy),
        "other-evidence": evidence not in ground.evidence,
        "other-act": not _says(act, predicate),
    }
    return next((code for code, wrong in faults.items() if wrong), "")


def _says(act: GateAct, predicate: BareSignOff | Waiver | Ruling) -> bool:
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
    """Why a sign-off, refusal, waiver or ruling does not count as it is given, or nothing."""
    if code := key_fault(act, keys):
        return code
    key = keys.keys[act.key]
    if code := _statement_fault(act, ground, key):
        return code
    if isinstance(act, Signed) and act.seq <= ground.since:
        return "reopened"
    if code := holder_fault(key, ground.officers):
        return code
    if not _admitted(key, ground, panels):
        return _NOT_ASKED[type(act)]
    return ground.barred.get(ground.officers[act.officer].person, "")


def _admitted(key: Key, ground: Ground, panels: Sequence[Panel]) -> bool:
    return any(panel.admits(key.organ, key.jurisdiction, ground.places) for panel in panels)


def _fault_of_refusal(act: Refused, ground: Ground, keys: Keyring, panels: Sequence[Panel]) -> str:
    """Why a refusal that is on record does not stand, or nothing; who refused was judged then."""
    if code := key_fault(act, keys):
        return code
    key, on_it = keys.keys[act.key], replace(ground, evidence={act.said.evidence})
    if code := _statement_fault(act, on_it, key):
        return code
    if _admitted(key, ground, panels):
        return ""
    then = ground.packs.then(act).signers(Stage(ground.stage), *ground.kind)
    return "" if _admitted(key, ground, then) else "wrong-role"


def lift_faults(acts: Sequence[GateAct], ground: Ground, keys: Keyring) -> dict[int, str]:
    """Act that lifts a refusal → why it does not count, or nothing; one person lifts once."""
    refusals = {act.seq: act for act in acts if isinstance(act, Refused)}
    found: dict[int, str] = {}
    lifting: set[tuple[int, str]] = set()
    for act in acts:
        if not isinstance(act, Ruled) or act.verdict != LIFT:
            continue
        refusal = refusals.get(act.of)
        if refusal is None:
            found[act.seq] = "no-act"
            continue
        on_it = replace(ground, evidence={refusal.payload})
        code = fault_of(act, on_it, keys, [ground.packs.then(act).rulings.lift])
        if not code:
            one = act.of, ground.officers[act.officer].person
            code = "twice" if one in lifting else ""
            lifting.add(one)
        found[act.seq] = code
    return found


def faults_of(
    acts: Sequence[GateAct], ground: Ground, keys: Keyring, panels: Sequence[Panel]
) -> dict[int, str]:
    """Act → why it does not count, or nothing: what follows from all acts of a gate together.

    Of several sign-offs by one person only the first counts; a refusal that stands takes away
    what its officer signed.
    """
    lifts = lift_faults(acts, ground, keys)
    gone = undone(acts, keys, ground.cycle, {seq for seq, code in lifts.items() if code})
    found: dict[int, str] = {}
    refusing: set[str] = set()
    signed: set[str] = set()
    judged = [act for act in acts if isinstance(act, _OPENING)]
    for act in sorted(judged, key=lambda one: (not isinstance(one, Refused), one.seq)):
        code = gone.get(act.seq, "")
        if isinstance(act, Refused):
            found[act.seq] = code = code or _fault_of_refusal(act, ground, keys, panels)
            holder = ground.officers.get(act.officer)
            if not code and holder:
                refusing.add(holder.person)
            continue
        code = code or fault_of(act, ground, keys, panels)
        if not code and isinstance(act, Signed):
            person = ground.officers[act.officer].person
            if person in refusing:
                code = "stands-refused"
            elif person in signed:
                code = "twice"
            else:
                signed.add(person)
        found[act.seq] = code
    return found
