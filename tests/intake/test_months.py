"""Months of which the day is not known: a term of their own, and never the first of the month.

A cadre's form (干部任免审批表) has birth as year and month (1968.05); any other day decides
something by law, stands on a paper, and is asked for whole.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import facts_of
from schemas.partial_days import ends_of, first_day, whole_day
from schemas.registers import REGISTERS
from schemas.rules.base import read
from schemas.tables import frame_of
from schemas.text import Text
from tasks.gate.evidence import evidence_of
from tasks.intake import readings as how
from tasks.intake import reasons as r
from tasks.intake.cells import CellReader, Read
from tasks.intake.characters import Problem
from tasks.intake.refusal import render
from tests.intake.files import good_row

MAY_BE_MONTHS = {("candidates", "birth_date")}


def found(
    cell: Any, *, typed: bool, register: str = "candidates", column: str = "birth_date"
) -> Any:
    return CellReader(REGISTERS[register].column[column], typed=typed).read(cell)


def test_which_columns_may_be_a_month() -> None:
    assert {
        (name, spec.name)
        for name, register in REGISTERS.items()
        for spec in register.columns
        if spec.may_be_month
    } == MAY_BE_MONTHS


@pytest.mark.parametrize("typed", [False, True], ids=["csv", "workbook"])
@pytest.mark.parametrize(
    ("cell", "month"),
    [("1968.05", "1968-05"), ("1968.5", "1968-05"), ("1968-5", "1968-05"), ("1968/05", "1968-05"),
     ("196805", "1968-05"), ("1968年5月", "1968-05"), ("1968年05月份", "1968-05"),
     ("1968.10", "1968-10"), ("1968.12", "1968-12"), (1968.05, "1968-05"), (196805.0, "1968-05"),
     (1968.11, "1968-11")],
    ids=repr,
)  # fmt: skip
def test_a_month_is_read_as_a_month(cell: Any, month: str, *, typed: bool) -> None:
    assert found(cell, typed=typed) == Read(month, how.MONTH_TEXT)


@pytest.mark.parametrize("typed", [False, True], ids=["csv", "workbook"])
def test_a_day_and_a_month_in_their_plain_form_are_no_readings(*, typed: bool) -> None:
    assert found("1968-05", typed=typed) == "1968-05"
    assert found("1968-05-12", typed=typed) == "1968-05-12"
    assert found(date(1968, 5, 12), typed=True) == "1968-05-12"


@pytest.mark.parametrize(
    ("cell", "reason", "both"),
    [
        # As a number 1968.10 loses its zero, also on its way into a CSV.
        ("1968.1", r.TWO_READINGS, "1968-01, 1968-10"),
        (1968.1, r.TWO_READINGS, "1968-01, 1968-10"),
        # Spreadsheets keep a month that is typed into them as its first day.
        (date(1968, 5, 1), r.TWO_READINGS, "1968-05-01, 1968-05"),
        ("1968-13", r.NOT_A_DATE, None),
        ("1968-02-30", r.NO_SUCH_DAY, None),
        ("1868-05", r.NOT_A_DATE, None),
        (24_970.0, r.SERIAL_DATE, None),
    ],
    ids=repr,
)
def test_what_may_be_two_months_or_none_is_rejected(
    cell: Any, reason: Text, both: str | None
) -> None:
    problem = found(cell, typed=True)
    assert isinstance(problem, Problem)
    assert problem.reason is reason
    assert both is None or render(problem.reason, problem.arguments, "en").count(both) == 1


@pytest.mark.parametrize("cell", ["2016.09", "2016年9月", "201609", 2016.09], ids=repr)
def test_any_other_day_is_asked_for_whole(cell: Any) -> None:
    problem = found(cell, typed=True, register="nominations", column="nominated_on")
    assert isinstance(problem, Problem)
    assert problem.reason is r.MONTH_ALONE


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_month_has_two_ends_and_a_day_one(day: date) -> None:
    first, last = ends_of(pd.Series([f"{day:%Y-%m}", day.isoformat()], dtype="str"))
    assert first[0].date() == day.replace(day=1) == first_day(f"{day:%Y-%m}")
    assert last[0] == first[0] + pd.offsets.MonthEnd(0)
    assert first[1].date() == last[1].date() == day == whole_day(day.isoformat())
    assert whole_day(f"{day:%Y-%m}") is None


def test_evidence_with_whole_days_has_the_digest_that_it_always_had() -> None:
    """The digest is that of the release before, in which the column was a date."""

    def digest(born: str) -> str:
        rows = {
            "jurisdictions": [good_row("jurisdictions", parent=None, level="city")],
            "units": [good_row("units")],
            "candidates": [good_row("candidates", birth_date=born)],
        }
        facts = facts_of(
            {name: frame_of(name, one) for name, one in rows.items()}, date(2016, 11, 1)
        )
        return evidence_of(facts, [read("candidates", "unit candidate birth_date")])[
            "640302-congress"
        ]

    assert digest("1968-03-12") == (
        "f5a5c806339bc94d3dfca052a1d52cb6fa0d60ebfa49ab5eb02faaf40c68cf67"
    )
    assert digest("1968-03") not in {digest("1968-03-01"), digest("1968-03-12")}
