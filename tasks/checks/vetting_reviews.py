"""Vetting, the six reviews (六个凡提必): whoever is proposed must be reviewed.

Rules: first whether the review is due, then whether it was asked for, answered, adverse, and
answered in time; an adverse answer counts even where no review was due. Of a declaration, what was
left out (漏报) passes once a decision settled it, and what was concealed (瞒报) never does
(个人有关事项报告查核结果处理办法 2017, art. 5, 6); no other review ends so.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.parameters import AuditRule, DeclarationRule, ReviewRule
from schemas.rules.reviews import ARCHIVE, AUDIT, DECLARATION, INSPECTION, ORGANS_HEARD, REPORTS
from schemas.vocabulary import HeadedAs, ReviewItem, ReviewResult
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import before_the_vote
from tasks.checks.registry import check
from tasks.checks.vetting_slate import no_cadre, slate, until, with_session

ANSWER = ("candidate", "organ", "asked_on", "answered_on", "result", "reason", "document")
ADVERSE = (ReviewResult.SUSPEND, ReviewResult.UNFIT, ReviewResult.CONCEALED)
SETTLED = (ReviewResult.CLEARED,)


def review_of(facts: Facts, item: ReviewItem, *columns: str) -> pd.DataFrame:
    """The slate with one review of each candidate and the opening day of the session."""
    reviews = facts.reviews.loc[facts.reviews["item"] == item, list(ANSWER)]
    rows = slate(facts, *columns).merge(reviews, on="candidate", how="left")
    rows = with_session(rows, facts)
    return rows.assign(
        asked_on=until(facts, rows["asked_on"]), answered_on=until(facts, rows["answered_on"])
    )


def not_due(judge: Judge, exempt: pd.Series, reason: str, **arguments: pd.Series | int) -> None:
    """Whoever is `exempt` needs no review, unless there is one and it is adverse."""
    judge.not_applicable(exempt & ~judge["result"].isin(ADVERSE), reason, **arguments)


def judge_review(
    judge: Judge, rule: ReviewRule, settled: tuple[ReviewResult, ...] = SETTLED
) -> None:
    """Asked for, answered by the right organ, not adverse, on paper, and recent enough.

    `settled` are results that a decision, with its reason, must have settled.
    """
    allowed = (ReviewResult.CLEAR, ReviewResult.NOT_REQUIRED, *settled)
    asked, answered, result = judge["asked_on"], judge["answered_on"], judge["result"]
    opens = judge["session_opens_on"]
    judge.missing(asked.isna(), "not-asked")
    judge.fail(~judge["organ"].isin(rule.organs), "wrong-organ", organ=", ".join(rule.organs))
    judge.missing(answered.isna() | result.isna(), "not-answered", asked=asked)
    judge.fail(~(asked <= answered), "answered-before-asked", asked=asked, answered=answered)
    judge.fail(~result.isin(allowed), "adverse", result=result)
    judge.fail(result == ReviewResult.NOT_REQUIRED, "not-required", result=result)
    judge.missing(judge["document"].isna(), "no-document")
    judge.missing(result.isin(settled) & judge["reason"].isna(), "no-reason", result=result)
    judge.missing(opens.isna(), "no-session")
    judge.fail(~(answered <= opens), "after-session", answered=answered, opens=opens)
    judge.fail(
        ~((opens - answered).dt.days <= rule.valid_days),
        "too-old",
        answered=answered,
        opens=opens,
        days=rule.valid_days,
    )


@check(ARCHIVE)
def archive(facts: Facts, rule: ReviewRule) -> pd.DataFrame:
    """Whoever is proposed has the archive reviewed: 档案凡提必审 (条例 2019 art. 31).

    A candidate of a CPPCC who is no cadre has none.
    """
    rows = review_of(facts, ReviewItem.ARCHIVE)
    judge = Judge(rows.merge(facts.units[["unit", "body"]], on="unit"), facts.units)
    not_due(judge, no_cadre(judge), "no-cadre")
    judge_review(judge, rule)
    return judge.findings()


@check(DECLARATION)
def declaration(facts: Facts, rule: DeclarationRule) -> pd.DataFrame:
    """Whoever must declare has it verified: 个人有关事项报告凡提必核 (条例 2019 art. 31)."""
    judge = Judge(review_of(facts, ReviewItem.DECLARATION, "rank"), facts.units)
    not_due(judge, ~judge["rank"].isin(rule.ranks), "rank", rank=judge["rank"])
    judge_review(judge, rule, (*SETTLED, ReviewResult.OMITTED))
    return judge.findings()


@check(ORGANS_HEARD)
def organs_heard(facts: Facts, rule: ReviewRule) -> pd.DataFrame:
    """Discipline and law organs are heard: 执纪执法机关意见凡提必听 (条例 2019 art. 31)."""
    judge = Judge(review_of(facts, ReviewItem.ORGANS_HEARD), facts.units)
    judge_review(judge, rule)
    return judge.findings()


@check(REPORTS)
def reports(facts: Facts, rule: ReviewRule) -> pd.DataFrame:
    """Reports are looked into, and none stays open: 举报凡提必查 (条例 2019 art. 31).

    Only a report with clear leads and concrete content holds a candidate up (源文“立项专办”), and
    only one that came before the vote.
    """
    before = before_the_vote(facts, facts.reports)
    heard = before[facts.came(before["received_on"]) & ~facts.came(before["closed_on"])]
    still_open = heard.groupby(["unit", "candidate"], as_index=False).agg(
        reports=("report", "size"), received=("received_on", "min")
    )
    rows = review_of(facts, ReviewItem.REPORTS)
    judge = Judge(rows.merge(still_open, on=["unit", "candidate"], how="left"), facts.units)
    judge.fail(
        judge["reports"].notna(),
        "open-report",
        reports=judge["reports"],
        received=judge["received"],
    )
    judge_review(judge, rule)
    return judge.findings()


@check(INSPECTION)
def inspection(facts: Facts, rule: ReviewRule) -> pd.DataFrame:
    """For people from inspected units the results are used: 巡视巡察结果凡提必用."""
    judge = Judge(review_of(facts, ReviewItem.INSPECTION, "inspected_unit"), facts.units)
    not_due(judge, ~judge["inspected_unit"], "not-inspected")
    judge_review(judge, rule)
    return judge.findings()


@check(AUDIT)
def audit(facts: Facts, rule: AuditRule) -> pd.DataFrame:
    """Chiefs, and deputies in charge long enough, are audited before the examination ends.

    经济责任凡提必审 (条例 2019 art. 31; 经济责任审计规定 2019 art. 4). Whoever headed an organ, and
    it is not said as what, is taken for its chief.
    """
    ended = facts.examinations[["candidate", "ended_on"]]
    rows = review_of(facts, ReviewItem.AUDIT, "headed_organ_months", "headed_as")
    judge = Judge(rows.merge(ended, on="candidate", how="left"), facts.units)
    months, ended_on = judge["headed_organ_months"], until(facts, judge["ended_on"])
    as_deputy = (judge["headed_as"] == HeadedAs.DEPUTY) & (months < rule.months)
    headed_none = judge["headed_as"].isna() & (months == 0)
    not_due(judge, as_deputy | headed_none, "headed-no-organ", months=months, needed=rule.months)
    judge_review(judge, rule)
    judge.missing(ended_on.isna(), "no-examination")
    judge.fail(
        ~(judge["answered_on"] <= ended_on),
        "after-examination",
        answered=judge["answered_on"],
        ended=ended_on,
    )
    return judge.findings()
