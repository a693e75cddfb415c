"""Signed statements as DSSE envelopes, with Ed25519 (RFC 8032).

Rules: docs/history.md, "Envelopes and statements". What is signed is DSSE's pre-authentication
encoding of the payload's exact bytes and type; a key's id is the SHA-256 of its 32 raw public
bytes; an envelope in another encoding than our own (other base64, another field, the same key
twice) is no envelope, so a statement has one form. Whoever only reads loads no cryptography.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from schemas.canonical import digest
from schemas.encodings import from_base64, to_base64

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
_FIELDS = {"payload", "payloadType", "signatures"}
_SIGNATURE_FIELDS = {"keyid", "sig"}

Enveloped = Mapping[str, Any]


class EnvelopeError(ValueError):
    """Bytes that are no envelope of ours, or that a key did not sign."""


def raw_public(private: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key that belongs to a private one."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    """The id of a key: SHA-256 of its raw public bytes, in hexadecimal."""
    return digest(public)


# So many digits of an id cannot be made to fit by trying; in groups they are read out.
_DIGITS, _GROUP = 32, 4


def fingerprint(name: str) -> str:
    """The beginning of a key's id as two people read it to each other, in groups."""
    return "-".join(name[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def is_named(name: str, said: str) -> bool:
    """Whether `said` is a key's fingerprint or id, however it is grouped and written."""
    digits = "".join(one for one in said.lower() if one not in "- ")
    return len(digits) >= _DIGITS and name.startswith(digits)


def public_text(public: bytes) -> str:
    """A raw public key as it stands in statements and entries."""
    return to_base64(public)


def public_bytes(text: str) -> bytes:
    """The raw public key in an entry's text."""
    return from_base64(text)


def payload_digest(payload: bytes) -> str:
    """By what a signed statement is named: SHA-256 of its payload."""
    return digest(payload)


def _signed_bytes(payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    return f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} ".encode() + payload


def sealed(payload: bytes, *keys: Ed25519PrivateKey) -> dict[str, Any]:
    """The envelope of `payload`, signed by every key in turn."""
    message = _signed_bytes(payload)
    return {
        "payload": to_base64(payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [
            {"keyid": key_id(raw_public(private)), "sig": to_base64(private.sign(message))}
            for private in keys
        ],
    }


def _parsed(enveloped: Enveloped) -> tuple[bytes, Mapping[str, bytes]]:
    """The payload, and the signatures by the ids of their keys."""
    try:
        given = enveloped["signatures"]
        signed = tuple((one["keyid"], one["sig"]) for one in given)
        payload, found = _decoded(enveloped["payload"], signed)
        ours = (
            enveloped.keys() == _FIELDS
            and enveloped["payloadType"] == PAYLOAD_TYPE
            and type(given) is list
            and len(found) == len(given)
            and all(one.keys() == _SIGNATURE_FIELDS for one in given)
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EnvelopeError("form") from error
    if not ours:
        raise EnvelopeError("form")
    return payload, found


# The acts of a city's whole cycle; every launch looks at those that it rests on.
@lru_cache(maxsize=1 << 13)
def _decoded(
    payload: str, signatures: tuple[tuple[str, str], ...]
) -> tuple[bytes, Mapping[str, bytes]]:
    return from_base64(payload), {name: from_base64(text) for name, text in signatures}


def opened(enveloped: Enveloped, publics: Iterable[bytes]) -> bytes:
    """The payload of an envelope that carries exactly the signatures of the keys `publics`.

    Raises:
        EnvelopeError: it has another form, a signature is missing, one too many, or does not hold.
    """
    from schemas.ed25519 import holds

    payload, signatures = _parsed(enveloped)
    wanted = {key_id(public): public for public in publics}
    if not wanted or signatures.keys() != wanted.keys():
        raise EnvelopeError("signers")
    message = _signed_bytes(payload)
    if not all(holds(public, signatures[name], message) for name, public in wanted.items()):
        raise EnvelopeError("signature")
    return payload


def payload_of(enveloped: Enveloped) -> bytes:
    """The payload of an envelope, whoever signed it.

    Raises:
        EnvelopeError: it has another form.
    """
    return _parsed(enveloped)[0]
