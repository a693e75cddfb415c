"""Who may stand: qualification and terms, avoidance of kin and of the home place."""

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
    TOWNSHIP,
    UNIT,
    Change,
    Row,
    add,
    drop,
    put,
    with_candidate,
)

PERSON = f"p-{SUBJECT}"


# 任职资格与任期


def test_qualification() -> None:
    cases: list[tuple[Row, str]] = [
        ({}, "pass"),
        ({"years_worked": 5}, "pass"),
        ({"years_worked": 4}, "fail years-worked"),
        ({"years_grassroots": 2}, "pass"),
        ({"years_grassroots": 1}, "fail years-grassroots"),
        ({"education": "college"}, "pass"),
        ({"education": "secondary"}, "fail education"),
        ({"years_in_rank": 2}, "pass"),
        ({"years_in_rank": 1}, "fail years-in-rank"),
        ({"rank": "township", "years_in_rank": 3}, "pass"),
        ({"rank": "township", "years_in_rank": 2}, "fail years-in-rank"),
        ({"terms_in_post": 1}, "pass"),
        ({"terms_in_post": 2}, "fail terms"),
        ({"years_at_level": 14}, "pass"),
        ({"years_at_level": 15}, "fail level-years"),
        ({"promoted": False, "years_worked": 0, "education": "secondary", "years_in_rank": 0},
         "pass"),
        ({"promoted": False, "terms_in_post": 2}, "fail terms"),
        # 条例 2014 art. 9: an exception, but for somebody who has been a year in the rank.
        ({"exceptional_approval": "x", "years_worked": 4, "years_in_rank": 1}, "pass"),
        ({"exceptional_approval": "x", "years_in_rank": 0}, "fail too-new-for-exception"),
    ]  # fmt: skip
    assert wrong_cases(["vetting.qualification"], "candidates", cases) == []


def test_posts_of_the_congress_have_no_term_limit() -> None:
    code, unit, chair = "vetting.qualification", f"{CITY}-congress", f"{CITY}-chair"
    long = put("candidates", {"candidate": chair}, years_at_level=30, terms_in_post=3)
    assert verdict(code, long, unit=unit, subject=chair) == "pass"
    stays = put("candidates", {"candidate": chair}, promoted=False)
    assert verdict(code, long, stays, unit=unit, subject=chair) == "not_applicable neither"


def test_qualification_leaves_townships_alone() -> None:
    unit, head = f"{TOWNSHIP}-government", f"{TOWNSHIP}-head"
    green = put("candidates", {"candidate": head}, years_worked=0)
    found = verdict("vetting.qualification", green, unit=unit, subject=head)
    assert found == "not_applicable township"


@pytest.mark.parametrize("code", ["vetting.qualification", "vetting.avoidance"])
@pytest.mark.parametrize(
    "lost",
    [drop("posts", unit=UNIT), put("posts", {"unit": UNIT}, unit=f"{OTHER}-government")],
    ids=["none", "of another unit"],
)
def test_a_post_that_the_unit_does_not_have(code: str, lost: Change) -> None:
    assert verdict(code, lost) == "missing no-post"


# 亲属回避与地域回避


def kinship(person: str, kin: str, home: str = COUNTY) -> Change:
    return add("kin", jurisdiction=home, person=person, kin=kin, kinship="spouse")


DEPUTY = "p-640302-deputy-head"


@pytest.mark.parametrize("subject", [SUBJECT, "640302-deputy-head"])
@pytest.mark.parametrize("pair", [(PERSON, DEPUTY), (DEPUTY, PERSON)])
def test_kin_on_one_slate(subject: str, pair: tuple[str, str]) -> None:
    assert verdict("vetting.avoidance", kinship(*pair), subject=subject) == "fail kin"


@pytest.mark.parametrize(
    "change",
    [
        kinship(PERSON, "p-640321-head"),
        kinship(PERSON, "p-640302-somebody"),
        kinship(PERSON, PERSON),
        kinship(PERSON, DEPUTY, OTHER),
    ],
    ids=["of another unit", "not a candidate", "oneself", "kept by another county"],
)
def test_kin_who_need_not_avoid(change: Change) -> None:
    assert verdict("vetting.avoidance", change) == "pass"


def test_kin_who_withdrew_need_not_be_avoided() -> None:
    withdrew = put("candidates", {"person": DEPUTY}, status="withdrawn")
    assert verdict("vetting.avoidance", kinship(PERSON, DEPUTY), withdrew) == "pass"


def test_kin_are_named_by_their_id() -> None:
    shown = text_of("vetting.avoidance", kinship(PERSON, DEPUTY))
    assert shown == "is kin of candidate 640302-deputy-head: spouse"


