"""The slate before the vote: the differential of the adopted method, and introductions.

Rules: the method of a congress fixes how many candidates more than seats each vice post and each
committee has, within what the law lets it (地方组织法 art. 27); more go through a pre-election.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.parameters import NoParameters
from schemas.rules.slate_method import INTRODUCTIONS, METHOD_DIFFERENTIAL
from schemas.vocabulary import CHIEF_POSTS, Body, Status
from schemas.vote_terms import DeputyElection
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import on_record
from tasks.checks.registry import check
from tasks.checks.slate import first_slate, lawful_more, nominations_over, posts_of


@check(METHOD_DIFFERENTIAL)
def method_differential(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """As many candidates as the adopted method fixes for the post (地方组织法 art. 27).

    What the law forbids whatever the method says is reported by the check on the differential.
    """
    number = first_slate(facts).groupby(["unit", "post"]).size().rename("candidates").reset_index()
    fixed = facts.differentials[["unit", "post", "more"]]
    rows = posts_of(facts).merge(number, on=["unit", "post"], how="left")
    rows = rows.merge(fixed, on=["unit", "post"], how="left")
    judge = Judge(rows.merge(nominations_over(facts), on="unit", how="left"), facts.units)
    seats, more = judge["seats"], judge["more"]
    candidates = judge["candidates"].astype("Int64").fillna(0)
    least, most = lawful_more(seats, judge["kind"])
    numbers = {"seats": seats, "candidates": candidates, "due": seats + more}
    judge.not_applicable(judge["body"] == Body.CPPCC, "cppcc")
    judge.not_applicable(judge["kind"].isin(CHIEF_POSTS), "chief")
    judge.not_applicable(
        judge["over"] & ~candidates.between(seats + least, seats + most), "not-lawful-anyway"
    )
    judge.missing(more.isna(), "not-fixed")
    judge.fail(
        ~more.between(least, most), "not-lawful", more=more, seats=seats, least=least, most=most
    )
    # Whoever is too many before that is left to the deliberation and the preliminary vote.
    judge.not_yet(~judge["over"] & (candidates != seats + more), "nominations-open", **numbers)
    judge.fail(candidates < seats + more, "too-few", **numbers)
    judge.fail(candidates > seats + more, "too-many", **numbers)
    return judge.findings()


@check(INTRODUCTIONS)
def introductions(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """On the election day introducing candidates for deputy stops (选举法 art. 34).

    Voters elect on the election day of the calendar; a congress elects deputies of the level above
    on the day on which its session votes.
    """
    rows = on_record(facts, "introductions", "introduced_on")
    rows = rows.merge(facts.sessions[["unit", "voted_on"]], on="unit", how="left")
    rows = rows.merge(facts.calendar[["unit", "election_day"]], on="unit", how="left")
    judge = Judge(rows.assign(subject=rows["introduction"]), facts.units)
    by_voters = judge["election"] == DeputyElection.BY_VOTERS
    introduced = judge["introduced_on"]
    day = judge["voted_on"].mask(by_voters, judge["election_day"])
    judge.missing(day.isna(), "no-day")
    judge.fail(introduced == day, "on-the-day", introduced=introduced)
    judge.nothing(Status.NOT_APPLICABLE, "none")
    return judge.findings()
