"""Exit codes, and how an end is told: one line, never a traceback.

Rules: 0 everything asked for is open (or done), 3 something is blocked or waiting, 2 bad input or
usage, 1 a fault of ours.
"""

from __future__ import annotations

import sys

from data.engines import DiskFull, is_full
from schemas.text import Refusal

DONE = 0
FAULT = 1
BAD_INPUT = 2
CLOSED = 3


def tell(line: str) -> None:
    """One line to standard error."""
    print(" ".join(line.splitlines()), file=sys.stderr)  # noqa: T201


def line_of(error: Exception) -> str:
    """An error that is told and got over: what is refused in full, of others their kind alone."""
    if is_full(error):
        return str(DiskFull())
    return str(error) if isinstance(error, Refusal) else type(error).__name__
