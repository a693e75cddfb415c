"""Nomination (提名), papers: lists published, time to discuss, recommendation, consultation."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.nomination import (
    CONSULTATION,
    CONSULTED,
    DELIBERATION,
    LISTS,
    RECOMMENDATION,
)
from schemas.rules.parameters import DeliberationRule, ListsRule, NoParameters, RecommendationRule
from schemas.vocabulary import Body, DocumentKind, Level, NoticeKind, Organ
from tasks.checks.judge import Judge, of_unit
from tasks.checks.plan_subjects import due, in_order, on_record, with_calendar
from tasks.checks.registry import check

LISTED_BY = (Organ.SUPERIOR_COMMITTEE.value, Organ.ORGANISATION.value)


@check(LISTS)
def lists(facts: Facts, rule: ListsRule) -> pd.DataFrame:
    """Voters see roll and lists so many days before they vote (选举法 art. 28, 32).

    A CPPCC publishes its members by the day on which it meets; city deputies have no voters.
    """
    voters = (
        (NoticeKind.VOTER_ROLL, rule.roll_days),
        (NoticeKind.DEPUTIES_PRELIMINARY, rule.preliminary_days),
        (NoticeKind.DEPUTIES_FINAL, rule.final_days),
    )
    wanted = [
        (Body.CONGRESS.value, level.value, kind.value, days)
        for level in (Level.COUNTY, Level.TOWNSHIP)
        for kind, days in voters
    ]
    wanted += [
        (Body.CPPCC.value, level.value, NoticeKind.MEMBERSHIP.value, rule.membership_days)
        for level in Level
    ]
    published = on_record(facts, "notices", "published_on")
    rows = facts.units.merge(
        pd.DataFrame(wanted, columns=["body", "level", "kind", "days"]),
        on=["body", "level"],
        how="left",
    )
    rows = rows.assign(subject=(rows["unit"] + "/" + rows["kind"]).fillna(rows["unit"]))
    rows = with_calendar(facts, rows.merge(published, on=["unit", "kind"], how="left"))
    judge = Judge(rows, facts.units)
    congress, kind, day = judge["body"] == Body.CONGRESS, judge["kind"], judge["published_on"]
    vote, opens = judge["election_day"], judge["session_opens_on"]
    last = vote.where(congress, opens) - pd.to_timedelta(judge["days"], unit="D")
    judge.not_applicable(judge["body"] == Body.GOVERNMENT, "elects-no-deputies")
    judge.not_applicable(congress & (judge["level"] == Level.CITY), "elected-indirectly")
    judge.missing(opens.isna(), "no-calendar")
    judge.missing(congress & vote.isna(), "no-election-day")
    judge.missing(day.isna(), "not-published", notice=kind)
    judge.fail(~(day <= last), "too-late", notice=kind, published=day, due=last)
    return judge.findings()


@check(DELIBERATION)
def deliberation(facts: Facts, rule: DeliberationRule) -> pd.DataFrame:
    """Congresses of cities and counties nominate and discuss for two days (地方组织法 art. 27)."""
    held = on_record(facts, "deliberations", "closed_on")
    votes = facts.sessions[["unit", "voted_on"]]
    rows = of_unit(facts.units).merge(held, on="unit", how="left")
    judge = Judge(rows.merge(votes, on="unit", how="left"), facts.units)
    days = (judge["closed_on"] - judge["opened_on"]).dt.days + 1
    judge.not_applicable(judge["body"] == Body.CPPCC, "cppcc")
    judge.not_applicable(judge["level"] == Level.TOWNSHIP, "township")
    judge.missing(judge["closed_on"].isna(), "not-ended")
    judge.fail(~(days >= rule.days), "too-short", days=days, needed=rule.days)
    judge.fail(
        judge["closed_on"] >= judge["voted_on"],
        "on-the-day-of-the-vote",
        closed=judge["closed_on"],
        voted=judge["voted_on"],
    )
    return judge.findings()


def place_in_order(rule: RecommendationRule) -> dict[str, int]:
    """The place of each step; those that may come in any order have one."""
    either = [rule.steps.index(kind) for kind in rule.either_first]
    return {
        kind.value: min(either) if kind in rule.either_first else place
        for place, kind in enumerate(rule.steps)
    }


@check(RECOMMENDATION)
def recommendation(facts: Facts, rule: RecommendationRule) -> pd.DataFrame:
    """Every step of the recommendation in its order, and still valid (条例 2019 art. 18; 2014 16).

    The reference list is drawn up by the committee above or an organisation department.
    """
    documents = on_record(facts, "documents", "issued_on")
    rows = due(facts.units, "kind", rule.steps, of="unit")
    rows = rows.assign(position=rows["kind"].map(place_in_order(rule)))
    rows = in_order(rows.merge(documents, on=["unit", "kind"], how="left"), "issued_on")
    judge = Judge(with_calendar(facts, rows), facts.units)
    kind, issued, before = judge["kind"], judge["issued_on"], judge["before"]
    opens = judge["session_opens_on"]
    judge.missing(issued.isna(), "no-document", document=kind)
    judge.missing(opens.isna(), "no-calendar")
    judge.fail(
        (kind == DocumentKind.REFERENCE_LIST) & ~judge["issued_by"].isin(LISTED_BY),
        "wrong-organ",
        document=kind,
        organ=", ".join(LISTED_BY),
    )
    judge.fail(issued < before, "out-of-order", document=kind, issued=issued, before=before)
    judge.fail(
        (kind == DocumentKind.RECOMMENDATION_MEETING)
        & (opens > issued + pd.DateOffset(months=rule.months)),
        "outdated",
        held=issued,
        opens=opens,
        months=rule.months,
    )
    return judge.findings()


@check(CONSULTATION)
def consultation(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Consultation, the letter last (条例 2014 art. 46, 48); for a CPPCC, who its members are.

    The letter goes to the presidium: it is due when the session opens, and is no older than the
    committee's decision, which follows the examinations (1990年若干规定 art. 3).
    """
    wanted = pd.DataFrame(
        [
            (body.value, chain, position, kind.value, organ.value)
            for body, chains in CONSULTED.items()
            for chain, steps in enumerate(chains)
            for position, (kind, organ) in enumerate(steps)
        ],
        columns=["body", "chain", "position", "kind", "organ"],
    )
    rows = facts.units.merge(wanted, on="body")
    rows = rows.assign(subject=rows["unit"] + "/" + rows["kind"])
    rows = rows.merge(on_record(facts, "documents", "issued_on"), on=["unit", "kind"], how="left")
    rows = in_order(rows, "issued_on", "unit", "chain")
    decided = facts.committee_votes[["unit", "decided_on"]]
    rows = with_calendar(facts, rows).merge(decided, on="unit", how="left")
    judge = Judge(rows, facts.units)
    kind, issued, before = judge["kind"], judge["issued_on"], judge["before"]
    letter, opens = kind == DocumentKind.RECOMMENDATION_LETTER, judge["session_opens_on"]
    judge.missing(letter & issued.isna() & opens.isna(), "no-calendar")
    judge.not_applicable(
        letter & issued.isna() & (opens > facts.today), "not-due", document=kind, opens=opens
    )
    judge.missing(issued.isna(), "no-document", document=kind)
    judge.fail(
        judge["issued_by"] != judge["organ"], "wrong-organ", document=kind, organ=judge["organ"]
    )
    judge.fail(issued < before, "out-of-order", document=kind, issued=issued, before=before)
    judge.fail(
        letter & (issued < judge["decided_on"]),
        "before-vetting",
        document=kind,
        issued=issued,
        before=judge["decided_on"],
    )
    return judge.findings()
