"""Signed notes (c2sp.org/signed-note) with Ed25519 keys: format, sign, parse, verify.

Rules: a note is a text that ends in a line feed, an empty line, and one line for each signature;
a signature names its key by name and by four bytes of hash; who verifies looks only at keys that
are known, and one bad signature of a known key spoils the note. A note has one form: base64 in
another spelling than our own, or a signature line that is none, is no note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from schemas.ed25519 import PUBLIC_BYTES, SIGNATURE_BYTES, holds, is_public
from schemas.encodings import EncodingError, from_base64, to_base64

ED25519 = b"\x01"
HASH_BYTES = 4
LARGEST = 1_000_000
MOST_SIGNATURES = 100
_DASH = "\u2014 "

Sign = Callable[[bytes], bytes]


class NoteError(ValueError):
    """Bytes that are no signed note, or a key that is none; nothing is quoted."""


def _valid_name(name: str) -> bool:
    return bool(name) and "+" not in name and not re.search(r"\s", name)


def key_hash(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature names an Ed25519 key."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:HASH_BYTES]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named Ed25519 public key."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes by which signatures name it."""
        return key_hash(self.name, self.public)

    def text(self) -> str:
        """`name+hash+key`, as verifiers are given it."""
        return f"{self.name}+{self.hash.hex()}+{to_base64(ED25519 + self.public)}"


def verifier_key(text: str) -> VerifierKey:
    """The key in a verifier-key text.

    Raises:
        NoteError: it has another form, is of another kind, or its hash is not its own.
    """
    name, _, rest = text.partition("+")
    named, _, encoded = rest.partition("+")
    try:
        content = from_base64(encoded)
    except EncodingError as error:
        raise NoteError("verifier key") from error
    public = content[1:]
    if not _valid_name(name) or content[:1] != ED25519 or not is_public(public):
        raise NoteError("verifier key")
    if key_hash(name, public).hex() != named:
        raise NoteError("verifier key")
    return VerifierKey(name, public)


@dataclass(frozen=True, slots=True)
class Line:
    """A signature line; whether it holds is another question."""

    name: str
    hash: bytes
    signature: bytes

    def text(self) -> str:
        """The line as it stands in a note."""
        return f"{_DASH}{self.name} {to_base64(self.hash + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the lines under it."""

    text: str
    lines: tuple[Line, ...] = ()

    def content(self) -> bytes:
        """The note's bytes."""
        return (self.text + "\n" + "".join(line.text() for line in self.lines)).encode()


def _clean(text: str) -> bool:
    return not any(mark < " " and mark != "\n" for mark in text)


def _line(text: str) -> Line:
    name, _, encoded = text.removeprefix(_DASH).partition(" ")
    try:
        content = from_base64(encoded)
    except EncodingError as error:
        raise NoteError("signature line") from error
    if not text.startswith(_DASH) or not _valid_name(name) or len(content) <= HASH_BYTES:
        raise NoteError("signature line")
    return Line(name, content[:HASH_BYTES], content[HASH_BYTES:])


def parse_note(content: bytes) -> Note:
    """The note in `content`, whoever signed it.

    Raises:
        NoteError: it is none.
    """
    if len(content) > LARGEST:
        raise NoteError("length")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError("encoding") from error
    text, empty, block = whole.rpartition("\n\n")
    if not _clean(whole) or not empty or not block.endswith("\n"):
        raise NoteError("form")
    rows = block[:-1].split("\n")
    if len(rows) > MOST_SIGNATURES:
        raise NoteError("signatures")
    return Note(text + "\n", tuple(_line(row) for row in rows))


def signed(note: Note, key: VerifierKey, sign: Sign) -> Note:
    """The note with one more signature; `sign` gives the 64 bytes for the text's bytes.

    Raises:
        NoteError: the text cannot be one of a note, this key signed it already, or what `sign`
            gave is not its signature.
    """
    if not note.text.endswith("\n") or not _clean(note.text):
        raise NoteError("text")
    if not _valid_name(key.name) or len(key.public) != PUBLIC_BYTES:
        raise NoteError("key")
    if any((line.name, line.hash) == (key.name, key.hash) for line in note.lines):
        raise NoteError("signed already")
    signature = sign(note.text.encode())
    if not holds(key.public, signature, note.text.encode()):
        raise NoteError("signature")
    return replace(note, lines=(*note.lines, Line(key.name, key.hash, signature)))


def line_holds(note: Note, line: Line, public: bytes) -> bool:
    """Whether a line is a signature of the note's text by the key that it names."""
    named = line.hash == key_hash(line.name, public)
    return (
        named
        and len(line.signature) == SIGNATURE_BYTES
        and holds(public, line.signature, note.text.encode())
    )


def verified(content: bytes, keys: Iterable[VerifierKey]) -> tuple[Note, list[VerifierKey]]:
    """The note in `content`, and which of `keys` signed it; other signatures are left aside.

    Raises:
        NoteError: it is no note, a known key's signature does not hold, or no known key signed.
    """
    note = parse_note(content)
    known = {(key.name, key.hash): key for key in keys}
    found: list[VerifierKey] = []
    for line in note.lines:
        key = known.get((line.name, line.hash))
        if key is None or key in found:
            continue
        if not line_holds(note, line, key.public):
            raise NoteError("signature")
        found.append(key)
    if not found:
        raise NoteError("unknown signers")
    return note, found
