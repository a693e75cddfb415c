"""Which rows of a gate's evidence an officer sees, with names, which reasons, and whose names.

Rules: an officer of the unit's place, or of one above it, whose organ signs the gate sees what it
reads; one whose organ only supplies registers sees the rows of those. The key must say of them what
the register says. Nobody sees anything of a gate for which they or their kin are candidates, nor a
row in which they or their kin are named by an id, nor that there is one; whom it names must be
plain, or nobody sees it. Kin and own ids count as they do for signing. What officers wrote as a
reason may name anybody: it is for those who see all rows there, who acted there or are asked to.
What officers are called is for whoever supplies their register, of their own place and below, and
for who may vouch for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from data.acts import LIFT, Key
from schemas.authority import Panel
from schemas.entries import GateAct, Refused, Ruled, Waived
from schemas.registers import REGISTERS
from schemas.rules.base import Reach, merged
from schemas.vocabulary import Body, Level, Organ, Stage
from tasks.asklists.record import Record, Row
from tasks.changes import CHANGED, GONE, Change, Versions
from tasks.gate.approvals import reads_of
from tasks.gate.snapshot import Snapshot
from tasks.intake.cells import YES_NO, Value
from tasks.intake.names import name_of, named_columns
from tasks.intake.replacing import Replaced
from tasks.officers.independence import officers_of, people_of, related
from tasks.officers.validity import holder_fault

# What leads from a row to somebody; of a talk, only its own row names who held it.
_PEOPLE = ("roster", "officers", "candidates", "nominations", "reports")


@dataclass(frozen=True)
class VisibleRows:
    """Rows of a register, in the columns that the gate reads."""

    register: str
    columns: tuple[str, ...]
    rows: list[list[str]]


def visible_rows(whole: Snapshot, unit: str, stage: Stage, key: Key) -> list[VisibleRows]:
    """The rows of a gate's evidence that the holder of a key sees, by register."""
    snapshot = whole.within({unit})
    visibility = _Visibility(snapshot, unit, stage, key)
    found: dict[str, tuple[set[str], set[int]]] = {}
    for read in merged(reads_of(snapshot, stage)):
        if read.register in visibility.registers:
            columns, rows = found.setdefault(read.register, (set(), set()))
            columns.update(read.columns)
            rows.update(snapshot.facts.selected(read).get(unit, ()))
    record = Record(snapshot.facts)
    seen = [visibility.rows(record, name, *found[name]) for name in REGISTERS if name in found]
    return [one for one in seen if one.rows]


@dataclass(frozen=True)
class VisibleChange:
    """A row that changed, and of what the gate reads of it each cell before and after.

    `cells` are by column, and none for whoever does not see the row.
    """

    change: Change
    cells: list[tuple[str, str, str]]


def visible_changes(
    whole: Snapshot, stage: Stage, versions: Versions, key: Key
) -> list[VisibleChange]:
    """What changed of a gate's evidence, as the holder of a key sees it."""
    visibility = _Visibility(whole.within({versions.unit}), versions.unit, stage, key)
    states = [(one, Record(one)) for one in (versions.then, versions.now)]

    def cells(change: Change) -> list[tuple[str, str, str]]:
        if change.register not in visibility.registers:
            return []
        columns = versions.columns(change.register)
        places = [versions.row(facts, change) for facts, _ in states]
        seen = [
            visibility.rows(record, change.register, columns, set() if at is None else {at})
            for at, (_, record) in zip(places, states, strict=True)
        ]
        if [len(one.rows) for one in seen] != [at is not None for at in places]:
            return []
        then, now = ((one.rows or [[""] * len(one.columns)])[0] for one in seen)
        every = zip(seen[0].columns, then, now, strict=True)
        return [one for one in every if one[1] != one[2]]

    return [VisibleChange(one, cells(one)) for one in versions.changes]


def visible_replaced(whole: Snapshot, rows: Iterable[Replaced], key: Key) -> list[VisibleChange]:
    """What a delivery of the holder of a key replaces, all cells for whose organ supplies the rows.

    None of a row that has to do with themselves or their kin, as it is or as it would be.
    """
    own, record = _own(whole, key.officer), Record(whole.facts)

    def cells(one: Replaced) -> list[tuple[str, str, str]]:
        states = [state for state in (one.before, one.after) if state]
        people = [_named(record, one.register, state) for state in states]
        if REGISTERS[one.register].provider != key.organ or not may_hand_over(whole, states, key):
            return []
        if any(named is None or not own.isdisjoint(named) for named in people):
            return []
        after = one.after or dict.fromkeys(one.before)

        def cell(name: str, row: Row) -> str:
            return _cell(record, one.register, name, row[name])

        every = [(name, cell(name, one.before), cell(name, after)) for name in one.before]
        return [each for each in every if each[1] != each[2]]

    return [VisibleChange(change_of(one), cells(one)) for one in rows]


def change_of(one: Replaced) -> Change:
    """What becomes of a row that is replaced."""
    return Change(one.register, CHANGED if one.after else GONE, one.key)


