"""What is announced of the ledger: one Prefect event for each entry, and one for what is due.

Rules: the ledger is the outbox; an entry's event has an id that follows from the cycle and the
entry's number, so that telling it twice is telling it once. Labels are ids, codes and counts, never
people's data: what is not listed here is not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect.events import Event, Resource

from data.ledger import Entry
from tasks.due import Launch

DUE = "termgate.due"
# Of an entry, what may be told besides its kind and number.
TOLD = (
    "unit", "stage", "outcome", "register", "mode", "accepted", "rejected", "check", "refusal",
    "deadline", "due",
)  # fmt: skip


def event_id(cycle: str, seq: int) -> UUID:
    """The id of an entry's event; `cycle` is the hash of the first entry."""
    return uuid5(NAMESPACE_URL, f"termgate:{cycle}:{seq}")


def _labels(entry: Entry) -> dict[str, str]:
    told = {name: entry[name] for name in TOLD if isinstance(entry.get(name), str | int)}
    if entry.get("reopened"):
        told["reopened"] = ",".join(entry["reopened"]["causes"])
    return {f"termgate.{name}": str(value) for name, value in told.items()}


def _subject(cycle: str, entry: Entry) -> str:
    if isinstance(entry.get("unit"), str) and entry["unit"]:
        stage = entry.get("stage")
        return f"termgate.unit.{entry['unit']}" + (f".{stage}" if stage else "")
    if isinstance(entry.get("register"), str):
        return f"termgate.register.{entry['register']}"
    return f"termgate.cycle.{cycle[:12]}"


def events_of(cycle: str, entries: Iterable[Entry]) -> list[Event]:
    """The events that announce `entries`, in their order."""
    return [
        Event.model_validate(
            {
                "id": event_id(cycle, entry["seq"]),
                "event": f"termgate.{entry['kind']}",
                "occurred": entry["at"],
                "resource": {
                    "prefect.resource.id": _subject(cycle, entry),
                    "termgate.seq": str(entry["seq"]),
                    **_labels(entry),
                },
            }
        )
        for entry in entries
    ]


def due_event(cycle: str, launch: Launch, head: int) -> Event:
    """The event by which a stage is launched; `head` is the last entry that was looked at."""
    labels: dict[str, Any] = {
        "prefect.resource.id": f"termgate.stage.{launch.stage.value}",
        "termgate.cycle": cycle[:12],
        "termgate.stage": launch.stage.value,
        "termgate.scope": launch.scope,
        "termgate.units": str(len(launch.units)),
        "termgate.causes": ",".join(launch.causes),
        "termgate.seq": str(head),
    }
    return Event(event=DUE, resource=Resource(labels))
