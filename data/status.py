"""Where every unit stands, and what its gates said: read from the ledger alone.

Rules: a gate is shown as open only if the entry that says so still has its hash and says the same,
and every earlier gate of the unit is open too; nothing here loads pandas or an orchestrator.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field

from data.forecasts import Forecast, forecasts
from data.history import objected_units
from data.ledger import Ledger, LedgerBroken, Reader, checked_entry, reached_by
from data.objections import OPEN
from schemas.decisions import closing_checks
from schemas.entries import Decided, Entry
from schemas.names import unit_name
from schemas.text import Refusal, Text
from schemas.vocabulary import (
    AHEAD_COMPLETE,
    AHEAD_INCOMPLETE,
    NOT_REACHED,
    STAGES,
    Outcome,
    Stage,
)
from schemas.words import HISTORICAL, TRIAL


class UnknownPlace(Refusal):
    """A unit or scope that the cycle does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(
                f"{name}：没有这个单位或行政区；用 termgate status 查看全部单位",
                f"{name}: no such unit or jurisdiction; see all units with `termgate status`",
            )
        )


def marks_of(ledger: Ledger) -> str:
    """That a cycle is a trial, or historical and up to which day; nothing of a live one.

    Raises:
        LedgerBroken: its first or its last entry is not what was written.
    """
    reached = reached_by(ledger)
    marks = [TRIAL.render()] if ledger.opened().trial else []
    if reached and reached.historical:
        marks.append(f"{HISTORICAL.render()} · {reached.on}")
    return " · ".join(marks)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A hand-off made on a decision that no longer stands: the gate was closed again since.

    `handed_on`, `decision` and `closed` are entries: the hand-off, the open decision that it was
    made on, and the decision that stands now.
    """

    stage: str
    handed_on: int
    decision: int
    closed: int


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """A unit and its gates (stage → outcome or `not_reached`).

    `unsupported` are hand-offs that were made and that nothing supports any more; `waived` the
    stages whose current decision rests on a waiver; `forecasts` what stages that are not reached
    would say. `closing` has for each gate that is reached the checks that keep it closed.
    `concluded` is the entry by which the unit is concluded, 0 while it is not; `objected` are the
    objections to it that are open; `parent` is the jurisdiction above its own.
    """

    unit: str
    jurisdiction: str
    name: str
    level: str
    body: str
    stages: dict[str, str]
    unsupported: tuple[Unsupported, ...] = ()
    waived: tuple[str, ...] = ()
    forecasts: Mapping[str, Forecast] = field(default_factory=dict)
    concluded: int = 0
    objected: tuple[int, ...] = ()
    parent: str | None = None
    closing: Mapping[str, Set[str]] = field(default_factory=dict)

    def shown(self, stage: str) -> str:
        """How a gate is shown: its outcome, or that of its forecast where it is not reached."""
        if stage not in self.forecasts:
            return self.stages[stage]
        return AHEAD_COMPLETE if self.forecasts[stage].complete else AHEAD_INCOMPLETE

    def closed_by(self, stage: str) -> Set[str]:
        """The checks that keep a gate closed, or would by its forecast where it is not reached."""
        if stage in self.forecasts:
            return closing_checks(self.forecasts[stage].findings)
        return self.closing.get(stage, frozenset())

    @property
    def done(self) -> bool:
        """Whether every gate is open, and no objection to the unit is."""
        return not self.objected and all(one == Outcome.OPEN for one in self.stages.values())


def _checked(reader: Reader, units: Collection[str]) -> dict[tuple[str, str], Decided]:
    """The current decisions of the gates of these units, each checked against its entry."""
    found: dict[tuple[str, str], Decided] = {}
    for unit, stage, seq, outcome, name, body in reader.query(
        "SELECT g.unit, g.stage, g.seq, g.outcome, e.hash, e.body "
        "FROM gates g LEFT JOIN entries e ON e.seq = g.seq WHERE ? IN ('', g.unit)",
        _only(units),
    ):
        if unit not in units:
            continue
        if body is None:
            raise LedgerBroken(int(seq), "removed")
        entry = checked_entry(int(seq), name, bytes(body))
        found[unit, stage] = _checked_decision(entry, (unit, stage, outcome))
    return found


def _only(units: Collection[str]) -> str:
    """The unit that alone is asked for, else nothing."""
    return next(iter(units)) if len(units) == 1 else ""


def _checked_decision(entry: Entry, said: tuple[str, str, str]) -> Decided:
    """An entry, if it is the decision of which the state tables say unit, stage and outcome."""
    if not isinstance(entry, Decided) or (*entry.gate, entry.outcome) != said:
        raise LedgerBroken(entry.seq, "state")
    return entry


def reached(outcomes: dict[str, str]) -> dict[str, str]:
    """The stages as they count: after the first that is not open, nothing is reached."""
    shown: dict[str, str] = {}
    open_so_far = True
    for stage in STAGES:
        outcome = outcomes.get(stage.value, NOT_REACHED) if open_so_far else NOT_REACHED
        shown[stage.value] = outcome
        open_so_far = open_so_far and outcome == Outcome.OPEN
    return shown


def _in_scope(units: list[tuple[str, ...]], scope: str) -> list[tuple[str, ...]]:
    parents = {row[1]: row[5] for row in units}
    chosen = []
    for row in units:
        places = [row[1]]
        while parents.get(places[-1]) and parents[places[-1]] not in places:
            places.append(parents[places[-1]])
        if scope in ("cycle", row[0], *places):
            chosen.append(row)
    return chosen


def unsupported(reader: Reader) -> dict[str, tuple[Unsupported, ...]]:
    """Unit → its hand-offs whose gate is not open any more, in the order of the stages.

    A gate that is open but behind a closed one supports its hand-off no more than that one.
    """
    found: dict[str, list[Unsupported]] = {}
    rows = reader.query(
        "SELECT h.unit, h.stage, h.seq, h.decision, g.seq, g.outcome "
        "FROM handed_on h JOIN gates g ON g.unit = h.unit AND g.stage = h.stage"
    )
    order = [stage.value for stage in STAGES]
    closed: dict[str, int] = {}
    for unit, stage, seq, decision, decided, outcome in sorted(
        rows, key=lambda row: (row[0], order.index(row[1]))
    ):
        if outcome != Outcome.OPEN:
            closed.setdefault(unit, int(decided))
        if unit in closed:
            one = Unsupported(stage, int(seq), int(decision), closed[unit])
            found.setdefault(unit, []).append(one)
    return {unit: tuple(every) for unit, every in found.items()}


def _concluded(reader: Reader, decisions: Mapping[tuple[str, str], Decided]) -> dict[str, int]:
    """Unit → the entry that handed on its result, where none of its gates was closed since."""
    rows = reader.query("SELECT unit, seq FROM handed_on WHERE stage = ?", Stage.RESULT.value)
    found = {str(unit): int(seq) for unit, seq in rows}
    for (unit, _), one in decisions.items():
        if one.outcome != Outcome.OPEN or one.since > found.get(unit, one.since):
            found.pop(unit, None)
    return found


def _objected(reader: Reader) -> dict[str, tuple[int, ...]]:
    """Unit → the objections to it that are open."""
    history = objected_units(reader)
    objections, keys = history.objections, history.acts.keys
    found: dict[str, tuple[int, ...]] = {}
    for one in objections.raised.values():
        if objections.settled(one, keys).state == OPEN:
            found[one.unit] = (*found.get(one.unit, ()), one.seq)
    return found


def unit_names(ledger: Ledger) -> dict[str, Text]:
    """Unit → what people call it."""
    return {
        unit: unit_name(name, body)
        for unit, name, body in ledger.query("SELECT unit, name, body FROM units")
    }


def _units_of(reader: Reader, scope: str) -> list[tuple[str, ...]]:
    rows = reader.query(
        "SELECT unit, jurisdiction, name, level, body, parent FROM units ORDER BY unit"
    )
    chosen = _in_scope(rows, scope)
    if not chosen:
        raise UnknownPlace(scope)
    return chosen


def decided_in(ledger: Ledger, run: str, scope: str = "cycle") -> list[Decided]:
    """The decisions of a scope that a run made and that stand, in the order of the ledger.

    Raises:
        UnknownPlace: the scope holds no unit.
        LedgerBroken: a gate of theirs on record is not what its entry says.
    """
    with ledger.reading() as reader:
        found = _checked(reader, {row[0] for row in _units_of(reader, scope)})
    return sorted((one for one in found.values() if one.run == run), key=lambda one: one.seq)


def statuses(ledger: Ledger, scope: str = "cycle") -> list[UnitStatus]:
    """Every unit in scope, sorted by its id.

    Raises:
        UnknownPlace: the scope holds no unit.
        LedgerBroken: a gate of theirs on record is not what its entry says.
    """
    with ledger.reading() as reader:
        chosen = _units_of(reader, scope)
        asked = {row[0] for row in chosen}
        decisions = _checked(reader, asked)
        lost = unsupported(reader)
        ahead = forecasts(reader, _only(asked))
        concluded, objected = _concluded(reader, decisions), _objected(reader)
    found = []
    for unit, jurisdiction, name, level, body, parent in chosen:
        own = {stage.value: decisions.get((unit, stage.value)) for stage in STAGES}
        stages = reached({stage: one.outcome for stage, one in own.items() if one})
        found.append(
            UnitStatus(
                unit,
                jurisdiction,
                name,
                level,
                body,
                stages,
                lost.get(unit, ()),
                tuple(stage for stage, one in own.items() if one and one.waivers),
                {
                    stage: ahead[unit, stage]
                    for stage, outcome in stages.items()
                    if outcome == NOT_REACHED and (unit, stage) in ahead
                },
                concluded.get(unit, 0),
                objected.get(unit, ()),
                parent,
                {
                    stage: closing_checks(one.findings)
                    for stage, one in own.items()
                    if one and stages[stage] != NOT_REACHED
                },
            )
        )
    return found


def decision(ledger: Ledger, unit: str, stage: str) -> Decided | None:
    """The entry with the current decision of a gate, or None while there is none.

    Raises:
        UnknownPlace: there is no such unit.
        LedgerBroken: the decision on record is not what its entry says.
    """
    if not ledger.query("SELECT 1 FROM units WHERE unit = ?", unit):
        raise UnknownPlace(unit)
    rows = ledger.query("SELECT seq, outcome FROM gates WHERE unit = ? AND stage = ?", unit, stage)
    if not rows:
        return None
    seq, outcome = rows[0]
    return _checked_decision(ledger.entry(int(seq)), (unit, stage, str(outcome)))
