"""The worker: it takes runs from our work pool, and starts for each the flow of ours of that name.

Rules: whatever the API says of a deployment, a run or the pool (entrypoint, path, pull steps, job
variables, environment, templates, blocks) is not read; a run of none of our deployments is refused.
Only processes that were started here are ended, whatever process a run names. A server that is away
is asked again, and a worker that failed is started again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
import httpx
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.states import Cancelled
from prefect.workers.base import (
    BaseJobConfiguration,
    BaseVariables,
    BaseWorker,
    BaseWorkerResult,
)

from deployments.exits import line_of, print_stderr
from deployments.serving.warm import Run, started
from schemas.text import Text

TYPE = POOL = "termgate"
POLL_SECONDS, SYNC_SECONDS, PAUSE_SECONDS = 1.0, 15.0, 5.0
STOP_SECONDS = 10.0
# The server does not answer, or not as it should.
AWAY = (httpx.HTTPError, PrefectException)
NOT_OURS = Text("不是本系统部署的运行", "not a run of a deployment of ours")


class Job(BaseJobConfiguration):
    """What a run is given: nothing."""

    @classmethod
    async def resolve_for_flow_run(cls, flow_run: FlowRun, **_: Any) -> Job:
        """The same for every run; neither deployment nor pool is asked."""
        return cls()


class Worker(BaseWorker[Job, BaseVariables, BaseWorkerResult]):
    """Runs the deployments in `served` (id → our name), which is kept up to date from outside."""

    type = TYPE
    job_configuration = Job

    def __init__(self, served: Mapping[UUID, str], *, limit: int) -> None:
        super().__init__(POOL, name=TYPE, prefetch_seconds=0, limit=limit)
        self._served = served
        self._running: dict[UUID, Run] = {}
        self._stopping = False

    async def run(
        self,
        flow_run: FlowRun,
        configuration: Job,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> BaseWorkerResult:
        """Start a process for a run, and wait for its end.

        Raises:
            LookupError: it is none of ours; the base class marks it as crashed.
        """
        name = self._served.get(flow_run.deployment_id) if flow_run.deployment_id else None
        if name is None:
            raise LookupError(NOT_OURS.render())
        process = await anyio.to_thread.run_sync(started, flow_run.id, name)
        self._running[flow_run.id] = process
        if self._stopping:
            process.terminate()
        if task_status:
            task_status.started(process.pid or 0)
        try:
            await anyio.to_thread.run_sync(process.join)
        finally:
            del self._running[flow_run.id]
        code = process.exitcode
        return BaseWorkerResult(
            identifier=str(process.pid), status_code=1 if code is None else code
        )

    async def work(self, stop: asyncio.Event) -> None:
        """Take runs until told to stop; then end every run, while there is a server to tell."""
        async with self:
            synced = time.monotonic()
            while not stop.is_set():
                with suppress(*AWAY):
                    if time.monotonic() - synced > SYNC_SECONDS:
                        synced = time.monotonic()
                        await self.sync_with_backend()
                    await self.get_and_submit_flow_runs()
                    await self._cancel()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_SECONDS)
            # To leave in order is to wait for what the base class says of each.
            await self._end_runs()

    async def _cancel(self) -> None:
        """End the runs that are to be cancelled, and say so; those of other workers are theirs."""
        for run in await self.client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=list(self._served)),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.CANCELLING])),
            )
        ):
            process = self._running.get(run.id)
            if process:
                process.kill()
            elif run.start_time:
                continue
            with suppress(ObjectNotFound):
                await self.client.set_flow_run_state(run.id, Cancelled(), force=True)

    async def _end_runs(self) -> None:
        """Ask every run to end, then make it."""
        self._stopping = True
        until = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            process.terminate()
        while self._running:
            await asyncio.sleep(0.1)
            if time.monotonic() > until:
                for process in self._running.values():
                    process.kill()


async def work(served: Mapping[UUID, str], *, limit: int) -> None:
    """Run what is served until cancelled; in order, since a cancelled worker tells nobody."""
    stop = asyncio.Event()
    working = asyncio.ensure_future(_work(served, limit, stop))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        stop.set()
        await working
        raise


async def _work(served: Mapping[UUID, str], limit: int, stop: asyncio.Event) -> None:
    """One worker after another, where one fails."""
    while not stop.is_set():
        try:
            await Worker(served, limit=limit).work(stop)
        except (*AWAY, OSError, ValueError) as error:
            if stop.is_set():
                return
            kind = line_of(error)
            failed = Text(f"执行器出错，重新启动：{kind}", f"the worker failed, restarted: {kind}")
            print_stderr(failed.render())
            await asyncio.sleep(PAUSE_SECONDS)
