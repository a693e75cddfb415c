"""`python -m tests.crash [ACTION ...]`: every action, every call, every fault; prints the figures.

Rules: the full run is separate from the tests, which try a part of it by the same functions.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.crash.actions import ACTIONS
from tests.crash.interrupt import BROKEN_DISK, FULL_DISK, KILL
from tests.crash.recovery import Stand

FAULTS = {"kill": KILL, "full-disk": FULL_DISK, "broken-disk": BROKEN_DISK}


def main() -> int:
    """Try everything; returns 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("actions", nargs="*", choices=[*ACTIONS, []], help="default: all")
    parser.add_argument("--fault", choices=FAULTS, action="append", help="default: all")
    given = parser.parse_args()
    failed = 0
    for name in given.actions or ACTIONS:
        action = ACTIONS[name]
        with tempfile.TemporaryDirectory() as folder:
            stand = Stand(action, Path(folder) / "stand")
            for fault in map(FAULTS.__getitem__, given.fault or FAULTS):
                started = time.perf_counter()
                endings: Counter[str] = Counter()
                for point in stand.points:
                    try:
                        ending = stand.interrupted(point, fault)
                    except AssertionError as error:
                        failed += 1
                        print(f"FAILED {error}", flush=True)  # noqa: T201
                        continue
                    done = ending.acknowledged is not None
                    endings["killed" if ending.killed else "done" if done else "told"] += 1
                took = time.perf_counter() - started
                print(f"{name:8} {fault:14} {len(stand.points):4} points {dict(endings)} "  # noqa: T201
                      f"{took:.0f} s", flush=True)  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
