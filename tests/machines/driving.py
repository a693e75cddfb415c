"""Running a cycle on a plant as coordinators and officers do, while machines die.

Rules: what is driven goes through the balancer, as every client does. A run that was lost with its
machine, or that ended for want of one, is launched again; nothing else is done for it. The ledger
is compared with that of the plain procedure, which has neither Prefect nor several machines.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import httpx
import psutil
import psycopg
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from data.engines import TABLES, Address, LedgerAway
from data.home import Home
from data.ledger import Ledger
from data.verify import verify
from schemas.vocabulary import Stage
from tests.machines.plant import PASSWORDS, Elsewhere, Machine, Plant
from tests.support import cycle
from tests.support.patience import OutOfPatience, looks_beside
from tests.support.record import acted, decided
from tests.support.signing import sign_all

TRIES = 5
DOWN_SECONDS = 2.0
# What a stage run says of its units once it has evaluated them.
EVALUATED = re.compile(r"^\d+ of \d+ units ")
# A stage, and the machine that is killed in the middle of it.
Steps = Sequence[tuple[str, str | None]]
# What a client meets while a machine is away.
AWAY = (httpx.HTTPError, PrefectHTTPStatusError, OSError)


def moved(source: Home, plant: Plant) -> Elsewhere:
    """A home and its ledger, put where the plant's workers find them."""
    target = plant.home()
    unwanted = shutil.ignore_patterns("ledger.sqlite*", "prefect")
    shutil.copytree(source.path, target.path, ignore=unwanted, dirs_exist_ok=True)
    owner = Address(plant.ledger("ledger_owner"))
    with psycopg.connect(owner.secret) as connection:
        for table in TABLES:
            rows = Ledger(source.ledger).query(f"SELECT * FROM {table}")  # noqa: S608
            for row in rows:
                values = ", ".join(["%s"] * len(row))
                statement = f"INSERT INTO {table} VALUES ({values})"  # noqa: S608
                connection.execute(statement.encode(), row)
    return target


@contextmanager
def client_of(plant: Plant) -> Iterator[None]:
    """Prefect's client in this process speaks to the plant."""
    login = PASSWORDS["TERMGATE_LOGIN"]
    given = {PREFECT_API_URL: plant.api, PREFECT_API_AUTH_STRING: login}
    # Prefect reads its environment once, at import; child processes read it again.
    here = {"PREFECT_API_URL": plant.api, "PREFECT_API_AUTH_STRING": login}
    with patch.dict(os.environ, here), temporary_settings(given):
        yield


def head(home: Home) -> int:
    """The last entry; 0 while the database is away."""
    try:
        return int(Ledger(home.ledger).query("SELECT seq FROM head")[0][0])
    except LedgerAway:
        return 0


async def launch(name: str, **parameters: Any) -> UUID:
    """Launch a deployment, once."""
    key = str(uuid4())
    while True:
        try:
            async with get_client() as client:
                found = await client.read_deployment_by_name(f"{name}/{name}")
                made = await client.create_flow_run_from_deployment(
                    found.id, parameters=parameters, idempotency_key=key
                )
                return made.id
        except AWAY:
            await asyncio.sleep(0.5)


async def seen(run: UUID) -> FlowRun | None:
    """How a run stands, if anybody answers."""
    try:
        async with get_client() as client:
            return await client.read_flow_run(run)
    except AWAY:
        return None


async def ended(run: UUID) -> FlowRun | None:
    """The run after its end, or None if that does not come."""
    try:
        async for _ in looks_beside(f"the end of {run}", pause=0.25):
            found = await seen(run)
            if found and found.state and found.state.is_final():
                return found
    except OutOfPatience:
        return None
    return None


def worker_of(plant: Plant, run: FlowRun) -> Machine | None:
    """The worker that has the run's process."""
    number = int((run.infrastructure_pid or ":0").rpartition(":")[2])
    for name, machine in plant.machines.items():
        with suppress(psutil.NoSuchProcess):
            if name.startswith("worker") and number in machine.processes():
                return machine
    return None


@dataclass
class Driver:
    """Launches stages, kills machines in the middle of them, and keeps what happened."""

    plant: Plant
    home: Elsewhere
    launches: list[tuple[str, str, str, float]] = field(default_factory=list)
    middles: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def stage(self, name: str, victim: str | None = None, after: int = 3) -> None:
        """Run a stage until it has evaluated; `victim` is killed `after` entries of it.

        Raises:
            AssertionError: it does not, however often it is launched.
        """
        for _ in range(TRIES):
            started, before = time.monotonic(), head(self.home)
            run = await launch(name, scope="cycle", on=cycle.ON.isoformat())
            lost = False
            if victim:
                lost = await self._killed_in_the_middle(run, victim, before, after)
                victim = None
            found = None if lost else await ended(run)
            state = found.state if found else None
            told = (state.name or "", state.message or "") if state else ("lost", "")
            self.launches.append((name, *told, time.monotonic() - started))
            if EVALUATED.search(told[1]):
                return
        raise AssertionError(f"{name}: {self.launches[-TRIES:]}")

    async def cycle(self, steps: Steps, after: int = 3) -> None:
        """Every stage with its victim; between two of them the officers sign what waits.

        Raises:
            AssertionError: a stage does not come to its end.
        """
        for name, victim in steps[:-1]:
            await self.stage(name, victim, after)
            await asyncio.to_thread(sign_all, self.home, Stage(name))
        await self.stage(*steps[-1], after)

    async def _killed_in_the_middle(self, run: UUID, victim: str, before: int, after: int) -> bool:
        """Kill a machine once the ledger has so many entries more; whether the run is lost too."""
        at = 0
        async for _ in looks_beside(f"{victim}: what the run decides", pause=0.005):
            if (at := head(self.home) - before) >= after:
                break
        machine = await self._machine(run, victim)
        machine.kill()
        await asyncio.sleep(DOWN_SECONDS)
        await asyncio.to_thread(machine.start)
        self.middles[victim] = (at, head(self.home) - before)
        return victim == "worker"

    async def _machine(self, run: UUID, victim: str) -> Machine:
        if victim != "worker":
            return self.plant.machines[victim]
        found = await seen(run)
        assert found is not None
        assert found.infrastructure_pid is not None
        worker = worker_of(self.plant, found)
        assert worker is not None, f"no worker has the run's process {found.infrastructure_pid}"
        return worker


def plainly(home: Home, steps: Steps) -> None:
    """The same without Prefect."""
    for name, _ in steps[:-1]:
        cycle.launch(home, name)
        sign_all(home, Stage(name))
    cycle.launch(home, steps[-1][0])


def assert_same(home: Home, plain: Home) -> None:
    """The same decisions and hand-offs on the same evidence, none of them twice, none lost."""
    assert cycle.said(home) == cycle.said(plain)
    assert cycle.handed_on(home) == cycle.handed_on(plain)
    assert decided(home) == decided(plain)
    assert acted(home) == acted(plain)
    assert verify(home)[1] is None
