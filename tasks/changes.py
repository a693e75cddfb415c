"""What changed of a gate's evidence: which rows of which registers, by their keys.

Rules: a row counts where the gate's reads select it for the unit, and only the columns that they
look at; of a row its register and its key are named and never a cell, so that nothing personal is.
Whoever may see rows is shown them in both states (`tasks.officers.seeing`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from data.history import Submission
from data.home import Home
from data.ledger import Ledger
from data.registers import delivered_cells
from schemas.entries import GateAct, Objected
from schemas.facts import Facts
from schemas.registers import REGISTERS, behind
from schemas.rules.base import Read, merged, registers_of
from schemas.text import Text, comma_separated
from schemas.vocabulary import Stage
from schemas.words import ROW_CHANGES
from tasks.gate.approvals import reads_of
from tasks.gate.evidence import rows_by_unit, rows_seen, unit_digests
from tasks.gate.snapshot import Snapshot, facts_at, snapshot_at, verified_here

ADDED, CHANGED, GONE = "added", "changed", "gone"
# So many keys of a register are named in words; programs get all.
KEYS_SHOWN = 5


@dataclass(frozen=True, order=True)
class Change:
    """A row of a gate's evidence that is another one, or there on one side only."""

    register: str
    change: str
    key: str

    def as_json(self) -> dict[str, Any]:
        """The change as it is printed for programs."""
        return {"register": self.register, "key": self.key, "change": self.change}


def changes_of(then: Facts, now: Facts, reads: Sequence[Read], unit: str) -> list[Change]:
    """The rows by which the evidence of a unit differs between two states of the registers."""
    then, now = then.within([unit]), now.within([unit])
    found: set[Change] = set()
    if unit_digests(then) != unit_digests(now):
        found.add(Change("units", CHANGED, unit))
    # Rows that are the same whole are so in the columns that are read.
    touched = {one.register for one in reads if _seen(then, one, unit) != _seen(now, one, unit)}
    reads = [one for one in reads if one.register in touched]
    before, after = _rows(then, reads, unit), _rows(now, reads, unit)
    for register, key in before.keys() | after.keys():
        old, new = before.get((register, key)), after.get((register, key))
        if old != new:
            change = ADDED if old is None else GONE if new is None else CHANGED
            found.add(Change(register, change, key))
    return sorted(found)


def _seen(facts: Facts, one: Read, unit: str) -> list[str]:
    return sorted(rows_seen(facts, one).get(unit, ()))


def _rows(facts: Facts, reads: Iterable[Read], unit: str) -> dict[tuple[str, str], set[object]]:
    """Register and key → what the reads see of the row."""
    found: dict[tuple[str, str], set[object]] = {}
    for read in merged(reads):
        rows = facts.selected(read).get(unit, [])
        columns = [facts.tables[read.register][name] for name in REGISTERS[read.register].key]
        seen = rows_by_unit(facts, read).get(unit, [])
        for row, cells in zip(rows, seen, strict=True):
            key = "/".join(_shown(column.iloc[row]) for column in columns)
            found.setdefault((read.register, key), set()).add((read.form, cells))
    return found


def _shown(value: Any) -> str:
    return value.date().isoformat() if hasattr(value, "date") else str(value)


@dataclass(frozen=True)
class Versions:
    """The evidence of a gate of a unit before each of two entries, as a snapshot knows them.

    What changed is found in the registers that the gate reads; all are put together only for
    whoever sees rows, in which people are called by their names.
    """

    snapshot: Snapshot
    unit: str
    stage: Stage
    entries: tuple[int, int]

    @cached_property
    def reads(self) -> Sequence[Read]:
        """What the gate looks at."""
        return reads_of(self.snapshot, self.stage)

    @cached_property
    def changes(self) -> list[Change]:
        """The rows by which they differ."""
        registers = behind(registers_of(self.reads))
        then, now = (self._before(entry, registers) for entry in self.entries)
        return changes_of(then, now, self.reads, self.unit)

    @cached_property
    def then(self) -> Facts:
        """All registers before the first of the two entries."""
        return self._before(self.entries[0], REGISTERS)

    @cached_property
    def now(self) -> Facts:
        """All registers before the second."""
        return self._before(self.entries[1], REGISTERS)

    def _before(self, seq: int, registers: Container[str]) -> Facts:
        """Some registers before an entry."""
        history = self.snapshot.history
        if seq > history.seq:
            return self.snapshot.facts
        given = (one for one in history.deliveries if one.seq < seq)
        return facts_at(self.snapshot, given, registers)

    def columns(self, register: str) -> set[str]:
        """What the gate looks at of a row."""
        return {name for one in self.reads if one.register == register for name in one.columns}

    def row(self, facts: Facts, one: Change) -> int | None:
        """Where a row that changed stands in one of the two states, if it does."""
        frame = facts.tables[one.register]
        columns = (frame[name].tolist() for name in REGISTERS[one.register].key)
        keys = ("/".join(map(_shown, cells)) for cells in zip(*columns, strict=True))
        return next((place for place, key in enumerate(keys) if key == one.key), None)


