"""The direct election of deputies before voters vote: committee, constituencies, lists.

Rules: whoever elects no deputies, or has them elected by congresses, is not asked; of any other
unit a paper that is not on record is missing. A garrison elects by rules of its own and is only
counted. At the gate of the plan nothing need be divided yet: one finding says that nothing on
record breaks the law, so that what is divided lawfully later touches nobody's signature.
"""

from __future__ import annotations

import pandas as pd

from schemas.direct_terms import ConstituencyKind
from schemas.facts import Facts
from schemas.nationalities import nationalities_in
from schemas.places import AUTONOMOUS
from schemas.rules import direct as rules
from schemas.rules.direct_parameters import AllocationRule
from schemas.rules.parameters import LevelsRule
from schemas.vocabulary import Body, Level, Organ, Status
from tasks.checks.judge import Judge, known, of_unit
from tasks.checks.registry import check

APPOINTED_BY = Organ.COUNTY_STANDING_COMMITTEE.value
MOST_SEATS = 3
COUNTY_DIGITS = 6
SIGNERS = 10
# Shares of a nationality among the people, in per cent, from which on other rules hold (art. 19).
MIDDLE, LARGE = 15, 30


def asked(facts: Facts, rule: LevelsRule) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The units whose deputies voters elect in this cycle, and findings that say why not.

    They are those of the levels that the pack names.
    """
    judge = Judge(of_unit(facts.units), facts.units)
    judge.not_applicable(judge["body"] != Body.CONGRESS, "elects-no-deputies")
    judge.not_applicable(~judge["level"].isin(rule.levels), "elected-indirectly")
    findings = judge.judged()
    passed = (findings["status"] == Status.PASS.value).to_numpy()
    return facts.units[passed].reset_index(drop=True), findings[~passed]


def by_voters(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """The constituencies of `units` in which voters vote."""
    rows = facts.constituencies
    rows = rows[rows["kind"] != ConstituencyKind.GARRISON].drop(columns=["_home", "_unit"])
    rows = rows.merge(units[["unit", "jurisdiction", "level"]], on="unit")
    return rows.assign(subject=rows["constituency"])


def without_constituencies(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """What is missing of `units` that have no constituency on record."""
    divided = by_voters(facts, units)["unit"].tolist()
    judge = Judge(of_unit(units[~units["unit"].isin(divided)]), units)
    judge.missing(judge["unit"].notna(), "no-constituencies")
    return judge.judged()


@check(rules.ELECTION_COMMITTEE)
def election_committee(facts: Facts, rule: LevelsRule) -> pd.DataFrame:
    """The standing committee of the county appoints it, a township's too (选举法 art. 10)."""
    units, others = asked(facts, rule)
    committees = facts.election_committees.drop(columns=["_home", "_unit"])
    judge = Judge(of_unit(units).merge(committees, on="unit", how="left"), units)
    county = judge["level"] == Level.COUNTY
    lawful = (judge["appointed_by"] == APPOINTED_BY) | (
        county & (judge["appointed_by"] == Organ.STANDING_COMMITTEE)
    )
    judge.missing(~facts.came(judge["appointed_on"]), "not-appointed")
    judge.fail(~lawful, "wrong-organ", organ=APPOINTED_BY)
    return pd.concat([judge.findings(), others], ignore_index=True)


