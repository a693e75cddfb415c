"""Vetting beyond the reviews: every rule passes, fails for each of its reasons, and misses."""

from datetime import date, timedelta

import pytest

from tests.support.vetting import (
    text_of,
    verdict,
    wrong_cases,
)
from tests.support.vetting_book import (
    CITY,
    COUNTY,
    OTHER,
    SUBJECT,
    TODAY,
    TOWNSHIP,
    UNIT,
    Change,
    Row,
    about,
    add,
    drop,
    put,
)

LATER = date(2016, 10, 21)
PERSON = f"p-{SUBJECT}"


# 不得列为考察对象 (条例 2019 art. 24)


def test_bars() -> None:
    cases: list[tuple[Row, str]] = [
        ({}, "pass"),
        ({"appraisal_last_year": "excellent", "worst_appraisal": "excellent"}, "pass"),
        ({"political_breach": True}, "fail political-breach"),
        ({"political_breach": True, "document": None}, "fail political-breach"),
        ({"appraisal_last_year": "basically-competent"}, "fail appraisal"),
        ({"appraisal_last_year": "incompetent"}, "fail appraisal"),
        ({"appraisal_last_year": None}, "missing no-appraisal"),
        ({"worst_appraisal": None}, "missing no-appraisal"),
        ({"canvassing": True}, "fail canvassing"),
        ({"spouse_emigrated": True}, "fail emigrated"),
        ({"spouse_emigrated": True, "special_post": True}, "pass"),
        ({"special_post": True}, "pass"),
        ({"low_regard": True}, "fail low-regard"),
        ({"otherwise_unsuitable": True}, "fail unsuitable"),
        ({"decided_by": None}, "missing undecided"),
        ({"document": None}, "missing undecided"),
    ]
    assert wrong_cases(["vetting.bars"], "assessments", cases) == []


def test_who_is_no_cadre_has_no_appraisal() -> None:
    silent = about("assessments", appraisal_last_year=None, worst_appraisal=None)
    no_archive = put(
        "reviews", {"candidate": SUBJECT, "item": "archive"}, result="not-required", reason="非干部"
    )
    assert verdict("vetting.bars", silent) == "missing no-appraisal"
    # A government's candidate is a cadre, whatever the review of the archive says.
    assert verdict("vetting.bars", silent, no_archive) == "missing no-appraisal"


def test_bars_without_an_assessment() -> None:
    assert verdict("vetting.bars", drop("assessments", candidate=SUBJECT)) == "missing not-assessed"


@pytest.mark.parametrize(("years", "expected"), [(1, "pass"), (3, "fail appraisal")])
def test_the_regulation_of_2014_looks_at_three_years(years: int, expected: str) -> None:
    once = about("assessments", worst_appraisal="basically-competent")
    assert verdict("vetting.bars", once, appraisal_years=years) == expected


# 处分影响期 (政务处分法 art. 8)


def sanction(kind: str, decided: date, home: str = COUNTY, person: str = PERSON) -> Change:
    return add(
        "sanctions",
        sanction=f"s-{kind}-{decided}",
        jurisdiction=home,
        person=person,
        kind=kind,
        decided_on=decided,
    )


@pytest.mark.parametrize(
    ("kind", "last_bad", "first_good"),
    [
        ("warning", date(2016, 3, 16), date(2016, 3, 15)),
        ("demerit", date(2015, 9, 16), date(2015, 9, 15)),
        ("serious-demerit", date(2015, 3, 16), date(2015, 3, 15)),
        ("demotion", date(2014, 9, 16), date(2014, 9, 15)),
        ("removal", date(2014, 9, 16), date(2014, 9, 15)),
    ],
)
def test_sanctions_run_out(kind: str, last_bad: date, first_good: date) -> None:
    assert verdict("vetting.sanctions", sanction(kind, last_bad)) == "fail running"
    assert verdict("vetting.sanctions", sanction(kind, first_good)) == "pass"


