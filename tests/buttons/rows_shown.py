"""The buttons on what is shown and on what the runs are configured by."""

from __future__ import annotations

from uuid import uuid4

from tests.buttons.rows import ASIDE, BEFORE, Button, Scene, button, some_name

LIES = "| 640300-congress | ✓ 通过 |"
SHOWN = ("decided-plan", "progress-plan")


def _lies(scene: Scene) -> None:
    """Artifacts under our own keys that say that everything is open."""
    for key in SHOWN:
        body = {"key": key, "type": "markdown", "data": LIES, "flow_run_id": scene.run}
        scene.ui.post("/artifacts/", body)


def _edited(scene: Scene) -> None:
    """All artifacts edited, and new ones for what nobody has shown yet."""
    _lies(scene)
    for key in SHOWN:
        for one in scene.ui.artifacts(key, scene.run):
            scene.ui.patch(f"/artifacts/{one['id']}", {"data": LIES, "description": "open"})


def _deleted(scene: Scene) -> None:
    _lies(scene)
    for key in SHOWN:
        for one in scene.ui.artifacts(key, scene.run):
            scene.ui.delete(f"/artifacts/{one['id']}")


def _logs(scene: Scene) -> None:
    line = {
        "name": "prefect.flow_runs", "level": 20, "message": "Gate open",
        "timestamp": "2016-12-31T00:00:00Z",
    }  # fmt: skip
    scene.ui.post("/logs/", [line])


def _variables(scene: Scene) -> None:
    name = some_name().replace("-", "_")
    made = scene.ui.post("/variables/", {"name": name, "value": {"outcome": "open"}})
    scene.ui.patch(f"/variables/{made['id']}", {"value": "open"})
    scene.ui.patch(f"/variables/name/{name}", {"value": True})
    scene.ui.delete(f"/variables/{made['id']}")
    scene.ui.post("/variables/", {"name": name, "value": 1})
    scene.ui.delete(f"/variables/name/{name}")


def _blocks(scene: Scene) -> None:
    ui = scene.ui
    kind = ui.post("/block_types/", {"name": some_name(), "slug": some_name()})
    fields = {"title": "Open", "type": "object", "properties": {"open": {"type": "boolean"}}}
    schema = ui.post("/block_schemas/", {"block_type_id": kind["id"], "fields": fields})
    ids = {"block_schema_id": schema["id"], "block_type_id": kind["id"]}
    made = ui.post("/block_documents/", {**ids, "name": some_name(), "data": {"open": True}})
    ui.patch(f"/block_documents/{made['id']}", {"data": {"open": False}})
    ui.patch(f"/block_types/{kind['id']}", {"description": "open"})
    ui.delete(f"/block_documents/{made['id']}")
    ui.delete(f"/block_schemas/{schema['id']}")
    ui.delete(f"/block_types/{kind['id']}")
    ui.post("/block_types/install_system_block_types")


def _results(scene: Scene) -> None:
    """Somewhere else to keep the results of runs, by a block that cannot; then nowhere again."""
    ui = scene.ui
    if ui.get("/admin/storage")["default_result_storage_block_id"]:
        ui.delete("/admin/storage")
        return
    kind = ui.post("/block_types/", {"name": some_name(), "slug": some_name()})
    schema = ui.post(
        "/block_schemas/",
        {
            "block_type_id": kind["id"],
            "capabilities": ["get-directory", "put-directory", "read-path", "write-path"],
            "fields": {"title": "Store", "type": "object", "properties": {}},
        },
    )
    ids = {"block_schema_id": schema["id"], "block_type_id": kind["id"]}
    made = ui.post("/block_documents/", {**ids, "name": some_name(), "data": {}})
    ui.put("/admin/storage", {"default_result_storage_block_id": made["id"]})


def _limits(scene: Scene) -> None:
    """Limits and their slots, taken and freed by hand."""
    ui = scene.ui
    tag = some_name()
    made = ui.post("/concurrency_limits/", {"tag": tag, "concurrency_limit": 1})
    task_run = str(uuid4())
    ui.post("/concurrency_limits/increment", {"names": [tag], "task_run_id": task_run})
    ui.post("/concurrency_limits/decrement", {"names": [tag], "task_run_id": task_run})
    ui.post(f"/concurrency_limits/tag/{tag}/reset", {"slot_override": []})
    ui.delete(f"/concurrency_limits/{made['id']}")
    ui.post("/concurrency_limits/", {"tag": tag, "concurrency_limit": 1})
    ui.delete(f"/concurrency_limits/tag/{tag}")


def _global_limits(scene: Scene) -> None:
    ui = scene.ui
    name = some_name()
    made = ui.post("/v2/concurrency_limits/", {"name": name, "limit": 5})
    ui.patch(f"/v2/concurrency_limits/{name}", {"limit": 2})
    slots = {"names": [name], "slots": 1}
    ui.post("/v2/concurrency_limits/increment", slots)
    ui.post("/v2/concurrency_limits/decrement", slots)
    lease = ui.post("/v2/concurrency_limits/increment-with-lease", slots)["lease_id"]
    ui.post(f"/v2/concurrency_limits/leases/{lease}/renew", {"lease_duration": 60})
    ui.post("/v2/concurrency_limits/decrement-with-lease", {"lease_id": lease})
    ui.delete(f"/v2/concurrency_limits/{made['id']}")


