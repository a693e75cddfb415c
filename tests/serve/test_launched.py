"""What the watch makes of runs whose state anybody may have set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State, StateDetails, StateType

from deployments.serving.launched import LONG, ObservedRun, observed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
JUST, LONG_AGO, AGES = timedelta(seconds=1), LONG + timedelta(seconds=1), timedelta(days=3650)


def run(
    kind: StateType,
    name: str = "",
    *,
    since: timedelta = JUST,
    scheduled: datetime | None = None,
    count: int = 1,
) -> ObservedRun:
    """A run in a state of that kind and name, entered so long ago."""
    state = State[None](
        type=kind,
        name=name or kind.value.capitalize(),
        timestamp=NOW - since,
        state_details=StateDetails.model_validate({"scheduled_time": scheduled}),
    )
    made = FlowRun(
        flow_id=uuid4(), state=state, run_count=count, parameters={"scope": "640302 清源区"}
    )
    return observed(made, NOW)


@pytest.mark.parametrize(
    "one",
    [
        run(StateType.SCHEDULED, scheduled=NOW),
        run(StateType.SCHEDULED, "Late", since=LONG / 2, scheduled=NOW - LONG / 2),
        run(StateType.PENDING),
        run(StateType.RUNNING, since=LONG / 2),
        run(StateType.CANCELLING),
    ],
)
def test_a_run_that_is_executed_is_waited_for(one: ObservedRun) -> None:
    assert one.active
    assert not one.decided


@pytest.mark.parametrize(
    "one",
    [
        run(StateType.SCHEDULED, scheduled=NOW + AGES),
        run(StateType.SCHEDULED, "AwaitingRetry", scheduled=NOW + LONG),
        run(StateType.SCHEDULED, "Late", since=LONG_AGO, scheduled=NOW - LONG_AGO),
        run(StateType.PENDING, since=LONG_AGO),
        run(StateType.RUNNING, "Open", since=LONG_AGO),
        run(StateType.PAUSED),
        run(StateType.PAUSED, "Suspended"),
        run(StateType.CANCELLING, since=LONG_AGO),
    ],
)
def test_a_run_that_nobody_executes_keeps_none_from_being_launched(one: ObservedRun) -> None:
    assert not one.active
    assert not one.decided


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (StateType.COMPLETED, "Open"),
        (StateType.FAILED, "Waiting"),
        (StateType.FAILED, "Blocked"),
    ],
)
def test_only_a_run_that_ran_has_decided(kind: StateType, name: str) -> None:
    assert run(kind, name).decided
    assert not run(kind, name, count=0).decided
    assert not run(kind, name).active


@pytest.mark.parametrize("kind", [StateType.CRASHED, StateType.CANCELLED, StateType.COMPLETED])
def test_a_run_that_ended_otherwise_has_decided_nothing(kind: StateType) -> None:
    one = run(kind)
    assert (one.active, one.decided, one.scope) == (False, False, "640302")
