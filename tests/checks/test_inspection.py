"""Inspection: who was visited, by whom, what was found, and what became of reports."""

from datetime import date

import pytest

from schemas.rules.inspection import RULES
from tests.support.inspection_election import arguments, verdict
from tests.support.inspection_election_book import (
    CITY,
    COUNTY,
    OTHER,
    TODAY,
    TOWNSHIP,
    UNIT,
    Change,
    add,
    day,
    drop,
    proposed,
    put,
)

ROVING, ITEMS, SPECIAL = "inspection.roving", "inspection.five-items", "inspection.special"
RECTIFIED, CHANNELS, CASES = "inspection.rectified", "inspection.channels", "inspection.cases"
PROHIBITIONS, CLOCKS = "inspection.prohibitions", "inspection.report-clocks"
INSPECTED = f"{COUNTY}/g-special"
FIVE = ("responsibility", "education", "enforcement", "institutions", "reviews")


def visit(**values: object) -> Change:
    return put("visits", {"jurisdiction": COUNTY, "visited_on": day("10-15")}, **values)


def inspection(**values: object) -> Change:
    return put("inspections", {"jurisdiction": COUNTY}, **values)


ROVER, INSPECTOR, VERIFIER = (f"p-{CITY}-o{number}" for number in (1, 2, 1))


def rover(**values: object) -> Change:
    return put("officers", {"officer": f"o-{CITY}-1"}, **values)


def inspector(**values: object) -> Change:
    return put("officers", {"officer": f"o-{CITY}-2"}, **values)


def local(**values: object) -> Change:
    """An officer of a township of the county."""
    return put("officers", {"officer": f"o-{TOWNSHIP}-1"}, **values)


def deployed(text: str) -> Change:
    measure = {"jurisdiction": CITY, "kind": "superior-deployment", "document": "1"}
    return add("measures", held_on=day(text), **measure)


def problem(**values: object) -> Change:
    return put("problems", {"problem": "q-1"}, **values)


def outside(**values: object) -> Change:
    """Somebody decided that the report is about something else."""
    row: dict[str, object] = {
        "report": "r-1",
        "within": False,
        "officer": "o-1",
        "decided_on": day("10-16"),
    }
    return add("report_scopes", **(row | values))


def phone(**values: object) -> Change:
    return put("report_channels", {"jurisdiction": COUNTY, "channel": "phone"}, **values)


def report(**values: object) -> Change:
    return put("reports", {"report": "r-1"}, **values)


def case(**values: object) -> Change:
    return put("cases", {"case": "a-1"}, **values)


def breach(**values: object) -> Change:
    return put("violations", {"violation": "v-1"}, **values)


def returned(register: str, **values: object) -> Change:
    return put("returns", {"jurisdiction": COUNTY, "register_name": register}, **values)


def opens(text: str) -> Change:
    return put("calendar", {"unit": UNIT}, session_opens_on=day(text))


Table = dict[str, list[tuple[str, list[Change], str]]]

