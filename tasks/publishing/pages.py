"""The pages over all units: the board, what is missing, a page for each county, the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from data.acts import Gate
from data.home import Home
from data.ledger import Ledger
from data.status import UnitStatus, marks_of, statuses
from schemas.entries import Decided
from schemas.names import NAME, SIGNS, UNIT, officer_name, stage_headings, unit_name
from schemas.reports import Closed, missing_lines, stage_cell
from schemas.text import Text, plural, stated
from schemas.vocabulary import STAGES, Level, Organ, Stage
from schemas.words import VERDICTS
from tasks.changes import since_acts, told_since
from tasks.closed import closed_entries, closed_gates, forecast_gates
from tasks.officers.objected import objections_on_record
from tasks.officers.pending import Gap, PendingGate, PendingSignatures
from tasks.places import Place, Places
from tasks.publishing.markdown import (
    AWAITED,
    BOARD,
    DUE,
    MISSING,
    Page,
    link,
    missing_key,
    page,
    table,
)

SHOWN_ROWS = 400
SHOWN_OFFICERS = 4
REST = Text("其余见 termgate gate show", "for the rest see `termgate gate show`")
STAGE = Text("环节", "stage")
FORECAST = Text(
    "预评：尚未进入的环节还缺什么（不是决定，不能签字）",
    "Forecast: what gates that are not reached lack (no decision, nobody signs it)",
)


def history_key(unit: str) -> str:
    """The key of a unit's history."""
    return f"history-{unit}"


def board_table(units: Sequence[UnitStatus]) -> str:
    """A row for each unit, a column for each stage."""
    heading = [UNIT.render(), NAME.render(), *stage_headings()]
    rows = [
        [
            link(one.unit, history_key(one.unit)),
            unit_name(one.name, one.body),
            *(stage_cell(one.shown(stage), waived=stage in one.waived) for stage in one.stages),
        ]
        for one in units
    ]
    done = sum(one.done for one in units)
    summary = Text(
        f"{len(units)}个单位，{done}个全部通过",
        f"{done} of {plural(len(units), 'unit')} through all gates",
    )
    return f"{summary.render()}\n\n{table([heading, *rows])}"


def objected_text(units: Sequence[UnitStatus]) -> str:
    """The concluded units to which an objection is open, or nothing."""
    lines = [
        "- "
        + Text(
            f"{unit_name(one.name, one.body)} {one.unit}：记录第{seq}号，"
            f"见 `termgate objection show {seq}`",
            f"{unit_name(one.name, one.body)} {one.unit}: entry {seq}, "
            f"see `termgate objection show {seq}`",
        ).render()
        for one in units
        for seq in one.objected
    ]
    title = Text(
        "### 对已完成单位的异议，待裁定", "### Objections to concluded units, to be ruled on"
    )
    return "\n\n".join([title.render(), "\n".join(lines[:SHOWN_ROWS])]) if lines else ""


def missing_text(closed: Sequence[Closed]) -> str:
    """What keeps each closed gate closed, and who can supply it: a section for each gate."""
    if not closed:
        return Text("没有暂停的关口。", "No gate is closed.").render()
    sections = []
    shown = 0
    for gate in closed:
        lines = missing_lines(gate)[: max(SHOWN_ROWS - shown, 0)]
        shown += len(lines)
        title = f"### {SIGNS[gate.outcome]} {unit_name(gate.name, gate.body)} {gate.unit}"
        # A list, since a table on these pages cuts off what is long: the reason.
        told = "\n".join(f"- {line}" for line in lines)
        sections.append(f"{title} — {gate.stage.label.render()}\n\n{told}")
        if shown >= SHOWN_ROWS:
            sections.append(REST.render())
            break
    return "\n\n".join(sections)


def forecast_text(ahead: Sequence[Closed]) -> str:
    """What gates that are not reached would lack, marked as no decision."""
    return f"## {FORECAST.render()}\n\n{missing_text(ahead)}" if ahead else ""


