"""Exit codes, and how an end is told: one line, never a traceback.

Rules: 0 everything asked for is open (or done), 3 something is blocked or waiting, 2 bad input or
usage, 1 a fault of ours.
"""

from __future__ import annotations

import sys

DONE = 0
FAULT = 1
BAD_INPUT = 2
CLOSED = 3


def tell(line: str) -> None:
    """One line to standard error."""
    print(" ".join(line.splitlines()), file=sys.stderr)  # noqa: T201
