"""The long run: the reference cycle on several machines, undisturbed and while each of them dies.

`python -m tests.machines [--undisturbed]` prints, as Markdown, how long each launch took and how it
ended, where each machine was killed, and that the decisions are those of the plain procedure.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from schemas.vocabulary import STAGES
from tests.machines import plant
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


def main() -> None:
    """Run what was asked for."""
    undisturbed = "--undisturbed" in sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="termgate-plant-") as name:
        Path(name).chmod(0o755)
        run(Path(name), NOBODY if undisturbed else EVERYBODY, after=40)


if __name__ == "__main__":
    main()