def townships_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Constituency and township, a row for each township that a constituency names."""
    codes = rows["townships"].str.findall("[0-9]{9}")
    named = rows.assign(township=codes)[["unit", "constituency", "township"]]
    return named.explode("township").dropna().drop_duplicates().astype("str")


def judge_constituencies(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """Each elects one to three, and one at least for each township that lies in it alone."""
    rows = by_voters(facts, units)
    named = townships_of(rows)
    in_one = named[~named.duplicated(["unit", "township"], keep=False)]
    alone = in_one.groupby("constituency").size()
    rows = rows.assign(alone=rows["constituency"].map(alone).astype("Int64"))
    judge = Judge(rows, units)
    number, own = judge["seats"], judge["alone"]
    judge.fail((number < 1) | (number > MOST_SEATS), "not-one-to-three", seats=number)
    judge.fail(known(own > number, unknown=False), "townships-share", seats=number, townships=own)
    return judge.judged()


def tiny_by_decision(facts: Facts, judge: Judge) -> pd.Series:
    """Nationalities that exercise autonomy in a county which the province lets have more seats."""
    shared = pd.Series(
        [
            bool(nationalities_in(one) & nationalities_in(other))
            for one, other in zip(judge["founding_ethnicity"], judge["nationality"], strict=True)
        ],
        dtype=bool,
    )
    decided = facts.came(judge["decided_on"]) & (
        judge["decided_by"] == Organ.PROVINCE_STANDING_COMMITTEE
    )
    return shared & decided & judge["name"].str.endswith(AUTONOMOUS)


def judge_nationalities(facts: Facts, units: pd.DataFrame, rule: AllocationRule) -> pd.DataFrame:
    """Seats of nationalities that live together in the place, by their share (选举法 art. 19)."""
    rows = facts.nationality_seats.drop(columns=["_home", "_unit"])
    rows = rows.rename(columns={"population": "people"}).merge(
        units[["unit", "jurisdiction"]], on="unit"
    )
    places = facts.jurisdictions.drop(columns=["_home", "_unit"])
    rows = rows.merge(places, on="jurisdiction", how="left")
    rows = rows.merge(facts.assemblies[["unit", "members"]], on="unit", how="left")
    judge = Judge(rows.assign(subject=rows["unit"] + "/" + rows["nationality"]), units)
    people, population = judge["people"], judge["population"]
    number, members = judge["seats"], judge["members"]
    # People for each deputy, theirs and everybody's, are compared without dividing.
    theirs, all_ = people * members, population * number
    small, large = people * 100 < population * MIDDLE, people * 100 >= population * LARGE
    apart = (theirs - all_).abs()
    judge.missing(members.isna(), "no-members")
    judge.fail(number == 0, "no-deputy")
    judge.fail(people > population, "more-than-everybody", people=people, population=population)
    judge.fail(
        small & (number > 1) & (theirs * 2 < all_) & ~tiny_by_decision(facts, judge),
        "under-half",
        seats=number,
    )
    judge.fail(
        ~small & ~large & (number * 100 > members * LARGE),
        "over-thirty-percent",
        seats=number,
        members=members,
    )
    # Seats are whole: whoever is less than one seat from the exact share is alike.
    judge.fail(
        large & (apart * 100 > all_ * rule.tolerance) & (apart >= population),
        "not-alike",
        seats=number,
        tolerance=rule.tolerance,
    )
    return judge.judged()


@check(rules.ALLOCATION)
def allocation(facts: Facts, rule: AllocationRule) -> pd.DataFrame:
    """What is divided so far is lawful, whoever it leaves for later (选举法 art. 15, 19, 25)."""
    units, others = asked(facts, rule)
    found = judge_constituencies(facts, units), judge_nationalities(facts, units, rule)
    findings = pd.concat(found, ignore_index=True)
    wrong = findings[findings["status"] != Status.PASS.value]
    lawful = of_unit(units[~units["unit"].isin(wrong["unit"].tolist())])
    return pd.concat([wrong, Judge(lawful, units).judged(), others], ignore_index=True)


@check(rules.COMMITTEE_MEMBERS)
def committee_members(facts: Facts, rule: LevelsRule) -> pd.DataFrame:
    """A member of the committee who is a candidate for deputy leaves it (选举法 art. 10)."""
    units, others = asked(facts, rule)
    committees = facts.election_committees.drop(columns=["_home", "_unit"])
    judge = Judge(of_unit(units).merge(committees, on="unit", how="left"), units)
    nominated = judge["members_nominated"]
    judge.missing(nominated.isna(), "not-said")
    judge.fail(
        (nominated > 0) & ~(judge["members_resigned"] >= nominated),
        "not-resigned",
        nominated=nominated,
    )
    return pd.concat([judge.findings(), others], ignore_index=True)


def judge_seats(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """Each unit's constituencies have its seats, and its founding nationality has some."""
    total = facts.constituencies.groupby("unit")["seats"].sum()
    allotted = facts.nationality_seats.groupby("unit")["nationality"].agg("、".join)
    rows = of_unit(units).merge(facts.assemblies[["unit", "members"]], on="unit", how="left")
    places = facts.jurisdictions[["jurisdiction", "founding_ethnicity"]]
    rows = rows.merge(places, on="jurisdiction", how="left")
    rows = rows.assign(
        total=rows["unit"].map(total).astype("Int64"),
        allotted=rows["unit"].map(allotted).astype("str"),
    )
    judge = Judge(rows, units)
    total, members, founding = judge["total"], judge["members"], judge["founding_ethnicity"]
    lacking = pd.Series(
        [
            bool(nationalities_in(one) - nationalities_in(other))
            for one, other in zip(founding, judge["allotted"], strict=True)
        ],
        dtype=bool,
    )
    judge.missing(total.isna(), "no-constituencies")
    judge.missing(members.isna(), "no-members")
    judge.fail(total > members, "too-many-seats", seats=total, members=members)
    judge.missing(total < members, "seats-left", seats=total, members=members)
    judge.missing(lacking, "no-nationality-seats", nationality=founding)
    return judge.findings()


