"""Zero reports: what is returned must be on record, and nothing returned is nothing known."""

from datetime import date

import pytest

from schemas.facts import Facts
from schemas.rules import selections
from schemas.rules.base import read
from tasks.checks.judge import Judge
from tasks.checks.returns import judge_returns, returned, with_returns
from tests.support.vetting import facts
from tests.support.vetting_book import CITY, COUNTY, Book, Row, good_book

TODAY = date(2016, 10, 20)
UNIT, NEIGHBOUR = "640302-congress", "640302-government"
REGISTERED = ("sanctions", "kin", "problems", "reports", "violations")


def a_return(entries: int, register: str = "sanctions", **more: object) -> Row:
    return {
        "jurisdiction": COUNTY,
        "register_name": register,
        "entries": entries,
        "reported_on": TODAY,
        "document": "1",
    } | more


def a_sanction(number: int, **more: object) -> Row:
    return {
        "sanction": f"s-{number}",
        "jurisdiction": COUNTY,
        "person": "p-1",
        "kind": "warning",
        "decided_on": date(2016, 1, 1),
    } | more


def a_report(number: int, unit: str, received: date = date(2016, 9, 1)) -> Row:
    return {
        "report": f"r-{number}",
        "unit": unit,
        "channel": "phone",
        "received_on": received,
        "clear_leads": True,
        "concrete": True,
        "real_name": False,
    }


def county(**registers: list[Row]) -> Facts:
    """A county with two units, below its city."""
    units: list[Row] = [
        {"unit": unit, "jurisdiction": COUNTY, "body": unit.split("-")[1]}
        for unit in (UNIT, NEIGHBOUR)
    ]
    book: Book = {"jurisdictions": good_book()["jurisdictions"], "units": units}
    for name in ("returns", *REGISTERED):
        book[name] = registers.get(name, [])
    return facts(book, TODAY)


def verdict(of: Facts, register: str = "sanctions") -> str:
    """`status reason` that the unit gets, alone as among others."""
    wholly, alone = (
        one.restricted(selections.returned(register)) for one in (of, of.within([UNIT]))
    )
    found = {}
    for name, scope in (("wholly", wholly), ("alone", alone)):
        judged = judge_returns(scope, register)
        one = judged[judged["unit"] == UNIT].iloc[0]
        assert one["subject"] == f"{COUNTY}/{register}"
        found[name] = f"{one['status']} {one['reason']}".strip()
    assert found["wholly"] == found["alone"]
    return found["wholly"]


@pytest.mark.parametrize(
    ("entries", "rows", "expected"),
    [
        (0, 0, "pass"),
        (0, 1, "pass"),
        (1, 1, "pass"),
        (2, 1, "missing fewer-than-returned"),
        (1, 0, "missing fewer-than-returned"),
    ],
)
def test_what_is_returned_is_on_record(entries: int, rows: int, expected: str) -> None:
    kept = [a_sanction(number) for number in range(rows)]
    assert verdict(county(returns=[a_return(entries)], sanctions=kept)) == expected


def test_without_a_return_nothing_is_known() -> None:
    assert verdict(county()) == "missing not-returned"
    assert verdict(county(sanctions=[a_sanction(1)])) == "missing not-returned"
    assert verdict(county(returns=[a_return(0, "kin")])) == "missing not-returned"
    assert verdict(county(returns=[a_return(0, jurisdiction=CITY)])) == "missing not-returned"


def test_a_return_of_tomorrow_does_not_count_today() -> None:
    tomorrow = a_return(0, reported_on=date(2016, 10, 21))
    assert verdict(county(returns=[tomorrow])) == "missing not-returned"


@pytest.mark.parametrize("other", [{"jurisdiction": CITY}, {"decided_on": date(2016, 10, 21)}])
def test_rows_kept_elsewhere_or_still_to_come_do_not_count(other: dict[str, object]) -> None:
    kept = [a_sanction(1), a_sanction(2, **other)]
    short = "missing fewer-than-returned"
    assert verdict(county(returns=[a_return(2)], sanctions=kept)) == short
    assert verdict(county(returns=[a_return(1)], sanctions=kept)) == "pass"


def test_what_is_decided_and_returned_today_counts_today() -> None:
    kept = [a_sanction(1, decided_on=TODAY)]
    assert verdict(county(returns=[a_return(1)], sanctions=kept)) == "pass"


def test_rows_of_a_neighbouring_unit_count_for_the_jurisdiction() -> None:
    kept = [a_report(1, UNIT), a_report(2, NEIGHBOUR)]
    assert verdict(county(returns=[a_return(2, "reports")], reports=kept), "reports") == "pass"


def test_both_numbers_are_given() -> None:
    of = county(returns=[a_return(3)], sanctions=[a_sanction(1)])
    of = of.restricted(selections.returned("sanctions"))
    assert returned(of, "sanctions")[["entries", "recorded"]].to_numpy().tolist() == [[3, 1]] * 2
    assert judge_returns(of, "sanctions")["arguments"].iloc[0] == {"entries": 3, "recorded": 1}


def test_a_unit_without_incidents_has_its_return_and_nothing_else() -> None:
    of = county(returns=[a_return(0, "reports")], reports=[a_report(1, UNIT)])
    of = of.restricted((read("reports", "report unit"), *selections.returned("reports")))
    judge = Judge(of.reports.assign(subject=of.reports["report"]), of.units)
    found = with_returns(judge, of, "reports")
    assert found.groupby("unit")["subject"].agg(set).to_dict() == {
        UNIT: {"r-1", f"{COUNTY}/reports"},
        NEIGHBOUR: {f"{COUNTY}/reports"},
    }
    assert set(found["status"]) == {"pass"}