TABLE: Table = {
    ROVING: [
        (COUNTY, [], "pass"),
        (COUNTY, [opens("12-11")], "pass"),
        (COUNTY, [visit(visited_on=day("10-20"))], "pass"),
        (COUNTY, [visit(visited_on=day("10-21"))], "fail gap"),
        (COUNTY, [visit(visited_on=day("10-10"))], "fail gap"),
        (COUNTY, [visit(team="g-special")], "fail gap"),
        (
            COUNTY,
            [put("visits", {"visited_on": day("09-20")}, visited_on=day("10-02"))],
            "fail gap",
        ),
        (COUNTY, [rover(jurisdiction=TOWNSHIP)], "fail own-officer"),
        (COUNTY, [rover(jurisdiction=OTHER)], "pass"),
        (COUNTY, [local(person=ROVER)], "fail own-officer"),
        (COUNTY, [drop("visits", jurisdiction=COUNTY)], "missing no-visit"),
        (COUNTY, [put("visits", {}, visited_on=day("08-31"))], "missing no-visit"),
        (COUNTY, [put("teams", {"team": "g-roving"}, jurisdiction=OTHER)], "missing no-visit"),
        (COUNTY, [drop("calendar", unit=UNIT)], "missing no-calendar"),
    ],
    ITEMS: [
        *((f"{COUNTY}/{item}", [], "pass") for item in FIVE),
        *((f"{COUNTY}/{item}", [visit(**{item: False})], "pass") for item in FIVE),
        *(
            (f"{COUNTY}/{item}", [put("visits", {}, **{item: False})], f"fail unchecked-{item}")
            for item in FIVE
        ),
        (f"{COUNTY}/reviews", [drop("visits", jurisdiction=COUNTY)], "missing no-visit"),
        (f"{COUNTY}/reviews", [put("visits", {}, visited_on=day("12-01"))], "missing no-visit"),
    ],
    SPECIAL: [
        (INSPECTED, [], "pass"),
        (COUNTY, [drop("inspections", jurisdiction=COUNTY)], "missing none"),
        (COUNTY, [inspection(started_on=day("12-01"))], "missing none"),
        (INSPECTED, [inspection(ended_on=None)], "missing not-ended"),
        (INSPECTED, [inspection(ended_on=day("12-01"))], "missing not-ended"),
        (INSPECTED, [inspection(ended_on=day("10-10"))], "pass"),
        (INSPECTED, [inspection(ended_on=day("10-09"))], "fail ended-before-started"),
        (INSPECTED, [put("teams", {"team": "g-special"}, jurisdiction=OTHER)], "missing no-team"),
        (INSPECTED, [drop("team_members", team="g-special")], "missing no-members"),
        (INSPECTED, [put("teams", {"team": "g-special"}, kind="roving")], "fail not-special"),
        (INSPECTED, [put("teams", {"team": "g-special"}, jurisdiction=COUNTY)], "fail own-team"),
        (
            INSPECTED,
            [add("team_members", team="g-special", officer=f"o-{COUNTY}-1")],
            "fail own-officer",
        ),
        (INSPECTED, [add("team_members", team="g-special", officer=f"o-{OTHER}-1")], "pass"),
        (
            INSPECTED,
            [add("team_members", team="g-roving", officer=f"o-{CITY}-2")],
            "fail also-roving",
        ),
        (INSPECTED, [inspection(watched_teams=False)], "fail teams-not-watched"),
        (INSPECTED, [inspection(started_on=day("08-19"))], "fail outside-the-cycle"),
        (INSPECTED, [inspection(started_on=day("08-19")), deployed("08-19")], "pass"),
        (
            INSPECTED,
            [inspection(started_on=day("11-21"), ended_on=day("11-21"))],
            "fail outside-the-cycle",
        ),
        (INSPECTED, [drop("calendar", unit=UNIT)], "missing no-calendar"),
        (INSPECTED, [drop("calendar", unit=UNIT), deployed("08-19")], "missing no-calendar"),
        (INSPECTED, [inspector(jurisdiction=TOWNSHIP)], "fail own-officer"),
        (INSPECTED, [local(person=INSPECTOR)], "fail own-officer"),
        (INSPECTED, [inspector(person=ROVER)], "fail also-roving"),
    ],
    RECTIFIED: [
        ("q-1", [], "pass"),
        ("q-1", [problem(rectified_on=None)], "missing not-rectified"),
        ("q-1", [problem(rectified_on=day("12-01"))], "missing not-rectified"),
        ("q-1", [problem(rectified_on=day("11-20"), verified_on=day("11-20"))], "pass"),
        ("q-1", [problem(rectified_on=day("11-21"), verified_on=day("11-21"))], "fail late"),
        ("q-1", [problem(rectified_on=day("09-19"))], "fail rectified-before-found"),
        ("q-1", [problem(rectified_by=None)], "missing no-rectifier"),
        ("q-1", [problem(verified_on=None)], "missing not-verified"),
        ("q-1", [problem(verified_by=None)], "missing not-verified"),
        ("q-1", [problem(verified_on=day("12-01"))], "missing not-verified"),
        ("q-1", [problem(verified_by="o-640302-1")], "fail verified-by-rectifier"),
        ("q-1", [problem(verified_on=day("10-19"))], "fail verified-before-rectified"),
        (
            "q-1",
            [put("officers", {"officer": "o-640302-1"}, person=VERIFIER)],
            "fail verified-by-rectifier",
        ),
        (f"{COUNTY}/problems", [], "pass"),
        (f"{COUNTY}/problems", [drop("problems")], "missing fewer-than-returned"),
        (f"{COUNTY}/problems", [problem(found_on=day("12-01"))], "missing fewer-than-returned"),
        (f"{COUNTY}/problems", [returned("problems", entries=0)], "pass"),
        (f"{COUNTY}/problems", [drop("returns", jurisdiction=COUNTY)], "missing not-returned"),
    ],
    CHANNELS: [
        (f"{COUNTY}/phone", [], "pass"),
        (f"{COUNTY}/phone", [drop("calendar", unit=UNIT)], "missing no-calendar"),
        # The cycle has begun, and when nomination begins is not known.
        (
            f"{COUNTY}/phone",
            [drop("calendar", unit=UNIT), deployed("08-10")],
            "missing no-calendar",
        ),
        (f"{COUNTY}/phone", [phone(live_on=day("09-01"))], "pass"),
        (f"{COUNTY}/phone", [phone(live_on=day("09-02"))], "fail live-too-late"),
        (
            f"{COUNTY}/phone",
            [phone(live_on=date(2013, 8, 22), tested_on=day("08-19"))],
            "fail tested-before-the-cycle",
        ),
        (f"{COUNTY}/phone", [phone(live_on=date(2013, 8, 22), tested_on=day("08-20"))], "pass"),
        # Whoever keeps no channel is served by the city's.
        (f"{CITY}/phone", [phone(channel="fax")], "pass"),
        (f"{CITY}/phone", [phone(live_on=day("12-01"))], "pass"),
        # A channel that is opened today is the place's own.
        (f"{COUNTY}/phone", [phone(live_on=TODAY)], "fail live-too-late"),
        (
            f"{COUNTY}/phone",
            [put("report_channels", {}, channel="fax")],
            "missing not-live",
        ),
        (f"{COUNTY}/phone", [phone(tested_on=day("12-01"))], "missing not-tested"),
        (f"{COUNTY}/phone", [phone(tested_on=day("08-22"))], "pass"),
        (f"{COUNTY}/phone", [phone(tested_on=day("08-21"))], "fail tested-before-live"),
        (f"{COUNTY}/phone", [phone(staffed=False)], "fail not-staffed"),
        (f"{COUNTY}/sms", [phone(staffed=False)], "pass"),
    ],
    CASES: [
        ("r-1", [], "pass"),
        ("r-1", [report(clear_leads=False)], "not_applicable unspecific"),
        ("r-1", [report(received_on=day("11-23"))], "not_applicable after-the-vote"),
        ("r-1", [report(received_on=day("11-22")), drop("cases")], "missing no-case"),
        ("r-1", [report(concrete=False), drop("cases")], "not_applicable unspecific"),
        ("r-1", [drop("cases")], "missing no-case"),
        # Out of scope, but not what is said of a candidate, nor before it was decided.
        ("r-1", [report(candidate=None), outside(), drop("cases")], "not_applicable out-of-scope"),
        ("r-1", [outside(), drop("cases")], "missing no-case"),
        ("r-1", [report(candidate=None), outside(within=True), drop("cases")], "missing no-case"),
        (
            "r-1",
            [report(candidate=None), outside(decided_on=day("12-01")), drop("cases")],
            "missing no-case",
        ),
        ("r-1", [case(unit="640302-congress")], "missing no-case"),
        ("r-1", [case(opened_on=day("12-01"))], "missing no-case"),
        ("r-1", [case(opened_on=day("10-12"))], "fail opened-before-received"),
        ("r-1", [case(opened_on=day("10-18"))], "pass"),
        ("r-1", [case(opened_on=day("10-19"))], "fail opened-late"),
        ("r-1", [case(joint=False)], "fail not-joint"),
        ("r-1", [case(closed_on=None)], "fail open"),
        ("r-1", [case(outcome=None)], "fail open"),
        ("r-1", [case(closed_on=day("12-01"))], "fail open"),
        ("r-1", [case(closed_on=day("10-13"))], "fail closed-before-opened"),
        ("r-1", [drop("violations")], "missing no-decision"),
        ("r-1", [breach(decided_on=day("12-01"))], "missing no-decision"),
        ("r-1", [breach(decided_on=day("10-12"))], "missing no-decision"),
        ("r-1", [breach(candidate="c-a")], "missing no-decision"),
        ("r-1", [breach(candidate="c-a"), report(candidate=None)], "pass"),
        ("r-1", [drop("violations"), case(outcome="unfounded")], "pass"),
        (f"{COUNTY}/reports", [], "pass"),
        (f"{COUNTY}/reports", [report(unit="640302-cppcc")], "pass"),
        (f"{COUNTY}/reports", [report(unit="640321-government")], "missing fewer-than-returned"),
        (f"{COUNTY}/reports", [returned("reports", entries=2)], "missing fewer-than-returned"),
        (f"{COUNTY}/reports", [returned("reports", entries=0)], "pass"),
        (
            f"{COUNTY}/reports",
            [returned("reports", reported_on=day("12-01"))],
            "missing not-returned",
        ),
    ],
    PROHIBITIONS: [
        ("v-1", [], "pass"),
        ("v-1", [breach(prohibition=0)], "fail unknown-prohibition"),
        ("v-1", [breach(prohibition=3)], "fail unknown-prohibition"),
        ("v-1", [breach(prohibition=1)], "fail wrong-effect"),
        ("v-1", [breach(prohibition=1, effect="disciplined")], "pass"),
        ("v-1", [breach(effect="transferred")], "fail effect-lacking"),
        ("v-1", [breach(effect="transferred", candidate=None)], "pass"),
        ("v-1", [breach(effect="registered")], "fail wrong-effect"),
        ("v-1", [breach(candidate=None)], "pass"),
        ("v-1", [breach(candidate="c-1")], "fail another-units-candidate"),
        ("v-1", [breach(effective_on=None)], "missing not-carried-out"),
        ("v-1", [breach(effective_on=day("12-01"))], "not_yet not-carried-out"),
        ("v-1", [breach(candidate="c-a")], "fail still-proposed"),
        ("v-1", [breach(candidate="c-a", effect="transferred")], "fail effect-lacking"),
        (f"{COUNTY}/violations", [], "pass"),
        (f"{COUNTY}/violations", [drop("violations")], "missing fewer-than-returned"),
        (f"{COUNTY}/violations", [drop("returns", jurisdiction=COUNTY)], "missing not-returned"),
    ],
    CLOCKS: [
        ("r-1", [], "pass"),
        ("r-1", [report(real_name=False)], "not_applicable not-named"),
        ("r-1", [report(accepted_on=None)], "missing not-accepted"),
        ("r-1", [report(accepted_on=day("12-01"))], "missing not-accepted"),
        ("r-1", [report(accepted_on=day("10-13"))], "pass"),
        ("r-1", [report(accepted_on=day("10-12"))], "fail accepted-before-received"),
        ("r-1", [report(accepted_on=day("11-03"))], "pass"),
        ("r-1", [report(accepted_on=day("11-04"))], "fail late"),
        ("r-1", [report(received_on=date(1999, 12, 31))], "missing no-workdays"),
        (f"{COUNTY}/reports", [drop("reports")], "missing fewer-than-returned"),
        (f"{COUNTY}/reports", [drop("returns", jurisdiction=COUNTY)], "missing not-returned"),
    ],
}
LEVELS = "not_applicable level-not-covered"


