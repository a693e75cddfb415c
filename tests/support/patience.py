"""How long tests wait: so long that only what hangs is given up.

Rules: whatever a test waits for, it waits `PATIENCE` for it, and no longer than until it is there
(`patience` is given for what is long by itself); the clock on the wall decides nothing else.
`TERMGATE_TEST_PATIENCE` scales it for slow machines.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

PATIENCE = 600 * float(os.environ.get("TERMGATE_TEST_PATIENCE") or 1)  # seconds
# Between two looks.
PAUSE = 0.1


class OutOfPatience(AssertionError):
    """What was waited for does not come."""


def looks(what: str, pause: float = PAUSE, patience: float = PATIENCE) -> Iterator[None]:
    """Looks at something that is waited for, with a pause between two of them.

    Raises:
        OutOfPatience: it does not come.
    """
    end = time.monotonic() + patience
    while time.monotonic() < end:
        yield
        time.sleep(pause)
    raise OutOfPatience(f"{what}: not within {patience:.0f} s")


async def looks_beside(
    what: str, pause: float = PAUSE, patience: float = PATIENCE
) -> AsyncIterator[None]:
    """The same where others go on meanwhile.

    Raises:
        OutOfPatience: it does not come.
    """
    end = time.monotonic() + patience
    while time.monotonic() < end:
        yield
        await asyncio.sleep(pause)
    raise OutOfPatience(f"{what}: not within {patience:.0f} s")


def until(
    said: Callable[[], Any], what: str, pause: float = PAUSE, patience: float = PATIENCE
) -> Any:
    """What `said` says once it is true.

    Raises:
        OutOfPatience: it does not come.
    """
    return next(found for _ in looks(what, pause, patience) if (found := said()))
