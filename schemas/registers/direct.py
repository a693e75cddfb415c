"""Evidence of the direct election of deputies: committees, constituencies, lists, roll, votes.

Rules: rows are those that a county or township has: one for its election committee, one for a
constituency, its list and each of its votes, with numbers of people and no names; a candidate for
deputy or a voter has a row only where something is asked about them. What comes later in a row (the
final list, what became of an objection) is empty until then.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.columns import (
    Column,
    DocumentNumber,
    Row,
    UnitId,
    Whole,
    count,
    day,
    flag,
    identifier,
    term,
)
from schemas.direct_terms import ConstituencyKind, RollGround
from schemas.vocabulary import Organ
from schemas.vote_terms import VoteKind

ConstituencyId = Annotated[
    str,
    *identifier("选区", "constituency", "k-640302-001", references="constituencies"),
]
Round = Annotated[
    int,
    Field(ge=1, le=9),
    Column("轮次", "round", "本选区第几次投票，从1起", "which vote in the constituency, from 1", 1),
]


def _later(zh: str, en: str, help_zh: str, help_en: str) -> Column:
    """A column that stays empty until something happens, if it does."""
    return Column(zh, en, help_zh, help_en, None)


class ElectionCommittee(Row):
    """An election committee: who appointed it, and what it reports at the end (选举法 art. 10)."""

    unit: UnitId
    appointed_by: Annotated[Organ, term("任命机关", "appointed by", "county-standing-committee")]
    appointed_on: Annotated[date, day("任命日期", "appointed on", "2016-08-12")]
    document: DocumentNumber
    members_nominated: Annotated[
        Whole | None,
        _later(
            "成为代表候选人的成员",
            "members nominated",
            "委员会成员中被提名为代表候选人的人数，没有填0；提名前留空",
            "how many members were nominated for deputy, 0 for none; empty before nomination",
        ),
    ] = None
    members_resigned: Annotated[
        Whole | None,
        _later(
            "其中已辞去的",
            "of these resigned",
            "成为代表候选人的成员中已辞去委员会职务的人数",
            "how many of the members who were nominated left the committee",
        ),
    ] = None
    roll_questions: Annotated[
        Whole | None,
        _later(
            "选民名单问题",
            "questions of the roll",
            "对选民名单有不同意见、或作了除名和不予列入的，共几人，没有填0；名单公布前留空",
            "of how many people the roll was questioned, or who were struck or left off, 0 for "
            "none; empty before the roll is published",
        ),
    ] = None


class Constituency(Row):
    """A constituency and its seats (选举法 art. 25)."""

    constituency: Annotated[str, *identifier("选区", "constituency", "k-640302-001")]
    unit: UnitId
    kind: Annotated[ConstituencyKind, term("划分方式", "kind", "residence")]
    seats: Annotated[Whole, count("应选代表", "seats", 2, "名", "seats")]
    townships: Annotated[
        str | None,
        Field(pattern=r"^[0-9]{9}([、,; ][0-9]{9})*$"),
        Column(
            "所含乡镇",
            "townships",
            "县区的选区填所在乡镇的九位代码，几个乡镇用顿号分开；不分乡镇的和乡镇的选区留空",
            "for a county the nine-digit codes of the townships in it, several with commas between "
            "them; empty for one that is in none, and for a township's own",
            "640302100",
        ),
    ] = None


class NationalitySeats(Row):
    """Seats allotted to a nationality that lives together in the place (选举法 art. 19)."""

    unit: UnitId
    nationality: Annotated[
        str,
        Field(min_length=1, max_length=20),
        Column("民族", "nationality", "民族全称，如 回族", "in full, such as 回族", "回族"),
    ]
    population: Annotated[Whole, count("该民族人口", "population", 42000)]
    seats: Annotated[Whole, count("分配的代表名额", "seats", 30, "名", "seats")]
    decided_by: Annotated[
        Organ | None,
        _later(
            "少于一半的决定机关",
            "under half by decision of",
            "自治县的自治民族人口特少，每一代表所代表人口少于一半的，填作出决定的机关；其他留空",
            "who decided that a tiny nationality of an autonomous county may have under half the "
            "people for a deputy; else empty",
        ),
    ] = None
    decided_on: Annotated[
        date | None,
        _later("决定日期", "decided on", "作出该决定的日期", "the day of that decision"),
    ] = None


class DeputyList(Row):
    """The list of candidates of a constituency, in numbers (选举法 art. 30 to 32)."""

    constituency: ConstituencyId
    nominated: Annotated[Whole, count("依法提名", "nominated", 5)]
    fewest_signers: Annotated[
        Whole | None,
        _later(
            "联名最少人数",
            "fewest signers",
            "选民或代表联名推荐的，各件中联名人数最少的一件；没有联名推荐的留空",
            "of the joint nominations the fewest who signed one; empty where there was none",
        ),
    ] = None
    most_by_one: Annotated[Whole, count("一个推荐者推荐最多", "most by one nominator", 2)]
    preliminary: Annotated[
        Whole | None,
        _later(
            "初步名单人数",
            "preliminary",
            "公布的初步名单上的人数；公布前留空",
            "how many the published preliminary list has; empty before",
        ),
    ] = None
    agreed: Annotated[
        bool | None,
        _later(
            "形成较为一致意见",
            "agreed",
            "选民小组讨论、协商后是否形成较为一致的意见；人数不超过差额的可以留空",
            "whether the voters' groups agreed on whom to keep; may be empty where the list was "
            "not too long",
        ),
    ] = None
    pre_elected_on: Annotated[
        date | None,
        _later("预选日期", "pre-election on", "进行预选的填写", "where there was a pre-election"),
    ] = None
    final: Annotated[
        Whole | None,
        _later(
            "正式名单人数",
            "final",
            "公布的正式候选人人数；公布前留空",
            "how many the published final list has; empty before",
        ),
    ] = None


class DeputyCandidate(Row):
    """A candidate for deputy, only where the law asks something about them.

    Of a constituency with a further election everybody who had votes stands here.
    """

    deputy_candidate: Annotated[
        str, *identifier("代表候选人编号", "candidate for deputy", "x-640302-031-1")
    ]
    constituency: ConstituencyId
    listed: Annotated[bool, flag("在正式名单上", "on the final list", True)]
    first_votes: Annotated[
        Whole | None,
        _later(
            "首次投票得票",
            "votes at first",
            "首次投票所得票数；有另行选举的选区必填",
            "votes at the first vote; needed where there is a further election",
        ),
    ] = None
    further: Annotated[bool, flag("列入另行选举", "in the further election")]
    elected: Annotated[bool, flag("当选", "elected")]
    false_data: Annotated[bool, flag("基本情况不实", "false data")]
    announced_on: Annotated[
        date | None,
        _later(
            "不实情况通报日期",
            "announced on",
            "向选民通报的日期",
            "the day on which voters were told of the false data",
        ),
    ] = None
    foreign_funding: Annotated[bool, flag("接受境外资助", "foreign funding")]


class RollQuestion(Row):
    """Somebody of whom the voter roll was questioned, or who was struck or left off it."""

    voter: Annotated[str, *identifier("选民编号", "voter", "v-640302-0001")]
    unit: UnitId
    birth_date: Annotated[
        date,
        Column(
            "出生日期",
            "birth date",
            "日期，如 1998-12-15",
            "a date such as 1998-12-15",
            "1998-12-15",
            personal=True,
        ),
    ]
    ground: Annotated[RollGround, term("情形", "ground", "deprived")]
    decision_document: Annotated[
        str | None,
        Field(min_length=1, max_length=60),
        _later(
            "确认或决定文号",
            "confirmed by",
            "选举委员会的确认，或停止行使选举权利的决定的文号",
            "the committee's finding on an illness, or the decision that suspends from voting",
        ),
    ] = None
    on_roll: Annotated[bool, flag("在选民名单上", "on the roll")]
    objected_on: Annotated[
        date | None,
        _later("申诉日期", "objected on", "没有申诉的留空", "empty where nobody objected"),
    ] = None
    decided_on: Annotated[
        date | None,
        _later(
            "处理决定日期",
            "decided on",
            "选举委员会作出处理决定的日期",
            "the day on which the committee decided on the objection",
        ),
    ] = None
    sued_on: Annotated[
        date | None,
        _later("起诉日期", "sued on", "没有起诉的留空", "empty where nobody sued"),
    ] = None
    judged_on: Annotated[
        date | None,
        _later("判决日期", "judged on", "人民法院判决的日期", "the day of the judgement"),
    ] = None


class DirectVote(Row):
    """One vote in a constituency, in numbers (选举法 art. 44, 45).

    Who was not elected by it but could have been is among the others, written-in names too.
    """

    constituency: ConstituencyId
    round: Round
    kind: Annotated[VoteKind, term("投票类别", "kind", "first-vote")]
    voted_on: Annotated[date, day("投票日期", "voted on", "2016-11-09")]
    registered: Annotated[Whole, count("登记选民", "registered", 3000)]
    voted: Annotated[Whole, count("参加投票", "took part", 2400)]
    returned: Annotated[Whole, count("收回", "returned", 2390, "张", "papers")]
    valid: Annotated[Whole, count("有效票", "valid", 2380, "张", "papers")]
    seats: Annotated[Whole, count("本次应选", "seats", 2, "名", "seats")]
    elected: Annotated[Whole, count("本次当选", "elected", 2, "名", "seats")]
    fewest_elected: Annotated[
        Whole | None,
        _later(
            "当选人最少得票",
            "fewest votes elected",
            "本次当选的人中最少的得票；无人当选的留空",
            "the fewest votes of whoever was elected; empty where nobody was",
        ),
    ] = None
    most_others: Annotated[
        Whole | None,
        _later(
            "落选人最多得票",
            "most votes of others",
            "本次未当选的人中最多的得票；没有这样的人留空",
            "the most votes of whoever was not elected; empty where there is nobody",
        ),
    ] = None
