"""Registering what is served, and finding what an earlier serve left lying.

Rules: what stands as it should is left alone, down to its time of change; what differs is brought
up to date under the same id; what people set in the pages (paused, schedules) is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType, VersionInfo
from prefect.client.schemas.schedules import CronSchedule
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from data.ledger import Ledger
from data.version import release
from deployments.catalogue import TIMEZONE, Deployment
from schemas.text import Text

LEFT = Text(
    "运行进程已不存在（上次 serve 中断）；需要时会重新启动",
    "its process is gone (the last serve was broken off); what is due is launched again",
)
UNENDED: list[StateType] = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


async def register(
    client: PrefectClient, catalogue: Iterable[Deployment], ledger: Ledger
) -> dict[str, UUID]:
    """Register every deployment for the cycle in `ledger`; returns name → id."""
    return {one.name: await _registered(client, one, one.fields(ledger)) for one in catalogue}


async def _registered(client: PrefectClient, one: Deployment, fields: dict[str, Any]) -> UUID:
    version = VersionInfo(type="prefect:simple", version=release())
    try:
        stands = await client.read_deployment_by_name(one.full_name)
    except ObjectNotFound:
        schedules = [CronSchedule(cron=one.cron, timezone=TIMEZONE)] if one.cron else []
        return await client.create_deployment(
            await client.create_flow_from_name(one.name),
            one.name,
            version=release(),
            version_info=version,
            schedules=[DeploymentScheduleCreate(schedule=every) for every in schedules],
            **fields,
        )
    if stands.version != release() or any(
        getattr(stands, name) != value for name, value in fields.items()
    ):
        update = DeploymentUpdate(version=release(), version_info=version, **fields)
        await client.update_deployment(stands.id, update)
    return stands.id


async def mark_left(client: PrefectClient, deployments: Sequence[UUID]) -> int:
    """Mark runs that an earlier serve was running when it ended; returns how many.

    Only for a server that nobody else runs for.
    """
    marked = 0
    while True:
        left = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=list(deployments)),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNENDED)),
            ),
            sort=FlowRunSort.ID_DESC,
        )
        if not left:
            return marked
        for run in left:
            await client.set_flow_run_state(run.id, Crashed(message=LEFT.render()), force=True)
        marked += len(left)
