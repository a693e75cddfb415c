"""Working days, with the holidays and the working weekends of the State Council's calendar."""

from datetime import date, timedelta

import chinese_calendar
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.workdays import working_days


def days(*values: date | None) -> pd.Series:
    return pd.Series(values, dtype="datetime64[s]")


def counted(first: date | None, last: date | None) -> int | None:
    """The working days of one span, None where they are unknown."""
    count = working_days(days(first), days(last))
    assert count.dtype == "Int64"
    return None if count.isna().iloc[0] else int(count.iloc[0])


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2016, 9, 28), date(2016, 9, 28), 1),
        (date(2016, 9, 28), date(2016, 9, 30), 3),
        # 国庆 1 to 7 October; Saturday 8 and Sunday 9 are worked.
        (date(2016, 9, 28), date(2016, 10, 7), 3),
        (date(2016, 9, 28), date(2016, 10, 8), 4),
        (date(2016, 9, 28), date(2016, 10, 9), 5),
        (date(2016, 10, 1), date(2016, 10, 7), 0),
        (date(2016, 10, 15), date(2016, 10, 16), 0),
        # Over New Year: Thursday and Friday are off, then a working week.
        (date(2015, 12, 31), date(2016, 1, 4), 2),
    ],
)
def test_working_days(first: date, last: date, expected: int) -> None:
    assert counted(first, last) == expected


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(1999, 1, 4), date(1999, 1, 8)),
        (date(2003, 12, 31), date(2004, 1, 8)),
        (date(2016, 1, 4), date(2199, 1, 4)),
        (date(2199, 1, 4), date(2199, 1, 4)),
        (date(2016, 1, 5), date(2016, 1, 4)),
        (None, date(2016, 1, 4)),
        (date(2016, 1, 4), None),
    ],
    ids=["before", "from before", "to after", "after", "backwards", "no first", "no last"],
)
def test_what_cannot_be_counted_has_no_count(first: date | None, last: date | None) -> None:
    assert counted(first, last) is None


def test_rows_are_counted_each_for_itself_and_keep_their_index() -> None:
    first = days(date(2016, 10, 8), None, date(2199, 1, 1), date(2016, 10, 1))
    last = days(date(2016, 10, 9), date(2016, 1, 1), date(2199, 1, 2), date(2016, 10, 7))
    first.index = last.index = pd.Index([7, 5, 3, 1])
    count = working_days(first, last)
    assert list(count.index) == [7, 5, 3, 1]
    assert count.fillna(-1).tolist() == [2, -1, -1, 0]
    assert working_days(days(), days()).empty


@given(st.dates(date(2004, 1, 1), date(2025, 12, 1)), st.integers(0, 30))
def test_the_count_is_that_of_counting_one_by_one(first: date, more: int) -> None:
    span = [first + timedelta(n) for n in range(more + 1)]
    expected = sum(map(chinese_calendar.is_workday, span))
    assert counted(first, span[-1]) == expected
