"""Acts of officers, as the ledger has them: keys, and what they signed about gates.

Rules: everything here follows from entries alone, in their order; the keys of the founders, whom
the first entry names, are active once they are enrolled; a key delivers, refuses and vouches from
the act that made it active until it is replaced, and opens gates once officers of two organs
vouched for it; whatever a revoked key ever signed counts for nothing; a signed payload is recorded
once. A refusal, which keeps its gate closed, stands whatever becomes of its officer's key: only a
withdrawal that holds takes it back, or two organs that lift it; whatever opens a gate is taken back
by any withdrawal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeGuard

from schemas.authority import LIFTING, VOUCHING_ORGANS
from schemas.entries import (
    Confirmed,
    Delivered,
    Entry,
    GateAct,
    KeyAct,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    KeyVouched,
    Proposed,
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
PROPOSED, CONFIRMED = Proposed.kind, Confirmed.kind
KEY_KINDS = frozenset({ENROLLED, VOUCHED, ROTATED, REVOKED})
GATE_KINDS = frozenset({SIGNED, REFUSED, WAIVED, WITHDRAWN, RULED})
ACT_KINDS = KEY_KINDS | GATE_KINDS

# A cycle is opened by officers of so many organs.
FOUNDING_ORGANS = 2
LIFT: Final = "lift"
CONFIRM: Final = "confirm"
DECLINE: Final = "decline"

# A founder: officer, organ, place, and the id of their key.
Founding = tuple[str, str, str, str]


class Voucher(NamedTuple):
    """Who vouched for a key: the officer, the organ, and the id of the key by which they did."""

    officer: str
    organ: str
    key: str


@dataclass(frozen=True)
class Key:
    """An officer's key; `active` is the entry from which it signs, 0 while nobody vouched for it.

    `full` is the entry from which it opens gates too, 0 while an organ is missing to vouch for it;
    `vouchers` are those who did. `replaced` and `revoked` are the entries
    that ended it, 0 for neither.
    """

    name: str
    public: bytes
    officer: str
    organ: str
    jurisdiction: str
    enrolled: int
    active: int = 0
    full: int = 0
    vouchers: tuple[Voucher, ...] = ()
    replaced: int = 0
    revoked: int = 0

    @property
    def state(self) -> str:
        """`active`, `one-voucher` while it opens no gates, `pending`, `replaced` or `revoked`."""
        if self.revoked or self.replaced:
            return "revoked" if self.revoked else "replaced"
        return "active" if self.full else "one-voucher" if self.active else "pending"

    def awaits(self, officer: str, organ: str) -> bool:
        """Whether it still waits for somebody like that officer to vouch for it."""
        if self.full or self.replaced or self.revoked:
            return False
        known = [(self.officer, self.organ), *((one.officer, one.organ) for one in self.vouchers)]
        return all(officer != other and organ != own for other, own in known)

    @property
    def current(self) -> bool:
        """Whether it signs now."""
        return bool(self.active) and not self.replaced and not self.revoked

    def signs_at(self, seq: int) -> bool:
        """Whether it could sign the entry `seq` when that was written."""
        return 0 < self.active < seq and not 0 < self.replaced < seq and not 0 < self.revoked < seq

    def opens_at(self, seq: int) -> bool:
        """Whether it could also open gates by that entry."""
        return 0 < self.full < seq and self.signs_at(seq)


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

    def beside(self, key: Key) -> Keyring:
        """The same keys, and one before all of them."""
        made = Keyring(self.founders)
        for one in (key, *self._keys.values()):
            made._put(one)
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
        return [key for key in had if not (key.full or key.revoked or key.replaced)]

    def doubtful(self, officer: str) -> bool:
        """Whether several of them wait: whoever vouches must ask the officer which is theirs."""
        return len(self.waiting(officer)) > 1

    def pending(self, officer: str) -> Key | None:
        """The newest of them."""
        return max(self.waiting(officer), key=lambda key: key.enrolled, default=None)

    def resting_on(self, name: str) -> list[Key]:
        """The keys that are in force because of one: vouched for by it, or by one that rests on it.

        So does a key that took the place of one that does.
        """
        found: dict[str, Key] = {}
        todo = [name]
        while todo:
            at = todo.pop()
            for key in self._keys.values():
                if key.name not in found and any(one.key == at for one in key.vouchers):
                    found[key.name] = key
                    todo.append(key.name)
        return list(found.values())

    def enrol(self, seq: int, name: str, public: bytes, officer: str, at: tuple[str, str]) -> None:
        """A key of an officer, enrolled by the entry `seq` for the organ and place `at`."""
        organ, jurisdiction = at
        founding = (officer, organ, jurisdiction, name) in self.founders
        if founding:
            self._replace_others(seq, officer, name)
        active = seq if founding else 0
        self._put(
            Key(
                name, public, officer, organ, jurisdiction, enrolled=seq, active=active, full=active
            )
        )

    def _replace_others(self, seq: int, officer: str, name: str) -> None:
        for other in self.had_by(officer):
            if other.name != name and other.current:
                self._put(replace(other, replaced=seq))

    def vouch(self, seq: int, name: str, by: Voucher) -> None:
        """An officer of an organ vouched for a key; it takes the place of what its officer had.

        Raises:
            KeyError: it was never enrolled; so below.
        """
        vouched = self._keys[name]
        self._replace_others(seq, vouched.officer, name)
        vouchers = (*vouched.vouchers, by)
        full = seq if len({one.organ for one in vouchers}) >= VOUCHING_ORGANS else 0
        active = vouched.active or seq
        self._put(replace(vouched, active=active, full=full, vouchers=vouchers))

    def rotate(self, seq: int, previous: str, name: str, public: bytes) -> None:
        """A new key takes the place of another one."""
        before = self._keys[previous]
        self._put(replace(before, replaced=seq))
        self._put(
            Key(
                name, public, before.officer, before.organ, before.jurisdiction, enrolled=seq,
                active=seq, full=seq if before.full else 0, vouchers=before.vouchers,
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
                voucher = self._keys[act.voucher_key]
                self.vouch(act.seq, act.key, Voucher(act.voucher, voucher.organ, voucher.name))
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
    if 0 < key.replaced < act.seq:
        return "key-replaced"
    opens = isinstance(act, Signed | Waived | Ruled)
    return "one-voucher" if opens and not key.opens_at(act.seq) else ""


def undone(
    acts: Iterable[GateAct], keys: Keyring, cycle: str, void: Collection[int] = ()
) -> dict[int, str]:
    """Of the acts about a gate, those that were withdrawn or lifted, with the code which.

    `void` are acts that lift, and do not count for more than their keys say.
    """
    every = list(acts)
    refusals = {act.seq: act for act in every if isinstance(act, Refused)}
    lifting: dict[int, set[str]] = {}
    found: dict[int, str] = {}
    for act in every:
        if isinstance(act, Withdrawn):
            if not withdrawal_fault(act, refusals.get(act.of), keys, cycle):
                found[act.of] = "withdrawn"
        elif _lifts(act, refusals) and not (act.seq in void or key_fault(act, keys)):
            lifting.setdefault(act.of, set()).add(keys.keys[act.key].organ)
    lifted = (of for of, organs in lifting.items() if len(organs) >= LIFTING)
    return {**dict.fromkeys(lifted, "lifted"), **found}


def _lifts(act: GateAct, refusals: Mapping[int, Refused]) -> TypeGuard[Ruled]:
    """Whether an act lifts one of `refusals`."""
    return isinstance(act, Ruled) and act.verdict == LIFT and act.of in refusals


def withdrawal_fault(act: Withdrawn, taken: GateAct | None, keys: Keyring, cycle: str) -> str:
    """Why a withdrawal takes nothing back, or nothing where it does.

    A refusal stands unless the officer who refused signed for it, with a key that still counts.
    """
    from schemas.statements import StatementError, Withdrawal, parse_statement

    if not isinstance(taken, Refused):
        return ""
    if code := key_fault(act, keys):
        return code
    key = keys.keys[act.key]
    try:
        said = parse_statement(opened(act.envelope, [key.public]))
    except (EnvelopeError, StatementError):
        return "envelope"
    predicate = said.predicate
    theirs = act.officer == taken.officer and isinstance(predicate, Withdrawal) and (
        predicate.cycle, predicate.officer, predicate.organ, predicate.jurisdiction, said.evidence
    ) == (cycle, key.officer, key.organ, key.jurisdiction, taken.payload)  # fmt: skip
    return "" if theirs else "other-act"


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
        elif isinstance(entry, Delivered | Proposed | Confirmed):
            self.payloads.add(entry.payload)

    def of(self, unit: str, stage: str) -> list[GateAct]:
        """The acts about one gate, oldest first."""
        return self.gates.get((unit, stage), [])

    def at(self, seq: int) -> GateAct | None:
        """The act about a gate of the entry `seq`, or None."""
        every = (act for acts in self.gates.values() for act in acts)
        return next((act for act in every if act.seq == seq), None)
