"""Verification of officers' acts: envelopes, what was signed, and by which key.

Rules: docs/history.md, "Founders", "Keyring", "Packs", "Acts", "What was looked at" and
"Deliveries". Every statement is built anew from its entry and compared byte for byte, so nothing
that it says can be passed over; what a delivery says of its registers is what the entries that
follow it, or its confirmation, say, one by one; keys follow from the acts that hold, in their
order; a payload is recorded once. It reads what was written, not the typed entries of
`schemas.entries`: a second reading of the same record, whose verdict a mistake in the first does
not bend.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from data.acts import (
    ACT_KINDS,
    CONFIRMED,
    DELIVERED,
    ENROLLED,
    LIFT,
    PROPOSED,
    REFUSED,
    REVOKED,
    ROTATED,
    RULED,
    SIGNED,
    VOUCHED,
    WAIVED,
    WITHDRAWN,
    Key,
    Keyring,
    Voucher,
)
from data.adoptions import PACK_KINDS, Packs
from data.claims import ActError, Claim, need, new_key, public_key, texts, written
from data.evaluators import EVALUATOR_KINDS, Evaluators
from data.verify_chain import Content, Fault
from data.verify_deliveries import SUBMITTED, Deliveries, founders_in
from data.verify_evaluators import evaluator_claim, follow_evaluator
from data.verify_packs import follow_pack, pack_claim
from data.verify_reviews import review_in
from schemas.encodings import from_base64, strict_object, to_base64
from schemas.envelopes import key_id, opened
from schemas.statements import (
    ADOPTION,
    CONFIRMATION,
    DELIVERY,
    EVALUATOR,
    KEY,
    RULING,
    SIGN_OFF,
    STATEMENT,
    WAIVER,
    WITHDRAWAL,
)
from schemas.vocabulary import Organ

# What is followed whichever kinds are asked for.
DELIVERIES = frozenset({DELIVERED, PROPOSED, CONFIRMED})
_ALWAYS = EVALUATOR_KINDS | PACK_KINDS | DELIVERIES
OBJECTED = "objected"
OBJECTION_VERDICTS = ("reject", "reopen")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00")


@dataclass(frozen=True, slots=True)
class VerifiedAct:
    """An act that holds: its entry, by which key, on what evidence, and the payload's digest.

    `review` is where a sign-off says what was looked at.
    """

    entry: Content
    key: str
    evidence: str
    payload: str
    review: Mapping[str, object] | None = None


@dataclass
class Folded:
    """What the acts come to: the keys, the acts by entry number, and the first that fails."""

    cycle: str
    packs: Packs = field(default_factory=Packs)
    keys: Keyring = field(default_factory=Keyring)
    evaluators: Evaluators = field(default_factory=Evaluators)
    acts: dict[int, VerifiedAct] = field(default_factory=dict)
    objections: dict[int, Content] = field(default_factory=dict)
    payloads: set[str] = field(default_factory=set)
    reviewed: bool = False
    deliveries: Deliveries = field(default_factory=Deliveries)
    fault: Fault | None = None

    def copy(self) -> Folded:
        """The same, to be followed on its own."""
        return replace(
            self,
            packs=self.packs.copy(),
            keys=self.keys.copy(),
            evaluators=self.evaluators.copy(),
            acts=dict(self.acts),
            objections=dict(self.objections),
            payloads=set(self.payloads),
            deliveries=self.deliveries.copy(),
        )

    def open(self, first: Content) -> None:
        """Take what the first entry names; that it names no evaluator's key is a fault."""
        self.packs.open("", first.get("policy", 0))
        try:
            name, public = texts(first, "evaluator", "public")
            need(key_id(public_key(public)) == name)
            self.evaluators.open(name, public)
        except Exception:
            # As below.
            self.fault = Fault(1, "evaluator")
        try:
            self.keys = Keyring(founders_in(first["founders"]))
        except Exception:
            # As below.
            self.fault = self.fault or Fault(1, "founders")

    def follow(self, entry: Content, seq: int, kinds: frozenset[str] = ACT_KINDS) -> None:
        """Follow the next entry: acts of `kinds`, and those that bear on who acts at all.

        These are deliveries, and acts on evaluators' keys and on packs.
        """
        kind = entry["kind"]
        if seq == 1:
            self.open(entry)
        elif kind == SUBMITTED or self.deliveries.expected[2]:
            if not self.deliveries.part(entry):
                self.fault = self.fault or Fault(seq, "signature")
        elif kind == OBJECTED:
            self.objections[seq] = entry
        elif kind in kinds or kind in _ALWAYS:
            self.take(entry, seq)

    @property
    def unfinished(self) -> Fault | None:
        """That the record ends within a delivery."""
        return Fault(max(self.acts), "signature") if self.deliveries.expected[2] else None

    def take(self, entry: Content, seq: int) -> None:
        """Follow an act; one that does not hold has no effect, and the first such is the fault."""
        try:
            _take(entry, seq, self)
        except Exception:
            # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
            self.fault = self.fault or Fault(seq, "signature")