def _pools(scene: Scene) -> None:
    ui = scene.ui
    pool = some_name()
    ui.post("/work_pools/", {"name": pool, "type": "process"})
    ui.patch(f"/work_pools/{pool}", {"is_paused": True, "concurrency_limit": 0})
    ui.post(f"/work_pools/{pool}/queues", {"name": "urgent"})
    ui.patch(f"/work_pools/{pool}/queues/urgent", {"is_paused": True})
    ui.delete(f"/work_pools/{pool}/queues/urgent")
    ui.post(f"/work_pools/{pool}/workers/heartbeat", {"name": "somebody"})
    ui.post(f"/work_pools/{pool}/get_scheduled_flow_runs", {})
    ui.delete(f"/work_pools/{pool}/workers/somebody")
    ui.delete(f"/work_pools/{pool}")


def _queues(scene: Scene) -> None:
    ui = scene.ui
    made = ui.post("/work_queues/", {"name": some_name()})
    ui.patch(f"/work_queues/{made['id']}", {"is_paused": True})
    ui.post(f"/work_queues/{made['id']}/get_runs", {})
    ui.delete(f"/work_queues/{made['id']}")


def _polled(scene: Scene) -> None:
    """Somebody else's worker asks for the runs that are scheduled."""
    body = {"deployment_ids": [scene.deployment]}
    scene.ui.post("/deployments/get_scheduled_flow_runs", body)


def _searches(scene: Scene) -> None:
    made = scene.ui.put("/saved_searches/", {"name": some_name(), "filters": []})
    scene.ui.delete(f"/saved_searches/{made['id']}")


SHOWN_BUTTONS: tuple[Button, ...] = (
    button("artifacts made up", ["POST /artifacts/"], _lies),
    button("artifacts edited", ["POST /artifacts/", "PATCH /artifacts/{id}"], _edited),
    button("artifacts deleted", ["POST /artifacts/", "DELETE /artifacts/{id}"], _deleted),
    button("log lines made up", ["POST /logs/"], _logs, ASIDE),
    button(
        "variables",
        [
            "POST /variables/",
            "PATCH /variables/{id}",
            "PATCH /variables/name/{name}",
            "DELETE /variables/{id}",
            "DELETE /variables/name/{name}",
        ],
        _variables,
        ASIDE,
    ),
    button(
        "blocks",
        [
            "POST /block_types/",
            "PATCH /block_types/{id}",
            "DELETE /block_types/{id}",
            "POST /block_types/install_system_block_types",
            "POST /block_schemas/",
            "DELETE /block_schemas/{id}",
            "POST /block_documents/",
            "PATCH /block_documents/{id}",
            "DELETE /block_documents/{id}",
        ],
        _blocks,
        ASIDE,
    ),
    button(
        "results kept elsewhere",
        [
            "POST /block_types/",
            "POST /block_schemas/",
            "POST /block_documents/",
            "PUT /admin/storage",
            "DELETE /admin/storage",
        ],
        _results,
        (("before", "after"),),
    ),
    button(
        "limits by tag",
        [
            "POST /concurrency_limits/",
            "DELETE /concurrency_limits/{id}",
            "DELETE /concurrency_limits/tag/{tag}",
            "POST /concurrency_limits/tag/{tag}/reset",
            "POST /concurrency_limits/increment",
            "POST /concurrency_limits/decrement",
        ],
        _limits,
        ASIDE,
    ),
    button(
        "global limits",
        [
            "POST /v2/concurrency_limits/",
            "PATCH /v2/concurrency_limits/{id_or_name}",
            "DELETE /v2/concurrency_limits/{id_or_name}",
            "POST /v2/concurrency_limits/increment",
            "POST /v2/concurrency_limits/increment-with-lease",
            "POST /v2/concurrency_limits/leases/{lease_id}/renew",
            "POST /v2/concurrency_limits/decrement",
            "POST /v2/concurrency_limits/decrement-with-lease",
        ],
        _global_limits,
        ASIDE,
    ),
    button(
        "work pools, their queues and workers",
        [
            "POST /work_pools/",
            "PATCH /work_pools/{name}",
            "DELETE /work_pools/{name}",
            "POST /work_pools/{work_pool_name}/queues",
            "PATCH /work_pools/{work_pool_name}/queues/{name}",
            "DELETE /work_pools/{work_pool_name}/queues/{name}",
            "POST /work_pools/{work_pool_name}/workers/heartbeat",
            "POST /work_pools/{name}/get_scheduled_flow_runs",
            "DELETE /work_pools/{work_pool_name}/workers/{name}",
        ],
        _pools,
        ASIDE,
    ),
    button(
        "work queues",
        [
            "POST /work_queues/",
            "PATCH /work_queues/{id}",
            "DELETE /work_queues/{id}",
            "POST /work_queues/{id}/get_runs",
        ],
        _queues,
        ASIDE,
    ),
    button(
        "runs taken by another's worker",
        ["POST /deployments/get_scheduled_flow_runs"],
        _polled,
        BEFORE,
    ),
    button(
        "saved searches",
        ["PUT /saved_searches/", "DELETE /saved_searches/{id}"],
        _searches,
        ASIDE,
    ),
)
