"""Registering what is served, and finding what an earlier serve left lying.

Rules: what stands as it should is left alone, down to its time of change; what differs is brought
up to date under the same id, what is gone is made again, and both are said where it stood before.
On our own server that is everything that keeps a run from being taken (a pool or queue that is
paused or limited, a deployment moved elsewhere); on another the pool is its operator's. Schedules
that people add are theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import (
    DeploymentScheduleCreate,
    DeploymentScheduleUpdate,
    DeploymentUpdate,
    WorkPoolCreate,
    WorkPoolUpdate,
)
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType, VersionInfo
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from data.ledger import Ledger
from data.version import release
from deployments.catalogue import TIMEZONE, Deployment
from deployments.serving.automations import set_up
from deployments.serving.worker import POOL, TYPE, Worker
from schemas.text import Text

LEFT = Text(
    "运行进程已不存在（上次 serve 中断）；需要时会重新启动",
    "its process is gone (the last serve was broken off); what is due is launched again",
)
UNENDED: list[StateType] = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
QUEUE = "default"
# Nothing of this is read by our worker: what stands here was put there by somebody else.
PLAIN: dict[str, Any] = {
    "path": "",
    "pull_steps": [],
    "job_variables": {},
    "storage_document_id": None,
    "infrastructure_document_id": None,
    "paused": False,
    "work_pool_name": POOL,
    "work_queue_name": QUEUE,
}


class Registry:
    """What is served, as it stands on a server; `own`: the server is this serve's.

    `ids` are the deployments by name, `served` their names by id; both follow what is made again.
    """

    def __init__(self, catalogue: Iterable[Deployment], ledger: Ledger, *, own: bool) -> None:
        self._own = own
        more = PLAIN if own else {}
        self._wanted = {one: {**one.fields(ledger), **more} for one in catalogue}
        self.ids: dict[str, UUID] = {}
        self.served: dict[UUID, str] = {}
        self.said: list[str] = []
        self._known: set[str] = set()

    async def set_right(self, client: PrefectClient) -> None:
        """Register everything; what of it stood before and was changed since is added to `said`."""
        self._note(f"work pool {POOL}", await self._pool(client))
        for one, fields in self._wanted.items():
            found, changed = await self._deployment(client, one, fields)
            self.ids[one.name] = found
            self.served[found] = one.name
            self._note(f"deployment {one.name}", changed)
        for name, another in (await set_up(client, self.ids)).items():
            self._note(f"automation {name}", ["trigger, actions or switch"] if another else [])

    def _note(self, name: str, changed: list[str]) -> None:
        if changed and name in self._known:
            self.said.append(f"{name} ({', '.join(changed)})")
        self._known.add(name)

    async def mark_left(self, client: PrefectClient) -> None:
        """Mark runs that an earlier serve was running when it ended, where nobody else runs any."""
        while self._own:
            left = await client.read_flow_runs(
                flow_run_filter=FlowRunFilter(
                    deployment_id=FlowRunFilterDeploymentId(any_=list(self.served)),
                    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNENDED)),
                ),
                sort=FlowRunSort.ID_DESC,
            )
            if not left:
                return
            for run in left:
                await client.set_flow_run_state(run.id, Crashed(message=LEFT.render()), force=True)

    async def _pool(self, client: PrefectClient) -> list[str]:
        """Set the pool right; what of it was another."""
        wanted = {
            "description": None,
            "is_paused": False,
            "concurrency_limit": None,
            "base_job_template": Worker.get_default_base_job_template(),
        }
        try:
            stands = await client.read_work_pool(POOL)
        except ObjectNotFound:
            made = WorkPoolCreate.model_validate({"name": POOL, "type": TYPE, **wanted})
            await client.create_work_pool(made)
            return ["deleted"]
        if not self._own:
            return []
        if stands.type != TYPE:
            await client.delete_work_pool(POOL)
            return ["type", *await self._pool(client)]
        changed = _differing(stands, wanted)
        if changed:
            await client.update_work_pool(POOL, WorkPoolUpdate.model_validate(wanted))
        # Not the list of them: what others put there may keep the server from giving it.
        with suppress(ObjectNotFound):
            queue = await client.read_work_queue_by_name(QUEUE, work_pool_name=POOL)
            if queue.is_paused or queue.concurrency_limit is not None:
                await client.update_work_queue(queue.id, is_paused=False, concurrency_limit=None)
                changed.append("queue")
        return changed

    async def _deployment(
        self, client: PrefectClient, one: Deployment, fields: dict[str, Any]
    ) -> tuple[UUID, list[str]]:
        """Set a deployment right; its id, and what of it was another."""
        version = VersionInfo(type="prefect:simple", version=release())
        schedule = CronSchedule(cron=one.cron, timezone=TIMEZONE) if one.cron else None
        try:
            stands = await client.read_deployment_by_name(one.full_name)
        except ObjectNotFound:
            made = await client.create_deployment(
                await client.create_flow_from_name(one.name),
                one.name,
                version=release(),
                version_info=version,
                schedules=[DeploymentScheduleCreate(schedule=schedule)] if schedule else [],
                **({"work_pool_name": POOL} | fields),
            )
            return made, ["deleted"]
        changed = _differing(stands, {"version": release(), **fields})
        more: dict[str, Any] = {}
        if not stands.work_pool_name:
            more["work_pool_name"] = POOL
        if self._own and stands.global_concurrency_limit:
            more["concurrency_limit"] = None
        if self._own and schedule and not _scheduled(stands, schedule):
            theirs = [
                DeploymentScheduleUpdate(schedule=other.schedule, active=other.active)
                for other in stands.schedules
                if other.schedule != schedule
            ]
            more["schedules"] = [*theirs, DeploymentScheduleUpdate(schedule=schedule, active=True)]
        if changed or more:
            update = DeploymentUpdate(version=release(), version_info=version, **fields | more)
            await client.update_deployment(stands.id, update)
        return stands.id, [*changed, *more]


def _differing(stands: object, wanted: dict[str, Any]) -> list[str]:
    """The names of what is another than wanted."""
    return [name for name, value in wanted.items() if getattr(stands, name) != value]


def _scheduled(stands: DeploymentResponse, schedule: CronSchedule) -> bool:
    return any(
        one.schedule == schedule and one.active and not one.parameters for one in stands.schedules
    )
