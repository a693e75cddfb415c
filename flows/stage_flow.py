"""What all flows have in common: how they are named, how they end, and the day.

Rules: a flow evaluates and ends, it never suspends; Prefect retries and persists nothing; what may
not be decided on (a broken ledger, a lost blob, facts that moved) ends `Blocked` or `Waiting` with
the cause in one line, and every other error is Prefect's `Failed`: neither is ever `Open`.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from prefect import Flow, State, flow

from schemas.text import Refusal
from schemas.vocabulary import Outcome
from tasks.gates import FactsMoved
from tasks.steps import named_state

CHINA = ZoneInfo("Asia/Shanghai")

Stage = Callable[[str, date | None], Awaitable[State[None]]]


def day(on: date | None) -> date:
    """The day to look at the facts on; today in China where none is given."""
    return on or datetime.now(CHINA).date()


def stage_flow(name: str) -> Callable[[Stage], Flow[[str, date | None], Any]]:
    """Make a flow of a function from scope and day to a state."""

    def make(function: Stage) -> Flow[[str, date | None], Any]:
        @functools.wraps(function)
        async def guarded(scope: str = "cycle", on: date | None = None) -> State[None]:
            try:
                return await function(scope, on)
            except FactsMoved as moved:
                return named_state(Outcome.WAITING, str(moved))
            except Refusal as refusal:
                return named_state(Outcome.BLOCKED, str(refusal))

        return flow(name=name, flow_run_name=f"{name} {{scope}}", persist_result=False)(guarded)

    return make
