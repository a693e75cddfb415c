"""The days of the 2016-17 cycle: when each unit plans, nominates, vets and votes.

Rules: townships and counties elect their deputies together in November 2016; townships meet
first, half of them a week after the other half, then the counties, whose congresses elect the
city's deputies; the city meets in January 2017, so that its own session is still to come on the
day of the reference.
"""

from __future__ import annotations

from datetime import date

from tests.generator.base import Place, Rows, Timetable, days

DEPUTIES_ELECTED = date(2016, 11, 9)
TOWNSHIPS_OPEN = (date(2016, 11, 22), date(2016, 11, 29))
COUNTIES_OPEN = date(2016, 12, 6)
CITY_OPENS = date(2017, 1, 5)


def _township(place: Place) -> Timetable:
    opens = TOWNSHIPS_OPEN[place.number % len(TOWNSHIPS_OPEN)]
    return Timetable(
        plan=days(date(2016, 8, 26), place.number % 3),
        nomination=days(date(2016, 9, 1), place.number % 3),
        vetting=date(2016, 9, 12),
        deputies=DEPUTIES_ELECTED,
        credentials=days(DEPUTIES_ELECTED, 5 + place.number % 3),
        opens=opens,
        closes=days(opens, 1),
        held=True,
    )


def _county(place: Place) -> Timetable:
    return Timetable(
        plan=date(2016, 8, 25),
        nomination=date(2016, 9, 5),
        vetting=date(2016, 9, 19),
        deputies=DEPUTIES_ELECTED,
        credentials=days(DEPUTIES_ELECTED, 9 + place.number),
        opens=COUNTIES_OPEN,
        closes=days(COUNTIES_OPEN, 3),
        held=True,
    )


def _city() -> Timetable:
    return Timetable(
        plan=date(2016, 8, 22),
        nomination=date(2016, 9, 12),
        vetting=date(2016, 10, 10),
        deputies=date(2016, 12, 18),
        credentials=date(2016, 12, 26),
        opens=CITY_OPENS,
        closes=days(CITY_OPENS, 4),
        held=False,
    )


def add_timetable(rows: Rows, place: Place) -> None:
    """The calendar of each of the place's units; a CPPCC opens a day earlier."""
    makers = {"township": _township, "county": _county}
    common = makers[place.level](place) if place.level in makers else _city()
    for body in place.bodies:
        own = common
        if body == "cppcc":
            own = Timetable(
                plan=common.plan,
                nomination=common.nomination,
                vetting=common.vetting,
                deputies=None,
                credentials=None,
                opens=days(common.opens, -1),
                closes=days(common.closes, -1),
                held=common.held,
            )
        place.timetables[body] = own
        rows["calendar"].append(
            {
                "unit": f"{place.code}-{body}",
                "term_years": 5,
                "plan_on": own.plan,
                "nomination_on": own.nomination,
                "vetting_on": own.vetting,
                "election_day": own.deputies if place.level != "city" else None,
                "deputies_elected_on": own.deputies,
                "credentials_on": own.credentials,
                "session_opens_on": own.opens,
                "session_closes_on": own.closes,
            }
        )
