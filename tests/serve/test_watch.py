"""The watch without a server: what it tells and asks for, and what it does when others fail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound

from data.home import VARIABLE, Home
from deployments.serving import watching
from deployments.serving.memory import keep, remembered
from deployments.serving.warm import Helper
from deployments.serving.watching import Watch
from schemas.vocabulary import STAGES
from tests.support import cycle
from tests.support.places import edit
from tests.support.watch import head

DEPLOYMENTS = {stage.work.value: uuid4() for stage in STAGES}


class Prefect:
    """A server that takes events, and runs that nobody executes; `away` while nobody reaches it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.runs: list[FlowRun] = []
        self.away = False
        self.refused = False

    def _reached(self) -> None:
        if self.away:
            raise httpx.ConnectError("away")

    async def request(self, method: str, path: str, json: list[dict[str, Any]]) -> None:
        self._reached()
        assert (method, path) == ("POST", "/events")
        self.events += json

    async def read_flow_runs(self, **_: object) -> list[object]:
        self._reached()
        return []

    async def create_flow_run_from_deployment(
        self, deployment: UUID, *, idempotency_key: str, **given: Any
    ) -> FlowRun:
        self._reached()
        if self.refused:
            raise ObjectNotFound(httpx.HTTPError("no such deployment"))
        run = FlowRun(
            flow_id=uuid4(), deployment_id=deployment, idempotency_key=idempotency_key, **given
        )
        self.runs.append(run)
        return run

    async def read_flow_run(self, run: UUID) -> FlowRun:
        self._reached()
        return next(one for one in self.runs if one.id == run)

    def told(self) -> list[int]:
        """The numbers of the entries that were announced."""
        return [int(one["resource"]["termgate.seq"]) for one in self.events]

    def due(self) -> list[tuple[str, str]]:
        """Stage and scope of every run that was made."""
        names = {deployment: name for name, deployment in DEPLOYMENTS.items()}
        return [
            (names[one.deployment_id], one.parameters["scope"])
            for one in self.runs
            if one.deployment_id
        ]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    monkeypatch.setattr(watching, "PAUSE_SECONDS", 0.0)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return cycle.small_home(tmp_path)


@pytest.fixture
def prefect() -> Prefect:
    return Prefect()


@pytest.fixture
def pool() -> Iterator[Helper]:
    with Helper(partial(ThreadPoolExecutor, 1)) as made:
        yield made


def steps(home: Home, prefect: Prefect, pool: Helper, *away: bool) -> None:
    """A new watch takes a step for each of `away`: whether Prefect is away at it."""
    watch = Watch(home, pool, DEPLOYMENTS)

    async def stepping() -> None:
        for gone in away:
            prefect.away = gone
            await watch._step(prefect)  # type: ignore[arg-type]
            await asyncio.sleep(0)

    asyncio.run(stepping())


def test_what_is_due_is_asked_for_once(home: Home, prefect: Prefect, pool: Helper) -> None:
    steps(home, prefect, pool, False, False, False)
    assert prefect.due() == [("plan", "640300")]


def test_nothing_is_lost_while_the_server_is_away(
    home: Home, prefect: Prefect, pool: Helper
) -> None:
    keep(home.path / "watch.json", remembered(home.path / "none", _cycle(home), 0))
    steps(home, prefect, pool, True, True, False)
    assert prefect.told() == list(range(1, head(home) + 1))
    assert prefect.due() == [("plan", "640300")]


def test_what_was_told_is_told_by_no_other_serve(
    home: Home, prefect: Prefect, pool: Helper
) -> None:
    before = head(home)
    steps(home, prefect, pool, False)
    assert prefect.told() == []
    cycle.deliver(home, "duties", cycle.small_rows()["duties"][:1])
    steps(home, prefect, pool, False)
    steps(home, prefect, pool, False)
    assert prefect.told() == list(range(before + 1, head(home) + 1))


@pytest.mark.parametrize("why", ["not executed", "away", "deleted"])
def test_a_launch_that_does_not_happen_is_told_once(
    home: Home,
    prefect: Prefect,
    pool: Helper,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    why: str,
) -> None:
    prefect.refused = why == "deleted"
    steps(home, prefect, pool, *[why == "away"] * 3)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(watching, "LATE_SECONDS", -1.0)
    steps(home, prefect, pool, *[why == "away"] * 4)
    (said,) = capsys.readouterr().err.splitlines()
    assert ("not executed" if why == "not executed" else "not launched") in said


def test_of_a_broken_ledger_nothing_is_told_but_that(
    home: Home, prefect: Prefect, pool: Helper, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(home, "UPDATE entries SET hash = ? WHERE seq = 3", "0" * 64)
    steps(home, prefect, pool, False, False, False)
    assert prefect.events == []
    (said,) = capsys.readouterr().err.splitlines()
    assert "the ledger does not verify" in said


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "nonsense",
        '{"cycle": "another", "announced": 1, "quiet": 1, "day": ""}',
        '{"cycle": "CYCLE", "announced": 99, "quiet": 1, "day": ""}',
        '{"cycle": "CYCLE", "announced": 1, "quiet": 99, "day": ""}',
        '{"cycle": "CYCLE", "announced": "x", "quiet": 1, "day": ""}',
    ],
)
def test_a_memory_that_cannot_be_true_is_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "watch.json"
    file.write_text(content.replace("CYCLE", "c1"))
    found = remembered(file, "c1", 10)
    assert (found.quiet, found.announced, found.day) == (0, 10, "")


def _cycle(home: Home) -> str:
    from data.ledger import Ledger

    return Ledger(home.ledger).cycle()
