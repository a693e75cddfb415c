"""Signing and filing checkpoints, where each of the officers who sign is another person.

Rules: what keys and organs say is held by `data.checkpoints`, and by whoever verifies; who is one
person only the register of officers says. Nobody signs for two organs by having two ids, and who is
on the register no more signs none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.blobs import BlobStore
from data.checkpoints import (
    Checkpoint,
    CheckpointRefused,
    file_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from data.home import Home
from data.ledger import Ledger
from tasks.intake.on_record import OnRecord


def people_fault(record: OnRecord, officers: Iterable[str]) -> str:
    """Why officers may not sign a checkpoint together, or nothing."""
    on_record = record.rows("officers", "person")
    found = [on_record.get((officer,)) for officer in {*officers}]
    if None in found:
        return "unknown-officer"
    return "same-person" if len({*found}) < len(found) else ""


def _held(home: Home, checkpoint: Checkpoint) -> Checkpoint:
    with Ledger(home.ledger).reading() as reader:
        code = people_fault(OnRecord.now(reader, BlobStore(home.blobs)), checkpoint.signers)
    if code:
        raise CheckpointRefused(code)
    return checkpoint


def sign(home: Home, content: bytes, officer: str, private: Ed25519PrivateKey) -> Checkpoint:
    """A checkpoint with one more signature; nothing is recorded.

    Raises:
        LedgerBroken: the ledger does not hold.
        CheckpointRefused: as `sign_checkpoint`; or two who signed are one person, or one is on the
            register no more.
    """
    return _held(home, sign_checkpoint(home, content, officer, private))


def file(home: Home, content: bytes, day: date | None = None) -> int:
    """Put a complete checkpoint on record; returns the number of its entry.

    Raises:
        DayRefused: it cannot be of that day.
        LedgerBroken: the ledger does not hold.
        CheckpointRefused: as `file_checkpoint`, and as `sign`.
        NoteError: it is no checkpoint.
    """
    _held(home, read_checkpoint(content))
    return file_checkpoint(home, content, day=day)
