"""Nomination (提名), papers: recommendation, proposals, consultation, lists published."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.nomination import CONSULTATION, LISTS, PROPOSALS, RECOMMENDATION
from schemas.rules.parameters import ListsRule, NoParameters, RecommendationRule
from schemas.vocabulary import Body, DocumentKind, Level, NoticeKind, Organ
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import due, in_order, on_record, with_calendar
from tasks.checks.registry import check

LISTED_BY = (Organ.SUPERIOR_COMMITTEE.value, Organ.ORGANISATION.value)


@check(LISTS)
def lists(facts: Facts, rule: ListsRule) -> pd.DataFrame:
    """Voters see roll and lists so many days before they vote (选举法 art. 28, 32).

    City deputies and members of a CPPCC have no voters.
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
    published = on_record(facts, "notices", "published_on")
    rows = facts.units.merge(
        pd.DataFrame(wanted, columns=["body", "level", "kind", "days"]),
        on=["body", "level"],
        how="left",
    )
    rows = rows.assign(subject=(rows["unit"] + "/" + rows["kind"]).fillna(rows["unit"]))
    days = facts.calendar[["unit", "election_day"]].assign(planned=True)
    rows = rows.merge(published, on=["unit", "kind"], how="left").merge(days, on="unit", how="left")
    judge = Judge(rows, facts.units)
    kind, day, vote = judge["kind"], judge["published_on"], judge["election_day"]
    last = vote - pd.to_timedelta(judge["days"], unit="D")
    judge.not_applicable(judge["body"] != Body.CONGRESS, "elects-no-deputies")
    judge.not_applicable(judge["level"] == Level.CITY, "elected-indirectly")
    judge.missing(judge["planned"].isna(), "no-calendar")
    judge.missing(vote.isna(), "no-election-day")
    judge.missing(day.isna(), "not-published", notice=kind)
    judge.fail(~(day <= last), "too-late", notice=kind, published=day, due=last)
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


@check(PROPOSALS)
def proposals(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The party side proposes somebody for every post (条例: 按领导职位全额定向推荐)."""
    posts = facts.posts[["unit", "post"]].assign(listed=True)
    people = facts.candidates[["unit", "post", "candidate"]]
    people = people.sort_values("candidate").drop_duplicates(["unit", "post"])
    rows = posts.merge(people, on=["unit", "post"], how="outer")
    judge = Judge(rows.assign(subject=rows["post"]), facts.units)
    judge.missing(judge["candidate"].isna(), "no-proposal")
    judge.fail(judge["listed"].isna(), "unknown-post", candidate=judge["candidate"])
    return judge.findings()


@check(CONSULTATION)
def consultation(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The united front department consults those outside the party (条例 2014 art. 48)."""
    kind = DocumentKind.CONSULTATION
    rows = due(facts.units, "kind", (kind,), of="unit")
    rows = rows.merge(on_record(facts, "documents", "issued_on"), on=["unit", "kind"], how="left")
    judge = Judge(rows, facts.units)
    judge.missing(judge["issued_on"].isna(), "no-document", document=kind)
    judge.fail(
        judge["issued_by"] != Organ.UNITED_FRONT,
        "wrong-organ",
        document=kind,
        organ=Organ.UNITED_FRONT,
    )
    return judge.findings()