def reads_reason(whole: Snapshot, act: GateAct, key: Key) -> bool:
    """Whether the holder of a key reads what an officer wrote about a gate as a reason.

    Those do who wrote it, who see all rows of the gate, who acted there, and who are asked there
    to do something about it.
    """
    if act.officer == key.officer:
        return True
    snapshot, stage = whole.within({act.unit}), Stage(act.stage)
    visibility = _Visibility(snapshot, act.unit, stage, key)
    if visibility.closed:
        return False
    acted = any(one.officer == key.officer for one in snapshot.history.acts.of(*act.gate))
    places = snapshot.facts.relatives(Reach.ANCESTORS)[act.unit.partition("-")[0]]
    asked = (one.admits(key.organ, key.jurisdiction, places) for one in _panels(snapshot, act))
    return acted or visibility.all_rows or any(asked)


def may_hand_over(whole: Snapshot, asked: Iterable[Row], key: Key) -> bool:
    """Whether the holder of a key sees rows that are asked of somebody else, and hands them over.

    None may be about themselves, their kin, or a gate for which one of them is a candidate.
    """
    own, candidates = _own(whole, key.officer), whole.facts.tables["candidates"]
    units = set(candidates.loc[candidates["person"].isin(own), "unit"])
    barred = {*own, *units, *candidates.loc[candidates["unit"].isin(units), "candidate"]}
    named = {str(value) for row in asked for value in row.values()}
    return not holder_fault(key, officers_of(whole.facts)) and barred.isdisjoint(named)


def _panels(snapshot: Snapshot, act: GateAct) -> list[Panel]:
    """Who is asked to do something about an act: join a waiver, lift a refusal, rule as well."""
    rulings = snapshot.pack.rulings
    match act:
        case Waived():
            check = snapshot.pack.check(act.check)
            return [check.waiver] if check and check.waiver else []
        case Refused():
            return [rulings.lift]
        case Ruled():
            return [rulings.lift] if act.verdict == LIFT else [rulings.reject, rulings.reopen]
    return []


class _Visibility:
    """What the holder of a key sees at a gate; `closed` is whether it is nothing at all."""

    def __init__(self, snapshot: Snapshot, unit: str, stage: Stage, key: Key) -> None:
        place, level, body = (
            snapshot.facts.units[name].tolist()[0] for name in ("jurisdiction", "level", "body")
        )
        self._own = _own(snapshot, key.officer)
        candidates = snapshot.facts.tables["candidates"]
        running = candidates.loc[candidates["unit"] == unit, "person"].tolist()
        self.closed = (
            not key.current
            or bool(holder_fault(key, officers_of(snapshot.facts)))
            or not self._own.isdisjoint(running)
        )
        above = key.jurisdiction in snapshot.facts.relatives(Reach.ANCESTORS)[place]
        signing = any(
            one.stands_for(Level(level), Body(body)) and Organ(key.organ) in one.organs
            for one in snapshot.pack.sign_offs[stage]
        )
        self.all_rows = above and signing and not self.closed
        supplied = {name for name, one in REGISTERS.items() if one.provider == key.organ}
        nothing = self.closed or not above
        self.registers = set() if nothing else set(REGISTERS) if signing else supplied

    def rows(self, record: Record, name: str, columns: set[str], rows: set[int]) -> VisibleRows:
        """Those of some rows of a register that they see, in some of its columns and its key."""
        register = REGISTERS[name]
        wanted = tuple(
            spec.name
            for spec in register.columns
            if spec.name in columns or spec.name in register.key
        )
        shown = []
        for row in record.at(name, sorted(rows)):
            named = _named(record, name, row)
            if named is not None and self._own.isdisjoint(named):
                shown.append([_cell(record, name, column, row[column]) for column in wanted])
        return VisibleRows(name, wanted, shown)


def officers_named(
    whole: Snapshot, key: Key, below: Collection[str], vouched_for: Collection[str]
) -> dict[str, str]:
    """Officer → name, of those whose name the holder of a key sees.

    `below` is the place of the key and what is below it; `vouched_for` are the officers for whose
    keys its holder may vouch, wherever they are.
    """
    if not key.current or holder_fault(key, officers_of(whole.facts)):
        return {}
    own, supplies = _own(whole, key.officer), REGISTERS["officers"].provider == key.organ
    frame = whole.facts.tables["officers"]
    columns = (frame[name].tolist() for name in ("officer", "name", "person", "jurisdiction"))
    return {
        str(officer): str(name)
        for officer, name, person, place in zip(*columns, strict=True)
        if person not in own and (officer in vouched_for or (supplies and place in below))
    }


def _own(snapshot: Snapshot, officer: str) -> frozenset[str]:
    """Everybody whom an officer ever was, and their kin."""
    people, kin = people_of(snapshot).get(officer, frozenset()), related(snapshot.facts)
    return people | {one for person in people for one in kin.get(person, ())}


def _named(record: Record, register: str, row: Row) -> set[str] | None:
    """The people whom a row names; None where that is unknown."""
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
