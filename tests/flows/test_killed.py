"""`kill -9` in the middle of a cycle run, then a run again: the same decisions, none repeated.

A run launches the stages one after the other, and officers sign in between what waits for them. The
runs are killed when the ledger has reached a chosen entry, wherever the run is by then. They
are forked from a process that has loaded everything already, so that each costs what it does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from data.home import VARIABLE, Home
from data.ledger import Ledger
from data.verify import verify
from schemas.vocabulary import STAGES
from tasks.gate.snapshot import open_snapshot
from tests.support import cycle
from tests.support.marks import long_but
from tests.support.patience import until
from tests.support.record import acted, decided
from tests.support.signing import Signers, sign_all, signers_of

pytestmark = pytest.mark.server

POINTS = 12
# Of these the one that is tried each time.
EVERY_TIME = 7


def _run(path: str, server: dict[str, str], signing: Signers) -> None:
    """A cycle run with its signatures, in a process of its own."""
    os.environ |= {**server, VARIABLE: path}
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.cycle import STAGE_FLOWS

    async def running() -> None:
        # On entry to the next stage what was signed is counted.
        for stage in STAGES:
            await STAGE_FLOWS[stage.work.value]("cycle", cycle.ON, return_state=True)
            sign_all(Home(Path(path)), stage, signing=signing)
        await STAGE_FLOWS["election"]("cycle", cycle.ON, return_state=True)

    with temporary_settings({PREFECT_API_URL: server["PREFECT_API_URL"]}):
        asyncio.run(running())


def _head(home: Home) -> int:
    return int(Ledger(home.ledger).query("SELECT seq FROM head")[0][0])


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["flows.cycle", "tests.support.cycle", "tasks.handoff.validation"]
    )
    return context


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return cycle.small_home(tmp_path_factory.mktemp("undisturbed"), planted=True, run=True)


@pytest.fixture(scope="module")
def signing(undisturbed: Home) -> Signers:
    given = open_snapshot(undisturbed, "cycle", cycle.ON)
    return signers_of(undisturbed, given.pack, given.history)


@pytest.mark.parametrize("point", long_but([EVERY_TIME], range(POINTS)))
def test_killed_and_run_again(
    point: int,
    server: str,
    forks: ForkServerContext,
    undisturbed: Home,
    signing: Signers,
    tmp_path: Path,
) -> None:
    home = cycle.small_home(tmp_path, planted=True)
    start, end = _head(home), _head(undisturbed)
    wanted = start + 1 + point * (end - start - 2) // (POINTS - 1)
    settings = {"PREFECT_API_URL": server, "PREFECT_HOME": os.environ["PREFECT_HOME"]}
    child = forks.Process(target=_run, args=(str(home.path), settings, signing))
    child.start()
    until(lambda: _head(home) >= wanted or not child.is_alive(), "the entry", pause=0.002)
    child.kill()
    child.join()
    assert child.exitcode == -9, "it was killed, and had not ended by itself"
    assert wanted <= _head(home) < end, "it was killed in the middle"
    assert verify(home) == (_head(home), None)

    cycle.run_all(home)

    assert cycle.said(home) == cycle.said(undisturbed)
    assert cycle.handed_on(home) == cycle.handed_on(undisturbed)
    assert decided(home) == decided(undisturbed)
    assert acted(home) == acted(undisturbed)
    assert verify(home)[1] is None
