"""Of which day a delivery, an act or a decision is.

Rules: in a live cycle it is of today, in China's time, and no choice makes it another. In a cycle
that was opened as historical it is of the day that it is given, else of the day that the record has
reached. A day that has not come is none, and days never go back behind what is on record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from schemas.text import Refusal, Text

CHINA = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock that is used unless another is given."""
    return datetime.now(UTC)


def today(clock: Clock = utc_now) -> date:
    """The day in China."""
    return clock().astimezone(CHINA).date()


class DayRefused(Refusal):
    """A day of which nothing can be."""


PASSED = Text("日期已变；请再次运行", "the day changed meanwhile; launch again")


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether a cycle is historical, and the day of its last entry; none before the first."""

    historical: bool
    on: date | None

    def day(self, wanted: date | None = None, clock: Clock = utc_now) -> date:
        """The day of what is done now; `wanted` is the one that is asked for.

        Raises:
            DayRefused: the day has not come, or goes back, or the cycle is live and it is not
                today.
        """
        now = today(clock)
        # A clock that is behind that of another machine takes nothing back.
        latest = self.on or wanted or now if self.historical else max(now, self.on or now)
        if wanted is not None and wanted > max(now, self.on or now):
            raise DayRefused(
                Text(
                    f"日期 {wanted} 还没有到；用今天或更早的日期",
                    f"day {wanted} has not come yet; use today or an earlier one",
                )
            )
        if wanted not in (None, latest) and not self.historical:
            raise DayRefused(
                Text(
                    f"日期 {wanted} 不是今天（{latest}）：只有以 --historical 开始的换届（补录）"
                    "才能指定日期；去掉日期后重试",
                    f"day {wanted} is not today ({latest}): only a cycle opened with --historical "
                    "takes a day; leave the day out",
                )
            )
        if wanted is not None and wanted < latest:
            raise DayRefused(
                Text(
                    f"日期 {wanted} 早于记录已到的日期 {latest}；日期不能倒退",
                    f"day {wanted} is before the day that the record has reached, {latest}; "
                    "days do not go back",
                )
            )
        return wanted or latest
