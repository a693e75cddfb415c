"""Nomination (提名), the slate: how many candidates, who nominated them, and who can stand.

Rules: candidates are those that are still proposed; who has withdrawn or was excluded counts
neither for a post nor against a nominator.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.nomination import CAPS, CHANNEL, DIFFERENTIAL, ELIGIBILITY
from schemas.rules.parameters import ChannelRule, EligibilityRule, NoParameters
from schemas.vocabulary import (
    CHIEF_POSTS,
    Body,
    CandidateStatus,
    Level,
    NominationChannel,
    PostKind,
)
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import on_record, with_calendar
from tasks.checks.registry import check

FROM_DEPUTIES = (
    PostKind.CHAIR,
    PostKind.VICE_CHAIR,
    PostKind.SECRETARY_GENERAL,
    PostKind.MEMBER,
)


def proposed(facts: Facts) -> pd.DataFrame:
    """The candidates who are still proposed, with body and level of their unit."""
    candidates = facts.candidates[facts.candidates["status"] == CandidateStatus.PROPOSED]
    units = facts.units[["unit", "jurisdiction", "body", "level"]]
    rows = candidates.drop(columns=["_home", "_unit"]).merge(units, on="unit")
    return rows.assign(subject=rows["candidate"])


def posts_of(facts: Facts) -> pd.DataFrame:
    """The posts of the units in scope, with body and level of their unit."""
    units = facts.units[["unit", "body", "level"]]
    posts = facts.posts.drop(columns=["_home", "_unit"]).merge(units, on="unit")
    return posts.assign(subject=posts["post"])


@check(DIFFERENTIAL)
def differential(facts: Facts, rule: NoParameters) -> pd.DataFrame:
    """More candidates than seats, by what the post is (地方组织法 art. 27; 政协 等额).

    A chief may have a rival, deputies one to three, members of a standing committee a tenth to a
    fifth more; a CPPCC proposes as many as there are seats.
    """
    posts = posts_of(facts)
    number = proposed(facts).groupby(["unit", "post"]).size().rename("candidates").reset_index()
    judge = Judge(posts.merge(number, on=["unit", "post"], how="left"), facts.units)
    seats, candidates = judge["seats"], judge["candidates"].astype("Int64").fillna(0)
    cppcc = judge["body"] == Body.CPPCC
    chief = judge["kind"].isin(CHIEF_POSTS)
    member = judge["kind"] == PostKind.MEMBER
    least = (seats + 1).case_when(
        [(cppcc, seats), (chief, seats), (member, seats + (seats + 9) // 10)]
    )
    most = (seats + 3).case_when([(cppcc, seats), (chief, seats + 1), (member, seats + seats // 5)])
    judge.fail(seats == 0, "zero-seats")
    judge.fail(least > most, "no-lawful-number", seats=seats)
    judge.missing(candidates == 0, "no-candidates", seats=seats)
    numbers = {"seats": seats, "candidates": candidates, "least": least, "most": most}
    judge.fail(candidates < least, "too-few", **numbers)
    judge.fail(candidates > most, "too-many", **numbers)
    return judge.findings()


def nominations_of(facts: Facts) -> pd.DataFrame:
    """The nominations on record, in a fixed order, with the number of deputies who signed."""
    signers = facts.signers.groupby("nomination").size().rename("signers").reset_index()
    rows = on_record(facts, "nominations", "nominated_on").merge(signers, how="left")
    rows = rows.assign(signers=rows["signers"].astype("Int64").fillna(0))
    return rows.sort_values("nomination", ignore_index=True)


@check(CHANNEL)
def channel(facts: Facts, rule: ChannelRule) -> pd.DataFrame:
    """By the presidium, or by enough deputies jointly (地方组织法 art. 26).

    In a CPPCC by consultation. One lawful nomination is enough; a second petition with too few
    signers does no harm.
    """
    slate = proposed(facts)
    needed = {"city": rule.city, "county": rule.county, "township": rule.township}
    rows = slate[["candidate", "unit", "post", "body", "level"]].merge(
        nominations_of(facts), on=["candidate", "unit"], suffixes=("", "_nominated")
    )
    rows = rows.assign(needed=rows["level"].map(needed).astype("Int64"))
    by_consultation = rows["channel"] == NominationChannel.CONSULTATION
    joint = rows["channel"] == NominationChannel.DEPUTIES
    enough = ~joint | (rows["signers"] >= rows["needed"])

    judge = Judge(slate, facts.units)

    def first(condition: pd.Series) -> pd.DataFrame:
        found = rows[condition.astype(bool)].drop_duplicates("candidate").set_index("candidate")
        return found.reindex(judge["candidate"]).reset_index()

    another_post = first(rows["post"] != rows["post_nominated"])
    wrong = first(by_consultation != (rows["body"] == Body.CPPCC))
    short = first(~enough)
    judge.missing(~judge["candidate"].isin(rows["candidate"]), "not-nominated")
    judge.fail(
        another_post["nomination"].notna(), "another-post", nomination=another_post["nomination"]
    )
    judge.fail(
        wrong["nomination"].notna(),
        "wrong-channel",
        nomination=wrong["nomination"],
        nomination_channel=wrong["channel"],
    )
    judge.fail(
        ~judge["candidate"].isin(rows.loc[enough, "candidate"]),
        "too-few-signers",
        signers=short["signers"],
        needed=short["needed"],
    )
    return judge.findings()


@check(CAPS)
def caps(facts: Facts, rule: NoParameters) -> pd.DataFrame:
    """Neither the presidium nor any deputy nominates more than there are seats (art. 26)."""
    slate = proposed(facts)[["unit", "post", "candidate"]]
    rows = nominations_of(facts).merge(slate, on=["unit", "post", "candidate"])
    presidium = rows[rows["channel"] == NominationChannel.PRESIDIUM]
    presidium = presidium.groupby(["unit", "post"], as_index=False).agg(
        presidium=("candidate", "nunique")
    )
    posts = posts_of(facts)
    signed = rows[["unit", "post", "candidate", "nomination"]].merge(
        facts.signers[["nomination", "deputy"]], on="nomination"
    )
    signed = signed.groupby(["unit", "post", "deputy"], as_index=False).agg(
        signed=("candidate", "nunique")
    )
    signed = signed.merge(posts[["unit", "post", "seats"]], on=["unit", "post"])
    offenders = signed[signed["signed"] > signed["seats"]]
    offenders = offenders.groupby(["unit", "post"], as_index=False).agg(
        deputies=("deputy", "nunique"), deputy=("deputy", "min")
    )
    posts = posts.assign(nominated=posts["post"].isin(rows["post"]))
    posts = posts.merge(presidium, on=["unit", "post"], how="left")
    judge = Judge(posts.merge(offenders, on=["unit", "post"], how="left"), facts.units)
    seats, presidium_number = judge["seats"], judge["presidium"].astype("Int64").fillna(0)
    judge.not_applicable(judge["body"] == Body.CPPCC, "consultation")
    judge.missing(~judge["nominated"], "not-nominated")
    judge.fail(presidium_number > seats, "presidium", candidates=presidium_number, seats=seats)
    judge.fail(
        judge["deputy"].notna(),
        "deputies",
        deputies=judge["deputies"],
        deputy=judge["deputy"],
        seats=seats,
    )
    return judge.findings()


@check(ELIGIBILITY)
def eligibility(facts: Facts, rule: EligibilityRule) -> pd.DataFrame:
    """Chosen from the deputies and free of incompatible offices (地方组织法 art. 18, 47).

    The head of an ethnic township is of its founding ethnicity (art. 70); everybody is of age.
    """
    posts = facts.posts[["unit", "post", "kind"]]
    places = facts.jurisdictions[["jurisdiction", "founding_ethnicity"]]
    rows = proposed(facts).merge(posts, on=["unit", "post"], how="left")
    rows = rows.merge(places, on="jurisdiction", how="left")
    judge = Judge(with_calendar(facts, rows), facts.units)
    kind, opens, founding = judge["kind"], judge["session_opens_on"], judge["founding_ethnicity"]
    cppcc = judge["body"] == Body.CPPCC
    committee = (judge["body"] == Body.CONGRESS) & kind.isin(FROM_DEPUTIES)
    judge.missing(kind.isna(), "unknown-post")
    judge.missing(opens.isna(), "no-calendar")
    judge.fail((cppcc | committee) & ~judge["assembly_member"], "not-a-member", post_kind=kind)
    judge.fail(
        committee & judge["incompatible_office"] & ~judge["will_resign"],
        "incompatible-office",
        post_kind=kind,
    )
    judge.fail(
        (kind == PostKind.HEAD)
        & (judge["level"] == Level.TOWNSHIP)
        & founding.notna()
        & (judge["ethnicity"] != founding),
        "founding-ethnicity",
    )
    of_age = judge["birth_date"] + pd.DateOffset(years=rule.age)
    judge.fail(~(of_age <= opens), "too-young", opens=opens, age=rule.age)
    return judge.findings()
