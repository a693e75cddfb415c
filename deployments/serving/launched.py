"""The runs of a deployment, as the watch looks at them.

Rules: anybody can set the state of a run, and schedule one for the end of the century. So a run
that nobody will execute now, or that says nothing for long, keeps no other from being launched (two
at once are safe, the ledger sees to that); and one that never ran has decided nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

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
# Polling, and a queue of runs before it, take less; so does a stage of a province.
SOON, LONG = timedelta(minutes=1), timedelta(minutes=15)
DECIDED = frozenset(outcome.value.capitalize() for outcome in Outcome)


@dataclass(frozen=True)
class ObservedRun:
    """A run; `started`: it was executed; `decided`: it ended by itself, whatever it said."""

    id: UUID
    scope: str
    active: bool
    started: bool
    decided: bool

    def touches(self, places: Places, root: str) -> bool:
        """Whether it may decide gates below a topmost jurisdiction."""
        above = places.above(self.scope.partition("-")[0])
        return not above or above[-1] == root


def observed(run: FlowRun, now: datetime) -> ObservedRun:
    """A run as it stands at a time."""
    # What a form gives carries a name behind the id.
    scope = str(run.parameters.get("scope") or "cycle").split(" ", maxsplit=1)[0]
    state, started = run.state, run.run_count > 0
    if state is None or not state.is_final():
        return ObservedRun(run.id, scope, state is None or _under_way(state, now), started, False)
    return ObservedRun(run.id, scope, False, started, started and state.name in DECIDED)


def _under_way(state: State[Any], now: datetime) -> bool:
    """Whether a run that has not ended is executed now or soon; ours never pause."""
    if state.is_paused():
        return False
    since = (state.is_scheduled() and state.state_details.scheduled_time) or state.timestamp
    return now - LONG < since < now + SOON


class Runs:
    """The runs of one deployment."""

    def __init__(self, client: PrefectClient, deployment: UUID) -> None:
        self._client = client
        self._id = deployment
        self._deployment = FlowRunFilterDeploymentId(any_=[deployment])

    async def recent(self) -> list[ObservedRun]:
        """Those that have not ended, and those of the last minutes."""
        after = FlowRunFilterExpectedStartTime.model_validate(
            {"after_": datetime.now(UTC) - RECENT}
        )
        state = FlowRunFilterState(type=FlowRunFilterStateType(any_=ACTIVE))
        wanted = (
            FlowRunFilter(deployment_id=self._deployment, expected_start_time=after),
            FlowRunFilter(deployment_id=self._deployment, state=state),
        )
        found: dict[UUID, ObservedRun] = {}
        for one in wanted:
            for run in await self._client.read_flow_runs(
                flow_run_filter=one, sort=FlowRunSort.EXPECTED_START_TIME_DESC
            ):
                found[run.id] = observed(run, datetime.now(UTC))
        return list(found.values())

    async def launch(self, scope: str, why: str) -> UUID:
        """Create a run; a request that is sent again makes no second one."""
        made = await self._client.create_flow_run_from_deployment(
            self._id,
            parameters={"scope": scope},
            state=Scheduled(message=why),
            idempotency_key=uuid4().hex,
        )
        return made.id

    async def one(self, run: UUID) -> ObservedRun | None:
        """A run, or nothing where somebody deleted it."""
        try:
            return observed(await self._client.read_flow_run(run), datetime.now(UTC))
        except ObjectNotFound:
            return None
