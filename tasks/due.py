"""Which gates are due: those whose current decision does not cover what the ledger says now.

Rules: whether a gate is due follows from the ledger, the facts and the day alone, so that a wake-up
that was missed is found at the next look; only the first due gate of a unit is named, since its
decision says whether the next is reached; a gate behind one that is not open is never due. What was
looked at up to an entry is due again only for something newer, so that what changes no decision is
looked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from data.acts import Gate
from data.history import CurrentDecision, History
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.gate.approvals import Authority, reads_of
from tasks.gate.snapshot import Snapshot
from tasks.places import Places

UNDECIDED = "undecided"
EARLIER = "earlier-gate"
ACT = "act"
EVIDENCE = "evidence"
EVALUATOR = "evaluator"
POLICY = "policy"
DAY = "day"

# What decides whether a signature counts, whatever the checks of a gate read.
SIGNING_REGISTERS = frozenset({"candidates", "jurisdictions", "kin", "officers", "units"})


@dataclass(frozen=True)
class DueGate:
    """A gate to be decided, and why."""

    unit: str
    stage: Stage
    cause: str


@dataclass(frozen=True)
class DueGates:
    """What a look at the ledger found: the gates that are due, and those that are not for now."""

    due: tuple[DueGate, ...]
    settled: tuple[Gate, ...]


@dataclass(frozen=True)
class Launch:
    """A stage to be launched, on the smallest scope that covers its due units."""

    stage: Stage
    scope: str
    units: tuple[str, ...]
    causes: tuple[str, ...]


def _key_acts(history: History) -> int:
    """The last entry about any key of an officer."""
    every = history.acts.keys.keys.values()
    return max(
        (max(key.enrolled, key.active, key.full, key.replaced, key.revoked) for key in every),
        default=0,
    )


def _put_in_force(history: History) -> int:
    """The last entry by which officers put an evaluator's key in force, after a revocation."""
    return max((key.active for key in history.evaluators.keys.values() if key.officer), default=0)


class _Look:
    """One look: a stage after the other, over the units that reach it."""

    def __init__(
        self,
        history: History,
        facts: Callable[[], Snapshot],
        seen: Mapping[Gate, int],
        quiet: int,
    ) -> None:
        self.history = history
        self._facts = facts
        self._seen = seen
        self._quiet = quiet
        self._keys = _key_acts(history)
        self._evaluator = _put_in_force(history)
        self._adopted = history.packs.at(history.latest).seq
        raised = history.objections.raised.values()
        self._objected = {one.gate: one.seq for one in raised}
        self._delivered = history.deliveries[-1].seq if history.deliveries else 0

    @cached_property
    def snapshot(self) -> Snapshot:
        """The facts, read when a question needs them."""
        return self._facts()

    def current(self, gate: Gate) -> CurrentDecision | None:
        """The decision that stands for a gate."""
        return self.history.current.get(gate)

    def mark(self, gate: Gate) -> int:
        """The entry up to which a gate was decided, objected to or looked at."""
        current = self.current(gate)
        decided = max(current.seq if current else 0, self._objected.get(gate, 0))
        return max(decided, self._seen.get(gate, self._quiet))

    def cause(self, unit: str, stage: Stage) -> str:
        """Why a gate is due as far as the entries alone say, or nothing."""
        gate = (unit, stage.value)
        mark = self.mark(gate)
        current = self.current(gate)
        if current is None and (mark == 0 or self.history.position > mark):
            return UNDECIDED
        earlier = STAGES[: STAGES.index(stage)]
        before = [self.current((unit, one.value)) for one in earlier]
        if any(one is not None and one.seq > mark for one in before):
            return EARLIER
        if current is not None and self._closing(gate, current):
            return ACT
        if self._evaluator > mark:
            return EVALUATOR
        if self._adopted > mark:
            return POLICY
        acts = self.history.acts.of(unit, stage.value)
        if acts and (acts[-1].seq > mark or self._keys > mark):
            return ACT
        return ""

    def _closing(self, gate: Gate, current: CurrentDecision) -> bool:
        """Whether a decision closed the gate again and still counts signatures that are void by it.

        The next decision of the gate says so.
        """
        looked = self._seen.get(gate, self._quiet)
        return bool(current.sign_offs) and current.since == current.seq > looked

    def changed(self, stage: Stage, units: Iterable[str]) -> set[str]:
        """Of `units`, those whose evidence or counting signatures are not the decision's."""
        marks = {unit: self.mark((unit, stage.value)) for unit in units}
        if all(self._delivered <= mark for mark in marks.values()):
            return set()
        read = {one.register for one in reads_of(self.snapshot, stage)} | SIGNING_REGISTERS
        delivered = max(
            (one.seq for one in self.history.deliveries if one.register in read), default=0
        )
        asked = {unit for unit, mark in marks.items() if delivered > mark}
        if not asked:
            return set()
        authority = Authority(self.snapshot.within(asked), stage)
        return {unit for unit in asked if self._differs(authority, unit, (unit, stage.value))}

    def _differs(self, authority: Authority, unit: str, gate: Gate) -> bool:
        current = self.current(gate)
        evidence = authority.evidence_now.get(unit)
        # A waiver that the decision used is in force no more where there is none.
        if current is None or evidence is None or evidence != current.evidence:
            return True
        if authority.barred_officers(unit) != current.barred:
            return True
        if not authority.acts(unit):
            return False
        barred = authority.barred_on_gate.get(unit, {})
        return authority.signed(unit, evidence, barred).sign_offs != current.sign_offs


