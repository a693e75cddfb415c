"""Election: session, quorum, method, credentials and late reports."""

from datetime import date
from typing import Any

import pytest

from tests.support.inspection_election import RULE, arguments, verdict
from tests.support.inspection_election_book import (
    COUNTY,
    DEPUTIES,
    TODAY,
    UNIT,
    Change,
    balloted,
    day,
    drop,
    put,
)

VOTE = f"{DEPUTIES}/1"
SESSION, QUORUM, METHOD = "slate.session", "result.quorum", "slate.method"
CREDENTIALS, LATE = "slate.credentials", "slate.late-reports"
CONGRESS, CPPCC, TOWNSHIP = "640302-congress", "640302-cppcc", "640302001-congress"
CITY = "640300-congress"


def session(unit: str = UNIT, **values: object) -> Change:
    return put("sessions", {"unit": unit}, **values)


def city_elected(text: str) -> Change:
    return put("calendar", {"unit": CITY}, deputies_elected_on=day(text))


def report_by(**values: object) -> Change:
    return put("documents", {"unit": CONGRESS, "kind": "credentials-report"}, **values)


def confirmed(unit: str = CONGRESS, **values: object) -> Change:
    return put("documents", {"unit": unit, "kind": "credentials-confirmed"}, **values)


def assembly(unit: str, **values: object) -> Change:
    return put("assemblies", {"unit": unit}, **values)


def members(number: int, unit: str = CONGRESS) -> Change:
    return put("credentials", {"unit": unit}, members=number)


def ballot(number: int = 1, **values: object) -> Change:
    return put("ballots", {"post": DEPUTIES, "round": number}, **values)


def published(**values: object) -> Change:
    return put("notices", {"unit": CONGRESS}, **values)


def again(text: str) -> Change:
    return balloted(DEPUTIES, 2, "further", 1, voted_on=day(text))


def report(**values: object) -> Change:
    return put("reports", {"report": "r-1"}, **values)


ALL_OF_THEM = session(CPPCC, quorum_numerator=1, quorum_denominator=1)
NOT_ABSENT = drop("returns", jurisdiction=COUNTY)
FEWER = put("returns", {"jurisdiction": COUNTY}, entries=5)

