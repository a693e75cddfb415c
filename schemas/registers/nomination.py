"""Evidence of the nomination stage (提名): candidates, nominations, pledges, publicity.

Rules: a candidate is one person for one post; facts about the person that the law asks for stand
in the row; a report never changes a candidate's status, only a decided finding does.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.columns import (
    JURISDICTION_PATTERN,
    CandidateId,
    Column,
    DocumentNumber,
    JurisdictionCode,
    PersonId,
    PostId,
    Row,
    UnitId,
    Whole,
    count,
    day,
    flag,
    identifier,
    term,
)
from schemas.partial_days import DAY_OR_MONTH_PATTERN
from schemas.vocabulary import (
    CandidateStatus,
    Education,
    HeadedAs,
    KeyPoint,
    NominationChannel,
    NoticeKind,
    PublicityKind,
    Rank,
)


class Candidate(Row):
    """A person proposed for a post, with what eligibility asks for."""

    candidate: Annotated[str, *identifier("人选编号", "candidate", "c-640302-0001")]
    unit: UnitId
    post: PostId
    person: PersonId
    status: Annotated[CandidateStatus, term("状态", "status", "proposed")]
    birth_date: Annotated[
        str,
        Field(pattern=DAY_OR_MONTH_PATTERN),
        Column(
            "出生日期",
            "birth date",
            "日期，如 1968-03-12；只知道年月的填年月，如 1968-03",
            "a date such as 1968-03-12; the month alone, such as 1968-03, where no more is known",
            "1968-03-12",
            personal=True,
        ),
    ]
    ethnicity: Annotated[
        str,
        Field(min_length=1, max_length=20),
        Column(
            "民族", "ethnicity", "民族全称，如 汉族", "in full, such as 汉族", "汉族", personal=True
        ),
    ]
    home_division: Annotated[
        str,
        Field(pattern=JURISDICTION_PATTERN),
        Column(
            "成长地代码",
            "home place",
            "成长地的行政区划代码，六位，乡镇正职人选填到乡镇九位（回避用）",
            "six-digit code of the place where the person grew up, that of the township, nine "
            "digits, for whoever is to head one (for avoidance)",
            "640100",
        ),
    ]
    assembly_member: Annotated[
        bool, flag("是否本届代表（委员）", "deputy or member of this assembly", True)
    ]
    incompatible_office: Annotated[
        bool, flag("是否担任不得兼任的职务", "holds an incompatible office", False)
    ]
    will_resign: Annotated[bool, flag("是否承诺辞去", "will resign it", False)]
    rank: Annotated[Rank, term("现任职级", "rank", "county-deputy")]
    education: Annotated[Education, term("学历", "education", "bachelor")]
    years_worked: Annotated[Whole, count("工龄", "years worked", 25, "年", "years")]
    years_grassroots: Annotated[
        Whole, count("基层工作年限", "years at the grass roots", 6, "年", "years")
    ]
    years_in_rank: Annotated[
        Whole, count("现职级年限", "years in the present rank", 4, "年", "years")
    ]
    promoted: Annotated[bool, flag("是否提拔", "is a promotion", True)]
    terms_in_post: Annotated[
        Whole, count("同一职位已任届数", "terms served in this post", 0, "届", "terms")
    ]
    years_at_level: Annotated[
        Whole,
        count("同一层次领导职务年限", "years in leading posts of this level", 5, "年", "years"),
    ]
    headed_organ_months: Annotated[
        Whole,
        count("主持单位工作月数", "months at the head of an organ", 0, "月", "months"),
    ]
    headed_as: Annotated[
        HeadedAs | None,
        Column(
            "主持时职务",
            "headed it as",
            "党委、政府、纪检监察机关、法院、检察院的正职填“正职”，以副职主持工作的填“主持工作的副职”；没有主持过留空，主持过而未填的按正职处理",
            "as its chief or as a deputy in charge, of an organ of party, government, discipline "
            "and supervision, court or procuracy; empty for whoever headed none, and taken for a "
            "chief where it is empty for others",
            None,
        ),
    ] = None
    inspected_unit: Annotated[
        bool, flag("是否来自被巡察单位", "comes from an inspected unit", False)
    ]
    exceptional_approval: Annotated[
        str | None,
        Field(min_length=1, max_length=60),
        Column(
            "破格提拔批复文号",
            "approval of the exception",
            "破格提拔须先报上级同意，填批复文号；不是破格的留空",
            "number of the approval from above that an exceptional promotion needs; else empty",
            None,
        ),
    ] = None


class Nomination(Row):
    """How a candidate came on the list (地方组织法 art. 26; 政协章程 art. 45)."""

    nomination: Annotated[str, *identifier("提名编号", "nomination", "n-640302-0001")]
    unit: UnitId
    post: PostId
    candidate: CandidateId
    channel: Annotated[NominationChannel, term("提名方式", "channel", "presidium")]
    nominated_on: Annotated[date, day("提名日期", "nominated on", "2016-11-18")]


class Signer(Row):
    """A deputy who signed a joint nomination."""

    nomination: Annotated[
        str, *identifier("提名编号", "nomination", "n-640302-0001", references="nominations")
    ]
    deputy: Annotated[str, *identifier("代表编号", "deputy", "d-640302-0001")]


class Deliberation(Row):
    """The days on which nominations were made and discussed (酝酿)."""

    unit: UnitId
    opened_on: Annotated[date, day("酝酿开始日期", "opened on", "2016-11-18")]
    closed_on: Annotated[date, day("酝酿结束日期", "closed on", "2016-11-19")]


class Pledge(Row):
    """A signed pledge (严肃换届纪律承诺书)."""

    person: PersonId
    signed_on: Annotated[date, day("签订日期", "signed on", "2016-09-06")]


class Screening(Row):
    """A showing of a warning film at a key point."""

    jurisdiction: JurisdictionCode
    key_point: Annotated[KeyPoint, term("关键节点", "key point", "cycle-meeting")]
    film: Annotated[
        str,
        *identifier(
            "警示教育片",
            "film",
            "film-liaoning",
            "影片代号，见规则包",
            "code of the film, see the pack",
        ),
    ]
    held_on: Annotated[date, day("观看日期", "held on", "2016-08-18")]
    attendance: Annotated[Whole, count("观看人数", "attendance", 40)]


class Activity(Row):
    """One of the "ten ones" (十个一) activities."""

    jurisdiction: JurisdictionCode
    activity: Annotated[
        str,
        *identifier(
            "活动",
            "activity",
            "one-pledge",
            "活动代号，见规则包",
            "code of the activity, see the pack",
        ),
    ]
    done_on: Annotated[date, day("完成日期", "done on", "2016-09-08")]
    document: DocumentNumber


class CardLot(Row):
    """Discipline cards handed out (换届纪律宣传卡)."""

    jurisdiction: JurisdictionCode
    lot: Annotated[str, *identifier("批次", "lot", "k-640302-01")]
    handed_on: Annotated[date, day("发放日期", "handed out on", "2016-09-07")]
    cards: Annotated[Whole, count("发放份数", "cards", 240, "份", "cards")]


class Publicity(Row):
    """What was made public, and where."""

    jurisdiction: JurisdictionCode
    kind: Annotated[PublicityKind, term("公布内容", "kind", "hotline")]
    medium: Annotated[
        str,
        Field(min_length=1, max_length=60),
        Column("媒体", "medium", "媒体或场所", "newspaper, station or place", "清源日报"),
    ]
    published_on: Annotated[date, day("公布日期", "published on", "2016-08-22")]


class Notice(Row):
    """A list that was published for a unit."""

    unit: UnitId
    kind: Annotated[NoticeKind, term("名单", "kind", "deputies-final")]
    published_on: Annotated[date, day("公布日期", "published on", "2016-10-12")]
    document: DocumentNumber