@pytest.mark.parametrize(
    ("code", "subject", "changes", "expected"),
    [(code, *row) for code, rows in TABLE.items() for row in rows],
)
def test_what_is_found(code: str, subject: str, changes: list[Change], expected: str) -> None:
    assert verdict(code, subject, changes) == expected


def test_every_reason_has_its_example() -> None:
    for rule in RULES:
        given = {expected.partition(" ")[2] for _, _, expected in TABLE[rule.code]} - {""}
        # What lies outside the levels stands in the next test.
        assert given == set(rule.reasons) - {"level-not-covered"}, rule.code


@pytest.mark.parametrize(
    ("code", "unit", "subject", "expected"),
    [
        (ROVING, "640300-congress", CITY, LEVELS),
        (ROVING, "640302001-congress", TOWNSHIP, "pass"),
        (ITEMS, "640300-congress", f"{CITY}/reviews", LEVELS),
        (ITEMS, "640302001-congress", f"{TOWNSHIP}/reviews", "pass"),
        (SPECIAL, "640300-congress", CITY, LEVELS),
        (SPECIAL, "640302001-congress", TOWNSHIP, LEVELS),
        (CHANNELS, "640300-congress", f"{CITY}/web", "pass"),
        (CHANNELS, "640302001-congress", f"{COUNTY}/web", "pass"),
    ],
)
def test_levels(code: str, unit: str, subject: str, expected: str) -> None:
    assert verdict(code, subject, unit=unit) == expected


