"""Our envelopes beside those of securesystemslib, which made them until it was only a witness."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error
from securesystemslib.signer import CryptoSigner, SSlibKey

from schemas.envelopes import EnvelopeError, key_id, opened, payload_of, raw_public, sealed

KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(1, 4)]
PUBLICS = [raw_public(private) for private in KEYS]
KIND = "application/vnd.in-toto+json"


def theirs(public: bytes) -> SSlibKey:
    return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(public), key_id(public))


def made_by_them(payload: bytes, *keys: Ed25519PrivateKey) -> Mapping[str, Any]:
    envelope = Envelope(payload, KIND, {})
    for private in keys:
        envelope.sign(CryptoSigner(private, theirs(raw_public(private))))
    shown: Mapping[str, Any] = envelope.to_dict()
    return shown


@given(st.binary(max_size=300), st.integers(1, 3))
def test_ours_are_theirs_byte_for_byte_and_opened_alike(payload: bytes, count: int) -> None:
    """Ed25519 has one signature of a message, so nothing may differ."""
    ours = sealed(payload, *KEYS[:count])
    assert ours == made_by_them(payload, *KEYS[:count])
    assert opened(ours, PUBLICS[:count]) == payload_of(ours) == payload
    read = Envelope.from_dict(sealed(payload, *KEYS[:count]))
    assert read.payload == payload
    assert len(read.verify([theirs(public) for public in PUBLICS[:count]], count)) == count


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_signature_is_of_its_payload_alone(payload: bytes, other: bytes) -> None:
    moved = {**sealed(payload, KEYS[0]), "payload": sealed(other, KEYS[0])["payload"]}
    if payload == other:
        assert opened(moved, PUBLICS[:1]) == other
        return
    with pytest.raises(EnvelopeError, match="signature"):
        opened(moved, PUBLICS[:1])


@pytest.mark.parametrize("wanted", [[], PUBLICS[:1], PUBLICS[1:], PUBLICS], ids=len)
def test_it_carries_exactly_the_signatures_that_are_wanted(wanted: list[bytes]) -> None:
    with pytest.raises(EnvelopeError, match="signers"):
        opened(sealed(b"said", *KEYS[:2]), wanted)


SIGNED = sealed(b"said?", KEYS[0])
(ONE,) = SIGNED["signatures"]
OTHER_FORMS: dict[str, Any] = {
    "nothing": {},
    "no object": [],
    "another field": {**SIGNED, "note": ""},
    "a field less": {name: SIGNED[name] for name in ("payload", "signatures")},
    "another type": {**SIGNED, "payloadType": "application/json"},
    "a payload without padding": {**SIGNED, "payload": SIGNED["payload"].rstrip("=")},
    "a payload that is no text": {**SIGNED, "payload": 5},
    "a payload of bytes": {**SIGNED, "payload": SIGNED["payload"].encode()},
    "spare bits in a signature": {
        **SIGNED,
        "signatures": [{**ONE, "sig": ONE["sig"][:-3] + chr(ord(ONE["sig"][-3]) + 1) + "=="}],
    },
    "another field in a signature": {**SIGNED, "signatures": [{**ONE, "note": ""}]},
    "a signature without a key": {**SIGNED, "signatures": [{"sig": ONE["sig"]}]},
    "the same key twice": {**SIGNED, "signatures": [ONE, ONE]},
    "signatures that are no list": {**SIGNED, "signatures": (ONE,)},
    "a signature that is no object": {**SIGNED, "signatures": ["keyid"]},
    "a key that is no text": {**SIGNED, "signatures": [{**ONE, "keyid": []}]},
}


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_another_form_is_no_envelope(name: str) -> None:
    for read in (lambda one: opened(one, PUBLICS[:1]), payload_of):
        with pytest.raises(EnvelopeError, match="form"):
            read(OTHER_FORMS[name])
    assert opened(SIGNED, PUBLICS[:1]) == b"said?"


SEALED = sealed(b'{"a":"\xff\xfb"}', *KEYS[:2])
VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=8),
    st.sampled_from(["e30=", "e31=", "e30", "-_-_", "+/+/", "e30=\n", " e30=", [], {}, [{}],
                     ["e30="]]),
)  # fmt: skip
PLACES = st.sampled_from(
    [("payload",), ("payloadType",), ("signatures",), ("more",), ("signatures", 0),
     *(("signatures", number, name) for number in (0, 1) for name in ("keyid", "sig", "more"))]
)  # fmt: skip


def in_their_form(enveloped: dict[str, Any]) -> bytes | None:
    """The payload, if they read the envelope, write the same one, and it has no field more."""
    try:
        found = Envelope.from_dict(copy.deepcopy(enveloped))
        same = found.to_dict() == enveloped
        more = any(one.keys() != {"keyid", "sig"} for one in enveloped["signatures"])
    except (KeyError, TypeError, ValueError, AttributeError, Error):
        return None
    return found.payload if same and not more and found.payload_type == KIND else None


@given(place=PLACES, value=VALUES)
def test_what_they_would_write_otherwise_is_no_envelope(place: tuple[Any, ...], value: Any) -> None:
    changed = copy.deepcopy(SEALED)
    within: Any = changed
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = value
    payload = in_their_form(changed)
    if payload is None:
        with pytest.raises(EnvelopeError):
            payload_of(changed)
    else:
        assert payload_of(changed) == payload
