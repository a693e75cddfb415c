"""Plan checks: what passes, what fails, what is missing, and from whose rows."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from schemas.facts import facts_of
from schemas.tables import frame_of
from schemas.vocabulary import Stage
from tests.law.numbers import judged, places
from tests.support.plan_breaches import (
    BREACHES,
    CC,
    CITY,
    CITY_CC,
    COMMITTEE_MEETING,
    COUNTY,
    HERE,
    PC,
    TC,
    TOWNSHIP,
    post,
)
from tests.support.plan_nomination import (
    ON,
    RULES,
    Breach,
    Cycle,
    findings,
    names_of,
    of_one_unit,
    parameters_of,
    reasons_of,
)

PLAN = [code for code, rule in RULES.items() if rule.stage is Stage.PLAN]


def test_a_spoiled_cycle_has_the_facts_that_its_rows_make() -> None:
    cycle = Cycle()
    cycle.drop("talks", jurisdiction=COUNTY)
    cycle.change("candidates", {"unit": CC}, unit=PC)
    cycle.change("posts", {"unit": CC}, document="y")
    cycle.copy("talk_participants", {"person": "p-640302-0"}, person="p-640303-0")
    made = facts_of({name: frame_of(name, rows) for name, rows in cycle.rows.items()}, ON)
    for name, table in cycle.facts().tables.items():
        pd.testing.assert_frame_equal(table, made.tables[name])


@pytest.mark.parametrize("check", PLAN)
def test_a_lawful_cycle_passes(check: str) -> None:
    found = findings(check, Cycle().facts())
    assert "pass" in {status for status, _ in found.values()}
    assert {status for status, _ in found.values()} <= {"pass", "not_applicable"}


@pytest.mark.parametrize("breach", BREACHES, ids=names_of(BREACHES))
def test_a_breach_is_found_where_it_is(breach: Breach) -> None:
    cycle = Cycle()
    breach.spoil(cycle)
    facts = cycle.facts()
    found = findings(breach.check, facts)
    assert found[breach.unit, breach.subject] == (breach.status, breach.reason)
    alone = findings(breach.check, facts.within([breach.unit]))
    assert alone == of_one_unit(found, breach.unit)
    elsewhere = {status for (unit, _), (status, _) in found.items() if unit.startswith("640303")}
    assert elsewhere <= {"pass", "not_applicable"}


@pytest.mark.parametrize("check", PLAN)
def test_every_reason_is_shown(check: str) -> None:
    assert reasons_of(BREACHES, check) == set(RULES[check].reasons)


@pytest.mark.parametrize("check", PLAN)
def test_empty_registers_never_pass(check: str) -> None:
    facts = Cycle().without(read.register for read in RULES[check].reads)
    statuses = {status for status, _ in findings(check, facts).values()}
    assert statuses <= {"missing", "not_applicable"}
    assert "missing" in statuses


@pytest.mark.parametrize(
    "check",
    ["plan.deployment", "plan.notice", "plan.duties", "plan.responsibility-talks",
     "plan.documents"],
)  # fmt: skip
def test_what_has_not_happened_yet_is_not_on_record(check: str) -> None:
    found = findings(check, Cycle().facts(on=date(2016, 8, 1)))
    assert {status for status, _ in found.values()} == {"missing"}


@pytest.mark.parametrize("check", PLAN)
def test_findings_do_not_depend_on_the_scope(check: str) -> None:
    facts = Cycle().facts()
    whole = findings(check, facts)
    for unit in facts.units["unit"]:
        assert findings(check, facts.within([unit])) == of_one_unit(whole, unit)


@pytest.mark.parametrize(
    ("place", "population", "most"),
    [
        (COUNTY, 1_200_000, 380),
        (COUNTY, 1_550_000, 450),
        (COUNTY, 1_600_000, 450),
        (TOWNSHIP, 30_000, 65),
        (TOWNSHIP, 172_500, 160),
        (TOWNSHIP, 200_000, 160),
        (CITY, 3_000_000, 360),
        (CITY, 10_500_000, 650),
    ],
)
def test_the_quota_of_deputies(place: str, population: int, most: int) -> None:
    unit = f"{place}-congress"
    cycle = Cycle()
    cycle.change("jurisdictions", {"jurisdiction": place}, population=population)
    cycle.change("assemblies", {"unit": unit}, members=most)
    assert findings("plan.seats", cycle.facts())[unit, unit] == ("pass", "")
    cycle.change("assemblies", {"unit": unit}, members=most + 1)
    assert findings("plan.seats", cycle.facts())[unit, unit] == ("fail", "too-many")


@pytest.mark.parametrize(
    ("unit", "name", "formula", "members", "lawful"),
    [(CC, "清源县", 204, 214, "pass"), (CC, "清源县", 204, 215, "too-many"),
     (CC, "清源回族自治县", 204, 214, "pass"), (CC, "清源区", 204, 205, "no-increase-here"),
     (CC, "青渡市", 204, 205, "no-increase-here"), (TC, "白塔乡", 65, 68, "pass"),
     (TC, "白塔乡", 65, 69, "too-many"), (TC, "白塔镇", 65, 66, "no-increase-here"),
     (TC, "白塔侗族乡", 65, 68, "pass"), (TC, "白塔", 65, 66, "no-increase-here"),
     (CITY_CC, "清宁市", 276, 277, "no-increase-here")],
)  # fmt: skip
def test_five_per_cent_more_only_for_counties_and_townships(
    unit: str, name: str, formula: int, members: int, lawful: str
) -> None:
    cycle = Cycle()
    cycle.change("jurisdictions", {"jurisdiction": unit.partition("-")[0]}, name=name)
    cycle.change("assemblies", {"unit": unit}, members=formula, increase_document="x")
    assert findings("plan.seats", cycle.facts())[unit, unit] == ("pass", "")
    cycle.change("assemblies", {"unit": unit}, members=members)
    found = findings("plan.seats", cycle.facts())[unit, unit]
    assert found == (("pass", "") if lawful == "pass" else ("fail", lawful))


@pytest.mark.parametrize(
    ("place", "population", "members", "status"),
    [(COUNTY, 50_000, 139, "fail"), (COUNTY, 49_999, 139, "pass"), (COUNTY, 50_000, 140, "pass"),
     (TOWNSHIP, 2_000, 44, "fail"), (TOWNSHIP, 1_999, 44, "pass"), (CITY, 900_000, 239, "fail")],
)  # fmt: skip
def test_fewer_than_the_base_only_where_few_people_live(
    place: str, population: int, members: int, status: str
) -> None:
    unit = f"{place}-congress"
    cycle = Cycle()
    cycle.change("jurisdictions", {"jurisdiction": place}, population=population)
    cycle.change("assemblies", {"unit": unit}, members=members)
    assert findings("plan.seats", cycle.facts())[unit, unit][0] == status


@pytest.mark.parametrize(
    ("check", "register", "where", "changed", "subject"),
    [
        ("plan.deployment", "measures", COMMITTEE_MEETING, {"held_on": date(2016, 8, 5)},
         (CC, f"{COUNTY}/committee-meeting")),
        ("plan.notice", "notice_clauses", HERE, {"issued_on": date(2016, 9, 1)},
         (CC, f"{COUNTY}/plan")),
        ("plan.documents", "documents", {"unit": CC}, {"issued_on": date(2016, 8, 19)},
         (CC, f"{CC}/work-plan")),
        ("plan.calendar", "calendar", {"unit": CC}, {"session_closes_on": date(2016, 12, 20)},
         (CITY_CC, CITY_CC)),
        ("plan.calendar", "calendar", {"unit": CC},
         {"plan_on": date(2016, 9, 1), "vetting_on": date(2016, 9, 1),
          "deputies_elected_on": date(2016, 11, 19), "credentials_on": date(2016, 11, 19),
          "session_closes_on": date(2016, 11, 20)}, (CC, CC)),
    ],
)  # fmt: skip
def test_the_same_day_is_in_order(
    check: str,
    register: str,
    where: dict[str, object],
    changed: dict[str, object],
    subject: tuple[str, str],
) -> None:
    cycle = Cycle()
    cycle.change(register, where, **changed)
    assert findings(check, cycle.facts())[subject] == ("pass", "")


def test_a_county_is_large_only_above_the_number() -> None:
    cycle = Cycle()
    cycle.change("posts", {"post": post(CC, "member")}, seats=7)
    cycle.change("jurisdictions", HERE, population=1_000_000)
    assert findings("plan.posts", cycle.facts())[CC, CC] == ("fail", "committee-size")


def test_a_large_county_may_have_a_larger_committee() -> None:
    cycle = Cycle()
    cycle.change("posts", {"post": post(CC, "member")}, seats=7)
    cycle.change("jurisdictions", HERE, population=1_000_001)
    assert findings("plan.posts", cycle.facts())[CC, CC] == ("pass", "")


def test_a_supervision_director_is_needed_only_where_the_pack_says_so() -> None:
    cycle = Cycle()
    cycle.drop("posts", post=post(CC, "supervision-director"))
    facts = cycle.facts()
    assert findings("plan.posts", facts)[CC, CC] == ("missing", "post-absent")
    assert findings("plan.posts", facts, supervision_director=False)[CC, CC] == ("pass", "")
    listed = findings("plan.posts", Cycle().facts(), supervision_director=False)
    assert listed[CC, post(CC, "supervision-director")] == ("fail", "not-of-this-body")


def test_a_county_cppcc_may_have_a_secretary_general_and_a_city_must() -> None:
    cycle = Cycle()
    general = post(PC, "secretary-general")
    cycle.copy("posts", {"post": post(PC, "chair")}, post=general, kind="secretary-general")
    city = f"{CITY}-cppcc"
    cycle.drop("posts", post=post(city, "secretary-general"))
    found = findings("plan.posts", cycle.facts())
    assert found[PC, general] == ("pass", "")
    assert found[PC, PC] == ("pass", "")
    assert found[city, city] == ("missing", "post-absent")


def test_a_township_need_not_have_a_vice_chair() -> None:
    cycle = Cycle()
    cycle.drop("posts", post=post(TC, "vice-chair"))
    assert findings("plan.posts", cycle.facts())[TC, TC] == ("pass", "")


@pytest.mark.parametrize(
    ("elected", "opens", "lawful"),
    [
        (date(2016, 9, 20), date(2016, 11, 20), True),
        (date(2016, 9, 20), date(2016, 11, 21), False),
        (date(2016, 12, 31), date(2017, 2, 28), True),
        (date(2016, 12, 31), date(2017, 3, 1), False),
    ],
)
def test_two_months_are_calendar_months(elected: date, opens: date, lawful: bool) -> None:
    cycle = Cycle()
    cycle.change(
        "calendar",
        {"unit": TC},
        election_day=elected,
        deputies_elected_on=elected,
        credentials_on=elected,
        session_opens_on=opens,
        session_closes_on=opens,
    )
    found = findings("plan.calendar", cycle.facts())[TC, TC]
    assert found == (("pass", "") if lawful else ("fail", "more-than-two-months"))


def test_a_citys_deputies_may_be_elected_on_the_day_on_which_the_last_county_meets() -> None:
    """选举法 art. 3: by its congress, which is there from that day on."""
    cycle = Cycle()
    cycle.change("calendar", {"unit": CITY_CC}, deputies_elected_on=date(2016, 11, 20))
    assert findings("plan.calendar", cycle.facts())[CITY_CC, CITY_CC] == ("pass", "")


def test_only_a_citys_congress_waits_for_its_counties() -> None:
    """选举法 art. 3: they elect its deputies; a CPPCC is formed by consultation."""
    cycle = Cycle()
    cppcc = f"{CITY}-cppcc"
    early = {"session_opens_on": date(2016, 11, 1), "session_closes_on": date(2016, 11, 3)}
    cycle.change("calendar", {"unit": cppcc}, **early)
    assert findings("plan.calendar", cycle.facts())[cppcc, cppcc] == ("pass", "")


def test_a_city_without_counties_waits_for_none() -> None:
    rows = {**places("city", [1_000_000])}
    (unit,) = rows["units"]
    rows["calendar"] = [
        {"unit": unit["unit"], "term_years": 5, "plan_on": date(2016, 8, 20),
         "nomination_on": date(2016, 9, 1), "vetting_on": date(2016, 9, 15),
         "deputies_elected_on": date(2016, 11, 1), "credentials_on": date(2016, 11, 2),
         "session_opens_on": date(2016, 11, 20), "session_closes_on": date(2016, 11, 23)}
    ]  # fmt: skip
    assert judged("plan.calendar", "cn-2016", rows) == {str(unit["unit"]): ("pass", "")}


@pytest.mark.parametrize(
    ("parent", "organ", "lawful"),
    [
        (CITY, "standing-committee", True),
        (CITY, "presidium", False),
        (COUNTY, "county-standing-committee", True),
        (COUNTY, "standing-committee", False),
    ],
)
def test_who_fixes_the_seats_of_a_town(parent: str, organ: str, lawful: bool) -> None:
    """选举法 art. 13: the standing committee at county level, a city's where no county is."""
    cycle = Cycle()
    cycle.change("jurisdictions", {"jurisdiction": TOWNSHIP}, parent=parent)
    cycle.change("assemblies", {"unit": TC}, fixed_by=organ)
    found = findings("plan.seats", cycle.facts())[TC, TC]
    assert found == (("pass", "") if lawful else ("fail", "wrong-organ"))


