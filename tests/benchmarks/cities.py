"""One changed row on a ledger of several cities: `python -m tests.benchmarks.cities [CITIES ...]`.

Rules: each time another day stands in one document of a township, and the plan of that township is
decided in a copy of a process that has loaded everything and read nothing. A served run is a copy
of one that has also decided a unit at every stage, without recording it, when serve started: it
verifies and reads what came since (`--rehearsed`). Only the decision is timed: processor seconds,
least, median and most of all rounds.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from data.home import Home
from schemas.vocabulary import STAGES, Stage
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import open_snapshot
from tests.benchmarks.cycles import open_home
from tests.generator.base import REFERENCE_ON, Row, Size
from tests.generator.cycle import each_city, generate
from tests.support import cycle
from tests.support.stages import run_stage

UNIT = "640324204-congress"
COPIES = multiprocessing.get_context("fork")


def _document() -> Row:
    """The work plan of the township."""
    rows = generate()["documents"]
    return next(row for row in rows if row["unit"] == UNIT and row["kind"] == "work-plan")


def _deliver(home: Home, row: Row, days: int) -> float:
    other = REFERENCE_ON - timedelta(days=days)
    cycle.deliver(home, "documents", [{**row, "issued_on": other}])
    return 0.0


def _decide(home: Home, scope: str) -> float:
    before = time.process_time()
    decided = run_stage(home, Stage.PLAN, scope, REFERENCE_ON)
    if UNIT not in decided:
        raise ValueError(f"{UNIT} was not decided")
    return time.process_time() - before


def _rehearse(home: Home) -> None:
    snapshot = open_snapshot(home, "cycle", REFERENCE_ON)
    one = snapshot.within(set(snapshot.units[:1]))
    for stage in STAGES:
        decisions_of(one, stage)
    gc.freeze()


def measured(cities: int, rounds: int, *, rehearsed: bool = False) -> list[float]:
    """Processor seconds of each decision, on a ledger of so many cities."""
    row = _document()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        open_home(home, each_city(Size(cities=cities)))
        with COPIES.Pool(1, maxtasksperchild=1) as copies:
            copies.apply(_decide, (home, "cycle"))
        if rehearsed:
            _rehearse(home)
        with COPIES.Pool(1, maxtasksperchild=1) as copies:
            found = []
            for days in range(rounds):
                copies.apply(_deliver, (home, row, days))
                found.append(copies.apply(_decide, (home, UNIT)))
    return found


def main() -> None:
    """Measure, and print a line for each number of cities."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cities", description=__doc__)
    parser.add_argument("cities", nargs="*", type=int, default=[1, 20])
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--rehearsed", action="store_true", help="as serve's copies are")
    given = parser.parse_args()
    # A served run is a copy of what has loaded it.
    import tasks.handoff.validation  # noqa: F401

    gc.freeze()
    for cities in given.cities:
        each = measured(cities, given.rounds, rehearsed=given.rehearsed)
        told = min(each), statistics.median(each), max(each)
        print(f"{cities} cities:", *(f"{seconds:.2f}" for seconds in told))


if __name__ == "__main__":
    main()