def _key_claim(
    entry: Content, act: str, holder: Mapping[str, str], by: str, signers: tuple[Key | bytes, ...]
) -> Claim:
    predicate = {"act": act, "previous": "", "by": by, **holder}
    return Claim(signers, KEY, entry["officer"], predicate, entry["key"])


def _holder(key: Key) -> dict[str, str]:
    return {
        "officer": key.officer,
        "organ": key.organ,
        "jurisdiction": key.jurisdiction,
        "public": to_base64(key.public),
    }


def _own_holder(entry: Content) -> dict[str, str]:
    names = ("officer", "organ", "jurisdiction", "public")
    return dict(zip(names, texts(entry, *names), strict=True))


def _enrolled(entry: Content, seq: int, folded: Folded) -> Claim:
    raw = new_key(entry, folded.keys.keys, folded.evaluators.keys)
    holder = _own_holder(entry)
    # The key of a founder is enrolled for whom the first entry says.
    whole = holder["officer"], holder["organ"], holder["jurisdiction"], entry["key"]
    founding = {key for *_, key in folded.keys.founders}
    need(whole in folded.keys.founders or entry["key"] not in founding)
    return _key_claim(entry, "enrol", holder, holder["officer"], (raw,))


def _vouched(entry: Content, seq: int, folded: Folded) -> Claim:
    officer, name, voucher, voucher_key = texts(entry, "officer", "key", "voucher", "voucher_key")
    key, other = folded.keys.keys[name], folded.keys.keys[voucher_key]
    need(
        key.officer == officer,
        key.awaits(voucher, other.organ),
        other.officer == voucher,
        other.signs_at(seq),
    )
    return _key_claim(entry, "vouch", _holder(key), voucher, (other,))


def _rotated(entry: Content, seq: int, folded: Folded) -> Claim:
    raw = new_key(entry, folded.keys.keys, folded.evaluators.keys)
    holder = _own_holder(entry)
    (name,) = texts(entry, "previous")
    previous = folded.keys.keys[name]
    before = _holder(previous)
    same = ("officer", "organ", "jurisdiction")
    need(previous.signs_at(seq), *(before[one] == holder[one] for one in same))
    holder["previous"] = before["public"]
    return _key_claim(entry, "rotate", holder, holder["officer"], (previous, raw))


def _revoked(entry: Content, seq: int, folded: Folded) -> Claim:
    officer, name, by, by_key, reason = texts(entry, "officer", "key", "by", "by_key", "reason")
    key, other = folded.keys.keys[name], folded.keys.keys[by_key]
    need(
        key.officer == officer,
        not key.revoked,
        other.officer == by,
        other.signs_at(seq),
        by == officer or other.organ == Organ.DISCIPLINE.value,
    )
    holder = {**_holder(key), "reason": reason}
    return _key_claim(entry, "revoke", holder, by, (other,))


def _on_gate(entry: Content, seq: int, folded: Folded) -> tuple[Key, dict[str, object]]:
    """The key that signed about a gate, and what every such statement says."""
    unit, stage, officer, name = texts(entry, "unit", "stage", "officer", "key")
    key = folded.keys.keys[name]
    opens = entry["kind"] in (SIGNED, WAIVED, RULED)
    need(key.officer == officer, key.opens_at(seq) if opens else key.signs_at(seq))
    said: dict[str, object] = {
        "unit": unit,
        "stage": stage,
        "officer": officer,
        "organ": key.organ,
        "jurisdiction": key.jurisdiction,
    }
    return key, said


def policy_of(folded: Folded, entry: Content, seq: int) -> str:
    """The digest of the policy pack in force at an entry.

    Raises:
        TypeError: the first entry names none.
    """
    return texts({"policy": folded.packs.at(entry["on"], seq).policy}, "policy")[0]


def _signed(entry: Content, seq: int, folded: Folded) -> Claim:
    key, said = _on_gate(entry, seq, folded)
    said["decision"] = "open" if entry["kind"] == SIGNED else "refuse"
    said["policy"] = policy_of(folded, entry, seq)
    statement, review = review_in(entry, reviewed=folded.reviewed)
    return Claim((key,), statement, f"{said['unit']}/{said['stage']}", {**said, **review})


def _waived(entry: Content, seq: int, folded: Folded) -> Claim:
    key, said = _on_gate(entry, seq, folded)
    said["check"], said["subject"], said["until"] = texts(entry, "check", "subject", "until")
    said["policy"] = policy_of(folded, entry, seq)
    return Claim((key,), WAIVER, f"{said['unit']}/{said['check']}", said)


def _withdrawn(entry: Content, seq: int, folded: Folded) -> Claim:
    key, said = _on_gate(entry, seq, folded)
    of = entry["of"]
    need(type(of) is int)
    taken = folded.acts[of]
    need(
        taken.entry["kind"] in (SIGNED, REFUSED, WAIVED),
        *(taken.entry[name] == said[name] for name in ("officer", "unit", "stage")),
    )
    subject = f"{said['unit']}/{said['stage']}"
    return Claim((key,), WITHDRAWAL, subject, said, taken.payload)


