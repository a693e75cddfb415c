"""Signed statements as DSSE envelopes, by `securesystemslib`, with Ed25519 (RFC 8032).

Rules: what is signed is DSSE's pre-authentication encoding of the payload's exact bytes and type;
a key's id is the SHA-256 of its 32 raw public bytes; an envelope in another encoding than our own
(other base64, another field, the same key twice) is no envelope, so a statement has one form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error, UnverifiedSignatureError
from securesystemslib.signer import CryptoSigner, Signature, SSlibKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
PUBLIC_BYTES = 32

Enveloped = Mapping[str, Any]


class EnvelopeError(ValueError):
    """Bytes that are no envelope of ours, or that a key did not sign."""


def raw_public(private: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key that belongs to a private one."""
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    """The id of a key: SHA-256 of its raw public bytes, in hexadecimal."""
    return hashlib.sha256(public).hexdigest()


@lru_cache(maxsize=4096)
def _public_key(public: bytes) -> SSlibKey:
    if len(public) != PUBLIC_BYTES:
        raise EnvelopeError("public key")
    return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(public), key_id(public))


def sealed(payload: bytes, *keys: Ed25519PrivateKey) -> dict[str, Any]:
    """The envelope of `payload`, signed by every key in turn."""
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    for private in keys:
        envelope.sign(CryptoSigner(private, _public_key(raw_public(private))))
    shown: dict[str, Any] = envelope.to_dict()
    return shown


def _parsed(enveloped: Enveloped) -> Envelope:
    try:
        copy = {**enveloped, "signatures": [dict(one) for one in enveloped["signatures"]]}
        envelope = Envelope.from_dict(copy)
    except (KeyError, TypeError, ValueError, AttributeError, Error) as error:
        raise EnvelopeError("form") from error
    if envelope.payload_type != PAYLOAD_TYPE or envelope.to_dict() != enveloped:
        raise EnvelopeError("form")
    return envelope


@lru_cache(maxsize=16384)
def _signed_by(public: bytes, signature: str, encoded: bytes) -> bool:
    key = _public_key(public)
    try:
        key.verify_signature(Signature(key.keyid, signature), encoded)
    except UnverifiedSignatureError:
        return False
    return True


def opened(enveloped: Enveloped, publics: Iterable[bytes]) -> bytes:
    """The payload of an envelope that carries exactly the signatures of the keys `publics`.

    Raises:
        EnvelopeError: it has another form, a signature is missing, one too many, or does not hold.
    """
    envelope = _parsed(enveloped)
    wanted = {key_id(public): public for public in publics}
    if not wanted or set(envelope.signatures) != set(wanted):
        raise EnvelopeError("signers")
    encoded = envelope.pae()
    for name, public in wanted.items():
        if not _signed_by(public, envelope.signatures[name].signature, encoded):
            raise EnvelopeError("signature")
    payload: bytes = envelope.payload
    return payload


def payload_of(enveloped: Enveloped) -> bytes:
    """The payload of an envelope, whoever signed it.

    Raises:
        EnvelopeError: it has another form.
    """
    payload: bytes = _parsed(enveloped).payload
    return payload
