"""Verification of checkpoints: those on record, a bundle's own, and those kept elsewhere.

Rules: docs/history.md, "Checkpoints" under "Verification", step by step in its order. Of a kept
one the root is compared before its signatures are: what an auditor kept is believed, and a ledger
with other keys is a rewritten one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.checkpoints import CHECKPOINTED, Checkpoint, Log, is_complete, read_checkpoint
from data.claims import texts
from data.verify_chain import Content, Fault
from schemas.merkle import roots
from schemas.notes import NoteError

FORM = "checkpoint"


class _Roots:
    """The roots at the sizes that checkpoints name, worked out in one pass."""

    def __init__(self, log: Log, checkpoints: Iterable[Checkpoint]) -> None:
        self._found = roots(log.leaves, (one.size for one in checkpoints))

    def fit(self, checkpoint: Checkpoint) -> bool:
        """Whether the checkpoint's root is the log's at that size."""
        return self._found[checkpoint.size] == checkpoint.root


def _filed(entry: Content) -> Checkpoint:
    """The checkpoint in an entry, which says the same as its note, of what came before it.

    Raises:
        KeyError, TypeError, ValueError: it has another form.
    """
    _, note = texts(entry, "root", "note")
    checkpoint = read_checkpoint(note.encode())
    signers = entry["signers"]
    if type(entry["size"]) is not int or type(signers) is not list:
        raise TypeError("form")
    if any(type(one) is not str for one in signers):
        raise TypeError("form")
    return checkpoint


def _same(entry: Content, checkpoint: Checkpoint, seq: int) -> bool:
    said = (entry["size"], entry["root"], tuple(entry["signers"]))
    meant = (checkpoint.size, checkpoint.root.hex(), checkpoint.signers)
    return said == meant and checkpoint.size < seq


def on_record_fault(log: Log) -> Fault | None:
    """What is wrong with the first checkpoint on record that does not hold."""
    found: list[tuple[int, Content, Checkpoint | None]] = []
    for seq, entry in enumerate(log.contents, start=1):
        if entry["kind"] != CHECKPOINTED:
            continue
        try:
            found.append((seq, entry, _filed(entry)))
        except Exception:
            # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
            found.append((seq, entry, None))
    tops = _Roots(log, [one for _, _, one in found if one])
    for seq, entry, checkpoint in found:
        if checkpoint is None:
            return Fault(seq, FORM)
        if checkpoint.cycle != log.cycle:
            return Fault(seq, "foreign")
        if not _same(entry, checkpoint, seq) or not is_complete(checkpoint, log.keys):
            return Fault(seq, FORM)
        if not tops.fit(checkpoint):
            return Fault(checkpoint.size, "rewritten")
    return None


def bundled_fault(log: Log, notes: Iterable[tuple[int, bytes]]) -> Fault | None:
    """What is wrong with a bundle's own checkpoints; `notes` ascend by the size in their name."""
    read: list[tuple[int, Checkpoint | None]] = []
    for named, content in notes:
        try:
            read.append((named, read_checkpoint(content)))
        except NoteError:
            read.append((named, None))
    tops = _Roots(log, [one for _, one in read if one])
    for named, checkpoint in read:
        if checkpoint is None:
            return Fault(named, FORM)
        fault = _bundled(log, named, checkpoint, tops)
        if fault:
            return fault
    return _stale(log.contents, max((named for named, _ in read), default=0))


def _bundled(log: Log, named: int, checkpoint: Checkpoint, tops: _Roots) -> Fault | None:
    if checkpoint.cycle != log.cycle:
        return Fault(named, "foreign")
    if checkpoint.size != named:
        return Fault(named, FORM)
    if named > len(log.leaves):
        return Fault(len(log.leaves) + 1, "rolled-back")
    if not is_complete(checkpoint, log.keys):
        return Fault(named, FORM)
    return None if tops.fit(checkpoint) else Fault(named, "rewritten")


def _stale(entries: Iterable[Content], newest: int) -> Fault | None:
    """Whether a larger checkpoint is on record than the newest that the bundle shows."""
    largest, at = 0, 0
    for seq, entry in enumerate(entries, start=1):
        if entry["kind"] == CHECKPOINTED and entry["size"] > largest:
            largest, at = entry["size"], seq
    return Fault(at, "stale") if largest > newest else None


def kept_fault(log: Log, kept: Sequence[str | bytes]) -> Fault | None:
    """What is wrong with a history, or with the checkpoints that somebody kept of it."""
    read: list[Checkpoint] = []
    for content in kept:
        try:
            read.append(read_checkpoint(content.encode() if isinstance(content, str) else content))
        except (NoteError, UnicodeEncodeError):
            return Fault(0, FORM)
    tops = _Roots(log, read)
    for checkpoint in sorted(read, key=lambda one: one.size):
        if checkpoint.cycle != log.cycle:
            return Fault(checkpoint.size, "foreign")
        if checkpoint.size > len(log.leaves):
            return Fault(len(log.leaves) + 1, "rolled-back")
        if not tops.fit(checkpoint):
            return Fault(checkpoint.size, "rewritten")
        if not is_complete(checkpoint, log.keys):
            return Fault(checkpoint.size, FORM)
    return None
