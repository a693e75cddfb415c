"""Rows that people leave under their lists: totals, and notes of who filled them in."""

from __future__ import annotations

import re

from tasks.intake.cells import Cell

_TOTAL = re.compile(
    r"\s*(?:[合总小共]\s*计|(?:grand |sub-?)?total|sum)\s*[:：]?\s*",
    re.IGNORECASE,
)

_FOOTNOTE = re.compile(
    r"\s*(?:填[表报]|制表|审核|审批|校对|经办|负责|联系|单位负责|电话|盖章|签[字名章]|注|备注|说明|附注)"
    r"[^：:]{0,8}[：:].*",
    re.DOTALL,
)


def is_total(cell: Cell) -> bool:
    """Whether the first cell of a row says that the row is a total."""
    return isinstance(cell, str) and bool(_TOTAL.fullmatch(cell))


def is_footnote(cell: Cell) -> bool:
    """Whether a cell holds such a note."""
    return isinstance(cell, str) and bool(_FOOTNOTE.fullmatch(cell))
