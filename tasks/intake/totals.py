"""Rows of a sheet that nobody delivers: headings once more, notes, totals, nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from schemas.text import Text
from tasks.intake import readings
from tasks.intake.cells import Cell, delivered_text, is_empty

_TOTAL = re.compile(
    r"\s*(?:[合总小共]\s*计|(?:grand |sub-?)?total|sum)\s*[:：]?\s*"
    r"(?:[0-9,]+\s*[人名个项条行]?\s*)?",
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


def none_of_ours(
    cells: Sequence[Cell], ours: Collection[int], headings: Sequence[Cell]
) -> Text | None:
    """Why a row below the headings belongs to nobody's delivery, or None; `ours` are positions."""
    held = [cell for cell in cells if not is_empty(cell)]
    if held == [cell for cell in headings if not is_empty(cell)]:
        return readings.REPEATED_HEADINGS
    if all(isinstance(cell, str) and _FOOTNOTE.fullmatch(cell) for cell in held):
        return readings.FOOTNOTE
    if all(is_empty(cells[index]) for index in ours if index < len(cells)):
        return readings.NOTHING_OF_OURS
    return None


def joined(cells: Sequence[Cell]) -> str:
    """What a row holds, as one text."""
    return " ".join(delivered_text(cell) for cell in cells if not is_empty(cell))
