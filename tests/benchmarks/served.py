"""What a served cycle takes: `python -m tests.benchmarks.served`.

Rules: the cycle is served by `termgate serve` in processes of its own; evidence comes in by the
function that intake uses; a decision counts once it stands in the ledger. Nothing is timed that the
officers do: between the stages they sign all at once, and the clock stands still.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from data.home import Home
from schemas.vocabulary import STAGES
from tests.generator import Row
from tests.support import cycle
from tests.support.patience import PATIENCE, until
from tests.support.served import ENDED, Served, serving
from tests.support.signing import sign_all

TOWN = "640302103"
# All gates of a cycle.
LONG = 3 * PATIENCE


def settle(served: Served) -> None:
    """Wait until nothing runs and nothing is due."""
    until(served.settled, "settled", patience=LONG)


def evidence() -> list[Row]:
    """Rows that the plan gates of a township read."""
    rows = cycle.small_rows()
    return [row for row in rows["duties"] if cycle.home_of(rows, "duties", row) == TOWN]


def change(home: Home, number: int) -> None:
    """Withdraw a row of evidence, or bring it back."""
    row = evidence()[:1]
    cycle.deliver(home, "duties", row, remove=number % 2 == 0)


def _decided(home: Home, before: int) -> bool:
    return len(cycle.entries(home, "decided")) > before


def submissions(served: Served, number: int) -> list[float]:
    """Seconds from each of `number` submissions to the decision on it."""
    taken = []
    for one in range(number):
        settle(served)
        before = len(cycle.entries(served.home, "decided"))
        change(served.home, one)
        started = time.perf_counter()
        until(partial(_decided, served.home, before), "decided", patience=LONG)
        taken.append(time.perf_counter() - started)
    return taken


def burst(served: Served, number: int, seconds: float = 60.0) -> dict[str, Any]:
    """`number` submissions within `seconds`: how they are decided, and by how many runs."""
    # By a clock they could fall in with the watch's, which then sees only one of two states.
    dice = random.Random(number)
    times = sorted(dice.uniform(0, seconds) for _ in range(number))
    settle(served)
    with served.api() as api:
        before = {run["id"] for run in api.runs()}
    started = time.perf_counter()
    for one, at in enumerate(times, start=1):
        time.sleep(max(0.0, started + at - time.perf_counter()))
        # The last of an even number withdraws, so that there is something to decide in the end.
        change(served.home, one)
    delivered = time.perf_counter() - started
    settle(served)
    took = time.perf_counter() - started
    with served.api() as api:
        runs = [run for run in api.runs() if run["id"] not in before]
    spans = sorted((run["start_time"], run["end_time"]) for run in runs)
    return {
        "submissions": number,
        "delivered": delivered,
        "settled": took,
        "runs": len(runs),
        "unended": sum(run["state_type"] not in ENDED for run in runs),
        "overlapping": sum(end > start for (_, end), (start, _) in pairwise(spans)),
    }


def gates(served: Served) -> dict[str, Any]:
    """All gates through served deployments: the seconds that each stage was at work."""
    stages: dict[str, float] = {}
    started = time.perf_counter()
    settle(served)
    stages["first"] = time.perf_counter() - started
    for stage in STAGES:
        sign_all(served.home, stage)
        started = time.perf_counter()
        settle(served)
        stages[stage.value] = time.perf_counter() - started
    outcomes = Counter(outcome for outcome, _ in cycle.decisions(served.home).values())
    return {"seconds": sum(stages.values()), "stages": stages, "outcomes": dict(outcomes)}


def main() -> int:
    """Measure what was asked for and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.served", description=__doc__)
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--burst", type=int, default=200)
    parser.add_argument("--gates", action="store_true", help="all gates of the reference cycle")
    given = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="termgate-served-") as folder:
        if given.gates:
            with serving(cycle.whole_home(Path(folder, "whole")), fresh=True) as served:
                found["gates"] = gates(served)
        if given.submissions or given.burst:
            with serving(cycle.small_home(Path(folder, "small")), fresh=True) as served:
                found["ready"] = served.seconds
                if given.submissions:
                    taken = submissions(served, given.submissions)
                    found["submission"] = {
                        "least": min(taken),
                        "median": statistics.median(taken),
                        "most": max(taken),
                        "each": taken,
                    }
                if given.burst:
                    found["burst"] = burst(served, given.burst)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
