"""The six reviews: when they are due, and when they count."""

from datetime import date

import pytest

from schemas.rules.reviews import REVIEW_RULES
from schemas.vocabulary import ReviewItem
from tests.support.vetting import (
    text_of,
    verdict,
    verdicts,
    wrong_cases,
)
from tests.support.vetting_book import (
    SUBJECT,
    UNIT,
    Change,
    Row,
    about,
    add,
    drop,
    put,
)

CODES = [rule.code for rule in REVIEW_RULES]
LATER = date(2016, 10, 21)


def review(code: str, **values: object) -> Change:
    """With `values` in the review of the candidate in focus."""
    where: dict[str, object] = {"candidate": SUBJECT, "item": code.split(".", 1)[1]}
    return put("reviews", where, **values)


def a_report(**values: object) -> Change:
    """A report about the candidate in focus that is specific and open."""
    row: dict[str, object] = {
        "report": "r-1",
        "unit": UNIT,
        "candidate": SUBJECT,
        "channel": "phone",
        "received_on": date(2016, 10, 13),
        "clear_leads": True,
        "concrete": True,
        "real_name": False,
    }
    return add("reports", **(row | values))


def test_there_are_six_and_each_has_its_item() -> None:
    assert [f"vetting.{item.value}" for item in ReviewItem] == CODES


def test_a_review_that_is_due() -> None:
    cases: list[tuple[Row, str]] = [
        ({}, "pass"),
        ({"result": "cleared-with-decision", "reason": "已查清"}, "pass"),
        ({"organ": "party-committee"}, "fail wrong-organ"),
        ({"asked_on": LATER}, "missing not-asked"),
        ({"answered_on": None, "result": None}, "missing not-answered"),
        ({"answered_on": None}, "missing not-answered"),
        ({"answered_on": LATER}, "missing not-answered"),
        ({"result": None}, "missing not-answered"),
        ({"answered_on": date(2016, 9, 22)}, "pass"),
        ({"answered_on": date(2016, 9, 21)}, "fail answered-before-asked"),
        ({"result": "suspend"}, "fail adverse"),
        ({"result": "unfit"}, "fail adverse"),
        ({"result": "unfit", "document": None}, "fail adverse"),
        ({"result": "concealed", "reason": "已批评教育"}, "fail adverse"),
        ({"result": "not-required", "reason": "无需"}, "fail not-required"),
        ({"document": None}, "missing no-document"),
        ({"result": "cleared-with-decision"}, "missing no-reason"),
    ]
    assert wrong_cases(CODES, "reviews", cases) == []


def test_what_was_left_out_of_a_declaration_passes_once_it_is_settled() -> None:
    """查核结果处理办法 2017 art. 5; no other review ends with something left out."""
    settled: list[tuple[Row, str]] = [({"result": "omitted", "reason": "已批评教育"}, "pass")]
    open_: list[tuple[Row, str]] = [({"result": "omitted"}, "missing no-reason")]
    assert wrong_cases(["vetting.declaration"], "reviews", [*settled, *open_]) == []
    others = [code for code in CODES if code != "vetting.declaration"]
    adverse: list[tuple[Row, str]] = [(row, "fail adverse") for row, _ in [*settled, *open_]]
    assert wrong_cases(others, "reviews", adverse) == []


@pytest.mark.parametrize("code", CODES)
def test_each_review_is_its_own(code: str) -> None:
    unasked = drop("reviews", candidate=SUBJECT, item=code.split(".", 1)[1])
    assert verdicts(CODES, unasked) == dict.fromkeys(CODES, "pass") | {code: "missing not-asked"}


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        (date(2016, 11, 23), "pass"),
        (date(2016, 11, 24), "fail too-old"),
        (date(2016, 9, 24), "pass"),
        (date(2016, 9, 23), "fail after-session"),
    ],
)
def test_how_old_an_answer_may_be_when_the_session_opens(opens: date, expected: str) -> None:
    calendar = put("calendar", {"unit": UNIT}, session_opens_on=opens)
    assert verdicts(CODES, calendar) == dict.fromkeys(CODES, expected)


def test_an_answer_without_an_opening_day_to_compare_with() -> None:
    undated = drop("calendar", unit=UNIT)
    assert verdicts(CODES, undated) == dict.fromkeys(CODES, "missing no-session")


def test_an_answer_counts_the_same_years_later() -> None:
    assert verdicts(CODES, on=date(2026, 1, 1)) == dict.fromkeys(CODES, "pass")


