"""The steps of a stage: thin wrappers that drive and show, in a run of Prefect's as its tasks.

Rules: what happens is decided in `tasks.gate`; nothing is cached, retried into or persisted by
Prefect; a state is what the ledger says and never the other way round. Parameters are ids, names of
runs are ids and jurisdiction names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from prefect import State, task
from prefect.context import FlowRunContext
from prefect.states import Cancelled, Completed, Failed

from data.home import current_home
from data.ledger import Ledger
from data.status import UnitStatus, statuses, unit_names
from schemas.decisions import CLOSING, Decision
from schemas.findings import Findings, together
from schemas.reports import check_title, finding_reason
from schemas.subjects import finding_shown
from schemas.text import Text, clauses, plural, stated
from schemas.vocabulary import OUTCOME_LABELS, Outcome, Stage, Work, ended_as
from tasks import procedure
from tasks.forecasting import forecast_ahead
from tasks.gate.evaluation import run_check
from tasks.moved import FactsMoved
from tasks.procedure import Gates, Slate
from tasks.publishing import Progress, publish
from tasks.recording.handing_on import hand_on as put_on_record
from tasks.running import UNCACHED, ended, step

# The kind of Prefect's states that each outcome is shown as; the pages colour by it.
KINDS: dict[Outcome, Callable[..., State[None]]] = {
    Outcome.OPEN: Completed,
    Outcome.WAITING: Cancelled,
    Outcome.BLOCKED: Failed,
}


def named_state(outcome: Outcome, message: str) -> State[None]:
    """`Open` is completed, `Waiting` cancelled (it is no failure), `Blocked` failed.

    After neither of the latter does anything downstream run on.
    """
    return KINDS[outcome](name=outcome.value.capitalize(), message=message)


def current_run() -> str | None:
    """The id of the flow run, to be kept with its decisions; none where no server follows it."""
    context = FlowRunContext.get()
    return str(context.flow_run.id) if context and context.flow_run else None


@step("receive {scope}")
async def receive(stage: str, scope: str, on: date) -> Slate:
    """Today's facts of the units whose earlier gates hold."""
    return procedure.receive(current_home(), Stage(stage), scope, on, run=current_run())


@step("{code}")
async def one_check(slate: Slate, code: str) -> dict[str, Findings]:
    """Unit → the findings of one check, none where the pack does not ask for it."""
    entry = slate.snapshot.pack.check(code)
    return run_check(entry, slate.snapshot.facts) if entry else {}


async def run_checks(slate: Slate, *codes: str) -> dict[str, Findings]:
    """Unit → the findings of the checks named; those that the pack leaves out are not run."""
    return together([await one_check(slate, code) for code in codes if slate.units])


def first_reason(decision: Decision) -> str:
    """Why a gate is not open: its first closing finding, and how many more there are."""
    closing = [one for one in decision.findings if one.status in CLOSING]
    if not closing:
        return Text("没有任何检查合格", "no check has passed").render()
    first = min(closing, key=lambda one: (one.status, one.check, one.subject))
    shown = stated(check_title(first.check), finding_shown(first), finding_reason(first))
    return shown if len(closing) == 1 else f"{shown} (+{len(closing) - 1})"


@task(task_run_name="{unit} {name}", **UNCACHED)
async def gate(unit: str, name: str, outcome: str, message: str) -> State[None]:
    """Show what the gate of one unit said."""
    return named_state(Outcome(outcome), message)


def _shown(gates: Gates, unit: str) -> tuple[Outcome, str]:
    """How a gate is shown: what was not recorded waits for another launch."""
    if unit in gates.moved:
        return Outcome.WAITING, str(FactsMoved())
    outcome = gates.outcome(unit)
    if outcome is Outcome.OPEN:
        return outcome, OUTCOME_LABELS["open"].render()
    return outcome, _reason(gates, unit)


def _reason(gates: Gates, unit: str) -> str:
    """Why a gate is not open: an objection that is open, or what its decision says."""
    if unit not in gates.objected:
        return first_reason(gates.decisions[unit])
    seq = gates.objected[unit]
    return Text(
        f"已完成，异议待裁定（记录第{seq}号）",
        f"concluded; objection {seq} is to be ruled on",
    ).render()


@step("decide")
async def decide(slate: Slate, findings: Mapping[str, Findings]) -> Gates:
    """Decide every gate of the slate and put it on record."""
    return procedure.decide(slate, findings, current_run())


def _stood_open(gates: Gates, unit: str) -> bool:
    """Whether a gate is as open as it was before this launch."""
    one = gates.recorded.get(unit)
    return one is not None and not one.new and gates.outcome(unit) is Outcome.OPEN


