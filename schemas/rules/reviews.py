"""The six reviews (六个凡提必) of the vetting stage: whoever is proposed must be reviewed.

Rules: a review counts once it was asked for, answered by the right organ, with a document, and is
not too old when the session opens; "not required" is no answer where the review is due.
"""

from __future__ import annotations

from schemas.rules.base import Among, Read, Rule, read
from schemas.rules.selections import of_proposed, proposed
from schemas.text import Text
from schemas.vocabulary import Organ, ReviewItem


def _reasons(not_asked: str, zh: str, en: str) -> dict[str, Text]:
    return {
        "not-asked": Text(not_asked, f"no {en} has been asked for"),
        "wrong-organ": Text(f"{zh}应由{{organ}}出具", f"the {en} must be answered by: {{organ}}"),
        "not-answered": Text(
            f"尚未收到{zh}（{{asked}}提出）",
            f"the {en} asked for on {{asked}} has no result yet",
        ),
        "answered-before-asked": Text(
            f"{zh}的日期{{answered}}早于提出日期{{asked}}",
            f"the {en} was answered on {{answered}}, before it was asked for on {{asked}}",
        ),
        "adverse": Text(f"{zh}为“{{result}}”", f"the {en} ended with “{{result}}”"),
        "not-required": Text(
            f"{zh}为“{{result}}”，但该人选必须审核",
            f"the {en} ended with “{{result}}”, but it is due for this candidate",
        ),
        "no-document": Text(f"{zh}没有文号", f"the {en} has no number of a written result"),
        "no-reason": Text(
            f"{zh}为“{{result}}”，但没有写明原因",
            f"the {en} ended with “{{result}}” without a reason",
        ),
        "no-session": Text(
            "换届时间表没有会议召开日期，无法判断结果是否过期",
            "the calendar has no opening day, so the age of the result is unknown",
        ),
        "after-session": Text(
            f"{zh}的日期{{answered}}晚于会议召开日期{{opens}}",
            f"the {en} was answered on {{answered}}, after the session opens on {{opens}}",
        ),
        "too-old": Text(
            f"{zh}的日期{{answered}}距会议召开日期{{opens}}超过{{days}}天，应重新审核",
            f"the {en} was answered on {{answered}}, more than {{days}} {{days:day|days}} before "
            "the session opens on {opens}; ask again",
        ),
    }


def _reads(item: ReviewItem, columns: str = "") -> tuple[Read, ...]:
    """The slate, one of its reviews, and when the session opens."""
    asked = "item organ asked_on answered_on result reason document"
    return (
        proposed(columns),
        of_proposed("reviews", asked, Among("item", (item.value,))),
        read("calendar", "unit session_opens_on"),
    )


ARCHIVE = Rule(
    code="vetting.archive",
    title=Text("档案必审", "Archive reviewed"),
    reads=_reads(ReviewItem.ARCHIVE),
    model="ReviewRule",
    provider=Organ.ORGANISATION,
    reasons={
        "no-cadre": Text(
            "政协人选不是干部，没有干部人事档案",
            "the CPPCC's candidate is no cadre and has no personnel archive",
        ),
        **_reasons("尚未审核干部人事档案", "档案审核结果", "archive review"),
    },
    absolute=True,
)

DECLARATION = Rule(
    code="vetting.declaration",
    title=Text("个人有关事项必核", "Personal-matters report verified"),
    reads=_reads(ReviewItem.DECLARATION, "rank"),
    model="DeclarationRule",
    provider=Organ.ORGANISATION,
    reasons={
        "rank": Text(
            "现任职级为{rank}，不在报告个人有关事项的范围",
            "holds the rank {rank}, which does not declare personal matters",
        ),
        **_reasons(
            "尚未查核个人有关事项报告", "个人有关事项查核结果", "verification of personal matters"
        ),
    },
    absolute=True,
)

ORGANS_HEARD = Rule(
    code="vetting.organs-heard",
    title=Text("执纪执法机关意见必听", "Discipline and law-enforcement organs heard"),
    reads=_reads(ReviewItem.ORGANS_HEARD),
    model="ReviewRule",
    provider=Organ.DISCIPLINE,
    reasons=_reasons(
        "尚未征求执纪执法机关意见", "执纪执法机关意见", "opinion of the discipline and law organs"
    ),
    absolute=True,
)

REPORTS = Rule(
    code="vetting.reports",
    title=Text("举报必查", "Reports investigated"),
    reads=(
        *_reads(ReviewItem.REPORTS),
        of_proposed(
            "reports",
            "unit report received_on clear_leads concrete closed_on",
            Among("clear_leads", (True,)),
            Among("concrete", (True,)),
        ),
        read("sessions", "unit voted_on"),
    ),
    model="ReviewRule",
    provider=Organ.DISCIPLINE,
    reasons={
        "open-report": Text(
            "有{reports}件线索清楚、内容具体的举报尚未办结（最早{received}受理），应先查清",
            "{reports} {reports:report|reports} with clear leads and concrete content "
            "{reports:is|are} still open (the first received on {received}); they must be settled "
            "first",
        ),
        **_reasons("尚未查核举报", "举报查核结果", "inquiry into reports"),
    },
    absolute=True,
)

INSPECTION = Rule(
    code="vetting.inspection",
    title=Text("巡视巡察结果必用", "Inspection results used"),
    reads=_reads(ReviewItem.INSPECTION, "inspected_unit"),
    model="ReviewRule",
    provider=Organ.INSPECTION_OFFICE,
    reasons={
        "not-inspected": Text("不是来自被巡察单位", "does not come from an inspected unit"),
        **_reasons(
            "尚未书面征求巡察机构意见", "巡察机构书面意见", "opinion of the inspection office"
        ),
    },
)

AUDIT = Rule(
    code="vetting.audit",
    title=Text("经济责任必审", "Economic responsibility audited"),
    reads=(
        *_reads(ReviewItem.AUDIT, "headed_organ_months headed_as"),
        of_proposed("examinations", "ended_on"),
    ),
    model="AuditRule",
    provider=Organ.AUDIT_OFFICE,
    reasons={
        "headed-no-organ": Text(
            "不是正职，主持单位工作{months}个月，不足{needed}个月，无需审计",
            "was no chief and headed an organ for {months} {months:month|months}; an audit is due "
            "from {needed} on",
        ),
        **_reasons("尚未委托经济责任审计", "经济责任审计结果", "audit"),
        "no-examination": Text(
            "考察没有结束日期，无法判断审计是否在考察结束前完成",
            "the examination has not ended, so whether the audit came in time is unknown",
        ),
        "after-examination": Text(
            "审计结果{answered}晚于考察结束日期{ended}，应在考察结束前完成",
            "the audit ended on {answered}, after the examination ended on {ended}; it must be "
            "there before",
        ),
    },
)

REVIEW_RULES = (ARCHIVE, DECLARATION, ORGANS_HEARD, REPORTS, INSPECTION, AUDIT)