def test_every_unit_of_a_jurisdiction_hears_of_its_visits() -> None:
    for unit in ("640302-congress", "640302-government", "640302-cppcc"):
        gone = drop("visits", jurisdiction=COUNTY)
        assert verdict(ROVING, COUNTY, [gone], unit=unit) == "missing no-visit"


def test_days_to_come_are_no_break() -> None:
    for on, expected in ((day("12-10"), "pass"), (day("12-11"), "fail gap")):
        assert verdict(ROVING, COUNTY, [opens("12-20")], on=on) == expected


def test_a_visit_still_to_come_does_not_count() -> None:
    for visited, expected in (("11-14", "pass"), ("11-16", "fail gap")):
        last = put("visits", {"visited_on": day("11-10")}, visited_on=day(visited))
        assert verdict(ROVING, COUNTY, [last], on=day("11-15")) == expected


TODAYS: list[tuple[str, str, list[Change]]] = [
    (ITEMS, f"{COUNTY}/reviews", [put("visits", {}, visited_on=TODAY)]),
    (SPECIAL, INSPECTED, [inspection(started_on=TODAY, ended_on=TODAY), opens("12-20")]),
    (RECTIFIED, "q-1", [problem(found_on=TODAY, rectified_on=TODAY, verified_on=TODAY)]),
    (CHANNELS, f"{COUNTY}/phone", [phone(tested_on=TODAY)]),
    (
        CASES,
        "r-1",
        [
            report(received_on=TODAY),
            put("sessions", {"unit": UNIT}, voted_on=TODAY),
            case(opened_on=TODAY, closed_on=TODAY),
            breach(decided_on=TODAY),
        ],
    ),
    (PROHIBITIONS, "v-1", [breach(decided_on=TODAY, effective_on=TODAY)]),
    (CLOCKS, "r-1", [report(received_on=TODAY, accepted_on=TODAY)]),
]


