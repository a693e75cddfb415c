"""Acts of officers, as the ledger tells them: keys, sign-offs, refusals, waivers, withdrawals.

Rules: everything here follows from entries alone, in their order; a key signs from the act that
made it active until it is replaced, and whatever a revoked key ever signed counts for nothing; a
signed payload is recorded once. Whether a sign-off counts for a gate is decided elsewhere, on the
facts of the day (`tasks.authority`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.envelopes import Enveloped, EnvelopeError, payload_digest, payload_of, public_bytes

ENROLLED = "key-enrolled"
VOUCHED = "key-vouched"
ROTATED = "key-rotated"
REVOKED = "key-revoked"
SIGNED = "signed"
REFUSED = "refused"
WAIVED = "waived"
WITHDRAWN = "withdrawn"
KEY_KINDS = frozenset({ENROLLED, VOUCHED, ROTATED, REVOKED})
GATE_KINDS = frozenset({SIGNED, REFUSED, WAIVED, WITHDRAWN})
ACT_KINDS = KEY_KINDS | GATE_KINDS

# Keys are vouched for by another organ; that many organs may begin without.
FOUNDING_ORGANS = 2

Entry = Mapping[str, Any]


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

    def __init__(self, keys: Mapping[str, Key] | None = None) -> None:
        self._keys: dict[str, Key] = {}
        self._of: dict[str, dict[str, None]] = {}
        self._held: set[str] = set()
        for key in (keys or {}).values():
            self._put(key)

    def _put(self, key: Key) -> None:
        self._keys[key.name] = key
        self._of.setdefault(key.officer, {})[key.name] = None
        if key.active:
            self._held.add(key.organ)

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

    def pending(self, officer: str) -> Key | None:
        """The officer's newest key that waits for somebody to vouch for it."""
        waiting = [
            key
            for key in self.had_by(officer)
            if not key.active and not key.revoked and not key.replaced
        ]
        return max(waiting, key=lambda key: key.enrolled, default=None)

    def founds(self, organ: str) -> bool:
        """Whether an organ's first key needs nobody to vouch for it."""
        return len(self._held) < FOUNDING_ORGANS and organ not in self._held

    def take(self, entry: Entry) -> None:
        """Follow one entry about keys, in the order of the ledger.

        Raises:
            KeyError: it speaks of a key that was never enrolled.
        """
        kind, seq, name = entry["kind"], entry["seq"], entry["key"]
        if kind in (ENROLLED, ROTATED):
            active = seq if kind == ROTATED or self.founds(entry["organ"]) else 0
            if kind == ROTATED:
                self._put(replace(self._keys[entry["previous"]], replaced=seq))
            self._put(
                Key(
                    name,
                    public_bytes(entry["public"]),
                    entry["officer"],
                    entry["organ"],
                    entry["jurisdiction"],
                    enrolled=seq,
                    active=active,
                )
            )
        elif kind == VOUCHED:
            for other in self.had_by(entry["officer"]):
                if other.name != name and other.current:
                    self._put(replace(other, replaced=seq))
            self._put(replace(self._keys[name], active=seq))
        else:
            self._put(replace(self._keys[name], revoked=seq))


@dataclass(frozen=True)
class Act:
    """An officer's signed act about a gate; `payload` is the digest of what was signed."""

    seq: int
    kind: str
    unit: str
    stage: str
    officer: str
    key: str
    envelope: Enveloped
    payload: str
    check: str = ""
    subject: str = ""
    until: str = ""
    of: int = 0


@dataclass(frozen=True)
class Said:
    """What an officer signed: on which evidence, for which organ and place, and why (a blob)."""

    evidence: str
    organ: str
    jurisdiction: str
    reason: str


def said_in(enveloped: Enveloped) -> Said:
    """What an act on record says, for lists and pages; that it was signed is proven elsewhere.

    Raises:
        EnvelopeError: it is in no envelope of ours.
        ValueError, KeyError: what is in it is no statement.
    """
    shown = json.loads(payload_of(enveloped))
    predicate = shown["predicate"]
    return Said(
        shown["subject"][0]["digest"]["sha256"],
        predicate["organ"],
        predicate["jurisdiction"],
        predicate["reason"],
    )


def act_of(entry: Entry) -> Act:
    """The act in a ledger entry of one of `GATE_KINDS`.

    What is in no envelope of ours has no payload, and never counts.

    Raises:
        KeyError: the entry has another form.
    """
    try:
        payload = payload_digest(payload_of(entry["envelope"]))
    except EnvelopeError:
        payload = ""
    return Act(
        entry["seq"],
        entry["kind"],
        entry["unit"],
        entry["stage"],
        entry["officer"],
        entry["key"],
        entry["envelope"],
        payload,
        entry.get("check", ""),
        entry.get("subject", ""),
        entry.get("until", ""),
        entry.get("of", 0),
    )


Gate = tuple[str, str]  # unit, stage


@dataclass
class Acts:
    """All acts up to a ledger position: keys, and the acts of each gate in order."""

    keys: Keyring = field(default_factory=Keyring)
    gates: dict[Gate, list[Act]] = field(default_factory=dict)
    payloads: set[str] = field(default_factory=set)

    def copy(self) -> Acts:
        """The same acts, to be followed on their own."""
        gates = {gate: list(acts) for gate, acts in self.gates.items()}
        return Acts(Keyring(self.keys.keys), gates, set(self.payloads))

    def take(self, entry: Entry) -> None:
        """Follow one entry, if it is an act."""
        if entry["kind"] in KEY_KINDS:
            self.keys.take(entry)
            self.payloads.add(payload_digest(payload_of(entry["envelope"])))
        elif entry["kind"] in GATE_KINDS:
            act = act_of(entry)
            self.gates.setdefault((act.unit, act.stage), []).append(act)
            self.payloads.add(act.payload)

    def of(self, unit: str, stage: str) -> list[Act]:
        """The acts about one gate, oldest first."""
        return self.gates.get((unit, stage), [])
