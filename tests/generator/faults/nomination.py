"""Faults of the nomination stage (提名)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from tests.generator.base import Row
from tests.generator.faults.fault import Clean, Draft, later


def nomination_faults(clean: Clean) -> Iterator[Draft]:
    """At least one fault for each check of the stage."""
    yield from _of_proposals(clean)
    yield from _of_places(clean)
    yield from _of_papers(clean)


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
    session = clean.one("calendar", unit="640324101-congress")
    yield clean.wrong(
        "activities",
        ("nomination.activities", "fail", "640324101/one-quiz", "too-late"),
        (
            "一项“十个一”活动在会议召开之后才完成",
            "one of the ten activities was done only after the session had opened",
        ),
        {"done_on": later(session, "session_opens_on", 1)},
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


def _of_proposals(clean: Clean) -> Iterator[Draft]:
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
        "candidates",
        ("nomination.proposals", "missing", "640302201-government-head", "no-proposal"),
        (
            "乡镇长拟提名人选误登记为退出，职位没有人选",
            "the proposed head stands as withdrawn, so that nobody is proposed for the post",
        ),
        {"status": "withdrawn"},
        rows=clean.all("candidates", post="640302201-government-head"),
    )
    yield clean.wrong(
        "documents",
        (
            "nomination.consultation",
            "fail",
            "640302202-government/consultation",
            "wrong-organ",
        ),
        (
            "民主协商记录由组织部作出，应由统战部作出",
            "the record of the consultation is the organisation department's, not the united "
            "front department's",
        ),
        {"issued_by": "organisation-department"},
        rows=clean.all("documents", unit="640302202-government", kind="consultation"),
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
