"""The buttons on flow runs and task runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.buttons.rows import AFTER, APART, BEFORE, EACH, Button, Scene, button, some_name, state
from tests.buttons.ui import Json

SET_STATE = "POST /flow_runs/{id}/set_state"
SET_TASK_STATE = "POST /task_runs/{id}/set_state"
LONG_AGO, FAR_AWAY = "2000-01-01T00:00:00Z", "2099-01-01T00:00:00Z"

# What a run of the stage shows at least: received, eight checks, one gate.
TASKS = 10

# Every type of state, under names that mean something here.
STATES = {
    "completed as Open": state("COMPLETED", "Open"),
    "completed with a result that is not there": state(
        "COMPLETED",
        "Open",
        data={
            "type": "ResultRecordMetadata",
            "storage_key": "/etc/hostname",
            "serializer": {"type": "pickle"},
        },
    ),
    "failed as Blocked": state("FAILED", "Blocked"),
    "crashed": state("CRASHED"),
    "cancelled": state("CANCELLED"),
    "pending": state("PENDING"),
    "running": state("RUNNING", "Open"),
    "paused": state(
        "PAUSED", state_details={"pause_timeout": FAR_AWAY, "pause_reschedule": False}
    ),
    "suspended": state(
        "PAUSED", "Suspended", state_details={"pause_timeout": FAR_AWAY, "pause_reschedule": True}
    ),
    "scheduled for long ago": state("SCHEDULED", state_details={"scheduled_time": LONG_AGO}),
    "awaiting its retry": state(
        "SCHEDULED", "AwaitingRetry", state_details={"scheduled_time": LONG_AGO}
    ),
}  # fmt: skip


def _set(wanted: Json) -> Callable[[Scene], Any]:
    return lambda scene: scene.ui.set_state(scene.run, wanted)


def _resume(scene: Scene) -> None:
    """What was paused by hand is resumed by hand, with an input."""
    scene.ui.set_state(scene.run, STATES["suspended"])
    scene.ui.post(f"/flow_runs/{scene.run}/resume", {"run_input": {"approved": True}})


def _politely(scene: Scene) -> None:
    """The same state without force, which the server's own rules may refuse."""
    body = {"state": state("COMPLETED", "Open"), "force": False}
    scene.ui.post(f"/flow_runs/{scene.run}/set_state", body)


def _delete(scene: Scene) -> None:
    scene.ui.delete(f"/flow_runs/{scene.run}")


def _only(run: str) -> Json:
    return {"id": {"any_": [run]}}


def _bulk_state(scene: Scene) -> None:
    body = {"flow_runs": _only(scene.run), "state": state("COMPLETED", "Open"), "force": True}
    scene.ui.post("/flow_runs/bulk_set_state", body)


def _bulk_delete(scene: Scene) -> None:
    scene.ui.post("/flow_runs/bulk_delete", {"flow_runs": _only(scene.run)})


def _edit(scene: Scene) -> None:
    """Another name, other tags, other parameters, another environment."""
    scene.ui.patch(
        f"/flow_runs/{scene.run}",
        {
            "name": "plan 640300: Open",
            "tags": ["open", "stage:election"],
            "parameters": {"scope": scene.scope, "on": "2099-01-01", "open": True},
            "empirical_policy": {"retries": 9, "retry_delay": 0, "resuming": True},
        },
    )
    scene.ui.patch(f"/flow_runs/{scene.run}/labels", {"termgate.outcome": "open"})


def _environment(scene: Scene) -> None:
    """Variables for the process that runs it; too late once it runs, and refused then."""
    variables = {"env": {"TERMGATE_HOME": "/nowhere", "PYTHONPATH": "/nowhere"}}
    scene.ui.patch(f"/flow_runs/{scene.run}", {"job_variables": variables})


def _input(scene: Scene) -> None:
    path = f"/flow_runs/{scene.run}/input"
    scene.ui.post(path, {"key": "approval", "value": '{"approved": true}', "sender": "somebody"})
    scene.ui.delete(f"{path}/approval")


