"""Verification of who delivered what, and of who founded the cycle.

Rules: docs/history.md, "Founders" and "Deliveries". As all verifiers it reads what was written, not
the typed entries.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from data.acts import FOUNDING_ORGANS, Founding, Keyring
from data.claims import Claim, need, texts
from schemas.encodings import from_base64, strict_object
from schemas.statements import DELIVERY

_DIGEST = re.compile(r"[0-9a-f]{64}")
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
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


def delivery_claim(entry: Mapping[str, Any], seq: int, keys: Keyring) -> Claim:
    """What the entry of a delivery claims.

    Raises:
        Exception: of whatever kind: it claims nothing that may be.
    """
    officer, name = texts(entry, "officer", "key")
    key = keys.keys[name]
    need(key.officer == officer, key.signs_at(seq))
    parts = strict_object(from_base64(entry["envelope"]["payload"]))["predicate"]["registers"]
    need(type(parts) is list, bool(parts), all(one.keys() == _PART.keys() for one in parts))
    said = {
        "officer": officer,
        "organ": key.organ,
        "jurisdiction": key.jurisdiction,
        "registers": parts,
    }
    evidence = hashlib.sha256(_canonical(parts).encode()).hexdigest()
    return Claim((key,), DELIVERY, "delivery", said, evidence)
