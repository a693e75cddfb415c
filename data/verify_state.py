"""Verification of the state tables of a home: they are what the entries say, and nothing else.

Rules: docs/history.md, "Verification", 2a. A table has the rows that follow from the entries, in
their order, whatever else stands in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from data.acts import Gate
from data.ledger import Reader
from data.verify_chain import Fault
from schemas.canonical import canonical, digest
from schemas.entries import (
    Confirmed,
    Decided,
    Delivered,
    Entry,
    EvaluatorAct,
    GateAct,
    HandedOn,
    KeyAct,
    Listed,
    Objected,
    PackAct,
    Proposed,
    Submitted,
)

Row = tuple[Any, ...]


@dataclass
class State:
    """The state tables by entry; of `units`, which mirrors two registers, entry and digest."""

    submissions: list[Row] = field(default_factory=list)
    acts: list[Row] = field(default_factory=list)
    listed: tuple[int, str] = (0, "")
    _gates: dict[Gate, Row] = field(default_factory=dict)
    _handed_on: dict[Gate, Row] = field(default_factory=dict)

    def copy(self) -> State:
        """The same state, to be followed on its own."""
        return replace(
            self,
            submissions=list(self.submissions),
            acts=list(self.acts),
            _gates=dict(self._gates),
            _handed_on=dict(self._handed_on),
        )

    @property
    def gates(self) -> list[Row]:
        """The decisions that stand."""
        return _by_entry(self._gates)

    @property
    def handed_on(self) -> list[Row]:
        """The last hand-off of each gate."""
        return _by_entry(self._handed_on)

    def take(self, entry: Entry) -> None:
        """Follow one entry."""
        match entry:
            case Decided():
                outcome = entry.outcome, entry.decision
                self._gates[entry.gate] = (*entry.gate, entry.seq, *outcome)
            case HandedOn():
                handed = entry.decision, entry.digest
                self._handed_on[entry.gate] = (*entry.gate, entry.seq, *handed)
            case KeyAct() | GateAct() | Delivered() | Proposed() | Confirmed() | PackAct():
                about = (entry.of_unit, entry.of_stage, entry.officer, entry.payload)
                self.acts.append((entry.seq, entry.kind, *about))
            case Objected():
                self.acts.append((entry.seq, entry.kind, *entry.gate, "", entry.objection))
            case EvaluatorAct():
                self.acts.append((entry.seq, entry.kind, "", "", entry.by, entry.payload))
            case Submitted(blob=str(blob)):
                self.submissions.append((entry.seq, entry.register, entry.mode, blob))
            case Listed():
                self.listed = (entry.seq, entry.digest)


def _by_entry(rows: Mapping[Gate, Row]) -> list[Row]:
    return sorted(rows.values(), key=lambda row: row[2])


def state_of(entries: Iterable[Entry]) -> State:
    """The state that follows from the entries."""
    state = State()
    for entry in entries:
        state.take(entry)
    return state


def state_fault(reader: Reader, expected: State) -> Fault | None:
    """The first table that says anything else."""
    for table, rows in (
        ("submissions", expected.submissions),
        ("acts", expected.acts),
        ("gates", expected.gates),
        ("handed_on", expected.handed_on),
    ):
        found = reader.query(f"SELECT * FROM {table} ORDER BY seq")  # noqa: S608 (our own tables)
        if found != rows:
            odd = min({*found} ^ {*rows}, key=str, default=())
            return Fault(next((cell for cell in odd if isinstance(cell, int)), 0), "state")
    seq, listed = expected.listed
    units = reader.query("SELECT * FROM units ORDER BY unit")
    if (units or seq) and digest(canonical(units)) != listed:
        return Fault(seq, "state")
    return None
