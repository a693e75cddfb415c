"""`python -m tests.crash`: every action, every call, every fault; prints the figures.

Rules: the full run is separate from the tests, which try a part of it by the same functions.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.crash.actions import ACTIONS
from tests.crash.interrupt import BROKEN_DISK, FULL_DISK, KILL
from tests.crash.recovery import Stand


def main() -> int:
    """Try everything; returns 1 where something did not hold."""
    failed = 0
    for name, action in ACTIONS.items():
        with tempfile.TemporaryDirectory() as folder:
            stand = Stand(action, Path(folder) / "stand")
            for fault in (KILL, FULL_DISK, BROKEN_DISK):
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
