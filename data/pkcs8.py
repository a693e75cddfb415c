"""An Ed25519 private key as browsers keep it: PKCS #8 (RFC 5958), encrypted with a passphrase.

Rules: PBES2 of RFC 8018 with PBKDF2-HMAC-SHA-256 and AES-256-CBC, which WebCrypto and openssl open
and which the desk writes (`deployments/desk/static/keys.js`); the library encrypts so too, and
leaves no choice of how many rounds a guess at the passphrase takes.
"""

from __future__ import annotations

import base64
import os
import textwrap

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

# What OWASP advises for PBKDF2-HMAC-SHA-256, and the desk takes: a quarter of a second a guess.
ROUNDS = 600_000
ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
PLAIN = b"-----BEGIN PRIVATE KEY-----"
_BLOCK = 16
# Object identifiers, as DER.
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d02090500")
_AES256_CBC = bytes.fromhex("060960864801650304012a")
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    # All that is made here is shorter than 256 bytes.
    length = bytes([size]) if size < 0x80 else bytes([0x81, size])  # noqa: PLR2004 (of DER)
    return bytes([tag]) + length + content


def _number(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def encrypted(private: Ed25519PrivateKey, passphrase: bytes, rounds: int = ROUNDS) -> bytes:
    """The key as PEM, under a passphrase."""
    salt, start = os.urandom(_BLOCK), os.urandom(_BLOCK)
    key = PBKDF2HMAC(SHA256(), 32, salt, rounds).derive(passphrase)
    padder = PKCS7(_BLOCK * 8).padder()
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    cipher = Cipher(AES256(key), CBC(start)).encryptor()
    content = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    derived = _der(_SEQUENCE, _der(_OCTETS, salt), _number(rounds), _der(_SEQUENCE, _HMAC_SHA256))
    scheme = _der(
        _SEQUENCE,
        _der(_SEQUENCE, _PBKDF2, derived),
        _der(_SEQUENCE, _AES256_CBC, _der(_OCTETS, start)),
    )
    whole = _der(_SEQUENCE, _der(_SEQUENCE, _PBES2, scheme), _der(_OCTETS, content))
    lines = textwrap.wrap(base64.b64encode(whole).decode(), 64)
    end = ENCRYPTED.replace(b"BEGIN", b"END")
    return b"\n".join([ENCRYPTED, *(line.encode() for line in lines), end, b""])
