"""Checkpoints (存证点): the state of the ledger as a signed note that others keep.

Rules: docs/history.md, "Checkpoints". A text names the cycle, a size and the Merkle root over that
many entries; it is complete once officers of two organs have signed it with keys that the ledger
had made active by then. A complete one is filed as an entry, and means most where it is kept
elsewhere. Every line must be an officer's: nothing in a note goes unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import KEY_KINDS, Key, Keyring
from data.days import Clock, utc_now
from data.home import Home
from data.ledger import Ledger, LedgerBroken, Transaction, entries_where, typed_entry
from data.verify_acts import fold_acts
from data.verify_chain import Content, verify_chain
from schemas.ed25519 import SIGNATURE_BYTES
from schemas.encodings import EncodingError, from_base64, to_base64
from schemas.entries import Checkpointed, Entry
from schemas.envelopes import key_id, raw_public
from schemas.merkle import HASH_BYTES, leaf_hashes, root
from schemas.notes import (
    Line,
    Note,
    NoteError,
    VerifierKey,
    key_hash,
    line_holds,
    parse_note,
    signed,
)
from schemas.text import Refusal, Text

CHECKPOINTED = Checkpointed.kind
ORGANS = 2
_ORIGIN = "termgate/"
_TEXT = re.compile(rf"{_ORIGIN}([0-9a-f]{{64}})\n([1-9][0-9]{{0,14}})\n([A-Za-z0-9+/=]{{1,99}})\n")
_OFFICER = re.compile(r"[a-z0-9-]{1,64}")

FAULTS: dict[str, Text] = {
    "form": Text(
        "这不是存证点；用 termgate audit checkpoint 生成",
        "this is no checkpoint; make one with `termgate audit checkpoint`",
    ),
    "other-cycle": Text(
        "这是另一次换届的存证点；请使用本次换届的存证点",
        "this checkpoint is of another cycle; use one of this cycle",
    ),
    "other-history": Text(
        "存证点与记录不符，不予签字和登记；请核对记录是否被改写",
        "this checkpoint is not of this ledger's entries and is neither signed nor filed; find out "
        "whether the ledger was rewritten",
    ),
    "key": Text(
        "存证点上有签字不是责任人员当时生效的密钥所签；删去该行或重新签字",
        "a signature on this checkpoint is not by an officer's key that was active by then; drop "
        "that line or sign again",
    ),
    "key-newer": Text(
        "生成该存证点时这把密钥尚未生效；请生成新的存证点",
        "this key became active after the checkpoint was made; make a new checkpoint",
    ),
    "key-revoked": Text(
        "存证点上有签字所用的密钥已被吊销；请生成新的存证点重新签字",
        "a key that signed this checkpoint was revoked since; make a new one and sign again",
    ),
    "signed-already": Text("这把密钥已在存证点上签过字", "this key signed the checkpoint before"),
    "same-person": Text(
        "存证点上有两个责任人员是同一个人；请由另一个人签字",
        "two of the officers who signed this checkpoint are one person; have somebody else sign",
    ),
    "unknown-officer": Text(
        "存证点上有签字人已不在责任人员名单上；删去该行或重新签字",
        "an officer who signed this checkpoint is on the register no more; drop that line",
    ),
    "incomplete": Text(
        "存证点须有两个不同机关的责任人员签字；请另一机关的责任人员签字后再登记",
        "officers of two organs must sign a checkpoint; have one of another organ sign, then file",
    ),
    "filed": Text(
        "已登记过同样大小或更大的存证点；请生成新的存证点",
        "a checkpoint of this size or a larger one is on record; make a new one",
    ),
}


class CheckpointRefused(Refusal):
    """A checkpoint that is not signed or filed; `code` is one of `FAULTS`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(FAULTS[code])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as its note says it, whoever signed."""

    cycle: str
    size: int
    root: bytes
    note: Note

    @property
    def signers(self) -> tuple[str, ...]:
        """The officers whose names are on its lines, in order."""
        return tuple(line.name for line in self.note.lines)

    def text(self) -> str:
        """The whole note."""
        return self.note.content().decode()


def checkpoint_text(cycle: str, size: int, top: bytes) -> str:
    """What is signed."""
    return f"{_ORIGIN}{cycle}\n{size}\n{to_base64(top)}\n"


def _said(note: Note) -> Checkpoint:
    found = _TEXT.fullmatch(note.text)
    if found is None:
        raise NoteError("text")
    try:
        top = from_base64(found[3])
    except EncodingError as error:
        raise NoteError("root") from error
    if len(top) != HASH_BYTES:
        raise NoteError("root")
    return Checkpoint(found[1], int(found[2]), top, note)


def read_checkpoint(content: bytes) -> Checkpoint:
    """The signed checkpoint in `content`; whether its signatures hold is another question.

    Raises:
        NoteError: it has another form.
    """
    checkpoint = _said(parse_note(content))
    lines = checkpoint.note.lines
    for line in lines:
        if not _OFFICER.fullmatch(line.name) or len(line.signature) != SIGNATURE_BYTES:
            raise NoteError("signature line")
    if len({(line.name, line.hash) for line in lines}) != len(lines):
        raise NoteError("signature twice")
    return checkpoint


# Signatures


def _key_of(line: Line, checkpoint: Checkpoint, keyring: Keyring) -> Key | None:
    """The officer's key that signed a line, if it was active by then."""
    active = (key for key in keyring.had_by(line.name) if key.signs_at(checkpoint.size + 1))
    return next((key for key in active if line_holds(checkpoint.note, line, key.public)), None)


