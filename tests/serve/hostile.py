"""Every call of Prefect's API with a body that means harm, made from its own description.

Rules: calls and bodies follow from the OpenAPI document that the server gives; each property is
filled with the worst that its name and type allow (a program to run, a result to unpickle, a
process to end, nothing at all), and ids are of what is ours. Whatever runs leaves a trace.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx
from prefect.results import ResultRecord, ResultRecordMetadata  # type: ignore[attr-defined]

from tests.support.served import Api

Json = Any
DEEP = 6


class Planted:
    """What leaves a file behind where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
        return Path.touch, (self._path,)


def planted(trace: Path, result: Path) -> dict[str, Json]:
    """What a state says of a result that leaves a trace where it is read."""
    about = ResultRecordMetadata(storage_key=str(result))
    made: ResultRecord[Any] = ResultRecord(result=Planted(trace), metadata=about)
    result.write_bytes(made.serialize())
    return {"type": "reference", **about.model_dump(mode="json")}


@dataclass
class Hostile:
    """Somebody with the password; `decoy` is a process that no run of ours started."""

    api: Api
    folder: Path
    made: list[tuple[str, str, int]] = field(default_factory=list)

    def __enter__(self) -> Hostile:
        """With a program, a result and a process to point at."""
        self.trace = self.folder / "ran"
        self._evil = self.folder / "evil.py"
        self._evil.write_text(f"open({str(self.trace)!r}, 'w')\n", encoding="utf-8")
        self._data = planted(self.trace, self.folder / "result")
        self.decoy = subprocess.Popen((sys.executable, "-c", "import time; time.sleep(3600)"))
        self._described = self.api.get("/openapi.json").json()
        self.ids = dict(self._known())
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Without the process."""
        self.decoy.kill()
        self.decoy.wait()

    def _known(self) -> Iterator[tuple[str, str]]:
        """Kind → the id of one that is ours."""
        plan = self.api.deployment("plan")
        yield from (("deployment", plan["id"]), ("flow", plan["flow_id"]))
        yield "work_queue", plan["work_queue_id"]
        yield "flow_run", self._launched()
        kinds = ("automation", "block_type", "block_schema", "block_document", "task_run",
                 "artifact")  # fmt: skip
        for kind in kinds:
            for one in self.api.ask(f"/{kind}s/filter")[:1]:
                yield kind, one["id"]

    # Calls

    def calls(self) -> list[tuple[str, str]]:
        """Every method and path, what ends something last."""
        found = [
            (method.upper(), path.removeprefix("/api"))
            for path, methods in self._described["paths"].items()
            for method in methods
        ]
        # What is gone can be ended no more: everything else is tried on it first.
        return sorted(found, key=lambda call: ("delete" in " ".join(call).lower(), call))

    def call(self, method: str, path: str) -> None:
        """Make a call in each way: with everything, with nothing, and with each property alone."""
        if path.startswith("/flow_runs/{id}"):
            self.ids["flow_run"] = self._launched()
        where = "/".join(self._part(path, part) for part in path.split("/"))
        for body in self._bodies(method, path):
            self.made.append((method, path, self.send(method, where, body)))

    def _launched(self) -> str:
        """The id of a new run, while there is something to run."""
        try:
            return self.api.launch("plan", scope="640302103")
        except httpx.HTTPStatusError:
            return str(uuid4())

    def busy(self) -> list[tuple[str, str]]:
        """The calls for which the server waited in vain for its own database."""
        return [
            (method, path)
            for method, path, code in self.made
            if code == httpx.codes.SERVICE_UNAVAILABLE
        ]

    def send(self, method: str, path: str, body: Json = None) -> int:
        """Make one call; the code that it is answered with, 0 for none."""
        try:
            answer = self.api.request(method, path, json=body, headers=self.api.tokens())
        except (httpx.RemoteProtocolError, httpx.ReadError):
            return 0
        return answer.status_code

    def _part(self, path: str, part: str) -> str:
        if not part.startswith("{"):
            return part
        name = part.strip("{}")
        if name == "id":
            return self.ids.get(path.split("/")[1].removesuffix("s"), str(uuid4()))
        named = {"name": "termgate", "work_pool_name": "termgate", "tag": "termgate",
                 "flow_name": "plan", "deployment_name": "plan", "key": "board",
                 "resource_id": f"prefect.deployment.{self.ids['deployment']}"}  # fmt: skip
        if name == "name" and "queues" in path:
            return "default"
        return named.get(name, self.ids.get(name.removesuffix("_id"), "termgate"))

    # Bodies

    def _bodies(self, method: str, path: str) -> Iterator[Json]:
        described = self._described["paths"].get(f"/api{path}", self._described["paths"].get(path))
        content = described[method.lower()].get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            yield None
            return
        whole = self._value(schema, "", 0)
        yield from (whole, {})
        if isinstance(whole, dict):
            needed = {name: whole[name] for name in self._solved(schema).get("required", ())}
            yield needed
            for name in sorted(whole.keys() - needed.keys()):
                yield {**needed, name: whole[name]}

    def _solved(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self._described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def _value(self, schema: Json, name: str, deep: int) -> Json:  # noqa: PLR0911
        """The worst value of a property."""
        worst = self._worst(name)
        if worst is not None:
            return worst
        schema = self._solved(schema)
        choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if choices:
            return self._value(choices[0], name, deep + 1) if deep < DEEP else None
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][-1]
        match schema.get("type"):
            case "object" if deep < DEEP:
                properties = schema.get("properties", {})
                return {one: self._value(of, one, deep + 1) for one, of in properties.items()}
            case "object":
                return {}
            case "array":
                return [self._value(schema.get("items", {}), name, deep + 1)]
            case "integer" | "number":
                return 0
            case "boolean":
                return not schema.get("default", False)
            case "string" if schema.get("format") == "date-time":
                return "2099-01-01T00:00:00Z"
            case "string" if schema.get("format") == "uuid":
                return self.ids.get(name.removesuffix("_id"), self.ids["deployment"])
            case _:
                return f"touch {self.trace}"

    def _worst(self, name: str) -> Json:
        touch = f"touch {self.trace}"
        env = {"PYTHONSTARTUP": str(self._evil), "TERMGATE_HOME": str(self.folder), "EVIL": "1"}
        variables = {"env": env, "command": touch, "working_dir": str(self.folder)}
        return {
            "entrypoint": f"{self._evil}:plan",
            "path": str(self.folder),
            "pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": touch}}],
            "job_variables": variables,
            "infra_overrides": variables,
            "base_job_template": {
                "job_configuration": variables,
                "variables": {"type": "object", "required": ["x"], "properties": {"x": {}}},
            },
            "data": self._data,
            "infrastructure_pid": str(self.decoy.pid),
            "empirical_policy": {"retries": 9, "pause_keys": [], "resuming": True},
            "parameters": {"scope": "cycle", "unknown": {"__prefect_kind": "json", "value": "["}},
            "enforce_parameter_schema": False,
            "parameter_openapi_schema": {"type": "object", "properties": {}},
            "work_pool_name": "termgate",
            "work_queue_name": "elsewhere",
            "tags": ["termgate"],
            "tag": "termgate",
            "state": {"type": "COMPLETED", "name": "Open", "message": "", "data": self._data},
        }.get(name)


# Of a deployment, a pool or an automation: what a server works out, or counts.
RECKONED = {
    "id", "created", "updated", "flow_id", "work_queue_id", "last_polled", "status", "version_id",
    "created_by", "updated_by", "version_info", "default_queue_id", "work_pool_id", "labels",
    # Of a pool: where others keep results; nothing of ours reads it.
    "storage_configuration",
    # Of a queue: how it comes before those of others.
    "priority",
}  # fmt: skip


def standing(api: Api) -> dict[str, Json]:
    """Everything of ours as it stands on the server, by name; what is made again is the same."""
    pool = api.get("/work_pools/termgate").json()
    queue = api.get("/work_pools/termgate/queues/default").json()
    found = [pool, {**queue, "description": ""}] if "detail" not in pool else []
    found += [one for one in api.ask("/deployments/filter") if "termgate" in one["tags"]]
    found += [one for one in api.ask("/automations/filter") if one["name"][:9] == "termgate:"]
    return {
        f"{one.get('name')} {len(one)}": {
            name: _plain(value) for name, value in one.items() if name not in RECKONED
        }
        for one in found
    }


def _plain(value: Json) -> Json:
    """Without ids, of what is made again, and without order where it means nothing."""
    if isinstance(value, dict):
        kept = {"id", "created", "updated", "deployment_id", "prefect.resource.id"}
        return {name: _plain(one) for name, one in value.items() if name not in kept}
    if isinstance(value, list):
        return sorted((_plain(one) for one in value), key=repr)
    return value
