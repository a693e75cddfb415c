"""What is announced of the ledger: one Prefect event for each entry.

Rules: the ledger is the outbox; an entry's event has an id that follows from the cycle and the
entry's number, so that sending it twice is sending it once. Labels are ids, codes and counts, never
people's data: what its kind does not list as announced (`schemas.entries`) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect.events import Event

from schemas.entries import Entry


def event_id(cycle: str, seq: int) -> UUID:
    """The id of an entry's event; `cycle` is the hash of the first entry."""
    return uuid5(NAMESPACE_URL, f"termgate:{cycle}:{seq}")


def _subject(cycle: str, entry: Entry) -> str:
    if entry.of_unit:
        return f"termgate.unit.{entry.of_unit}" + (f".{entry.of_stage}" if entry.of_stage else "")
    if entry.of_register:
        return f"termgate.register.{entry.of_register}"
    return f"termgate.cycle.{cycle[:12]}"


def events_of(cycle: str, entries: Iterable[Entry]) -> list[Event]:
    """The events that announce `entries`, in their order."""
    return [
        Event.model_validate(
            {
                "id": event_id(cycle, entry.seq),
                "event": f"termgate.{entry.kind}",
                "occurred": entry.at,
                "resource": {
                    "prefect.resource.id": _subject(cycle, entry),
                    "termgate.seq": str(entry.seq),
                    **{f"termgate.{name}": value for name, value in entry.announcement.items()},
                },
            }
        )
        for entry in entries
    ]
