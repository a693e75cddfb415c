"""What a finding asks for: which cells of which registers would settle it.

Rules: every finding that closes a gate asks for something; what no line of `schemas.asked_cells`
says is asked for in the check's own register: the missing row, or the columns that the check looks
at. A check is named without its stage, which may change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas import asked_cells
from schemas.asked_cells import ABOUT, CELLS

_ASK = re.compile(
    r"(?P<register>[a-z_]+|\*)(?:\[(?P<where>[a-z_]+)=(?P<value>[a-z-]*)\])?"
    r"(?:\.(?P<columns>[a-z_,]+)|(?P<sign>[+-])(?:(?P<most>[a-z]+)-(?P<have>[a-z]+))?)?"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """Cells of a register: `columns` (none: what the check looks at) of the rows concerned.

    `adds` and `withdraws` say that a row is to be added, or may have to go. `number` are the two
    arguments of the finding whose difference says how many rows are to be added.
    """

    register: str
    columns: tuple[str, ...] = ()
    where: tuple[str, str] | None = None
    adds: bool = False
    withdraws: bool = False
    number: tuple[str, str] | None = None


def _parsed(text: str) -> Iterator[Ask]:
    for part in text.split(";"):
        found = _ASK.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"{part} asks for nothing")
        columns = tuple((found["columns"] or "").split(",")) if found["columns"] else ()
        where = (found["where"], found["value"]) if found["where"] else None
        number = (found["most"], found["have"]) if found["most"] else None
        yield Ask(
            found["register"], columns, where, found["sign"] == "+", found["sign"] == "-", number
        )


def _reasons(text: str) -> dict[str, tuple[Ask, ...]]:
    lines = re.sub(r"([:;])\s*\n\s*", r"\1 ", text).splitlines()
    found: dict[str, tuple[Ask, ...]] = {}
    for line in filter(str.strip, lines):
        names, _, asked = line.partition(":")
        found |= dict.fromkeys(names.split(), tuple(_parsed(asked)))
    return found


ANYWHERE = {reason: tuple(_parsed(text)) for reason, text in asked_cells.ANYWHERE.items()}
ASKED = {name: _reasons(text) for name, text in CELLS.items()}


def asks_of(check: str, reason: str, first: str) -> tuple[Ask, ...]:
    """What a check's reason asks for; `first` is the register that the check reads first."""
    name = check.partition(".")[2]
    known = ASKED.get(name, {}).get(reason) or ANYWHERE.get(reason)
    if known:
        return known
    if reason == "no-session" and first != "sessions":
        return (Ask("sessions"),)
    return (Ask(ABOUT.get(name, first)),)
