"""The gate history read once: checked entries, and what every export needs to know of them.

Rules: all is read in one moment; a ledger whose chain, end or list of units does not hold is not
exported at all; nothing here depends on when or where it is read. Free texts of reasons come from
their blobs, and stay empty where a blob was erased or is no longer what its digest says.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from data.acts import Gate, Keyring
from data.adoptions import Held
from data.blobs import BlobError, BlobStore
from data.forecasts import Forecast, forecasts
from data.history import History
from data.home import Home
from data.ledger import Ledger, LedgerBroken, entries_where, typed_entry
from data.status import reached
from data.verify_chain import verify_chain
from schemas.canonical import canonical, digest
from schemas.entries import (
    Decided,
    Entry,
    HandedOn,
    Listed,
    Opened,
    SignedAct,
    Withdrawn,
)
from schemas.text import Text
from schemas.vocabulary import AHEAD_COMPLETE, AHEAD_INCOMPLETE, NOT_REACHED, STAGES, Outcome
from schemas.words import HELD
from tasks.export.progress import Progress, silent

Kind = TypeVar("Kind", bound=Entry)

READING = Text("读取记录", "reading the ledger")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the cycle; `seq` is the entry that lists or first names it."""

    unit: str
    jurisdiction: str
    name: str
    level: str
    body: str
    parent: str | None
    seq: int


@dataclass(frozen=True, slots=True)
class GateNow:
    """A gate as it counts now: `state` is an outcome, `not_reached`, or `held`."""

    state: str
    recorded: str
    held_by: str
    seq: int | None


@dataclass
class Record:
    """The entries of a ledger and what follows from them: `history` is what counts at its end."""

    entries: list[Entry]
    hashes: list[str]
    units: dict[str, Unit]
    reasons: dict[str, str]
    history: History
    decisions: dict[Gate, list[Decided]] = field(default_factory=dict)
    handed: dict[Gate, list[HandedOn]] = field(default_factory=dict)
    withdrawn: dict[int, int] = field(default_factory=dict)
    forecasts: Mapping[Gate, Forecast] = field(default_factory=dict)
    _gates: dict[str, dict[str, GateNow]] = field(default_factory=dict)

    @property
    def cycle(self) -> str:
        """The hash of the first entry."""
        return self.hashes[0]

    @property
    def opened(self) -> Opened:
        """The first entry.

        Raises:
            LedgerBroken: it is another.
        """
        first = self.entries[0]
        if not isinstance(first, Opened):
            raise LedgerBroken(1, "unlinked")
        return first

    @property
    def pack(self) -> Held:
        """The policy pack in force on the day of the newest entry."""
        return self.history.packs.at(self.history.latest)

    @property
    def keys(self) -> Keyring:
        """Every key that was ever enrolled."""
        return self.history.acts.keys

    @property
    def last(self) -> Entry:
        """The newest entry."""
        return self.entries[-1]

    @cached_property
    def latest(self) -> Decided | None:
        """The decision on the latest day, the newest of several: what is shown is as of its day."""
        return max(
            (one for found in self.decisions.values() for one in found),
            key=lambda one: (one.on, one.seq),
            default=None,
        )

    @property
    def day(self) -> str:
        """The latest day on which facts were looked at, or nothing."""
        return self.history.latest

    @cached_property
    def next_of(self) -> dict[int, Decided]:
        """Decision → the one that came after it at the same gate."""
        return {
            one.seq: after for found in self.decisions.values() for one, after in pairwise(found)
        }

    def of_kind(self, kind: type[Kind]) -> list[Kind]:
        """The entries of a kind, in order."""
        return [entry for entry in self.entries if isinstance(entry, kind)]

    def current(self, gate: Gate) -> Decided | None:
        """The decision that stands for a gate."""
        found = self.decisions.get(gate)
        return found[-1] if found else None

    def gates(self, unit: str) -> dict[str, GateNow]:
        """Stage → how the unit's gate counts now."""
        if unit not in self._gates:
            self._gates[unit] = self._gates_of(unit)
        return self._gates[unit]

    def _gates_of(self, unit: str) -> dict[str, GateNow]:
        current = {stage.value: self.current((unit, stage.value)) for stage in STAGES}
        counted = reached({name: one.outcome for name, one in current.items() if one})
        holding = next((name for name, state in counted.items() if state != Outcome.OPEN), "")
        found: dict[str, GateNow] = {}
        for name, state in counted.items():
            one = current[name]
            held = state == NOT_REACHED and one is not None
            found[name] = GateNow(
                HELD if held else state,
                one.outcome if one else "",
                holding if held else "",
                one.seq if one else None,
            )
        return found

    def ahead(self, gate: Gate) -> tuple[str, Forecast] | None:
        """How the forecast of a gate that is not reached is shown, and the forecast."""
        unit, stage = gate
        found = self.forecasts.get(gate)
        if found is None or self.gates(unit)[stage].state not in (NOT_REACHED, HELD):
            return None
        return AHEAD_COMPLETE if found.complete else AHEAD_INCOMPLETE, found

    def reason(self, name: str) -> str | None:
        """The text of a reason by its digest; None where none was given or none is kept."""
        return self.reasons.get(name)