def signing_keys(checkpoint: Checkpoint, keyring: Keyring) -> list[Key] | None:
    """The keys of all its lines, in order; None where a line is by none that was active."""
    found = [_key_of(line, checkpoint, keyring) for line in checkpoint.note.lines]
    keys = [key for key in found if key]
    return keys if len(keys) == len(found) else None


def is_complete(checkpoint: Checkpoint, keyring: Keyring) -> bool:
    """Whether every line holds and two organs signed."""
    keys = signing_keys(checkpoint, keyring)
    return keys is not None and len({key.organ for key in keys}) >= ORGANS


# Making, signing and filing


@dataclass(frozen=True)
class Log:
    """A chain that holds, as checkpoints need it: what was written, leaves, cycle id and keys."""

    contents: Sequence[Content]
    leaves: Sequence[bytes]
    cycle: str
    keys: Keyring

    @property
    def entries(self) -> list[Entry]:
        """The entries that were written.

        Raises:
            LedgerBroken: one of them is none that this version writes.
        """
        return [typed_entry(content) for content in self.contents]


def log_of(rows: Sequence[tuple[int, str, bytes]], contents: Sequence[Content]) -> Log:
    """The history in rows that were verified, and what was written in them."""
    cycle = rows[0][1] if rows else ""
    keys = fold_acts(contents, cycle, KEY_KINDS).keys
    return Log(contents, leaf_hashes(body for _, _, body in rows), cycle, keys)


def read_log(ledger: Ledger) -> Log:
    """The history in a ledger whose chain holds.

    Raises:
        LedgerBroken: it does not.
    """
    with ledger.reading() as reader:
        heads = reader.query("SELECT seq, hash FROM head")
        rows = reader.query("SELECT seq, hash, body FROM entries ORDER BY seq")
    contents, fault = verify_chain(rows, heads[0] if heads else None)
    if fault:
        raise LedgerBroken(fault.seq, fault.fault)
    return log_of(rows, contents)


def new_checkpoint(home: Home) -> Checkpoint:
    """A checkpoint of the whole ledger, without signatures.

    Raises:
        LedgerBroken: the ledger does not hold.
    """
    log = read_log(Ledger(home.ledger))
    top = root(log.leaves)
    size = len(log.leaves)
    return Checkpoint(log.cycle, size, top, Note(checkpoint_text(log.cycle, size, top)))


