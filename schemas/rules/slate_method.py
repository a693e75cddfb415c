"""Rules of the gate before the vote about the adopted method, and about introducing candidates."""

from __future__ import annotations

from schemas.rules.base import Rule, read
from schemas.rules.selections import nominees
from schemas.rules.slate import DIFFERENTIAL, NOMINATIONS, VOTED
from schemas.text import Text
from schemas.vocabulary import Body, Organ

METHOD_DIFFERENTIAL = Rule(
    code="slate.method-differential",
    title=Text("选举办法规定的差额数", "The differential that the method fixes"),
    reads=(
        read("posts", "unit post kind seats"),
        read("differentials", "unit post more"),
        nominees("post"),
        NOMINATIONS,
        VOTED,
        *(one for one in DIFFERENTIAL.reads if one.register == "deliberations"),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "cppcc": Text(
            "政协人选等额，没有差额数",
            "a CPPCC has as many candidates as seats, and no differential",
        ),
        "chief": Text(
            "正职候选人可以多一人，选举办法没有规定差额数",
            "a chief may have one candidate more; the method fixes none",
        ),
        "not-lawful-anyway": Text(
            "人选数不在法定差额内，先按差额检查改正",
            "the number of candidates is not lawful whatever the method says; mend that first",
        ),
        "not-fixed": Text(
            "选举办法没有登记本职位的差额数",
            "the differential that the method fixes for the post is not on record",
        ),
        "not-lawful": Text(
            "选举办法规定的差额数为{more}名，应选{seats}名时应为{least}至{most}名",
            "by the method {more} {more:is|are} to be added to {seats} {seats:seat|seats}; the law "
            "has {least} to {most}",
        ),
        "nominations-open": Text(
            "应选{seats}名，人选{candidates}名，按选举办法应为{due}名，提名尚未结束",
            "{candidates} {candidates:candidate|candidates} for {seats} {seats:seat|seats} so far; "
            "by the method {due} are due when nominations end",
        ),
        "too-few": Text(
            "应选{seats}名，人选{candidates}名，按选举办法应为{due}名",
            "{candidates} {candidates:candidate|candidates} for {seats} {seats:seat|seats} "
            "{candidates:is|are} too few: the method has {due}",
        ),
        "too-many": Text(
            "应选{seats}名，人选{candidates}名，按选举办法应为{due}名，超过的须预选",
            "{candidates} {candidates:candidate|candidates} for {seats} {seats:seat|seats} "
            "{candidates:is|are} too many: the method has {due}, and more need a pre-election",
        ),
    },
    absolute=True,
)

INTRODUCTIONS = Rule(
    code="slate.introductions",
    title=Text("选举日停止介绍代表候选人", "No candidate for deputy is introduced on election day"),
    reads=(
        read(
            "introductions",
            "introduction unit election introduced_on",
            bodies=(Body.CONGRESS,),
        ),
        read("sessions", "unit voted_on", bodies=(Body.CONGRESS,)),
        read("calendar", "unit election_day", bodies=(Body.CONGRESS,)),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "none": Text("没有介绍代表候选人的记录", "no introduction of candidates is on record"),
        "no-day": Text("没有选举日，无法判断", "without an election day nothing can be said"),
        "on-the-day": Text(
            "{introduced}是选举日，当天必须停止介绍代表候选人",
            "{introduced} is the election day, on which introducing candidates must stop",
        ),
    },
    absolute=True,
)

RULES: tuple[Rule, ...] = (METHOD_DIFFERENTIAL, INTRODUCTIONS)
