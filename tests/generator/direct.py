"""Deputies elected by voters: committees, constituencies, lists, the roll, and the votes.

Rules: townships and counties elect on one day; a constituency has two or three deputies, as far as
the seats allow; numbers of voters follow from the place's people. One constituency had a tie, and
one a further election, both voted on again on the same day.
"""

from __future__ import annotations

from datetime import date
from random import Random

from tests.generator.base import Place, Row, Rows, days
from tests.generator.plan import members_of
from tests.generator.timetable import DEPUTIES_ELECTED

# When the county's standing committee appointed its own committee and those of its townships.
APPOINTED = date(2016, 8, 12)
# Constituencies (code without the city's four digits) that were voted on again.
TIED, SHORT = "02101-005", "03-031"
_VOTERS, _TURNOUT = 76, 86  # per cent of the people, of the voters
_FIRST, _MOST = 2, 3


def add_direct(rows: Rows, place: Place) -> None:
    """Everything of the election of the deputies of a county or township."""
    if place.level == "city":
        return
    random, unit = Random(f"direct/{place.code}"), f"{place.code}-congress"
    questions = 1 + place.number % 2
    rows["election_committees"].append(
        {
            "unit": unit,
            "appointed_by": "county-standing-committee",
            "appointed_on": APPOINTED,
            "document": f"{place.county.name[:2]}常任〔2016〕{place.number + 11}号",
            "members_nominated": place.number % 3,
            "members_resigned": place.number % 3,
            "roll_questions": questions,
        }
    )
    _add_constituencies(rows, place, random)
    _add_nationalities(rows, place)
    _add_questions(rows, place, questions)


def _seats(members: int) -> list[int]:
    """Two of the first constituency, three of each other, and what is left of the last."""
    found = [_FIRST]
    while (left := members - sum(found)) > 0:
        found.append(min(_MOST, left))
    return found


def _add_constituencies(rows: Rows, place: Place, random: Random) -> None:
    members = members_of(place, "congress")
    for number, seats in enumerate(_seats(members), start=1):
        name = f"k-{place.code}-{number:03d}"
        town = place.children[number % len(place.children)].code if place.children else None
        # The county's own offices lie in no township.
        offices = bool(place.children) and number <= _MOST
        rows["constituencies"].append(
            {
                "constituency": name,
                "unit": f"{place.code}-congress",
                "kind": "workplace" if offices else "residence",
                "seats": seats,
                "townships": None if offices else town,
            }
        )
        again = name[6:]
        final = {1: 2, 2: 4, 3: 5}[seats]
        nominated = final + (random.randint(0, 3) if number > 1 else 0)
        long = nominated > seats * 2
        rows["deputy_lists"].append(
            {
                "constituency": name,
                "nominated": nominated,
                "fewest_signers": random.randint(10, 24),
                "most_by_one": 1,
                "preliminary": nominated,
                "agreed": True if long else None,
                "pre_elected_on": None,
                "final": final,
            }
        )
        registered = place.population * _VOTERS * seats // members // 100
        _add_votes(rows, random, name, seats, registered, again)


def _add_votes(
    rows: Rows, random: Random, name: str, seats: int, registered: int, again: str
) -> None:
    voted = registered * (_TURNOUT + random.randint(-6, 6)) // 100
    valid = voted * 98 // 100
    elected, fewest, others = seats, voted * random.randint(55, 70) // 100, voted // 4
    if again == TIED:
        elected, others = seats - 1, voted * 54 // 100
    if again == SHORT:
        elected, fewest, others = seats - 1, voted * 58 // 100, voted * 45 // 100
    common: Row = {
        "constituency": name,
        "voted_on": DEPUTIES_ELECTED,
        "registered": registered,
        "voted": voted,
        "returned": voted,
        "valid": valid,
    }
    rows["direct_votes"].append(
        common
        | {
            "round": 1,
            "kind": "first-vote",
            "seats": seats,
            "elected": elected,
            "fewest_elected": fewest,
            "most_others": others,
        }
    )
    if elected < seats:
        rows["direct_votes"].append(
            common
            | {
                "round": 2,
                "kind": "tie-break" if again == TIED else "further",
                "seats": 1,
                "elected": 1,
                "fewest_elected": valid * 52 // 100,
                "most_others": valid * 44 // 100,
            }
        )
    if again == SHORT:
        _add_candidates(rows, name, seats, voted)


def _add_candidates(rows: Rows, name: str, seats: int, voted: int) -> None:
    """Everybody on the list of a constituency with a further election, by votes at first."""
    shares = (66, 58, 45, 31, 22) if seats == _MOST else (66, 45, 31, 22)
    for number, share in enumerate(shares, start=1):
        rows["deputy_candidates"].append(
            {
                "deputy_candidate": f"x-{name.removeprefix('k-')}-{number}",
                "constituency": name,
                "listed": True,
                "first_votes": voted * share // 100,
                "further": number in (seats, seats + 1),
                "elected": number <= seats,
                "false_data": False,
                "announced_on": None,
                "foreign_funding": False,
            }
        )


def _add_nationalities(rows: Rows, place: Place) -> None:
    if not place.founding_ethnicity:
        return
    members = members_of(place, "congress")
    rows["nationality_seats"].append(
        {
            "unit": f"{place.code}-congress",
            "nationality": place.founding_ethnicity,
            "population": place.population * 2 // 5,
            "seats": members * 2 // 5,
            "decided_by": None,
            "decided_on": None,
        }
    )


def _add_questions(rows: Rows, place: Place, questions: int) -> None:
    """Somebody who died, and in every second place an objection that was decided in time."""
    published = days(DEPUTIES_ELECTED, -22)
    for number in range(1, questions + 1):
        objected = number > 1
        rows["roll_questions"].append(
            {
                "voter": f"v-{place.code}-{number:02d}",
                "unit": f"{place.code}-congress",
                "birth_date": date(1998, 11, 9) if objected else date(1941, 4, 20),
                "ground": "none" if objected else "died",
                "decision_document": None,
                "on_roll": objected,
                "objected_on": days(published, 3) if objected else None,
                "decided_on": days(published, 5) if objected else None,
                "sued_on": None,
                "judged_on": None,
            }
        )
