"""Rules of the inspection stage (督导) about reports: channels, cases, breaches, clocks."""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Reach, Rule, read
from schemas.rules.returns import return_reasons
from schemas.rules.selections import DEPLOYED, returned
from schemas.text import Text
from schemas.vocabulary import Organ

NO_CALENDAR = Text("没有换届时间表", "there is no calendar for the term change")

_REPORTS = read("reports", "report unit candidate received_on clear_leads concrete")
_VIOLATIONS = read(
    "violations", "violation unit candidate prohibition effect decided_on effective_on"
)

CHANNELS = Rule(
    code="inspection.channels",
    title=Text("12380举报“四位一体”畅通", "The four channels of 12380 are live and staffed"),
    reads=(
        read(
            "report_channels",
            "jurisdiction channel live_on tested_on staffed",
            Among("channel", (), ("channels",)),
            reach=Reach.ANCESTORS,
        ),
        DEPLOYED,
        read("calendar", "unit plan_on nomination_on"),
    ),
    model="ChannelsRule",
    provider=Organ.PETITION_OFFICE,
    reasons={
        "no-calendar": NO_CALENDAR,
        "live-too-late": Text(
            "{channel}渠道{live}开通，应在提名开始（{nomination}）前开通",
            "“{channel}” went live on {live}; it is due by {nomination}, when nomination starts",
        ),
        "tested-before-the-cycle": Text(
            "{channel}渠道{tested}测试，本次换届（{since}起）没有测试",
            "“{channel}” was tested on {tested}, and not in this cycle, which began on {since}",
        ),
        "not-live": Text("{channel}渠道尚未开通", "the channel “{channel}” is not live"),
        "not-tested": Text("{channel}渠道尚未测试", "the channel “{channel}” has not been tested"),
        "not-staffed": Text("{channel}渠道没有专人值守", "nobody staffs the channel “{channel}”"),
        "tested-before-live": Text(
            "{channel}渠道{tested}测试，早于{live}开通，应重新测试",
            "“{channel}” was tested on {tested}, before it went live on {live}; test it again",
        ),
    },
)

CASES = Rule(
    code="inspection.cases",
    title=Text(
        "具体举报立项专办、联合快查", "Specific reports get a case, worked jointly and fast"
    ),
    reads=(
        _REPORTS,
        read(
            "cases",
            "unit report opened_on closed_on outcome joint",
            NamedBy("report", ((_REPORTS, "report"),)),
        ),
        read("report_scopes", "report within decided_on"),
        read("violations", "unit candidate decided_on"),
        read("sessions", "unit voted_on"),
        *returned("reports"),
    ),
    model="CasesRule",
    provider=Organ.DISCIPLINE,
    reasons={
        **return_reasons("举报", "reports"),
        "after-the-vote": Text(
            "{received}受理，在投票之后，不影响本次选举",
            "came in on {received}, after the vote, which it does not touch",
        ),
        "out-of-scope": Text(
            "{decided}认定与换届和选人用人无关，另行处理",
            "decided on {decided} to be about neither the election nor appointments; others deal "
            "with it",
        ),
        "unspecific": Text(
            "线索不清或内容不具体，无需立项",
            "without clear leads and concrete content; needs no case",
        ),
        "no-case": Text(
            "{received}受理的具体举报尚未立项", "no case on the specific report of {received}"
        ),
        "opened-before-received": Text(
            "立项日期{opened}早于受理日期{received}",
            "the case was opened on {opened}, before the report came in on {received}",
        ),
        "opened-late": Text(
            "{received}受理，{opened}才立项，应在{allowed}天内",
            "received on {received}, opened only on {opened}; {allowed} {allowed:day|days} "
            "{allowed:is|are} allowed",
        ),
        "not-joint": Text("没有联合查核", "the case was not verified jointly"),
        "open": Text("{opened}立项，尚未办结", "the case opened on {opened} is still open"),
        "closed-before-opened": Text(
            "办结日期{closed}早于立项日期{opened}",
            "the case was closed on {closed}, before it was opened on {opened}",
        ),
        "no-decision": Text("查证属实但没有违纪认定", "founded, but no breach has been decided on"),
    },
)

PROHIBITIONS = Rule(
    code="inspection.prohibitions",
    title=Text("违反换届纪律一律处理", "Every breach of the prohibitions has its effect"),
    reads=(
        _VIOLATIONS,
        read(
            "candidates",
            "unit candidate status",
            NamedBy("candidate", ((_VIOLATIONS, "candidate"),)),
        ),
        *returned("violations"),
    ),
    model="ProhibitionsRule",
    provider=Organ.DISCIPLINE,
    reasons={
        **return_reasons("违纪认定", "breaches"),
        "unknown-prohibition": Text(
            "没有第{prohibition}条禁令，共{known}条",
            "there is no prohibition {prohibition}; there are {known}",
        ),
        "wrong-effect": Text(
            "违反第{prohibition}条不应处理为“{effect}”",
            "“{effect}” is not what a breach of prohibition {prohibition} leads to",
        ),
        "effect-lacking": Text(
            "人选{candidate}违反第{prohibition}条，一律还应处理为“{effect}”",
            "whoever breaches prohibition {prohibition} is to be dealt with thus, without "
            "exception, and {candidate} was not: {effect}",
        ),
        "another-units-candidate": Text(
            "人选{candidate}不是本单位的人选", "{candidate} is not a candidate of this unit"
        ),
        "not-carried-out": Text("“{effect}”尚未执行", "“{effect}” has not been carried out"),
        "still-proposed": Text(
            "人选{candidate}处理为“{effect}”，但仍在拟提名名单",
            "“{effect}” was decided on {candidate}, who is still on the slate",
        ),
    },
)

REPORT_CLOCKS = Rule(
    code="inspection.report-clocks",
    title=Text("实名举报按期告知受理", "Named reporters are told in time"),
    reads=(
        read("reports", "report unit received_on real_name accepted_on"),
        *returned("reports"),
    ),
    model="ReportClocksRule",
    provider=Organ.PETITION_OFFICE,
    reasons={
        **return_reasons("举报", "reports"),
        "not-named": Text("非实名举报，无需告知", "not under a real name; nobody to tell"),
        "not-accepted": Text(
            "{received}的实名举报尚未告知受理", "the reporter of {received} has not been told yet"
        ),
        "accepted-before-received": Text(
            "告知日期{accepted}早于受理日期{received}",
            "told on {accepted}, before the report came in on {received}",
        ),
        "no-workdays": Text(
            "{received}至{accepted}的法定节假日安排尚未收录，无法计算工作日",
            "the holidays from {received} to {accepted} are not known, so working days cannot be "
            "counted",
        ),
        "late": Text(
            "{received}受理，{accepted}告知，共{workdays}个工作日，最多{allowed}个",
            "received on {received}, told on {accepted}: {workdays} working {workdays:day|days}; "
            "{allowed} {allowed:is|are} allowed",
        ),
    },
)
