"""Which gates stand closed, with the decisions that closed them, read from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from data.acts import Gate
from data.ledger import Ledger, LedgerBroken, checked_entry
from data.status import UnitStatus
from schemas.entries import Decided
from schemas.reports import Closed
from schemas.vocabulary import AHEAD_INCOMPLETE, NOT_REACHED, Outcome, Stage


def closed_entries(ledger: Ledger) -> dict[Gate, Decided]:
    """Gate → the decision that keeps it closed; `statuses` holds each against its entry."""
    rows = ledger.query(
        "SELECT g.unit, g.stage, e.seq, e.hash, e.body "
        "FROM gates g JOIN entries e ON e.seq = g.seq WHERE g.outcome <> ?",
        Outcome.OPEN.value,
    )
    found: dict[Gate, Decided] = {}
    for unit, stage, seq, name, body in rows:
        entry = checked_entry(int(seq), name, bytes(body))
        if not isinstance(entry, Decided):
            raise LedgerBroken(entry.seq, "state")
        found[unit, stage] = entry
    return found


def forecast_gates(units: Iterable[UnitStatus], stage: Stage) -> list[Closed]:
    """The units that have not reached `stage` and lack something there, with what it is."""
    return [
        Closed(one.unit, one.name, one.body, stage, AHEAD_INCOMPLETE, ahead.findings)
        for one in units
        if (ahead := one.forecasts.get(stage.value)) and not ahead.complete
    ]


def closed_gates(
    units: Iterable[UnitStatus], stage: Stage, entries: Mapping[Gate, Decided]
) -> list[Closed]:
    """The units that stand closed at `stage`, with their decisions, which `entries` has."""
    found = []
    for one in units:
        entry = entries.get((one.unit, stage.value))
        if entry and one.stages[stage.value] not in (Outcome.OPEN, NOT_REACHED):
            found.append(Closed(one.unit, one.name, one.body, stage, entry.outcome, entry.findings))
    return found
