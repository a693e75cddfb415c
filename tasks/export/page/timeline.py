"""The timeline as a picture: how every gate of every unit went, along the ledger's own order.

Rules: the axis is the number of the ledger entry, so that every place in the picture is an entry;
the time of some entries stands beside it. A bar runs from a decision to the next one of the same
gate: full while the gate stood open, hatched while it waited, crossed while it was blocked. A
triangle is a hand-off, a cross on a bar's end a gate that was closed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, log10

from schemas import words
from schemas.entries import Decided, HandedOn
from schemas.text import Text
from schemas.vocabulary import STAGES
from tasks.export.history import Record, Unit
from tasks.export.page.markup import Child, Markup, join, tag, title
from tasks.export.page.places import Place, places_of

WIDTH = 1000.0
NAMES = 176.0
LANE = 4.0
ROW = LANE * len(STAGES) + 5.0
AXIS = 34.0
HEADING = 20.0
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


def timeline(record: Record) -> Markup:
    """The picture."""
    scale = Scale(len(record.entries))
    places = places_of(record)
    parts: list[Child] = []
    y = 0.0
    for number, place in enumerate(places):
        if not number or (place.depth == 1 and _branches(places, number)):
            parts.append(_axis(record, scale, y))
            y += AXIS
        for unit in place.units.values():
            parts.append(_row(record, scale, unit, y, place.depth))
            y += ROW
    grid = [
        tag("line", x1=scale(seq), x2=scale(seq), y1=AXIS - 4, y2=y, class_="grid")
        for seq in scale.ticks()
    ]
    return tag(
        "svg",
        tag("title", "各单位各关口的经过 / How every gate went"),
        *grid,
        *parts,
        viewBox=f"0 0 {WIDTH:g} {y + 4:g}",
        class_="timeline",
        role="group",
    )


def _branches(places: list[Place], number: int) -> bool:
    """Whether a place has others below it: then its block has an axis of its own."""
    following = places[number + 1 : number + 2]
    return bool(following) and following[0].depth > places[number].depth


def _axis(record: Record, scale: Scale, y: float) -> Markup:
    days = {entry.at[:10] for entry in (record.entries[0], record.last)}
    parts: list[Child] = []
    for seq in scale.ticks():
        at = record.entries[seq - 1].at
        shown = at[:DAYS] if len(days) > 1 else at[:MINUTES].replace("T", " ")
        x = scale(seq)
        anchor = "end" if seq == scale.last else "middle"
        parts += [
            tag("text", seq, x=x, y=y + 14, text_anchor=anchor, class_="tick"),
            tag("text", shown, x=x, y=y + 25, text_anchor=anchor, class_="when"),
        ]
    parts.append(tag("text", "№", x=NAMES - 44, y=y + 14, text_anchor="end", class_="tick"))
    parts.append(tag("text", "UTC", x=NAMES - 44, y=y + 25, text_anchor="end", class_="when"))
    return tag("g", *parts, class_="axis")


def _row(record: Record, scale: Scale, unit: Unit, y: float, depth: int) -> Markup:
    names = words.unit_name(unit.name or unit.jurisdiction, unit.body)
    bars = join(
        _gate(record, scale, unit, stage.value, y + LANE * place)
        for place, stage in enumerate(STAGES)
    )
    label = join(
        tag("text", said, x=10.0 * depth, y=y + LANE * len(STAGES) / 2 + 4, class_=f"unit {lang}")
        for lang, said in (("zh", names.zh), ("en", names.en))
    )
    ground = tag(
        "rect", x=NAMES, y=y - 1, width=WIDTH - NAMES - 10, height=ROW - 3, class_="ground"
    )
    return tag("g", ground, tag("a", label, href=f"#unit/{unit.unit}"), bars)


def _spans(record: Record, decided: list[Decided]) -> Iterator[tuple[Decided, int]]:
    for one in decided:
        after = record.next_of.get(one.seq)
        yield one, after.seq if after else len(record.entries)


def _gate(record: Record, scale: Scale, unit: Unit, stage: str, y: float) -> Markup:
    decided = record.decisions.get((unit.unit, stage), [])
    parts: list[Child] = []
    for one, until in _spans(record, decided):
        x = scale(one.seq)
        width = max(scale(until) - x, 1.6)
        bar = tag(
            "rect", _said(one), x=x, y=y, width=width, height=LANE - 0.8,
            class_=f"b-{one.outcome}",
        )  # fmt: skip
        parts.append(tag("a", bar, href=f"#e{one.seq}"))
        if one.reopened:
            cross = f"M{x - 2.4:.2f} {y - 0.8:.2f}l4.8 4.8m0 -4.8l-4.8 4.8"
            parts.append(tag("path", _said(one), d=cross, class_="again"))
    for hand in record.handed.get((unit.unit, stage), []):
        x = scale(hand.seq)
        mark = f"M{x:.2f} {y - 0.9:.2f}l4.2 2.5l-4.2 2.5z"
        parts.append(tag("path", _said(hand), d=mark, class_="hand"))
    return join(parts)


def _said(entry: Decided | HandedOn) -> Markup:
    seq, stage = entry.seq, words.stage_name(entry.stage)
    if isinstance(entry, HandedOn):
        what = Text("交接", "handed on")
    else:
        what = words.GATE_STATES[entry.outcome]
        if entry.reopened:
            what = Text(f"再次暂停，{what.zh}", f"closed again, {what.en}")
    return title(f"№{seq} {stage.zh}：{what.zh}", f"№{seq} {stage.en}: {what.en}")


def legend() -> Markup:
    """What the marks mean."""
    bars = [
        (tag("rect", x=0.5, y=5, width=27, height=5, class_=f"b-{state}"), words.GATE_STATES[state])
        for state in ("open", "waiting", "blocked")
    ]
    marks = [
        (tag("path", d="M10 3l8 5l-8 5z", class_="hand"), Text("交接", "handed on")),
        (tag("path", d="M9 3l9 9m0 -9l-9 9", class_="again"),
         Text("再次暂停", "closed again")),
    ]  # fmt: skip
    order = Text(
        "每个单位五行，自上而下：" + "、".join(stage.label.zh for stage in STAGES),
        "five lines for each unit, from the top: " + ", ".join(one.label.en for one in STAGES),
    )
    items = [
        tag("li", tag("svg", mark, viewBox="0 0 28 16", class_="mark", aria_hidden="true"), text)
        for mark, text in (*bars, *marks)
    ]
    return tag("ul", *items, tag("li", order), class_="legend")
