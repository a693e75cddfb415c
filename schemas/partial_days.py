"""Days of which only the month may be known: ISO text, `1968-03-12` or `1968-03`.

Rules: a month is a value of its own and never its first day; whoever compares it takes both ends,
and what they disagree on is not known. A whole day is the same text as a day's anywhere else, so
that evidence with whole days has the digests that it always had.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

DAY_OR_MONTH_PATTERN = r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?$"
_DAY_LENGTH = len("1968-03-12")


def whole_day(text: str) -> date | None:
    """The day that a text names; None where it names a month."""
    return date.fromisoformat(text) if len(text) == _DAY_LENGTH else None


def first_day(text: str) -> date:
    """The earliest day that may be meant."""
    return whole_day(text) or date.fromisoformat(f"{text}-01")


def ends_of(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The earliest and the latest day that each text may mean; NaT where there is none."""
    import pandas as pd

    months = texts.str.len() < _DAY_LENGTH
    days = texts.where(~months, texts + "-01")
    first = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    last = first.where(~months, first + pd.offsets.MonthEnd(0))
    return first, last.astype("datetime64[s]")
