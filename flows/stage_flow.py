"""What all flows have in common: how they are named and found, how they end, and the day.

Rules: a flow evaluates and ends, it never suspends; Prefect retries and persists nothing; what may
not be decided on (a broken ledger, a lost blob, a scope or day that is none) ends `Blocked`, what
is to be launched again (facts that moved, a database that does not answer) ends `Waiting`, both
with the cause in one line, and every other error is Prefect's `Failed`:
neither is ever `Open`. Whatever launches a run, it is named after stage, scope and day, and tagged
with its stage and the jurisdictions and bodies that it is about.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

from prefect import Flow, State, flow
from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from data.engines import DiskFull, is_full
from data.home import current_home
from data.ledger import Ledger
from flows.forms import SCOPE, chosen_day, chosen_id
from schemas.text import Refusal, Unanswered
from schemas.vocabulary import Outcome
from tasks.moved import FactsMoved
from tasks.places import Places
from tasks.steps import named_state

# A run that was created past its form ends with one line of ours, not with pydantic's.
UNCHECKED: dict[str, Any] = {
    "validate_parameters": False,
    # Whatever settings say of flows for which nothing is said.
    "persist_result": False,
    "retries": 0,
    # Otherwise every run asks the server for a store, which anybody can set to one that fails.
    "result_storage": Path(os.devnull),
}

Stage = Callable[[str, date | None], Awaitable[State[None]]]


def day(on: date | None) -> date:
    """The day of a decision that is made now; `on` is the one given in a historical cycle.

    Raises:
        DayRefused: it cannot be that of a decision.
    """
    return Ledger(current_home().ledger, day=on).day()


def run_name(name: str, scope: object, on: object) -> str:
    """The name of a run, such as `vetting 640302 2016-09-20`; what is no scope or day is `?`."""
    shown = [name]
    try:
        shown.append(chosen_id(scope, SCOPE))
    except Refusal:
        shown.append("?")
    return " ".join([*shown, shown_day(on)])


def shown_day(on: object) -> str:
    """The day of a run as its name shows it; `?` for what is none."""
    try:
        return day(chosen_day(on)).isoformat()
    except Refusal:
        return "?"


def tags_of(name: str, scope: str) -> list[str]:
    """The tags of a run: its stage, its jurisdiction and those above, the bodies it covers."""
    places, bodies = Places(Ledger(current_home().ledger)).covered(scope)
    return [
        f"stage:{name}",
        *(f"jurisdiction:{place}" for place in places),
        *(f"body:{body}" for body in bodies),
    ]


async def tag_run(tags: list[str]) -> None:
    """Add tags to the run; those that it was launched with stay."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return
    every = sorted({*context.flow_run.tags, *tags})
    # The engine of an async flow brings an async client.
    await context.client.update_flow_run(context.flow_run.id, tags=every)  # type: ignore[misc]


async def closed_if_refused(work: Awaitable[State[None]]) -> State[None]:
    """The state that `work` ends with; `Blocked` or `Waiting` where it may not be done."""
    try:
        return await work
    except (FactsMoved, Unanswered) as again:
        return named_state(Outcome.WAITING, str(again))
    except OSError as error:
        if not is_full(error):
            raise
        return named_state(Outcome.WAITING, str(DiskFull()))
    except Refusal as refusal:
        return named_state(Outcome.BLOCKED, str(refusal))


def stage_flow(name: str) -> Callable[[Stage], Flow[[str, date | None], Any]]:
    """Make a flow of a function from scope and day to a state."""

    def named() -> str:
        given = flow_run.parameters
        return run_name(name, given.get("scope", "cycle"), given.get("on"))

    def make(function: Stage) -> Flow[[str, date | None], Any]:
        async def chosen(scope: object, on: object) -> State[None]:
            where, when = chosen_id(scope, SCOPE), chosen_day(on)
            await tag_run(tags_of(name, where))
            return await function(where, when)

        @functools.wraps(function)
        async def guarded(scope: str = "cycle", on: date | None = None) -> State[None]:
            return await closed_if_refused(chosen(scope, on))

        return flow(name=name, flow_run_name=named, **UNCHECKED)(guarded)

    return make