def _ruled(entry: Content, seq: int, folded: Folded) -> Claim:
    key, said = _on_gate(entry, seq, folded)
    of, (verdict,) = entry["of"], texts(entry, "verdict")
    need(type(of) is int, verdict in (*OBJECTION_VERDICTS, LIFT))
    if verdict == LIFT:
        refusal = folded.acts[of]
        about, evidence = refusal.entry, refusal.payload
        need(about["kind"] == REFUSED)
    else:
        about = folded.objections[of]
        evidence = _matching(texts(about, "objection")[0], _DIGEST)
    need(all(about[name] == said[name] for name in ("unit", "stage")))
    said["verdict"], said["policy"] = verdict, policy_of(folded, entry, seq)
    name = f"{said['unit']}/{said['stage']}"
    return Claim((key,), RULING, name, said, evidence, reasoned=True)


def _delivered(entry: Content, seq: int, folded: Folded) -> Claim:
    return folded.deliveries.claim(entry, seq, folded.keys)


_CLAIMS: dict[str, Callable[[Content, int, Folded], Claim]] = {
    ENROLLED: _enrolled,
    VOUCHED: _vouched,
    ROTATED: _rotated,
    REVOKED: _revoked,
    SIGNED: _signed,
    REFUSED: _signed,
    WAIVED: _waived,
    WITHDRAWN: _withdrawn,
    RULED: _ruled,
    **dict.fromkeys(DELIVERIES, _delivered),
}


def _matching(text: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(text):
        raise ActError("form")
    return text


def _statement(claim: Claim, cycle: str, payload: bytes) -> tuple[bytes, str]:
    """The bytes that were to be signed, and the evidence in them.

    Only what the entry does not hold is taken from the payload: evidence, reason and time.
    """
    shown = strict_object(payload)
    said = shown["predicate"]
    evidence = _matching(shown["subject"][0]["digest"]["sha256"], _DIGEST)
    reason = said["reason"]
    if reason != "" or claim.reasoned:
        _matching(reason, _DIGEST)
    free = {"reason": reason, "time": _matching(said["time"], _TIME), "cycle": cycle}
    evidence = claim.evidence or evidence
    built = {
        "_type": STATEMENT,
        "subject": [{"name": claim.subject, "digest": {"sha256": evidence}}],
        "predicateType": claim.kind,
        "predicate": {**free, **claim.predicate},
    }
    return written(built).encode(), evidence


def _follow(keys: Keyring, entry: Content, seq: int) -> None:
    """What an act on a key that holds does to the keys."""
    kind, name = entry["kind"], entry["key"]
    if kind == ENROLLED:
        at = (entry["organ"], entry["jurisdiction"])
        keys.enrol(seq, name, from_base64(entry["public"]), entry["officer"], at)
    elif kind == ROTATED:
        keys.rotate(seq, entry["previous"], name, from_base64(entry["public"]))
    elif kind == VOUCHED:
        by = keys.keys[entry["voucher_key"]]
        keys.vouch(seq, name, Voucher(by.officer, by.organ, by.name))
    else:
        keys.revoke(seq, name)


def _claim(entry: Content, seq: int, folded: Folded) -> Claim:
    if entry["kind"] in EVALUATOR_KINDS:
        return evaluator_claim(entry, seq, folded.keys, folded.evaluators)
    if entry["kind"] in PACK_KINDS:
        return pack_claim(entry, seq, folded.keys, folded.packs)
    return _CLAIMS[entry["kind"]](entry, seq, folded)


def _take(entry: Content, seq: int, folded: Folded) -> None:
    """Follow one act.

    Raises:
        Exception: of whatever kind: it does not hold.
    """
    claim = _claim(entry, seq, folded)
    publics = [one.public if isinstance(one, Key) else one for one in claim.signers]
    payload = opened(entry["envelope"], publics)
    built, evidence = _statement(claim, folded.cycle, payload)
    name = hashlib.sha256(payload).hexdigest()
    need(built == payload, name not in folded.payloads)
    if claim.kind == KEY:
        _follow(folded.keys, entry, seq)
    elif claim.kind == EVALUATOR:
        follow_evaluator(folded.evaluators, folded.keys, entry, seq)
    elif claim.kind == ADOPTION:
        follow_pack(folded.packs, folded.keys, entry, seq)
    elif claim.kind in (DELIVERY, CONFIRMATION):
        folded.deliveries.follow(entry, seq, claim, name)
    review = claim.predicate if claim.kind == SIGN_OFF else None
    folded.reviewed = folded.reviewed or review is not None
    folded.payloads.add(name)
    folded.acts[seq] = VerifiedAct(entry, entry["key"], evidence, name, review)


def fold_acts(entries: Iterable[Content], cycle: str, kinds: frozenset[str] = ACT_KINDS) -> Folded:
    """Follow the acts of `kinds` in a chain that holds; `cycle` is the hash of its first entry."""
    folded = Folded(cycle)
    for seq, entry in enumerate(entries, start=1):
        folded.follow(entry, seq, kinds)
    folded.fault = folded.fault or folded.unfinished
    return folded
