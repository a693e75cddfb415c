"""Who may deliver what: organs by register, and rows by where they are at home."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Ledger
from data.policies import bundled, in_force, read_pack
from schemas.authority import Within
from schemas.refusals import ActRefused
from schemas.registers import REGISTERS
from schemas.vocabulary import Organ
from tasks.intake import accept
from tests.intake.files import csv_file
from tests.support import cycle, reference
from tests.support.places import copied
from tests.support.signing import delivers, founding

CITY, COUNTY, OTHER_COUNTY, TOWN, OTHER_TOWN = (
    "640300",
    "640302",
    "640303",
    "640302100",
    "640302103",
)
# Organisation departments of the city, a county and its neighbour, and of a township.
DEPARTMENTS = {CITY: "o-640300-03", COUNTY: "o-640302-03", OTHER_COUNTY: "o-640303-03"}
# Rows of registers in which the small cycle has none.
NONE_IN_THE_CYCLE: dict[str, dict[str, Any]] = {
    "report_scopes": {
        "report": "r-640302-01",
        "within": False,
        "officer": "o-640302-02",
        "decided_on": date(2016, 10, 14),
    },
    "deputy_candidates": {
        "deputy_candidate": "x-640302-001-1",
        "constituency": "k-640302-001",
        "listed": True,
        "first_votes": 1882,
        "further": False,
        "elected": True,
        "false_data": False,
        "announced_on": None,
        "foreign_funding": False,
    },
}
WHO_IS_WHO = ("officers", "roster", "kin", "jurisdictions", "units")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small cycle with a second county and its organisation department."""
    rows = {name: list(some) for name, some in cycle.small_rows().items()}
    whole = reference.clean()
    rows["jurisdictions"] += [
        one for one in whole["jurisdictions"] if one["jurisdiction"] == OTHER_COUNTY
    ]
    rows["officers"] += [
        one for one in whole["officers"] if one["officer"] == DEPARTMENTS[OTHER_COUNTY]
    ]
    path = tmp_path_factory.mktemp("cycle") / "home"
    with cycle.unsynced():
        cycle.open_home(path, rows)
    return Home(path)


@pytest.fixture
def home(template: Home, tmp_path: Path) -> Home:
    return copied(template.path, tmp_path / "home")


def measure(place: str, **changes: Any) -> dict[str, Any]:
    like = cycle.small_rows()["measures"][0]
    return {**like, "jurisdiction": place, "kind": "secretaries-meeting", **changes}


def taken(home: Home, register: str, row: dict[str, Any], by: str, **how: Any) -> int:
    """How many rows are taken; the others are rejected for their place."""
    receipt = cycle.deliver(home, register, [row], by=by, **how)
    if receipt.rejected:
        assert "may not deliver" in receipt.delivery.rejections[0].render("en")
        assert "报送" in receipt.delivery.rejections[0].render("zh")
    return receipt.accepted


@pytest.mark.parametrize(
    ("place", "by", "accepted"),
    [
        # What must be taken: the own place, and those below at whatever distance.
        (COUNTY, COUNTY, 1),
        (TOWN, COUNTY, 1),
        (CITY, CITY, 1),
        (COUNTY, CITY, 1),
        (OTHER_TOWN, CITY, 1),
        # What must not: above, beside, and below what is beside.
        (CITY, COUNTY, 0),
        (OTHER_COUNTY, COUNTY, 0),
        (COUNTY, OTHER_COUNTY, 0),
        (TOWN, OTHER_COUNTY, 0),
    ],
)
def test_rows_are_delivered_for_the_own_place_and_below(
    home: Home, place: str, by: str, accepted: int
) -> None:
    assert taken(home, "measures", measure(place), DEPARTMENTS[by]) == accepted


def test_a_row_of_somebody_else_is_not_replaced_by_one_of_the_own_place(home: Home) -> None:
    """The key is that of another county's row: whoever may not deliver that one may not move it."""
    talk = {**cycle.small_rows()["talks"][0], "talk": "t-999901", "jurisdiction": TOWN}
    assert taken(home, "talks", talk, DEPARTMENTS[COUNTY]) == 1
    moved = {**talk, "jurisdiction": OTHER_COUNTY}
    assert taken(home, "talks", moved, DEPARTMENTS[OTHER_COUNTY]) == 0
    assert taken(home, "talks", moved, DEPARTMENTS[CITY]) == 1
    assert taken(home, "talks", talk, DEPARTMENTS[COUNTY]) == 0


def test_a_row_is_withdrawn_by_whoever_may_deliver_it(home: Home) -> None:
    row = next(one for one in cycle.small_rows()["measures"] if one["jurisdiction"] == TOWN)
    assert taken(home, "measures", row, DEPARTMENTS[OTHER_COUNTY], remove=True) == 0
    assert taken(home, "measures", row, DEPARTMENTS[COUNTY], remove=True) == 1


