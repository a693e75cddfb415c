"""Evidence of the election stage (选举): sessions, papers, two counts, staff, results.

Rules: a ballot is one vote on one post, with its own day, attendance and papers; a void vote and
its repetition are two votes; the two counts are rows of their own, by different people; how many
members an assembly has is said once, for all that it elects; the result is what the presidium
declared, never what we computed.
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
    identifier,
    planned,
    term,
)
from schemas.vocabulary import Organ
from schemas.vote_terms import CountRole, StaffRole, VoteKind

Round = Annotated[
    int,
    Field(ge=1, le=9),
    Column("轮次", "round", "第几次投票，从1起", "which vote on this post, from 1", 1),
]


class Session(Row):
    """The session that elects, and the method that it adopted (选举办法).

    `voted_on` and `present` are those of every vote that says nothing else (`Ballot`).
    """

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
    # The day that the agenda sets; until then the vote lies ahead.
    voted_on: Annotated[date, planned("投票日期", "voted on", "2016-11-22")]
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


class Credentials(Row):
    """How many deputies or members are in office when the session opens (代表资格审查报告).

    One number for a congress, whichever bodies it elects: whoever died, resigned or was never
    elected is not among them, whoever only stays away is.
    """

    unit: UnitId
    members: Annotated[Whole, count("全体代表（委员）", "all members", 180)]
    document: DocumentNumber


class Ballot(Row):
    """The papers of one vote on one post (发票收票记录).

    An `annulled` vote elects nobody; the next vote is held in its place (选举法 art. 44).
    """

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
    voted_on: Annotated[
        date | None,
        Column(
            "本次投票日期",
            "this vote on",
            "与会议的投票日期相同时留空",
            "empty where it is the session's day of the vote",
            "2016-11-23",
        ),
    ] = None
    present: Annotated[
        Whole | None,
        Column(
            "出席本次投票",
            "present at this vote",
            "与会议的出席人数相同时留空",
            "empty where as many are present as the session says",
            178,
        ),
    ] = None
    annulled: Annotated[
        bool | None,
        Column(
            "宣布无效",
            "declared void",
            "是 或 否；留空为否。无效投票与重新投票各登记一次，轮次相连",
            "yes or no; empty means no. A void vote and its repetition are two rounds",
            False,
        ),
    ] = None
    paper: Annotated[
        str | None,
        *identifier(
            "合用选票",
            "shared paper",
            "p-1",
            "几个职位印在一张选票上的，各填同一编号；小写字母开头；单独一张的留空",
            "the same id for all posts that stand on one paper, starting with a lower-case letter; "
            "empty where a post has a paper of its own",
        ),
    ] = None
    printed: Annotated[
        Whole | None, Column("印制", "printed", "有记录时填写（张）", "if recorded (papers)", 185)
    ] = None
    unused: Annotated[
        Whole | None,
        Column("未发出", "not issued", "有记录时填写（张）", "if recorded (papers)", 12),
    ] = None
    spoiled: Annotated[
        Whole | None,
        Column(
            "换发作废",
            "spoiled and replaced",
            "写错换发后收回作废的，有记录时填写（张）",
            "handed back and replaced by another, if recorded (papers)",
            1,
        ),
    ] = None


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
    unclear: Annotated[
        Whole | None,
        Column(
            "无法辨认",
            "unreadable",
            "选票有效而对此人的符号无法辨认（部分无效）；没有时留空",
            "the paper is valid, but not the mark for this person; empty where there is none",
            0,
        ),
    ] = None


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
    voided_on: Annotated[
        date | None,
        Column(
            "当选无效日期",
            "election void from",
            "宣布当选之后被认定当选无效的填写，名额随之空缺",
            "where the election was found void after it was declared; the seat is open again",
            "2016-12-02",
        ),
    ] = None


class Vacancy(Row):
    """Seats that the congress decided to leave to its next session (地方组织法 art. 29)."""

    unit: UnitId
    post: PostId
    seats: Annotated[Whole, count("留待名额", "seats left open", 1, "名", "seats")]
    decided_by: Annotated[Organ, term("决定机关", "decided by", "plenary")]
    decided_on: Annotated[date, day("决定日期", "decided on", "2016-11-22")]
    document: DocumentNumber