@pytest.mark.parametrize(("code", "subject", "changes"), TODAYS)
def test_what_happened_today_counts(code: str, subject: str, changes: list[Change]) -> None:
    assert verdict(code, subject, changes) == "pass"


def test_the_longest_gap_is_named() -> None:
    said = arguments(ROVING, COUNTY, visit(visited_on=day("10-25")))
    assert said == {"since": "2016-09-20", "until": "2016-10-25", "days": 35, "allowed": 30}


def test_two_months_end_with_a_short_month() -> None:
    late = [
        problem(
            found_on=day("2016-12-31"), rectified_on=date(2017, 3, 1), verified_on=date(2017, 3, 2)
        )
    ]
    assert verdict(RECTIFIED, "q-1", late, on=date(2017, 4, 1)) == "fail late"
    assert arguments(RECTIFIED, "q-1", problem(rectified_on=day("11-25")))["until"] == "2016-11-20"


def test_the_day_of_receipt_and_the_national_holiday_do_not_count() -> None:
    # 29 and 30 September, 8 and 9 October (worked instead of holidays), then eleven more.
    in_time, late = day("10-24"), day("10-25")
    received = day("09-28")
    for accepted, expected in ((in_time, "pass"), (late, "fail late")):
        given = [report(received_on=received, accepted_on=accepted)]
        assert verdict(CLOCKS, "r-1", given) == expected


def second_case(**values: object) -> Change:
    """Another case on the same report, by another organ."""
    given = {"case": "a-2", "unit": UNIT, "report": "r-1", "organ": "audit-office", "joint": True}
    return add("cases", **{**given, "opened_on": day("10-20"), **values})


ENDED = {"closed_on": day("10-28"), "outcome": "unfounded"}


def test_all_cases_on_a_report_must_end() -> None:
    assert verdict(CASES, "r-1", [second_case()]) == "fail open"
    assert verdict(CASES, "r-1", [second_case(**ENDED)]) == "pass"


def test_all_cases_on_a_report_are_verified_jointly() -> None:
    """What is clear and concrete is verified jointly: one case of two is not enough (源文)."""
    assert verdict(CASES, "r-1", [second_case(**ENDED, joint=False)]) == "fail not-joint"
    assert verdict(CASES, "r-1", [case(joint=False), second_case(**ENDED)]) == "fail not-joint"


def test_a_report_alone_changes_nobody() -> None:
    """A report opens a case; only a decided breach takes somebody off the slate."""
    about = [
        report(candidate="c-a"),
        case(outcome="clarified"),
        breach(candidate=None, effect="transferred"),
    ]
    assert verdict(CASES, "r-1", about) == "pass"
    assert verdict(PROHIBITIONS, "v-1", about) == "pass"


def test_a_lawful_effect_named_twice_gives_one_finding() -> None:
    effects = [["disciplined"], ["excluded", "excluded"]]
    assert verdict(PROHIBITIONS, "v-1", effects=effects) == "pass"


def test_whoever_is_struck_off_must_be_off_the_slate() -> None:
    twin = [proposed("640302-government-head", "c-twin"), breach(candidate="c-twin")]
    assert verdict(PROHIBITIONS, "v-1", twin) == "fail still-proposed"