def test_no_law_says_how_long_vetting_takes() -> None:
    cycle = Cycle()
    cycle.change("calendar", {"unit": PC}, vetting_on=date(2016, 11, 19))
    assert findings("plan.calendar", cycle.facts())[PC, PC] == ("pass", "")


def test_a_number_once_fixed_stands_whoever_moves_away() -> None:
    cycle = Cycle()
    cycle.change("jurisdictions", {"jurisdiction": COUNTY}, population=300_000)
    cycle.change("assemblies", {"unit": CC}, members=204, population_when_fixed=320_000)
    assert findings("plan.seats", cycle.facts())[CC, CC] == ("pass", "")


@pytest.mark.parametrize(
    ("refixed", "reported"), [(date(2016, 8, 1), date(2016, 8, 31)), (date(2016, 12, 11), None)]
)
def test_what_was_fixed_anew_is_reported_within_thirty_days(
    refixed: date, reported: date | None
) -> None:
    cycle = Cycle()
    cycle.change("assemblies", {"unit": CC}, refixed_on=refixed, refixed_for="project",
                 refixed_reported_on=reported)  # fmt: skip
    assert findings("plan.seats", cycle.facts())[CC, CC] == ("pass", "")


def test_two_persons_of_one_organ_may_carry_the_two_duties() -> None:
    cycle = Cycle()
    cycle.change("officers", {"officer": "o-640302-discipline"}, person="p-somebody-else")
    assert findings("plan.duties", cycle.facts())[CC, f"{COUNTY}/leads-first"] == ("pass", "")


