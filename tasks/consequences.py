"""What a delivery, or another pack, would do to gates: asked before it is on record.

Rules: nothing is written; gates are evaluated as they stand and as they would stand, on the same
day, by what decides; what differs is reported: which gates would close, whose signatures would no
longer count, and which rows are why. A gate that was never decided has nothing to lose and is left
out. Who could no longer sign, or again, and for which units, is reported for every unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from data.acts import Acts, Key
from data.blobs import BlobStore
from data.home import Home
from data.ledger import Ledger
from schemas.decisions import Decision, closing_of
from schemas.entries import GateAct, Proposed
from schemas.findings import Finding
from schemas.reports import check_title
from schemas.vocabulary import STAGES, Outcome, Stage
from schemas.words import reason_name
from tasks.changes import Change, changes_of
from tasks.gate.approvals import Authority, reads_of
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot, snapshot_at, snapshot_with, verified_here
from tasks.moved import unchanged
from tasks.officers.independence import barred_of, officers_of, with_other_keys
from tasks.recording.concluded import Concluded


@dataclass(frozen=True)
class Lost:
    """A signature that would no longer count: its entry, its key's officer, and the code why."""

    seq: int
    officer: str
    organ: str
    jurisdiction: str
    code: str


@dataclass(frozen=True)
class Consequence:
    """What a delivery, or another pack, would do to a decided gate.

    `before` and `after` are what it says now and would say; `held` are later gates of the unit that
    stand open and would count no more; `changes` are the rows of its evidence that differ. Of a
    `concluded` unit nothing would be closed: what would is objected to.
    """

    unit: str
    stage: Stage
    before: Outcome
    after: Outcome
    lost: tuple[Lost, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    held: tuple[Stage, ...]
    concluded: bool = False

    @property
    def closes(self) -> bool:
        """Whether a gate that holds would be closed."""
        return self._falls and not self.concluded

    @property
    def objects(self) -> bool:
        """Whether an objection to a concluded unit would be raised."""
        return self._falls and self.concluded

    @property
    def _falls(self) -> bool:
        return self.before is Outcome.OPEN and self.after is not Outcome.OPEN

    @property
    def undoes(self) -> bool:
        """Whether a gate would be closed, an objection raised or a signature be void."""
        return self._falls or bool(self.lost)

    def as_json(self) -> dict[str, Any]:
        """The consequence as it is printed for programs."""
        return {
            "unit": self.unit,
            "stage": self.stage.value,
            "before": self.before.value,
            "after": self.after.value,
            "closes": self.closes,
            "objects": self.objects,
            "signatures": [
                {"seq": one.seq, "officer": one.officer, "void": one.code} for one in self.lost
            ],
            "findings": [
                {
                    "check": one.check,
                    "title": check_title(one.check),
                    "subject": one.subject,
                    "status": one.status.value,
                    "code": one.reason,
                    "reason": reason_name(one.check, one.reason, one.arguments).render(),
                }
                for one in self.findings
            ],
            "changes": [one.as_json() for one in self.changes],
            "held": [one.value for one in self.held],
        }


def consequences_json(found: Sequence[Consequence]) -> dict[str, Any]:
    """Consequences as they are printed for programs, counted and gate by gate."""
    return {
        "closes": sum(one.closes for one in found),
        "objects": sum(one.objects for one in found),
        "void": sum(len(one.lost) for one in found),
        "gates": [one.as_json() for one in found],
    }


def consequences(
    home: Home,
    submissions: Iterable[tuple[str, str, bytes]],
    officer: str,
    day: date | None = None,
) -> list[Consequence]:
    """What submissions (register, mode, blob) of an officer would do, gate by gate.

    Raises:
        LedgerBroken: the ledger does not verify.
        DayRefused: the day cannot be that of a delivery.
        BlobError: a blob is missing or was changed.
    """
    before = _today(home, day)
    return between(before, snapshot_with(before, submissions, officer))


def of_delivery(home: Home, waiting: Proposed) -> tuple[list[Consequence], list[MaySign]]:
    """What a delivery that waits would do, gate by gate, and who could sign then.

    Raises:
        As `consequences`.
    """
    before = _today(home)
    blobs = BlobStore(home.blobs)
    given = [
        (one.register, one.mode, blobs.get(one.blob)) for one in waiting.submissions if one.blob
    ]
    after = snapshot_with(before, given, waiting.officer)
    return between(before, after), may_sign(before, after)


def _today(home: Home, day: date | None = None) -> Snapshot:
    ledger = Ledger(home.ledger, day=day)
    return snapshot_at(home, ledger, verified_here(home).history, "cycle", ledger.day())


def between(before: Snapshot, after: Snapshot) -> list[Consequence]:
    """What becomes of gates, stage by stage, where facts or pack are those `after`."""
    return [one for stage in STAGES for one in _of_stage(before, after, stage)]


@dataclass(frozen=True)
class MaySign:
    """That an officer with a key may sign again for a unit, or no longer; `code` says why not.

    Where `unit` is empty it is so for any.
    """

    officer: str
    unit: str
    code: str
    freed: bool


def may_sign(before: Snapshot, after: Snapshot) -> list[MaySign]:
    """Whose signatures would count again, or no longer, because of who they and their kin are."""
    roles = _difference(
        {(officer, ""): code for officer, code in with_other_keys(before).items()},
        {(officer, ""): code for officer, code in with_other_keys(after).items()},
    )
    return [*roles, *_difference(_bars(before), _bars(after))]


def _bars(snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """Officer with a key, and unit → why they may not sign there, whatever was delivered."""
    officers, ring = officers_of(snapshot.facts), snapshot.history.acts.keys
    barred = barred_of(snapshot, (), officers)
    return {
        (officer, unit): people[holder.person]
        for officer, holder in officers.items()
        if ring.of(officer)
        for unit, people in barred.items()
        if holder.person in people
    }


def _difference(
    before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]
) -> list[MaySign]:
    freed = [MaySign(*one, before[one], freed=True) for one in sorted(before.keys() - after.keys())]
    return freed + [
        MaySign(*one, after[one], freed=False) for one in sorted(after.keys() - before.keys())
    ]


def _of_stage(before: Snapshot, after: Snapshot, stage: Stage) -> list[Consequence]:
    current = before.history.current
    decided = {unit for unit in after.units if (unit, stage.value) in current}
    before, after = before.within(decided), after.within(decided)
    return _of_units(before, after, stage, decided - unchanged(before, after, stage))


def _of_units(
    before: Snapshot, after: Snapshot, stage: Stage, units: set[str]
) -> list[Consequence]:
    if not units:
        return []
    old, new = (
        {one.unit: one for one in decisions_of(given.within(units), stage)}
        for given in (before, after)
    )
    return [_of_gate(before, after, old[unit], new[unit]) for unit in sorted(units)]


def _of_gate(before: Snapshot, after: Snapshot, old: Decision, new: Decision) -> Consequence:
    unit, stage = old.unit, old.stage
    acts = {act.seq: act for act in before.history.acts.of(unit, stage.value)}
    counted = {*old.sign_offs, *old.waivers} - {*new.sign_offs, *new.waivers}
    keys = before.history.acts.keys.keys
    signed = {seq: keys[acts[seq].key] for seq in sorted(counted)}
    lost = [
        Lost(seq, key.officer, key.organ, key.jurisdiction, new.void.get(seq, "other-evidence"))
        for seq, key in signed.items()
    ]
    known = set(map(_identity, closing_of(old.findings)))
    found = [one for one in closing_of(new.findings) if _identity(one) not in known]
    same = before.content == after.content
    changes = [] if same else changes_of(before.facts, after.facts, reads_of(before, stage), unit)
    later = STAGES[STAGES.index(stage) + 1 :]
    concluded = Concluded(before).protects(unit)
    falls = old.outcome is Outcome.OPEN and new.outcome is not Outcome.OPEN
    closes = falls and not concluded
    held = [one for one in later if closes and before.history.stood_open((unit, one.value))]
    return Consequence(
        unit,
        stage,
        old.outcome,
        new.outcome,
        tuple(lost),
        tuple(found),
        tuple(changes),
        tuple(held),
        concluded,
    )


def of_withdrawal(before: Snapshot, act: GateAct) -> Consequence:
    """What a gate would say if an act about it were withdrawn."""
    gates = before.history.acts.gates
    rest = [one for one in gates[act.gate] if one.seq != act.seq]
    after = _with_acts(before, replace(before.history.acts, gates={**gates, act.gate: rest}))
    [found] = _of_units(before, after, Stage(act.stage), {act.unit})
    return found


def of_revocation(before: Snapshot, key: Key) -> list[Consequence]:
    """What the decided gates would say, about which a key signed anything, were it revoked."""
    acts, current = before.history.acts, before.history.current
    keys = acts.keys.copy()
    keys.revoke(before.history.seq + 1, key.name)
    after = _with_acts(before, replace(acts, keys=keys))
    signed = {
        gate for gate, given in acts.gates.items() if any(one.key == key.name for one in given)
    }
    return [
        one
        for stage in STAGES
        for one in _of_units(
            before, after, stage, {unit for unit, at in signed & current.keys() if at == stage}
        )
    ]


def _with_acts(snapshot: Snapshot, acts: Acts) -> Snapshot:
    return replace(snapshot, history=replace(snapshot.history, acts=acts))


class Bar(NamedTuple):
    """A gate that who delivers could no longer sign; `last` is whether nobody is left who may."""

    unit: str
    stage: Stage
    last: bool


def bars(before: Snapshot, submissions: Collection[tuple[str, str, bytes]], mine: Key) -> list[Bar]:
    """The gates that an officer could no longer sign once they delivered this.

    Who delivers evidence of a gate does not sign it, nor again if it closes; those of concluded
    units wait for nobody.
    """
    after = snapshot_with(before, submissions, mine.officer)
    registers = {register for register, _, _ in submissions}
    concluded = before.history.objections.concluded
    found: list[Bar] = []
    for stage in STAGES:
        units = [
            one for one in _barred(before, after, stage, registers, mine) if one not in concluded
        ]
        then = Authority(after.within(set(units)), stage)
        found += [Bar(unit, stage, _nobody_left(then, unit, mine)) for unit in units]
    return found


def _nobody_left(then: Authority, unit: str, mine: Key) -> bool:
    """Whether a requirement that asks for an officer can no longer be met by those with keys."""
    places, barred = then.places[then.units[unit][0]], then.barred_officers(unit)
    able = [
        key
        for key in then.snapshot.history.acts.keys.keys.values()
        if key.current and key.full and key.officer not in barred
    ]
    return any(
        one.have(
            [
                (key.officer, key.organ)
                for key in able
                if one.admits(key.organ, key.jurisdiction, places)
            ]
        )
        < one.number
        for one in then.requirements(unit)
        if one.admits(mine.organ, mine.jurisdiction, places)
    )


def bars_of(
    home: Home,
    submissions: Collection[tuple[str, str, bytes]],
    officer: str,
    day: date | None = None,
) -> list[Bar]:
    """The gates that an officer could no longer sign once they delivered submissions.

    Raises:
        As `consequences`.
    """
    before = _today(home, day)
    mine = before.history.acts.keys.of(officer)
    return bars(before, submissions, mine) if mine else []


def _barred(
    before: Snapshot, after: Snapshot, stage: Stage, registers: Collection[str], mine: Key
) -> list[str]:
    """The units whose gate at a stage asks for an officer who would have delivered its evidence."""
    reads, officers = reads_of(before, stage), officers_of(before.facts)
    given = [one for one in reads if one.register in registers]
    if not given or mine.officer not in officers:
        return []
    authority, person = Authority(before, stage), officers[mine.officer].person
    asked = {
        unit
        for unit, (place, _, _) in authority.units.items()
        if any(
            one.admits(mine.organ, mine.jurisdiction, authority.places[place])
            for one in authority.requirements(unit)
        )
    }
    new = barred_of(after.within(asked), given, officers)
    hit = {unit for unit in asked if person in new.get(unit, {})}
    old = barred_of(before.within(hit), reads, officers)
    return sorted(unit for unit in hit if person not in old.get(unit, {}))


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.check, finding.subject, finding.reason
