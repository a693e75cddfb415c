"""Evidence of the inspection stage (督导): teams, visits, problems, channels, reports, cases.

Rules: a report opens a case and changes nobody's standing; only a decided breach does. Registers
of incidents may be empty only where a return says that there was nothing (零报告).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.columns import (
    ID_PATTERN,
    Column,
    DocumentNumber,
    JurisdictionCode,
    OfficerId,
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
from schemas.inspection_terms import CaseOutcome, Effect, TeamKind
from schemas.vocabulary import Channel, Organ

OptionalCandidate = Annotated[
    str | None,
    Field(pattern=ID_PATTERN),
    Column(
        "人选编号",
        "candidate",
        "涉及的人选；不涉及人选留空",
        "the candidate concerned; empty where there is none",
        None,
        references="candidates",
    ),
]


class Team(Row):
    """A roving supervision team or a special inspection team."""

    team: Annotated[str, *identifier("组别", "team", "g-640300-roving-1")]
    jurisdiction: JurisdictionCode
    kind: Annotated[TeamKind, term("类别", "kind", "roving")]
    mandate: Annotated[
        str,
        Field(min_length=1, max_length=60),
        Column(
            "授权文号", "mandate", "一次一授权", "one mandate for each round", "市巡授〔2016〕1号"
        ),
    ]


class TeamMember(Row):
    """A member of a team, and the jurisdiction that he or she comes from."""

    team: Annotated[str, *identifier("组别", "team", "g-640300-roving-1", references="teams")]
    officer: OfficerId


class Visit(Row):
    """A visit of a roving team, with the five items that it must check (五个必查)."""

    jurisdiction: JurisdictionCode
    team: Annotated[str, *identifier("组别", "team", "g-640300-roving-1", references="teams")]
    visited_on: Annotated[date, day("督导日期", "visited on", "2016-10-11")]
    responsibility: Annotated[bool, flag("查责任落实", "checked responsibility", True)]
    education: Annotated[bool, flag("查教育宣传", "checked education", True)]
    enforcement: Annotated[bool, flag("查监督查处", "checked enforcement", True)]
    institutions: Annotated[bool, flag("查制度执行", "checked institutions", True)]
    reviews: Annotated[bool, flag("查“凡提四必”落实情况", "checked the reviews", True)]


class Inspection(Row):
    """A special inspection (专项巡察) of a county's cycle discipline."""

    jurisdiction: JurisdictionCode
    team: Annotated[str, *identifier("组别", "team", "g-640300-special-1", references="teams")]
    started_on: Annotated[date, day("进驻日期", "started on", "2016-10-10")]
    ended_on: Annotated[date | None, day("结束日期", "ended on", "2016-10-25")] = None
    watched_teams: Annotated[
        bool, flag("是否监督考察组和督导组", "watched the other teams too", True)
    ]


class Problem(Row):
    """A problem that a team found, and what became of it (整改)."""

    problem: Annotated[str, *identifier("问题编号", "problem", "q-640302-01")]
    jurisdiction: JurisdictionCode
    team: Annotated[str, *identifier("组别", "team", "g-640300-roving-1", references="teams")]
    found_on: Annotated[date, day("发现日期", "found on", "2016-10-11")]
    rectified_on: Annotated[date | None, day("整改日期", "rectified on", "2016-10-20")] = None
    rectified_by: Annotated[
        str | None, *identifier("整改人", "rectified by", "o-640302-03", references="officers")
    ] = None
    verified_on: Annotated[date | None, day("核验日期", "verified on", "2016-10-24")] = None
    verified_by: Annotated[
        str | None, *identifier("核验人", "verified by", "o-640300-05", references="officers")
    ] = None


class ReportChannel(Row):
    """A channel of the 12380 reporting system."""

    jurisdiction: JurisdictionCode
    channel: Annotated[Channel, term("渠道", "channel", "phone")]
    live_on: Annotated[date, day("开通日期", "live on", "2016-08-22")]
    tested_on: Annotated[date, day("测试日期", "tested on", "2016-10-12")]
    staffed: Annotated[bool, flag("专人值守", "staffed", True)]


class Report(Row):
    """A report (举报) about the cycle; its text never enters the system."""

    report: Annotated[str, *identifier("举报编号", "report", "r-640302-01")]
    unit: UnitId
    candidate: OptionalCandidate = None
    channel: Annotated[Channel, term("渠道", "channel", "phone")]
    received_on: Annotated[date, day("受理日期", "received on", "2016-10-13")]
    clear_leads: Annotated[bool, flag("线索清楚", "clear leads", True)]
    concrete: Annotated[bool, flag("内容具体", "concrete content", True)]
    real_name: Annotated[bool, flag("实名", "under a real name", False)]
    accepted_on: Annotated[date | None, day("受理告知日期", "accepted on", "2016-10-14")] = None
    closed_on: Annotated[date | None, day("办结日期", "closed on", "2016-10-26")] = None


