"""Working days (工作日) by the calendar of the State Council, 调休 included.

Rules: a span counts its first and its last day; what reaches into a year whose calendar is not
known has no count, so that nothing passes on a guess; how few working days a span of some length
can have is that of all years known.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import chinese_calendar
import numpy as np
import numpy.typing as npt
import pandas as pd

_SATURDAY = 5


@cache
def _elapsed() -> tuple[pd.Timestamp, npt.NDArray[np.int64]]:
    """The first day known, and how many working days there are before each day from it on."""
    holidays, workdays = chinese_calendar.holidays, chinese_calendar.workdays
    first, end = date(min(holidays).year, 1, 1), date(max(holidays).year + 1, 1, 1)
    days = [first + timedelta(days) for days in range((end - first).days)]
    # As `chinese_calendar.is_workday` has it, which looks for the years known with each day.
    worked = [
        day in workdays or (day.weekday() < _SATURDAY and day not in holidays) for day in days
    ]
    return pd.Timestamp(first), np.concatenate(([0], np.cumsum(worked, dtype=np.int64)))


def working_days(first: pd.Series, last: pd.Series) -> pd.Series:
    """Working days from `first` to `last`, both included; empty where that cannot be known."""
    start, elapsed = _elapsed()
    begins, ends = (first - start).dt.days, (last - start).dt.days
    known = (begins >= 0) & (ends < len(elapsed) - 1) & (begins <= ends)
    # Unknown spans look at day 0 and are emptied afterwards.
    from_, to = (days.where(known, 0).to_numpy(np.int64) for days in (begins, ends))
    counted = pd.Series(elapsed[to + 1] - elapsed[from_], index=first.index, dtype="Int64")
    return counted.where(known)


def working_days_after(begun: pd.Series, done: pd.Series) -> pd.Series:
    """Working days from the day after `begun` to `done`, none on that day; empty as above."""
    return working_days(begun + pd.Timedelta(days=1), done).mask(done == begun, 0)


@cache
def _fewest(length: int) -> int:
    _, elapsed = _elapsed()
    if not 0 < length < len(elapsed):
        return 0
    return int((elapsed[length:] - elapsed[:-length]).min())


def fewest_working_days(lengths: pd.Series) -> pd.Series:
    """Fewest working days that spans of so many days had in any year known (since 2004)."""
    known = lengths.fillna(0).astype("int64")
    return known.map({length: _fewest(length) for length in known.unique().tolist()})


def after_working_days(day: date, number: int) -> date:
    """The last of `number` working days after `day`, which does not count itself.

    Where the holidays are not known it is as many calendar days: never later than it truly is.
    """
    start, elapsed = _elapsed()
    offset = (pd.Timestamp(day) - start).days
    if 0 <= offset < len(elapsed) - 1:
        at = int(np.searchsorted(elapsed, elapsed[offset + 1] + number))
        if at < len(elapsed):
            return (start + timedelta(days=at - 1)).date()
    return day + timedelta(days=number)
