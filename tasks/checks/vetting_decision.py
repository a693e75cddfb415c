"""Vetting (考察) after the examination: the committee's decision and the public notice.

Rules: the committee decides when the last examination has ended, and the notice opens when it has
decided; whoever is concerned withdraws.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.parameters import NoParameters, PublicNoticeRule
from schemas.rules.vetting_decision import COMMITTEE, PUBLIC_NOTICE
from schemas.vocabulary import NoticeExemption
from schemas.workdays import fewest_working_days, working_days
from tasks.checks.judge import Judge, of_unit
from tasks.checks.registry import check
from tasks.checks.vetting_slate import slate, until, with_record, with_session


def examined_until(facts: Facts) -> pd.DataFrame:
    """Per unit the day on which the last examination of a proposed candidate ended."""
    ended = slate(facts).merge(facts.examinations[["candidate", "ended_on"]], on="candidate")
    return ended.groupby("unit", as_index=False).agg(ended_on=("ended_on", "max"))


@check(COMMITTEE)
def committee(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Two thirds are present, more than half of all agree, the concerned withdraw.

    条例 2019 art. 37, 38; 2014 art. 53. The committee decides when the last examination has ended.
    """
    votes = facts.committee_votes.drop(columns=["_home", "_unit"])
    rows = of_unit(facts.units).merge(votes, on="unit", how="left")
    judge = Judge(rows.merge(examined_until(facts), on="unit", how="left"), facts.units)
    size, present, yes = judge["committee_size"], judge["present"], judge["in_favour"]
    conflicted, decided = judge["conflicted_present"], judge["decided_on"]
    ended = judge["ended_on"]
    judge.missing(until(facts, decided).isna(), "not-decided")
    judge.missing(ended.isna(), "not-examined")
    judge.fail(decided < ended, "before-examination", decided=decided, ended=ended)
    judge.fail(size == 0, "no-members")
    judge.fail(
        ~((yes <= present) & (present <= size)), "numbers", size=size, present=present, yes=yes
    )
    judge.fail(3 * present < 2 * size, "quorum", size=size, present=present)
    judge.fail(2 * yes <= size, "majority", size=size, yes=yes)
    judge.fail(conflicted > 0, "conflicted", conflicted=conflicted)
    return judge.findings()


@check(PUBLIC_NOTICE)
def public_notice(facts: Facts, rule: PublicNoticeRule) -> pd.DataFrame:
    """Whoever is promoted is shown to the public long enough (条例 2019 art. 42; 2014 art. 41).

    The notice opens when the committee has decided. Without a calendar of working days so many
    days suffice as never held fewer working days in any year known, and fewer days than working
    days needed never do.
    """
    rows = with_session(with_record(slate(facts, "promoted"), facts.public_notices), facts)
    decided = facts.committee_votes[["unit", "decided_on"]]
    judge = Judge(rows.merge(decided, on="unit", how="left"), facts.units)
    exemption, opens = judge["exemption"], judge["session_opens_on"]
    opened, closed = judge["opened_on"], judge["closed_on"]
    first = opened if rule.first_day else opened + pd.Timedelta(days=1)
    days, length = working_days(first, closed), (closed - first).dt.days + 1
    proven = fewest_working_days(length) >= rule.workdays
    judge.not_applicable(~judge["promoted"], "not-promoted")
    judge.not_applicable(exemption == NoticeExemption.SPECIAL_POST, "special-post")
    judge.not_applicable(exemption == NoticeExemption.SHOWN_AT_EXAMINATION, "shown-at-examination")
    judge.missing(exemption.isna() | until(facts, opened).isna(), "no-notice")
    judge.fail(closed < opened, "dates", opened=opened, closed=closed)
    judge.missing(judge["decided_on"].isna(), "not-decided")
    judge.fail(
        opened < judge["decided_on"],
        "before-decision",
        opened=opened,
        decided=judge["decided_on"],
    )
    judge.not_yet(facts.ahead(closed), "not-over")
    judge.missing(closed.isna(), "no-end")
    judge.missing(
        days.isna() & ~proven & (length >= rule.workdays),
        "workdays-unknown",
        opened=opened,
        closed=closed,
    )
    judge.fail(
        (days.fillna(length) < rule.workdays) & ~(days.isna() & proven),
        "too-short",
        opened=opened,
        closed=closed,
        days=days.fillna(length),
        needed=rule.workdays,
    )
    judge.missing(opens.isna(), "no-session")
    judge.fail(~(closed <= opens), "after-session", closed=closed, opens=opens)
    return judge.findings()
