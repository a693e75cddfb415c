"""Evidence of the plan stage (方案): early deployment, duties, talks, seats, calendar, documents.

Rules: dates are days on which something happened or, in the calendar, is to happen; a row says
that it did, so a planned meeting has no row in `measures` before it was held.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.columns import (
    Column,
    DocumentNumber,
    JurisdictionCode,
    OfficerId,
    PersonId,
    Row,
    UnitId,
    Whole,
    count,
    day,
    identifier,
    planned,
    term,
)
from schemas.inspection_terms import DisciplineList
from schemas.vocabulary import (
    DocumentKind,
    Duty,
    MeasureKind,
    Organ,
    RefixedFor,
    TalkKind,
    Work,
)


class Measure(Row):
    """A step of the deployment (部署突出“早”)."""

    jurisdiction: JurisdictionCode
    kind: Annotated[MeasureKind, term("部署步骤", "kind", "secretaries-meeting")]
    held_on: Annotated[date, day("日期", "held on", "2016-08-10")]
    document: DocumentNumber


class NoticeClause(Row):
    """What the notice on supervising conduct requires for one stage, as received here."""

    jurisdiction: JurisdictionCode
    stage: Annotated[Work, term("环节", "stage", "nomination")]
    issued_on: Annotated[date, day("下发日期", "issued on", "2016-08-16")]
    document: DocumentNumber
    discipline_list: Annotated[
        DisciplineList | None,
        Column(
            "所依据的纪律",
            "list of prohibitions",
            "通知重申的换届纪律，从下拉列表中选择",
            "the prohibitions that the notice repeats; choose from the list",
            "nine-2016",
        ),
    ] = None


class DutyEntry(Row):
    """Who carries a duty of the cycle (责任清单)."""

    jurisdiction: JurisdictionCode
    duty: Annotated[Duty, term("责任", "duty", "first-responsible")]
    officer: OfficerId
    assigned_on: Annotated[date, day("明确日期", "assigned on", "2016-08-12")]


class Talk(Row):
    """One batch of talks (谈心谈话批次或约谈)."""

    talk: Annotated[str, *identifier("谈话批次", "talk", "t-640302-01")]
    jurisdiction: JurisdictionCode
    kind: Annotated[TalkKind, term("谈话类别", "kind", "must-talk")]
    officer: OfficerId
    held_on: Annotated[date, day("谈话日期", "held on", "2016-09-05")]


class TalkParticipant(Row):
    """A person who was talked to in a batch (谈话人次)."""

    talk: Annotated[str, *identifier("谈话批次", "talk", "t-640302-01", references="talks")]
    person: PersonId


class CalendarEntry(Row):
    """The statutory calendar of a unit (换届时间表)."""

    unit: UnitId
    term_years: Annotated[Whole, count("任期", "term", 5, "年", "years")]
    plan_on: Annotated[date, planned("方案确定日期", "plan settled on", "2016-08-20")]
    nomination_on: Annotated[date, planned("提名开始日期", "nomination starts on", "2016-09-01")]
    vetting_on: Annotated[date, planned("考察开始日期", "vetting starts on", "2016-09-15")]
    election_day: Annotated[
        date | None,
        Column(
            "选举日",
            "election day",
            "选民投票选举本级人大代表之日；市和政协留空",
            "day on which voters elect the deputies of this congress; empty for a city, a CPPCC",
            "2016-10-18",
            ahead=True,
        ),
    ] = None
    deputies_elected_on: Annotated[
        date | None,
        Column(
            "代表选举完成日期",
            "deputies elected on",
            "本级人大代表选出之日；政协留空",
            "day on which the deputies of this congress were elected; empty for a CPPCC",
            "2016-10-20",
            ahead=True,
        ),
    ] = None
    credentials_on: Annotated[
        date | None,
        Column(
            "代表资格确认日期",
            "credentials confirmed on",
            "代表资格确认之日；政协留空",
            "day on which the deputies' credentials are confirmed; empty for a CPPCC",
            "2016-10-28",
            ahead=True,
        ),
    ] = None
    session_opens_on: Annotated[date, planned("会议召开日期", "session opens on", "2016-11-20")]
    session_closes_on: Annotated[date, planned("会议闭幕日期", "session closes on", "2016-11-23")]


class Assembly(Row):
    """The size of a congress or a CPPCC, and who fixed it (选举法 art. 12, 13)."""

    unit: UnitId
    members: Annotated[Whole, count("代表（委员）名额", "members", 180, "名", "seats")]
    increase_document: Annotated[
        str | None,
        Field(min_length=1, max_length=60),
        Column(
            "增加名额决定文号",
            "decision on more seats",
            "增加百分之五的决定文号，没有则留空（选举法第12条）",
            "decision on the five per cent increase, if any (Electoral Law art. 12)",
            None,
        ),
    ] = None
    fixed_by: Annotated[Organ, term("名额确定机关", "fixed by", "province-standing-committee")]
    filing_document: Annotated[
        str | None,
        Field(min_length=1, max_length=60),
        Column(
            "备案文号",
            "filing document",
            "报上一级备案的文号",
            "number under which it was filed one level up",
            "宁人常备〔2016〕7号",
        ),
    ] = None
    population_when_fixed: Annotated[
        Whole | None,
        Column(
            "确定名额时人口",
            "population when fixed",
            "名额确定当时的人口；确定后人口变动的必填，没有变动可留空（选举法第14条）",
            "people when the number was fixed, needed where it differs from that of today "
            "(Electoral Law art. 14)",
            None,
        ),
    ] = None
    refixed_on: Annotated[
        date | None,
        Column(
            "重新确定日期",
            "fixed anew on",
            "总名额重新确定的日期，没有重新确定则留空（选举法第14条）",
            "day on which the number was fixed anew, if it was (Electoral Law art. 14)",
            None,
        ),
    ] = None
    refixed_for: Annotated[
        RefixedFor | None,
        Column(
            "重新确定原因",
            "fixed anew for",
            "重新确定的必填，从下拉列表中选择",
            "needed where it was fixed anew; choose from the list",
            None,
        ),
    ] = None
    refixed_reported_on: Annotated[
        date | None,
        Column(
            "重新确定备案日期",
            "fixed anew, reported on",
            "重新确定后三十日内报备案",
            "due within thirty days of fixing the number anew",
            None,
        ),
    ] = None


class Document(Row):
    """A formal document of a unit's file."""

    unit: UnitId
    kind: Annotated[DocumentKind, term("文件种类", "kind", "work-plan")]
    document: DocumentNumber
    issued_by: Annotated[Organ, term("发文机关", "issued by", "party-committee")]
    issued_on: Annotated[date, day("发文日期", "issued on", "2016-08-20")]
