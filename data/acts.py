"""Acts of officers, as the ledger tells them: keys, and what they signed about gates.

Rules: everything here follows from entries alone, in their order; the keys of the founders, whom
the first entry names, are active once they are enrolled; a key signs from the act that made it
active until it is replaced, and whatever a revoked key ever signed counts for nothing; a
signed payload is recorded once. A refusal, which keeps its gate closed, stands whatever becomes of
its officer's key: only a withdrawal that holds takes it back, or two organs that lift it; whatever
opens a gate is taken back by any withdrawal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeGuard

from schemas.authority import LIFTING
from schemas.entries import (
    Delivered,
    Entry,
    GateAct,
    KeyAct,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    KeyVouched,
    Refused,
    Ruled,
    Signed,
    Waived,
    Withdrawn,
)
from schemas.envelopes import EnvelopeError, opened, public_bytes

ENROLLED, VOUCHED = KeyEnrolled.kind, KeyVouched.kind
ROTATED, REVOKED = KeyRotated.kind, KeyRevoked.kind
SIGNED, REFUSED, WAIVED, WITHDRAWN = Signed.kind, Refused.kind, Waived.kind, Withdrawn.kind
RULED, DELIVERED = Ruled.kind, Delivered.kind
KEY_KINDS = frozenset({ENROLLED, VOUCHED, ROTATED, REVOKED})
GATE_KINDS = frozenset({SIGNED, REFUSED, WAIVED, WITHDRAWN, RULED})
ACT_KINDS = KEY_KINDS | GATE_KINDS

# A cycle is opened by officers of so many organs.
FOUNDING_ORGANS = 2
LIFT: Final = "lift"

# A founder: officer, organ, place, and the id of their key.
Founding = tuple[str, str, str, str]


@dataclass(frozen=True)
class Key:
    """An officer's key; `active` is the entry from which it signs, 0 while nobody vouched for it.

    `replaced` and `revoked` are the entries that ended it, 0 for neither.
    """

    name: str
    public: bytes
    officer: str
    organ: str
    jurisdiction: str
    enrolled: int
    active: int = 0
    replaced: int = 0
    revoked: int = 0

    @property
    def current(self) -> bool:
        """Whether it signs now."""
        return bool(self.active) and not self.replaced and not self.revoked

    def signs_at(self, seq: int) -> bool:
        """Whether it could sign the entry `seq` when that was written."""
        return 0 < self.active < seq and not 0 < self.replaced < seq and not 0 < self.revoked < seq


class Keyring:
    """Every key that was ever enrolled, by its id, with what became of it.

    What is asked of it takes as long as the officer in question has keys, however many others have.
    """

    def __init__(self, founders: Iterable[Founding] = ()) -> None:
        self._keys: dict[str, Key] = {}
        self._of: dict[str, dict[str, None]] = {}
        self.founders: frozenset[Founding] = frozenset(founders)

    def copy(self) -> Keyring:
        """The same keys, to be followed on their own."""
        made = Keyring(self.founders)
        for key in self._keys.values():
            made._put(key)
        return made

    def _put(self, key: Key) -> None:
        self._keys[key.name] = key
        self._of.setdefault(key.officer, {})[key.name] = None

    @property
    def keys(self) -> Mapping[str, Key]:
        """The keys by their ids, in the order in which they were enrolled."""
        return self._keys

    def had_by(self, officer: str) -> list[Key]:
        """Every key that an officer ever enrolled, oldest first."""
        return [self._keys[name] for name in self._of.get(officer, ())]

    def of(self, officer: str) -> Key | None:
        """The key with which an officer signs now."""
        return next((key for key in self.had_by(officer) if key.current), None)

    def waiting(self, officer: str) -> list[Key]:
        """The officer's keys that wait for somebody to vouch for them, oldest first."""
        had = self.had_by(officer)
        return [key for key in had if not (key.active or key.revoked or key.replaced)]

    def pending(self, officer: str) -> Key | None:
        """The newest of them."""
        return max(self.waiting(officer), key=lambda key: key.enrolled, default=None)

    def enrol(self, seq: int, name: str, public: bytes, officer: str, at: tuple[str, str]) -> None:
        """A key of an officer, enrolled by the entry `seq` for the organ and place `at`."""
        organ, jurisdiction = at
        founding = (officer, organ, jurisdiction, name) in self.founders
        if founding:
            self._replace_others(seq, officer, name)
        active = seq if founding else 0
        self._put(Key(name, public, officer, organ, jurisdiction, enrolled=seq, active=active))

    def _replace_others(self, seq: int, officer: str, name: str) -> None:
        for other in self.had_by(officer):
            if other.name != name and other.current:
                self._put(replace(other, replaced=seq))

    def vouch(self, seq: int, name: str) -> None:
        """Somebody vouched for a key; it takes the place of the one that its officer had.

        Raises:
            KeyError: it was never enrolled; so below.
        """
        vouched = self._keys[name]
        self._replace_others(seq, vouched.officer, name)
        self._put(replace(vouched, active=seq))

    def rotate(self, seq: int, previous: str, name: str, public: bytes) -> None:
        """A new key takes the place of another one."""
        before = self._keys[previous]
        self._put(replace(before, replaced=seq))
        self._put(
            Key(
                name, public, before.officer, before.organ, before.jurisdiction, enrolled=seq,
                active=seq,
            )
        )  # fmt: skip

    def revoke(self, seq: int, name: str) -> None:
        """A key is revoked."""
        self._put(replace(self._keys[name], revoked=seq))

    def take(self, act: KeyAct) -> None:
        """Follow one act about keys, in the order of the ledger."""
        match act:
            case KeyEnrolled():
                at = (act.organ, act.jurisdiction)
                self.enrol(act.seq, act.key, public_bytes(act.public), act.officer, at)
            case KeyRotated():
                self.rotate(act.seq, act.previous, act.key, public_bytes(act.public))
            case KeyVouched():
                self.vouch(act.seq, act.key)
            case KeyRevoked():
                self.revoke(act.seq, act.key)


