"""Ed25519 signatures (RFC 8032) on raw keys, as a verifier needs them.

Rules: one answer everywhere, whatever library computes it: no cofactor, and no public key whose
encoding is not the only one of its point or whose point is one of the two without a direction
(`1 < y < p - 1`); a signature that cannot be looked at does not hold.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
_P = 2**255 - 19
_LOW_BITS = 2**255 - 1


def is_public(public: bytes) -> bool:
    """Whether 32 bytes may be a public key."""
    if len(public) != PUBLIC_BYTES:
        return False
    return 1 < int.from_bytes(public, "little") & _LOW_BITS < _P - 1


@lru_cache(maxsize=4096)
def _key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def is_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is that of `message` under the raw key `public`."""
    if not is_public(public) or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        _key(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


# The same acts are verified again and again in one process; a signature is looked at once.
holds = lru_cache(maxsize=16384)(is_signature)
