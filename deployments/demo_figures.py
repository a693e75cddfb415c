"""The figures of the source article, counted in the registers as they stand.

Rules: a figure says what the article gives, exactly or as "more than" that, and counts the same
thing in the rows of a cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pandas as pd

from schemas.text import Text

Tables = Mapping[str, pd.DataFrame]


class Figure(NamedTuple):
    """One figure: `article` exactly, or at least that where `more`; `ours` is what the rows say."""

    title: Text
    article: int
    more: bool
    ours: int

    @property
    def holds(self) -> bool:
        """Whether the rows say what the article says; "more than" is less than a quarter more."""
        if self.more:
            return self.article <= self.ours < self.article * 5 // 4
        return self.ours == self.article


def _audited(of: Tables) -> int:
    """The people of whom an audit has a result; that of some is not required."""
    audits = of["reviews"][of["reviews"]["item"] == "audit"]
    concluded = audits["result"].notna() & (audits["result"] != "not-required")
    return audits[concluded]["candidate"].nunique()


def _fewest_reviews(of: Tables) -> int:
    """The reviews of the proposed candidate who has the fewest."""
    proposed = of["candidates"][of["candidates"]["status"] == "proposed"]["candidate"]
    counts = of["reviews"]["candidate"].value_counts()
    return int(counts.reindex(proposed, fill_value=0).min())


def _person_times(of: Tables) -> int:
    must = of["talks"][of["talks"]["kind"] == "must-talk"]["talk"]
    return int(of["talk_participants"]["talk"].isin(must).sum())


def _number(register: str, column: str, value: str) -> Callable[[Tables], int]:
    return lambda of: int((of[register][column] == value).sum())


def _different(register: str, column: str) -> Callable[[Tables], int]:
    return lambda of: of[register][column].nunique()


Count = Callable[[Tables], int]
# zh, en, the article's number, whether it is "more than" that, count
_FIGURES: tuple[tuple[str, str, int, bool, Count], ...] = (
    ("县区", "counties", 5, False, _number("jurisdictions", "level", "county")),
    ("乡镇", "townships", 49, False, _number("jurisdictions", "level", "township")),
    ("班子", "governing bodies", 116, False, lambda of: len(of["units"])),
    ("已完成换届的班子", "bodies done", 113, False, lambda of: len(of["sessions"])),
    ("经济责任审计人数", "people audited", 24, False, _audited),
    ("每名人选的“凡提必”审核", "reviews for each candidate", 6, False, _fewest_reviews),
    ("承诺书", "pledges signed", 8000, True, lambda of: len(of["pledges"])),
    ("宣传卡", "cards handed out", 10000, True, lambda of: int(of["card_lots"]["cards"].sum())),
    ("谈心谈话批次", "batches of must-talks", 76, False, _number("talks", "kind", "must-talk")),
    ("谈心谈话人次", "person-times of must-talks", 4000, True, _person_times),
    ("警示教育片", "warning films", 2, False, _different("screenings", "film")),
    ("“十个一”活动", "“ten ones” activities", 10, False, _different("activities", "activity")),
    ("巡回督导组", "roving supervision teams", 2, False, _number("teams", "kind", "roving")),
    ("巡回督导的县区和乡镇", "counties and townships visited", 54, False,
     _different("visits", "jurisdiction")),
    ("专项巡察组", "special inspection teams", 5, False, _number("teams", "kind", "special")),
    ("专项巡察的县区", "counties inspected", 5, False, _different("inspections", "jurisdiction")),
    ("举报渠道“四位一体”", "reporting channels", 4, False,
     _different("report_channels", "channel")),
)  # fmt: skip


def figures(of: Tables) -> tuple[Figure, ...]:
    """The article's figures beside those of the registers."""
    return tuple(
        Figure(Text(zh, en), article, more, count(of)) for zh, en, article, more, count in _FIGURES
    )
