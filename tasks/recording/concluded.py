"""Objections (异议): what would close a gate of a concluded unit is recorded and closes nothing.

Rules: a unit whose result was handed on stays concluded until an objection was granted; the next
run then records what closes its gate. The same answer is objected to once: an open objection waits
for those who rule, a rejected one stays rejected. What is no later evidence raises none and closes
nothing: a check that crashed, and time that passed (a day, a waiver, an officer's office, a policy
pack) while no row that the gate read and no act about it came. Whether a ruling counts is judged as
of when it was given; what becomes of its officer later changes nothing, unless their key is
revoked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from data.history import CurrentDecision
from data.memory import Memory
from data.objections import OPEN, Objections, Settled
from data.version import code_version
from schemas.decisions import Decision, closing_of
from schemas.entries import Objected, Ruled
from schemas.rules.catalogue import BROKEN
from schemas.vocabulary import Outcome, Stage
from tasks.gate.approvals import Authority, reads_of
from tasks.gate.evidence import evidence_of
from tasks.gate.snapshot import Snapshot, snapshot_at
from tasks.officers.validity import Ground, fault_of

# Why a signature counts no more, by time alone: what was signed for is what it was.
_PASSED = frozenset({
    "", "expired", "role-changed", "unknown-officer", "other-evidence",
    "other-policy",
})  # fmt: skip

# What is said of a ruling: by cycle, entry, payload and pack.
_JUDGED: Memory[tuple[str, int, str, str], str] = Memory(4096)


@dataclass(frozen=True)
class Kept:
    """A concluded unit's gate that stays as it stands, whatever is decided now.

    `entry` is the objection that says so, or the decision that stands; `objected` is whether an
    objection is open, `holds` whether nothing is to be done about it.
    """

    entry: int
    objected: bool = False
    holds: bool = False


def is_broken(decision: Decision) -> bool:
    """Whether a check crashed, so that nothing is known for sure."""
    return any(one.reason in BROKEN for one in closing_of(decision.findings))


def ground_of(snapshot: Snapshot, one: Objected, seq: int, on: date) -> Ground:
    """What a ruling on an objection is held against that is given as the entry `seq`.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    deliveries = [given for given in snapshot.history.deliveries if given.seq < seq]
    history = replace(snapshot.history, deliveries=deliveries)
    whole = snapshot_at(snapshot.home, snapshot.ledger, history, "cycle", on)
    authority = Authority(whole.within({one.unit}), Stage(one.stage))
    barred = authority.barred_on_gate.get(one.unit, {})
    return replace(authority.ground(one.unit, {one.objection}, barred), since=0)


def ruling_fault(snapshot: Snapshot, one: Objected, act: Ruled, before: Iterable[Ruled]) -> str:
    """Why a ruling on an objection does not count as of when it was given, or nothing.

    `before` are the earlier rulings on it that count.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    ground = ground_of(snapshot, one, act.seq, date.fromisoformat(act.on))
    panel = ground.packs.then(act).rulings.panel(act.verdict)
    code = fault_of(act, ground, snapshot.history.acts.keys, [panel])
    if code:
        return "other-objection" if code == "other-evidence" else code
    officers = ground.officers
    alike = [given for given in before if given.verdict == act.verdict]
    if any(given.officer == act.officer for given in alike):
        return "already-ruled"
    people = {officers[given.officer].person for given in alike if given.officer in officers}
    return "twice" if officers[act.officer].person in people else ""


def void_rulings(snapshot: Snapshot, units: Iterable[str]) -> dict[int, str]:
    """The rulings on objections to `units` that do not count, with the code why.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    asked, objections = set(units), snapshot.history.objections
    found: dict[int, str] = {}
    for one in objections.raised.values():
        before: list[Ruled] = []
        for act in objections.rulings.get(one.seq, ()) if one.unit in asked else ():
            name = (snapshot.history.cycle, act.seq, act.payload, snapshot.pack.digest)
            code = _JUDGED.get(name)
            if code is None:
                code = ruling_fault(snapshot, one, act, before)
                _JUDGED.keep(name, code)
            if code:
                found[act.seq] = code
            else:
                before.append(act)
    return found


