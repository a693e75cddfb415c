"""Candidates as people: age, rank, career, and what eligibility asks for.

Rules: whoever is promoted has served long enough for it; members of standing committees and of a
CPPCC are deputies or members; whoever holds an incompatible office will resign it; no head, court
president or chief procurator serves where they grew up.
"""

from __future__ import annotations

from datetime import date
from random import Random

from tests.generator.base import YEAR, Place, Row, Rows, between, chance
from tests.generator.places import add_person

RANKS = (
    "below-township-deputy", "township-deputy", "township", "county-deputy", "county",
    "bureau-deputy", "bureau",
)  # fmt: skip
_CHIEFS = ("chair", "head")
_COURTS = ("court-president", "chief-procurator")
# Whoever is not audited headed an organ as a deputy, for so many months at most.
_DEPUTY_MONTHS = 9
# Rank of a post by level: chief, vice, court and procuracy, member.
_RANK_OF_POST = {
    "city": ("bureau", "bureau-deputy", "bureau-deputy", "county"),
    "county": ("county", "county-deputy", "county-deputy", "township"),
    "township": ("township", "township-deputy", "township-deputy", "township-deputy"),
}
_AGES = {"city": (42, 57), "county": (37, 56), "township": (29, 52)}
# Home places outside the provinces' codes that the cities of a cycle get.
_ELSEWHERE = ("640104", "640181", "640221", "632122", "150302", "620502", "610802")
# The one county chief who is too new in the post to be audited: the other 24 are.
NEWCOMER = "81-cppcc-chair"


def audited(place: Place, post: str, kind: str) -> bool:
    """Whether the candidate headed an organ long enough: the chiefs of the counties."""
    chief = kind in _CHIEFS or kind in _COURTS
    return place.level == "county" and chief and post[4:] != NEWCOMER


def _rank_of_post(level: str, kind: str) -> str:
    chief, vice, court, member = _RANK_OF_POST[level]
    if kind in _CHIEFS:
        return chief
    if kind in ("vice-chair", "deputy-head"):
        return vice
    lesser = kind == "member" or (level == "county" and kind not in _COURTS)
    return member if lesser else court


def _needs_seat(body: str, kind: str) -> bool:
    assembly_posts = ("chair", "vice-chair", "secretary-general", "member")
    return body == "cppcc" or kind in assembly_posts


def _ethnicity(random: Random, place: Place, kind: str) -> str:
    if kind == "head" and place.founding_ethnicity:
        return place.founding_ethnicity
    return random.choices(("汉族", "回族", "满族", "蒙古族", "东乡族"), (62, 33, 2, 2, 1))[0]


def _home(random: Random, place: Place, kind: str) -> str:
    if kind in ("head", *_COURTS) or chance(random, 30):
        return random.choice(_ELSEWHERE)
    return place.county.code


def add_candidate(
    rows: Rows,
    place: Place,
    body: str,
    kind: str,
    *,
    person: str | None = None,
    status: str = "proposed",
) -> Row:
    """A candidate for one post, and a new person of the roster unless one is given; the row."""
    random = place.random
    unit = f"{place.code}-{body}"
    post = f"{unit}-{kind}"
    target = _rank_of_post(place.level, kind)
    number = len(place.candidates) + 1
    promoted = kind != "member" and (number + place.number) % 2 == 0
    rank = RANKS[RANKS.index(target) - 1] if promoted else target
    if kind == "member" and chance(random, 30):
        rank = RANKS[RANKS.index(target) - 1]
    age = random.randint(*_AGES[place.level])
    worked = age - random.randint(20, 24)
    committee = body == "congress" and kind not in _COURTS
    incompatible = committee and chance(random, 15)
    most = _DEPUTY_MONTHS
    headed = random.randint(14, 58) if audited(place, post, kind) else random.randint(0, most)
    at_level = random.randint(3, 11)
    row: Row = {
        "candidate": f"c-{place.code}-{number:04d}",
        "unit": unit,
        "post": post,
        "person": person or add_person(rows, place, talk=True),
        "status": status,
        "birth_date": between(
            random, date(YEAR - age - 1, 12, 1), date(YEAR - age, 11, 20)
        ).isoformat(),
        "ethnicity": _ethnicity(random, place, kind),
        "home_division": _home(random, place, kind),
        "assembly_member": _needs_seat(body, kind) or chance(random, 70),
        "incompatible_office": incompatible,
        "will_resign": incompatible,
        "rank": rank,
        "education": random.choices(("college", "bachelor", "master"), (25, 60, 15))[0],
        "years_worked": worked,
        "years_grassroots": random.randint(2, min(8, worked)),
        "years_in_rank": random.randint(3, min(7, at_level)),
        "promoted": promoted,
        "terms_in_post": 0 if promoted else random.randint(0, 1),
        "years_at_level": at_level,
        "headed_organ_months": headed,
        "headed_as": ("chief" if headed > _DEPUTY_MONTHS else "deputy") if headed else None,
        "inspected_unit": number % 4 == 1,
        "exceptional_approval": None,
    }
    place.candidates.append(row)
    rows["candidates"].append(row)
    return row