def _unsigned(content: bytes) -> Checkpoint | None:
    """The checkpoint in a note that nobody signed yet: it ends with its empty line."""
    return _said(Note(content[:-1].decode())) if content.endswith(b"\n\n") else None


def own_checkpoint(content: bytes, log: Log) -> Checkpoint:
    """A checkpoint of this history, with or without signatures; those it has must hold.

    Raises:
        CheckpointRefused: it is none, or not of this history, or a signature does not hold.
    """
    try:
        checkpoint = _unsigned(content) or read_checkpoint(content)
    except (NoteError, UnicodeDecodeError):
        raise CheckpointRefused("form") from None
    if checkpoint.cycle != log.cycle:
        raise CheckpointRefused("other-cycle")
    size = checkpoint.size
    if size > len(log.leaves) or root(log.leaves[:size]) != checkpoint.root:
        raise CheckpointRefused("other-history")
    if signing_keys(checkpoint, log.keys) is None:
        raise CheckpointRefused("key")
    return checkpoint


def is_checkpoint(content: bytes) -> bool:
    """Whether a file says that it is a checkpoint."""
    return content.startswith(_ORIGIN.encode())


def sign_checkpoint(
    home: Home, content: bytes, officer: str, private: Ed25519PrivateKey
) -> Checkpoint:
    """A checkpoint with one more signature; nothing is recorded.

    Raises:
        LedgerBroken: the ledger does not hold.
        CheckpointRefused: it is not of this ledger, or this is no key of the officer that the
            first `size` entries made active, or it signed before.
    """
    log = read_log(Ledger(home.ledger))
    checkpoint = own_checkpoint(content, log)
    public = raw_public(private)
    named = (officer, key_hash(officer, public))
    if named in {(line.name, line.hash) for line in checkpoint.note.lines}:
        raise CheckpointRefused("signed-already")
    key = log.keys.keys.get(key_id(public))
    if key is None or key.officer != officer or not key.current:
        raise CheckpointRefused("key")
    if not key.signs_at(checkpoint.size + 1):
        raise CheckpointRefused("key-newer")
    note = signed(checkpoint.note, VerifierKey(officer, public), private.sign)
    return replace(checkpoint, note=note)


def file_checkpoint(
    home: Home, content: bytes, clock: Clock = utc_now, day: date | None = None
) -> int:
    """Put a complete checkpoint on record; returns the number of its entry.

    `day` is its day, where the cycle is historical.

    Raises:
        DayRefused: it cannot be that.
        LedgerBroken: the ledger does not hold.
        CheckpointRefused: it is not of this ledger, not complete, or not newer than those filed.
    """
    ledger = Ledger(home.ledger, clock, day)
    ledger.day()
    log = read_log(ledger)
    checkpoint = own_checkpoint(content, log)
    if not is_complete(checkpoint, log.keys):
        raise CheckpointRefused("incomplete")
    if any(key.revoked for key in signing_keys(checkpoint, log.keys) or ()):
        raise CheckpointRefused("key-revoked")
    with ledger.transaction() as transaction:
        if _largest_filed(log, transaction) >= checkpoint.size:
            raise CheckpointRefused("filed")
        return transaction.append(
            CHECKPOINTED,
            size=checkpoint.size,
            root=checkpoint.root.hex(),
            note=checkpoint.text(),
            signers=list(checkpoint.signers),
        )


def _largest_filed(log: Log, transaction: Transaction) -> int:
    """The size of the largest checkpoint on record, those filed since the log was read included."""
    newer = entries_where(transaction, "seq > ?", len(log.contents))
    return max(filed([*log.entries, *newer]), default=0)


def filed(entries: Iterable[Entry]) -> dict[int, str]:
    """Size → note of the checkpoints on record, ascending; of one size the last."""
    found = {one.size: one.note for one in entries if isinstance(one, Checkpointed)}
    return dict(sorted(found.items()))
