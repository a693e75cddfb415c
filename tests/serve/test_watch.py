"""The watch without a server: what it tells and asks for, and what it does when others fail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import httpx
import pytest

from data.home import VARIABLE, Home
from deployments.serving import watching
from deployments.serving.memory import Memory, keep, remembered
from deployments.serving.watching import Watch
from schemas.vocabulary import STAGES
from tests.support import cycle
from tests.support.places import edit
from tests.support.watch import head


class Prefect:
    """A server that takes events and has no runs; `away` while nobody reaches it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.away = False

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

    def told(self) -> list[int]:
        """The numbers of the entries that were announced."""
        return [
            int(one["resource"]["termgate.seq"])
            for one in self.events
            if one["event"] != "termgate.due"
        ]

    def due(self) -> list[tuple[str, str]]:
        """Stage and scope of every run that was asked for."""
        return [
            (one["resource"]["termgate.stage"], one["resource"]["termgate.scope"])
            for one in self.events
            if one["event"] == "termgate.due"
        ]


class Shown:
    """Pages that count how often they were brought up to date; `away` while that fails."""

    every: ClassVar[list[Shown]] = []
    away: ClassVar[bool] = False

    def __init__(self, _: Home) -> None:
        self.refreshed = 0
        Shown.every.append(self)

    async def refresh(self) -> int:
        if Shown.away:
            raise httpx.ConnectError("away")
        self.refreshed += 1
        return 0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    monkeypatch.setattr(Shown, "every", [])
    monkeypatch.setattr(watching, "Pages", Shown)
    monkeypatch.setattr(watching, "PAUSE_SECONDS", 0.0)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return cycle.small_home(tmp_path)


@pytest.fixture
def prefect() -> Prefect:
    return Prefect()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def steps(home: Home, prefect: Prefect, pool: ThreadPoolExecutor, *away: bool) -> None:
    """A new watch takes a step for each of `away`: whether Prefect is away at it."""
    deployments = {stage.value: uuid4() for stage in STAGES}
    watch = Watch(home, pool, deployments)  # type: ignore[arg-type]

    async def stepping() -> None:
        for gone in away:
            prefect.away = gone
            await watch._step(prefect)  # type: ignore[arg-type]
            await asyncio.sleep(0)

    asyncio.run(stepping())


def test_what_is_due_is_asked_for_once(
    home: Home, prefect: Prefect, pool: ThreadPoolExecutor
) -> None:
    steps(home, prefect, pool, False, False, False)
    assert prefect.due() == [("plan", "640300")]


def test_nothing_is_lost_while_the_server_is_away(
    home: Home, prefect: Prefect, pool: ThreadPoolExecutor
) -> None:
    keep(home.path / "watch.json", remembered(home.path / "none", _cycle(home), 0))
    steps(home, prefect, pool, True, True, False)
    assert prefect.told() == list(range(1, head(home) + 1))
    assert prefect.due() == [("plan", "640300")]


def test_what_was_told_is_told_by_no_other_serve(
    home: Home, prefect: Prefect, pool: ThreadPoolExecutor
) -> None:
    before = head(home)
    steps(home, prefect, pool, False)
    assert prefect.told() == []
    cycle.deliver(home, "duties", cycle.small_rows()["duties"][:1])
    steps(home, prefect, pool, False)
    steps(home, prefect, pool, False)
    assert prefect.told() == list(range(before + 1, head(home) + 1))


def test_of_a_broken_ledger_nothing_is_told_but_that(
    home: Home, prefect: Prefect, pool: ThreadPoolExecutor, capsys: pytest.CaptureFixture[str]
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


def test_pages_are_brought_up_to_date_beside_the_watch_and_in_no_run(
    home: Home, prefect: Prefect, pool: ThreadPoolExecutor
) -> None:
    keep(home.path / "watch.json", Memory(_cycle(home), quiet=head(home), day=str(cycle.ON)))
    steps(home, prefect, pool, False, False, False)
    assert prefect.due() == []
    assert [one.refreshed for one in Shown.every] == [3]
    cycle.deliver(home, "duties", cycle.small_rows()["duties"][:1])
    steps(home, prefect, pool, False, False)
    assert prefect.due()
    assert Shown.every[-1].refreshed == 0


def test_pages_that_could_not_be_shown_are_made_from_the_start(
    home: Home, prefect: Prefect, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(home.path / "watch.json", Memory(_cycle(home), quiet=head(home), day=str(cycle.ON)))
    monkeypatch.setattr(Shown, "away", True)
    steps(home, prefect, pool, False, False)
    assert [one.refreshed for one in Shown.every] == [0, 0]
