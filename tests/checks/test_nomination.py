"""Nomination and slate: what passes, what fails, what is missing, and from whose rows."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.vocabulary import Stage
from tasks.checks.catalogue import CHECKS
from tests.support.nomination_breaches import (
    BREACHES,
    CC,
    COUNTY,
    GC,
    HERE,
    PC,
    RIVAL,
    TC,
    TG,
    TOWNSHIP,
    VICE,
    candidate,
    nominated,
    one_more_vice_chair,
    paper,
    person,
    voted,
)
from tests.support.plan_nomination import (
    RULES,
    Breach,
    Cycle,
    findings,
    names_of,
    of_one_unit,
    parameters_of,
    reasons_of,
)

NOMINATION = [code for code, rule in RULES.items() if rule.stage is not Stage.PLAN]
UNDATED = {"slate.differential", "slate.eligibility", "nomination.proposals"}


@pytest.mark.parametrize("check", NOMINATION)
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


@pytest.mark.parametrize("check", NOMINATION)
def test_every_reason_is_shown(check: str) -> None:
    assert reasons_of(BREACHES, check) == set(RULES[check].reasons)


@pytest.mark.parametrize("check", NOMINATION)
def test_empty_registers_never_pass(check: str) -> None:
    facts = Cycle().without(read.register for read in RULES[check].reads)
    statuses = {status for status, _ in findings(check, facts).values()}
    assert statuses <= {"missing", "not_applicable"}
    assert "missing" in statuses


@pytest.mark.parametrize("check", [code for code in NOMINATION if code not in UNDATED])
def test_what_has_not_happened_yet_is_not_on_record(check: str) -> None:
    found = findings(check, Cycle().facts(on=date(2016, 8, 1)))
    assert {status for status, _ in found.values()} <= {"missing", "not_applicable"}


@pytest.mark.parametrize("check", NOMINATION)
def test_findings_do_not_depend_on_the_scope(check: str) -> None:
    facts = Cycle().facts()
    whole = findings(check, facts)
    for unit in facts.units["unit"]:
        assert findings(check, facts.within([unit])) == of_one_unit(whole, unit)


def differential(unit: str, kind: str, seats: int, candidates: int) -> tuple[str, str]:
    cycle = Cycle()
    post = f"{unit}-{kind}"
    cycle.change("posts", {"post": post}, seats=seats)
    first = cycle.these("candidates", {"post": post})[0]
    cycle.drop("candidates", post=post)
    for number in range(candidates):
        cycle.add("candidates", **first | {"candidate": f"c-{number}"})
    return findings("slate.differential", cycle.facts())[unit, post]


@pytest.mark.parametrize(
    ("unit", "kind", "seats", "least", "most"),
    [
        (CC, "member", 30, 33, 36),
        (CC, "member", 25, 28, 30),
        (CC, "member", 6, 7, 7),
        (CC, "member", 5, 6, 6),
        (CC, "vice-chair", 3, 4, 6),
        (GC, "deputy-head", 1, 2, 4),
        (TC, "vice-chair", 2, 3, 5),
        (CC, "chair", 1, 1, 2),
        (CC, "court-president", 1, 1, 2),
        (GC, "head", 1, 1, 2),
        (PC, "chair", 1, 1, 1),
        (PC, "vice-chair", 4, 4, 4),
        (PC, "member", 12, 12, 12),
    ],
)
def test_the_range_of_candidates(unit: str, kind: str, seats: int, least: int, most: int) -> None:
    for candidates in (least, most):
        assert differential(unit, kind, seats, candidates) == ("pass", "")
    assert differential(unit, kind, seats, most + 1) == ("fail", "too-many")
    below = ("fail", "too-few") if least > 1 else ("missing", "no-candidates")
    assert differential(unit, kind, seats, least - 1) == below


@pytest.mark.parametrize("seats", [1, 2, 3, 4])
def test_no_number_of_candidates_is_lawful_for_few_committee_seats(seats: int) -> None:
    for candidates in (0, seats + 1):
        found = differential(CC, "member", seats, candidates)
        assert found == ("fail", "no-lawful-number")


def test_a_candidate_of_another_unit_does_not_count_for_the_post() -> None:
    cycle = Cycle()
    cycle.change("candidates", {"candidate": RIVAL}, unit=GC)
    found = findings("slate.differential", cycle.facts())
    assert found[CC, VICE] == ("fail", "too-few")


def test_the_number_of_signers_is_the_levels() -> None:
    facts = Cycle().facts()
    assert findings("slate.channel", facts, county=3)[CC, RIVAL] == ("pass", "")
    assert findings("slate.channel", facts, county=4)[CC, RIVAL][1] == "too-few-signers"
    assert findings("slate.channel", facts, city=4, township=4)[CC, RIVAL] == ("pass", "")


def test_a_petition_that_nobody_in_office_signed_has_no_signers() -> None:
    cycle = Cycle()
    cycle.change("deputies", {"unit": CC}, status="suspended", since=date(2016, 10, 1))
    rule, parameters = RULES["slate.channel"], parameters_of("slate.channel")
    seen = cycle.facts().restricted(rule.reads_under(parameters))
    found = CHECKS[rule.code](seen, parameters).set_index("subject").loc[RIVAL]
    assert (found["reason"], found["arguments"]["signers"]) == ("too-few-signers", 0)


def test_one_lawful_nomination_is_enough() -> None:
    cycle = Cycle()
    cycle.copy("nominations", nominated(CC, "chair-0"), nomination="n-weak", channel="deputies")
    found = findings("slate.channel", cycle.facts())
    assert found[CC, candidate(CC, "chair-0")] == ("pass", "")


def test_whoever_is_no_longer_proposed_counts_against_nobody() -> None:
    cycle = Cycle()
    one_more_vice_chair(cycle)
    cycle.change("candidates", {"candidate": RIVAL}, status="withdrawn")
    assert findings("slate.caps", cycle.facts())[CC, VICE] == ("pass", "")


def test_deputies_may_sign_for_as_many_as_there_are_seats() -> None:
    cycle = Cycle()
    one_more_vice_chair(cycle)
    cycle.change("posts", {"post": VICE}, seats=2)
    assert findings("slate.caps", cycle.facts())[CC, VICE] == ("pass", "")


@pytest.mark.parametrize(
    ("unit", "name", "changed"),
    [
        (CC, "vice-chair-1", {"incompatible_office": True, "will_resign": True}),
        (CC, "court-president-0", {"incompatible_office": True, "assembly_member": False}),
        (GC, "head-0", {"incompatible_office": True, "assembly_member": False}),
        (PC, "chair-0", {"incompatible_office": True}),
        (CC, "vice-chair-1", {"birth_date": date(1998, 11, 23)}),
        (TG, "head-0", {"ethnicity": "汉族"}),
    ],
)
def test_eligible(unit: str, name: str, changed: dict[str, object]) -> None:
    cycle = Cycle()
    cycle.change("candidates", person(unit, name), **changed)
    found = findings("slate.eligibility", cycle.facts())
    assert found[unit, candidate(unit, name)] == ("pass", "")


@pytest.mark.parametrize("name", ["deputy-head-0", "head-0"])
def test_only_the_head_of_an_ethnic_township_is_bound_to_an_ethnicity(name: str) -> None:
    cycle = Cycle()
    cycle.change("jurisdictions", {"jurisdiction": TOWNSHIP}, founding_ethnicity="回族")
    cycle.change("candidates", person(TG, name), ethnicity="汉族")
    found = findings("slate.eligibility", cycle.facts())[TG, candidate(TG, name)]
    assert found[0] == ("fail" if name == "head-0" else "pass")


def test_a_pledge_counts_by_the_session_of_each_body() -> None:
    cycle = Cycle()
    cycle.change("pledges", {"person": "p-640302-0"}, signed_on=date(2016, 11, 20))
    cycle.change("calendar", {"unit": GC}, session_opens_on=date(2016, 11, 19))
    found = findings("nomination.pledges", cycle.facts())
    assert found[CC, "p-640302-0"] == ("pass", "")
    assert found[GC, "p-640302-0"] == ("fail", "too-late")


def test_a_second_talk_in_time_and_by_the_right_organ_is_enough() -> None:
    cycle = Cycle()
    cycle.change("talks", {"talk": "t-640302-must-talk"}, officer="o-640302-audit")
    again = {"talk": "t-again", "officer": "o-640300-discipline", "jurisdiction": "640300"}
    cycle.copy("talks", {"talk": "t-640302-must-talk"}, **again, held_on=date(2016, 11, 20))
    cycle.add("talk_participants", talk="t-again", person="p-640302-0")
    found = findings("nomination.must-talks", cycle.facts())
    assert found[CC, "p-640302-0"] == ("pass", "")
    assert found[CC, "p-640302-1"] == ("fail", "wrong-organ")


def test_whom_the_roster_does_not_oblige_is_not_asked() -> None:
    found = findings("nomination.pledges", Cycle().facts())
    assert (CC, "p-640302-2") not in found
    assert (CC, "p-640302-1") in found


@pytest.mark.parametrize(
    ("check", "register", "where", "changed", "subject"),
    [
        ("nomination.activities", "activities", HERE, {"done_on": date(2016, 11, 20)},
         (CC, f"{COUNTY}/one-a")),
        ("nomination.publicity", "publicity", HERE, {"published_on": date(2016, 9, 1)},
         (CC, f"{COUNTY}/hotline")),
        ("slate.membership", "notices", {"unit": PC}, {"published_on": date(2016, 11, 20)},
         (PC, f"{PC}/membership-decided")),
        ("nomination.recommendation", "documents", paper(CC, "recommendation-meeting"),
         {"issued_on": date(2016, 9, 3)}, (CC, f"{CC}/recommendation-meeting")),
        ("slate.letter", "documents", paper(CC, "recommendation-letter"),
         {"issued_on": date(2016, 9, 10)}, (CC, f"{CC}/recommendation-letter")),
    ],
)  # fmt: skip
def test_the_last_lawful_day(
    check: str,
    register: str,
    where: dict[str, object],
    changed: dict[str, object],
    subject: tuple[str, str],
) -> None:
    cycle = Cycle()
    cycle.change(register, where, **changed)
    assert findings(check, cycle.facts())[subject] == ("pass", "")


@pytest.mark.parametrize(("percent", "status"), [(150, "pass"), (151, "fail"), (100, "pass")])
def test_cards_are_rounded_up(percent: int, status: str) -> None:
    found = findings("nomination.cards", Cycle().facts(), percent=percent)
    assert found[CC, COUNTY][0] == status


@pytest.mark.parametrize(
    ("founding", "ethnicity", "lawful"),
    [
        ("侗族", "侗", True),
        ("侗", "侗族", True),
        ("苗族、侗族", "侗族", True),
        ("苗族侗族", "苗族", True),
        ("苗族、侗族", "土家族", False),
        ("土家族", "土族", False),
    ],
)
def test_any_founding_nationality_will_do(founding: str, ethnicity: str, lawful: bool) -> None:
    cycle = Cycle()
    cycle.change("jurisdictions", {"jurisdiction": TOWNSHIP}, founding_ethnicity=founding)
    cycle.change("candidates", person(TG, "head-0"), ethnicity=ethnicity)
    found = findings("slate.eligibility", cycle.facts())[TG, candidate(TG, "head-0")]
    assert found == (("pass", "") if lawful else ("fail", "founding-ethnicity"))


def test_a_town_with_a_minority_has_any_head() -> None:
    cycle = Cycle()
    town = {"name": "白塔镇", "founding_ethnicity": "苗族"}
    cycle.change("jurisdictions", {"jurisdiction": TOWNSHIP}, **town)
    cycle.change("candidates", person(TG, "head-0"), ethnicity="汉族")
    found = findings("slate.eligibility", cycle.facts())
    assert found[TG, candidate(TG, "head-0")] == ("pass", "")


def test_whom_deputies_nominate_on_the_floor_is_a_candidate() -> None:
    cycle = Cycle()
    cycle.change("candidates", {"candidate": RIVAL}, status="from-the-floor")
    for check, subject in (("channel", RIVAL), ("differential", VICE), ("eligibility", RIVAL)):
        assert findings(f"slate.{check}", cycle.facts())[CC, subject] == ("pass", "")


@pytest.mark.parametrize("status", ["lost-pre-election", "withdrawn", "excluded"])
def test_who_lost_the_pre_election_stands_no_more(status: str) -> None:
    cycle = Cycle()
    one_more_vice_chair(cycle)
    cycle.change("candidates", {"candidate": RIVAL}, status=status)
    assert findings("slate.differential", cycle.facts())[CC, VICE] == ("pass", "")
    assert findings("slate.caps", cycle.facts())[CC, VICE] == ("pass", "")


@pytest.mark.parametrize(("nominated_on", "later"), [(21, False), (22, True), (23, True)])
def test_nominations_for_a_further_election_are_not_added(nominated_on: int, later: bool) -> None:
    cycle = Cycle()
    voted(cycle, CC)
    one_more_vice_chair(cycle)
    third = {"nomination": f"n-{CC}-third"}
    cycle.change("nominations", third, nominated_on=date(2016, 11, nominated_on))
    expected = ("pass", "") if later else ("fail", "deputies")
    assert findings("slate.caps", cycle.facts())[CC, VICE] == expected


def test_talks_and_meeting_in_any_order_where_the_pack_says_so() -> None:
    cycle = Cycle()
    cycle.change("documents", paper(CC, "recommendation-meeting"), issued_on=date(2016, 9, 1))
    cycle.drop("documents", **paper(CC, "reference-list"))
    steps = ["recommendation-meeting", "recommendation-talks", "recommendation-report"]
    found = findings(
        "nomination.recommendation", cycle.facts(), steps=steps, either_first=steps[:2]
    )
    assert {status for status, _ in of_one_unit(found, CC).values()} == {"pass"}


def test_two_days_of_deliberation_suffice_and_three_can_be_asked() -> None:
    facts = Cycle().facts()
    assert findings("slate.deliberation", facts)[CC, CC] == ("pass", "")
    assert findings("slate.deliberation", facts, days=3)[CC, CC] == ("fail", "too-short")


def test_a_recommendation_holds_to_the_day() -> None:
    cycle = Cycle()
    for kind in ("recommendation-talks", "reference-list", "recommendation-meeting"):
        cycle.change("documents", paper(CC, kind), issued_on=date(2015, 11, 20))
    found = findings("nomination.recommendation", cycle.facts())
    assert found[CC, f"{CC}/recommendation-meeting"] == ("pass", "")


def test_who_the_members_are_need_not_wait_for_the_consultation_on_posts() -> None:
    cycle = Cycle()
    cycle.change("documents", paper(PC, "consultation"), issued_on=date(2016, 11, 1))
    found = findings("slate.membership", cycle.facts())
    assert {status for status, _ in of_one_unit(found, PC).values()} == {"pass"}


def test_showings_are_asked_for_at_every_key_point() -> None:
    cycle = Cycle()
    cycle.drop("screenings", **HERE)
    found = of_one_unit(findings("nomination.films", cycle.facts()), CC)
    assert set(found.values()) == {("missing", "not-shown")}
    assert len(found) == 4


@pytest.mark.parametrize(
    ("check", "changed"),
    [
        ("nomination.films", {"attendance": 1}),
        ("nomination.films", {"films": ["Not A Code"]}),
        ("nomination.activities", {"activities": ["one-a"] * 10}),
        ("nomination.activities", {"activities": [f"one-{letter}" for letter in "abcdefghi"]}),
        ("nomination.cards", {"percent": 0}),
        ("slate.channel", {"city": 0}),
        ("nomination.must-talks", {"organs": ["party-secretary"]}),
        ("slate.deliberation", {"days": 0}),
    ],
)
def test_senseless_parameters_are_refused(check: str, changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        parameters_of(check, **changed)