def test_joined_periods_end_when_the_decision_says() -> None:
    code, demerits = "vetting.sanctions", sanction("demerit", date(2015, 3, 1))
    cases = [
        (date(2016, 9, 15), "pass"),
        (date(2016, 9, 16), "fail running"),
        (date(2017, 3, 1), "fail running"),
        (date(2019, 3, 2), "fail period"),
        (date(2016, 2, 29), "fail period"),
    ]
    for ends, expected in cases:
        joined = put("sanctions", {"sanction": "s-demerit-2015-03-01"}, ends_on=ends)
        assert verdict(code, demerits, joined) == expected, ends


def test_whom_deputies_nominate_is_free_of_sanctions_when_the_session_opens() -> None:
    floor = put("candidates", {"candidate": SUBJECT}, status="from-the-floor")
    for decided, expected in ((date(2016, 5, 20), "pass"), (date(2016, 5, 21), "fail running")):
        assert verdict("slate.sanctions", floor, sanction("warning", decided)) == expected


def test_sanction_months_are_the_packs() -> None:
    warned = sanction("warning", date(2016, 3, 1))
    assert verdict("vetting.sanctions", warned) == "pass"
    assert verdict("vetting.sanctions", warned, warning=12) == "fail running"


def test_a_dismissal_never_runs_out() -> None:
    dismissed = sanction("dismissal", date(1999, 1, 1))
    assert verdict("vetting.sanctions", dismissed) == "fail dismissed"
    warned = sanction("warning", date(2016, 10, 1))
    assert verdict("vetting.sanctions", dismissed, warned) == "fail dismissed"


def test_of_several_sanctions_the_longest_counts() -> None:
    old, long = sanction("warning", date(2010, 1, 1)), sanction("demotion", date(2015, 1, 1))
    shown = text_of("vetting.sanctions", old, long, sanction("warning", date(2016, 10, 1)))
    assert "2017-04-01" in shown
    shown = text_of("vetting.sanctions", long, sanction("warning", date(2016, 6, 1)))
    assert "2017-01-01" in shown
    assert "demotion" in shown


def test_a_sanction_of_tomorrow_or_of_somebody_else_bars_nobody_today() -> None:
    assert verdict("vetting.sanctions", sanction("removal", LATER)) == "pass"
    assert verdict("vetting.sanctions", sanction("removal", TODAY)) == "fail running"
    other = sanction("removal", date(2016, 1, 1), person="p-640302-deputy-head")
    assert verdict("vetting.sanctions", other) == "pass"


@pytest.mark.parametrize(
    ("home", "expected"),
    [(COUNTY, "fail running"), (CITY, "fail running"), (OTHER, "pass"), (TOWNSHIP, "pass")],
)
def test_a_sanction_counts_where_it_is_kept_or_below(home: str, expected: str) -> None:
    kept = sanction("removal", date(2016, 1, 1), home)
    assert verdict("vetting.sanctions", kept) == expected


def test_a_sanction_without_an_opening_day_to_compare_with() -> None:
    undated = drop("calendar", unit=UNIT)
    warned = sanction("warning", date(2010, 1, 1))
    assert verdict("vetting.sanctions", undated, warned) == "missing no-session"
    assert verdict("vetting.sanctions", undated) == "pass"


@pytest.mark.parametrize(
    ("entries", "expected"), [(0, "pass"), (1, "pass"), (2, "missing fewer-than-returned")]
)
def test_sanctions_are_as_many_as_returned(entries: int, expected: str) -> None:
    code, subject = "vetting.sanctions", f"{COUNTY}/sanctions"
    one = sanction("warning", date(2010, 1, 1))
    made = put("returns", {"jurisdiction": COUNTY, "register_name": "sanctions"}, entries=entries)
    assert verdict(code, one, made, subject=subject) == expected
    unmade = drop("returns", jurisdiction=COUNTY, register_name="sanctions")
    assert verdict(code, one, unmade, subject=subject) == "missing not-returned"


# 考察组 (条例 2019 art. 33)


