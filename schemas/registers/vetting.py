"""Evidence of the vetting stage (考察): the six reviews, bars, examinations, public notices.

Rules: what a person must judge (public regard, "otherwise unsuitable") is a named officer's
recorded decision; "not required" carries its reason; kin and sanctions are reported, also when
there are none (see `returns`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.columns import (
    JURISDICTION_PATTERN,
    CandidateId,
    Column,
    JurisdictionCode,
    OfficerId,
    PersonId,
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
from schemas.kin_terms import KinOfficeKind, KinOrgan, Relationship
from schemas.vocabulary import (
    Appraisal,
    Kinship,
    NoticeExemption,
    Organ,
    ReviewItem,
    ReviewResult,
    SanctionKind,
)


class Review(Row):
    """One of the six reviews of a candidate (六个凡提必)."""

    candidate: CandidateId
    item: Annotated[ReviewItem, term("审核项目", "item", "archive")]
    organ: Annotated[Organ, term("审核机关", "organ", "organisation-department")]
    asked_on: Annotated[date, day("征求日期", "asked on", "2016-09-16")]
    answered_on: Annotated[
        date | None,
        Column(
            "答复日期",
            "answered on",
            "收到书面结果的日期，未答复留空",
            "day of the written result; empty while there is none",
            "2016-09-21",
        ),
    ] = None
    result: Annotated[ReviewResult | None, term("审核结果", "result", "clear")] = None
    reason: Annotated[
        str | None,
        Field(min_length=1, max_length=200),
        Column(
            "原因",
            "reason",
            "结果为“无需”“查清并有结论”或“漏报”时必填",
            "needed when the result is “not required”, “cleared with a decision” or “something "
            "left out”",
            None,
            personal=True,
        ),
    ] = None
    document: Annotated[
        str | None,
        Field(min_length=1, max_length=60),
        Column(
            "结果文号",
            "result document",
            "书面结果的文号",
            "number of the written result",
            "清组审〔2016〕21号",
        ),
    ] = None


class Assessment(Row):
    """What bars somebody from being examined (条例 art. 24), answered for each candidate."""

    candidate: CandidateId
    political_breach: Annotated[
        bool, flag("违反政治纪律和政治规矩", "breach of political discipline")
    ]
    low_regard: Annotated[bool, flag("群众公认度不高", "low public regard")]
    appraisal_last_year: Annotated[
        Appraisal | None,
        Column(
            "上年度考核",
            "appraisal last year",
            "从下拉列表中选择；只有不是干部的政协人选可以留空",
            "choose from the list; empty only for a CPPCC candidate who is no cadre",
            "competent",
        ),
    ] = None
    worst_appraisal: Annotated[
        Appraisal | None,
        Column(
            "近三年最低考核",
            "lowest appraisal of three years",
            "从下拉列表中选择；只有不是干部的政协人选可以留空",
            "choose from the list; empty only for a CPPCC candidate who is no cadre",
            "competent",
        ),
    ] = None
    canvassing: Annotated[bool, flag("跑官、拉票等行为", "canvassing")]
    spouse_emigrated: Annotated[
        bool,
        flag(
            "配偶（无配偶则子女）移居国（境）外", "spouse (or, without one, all children) emigrated"
        ),
    ]
    special_post: Annotated[bool, flag("特殊岗位", "special post")]
    otherwise_unsuitable: Annotated[bool, flag("其他不宜", "otherwise unsuitable")]
    decided_by: Annotated[
        str | None,
        *identifier("认定人", "decided by", "o-640302-01", references="officers"),
    ] = None
    document: Annotated[
        str | None,
        Field(min_length=1, max_length=60),
        Column(
            "认定文号",
            "decision document",
            "公认度和其他不宜的认定文号",
            "decision on public regard and on “otherwise unsuitable”",
            "清组认〔2016〕5号",
        ),
    ] = None


class Sanction(Row):
    """A sanction against a person of the roster (公职人员政务处分法 art. 7, 8)."""

    sanction: Annotated[str, *identifier("处分编号", "sanction", "s-640302-01")]
    jurisdiction: JurisdictionCode
    person: PersonId
    kind: Annotated[SanctionKind, term("处分种类", "kind", "warning")]
    decided_on: Annotated[date, day("处分决定日期", "decided on", "2015-03-10")]
    ends_on: Annotated[
        date | None,
        Column(
            "处分期满日期",
            "ends on",
            "决定书写明的期满日期，合并处分必填；留空的按该种处分的期限计算",
            "the last day that the decision names, needed where periods were joined; where it is "
            "empty the period is that of the sanction",
            None,
            ahead=True,
        ),
    ] = None


class Examination(Row):
    """The examination (考察) of a candidate."""

    candidate: CandidateId
    team_size: Annotated[Whole, count("考察组人数", "team size", 3)]
    officer: OfficerId
    started_on: Annotated[date, day("考察开始日期", "started on", "2016-09-15")]
    ended_on: Annotated[date | None, day("考察结束日期", "ended on", "2016-09-20")] = None


class IntegrityOpinion(Row):
    """The concluding opinion on integrity, signed by two (廉洁自律结论性意见“双签字”)."""

    candidate: CandidateId
    party_secretary: Annotated[
        str, *identifier("党委书记", "party secretary", "o-640302-01", references="officers")
    ]
    discipline_secretary: Annotated[
        str, *identifier("纪委书记", "discipline secretary", "o-640302-02", references="officers")
    ]
    signed_on: Annotated[date, day("签字日期", "signed on", "2016-09-26")]
    favourable: Annotated[bool, flag("结论是否无问题", "opinion is favourable", True)]


class CommitteeVote(Row):
    """The committee's decision on a unit's slate (讨论决定)."""

    unit: UnitId
    committee_size: Annotated[Whole, count("应到成员", "committee size", 11)]
    present: Annotated[Whole, count("实到成员", "present", 10)]
    in_favour: Annotated[Whole, count("同意", "in favour", 10, "票", "votes")]
    conflicted_present: Annotated[Whole, count("应回避而在场", "present though conflicted", 0)]
    decided_on: Annotated[date, day("决定日期", "decided on", "2016-09-28")]


class PublicNotice(Row):
    """The public notice of a candidate before the appointment (任前公示)."""

    candidate: CandidateId
    exemption: Annotated[NoticeExemption, term("免予公示", "exemption", "none")]
    opened_on: Annotated[
        date | None,
        Column("公示开始日期", "opened on", "第一天", "first day", "2016-10-08"),
    ] = None
    closed_on: Annotated[
        date | None,
        Column("公示结束日期", "closed on", "最后一天", "last day", "2016-10-14", ahead=True),
    ] = None


class Kin(Row):
    """Two people of the roster who are close kin."""

    jurisdiction: JurisdictionCode
    person: PersonId
    kin: Annotated[str, *identifier("亲属人员编号", "kin", "p-640302-0002", references="roster")]
    kinship: Annotated[Kinship, term("亲属关系", "kinship", "spouse")]


class KinOffice(Row):
    """An office that a relative of somebody of the roster holds (亲属任职情况).

    The relative need not be on the roster. What is told is where they work, and whether they stay.
    """

    jurisdiction: JurisdictionCode
    person: PersonId
    relative: Annotated[str, *identifier("亲属编号", "relative", "k-640302-0001")]
    relationship: Annotated[Relationship, term("与本人关系", "relationship", "collateral")]
    works_at: Annotated[
        str,
        Field(pattern=JURISDICTION_PATTERN),
        Column(
            "任职所在地代码",
            "works at",
            "亲属任职的机关所属的行政区划代码",
            "code of the place to which the relative's organ belongs",
            "640302",
        ),
    ]
    organ: Annotated[KinOrgan, term("任职系统", "works for", "government")]
    office: Annotated[KinOfficeKind, term("所任职务", "office", "leader")]
    leaves_on: Annotated[date | None, planned("调离日期", "leaves on", "2016-11-10")] = None