def _listed(entries: list[Entry], rows: list[tuple[Any, ...]]) -> dict[str, Unit]:
    """The units of the cycle; the table must be what the last `listed` entry says."""
    listed = next((one for one in reversed(entries) if isinstance(one, Listed)), None)
    if rows and (listed is None or digest(canonical(rows)) != listed.digest):
        raise LedgerBroken(listed.seq if listed else 1, "state")
    seq = listed.seq if listed else 0
    units = {
        unit: Unit(unit, jurisdiction, name, level, body, parent, seq)
        for unit, jurisdiction, name, level, body, parent in rows
    }
    for entry in entries:
        name = entry.of_unit
        if name and name not in units:
            # It was taken from the cycle; what it went through stays.
            place, _, body = name.partition("-")
            units[name] = Unit(name, place, "", "", body, None, entry.seq)
    return dict(sorted(units.items()))


def _follow(record: Record, entry: Entry, reasons: BlobStore | None) -> None:
    record.history.take(entry)
    match entry:
        case Decided():
            record.decisions.setdefault(entry.gate, []).append(entry)
        case HandedOn():
            record.handed.setdefault(entry.gate, []).append(entry)
        case Withdrawn():
            record.withdrawn[entry.of] = entry.seq
    if reasons:
        _reason(record, entry, reasons)


def _reason(record: Record, entry: Entry, reasons: BlobStore) -> None:
    if isinstance(entry, SignedAct) and (name := entry.said.reason):
        with suppress(BlobError):  # erased: its digest stays, and says that there was one
            record.reasons[name] = reasons.get(name).decode("utf-8", "backslashreplace")


def record_of(
    entries: list[Entry],
    hashes: list[str],
    units: list[tuple[Any, ...]],
    reasons: BlobStore | None = None,
) -> Record:
    """The record that entries make; reasons are read from `reasons`, if it is given.

    Raises:
        LedgerBroken: an entry does not follow from those before it, or the units are not those
            listed.
    """
    record = Record(entries, hashes, _listed(entries, units), {}, History(hashes[0]))
    for entry in entries:
        try:
            _follow(record, entry, reasons)
        except (KeyError, ValueError) as error:
            raise LedgerBroken(entry.seq, "signature") from error
    return record


def acts_on_record(home: Home, history: History, *kinds: str) -> Record:
    """The acts of some kinds alone, which count as `history` says: a record without the rest.

    Raises:
        LedgerBroken: one of them is not what was written.
    """
    marks = ", ".join("?" for _ in kinds)
    of_kind = f"seq IN (SELECT seq FROM acts WHERE kind IN ({marks}))"  # noqa: S608 (question marks)
    entries = list(entries_where(Ledger(home.ledger), of_kind, *kinds))
    record = Record(entries, [], {}, {}, history)
    store = BlobStore(home.blobs)
    for entry in entries:
        if isinstance(entry, Withdrawn):
            record.withdrawn[entry.of] = entry.seq
        _reason(record, entry, store)
    return record


def read_record(home: Home, *, reasons: bool = True, progress: Progress = silent) -> Record:
    """Read a home's ledger once, as of one moment.

    Raises:
        LedgerBroken: something in it does not hold; nothing is exported then.
    """
    progress(READING, 0, 1)
    with Ledger(home.ledger).reading() as reader:
        heads = reader.query("SELECT seq, hash FROM head")
        rows = [
            (int(seq), str(name), bytes(body))
            for seq, name, body in reader.query("SELECT seq, hash, body FROM entries ORDER BY seq")
        ]
        units = reader.query(
            "SELECT unit, jurisdiction, name, level, body, parent FROM units ORDER BY unit"
        )
        ahead = forecasts(reader)
    contents, fault = verify_chain(rows, heads[0] if heads else None)
    if fault:
        raise LedgerBroken(fault.seq, fault.fault)
    entries = [typed_entry(content) for content in contents]
    store = BlobStore(home.blobs) if reasons else None
    record = record_of(entries, [name for _, name, _ in rows], units, store)
    progress(READING, 1, 1)
    return replace(record, forecasts=ahead)