def judge_townships(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """Each township of a county is in a constituency, and each that is named is one of them."""
    counties = units[units["level"] == Level.COUNTY]
    below = facts.lineage.rename(columns={"jurisdiction": "township", "ancestor": "jurisdiction"})
    below = below[below["township"].isin(facts.townships["jurisdiction"].tolist())]
    due = counties.merge(below, on="jurisdiction")[["unit", "township"]]
    named = townships_of(by_voters(facts, counties))[["unit", "township"]].drop_duplicates()
    rows = due.merge(named, on=["unit", "township"], how="outer", indicator="where")
    judge = Judge(rows.assign(subject=rows["unit"] + "/" + rows["township"]), units)
    judge.missing(judge["where"] == "left_only", "township-left-out", township=judge["township"])
    # A township that is not in this cycle is known by its code: it begins with that of its county.
    elsewhere = judge["township"].str[:COUNTY_DIGITS] != judge["unit"].str[:COUNTY_DIGITS]
    judge.fail(
        (judge["where"] == "right_only") & elsewhere,
        "unknown-township",
        township=judge["township"],
    )
    return judge.judged()


@check(rules.COMPLETE)
def constituencies(facts: Facts, rule: LevelsRule) -> pd.DataFrame:
    """All seats are in constituencies, and so are all townships (选举法 art. 15, 25)."""
    units, others = asked(facts, rule)
    found = judge_seats(facts, units), judge_townships(facts, units), others
    return pd.concat(found, ignore_index=True)


def lawful_numbers(seats: pd.Series) -> tuple[pd.Series, pd.Series]:
    """How many candidates, least and most: a third to once more than seats (选举法 art. 31)."""
    return seats + -(-seats // 3), seats * 2


def judge_lists(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """The list of each constituency: nominated, preliminary, final (选举法 art. 30 to 32)."""
    lists = facts.deputy_lists.drop(columns=["_home", "_unit"])
    judge = Judge(by_voters(facts, units).merge(lists, on="constituency", how="left"), units)
    number, nominated = judge["seats"], judge["nominated"]
    preliminary, final = judge["preliminary"], judge["final"]
    least, most = lawful_numbers(number)
    too_long = preliminary > most
    judge.missing(nominated.isna(), "no-list")
    judge.fail(
        known(judge["fewest_signers"] < SIGNERS, unknown=False),
        "too-few-signers",
        signers=judge["fewest_signers"],
    )
    judge.fail(
        judge["most_by_one"] > number,
        "too-many-by-one",
        nominated=judge["most_by_one"],
        seats=number,
    )
    judge.missing(preliminary.isna(), "no-preliminary")
    counts = {"nominated": nominated, "preliminary": preliminary}
    judge.fail(preliminary < nominated, "left-out", **counts)
    judge.fail(preliminary > nominated, "put-in", **counts)
    judge.missing(final.isna(), "no-final")
    judge.fail(final > preliminary, "added", final=final, preliminary=preliminary)
    judge.missing(too_long & judge["agreed"].isna(), "not-said-how", preliminary=preliminary)
    judge.fail(
        too_long & ~judge["agreed"] & ~facts.came(judge["pre_elected_on"]),
        "no-pre-election",
        preliminary=preliminary,
    )
    counts = {"seats": number, "final": final, "least": least, "most": most}
    judge.fail(final < least, "too-few", **counts)
    judge.fail(final > most, "too-many", **counts)
    return judge.judged()


def judge_candidates(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """Voters are told of false data, and foreign funding strikes off (选举法 art. 30, 35)."""
    rows = facts.deputy_candidates.drop(columns=["_home", "_unit"])
    rows = rows.merge(by_voters(facts, units)[["unit", "constituency"]], on="constituency")
    judge = Judge(rows.assign(subject=rows["deputy_candidate"]), units)
    judge.fail(judge["false_data"] & ~facts.came(judge["announced_on"]), "not-announced")
    judge.fail(judge["foreign_funding"] & (judge["listed"] | judge["elected"]), "foreign-funding")
    return judge.judged()


@check(rules.DEPUTY_LISTS)
def deputy_lists(facts: Facts, rule: LevelsRule) -> pd.DataFrame:
    """Everybody nominated is listed, and the final list has its number (选举法 art. 30 to 35)."""
    units, others = asked(facts, rule)
    lacking = without_constituencies(facts, units)
    found = judge_lists(facts, units), judge_candidates(facts, units), lacking, others
    return pd.concat(found, ignore_index=True)
