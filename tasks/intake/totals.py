"""Total rows: sums that people leave under their lists."""

from __future__ import annotations

import re

from tasks.intake.cells import Cell

_TOTAL = re.compile(
    r"\s*(?:[合总小共]\s*计|(?:grand |sub-?)?total|sum)\s*[:：]?\s*",
    re.IGNORECASE,
)


def is_total(cell: Cell) -> bool:
    """Whether the first cell of a row says that the row is a total."""
    return isinstance(cell, str) and bool(_TOTAL.fullmatch(cell))
