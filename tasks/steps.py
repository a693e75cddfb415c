"""The steps of a stage: thin wrappers that drive and show, in a run of Prefect's as its tasks.

Rules: what happens is decided in `tasks.gate`; nothing is cached, retried into or persisted by
Prefect; a state is what the ledger says and never the other way round. Parameters are ids, names of
runs are ids and jurisdiction names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import pandas as pd
from prefect import State, task
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from data.home import current_home
from data.status import unit_names
from schemas.decisions import CLOSING, Decision
from schemas.names import unit_name
from schemas.reports import check_title, finding_reason
from schemas.text import Text
from schemas.vocabulary import OUTCOME_LABELS, Outcome, Stage
from tasks.gate import procedure as stages
from tasks.gate.decision import (
    TOGETHER,
    FactsMoved,
    Recorded,
    decisions_of,
    record,
    record_all,
    standing_as,
)
from tasks.gate.decision import hand_on as put_on_record
from tasks.gate.evaluation import run_check
from tasks.gate.procedure import Slate
from tasks.publishing.artifacts import Progress, publish
from tasks.running import UNCACHED, ended, step


def named_state(outcome: Outcome, message: str) -> State[None]:
    """`Open` is completed; `Waiting` and `Blocked` are not, so that nothing downstream runs on."""
    name = outcome.value.capitalize()
    if outcome is Outcome.OPEN:
        return Completed(name=name, message=message)
    return Failed(name=name, message=message)


def current_run() -> str | None:
    """The id of the flow run, to be kept with its decisions; none where no server follows it."""
    context = FlowRunContext.get()
    return str(context.flow_run.id) if context and context.flow_run else None


@step("receive {scope}")
async def receive(stage: str, scope: str, on: date) -> Slate:
    """Today's facts of the units whose earlier gates hold."""
    return stages.receive(current_home(), Stage(stage), scope, on, run=current_run())


@step("{code}")
async def one_check(slate: Slate, code: str) -> pd.DataFrame | None:
    """The findings of one check, or nothing where the pack does not ask for it."""
    entry = slate.snapshot.pack.check(code)
    return run_check(entry, slate.snapshot.facts) if entry else None


async def run_checks(slate: Slate, *codes: str) -> pd.DataFrame:
    """The findings of the checks named; those that the pack leaves out are not run."""
    if not slate.units:
        return pd.DataFrame()
    found = [await one_check(slate, code) for code in codes]
    return pd.concat([frame for frame in found if frame is not None], ignore_index=True)


def first_reason(decision: Decision) -> str:
    """Why a gate is not open: its first closing finding, and how many more there are."""
    closing = [one for one in decision.findings if one.status in CLOSING]
    if not closing:
        return Text("没有任何检查合格", "no check has passed").render()
    first = min(closing, key=lambda one: (one.status, one.check, one.subject))
    shown = f"{check_title(first.check)}: {first.subject}: {finding_reason(first)}"
    return shown if len(closing) == 1 else f"{shown} (+{len(closing) - 1})"


@task(task_run_name="{unit} {name}", **UNCACHED)
async def gate(slate: Slate, unit: str, name: str) -> State[None]:
    """Put the decision about one unit on record and show it."""
    decision = slate.decisions[unit]
    if unit not in slate.recorded:
        try:
            slate.recorded[unit] = record(slate.snapshot, decision, current_run())
        except FactsMoved as moved:
            return named_state(Outcome.WAITING, str(moved))
    if decision.outcome is Outcome.OPEN:
        return named_state(decision.outcome, OUTCOME_LABELS["open"].render())
    return named_state(decision.outcome, first_reason(decision))


def record_together(slate: Slate, units: Sequence[str]) -> None:
    """Put the decisions about some units on record in one transaction.

    Where that fails none of them is, and each gate is left to do it alone.
    """
    fresh = [slate.decisions[unit] for unit in units if unit not in slate.recorded]
    with suppress(Exception):
        for one in record_all(slate.snapshot, slate.stage, fresh, current_run()):
            slate.recorded[one.decision.unit] = one


async def decide_gates(slate: Slate, findings: pd.DataFrame) -> list[Recorded]:
    """Decide and record every gate of the slate, one task for each unit."""
    if not slate.units:
        return []
    slate.decisions = {
        decision.unit: decision for decision in decisions_of(slate.snapshot, slate.stage, findings)
    }
    names = {unit: unit_name(*name) for unit, name in unit_names(slate.snapshot.ledger).items()}
    slate.recorded = standing_as(slate.snapshot, slate.stage, slate.decisions.values())
    progress = Progress(slate.stage, len(slate.units))
    # While a connection is open, the writers need not fold the log back at each close.
    with slate.snapshot.ledger.reading():
        for done, unit in enumerate(slate.units):
            if done % TOGETHER == 0:
                record_together(slate, slate.units[done : done + TOGETHER])
            await progress.at(done)
            await ended(gate, slate, unit, names[unit])
    await progress.at(len(slate.units))
    return list(slate.recorded.values())


def summary(slate: Slate) -> tuple[Outcome, str]:
    """What a stage run ends with: `Open` only if every unit in scope is open."""
    counts = Counter(one.decision.outcome for one in slate.recorded.values())
    total = len(slate.units) + len(slate.held)
    opened, blocked = counts[Outcome.OPEN], counts[Outcome.BLOCKED]
    held = len(slate.held)
    waiting = total - opened - blocked - held
    message = Text(
        f"{total}个单位中{opened}个通过，{waiting}个待补，{blocked}个受阻，{held}个被前面的关口拦下",
        f"{opened} of {total} units open, {waiting} waiting, {blocked} blocked, "
        f"{held} held by an earlier gate",
    ).render()
    closed = sorted(
        (one.decision for one in slate.recorded.values() if one.decision.outcome != Outcome.OPEN),
        key=lambda decision: (decision.outcome != Outcome.BLOCKED, decision.unit),
    )
    reasons = [f"{one.unit}: {first_reason(one)}" for one in closed[:3]]
    message = "; ".join([message, *reasons])
    if total and opened == total:
        return Outcome.OPEN, message
    return (Outcome.BLOCKED if blocked else Outcome.WAITING), message


@step("hand on")
async def record_hand_off(slate: Slate) -> int:
    """Put on record what is handed on; returns how many units."""
    recorded = slate.recorded.values()
    return len(put_on_record(slate.snapshot, slate.stage, recorded))


async def hand_on(slate: Slate, decisions: list[Recorded]) -> State[None]:
    """Hand on what is open, bring the artifacts up to date, and say how the stage stands."""
    if decisions:
        await record_hand_off(slate)
    await publish(slate)
    return named_state(*summary(slate))
