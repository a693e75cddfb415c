"""Direct elections of deputies: who is asked, what is missing where nothing is on record, days.

What is expected follows from 选举法 art. 9 and 25 to 45; the cases of the corpora hold the rest.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.law.base import PACKS
from tests.law.numbers import judged, places

CHECKS = ("plan.election-committee", "plan.allocation", "nomination.committee-members",
          "nomination.constituencies", "nomination.roll", "nomination.deputy-lists",
          "slate.direct-votes")  # fmt: skip
DAY = date(2016, 11, 9)
UNIT = "county0-congress"
Row = dict[str, Any]


def county(**rows: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = dict(places("county", [300_000]))
    found["assemblies"] = [{"unit": UNIT, "members": 3}]
    found["calendar"] = [{"unit": UNIT, "election_day": DAY}]
    return found | rows


def constituency(**values: Any) -> list[Row]:
    return [{"constituency": "k-1", "unit": UNIT, "kind": "residence", "seats": 3,
             "townships": None} | values]  # fmt: skip


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("code", CHECKS)
def test_who_elects_no_deputies_directly_is_told_why_nothing_is_asked(code: str, pack: str) -> None:
    for level, body, reason in (
        ("city", "congress", "elected-indirectly"),
        ("county", "government", "elects-no-deputies"),
        ("county", "cppcc", "elects-no-deputies"),
        ("township", "government", "elects-no-deputies"),
    ):
        found = judged(code, pack, places(level, [300_000], body))
        assert found == {f"{level}0-{body}": ("not_applicable", reason)}


@pytest.mark.parametrize("code", CHECKS)
def test_a_level_that_the_pack_does_not_name_is_not_asked(code: str) -> None:
    rows: dict[str, Any] = dict(places("township", [30_000]))
    rows["constituencies"] = constituency(unit="township0-congress")
    found = judged(code, "cn-2016", rows, None, levels=("county",))
    assert found == {"township0-congress": ("not_applicable", "elected-indirectly")}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("level", ["county", "township"])
def test_where_nothing_is_on_record_every_paper_is_missing(level: str, pack: str) -> None:
    rows = places(level, [300_000])
    unit = f"{level}0-congress"
    told = {code: judged(code, pack, rows)[unit] for code in CHECKS}
    assert told == {
        "plan.election-committee": ("missing", "not-appointed"),
        # It is divided once a plan is settled, and asked for at the nomination.
        "plan.allocation": ("pass", ""),
        "nomination.committee-members": ("missing", "not-said"),
        "nomination.constituencies": ("missing", "no-constituencies"),
        "nomination.roll": ("missing", "not-said"),
        "nomination.deputy-lists": ("missing", "no-constituencies"),
        "slate.direct-votes": ("missing", "no-constituencies"),
    }


def test_a_garrison_alone_is_no_constituency_of_voters() -> None:
    rows = county(constituencies=constituency(kind="garrison"))
    assert judged("nomination.constituencies", "cn-2016", rows)[UNIT] == ("pass", "")
    for code in ("nomination.deputy-lists", "slate.direct-votes"):
        assert judged(code, "cn-2016", rows) == {UNIT: ("missing", "no-constituencies")}


def test_a_garrison_elects_one_at_least_and_as_many_as_it_has() -> None:
    for seats in (1, 3, 4, 9):
        rows = county(constituencies=constituency(kind="garrison", seats=seats))
        assert judged("plan.allocation", "cn-2016", rows) == {UNIT: ("pass", "")}


def test_without_a_number_of_deputies_neither_seats_nor_shares_are_judged() -> None:
    rows = county(
        constituencies=constituency(),
        assemblies=[],
        nationality_seats=[{"unit": UNIT, "nationality": "回族", "population": 10, "seats": 1}],
    )
    assert judged("nomination.constituencies", "cn-2016", rows)[UNIT] == ("missing", "no-members")
    found = judged("plan.allocation", "cn-2016", rows)
    assert found == {f"{UNIT}/回族": ("missing", "no-members")}


def test_a_nationality_of_more_people_than_live_there_is_none() -> None:
    rows = county(
        nationality_seats=[{"unit": UNIT, "nationality": "回族", "population": 300_001, "seats": 3}]
    )
    found = judged("plan.allocation", "cn-2016", rows)
    assert found == {f"{UNIT}/回族": ("fail", "more-than-everybody")}


def divided(townships: str, *below: str) -> dict[str, Any]:
    """A county of which `below` are the townships in the cycle, with one constituency."""
    place = {"level": "township", "parent": "640302", "population": 9_000}
    return {
        "jurisdictions": [
            {"jurisdiction": "640300", "name": "某市", "level": "city", "population": 1_000_000},
            {"jurisdiction": "640302", "name": "某县", "level": "county", "parent": "640300",
             "population": 300_000},
            *({"jurisdiction": one, "name": "某镇", **place} for one in below),
        ],
        "units": [{"unit": "640302-congress", "jurisdiction": "640302", "body": "congress"}],
        "constituencies": constituency(unit="640302-congress", townships=townships),
    }  # fmt: skip


def test_a_street_is_in_a_constituency_though_it_elects_nobody_itself() -> None:
    """选举法 art. 25: all of the county is divided; a street has no congress, and no cycle."""
    found = judged("nomination.constituencies", "cn-2026", divided("640302001、640302100",
                                                                   "640302100"))  # fmt: skip
    for code in ("640302001", "640302100"):
        assert found[f"640302-congress/{code}"] == ("pass", "")


def test_a_township_is_of_the_county_that_stands_above_it_whatever_its_code() -> None:
    rows = divided("640303100", "640303100")
    found = judged("nomination.constituencies", "cn-2026", rows)
    assert found["640302-congress/640303100"] == ("pass", "")
    found = judged("nomination.constituencies", "cn-2026", divided("640303100"))
    assert found["640302-congress/640303100"] == ("fail", "unknown-township")


def test_a_committee_that_is_to_be_appointed_is_not_appointed_yet() -> None:
    committee = {"unit": UNIT, "appointed_by": "county-standing-committee", "appointed_on": DAY,
                 "document": "x"}  # fmt: skip
    rows = county(election_committees=[committee])
    for on, told in ((DAY, ("pass", "")), (DAY - timedelta(1), ("missing", "not-appointed"))):
        assert judged("plan.election-committee", "cn-2016", rows, on)[UNIT] == told


# The roll: who is waited for, and until when


def question(**values: Any) -> dict[str, Any]:
    roll = {
        "unit": UNIT,
        "kind": "voter-roll",
        "published_on": DAY - timedelta(22),
        "document": "x",
    }
    usual = {"voter": "v-1", "unit": UNIT, "birth_date": date(1980, 1, 1), "ground": "none",
             "on_roll": True}  # fmt: skip
    committee = {"unit": UNIT, "roll_questions": 1}
    return county(election_committees=[committee], notices=[roll], roll_questions=[usual | values])


@pytest.mark.parametrize(
    ("on", "status"), [(-15, "not_yet"), (-14, "not_yet"), (-13, "fail"), (0, "fail")]
)
def test_an_objection_is_waited_for_three_days(on: int, status: str) -> None:
    """Of the 24th before election day minus seven: due on the 14th before."""
    rows = question(objected_on=DAY - timedelta(17))
    found = judged("nomination.roll", "cn-2016", rows, DAY + timedelta(on))
    assert found["v-1"][0] == status


@pytest.mark.parametrize(("on", "status"), [(-1, "not_yet"), (0, "fail")])
def test_a_judgement_is_waited_for_until_election_day(on: int, status: str) -> None:
    rows = question(
        objected_on=DAY - timedelta(18), decided_on=DAY - timedelta(16), sued_on=DAY - timedelta(9)
    )
    found = judged("nomination.roll", "cn-2016", rows, DAY + timedelta(on))
    assert found["v-1"][0] == status


def test_without_an_election_day_nobody_s_age_is_judged() -> None:
    rows = question() | {"calendar": []}
    assert judged("nomination.roll", "cn-2016", rows)["v-1"] == ("missing", "no-election-day")


def test_without_a_published_roll_no_objection_is_late() -> None:
    rows = question(objected_on=DAY - timedelta(17), decided_on=DAY - timedelta(2))
    assert judged("nomination.roll", "cn-2016", rows)["v-1"] == ("fail", "decided-late")
    assert judged("nomination.roll", "cn-2016", rows | {"notices": []})["v-1"] == ("pass", "")


# Votes: what a province or the day decides


def voted(*votes: Row, candidates: tuple[Row, ...] = (), final: int = 5) -> dict[str, Any]:
    usual = {"constituency": "k-1", "round": 1, "kind": "first-vote", "voted_on": DAY,
             "registered": 3000, "voted": 2400, "returned": 2390, "valid": 1790, "seats": 3,
             "elected": 2, "fewest_elected": 1500, "most_others": 1000}  # fmt: skip
    return county(
        constituencies=constituency(),
        direct_votes=[usual | one for one in votes],
        deputy_lists=[{"constituency": "k-1", "final": final}],
        deputy_candidates=[
            {"listed": True, "further": False, "elected": False, "constituency": "k-1"} | one
            for one in candidates
        ],
    )


PEOPLE = (
    {"deputy_candidate": "x-1", "first_votes": 1600, "elected": True},
    {"deputy_candidate": "x-2", "first_votes": 1500, "elected": True},
    {"deputy_candidate": "x-3", "first_votes": 1000, "further": True, "elected": True},
    {"deputy_candidate": "x-4", "first_votes": 700, "further": True},
    {"deputy_candidate": "x-5", "first_votes": 700},
)
FURTHER = {"round": 2, "kind": "further", "seats": 1, "elected": 1}


@pytest.mark.parametrize(("votes", "of_valid", "of_returned"), [
    (597, "pass", "fail"), (596, "fail", "fail"), (797, "pass", "pass"), (796, "pass", "fail"),
])  # fmt: skip
def test_a_third_is_of_valid_papers_or_of_all(votes: int, of_valid: str, of_returned: str) -> None:
    rows = voted({}, FURTHER | {"fewest_elected": votes, "most_others": 1}, candidates=PEOPLE)
    for valid_papers, status in ((True, of_valid), (False, of_returned)):
        found = judged("slate.direct-votes", "cn-2016", rows, valid_papers=valid_papers)
        assert found["k-1/2"][0] == status


def test_a_void_vote_elects_nobody_though_all_papers_name_one() -> None:
    """Half of the voters: no valid election (选举法 art. 45), whoever has how many votes."""
    half = {"voted": 1500, "returned": 1500, "valid": 1500, "elected": 0, "fewest_elected": None}
    found = judged("slate.direct-votes", "cn-2016", voted(half | {"most_others": 1500}))
    assert found["k-1/1"] == ("pass", "")


@pytest.mark.parametrize(("standing", "told"), [
    (0, ("missing", "no-names")), (1, ("fail", "wrong-number")), (2, ("pass", "")),
])  # fmt: skip
def test_two_stand_again_for_one_seat(standing: int, told: tuple[str, str]) -> None:
    """选举法 art. 45: 如果只选一人，候选人应为二人. Nobody on record is not too few."""
    people = [{**one, "further": number in range(2, 2 + standing)}
              for number, one in enumerate(PEOPLE)]  # fmt: skip
    rows = voted({}, FURTHER | {"fewest_elected": 900, "most_others": 1},
                 candidates=tuple(people if standing else ()))  # fmt: skip
    assert judged("slate.direct-votes", "cn-2016", rows)["k-1/further"] == told


def test_of_those_with_as_many_votes_either_may_stand_again() -> None:
    rows = voted({}, FURTHER | {"fewest_elected": 900, "most_others": 1}, candidates=PEOPLE)
    assert judged("slate.direct-votes", "cn-2016", rows)["k-1/further"] == ("pass", "")


def test_a_further_election_in_which_too_few_took_part_is_held_again() -> None:
    none = {"voted": 1500, "returned": 1500, "valid": 1490, "elected": 0, "fewest_elected": None}
    rows = voted({}, FURTHER | none | {"most_others": 800}, candidates=PEOPLE)
    assert judged("slate.direct-votes", "cn-2016", rows)["k-1"] == ("missing", "seats-open")
    again = FURTHER | {"round": 3, "fewest_elected": 900, "most_others": 1}
    rows = voted({}, FURTHER | none | {"most_others": 800}, again, candidates=PEOPLE)
    found = judged("slate.direct-votes", "cn-2016", rows)
    assert {status for status, _ in found.values()} == {"pass"}


def test_a_vote_without_an_election_day_is_not_judged() -> None:
    rows = voted({"elected": 3}) | {"calendar": []}
    found = judged("slate.direct-votes", "cn-2016", rows)
    assert found["k-1/1"] == ("missing", "no-election-day")
