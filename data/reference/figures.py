"""The article's figures, counted from the rows of a cycle.

Rules: a figure says what the article gives, whether exactly or as "more than", and counts the same
thing in the rows; what is counted where stands in `counted`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from data.reference.base import Row, whole
from schemas.text import Text

Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `article` exactly, or at least that where `more`; `ours` is what the rows say."""

    code: str
    title: Text
    counted: Text
    article: int
    more: bool
    ours: int

    @property
    def holds(self) -> bool:
        """Whether the rows say what the article says."""
        if self.more:
            return self.article <= self.ours < self.article * 5 // 4
        return self.ours == self.article


def _where(tables: Tables, register: str, **values: str) -> int:
    wanted = values.items()
    return sum(1 for row in tables[register] if all(row[name] == value for name, value in wanted))


def _different(tables: Tables, register: str, column: str) -> int:
    return len({row[column] for row in tables[register]})


def _audited(tables: Tables) -> set[object]:
    return {
        row["candidate"]
        for row in tables["reviews"]
        if row["item"] == "audit" and row["result"] not in (None, "not-required")
    }


def _fewest_reviews(tables: Tables) -> int:
    proposed = {r["candidate"]: 0 for r in tables["candidates"] if r["status"] == "proposed"}
    for row in tables["reviews"]:
        if row["candidate"] in proposed:
            proposed[row["candidate"]] += 1
    return min(proposed.values(), default=0)


def _person_times(tables: Tables) -> int:
    must = {row["talk"] for row in tables["talks"] if row["kind"] == "must-talk"}
    return sum(1 for row in tables["talk_participants"] if row["talk"] in must)


Count = Callable[[Tables], int]
# code, zh, en, counted zh, counted en, article, more, count
_FIGURES: tuple[tuple[str, str, str, str, str, int, bool, Count], ...] = (
    (
        "counties",
        "县区",
        "counties",
        "行政区：县区",
        "jurisdictions: counties",
        5,
        False,
        lambda t: _where(t, "jurisdictions", level="county"),
    ),
    (
        "townships",
        "乡镇",
        "townships",
        "行政区：乡镇",
        "jurisdictions: townships",
        49,
        False,
        lambda t: _where(t, "jurisdictions", level="township"),
    ),
    (
        "units",
        "班子",
        "governing bodies",
        "单位",
        "units",
        116,
        False,
        lambda t: len(t["units"]),
    ),
    (
        "done",
        "已完成换届的班子",
        "bodies done",
        "选举会议",
        "sessions",
        113,
        False,
        lambda t: len(t["sessions"]),
    ),
    (
        "audits",
        "经济责任审计人数",
        "people audited",
        "六项审核：经济责任，结果不是“无需”",
        "reviews: audit with a result other than not required",
        24,
        False,
        lambda t: len(_audited(t)),
    ),
    (
        "reviews",
        "每名人选的“凡提必”审核",
        "reviews for each candidate",
        "六项审核：拟提名人选最少项数",
        "reviews: fewest for any proposed candidate",
        6,
        False,
        _fewest_reviews,
    ),
    (
        "pledges",
        "承诺书",
        "pledges signed",
        "承诺书",
        "pledges",
        8000,
        True,
        lambda t: len(t["pledges"]),
    ),
    (
        "cards",
        "宣传卡",
        "cards handed out",
        "宣传卡发放：份数",
        "card lots: cards",
        10000,
        True,
        lambda t: sum(whole(row, "cards") for row in t["card_lots"]),
    ),
    (
        "talk-batches",
        "谈心谈话批次",
        "batches of must-talks",
        "谈话批次：必谈",
        "talks: must-talk",
        76,
        False,
        lambda t: _where(t, "talks", kind="must-talk"),
    ),
    (
        "talk-people",
        "谈心谈话人次",
        "person-times of must-talks",
        "谈话人员：必谈批次",
        "talk participants: of must-talks",
        4000,
        True,
        _person_times,
    ),
    (
        "films",
        "警示教育片",
        "warning films",
        "观看警示片：不同影片",
        "screenings: different films",
        2,
        False,
        lambda t: _different(t, "screenings", "film"),
    ),
    (
        "activities",
        "“十个一”活动",
        "“ten ones” activities",
        "十个一活动：不同活动",
        "activities: different ones",
        10,
        False,
        lambda t: _different(t, "activities", "activity"),
    ),
    (
        "roving-teams",
        "巡回督导组",
        "roving supervision teams",
        "督导巡察组：巡回",
        "teams: roving",
        2,
        False,
        lambda t: _where(t, "teams", kind="roving"),
    ),
    (
        "roving-covered",
        "巡回督导的县区和乡镇",
        "counties and townships visited",
        "巡回督导：不同行政区",
        "visits: different jurisdictions",
        54,
        False,
        lambda t: _different(t, "visits", "jurisdiction"),
    ),
    (
        "special-teams",
        "专项巡察组",
        "special inspection teams",
        "督导巡察组：专项",
        "teams: special",
        5,
        False,
        lambda t: _where(t, "teams", kind="special"),
    ),
    (
        "special-covered",
        "专项巡察的县区",
        "counties inspected",
        "专项巡察：不同县区",
        "inspections: different counties",
        5,
        False,
        lambda t: _different(t, "inspections", "jurisdiction"),
    ),
    (
        "channels",
        "举报渠道“四位一体”",
        "reporting channels",
        "举报渠道：不同渠道",
        "report channels: different ones",
        4,
        False,
        lambda t: _different(t, "report_channels", "channel"),
    ),
)

# The nine prohibitions stand in the policy pack (`cn-2016`), not in the rows.
PROHIBITIONS = 9


def figures(tables: Tables) -> tuple[Figure, ...]:
    """The article's figures beside those of the rows (register → rows)."""
    return tuple(
        Figure(code, Text(zh, en), Text(where_zh, where_en), article, more, count(tables))
        for code, zh, en, where_zh, where_en, article, more, count in _FIGURES
    )
