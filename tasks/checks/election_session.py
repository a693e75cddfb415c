"""Checks of the session that elects: lawfully opened, by its own lawful method, and quorate.

Rules: up to the vote the session counts that has opened, and its day of the vote is the one that
its agenda sets; after it the session that has voted.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election_result
from schemas.rules import election_session as rules
from schemas.rules.parameters import MethodRule, NoParameters, SessionRule
from schemas.vocabulary import Body, DocumentKind, Level, Organ
from tasks.checks.election_votes import (
    assembly_of,
    held,
    members,
    needed,
    votes,
    with_quorum,
)
from tasks.checks.judge import Judge, known, of_unit
from tasks.checks.registry import check
from tasks.checks.returns import with_returns


def _opened(facts: Facts) -> pd.DataFrame:
    """The units with their session, where it has opened."""
    sessions = facts.sessions[facts.came(facts.sessions["opened_on"])]
    sessions = sessions.drop(columns=["_home", "_unit"])
    return of_unit(facts.units).merge(sessions, on="unit", how="left")


def _last_county(facts: Facts) -> pd.DataFrame:
    """`unit` of a city's congress, `county_on`: when the last county's below it opened."""
    below = facts.sessions_below[["_home", "opened_on"]].merge(
        facts.lineage, left_on="_home", right_on="jurisdiction"
    )
    last = below.groupby("ancestor")["opened_on"].max()
    opened = last.rename("county_on").rename_axis("jurisdiction").reset_index()
    units = facts.units[
        (facts.units["level"] == Level.CITY) & (facts.units["body"] == Body.CONGRESS)
    ]
    return units[["unit", "jurisdiction"]].merge(opened, on="jurisdiction")[["unit", "county_on"]]


@check(rules.SESSION)
def session(facts: Facts, rule: SessionRule) -> pd.DataFrame:
    """The preparatory meeting elects the presidium (a township's its session), then it opens.

    The first session opens within two months of the election of deputies; a city's deputies are
    elected by the congresses of its counties. 地方组织法 art. 17, 19, 20; 选举法 art. 3.
    """
    days = facts.calendar[["unit", "deputies_elected_on"]].assign(planned=True)
    rows = _opened(facts).merge(days, on="unit", how="left")
    judge = Judge(rows.merge(_last_county(facts), on="unit", how="left"), facts.units)
    opened, voted = judge["opened_on"], judge["voted_on"]
    preparatory, presidium = judge["preparatory_on"], judge["presidium_on"]
    elected, county = judge["deputies_elected_on"], judge["county_on"]
    until = elected + pd.DateOffset(months=rule.months)
    congress, township = judge["body"] == Body.CONGRESS, judge["level"] == Level.TOWNSHIP
    state_organ = judge["body"] != Body.CPPCC
    # Some provinces give a township a preparatory meeting too, which then elects the presidium.
    in_session = township & ~(rule.township_preparatory & preparatory.notna())

    judge.not_yet(opened.isna(), "no-session")
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
    judge.fail(
        state_organ & ~in_session & preparatory.notna() & (presidium != preparatory),
        "presidium-not-in-preparatory",
        presidium=presidium,
        preparatory=preparatory,
    )
    judge.fail(
        state_organ & in_session & (presidium < opened),
        "presidium-before-session",
        presidium=presidium,
        opened=opened,
    )
    judge.fail(voted < opened, "voted-before-opening", voted=voted, opened=opened)
    judge.fail(
        congress & (opened > until), "opened-late", elected=elected, opened=opened, until=until
    )
    judge.fail(
        county.notna() & (elected < county),
        "elected-before-counties",
        elected=elected,
        opened=county,
    )
    return judge.findings()


def _attendance(facts: Facts) -> pd.DataFrame:
    """Each vote has the quorum: of those present at it, and of the papers that it issued."""
    rows = with_quorum(facts, votes(facts).drop(columns="present"))
    own = facts.ballots[["post", "round", "present"]]
    rows = rows.merge(own, on=["post", "round"], how="left")
    rows = rows.merge(
        held(facts)[["unit", "present"]], on="unit", how="left", suffixes=("", "_session")
    )
    rows["subject"] = rows["post"] + "/" + rows["round"].astype("str")
    judge = Judge(rows, facts.units)
    own_present = judge["present"].notna()
    present = judge["present"].fillna(judge["present_session"])
    least, everybody = judge["needed"], judge["members"]
    # That a method has no quorum is said of the session.
    rule = least.notna()

    judge.not_applicable(judge["annulled"], "annulled")
    judge.not_yet(present.isna(), "no-session")
    judge.missing(everybody.isna(), "no-credentials")
    judge.fail(
        own_present & (present > everybody), "too-many-present", present=present, members=everybody
    )
    judge.fail(
        own_present & rule & (present < least),
        "no-quorum",
        present=present,
        members=everybody,
        needed=least,
    )
    # Where too few are present, that is said, of the vote or of the session.
    judge.fail(
        rule & (present >= least) & (judge["issued"] < least),
        "too-few-papers",
        issued=judge["issued"],
        members=everybody,
        needed=least,
    )
    return judge.judged()


@check(rules.QUORUM)
def quorum(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """As many are present at the session and at each vote as its method asks for."""
    rows = of_unit(facts.units).merge(held(facts), on="unit", how="left")
    rows = rows.merge(members(facts), on="unit", how="left")
    seats = facts.assemblies.set_index("unit")["members"]
    rows = rows.assign(seats=assembly_of(rows).map(seats).astype("Int64"), needed=needed(rows))
    judge = Judge(rows, facts.units)
    everybody, present, least = judge["members"], judge["present"], judge["needed"]
    numerator, denominator = judge["quorum_numerator"], judge["quorum_denominator"]

    judge.not_yet(judge["voted_on"].isna(), "no-session")
    judge.missing(judge["seats"].isna(), "no-assembly")
    judge.missing(everybody.isna(), "no-credentials")
    judge.fail(everybody == 0, "no-members")
    judge.fail(
        everybody > judge["seats"], "too-many-members", members=everybody, seats=judge["seats"]
    )
    judge.fail(present > everybody, "too-many-present", present=present, members=everybody)
    judge.fail(
        (numerator == 0) | (numerator > denominator),
        "no-quorum-rule",
        numerator=numerator,
        denominator=denominator,
    )
    judge.fail(present < least, "no-quorum", present=present, members=everybody, needed=least)
    return pd.concat([judge.findings(), _attendance(facts)], ignore_index=True)


@check(rules.METHOD)
def method(facts: Facts, rule: MethodRule) -> pd.DataFrame:
    """The plenary session adopts the method before the vote, which is secret.

    The quorum of a congress is no less than the law of its time asks for: two thirds since
    2022-03-12 (地方组织法 art. 14); a CPPCC follows its method alone. Art. 27, 28 ask for secrecy;
    a booth is asked for by provinces.
    """
    judge = Judge(_opened(facts), facts.units)
    numerator, denominator = judge["quorum_numerator"], judge["quorum_denominator"]
    share, lawful = numerator * rule.denominator, denominator * rule.numerator
    just_over = known(judge["quorum_inclusive"], unknown=True) & (not rule.inclusive)
    too_low = (share < lawful) | ((share == lawful) & just_over) | (denominator == 0)

    judge.not_yet(judge["opened_on"].isna(), "no-session")
    judge.not_yet(facts.ahead(judge["method_on"]), "not-adopted", adopted=judge["method_on"])
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
        lawful_numerator=rule.numerator,
        lawful_denominator=rule.denominator,
    )
    judge.fail(~judge["secret"], "not-secret")
    judge.fail(~judge["booth"] & (judge["body"] != Body.CPPCC) & rule.booth, "no-booth")
    return judge.findings()


@check(rules.CREDENTIALS)
def credentials(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The committee reports, the standing committee confirms, the list of deputies is published.

    All before the session opens; in a township the presidium confirms. 选举法 art. 47;
    地方组织法 art. 37, 56, 57.
    """
    papers = facts.documents[facts.came(facts.documents["issued_on"])]
    rows = _opened(facts)
    for name, kind in (
        ("report", DocumentKind.CREDENTIALS_REPORT),
        ("confirmed", DocumentKind.CREDENTIALS_CONFIRMED),
    ):
        paper = papers.loc[papers["kind"] == kind, ["unit", "issued_by", "issued_on"]]
        paper = paper.rename(columns={"issued_by": f"{name}_by", "issued_on": f"{name}_on"})
        rows = rows.merge(paper, on="unit", how="left")
    lists = facts.notices[facts.came(facts.notices["published_on"])]
    rows = rows.merge(lists[["unit", "published_on"]], on="unit", how="left")
    judge = Judge(rows, facts.units)
    report, confirmed = judge["report_on"], judge["confirmed_on"]
    published, opened = judge["published_on"], judge["opened_on"]
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
    judge.not_yet(opened.isna(), "no-session")
    judge.fail(~(confirmed < opened), "confirmed-after-opening", confirmed=confirmed, opened=opened)
    judge.missing(published.isna(), "no-list")
    judge.fail(
        published < confirmed, "list-before-confirmed", published=published, confirmed=confirmed
    )
    judge.fail(~(published < opened), "list-after-opening", published=published, opened=opened)
    return judge.findings()


def _next_vote(facts: Facts) -> pd.DataFrame:
    """Per report: `next_on`, the first vote since it came; `last_on`, its unit's last vote."""
    ballots = facts.ballots[~known(facts.ballots["annulled"], unknown=False)]
    ballots = ballots.loc[ballots["voted_on"].notna(), ["unit", "voted_on"]]
    days = pd.concat([_opened(facts)[["unit", "voted_on"]], ballots]).drop_duplicates()
    rows = facts.reports[["unit", "report", "received_on"]].merge(days, on="unit")
    coming = rows[rows["voted_on"] >= rows["received_on"]].groupby("report")["voted_on"].min()
    last = rows.groupby("report")["voted_on"].max()
    return pd.DataFrame({"last_on": last, "next_on": coming.reindex(last.index)}).reset_index()


@check(election_result.LATE_REPORTS)
def late_reports(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """A specific report that came before a vote is settled before that vote, or the vote waits.

    选举法 art. 59; 重庆 2022 art. 20. A report on the day of the vote came before it.
    """
    reports = facts.reports[facts.came(facts.reports["received_on"])]
    reports = reports.assign(subject=reports["report"], is_report=True)
    rows = pd.concat([of_unit(facts.units).assign(is_report=False), reports], ignore_index=True)
    rows = rows.merge(_next_vote(facts), on="report", how="left")
    judge = Judge(rows.merge(_opened(facts)[["unit", "voted_on"]], on="unit"), facts.units)
    received, voted = judge["received_on"], judge["next_on"]
    closed = judge["closed_on"].where(facts.came(judge["closed_on"]))
    is_report = judge["is_report"].astype(bool)

    judge.not_applicable(is_report & ~(judge["clear_leads"] & judge["concrete"]), "unspecific")
    judge.not_applicable(
        received > judge["last_on"], "after-vote", received=received, voted=judge["last_on"]
    )
    judge.fail(is_report & closed.isna(), "open", received=received)
    judge.not_yet(judge["voted_on"].isna(), "no-session")
    judge.fail(
        is_report & ~(closed <= voted),
        "settled-late",
        received=received,
        closed=closed,
        voted=voted,
    )
    return with_returns(judge, facts, "reports")
