"""What an act claims: who signed what, as its entry says it, before anybody believes it.

Rules: docs/history.md, "Acts". What an entry does not say rightly is no claim.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.acts import Key
from schemas.ed25519 import is_public
from schemas.encodings import from_base64
from schemas.envelopes import key_id

# A value as RFC 8785 has it, where its names are as sorted by code points.
written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class ActError(ValueError):
    """An act that does not hold."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an entry says that was signed: by whom, what about, and the rest of the predicate.

    `reasoned` is whether it must have a reason.
    """

    signers: tuple[Key | bytes, ...]
    kind: str
    subject: str
    predicate: Mapping[str, object]
    evidence: str | None = None
    reasoned: bool = False


def need(*conditions: object) -> None:
    """Raise `ActError` unless all of them hold."""
    if not all(conditions):
        raise ActError("condition")


def texts(entry: Mapping[str, Any], *names: str) -> list[str]:
    """The fields of an entry that are texts.

    Raises:
        KeyError, TypeError: one is missing or is none.
    """
    found = [entry[name] for name in names]
    if any(type(one) is not str for one in found):
        raise TypeError("text")
    return found


def public_key(text: str) -> bytes:
    """The raw public key in a text."""
    raw = from_base64(text)
    need(is_public(raw))
    return raw


def new_key(entry: Mapping[str, Any], *known: Mapping[str, object]) -> bytes:
    """The raw public key that an entry brings, and whose id is none of those `known`.

    Raises:
        Exception: of whatever kind: it brings none.
    """
    name, public = texts(entry, "key", "public")
    raw = public_key(public)
    need(key_id(raw) == name, not any(name in keys for keys in known))
    return raw