def test_examination() -> None:
    cases: list[tuple[Row, str]] = [
        ({}, "pass"),
        ({"team_size": 1}, "fail team"),
        ({"team_size": 0}, "fail team"),
        ({"ended_on": None}, "missing not-ended"),
        ({"ended_on": LATER}, "missing not-ended"),
        ({"ended_on": date(2016, 9, 15)}, "pass"),
        ({"ended_on": date(2016, 9, 14)}, "fail dates"),
        ({"started_on": LATER}, "missing not-examined"),
        # The recommendation was complete on the 10th.
        ({"started_on": date(2016, 9, 10)}, "pass"),
        ({"started_on": date(2016, 9, 9)}, "fail before-recommendation"),
    ]
    assert wrong_cases(["vetting.examination"], "examinations", cases) == []


def test_examination_by_nobody() -> None:
    unexamined = drop("examinations", candidate=SUBJECT)
    assert verdict("vetting.examination", unexamined) == "missing not-examined"
    assert verdict("vetting.examination", team_size=3) == "fail team"


# 廉洁意见双签字


def test_integrity() -> None:
    cases: list[tuple[Row, str]] = [
        ({}, "pass"),
        ({"signed_on": LATER}, "missing no-opinion"),
        ({"discipline_secretary": f"o-{COUNTY}-1"}, "fail one-signer"),
        ({"party_secretary": f"o-{COUNTY}-2", "discipline_secretary": f"o-{COUNTY}-1"},
         "fail not-secretary"),
        ({"discipline_secretary": f"o-{CITY}-1"}, "fail not-discipline"),
        ({"party_secretary": f"o-{CITY}-1", "discipline_secretary": f"o-{CITY}-2"}, "pass"),
        ({"party_secretary": f"o-{OTHER}-1"}, "fail not-secretary"),
        ({"discipline_secretary": f"o-{TOWNSHIP}-2"}, "fail not-discipline"),
        ({"party_secretary": "o-unheard-of"}, "fail not-secretary"),
        ({"favourable": False}, "fail unfavourable"),
    ]  # fmt: skip
    assert wrong_cases(["vetting.integrity"], "integrity_opinions", cases) == []


@pytest.mark.parametrize(
    ("code", "officer"),
    [("vetting.integrity", 1), ("vetting.integrity", 2), ("vetting.examination", 1),
     ("vetting.bars", 1)],
)  # fmt: skip
def test_nobody_acts_on_themselves_or_their_kin(code: str, officer: int) -> None:
    acting = f"p-{COUNTY}-o{officer}"
    oneself = put("officers", {"officer": f"o-{COUNTY}-{officer}"}, person=PERSON)
    assert verdict(code, oneself) == "fail about-oneself"
    for one, other in ((PERSON, acting), (acting, PERSON)):
        kin = add("kin", jurisdiction=COUNTY, person=one, kin=other, kinship="spouse")
        assert verdict(code, kin) == "fail about-kin"


def test_one_person_under_two_ids_signs_once() -> None:
    twice = put("officers", {"officer": f"o-{COUNTY}-2"}, person=f"p-{COUNTY}-o1")
    assert verdict("vetting.integrity", twice) == "fail one-signer"


def test_integrity_without_an_opinion() -> None:
    silent = drop("integrity_opinions", candidate=SUBJECT)
    assert verdict("vetting.integrity", silent) == "missing no-opinion"


# 讨论决定 (domain.md §10: of 11 members 8 present and 6 in favour suffice)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "pass"),
        ({"present": 7}, "fail quorum"),
        ({"in_favour": 5}, "fail majority"),
        ({"committee_size": 12, "in_favour": 6}, "fail majority"),
        ({"committee_size": 12, "in_favour": 7}, "pass"),
        ({"committee_size": 0, "present": 0, "in_favour": 0}, "fail no-members"),
        ({"present": 11, "in_favour": 11}, "pass"),
        ({"present": 12}, "fail numbers"),
        ({"in_favour": 9}, "fail numbers"),
        ({"conflicted_present": 1}, "fail conflicted"),
        ({"decided_on": LATER}, "missing not-decided"),
        ({"decided_on": TODAY}, "pass"),
    ],
)
def test_committee(values: dict[str, object], expected: str) -> None:
    decided = put("committee_votes", {"unit": UNIT}, **values)
    assert verdict("vetting.committee", decided, subject=UNIT) == expected


