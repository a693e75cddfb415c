"""Signed notes: the published examples, and every damage."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from schemas.envelopes import raw_public
from schemas.notes import (
    Note,
    NoteError,
    VerifierKey,
    parse_note,
    signed,
    verified,
    verifier_key,
)

# The examples of golang.org/x/mod/sumdb/note, which c2sp.org/signed-note took over.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PETER_PRIVATE = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
ENOCH_PRIVATE = bytes(32)
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETERS = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
    "tpRZb6KE6RyyBwJnAM=\n"
)
ENOCHS = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWL"
    "ox33WWd1RvMc+QQ=\n"
)
ONE = f"{TEXT}\n{PETERS}".encode()
TWO = f"{TEXT}\n{PETERS}{ENOCHS}".encode()

peter, enoch = verifier_key(PETER), verifier_key(ENOCH)


def private(content: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(content)


# The examples


def test_the_example_is_signed_as_published() -> None:
    note = signed(Note(TEXT), peter, private(PETER_PRIVATE).sign)
    assert note.content() == ONE
    assert signed(note, enoch, private(ENOCH_PRIVATE).sign).content() == TWO


def test_the_example_verifies() -> None:
    assert verified(ONE, [peter]) == (parse_note(ONE), [peter])
    note, keys = verified(TWO, [enoch, peter])
    assert (note.text, keys) == (TEXT, [peter, enoch])
    assert note.content() == TWO


def test_unknown_signers_are_left_aside() -> None:
    assert verified(TWO, [enoch])[1] == [enoch]
    with pytest.raises(NoteError):
        verified(TWO, [])
    with pytest.raises(NoteError):
        verified(ONE, [enoch])


def test_verifier_keys_are_as_published() -> None:
    for text, content, name in (
        (PETER, PETER_PRIVATE, "PeterNeumann"),
        (ENOCH, ENOCH_PRIVATE, "EnochRoot"),
    ):
        key = VerifierKey(name, raw_public(private(content)))
        assert key.text() == text
        assert verifier_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        PETER + "=",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("Peter", "peter"),
        PETER.replace("PeterNeumann", ""),
        PETER.replace("+ARpc", "+Apc"),
        PETER.replace("+ARpc", "+AhRpc"),
        "a b+00000000+" + PETER.rpartition("+")[2],
        VerifierKey("x", bytes(32)).text(),
    ],
)
def test_other_verifier_keys_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        verifier_key(text)


# Damage


@given(at=st.integers(0, len(TWO) - 1), mask=st.integers(1, 255))
def test_no_changed_byte_verifies(at: int, mask: int) -> None:
    damaged = bytearray(TWO)
    damaged[at] ^= mask
    try:
        _, keys = verified(bytes(damaged), [peter, enoch])
    except NoteError:
        return
    # A changed name or hash makes an unknown signer, who is left aside; the text is the same.
    assert len(keys) == 1
    assert parse_note(bytes(damaged)).text == TEXT


@given(at=st.integers(0, len(TWO)), more=st.binary(min_size=1, max_size=3))
def test_no_inserted_byte_changes_the_text(at: int, more: bytes) -> None:
    damaged = TWO[:at] + more + TWO[at:]
    try:
        note, _ = verified(damaged, [peter, enoch])
    except NoteError:
        return
    assert note.text == TEXT


@given(content=st.binary(max_size=300))
def test_whatever_comes_is_refused(content: bytes) -> None:
    with pytest.raises(NoteError):
        verified(content, [peter])


DAMAGED = {
    "nothing": b"",
    "no empty line": f"{TEXT}{PETERS}".encode(),
    "no signatures": f"{TEXT}\n".encode(),
    "no last line feed": ONE[:-1],
    "an empty line at the end": ONE + b"\n",
    "another line at the end": ONE + b"x\n",
    "no dash": ONE.replace("— ".encode(), b"- "),
    "no name": ONE.replace(b"PeterNeumann", b""),
    "a plus in the name": ONE.replace(b"PeterNeumann", b"Peter+Neumann"),
    "two spaces": ONE.replace(b"PeterNeumann ", b"PeterNeumann  "),
    "a tab": ONE.replace(b"problem,\n", b"problem,\t\n"),
    "a carriage return": ONE.replace(b"\n", b"\r\n"),
    "a zero byte": ONE.replace(b"If", b"\0f"),
    "no UTF-8": ONE.replace(b"If", b"\xff\xfe"),
    "base64 without padding": ONE.replace(b"=\n", b"\n"),
    "base64 in another spelling": ONE.replace(b"JnAM=", b"JnAN="),
    "base64 of another alphabet": ONE.replace(b"/", b"_"),
    "a short signature": ONE.replace(PETERS.encode()[-93:-1], base64.b64encode(peter.hash)),
    "too many": f"{TEXT}\n{PETERS * 101}".encode(),
    "too long": b"x" * 1_000_000 + b"\n\n" + PETERS.encode(),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_no_note_is_refused(name: str) -> None:
    assert DAMAGED[name] != ONE
    with pytest.raises(NoteError):
        verified(DAMAGED[name], [peter])


def test_a_bad_signature_of_a_known_key_spoils_the_note() -> None:
    content = base64.b64decode(PETERS.rsplit(maxsplit=1)[-1])
    forged = base64.b64encode(content[:-1] + b"\0").decode()
    damaged = f"{TEXT}\n— PeterNeumann {forged}\n{ENOCHS}".encode()
    with pytest.raises(NoteError, match="signature"):
        verified(damaged, [peter, enoch])
    assert verified(damaged, [enoch])[1] == [enoch]


def test_a_signature_given_twice_counts_once() -> None:
    assert verified(f"{TEXT}\n{PETERS * 2}".encode(), [peter])[1] == [peter]


def test_the_text_may_have_empty_lines() -> None:
    note = signed(Note("a\n\nb\n"), peter, private(PETER_PRIVATE).sign)
    assert verified(note.content(), [peter])[0].text == "a\n\nb\n"


# Signing


@pytest.mark.parametrize("text", ["", "no line feed", "a\tb\n", "a\rb\n"])
def test_some_texts_cannot_be_signed(text: str) -> None:
    with pytest.raises(NoteError, match="text"):
        signed(Note(text), peter, private(PETER_PRIVATE).sign)


def test_nobody_signs_twice_or_with_another_key() -> None:
    with pytest.raises(NoteError, match="signed already"):
        signed(parse_note(ONE), peter, private(PETER_PRIVATE).sign)
    with pytest.raises(NoteError, match="signature"):
        signed(Note(TEXT), peter, private(ENOCH_PRIVATE).sign)
    with pytest.raises(NoteError, match="key"):
        signed(Note(TEXT), VerifierKey("a b", peter.public), private(PETER_PRIVATE).sign)
