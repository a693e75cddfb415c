"""Evaluators' keys on record: rotated by whoever has it, revoked and put in force by officers.

Rules: a rotation is signed by the key before and the new one; a discipline commission above which
none stands revokes; then an officer enrols a key and one of another organ, who is another person,
vouches for it, both of such a place. Every act is one entry of the ledger; the private half never
leaves its file.
"""

from __future__ import annotations

from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import Key
from data.evaluators import ENROLLED, REVOKED, ROTATED, VOUCHED
from data.signers import signer_for
from schemas.envelopes import key_id, public_text, raw_public, sealed
from schemas.rules.base import Reach
from schemas.statements import EvaluatorAct, statement
from schemas.vocabulary import Organ
from tasks.officers.keys import acting, one_person
from tasks.officers.recording import Record, Recorder, named
from tasks.officers.signatories import Identified, Signatory

Deed = Literal["enrol", "vouch", "rotate", "revoke"]


def _statement(recorder: Recorder, act: Deed, public: bytes, by: Key | None, **rest: str) -> bytes:
    predicate = EvaluatorAct(
        cycle=recorder.history.cycle,
        officer=by.officer if by else "",
        organ=by.organ if by else "",
        jurisdiction=by.jurisdiction if by else "",
        reason=rest.get("reason", ""),
        time=recorder.now(),
        act=act,
        public=public_text(public),
        previous=rest.get("previous", ""),
    )
    return statement(predicate, key_id(public)).payload()


def _topmost(recorder: Record, key: Key) -> bool:
    """Whether no place stands above that of a key."""
    return len(recorder.whole.facts.relatives(Reach.ANCESTORS).get(key.jurisdiction, ())) == 1


def in_charge(recorder: Record, who: Identified) -> tuple[Key | None, str]:
    """The key of an officer who acts on evaluators' keys, and what is wrong with it."""
    key, code = acting(recorder, who)
    return key, code or ("" if key and _topmost(recorder, key) else "not-topmost")


def rotate(recorder: Recorder, new: Ed25519PrivateKey) -> int:
    """Replace the evaluator's key by a new one; returns the number of the entry.

    Raises:
        NoEvaluator, KeyFileRefused: the key in force is not here.
        ActRefused: the new key was on record before.
    """

    def attempt() -> int:
        evaluators = recorder.history.evaluators
        signer = signer_for(recorder.home, evaluators)
        public = raw_public(new)
        if key_id(public) in {*evaluators.keys, *recorder.history.acts.keys.keys}:
            recorder.refuse("rotate-evaluator", "key-taken", "")
        previous = public_text(evaluators.keys[signer.name].public)
        payload = _statement(recorder, "rotate", public, None, previous=previous)
        return recorder.put(
            ROTATED,
            payload,
            key=key_id(public),
            public=public_text(public),
            previous=signer.name,
            envelope=sealed(payload, signer.private, new),
        )

    return recorder.take(attempt)


def revoke(recorder: Recorder, who: Signatory, reason: str) -> int:
    """Revoke the evaluator's key, or one that waits to be vouched for; the entry's number.

    Raises:
        ActRefused: there is no key, no reason, or who revokes is no officer of a discipline
            commission above which none stands.
    """

    def attempt() -> int:
        by, code = in_charge(recorder, who)
        evaluators = recorder.history.evaluators
        key = evaluators.current or evaluators.pending
        if by and not code and by.organ != Organ.DISCIPLINE.value:
            code = "not-discipline"
        if not code and key is None:
            code = "no-evaluator"
        if not code and not reason.strip():
            code = "no-reason"
        if code or key is None or by is None:
            recorder.refuse("revoke-evaluator", code, who.officer)
        words = named(reason)
        recorder.keep(reason)
        payload = _statement(recorder, "revoke", key.public, by, reason=words)
        return recorder.put(
            REVOKED,
            payload,
            key=key.name,
            officer=who.officer,
            officer_key=who.key,
            reason=words,
            envelope=sealed(payload, who.private),
        )

    return recorder.take(attempt)


def enrol(recorder: Recorder, who: Signatory, new: Ed25519PrivateKey) -> int:
    """Enrol an evaluator's key after the one before was revoked; returns the entry's number.

    Raises:
        ActRefused: one is in force, this key was on record before, or the officer may not.
    """

    def attempt() -> int:
        by, code = in_charge(recorder, who)
        public = raw_public(new)
        evaluators = recorder.history.evaluators
        if not code and evaluators.current:
            code = "has-evaluator"
        if not code and key_id(public) in {*evaluators.keys, *recorder.history.acts.keys.keys}:
            code = "key-taken"
        if code or by is None:
            recorder.refuse("enrol-evaluator", code, who.officer)
        payload = _statement(recorder, "enrol", public, by)
        return recorder.put(
            ENROLLED,
            payload,
            key=key_id(public),
            public=public_text(public),
            officer=who.officer,
            officer_key=who.key,
            envelope=sealed(payload, who.private, new),
        )

    return recorder.take(attempt)


def vouching_fault(recorder: Record, who: Identified) -> str:
    """Why an officer in charge may not put the key in force that waits, or nothing."""
    evaluators, keys = recorder.history.evaluators, recorder.history.acts.keys
    key = evaluators.pending
    if evaluators.current:
        return "has-evaluator"
    if key is None:
        return "no-evaluator-waits"
    if keys.keys[key.officer_key].revoked:
        return "enroller-revoked"
    if one_person(recorder, key.officer, who.officer):
        return "same-person"
    return "own-organ" if keys.keys[who.key].organ == key.organ else ""


def vouch(recorder: Recorder, who: Signatory) -> int:
    """Put the evaluator's key in force that another organ enrolled; returns the entry's number.

    Raises:
        ActRefused: no key waits, one is in force, or who vouches is the same person, of the same
            organ, or may not; or the key of who enrolled it was revoked since.
    """

    def attempt() -> int:
        by, code = in_charge(recorder, who)
        key = recorder.history.evaluators.pending
        code = code or vouching_fault(recorder, who)
        if code or key is None or by is None:
            recorder.refuse("vouch-evaluator", code, who.officer)
        payload = _statement(recorder, "vouch", key.public, by)
        return recorder.put(
            VOUCHED,
            payload,
            key=key.name,
            officer=who.officer,
            officer_key=who.key,
            envelope=sealed(payload, who.private),
        )

    return recorder.take(attempt)
