"""Checks of the session that elects: lawfully held, quorate, by its own lawful method."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election as rules
from schemas.rules import election_result
from schemas.rules.parameters import NoParameters, SessionRule
from schemas.vocabulary import Body, DocumentKind, Level, Organ
from tasks.checks.judge import Judge, of_unit
from tasks.checks.registry import check
from tasks.checks.returns import with_returns


def held(facts: Facts) -> pd.DataFrame:
    """The sessions that have voted by today; a planned vote is no vote."""
    return facts.sessions[facts.sessions["voted_on"] <= facts.today].drop(
        columns=["_home", "_unit"]
    )


def _sessions(facts: Facts) -> pd.DataFrame:
    return of_unit(facts.units).merge(held(facts), on="unit", how="left")


@check(rules.SESSION)
def session(facts: Facts, rule: SessionRule) -> pd.DataFrame:
    """A preparatory meeting elects the presidium (county and above), then the session opens.

    The first session opens within two months of the election of deputies.
    地方组织法 art. 17, 19, 20.
    """
    days = facts.calendar[["unit", "deputies_elected_on"]].assign(planned=True)
    judge = Judge(_sessions(facts).merge(days, on="unit", how="left"), facts.units)
    opened, voted = judge["opened_on"], judge["voted_on"]
    preparatory, presidium = judge["preparatory_on"], judge["presidium_on"]
    elected = judge["deputies_elected_on"]
    until = elected + pd.DateOffset(months=rule.months)
    congress, township = judge["body"] == Body.CONGRESS, judge["level"] == Level.TOWNSHIP
    state_organ = judge["body"] != Body.CPPCC

    judge.missing(voted.isna(), "no-session")
    judge.missing(congress & judge["planned"].isna(), "no-calendar")
    judge.missing(congress & elected.isna(), "no-election-day")
    judge.missing(congress & ~township & preparatory.isna(), "no-preparatory-meeting")
    judge.fail(
        preparatory.notna() & (preparatory > opened),
        "preparatory-after-opening",
        preparatory=preparatory,
        opened=opened,
    )
    judge.fail(
        state_organ & ~township & (presidium > opened),
        "presidium-after-opening",
        presidium=presidium,
        opened=opened,
    )
    judge.fail(presidium > voted, "presidium-after-vote", presidium=presidium, voted=voted)
    judge.fail(voted < opened, "voted-before-opening", voted=voted, opened=opened)
    judge.fail(
        congress & (opened > until), "opened-late", elected=elected, opened=opened, until=until
    )
    return judge.findings()


@check(rules.QUORUM)
def quorum(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Two thirds of all deputies are present (地方组织法 art. 14); a CPPCC follows its method."""
    rows = _sessions(facts)
    cppcc = rows["body"] == Body.CPPCC
    seats = facts.assemblies.set_index("unit")["members"]
    assembly = rows["unit"].where(cppcc, rows["jurisdiction"] + f"-{Body.CONGRESS.value}")
    judge = Judge(rows.assign(seats=assembly.map(seats).astype("Int64")), facts.units)

    members, present = judge["members"], judge["present"]
    cppcc = judge["body"] == Body.CPPCC
    numerator = judge["quorum_numerator"].where(cppcc, 2)
    denominator = judge["quorum_denominator"].where(cppcc, 3)
    inclusive = judge["quorum_inclusive"].where(cppcc, other=True)
    share, whole = present * denominator, members * numerator
    # A number over the quorum is the next whole one; the quorum itself is rounded up.
    needed = (-(-whole // denominator.replace(0, 1))).where(
        inclusive, whole // denominator.replace(0, 1) + 1
    )
    no_rule = (numerator == 0) | (denominator == 0) | (numerator > denominator)

    judge.missing(judge["voted_on"].isna(), "no-session")
    judge.missing(judge["seats"].isna(), "no-assembly")
    judge.fail(members == 0, "no-members")
    judge.fail(members > judge["seats"], "too-many-members", members=members, seats=judge["seats"])
    judge.fail(present > members, "too-many-present", present=present, members=members)
    judge.fail(no_rule, "no-quorum-rule", numerator=numerator, denominator=denominator)
    judge.fail(
        (share < whole) | (~inclusive & (share == whole)),
        "no-quorum",
        present=present,
        members=members,
        needed=needed,
    )
    return judge.findings()


@check(rules.METHOD)
def method(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The plenary session adopts the method before the vote, which is secret.

    A local method does not override the two thirds of 地方组织法 art. 14; art. 27, 28.
    """
    judge = Judge(_sessions(facts), facts.units)
    numerator, denominator = judge["quorum_numerator"], judge["quorum_denominator"]
    too_low = (numerator * 3 < denominator * 2) | (denominator == 0)

    judge.missing(judge["voted_on"].isna(), "no-session")
    judge.fail(judge["method_by"] != Organ.PLENARY, "not-plenary", organ=judge["method_by"])
    judge.fail(
        judge["method_on"] > judge["voted_on"],
        "after-vote",
        adopted=judge["method_on"],
        voted=judge["voted_on"],
    )
    judge.fail(
        (judge["body"] != Body.CPPCC) & too_low,
        "quorum-too-low",
        numerator=numerator,
        denominator=denominator,
    )
    judge.fail(~judge["secret"], "not-secret")
    judge.fail(~judge["booth"], "no-booth")
    return judge.findings()


@check(rules.CREDENTIALS)
def credentials(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The credentials committee reports, the standing committee confirms, the session opens.

    In a township the presidium confirms. 选举法 art. 47; 地方组织法 art. 37, 56, 57.
    """
    papers = facts.documents[facts.documents["issued_on"] <= facts.today]
    rows = _sessions(facts)
    for name, kind in (
        ("report", DocumentKind.CREDENTIALS_REPORT),
        ("confirmed", DocumentKind.CREDENTIALS_CONFIRMED),
    ):
        paper = papers.loc[papers["kind"] == kind, ["unit", "issued_by", "issued_on"]]
        paper = paper.rename(columns={"issued_by": f"{name}_by", "issued_on": f"{name}_on"})
        rows = rows.merge(paper, on="unit", how="left")
    judge = Judge(rows, facts.units)
    report, confirmed = judge["report_on"], judge["confirmed_on"]
    township = judge["level"] == Level.TOWNSHIP
    confirms = pd.Series(Organ.STANDING_COMMITTEE.value, index=township.index).where(
        ~township, Organ.PRESIDIUM.value
    )

    judge.not_applicable(judge["body"] != Body.CONGRESS, "no-congress")
    judge.missing(report.isna(), "no-document", document=DocumentKind.CREDENTIALS_REPORT)
    judge.missing(confirmed.isna(), "no-document", document=DocumentKind.CREDENTIALS_CONFIRMED)
    judge.fail(
        judge["report_by"] != Organ.CREDENTIALS_COMMITTEE,
        "wrong-issuer",
        document=DocumentKind.CREDENTIALS_REPORT,
        organ=judge["report_by"],
    )
    judge.fail(
        judge["confirmed_by"] != confirms,
        "wrong-issuer",
        document=DocumentKind.CREDENTIALS_CONFIRMED,
        organ=judge["confirmed_by"],
    )
    judge.fail(confirmed < report, "confirmed-before-report", confirmed=confirmed, reported=report)
    judge.missing(judge["opened_on"].isna(), "no-session")
    judge.fail(
        confirmed > judge["opened_on"],
        "confirmed-after-opening",
        confirmed=confirmed,
        opened=judge["opened_on"],
    )
    return judge.findings()


@check(election_result.LATE_REPORTS)
def late_reports(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """A specific report that came before the vote is settled before the vote, or the vote waits.

    选举法 art. 59; 重庆 2022 art. 20. A report on the day of the vote came before it.
    """
    reports = facts.reports[facts.reports["received_on"] <= facts.today]
    reports = reports.assign(subject=reports["report"], is_report=True)
    sessions = held(facts)[["unit", "voted_on"]]
    rows = pd.concat([of_unit(facts.units).assign(is_report=False), reports], ignore_index=True)
    judge = Judge(rows.merge(sessions, on="unit", how="left"), facts.units)
    received, voted = judge["received_on"], judge["voted_on"]
    closed = judge["closed_on"].where(judge["closed_on"] <= facts.today)
    is_report = judge["is_report"].astype(bool)

    judge.not_applicable(is_report & ~(judge["clear_leads"] & judge["concrete"]), "unspecific")
    judge.not_applicable(received > voted, "after-vote", received=received, voted=voted)
    judge.fail(is_report & closed.isna(), "open", received=received)
    judge.missing(voted.isna(), "no-session")
    judge.fail(
        is_report & (closed > voted),
        "settled-late",
        received=received,
        closed=closed,
        voted=voted,
    )
    return with_returns(judge, facts, "reports")
