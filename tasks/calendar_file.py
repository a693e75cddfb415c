"""Deadlines as an iCalendar file (RFC 5545), for the calendars in which people look.

Rules: one all-day event for each open deadline, with ids, terms and names of places and nothing of
people; it takes no time of anybody's. A deadline keeps its UID, so that taking the file in again
moves an event and makes no second one. The same deadlines at the same entry give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from schemas.text import Text
from tasks.deadlines import Deadline
from tasks.places import Places

_TITLE = Text("换届期限", "Deadlines of the term change")
# The namespace of the UIDs; chosen once and never changed.
_EVENTS = UUID("5b0c9b7e-6a0e-4a5c-9b3b-0d5f8f3c2a11")


def calendar_bytes(
    deadlines: Iterable[Deadline],
    places: Places,
    cycle: str,
    at: datetime,
) -> bytes:
    """The calendar of some deadlines, in the reader's language.

    Args:
        deadlines: what is open.
        places: the jurisdictions of the cycle, for their names.
        cycle: the hash of the cycle's first entry.
        at: when the entry was written by which this is so.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Termgate//deadlines//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _TITLE.render())
    for one in sorted(deadlines):
        calendar.add_component(_event(one, places, cycle, at))
    made: bytes = calendar.to_ical()
    return made


def _event(one: Deadline, places: Places, cycle: str, at: datetime) -> Event:
    kind, stage = one.kind.label.render(), one.stage.label.render()
    # A day that is moved is the same thing to do on another day.
    known = "/".join((cycle, one.kind.value, one.place, one.subject))
    event = Event()
    event.add("uid", f"{uuid5(_EVENTS, known)}@termgate")
    event.add("dtstamp", at)
    event.add("dtstart", one.due)
    event.add("dtend", one.due + timedelta(days=1))
    whose = places.called(one.place)
    event.add("summary", Text(f"{whose} {kind}", f"{whose}: {kind}").render())
    event.add("description", f"{one.place} {stage}: {one.subject}")
    event.add("categories", [stage])
    event.add("transp", "TRANSPARENT")
    return event
