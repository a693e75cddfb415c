"""The runs of a deployment, as the watch looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound

from schemas.vocabulary import Outcome
from tasks.places import Places

ACTIVE: list[StateType] = [
    StateType.SCHEDULED,
    StateType.PENDING,
    StateType.RUNNING,
    StateType.PAUSED,
    StateType.CANCELLING,
]
# Clocks of several machines differ by less.
RECENT = timedelta(minutes=5)
DECIDED = frozenset(outcome.value.capitalize() for outcome in Outcome)


@dataclass(frozen=True)
class Seen:
    """A run; `decided`: it ended by itself, whatever it said of the gates."""

    id: UUID
    scope: str
    active: bool
    decided: bool

    def touches(self, places: Places, root: str) -> bool:
        """Whether it may decide gates below a topmost jurisdiction."""
        above = places.above(self.scope.partition("-")[0])
        return not above or above[-1] == root


def _seen(run: FlowRun) -> Seen:
    # What a form gives carries a name behind the id.
    scope = str(run.parameters.get("scope") or "cycle").split(" ", maxsplit=1)[0]
    state = run.state
    active = state is None or not state.is_final()
    return Seen(run.id, scope, active, not active and state is not None and state.name in DECIDED)


class Runs:
    """The runs of one deployment."""

    def __init__(self, client: PrefectClient, deployment: UUID) -> None:
        self._client = client
        self._deployment = FlowRunFilterDeploymentId(any_=[deployment])

    async def recent(self) -> list[Seen]:
        """Those that have not ended, and those of the last minutes."""
        after = FlowRunFilterExpectedStartTime.model_validate(
            {"after_": datetime.now(UTC) - RECENT}
        )
        state = FlowRunFilterState(type=FlowRunFilterStateType(any_=ACTIVE))
        wanted = (
            FlowRunFilter(deployment_id=self._deployment, expected_start_time=after),
            FlowRunFilter(deployment_id=self._deployment, state=state),
        )
        found: dict[UUID, Seen] = {}
        for one in wanted:
            for run in await self._client.read_flow_runs(
                flow_run_filter=one, sort=FlowRunSort.EXPECTED_START_TIME_DESC
            ):
                found[run.id] = _seen(run)
        return list(found.values())

    async def one(self, run: UUID) -> Seen | None:
        """A run, or nothing where somebody deleted it."""
        try:
            return _seen(await self._client.read_flow_run(run))
        except ObjectNotFound:
            return None