@pytest.mark.parametrize("register", [name for name, one in REGISTERS.items() if one.via])
def test_a_row_is_at_home_where_the_row_is_that_it_names(home: Home, register: str) -> None:
    row = (cycle.small_rows()[register] or [NONE_IN_THE_CYCLE[register]])[0]
    assert taken(home, register, row, DEPARTMENTS[OTHER_COUNTY]) == 0
    assert taken(home, register, row, DEPARTMENTS[CITY]) == 1


def test_a_place_that_is_new_is_delivered_from_above(home: Home) -> None:
    town = next(one for one in cycle.small_rows()["jurisdictions"] if one["jurisdiction"] == TOWN)
    new = {**town, "jurisdiction": "640302109", "name": "新设镇", "parent": COUNTY}
    assert taken(home, "jurisdictions", new, DEPARTMENTS[OTHER_COUNTY]) == 0
    assert taken(home, "jurisdictions", new, DEPARTMENTS[COUNTY]) == 1


def test_a_place_is_moved_by_nobody_but_above_both(home: Home) -> None:
    town = next(one for one in cycle.small_rows()["jurisdictions"] if one["jurisdiction"] == TOWN)
    moved = {**town, "parent": OTHER_COUNTY}
    # Neither is it given away nor taken to oneself.
    assert taken(home, "jurisdictions", moved, DEPARTMENTS[COUNTY]) == 0
    assert taken(home, "jurisdictions", moved, DEPARTMENTS[OTHER_COUNTY]) == 0
    assert taken(home, "jurisdictions", moved, DEPARTMENTS[CITY]) == 1


def test_a_row_that_is_rejected_lends_its_place_to_no_other(home: Home, tmp_path: Path) -> None:
    """Talks of another county claimed for the own one, and who took part: neither is taken."""
    small = cycle.small_rows()
    taking_part = small["talk_participants"][0]
    talk = next(one for one in small["talks"] if one["talk"] == taking_part["talk"])
    person = next(one for one in small["roster"] if one["person"] == taking_part["person"])
    folder = tmp_path / "claimed"
    folder.mkdir()
    csv_file(folder / "talks.csv", [{**talk, "jurisdiction": OTHER_COUNTY}], "talks")
    csv_file(folder / "roster.csv", [{**person, "jurisdiction": OTHER_COUNTY}], "roster")
    csv_file(folder / "talk_participants.csv", [taking_part], "talk_participants")
    by = delivers(home, DEPARTMENTS[OTHER_COUNTY])
    assert [one.accepted for one in accept.submit_file(home, folder, by)] == [0, 0, 0]


def test_what_names_a_row_that_is_not_taken_falls_with_it(home: Home, tmp_path: Path) -> None:
    """Talks of another county, and who took part in them: neither is taken."""
    small = cycle.small_rows()
    talk = {**small["talks"][0], "talk": "t-640302-99", "jurisdiction": COUNTY}
    named = {**small["talk_participants"][0], "talk": "t-640302-99"}
    folder = tmp_path / "both"
    folder.mkdir()
    csv_file(folder / "talks.csv", [talk], "talks")
    csv_file(folder / "talk_participants.csv", [named], "talk_participants")
    receipts = accept.submit_file(home, folder, delivers(home, DEPARTMENTS[OTHER_COUNTY]))
    assert {one.register: (one.accepted, one.rejected) for one in receipts} == {
        "talks": (0, 1),
        "talk_participants": (0, 1),
    }


def test_who_may_not_deliver_the_book_opens_no_cycle(tmp_path: Path) -> None:
    given = partial(founding, deliverer="o-640300-01")
    with patch("tests.support.cycle.founding", given), pytest.raises(ActRefused) as told:
        cycle.open_home(tmp_path / "home", cycle.small_rows())
    assert told.value.code == "may-not-deliver"
    assert not (tmp_path / "home").exists()


# The packs


@pytest.mark.parametrize("name", bundled())
def test_every_register_is_delivered_by_who_supplies_it_and_who_is_who_by_departments(
    name: str,
) -> None:
    rules = read_pack(name).deliverers
    for register in REGISTERS.values():
        assert any(one.covers(register.provider, register.name) for one in rules), register.name
        assert any(one.covers(Organ.ORGANISATION, register.name) for one in rules)
    for register_name in WHO_IS_WHO:
        covering = {organ for organ in Organ for one in rules if one.covers(organ, register_name)}
        assert covering == {Organ.ORGANISATION}
    assert all(one.within is not Within.ANYWHERE for one in rules)


def test_the_rules_of_a_cycle_are_those_of_its_own_pack(home: Home) -> None:
    kept = in_force(Ledger(home.ledger), BlobStore(home.blobs)).authorities.deliverers
    assert kept == read_pack(cycle.PACK).deliverers
