"""Runs at the desk: a stage is launched through Prefect, and followed.

Rules: what Prefect's API answers opens nothing; how gates stand is read from the ledger. However
many watch a run, Prefect is asked about it once a second at most.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
from pydantic import BaseModel, ConfigDict, Field

from data.home import Home
from data.ledger import Ledger
from deployments.asking import ENDED, Api
from deployments.scopes import WHOLE, scope_of, scopes
from deployments.serving import record
from schemas.text import Refusal, Text
from schemas.vocabulary import WORKS, Work

ASKED_SECONDS = 1.0
# So many of the last runs are listed, and so many that are watched are remembered.
LISTED, REMEMBERED = 20, 200
NO_SERVE = Text(
    "没有为本次换届运行的 termgate serve，不能启动环节",
    "no `termgate serve` runs for this cycle, so that no stage can be launched",
)
CYCLE = "cycle"


class Launch(BaseModel):
    """A piece of work to be run for a place, a unit or the whole cycle, by code, id or name."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    work: Annotated[Work, Field(strict=False)]
    scope: Annotated[str, Field(min_length=1, max_length=64)]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of Prefect's: its flow, scope and state, when it was made, how far it says it is."""

    id: str
    flow: str
    scope: str
    state: str
    ended: bool
    message: str
    at: str
    href: str
    progress: str = ""

    @property
    def works(self) -> list[Work]:
        """The pieces of work that it runs."""
        return [one for one in WORKS if self.flow in (one.value, CYCLE)]

    @property
    def progress_line(self) -> str:
        """What is shown of it while it goes on, in one line whatever somebody called its state."""
        return " ".join(f"{self.state} {self.progress}".split())

    @property
    def percent(self) -> int | None:
        """How far it says it is, in hundredths."""
        return int(self.progress.split()[1]) if self.progress else None


@contextmanager
def _serve(home: Home) -> Iterator[Api]:
    """The API of the serve of a home.

    Raises:
        Refusal: no serve of this home runs, or it takes none.
    """
    try:
        served = record.read(home)
        if served is None:
            raise Refusal(NO_SERVE)
        with Api(served) as api:
            yield api
    except record.Unusable as unusable:
        raise Refusal(unusable.text) from None
    except httpx.HTTPError as error:
        kind = type(error).__name__
        raise Refusal(
            Text(f"serve 没有应答（{kind}）", f"serve gives no answer ({kind})")
        ) from None


def launched(home: Home, wanted: Launch) -> str:
    """Launch a run, and give its id.

    Raises:
        Refusal: no serve of this home runs, or it takes none, or nothing bears that name.
    """
    scope = scope_of(launchable(Ledger(home.ledger)), wanted.scope)
    with _serve(home) as api:
        return api.launch(wanted.work.value, scope, None)


def launchable(ledger: Ledger) -> dict[str, Text]:
    """What a run may be for, by its code or id, with its name."""
    return {WHOLE: Text("整个换届", "the whole cycle"), **scopes(ledger)}


def _run(api: Api, answer: dict[str, Any], flow: str, progress: str = "") -> Run:
    state = answer["state"] or {"type": "", "name": "", "message": ""}
    pages = str(api.base_url).rstrip("/").removesuffix("/api")
    return Run(
        answer["id"],
        flow,
        str(answer["parameters"].get("scope", "")),
        state["name"],
        state["type"] in ENDED,
        state["message"] or "",
        answer["created"] or "",
        f"{pages}/runs/flow-run/{answer['id']}",
        progress,
    )


def recent(home: Home) -> list[Run]:
    """The last runs of stages, the newest first.

    Raises:
        Refusal: no serve of this home runs, or it does not answer.
    """
    named = {"name": {"any_": [*(one.value for one in WORKS), CYCLE]}}
    whole = {"parent_task_run_id": {"is_null_": True}}
    with _serve(home) as api:
        flows = {
            one["id"]: one["name"] for one in api.ask("POST", "/flows/filter", {"flows": named})
        }
        wanted = {"flows": named, "flow_runs": whole, "sort": "START_TIME_DESC", "limit": LISTED}
        found = api.ask("POST", "/flow_runs/filter", wanted)
        return [_run(api, one, flows[one["flow_id"]]) for one in found if one["flow_id"] in flows]


class Runs:
    """The runs of a home that somebody watches; `clock` gives seconds."""

    def __init__(self, home: Home, clock: Callable[[], float]) -> None:
        self._home = home
        self._clock = clock
        self._asking = threading.Lock()
        self._known: dict[str, tuple[float, Run | None]] = {}

    def of(self, run: str) -> Run | None:
        """A run as it was within the last second; nothing where Prefect has none of this id.

        Raises:
            Refusal: no serve of this home runs, or it does not answer.
        """
        with self._asking:
            at, found = self._known.pop(run, (0.0, None))
            if not found or (not found.ended and self._clock() - at >= ASKED_SECONDS):
                at, found = self._clock(), self._ask(run)
            self._known[run] = at, found
            while len(self._known) > REMEMBERED:
                self._known.pop(next(iter(self._known)))
            return found

    def _ask(self, run: str) -> Run | None:
        with _serve(self._home) as api:
            try:
                answer = api.ask("GET", f"/flow_runs/{run}")
            except httpx.HTTPStatusError as error:
                if error.response.status_code == httpx.codes.NOT_FOUND:
                    return None
                raise
            flow = api.ask("GET", f"/flows/{answer['flow_id']}")["name"]
            return _run(api, answer, flow, api.progress(run))
