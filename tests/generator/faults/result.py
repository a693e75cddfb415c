"""Faults of the vote and its result (`result`)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.generator.base import whole
from tests.generator.faults.fault import Clean, Draft


def result_faults(clean: Clean) -> Iterator[Draft]:
    """One fault for each check of the gate."""
    yield from _of_votes(clean)
    yield from _of_results(clean)
    yield from _of_parts(clean)


def _of_votes(clean: Clean) -> Iterator[Draft]:
    yield clean.wrong(
        "sessions",
        ("result.quorum", "fail", "640323-cppcc", "no-quorum-rule"),
        ("选举办法的法定人数分母填为0", "the denominator of the method's quorum was entered as 0"),
        {"quorum_denominator": 0},
        rows=clean.all("sessions", unit="640323-cppcc"),
    )
    ballot = clean.one("ballots", unit="640324201-congress")
    yield clean.wrong(
        "ballots",
        ("result.papers", "fail", f"{ballot['post']}/1", "papers-lost"),
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
        ("result.counts", "fail", f"{tally['post']}/1/{tally['candidate']}", "counts-differ"),
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
        ("result.scrutineers", "fail", f"640302106-congress/{person}", "is-candidate"),
        ("人选本人登记为计票人", "a candidate stands among the tellers"),
        rows=[{"unit": "640302106-congress", "person": person, "role": "teller"}],
    )


def _of_results(clean: Clean) -> Iterator[Draft]:
    result = clean.one("results", unit="640303201-congress", elected=True)
    yield clean.wrong(
        "results",
        ("result.winners", "fail", str(result["candidate"]), "wrong-organ"),
        (
            "选举结果由党委宣布，应由主席团宣布",
            "the party committee declared the result; the presidium must",
        ),
        {"declared_by": "party-committee"},
        rows=[result],
    )
    finding = clean.one("void_elections", unit="640324203-congress")
    yield clean.wrong(
        "void_elections",
        ("result.void-elections", "fail", str(finding["finding"]), "stands"),
        (
            "贿选当选的代表认定无效后没有宣布",
            "the election of a deputy by bribery was found void and not declared so",
        ),
        {"voided_on": None},
        rows=[finding],
    )
    approval = clean.one("approvals", unit="640324-congress")
    yield clean.wrong(
        "approvals",
        ("result.procurator-approval", "fail", str(approval["candidate"]), "proposed-by-another"),
        (
            "检察长由本县检察院提请批准，应由市检察院检察长提请",
            "the county's own procuracy proposed its chief for approval; the city's must",
        ),
        {"proposed_at": "640324"},
        rows=[approval],
    )
    ballot = clean.one("ballots", unit="640302102-government", kind="tie-break")
    yield clean.wrong(
        "ballots",
        ("result.further-vote", "fail", f"{ballot['post']}/2", "tie-not-broken"),
        (
            "同票后的再次投票误登记为另行选举",
            "the vote among the tied was entered as a further election",
        ),
        {"kind": "further"},
        rows=[ballot],
    )


def _of_parts(clean: Clean) -> Iterator[Draft]:
    hall = clean.one("halls", unit="640324204-congress", hall="h-2")
    yield clean.wrong(
        "halls",
        ("result.halls", "fail", f"{hall['post']}/{hall['round']}/h-2", "few-scrutineers"),
        (
            "第二会场误登记为流动票箱，没有随行监票人",
            "the second hall was entered as a mobile box that no scrutineers went with",
        ),
        {"kind": "mobile-box"},
        rows=[hall],
    )
    yield clean.wrong(
        "signs",
        ("result.signs", "fail", "640324103-congress/abstained", "no-sign"),
        ("不作记号误登记为赞成，没有弃权的符号", "no mark was entered as one in favour"),
        {"meaning": "in-favour"},
        rows=clean.all("signs", unit="640324103-congress", sign="none"),
    )
