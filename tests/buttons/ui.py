"""The Prefect UI as its user has it: the calls behind the buttons, and runs of a real deployment.

Rules: a press that the server does not take has not been pressed, and fails its test; a run is
executed here as the process does that a deployment's runner starts for it.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectSignal
from prefect.flow_engine import run_flow

from tests.support.patience import PATIENCE, looks

Json = Any


class Ui:
    """Whoever sits before the UI, with the server's password where it has one."""

    def __init__(self, url: str, password: str = "") -> None:
        self.url = url
        basic = base64.b64encode(password.encode()).decode()
        headers = {"Authorization": f"Basic {basic}"} if password else {}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=PATIENCE)
        # As the pages do it; a server that asks for no token gives none.
        client = uuid4().hex
        token = self._client.get("/csrf-token", params={"client": client})
        if token.is_success:
            self._client.headers["Prefect-Csrf-Client"] = client
            self._client.headers["Prefect-Csrf-Token"] = token.json()["token"]
        self._pressed: set[tuple[str, str]] = set()

    def close(self) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: Json = None) -> httpx.Response:
        """Call the server, whatever it answers; where it is busy, press again, as anybody would."""
        answers = (self.once(method, path, body) for _ in looks(f"{method} {path}"))
        busy = httpx.codes.SERVICE_UNAVAILABLE
        return next(answer for answer in answers if answer.status_code != busy)

    def once(self, method: str, path: str, body: Json = None) -> httpx.Response:
        """Call the server once."""
        return self._client.request(method, path, json=body)

    def press(self, method: str, path: str, body: Json = None) -> Json:
        """Call the server, which takes it."""
        answer = self.ask(method, path, body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        self._pressed.add((method, path))
        return answer.json() if answer.content else None

    def forget(self) -> None:
        """Forget what was pressed."""
        self._pressed.clear()

    def calls(self, offered: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Of the calls that the server offers, those that were made."""
        return {
            (method, path)
            for method, path in offered
            for pressed_method, pressed in self._pressed
            if method == pressed_method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), pressed)
        }

    def post(self, path: str, body: Json = None) -> Json:
        return self.press("POST", path, body)

    def patch(self, path: str, body: Json) -> Json:
        return self.press("PATCH", path, body)

    def put(self, path: str, body: Json) -> Json:
        return self.press("PUT", path, body)

    def delete(self, path: str) -> Json:
        return self.press("DELETE", path)

    def get(self, path: str) -> Json:
        return self.press("GET", path)

    def set_state(self, run: str, state: Json, *, of: str = "flow_runs") -> Json:
        """Set the state of a run by hand, past every rule."""
        return self.post(f"/{of}/{run}/set_state", {"state": state, "force": True})

    def launch(self, deployment: str, **parameters: object) -> str:
        """The id of a new run of a deployment."""
        made = self.post(f"/deployments/{deployment}/create_flow_run", {"parameters": parameters})
        return str(made["id"])

    def state(self, run: str) -> Json:
        """The state of a flow run, or nothing where it is gone."""
        answer = self.ask("GET", f"/flow_runs/{run}")
        return answer.json()["state"] if answer.is_success else None

    def ended(self, run: str) -> Json:
        """The state that a flow run ends with."""
        ends = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        states = (self.state(run) for _ in looks(f"the end of {run}"))
        return next(state for state in states if state and state["type"] in ends)

    def task_runs(self, run: str, at_least: int) -> Sequence[Json]:
        """The task runs of a flow run; the server records them from events, a moment later."""
        wanted = {"flow_runs": {"id": {"any_": [run]}}}
        for _ in looks(f"{at_least} task runs of {run}"):
            found: list[Json] = self.post("/task_runs/filter", wanted)
            if len(found) >= at_least:
                return found
        return []

    def artifacts(self, key: str, run: str) -> Sequence[Json]:
        """The artifacts of a key that a run made."""
        wanted = {"artifacts": {"key": {"any_": [key]}, "flow_run_id": {"any_": [run]}}}
        found: list[Json] = self.post("/artifacts/filter", wanted)
        return found


def deploy(flow: Flow[Any, Any], name: str) -> str:
    """The id of a deployment of a flow, made as serving it does."""

    async def made() -> str:
        return str(await (await flow.ato_deployment(name)).aapply())

    return asyncio.run(made())


def execute(flow: Flow[Any, Any], run: str) -> None:
    """Execute a flow run; however it ends, its state says so.

    A run that somebody deleted or finished ends the process that executes it, and no more.
    """

    async def executed() -> None:
        async with get_client() as client:
            found = await client.read_flow_run(UUID(run))
        # The engine of an async flow is one.
        await cast("Awaitable[Any]", run_flow(flow, flow_run=found))

    with suppress(Exception, PrefectSignal):
        asyncio.run(executed())