def test_the_days_of_a_deployment_are_counted_from_its_first_step() -> None:
    cycle = Cycle()
    cycle.change("measures", COMMITTEE_MEETING, held_on=date(2016, 8, 15))
    found = findings("plan.deployment", cycle.facts())
    assert found[CC, f"{COUNTY}/committee-meeting"] == ("pass", "")


@pytest.mark.parametrize(
    ("check", "changed"),
    [
        ("plan.documents", {"issuers": ["party-committee"]}),
        ("plan.notice", {"stages": ["plan", "plan"]}),
        ("plan.notice", {"stages": []}),
        ("plan.duties", {"city": ["leads-frist"]}),
        ("plan.seats", {"county_per": 0}),
    ],
)
def test_senseless_parameters_are_refused(check: str, changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        parameters_of(check, **changed)


@pytest.mark.parametrize(
    ("valid", "status"),
    [
        (("2016-11-20", "2016-11-20"), ("pass", "")),
        (("2016-11-21", "2017-12-31"), ("fail", "pack-not-valid")),
        (("2016-01-01", "2016-11-19"), ("fail", "pack-not-valid")),
    ],
)
def test_the_pack_holds_on_the_day_of_the_session(
    valid: tuple[str, str], status: tuple[str, str]
) -> None:
    since, until = valid
    found = findings("plan.calendar", Cycle().facts(), valid_from=since, valid_to=until)
    assert found[PC, PC] == status