def since_acts(home: Home, acts: Iterable[GateAct]) -> dict[int, list[Change]]:
    """Entry of an act about a gate → the rows of the gate's evidence that changed since it.

    Raises:
        LedgerBroken: the ledger does not verify.
        BlobError: a blob is missing or was changed.
    """
    snapshot = _whole(home)
    return {act.seq: since(snapshot, act).changes for act in acts}


def _whole(home: Home) -> Snapshot:
    history = verified_here(home).history
    on = date.fromisoformat(history.latest)
    return snapshot_at(home, Ledger(home.ledger), history, "cycle", on)


def since(snapshot: Snapshot, act: GateAct) -> Versions:
    """The evidence of a gate when an act about it was signed, and as it is in a snapshot.

    To look at it raises:
        BlobError: a blob is missing or was changed; so below.
    """
    return Versions(snapshot, act.unit, Stage(act.stage), (act.seq, snapshot.history.seq + 1))


@dataclass(frozen=True)
class Raising:
    """A row by which an objection was raised, and the delivery that it came by."""

    change: Change
    delivery: Submission

    def as_json(self) -> dict[str, Any]:
        """As it is printed for programs."""
        return {**self.change.as_json(), "seq": self.delivery.seq, "by": self.delivery.officer}


def raising(snapshot: Snapshot, one: Objected) -> tuple[Versions, list[Raising]]:
    """What of a gate's evidence differs since its unit was concluded, and who delivered it."""
    found = Versions(snapshot, one.unit, Stage(one.stage), (one.handed_on, one.position + 1))
    late = range(one.handed_on + 1, one.position + 1)
    given = [each for each in snapshot.history.deliveries if each.seq in late]
    last = last_delivered(snapshot, found.changes, given)
    return found, [Raising(each, last[each]) for each in found.changes if each in last]


def last_delivered(
    snapshot: Snapshot, rows: Sequence[Change], given: Sequence[Submission]
) -> dict[Change, Submission]:
    """Of each of some rows the last of the deliveries `given`, oldest first, that it came by."""
    found: dict[Change, Submission] = {}
    for one in reversed(given):
        wanted = [row for row in rows if row.register == one.register and row not in found]
        keys = _keys(snapshot, one) if wanted else set()
        found |= {row: one for row in wanted if row.key in keys}
    return found


def raised_by(home: Home, objections: Iterable[Objected]) -> dict[int, list[Raising]]:
    """Entry of an objection → the rows that raised it.

    Raises:
        LedgerBroken: the ledger does not verify.
    """
    snapshot = _whole(home)
    return {one.seq: raising(snapshot, one)[1] for one in objections}


def _keys(snapshot: Snapshot, one: Submission) -> set[str]:
    """The keys of the rows of a submission."""
    key = REGISTERS[one.register].key
    rows = delivered_cells(snapshot.blobs, one.register, one.blob, key)
    return {"/".join(map(_shown, cells)) for cells in rows}


def counted(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """Register → how rows changed → how many, as officers sign it."""
    found: dict[str, dict[str, int]] = {}
    for one in changes:
        of = found.setdefault(one.register, {})
        of[one.change] = of.get(one.change, 0) + 1
    return found


def change_lines(changes: Sequence[Change]) -> list[Text]:
    """A line for each register and kind of change: its title, and the keys of the rows."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in changes:
        groups.setdefault((one.register, one.change), []).append(one.key)
    return [_line(register, change, keys) for (register, change), keys in groups.items()]


def change_lines_since(changes: Sequence[Change]) -> list[Text]:
    """The same of what changed since a signature: where no row did, the waivers are others."""
    return change_lines(changes) or [Text("例外审批有变", "the waivers in force are others")]


def _key_shown(register: str, key: str) -> Text:
    """The key of a row with its terms in words; ids are those by which people ask for rows."""
    parts, names = key.split("/"), REGISTERS[register].key
    if len(parts) != len(names):
        return Text(key, key)
    columns = [REGISTERS[register].column[name] for name in names]
    said = [
        column.terms(part).label if column.terms and part in set(column.terms) else Text(part, part)
        for column, part in zip(columns, parts, strict=True)
    ]
    return Text("/".join(one.zh for one in said), "/".join(one.en for one in said))


def _line(register: str, change: str, keys: Sequence[str]) -> Text:
    title, label = REGISTERS[register].title, ROW_CHANGES[change]
    shown = [_key_shown(register, one) for one in keys[:KEYS_SHOWN]]
    named = comma_separated(shown)
    left = len(keys) - KEYS_SHOWN
    zh, en = (f"等{len(keys)}行", f" and {left} more") if left > 0 else ("", "")
    return Text(
        f"台账“{title.zh}”{label.zh}：{named.zh}{zh}",
        f"“{title.en}” {label.en}: {named.en}{en}",
    )
