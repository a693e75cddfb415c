"""Posts, candidates and nominations: who is proposed for what, and who nominates them.

Rules: at the session the presidium nominates as many people as there are seats; whoever the law
wants beyond that (差额) is nominated by deputies jointly, as a rule whom the party side proposed
too; a CPPCC nominates by consultation, as many as seats. Nobody is nominated before there is a
session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

from tests.generator.base import Place, Row, Rows, Size, days
from tests.generator.incidents import BREACHES
from tests.generator.people import add_candidate
from tests.generator.plan import members_of

# The township of each county whose head of government two people stand for.
CONTESTED = 5
# The county whose CPPCC has no secretary-general (政协章程 leaves it open).
WITHOUT_SECRETARY_GENERAL = 4
# Units (code without the city's four digits) with a nominee of the deputies alone, not vetted.
FROM_THE_FLOOR = ("02105-government-deputy-head", "23105-government-head")
_SIGNERS = {"city": 20, "county": 10, "township": 10}
# The post of each body that grows in a cycle of another size.
_GROWING = {"congress": "member", "government": "deputy-head", "cppcc": "member"}


@dataclass(frozen=True, slots=True)
class Opening:
    """A post with its seats and how many people more than seats stand for it."""

    kind: str
    seats: int
    extra: int = 0


def openings(place: Place, body: str) -> list[Opening]:
    """The posts of a unit as the law of 2016 has them."""
    number = place.number
    if place.level == "township":
        contested = int(number == CONTESTED)
        if body == "congress":
            return [Opening("chair", 1), Opening("vice-chair", 1, 1)]
        return [Opening("head", 1, contested), Opening("deputy-head", 2 + number % 2, 1)]
    city = place.level == "city"
    if body == "government":
        return [Opening("head", 1), Opening("deputy-head", 6 if city else 5 + number % 2, 1)]
    if body == "cppcc":
        general = [] if number == WITHOUT_SECRETARY_GENERAL else [Opening("secretary-general", 1)]
        chairs = [Opening("chair", 1), Opening("vice-chair", 6 if city else 4)]
        return [*chairs, *general, Opening("member", 36 if city else 18 + number)]
    members = 26 if city else 15 + number
    return [
        Opening("chair", 1),
        Opening("vice-chair", 6 if city else 4, 1),
        *([Opening("secretary-general", 1)] if city else []),
        Opening("member", members, ceil(members / 10)),
        Opening("court-president", 1),
        Opening("chief-procurator", 1),
    ]


def _grown(place: Place, body: str, wanted: int | None) -> list[Opening]:
    made = openings(place, body)
    if wanted is None or wanted <= sum(opening.seats + opening.extra for opening in made):
        return made
    kind = _GROWING[body] if place.level != "township" or body != "congress" else "vice-chair"
    others = [opening for opening in made if opening.kind != kind]
    rest = wanted - sum(opening.seats + opening.extra for opening in others)
    if kind != "member":
        grown = Opening(kind, rest - 1, 1)
    elif body == "cppcc":
        grown = Opening(kind, rest)
    else:
        seats = rest * 10 // 11
        grown = Opening(kind, seats, ceil(seats / 10))
    return [grown if opening.kind == kind else opening for opening in made]


def add_slate(rows: Rows, place: Place, size: Size) -> None:
    """Posts, candidates, nominations and deliberation of each of the place's units."""
    for body in place.bodies:
        _add_unit(rows, place, body, size)


def _add_unit(rows: Rows, place: Place, body: str, size: Size) -> None:
    unit, times = f"{place.code}-{body}", place.timetables[body]
    fixed_by = "cppcc-standing-committee" if body == "cppcc" else "province-standing-committee"
    if body != "cppcc" and place.level == "township":
        fixed_by = "county-standing-committee"
    for opening in _grown(place, body, size.candidates_per_unit):
        post = f"{unit}-{opening.kind}"
        rows["posts"].append(
            {
                "post": post,
                "unit": unit,
                "kind": opening.kind,
                "seats": opening.seats,
                "fixed_by": fixed_by,
                "document": place.county.paper("编"),
            }
        )
        for position in range(opening.seats + opening.extra):
            joint = position >= opening.seats
            floor = joint and post[4:] in FROM_THE_FLOOR
            status = "from-the-floor" if floor else "proposed"
            candidate = add_candidate(rows, place, body, opening.kind, status=status)
            nomination = str(candidate["candidate"]).replace("c-", "n-", 1)
            signers = _signers(place, nomination) if joint else []
            if not times.held:
                continue
            channel = "deputies" if joint else "presidium"
            rows["nominations"].append(
                {
                    "nomination": nomination,
                    "unit": unit,
                    "post": post,
                    "candidate": candidate["candidate"],
                    "channel": "consultation" if body == "cppcc" else channel,
                    "nominated_on": days(times.opens, int(joint and place.level != "township")),
                }
            )
            rows["signers"].extend(signers)
    if times.held and place.level != "township" and body != "cppcc":
        rows["deliberations"].append(
            {"unit": unit, "opened_on": times.opens, "closed_on": days(times.opens, 1)}
        )
    where = (place.code[4:], body)
    if where in BREACHES and BREACHES[where][2]:
        kind = _GROWING[body]
        add_candidate(rows, place, body, kind, status="excluded")
    rows["notices"].extend(_notices(place, body))


def _signers(place: Place, nomination: str) -> list[Row]:
    wanted = _SIGNERS[place.level] + place.random.randint(0, 3)
    deputies = place.random.sample(range(1, members_of(place, "congress") + 1), wanted)
    return [
        {"nomination": nomination, "deputy": f"d-{place.code}-{deputy:04d}"}
        for deputy in sorted(deputies)
    ]


def _notices(place: Place, body: str) -> list[Row]:
    times = place.timetables[body]
    lists: list[tuple[str, date, int]] = []
    if body == "cppcc":
        lists = [("membership", times.opens, -12)]
    elif body == "congress" and place.level != "city" and times.deputies and times.credentials:
        lists = [
            ("voter-roll", times.deputies, -22),
            ("deputies-preliminary", times.deputies, -16),
            ("deputies-final", times.deputies, -8),
            ("deputies-elected", times.credentials, 2),
        ]
    return [
        {
            "unit": f"{place.code}-{body}",
            "kind": kind,
            "published_on": days(start, before),
            "document": place.paper("选公"),
        }
        for kind, start, before in lists
    ]
