"""Signatures that go on counting: on evidence to which rows were only added since they were given.

Rules: what was signed is worked out again from the submissions before the signature, and must have
the digest that was signed; every row of it must still be there, as it was; what was added may
change no finding of the gate and nothing that is handed on. Both are looked at on the day of the
decision, which names what it carried over.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.history import Submission
from data.memory import Memory
from data.registers import Cells, delivered_cells
from data.submissions import ACCEPT
from schemas.canonical import canonical, digest
from schemas.decisions import Carried, packed
from schemas.entries import GateAct, Signed
from schemas.facts import Facts
from schemas.frames import DIGEST
from schemas.registers import behind
from schemas.rules.base import Read, merged, registers_of
from schemas.vocabulary import Stage
from tasks.gate.evaluation import run_checks
from tasks.gate.evidence import evidence_of, places_digest, rows_by_unit, unit_digests
from tasks.gate.snapshot import Snapshot, facts_at
from tasks.handoff.frames import frame_digests, handoff_frame


@dataclass(frozen=True)
class Signable:
    """What there is to sign of a unit now: its digest, and the waivers that it covers."""

    evidence: str
    waivers: tuple[str, ...]


Carry = dict[str, dict[int, Carried]]  # unit → act → what is carried over

# All that an answer about an act follows from: what every act of the stage has in common, unit, act
# and the evidence that it names, and what there is to sign of the unit by now.
Asked = tuple[str, str, int, str, Signable]

# What was worked out of an act; the several launches of a day ask the same.
REMEMBERED: Memory[Asked, tuple[Carried, ...]] = Memory(1 << 13)


def _ground(snapshot: Snapshot, stage: Stage, registers: Collection[str]) -> str:
    """The digest of what all acts of a stage have in common: deliveries, places, pack and day."""
    history = snapshot.history
    given = [
        [one.seq, one.mode, one.blob] for one in history.deliveries if one.register in registers
    ]
    places, on = places_digest(snapshot.facts), snapshot.on.isoformat()
    ground = [history.cycle, stage.value, snapshot.pack.digest, places, on, given]
    return digest(canonical(ground))


def _stale(
    snapshot: Snapshot, stage: Stage, now: Mapping[str, Signable]
) -> Iterator[tuple[int, str, GateAct]]:
    """The acts on other evidence that could count yet: after how many submissions, unit, act."""
    deliveries = [one.seq for one in snapshot.history.deliveries]
    for unit, signable in now.items():
        current = snapshot.history.current.get((unit, stage.value))
        since = current.since if current else 0
        for act in snapshot.history.acts.of(unit, stage.value):
            if not isinstance(act, Signed) or act.seq <= since:
                continue
            if act.said.evidence not in ("", signable.evidence):
                yield bisect_left(deliveries, act.seq), unit, act


def carried_over(
    snapshot: Snapshot, stage: Stage, reads: Sequence[Read], now: Mapping[str, Signable]
) -> Carry:
    """Unit → the acts that count although rows were added since, with what was added."""
    found: Carry = {}
    registers = behind(registers_of(reads))
    groups: dict[int, list[tuple[str, GateAct]]] = {}
    deliveries = snapshot.history.deliveries
    ground = _ground(snapshot, stage, registers)
    asked: dict[int, Asked] = {}
    for before, unit, act in _stale(snapshot, stage, now):
        asked[act.seq] = (ground, unit, act.seq, act.said.evidence, now[unit])
        known = REMEMBERED.get(asked[act.seq])
        if known is None:
            groups.setdefault(before, []).append((unit, act))
        elif known:
            found.setdefault(unit, {})[act.seq] = known[0]
    for before, stale in groups.items():
        units = {unit for unit, _ in stale}
        then = facts_at(snapshot, deliveries[:before], registers).within(units)
        signed = evidence_of(then, reads, {unit: [*now[unit].waivers] for unit in units})
        acts = [(unit, act) for unit, act in stale if signed.get(unit) == act.said.evidence]
        added = _added(then, snapshot.facts, reads, {unit for unit, _ in acts})
        same = _says_the_same(snapshot, stage, then, added)
        carried: dict[str, Carried] = {}
        for unit in same:
            submissions = _from(snapshot, deliveries[before:], unit, added[unit])
            if submissions:
                rows = sorted(name for _, name in added[unit].elements())
                carried[unit] = Carried(submissions, tuple(rows))
        for unit, act in acts:
            if unit in carried:
                found.setdefault(unit, {})[act.seq] = carried[unit]
        for unit, act in stale:
            one = found.get(unit, {}).get(act.seq)
            REMEMBERED.keep(asked[act.seq], (one,) if one else ())
    return found


Added = Counter[tuple[Read, str]]  # selection and digest of a row


def _added(then: Facts, now: Facts, reads: Iterable[Read], units: set[str]) -> dict[str, Added]:
    """Of `units` those of which rows were only added, and which."""
    then, now = then.within(units), now.within(units)
    old: dict[str, Added] = {unit: Counter() for unit in units}
    new: dict[str, Added] = {unit: Counter() for unit in units}
    for read in merged(reads):
        for facts, rows in ((then, old), (now, new)):
            for unit, digests in rows_by_unit(facts, read).items():
                rows[unit].update((read, name) for name in digests)
    before, after = unit_digests(then), unit_digests(now)
    return {
        unit: new[unit] - old[unit]
        for unit in units
        if before[unit] == after[unit] and old[unit] <= new[unit]
    }


def _says_the_same(
    snapshot: Snapshot, stage: Stage, then: Facts, added: Mapping[str, Added]
) -> set[str]:
    """Of the units in `added` those of which every finding and the hand-off are as they were.

    A check that reads no register to which rows were added sees what it saw.
    """
    wanted = set(added)
    if not wanted:
        return set()
    registers = {read.register for rows in added.values() for read, _ in rows}
    checks = [
        one
        for one in snapshot.pack.checks[stage]
        if not registers.isdisjoint(registers_of(one.reads))
    ]
    before, after = then.within(wanted), snapshot.facts.within(wanted)
    evaluated, handed = [], []
    for facts in (before, after):
        found = run_checks(checks, facts)
        evaluated.append({unit: packed(findings) for unit, findings in found.items()})
        handed.append(frame_digests(handoff_frame(stage, facts)))
    return {
        unit
        for unit in wanted
        if evaluated[0].get(unit) == evaluated[1].get(unit)
        and handed[0].get(unit) == handed[1].get(unit)
    }


def _from(
    snapshot: Snapshot, deliveries: Iterable[Submission], unit: str, added: Added
) -> tuple[int, ...]:
    """The submissions out of `deliveries` that brought a unit the rows that were added."""
    facts = snapshot.facts.within({unit})
    brought: dict[str, set[Cells]] = {}
    for read in {read for read, _ in added}:
        whole = facts.tables[read.register][DIGEST].tolist()
        digests = rows_by_unit(facts, read)[unit]
        rows = zip(facts.selected(read)[unit], digests, strict=True)
        mine = {(whole[row],) for row, name in rows if (read, name) in added}
        brought.setdefault(read.register, set()).update(mine)
    blobs = snapshot.blobs
    return tuple(
        one.seq
        for one in deliveries
        if one.mode == ACCEPT
        and one.register in brought
        and not brought[one.register].isdisjoint(
            delivered_cells(blobs, one.register, one.blob, (DIGEST,))
        )
    )
