"""Asking the serve of a home to run a flow, so that nothing heavy is loaded for it here.

Rules: what is passed is a scope and a day; what the API answers opens nothing: how a run ended is
asked once it has, and how everything stands is read from the ledger. A serve that cannot be asked
is done without, and says so. Whoever stops waiting stops no run.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import httpx

from data.home import Home
from deployments.exits import print_stderr
from deployments.serving import record
from deployments.serving.record import BROKEN_OFF, Record, Unusable
from schemas.text import Text

POLL_SECONDS = 0.25
# A progress bar moves once a second.
POLLS_OF_PROGRESS = 4
ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
DELETED = Text("它在 serve 中的运行被删除", "its run in serve was deleted")


class Api(httpx.Client):
    """The API of a serve, called with its password and tokens against forgery."""

    def __init__(self, served: Record) -> None:
        basic = base64.b64encode((served.password or "").encode()).decode()
        super().__init__(
            base_url=served.api,
            headers={"Authorization": f"Basic {basic}"} if served.password else {},
            timeout=30,
            # A proxy that the environment names leads elsewhere.
            trust_env=False,
        )
        self._asked_token = False

    def ask(self, method: str, path: str, content: object = None) -> Any:
        """The answer.

        Raises:
            httpx.HTTPError: there is none, or it is a refusal.
        """
        if method != "GET" and not self._asked_token:
            self._take_token()
        answer = self.request(method, path, json=content)
        answer.raise_for_status()
        return answer.json()

    def _take_token(self) -> None:
        self._asked_token = True
        client = uuid4().hex
        answer = self.get("/csrf-token", params={"client": client})
        # A server that wants none has none.
        if answer.is_success:
            self.headers["Prefect-Csrf-Client"] = client
            self.headers["Prefect-Csrf-Token"] = answer.json()["token"]

    def launch(self, name: str, scope: str, on: date | None) -> str:
        """Launch a flow as its form does; returns the id of the run."""
        day = {"on": on.isoformat()} if on else {}
        deployment = self.ask("GET", f"/deployments/name/{name}/{name}")["id"]
        given = {"parameters": {"scope": scope, **day}}
        return str(self.ask("POST", f"/deployments/{deployment}/create_flow_run", given)["id"])

    def progress(self, run: str) -> str:
        """How far the stage is that a run is at, such as `plan 40 %`; empty where none says."""
        wanted = {
            "flow_runs": {
                "operator": "or_",
                "id": {"any_": [run]},
                "parent_flow_run_id": {"any_": [run]},
            },
            "artifacts": {"type": {"any_": ["progress"]}},
            "sort": "CREATED_DESC",
            "limit": 1,
        }
        newest = self.ask("POST", "/artifacts/filter", wanted)
        if not newest:
            return ""
        return f"{newest[0]['key'].removeprefix('progress-')} {float(newest[0]['data']):.0f} %"


def asked(
    home: Home, name: str, scope: str, on: date | None, watching: Callable[[str], None]
) -> tuple[str, str] | None:
    """Have the serve of this home run a flow: the name of the state that it ends in, and why.

    None where there is no serve that can be asked. `watching` learns how far it is.

    Raises:
        KeyboardInterrupt: nobody waits any more; that the run goes on is printed.
    """
    try:
        served = record.read(home)
        if served is None:
            return None
        with Api(served) as api:
            return _followed(api, served, home, api.launch(name, scope, on), watching)
    except Unusable as unusable:
        why = unusable.text
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        why = Text(f"serve 没有接受这次运行（{code}）", f"serve takes no run ({code})")
    except httpx.TransportError as error:
        kind = type(error).__name__
        why = Text(f"serve 没有应答（{kind}）", f"serve does not answer ({kind})")
    print_stderr(Text(f"{why.zh}；在本进程中运行", f"{why.en}; running here").render())
    return None


def _followed(
    api: Api, served: Record, home: Home, run: str, watching: Callable[[str], None]
) -> tuple[str, str]:
    """Follow a run to its end.

    Raises:
        Unusable: its serve is gone, or somebody deleted it.
    """
    polls = 0
    try:
        while True:
            if polls % POLLS_OF_PROGRESS == 0 and record.read(home) != served:
                raise Unusable(BROKEN_OFF)
            try:
                state = api.ask("GET", f"/flow_runs/{run}")["state"]
                if state and state["type"] in ENDED:
                    return state["name"], state["message"] or ""
                if polls % POLLS_OF_PROGRESS == 0:
                    watching(api.progress(run))
            except httpx.HTTPError as error:
                gone = isinstance(error, httpx.HTTPStatusError) and error.response.status_code
                if gone == httpx.codes.NOT_FOUND:
                    raise Unusable(DELETED) from None
                # A server that is busy is asked again for as long as its serve lives.
            polls += 1
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        pages = served.api.removesuffix("/api")
        print_stderr(
            Text(
                f"不再等待；serve 中的运行仍在继续，见 {pages}/runs",
                f"no longer waiting; the run goes on in serve, see {pages}/runs",
            ).render()
        )
        raise
