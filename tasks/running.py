"""Stages and steps: Prefect's flows and tasks within a run, plain calls where there is none.

Rules: both ways call the same functions in the same order, and what one returns or raises the other
does too: what a stage or a gate raises becomes Prefect's `Failed` with Prefect's words. Whether
there is a run decides which way it is, and nothing else; nothing of ours starts a server.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Flow, State, Task, task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.states import exception_to_failed_state
from prefect.utilities.annotations import quote

from schemas.vocabulary import Stage

Given = ParamSpec("Given")
Found = TypeVar("Found")
Step = Callable[Given, Coroutine[Any, Any, Found]]
# The stage, how many units are decided, of how many.
ReportProgress = Callable[[Stage, int, int], None]

# Whatever settings say of tasks for which nothing is said.
UNCACHED: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "retries": 0}


def _nobody(_stage: Stage, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


# Who learns how far a stage is, where no page shows it.
WATCHING: ContextVar[ReportProgress] = ContextVar("watching", default=_nobody)


def in_run() -> bool:
    """Whether a flow run of Prefect's is under way here."""
    return FlowRunContext.get() is not None


def _whole(given: object) -> object:
    """What a task is given as it is: Prefect need not walk through facts to look for futures."""
    return given if isinstance(given, str) else quote(given)


def step(named: str) -> Callable[[Step[Given, Found]], Step[Given, Found]]:
    """Make a step of a function; in a run it is a task, with a name made of its parameters."""

    def make(function: Step[Given, Found]) -> Step[Given, Found]:
        made: Task[Given, Any] = task(task_run_name=named, **UNCACHED)(function)

        @functools.wraps(function)
        async def called(*given: Given.args, **by_name: Given.kwargs) -> Found:
            if not in_run():
                return cast("Found", await made.fn(*given, **by_name))
            whole = {name: _whole(one) for name, one in by_name.items()}
            # Prefect gives the function what was quoted.
            running = cast("Task[..., Any]", made)(*map(_whole, given), **whole)
            return cast("Found", await running)

        return called

    return make


async def ended(made: Flow[..., Any] | Task[..., Any], *given: object) -> State[None]:
    """The state that a flow, or a task that returns one, ends with; it raises nothing."""
    if not in_run():
        return await ended_here(made, *given)
    # Prefect types the call of an async flow or task as if it were a plain one.
    running = cast("Awaitable[State[None]]", made(*given, return_state=True))
    return await running


async def ended_here(made: Flow[..., Any] | Task[..., Any], *given: object) -> State[None]:
    """The same without a server."""
    try:
        state: State[None] = await made.fn(*given)
    except Exception as error:
        what = "Flow" if isinstance(made, Flow) else "Task"
        message = f"{what} run encountered an exception:"
        return cast("State[None]", await exception_to_failed_state(error, message=message))
    return state
