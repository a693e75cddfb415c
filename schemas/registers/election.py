"""Evidence of the election stage (选举): sessions, papers, two counts, staff, results.

Rules: a ballot is one vote on one post; the two counts are rows of their own, by different
people; the result is what the presidium (election committee) declared, never what we computed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.columns import (
    CandidateId,
    Column,
    DocumentNumber,
    OfficerId,
    PersonId,
    PostId,
    Row,
    UnitId,
    Whole,
    count,
    day,
    flag,
    term,
)
from schemas.vocabulary import CountRole, Organ, StaffRole, VoteKind

Round = Annotated[
    int,
    Field(ge=1, le=9),
    Column("轮次", "round", "第几次投票，从1起", "which vote on this post, from 1", 1),
]


class Session(Row):
    """The session that elects, and the method that it adopted (选举办法)."""

    unit: UnitId
    preparatory_on: Annotated[
        date | None,
        Column(
            "预备会议日期",
            "preparatory meeting on",
            "县级以上人大必填；其他留空",
            "needed for congresses of counties and cities; else empty",
            "2016-11-19",
        ),
    ] = None
    presidium_on: Annotated[date, day("主席团产生日期", "presidium elected on", "2016-11-19")]
    opened_on: Annotated[date, day("开幕日期", "opened on", "2016-11-20")]
    voted_on: Annotated[date, day("投票日期", "voted on", "2016-11-22")]
    members: Annotated[Whole, count("全体代表（委员）", "all members", 180)]
    present: Annotated[Whole, count("出席投票会议", "present at the vote", 172)]
    method_by: Annotated[Organ, term("选举办法通过机关", "method adopted by", "plenary")]
    method_on: Annotated[date, day("选举办法通过日期", "method adopted on", "2016-11-20")]
    method_document: DocumentNumber
    quorum_numerator: Annotated[
        Whole, Column("法定人数分子", "quorum numerator", "三分之二填2", "2 for two thirds", 2)
    ]
    quorum_denominator: Annotated[
        Whole, Column("法定人数分母", "quorum denominator", "三分之二填3", "3 for two thirds", 3)
    ]
    quorum_inclusive: Annotated[
        bool, flag("法定人数含本数", "the quorum number itself suffices", True)
    ]
    secret: Annotated[bool, flag("无记名", "secret ballot", True)]
    booth: Annotated[bool, flag("设秘密写票处", "booth for secret marking", True)]


class Ballot(Row):
    """The papers of one vote on one post (发票收票记录)."""

    unit: UnitId
    post: PostId
    round: Round
    kind: Annotated[VoteKind, term("投票类别", "kind", "first-vote")]
    seats: Annotated[Whole, count("应选名额", "seats", 1, "名", "seats")]
    issued: Annotated[Whole, count("发出", "issued", 172, "张", "papers")]
    returned: Annotated[Whole, count("收回", "returned", 171, "张", "papers")]
    not_returned: Annotated[Whole, count("未收回", "not returned", 1, "张", "papers")]
    valid: Annotated[Whole, count("有效票", "valid", 170, "张", "papers")]
    void: Annotated[Whole, count("废票", "void", 1, "张", "papers")]


class Tally(Row):
    """What one count found for one candidate (计票报告单)."""

    unit: UnitId
    post: PostId
    round: Round
    candidate: CandidateId
    role: Annotated[CountRole, term("计票", "count", "first")]
    officer: OfficerId
    in_favour: Annotated[Whole, count("赞成", "in favour", 150, "票", "votes")]
    against: Annotated[Whole, count("反对", "against", 12, "票", "votes")]
    abstained: Annotated[Whole, count("弃权", "abstained", 8, "票", "votes")]


class BallotStaff(Row):
    """Who supervised or counted (监票人、计票人)."""

    unit: UnitId
    person: PersonId
    role: Annotated[StaffRole, term("职责", "role", "scrutineer")]


class Result(Row):
    """What was declared for a candidate (选举结果)."""

    unit: UnitId
    post: PostId
    candidate: CandidateId
    round: Round
    elected: Annotated[bool, flag("当选", "elected", True)]
    declared_by: Annotated[Organ, term("宣布机关", "declared by", "presidium")]
    declared_on: Annotated[date, day("宣布日期", "declared on", "2016-11-22")]
