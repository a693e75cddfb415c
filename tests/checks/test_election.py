"""Election: session, quorum, method, credentials and late reports."""

from datetime import date

import pytest

from tests.support.inspection_election import RULE, arguments, verdict
from tests.support.inspection_election_book import (
    COUNTY,
    TODAY,
    UNIT,
    Change,
    day,
    drop,
    put,
)

SESSION, QUORUM, METHOD = "election.session", "election.quorum", "election.method"
CREDENTIALS, LATE = "election.credentials", "election.late-reports"
CONGRESS, CPPCC, TOWNSHIP = "640302-congress", "640302-cppcc", "640302001-congress"


def session(unit: str = UNIT, **values: object) -> Change:
    return put("sessions", {"unit": unit}, **values)


def report_by(**values: object) -> Change:
    return put("documents", {"unit": CONGRESS, "kind": "credentials-report"}, **values)


def confirmed(unit: str = CONGRESS, **values: object) -> Change:
    return put("documents", {"unit": unit, "kind": "credentials-confirmed"}, **values)


def assembly(unit: str, **values: object) -> Change:
    return put("assemblies", {"unit": unit}, **values)


def report(**values: object) -> Change:
    return put("reports", {"report": "r-1"}, **values)


NOT_ABSENT = drop("returns", jurisdiction=COUNTY)
FEWER = put("returns", {"jurisdiction": COUNTY}, entries=5)

TABLE: dict[str, list[tuple[str, str, list[Change], str]]] = {
    SESSION: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "missing no-session"),
        (UNIT, UNIT, [session(voted_on=day("12-01"))], "missing no-session"),
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
        (CONGRESS, CONGRESS, [session(CONGRESS, preparatory_on=day("11-20"))], "pass"),
        (
            CONGRESS,
            CONGRESS,
            [session(CONGRESS, preparatory_on=day("11-21"))],
            "fail preparatory-after-opening",
        ),
        (UNIT, UNIT, [session(presidium_on=day("11-20"))], "pass"),
        (UNIT, UNIT, [session(presidium_on=day("11-21"))], "fail presidium-after-opening"),
        (TOWNSHIP, TOWNSHIP, [session(TOWNSHIP, presidium_on=day("11-22"))], "pass"),
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
    ],
    QUORUM: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "missing no-session"),
        (UNIT, UNIT, [drop("assemblies", unit=CONGRESS)], "missing no-assembly"),
        (CPPCC, CPPCC, [drop("assemblies", unit=CONGRESS)], "pass"),
        (UNIT, UNIT, [session(members=0, present=0)], "fail no-members"),
        (UNIT, UNIT, [session(members=182)], "pass"),
        (UNIT, UNIT, [session(members=183)], "fail too-many-members"),
        (CPPCC, CPPCC, [assembly(CPPCC, members=179)], "fail too-many-members"),
        (UNIT, UNIT, [session(present=180)], "pass"),
        (UNIT, UNIT, [session(present=181)], "fail too-many-present"),
        (UNIT, UNIT, [session(present=120)], "pass"),
        (UNIT, UNIT, [session(present=119)], "fail no-quorum"),
        (UNIT, UNIT, [session(members=172, present=115)], "pass"),
        (UNIT, UNIT, [session(members=172, present=114)], "fail no-quorum"),
        # A method cannot lower the quorum of the law.
        (
            UNIT,
            UNIT,
            [session(present=119, quorum_numerator=1, quorum_denominator=2)],
            "fail no-quorum",
        ),
        (CPPCC, CPPCC, [session(CPPCC, quorum_denominator=0)], "fail no-quorum-rule"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=0)], "fail no-quorum-rule"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=4)], "fail no-quorum-rule"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=3, present=180)], "pass"),
    ],
    METHOD: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "missing no-session"),
        (UNIT, UNIT, [session(method_by="presidium")], "fail not-plenary"),
        (UNIT, UNIT, [session(method_on=day("11-22"))], "pass"),
        (UNIT, UNIT, [session(method_on=day("11-23"))], "fail after-vote"),
        # "More than half of all deputies are present" is a real method with a real fault.
        (
            UNIT,
            UNIT,
            [session(quorum_numerator=1, quorum_denominator=2)],
            "fail quorum-too-low",
        ),
        (UNIT, UNIT, [session(quorum_denominator=0)], "fail quorum-too-low"),
        (UNIT, UNIT, [session(quorum_numerator=0)], "fail quorum-too-low"),
        (UNIT, UNIT, [session(quorum_numerator=3, quorum_denominator=4)], "pass"),
        (CPPCC, CPPCC, [session(CPPCC, quorum_numerator=1, quorum_denominator=2)], "pass"),
        (UNIT, UNIT, [session(secret=False)], "fail not-secret"),
        (UNIT, UNIT, [session(booth=False)], "fail no-booth"),
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
        (CONGRESS, CONGRESS, [drop("sessions", unit=CONGRESS)], "missing no-session"),
        (CONGRESS, CONGRESS, [confirmed(issued_on=day("11-20"))], "pass"),
        (CONGRESS, CONGRESS, [confirmed(issued_on=day("11-21"))], "fail confirmed-after-opening"),
    ],
    LATE: [
        (UNIT, UNIT, [], "pass"),
        (UNIT, "r-1", [], "pass"),
        (UNIT, UNIT, [drop("sessions", unit=UNIT)], "missing no-session"),
        (UNIT, "r-1", [drop("sessions", unit=UNIT)], "missing no-session"),
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
        assert given == set(RULE[code].reasons), code


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
    at_265 = [assembly(CONGRESS, members=265), session(members=265, present=176)]
    assert arguments(QUORUM, UNIT, *at_265)["needed"] == 177
    strict = session(
        CPPCC, quorum_numerator=1, quorum_denominator=2, quorum_inclusive=False, present=90
    )
    assert arguments(QUORUM, CPPCC, strict, unit=CPPCC)["needed"] == 91


def test_a_vote_that_is_only_planned_is_no_vote() -> None:
    for code in (SESSION, QUORUM, METHOD):
        assert verdict(code, UNIT, on=day("11-21")) == "missing no-session"
        assert verdict(code, UNIT, on=day("11-22")) == "pass"


def test_years_later_the_answer_is_the_same() -> None:
    later = date(2036, 1, 1)
    for code, subject in ((SESSION, UNIT), (CREDENTIALS, CONGRESS), (LATE, "r-1")):
        unit = CONGRESS if subject == CONGRESS else UNIT
        assert verdict(code, subject, on=later, unit=unit) == "pass"
