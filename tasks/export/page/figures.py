"""The figures at the head of the report, each with the ledger entries that it counts.

Rules: a figure without entries is a nought, and says so; nothing is counted that the tables below
do not list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schemas.entries import Attempted, Decided
from schemas.text import Text
from schemas.vocabulary import STAGES, Outcome
from tasks.export.columns import Row
from tasks.export.history import GateNow, Record
from tasks.export.rows import hand_offs, sign_offs, waivers


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts."""

    label: Text
    shown: str
    seqs: list[int]
    accent: str = ""


def number(row: Row, column: str = "seq") -> int:
    """A whole number of a row; 0 where it has none."""
    cell = row.get(column)
    return cell if isinstance(cell, int) else 0


def unfounded(record: Record) -> list[Row]:
    """Hand-offs on which units still rest although their gate does not stand on them any more."""
    found = []
    for row in hand_offs(record):
        now = record.gates(str(row["unit"]))[str(row["stage"])]
        if row["again"] is None and (row["ended_by"] is not None or now.state != Outcome.OPEN):
            found.append(row)
    return found


def figures_of(record: Record) -> list[Figure]:
    """All figures, in their order."""
    gates = {unit: record.gates(unit) for unit in record.units}
    last = STAGES[-1].value
    done = [
        now[last].seq or 0
        for now in gates.values()
        if all(one.state == Outcome.OPEN for one in now.values())
    ]

    def having(test: Callable[[GateNow], bool]) -> list[int]:
        return [one.seq for now in gates.values() for one in now.values() if one.seq and test(one)]

    opened = having(lambda one: one.state == Outcome.OPEN)
    waiting = having(lambda one: one.state == Outcome.WAITING)
    blocked = having(lambda one: one.state == Outcome.BLOCKED)
    again = [one.seq for one in record.of_kind(Decided) if one.reopened]
    resting = [number(row) for row in unfounded(record)]
    forced = [row for row in waivers(record) if row["state"] == "counts"]
    subjects = {(row["unit"], row["check"], row["subject"]) for row in forced}
    signed = [number(row) for row in sign_offs(record) if row["state"] == "counts"]
    attempts = [one.seq for one in record.of_kind(Attempted)]
    every = [entry.seq for entry in record.entries]
    return [
        Figure(Text("全部通过的单位", "units through all gates"),
               f"{len(done)} / {len(record.units)}", done, "open"),
        Figure(Text("通过的关口", "gates open"), str(len(opened)), opened, "open"),
        Figure(Text("待补的关口", "gates waiting"), str(len(waiting)), waiting, "waiting"),
        Figure(Text("受阻的关口", "gates blocked"), str(len(blocked)), blocked, "blocked"),
        Figure(Text("通过后又暂停", "closed after standing open"), str(len(again)), again),
        Figure(Text("依据已不成立的交接", "hand-offs without ground"), str(len(resting)), resting),
        Figure(Text("有效的例外审批", "waivers in force"), str(len(subjects)),
               [number(row) for row in forced]),
        Figure(Text("有效的签字", "sign-offs that count"), str(len(signed)), signed),
        Figure(Text("被拒办理", "refused attempts"), str(len(attempts)), attempts),
        Figure(Text("记录条数", "ledger entries"), str(len(every)), every),
    ]  # fmt: skip
