"""The long runs: cycles on several machines, while each of them dies, and two cities at once.

`python -m tests.machines [--undisturbed]` runs the reference cycle, and prints, as Markdown, how
long each launch took and how it ended, where each machine was killed, and that the decisions are
those of the plain procedure. `--cities` fans two cities out and lets the watch move them on.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from schemas.vocabulary import STAGES
from tests.machines import fanning, plant
from tests.machines.driving import Driver, Steps, assert_same, client_of, head, moved, plainly
from tests.support import cycle

VICTIMS = ("worker", "server-1", "redis", "postgres", "services", None)
# After the last signatures the last stage counts them.
NAMES = [*(stage.value for stage in STAGES), STAGES[-1].value]
EVERYBODY: Steps = tuple(zip(NAMES, VICTIMS, strict=True))
NOBODY: Steps = tuple((name, None) for name in NAMES)


def said(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(folder: Path, steps: Steps, after: int) -> None:
    """One cycle on a plant of its own, and the same without one."""
    started = time.monotonic()
    with plant.running(folder) as machines:
        said(f"plant ready after {time.monotonic() - started:.0f} s")
        plain = cycle.whole_home(folder / "plain", planted=True)
        plainly(plain, steps)
        home = moved(cycle.whole_home(folder / "source", planted=True), machines)
        driver = Driver(machines, home)
        before = time.monotonic()
        with client_of(machines):
            asyncio.run(driver.cycle(steps, after))
        took = time.monotonic() - before
        said("\n| stage | ended | seconds | |\n|---|---|---:|---|")
        for stage, state, message, seconds in driver.launches:
            said(f"| {stage} | {state} | {seconds:.1f} | {message.split(';')[0]} |")
        said("\n| killed | entries of the run before | entries when it was back |\n|---|---:|---:|")
        for victim, (at, back) in driver.middles.items():
            said(f"| {victim} | {at} | {back} |")
        assert_same(home, plain)
        said(f"\n{head(home)} entries; the same decisions as without machines; {took:.0f} s in all")


def run_cities(folder: Path) -> None:
    """Two cities on a plant of its own, and the same without one."""
    plain = fanning.two_cities(folder / "plain")
    fanning.plainly(plain)
    with plant.running(folder) as machines:
        home = moved(fanning.two_cities(folder / "source"), machines)
        with client_of(machines):
            found = asyncio.run(fanning.followed(machines, home))
        runs = sum(found.launched.values())
        said(f"cities: {found.state}, {runs} runs, {found.seconds:.0f} s; {found.message}")
        said(f"by {', '.join(sorted(found.workers))}")
        said("\n| signed | runs that followed | seconds until settled |\n|---|---:|---:|")
        for stage, (number, seconds) in found.watched.items():
            said(f"| {stage} | {number} | {seconds:.0f} |")
        state = found.lost.state if found.lost else None
        said(f"\nlost with its worker: {state and (state.name, state.message)}")
        assert_same(home, plain)
        said(f"{head(home)} entries; the same decisions as without machines")


def main() -> None:
    """Run what was asked for."""
    with tempfile.TemporaryDirectory(prefix="termgate-plant-") as name:
        Path(name).chmod(0o755)
        if "--cities" in sys.argv[1:]:
            run_cities(Path(name))
        else:
            steps = NOBODY if "--undisturbed" in sys.argv[1:] else EVERYBODY
            run(Path(name), steps, after=40)


if __name__ == "__main__":
    main()
