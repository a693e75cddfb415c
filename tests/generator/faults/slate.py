"""Faults of the election up to the vote (`slate`): candidates, nominations, papers, the session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.generator.base import Row
from tests.generator.faults.fault import Clean, Draft, later


def slate_faults(clean: Clean) -> Iterator[Draft]:
    """At least one fault for each check of the gate."""
    yield from _of_slates(clean)
    yield from _from_the_floor(clean)
    yield from _of_papers(clean)
    yield from _of_sessions(clean)


def _of_slates(clean: Clean) -> Iterator[Draft]:
    post = "640302107-congress-vice-chair"
    yield clean.wrong(
        "candidates",
        ("slate.differential", "fail", post, "too-few"),
        (
            "联名提名的副主席人选误登记为退出，副职没有差额",
            "the jointly nominated vice chair stands as withdrawn: one candidate for one seat",
        ),
        {"status": "withdrawn"},
        rows=clean.all("candidates", post=post)[1:],
    )
    method = clean.one("differentials", unit="640323105-congress")
    yield clean.wrong(
        "differentials",
        ("slate.method-differential", "fail", str(method["post"]), "too-few"),
        (
            "选举办法规定的差额误登记为两名，人选只多一名",
            "the method's differential stands as two; one candidate more than seats stands",
        ),
        {"more": 2},
        rows=[method],
    )
    met = clean.one("introductions", unit="640324106-congress")
    yield clean.wrong(
        "introductions",
        ("slate.introductions", "fail", str(met["introduction"]), "on-the-day"),
        (
            "选举日当天组织代表候选人与选民见面",
            "candidates for deputy met voters on the election day",
        ),
        {"introduced_on": clean.one("calendar", unit="640324106-congress")["election_day"]},
        rows=[met],
    )
    joint = clean.one("nominations", unit="640302200-government", channel="deputies")
    yield clean.absent(
        "signers",
        ("slate.channel", "fail", str(joint["candidate"]), "too-few-signers"),
        ("代表联名只有8人，应有10人以上", "eight deputies signed; ten are needed"),
        rows=clean.all("signers", nomination=joint["nomination"])[8:],
    )
    joint = clean.one("nominations", unit="640302201-congress", channel="deputies")
    yield clean.wrong(
        "nominations",
        ("slate.caps", "fail", str(joint["post"]), "presidium"),
        (
            "联名提名误登记为主席团提名，主席团提名数超过应选名额",
            "a joint nomination stands as the presidium's, which thus proposed too many",
        ),
        {"channel": "presidium"},
        rows=[joint],
    )
    member = clean.one("candidates", post="640302202-congress-chair")
    yield clean.wrong(
        "candidates",
        ("slate.eligibility", "fail", str(member["candidate"]), "not-a-member"),
        ("乡镇人大主席人选不是本届代表", "the proposed chair is no deputy of this congress"),
        {"assembly_member": False},
        rows=[member],
    )
    head = clean.one("candidates", post="640324204-government-head")
    yield clean.wrong(
        "candidates",
        ("slate.eligibility", "fail", str(head["candidate"]), "founding-ethnicity"),
        (
            "民族乡乡长人选不是建乡的少数民族公民",
            "the proposed head of an ethnic township is not of its founding ethnicity",
        ),
        {"ethnicity": "汉族"},
        rows=[head],
    )
    nomination = clean.one("nominations", unit="640324104-government", channel="presidium")
    yield clean.wrong(
        "nominations",
        ("slate.channel", "fail", str(nomination["candidate"]), "before-the-presidium"),
        (
            "主席团提名的日期早于主席团产生",
            "the presidium nominated before there was a presidium",
        ),
        {"nominated_on": date(2016, 9, 8)},
        rows=[nomination],
    )


def _from_the_floor(clean: Clean) -> Iterator[Draft]:
    sanction = clean.one("sanctions", jurisdiction="640302105")
    yield clean.wrong(
        "sanctions",
        ("slate.sanctions", "fail", _of_person(clean, sanction), "running"),
        (
            "联名提名人选的警告处分年份误填为2016年，影响期未满",
            "the year of a floor nominee's warning was entered as 2016: it is still running",
        ),
        {"decided_on": date(2016, 7, 11)},
        units=["640302105-government"],
        rows=[sanction],
        # Before deputies nominate them they are nobody's candidate.
    ).seen_on(later(clean.one("sessions", unit="640302105-government"), "opened_on", 0))
    head = clean.one("candidates", unit="640323105-government", status="from-the-floor")
    yield clean.wrong(
        "candidates",
        ("slate.avoidance", "fail", str(head["candidate"]), "home"),
        (
            "代表联名提名的乡镇长人选的成长地就是本乡镇",
            "the floor nominee for head of the township grew up in it",
        ),
        {"home_division": "640323105"},
        rows=[head],
    )


def _of_person(clean: Clean, row: Row) -> str:
    return str(clean.one("candidates", person=row["person"])["candidate"])


def _of_papers(clean: Clean) -> Iterator[Draft]:
    yield clean.wrong(
        "documents",
        ("slate.letter", "fail", "640303202-government/recommendation-letter", "before-decision"),
        (
            "推荐书日期早于党委讨论决定",
            "the letter of recommendation is older than the committee's decision",
        ),
        {"issued_on": date(2016, 9, 23)},
        rows=clean.all("documents", unit="640303202-government", kind="recommendation-letter"),
    )
    yield clean.wrong(
        "documents",
        ("slate.membership", "fail", "640302-cppcc/membership-decided", "out-of-order"),
        (
            "政协常委会决定委员名单早于主席会议审议",
            "the standing committee decided on the members before the chairpersons had agreed",
        ),
        {"issued_on": date(2016, 11, 10)},
        rows=clean.all("documents", unit="640302-cppcc", kind="membership-decided"),
    )
    yield clean.wrong(
        "deliberations",
        ("slate.deliberation", "fail", "640323-congress", "too-short"),
        (
            "提名、酝酿只有一天，县级以上不少于两天",
            "nominations were discussed for one day; a county needs two",
        ),
        {"closed_on": clean.one("deliberations", unit="640323-congress")["opened_on"]},
        rows=clean.all("deliberations", unit="640323-congress"),
    )


def _of_sessions(clean: Clean) -> Iterator[Draft]:
    session = clean.one("sessions", unit="640302-government")
    yield clean.wrong(
        "sessions",
        ("slate.session", "fail", "640302-government", "preparatory-after-opening"),
        ("预备会议排在开幕之后", "the preparatory meeting was entered after the opening"),
        {"preparatory_on": later(session, "opened_on", 1)},
        rows=[session],
    )
    yield clean.wrong(
        "documents",
        ("slate.credentials", "fail", "640323202-congress", "confirmed-after-opening"),
        (
            "代表资格在开幕当天才确认",
            "credentials were confirmed only when the session opened",
        ),
        {"issued_on": clean.one("sessions", unit="640323202-congress")["opened_on"]},
        rows=clean.all("documents", unit="640323202-congress", kind="credentials-confirmed"),
    )
    yield clean.wrong(
        "sessions",
        ("slate.method", "fail", "640323104-government", "not-plenary"),
        (
            "选举办法由主席团通过，应由大会通过",
            "the presidium adopted the method; the congress must",
        ),
        {"method_by": "presidium"},
        rows=clean.all("sessions", unit="640323104-government"),
    )
    report = clean.one("reports", unit="640323200-congress")
    session = clean.one("sessions", unit="640323200-congress")
    yield clean.wrong(
        "reports",
        ("slate.late-reports", "fail", str(report["report"]), "settled-late"),
        (
            "举报在投票之后才登记办结，表决没有暂缓",
            "a report stands as settled only after the vote, which was not held back",
        ),
        {"closed_on": later(session, "voted_on", 4)},
        rows=[report],
    )
    left = clean.one("deputies", unit="640302203-congress", status="in-office")
    yield clean.wrong(
        "deputies",
        ("slate.deputies", "fail", "640302203-congress", "members-differ"),
        (
            "一名在任代表误登记为资格已终止",
            "a deputy in office was entered as having left it",
        ),
        {"status": "ended", "since": date(2016, 11, 21)},
        units=["640302203-congress", "640302203-government"],
        rows=[left],
        # Deputies are counted when the session opens.
    ).seen_on(later(clean.one("sessions", unit="640302203-congress"), "opened_on", 0))