@pytest.mark.parametrize(
    ("ended", "expected"),
    [(date(2016, 9, 28), "pass"), (date(2016, 9, 29), "fail before-examination"),
     (None, "missing not-examined")],
)  # fmt: skip
def test_the_committee_decides_after_the_examination(ended: date | None, expected: str) -> None:
    examined = put("examinations", {}, ended_on=ended)
    assert verdict("vetting.committee", examined, subject=UNIT) == expected


def test_committee_that_has_not_decided() -> None:
    silent = drop("committee_votes", unit=UNIT)
    assert verdict("vetting.committee", silent, subject=UNIT) == "missing not-decided"


# 任前公示 (domain.md §10: from 2016-09-28 over the October holiday)


def test_public_notice() -> None:
    cases: list[tuple[Row, str]] = [
        ({}, "pass"),
        ({"closed_on": date(2016, 10, 8)}, "fail too-short"),
        ({"closed_on": date(2016, 10, 7)}, "fail too-short"),
        ({"closed_on": date(2016, 9, 28)}, "fail too-short"),
        ({"closed_on": date(2016, 9, 27)}, "fail dates"),
        ({"closed_on": None}, "missing no-end"),
        ({"closed_on": LATER}, "not_yet not-over"),
        ({"opened_on": None}, "missing no-notice"),
        ({"opened_on": LATER, "closed_on": date(2016, 11, 1)}, "missing no-notice"),
        ({"exemption": "special-post", "opened_on": None}, "not_applicable special-post"),
        ({"exemption": "shown-at-examination", "closed_on": None},
         "not_applicable shown-at-examination"),
        ({"opened_on": date(2016, 9, 27)}, "fail before-decision"),
    ]  # fmt: skip
    assert wrong_cases(["vetting.public-notice"], "public_notices", cases) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [(4, "fail too-short"), (5, "missing workdays-unknown"), (14, "missing workdays-unknown"),
     (15, "pass")],
)  # fmt: skip
def test_without_a_calendar_only_bounds_tell(days: int, expected: str) -> None:
    opened = date(2049, 3, 1)
    ahead = [
        put("calendar", {"unit": UNIT}, session_opens_on=date(2049, 6, 1)),
        about("public_notices", opened_on=opened, closed_on=opened + timedelta(days=days - 1)),
    ]
    on = date(2049, 5, 1)
    assert verdict("vetting.public-notice", *ahead, on=on) == expected


def test_who_is_not_promoted_need_not_be_shown() -> None:
    stays = about("candidates", promoted=False)
    silent = drop("public_notices", candidate=SUBJECT)
    assert verdict("vetting.public-notice", stays, silent) == "not_applicable not-promoted"


def test_the_first_day_counts_where_the_pack_says_so() -> None:
    assert verdict("vetting.public-notice", first_day=False) == "fail too-short"
    longer = about("public_notices", closed_on=date(2016, 10, 10))
    assert verdict("vetting.public-notice", longer, first_day=False) == "pass"


def test_no_notice_before_the_committee_decided() -> None:
    silent = drop("committee_votes", unit=UNIT)
    assert verdict("vetting.public-notice", silent) == "missing not-decided"


def test_nobody_is_exempt_by_having_no_notice() -> None:
    silent = drop("public_notices", candidate=SUBJECT)
    assert verdict("vetting.public-notice", silent) == "missing no-notice"


@pytest.mark.parametrize(
    ("opens", "expected"),
    [(date(2016, 10, 9), "pass"), (date(2016, 10, 8), "fail after-session")],
)
def test_the_notice_closes_before_the_session(opens: date, expected: str) -> None:
    calendar = put("calendar", {"unit": UNIT}, session_opens_on=opens)
    assert verdict("vetting.public-notice", calendar) == expected
    undated = drop("calendar", unit=UNIT)
    assert verdict("vetting.public-notice", undated) == "missing no-session"


def test_how_long_a_notice_lasts_is_the_packs() -> None:
    assert verdict("vetting.public-notice", workdays=6) == "fail too-short"
    assert "had 5 working days; 6 are needed" in text_of("vetting.public-notice", workdays=6)