def _ad_hoc(scene: Scene) -> None:
    """Runs that nobody executes, finished from the start, with and without the deployment."""
    bare = {"flow_id": scene.flow, "name": "plan: Open", "state": state("COMPLETED", "Open")}
    scene.ui.post("/flow_runs/", {**bare, "parameters": {"scope": scene.scope}})
    scene.ui.post(
        "/flow_runs/",
        {**bare, "deployment_id": scene.deployment, "parameters": {"scope": "cycle", "open": True}},
    )
    made = {"state": state("COMPLETED", "Open"), "parameters": {"scope": scene.scope}}
    scene.ui.post(f"/deployments/{scene.deployment}/create_flow_run", made)
    scene.ui.post(f"/deployments/{scene.deployment}/create_flow_run/bulk", [made] * 20)


def _for_each_task_run(scene: Scene, press: Callable[[str], object]) -> None:
    """A run still under way shows none yet: the server hears of them a moment later."""
    for one in scene.ui.task_runs(scene.run, TASKS):
        press(str(one["id"]))


def _task_states(scene: Scene) -> None:
    for wanted in (state("COMPLETED", "Open"), state("FAILED", "Blocked"), state("RUNNING")):
        _for_each_task_run(scene, partial(scene.ui.set_state, state=wanted, of="task_runs"))


def _tasks_renamed(scene: Scene) -> None:
    _for_each_task_run(
        scene, lambda run: scene.ui.patch(f"/task_runs/{run}", {"name": "640300-congress Open"})
    )


def _tasks_deleted(scene: Scene) -> None:
    _for_each_task_run(scene, lambda run: scene.ui.delete(f"/task_runs/{run}"))


def _task_made(scene: Scene) -> None:
    """A gate task that never was, with a result to be taken from a cache."""
    scene.ui.post(
        "/task_runs/",
        {
            "task_key": "gate",
            "dynamic_key": some_name(),
            "name": f"{scene.scope}-congress",
            "flow_run_id": scene.run,
            "cache_key": some_name(),
            "state": state("COMPLETED", "Open"),
        },
    )


RUN_BUTTONS: tuple[Button, ...] = (
    *(
        button(f"run set {name}", [SET_STATE], _set(wanted), APART)
        for name, wanted in STATES.items()
    ),
    button("run set completed, politely", [SET_STATE], _politely, APART),
    button("run cancelled", [SET_STATE], _set(state("CANCELLING")), APART),
    button("run resumed", [SET_STATE, "POST /flow_runs/{id}/resume"], _resume, APART),
    button("run deleted", ["DELETE /flow_runs/{id}"], _delete, EACH),
    button("runs set in bulk", ["POST /flow_runs/bulk_set_state"], _bulk_state, APART),
    button("runs deleted in bulk", ["POST /flow_runs/bulk_delete"], _bulk_delete, EACH),
    button("run edited", ["PATCH /flow_runs/{id}", "PATCH /flow_runs/{id}/labels"], _edit, APART),
    button("run's environment", ["PATCH /flow_runs/{id}"], _environment, BEFORE),
    button(
        "run's input",
        ["POST /flow_runs/{id}/input", "DELETE /flow_runs/{id}/input/{key}"],
        _input,
    ),
    button(
        "runs made up",
        [
            "POST /flow_runs/",
            "POST /deployments/{id}/create_flow_run",
            "POST /deployments/{id}/create_flow_run/bulk",
        ],
        _ad_hoc,
    ),
    button("task runs set by hand", [SET_TASK_STATE], _task_states, AFTER),
    button("task runs renamed", ["PATCH /task_runs/{id}"], _tasks_renamed, AFTER),
    button("task runs deleted", ["DELETE /task_runs/{id}"], _tasks_deleted, AFTER),
    button("task run made up", ["POST /task_runs/"], _task_made),
)
