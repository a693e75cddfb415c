"""The board as a picture: jurisdictions down, bodies and stages across, one cell for each gate.

Rules: a cell shows its state by colour and by sign, so that it reads in black and white, and the
number of the ledger entry that says so; it leads to that decision.
"""

from __future__ import annotations

from schemas import words
from schemas.text import Text
from schemas.vocabulary import NOT_REACHED, OUTCOME_LABELS, STAGES, Body, Outcome
from schemas.words import HELD
from tasks.export.history import GateNow, Record, Unit
from tasks.export.page.markup import Child, Markup, join, tag, title
from tasks.export.page.places import Place, places_of

NAMES = 158.0
CELL, HIGH = 48.0, 17.0
GAP = 12.0
SIGN = 11.0
ROW = 20.0
TOP = 44.0
BETWEEN = 9.0
MARGIN = 1.0
DEEPEST_BLOCK = 1  # places down to this depth begin a block of their own


def sign(state: str, x: float, y: float) -> Markup:
    """The sign of a state, drawn; a blocked one on white, so that it is told from an open one."""
    drawn = tag("use", href=f"#s-{state}", x=x, y=y, width=SIGN, height=SIGN)
    if state != Outcome.BLOCKED:
        return drawn
    patch = tag("rect", x=x - 1.5, y=y - 1, width=SIGN + 3, height=SIGN + 2, rx=1, class_="patch")
    return join([patch, drawn])


def legend_sign(state: str) -> Markup:
    """A sign to stand in text, on the colour that its cells have."""
    box = tag("rect", x=0.5, y=0.5, width=20, height=15, rx=2, class_="cell")
    inner = sign(state, 5.0, 2.5)
    return tag("svg", box, inner, viewBox="0 0 21 16", class_=f"key c-{state}", aria_hidden="true")


def legend() -> Markup:
    """What the signs mean."""
    items = [
        tag("li", legend_sign(state), text)
        for state, text in words.GATE_STATES.items()
    ]  # fmt: skip
    return tag("ul", *items, class_="legend")


def _heading(bodies: list[Body]) -> Markup:
    parts: list[Child] = []
    for place, body in enumerate(bodies):
        left = _left(place)
        middle = left + CELL * len(STAGES) / 2
        parts.append(_words(body.label, x=middle, y=14, class_="body"))
        for number, stage in enumerate(STAGES):
            x = left + CELL * number + CELL / 2
            parts.append(_words(stage.label, x=x, y=TOP - 14, class_="stage"))
    return join(parts)


def _words(text: Text, *, x: float, y: float, class_: str) -> Markup:
    return join(
        tag("text", said, x=x, y=y, class_=f"{class_} {lang}", text_anchor="middle")
        for lang, said in (("zh", text.zh), ("en", text.en))
    )


def _left(place: int) -> float:
    return NAMES + place * (CELL * len(STAGES) + GAP)


def _cell(unit: Unit, stage: str, now: GateNow, ahead: Text | None, x: float, y: float) -> Markup:
    names = words.unit_name(unit.name, unit.body)
    state, label = words.GATE_STATES[now.state], words.stage_name(stage)
    zh = f"{names.zh} · {label.zh}：{state.zh}"
    en = f"{names.en} · {label.en}: {state.en}"
    if now.state == HELD:
        recorded = words.GATE_STATES[now.recorded]
        zh, en = f"{zh}（决定为{recorded.zh}）", f"{en} (decided: {recorded.en})"
    if ahead is not None:
        zh, en = f"{zh}；预评（不是决定）：{ahead.zh}", f"{en}; forecast (no decision): {ahead.en}"
    if now.seq is not None:
        zh, en = f"{zh}，记录第{now.seq}号", f"{en}, ledger entry {now.seq}"
    box = tag("rect", x=x + 1, y=y, width=CELL - 2, height=HIGH, rx=2, class_="cell")
    inside: list[Child] = [title(zh, en), box]
    if now.seq is None:
        inside.append(sign(NOT_REACHED, x + CELL / 2 - 5.5, y + 3))
    else:
        inside.append(sign(now.state, x + 5, y + 3))
        inside.append(tag("text", now.seq, x=x + CELL - 4, y=y + 12, text_anchor="end"))
    drawn = tag("g", *inside, class_=f"c-{now.state}")
    return drawn if now.seq is None else tag("a", drawn, href=f"#e{now.seq}")


def board(record: Record) -> Markup:
    """The picture."""
    places = places_of(record)
    present = {body for place in places for body in place.units}
    bodies = [body for body in Body if body in present]
    parts: list[Child] = [_heading(bodies)]
    y = TOP
    for number, place in enumerate(places):
        if number and place.depth <= DEEPEST_BLOCK:
            y += BETWEEN
            line = y - BETWEEN / 2 - 1
            parts.append(tag("line", x1=0, x2=_left(len(bodies)) - GAP, y1=line, y2=line))
        parts.append(_row(record, place, bodies, y))
        y += ROW
    width, height = _left(len(bodies)) - GAP + MARGIN, y + MARGIN
    return tag(
        "svg",
        tag("title", "关口现状 / Where every gate stands"),
        *parts,
        viewBox=f"0 0 {width:g} {height:g}",
        class_="board",
        role="group",
    )


def _row(record: Record, place: Place, bodies: list[Body], y: float) -> Markup:
    parts: list[Child] = [
        tag("text", place.name, x=12.0 * place.depth, y=y + 12.5, class_=f"place d{place.depth}"),
        tag("text", place.code, x=NAMES - 10, y=y + 12.5, class_="code", text_anchor="end"),
    ]
    for number, body in enumerate(bodies):
        unit = place.units.get(body.value)
        if unit is None:
            continue
        for step, (stage, now) in enumerate(record.gates(unit.unit).items()):
            ahead = record.ahead((unit.unit, stage))
            told = OUTCOME_LABELS[ahead[0]] if ahead else None
            parts.append(_cell(unit, stage, now, told, _left(number) + CELL * step, y))
    return tag("g", *parts)
