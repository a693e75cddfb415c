"""The slate before the vote, papers: time to discuss, the letter, the members of a CPPCC."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.parameters import DeliberationRule, MembershipRule, NoParameters
from schemas.rules.slate import DELIBERATION, LETTER, MEMBERSHIP
from schemas.vocabulary import Body, DocumentKind, Level, Organ
from tasks.checks.judge import Judge, of_unit
from tasks.checks.plan_subjects import due, in_order, on_record, with_calendar
from tasks.checks.registry import check

Steps = tuple[tuple[DocumentKind, Organ | None], ...]  # who issues it, if that is asked here
LETTER_LAST: Steps = (
    (DocumentKind.CONSULTATION, None),
    (DocumentKind.RECOMMENDATION_LETTER, Organ.PARTY_COMMITTEE),
)
AGREED_AND_DECIDED: Steps = (
    (DocumentKind.MEMBERSHIP_AGREED, Organ.CPPCC_CHAIRMEN),
    (DocumentKind.MEMBERSHIP_DECIDED, Organ.CPPCC_STANDING_COMMITTEE),
)


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


def _steps(facts: Facts, steps: Steps) -> pd.DataFrame:
    """A row for each unit and document, in order, with who is to issue it (`organ`)."""
    rows = due(facts.units, "kind", [kind.value for kind, _ in steps], of="unit")
    rows = rows.assign(organ=rows["kind"].map({kind.value: by for kind, by in steps}))
    rows = rows.merge(on_record(facts, "documents", "issued_on"), on=["unit", "kind"], how="left")
    return in_order(rows, "issued_on")


def _judge_steps(judge: Judge) -> None:
    kind, issued, before = judge["kind"], judge["issued_on"], judge["before"]
    judge.missing(issued.isna(), "no-document", document=kind)
    organ = judge["organ"]
    wrong = organ.notna() & (judge["issued_by"] != organ)
    judge.fail(wrong, "wrong-organ", document=kind, organ=organ)
    judge.fail(issued < before, "out-of-order", document=kind, issued=issued, before=before)


@check(LETTER)
def letter(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The letter to the presidium comes last (条例 2014 art. 46, 48; 1990年若干规定 art. 3).

    It follows the consultation, the committee's decision and the public notice of everybody whom
    the party side proposes; a CPPCC's candidates come from consultation and without a letter.
    """
    rows = _steps(facts, LETTER_LAST)
    shown = facts.candidates[["unit", "candidate"]].merge(
        on_record(facts, "public_notices", "closed_on"), on="candidate"
    )
    over = shown.groupby("unit", as_index=False).agg(notice_over=("closed_on", "max"))
    decided = on_record(facts, "committee_votes", "decided_on")[["unit", "decided_on"]]
    rows = rows.merge(decided, on="unit", how="left").merge(over, on="unit", how="left")
    judge = Judge(rows, facts.units)
    last, issued = judge["kind"] == DocumentKind.RECOMMENDATION_LETTER, judge["issued_on"]
    judge.not_applicable(judge["body"] == Body.CPPCC, "no-letter-of-a-cppcc")
    judge.fail(
        last & (issued < judge["decided_on"]),
        "before-decision",
        issued=issued,
        before=judge["decided_on"],
    )
    _judge_steps(judge)
    judge.fail(
        last & (issued < judge["notice_over"]),
        "before-notice-over",
        issued=issued,
        before=judge["notice_over"],
    )
    return judge.findings()


@check(MEMBERSHIP)
def membership(facts: Facts, rule: MembershipRule) -> pd.DataFrame:
    """The chairpersons agree, the standing committee decides, the list is published (章程 art. 40).

    All before the new committee meets.
    """
    listed = on_record(facts, "notices", "published_on")[["unit", "published_on"]]
    rows = with_calendar(facts, _steps(facts, AGREED_AND_DECIDED).merge(listed, how="left"))
    judge = Judge(rows, facts.units)
    published, issued = judge["published_on"], judge["issued_on"]
    last = judge["session_opens_on"] - pd.Timedelta(days=rule.days)
    decided = judge["kind"] == DocumentKind.MEMBERSHIP_DECIDED
    judge.not_applicable(judge["body"] != Body.CPPCC, "no-cppcc")
    _judge_steps(judge)
    judge.missing(decided & last.isna(), "no-calendar")
    judge.missing(decided & published.isna(), "not-published")
    judge.fail(decided & (published < issued), "before-decided", published=published, before=issued)
    judge.fail(decided & (published > last), "too-late", published=published, due=last)
    return judge.findings()
