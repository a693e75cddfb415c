"""Exit codes, and how an end is reported: one line, never a traceback.

Rules: 0 everything asked for is open (or done), 3 something is blocked or waiting, 2 bad input or
usage, 1 a fault of ours.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from data.engines import DiskFull, is_full
from schemas.text import Refusal, Text

DONE = 0
FAULT = 1
BAD_INPUT = 2
CLOSED = 3


def print_stderr(line: str) -> None:
    """One line to standard error."""
    print(" ".join(line.splitlines()), file=sys.stderr)  # noqa: T201


def fault_of(error: Exception) -> Text:
    """A fault of ours: its kind and where it arose, for its message may quote people's data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__}, {Path(place.filename).name}:{place.lineno}"
    return Text(
        f"程序出错（{where}），没有任何关口因此通过；请联系系统维护人员",
        f"a fault of ours ({where}); no gate opened by it; please report it",
    )


def line_of(error: Exception) -> str:
    """An error that is named and got over: what is refused in full, of others their kind alone."""
    if is_full(error):
        return str(DiskFull())
    return str(error) if isinstance(error, Refusal) else type(error).__name__
