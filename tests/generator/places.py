"""Jurisdictions, units, officers: where the cycle takes place and who works on it.

Rules: a city has 5 counties and 49 townships, hence 116 units; each place has an officer for
every organ that supplies evidence there. Officers numbered from 51 on do nothing but sign.
"""

from __future__ import annotations

from random import Random

from tests.generator.base import Place, Row, Rows
from tests.generator.names import city_names, ethnic_township, person_name

_COUNTY_ORGANS = (
    "secretary", "discipline-commission", "organisation-department", "congress-party-group",
    "government-party-group", "cppcc-party-group", "united-front", "inspection-office",
    "petition-office", "audit-office", "law-enforcement", "scrutineer", "scrutineer-2",
)  # fmt: skip
_TOWNSHIP_ORGANS = (
    "secretary", "discipline-commission", "organisation-department", "congress-party-group",
    "government-party-group", "united-front", "scrutineer", "scrutineer-2",
)  # fmt: skip
# Whom the packs ask to sign beside those above: organs that supply nothing, and a second officer
# where the first delivers what the gate is about.
_SIGNING = {
    "city": ("organisation-department", "presidium", "cppcc-chairmen", "scrutineer",
             "supervision-team", "supervision-team"),
    "county": ("organisation-department", "presidium", "cppcc-chairmen", "scrutineer",
               "election-committee"),
    "township": ("presidium", "scrutineer"),
}  # fmt: skip
_FIRST_SIGNING = 51


def _place(seed: int, code: str, name: str, level: str, parent: Place | None) -> Place:
    place = Place(
        code=code,
        name=name,
        level=level,
        parent=parent,
        number=len(parent.children) if parent else 0,
        population=0,
        founding_ethnicity=None,
        random=Random(f"{seed}/{code}"),
    )
    if parent:
        parent.children.append(place)
    return place


def make_city(number: int, seed: int) -> list[Place]:
    """Every place of a city, each after the one above it."""
    name, counties, townships = city_names(number)
    prefix = f"{6403 + number:04d}"
    city = _place(seed, f"{prefix}00", name, "city", None)
    above, below = [city], []
    for (suffix, county_name, people), line in zip(counties, townships, strict=True):
        county = _place(seed, prefix + suffix, county_name, "county", city)
        county.population = people
        city.population += people
        above.append(county)
        towns = line.split()
        following = {"镇": 100, "乡": 200}
        for position, town in enumerate(towns):
            code = f"{county.code}{following[town[-1]]}"
            following[town[-1]] += 1
            place = _place(seed, code, town, "township", county)
            share = people * place.random.uniform(0.7, 1.2) / len(towns) * 0.8
            place.population = int(share) // 10 * 10
            place.founding_ethnicity = ethnic_township(
                number, town, position == len(towns) - 1, suffix
            )
            below.append(place)
    return above + below


def add_structure(rows: Rows, place: Place) -> None:
    """The place itself, its units and its officers."""
    rows["jurisdictions"].append(
        {
            "jurisdiction": place.code,
            "name": place.name,
            "level": place.level,
            "parent": place.parent.code if place.parent else None,
            "population": place.population,
            "founding_ethnicity": place.founding_ethnicity,
        }
    )
    rows["units"].extend(
        {"unit": f"{place.code}-{body}", "jurisdiction": place.code, "body": body}
        for body in place.bodies
    )
    organs = _TOWNSHIP_ORGANS if place.level == "township" else _COUNTY_ORGANS
    for organ in organs:
        place.officers[organ] = add_officer(rows, place, organ.removesuffix("-2"))


def add_officer(rows: Rows, place: Place, organ: str) -> str:
    """A further officer of an organ; the id."""
    place.staff += 1
    return _enrol(rows, place, organ, place.staff)


def add_signing(rows: Rows, place: Place) -> None:
    """The officers who only sign; after all else of the place, which stays as it was."""
    for number, organ in enumerate(_SIGNING[place.level], start=_FIRST_SIGNING):
        _enrol(rows, place, organ, number)


def supplies(officer: str) -> bool:
    """Whether an officer is one of those who supply evidence."""
    return int(officer.rpartition("-")[2]) < _FIRST_SIGNING


def _enrol(rows: Rows, place: Place, organ: str, number: int) -> str:
    officer = f"o-{place.code}-{number:02d}"
    rows["officers"].append(
        {
            "officer": officer,
            "name": person_name(place.random),
            "person": f"p-{place.code}-o{number:02d}",
            "organ": organ,
            "jurisdiction": place.code,
        }
    )
    return officer


def add_person(
    rows: Rows,
    place: Place,
    *,
    pledge: bool = True,
    talk: bool = False,
    responsibility: bool = False,
) -> str:
    """A person of the place's roster; the id."""
    person = f"p-{place.code}-{len(place.people) + 1:04d}"
    row: Row = {
        "person": person,
        "jurisdiction": place.code,
        "name": person_name(place.random),
        "must_pledge": pledge,
        "must_talk": talk,
        "responsibility_talk": responsibility,
    }
    place.people.append(row)
    rows["roster"].append(row)
    return person
