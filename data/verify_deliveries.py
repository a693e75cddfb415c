"""Verification of who delivered what, who confirmed it, and who founded the cycle.

Rules: docs/history.md, "Founders" and "Deliveries". What says who is who waits for an officer of
another organ, but for the first delivery, which is a founder's. As all verifiers it reads what was
written, not the typed entries.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from data.acts import (
    CONFIRM,
    CONFIRMED,
    DECLINE,
    FOUNDING_ORGANS,
    PROPOSED,
    Founding,
    Key,
    Keyring,
)
from data.claims import Claim, need, texts, written
from schemas.authority import WHO_IS_WHO
from schemas.encodings import from_base64, strict_object
from schemas.statements import CONFIRMATION, DELIVERY

SUBMITTED = "submitted"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FOUNDER = ("officer", "organ", "jurisdiction", "key")
# What a delivery says of a register, and in which field of its entry that stands.
_PART = {
    "register": "register",
    "mode": "mode",
    "source": "source",
    "rows": "blob",
    "quarantine": "quarantine",
    "mapping": "mapping",
}


def founders_in(given: list[dict[str, str]]) -> list[Founding]:
    """The founders in the first entry.

    Raises:
        Exception: of whatever kind: they do not found a cycle.
    """
    found: list[Founding] = []
    for one in given:
        officer, organ, place, key = texts(one, *_FOUNDER)
        need(one.keys() == {*_FOUNDER}, bool(_DIGEST.fullmatch(key)))
        found.append((officer, organ, place, key))
    officers, organs, _, keys = map(set, zip(*found, strict=True))
    need(len(organs) >= FOUNDING_ORGANS, len(officers) == len(keys) == len(found))
    return found


def part_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a delivery must have said of a register whose entry this is."""
    return {name: entry.get(own) for name, own in _PART.items()}


@dataclass
class Deliveries:
    """The deliveries so far: whether there was one, and those that wait for a confirmation.

    `expected` is what of a delivery is not on record yet: who delivers, its payload, and the parts.
    """

    founded: bool = False
    waiting: dict[int, tuple[Key, str, list[dict[str, Any]]]] = field(default_factory=dict)
    expected: tuple[str, str, list[dict[str, Any]]] = ("", "", [])

    def copy(self) -> Deliveries:
        """The same, to be followed on their own."""
        officer, payload, parts = self.expected
        return Deliveries(self.founded, dict(self.waiting), (officer, payload, list(parts)))

    def part(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry is the next part of the delivery before it; if not, it is broken off."""
        officer, payload, parts = self.expected
        own = entry.get("officer"), entry.get("delivery")
        holds = entry["kind"] == SUBMITTED and parts[:1] == [part_of(entry)]
        holds = holds and own == (officer, payload)
        self.expected = (officer, payload, parts[1:]) if holds else ("", "", [])
        return holds

    def claim(self, entry: Mapping[str, Any], seq: int, keys: Keyring) -> Claim:
        """What the entry of a delivery, or of a confirmation, claims.

        Raises:
            Exception: of whatever kind: it claims nothing that may be.
        """
        officer, name = texts(entry, "officer", "key")
        key = keys.keys[name]
        need(key.officer == officer, key.signs_at(seq))
        said: dict[str, object] = {
            "officer": officer,
            "organ": key.organ,
            "jurisdiction": key.jurisdiction,
        }
        if entry["kind"] == CONFIRMED:
            return self._confirmation(entry, seq, keys, said)
        parts = strict_object(from_base64(entry["envelope"]["payload"]))["predicate"]["registers"]
        need(type(parts) is list, bool(parts), all(one.keys() == _PART.keys() for one in parts))
        who_is_who = any(one["register"] in WHO_IS_WHO and one["rows"] for one in parts)
        need((entry["kind"] == PROPOSED) == (self.founded and who_is_who))
        if entry["kind"] == PROPOSED:
            counts = [entry[one] for one in ("accepted", "rejected", "readings")]
            need(*(type(one) is list and len(one) == len(parts) for one in counts))
        evidence = hashlib.sha256(written(parts).encode()).hexdigest()
        return Claim((key,), DELIVERY, "delivery", {**said, "registers": parts}, evidence)

    def _confirmation(
        self, entry: Mapping[str, Any], seq: int, keys: Keyring, said: dict[str, object]
    ) -> Claim:
        key = keys.keys[entry["key"]]
        of, (verdict,) = entry["of"], texts(entry, "verdict")
        need(type(of) is int, verdict in (CONFIRM, DECLINE))
        by, payload, _ = self.waiting[of]
        others = key.officer != by.officer and key.organ != by.organ
        if verdict == CONFIRM:
            need(others, key.opens_at(seq), not keys.keys[by.name].revoked)
        need(others or key.officer == by.officer)
        declines = verdict == DECLINE
        predicate = {**said, "verdict": verdict}
        return Claim((key,), CONFIRMATION, "delivery", predicate, payload, reasoned=declines)

    def follow(self, entry: Mapping[str, Any], seq: int, claim: Claim, payload: str) -> None:
        """Take a delivery, or a confirmation, that holds."""
        if entry["kind"] != CONFIRMED:
            # `claim` held them to be that.
            parts = cast("list[dict[str, Any]]", claim.predicate["registers"])
            self.founded = True
            if entry["kind"] == PROPOSED:
                self.waiting[seq] = cast("Key", claim.signers[0]), payload, parts
            else:
                self.expected = entry["officer"], payload, list(parts)
            return
        by, delivered, parts = self.waiting.pop(entry["of"])
        if entry["verdict"] == CONFIRM:
            self.expected = by.officer, delivered, list(parts)