TABLE: dict[str, list[tuple[str, str, list[Change], str]]] = {
    SESSION: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "not_yet no-session"),
        (UNIT, UNIT, [session(voted_on=day("12-01"))], "pass"),
        (UNIT, UNIT, [session(opened_on=day("12-01"))], "not_yet no-session"),
        (CONGRESS, CONGRESS, [drop("calendar", unit=CONGRESS)], "missing no-calendar"),
        (UNIT, UNIT, [drop("calendar", unit=UNIT)], "pass"),
        (
            CONGRESS,
            CONGRESS,
            [put("calendar", {"unit": CONGRESS}, deputies_elected_on=None)],
            "missing no-election-day",
        ),
        (
            CONGRESS,
            CONGRESS,
            [session(CONGRESS, preparatory_on=None)],
            "missing no-preparatory-meeting",
        ),
        (TOWNSHIP, TOWNSHIP, [session(TOWNSHIP, preparatory_on=None)], "pass"),
        (UNIT, UNIT, [session(preparatory_on=None)], "pass"),
        # The presidium is elected in the preparatory meeting, which may be on the opening day.
        (
            CONGRESS,
            CONGRESS,
            [session(CONGRESS, preparatory_on=day("11-20"), presidium_on=day("11-20"))],
            "pass",
        ),
        (
            CONGRESS,
            CONGRESS,
            [session(CONGRESS, presidium_on=day("11-18"))],
            "fail presidium-not-in-preparatory",
        ),
        (
            CONGRESS,
            CONGRESS,
            [session(CONGRESS, presidium_on=day("11-20"))],
            "fail presidium-not-in-preparatory",
        ),
        (
            CONGRESS,
            CONGRESS,
            [session(CONGRESS, preparatory_on=day("11-21"))],
            "fail preparatory-after-opening",
        ),
        (UNIT, UNIT, [session(preparatory_on=None, presidium_on=day("11-20"))], "pass"),
        (UNIT, UNIT, [session(presidium_on=day("11-21"))], "fail presidium-after-opening"),
        (TOWNSHIP, TOWNSHIP, [session(TOWNSHIP, presidium_on=day("11-22"))], "pass"),
        (TOWNSHIP, TOWNSHIP, [session(TOWNSHIP, presidium_on=day("11-20"))], "pass"),
        (
            TOWNSHIP,
            TOWNSHIP,
            [session(TOWNSHIP, presidium_on=day("11-19"))],
            "fail presidium-before-session",
        ),
        (
            TOWNSHIP,
            TOWNSHIP,
            [session(TOWNSHIP, preparatory_on=day("11-19"), presidium_on=day("11-19"))],
            "fail presidium-before-session",
        ),
        (
            TOWNSHIP,
            TOWNSHIP,
            [session(TOWNSHIP, presidium_on=day("11-23"))],
            "fail presidium-after-vote",
        ),
        (CPPCC, CPPCC, [session(CPPCC, presidium_on=day("11-21"))], "pass"),
        (UNIT, UNIT, [session(voted_on=day("11-20"))], "pass"),
        (UNIT, UNIT, [session(voted_on=day("11-19"))], "fail voted-before-opening"),
        (
            CONGRESS,
            CONGRESS,
            [put("calendar", {"unit": CONGRESS}, deputies_elected_on=day("09-20"))],
            "pass",
        ),
        (
            CONGRESS,
            CONGRESS,
            [put("calendar", {"unit": CONGRESS}, deputies_elected_on=day("09-19"))],
            "fail opened-late",
        ),
        # A city's deputies are elected by the congresses of its counties, which opened on 11-20.
        (CITY, CITY, [city_elected("11-20")], "pass"),
        (CITY, CITY, [city_elected("11-19")], "fail elected-before-counties"),
        (
            CITY,
            CITY,
            [city_elected("11-20"), session("640321-congress", opened_on=day("11-21"))],
            "fail elected-before-counties",
        ),
        # Townships elect none of them.
        (
            CITY,
            CITY,
            [city_elected("11-20"), session(TOWNSHIP, opened_on=day("11-21"))],
            "pass",
        ),
    ],
    QUORUM: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "not_yet no-session"),
        (UNIT, UNIT, [drop("assemblies", unit=CONGRESS)], "missing no-assembly"),
        (CPPCC, CPPCC, [drop("assemblies", unit=CONGRESS)], "pass"),
        (UNIT, UNIT, [drop("credentials", unit=CONGRESS)], "missing no-credentials"),
        (CPPCC, CPPCC, [drop("credentials", unit=CONGRESS)], "pass"),
        (CPPCC, CPPCC, [drop("credentials", unit=CPPCC)], "missing no-credentials"),
        (UNIT, UNIT, [members(0), session(present=0)], "fail no-members"),
        (UNIT, UNIT, [members(182)], "pass"),
        (UNIT, UNIT, [members(183)], "fail too-many-members"),
        (CONGRESS, CONGRESS, [members(183)], "fail too-many-members"),
        (CPPCC, CPPCC, [assembly(CPPCC, members=179)], "fail too-many-members"),
        (UNIT, UNIT, [session(present=180)], "pass"),
        (UNIT, UNIT, [session(present=181)], "fail too-many-present"),
        (UNIT, UNIT, [session(present=120)], "pass"),
        (UNIT, UNIT, [session(present=119)], "fail no-quorum"),
        (UNIT, UNIT, [members(172), session(present=115)], "pass"),
        (UNIT, UNIT, [members(172), session(present=114)], "fail no-quorum"),
        (UNIT, UNIT, [session(quorum_denominator=0)], "fail no-quorum-rule"),
        # Each vote has its own attendance.
        (UNIT, VOTE, [], "pass"),
        (UNIT, VOTE, [ballot(present=120, issued=120)], "pass"),
        (UNIT, VOTE, [ballot(present=119, issued=119)], "fail no-quorum"),
        (UNIT, VOTE, [ballot(present=181)], "fail too-many-present"),
        (UNIT, VOTE, [ballot(present=180)], "pass"),
        (UNIT, VOTE, [ballot(issued=120)], "pass"),
        (UNIT, VOTE, [ballot(issued=119)], "fail too-few-papers"),
        (UNIT, VOTE, [session(present=120), ballot(issued=119)], "fail too-few-papers"),
        # What is wrong with the session is said of the session alone.
        (UNIT, VOTE, [session(present=119), ballot(issued=119)], "pass"),
        (UNIT, VOTE, [session(quorum_denominator=0), ballot(present=120)], "pass"),
        (UNIT, VOTE, [ballot(present=119, annulled=True)], "not_applicable annulled"),
        (UNIT, VOTE, [drop("credentials", unit=CONGRESS)], "missing no-credentials"),
        (UNIT, VOTE, [drop("sessions", unit=UNIT)], "not_yet no-session"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_denominator=0)], "fail no-quorum-rule"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=0)], "fail no-quorum-rule"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=4)], "fail no-quorum-rule"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=3, present=180)], "pass"),
        (CPPCC, CPPCC, [ALL_OF_THEM, session(CPPCC, present=180)], "pass"),
        (CPPCC, CPPCC, [ALL_OF_THEM, session(CPPCC, present=179)], "fail no-quorum"),
    ],
    METHOD: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "not_yet no-session"),
        (UNIT, UNIT, [session(method_by="presidium")], "fail not-plenary"),
        (UNIT, UNIT, [session(method_on=day("11-22"))], "pass"),
        (UNIT, UNIT, [session(method_on=day("12-01"))], "not_yet not-adopted"),
        (UNIT, UNIT, [session(method_on=day("11-23"))], "fail after-vote"),
        # "More than half of all deputies are present" is a real method with a real fault.
        (
            UNIT,
            UNIT,
            [session(quorum_numerator=1, quorum_denominator=2)],
            "fail quorum-too-low",
        ),
        (UNIT, UNIT, [session(quorum_numerator=67, quorum_denominator=100)], "pass"),
        (
            UNIT,
            UNIT,
            [session(quorum_numerator=66, quorum_denominator=100)],
            "fail quorum-too-low",
        ),
        (UNIT, UNIT, [session(quorum_inclusive=False)], "pass"),
        (UNIT, UNIT, [session(quorum_denominator=0)], "fail quorum-too-low"),
        (UNIT, UNIT, [session(quorum_numerator=0)], "fail quorum-too-low"),
        (UNIT, UNIT, [session(quorum_numerator=3, quorum_denominator=4)], "pass"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=1, quorum_denominator=2)], "pass"),
        (UNIT, UNIT, [session(secret=False)], "fail not-secret"),
        (CPPCC, CPPCC, [session(CPPCC, secret=False)], "fail not-secret"),
        # The law asks for secrecy; a booth is asked for where deputies are elected.
        (UNIT, UNIT, [session(booth=False)], "pass"),
    ],
    CREDENTIALS: [
        (CONGRESS, CONGRESS, [], "pass"),
        (UNIT, UNIT, [], "not_applicable no-congress"),
        (CPPCC, CPPCC, [], "not_applicable no-congress"),
        (
            CONGRESS,
            CONGRESS,
            [drop("documents", unit=CONGRESS, kind="credentials-report")],
            "missing no-document",
        ),
        (
            CONGRESS,
            CONGRESS,
            [drop("documents", unit=CONGRESS, kind="credentials-confirmed")],
            "missing no-document",
        ),
        (CONGRESS, CONGRESS, [confirmed(issued_on=TODAY)], "fail confirmed-after-opening"),
        (CONGRESS, CONGRESS, [confirmed(issued_on=day("12-01"))], "missing no-document"),
        (CONGRESS, CONGRESS, [report_by(issued_by="presidium")], "fail wrong-issuer"),
        (CONGRESS, CONGRESS, [confirmed(issued_by="presidium")], "fail wrong-issuer"),
        (
            TOWNSHIP,
            TOWNSHIP,
            [confirmed(TOWNSHIP, issued_by="standing-committee")],
            "fail wrong-issuer",
        ),
        (CONGRESS, CONGRESS, [confirmed(issued_on=day("10-27"))], "pass"),
        (CONGRESS, CONGRESS, [confirmed(issued_on=day("10-26"))], "fail confirmed-before-report"),
        (CONGRESS, CONGRESS, [drop("sessions", unit=CONGRESS)], "not_yet no-session"),
        (
            CONGRESS,
            CONGRESS,
            [confirmed(issued_on=day("11-19")), published(published_on=day("11-19"))],
            "pass",
        ),
        (CONGRESS, CONGRESS, [confirmed(issued_on=day("11-20"))], "fail confirmed-after-opening"),
        (CONGRESS, CONGRESS, [drop("notices", unit=CONGRESS)], "missing no-list"),
        (CONGRESS, CONGRESS, [published(kind="deputies-final")], "missing no-list"),
        (CONGRESS, CONGRESS, [published(published_on=day("10-28"))], "pass"),
        (
            CONGRESS,
            CONGRESS,
            [published(published_on=day("10-27"))],
            "fail list-before-confirmed",
        ),
        (CONGRESS, CONGRESS, [published(published_on=day("11-19"))], "pass"),
        (CONGRESS, CONGRESS, [published(published_on=day("11-20"))], "fail list-after-opening"),
    ],
    LATE: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, "r-1", [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "not_yet no-session"),
        (UNIT, "r-1", [drop("sessions", unit=UNIT)], "not_yet no-session"),
        (UNIT, "r-1", [report(clear_leads=False, closed_on=None)], "not_applicable unspecific"),
        (UNIT, "r-1", [report(concrete=False, closed_on=None)], "not_applicable unspecific"),
        (
            UNIT,
            "r-1",
            [report(received_on=day("11-23"), closed_on=None)],
            "not_applicable after-vote",
        ),
        (UNIT, "r-1", [report(received_on=day("11-22"), closed_on=None)], "fail open"),
        (UNIT, "r-1", [report(closed_on=None)], "fail open"),
        (UNIT, "r-1", [report(closed_on=None), drop("sessions", unit=UNIT)], "fail open"),
        (UNIT, "r-1", [report(received_on=TODAY)], "not_applicable after-vote"),
        (UNIT, "r-1", [report(closed_on=TODAY)], "fail settled-late"),
        (UNIT, "r-1", [report(closed_on=day("12-01"))], "fail open"),
        (UNIT, "r-1", [report(closed_on=day("11-22"))], "pass"),
        (UNIT, "r-1", [report(closed_on=day("11-23"))], "fail settled-late"),
        # What came between two votes is settled before the second.
        (
            UNIT,
            "r-1",
            [again("11-24"), report(received_on=day("11-23"), closed_on=day("11-24"))],
            "pass",
        ),
        (
            UNIT,
            "r-1",
            [again("11-24"), report(received_on=day("11-23"), closed_on=day("11-25"))],
            "fail settled-late",
        ),
        (
            UNIT,
            "r-1",
            [again("11-24"), report(received_on=day("11-25"), closed_on=None)],
            "not_applicable after-vote",
        ),
        (UNIT, f"{COUNTY}/reports", [NOT_ABSENT], "missing not-returned"),
        (UNIT, f"{COUNTY}/reports", [FEWER], "missing fewer-than-returned"),
    ],
}


