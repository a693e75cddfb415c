"""Verification of a home or a bundle: chain, state, checkpoints, acts, decisions, blobs.

Rules: docs/history.md says every test and their order; the first fault is the answer. A fault is
named with the sequence number of the entry at which it shows; whatever a verifier stumbles over
counts as a fault, never as a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data.acts import ACT_KINDS, KEY_KINDS
from data.blobs import BlobError, BlobStore
from data.bundle import Row, read_bundle
from data.checkpoints import Log
from data.home import Home
from data.ledger import Ledger
from data.verified import typed
from data.verify_acts import fold_acts
from data.verify_chain import UNREADABLE, Content, Fault, no_collecting, verify_chain
from data.verify_checkpoints import bundled_fault, kept_fault, on_record_fault
from data.verify_days import Days, day_fault
from data.verify_decisions import decision_fault
from data.verify_ground import Ground, ground_of
from data.verify_state import state_fault, state_of
from schemas.entries import Entry
from schemas.merkle import leaf_hashes
from schemas.text import Unanswered

__all__ = ["Fault", "verified_entries", "verify", "verify_bundle", "verify_chain"]

# Up to the entry before, everything holds.
_OF_AN_ENTRY = frozenset({"day", "form", "signature", "founders", "evaluator", "decision"})

Checkpoints = Sequence[str | bytes]
Notes = Sequence[tuple[int, bytes]]


# Blobs


def _blob_fault(store: BlobStore, entries: Iterable[Entry]) -> Fault | None:
    for entry in entries:
        for name in entry.blobs:
            try:
                store.get(name)
            except BlobError:
                return Fault(entry.seq, "blob")
    return None


# All of it


def _history_fault(
    rows: Sequence[Row],
    entries: Sequence[Content],
    kept: Checkpoints,
    *,
    ground: Ground | None,
    notes: Notes | None = None,
) -> Fault | None:
    """Checkpoints, acts, decisions of a chain that holds; without `ground` keys and deliveries.

    Which keys there are is always verified: whoever could add one could sign every gate open; so is
    who delivered what.
    """
    cycle = rows[0][1]
    if ground and (fault := ground.fault(entries)):
        return fault
    folded = fold_acts(entries, cycle, ACT_KINDS if ground else KEY_KINDS)
    if not ground and not kept:
        return folded.fault
    log = Log(entries, leaf_hashes(body for _, _, body in rows), cycle, folded.keys)
    fault = on_record_fault(log) if ground else None
    if notes is not None:
        fault = fault or bundled_fault(log, notes)
    fault = fault or kept_fault(log, kept) or folded.fault
    return fault or (decision_fault(entries, folded, ground) if ground else None)


def _verified(
    home: Home, kept: Checkpoints = (), *, acts: bool = False
) -> tuple[list[Entry], Fault | None]:
    try:
        # One moment for all of it: what is written meanwhile is no fault.
        with no_collecting(), Ledger(home.ledger).reading() as reader:
            heads = reader.query("SELECT seq, hash FROM head")
            rows: list[Any] = reader.query("SELECT seq, hash, body FROM entries ORDER BY seq")
            contents, fault = verify_chain(rows, heads[0] if heads else None, strict=acts)
            entries, odd = typed(contents)
            fault = fault or odd or day_fault(contents, Days())
            fault = fault or state_fault(reader, state_of(entries))
        if fault is None:
            ground = ground_of(contents, BlobStore(home.blobs)) if acts else None
            fault = _history_fault(rows, contents, kept, ground=ground)
    except Unanswered:
        # Nobody looked, so nobody found fault; it holds no more than what fails.
        raise
    except Exception:
        # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
        return [], UNREADABLE
    return entries, fault


def verified_entries(home: Home) -> tuple[list[Entry], Fault | None]:
    """The entries of a home, and the first fault of its chain, state and keys or None."""
    return _verified(home)


def _held(entries: Sequence[Entry | Content], fault: Fault | None) -> int:
    return fault.seq - 1 if fault and fault.fault in _OF_AN_ENTRY else len(entries)


def verify(
    home: Home, *, blobs: bool = False, checkpoints: Checkpoints = (), acts: bool = False
) -> tuple[int, Fault | None]:
    """Verify a home's ledger: the chain, the state that follows from it, and who has which key.

    Args:
        home: the home.
        blobs: also what it points to.
        checkpoints: notes that somebody kept; their roots and signatures must be this ledger's.
        acts: also every envelope, every decision, and the checkpoints on record, as an auditor
            does; entries must be strict JSON then.

    Returns:
        How many entries hold, and the first fault or None.
    """
    entries, fault = _verified(home, checkpoints, acts=acts)
    if fault is None and blobs:
        try:
            fault = _blob_fault(BlobStore(home.blobs), entries)
        except Unanswered:
            # As above: nobody looked.
            raise
        except Exception:
            # As above.
            return 0, UNREADABLE
    return _held(entries, fault), fault


def verify_bundle(path: Path, kept: Checkpoints = ()) -> tuple[int, Fault | None]:
    """Verify an exported bundle, against the checkpoints that somebody kept.

    Returns:
        How many entries hold, and the first fault or None.
    """
    try:
        return verify_bundle_bytes(path.read_bytes(), kept)
    except OSError:
        return 0, UNREADABLE


def verify_bundle_bytes(content: bytes, kept: Checkpoints = ()) -> tuple[int, Fault | None]:
    """Verify a bundle's bytes; see `verify_bundle`."""
    try:
        bundle = read_bundle(content)
        entries, fault = verify_chain(bundle.rows, bundle.head, strict=True)
        fault = fault or day_fault(entries, Days())
        if fault is None:
            fault = _history_fault(
                bundle.rows, entries, kept, ground=bundle.ground, notes=bundle.notes
            )
        if fault is None and not bundle.whole(content):
            fault = UNREADABLE
    except Exception:
        # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
        return 0, UNREADABLE
    return (0 if fault == UNREADABLE else _held(entries, fault)), fault