@pytest.mark.parametrize("status", ["withdrawn", "excluded", "write-in"])
def test_only_who_is_proposed_is_reviewed(status: str) -> None:
    others = about("candidates", status=status)
    with pytest.raises(AssertionError, match="has 0 findings"):
        verdict("vetting.archive", others)


def test_several_organs_may_answer() -> None:
    organs = ["discipline-commission", "law-enforcement"]
    code = "vetting.organs-heard"
    assert verdict(code, review(code, organ="law-enforcement"), organs=organs) == "pass"
    assert verdict(code, organs=organs) == "fail wrong-organ"
    shown = text_of(code, organs=organs)
    assert shown.endswith("discipline commission, law-enforcement organs")


# 个人有关事项凡提必核


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        ("county-deputy", "pass"),
        ("county", "pass"),
        ("township", "not_applicable rank"),
        ("below-township-deputy", "not_applicable rank"),
    ],
)
def test_who_declares(rank: str, expected: str) -> None:
    assert verdict("vetting.declaration", about("candidates", rank=rank)) == expected


# 举报凡提必查: open reports


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "fail open-report"),
        ({"closed_on": date(2016, 10, 20)}, "pass"),
        ({"closed_on": LATER}, "fail open-report"),
        ({"received_on": LATER}, "pass"),
        ({"received_on": date(2016, 10, 20)}, "fail open-report"),
        ({"clear_leads": False}, "pass"),
        ({"concrete": False}, "pass"),
        ({"candidate": None}, "pass"),
        ({"candidate": "640302-deputy-head"}, "pass"),
    ],
)
def test_reports_about_a_candidate(values: dict[str, object], expected: str) -> None:
    assert verdict("vetting.reports", a_report(**values)) == expected


def test_an_open_report_counts_before_what_is_missing() -> None:
    unasked = drop("reviews", candidate=SUBJECT)
    assert verdict("vetting.reports", a_report(), unasked) == "fail open-report"


def test_open_reports_are_counted() -> None:
    second = a_report(report="r-2", received_on=date(2016, 10, 2))
    shown = text_of("vetting.reports", a_report(), second)
    assert shown.startswith("2 reports")
    assert "2016-10-02" in shown


# 巡视巡察结果凡提必用


def test_inspection_results_of_people_from_inspected_units() -> None:
    elsewhere = about("candidates", inspected_unit=False)
    unasked = drop("reviews", candidate=SUBJECT)
    assert verdict("vetting.inspection", elsewhere, unasked) == "not_applicable not-inspected"
    assert verdict("vetting.inspection", unasked) == "missing not-asked"


@pytest.mark.parametrize(
    ("code", "exempt"),
    [
        ("vetting.declaration", {"rank": "township"}),
        ("vetting.inspection", {"inspected_unit": False}),
        ("vetting.audit", {"headed_organ_months": 0}),
    ],
)
def test_an_adverse_answer_counts_even_where_none_was_needed(
    code: str, exempt: dict[str, object]
) -> None:
    adverse = review(code, result="unfit")
    assert verdict(code, about("candidates", **exempt), adverse) == "fail adverse"


# 经济责任凡提必审


@pytest.mark.parametrize(
    ("months", "headed_as", "expected"),
    [
        (0, None, "not_applicable headed-no-organ"),
        (1, None, "missing not-asked"),
        (11, "deputy", "not_applicable headed-no-organ"),
        (12, "deputy", "missing not-asked"),
        (60, "deputy", "missing not-asked"),
        (0, "chief", "missing not-asked"),
        (11, "chief", "missing not-asked"),
    ],
)
def test_who_is_audited(months: int, headed_as: str | None, expected: str) -> None:
    headed = about("candidates", headed_organ_months=months, headed_as=headed_as)
    unasked = drop("reviews", candidate=SUBJECT)
    assert verdict("vetting.audit", headed, unasked) == expected


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (date(2016, 9, 24), "pass"),
        (date(2016, 9, 23), "fail after-examination"),
        (None, "missing no-examination"),
        (LATER, "missing no-examination"),
    ],
)
def test_the_audit_is_there_before_the_examination_ends(ended: date | None, expected: str) -> None:
    assert verdict("vetting.audit", about("examinations", ended_on=ended)) == expected


def test_an_audit_without_any_examination() -> None:
    unexamined = drop("examinations", candidate=SUBJECT)
    assert verdict("vetting.audit", unexamined) == "missing no-examination"