@pytest.mark.parametrize(
    ("code", "unit", "subject", "changes", "expected"),
    [(code, *row) for code, rows in TABLE.items() for row in rows],
)
def test_what_is_found(
    code: str, unit: str, subject: str, changes: list[Change], expected: str
) -> None:
    assert verdict(code, subject, changes, unit=unit) == expected


def test_every_reason_has_its_example() -> None:
    for code, rows in TABLE.items():
        given = {expected.partition(" ")[2] for *_, expected in rows} - {""}
        by_parameter = {METHOD: {"no-booth"}}
        assert given | by_parameter.get(code, set()) == set(RULE[code].reasons), code


@pytest.mark.parametrize(
    ("numerator", "denominator", "inclusive", "present", "expected"),
    [
        (1, 2, False, 91, "pass"),
        (1, 2, False, 90, "fail no-quorum"),
        (1, 2, True, 90, "pass"),
        (1, 2, True, 89, "fail no-quorum"),
        (2, 3, True, 120, "pass"),
        (2, 3, True, 119, "fail no-quorum"),
    ],
)
def test_a_cppcc_has_the_quorum_of_its_method(
    numerator: int, denominator: int, inclusive: bool, present: int, expected: str
) -> None:
    held = session(
        CPPCC,
        quorum_numerator=numerator,
        quorum_denominator=denominator,
        quorum_inclusive=inclusive,
        present=present,
    )
    assert verdict(QUORUM, CPPCC, [held], unit=CPPCC) == expected


