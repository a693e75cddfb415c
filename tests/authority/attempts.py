"""What an attempt is, and whether it was told why the gate stays closed.

Rules: an attempt names the scene that it begins in, what is tried, and the code for which it fails;
it fails in one of a few ways, and each has to leave something behind that people can read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.vocabulary import Stage
from tests.authority.scene import SECRETARY, Case
from tests.support.cycle import ON

Tries = Callable[[Case], object]


class Shown(StrEnum):
    """How it is told that an attempt failed."""

    # The act is not taken, and the attempt is on record with its code.
    REFUSED = "refused"
    # The act is on record, and the decision names it with the code why it does not count.
    VOID = "void"
    # The decision has a finding with that reason.
    FINDING = "finding"
    # The ledger does not verify any more, and nothing is decided; the code is the fault.
    BROKEN = "broken"
    # The stage is not launched on that day.
    DAY = "day"
    # The policy pack is refused, and no cycle is opened.
    PACK = "pack"


@dataclass(frozen=True)
class Attempt:
    """An attempt to open a gate that must stay closed.

    `act` and `by` are how a refused one stands on record; `have` is how many a finding counted.
    """

    name: str
    scene: str
    code: str
    tries: Tries
    shown: Shown = Shown.REFUSED
    act: str = "sign"
    by: str = SECRETARY
    stage: Stage = Stage.PLAN
    on: date = ON
    have: int | None = None
