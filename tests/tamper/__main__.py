"""`python -m tests.tamper [RUN ...]`: the runs whole, with progress, and a table at the end.

Rules: one process, no network, nothing left behind; `--scale 0.01` runs a part, and what is
interrupted tells what it did. It exits 1 if anything was missed, so that a script can tell.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tamper.attack import ATTACKS, Pool
from tests.tamper.runs import (
    Outcome,
    agreement,
    attacked,
    every_byte,
    every_byte_of_a_home,
    honest,
)
from tests.tamper.stories import story

SEED = 20161231
ENTRIES = 200
INSTANCES = 200
HONEST = 10_000
MUTATIONS = 100_000
POOL = 40
SMALL, MIDDLE = (20, 45), (60, 90)
# In memory where there is such a place: most of the time would go into waiting for a disk.
MEMORY = Path("/dev/shm")  # noqa: S108
EVERY_SECONDS = 10


class Told:
    """Progress, on standard error, now and then; `outcome` is what was found so far."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self.outcome = Outcome()

    def __call__(self, name: str, outcome: Outcome) -> None:
        self.outcome = outcome
        if time.monotonic() - self._last > EVERY_SECONDS:
            self._last = time.monotonic()
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {name}: {outcome.total:,}\n")


def _bytes(scale: float, scratch: Path, told: Told) -> Outcome:
    one = story(scratch / "bytes", SEED, ENTRIES)
    return every_byte(one, scale, 8, SEED, told)


def _home(scale: float, scratch: Path, told: Told) -> Outcome:
    one = story(scratch / "home", SEED, ENTRIES)
    return every_byte_of_a_home(one, scale, 8, SEED, scratch, told)


def _attacks(scale: float, scratch: Path, told: Told) -> Outcome:
    pool = Pool(POOL, MIDDLE, SEED, scratch)
    return attacked(pool, tuple(ATTACKS), max(1, round(INSTANCES * scale)), SEED, told)


def _honest(scale: float, scratch: Path, told: Told) -> Outcome:
    return honest(max(1, round(HONEST * scale)), SMALL, SEED, scratch, told)


def _agreement(scale: float, scratch: Path, told: Told) -> Outcome:
    return agreement(max(1, round(MUTATIONS * scale)), SMALL, SEED, scratch, progress=told)


RUNS: dict[str, Callable[[float, Path, Told], Outcome]] = {
    "bytes": _bytes,
    "home": _home,
    "attacks": _attacks,
    "honest": _honest,
    "agreement": _agreement,
}


def _table(name: str, outcome: Outcome, seconds: float) -> str:
    rows = [
        f"\n{name}: {outcome.total:,} cases, {outcome.missed.total():,} missed, {seconds:.0f} s"
    ]
    rows += [
        f"  {case:84} {n:>10,} {outcome.missed[case]:>8,}" for case, n in outcome.cases.items()
    ]
    rows += [f"  class {case:78} {n:>10,}" for case, n in outcome.classes.most_common()]
    rows += [f"  MISSED {one}" for one in outcome.told]
    return "\n".join(rows) + "\n"


def main() -> int:
    """Run what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.tamper", description=__doc__)
    parser.add_argument("runs", nargs="*", choices=[*RUNS, []], help="default: all")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the counts")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    missed = 0
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    for name in given.runs or RUNS:
        started, told, stopped = time.monotonic(), Told(), ""
        with TemporaryDirectory(dir=place) as scratch:
            try:
                outcome = RUNS[name](given.scale, Path(scratch), told)
            except KeyboardInterrupt:
                outcome, stopped = told.outcome, ", stopped"
        sys.stdout.write(_table(name + stopped, outcome, time.monotonic() - started))
        sys.stdout.flush()
        missed += outcome.missed.total()
        if stopped:
            break
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
