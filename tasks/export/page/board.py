"""The board: jurisdictions down, bodies and stages across, one cell for each gate.

Rules: a cell has its state and, where there is one, the number of its ledger entry; what
is forecast is shown as a forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.status import UnitStatus
from schemas import words
from schemas.names import unit_name
from schemas.text import Text
from schemas.vocabulary import NOT_REACHED, STAGES, Body
from tasks.export.history import Record, Unit
from tasks.export.page.places import Place, places_of

Gates = dict[tuple[str, str], "Cell"]
# A note on a unit, and whether it is grave.
Note = tuple[Text, bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """A gate: how it is shown, the entry that says so if there is one, and all of it in words."""

    unit: str
    stage: str
    state: str
    seq: int | None
    title: Text
    waived: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A place, its gates by body and stage, and what else is to be said of its units."""

    place: Place
    gates: Gates
    notes: list[Note]


@dataclass(frozen=True, slots=True)
class Board:
    """Every place, and the bodies of which one of them has a unit."""

    bodies: list[Body]
    lines: list[Line]


def _board(
    units: Iterable[Unit | UnitStatus],
    cells: Mapping[str, list[Cell]],
    notes: Mapping[str, list[Note]],
) -> Board:
    places = places_of(units)
    present = {body for place in places for body in place.units}
    lines = [
        Line(
            place,
            {(body, cell.stage): cell for body, one in place.units.items() for cell in cells[one]},
            [note for one in place.units.values() for note in notes.get(one, ())],
        )
        for place in places
    ]
    return Board([body for body in Body if body in present], lines)


def _title(unit: Unit | UnitStatus, stage: str, state: str, *more: Text) -> Text:
    name, label = unit_name(unit.name, unit.body), words.stage_name(stage)
    state_name = words.GATE_STATES[state]
    return Text(
        f"{name.zh} · {label.zh}：{state_name.zh}" + "".join(one.zh for one in more),
        f"{name.en} · {label.en}: {state_name.en}" + "".join(one.en for one in more),
    )


def recorded_board(record: Record) -> Board:
    """The board at the end of a record."""
    units = list(record.units.values())
    return _board(units, {one.unit: _recorded(record, one) for one in units}, {})


def _recorded(record: Record, unit: Unit) -> list[Cell]:
    cells = []
    for stage, now in record.gates(unit.unit).items():
        ahead = record.ahead((unit.unit, stage))
        more = []
        if now.state == words.HELD:
            was = words.GATE_STATES[now.recorded]
            more.append(Text(f"（决定为{was.zh}）", f" (decided: {was.en})"))
        if ahead:
            state_name = words.GATE_STATES[ahead[0]]
            more.append(
                Text(
                    f"；预评（不是决定）：{state_name.zh}",
                    f"; forecast (no decision): {state_name.en}",
                )
            )
        if now.seq is not None:
            more.append(Text(f"，记录第{now.seq}号", f", ledger entry {now.seq}"))
        shown = ahead[0] if ahead and now.state == NOT_REACHED else now.state
        title = _title(unit, stage, now.state, *more)
        cells.append(Cell(unit.unit, stage, shown, now.seq, title))
    return cells


def live_board(units: list[UnitStatus]) -> Board:
    """The board of some units as they stand; which are concluded or objected to is noted."""
    cells = {
        one.unit: [
            Cell(one.unit, stage, one.shown(stage), None, _title(one, stage, one.shown(stage)),
                 stage in one.waived)
            for stage in (each.value for each in STAGES)
        ]
        for one in units
    }  # fmt: skip
    return _board(units, cells, {one.unit: _notes(one) for one in units})


def _notes(unit: UnitStatus) -> list[Note]:
    body = words.body_name(unit.body)
    if unit.objected:
        return [(Text(f"{body.zh}有异议", f"{body.en}: objected to"), True)]
    return [(Text(f"{body.zh}已完成", f"{body.en}: concluded"), False)] if unit.concluded else []
