"""Verification of the ledger: the chain, and the state that follows from it.

Rules: the bytes are hashed again, never trusted; a fault is named with the sequence number of the
entry at which it shows; whatever a verifier stumbles over counts as a fault, never as a pass.

Fault classes: `changed` (bytes differ from their hash, or from the hash that the next entry
recorded), `removed` (a number is missing), `moved` (an entry stands under another number: swapped
or inserted), `unlinked` (an entry does not follow from the one before it), `head` (the end of the
ledger is not the one on record), `state` (a state table says what no entry says), `empty`,
`unreadable`, `blob` (a blob that an entry names is missing or changed).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from data.blobs import BlobError, BlobStore
from data.home import Home
from data.ledger import FAULTS, GENESIS, Entry, Ledger, LedgerBroken, Reader, checked_entry
from schemas.canonical import canonical, digest


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written; `seq` is 0 where no entry can be named."""

    seq: int
    fault: str

    def text(self) -> str:
        """One line in the reader's language."""
        return FAULTS[self.fault].render({"seq": self.seq})


Rows = Iterable[tuple[int, str, bytes]]


def verify_chain(rows: Rows, head: tuple[int, str] | None) -> tuple[list[Entry], Fault | None]:
    """The entries up to the first fault, and that fault."""
    entries: list[Entry] = []
    previous = GENESIS
    for seq, name, body in rows:
        expected = len(entries) + 1
        if seq != expected:
            return entries, Fault(expected, "removed" if seq > expected else "moved")
        try:
            entry = checked_entry(seq, name, body)
        except LedgerBroken as broken:
            return entries[: broken.seq - 1], Fault(broken.seq, broken.fault)
        if entry.get("prev") != previous:
            return entries[:-1], Fault(seq, "unlinked") if seq == 1 else Fault(seq - 1, "changed")
        entries.append(entry)
        previous = name
    if not entries:
        return entries, Fault(0, "empty")
    if head is None or head != (len(entries), previous):
        if head is not None and head[0] > len(entries):
            return entries, Fault(len(entries) + 1, "removed")
        if head is not None and head[0] == len(entries):
            return entries[:-1], Fault(len(entries), "changed")
        return entries[:-1], Fault(len(entries), "head")
    return entries, None


@dataclass(frozen=True)
class State:
    """The state tables; of `units`, which mirrors two registers, the entry and its digest."""

    submissions: set[tuple[Any, ...]]
    gates: set[tuple[Any, ...]]
    handed_on: set[tuple[Any, ...]]
    listed: tuple[int, str]


def state_of(entries: Iterable[Entry]) -> State:
    """The state that follows from the entries."""
    submissions: set[tuple[Any, ...]] = set()
    gates: dict[tuple[str, str], tuple[Any, ...]] = {}
    handed: dict[tuple[str, str], tuple[Any, ...]] = {}
    listed = (0, "")
    for entry in entries:
        seq = entry["seq"]
        if entry["kind"] == "submitted" and entry["blob"] is not None:
            submissions.add((seq, entry["register"], entry["mode"], entry["blob"]))
        elif entry["kind"] == "listed":
            listed = (seq, entry["digest"])
        elif entry["kind"] == "decided":
            gate = (entry["unit"], entry["stage"])
            gates[gate] = (*gate, seq, entry["outcome"], entry["decision"])
        elif entry["kind"] == "handed-on":
            for unit, (decision, content) in entry["units"].items():
                handed[(unit, entry["stage"])] = (unit, entry["stage"], seq, decision, content)
    return State(submissions, set(gates.values()), set(handed.values()), listed)


def _state_fault(reader: Reader, expected: State) -> Fault | None:
    for table, rows in (
        ("submissions", expected.submissions),
        ("gates", expected.gates),
        ("handed_on", expected.handed_on),
    ):
        found = set(reader.query(f"SELECT * FROM {table}"))  # noqa: S608 (our own table names)
        if found != rows:
            odd = min(found ^ rows, key=str)
            return Fault(next((cell for cell in odd if isinstance(cell, int)), 0), "state")
    seq, listed = expected.listed
    units = reader.query("SELECT * FROM units ORDER BY unit")
    if (units or seq) and digest(canonical(units)) != listed:
        return Fault(seq, "state")
    return None


def _named_blobs(entry: Entry) -> list[str]:
    return [
        entry[field]
        for field in ("blob", "quarantine", "policy")
        if entry["kind"] in ("submitted", "opened") and entry.get(field)
    ]


def _blob_fault(store: BlobStore, entries: Iterable[Entry]) -> Fault | None:
    for entry in entries:
        for name in _named_blobs(entry):
            try:
                store.get(name)
            except BlobError:
                return Fault(entry["seq"], "blob")
    return None


def verify(home: Home, *, blobs: bool = False) -> tuple[int, Fault | None]:
    """Verify a home's ledger (with `blobs`, also what it points to).

    Returns:
        How many entries hold, and the first fault or None.
    """
    try:
        # One moment for all of it: what is written meanwhile is no fault.
        with Ledger(home.ledger).reading() as reader:
            heads = reader.query("SELECT seq, hash FROM head")
            rows = reader.query("SELECT seq, hash, body FROM entries ORDER BY seq")
            entries, fault = verify_chain(rows, heads[0] if heads else None)
            fault = fault or _state_fault(reader, state_of(entries))
        if fault is None and blobs:
            fault = _blob_fault(BlobStore(home.blobs), entries)
    except (sqlite3.Error, KeyError, TypeError, AttributeError, ValueError):
        # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
        return 0, Fault(0, "unreadable")
    return len(entries), fault