class Concluded:
    """The concluded units of a snapshot, and the objections to them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @property
    def _objections(self) -> Objections:
        return self.snapshot.history.objections

    @cached_property
    def void(self) -> dict[int, str]:
        """The rulings that do not count."""
        return void_rulings(self.snapshot, self.snapshot.units)

    def settled(self, one: Objected) -> Settled:
        """How an objection stands."""
        return self._objections.settled(one, self.snapshot.history.acts.keys, self.void)

    def protects(self, unit: str) -> bool:
        """Whether a unit is concluded, and nobody reopened it."""
        if unit not in self._objections.concluded:
            return False
        keys = self.snapshot.history.acts.keys
        return not self._objections.reopened(unit, keys, self.void)

    @cached_property
    def disputed(self) -> dict[str, int]:
        """Unit → the first objection to it that is open."""
        keys, void = self.snapshot.history.acts.keys, self.void
        named = set(self.snapshot.units)
        units = sorted({one.unit for one in self._objections.raised.values()} & named)
        found = {unit: self._objections.disputed(unit, keys, void) for unit in units}
        return {unit: seq for unit, seq in found.items() if seq}

    def kept(self, decision: Decision) -> Kept | None:
        """Whether a decision goes on record neither as itself nor as an objection, and why."""
        unit, stage = decision.unit, decision.stage
        if decision.outcome is Outcome.OPEN or not self.protects(unit):
            return None
        current = self.snapshot.history.current[unit, stage.value]
        if is_broken(decision):
            return Kept(current.seq)
        if self._passed_by(decision, current):
            return Kept(current.seq, holds=True)
        return self.answered(decision)

    def answered(self, decision: Decision) -> Kept | None:
        """The objection that says the same already and was not granted."""
        said = (
            decision.unit, decision.stage.value, decision.outcome.value, decision.policy,
            decision.evidence, decision.closing,
        )  # fmt: skip
        keys = self.snapshot.history.acts.keys
        seq, state = self._objections.answered(said, keys, self.void)
        return Kept(seq, objected=state == OPEN, holds=state != OPEN) if seq else None

    def _passed_by(self, decision: Decision, current: CurrentDecision) -> bool:
        """Whether nothing came that the gate rests on, since it was decided open."""
        unit, stage = decision.unit, decision.stage
        acts = self.snapshot.history.acts.of(unit, stage.value)
        if any(act.seq > current.position and not isinstance(act, Ruled) for act in acts):
            return False
        lost = {decision.void.get(seq, "") for seq in (*current.sign_offs, *current.waivers)}
        if not lost <= _PASSED:
            return False
        used = sorted(act.payload for act in acts if act.seq in current.waivers)
        # What another pack reads is no later evidence either.
        pack = self.snapshot.in_force.whole(current.policy)
        if pack is None:
            return False
        then = replace(self.snapshot, pack=pack)
        facts, reads = self.snapshot.facts.within([unit]), reads_of(then, stage)
        return evidence_of(facts, reads, {unit: used})[unit] == current.evidence


def objection_entry(decision: Decision, handed_on: int, run: str | None) -> Mapping[str, object]:
    """What the entry of an objection says; `handed_on` is the hand-off that it is to."""
    return {
        "unit": decision.unit,
        "stage": decision.stage.value,
        "outcome": decision.outcome.value,
        "policy": decision.policy,
        "evidence": decision.evidence,
        "position": decision.position,
        "findings": decision.closing,
        "handed_on": handed_on,
        "decision": decision.key,
        "objection": decision.objection(handed_on),
        "code": code_version(),
        "run": run,
    }
