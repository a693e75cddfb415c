"""Publicity and education: talks, pledges, films, the ten activities, cards, the hotline.

Rules: the article's figures come from here: 76 batches of must-talks with over 4,000 person-times,
over 8,000 pledges and over 10,000 cards; everybody who is obliged is reached.
"""

from __future__ import annotations

from datetime import date
from math import ceil

from tests.generator.base import Cell, Place, Rows, between, days
from tests.generator.places import add_person

FILMS = ("film-liaoning", "film-hengyang-nanchong")
KEY_POINTS = ("cycle-meeting", "examiner-training")
ACTIVITIES = (
    "one-talk", "one-card", "one-film", "one-pledge", "one-column", "one-hotline",
    "one-notice", "one-training", "one-meeting", "one-quiz",
)  # fmt: skip
# People of the roster and, of those who are no candidates, how many must be talked to.
_ROSTER = {"city": 640, "county": 440, "township": 111}
_TALKED_TO = {"city": 420, "county": 178, "township": 39}
# Batches of must-talks: 6 + 21 + 49 = 76 in a city.
_BATCHES = {"city": 6, "county": 4, "township": 1}
_TALK_ORGANS = ("secretary", "discipline-commission", "organisation-department")
# Roster people who owe a responsibility talk, by level: the heads of the city's four bodies, ...
_RESPONSIBLE = {"city": 4, "county": 1, "township": 1}
_UNPLEDGED = {"city": 6, "county": 3, "township": 0}


def batches_of(place: Place) -> int:
    """How many batches of must-talks a place holds; the largest county holds one more."""
    return _BATCHES[place.level] + int(place.level == "county" and place.number == 0)


def add_roster(rows: Rows, place: Place) -> None:
    """Everybody else of the roster: officials, deputies, staff (candidates stand there already)."""
    for _ in range(_RESPONSIBLE[place.level]):
        add_person(rows, place, talk=True, responsibility=True)
    if place.level != "city":
        _know_secretary(rows, place)
    for _ in range(_TALKED_TO[place.level]):
        add_person(rows, place, talk=True)
    for _ in range(_UNPLEDGED[place.level]):
        add_person(rows, place, pledge=False)
    while len(place.people) < _ROSTER[place.level]:
        add_person(rows, place)


def _know_secretary(rows: Rows, place: Place) -> None:
    """Who owes the responsibility talk in a county or township is its secretary."""
    of_roster = place.people[-1]
    officer = next(row for row in rows["officers"] if row["officer"] == place.officers["secretary"])
    officer["person"] = of_roster["person"]
    of_roster["name"] = officer["name"]


def add_conduct(rows: Rows, place: Place) -> None:
    """Talks, pledges, films, activities, cards and publicity of the place."""
    _add_talks(rows, place)
    random = place.random
    first, last = date(2016, 8, 29), date(2016, 9, 30)
    pledgers = [row["person"] for row in place.people if row["must_pledge"]]
    rows["pledges"].extend(
        {"person": person, "signed_on": between(random, first, last)} for person in pledgers
    )
    _add_education(rows, place)
    lots = 3 if place.level != "township" else 1
    cards = ceil(len(pledgers) * 1.2 / lots / 10) * 10
    rows["card_lots"].extend(
        {
            "jurisdiction": place.code,
            "lot": f"k-{place.code}-{number:02d}",
            "handed_on": between(random, first, last),
            "cards": cards,
        }
        for number in range(1, lots + 1)
    )
    start = min(times.nomination for times in place.timetables.values())
    media = {"hotline": f"{place.city.name[:2]}日报", "column": f"{place.county.name[:2]}党建网"}
    rows["publicity"].extend(
        {
            "jurisdiction": place.code,
            "kind": kind,
            "medium": medium,
            "published_on": days(start, -random.randint(3, 9)),
        }
        for kind, medium in media.items()
    )


def _person_of(rows: Rows, officer: str) -> Cell:
    return next(row["person"] for row in rows["officers"] if row["officer"] == officer)


def _talk(rows: Rows, place: Place, number: int, kind: str, organ: str, held: date) -> str:
    talk = f"t-{place.code}-{number:02d}"
    rows["talks"].append(
        {
            "talk": talk,
            "jurisdiction": place.code,
            "kind": kind,
            "officer": place.officers[organ],
            "held_on": held,
        }
    )
    return talk


def _add_talks(rows: Rows, place: Place) -> None:
    """Must-talks in batches; responsibility talks held by the secretary one level up."""
    random = place.random
    wanted = [row["person"] for row in place.people if row["must_talk"]]
    random.shuffle(wanted)
    batches = batches_of(place)
    # A single batch has the secretary too, who talks with nobody but others.
    choice = _TALK_ORGANS if batches > 1 else _TALK_ORGANS[1:]
    organs = [choice[(number + place.number) % len(choice)] for number in range(batches)]
    secretary = _person_of(rows, place.officers["secretary"])
    if secretary in wanted:
        wanted.remove(secretary)
        wanted.insert(next(n for n, organ in enumerate(organs) if organ != "secretary"), secretary)
    for number, organ in enumerate(organs, start=1):
        held = between(random, date(2016, 9, 2), date(2016, 10, 28))
        talk = _talk(rows, place, number, "must-talk", organ, held)
        people = wanted[number - 1 :: batches]
        if number > 1:
            # A few are talked to a second time.
            people = people + wanted[0 : 2 * batches : batches]
        rows["talk_participants"].extend({"talk": talk, "person": person} for person in people)
    if place.level != "township":
        number = batches + 1
        held = days(date(2016, 8, 13 if place.level == "city" else 19), place.number % 2)
        talk = _talk(rows, place, number, "responsibility", "secretary", held)
        responsible = [row["person"] for row in place.people if row["responsibility_talk"]]
        if place.level == "city":
            rows["talk_participants"].extend(
                {"talk": talk, "person": person} for person in responsible
            )
    if place.parent:
        above = place.parent
        talk = f"t-{above.code}-{batches_of(above) + 1:02d}"
        rows["talk_participants"].extend(
            {"talk": talk, "person": row["person"]}
            for row in place.people
            if row["responsibility_talk"]
        )


def _add_education(rows: Rows, place: Place) -> None:
    random = place.random
    shown = {"cycle-meeting": date(2016, 8, 22), "examiner-training": date(2016, 9, 7)}
    for key_point in KEY_POINTS:
        held = days(shown[key_point], random.randint(0, 3))
        rows["screenings"].extend(
            {
                "jurisdiction": place.code,
                "key_point": key_point,
                "film": film,
                "held_on": held,
                "attendance": random.randint(24, 60) * (1 if place.level == "township" else 2),
            }
            for film in FILMS
        )
    rows["activities"].extend(
        {
            "jurisdiction": place.code,
            "activity": activity,
            "done_on": between(random, date(2016, 8, 26), date(2016, 10, 20)),
            "document": place.paper("宣"),
        }
        for activity in ACTIVITIES
    )