class Case(Row):
    """A case opened on a report (立项专办)."""

    case: Annotated[str, *identifier("案件编号", "case", "a-640302-01")]
    unit: UnitId
    report: Annotated[str, *identifier("举报编号", "report", "r-640302-01", references="reports")]
    organ: Annotated[Organ, term("承办机关", "organ", "discipline-commission")]
    opened_on: Annotated[date, day("立项日期", "opened on", "2016-10-14")]
    closed_on: Annotated[date | None, day("办结日期", "closed on", "2016-10-26")] = None
    outcome: Annotated[CaseOutcome | None, term("结论", "outcome", "unfounded")] = None
    joint: Annotated[bool, flag("联合查核", "verified jointly", True)]


class ReportScope(Row):
    """What was decided on the scope of a report: whether it is about the election or appointments.

    What is not is handled by others and holds up no gate; where a candidate is named it is.
    """

    report: Annotated[str, *identifier("举报编号", "report", "r-640302-01", references="reports")]
    within: Annotated[bool, flag("属于换届或选人用人问题", "about the election or appointments")]
    officer: OfficerId
    decided_on: Annotated[date, day("认定日期", "decided on", "2016-10-14")]


class Referral(Row):
    """An organ to which a report was passed on (转送), and whether that organ objected."""

    report: Annotated[str, *identifier("举报编号", "report", "r-640302-01", references="reports")]
    recipient: Annotated[
        str,
        Field(min_length=1, max_length=40),
        Column(
            "转送去向",
            "recipient",
            "收到材料的机关或单位名称",
            "name of the organ that received the material",
            "清源区纪委",
        ),
    ]
    reported_party: Annotated[
        bool,
        Column(
            "是被举报人或其单位",
            "the reported person or their unit",
            "是 或 否；举报材料不得转给被举报的人员或者单位",
            "yes or no; a report never goes to whom it is about or to their unit",
            False,
        ),
    ]
    received_on: Annotated[date, day("收到日期", "received on", "2016-10-14")]
    objected_on: Annotated[
        date | None,
        Column(
            "提出异议日期",
            "objected on",
            "认为不属本机关职权范围、提出异议的填写",
            "where the recipient objected that the matter is not its own",
            None,
        ),
    ] = None


class CaseHandler(Row):
    """Who handles a case (承办人), and whether they have an interest in it."""

    case: Annotated[str, *identifier("案件编号", "case", "a-640302-01", references="cases")]
    officer: OfficerId
    interested: Annotated[
        bool,
        Column(
            "有直接利害关系",
            "has an interest",
            "是 或 否；与举报事项、举报人或被举报人有直接利害关系",
            "yes or no; a direct interest in the matter, the reporter or whom the report is about",
            False,
        ),
    ]


class Violation(Row):
    """A decided breach of the prohibitions (违反换届纪律) and its effect."""

    violation: Annotated[str, *identifier("违纪编号", "violation", "v-640302-01")]
    unit: UnitId
    candidate: OptionalCandidate = None
    prohibition: Annotated[
        Whole,
        Column(
            "禁令序号",
            "prohibition",
            "违反第几条禁令，见规则包",
            "number of the prohibition, see the pack",
            2,
        ),
    ]
    officer: OfficerId
    decided_on: Annotated[date, day("认定日期", "decided on", "2016-10-20")]
    effect: Annotated[Effect, term("处理", "effect", "excluded")]
    effective_on: Annotated[date | None, planned("处理日期", "effective on", "2016-10-22")] = None


class Return(Row):
    """How many incidents a jurisdiction reports for a register, zero included (零报告)."""

    jurisdiction: JurisdictionCode
    register_name: Annotated[
        str,
        Field(pattern=r"^(reports|violations|kin|kin_offices|sanctions|problems)$"),
        Column(
            "台账",
            "register",
            "reports、violations、kin、kin_offices、sanctions 或 problems",
            "reports, violations, kin, kin_offices, sanctions or problems",
            "reports",
        ),
    ]
    entries: Annotated[Whole, count("条数", "entries", 0, "条", "entries")]
    reported_on: Annotated[date, day("报送日期", "reported on", "2016-10-30")]
    document: DocumentNumber
