"""What the main job prints of a day: what came, what opened, what is wrong, what is still ahead.

Rules: everything is read back from the ledger and compared with the evening before; a line names
units, checks and counts, never people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rich.markup import escape

from data.acts import Gate
from data.home import Home
from data.ledger import Ledger
from data.status import UnitStatus, statuses
from deployments.show import sign
from schemas.findings import Finding
from schemas.reports import Closed, check_title, finding_reason
from schemas.subjects import finding_shown
from schemas.text import Text, comma_separated, plural, stated
from schemas.vocabulary import NOT_REACHED, STAGES, Outcome, Stage, Status
from tasks.closed import closed_entries, closed_gates, forecast_gates
from tasks.intake.accept import Receipt

WEEKDAYS = (
    Text("星期一", "Monday"), Text("星期二", "Tuesday"), Text("星期三", "Wednesday"),
    Text("星期四", "Thursday"), Text("星期五", "Friday"), Text("星期六", "Saturday"),
    Text("星期日", "Sunday"),
)  # fmt: skip
MOST_CHECKS = 3  # that a line names
Failure = tuple[str, str, str, str]  # unit, stage, check, subject


@dataclass(frozen=True)
class View:
    """Where every unit stands in the evening, and what keeps each gate closed, reached or not."""

    units: Mapping[str, UnitStatus]
    closed: Mapping[Gate, Closed]
    failures: Mapping[Failure, tuple[Closed, Finding]]

    @classmethod
    def empty(cls) -> View:
        """Before the first day."""
        return cls({}, {}, {})

    def outcome(self, gate: Gate) -> str:
        """What a gate says, `not_reached` where it was not decided."""
        unit, stage = gate
        return self.units[unit].stages[stage] if unit in self.units else NOT_REACHED

    def open(self) -> set[Gate]:
        """The gates that are open."""
        return {
            (unit, stage)
            for unit, one in self.units.items()
            for stage, outcome in one.stages.items()
            if outcome == Outcome.OPEN
        }

    def states(self) -> dict[str, dict[str, str]]:
        """Unit → stage → outcome of its gate, or what is forecast of one that is not reached."""
        return {
            unit: {stage.value: self._state(one, stage) for stage in STAGES}
            for unit, one in self.units.items()
        }

    def _state(self, one: UnitStatus, stage: Stage) -> str:
        if stage.value not in one.forecasts:
            return one.stages[stage.value]
        if one.forecasts[stage.value].complete:
            return "forecast pass"
        fails = any(found.status is Status.FAIL for found in one.forecasts[stage.value].closing)
        return "forecast fail" if fails else "forecast missing"

    def done(self) -> set[str]:
        """The units of which every gate is open."""
        return {unit for unit, one in self.units.items() if one.done}


def view(home: Home) -> View:
    """Where every unit of a home stands now."""
    ledger = Ledger(home.ledger)
    units = statuses(ledger)
    entries = closed_entries(ledger)
    closed = [one for stage in STAGES for one in closed_gates(units, stage, entries)]
    closed += [one for stage in STAGES for one in forecast_gates(units, stage)]
    failures = {
        (one.unit, one.stage.value, finding.check, finding.subject): (one, finding)
        for one in closed
        for finding in one.closing()
        if finding.status is Status.FAIL
    }
    return View(
        {one.unit: one for one in units}, {(one.unit, one.stage.value): one for one in closed},
        failures,
    )  # fmt: skip


def delivered_line(
    day: date, receipts: Sequence[Receipt], mended: Sequence[str], seconds: float
) -> str:
    """The heading of a day: what came on it."""
    rows, registers = sum(one.accepted for one in receipts), len(receipts)
    zh = [f"{rows}行，{registers}个台账"] if rows else []
    en = [f"{plural(rows, 'row')} to {plural(registers, 'register')}"] if rows else []
    if mended:
        zh.append(f"补正{len(mended)}份")
        en.append(plural(len(mended), "mend"))
    what = Text("，".join(zh), ", ".join(en)).render()
    named = WEEKDAYS[day.weekday()].render()
    return f"[bold]{day} {named}[/] {what} [dim]{seconds:.1f} s[/]"


def story(before: View, after: View, signed: int) -> Iterator[str]:
    """The lines about a day, from what stood the evening before and what stands now."""
    yield from _opened(before, after, signed)
    yield from _closed_again(before, after)
    yield from _found(before, after)
    yield from _mended(before, after)
    yield from _waiting(after)
    yield from _ahead(after)
    yield from _concluded(before, after)


def _by_stage(counts: Mapping[str, int]) -> str:
    shown = [
        f"{stage.label.render()} {counts[stage.value]}" for stage in STAGES if counts[stage.value]
    ]
    return comma_separated(shown).render()


def _opened(before: View, after: View, signed: int) -> Iterator[str]:
    opened = after.open() - before.open()
    if opened:
        counts = _by_stage(Counter(stage for _, stage in opened))
        label = Text("新通过的关口", "gates opened").render()
        hands = Text(f"（{signed}次签字）", f" ({plural(signed, 'signature')})").render()
        yield f"{sign(Outcome.OPEN)} {stated(label, counts)}{hands}"


def _why(found: Finding) -> str:
    return f"[bold]{check_title(found.check)}[/] " + escape(
        stated(finding_shown(found), finding_reason(found))
    )


def _closed_again(before: View, after: View) -> Iterator[str]:
    """Gates that stood open and are closed: the first of each unit holds those behind it."""
    lost: dict[str, str] = {}
    for stage in STAGES:
        for unit, one in before.units.items():
            gate = (unit, stage.value)
            if one.stages[stage.value] == Outcome.OPEN and after.outcome(gate) not in (
                Outcome.OPEN, NOT_REACHED,
            ):  # fmt: skip
                lost.setdefault(unit, stage.value)
    for unit, name in lost.items():
        closed = after.closed[unit, name]
        label = Text("通过后又暂停", "closed again").render()
        at = Stage(name).label.render()
        line = stated(f"{label} {unit} {at}", _why(closed.closing()[0]))
        yield f"{sign(closed.outcome)} {line}"


def _found(before: View, after: View) -> Iterator[str]:
    """What fails since today, each with the units that it holds, also where it is a forecast.

    Of a unit the first gate is named; what is wrong closes those behind it too.
    """
    held: dict[tuple[str, str, str], list[str]] = {}
    first: dict[str, str] = {}
    for key, (closed, finding) in after.failures.items():
        unit, stage, *_ = key
        if key in before.failures or first.setdefault(unit, stage) != stage:
            continue
        if before.outcome((unit, stage)) != Outcome.OPEN:
            ahead = after.outcome((unit, stage)) == NOT_REACHED
            mark = Text("预评：", "forecast: ").render() if ahead else ""
            shown = (closed.outcome, f"{mark}{closed.stage.label.render()}", _why(finding))
            held.setdefault(shown, []).append(unit)
    for (outcome, at, why), units in held.items():
        more = Text(f"（共{len(units)}个单位）", f" ({plural(len(units), 'unit')})").render()
        line = stated(f"{units[0]}{more if len(units) > 1 else ''} {at}", why)
        yield f"{sign(outcome)} {line}"


def _mended(before: View, after: View) -> Iterator[str]:
    """What failed yesterday and does no more."""
    gone = [key for key in before.failures if key not in after.failures]
    if gone:
        checks = Counter(check for _, _, check, _ in gone)
        label = Text("已补正", "put right").render()
        yield stated(label, _counted(checks, len(checks)))


def _counted(counts: Mapping[str, int], most: int) -> str:
    named = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = [f"{check_title(check)} {count}" for check, count in named[:most]]
    rest = len(named) - most
    if rest > 0:
        shown.append(Text(f"另{rest}项", f"{rest} more").render())
    return comma_separated(shown).render()


def _waiting(after: View) -> Iterator[str]:
    """Of each stage the gates that wait, and for which checks most of them."""
    for stage in STAGES:
        gates = [
            one for one in after.closed.values()
            if one.stage is stage and one.outcome == Outcome.WAITING
        ]  # fmt: skip
        if gates:
            checks = Counter(
                check for one in gates for check in {found.check for found in one.closing()}
            )
            label = Text(
                f"{stage.label.zh}待补{len(gates)}个",
                f"{plural(len(gates), 'unit')} waiting at {stage.label.en}",
            ).render()
            yield f"{sign(Outcome.WAITING)} {stated(label, _counted(checks, MOST_CHECKS))}"


def _ahead(after: View) -> Iterator[str]:
    """The forecasts: how many gates ahead of their turn are in order already."""
    shown = []
    for stage in STAGES:
        ahead = [one.forecasts[stage.value] for one in after.units.values()
                 if stage.value in one.forecasts]  # fmt: skip
        if ahead:
            ready = sum(one.complete for one in ahead)
            shown.append(
                Text(
                    f"{stage.label.zh}{len(ahead)}个中{ready}个已齐",
                    f"{stage.label.en} {ready} of {len(ahead)}",
                ).render()
            )
    if shown:
        label = Text("尚未轮到的关口预评", "forecast in order, ahead of their turn").render()
        yield f"[dim]{stated(label, comma_separated(shown).render())}[/]"


def _concluded(before: View, after: View) -> Iterator[str]:
    new = after.done() - before.done()
    if new:
        every = len(after.done())
        yield Text(
            f"[bold]{len(new)}个单位完成换届，共{every}个[/]",
            f"[bold]{plural(len(new), 'unit')} concluded, {every} of {len(after.units)}[/]",
        ).render()
