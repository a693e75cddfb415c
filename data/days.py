"""On which days may be decided.

Rules: a day that has not come is none, in China's time; and days do not go back behind the last
decision's.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from data.ledger import Clock, utc_now
from schemas.text import Text

CHINA = ZoneInfo("Asia/Shanghai")


def undecidable(on: date, latest: str, clock: Clock = utc_now) -> Text | None:
    """Why nothing may be decided on a day, or None; `latest` is the last decision's, or empty."""
    if on > clock().astimezone(CHINA).date():
        return Text(
            f"日期 {on} 还没有到；用今天或更早的日期",
            f"day {on} has not come yet; use today or an earlier one",
        )
    if latest and on < date.fromisoformat(latest):
        return Text(
            f"日期 {on} 早于已有决定的日期 {latest}；日期不能倒退",
            f"day {on} is before the last decision's, {latest}; days do not go back",
        )
    return None
