"""Two cities fanned out over several machines by `cities`, and then moved on by the watch.

Rules: the flow launches and the officers sign; nothing else is done, but that the watch is killed
twice and started again, and a worker once in the middle of a run, for good. What the ledger says is
compared with the plain procedure, city by city.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType

from data.engines import Address
from data.home import Home
from schemas.vocabulary import STAGES, Stage
from tests.machines.driving import AWAY, head, launch, seen, worker_of
from tests.machines.plant import Elsewhere, Machine, Plant
from tests.support import cycle
from tests.support.patience import PATIENCE, looks_beside
from tests.support.served import quiet
from tests.support.signing import enrol, sign_all

# Two cities through all of their stages.
LONG = 2 * PATIENCE
# Prefect's engine sends a sign of life when a run starts; so long it may be under way.
SIGN_SECONDS = 1.0
# The stages during which something dies.
WATCH_AWAY, WORKER_LOST = STAGES[1], STAGES[2]


@dataclass
class Fanned:
    """What was seen of it: the flow's run, the machines that ran for it, and what the watch did."""

    state: str = ""
    message: str = ""
    seconds: float = 0.0
    # City and stage → how often the flow launched it.
    launched: Counter[tuple[str, str]] = field(default_factory=Counter)
    workers: set[str] = field(default_factory=set)
    # Stage whose gates were signed → runs that followed, seconds until all was settled.
    watched: dict[str, tuple[int, float]] = field(default_factory=dict)
    # How the run stands in the end whose worker was lost.
    lost: FlowRun | None = None


def two_cities(path: Path) -> Home:
    """An opened cycle of two small cities, its officers enrolled."""
    home = cycle.open_home(path, cycle.rows_of_cities())
    enrol(home)
    return home


def plainly(home: Home) -> None:
    """The same without Prefect: every stage of every city, then what their signatures open."""
    for city in cycle.CITIES:
        for stage in STAGES:
            cycle.launch(home, stage, city)
    for stage in STAGES:
        sign_all(home, stage)
        for city in cycle.CITIES:
            for later in STAGES:
                cycle.launch(home, later, city)


async def runs() -> list[FlowRun]:
    """All runs that were launched, but for those that a schedule has for the days to come."""
    async with get_client() as client:
        found = await client.read_flow_runs(flow_run_filter=FlowRunFilter(), limit=200)
    return [
        one for one in found if not (one.auto_scheduled and one.state_type is StateType.SCHEDULED)
    ]


def stage_of(run: FlowRun) -> str:
    """The stage of a run, by its tag."""
    return next(tag.removeprefix("stage:") for tag in run.tags if tag.startswith("stage:"))


async def fan_out(plant: Plant, fanned: Fanned) -> None:
    """Launch the flow for the whole cycle, and follow it to its end."""
    started = time.monotonic()
    whole = await launch("cities", scope="cycle", on=cycle.ON.isoformat())
    run: FlowRun | None = None
    async for _ in looks_beside("the end of cities", pause=1, patience=LONG):
        if run := await _ended(whole):
            break
        for one in await runs():
            if one.state_type is StateType.RUNNING and one.id != whole:
                machine = worker_of(plant, one)
                fanned.workers |= {machine.name} if machine else set()
    assert run is not None
    assert run.state is not None
    fanned.state, fanned.message = run.state.name or "", run.state.message or ""
    fanned.seconds = time.monotonic() - started
    fanned.launched = Counter(
        (str(one.parameters["scope"]), stage_of(one)) for one in await runs() if one.id != whole
    )


async def _ended(run: UUID) -> FlowRun | None:
    found = await seen(run)
    return found if found and found.state and found.state.is_final() else None


@contextmanager
def watching(plant: Plant) -> Iterator[Machine]:
    """`termgate serve` beside the plant's servers, on the day of the cycle."""
    command = plant.command("watch")
    env = plant.env("watch", TERMGATE_LANG="en")
    machine = Machine("watch", command, env, lambda: "ready: " in machine.said(), plant.folder)
    machine.start()
    try:
        yield machine
    finally:
        machine.stop()


@contextmanager
def held(plant: Plant) -> Iterator[None]:
    """Whoever writes to the ledger waits meanwhile, as behind a slow transaction."""
    with psycopg.connect(Address(plant.ledger("ledger_owner")).secret) as connection:
        connection.execute("LOCK TABLE head IN EXCLUSIVE MODE")
        yield


async def lost(plant: Plant, stage: Stage, watch: Machine) -> UUID:
    """Start the watch, and kill the worker of a run of a stage in the middle of it, for good.

    Raises:
        AssertionError: no such run is met.
    """
    with held(plant):
        await asyncio.to_thread(watch.start)
        async for _ in looks_beside(f"a run of {stage.value}", patience=LONG):
            for run in await runs():
                machine = worker_of(plant, run) if run.state_type is StateType.RUNNING else None
                if machine and stage_of(run) == stage.value:
                    await asyncio.sleep(SIGN_SECONDS)
                    machine.kill()
                    assert await _ended(run.id) is None, "it was through"
                    return run.id
    raise AssertionError(f"no run of {stage.value} was lost")


async def settled(home: Elsewhere) -> None:
    """Wait until nothing is due and nothing runs."""
    async for _ in looks_beside("nothing is due", pause=0.5, patience=LONG):
        with suppress(*AWAY):
            at = head(home)
            if (
                at
                and quiet(home, at)
                and all(one.state and one.state.is_final() for one in await runs())
            ):
                return


async def moved_on(plant: Plant, home: Elsewhere, fanned: Fanned) -> None:
    """Let the officers sign stage by stage, and the watch launch what that opens."""
    with watching(plant) as watch:
        await settled(home)
        for stage in STAGES:
            before, started = len(await runs()), time.monotonic()
            if stage in (WATCH_AWAY, WORKER_LOST):
                watch.kill()
            await asyncio.to_thread(sign_all, home, stage)
            if stage is WATCH_AWAY:
                await asyncio.to_thread(watch.start)
            run = await lost(plant, stage, watch) if stage is WORKER_LOST else None
            await settled(home)
            fanned.lost = await seen(run) if run else fanned.lost
            fanned.watched[stage.value] = (len(await runs()) - before, time.monotonic() - started)


async def followed(plant: Plant, home: Elsewhere) -> Fanned:
    """Fan out, then move on; what was seen of both."""
    found = Fanned()
    await fan_out(plant, found)
    await moved_on(plant, home, found)
    return found