def test_how_many_make_a_quorum() -> None:
    at_265 = [assembly(CONGRESS, members=265), members(265), session(present=176)]
    assert arguments(QUORUM, UNIT, *at_265)["needed"] == 177
    strict = session(
        CPPCC, quorum_numerator=1, quorum_denominator=2, quorum_inclusive=False, present=90
    )
    assert arguments(QUORUM, CPPCC, strict, unit=CPPCC)["needed"] == 91


@pytest.mark.parametrize(
    ("numerator", "denominator", "inclusive", "expected"),
    [
        (1, 2, False, "pass"),
        (1, 2, True, "fail quorum-too-low"),
        (49, 100, False, "fail quorum-too-low"),
        (2, 3, True, "pass"),
    ],
)
def test_before_2022_more_than_half_was_enough(
    numerator: int, denominator: int, inclusive: bool, expected: str
) -> None:
    """地方组织法 art. 14 asks for two thirds since 2022-03-12; a majority had to vote in favour."""
    method = session(
        quorum_numerator=numerator, quorum_denominator=denominator, quorum_inclusive=inclusive
    )
    rule: dict[str, Any] = {"numerator": 1, "denominator": 2, "inclusive": False}
    assert verdict(METHOD, UNIT, [method], **rule) == expected


@pytest.mark.parametrize(("unit", "expected"), [(UNIT, "fail no-booth"), (CPPCC, "pass")])
def test_a_province_may_ask_for_a_booth(unit: str, expected: str) -> None:
    assert verdict(METHOD, unit, [session(unit, booth=False)], unit=unit, booth=True) == expected


