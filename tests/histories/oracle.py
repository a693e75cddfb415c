"""What the rows say, worked out from rows and nothing else: findings, evidence, who is barred.

Rules: the product's checks are asked, over facts made from plain rows; its ledger, blobs, folds and
digests are not. Evidence is told by the cells that a gate looks at, selected row by row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from data.policies import read_pack
from schemas.findings import FINDING_COLUMNS
from schemas.policy import PackCheck
from schemas.registers import REGISTERS, behind
from schemas.rules.base import Read, merged, registers_of
from schemas.vocabulary import STAGES, Stage
from tasks.handoff.frames import READS, frame_digests, handoff_frame
from tests.generator import Row
from tests.histories.rows import slots, small
from tests.support import reference
from tests.support.looked_at import LookedAt

State = tuple[int, ...]  # which variant stands at each slot, in the order of `slots()`
Subject = tuple[str, str]  # check, subject
Seen = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]  # register → what stands at its slots
# What a gate sees by one selection of rows: its name, and their cells.
Sight = tuple[str, ...]

FIRST: State = (0,) * len(slots())
NAMES = tuple(slots())


@cache
def checks_of(stage: Stage) -> tuple[PackCheck, ...]:
    """The checks of a stage."""
    return read_pack(reference.PACK).checks[stage]


@cache
def check_of(code: str) -> PackCheck:
    """A check by its code."""
    return next(one for stage in STAGES for one in checks_of(stage) if one.rule.code == code)


@cache
def gate_reads(stage: Stage) -> frozenset[Read]:
    """Everything that a gate of the stage reads."""
    return frozenset(read for one in checks_of(stage) for read in one.reads) | set(READS[stage])


# Findings


@cache
def _rows(register: str, chosen: tuple[tuple[str, int], ...]) -> tuple[Row, ...]:
    kept = {tuple(row[c] for c in REGISTERS[register].key): row for row in small()[register]}
    for name, variant in chosen:
        slot = slots()[name]
        row = slot.variants[variant]
        if row is None:
            kept.pop(slot.key, None)
        else:
            kept[slot.key] = row
    return tuple(kept.values())


def _chosen(register: str, state: State) -> tuple[tuple[str, int], ...]:
    return tuple(
        (name, variant)
        for name, variant in zip(NAMES, state, strict=True)
        if slots()[name].register == register
    )


def _seen(registers: Iterable[str], state: State) -> Seen:
    return tuple((register, _chosen(register, state)) for register in sorted(registers))


@cache
def _closed(code: str, seen: Seen, on: date) -> frozenset[tuple[str, str]]:
    rows = {register: _rows(register, chosen) for register, chosen in seen}
    found = reference.closed(check_of(code), reference.facts(rows, on))
    return frozenset((unit, subject) for _, unit, subject in found)


@cache
def closed(unit: str, stage: Stage, state: State, on: date) -> frozenset[Subject]:
    """What the checks of a stage find against a unit."""
    found: set[Subject] = set()
    for check in checks_of(stage):
        code, seen = check.rule.code, _seen(reference.needed_by(check), state)
        found |= {(code, subject) for one, subject in _closed(code, seen, on) if one == unit}
    return frozenset(found)


# Evidence


@cache
def _looked_at(state: State) -> LookedAt:
    rows = {name: _rows(name, _chosen(name, state)) for name in REGISTERS}
    # Of whole rows nothing but what they say is looked at.
    said = {name: [repr(sorted(row.items())) for row in table] for name, table in rows.items()}
    return LookedAt(rows, said)


def reached(unit: str, slot: str, reads: Iterable[Read], state: State) -> bool:
    """Whether the row that stands at a slot is evidence of a unit by one of `reads`."""
    register, key = slots()[slot].register, slots()[slot].key
    rows = _looked_at(state).rows[register]
    columns = REGISTERS[register].key
    at = next(n for n, row in enumerate(rows) if tuple(row[c] for c in columns) == key)
    mine = [one for one in reads if one.register == register]
    return any(at in _looked_at(state).positions(one, unit) for one in mine)


@cache
def evidence(unit: str, reads: frozenset[Read], state: State) -> frozenset[Sight]:
    """What is seen of a unit: by selection the cells that are looked at."""
    seen = _looked_at(state)
    return frozenset((one.form, *seen.cells(one, unit)) for one in merged(reads))


@cache
def _findings(code: str, seen: Seen, on: date) -> dict[str, frozenset[tuple[str, ...]]]:
    rows = {register: _rows(register, chosen) for register, chosen in seen}
    found: dict[str, set[tuple[str, ...]]] = {}
    frame = reference.findings(check_of(code), reference.facts(rows, on))
    for unit, *said in frame[list(FINDING_COLUMNS)].itertuples(index=False, name=None):
        found.setdefault(unit, set()).add(tuple(map(str, said)))
    return {unit: frozenset(said) for unit, said in found.items()}


@cache
def _handed(stage: Stage, seen: Seen, on: date) -> dict[str, str]:
    rows = {register: _rows(register, chosen) for register, chosen in seen}
    return frame_digests(handoff_frame(stage, reference.facts(rows, on)))


@cache
def said(unit: str, stage: Stage, state: State, on: date) -> tuple[object, ...]:
    """Everything that is found about a unit at a stage, and what would be handed on."""
    checks = [
        _findings(check.rule.code, _seen(reference.needed_by(check), state), on).get(unit)
        for check in checks_of(stage)
    ]
    registers = behind(registers_of(READS[stage]))
    return (*checks, _handed(stage, _seen(registers, state), on).get(unit))


# People


def current(slot: str, state: State) -> Row | None:
    """What stands at a slot."""
    return slots()[slot].variants[state[NAMES.index(slot)]]


@cache
def officers(state: State) -> dict[str, tuple[str, str, str]]:
    """Officer → organ, jurisdiction, person."""
    return {
        str(row["officer"]): (str(row["organ"]), str(row["jurisdiction"]), str(row["person"]))
        for row in _rows("officers", _chosen("officers", state))
    }


@cache
def concerned(unit: str, state: State) -> frozenset[str]:
    """A unit's candidates and their kin."""
    people = {
        str(row["person"])
        for row in _rows("candidates", _chosen("candidates", state))
        if row["unit"] == unit
    }
    pairs = [(str(row["person"]), str(row["kin"])) for row in _rows("kin", _chosen("kin", state))]
    kin = {b for a, b in pairs if a in people} | {a for a, b in pairs if b in people}
    return frozenset(people | kin)
