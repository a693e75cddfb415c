"""Faults planted in the reference cycle: at least one for every check, and what mends each.

Rules: each fault stands in units of its own, never in the city's, so that no fault hides another;
it is a change of a few rows of one register, and so is its mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from tests.generator.base import Rows, Size
from tests.generator.cycle import generate
from tests.generator.faults.direct import direct_faults
from tests.generator.faults.fault import Clean, Draft, Fault, numbered, plant
from tests.generator.faults.inspection import inspection_faults
from tests.generator.faults.nomination import nomination_faults
from tests.generator.faults.plan import plan_faults
from tests.generator.faults.result import result_faults
from tests.generator.faults.slate import slate_faults
from tests.generator.faults.vetting import vetting_faults

__all__ = ["Clean", "Draft", "Fault", "faults", "plant", "planted"]

_STAGES = (
    plan_faults,
    nomination_faults,
    vetting_faults,
    inspection_faults,
    slate_faults,
    result_faults,
    direct_faults,
)


def faults(rows: Rows | None = None) -> tuple[Fault, ...]:
    """Every planted fault, those of voters last (`rows`: the clean cycle, if at hand)."""
    return _listed() if rows is None else _of(rows)


@cache
def _listed() -> tuple[Fault, ...]:
    return _of(generate(Size()))


def _of(rows: Rows) -> tuple[Fault, ...]:
    clean = Clean(rows)
    drafts: Sequence[Draft] = [draft for stage in _STAGES for draft in stage(clean)]
    return numbered(rows, drafts)


def planted(rows: Rows) -> Rows:
    """The cycle with every fault in it; `rows` stay as they are."""
    return plant(rows, faults(rows))
