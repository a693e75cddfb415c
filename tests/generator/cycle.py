"""A whole cycle, place by place, from the plan to the vote.

Rules: the same size gives the same rows; a cycle passes every check of its pack, so that whatever
a check finds was planted (`tests.generator.faults`).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.registers import REGISTERS
from tests.generator.base import Place, Rows, Size, table
from tests.generator.conduct import add_conduct, add_roster
from tests.generator.deputies import add_deputies
from tests.generator.direct import add_direct
from tests.generator.election import add_election
from tests.generator.incidents import add_incidents, add_returns
from tests.generator.places import add_signing, add_structure, make_city
from tests.generator.plan import add_plan
from tests.generator.slate import add_slate
from tests.generator.timetable import add_timetable
from tests.generator.vetting import add_vetting
from tests.generator.watch import add_teams, add_watch


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
