"""Supervision: two roving teams, five special inspection teams, problems, the four channels.

Rules: teams are sent by the city and staffed with its own officers, nobody in two kinds of team;
every place is visited again and again until it votes; what was found is put right in time.
"""

from __future__ import annotations

from datetime import date
from math import ceil

from tests.generator.base import Place, Rows, chance, days
from tests.generator.places import add_officer

ROVING_TEAMS = 2
ROVING_MEMBERS = 4
SPECIAL_MEMBERS = 3
CHANNELS = ("phone", "letter", "web", "sms")
# A visit at least so often; the pack allows more.
VISIT_EVERY = 18
_ITEMS = ("responsibility", "education", "enforcement", "institutions", "reviews")
# Places (code without the city's four digits) where a visit found something.
_PROBLEMS = ("02", "24", "02103", "03105", "23102", "24106", "81102")


def add_teams(rows: Rows, city: Place) -> None:
    """The teams of a city, their members, and the channels that the city keeps."""
    sorts = [("roving", ROVING_TEAMS, ROVING_MEMBERS, "组督")]
    sorts.append(("special", len(city.children), SPECIAL_MEMBERS, "巡授"))
    for kind, teams, members, paper in sorts:
        for number in range(1, teams + 1):
            team = f"g-{city.code}-{kind}-{number}"
            mandate = city.paper(paper)
            rows["teams"].append(
                {"team": team, "jurisdiction": city.code, "kind": kind, "mandate": mandate}
            )
            for member in range(members):
                organ = ("discipline-commission", "organisation-department")[member % 2]
                officer = add_officer(rows, city, organ)
                city.officers[f"{team}/{member}"] = officer
                rows["team_members"].append({"team": team, "officer": officer})


def add_watch(rows: Rows, place: Place) -> None:
    """Visits and special inspection of a place; its channels and what was found there."""
    city = place.city
    if place.level != "township":
        rows["report_channels"].extend(
            {
                "jurisdiction": place.code,
                "channel": channel,
                "live_on": date(2016, 8, 19),
                "tested_on": days(date(2016, 8, 22), place.number),
                "staffed": True,
            }
            for channel in CHANNELS
        )
    if place.level == "city":
        return
    team = f"g-{city.code}-roving-{1 + place.county.number % ROVING_TEAMS}"
    visits = _add_visits(rows, place, team)
    if place.level == "county":
        rows["inspections"].append(
            {
                "jurisdiction": place.code,
                "team": f"g-{city.code}-special-{place.number + 1}",
                "started_on": days(date(2016, 10, 10), place.number),
                "ended_on": days(date(2016, 10, 28), place.number),
                "watched_teams": True,
            }
        )
    if place.code[4:] in _PROBLEMS:
        found = visits[1]
        rows["problems"].append(
            {
                "problem": f"q-{place.code}-01",
                "jurisdiction": place.code,
                "team": team,
                "found_on": found,
                "rectified_on": days(found, place.random.randint(6, 24)),
                "rectified_by": place.officers["organisation-department"],
                "verified_on": days(found, place.random.randint(26, 32)),
                "verified_by": city.officers[f"{team}/0"],
            }
        )


def _add_visits(rows: Rows, place: Place, team: str) -> list[date]:
    random = place.random
    start = min(times.nomination for times in place.timetables.values())
    end = max(times.opens for times in place.timetables.values())
    span = (end - start).days
    steps = ceil(span / VISIT_EVERY)
    visits = [days(start, span * step // steps - random.randint(0, 2)) for step in range(1, steps)]
    for number, visited in enumerate(visits):
        # A visit may leave an item to the next one; the first checks all five.
        checked = {item: number == 0 or chance(random, 90) for item in _ITEMS}
        rows["visits"].append(
            {"jurisdiction": place.code, "team": team, "visited_on": visited, **checked}
        )
    return visits
