"""The register of deputies: who is in office on a day, and whether the report counts the same."""

from datetime import date

import pandas as pd
import pytest

from schemas.vote_terms import DeputyStatus
from tasks.checks.election_deputies import in_office
from tests.support.inspection_election import arguments, verdict
from tests.support.inspection_election_book import COUNTY, MEMBERS, UNIT, Change, add, day, put

CODE = "slate.deputies"
CONGRESS, CPPCC = f"{COUNTY}-congress", f"{COUNTY}-cppcc"
OPENED = day("11-20")


def register(unit: str, number: int, **changed: object) -> list[Change]:
    """So many deputies; the first of them as `changed` says."""
    made = [
        add("deputies", unit=unit, deputy=f"d-{one}", status="in-office", since=None)
        for one in range(number)
    ]
    return [*made, put("deputies", {"deputy": "d-0"}, **changed)] if changed else made


@pytest.mark.parametrize(
    ("number", "changed", "suspended", "expected"),
    [
        (MEMBERS, {}, False, "pass"),
        (MEMBERS - 1, {}, False, "fail members-differ"),
        (MEMBERS + 1, {}, False, "fail members-differ"),
        (MEMBERS + 1, {"status": "ended", "since": day("11-01")}, False, "pass"),
        (MEMBERS + 1, {"status": "ended", "since": OPENED}, False, "pass"),
        (MEMBERS, {"status": "ended", "since": day("11-21")}, False, "pass"),
        (MEMBERS + 1, {"status": "ended", "since": day("11-21")}, False, "fail members-differ"),
        (MEMBERS + 1, {"status": "suspended", "since": day("11-01")}, False, "pass"),
        (MEMBERS, {"status": "suspended", "since": day("11-01")}, True, "pass"),
        (MEMBERS, {"status": "suspended", "since": day("11-01")}, False, "fail members-differ"),
        (MEMBERS + 1, {"status": "ended", "since": None}, False, "missing without-a-day"),
    ],
)
def test_the_report_counts_those_in_office_at_the_opening(
    number: int, changed: dict[str, object], suspended: bool, expected: str
) -> None:
    changes = register(CONGRESS, number, **changed)
    # The session that elects a government is its congress's: the same register is looked at.
    for unit in (CONGRESS, UNIT):
        assert verdict(CODE, CONGRESS, changes, unit=unit, suspended=suspended) == expected


def test_a_congress_without_its_register_is_told_so_and_a_cppcc_need_not_have_one() -> None:
    assert verdict(CODE, CONGRESS, unit=CONGRESS, suspended=False) == "missing no-register"
    assert verdict(CODE, CPPCC, unit=CPPCC, suspended=False) == "not_applicable no-register-kept"
    short = register(CPPCC, MEMBERS - 1)
    assert verdict(CODE, CPPCC, short, unit=CPPCC, suspended=False) == "fail members-differ"


@pytest.mark.parametrize(
    ("number", "expected"), [(MEMBERS, "pass"), (MEMBERS - 6, "fail two-numbers")]
)
def test_a_congress_has_one_number_whatever_it_elects(number: int, expected: str) -> None:
    """地方组织法 art. 25: all deputies are all of them, also when the government is elected."""
    second = add("credentials", unit=UNIT, members=number, document="x")
    changes = [*register(CONGRESS, MEMBERS), second]
    assert verdict(CODE, CONGRESS, changes, unit=UNIT, suspended=False) == expected


def test_both_numbers_are_told() -> None:
    told = arguments(CODE, CONGRESS, *register(CONGRESS, MEMBERS - 2), unit=CONGRESS)
    assert told == {"members": MEMBERS, "registered": MEMBERS - 2}


@pytest.mark.parametrize("status", DeputyStatus)
@pytest.mark.parametrize("since", [None, date(2016, 11, 1), date(2016, 11, 2), date(2016, 11, 3)])
@pytest.mark.parametrize("suspended", [True, False])
def test_an_office_ends_on_its_day(
    status: DeputyStatus, since: date | None, suspended: bool
) -> None:
    on = date(2016, 11, 2)
    rows = pd.DataFrame({"status": [status.value]})
    rows["since"] = pd.Series([since], dtype="datetime64[s]")
    day_ = pd.Series([pd.Timestamp(on)], dtype="datetime64[s]")
    gone = {DeputyStatus.ENDED} | (set() if suspended else {DeputyStatus.SUSPENDED})
    expected = status not in gone or (since is not None and since > on)
    assert in_office(rows, day_, suspended=suspended).tolist() == [expected]
