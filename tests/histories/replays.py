"""Replay: every decision of a history, worked out again on what stood before its entry."""

from __future__ import annotations

from datetime import date

from data.history import History
from schemas.decisions import unpacked
from schemas.entries import Decided
from schemas.rules.catalogue import CRASHED
from schemas.vocabulary import Stage
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot, snapshot_at
from tests.histories.once import once
from tests.histories.world import World
from tests.support.cycle import forget


def replayed(world: World) -> int:
    """Hold every decision of this history against its replay; returns how many there were."""
    forget()
    history = History(world.ledger.cycle())
    count = 0
    seen: dict[tuple[int, date], Snapshot] = {}
    for entry in world.ledger.entries():
        if entry.seq > world.first and isinstance(entry, Decided) and not _crashed(entry):
            on = date.fromisoformat(entry.on)
            asked = (len(history.deliveries), on)
            with once():
                if asked not in seen:
                    seen = {asked: snapshot_at(world.home, world.ledger, history, "cycle", on)}
                snapshot = seen[asked].within({entry.unit})
                (again,) = decisions_of(snapshot, Stage(entry.stage))
            assert again.key == entry.decision, f"entry {entry.seq} replays differently"
            count += 1
        history.take(entry)
    return count


def _crashed(entry: Decided) -> bool:
    return any(one.reason == CRASHED for one in unpacked(entry.findings))
