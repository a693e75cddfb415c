"""`kill -9` in the middle of a cycle run, then a run again: the same decisions, none repeated.

The runs are killed when the ledger has reached a chosen entry, wherever the run is by then. They
are forked from a process that has loaded everything already, so that each costs what it does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections import Counter
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from data.home import VARIABLE, Home
from data.ledger import Ledger
from data.verify import verify
from tests.support import cycle

pytestmark = [pytest.mark.server, pytest.mark.slow]

POINTS = 12
RUN_SECONDS = 120


def _run(home: str, server: dict[str, str]) -> None:
    """A cycle run, in a process of its own."""
    os.environ |= {**server, VARIABLE: home}
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.cycle import cycle as whole

    async def running() -> None:
        await whole("cycle", cycle.ON, return_state=True)

    with temporary_settings({PREFECT_API_URL: server["PREFECT_API_URL"]}):
        asyncio.run(running())


def _head(home: Home) -> int:
    return int(Ledger(home.ledger).query("SELECT seq FROM head")[0][0])


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.cycle", "tests.support.cycle"])
    return context


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = cycle.small_home(tmp_path_factory.mktemp("undisturbed"), planted=True)
    cycle.run_all(home)
    return home


@pytest.mark.parametrize("point", range(POINTS))
def test_killed_and_run_again(
    point: int, server: str, forks: ForkServerContext, undisturbed: Home, tmp_path: Path
) -> None:
    home = cycle.small_home(tmp_path, planted=True)
    start, end = _head(home), _head(undisturbed)
    wanted = start + 1 + point * (end - start - 2) // (POINTS - 1)
    settings = {"PREFECT_API_URL": server, "PREFECT_HOME": os.environ["PREFECT_HOME"]}
    child = forks.Process(target=_run, args=(str(home.path), settings))
    child.start()
    deadline = time.monotonic() + RUN_SECONDS
    while _head(home) < wanted and child.is_alive() and time.monotonic() < deadline:
        time.sleep(0.002)
    child.kill()
    child.join()
    assert child.exitcode == -9, "it was killed, and had not ended by itself"
    assert wanted <= _head(home) < end, "it was killed in the middle"
    assert verify(home) == (_head(home), None)

    cycle.run_all(home)

    assert cycle.decisions(home) == cycle.decisions(undisturbed)
    assert cycle.handed_on(home) == cycle.handed_on(undisturbed)
    assert _decided(home) == _decided(undisturbed)
    assert verify(home)[1] is None


def _decided(home: Home) -> Counter[tuple[str, str, str]]:
    """How often each decision is on record."""
    return Counter(
        (entry["unit"], entry["stage"], entry["decision"])
        for entry in cycle.entries(home, "decided")
    )
