"""Numbers and days of the direct election of deputies, against oracles read from the Electoral Law.

Rules: as in `test_numbers.py`: an oracle is written from the article in plain whole numbers, every
number around its bounds is a constituency, a nationality or a voter of its own.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.law.base import PACKS
from tests.law.numbers import judged, later, places

DAY = {"cn-2016": date(2016, 11, 9), "cn-2026": date(2026, 11, 9)}
Row = dict[str, Any]


def unit_with(pack: str, many: int, **rows: list[Row]) -> dict[str, Any]:
    """A county with so many constituencies of three."""
    found: dict[str, Any] = dict(places("county", [300_000]))
    found["calendar"] = [{"unit": "county0-congress", "election_day": DAY[pack]}]
    found["constituencies"] = [
        {"constituency": f"k-{one}", "unit": "county0-congress", "kind": "residence", "seats": 3,
         "townships": None}
        for one in range(many)
    ]  # fmt: skip
    return found | rows


# art. 25: one to three of a constituency


@pytest.mark.parametrize("pack", PACKS)
def test_one_to_three_of_a_constituency(pack: str) -> None:
    numbers = range(12)
    rows = unit_with(pack, len(numbers))
    for row, seats in zip(rows["constituencies"], numbers, strict=True):
        row["seats"] = seats
    found = judged("plan.allocation", pack, rows)
    assert set(found) == {f"k-{one}" for one in numbers if not 1 <= one <= 3}


# art. 15: each township has a deputy; so many lie in a constituency alone


@pytest.mark.parametrize("pack", PACKS)
def test_a_seat_for_each_township_that_lies_in_one_constituency(pack: str) -> None:
    cases = list(product(range(1, 4), range(7), range(3)))
    rows: dict[str, Any] = dict(places("county", [300_000] * len(cases)))
    rows["constituencies"] = []
    for unit, (seats, own, elsewhere) in zip(rows["units"], cases, strict=True):
        mine = [f"64030{one}200" for one in range(own)]
        shared = [f"64031{one}200" for one in range(elsewhere)]
        rows["constituencies"] += [
            {"constituency": f"{unit['unit']}/{name}", "unit": unit["unit"], "kind": "residence",
             "seats": has, "townships": "、".join(named) or None}
            for name, has, named in (("a", seats, mine + shared), ("b", 3, shared))
        ]  # fmt: skip
    found = judged("plan.allocation", pack, rows)
    for unit, (seats, own, elsewhere) in zip(rows["units"], cases, strict=True):
        closed = f"{unit['unit']}/a" in found
        assert closed == (own > seats), (seats, own, elsewhere)


# art. 19: seats of a nationality by its share of the people


def lawful_share(people: int, population: int, seats: int, members: int, tolerance: int) -> bool:
    share = Fraction(people, population)
    if seats == 0:
        return False
    theirs, all_ = Fraction(people, seats), Fraction(population, members)
    if share < Fraction(15, 100):
        return seats == 1 or theirs >= all_ / 2
    if share < Fraction(30, 100):
        return Fraction(seats, members) <= Fraction(30, 100)
    # Seats are whole: less than one seat from the exact share is alike.
    return abs(theirs - all_) * 100 <= tolerance * all_ or abs(seats - members * share) < 1


@pytest.mark.parametrize("tolerance", [0, 10, 25])
@pytest.mark.parametrize("pack", PACKS)
def test_seats_of_a_nationality(pack: str, tolerance: int) -> None:
    population = 1000
    shares = (1, 24, 25, 26, 149, 150, 151, 299, 300, 301, 375, 500, 1000)
    cases = list(product((40,), shares, range(41)))
    # Where a hundredth of a share is one seat, or less.
    cases += [(100, 159, 30), (100, 159, 31), (109, 200, 32), (109, 200, 33), (30, 367, 10),
              (30, 367, 11)]  # fmt: skip
    rows = places("township", [population] * len(cases))
    rows["assemblies"] = [
        {"unit": unit["unit"], "members": members}
        for unit, (members, _, _) in zip(rows["units"], cases, strict=True)
    ]
    rows["nationality_seats"] = [
        {"unit": unit["unit"], "nationality": "回族", "population": people, "seats": seats}
        for unit, (_, people, seats) in zip(rows["units"], cases, strict=True)
    ]
    found = judged("plan.allocation", pack, rows, tolerance=tolerance)
    for unit, (members, people, seats) in zip(rows["units"], cases, strict=True):
        lawful = lawful_share(people, population, seats, members, tolerance)
        closed = f"{unit['unit']}/回族" in found
        assert closed != lawful, (members, people, seats, tolerance)


# art. 25, 15: all seats, and no more, are in constituencies


@pytest.mark.parametrize("pack", PACKS)
def test_all_seats_are_in_constituencies(pack: str) -> None:
    cases = list(product(range(1, 12), range(1, 5)))
    rows = places("township", [30_000] * len(cases))
    rows["assemblies"] = [
        {"unit": unit["unit"], "members": members}
        for unit, (members, _) in zip(rows["units"], cases, strict=True)
    ]
    rows["constituencies"] = [
        {"constituency": f"k-{unit['unit']}-{one}", "unit": unit["unit"], "kind": "residence",
         "seats": 2}
        for unit, (_, many) in zip(rows["units"], cases, strict=True)
        for one in range(many)
    ]  # fmt: skip
    found = judged("nomination.constituencies", pack, rows)
    for unit, (members, many) in zip(rows["units"], cases, strict=True):
        status = {True: "pass", False: "missing" if 2 * many < members else "fail"}
        assert found[str(unit["unit"])][0] == status[2 * many == members], (members, many)


# art. 10: whoever of the committee is a candidate leaves it


@pytest.mark.parametrize("pack", PACKS)
def test_members_of_the_committee_who_stand(pack: str) -> None:
    cases = list(product((None, *range(5)), (None, *range(5))))
    rows = places("township", [30_000] * len(cases))
    rows["election_committees"] = [
        {"unit": unit["unit"], "members_nominated": nominated, "members_resigned": resigned}
        for unit, (nominated, resigned) in zip(rows["units"], cases, strict=True)
    ]
    found = judged("nomination.committee-members", pack, rows)
    for unit, (nominated, resigned) in zip(rows["units"], cases, strict=True):
        lawful = nominated is not None and (resigned or 0) >= nominated
        assert (found[str(unit["unit"])][0] == "pass") == lawful, (nominated, resigned)


# art. 30 to 32: nominated, preliminary, final


def final_allowed(seats: int) -> set[int]:
    """A third to once more than the seats."""
    return {one for one in range(20) if 4 * seats <= 3 * one and one <= 2 * seats}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("seats", [1, 2, 3, 4])
def test_the_lists_of_a_constituency(pack: str, seats: int) -> None:
    agreements: list[tuple[bool | None, date | None]] = [
        (None, None), (True, None), (False, None), (False, DAY[pack]),
    ]  # fmt: skip
    cases = list(product(range(9), range(9), (None, *range(9)), agreements))
    rows = unit_with(pack, len(cases))
    rows["deputy_lists"] = []
    for row, (nominated, preliminary, final, (agreed, held)) in zip(
        rows["constituencies"], cases, strict=True
    ):
        row["seats"] = seats
        rows["deputy_lists"].append(
            {"constituency": row["constituency"], "nominated": nominated, "fewest_signers": None,
             "most_by_one": 1, "preliminary": preliminary, "agreed": agreed,
             "pre_elected_on": held, "final": final}
        )  # fmt: skip
    found = judged("nomination.deputy-lists", pack, rows)
    for row, case in zip(rows["constituencies"], cases, strict=True):
        nominated, preliminary, final, (agreed, held) = case
        lawful = (
            nominated == preliminary
            and final in final_allowed(seats)
            and (final or 0) <= preliminary
            and (preliminary <= 2 * seats or agreed is True or held is not None)
        )
        assert (found[str(row["constituency"])][0] == "pass") == lawful, case


@pytest.mark.parametrize("pack", PACKS)
def test_who_nominates_and_how_many(pack: str) -> None:
    cases = list(product((None, *range(13)), range(6)))
    rows = unit_with(pack, len(cases))
    rows["deputy_lists"] = [
        {"constituency": f"k-{one}", "nominated": 5, "fewest_signers": signers,
         "most_by_one": most, "preliminary": 5, "final": 5}
        for one, (signers, most) in enumerate(cases)
    ]  # fmt: skip
    found = judged("nomination.deputy-lists", pack, rows)
    for one, (signers, most) in enumerate(cases):
        lawful = (signers is None or signers >= 10) and most <= 3
        assert (found[f"k-{one}"][0] == "pass") == lawful, (signers, most)


# art. 4, 27, 29: who is on the roll, and by when objections and suits are settled

MAY_NOT = ("deprived", "died", "moved")
BY_DECISION = ("suspended", "ill")
GROUNDS = ("none", "sentenced", "held", *MAY_NOT, *BY_DECISION)


def on_the_roll_lawfully(*, of_age: bool, ground: str, on_roll: bool, decided: bool) -> bool:
    if on_roll:
        return of_age and ground not in MAY_NOT
    return not of_age or ground in MAY_NOT or (ground in BY_DECISION and decided)


def voters(pack: str, cases: list[Row]) -> dict[str, Any]:
    usual: Row = {"unit": "county0-congress", "ground": "none", "on_roll": True,
                  "birth_date": date(1970, 1, 1)}  # fmt: skip
    notice = {"unit": "county0-congress", "kind": "voter-roll",
              "published_on": DAY[pack] - timedelta(22), "document": "x"}  # fmt: skip
    return unit_with(
        pack,
        0,
        notices=[notice],
        election_committees=[{"unit": "county0-congress", "roll_questions": len(cases)}],
        roll_questions=[usual | {"voter": f"v-{one}"} | case for one, case in enumerate(cases)],
    )


@pytest.mark.parametrize("pack", PACKS)
def test_who_is_on_the_roll(pack: str) -> None:
    election = DAY[pack]
    births = [later(election, -216) + timedelta(one) for one in range(-2, 3)]
    cases = list(product(births, GROUNDS, (True, False), (None, "选〔1〕号")))
    rows = voters(pack, [
        {"birth_date": born, "ground": ground, "on_roll": on_roll, "decision_document": paper}
        for born, ground, on_roll, paper in cases
    ])  # fmt: skip
    found = judged("nomination.roll", pack, rows)
    for one, (born, ground, on_roll, paper) in enumerate(cases):
        lawful = on_the_roll_lawfully(
            of_age=later(born, 216) <= election,
            ground=ground,
            on_roll=on_roll,
            decided=paper is not None,
        )
        assert (found[f"v-{one}"][0] == "pass") == lawful, cases[one]


@pytest.mark.parametrize("pack", PACKS)
def test_objections_and_suits_are_settled_in_time(pack: str) -> None:
    election = DAY[pack]
    published = election - timedelta(22)
    cases = list(product(range(4, 8), (None, *range(-1, 6)), (None, *range(-7, -2)),
                         (None, *range(-2, 2))))  # fmt: skip
    rows = voters(pack, [
        {"objected_on": published + timedelta(objected),
         "decided_on": None if decided is None else published + timedelta(objected + decided),
         "sued_on": None if sued is None else election + timedelta(sued),
         "judged_on": None if ruled is None else election + timedelta(ruled)}
        for objected, decided, sued, ruled in cases
    ])  # fmt: skip
    found = judged("nomination.roll", pack, rows)
    for one, (objected, decided, sued, ruled) in enumerate(cases):
        in_time = objected <= 5
        lawful = (decided is None or decided >= 0) and (
            not in_time or (decided is not None and decided <= 3)
        )
        heard = sued is not None and sued <= -5
        lawful = lawful and (not heard or (ruled is not None and ruled < 0))
        assert (found[f"v-{one}"][0] == "pass") == lawful, cases[one]


# art. 44, 45: turnout, papers, majority


@pytest.mark.parametrize("pack", PACKS)
def test_a_vote_elects_whom_it_may(pack: str) -> None:
    cases = list(product((7, 8, 11, 12), range(4, 9), range(4, 8), (1, 2), range(2, 6),
                         (None, *range(1, 6))))  # fmt: skip
    rows = unit_with(pack, len(cases))
    rows["direct_votes"] = [
        {"constituency": f"k-{one}", "round": 1, "kind": "first-vote", "voted_on": DAY[pack],
         "registered": registered, "voted": voted, "returned": returned, "valid": returned,
         "seats": 2, "elected": elected, "fewest_elected": fewest, "most_others": others}
        for one, (registered, voted, returned, elected, fewest, others) in enumerate(cases)
    ]  # fmt: skip
    for row in rows["constituencies"]:
        row["seats"] = 2
    found = judged("slate.direct-votes", pack, rows)
    for one, case in enumerate(cases):
        registered, voted, returned, elected, fewest, others = case
        valid = registered >= voted > registered / 2 and returned <= voted
        lawful = valid and 2 * fewest > voted and max(fewest, others or 0) <= returned
        lawful = lawful and (others is None or fewest > others)
        # A seat left open, and somebody with a majority: those tied are to be voted on again.
        lawful = lawful and not (elected < 2 and others is not None and 2 * others > voted)
        assert (found[f"k-{one}/1"][0] == "pass") == lawful, case
        if lawful:
            assert (found[f"k-{one}"][0] == "pass") == (elected == 2), case


# art. 45: a further election, for as many seats as are open, of those with most votes


@pytest.mark.parametrize("pack", PACKS)
def test_who_stands_in_a_further_election(pack: str) -> None:
    order = (90, 80, 70, 70, 60, 50)
    cases = [
        (won, again)
        for won in range(3)
        for again in product((True, False), repeat=len(order) - won)
    ]
    rows = unit_with(pack, len(cases), direct_votes=[], deputy_lists=[], deputy_candidates=[])
    for one, (won, again) in enumerate(cases):
        name = f"k-{one}"
        common = {"constituency": name, "registered": 150, "voted": 140, "returned": 140,
                  "valid": 140, "voted_on": DAY[pack]}  # fmt: skip
        rows["direct_votes"] += [
            common | {"round": 1, "kind": "first-vote", "seats": 3, "elected": won,
                      "fewest_elected": 80 if won else None, "most_others": 60},
            common | {"round": 2, "kind": "further", "seats": 3 - won, "elected": 3 - won,
                      "fewest_elected": 48, "most_others": 40},
        ]  # fmt: skip
        rows["deputy_lists"].append({"constituency": name, "final": len(order)})
        rows["deputy_candidates"] += [
            {"deputy_candidate": f"x-{one}-{number}", "constituency": name, "listed": True,
             "first_votes": votes, "elected": number < won,
             "further": number >= won and again[number - won]}
            for number, votes in enumerate(order)
        ]  # fmt: skip
    found = judged("slate.direct-votes", pack, rows)
    for one, (won, again) in enumerate(cases):
        seats, left = 3 - won, order[won:]
        standing = [votes for votes, chosen in zip(left, again, strict=True) if chosen]
        passed = [votes for votes, chosen in zip(left, again, strict=True) if not chosen]
        lawful = len(standing) in final_allowed(seats)
        lawful = lawful and min(standing, default=0) >= max(passed, default=0)
        assert (found[f"k-{one}/further"][0] == "pass") == lawful, (won, again)