async def decide_gates(slate: Slate, findings: Mapping[str, Findings]) -> Gates:
    """Decide and record every gate of the slate; show those that opened now or are not open.

    Each is a task of its unit's. What stood open before stands in the run's artifact: a task for
    each would hide those that somebody is to look at.
    """
    if not slate.units:
        return Gates({}, {}, frozenset())
    gates = await decide(slate, findings)
    names = unit_names(slate.snapshot.ledger)
    shown = [unit for unit in slate.units if not _stood_open(gates, unit)]
    progress = Progress(slate.stage, len(shown))
    for done, unit in enumerate(shown, start=1):
        outcome, message = _shown(gates, unit)
        await ended(gate, unit, names[unit].render(), outcome.value, message)
        await progress.at(done)
    return gates


@step("pass on")
async def pass_on(slate: Slate, gates: Gates) -> Slate:
    """Hand on what is open, and receive it at the next gate of the same flow."""
    received = procedure.pass_on(slate, gates)
    await publish(slate, gates.decisions, current_run())
    return received


def _held_here(slate: Slate) -> list[Decision]:
    """The decisions of units that an earlier gate of the same flow holds."""
    return [
        one.decisions[unit]
        for one in slate.earlier
        for unit in one.decisions
        if one.received.stage.work is slate.stage.work and unit in slate.held
    ]


def counts_text(stand: Sequence[Outcome], total: int, held: int, objected: int) -> str:
    """How gates stand on record, as whoever counts them afterwards finds them.

    A gate of a concluded unit that is objected to stands open, and that it is objected to is said.
    """
    opened, blocked = stand.count(Outcome.OPEN), stand.count(Outcome.BLOCKED)
    waiting = total - opened - blocked - held
    zh = f"，其中{objected}个已完成但有异议待裁定" if objected else ""
    en = f" ({objected} concluded, with an objection to be ruled on)" if objected else ""
    return Text(
        f"{total}个单位中{opened}个通过{zh}，{waiting}个待补，{blocked}个受阻，{held}个前面的关口未通过",
        f"{opened} of {plural(total, 'unit')} open{en}, {waiting} waiting, {blocked} blocked, "
        f"{held} held by an earlier gate",
    ).render()


def summary(slate: Slate, gates: Gates) -> tuple[Outcome, str]:
    """What a stage run ends with: `Open` only if every unit in scope is open."""
    here = {one.unit: one for one in _held_here(slate)}
    outcomes = {unit: gates.outcome(unit) for unit in gates.recorded}
    outcomes |= {unit: one.outcome for unit, one in here.items()}
    reasons = {unit: _reason(gates, unit) for unit in gates.recorded}
    reasons |= {unit: first_reason(one) for unit, one in here.items()}
    total, held = len(slate.units) + len(slate.held), len(slate.held) - len(here)
    stand = [gates.recorded_as(unit) for unit in gates.recorded]
    stand += [one.outcome for one in here.values()]
    message = counts_text(stand, total, held, len(gates.objected.keys() & gates.recorded.keys()))
    closed = sorted(
        (unit for unit, one in outcomes.items() if one is not Outcome.OPEN),
        key=lambda unit: (outcomes[unit] is not Outcome.BLOCKED, unit),
    )
    names = unit_names(slate.snapshot.ledger)
    shown = (stated(names[unit].render(), reasons[unit]) for unit in closed[:3])
    message = clauses(message, *shown)
    if total and [*outcomes.values()].count(Outcome.OPEN) == total:
        return Outcome.OPEN, message
    blocked = Outcome.BLOCKED in outcomes.values()
    return (Outcome.BLOCKED if blocked else Outcome.WAITING), message


def _stands_as(work: Work, state: State[None], units: Sequence[UnitStatus]) -> str:
    """How a stage is shown after the cycle: open where it waits for nothing but a ruling."""
    stand = all(one.stages[stage.value] == Outcome.OPEN for one in units for stage in work.stages)
    ruled = any(one.objected for one in units) and state.name == Outcome.WAITING.value.capitalize()
    return ended_as(Outcome.OPEN if stand and ruled else state.name)


def cycle_summary(states: Mapping[Work, State[None]], scope: str) -> str:
    """How each stage stands after the cycle, then what the last one counts."""
    units = statuses(Ledger(current_home().ledger), scope)
    shown = (stated(work.label.render(), _stands_as(work, one, units))
             for work, one in states.items())  # fmt: skip
    return clauses(*shown, [*states.values()][-1].message or "")


@step("hand on")
async def record_hand_off(slate: Slate, gates: Gates) -> int:
    """Put on record what is handed on; returns how many units."""
    handed, _ = put_on_record(slate.snapshot, slate.stage, gates.recorded.values())
    return len(handed)


@step("forecast")
async def forecast(slate: Slate) -> int:
    """What gates ahead of their turn would say; returns of how many it is another one."""
    return len(forecast_ahead(slate.whole, slate.scope))


async def hand_on(slate: Slate, gates: Gates) -> State[None]:
    """Hand on what is open, forecast what is ahead, show it, and say how the stage stands."""
    if gates.recorded:
        await record_hand_off(slate, gates)
    await forecast(slate)
    await publish(slate, gates.decisions, current_run())
    return named_state(*summary(slate, gates))