@pytest.mark.parametrize(
    ("home", "grew_up", "kind", "expected"),
    [
        (COUNTY, COUNTY, "head", "fail home"),
        (COUNTY, TOWNSHIP, "head", "fail home"),
        (COUNTY, CITY, "head", "pass"),
        (COUNTY, OTHER, "head", "pass"),
        (COUNTY, COUNTY, "deputy-head", "pass"),
        (TOWNSHIP, TOWNSHIP, "head", "fail home"),
        (TOWNSHIP, COUNTY, "head", "missing home-imprecise"),
        (TOWNSHIP, f"{COUNTY}999", "head", "pass"),
        (TOWNSHIP, OTHER, "head", "pass"),
        (CITY, CITY, "chair", "pass"),
    ],
)
def test_nobody_heads_the_government_at_home(
    home: str, grew_up: str, kind: str, expected: str
) -> None:
    candidate = f"{home}-{kind}"
    body = "congress" if home == CITY else "government"
    raised = put("candidates", {"candidate": candidate}, home_division=grew_up)
    found = verdict("vetting.avoidance", raised, subject=candidate, unit=f"{home}-{body}")
    assert found == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("court-president", "fail home"), ("chief-procurator", "fail home"), ("chair", "pass"),
     ("supervision-director", "pass")],
)  # fmt: skip
def test_a_countys_court_and_procuracy_are_not_headed_at_home(kind: str, expected: str) -> None:
    unit, candidate = f"{COUNTY}-congress", f"{COUNTY}-{kind}"
    congress = add("units", unit=unit, jurisdiction=COUNTY, body="congress")
    raised = put("candidates", {"candidate": candidate}, home_division=COUNTY)
    stands = with_candidate(unit, kind)
    found = verdict("vetting.avoidance", congress, stands, raised, subject=candidate, unit=unit)
    assert found == expected


def test_a_pack_may_bar_a_townships_head_from_the_whole_county() -> None:
    candidate, unit = f"{TOWNSHIP}-head", f"{TOWNSHIP}-government"
    raised = put("candidates", {"candidate": candidate}, home_division=f"{COUNTY}999")
    found = verdict(
        "vetting.avoidance", raised, subject=candidate, unit=unit, township_home="county"
    )
    assert found == "fail home"


def test_where_the_head_is_of_the_places_own_people_home_is_no_bar() -> None:
    candidate, unit = f"{TOWNSHIP}-head", f"{TOWNSHIP}-government"
    ethnic = put(
        "jurisdictions", {"jurisdiction": TOWNSHIP}, name="白塔侗族乡", founding_ethnicity="侗族"
    )
    raised = put("candidates", {"candidate": candidate}, home_division=TOWNSHIP)
    assert verdict("vetting.avoidance", ethnic, raised, subject=candidate, unit=unit) == "pass"


def test_the_head_of_an_autonomous_county_may_be_from_there() -> None:
    """民族区域自治法 art. 17 asks for one of its people, whether or not it is said which."""
    candidate = f"{COUNTY}-head"
    raised = put("candidates", {"candidate": candidate}, home_division=COUNTY)
    for name, people, expected in (
        ("甲族自治县", None, "pass"),
        ("甲族自治县", "回族", "pass"),
        ("甲县", None, "fail home"),
        # What a place is, its name says: a nationality that is on record by mistake frees nobody.
        ("甲县", "回族", "fail home"),
    ):
        named = put("jurisdictions", {"jurisdiction": COUNTY}, name=name, founding_ethnicity=people)
        assert verdict("vetting.avoidance", named, raised, subject=candidate) == expected


def test_a_deputy_head_of_a_township_may_be_from_the_county() -> None:
    unit, deputy = f"{TOWNSHIP}-government", f"{TOWNSHIP}-deputy-head"
    raised = put("candidates", {"candidate": deputy}, home_division=COUNTY)
    stands = with_candidate(unit, "deputy-head")
    assert verdict("vetting.avoidance", stands, raised, subject=deputy, unit=unit) == "pass"


def test_a_mayor_may_have_grown_up_in_the_city() -> None:
    unit, mayor = f"{CITY}-congress", f"{CITY}-head"
    raised = put("candidates", {"candidate": mayor}, home_division=CITY)
    stands = with_candidate(unit, "head")
    assert verdict("vetting.avoidance", stands, raised, subject=mayor, unit=unit) == "pass"


def test_kin_are_as_many_as_returned() -> None:
    code, subject = "vetting.avoidance", f"{COUNTY}/kin"
    one = put("returns", {"jurisdiction": COUNTY, "register_name": "kin"}, entries=1)
    assert verdict(code, one, subject=subject) == "missing fewer-than-returned"
    assert verdict(code, one, kinship(DEPUTY, "p-x"), subject=subject) == "pass"
    unmade = drop("returns", jurisdiction=COUNTY, register_name="kin")
    assert verdict(code, unmade, subject=subject) == "missing not-returned"
