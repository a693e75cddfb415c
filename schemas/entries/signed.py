"""What the entry of a signed act says besides its fields: what was signed, and its digest."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple

from schemas.encodings import from_base64
from schemas.envelopes import Enveloped, EnvelopeError, payload_digest, payload_of


class Said(NamedTuple):
    """What an officer signed; everything is empty where the statement cannot be read."""

    payload: str = ""
    evidence: str = ""
    policy: str = ""
    organ: str = ""
    jurisdiction: str = ""
    time: str = ""
    reason: str = ""


def said_in(envelope: Enveloped) -> Said:
    """What an act on record says, for lists and pages; that it was signed is proven elsewhere."""
    try:
        return _said(payload_of(envelope))
    except EnvelopeError:
        return Said()


# A payload says the same whenever its act is looked at, and every launch looks.
@lru_cache(maxsize=8192)
def _said(payload: bytes) -> Said:
    try:
        shown = json.loads(payload)
        said = shown["predicate"]
        evidence = shown["subject"][0]["digest"]["sha256"]
        own = [said[name] for name in ("organ", "jurisdiction", "time", "reason")]
        found = [payload_digest(payload), evidence, said.get("policy", ""), *own]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return Said()
    return Said(*found) if all(type(one) is str for one in found) else Said()


class SignedAct:
    """What the entry of a signed act has besides its fields."""

    __slots__ = ()
    envelope: Enveloped

    @property
    def payload(self) -> str:
        """The digest of what was signed, in whatever envelope."""
        try:
            return payload_digest(from_base64(self.envelope["payload"]))
        except (KeyError, TypeError, ValueError):
            return ""

    @property
    def said(self) -> Said:
        """What was signed."""
        return said_in(self.envelope)
