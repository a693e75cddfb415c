"""Our envelopes, verified by OpenSSL's command line: by no code of ours, nor that which signed.

What is signed is put together here from the DSSE specification, the key's file from RFC 8410.
"""

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.envelopes import raw_public
from tests.support import cycle
from tests.support.programs import needs
from tests.tamper.attack import Pool
from tests.tamper.verifiers import single_file

Entry = dict[str, Any]

pytestmark = needs("openssl")

KINDS = (
    "key-enrolled", "key-vouched", "key-rotated", "key-revoked",
    "signed", "refused", "waived", "withdrawn",
)  # fmt: skip
EACH = 3


def public_key_file(public: bytes) -> str:
    """A public key as RFC 8410 writes it."""
    encoded = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + public).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n"


def holds(folder: Path, public: bytes, message: bytes, signature: bytes) -> bool:
    """What `openssl pkeyutl -verify` says."""
    (folder / "key.pem").write_text(public_key_file(public), encoding="ascii")
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(signature)
    command = ("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "key.pem",
               "-in", "message", "-sigfile", "signature")  # fmt: skip
    shown = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    verified = "Signature Verified Successfully" in shown.stdout
    assert verified == (shown.returncode == 0), shown.stderr
    return verified


def encoding(envelope: Entry) -> bytes:
    """What a DSSE signature is over."""
    kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
    return b" ".join((b"DSSEv1", b"%d" % len(kind), kind, b"%d" % len(payload), payload))


def keys_of(entries: list[Entry]) -> dict[str, bytes]:
    """The public keys by their ids, as the ledger has them."""
    found = (base64.b64decode(entry["public"]) for entry in entries if "public" in entry)
    return {hashlib.sha256(public).hexdigest(): public for public in found}


def signatures(entry: Entry, keys: dict[str, bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Key, message and signature of every signature of an act."""
    for one in entry["envelope"]["signatures"]:
        yield keys[one["keyid"]], encoding(entry["envelope"]), base64.b64decode(one["sig"])


def test_openssl_verifies_every_kind_of_act(pool: Pool, tmp_path: Path) -> None:
    verified = dict.fromkeys(KINDS, 0)
    for told in pool.told:
        entries = told.material.entries
        keys = keys_of(entries)
        for entry in entries:
            kind = entry["kind"]
            if verified.get(kind, EACH) < EACH:
                parts = list(signatures(entry, keys))
                assert len(parts) == (2 if kind == "key-rotated" else 1)
                assert all(holds(tmp_path, *part) for part in parts)
                verified[kind] += 1
    assert min(verified.values()) >= 1


def test_openssl_verifies_what_a_real_cycle_signed(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home", run=True)
    entries = [*cycle.entries(home, "key-enrolled"), *cycle.entries(home, "signed")]
    keys = keys_of(entries)
    chosen = [*cycle.entries(home, "key-enrolled")[:EACH], *cycle.entries(home, "signed")[:9]]
    assert len(chosen) == EACH + 9
    for entry in chosen:
        assert [holds(tmp_path, *part) for part in signatures(entry, keys)] == [True]


@pytest.mark.parametrize("what", ["key", "message", "signature"])
def test_openssl_refuses_what_was_changed(pool: Pool, tmp_path: Path, what: str) -> None:
    entries = pool.told[0].material.entries
    entry = next(entry for entry in entries if entry["kind"] == "signed")
    public, message, signature = next(signatures(entry, keys_of(entries)))
    parts = {"key": public, "message": message, "signature": signature}
    assert holds(tmp_path, *parts.values())
    if what == "key":
        parts["key"] = raw_public(Ed25519PrivateKey.from_private_bytes(b"\5" * 32))
    else:
        parts[what] = bytes([parts[what][0] ^ 1]) + parts[what][1:]
    assert not holds(tmp_path, *parts.values())


def test_what_is_signed_is_an_in_toto_statement(pool: Pool) -> None:
    """As in-toto's attestation framework says it, version 1."""
    for told in pool.told:
        for entry in told.material.entries:
            if entry["kind"] not in KINDS:
                continue
            assert entry["envelope"]["payloadType"] == "application/vnd.in-toto+json"
            statement = json.loads(base64.b64decode(entry["envelope"]["payload"]))
            assert set(statement) == {"_type", "subject", "predicateType", "predicate"}
            assert statement["_type"] == "https://in-toto.io/Statement/v1"
            assert statement["predicateType"].startswith("urn:termgate:")
            assert isinstance(statement["predicate"], dict)
            for subject in statement["subject"]:
                assert subject["name"]
                assert len(bytes.fromhex(subject["digest"]["sha256"])) == 32


def test_openssl_and_the_single_file_agree(tmp_path: Path) -> None:
    private = Ed25519PrivateKey.from_private_bytes(b"\3" * 32)
    public, signature = raw_public(private), private.sign(b"message")
    order = 2**252 + 27742317777372353535851937790883648493
    larger = int.from_bytes(signature[32:], "little") + order
    cases = (
        (b"message", signature, True),
        (b"massage", signature, False),
        (b"message", signature[:32] + larger.to_bytes(32, "little"), False),
        (b"message", signature[:32] + bytes(32), False),
    )
    for message, signed, expected in cases:
        assert holds(tmp_path, public, message, signed) is expected
        assert single_file().signed_by(public, message, signed) is expected
