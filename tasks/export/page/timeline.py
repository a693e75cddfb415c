"""The timeline as a picture: how every gate of every unit went, along the ledger's own order.

Rules: the axis is the number of the ledger entry, so that every place in the picture is an entry;
the time of some entries stands beside it. A bar runs from a decision to the next one of the same
gate: full while the gate stood open, hatched while it waited, crossed while it was blocked. A
triangle is a hand-off, a cross on a bar's end a gate that was closed again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import floor, log10

from data.acts import Gate
from schemas import words
from schemas.entries import Decided, HandedOn
from schemas.names import unit_name
from schemas.text import Text
from schemas.vocabulary import STAGES
from tasks.export.history import Record, Unit
from tasks.export.page.places import Place, places_of

WIDTH = 1000.0
NAMES = 176.0
LANE = 4.0
ROW = LANE * len(STAGES) + 5.0
AXIS = 34.0
TICKS = 8
MINUTES = 16
DAYS = 10


class Scale:
    """Where an entry stands along the axis."""

    def __init__(self, last: int) -> None:
        self.last = last
        self._per = (WIDTH - NAMES - 12.0) / max(last, 1)

    def __call__(self, seq: float) -> float:
        """The place of an entry."""
        return NAMES + seq * self._per

    def ticks(self) -> list[int]:
        """Round entry numbers, and the last."""
        rough = self.last / TICKS
        power = 10 ** floor(log10(rough)) if rough >= 1 else 1
        step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough)
        found = [seq for seq in range(step, self.last, step) if self.last - seq >= step * 0.9]
        return [1, *(seq for seq in found if seq > 1), self.last] if self.last > 1 else [1]


@dataclass(frozen=True, slots=True)
class Tick:
    """An entry on an axis, and when it was."""

    of: str
    at: str
    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis at a height."""

    y: float
    ticks: list[Tick]


@dataclass(frozen=True, slots=True)
class Bar:
    """A decision until the next one; `again`: it closed a gate that stood open."""

    seq: int
    x: float
    y: float
    width: float
    outcome: str
    again: bool
    title: Text


@dataclass(frozen=True, slots=True)
class Mark:
    """A hand-off."""

    x: float
    y: float
    title: Text


@dataclass(frozen=True, slots=True)
class Line:
    """A unit."""

    unit: str
    name: Text
    x: float
    y: float
    bars: list[Bar]
    marks: list[Mark]
    height: float = ROW - 3.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture, in units of its own."""

    height: float
    grid: list[float]
    axes: list[Axis]
    lines: list[Line]
    width: float = WIDTH
    left: float = NAMES
    top: float = AXIS - 4.0


@dataclass(frozen=True, slots=True)
class TimelineData:
    """What is drawn: units, how their gates went, the last entry, and when each was."""

    units: Mapping[str, Unit]
    decisions: Mapping[Gate, Sequence[Decided]]
    handed: Mapping[Gate, Sequence[HandedOn]]
    last: int
    at: Callable[[int], str]


def timeline_of(record: Record) -> Timeline:
    """The picture of a whole record."""
    units, entries = record.units, record.entries
    return timeline(
        TimelineData(
            units, record.decisions, record.handed, len(entries), lambda seq: entries[seq - 1].at
        )
    )


def timeline(data: TimelineData) -> Timeline:
    """The picture."""
    scale = Scale(data.last)
    places = places_of(data.units.values())
    axes: list[Axis] = []
    lines: list[Line] = []
    y = 0.0
    for number, place in enumerate(places):
        if not number or (place.depth == 1 and _branches(places, number)):
            axes.append(_axis(data, scale, y))
            y += AXIS
        for unit in place.units.values():
            lines.append(_line(data, scale, data.units[unit], y, place.depth))
            y += ROW
    return Timeline(y + 4, [scale(seq) for seq in scale.ticks()], axes, lines)


def _branches(places: list[Place], number: int) -> bool:
    """Whether a place has others below it: then its block has an axis of its own."""
    following = places[number + 1 : number + 2]
    return bool(following) and following[0].depth > places[number].depth


def _axis(data: TimelineData, scale: Scale, y: float) -> Axis:
    days = {data.at(seq)[:10] for seq in (1, data.last)}
    ticks = [Tick("№", "UTC", NAMES - 44, "end")]
    for seq in scale.ticks():
        at = data.at(seq)
        shown = at[:DAYS] if len(days) > 1 else at[:MINUTES].replace("T", " ")
        ticks.append(Tick(str(seq), shown, scale(seq), "end" if seq == scale.last else "middle"))
    return Axis(y, ticks)


def _line(data: TimelineData, scale: Scale, unit: Unit, y: float, depth: int) -> Line:
    bars: list[Bar] = []
    marks: list[Mark] = []
    for place, stage in enumerate(STAGES):
        gate, high = (unit.unit, stage.value), y + LANE * place
        decided = data.decisions.get(gate, ())
        for one, after in zip_longest(decided, decided[1:]):
            x = scale(one.seq)
            width = max(scale(after.seq if after else data.last) - x, 1.6)
            again = one.reopened is not None
            bars.append(Bar(one.seq, x, high, width, one.outcome, again, _said(one)))
        handed = data.handed.get(gate, ())
        marks += [Mark(scale(hand.seq), high, _said(hand)) for hand in handed]
    name = unit_name(unit.name or unit.jurisdiction, unit.body)
    return Line(unit.unit, name, 10.0 * depth, y, bars, marks)


def _said(entry: Decided | HandedOn) -> Text:
    seq, stage = entry.seq, words.stage_name(entry.stage)
    if isinstance(entry, HandedOn):
        what = Text("交接", "handed on")
    else:
        what = words.GATE_STATES[entry.outcome]
        if entry.reopened:
            what = Text(f"暂停，{what.zh}", f"closed, {what.en}")
    return Text(f"№{seq} {stage.zh}：{what.zh}", f"№{seq} {stage.en}: {what.en}")
