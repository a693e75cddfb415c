"""Evaluators (核查密钥): the keys with which deciding processes sign, as the ledger has them.

Rules: docs/history.md, "Evaluators". The first entry names the first key; one is in force at a
time; it is replaced by one that it signed itself, or revoked by an officer, and then officers of
two organs put another in force. What a key signed before it was revoked stays signed and stands in
for nothing any more. What is signed is the entry, so that it holds at its own place in the chain
alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from data.acts import Key, Keyring
from schemas.encodings import from_base64, to_base64
from schemas.entries import (
    EvaluatorAct,
    EvaluatorEnrolled,
    EvaluatorRevoked,
    EvaluatorRotated,
    EvaluatorVouched,
)
from schemas.envelopes import public_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


ENROLLED, VOUCHED = EvaluatorEnrolled.kind, EvaluatorVouched.kind
ROTATED, REVOKED = EvaluatorRotated.kind, EvaluatorRevoked.kind
EVALUATOR_KINDS = frozenset({ENROLLED, VOUCHED, ROTATED, REVOKED})

Content = Mapping[str, Any]

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class Evaluator:
    """An evaluator's key; `active` is the entry from which it signs, 0 while it waits for that.

    `replaced` and `revoked` are the entries that ended it, 0 for neither; `officer`, `organ` and
    `officer_key` are those of who enrolled it, empty for the first key and those that followed it.
    """

    name: str
    public: bytes
    enrolled: int
    active: int = 0
    replaced: int = 0
    revoked: int = 0
    officer: str = ""
    organ: str = ""
    officer_key: str = ""

    @property
    def state(self) -> str:
        """`active`, `pending`, `replaced` or `revoked`."""
        if self.revoked or self.replaced:
            return "revoked" if self.revoked else "replaced"
        return "active" if self.active else "pending"

    @property
    def in_force(self) -> bool:
        """Whether it signs now."""
        return bool(self.active) and not self.replaced and not self.revoked

    @property
    def pending(self) -> bool:
        """Whether it waits for an officer to vouch for it."""
        return not (self.active or self.replaced or self.revoked)

    def signs_at(self, seq: int) -> bool:
        """Whether it could sign the entry `seq` when that was written."""
        return 0 < self.active < seq and not 0 < self.replaced < seq and not 0 < self.revoked < seq


@dataclass
class Evaluators:
    """Every evaluator's key that was ever named, by its id, with what became of it."""

    keys: dict[str, Evaluator] = field(default_factory=dict)

    def copy(self) -> Evaluators:
        """The same keys, to be followed on their own."""
        return Evaluators(dict(self.keys))

    @property
    def current(self) -> Evaluator | None:
        """The key that signs now."""
        return next((key for key in self.keys.values() if key.in_force), None)

    @property
    def pending(self) -> Evaluator | None:
        """The newest key that waits for an officer to vouch for it."""
        waiting = [key for key in self.keys.values() if key.pending]
        return max(waiting, key=lambda key: key.enrolled, default=None)

    def revoked(self, name: str) -> bool:
        """Whether what a key signed stands in for nothing: it was revoked, or was never named."""
        key = self.keys.get(name)
        return key is None or bool(key.revoked)

    def open(self, name: str, public: str) -> None:
        """The key that the first entry names; `public` in base64.

        Raises:
            ValueError: it is no base64.
        """
        self.keys[name] = Evaluator(name, public_bytes(public), enrolled=1, active=1)

    def enrol(self, seq: int, name: str, public: bytes, by: Key) -> None:
        """A key that an officer enrolled with their key `by`."""
        self.keys[name] = Evaluator(
            name, public, seq, officer=by.officer, organ=by.organ, officer_key=by.name
        )

    def vouch(self, seq: int, name: str) -> None:
        """A key is put in force.

        Raises:
            KeyError: it was never named; so below.
        """
        self.keys[name] = replace(self.keys[name], active=seq)

    def rotate(self, seq: int, previous: str, name: str, public: bytes) -> None:
        """A new key takes the place of another."""
        self.keys[previous] = replace(self.keys[previous], replaced=seq)
        self.keys[name] = Evaluator(name, public, seq, active=seq)

    def revoke(self, seq: int, name: str) -> None:
        """A key is revoked."""
        self.keys[name] = replace(self.keys[name], revoked=seq)

    def take(self, act: EvaluatorAct, keys: Keyring) -> None:
        """Follow one act on evaluators' keys, in the order of the ledger; `keys` are officers'."""
        match act:
            case EvaluatorEnrolled():
                by = keys.keys[act.officer_key]
                self.enrol(act.seq, act.key, public_bytes(act.public), by)
            case EvaluatorVouched():
                self.vouch(act.seq, act.key)
            case EvaluatorRotated():
                self.rotate(act.seq, act.previous, act.key, public_bytes(act.public))
            case EvaluatorRevoked():
                self.revoke(act.seq, act.key)


def signed_bytes(entry: Content) -> bytes:
    """What an evaluator signs of an entry: all of it but the signature."""
    signed = {name: value for name, value in entry.items() if name != "signature"}
    return _canonical(signed).encode()


@dataclass(frozen=True)
class Signer:
    """The private half of the evaluator's key `name`."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    def signed(self, content: dict[str, Any]) -> dict[str, Any]:
        """What an entry says, with its evaluator and their signature."""
        whole = {**content, "evaluator": self.name}
        return {**whole, "signature": to_base64(self.private.sign(signed_bytes(whole)))}


def is_signed(entry: Content, evaluators: Evaluators) -> bool:
    """Whether an evaluator signed the entry whose key was in force when it was written.

    What is missing or has another form is no signature.
    """
    from schemas.ed25519 import is_signature

    try:
        key, signature = evaluators.keys[entry["evaluator"]], from_base64(entry["signature"])
    except (KeyError, TypeError, ValueError):
        return False
    return key.signs_at(entry["seq"]) and is_signature(key.public, signature, signed_bytes(entry))
