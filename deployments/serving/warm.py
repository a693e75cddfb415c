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
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, TypeVar, cast
from uuid import UUID

from deployments.exits import line_of
from schemas.text import Refusal, Text

Found = TypeVar("Found")
Run = ForkServerProcess
DIED = Text("辅助进程已终止，重新启动", "the helper process died and is started again")

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


def execute(flow_run: UUID, name: str) -> None:
    """Run the flow of this name in the catalogue for a run, whatever the API says is to be run.

    It is asked for its state and never for its result: whoever reaches the API can set a state
    whose result is elsewhere, and reading one would unpickle it here, beside the ledger.
    """
    end_with_parent()
    os.environ["PREFECT__FLOW_RUN_ID"] = str(flow_run)
    from prefect.engine import handle_engine_signals
    from prefect.flow_engine import load_flow_run, run_flow

    from deployments.catalogue import named

    with handle_engine_signals(flow_run):
        flow = named(name).load()
        found = load_flow_run(flow_run)
        # A parameter that the flow has not would raise before it has a state.
        known = {
            name: value
            for name, value in found.parameters.items()
            if name in flow.parameters.properties
        }
        run = found.model_copy(update={"parameters": known})
        # The engine of an async flow is a coroutine.
        running = run_flow(flow, flow_run=run, return_type="state")
        asyncio.run(cast("Coroutine[Any, Any, object]", running))


def started(flow_run: UUID, name: str) -> Run:
    """The process of a flow run, started."""
    process = context().Process(target=execute, args=(flow_run, name), daemon=True)
    process.start()
    return process


class RemoteRefusal(Exception):
    """What was refused in a copy, in both languages."""


def _one() -> Executor:
    return ProcessPoolExecutor(1, mp_context=context(), initializer=end_with_parent)


class Helper:
    """One copy of the loaded process that does what needs everything loaded, beside the runs.

    One that died is started again; `make` makes it.
    """

    def __init__(self, make: Callable[[], Executor] = _one) -> None:
        self._make = make
        self._pool = make()

    def __enter__(self) -> Helper:
        """The same; it ends with the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end."""
        self._pool.shutdown()

    async def ask(self, function: Callable[..., Found], **given: object) -> Found:
        """What a function says there.

        Raises:
            Refusal: it was refused or failed there, or the process died.
        """
        work = partial(_carried, function, **given)
        try:
            # Where everything has to be loaded first, submitting takes as long.
            submitted = await asyncio.to_thread(self._pool.submit, work)
            return await asyncio.wrap_future(submitted)
        except RemoteRefusal as refusal:
            raise Refusal(Text(*refusal.args)) from None
        except BrokenExecutor:
            self._pool.shutdown(wait=False)
            self._pool = self._make()
            raise Refusal(DIED) from None


def _carried(function: Callable[..., Found], **given: object) -> Found:
    """Call a function; errors that do not pass between processes become one that does."""
    try:
        return function(**given)
    except Refusal as refusal:
        text = refusal.text
    except Exception as error:
        # Its message may quote people's data.
        kind = line_of(error)
        text = Text(f"辅助进程出错：{kind}", f"the helper process failed: {kind}")
    raise RemoteRefusal(text.zh, text.en)


def nothing() -> None:
    """Done once by a copy, it shows that everything is loaded."""
