"""Faults of the election stage (选举)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from data.reference.base import Row, days, whole
from data.reference.faults.fault import Clean, Draft


def election_faults(clean: Clean) -> Iterator[Draft]:
    """One fault for each check of the stage."""
    yield from _of_sessions(clean)
    yield from _of_votes(clean)
    yield from _of_results(clean)
    yield from _of_parts(clean)


def _of_sessions(clean: Clean) -> Iterator[Draft]:
    session = clean.one("sessions", unit="640302-government")
    yield clean.wrong(
        "sessions",
        ("election.session", "fail", "640302-government", "preparatory-after-opening"),
        ("预备会议排在开幕之后", "the preparatory meeting was entered after the opening"),
        {"preparatory_on": _later(session, "opened_on", 1)},
        rows=[session],
    )
    yield clean.wrong(
        "sessions",
        ("election.quorum", "fail", "640323-cppcc", "no-quorum-rule"),
        ("选举办法的法定人数分母填为0", "the denominator of the method's quorum was entered as 0"),
        {"quorum_denominator": 0},
        rows=clean.all("sessions", unit="640323-cppcc"),
    )
    yield clean.wrong(
        "sessions",
        ("election.method", "fail", "640323104-government", "not-plenary"),
        (
            "选举办法由主席团通过，应由大会通过",
            "the presidium adopted the method; the congress must",
        ),
        {"method_by": "presidium"},
        rows=clean.all("sessions", unit="640323104-government"),
    )
    yield clean.wrong(
        "documents",
        ("election.credentials", "fail", "640323202-congress", "confirmed-after-opening"),
        (
            "代表资格在开幕之后才确认",
            "credentials were confirmed only after the session had opened",
        ),
        {"issued_on": date(2016, 12, 5)},
        rows=clean.all("documents", unit="640323202-congress", kind="credentials-confirmed"),
    )


def _later(row: Row, column: str, number: int) -> date:
    day = row[column]
    if not isinstance(day, date):
        raise TypeError(f"{column} is no date")
    return days(day, number)


def _of_votes(clean: Clean) -> Iterator[Draft]:
    ballot = clean.one("ballots", unit="640324201-congress")
    yield clean.wrong(
        "ballots",
        ("election.papers", "fail", f"{ballot['post']}/1", "papers-lost"),
        (
            "发出的选票与收回加未收回的不等",
            "the papers issued are not those returned plus those not returned",
        ),
        {"not_returned": whole(ballot, "not_returned") + 2},
        rows=[ballot],
    )
    tally = clean.all("tallies", unit="640324105-government", role="second")[1]
    yield clean.wrong(
        "tallies",
        ("election.counts", "fail", f"{tally['post']}/1/{tally['candidate']}", "counts-differ"),
        ("第二计票的赞成票少一票", "the second count has one vote fewer in favour"),
        {
            "in_favour": whole(tally, "in_favour") - 1,
            "against": whole(tally, "against") + 1,
        },
        rows=[tally],
    )
    person = clean.one("candidates", post="640302106-congress-chair")["person"]
    yield clean.needless(
        "ballot_staff",
        ("election.scrutineers", "fail", f"640302106-congress/{person}", "is-candidate"),
        ("人选本人登记为计票人", "a candidate stands among the tellers"),
        rows=[{"unit": "640302106-congress", "person": person, "role": "teller"}],
    )


def _of_results(clean: Clean) -> Iterator[Draft]:
    result = clean.one("results", unit="640303201-congress", elected=True)
    yield clean.wrong(
        "results",
        ("election.winners", "fail", str(result["candidate"]), "wrong-organ"),
        (
            "选举结果由党委宣布，应由主席团宣布",
            "the party committee declared the result; the presidium must",
        ),
        {"declared_by": "party-committee"},
        rows=[result],
    )
    ballot = clean.one("ballots", unit="640302102-government", kind="tie-break")
    yield clean.wrong(
        "ballots",
        ("election.further-vote", "fail", f"{ballot['post']}/2", "tie-not-broken"),
        (
            "同票后的再次投票误登记为另行选举",
            "the vote among the tied was entered as a further election",
        ),
        {"kind": "further"},
        rows=[ballot],
    )
    report = clean.one("reports", unit="640323200-congress")
    session = clean.one("sessions", unit="640323200-congress")
    yield clean.wrong(
        "reports",
        ("election.late-reports", "fail", str(report["report"]), "settled-late"),
        (
            "举报在投票之后才登记办结，表决没有暂缓",
            "a report stands as settled only after the vote, which was not held back",
        ),
        {"closed_on": _later(session, "voted_on", 4)},
        rows=[report],
    )


def _of_parts(clean: Clean) -> Iterator[Draft]:
    hall = clean.one("halls", unit="640324-congress", hall="h-2")
    yield clean.wrong(
        "halls",
        ("election.halls", "fail", f"{hall['post']}/{hall['round']}/h-2", "few-scrutineers"),
        (
            "第二会场误登记为流动票箱，没有随行监票人",
            "the second hall was entered as a mobile box that no scrutineers went with",
        ),
        {"kind": "mobile-box"},
        rows=[hall],
    )
    yield clean.wrong(
        "signs",
        ("election.signs", "fail", "640324103-congress/abstained", "no-sign"),
        ("不作记号误登记为赞成，没有弃权的符号", "no mark was entered as one in favour"),
        {"meaning": "in-favour"},
        rows=clean.all("signs", unit="640324103-congress", sign="none"),
    )
    left = clean.one("deputies", unit="640302203-congress", status="in-office")
    yield clean.wrong(
        "deputies",
        ("election.deputies", "fail", "640302203-congress", "members-differ"),
        (
            "一名在任代表误登记为资格已终止",
            "a deputy in office was entered as having left it",
        ),
        {"status": "ended", "since": date(2016, 10, 8)},
        units=["640302203-congress", "640302203-government"],
        rows=[left],
    )
