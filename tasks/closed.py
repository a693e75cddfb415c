"""Which gates stand closed, with the decisions that closed them, read from the ledger."""

from __future__ import annotations

from data.ledger import Ledger
from data.status import UnitStatus, decision
from schemas.reports import Closed
from schemas.vocabulary import NOT_REACHED, Outcome, Stage


def closed_gates(ledger: Ledger, units: list[UnitStatus], stage: Stage) -> list[Closed]:
    """The units that stand closed at `stage`, with their decisions."""
    found = []
    for one in units:
        if one.stages[stage.value] in (Outcome.OPEN, NOT_REACHED):
            continue
        entry = decision(ledger, one.unit, stage.value)
        if entry:
            found.append(
                Closed(one.unit, one.name, one.body, stage, entry["outcome"], entry["findings"])
            )
    return found
