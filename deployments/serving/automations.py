"""The automations: what died is marked, what matters is notified.

Rules: they are ours by their name, and are set up by it: an equal one is left alone, one of ours
that differs or is switched off is brought up to date under the same id, and whatever people made
under other names is theirs. None of them launches anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events import (
    Automation,
    AutomationCore,
    EventTrigger,
    Posture,
    ResourceSpecification,
)
from prefect.events.actions import ChangeFlowRunState, SendNotification

from deployments.serving.settings import HEARTBEAT_SECONDS
from schemas.text import Text, stated

NAME = "termgate: "
# A run that said nothing for so long is dead: two of its signals are missed.
SILENT = timedelta(seconds=2 * HEARTBEAT_SECONDS + 15)
# The block that people make for notifications, of any kind that sends them.
BLOCK = "termgate"
# The same news is reported once in this time.
QUIET = timedelta(minutes=1)
ABOUT = "{{ event.resource['prefect.resource.name'] or event.resource['prefect.resource.id'] }}"
PAGE = 200


def marking_dead(deployments: Iterable[UUID]) -> AutomationCore:
    """Mark runs that stopped giving signs of life."""
    return AutomationCore(
        name=f"{NAME}mark dead runs",
        description=Text(
            "运行进程失去联系（被杀或机器掉线）时，把该次运行标为 Crashed；需要时会重新启动。",
            "Marks a run as Crashed whose process is gone (killed, or its machine lost); what is "
            "due is launched again.",
        ).render(),
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            # Whatever is reported of a run is a sign of life, and its end is the last.
            expect={"prefect.flow-run.*"},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            match_related=_of_deployments(deployments),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENT,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message=Text(
                    "失去联系，进程可能已终止", "no sign of life: its process is gone"
                ).render(),
            )
        ],
    )


def notifying(block: UUID, deployments: Iterable[UUID]) -> list[AutomationCore]:
    """Tell people what they have to act on: one automation for each kind of news."""
    news = {
        "closed again": (
            Text("关口再次暂停", "a gate was closed again"),
            EventTrigger(
                expect={"termgate.decided"},
                match=ResourceSpecification(
                    {"prefect.resource.id": "termgate.unit.*", "termgate.reopened": "*"}
                ),
                for_each={"termgate.stage"},
                within=QUIET,
            ),
        ),
        "blocked": (
            Text("运行受阻", "a run is blocked"),
            EventTrigger(
                expect={"prefect.flow-run.Blocked"},
                match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
                match_related=_of_deployments(deployments),
                for_each={"prefect.resource.name"},
                within=QUIET,
            ),
        ),
        "reminder": (
            Text("期限临近", "a deadline comes near"),
            EventTrigger(
                expect={"termgate.reminded"},
                match=ResourceSpecification({"prefect.resource.id": "termgate.*"}),
            ),
        ),
    }
    return [
        AutomationCore(
            name=f"{NAME}notify {name}",
            description=title.render(),
            trigger=trigger,
            actions=[
                SendNotification(
                    block_document_id=block,
                    subject=stated("Termgate", title.render()),
                    body=stated(title.render(), ABOUT),
                )
            ],
        )
        for name, (title, trigger) in news.items()
    ]


def _of_deployments(deployments: Iterable[UUID]) -> ResourceSpecification:
    return ResourceSpecification(
        {
            "prefect.resource.role": "deployment",
            "prefect.resource.id": [f"prefect.deployment.{one}" for one in deployments],
        }
    )


async def _block(client: PrefectClient) -> UUID | None:
    """The notification block named `termgate`, of whatever type, if somebody made one."""
    offset = 0
    while True:
        some = await client.read_block_documents(offset=offset, limit=PAGE, include_secrets=False)
        for one in some:
            schema = one.block_schema
            if one.name == BLOCK and schema and "notify" in schema.capabilities:
                return one.id
        if len(some) < PAGE:
            return None
        offset += PAGE


async def wanted(client: PrefectClient, ids: Mapping[str, UUID]) -> list[AutomationCore]:
    """The automations for these deployments (name → id)."""
    block = await _block(client)
    return [
        marking_dead(ids.values()),
        *(notifying(block, ids.values()) if block else []),
    ]


def _same(stands: Automation, made: AutomationCore) -> bool:
    left_out = {"id", "owner_resource"}
    return _plain(stands, left_out) == _plain(made, left_out)


def _plain(automation: AutomationCore, left_out: set[str]) -> dict[str, Any]:
    plain: dict[str, Any] = _sorted(automation.model_dump(mode="json", exclude=left_out))
    return plain


def _sorted(value: Any) -> Any:
    """With sets, which come as lists, in order."""
    if isinstance(value, dict):
        return {name: _sorted(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(one) for one in value), key=repr)
    return value


async def set_up(client: PrefectClient, ids: Mapping[str, UUID]) -> dict[str, bool]:
    """Bring our automations up to date; returns for each by name whether it was another."""
    changed = {}
    for made in await wanted(client, ids):
        existing = await client.read_automations_by_name(made.name)
        changed[made.name] = not any(_same(stands, made) for stands in existing)
        if changed[made.name] and existing:
            # The client leaves out what has its default, and the server asks for some of it.
            said = made.model_dump(exclude={"owner_resource"})
            on = AutomationCore.model_validate({**said, "enabled": True})
            await client.update_automation(existing[0].id, on)
        elif changed[made.name]:
            await client.create_automation(made)
    return changed
