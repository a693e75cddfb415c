"""Verification of acts on evaluators' keys: what each claims, as its entry says it.

Rules: docs/history.md, "Evaluators". One key is in force at a time: it is replaced by one that it
signed, or revoked by a discipline commission; then an officer enrols another, and an officer of
another organ puts it in force.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.acts import Key, Keyring
from data.claims import Claim, need, new_key, texts
from data.evaluators import ENROLLED, REVOKED, ROTATED, VOUCHED, Evaluator, Evaluators
from data.verify_chain import Content
from schemas.encodings import from_base64, to_base64
from schemas.statements import EVALUATOR
from schemas.vocabulary import Organ


@dataclass(frozen=True)
class _Context:
    """An entry and its number, and the keys as of the entry before."""

    entry: Content
    seq: int
    keys: Keyring
    evaluators: Evaluators

    def acting(self) -> Key:
        """The key of the officer who acts."""
        officer, name = texts(self.entry, "officer", "officer_key")
        key = self.keys.keys[name]
        need(key.officer == officer, key.signs_at(self.seq))
        return key

    def key(self, field: str = "key") -> Evaluator:
        """The evaluator's key that a field names."""
        return self.evaluators.keys[texts(self.entry, field)[0]]

    def new_key(self) -> bytes:
        """The raw public key that the entry brings."""
        return new_key(self.entry, self.keys.keys, self.evaluators.keys)

    def claim(self, act: str, public: bytes, by: Key | None, *others: bytes, **rest: str) -> Claim:
        """What was signed, by the officer's key (if any) and the evaluators' keys `others`."""
        predicate = {
            "act": act,
            "public": to_base64(public),
            "previous": "",
            "officer": by.officer if by else "",
            "organ": by.organ if by else "",
            "jurisdiction": by.jurisdiction if by else "",
            **rest,
        }
        signers: tuple[Key | bytes, ...] = (by, *others) if by else others
        return Claim(signers, EVALUATOR, "evaluator", predicate, self.entry["key"])


def _enrolled(context: _Context) -> Claim:
    raw = context.new_key()
    need(context.evaluators.current is None)
    return context.claim("enrol", raw, context.acting(), raw)


def _vouched(context: _Context) -> Claim:
    key, by = context.key(), context.acting()
    need(
        context.evaluators.current is None,
        key.pending,
        not context.keys.keys[key.officer_key].revoked,
        by.officer != key.officer,
        by.organ != key.organ,
    )
    return context.claim("vouch", key.public, by)


def _rotated(context: _Context) -> Claim:
    raw, previous = context.new_key(), context.key("previous")
    need(previous.signs_at(context.seq))
    before = to_base64(previous.public)
    return context.claim("rotate", raw, None, previous.public, raw, previous=before)


def _revoked(context: _Context) -> Claim:
    key, by = context.key(), context.acting()
    (reason,) = texts(context.entry, "reason")
    need(not key.revoked, by.organ == Organ.DISCIPLINE.value)
    return context.claim("revoke", key.public, by, reason=reason)


_CLAIMS: dict[str, Callable[[_Context], Claim]] = {
    ENROLLED: _enrolled,
    VOUCHED: _vouched,
    ROTATED: _rotated,
    REVOKED: _revoked,
}


def evaluator_claim(entry: Content, seq: int, keys: Keyring, evaluators: Evaluators) -> Claim:
    """What an entry of `EVALUATOR_KINDS` claims.

    Raises:
        Exception: of whatever kind: it does not hold.
    """
    return _CLAIMS[entry["kind"]](_Context(entry, seq, keys, evaluators))


def follow_evaluator(evaluators: Evaluators, keys: Keyring, entry: Content, seq: int) -> None:
    """What an act on an evaluator's key that holds does to these keys."""
    kind, name = entry["kind"], entry["key"]
    if kind == ENROLLED:
        by = keys.keys[entry["officer_key"]]
        evaluators.enrol(seq, name, from_base64(entry["public"]), by)
    elif kind == VOUCHED:
        evaluators.vouch(seq, name)
    elif kind == ROTATED:
        evaluators.rotate(seq, entry["previous"], name, from_base64(entry["public"]))
    else:
        evaluators.revoke(seq, name)