def key_fault(act: GateAct, keys: Keyring) -> str:
    """What is wrong with the key of an act, or nothing; a refusal outlives its key."""
    key = keys.keys.get(act.key)
    if key is None or not 0 < key.active < act.seq:
        return "no-key"
    if key.officer != act.officer:
        return "other-key"
    if 0 < key.revoked < act.seq or (key.revoked and not isinstance(act, Refused)):
        return "key-revoked"
    return "key-replaced" if 0 < key.replaced < act.seq else ""


def undone(
    acts: Iterable[GateAct], keys: Keyring, cycle: str, void: Collection[int] = ()
) -> dict[int, str]:
    """Of the acts about a gate, those that were withdrawn or lifted, with the code which.

    `void` are acts that lift, and do not count for more than their keys tell.
    """
    every = list(acts)
    refusals = {act.seq: act for act in every if isinstance(act, Refused)}
    lifting: dict[int, set[str]] = {}
    found: dict[int, str] = {}
    for act in every:
        if isinstance(act, Withdrawn):
            if act.of not in refusals or _takes_back(act, refusals[act.of], keys, cycle):
                found[act.of] = "withdrawn"
        elif _lifts(act, refusals) and not (act.seq in void or key_fault(act, keys)):
            lifting.setdefault(act.of, set()).add(keys.keys[act.key].organ)
    lifted = (of for of, organs in lifting.items() if len(organs) >= LIFTING)
    return {**dict.fromkeys(lifted, "lifted"), **found}


def _lifts(act: GateAct, refusals: Mapping[int, Refused]) -> TypeGuard[Ruled]:
    """Whether an act lifts one of `refusals`."""
    return isinstance(act, Ruled) and act.verdict == LIFT and act.of in refusals


def _takes_back(act: Withdrawn, taken: GateAct, keys: Keyring, cycle: str) -> bool:
    """Whether a withdrawal was signed by the officer of the act that it is about."""
    from schemas.statements import StatementError, Withdrawal, parse_statement

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


Gate = tuple[str, str]  # unit, stage


@dataclass
class Acts:
    """All acts up to a ledger position: keys, and the acts of each gate in order."""

    keys: Keyring = field(default_factory=Keyring)
    gates: dict[Gate, list[GateAct]] = field(default_factory=dict)
    payloads: set[str] = field(default_factory=set)

    def copy(self) -> Acts:
        """The same acts, to be followed on their own."""
        gates = {gate: list(acts) for gate, acts in self.gates.items()}
        return Acts(self.keys.copy(), gates, set(self.payloads))

    def take(self, entry: Entry) -> None:
        """Follow one entry, if it is an act."""
        if isinstance(entry, KeyAct):
            self.keys.take(entry)
            self.payloads.add(entry.payload)
        elif isinstance(entry, GateAct):
            self.gates.setdefault(entry.gate, []).append(entry)
            self.payloads.add(entry.payload)
        elif isinstance(entry, Delivered):
            self.payloads.add(entry.payload)

    def of(self, unit: str, stage: str) -> list[GateAct]:
        """The acts about one gate, oldest first."""
        return self.gates.get((unit, stage), [])

    def at(self, seq: int) -> GateAct | None:
        """The act about a gate of the entry `seq`, or None."""
        every = (act for acts in self.gates.values() for act in acts)
        return next((act for act in every if act.seq == seq), None)