class Overview:
    """The ledger read once for the pages over all units."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._ledger = Ledger(home.ledger)
        self._units = statuses(self._ledger)
        self._closed: Mapping[Gate, Decided] = closed_entries(self._ledger)
        self._places = Places(self._ledger)
        self._marks = marks_of(self._ledger)

    def board(self) -> Page:
        """Every unit at every stage."""
        objected = objected_text(self._units)
        parts = [self._marks, self._every_page(), objected, board_table(self._units)]
        return page("board", parts, BOARD)

    def _every_page(self) -> str:
        """Links to all other pages: the UI has no list of them in its menu."""
        stages = [
            link(stated(MISSING.render(), one.label.render()), missing_key(one)) for one in STAGES
        ]
        places = [
            _county_link(place)
            for place in self._places.by_code.values()
            if place.level != Level.TOWNSHIP
        ]
        due = link(DUE.render(), "deadlines")
        return "\n\n".join(" · ".join(one) for one in ([*stages, _inbox_link(), due], places))

    def missing(self, stage: Stage) -> Page:
        """What a stage still misses, and the objections to units that it is over for."""
        name = stage.label
        closed = closed_gates(self._ledger, self._units, stage, self._closed)
        ahead = forecast_gates(self._units, stage)
        return page(
            missing_key(stage),
            [
                self._marks,
                objected_text(self._units),
                missing_text(closed),
                forecast_text(ahead),
            ],
            Text(f"{name.zh}环节尚缺", f"what the stage {name.en} still misses"),
        )

    def counties(self, scope: Sequence[str] = ()) -> list[Page]:
        """A page for each city and county, or for those of them in `scope`."""
        chosen = [
            code
            for code, place in self._places.by_code.items()
            if place.level != Level.TOWNSHIP and (not scope or code in scope)
        ]
        return [self._county(code) for code in chosen]

    def _county(self, code: str) -> Page:
        """A county with its townships (a city: its own units), and what is missing there."""
        townships = [
            one
            for one in self._places.below(code)
            if one == code or self._places.by_code[one].level == Level.TOWNSHIP
        ]
        city = self._places.by_code[code].level == Level.CITY
        places = {code} if city else set(townships)
        units = [one for one in self._units if one.jurisdiction in places]
        closed = [
            gate
            for stage in STAGES
            for gate in closed_gates(self._ledger, units, stage, self._closed)
        ]
        ahead = [gate for stage in STAGES for gate in forecast_gates(units, stage)]
        name = self._places.title(code)
        parts = [
            self._marks,
            f"## {name} {code}",
            objected_text(units),
            board_table(units),
            missing_text(closed),
            forecast_text(ahead),
            self._links(code),
        ]
        return page(
            _county_key(code),
            parts,
            Text(f"{name}各单位", f"the units of {name}"),
        )

    def _links(self, code: str) -> str:
        """Links to the counties of a city, to the inbox and to the board."""
        counties = [
            _county_link(one)
            for one in self._places.by_code.values()
            if one.parent == code and one.level == Level.COUNTY
        ]
        return " · ".join([*counties, _inbox_link(), link(BOARD.render(), "board")])

    def inbox(self) -> Page:
        """Whose sign-offs are pending: officer ids, organs, units, stages; never a name."""
        rows: list[list[str]] = []
        gates = PendingSignatures(self._home).gates
        for gate in gates:
            rows += _pending_rows(gate, self._places)
        summary = Text(f"{len(rows)}项待会签", f"{plural(len(rows), 'sign-off')} pending").render()
        ruling = _to_rule(self._home)
        if not rows:
            return page("inbox", [self._marks, summary, *ruling], AWAITED)
        headings = [
            UNIT,
            NAME,
            STAGE,
            Text("还缺", "still missing"),
            Text("可签字的责任人员", "officers who may sign"),
            Text("依据材料", "evidence"),
        ]
        shown = table([[one.render() for one in headings], *rows[:SHOWN_ROWS]])
        rest = (
            [Text("其余见 termgate inbox", "for the rest see `termgate inbox`").render()]
            if len(rows) > SHOWN_ROWS
            else []
        )
        changed = _changed_since(self._home, gates, self._places)
        return page("inbox", [self._marks, summary, shown, *rest, *changed, *ruling], AWAITED)


def _to_rule(home: Home) -> list[str]:
    """The objections that are open and who may rule on them, as a list with a title."""
    every = objections_on_record(home)
    lines = [
        f"- {one.entry.seq} {one.entry.unit} {Stage(one.entry.stage).label.render()}: "
        + "; ".join(
            f"{VERDICTS[verdict].render()}: {', '.join(officers[:SHOWN_OFFICERS])}"
            for verdict, officers in one.able.items()
        )
        for one in every
        if one.open
    ]
    title = Text("### 待裁定的异议", "### Objections to be ruled on").render()
    return [title, "\n".join(lines[:SHOWN_ROWS])] if lines else []


def _county_key(code: str) -> str:
    return f"county-{code}"


def _county_link(place: Place) -> str:
    return link(f"{place.code} {place.name}", _county_key(place.code))


def _inbox_link() -> str:
    return link(AWAITED.render(), "inbox")


def _changed_since(home: Home, gates: Iterable[PendingGate], places: Places) -> list[str]:
    """Which rows changed since somebody signed a gate on other evidence, as a list with a title."""
    stale = [(gate, act) for gate in gates for act in gate.stale]
    if not stale:
        return []
    changes = since_acts(home, [act for _, act in stale])
    lines = [
        f"- {gate.unit.unit} {gate.stage.label.render()}: "
        f"{_named(act.officer, gate, places)}: {line.render()}"
        for gate, act in stale[:SHOWN_ROWS]
        for line in told_since(changes[act.seq])
    ]
    title = Text("### 会签之后依据材料的变动", "### What changed since it was signed")
    return [title.render(), "\n".join(lines)]


def _pending_rows(gate: PendingGate, places: Places) -> list[list[str]]:
    """A row for each requirement of a gate that is not met yet."""
    gaps = gate.gaps()
    unit = gate.unit
    head = [
        link(unit.unit, history_key(unit.unit)),
        unit_name(unit.name, unit.body),
        gate.stage.label.render(),
    ]
    evidence = f"`{gate.entry.evidence[:12]}`"
    if not gaps:
        ready = Text("已签齐，待再次运行", "all signed; to be launched again").render()
        return [[*head, ready, "", evidence]]
    return [[*head, gap.text.render(), _officers(gap, gate, places), evidence] for gap in gaps]


def _officers(gap: Gap, gate: PendingGate, places: Places) -> str:
    """The officers whose signature can fill a gap, by organ, place and id."""
    more = f" +{len(gap.able) - SHOWN_OFFICERS}" if len(gap.able) > SHOWN_OFFICERS else ""
    mark = Text("、", "; ").render()
    return mark.join(_named(one, gate, places) for one in gap.able[:SHOWN_OFFICERS]) + more


def _named(officer: str, gate: PendingGate, places: Places) -> str:
    """An officer by organ, place and id, as their key has them."""
    key = gate.keys.of(officer)
    if key is None:
        return officer
    known = places.by_code.get(key.jurisdiction)
    place = known.name if known else key.jurisdiction
    return officer_name(officer, Organ(key.organ).label, place)
