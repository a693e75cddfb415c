"""Several cities on several machines: a run of its own for each city and stage, then the watch.

Rules: first the flow `cities` is launched, and its runs are the workers'; then `termgate serve`
watches beside the servers, as the compose file has it, and nobody launches anything any more:
officers sign, and every stage of every city follows from that. In the end each gate says what it
says without Prefect.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun

from data.home import Home
from data.reference.base import Rows, Size
from data.reference.cycle import generate
from schemas.vocabulary import STAGES, Level
from tests.machines import plant
from tests.machines.driving import assert_same, client_of, ended, launch, moved
from tests.machines.plant import Elsewhere, Machine, Plant
from tests.support import cycle
from tests.support.served import PROGRAM
from tests.support.signing import enrol, sign_all

QUIET_SECONDS = 20
PATIENCE_SECONDS = 1800


def rows_of(cities: int) -> Rows:
    """Some cities, of each a county and two of its townships."""
    whole = generate(Size(cities=cities))
    below: dict[str, list[str]] = {}
    for row in whole["jurisdictions"]:
        below.setdefault(str(row["parent"] or ""), []).append(str(row["jurisdiction"]))
    tops = [
        str(row["jurisdiction"]) for row in whole["jurisdictions"] if row["level"] == Level.CITY
    ]
    counties = {top: below[top][0] for top in tops}
    places = [(top, county, *below[county][:2]) for top, county in counties.items()]
    return cycle.only(whole, [one for some in places for one in some])


def opened(path: Path, rows: Rows) -> Home:
    """A cycle of these rows, its officers enrolled."""
    home = cycle.open_home(path, rows)
    enrol(home)
    return home


def watch(machines: Plant) -> Machine:
    """`termgate serve` beside the servers, with the environment that is shipped for it."""
    command = (sys.executable, "-c", PROGRAM, "serve", "--on", str(cycle.ON))

    def ready() -> bool:
        return "ready: " in made.said()

    made = Machine(
        "watch", command, machines.env("watch", TERMGATE_LANG="en"), ready, machines.folder
    )
    return made


async def runs() -> list[FlowRun]:
    """Every run of the servers."""
    async with get_client() as client:
        return await client.read_flow_runs(limit=200)


async def _fanned_out() -> tuple[str, Counter[tuple[str, str]]]:
    """Launch `cities`; how it ended, and how many runs each city and stage had."""
    run = await launch("cities", scope="cycle", on=str(cycle.ON))
    end = await ended(run, PATIENCE_SECONDS)
    assert end is not None
    assert end.state is not None
    made = [one for one in await runs() if one.id != run]
    return str(end.state.name), Counter(
        (str(one.parameters["scope"]), one.name.split()[0]) for one in made
    )


async def _settled(home: Elsewhere) -> None:
    """Wait until nothing runs and nothing new came for a while."""
    until, last, since = time.monotonic() + PATIENCE_SECONDS, -1, time.monotonic()
    while time.monotonic() < until:
        at = len(cycle.stored(home))
        active = [one for one in await runs() if one.state and not one.state.is_final()]
        if at != last or [one for one in active if not one.auto_scheduled]:
            last, since = at, time.monotonic()
        elif time.monotonic() - since > QUIET_SECONDS:
            return
        await asyncio.sleep(1)
    raise AssertionError("the cities have not come to rest")


async def _signed_through(home: Elsewhere) -> None:
    """Officers sign one stage after the other; nobody launches anything."""
    await _settled(home)
    for stage in STAGES:
        await asyncio.to_thread(sign_all, home, stage)
        await _settled(home)


def fan_out(folder: Path, cities: int) -> list[str]:
    """Run it; lines of Markdown that say what was done.

    Raises:
        AssertionError: a city went another way than without Prefect.
    """
    rows = rows_of(cities)
    plain = opened(folder / "plain", rows)
    for stage in STAGES:
        cycle.launch(plain, stage)
        sign_all(plain, stage)
        cycle.launch(plain, stage)
    source = opened(folder / "source", rows)
    with plant.running(folder) as machines:
        home = moved(source, machines)
        with client_of(machines):
            before = time.monotonic()
            state, made = asyncio.run(_fanned_out())
            fanned = time.monotonic() - before
            assert set(made.values()) == {1}
            assert len(made) == cities * len(STAGES)
            watching = watch(machines)
            watching.start()
            try:
                before = time.monotonic()
                asyncio.run(_signed_through(home))
                watched = time.monotonic() - before
            finally:
                watching.stop()
            followed = len(asyncio.run(runs())) - len(made) - 1
        assert cycle.said(home) == cycle.said(plain)
        assert cycle.handed_on(home) == cycle.handed_on(plain)
        assert_same(home, plain)
        units = Counter(outcome for outcome, _ in cycle.decisions(home).values())
    return [
        f"{cities} cities, {len(rows['units'])} units, {plant.WORKERS} workers",
        f"`cities`: {len(made)} runs, one for each city and stage, ended {state}; {fanned:.0f} s",
        f"the watch: {followed} runs by themselves, {watched:.0f} s with {QUIET_SECONDS} s of "
        "quiet after each signing",
        f"gates: {dict(units)}; as without Prefect",
    ]
