"""Which rows of a gate's evidence an officer sees, with the names of those in them.

Rules: an officer of the unit's place, or of one above it, whose organ signs the gate sees what it
reads; one whose organ only supplies registers sees the rows of those. The key must say of them what
the register says. Nobody sees anything of a gate for which they or their kin are candidates, nor a
row in which they or their kin are named by an id, nor that there is one; whom it names must be
plain, or nobody sees it. Kin and own ids count as they do for signing.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.acts import Key
from schemas.registers import REGISTERS
from schemas.rules.base import Reach, merged
from schemas.vocabulary import Body, Level, Organ, Stage
from tasks.asklists.record import Record, Row
from tasks.gate.approvals import reads_of
from tasks.gate.snapshot import Snapshot
from tasks.intake.cells import YES_NO, Value
from tasks.intake.names import name_of, named_columns
from tasks.officers.independence import officers_of, people_of, related
from tasks.officers.validity import holder_fault

# What leads from a row to somebody; of a talk, only its own row names who held it.
_PEOPLE = ("roster", "officers", "candidates", "nominations", "reports")


@dataclass(frozen=True)
class Seen:
    """Rows of a register, in the columns that the gate reads."""

    register: str
    columns: tuple[str, ...]
    rows: list[list[str]]


def seen_by(whole: Snapshot, unit: str, stage: Stage, key: Key) -> list[Seen]:
    """The rows of a gate's evidence that the holder of a key sees, by register."""
    snapshot = whole.within({unit})
    allowed = _registers(snapshot, stage, key)
    own = _own(snapshot, key.officer)
    candidates = snapshot.facts.tables["candidates"]
    standing = candidates.loc[candidates["unit"] == unit, "person"].tolist()
    if not allowed or not own.isdisjoint(standing):
        return []
    found: dict[str, tuple[set[str], set[int]]] = {}
    for read in merged(reads_of(snapshot, stage)):
        if read.register in allowed:
            columns, rows = found.setdefault(read.register, (set(), set()))
            columns.update(read.columns)
            rows.update(snapshot.facts.selected(read).get(unit, ()))
    record = Record(snapshot.facts)
    seen = [_seen(record, name, *found[name], own) for name in REGISTERS if name in found]
    return [one for one in seen if one.rows]


def _registers(snapshot: Snapshot, stage: Stage, key: Key) -> set[str]:
    """The registers of which the holder of a key sees rows at the gate of a unit."""
    if not key.current or holder_fault(key, officers_of(snapshot.facts)):
        return set()
    place, level, body = (
        snapshot.facts.units[name].tolist()[0] for name in ("jurisdiction", "level", "body")
    )
    if key.jurisdiction not in snapshot.facts.relatives(Reach.ANCESTORS)[place]:
        return set()
    if any(
        one.stands_for(Level(level), Body(body)) and Organ(key.organ) in one.organs
        for one in snapshot.pack.sign_offs[stage]
    ):
        return set(REGISTERS)
    return {name for name, one in REGISTERS.items() if one.provider == key.organ}


def _own(snapshot: Snapshot, officer: str) -> set[str]:
    """Everybody whom an officer ever was, and their kin."""
    people, kin = people_of(snapshot).get(officer, set()), related(snapshot.facts)
    return people | {one for person in people for one in kin.get(person, ())}


def _seen(record: Record, name: str, columns: set[str], rows: set[int], own: set[str]) -> Seen:
    register = REGISTERS[name]
    wanted = tuple(
        spec.name for spec in register.columns if spec.name in columns or spec.name in register.key
    )
    shown = []
    for row in record.at(name, sorted(rows)):
        named = _named(record, name, row)
        if named is not None and own.isdisjoint(named):
            shown.append([_cell(record, name, column, row[column]) for column in wanted])
    return Seen(name, wanted, shown)


def _named(record: Record, register: str, row: Row) -> set[str] | None:
    """The people whom a row names; None where that cannot be told."""
    found = {str(row["person"])} if register in ("roster", "officers") else set()
    for column, target in REGISTERS[register].references.items():
        value = row[column]
        if target not in _PEOPLE or value is None:
            continue
        if target == "roster":
            found.add(str(value))
            continue
        other = record.row(target, str(value))
        people = _named(record, target, other) if other else None
        if people is None:
            return None
        found |= people
    return found


def _cell(record: Record, register: str, column: str, value: Value) -> str:
    """A cell as people read it, with the name of whoever has an id."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO[value].render()
    terms = REGISTERS[register].column[column].terms
    if terms:
        return terms(str(value)).label.render()
    target = named_columns(register).get(column)
    name = name_of(target, str(value), record.row) if target else None
    return f"{value} {name.render()}" if name else str(value)
