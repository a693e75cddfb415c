"""Flow runs that start warm: a process that has everything loaded is copied for each of them.

Rules: what is copied has no connection open and runs nothing (it is multiprocessing's fork server);
each run has a process of its own, as Prefect's runs have, and ends with the process that serves,
however that ended. Whatever is loaded here costs its time once, not once for each run.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, TypeVar, cast
from uuid import UUID

from schemas.text import Refusal, Text

Found = TypeVar("Found")

# Loaded in the process that is copied, in this order.
LOADED = (
    "deployments.serving.warm",
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.runtime",
    "prefect.artifacts",
    "prefect.events.worker",
    "anyio._backends._asyncio",
    "flows.cycle",
    "tasks.handoff.validation",
    "pyarrow.parquet",
    "pyarrow.dataset",
    "deployments.serving.settled",
)


def context() -> ForkServerContext:
    """The context whose processes are copies of the loaded one."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(list(LOADED))
    return found


def end_with_parent() -> None:
    """End this process when the one that serves has ended."""
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # Nothing is left half done by this: the ledger's transactions are whole or not at all.
        os._exit(1)


def execute(flow_run: UUID, entrypoint: str, environment: dict[str, str]) -> None:
    """Run one flow run, as `python -m prefect.flow_engine` does in a process of its own.

    It is asked for its state and never for its result: whoever reaches the API can set a state
    whose result is elsewhere, and reading one would unpickle it here, beside the ledger.
    """
    end_with_parent()
    os.environ.update(environment, PREFECT__FLOW_RUN_ID=str(flow_run))
    from prefect.engine import handle_engine_signals
    from prefect.flow_engine import load_flow_run, run_flow
    from prefect.flows import Flow, load_flow_from_entrypoint

    with handle_engine_signals(flow_run):
        found = load_flow_run(flow_run)
        flow: Flow[..., Any] = load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
        # The engine of an async flow is a coroutine.
        running = run_flow(flow, flow_run=found, return_type="state")
        asyncio.run(cast("Coroutine[Any, Any, object]", running))


def started(flow_run: UUID, entrypoint: str, environment: dict[str, str]) -> ForkServerProcess:
    """The process of a flow run, started."""
    process = context().Process(
        target=execute, args=(flow_run, entrypoint, environment), daemon=True
    )
    process.start()
    return process


class Remote(Exception):
    """What went wrong in a copy: its kind only, since a message may quote people's data."""


class RemoteRefusal(Exception):
    """What was refused in a copy, in both languages."""


def helper() -> ProcessPoolExecutor:
    """One copy of the loaded process that does what needs everything loaded, beside the runs."""
    return ProcessPoolExecutor(1, mp_context=context(), initializer=end_with_parent)


async def asked(
    pool: ProcessPoolExecutor, function: Callable[..., Found], **given: object
) -> Found:
    """What a function of the helper says.

    Raises:
        Refusal: it was refused.
        Remote: it failed.
    """
    try:
        return await asyncio.wrap_future(pool.submit(partial(_carried, function, **given)))
    except RemoteRefusal as refusal:
        raise Refusal(Text(*refusal.args)) from None


def _carried(function: Callable[..., Found], **given: object) -> Found:
    """Call a function; errors that do not pass between processes become ones that do."""
    try:
        return function(**given)
    except Refusal as refusal:
        raise RemoteRefusal(refusal.text.zh, refusal.text.en) from None
    except Exception as error:
        raise Remote(type(error).__name__) from None


def nothing() -> None:
    """Done once by a copy, it shows that everything is loaded."""
