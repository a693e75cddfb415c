"""Faults of the vetting stage (考察)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.generator.base import Cell, Row, days
from tests.generator.faults.fault import Clean, Draft


def vetting_faults(clean: Clean) -> Iterator[Draft]:
    """At least one fault for each check of the stage."""
    yield from _of_reviews(clean)
    yield from _of_people(clean)
    yield from _of_kin_and_age(clean)
    yield from _of_decisions(clean)


def _of_reviews(clean: Clean) -> Iterator[Draft]:
    candidate = _candidate(clean, "640303202-congress")
    yield clean.absent(
        "reviews",
        ("vetting.archive", "missing", candidate, "not-asked"),
        ("人选没有档案审核记录", "the archive of one candidate was not reviewed"),
        rows=clean.all("reviews", candidate=candidate, item="archive"),
    )
    candidate = str(
        clean.one("candidates", unit="640323-government", rank="county-deputy")["candidate"]
    )
    yield clean.wrong(
        "reviews",
        ("vetting.declaration", "missing", candidate, "not-answered"),
        ("个人有关事项查核尚无结果", "the verification of personal matters has no result yet"),
        {"answered_on": None, "result": None, "reason": None, "document": None},
        rows=clean.all("reviews", candidate=candidate, item="declaration"),
    )
    candidate = _candidate(clean, "640323104-congress", 1)
    yield clean.wrong(
        "reviews",
        ("vetting.organs-heard", "fail", candidate, "adverse"),
        (
            "纪检机关建议暂缓，后经查清有结论",
            "the discipline commission asked to suspend; later it was cleared with a decision",
        ),
        {"result": "suspend", "reason": None},
        mended={
            "answered_on": date(2016, 10, 9),
            "result": "cleared-with-decision",
            "reason": "反映问题经核查不实，已有结论",
            "document": "沙泉纪函〔2016〕88号",
        },
        rows=clean.all("reviews", candidate=candidate, item="organs-heard"),
    )
    report = clean.one("reports", unit="640303104-government")
    yield clean.wrong(
        "reports",
        ("vetting.reports", "fail", str(report["candidate"]), "open-report"),
        ("反映人选的具体举报尚未办结", "a specific report about a candidate is still open"),
        {"closed_on": None},
        rows=[report],
    )
    candidate = str(
        clean.one("candidates", unit="640302104-government", inspected_unit=True)["candidate"]
    )
    yield clean.wrong(
        "reviews",
        ("vetting.inspection", "fail", candidate, "not-required"),
        (
            "人选来自被巡察单位，却填“无需”",
            "the candidate comes from an inspected unit, yet the review says “not required”",
        ),
        {"result": "not-required", "reason": "所在单位本届内未被巡察"},
        rows=clean.all("reviews", candidate=candidate, item="inspection"),
    )
    candidate = str(clean.one("candidates", post="640324-cppcc-chair")["candidate"])
    yield clean.wrong(
        "reviews",
        ("vetting.audit", "fail", candidate, "after-examination"),
        (
            "经济责任审计在考察结束之后才有结果",
            "the audit ended only after the examination had ended",
        ),
        {"answered_on": date(2016, 11, 2)},
        rows=clean.all("reviews", candidate=candidate, item="audit"),
    )


def _candidate(clean: Clean, unit: str, position: int = 0) -> str:
    return str(clean.all("candidates", unit=unit, status="proposed")[position]["candidate"])


def _of_people(clean: Clean) -> Iterator[Draft]:
    candidate = _candidate(clean, "640323201-government", 1)
    yield clean.wrong(
        "assessments",
        ("vetting.bars", "missing", candidate, "undecided"),
        ("群众公认度没有认定人和文号", "nobody is named as having decided on public regard"),
        {"decided_by": None, "document": None},
        rows=clean.all("assessments", candidate=candidate),
    )
    candidate = _candidate(clean, "640323201-congress", 1)
    yield clean.wrong(
        "assessments",
        ("vetting.bars", "fail", candidate, "appraisal"),
        (
            "近三年有一年考核误登记为基本称职",
            "one of three years' appraisals was entered as basically competent",
        ),
        {"worst_appraisal": "basically-competent"},
        rows=clean.all("assessments", candidate=candidate),
    )
    sanction = clean.one("sanctions", jurisdiction="640324103")
    yield clean.wrong(
        "sanctions",
        ("vetting.sanctions", "fail", _of_person(clean, sanction), "running"),
        (
            "警告处分的年份误填为2016年，影响期未满",
            "the year of a warning was entered as 2016, so that it is still running",
        ),
        {"decided_on": date(2016, 7, 27)},
        units=["640324103-government"],
        rows=[sanction],
    )
    candidate = str(clean.one("candidates", unit="640324-government", promoted=True)["candidate"])
    yield clean.wrong(
        "candidates",
        ("vetting.qualification", "fail", candidate, "years-in-rank"),
        (
            "拟提拔人选任现职级只有一年",
            "the candidate for promotion held the present rank for one year",
        ),
        {"years_in_rank": 1},
        rows=clean.all("candidates", candidate=candidate),
    )
    head = clean.one("candidates", post="640303105-government-head")
    yield clean.wrong(
        "candidates",
        ("vetting.avoidance", "fail", str(head["candidate"]), "home"),
        ("乡镇长人选的成长地就是本乡镇", "the proposed head of the township grew up in it"),
        {"home_division": "640303105"},
        rows=[head],
    )


def _of_person(clean: Clean, row: Row) -> str:
    return str(clean.one("candidates", person=row["person"])["candidate"])


def _of_kin_and_age(clean: Clean) -> Iterator[Draft]:
    held = clean.one("kin_offices", jurisdiction="640302107")
    head = clean.one("candidates", unit="640302107-government", person=held["person"])
    yield clean.wrong(
        "kin_offices",
        ("vetting.kin-offices", "fail", str(head["candidate"]), "under-the-lead"),
        (
            "拟任镇长的近亲属在本镇任站所负责人，没有登记调离",
            "close kin of the proposed township head lead an office there, and stay",
        ),
        {"leaves_on": None},
        units=["640302107-government"],
        rows=[held],
    )
    unit = "640323200-government"
    frozen = clean.one("documents", unit=unit, kind="freeze-date")["issued_on"]
    candidate = _candidate(clean, unit)
    yield clean.wrong(
        "reviews",
        ("vetting.freeze", "fail", f"{candidate}/organs-heard", "too-early"),
        (
            "纪检机关意见早于审核冻结日期",
            "the discipline commission answered before the freeze date",
        ),
        {"asked_on": days(_day(frozen), -9), "answered_on": days(_day(frozen), -2)},
        rows=clean.all("reviews", candidate=candidate, item="organs-heard"),
    ).seen_on(date(2016, 9, 14))


def _day(cell: Cell) -> date:
    if not isinstance(cell, date):
        raise TypeError(f"{cell!r} is no day")
    return cell


def _of_decisions(clean: Clean) -> Iterator[Draft]:
    candidate = _candidate(clean, "640324104-congress", 2)
    yield clean.wrong(
        "examinations",
        ("vetting.examination", "fail", candidate, "team"),
        ("考察组只有一人，应有两名以上成员", "the examination team had one member; it needs two"),
        {"team_size": 1},
        rows=clean.all("examinations", candidate=candidate),
    )
    candidate = _candidate(clean, "640302104-congress")
    yield clean.wrong(
        "examinations",
        ("vetting.examination", "fail", candidate, "before-recommendation"),
        (
            "民主推荐还没有完成就开始考察",
            "the examination began before the recommendation was complete",
        ),
        {"started_on": date(2016, 9, 2)},
        rows=clean.all("examinations", candidate=candidate),
    )
    candidate = _candidate(clean, "640324105-congress")
    opinion = clean.one("integrity_opinions", candidate=candidate)
    yield clean.wrong(
        "integrity_opinions",
        ("vetting.integrity", "fail", candidate, "one-signer"),
        ("廉洁意见两处都是党委书记签字", "the party secretary signed the opinion in both places"),
        {"discipline_secretary": opinion["party_secretary"]},
        rows=[opinion],
    )
    yield clean.wrong(
        "committee_votes",
        ("vetting.committee", "fail", "640303106-congress", "majority"),
        ("同意票没有超过应到成员的半数", "not more than half of the committee were in favour"),
        {"in_favour": 4},
        rows=clean.all("committee_votes", unit="640303106-congress"),
    )
    yield clean.wrong(
        "committee_votes",
        ("vetting.committee", "fail", "640323202-government", "before-examination"),
        (
            "考察还没有结束党委就讨论决定",
            "the committee decided before the last examination had ended",
        ),
        {"decided_on": date(2016, 9, 25)},
        rows=clean.all("committee_votes", unit="640323202-government"),
    )
    shown = str(clean.one("candidates", unit="640324201-government", promoted=True)["candidate"])
    yield clean.wrong(
        "public_notices",
        ("vetting.public-notice", "fail", shown, "before-decision"),
        (
            "党委还没有讨论决定就开始公示",
            "the public notice opened before the committee had decided",
        ),
        {"opened_on": date(2016, 9, 26)},
        rows=clean.all("public_notices", candidate=shown),
    )
    promoted = clean.one("candidates", unit="640324203-government", promoted=True)
    candidate = str(promoted["candidate"])
    yield clean.wrong(
        "public_notices",
        ("vetting.public-notice", "fail", candidate, "too-short"),
        (
            "公示跨国庆假期，只有4个工作日，应不少于5个",
            "the notice ran over the October holiday and had 4 working days; 5 are needed",
        ),
        {"opened_on": date(2016, 9, 28), "closed_on": date(2016, 10, 8)},
        mended={"opened_on": date(2016, 9, 28), "closed_on": date(2016, 10, 9)},
        rows=clean.all("public_notices", candidate=candidate),
        # Until it is over, that is waited for.
    ).seen_on(date(2016, 10, 17))
