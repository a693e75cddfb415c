"""The buttons on flows, deployments, schedules, automations and events."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from tests.buttons.rows import APART, ASIDE, EARLY, Button, Scene, button, some_name, state
from tests.buttons.ui import Json

# A program of somebody else's.
EVIL = "/evil.py:opened"
FAR_AWAY = "2099-01-01T00:00:00Z"
PARAMETERS = {"scope": "no-such-place", "on": "2099-01-01", "open": True}


def _flow(scene: Scene) -> None:
    made = scene.ui.post("/flows/", {"name": some_name()})
    scene.ui.patch(f"/flows/{made['id']}", {"tags": ["open"]})
    scene.ui.delete(f"/flows/{made['id']}")
    made = scene.ui.post("/flows/", {"name": some_name()})
    scene.ui.post("/flows/bulk_delete", {"flows": {"id": {"any_": [made["id"]]}}})


def _flow_deleted(scene: Scene) -> None:
    """With it go its deployments and its runs."""
    scene.ui.delete(f"/flows/{scene.flow}")


def _deployment_edited(scene: Scene) -> None:
    """Another program, other parameters, no form."""
    scene.ui.patch(
        f"/deployments/{scene.deployment}",
        {
            "parameters": PARAMETERS,
            "enforce_parameter_schema": False,
            "parameter_openapi_schema": {"type": "object", "properties": {}},
            "entrypoint": EVIL,
            "path": "/",
            "pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "false"}}],
            "job_variables": {"env": {"TERMGATE_HOME": "/nowhere"}},
            "concurrency_limit": 1,
            "tags": ["open"],
            "version": "open",
        },
    )


def _deployment_made(scene: Scene) -> None:
    """One that claims the flow and runs something else."""
    body = {"name": some_name(), "flow_id": scene.flow, "entrypoint": EVIL}
    made = scene.ui.post("/deployments/", {**body, "parameters": PARAMETERS})
    scene.ui.post(f"/deployments/{made['id']}/create_flow_run", {})
    scene.ui.post("/deployments/bulk_delete", {"deployments": {"id": {"any_": [made["id"]]}}})


def _deployment_deleted(scene: Scene) -> None:
    scene.ui.delete(f"/deployments/{scene.deployment}")


def _paused(scene: Scene) -> None:
    scene.ui.post(f"/deployments/{scene.deployment}/pause_deployment")
    scene.ui.post(f"/deployments/{scene.deployment}/resume_deployment")


def _schedules(scene: Scene) -> None:
    """Runs every minute until the end of the century, with parameters made up, then none."""
    path = f"/deployments/{scene.deployment}/schedules"
    every_minute = {"interval": 60, "anchor_date": FAR_AWAY}
    (made,) = scene.ui.post(path, [{"active": True, "schedule": every_minute}])
    scene.ui.patch(f"{path}/{made['id']}", {"active": False, "parameters": PARAMETERS})
    scene.ui.post(f"/deployments/{scene.deployment}/schedule", {"min_runs": 2})
    scene.ui.delete(f"{path}/{made['id']}")


def _automation(scene: Scene, trigger: Json, actions: list[Json]) -> str:
    body = {"name": some_name(), "trigger": trigger, "actions": actions}
    return str(scene.ui.post("/automations/", body)["id"])


def _automations(scene: Scene) -> None:
    """Automations that finish every run as open and launch with parameters made up."""
    whatever = {
        "type": "event", "posture": "Reactive", "expect": ["prefect.flow-run.*", "termgate.*"],
        "match": {"prefect.resource.id": "*"}, "threshold": 1, "within": 0,
    }  # fmt: skip
    finish = {"type": "change-flow-run-state", "state": "COMPLETED", "name": "Open"}
    launch = {
        "type": "run-deployment", "source": "selected", "deployment_id": scene.deployment,
        "parameters": PARAMETERS,
    }  # fmt: skip
    made = _automation(scene, whatever, [finish, launch])
    _events(scene)
    scene.ui.patch(f"/automations/{made}", {"enabled": False})
    scene.ui.put(
        f"/automations/{made}",
        {"name": some_name(), "trigger": whatever, "actions": [finish], "enabled": False},
    )
    scene.ui.delete(f"/automations/{made}")
    scene.ui.delete(f"/automations/owned-by/prefect.deployment.{scene.deployment}")


def _events(scene: Scene) -> None:
    """Events as the watch announces them, about things that never happened."""
    names = ("due", "decided", "signed", "submitted", "handed-on", "waived", "listed")
    scene.ui.post(
        "/events",
        [
            {
                "occurred": datetime.now(UTC).isoformat(),
                "event": f"termgate.{name}",
                "resource": {
                    "prefect.resource.id": "termgate.stage.plan",
                    "termgate.stage": "plan",
                    "termgate.scope": scene.scope,
                    "termgate.unit": f"{scene.scope}-congress",
                    "termgate.outcome": "open",
                },
                "payload": {"outcome": "open", "on": "2099-01-01"},
                "id": str(uuid4()),
            }
            for name in names
        ],
    )


def _run_event(scene: Scene) -> None:
    """A state told as an event, which is how task runs come on the server's record."""
    scene.ui.post(
        "/events",
        [
            {
                "occurred": datetime.now(UTC).isoformat(),
                "event": f"prefect.{kind}.Completed",
                "resource": {
                    "prefect.resource.id": f"prefect.{kind}.{scene.run}",
                    "prefect.resource.name": "open",
                    "prefect.state-name": "Open",
                    "prefect.state-type": "COMPLETED",
                    "prefect.orchestration": "client",
                },
                "payload": {"validated_state": state("COMPLETED", "Open"), "task_run": {}},
                "id": str(uuid4()),
            }
            for kind in ("flow-run", "task-run")
        ],
    )


DEPLOYMENT_BUTTONS: tuple[Button, ...] = (
    button(
        "flows made, edited, deleted",
        ["POST /flows/", "PATCH /flows/{id}", "DELETE /flows/{id}", "POST /flows/bulk_delete"],
        _flow,
        ASIDE,
    ),
    button("the stage's flow deleted", ["DELETE /flows/{id}"], _flow_deleted, EARLY),
    button("deployment edited", ["PATCH /deployments/{id}"], _deployment_edited),
    button(
        "deployment made up",
        [
            "POST /deployments/",
            "POST /deployments/{id}/create_flow_run",
            "POST /deployments/bulk_delete",
        ],
        _deployment_made,
    ),
    button("deployment deleted", ["DELETE /deployments/{id}"], _deployment_deleted, EARLY),
    button(
        "deployment paused and taken up again",
        ["POST /deployments/{id}/pause_deployment", "POST /deployments/{id}/resume_deployment"],
        _paused,
    ),
    button(
        "schedules",
        [
            "POST /deployments/{id}/schedules",
            "PATCH /deployments/{id}/schedules/{schedule_id}",
            "DELETE /deployments/{id}/schedules/{schedule_id}",
            "POST /deployments/{id}/schedule",
        ],
        _schedules,
    ),
    button(
        "automations",
        [
            "POST /automations/",
            "PATCH /automations/{id}",
            "PUT /automations/{id}",
            "DELETE /automations/{id}",
            "DELETE /automations/owned-by/{resource_id}",
            "POST /events",
        ],
        _automations,
        APART,
    ),
    button("events of ours made up", ["POST /events"], _events),
    button("states told as events", ["POST /events"], _run_event),
)
