"""Faults of the nomination stage (提名)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from data.reference.base import Row
from data.reference.faults.fault import Clean, Draft


def nomination_faults(clean: Clean) -> Iterator[Draft]:
    """At least one fault for each check of the stage."""
    yield from _of_slates(clean)
    yield from _of_places(clean)
    yield from _of_papers(clean)


def _of_slates(clean: Clean) -> Iterator[Draft]:
    post = "640302107-congress-vice-chair"
    yield clean.wrong(
        "candidates",
        ("nomination.differential", "fail", post, "too-few"),
        (
            "联名提名的副主席人选误登记为退出，副职没有差额",
            "the jointly nominated vice chair stands as withdrawn: one candidate for one seat",
        ),
        {"status": "withdrawn"},
        rows=clean.all("candidates", post=post)[1:],
    )
    joint = clean.one("nominations", unit="640302200-government", channel="deputies")
    yield clean.absent(
        "signers",
        ("nomination.channel", "fail", str(joint["candidate"]), "too-few-signers"),
        ("代表联名只有8人，应有10人以上", "eight deputies signed; ten are needed"),
        rows=clean.all("signers", nomination=joint["nomination"])[8:],
    )
    joint = clean.one("nominations", unit="640302201-congress", channel="deputies")
    yield clean.wrong(
        "nominations",
        ("nomination.caps", "fail", str(joint["post"]), "presidium"),
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
        ("nomination.eligibility", "fail", str(member["candidate"]), "not-a-member"),
        ("乡镇人大主席人选不是本届代表", "the proposed chair is no deputy of this congress"),
        {"assembly_member": False},
        rows=[member],
    )
    head = clean.one("candidates", post="640324204-government-head")
    yield clean.wrong(
        "candidates",
        ("nomination.eligibility", "fail", str(head["candidate"]), "founding-ethnicity"),
        (
            "民族乡乡长人选不是建乡的少数民族公民",
            "the proposed head of an ethnic township is not of its founding ethnicity",
        ),
        {"ethnicity": "汉族"},
        rows=[head],
    )


def _once_talked_to(clean: Clean, place: str) -> Row:
    """Somebody of a place who is no candidate and was talked to in one batch only."""
    candidates = {row["person"] for row in clean.rows["candidates"]}
    times = Counter(row["person"] for row in clean.rows["talk_participants"])
    return next(
        row
        for row in clean.all(
            "roster", jurisdiction=place, must_talk=True, responsibility_talk=False
        )
        if row["person"] not in candidates and times[row["person"]] == 1
    )


def _of_places(clean: Clean) -> Iterator[Draft]:
    person = clean.all("roster", jurisdiction="640323100", must_pledge=True)[30]["person"]
    yield clean.absent(
        "pledges",
        ("nomination.pledges", "missing", str(person), "not-signed"),
        ("名册中有一人没有签承诺书", "one person of the roster has not signed the pledge"),
        rows=clean.all("pledges", person=person),
    )
    person = _once_talked_to(clean, "640323101")["person"]
    yield clean.absent(
        "talk_participants",
        ("nomination.must-talks", "missing", str(person), "not-talked-to"),
        ("名册中有一人没有谈话", "one person of the roster has not been talked to"),
        rows=clean.all("talk_participants", person=person),
    )
    yield clean.absent(
        "screenings",
        (
            "nomination.films",
            "missing",
            "640324100/examiner-training/film-hengyang-nanchong",
            "not-shown",
        ),
        (
            "考察培训时没有看第二部警示片",
            "the second warning film was not shown when the examination teams were trained",
        ),
        rows=clean.all(
            "screenings",
            jurisdiction="640324100",
            key_point="examiner-training",
            film="film-hengyang-nanchong",
        ),
    )
    yield clean.wrong(
        "activities",
        ("nomination.activities", "fail", "640324101/one-quiz", "too-late"),
        (
            "一项“十个一”活动在会议召开之后才完成",
            "one of the ten activities was done only after the session had opened",
        ),
        {"done_on": date(2016, 12, 9)},
        mended={"done_on": date(2016, 11, 9)},
        rows=clean.all("activities", jurisdiction="640324101", activity="one-quiz"),
    )
    yield clean.wrong(
        "card_lots",
        ("nomination.cards", "fail", "640324102", "too-few"),
        ("宣传卡少于应签承诺书的人数", "fewer cards than people who must pledge"),
        {"cards": 60},
        rows=clean.all("card_lots", jurisdiction="640324102"),
    )
    yield clean.wrong(
        "publicity",
        ("nomination.publicity", "fail", "640303102/hotline", "too-late"),
        (
            "举报电话在提名开始之后才公布",
            "the hotline was made public only after nomination had begun",
        ),
        {"published_on": date(2016, 9, 20)},
        rows=clean.all("publicity", jurisdiction="640303102", kind="hotline"),
    )


def _of_papers(clean: Clean) -> Iterator[Draft]:
    yield clean.wrong(
        "notices",
        ("nomination.lists", "fail", "640303200-congress/deputies-final", "too-late"),
        (
            "代表候选人正式名单在选举日前5天才公布，应在7天以前",
            "the final list came out 5 days before the election; 7 are needed",
        ),
        {"published_on": date(2016, 11, 4)},
        rows=clean.all("notices", unit="640303200-congress", kind="deputies-final"),
    )
    yield clean.wrong(
        "deliberations",
        ("nomination.deliberation", "fail", "640323-congress", "too-short"),
        (
            "提名、酝酿只有一天，县级以上不少于两天",
            "nominations were discussed for one day; a county needs two",
        ),
        {"closed_on": clean.one("deliberations", unit="640323-congress")["opened_on"]},
        rows=clean.all("deliberations", unit="640323-congress"),
    )
    yield clean.absent(
        "documents",
        (
            "nomination.recommendation",
            "missing",
            "640303201-government/recommendation-report",
            "no-document",
        ),
        ("没有民主推荐情况报告", "there is no report on the recommendation"),
        rows=clean.all("documents", unit="640303201-government", kind="recommendation-report"),
    )
    yield clean.wrong(
        "documents",
        ("nomination.consultation", "fail", "640302-cppcc/membership-decided", "out-of-order"),
        (
            "政协常委会决定委员名单早于主席会议审议",
            "the standing committee decided on the members before the chairpersons had agreed",
        ),
        {"issued_on": date(2016, 11, 10)},
        rows=clean.all("documents", unit="640302-cppcc", kind="membership-decided"),
    )
