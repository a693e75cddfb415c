"""What changed of a gate's evidence: which rows of which registers, by their keys.

Rules: a row counts where the gate's reads select it for the unit, and only the columns that they
look at; of a row its register and its key are told and never a cell, so that nothing personal is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.home import Home
from data.ledger import Ledger
from schemas.entries import GateAct
from schemas.facts import Facts
from schemas.registers import REGISTERS, behind
from schemas.rules.base import Read, merged, registers_of
from schemas.text import Text
from schemas.vocabulary import Stage
from tasks.gate.approvals import reads_of
from tasks.gate.evidence import rows_by_unit, unit_digests
from tasks.gate.snapshot import Snapshot, facts_at, snapshot_at, verified_here

ADDED, CHANGED, GONE = "added", "changed", "gone"
LABELS = {
    ADDED: Text("新增", "added"),
    CHANGED: Text("有改动", "changed"),
    GONE: Text("已撤回或不再涉及", "withdrawn, or no longer concerned"),
}
# So many keys of a register are told in words; programs get all.
TOLD = 5


@dataclass(frozen=True, order=True)
class Change:
    """A row of a gate's evidence that is another one, or there on one side only."""

    register: str
    change: str
    key: str

    def as_json(self) -> dict[str, Any]:
        """The change as it is printed for programs."""
        return {"register": self.register, "key": self.key, "change": self.change}


def changes_of(then: Facts, now: Facts, reads: Iterable[Read], unit: str) -> list[Change]:
    """The rows by which the evidence of a unit differs between two states of the registers."""
    then, now = then.within([unit]), now.within([unit])
    found: set[Change] = set()
    if unit_digests(then) != unit_digests(now):
        found.add(Change("units", CHANGED, unit))
    before, after = _rows(then, reads, unit), _rows(now, reads, unit)
    for register, key in before.keys() | after.keys():
        old, new = before.get((register, key)), after.get((register, key))
        if old != new:
            change = ADDED if old is None else GONE if new is None else CHANGED
            found.add(Change(register, change, key))
    return sorted(found)


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


def since_acts(home: Home, acts: Iterable[GateAct]) -> dict[int, list[Change]]:
    """Entry of an act about a gate → the rows of the gate's evidence that changed since it.

    Raises:
        LedgerBroken: the ledger does not verify.
        BlobError: a blob is missing or was changed.
    """
    history = verified_here(home).history
    on = date.fromisoformat(history.latest)
    snapshot = snapshot_at(home, Ledger(home.ledger), history, "cycle", on)
    return {act.seq: _since(snapshot, act) for act in acts}


def _since(snapshot: Snapshot, act: GateAct) -> list[Change]:
    reads = reads_of(snapshot, Stage(act.stage))
    deliveries = [one for one in snapshot.history.deliveries if one.seq < act.seq]
    then = facts_at(snapshot, deliveries, behind(registers_of(reads)))
    return changes_of(then, snapshot.facts, reads, act.unit)


def told(changes: Sequence[Change]) -> list[Text]:
    """A line for each register and kind of change: its title, and the keys of the rows."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in changes:
        groups.setdefault((one.register, one.change), []).append(one.key)
    return [_line(register, change, keys) for (register, change), keys in groups.items()]


def told_since(changes: Sequence[Change]) -> list[Text]:
    """The same of what changed since a signature: where no row did, the waivers are others."""
    return told(changes) or [Text("例外审批有变", "the waivers in force are others")]


def _line(register: str, change: str, keys: Sequence[str]) -> Text:
    title, label, shown = REGISTERS[register].title, LABELS[change], ", ".join(keys[:TOLD])
    left = len(keys) - TOLD
    zh, en = (f"等{len(keys)}行", f" and {left} more") if left > 0 else ("", "")
    return Text(
        f"台账“{title.zh}”{label.zh}：{shown.replace(', ', '、')}{zh}",
        f"“{title.en}” {label.en}: {shown}{en}",
    )
