"""A whole cycle, place by place, from the plan to the vote.

Rules: the same size gives the same rows; a cycle passes every check of its pack, so that whatever
a check finds was planted (`data.reference.faults`).
"""

from __future__ import annotations

from collections.abc import Iterator

from data.reference.base import Place, Rows, Size, table
from data.reference.conduct import add_conduct, add_roster
from data.reference.deputies import add_deputies
from data.reference.direct import add_direct
from data.reference.election import add_election
from data.reference.incidents import add_incidents, add_returns
from data.reference.places import add_signing, add_structure, make_city
from data.reference.plan import add_plan
from data.reference.slate import add_slate
from data.reference.timetable import add_timetable
from data.reference.vetting import add_vetting
from data.reference.watch import add_teams, add_watch
from schemas.registers import REGISTERS


def generate(size: Size | None = None) -> Rows:
    """Rows per register (all of them, in the order of the registers), without any fault."""
    rows: Rows = {name: [] for name in REGISTERS}
    for city in each_city(size or Size()):
        for name, more in city.items():
            rows[name] += more
    return rows


def each_city(size: Size) -> Iterator[Rows]:
    """The rows of one city after the other: for cycles too large to hold as rows."""
    for number in range(size.cities):
        rows = table()
        places = make_city(number, size.seed)
        for place in places:
            add_structure(rows, place)
        add_teams(rows, places[0])
        for place in places:
            _add_place(rows, place, size)
        add_returns(rows, places)
        yield {name: rows[name] for name in REGISTERS}


def _add_place(rows: Rows, place: Place, size: Size) -> None:
    add_timetable(rows, place)
    add_plan(rows, place)
    add_slate(rows, place, size)
    add_roster(rows, place)
    add_conduct(rows, place)
    add_vetting(rows, place)
    add_watch(rows, place)
    add_incidents(rows, place)
    add_election(rows, place)
    add_deputies(rows, place)
    add_direct(rows, place)
    add_signing(rows, place)
