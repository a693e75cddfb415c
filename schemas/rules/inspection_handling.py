"""Rules of the inspection stage (督导) about how reports are handled: by whom, seen by whom."""

from __future__ import annotations

from schemas.rules.base import NamedBy, Reach, Rule, read
from schemas.rules.selections import persons
from schemas.text import Text
from schemas.vocabulary import Organ

_REPORTS = read("reports", "report unit candidate received_on")
_CASES = read("cases", "case unit report opened_on")
_HANDLERS = read("case_handlers", "case officer interested", NamedBy("case", ((_CASES, "case"),)))
_REPORTED = read(
    "candidates", "candidate unit person", NamedBy("candidate", ((_REPORTS, "candidate"),))
)
_NAMED = ((_REPORTED, "person"),)

HANDLERS = Rule(
    code="inspection.handlers",
    title=Text("案件承办人回避", "Who handles a case has no interest in it"),
    reads=(
        _REPORTS,
        _CASES,
        _HANDLERS,
        _REPORTED,
        persons((_HANDLERS, "officer")),
        read("kin", "person kin", NamedBy("person", _NAMED), reach=Reach.ANCESTORS),
        read("kin", "person kin", NamedBy("kin", _NAMED), reach=Reach.ANCESTORS),
    ),
    model="NoParameters",
    provider=Organ.DISCIPLINE,
    reasons={
        "no-case": Text("没有立项的案件", "no case was opened"),
        "no-handler": Text(
            "{opened}立项的案件没有登记承办人",
            "nobody is on record as handling the case of {opened}",
        ),
        "unknown-officer": Text(
            "承办人{officer}不在责任人员台账，无法判断是否应当回避",
            "handler {officer} is no officer on record, so whether to stand back is unknown",
        ),
        "about-oneself": Text(
            "承办人{officer}就是被举报的人选，应当回避",
            "handler {officer} is the candidate reported and must stand back",
        ),
        "about-kin": Text(
            "承办人{officer}是被举报人选的亲属，应当回避",
            "handler {officer} is kin of the candidate reported and must stand back",
        ),
        "interested": Text(
            "承办人{officer}与案件有直接利害关系，应当回避",
            "handler {officer} has an interest in the case and must stand back",
        ),
    },
)

_REFERRALS = "report recipient reported_party received_on"

CONFIDENTIALITY = Rule(
    code="inspection.confidentiality",
    title=Text("举报材料不转给被举报人及其单位", "No report goes to whom it is about"),
    reads=(read("referrals", _REFERRALS),),
    model="NoParameters",
    provider=Organ.PETITION_OFFICE,
    reasons={
        "not-referred": Text("没有转送的举报", "no report was passed on"),
        "shown": Text(
            "{received}转给了被举报人或其单位（{recipient}）",
            "went on {received} to the reported person or their unit ({recipient})",
        ),
    },
    absolute=True,
)

OBJECTIONS = Rule(
    code="inspection.objections",
    title=Text("对转送的异议按期提出", "Who objects to a referral does so in time"),
    reads=(read("referrals", "report recipient received_on objected_on"),),
    model="ReportClocksRule",
    provider=Organ.PETITION_OFFICE,
    reasons={
        "not-referred": Text("没有转送的举报", "no report was passed on"),
        "no-objection": Text("没有提出异议", "nobody objected"),
        "objected-before-received": Text(
            "异议日期{objected}早于收到日期{received}",
            "objected on {objected}, before it was received on {received}",
        ),
        "no-workdays": Text(
            "{received}至{objected}的法定节假日安排尚未收录，无法计算工作日",
            "the holidays from {received} to {objected} are not known, so working days cannot be "
            "counted",
        ),
        "late": Text(
            "{received}收到，{objected}提出异议，为第{workdays}个工作日，应在{allowed}个工作日内",
            "received on {received}, objected on {objected}: working day {workdays}; {allowed} "
            "{allowed:is|are} allowed",
        ),
    },
)

RULES: tuple[Rule, ...] = (HANDLERS, CONFIDENTIALITY, OBJECTIONS)