def due_gates(
    history: History,
    units: Iterable[str],
    facts: Callable[[], Snapshot],
    seen: Mapping[Gate, int],
    *,
    quiet: int = 0,
    new_day: bool = False,
) -> DueGates:
    """The first due gate of each unit, and the gates that were looked at and are not due.

    `facts` gives today's facts of all units, at the end of `history`, and is asked only where the
    entries leave it open; `seen` is the entry up to which a gate was looked at, `quiet` one up to
    which nothing was due; `new_day`: whatever is reached and not in `seen` is due, since much
    depends on the day. Nothing is due while no evaluator's key is in force: nothing can be decided.
    """
    if history.evaluators.current is None:
        return DueGates((), ())
    look = _Look(history, facts, seen, quiet)
    reaching = sorted(units)
    due: list[DueGate] = []
    settled: list[Gate] = []
    for stage in STAGES:
        causes = {
            unit: DAY if new_day and (unit, stage.value) not in seen else look.cause(unit, stage)
            for unit in reaching
        }
        rest = [unit for unit, cause in causes.items() if not cause]
        causes |= dict.fromkeys(look.changed(stage, rest), EVIDENCE)
        due += [DueGate(unit, stage, causes[unit]) for unit in reaching if causes[unit]]
        quiet_units = [unit for unit in reaching if not causes[unit]]
        settled += [(unit, stage.value) for unit in quiet_units]
        reaching = [unit for unit in quiet_units if _open(look.current((unit, stage.value)))]
    return DueGates(tuple(due), tuple(settled))


def _open(current: CurrentDecision | None) -> bool:
    return current is not None and current.outcome == Outcome.OPEN


def root_of(places: Places, unit: str) -> str:
    """The topmost jurisdiction over a unit."""
    return places.above(unit.partition("-")[0])[-1]


def launches_of(places: Places, due: Iterable[DueGate]) -> list[Launch]:
    """What is to be launched: one run for each stage and topmost jurisdiction."""
    grouped: dict[tuple[Stage, str], list[DueGate]] = {}
    for gate in due:
        grouped.setdefault((gate.stage, root_of(places, gate.unit)), []).append(gate)
    return [
        Launch(
            stage,
            smallest_scope(places, [gate.unit for gate in gates]),
            tuple(sorted(gate.unit for gate in gates)),
            tuple(sorted({gate.cause for gate in gates})),
        )
        for (stage, _), gates in grouped.items()
    ]


def smallest_scope(places: Places, units: Iterable[str]) -> str:
    """The unit, or the lowest jurisdiction over all of them; they have one in common."""
    first, *rest = sorted(set(units))
    if not rest:
        return first
    chains = [set(_chain(places, unit)) for unit in rest]
    return next(place for place in _chain(places, first) if all(place in chain for chain in chains))


def _chain(places: Places, unit: str) -> Iterator[str]:
    yield from places.above(unit.partition("-")[0])
