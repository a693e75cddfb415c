"""The runner: Prefect's own, with runs that start warm and an end that leaves none behind.

Rules: what is Prefect's stays Prefect's (polling, states, cancelling, exit codes); only the process
of a run is made differently. Prefect offers no public way for that in a runner; what is used of its
inside is named here and held by a test, and the version is pinned.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import anyio
import anyio.abc
import httpx
from prefect.client.schemas.objects import FlowRun
from prefect.runner import Runner
from prefect.runner._control_channel import ControlChannel
from prefect.runner._flow_run_executor import ProcessStarter
from prefect.runner._process_manager import ProcessHandle

from deployments.serving.warm import started

STOP_SECONDS = 10.0


class WarmStarter:
    """Starts a flow run in a copy of the loaded process."""

    def __init__(self, entrypoint: str, deployment: str, channel: ControlChannel) -> None:
        self._entrypoint = entrypoint
        self._deployment = deployment
        self._channel = channel

    async def start(
        self,
        flow_run: FlowRun,
        task_status: anyio.abc.TaskStatus[ProcessHandle] = anyio.TASK_STATUS_IGNORED,
    ) -> None:
        """Start the run, tell the process, and wait for its end."""
        port, token = self._channel.register(flow_run.id)
        environment = {
            "PREFECT__CONTROL_PORT": str(port),
            "PREFECT__CONTROL_TOKEN": token,
            "PREFECT__DEPLOYMENT_NAME": self._deployment,
            # The runner runs those, here.
            "PREFECT__ENABLE_CANCELLATION_AND_CRASHED_HOOKS": "false",
        }
        try:
            process = await anyio.to_thread.run_sync(
                started, flow_run.id, self._entrypoint, environment
            )
        except BaseException:
            self._channel.unregister(flow_run.id)
            raise
        task_status.started(ProcessHandle(process))  # type: ignore[arg-type]
        await anyio.to_thread.run_sync(process.join)


class WarmRunner(Runner):
    """Runs the deployments named (id → name and entrypoint)."""

    def __init__(self, served: Mapping[UUID, tuple[str, str]], *, limit: int) -> None:
        super().__init__(name="termgate", limit=limit, pause_on_shutdown=False)
        self._served = dict(served)
        for deployment, (name, _) in self._served.items():
            self._deployment_registry.register_deployment(deployment, name)

    async def __aenter__(self) -> WarmRunner:
        """Get ready to run, with our way to start a process."""
        await super().__aenter__()
        self._scheduled_run_poller._resolve_starter = self._starter
        return self

    def _starter(self, flow_run: FlowRun) -> ProcessStarter:
        if flow_run.deployment_id is None:
            raise RuntimeError("a run without a deployment is none of ours")
        name, entrypoint = self._served[flow_run.deployment_id]
        return WarmStarter(entrypoint, name, self._control_channel)

    async def serve(self) -> None:
        """Poll and run until cancelled; then end every run and tell Prefect.

        A server that is away is asked again.
        """
        async with self:
            try:
                while True:
                    with suppress(httpx.HTTPError):
                        await self._scheduled_run_poller._get_and_submit_flow_runs()
                    await asyncio.sleep(self.query_seconds)
            finally:
                with anyio.CancelScope(shield=True):
                    await self._end_runs()

    async def _end_runs(self) -> None:
        """Ask every run to end, then make it; Prefect marks each as crashed."""
        poller, manager = self._scheduled_run_poller, self._process_manager
        poller.stopping = True
        deadline = time.monotonic() + STOP_SECONDS
        asked: set[UUID] = set()
        while poller._submitting_flow_run_ids and time.monotonic() < deadline + STOP_SECONDS:
            forced = time.monotonic() > deadline
            for run in manager.flow_run_ids():
                handle = manager.get(run)
                if handle is None or (run in asked and not forced):
                    continue
                asked.add(run)
                try:
                    handle.hard_kill() if forced else handle.graceful_kill()
                except ProcessLookupError:
                    continue
            await asyncio.sleep(0.1)
