"""Verification of the days of entries: they never go back, and none had not come.

Rules: docs/history.md, "Days". In a live cycle an entry is of the day on which it was written, in
China; in a historical one of any day up to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.verify_chain import Content, Fault

# China keeps one time all year since 1992.
_AHEAD = timedelta(hours=8)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00")


def _held(entry: Content, last: date | None, *, historical: bool) -> date:
    """The day of an entry after one of the day `last`.

    Raises:
        Exception: of whatever kind: it does not hold.
    """
    on = date.fromisoformat(entry["on"])
    if on.isoformat() != entry["on"] or not _MOMENT.fullmatch(entry["at"]):
        raise ValueError("form")
    written = (datetime.fromisoformat(entry["at"]) + _AHEAD).date()
    newest = max(written, last or written)
    oldest = last or on if historical else newest
    if not oldest <= on <= newest:
        raise ValueError("day")
    return on


@dataclass
class Days:
    """The day of the last entry of a cycle, historical or not, up to which all days hold."""

    historical: bool = False
    last: date | None = None

    def take(self, entry: Content) -> bool:
        """Follow the next entry; whether its day holds."""
        try:
            if self.last is None:
                if type(entry["historical"]) is not bool:
                    return False
                self.historical = entry["historical"]
            self.last = _held(entry, self.last, historical=self.historical)
        except Exception:
            # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
            return False
        return True


def day_fault(entries: Iterable[Content], days: Days) -> Fault | None:
    """The first entry whose day does not hold, after those that `days` followed."""
    return next((Fault(one["seq"], "day") for one in entries if not days.take(one)), None)
