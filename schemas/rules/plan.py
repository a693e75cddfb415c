"""Rules of the plan stage (方案): deployed early, everyone responsible, lawful seats and dates."""

from __future__ import annotations

from schemas.rules.base import Among, Rule, read
from schemas.rules.direct import ALLOCATION, ELECTION_COMMITTEE
from schemas.rules.plan_statute import CALENDAR, POSTS, SEATS
from schemas.rules.selections import officers, secretaries_below, talked_to
from schemas.text import Text
from schemas.vocabulary import WORKS, Duty, Organ, TalkKind

LEVELS = ("city", "county", "township")  # parameters: what each of them must have
# The first responsible person must not lead, whether the level must have one or not.
_DUTIES = read(
    "duties",
    "jurisdiction duty officer assigned_on",
    Among("duty", (Duty.FIRST_RESPONSIBLE.value,), LEVELS),
)

DEPLOYMENT = Rule(
    code="plan.deployment",
    title=Text("部署突出“早”", "Deployed early and in order"),
    reads=(read("measures", "jurisdiction kind held_on", Among("kind", (), LEVELS)),),
    model="DeploymentRule",
    provider=Organ.PARTY_COMMITTEE,
    reasons={
        "not-held": Text("“{measure}”没有记录", "“{measure}” is not on record"),
        "out-of-order": Text(
            "“{measure}”在{held}，早于前一步骤（{before}）",
            "“{measure}” was on {held}, before the step that precedes it ({before})",
        ),
        "too-late": Text(
            "“{measure}”在{held}，距第一步（{first}）超过{days}天",
            "“{measure}” was on {held}, more than {days} {days:day|days} after the first step "
            "({first})",
        ),
    },
)

NOTICE = Rule(
    code="plan.notice",
    title=Text("换届风气监督通知", "Notice on supervising conduct"),
    reads=(
        read("notice_clauses", "jurisdiction stage issued_on", Among("stage", (), ("stages",))),
        read("calendar", "unit nomination_on"),
    ),
    model="NoticeRule",
    provider=Organ.DISCIPLINE,
    reasons={
        "no-clause": Text(
            "通知没有“{stage}”环节的纪律要求", "the notice says nothing about the stage “{stage}”"
        ),
        "no-calendar": Text("本单位没有换届时间表", "the unit has no calendar"),
        "too-late": Text(
            "通知{issued}下发，应不晚于提名开始日{nomination}",
            "the notice was issued on {issued}; it is due by the start of nomination, {nomination}",
        ),
    },
)

DISCIPLINE_LIST = Rule(
    code="plan.discipline-list",
    title=Text("通知所依据的换届纪律", "The prohibitions that the notice repeats"),
    reads=(
        read(
            "notice_clauses",
            "jurisdiction stage issued_on discipline_list",
            Among("stage", tuple(work.value for work in WORKS)),
        ),
    ),
    model="DisciplineListRule",
    provider=Organ.DISCIPLINE,
    reasons={
        "not-named": Text(
            "通知没有写明所依据的换届纪律", "the notice does not say which prohibitions it repeats"
        ),
        "another-list": Text(
            "通知依据的是“{prohibitions}”，不是本次换届的纪律",
            "the notice repeats “{prohibitions}”, which is not the list of this term change",
        ),
    },
)

DUTIES = Rule(
    code="plan.duties",
    title=Text("压力传导突出“实”：责任清单", "Every duty has its officer"),
    reads=(_DUTIES, officers((_DUTIES, "officer"))),
    model="DutiesRule",
    provider=Organ.PARTY_COMMITTEE,
    reasons={
        "not-assigned": Text("“{duty}”没有明确责任人", "nobody carries the duty “{duty}”"),
        "unknown-officer": Text(
            "“{duty}”的承担人{officer}不是本级或上级登记的责任人员",
            "officer {officer}, who carries “{duty}”, is neither from here nor from a level above",
        ),
        "wrong-organ": Text(
            "“{duty}”应由{organ}承担，承担人{officer}不属于该机关",
            "“{duty}” belongs to: {organ}; officer {officer} is from elsewhere",
        ),
        "same-person": Text(
            "{officer}与第一责任人是同一人，线索应由他人办理",
            "{officer} is the first responsible person and handles the leads too; somebody else "
            "must",
        ),
    },
)

RESPONSIBILITY_TALKS = Rule(
    code="plan.responsibility-talks",
    title=Text("约谈", "Responsibility talks"),
    reads=(
        *talked_to("responsibility_talk", TalkKind.RESPONSIBILITY),
        *secretaries_below(),
    ),
    model="TalkRule",
    provider=Organ.SECRETARY,
    reasons={
        "nobody-listed": Text("名册中没有应约谈人员", "the roster names nobody who owes a talk"),
        "no-secretary": Text(
            "县区{county}没有党委书记的记录，无法核对约谈",
            "no secretary of county {county} is on record who could have been talked to",
        ),
        "not-talked-to": Text("尚未约谈", "has not been talked to"),
        "with-oneself": Text(
            "约谈人就是本人，应由他人约谈",
            "talked with himself or herself; somebody else holds the talk",
        ),
        "wrong-organ": Text(
            "只由其他机关的人约谈过，应由{organ}约谈",
            "was talked to only by others; the talk is held by: {organ}",
        ),
    },
)

DOCUMENTS = Rule(
    code="plan.documents",
    title=Text("方案、人事安排与批复", "Plan, personnel plan and approval"),
    reads=(read("documents", "unit kind issued_by issued_on", Among("kind", (), ("kinds",))),),
    model="DocumentsRule",
    provider=Organ.PARTY_COMMITTEE,
    reasons={
        "no-document": Text("没有“{document}”", "not on record: {document}"),
        "wrong-organ": Text(
            "“{document}”的发文机关不对，应由{organ}发文",
            "“{document}” was issued by another organ; it is issued by: {organ}",
        ),
        "out-of-order": Text(
            "“{document}”发文日期{issued}，早于前一文件（{before}）",
            "“{document}” was issued on {issued}, before the document that precedes it ({before})",
        ),
    },
)

RULES: tuple[Rule, ...] = (
    DEPLOYMENT,
    NOTICE,
    DISCIPLINE_LIST,
    DUTIES,
    RESPONSIBILITY_TALKS,
    SEATS,
    POSTS,
    CALENDAR,
    DOCUMENTS,
    ELECTION_COMMITTEE,
    ALLOCATION,
)
