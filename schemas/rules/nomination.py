"""Rules of the nomination stage (提名): recommendation, proposals, consultation, lists in time."""

from __future__ import annotations

from schemas.rules.base import Among, Rule, read
from schemas.rules.direct import COMMITTEE_MEMBERS, COMPLETE, DEPUTY_LISTS, ROLL
from schemas.rules.nomination_conduct import (
    ACTIVITIES,
    CARDS,
    FILMS,
    MUST_TALKS,
    NO_CALENDAR,
    PLEDGES,
    PUBLICITY,
)
from schemas.rules.selections import documents, proposed
from schemas.text import Text
from schemas.vocabulary import Body, DocumentKind, Level, NoticeKind, Organ

_OF_VOTERS = (
    NoticeKind.VOTER_ROLL.value,
    NoticeKind.DEPUTIES_PRELIMINARY.value,
    NoticeKind.DEPUTIES_FINAL.value,
)
WRONG_ORGAN = Text(
    "“{document}”的作出机关不对，应由{organ}作出",
    "“{document}” was issued by another organ; it is issued by: {organ}",
)

PROPOSALS = Rule(
    code="nomination.proposals",
    title=Text("拟提名人选", "Proposals for every post"),
    reads=(read("posts", "unit post"), proposed("post")),
    model="NoParameters",
    provider=Organ.ORGANISATION,
    reasons={
        "no-proposal": Text(
            "该职位没有拟提名人选", "the party side has proposed nobody for the post"
        ),
        "unknown-post": Text(
            "人选{candidate}的职位不在本单位的职位台账",
            "the post of candidate {candidate} is not on record for the unit",
        ),
    },
)

LISTS = Rule(
    code="nomination.lists",
    title=Text("名单公布", "Lists published in time"),
    reads=(
        read(
            "notices",
            "unit kind published_on",
            Among("kind", _OF_VOTERS),
            bodies=(Body.CONGRESS,),
            levels=(Level.COUNTY, Level.TOWNSHIP),
        ),
        read(
            "calendar",
            "unit election_day",
            bodies=(Body.CONGRESS,),
            levels=(Level.COUNTY, Level.TOWNSHIP),
        ),
    ),
    model="ListsRule",
    provider=Organ.ELECTION_COMMITTEE,
    reasons={
        "elects-no-deputies": Text(
            "本单位不由选民选举代表，不公布这些名单",
            "no voters elect deputies of this unit; it publishes no such list",
        ),
        "elected-indirectly": Text(
            "市人大代表由下一级人大选举，不适用选民名单和公布期限",
            "city deputies are elected by the congresses below; these dates are for voters",
        ),
        "no-calendar": NO_CALENDAR,
        "no-election-day": Text("时间表没有选举日", "the calendar has no election day"),
        "not-published": Text("“{notice}”没有公布", "not published: {notice}"),
        "too-late": Text(
            "“{notice}”{published}公布，应不晚于{due}",
            "“{notice}” was published on {published}; it was due by {due}",
        ),
    },
)

RECOMMENDATION = Rule(
    code="nomination.recommendation",
    title=Text("民主推荐", "Democratic recommendation"),
    reads=(
        read(
            "documents",
            "unit kind issued_by issued_on",
            Among("kind", (), ("steps",)),
        ),
        read("calendar", "unit session_opens_on"),
    ),
    model="RecommendationRule",
    provider=Organ.ORGANISATION,
    reasons={
        "no-calendar": NO_CALENDAR,
        "no-document": Text("没有“{document}”", "not on record: {document}"),
        "out-of-order": Text(
            "“{document}”日期{issued}，早于前一步骤（{before}）",
            "“{document}” is of {issued}, before the step that precedes it ({before})",
        ),
        "wrong-organ": Text(
            "“{document}”的提出机关不对，应由{organ}提出",
            "“{document}” was issued by another organ; it is issued by: {organ}",
        ),
        "outdated": Text(
            "会议推荐在{held}，会议{opens}召开，超过{months}个月有效期",
            "the recommendation meeting was on {held}; its result is void {months} "
            "{months:month|months} later, before the session opens on {opens}",
        ),
    },
)

CONSULTATION = Rule(
    code="nomination.consultation",
    title=Text("民主协商", "Consultation"),
    reads=(documents(DocumentKind.CONSULTATION),),
    model="NoParameters",
    provider=Organ.UNITED_FRONT,
    reasons={
        "no-document": Text("没有“{document}”", "not on record: {document}"),
        "wrong-organ": WRONG_ORGAN,
    },
)

RULES: tuple[Rule, ...] = (
    RECOMMENDATION,
    PROPOSALS,
    CONSULTATION,
    PLEDGES,
    MUST_TALKS,
    FILMS,
    ACTIVITIES,
    CARDS,
    PUBLICITY,
    LISTS,
    COMMITTEE_MEMBERS,
    COMPLETE,
    ROLL,
    DEPUTY_LISTS,
)
