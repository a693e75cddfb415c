"""Signed statements as DSSE envelopes, by `securesystemslib`, with Ed25519 (RFC 8032).

Rules: what is signed is DSSE's pre-authentication encoding of the payload's exact bytes and type;
a key's id is the SHA-256 of its 32 raw public bytes; an envelope in another encoding than our own
(other base64, another field, the same key twice) is no envelope, so a statement has one form. The
library is loaded where something is signed or a signature is verified; reading needs none of it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from schemas.canonical import digest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from securesystemslib.signer import SSlibKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
PUBLIC_BYTES = 32

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


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def public_text(public: bytes) -> str:
    """A raw public key as it stands in statements and entries."""
    return _encoded(public)


def public_bytes(text: str) -> bytes:
    """The raw public key in an entry's text."""
    return _decoded(text)


def payload_digest(payload: bytes) -> str:
    """By what a signed statement is named: SHA-256 of its payload."""
    return digest(payload)


@lru_cache(maxsize=4096)
def _public_key(public: bytes) -> SSlibKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from securesystemslib.signer import SSlibKey

    if len(public) != PUBLIC_BYTES:
        raise EnvelopeError("public key")
    return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(public), key_id(public))


def sealed(payload: bytes, *keys: Ed25519PrivateKey) -> dict[str, Any]:
    """The envelope of `payload`, signed by every key in turn."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner

    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    for private in keys:
        envelope.sign(CryptoSigner(private, _public_key(raw_public(private))))
    shown: dict[str, Any] = envelope.to_dict()
    return shown


@lru_cache(maxsize=16384)
def _signed_by(public: bytes, signature: str, encoded: bytes) -> bool:
    from securesystemslib.exceptions import UnverifiedSignatureError
    from securesystemslib.signer import Signature

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
    from securesystemslib.dsse import Envelope

    payload = payload_of(enveloped)
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    signatures = {one["keyid"]: _decoded(one["sig"]) for one in enveloped["signatures"]}
    wanted = {key_id(public): public for public in publics}
    if not wanted or set(signatures) != set(wanted):
        raise EnvelopeError("signers")
    encoded = envelope.pae()
    for name, public in wanted.items():
        if not _signed_by(public, signatures[name].hex(), encoded):
            raise EnvelopeError("signature")
    return payload


def payload_of(enveloped: Enveloped) -> bytes:
    """The payload of an envelope, whoever signed it.

    Raises:
        EnvelopeError: it has another form.
    """
    try:
        payload = _decoded(enveloped["payload"])
        signatures = [
            {**one, "keyid": one["keyid"], "sig": _encoded(_decoded(one["sig"]))}
            for one in enveloped["signatures"]
        ]
        names = {one["keyid"] for one in signatures}
    except (KeyError, TypeError, ValueError) as error:
        raise EnvelopeError("form") from error
    ours = {
        "payload": _encoded(payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": signatures,
    }
    if enveloped != ours or len(names) != len(signatures):
        raise EnvelopeError("form")
    return payload