def test_some_provinces_give_a_township_a_preparatory_meeting() -> None:
    held = session(TOWNSHIP, preparatory_on=day("11-19"), presidium_on=day("11-19"))
    other = session(TOWNSHIP, preparatory_on=day("11-19"), presidium_on=day("11-18"))
    rule: dict[str, Any] = {"months": 2, "township_preparatory": True}
    assert verdict(SESSION, TOWNSHIP, [held], unit=TOWNSHIP, **rule) == "pass"
    found = verdict(SESSION, TOWNSHIP, [other], unit=TOWNSHIP, **rule)
    assert found == "fail presidium-not-in-preparatory"


def test_a_vote_that_is_only_planned_is_no_vote() -> None:
    assert verdict(QUORUM, UNIT, on=day("11-21")) == "not_yet no-session"
    assert verdict(QUORUM, UNIT, on=day("11-22")) == "pass"


def test_before_the_vote_the_session_counts_that_has_opened() -> None:
    for code in (SESSION, METHOD):
        assert verdict(code, UNIT, on=day("11-19")) == "not_yet no-session"
        assert verdict(code, UNIT, on=day("11-20")) == "pass"


def test_a_report_of_the_eve_of_the_vote_is_settled_before_it() -> None:
    asked = report(received_on=day("11-20"), closed_on=day("11-21"))
    assert verdict(LATE, "r-1", [asked], on=day("11-20")) == "fail open"
    assert verdict(LATE, "r-1", [asked], on=day("11-21")) == "pass"


def test_years_later_the_answer_is_the_same() -> None:
    later = date(2036, 1, 1)
    for code, subject in ((SESSION, UNIT), (CREDENTIALS, CONGRESS), (LATE, "r-1")):
        unit = CONGRESS if subject == CONGRESS else UNIT
        assert verdict(code, subject, on=later, unit=unit) == "pass"
