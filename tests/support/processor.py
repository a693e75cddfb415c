"""Processor time in units that are the same on every machine.

Rules: a second here is one of a machine on which the piece of work below takes `WORK_SECONDS`; the
work is done in the same process, beside what is measured. The clock on the wall is never asked.
"""

from __future__ import annotations

import hashlib
import json
import resource
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

WORK_SECONDS = 0.01
_TIMES = 5
_ROWS = [{"unit": f"6403{number:05d}", "number": number, "open": True} for number in range(400)]


def spent() -> float:
    """The processor seconds of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _work() -> None:
    """Some of what tests do most: dictionaries, sorting, JSON, digests."""
    for _ in range(7):
        rows = sorted(_ROWS, key=lambda row: str(row["number"]))
        for row in rows:
            hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()


def scale() -> float:
    """How many seconds of the processor here are one: about 1 where `WORK_SECONDS` holds."""
    taken = []
    for _ in range(_TIMES):
        before = time.process_time()
        _work()
        taken.append(time.process_time() - before)
    return min(taken) / WORK_SECONDS


def measured(call: Callable[[], Result]) -> tuple[Result, float]:
    """What a call returns, and the seconds of the processor that it takes."""
    before = spent()
    result = call()
    return result, (spent() - before) / scale()
