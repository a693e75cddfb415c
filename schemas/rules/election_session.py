"""Rules of the election stage about its session: how it is held, quorum, method, credentials."""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Reach, Rule, read
from schemas.rules.election_result import DECLARED_VOID, NO_CREDENTIALS, NO_SESSION, NOT_OPENED
from schemas.rules.inspection_reports import NO_CALENDAR
from schemas.rules.selections import MEMBERS, documents, of_assembly
from schemas.text import Text
from schemas.vocabulary import Body, DocumentKind, Level, NoticeKind, Organ

_COUNTIES = read(
    "jurisdictions", "jurisdiction", Among("level", (Level.COUNTY.value,)), reach=Reach.SUBTREE
)
_COUNTY_CONGRESSES = read(
    "units",
    "unit",
    Among("body", (Body.CONGRESS.value,)),
    NamedBy("jurisdiction", ((_COUNTIES, "jurisdiction"),)),
    reach=Reach.SUBTREE,
)

SESSION = Rule(
    code="slate.session",
    title=Text("会议依法召开", "The session is lawfully held"),
    reads=(
        read("sessions", "unit preparatory_on presidium_on opened_on voted_on"),
        read("calendar", "unit deputies_elected_on", bodies=(Body.CONGRESS,)),
        read(
            "sessions",
            "opened_on",
            NamedBy("unit", ((_COUNTY_CONGRESSES, "unit"),)),
            reach=Reach.SUBTREE,
            levels=(Level.CITY,),
            bodies=(Body.CONGRESS,),
            alias="sessions_below",
        ),
    ),
    model="SessionRule",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NOT_OPENED,
        "no-calendar": NO_CALENDAR,
        "no-election-day": Text(
            "时间表没有代表选举完成日期", "the calendar does not say when the deputies were elected"
        ),
        "no-preparatory-meeting": Text(
            "没有预备会议，县级以上人大须先开预备会议",
            "no preparatory meeting; a congress of a county or above holds one first",
        ),
        "preparatory-after-opening": Text(
            "预备会议{preparatory}在{opened}开幕之后",
            "the preparatory meeting of {preparatory} came after the opening on {opened}",
        ),
        "presidium-after-opening": Text(
            "主席团{presidium}产生，在{opened}开幕之后",
            "the presidium was elected on {presidium}, after the opening on {opened}",
        ),
        "presidium-after-vote": Text(
            "主席团{presidium}产生，在{voted}投票之后",
            "the presidium was elected on {presidium}, after the vote on {voted}",
        ),
        "presidium-not-in-preparatory": Text(
            "主席团{presidium}产生，应由{preparatory}的预备会议选举",
            "the presidium was elected on {presidium}; the preparatory meeting of {preparatory} "
            "elects it",
        ),
        "presidium-before-session": Text(
            "主席团{presidium}产生，早于{opened}开幕，应在会议期间选举",
            "the presidium was elected on {presidium}, before the opening on {opened}; the session "
            "elects it",
        ),
        "voted-before-opening": Text(
            "{voted}投票，早于{opened}开幕",
            "the vote of {voted} came before the opening on {opened}",
        ),
        "opened-late": Text(
            "代表{elected}选举完成，会议{opened}才召开，应不晚于{until}",
            "the deputies were elected on {elected} and the session opened on {opened}; it was "
            "due by {until}",
        ),
        "elected-before-counties": Text(
            "市代表{elected}选举完成，早于{opened}开幕的县区人大会议，市代表由县区人大选举",
            "the city's deputies were elected on {elected}, before a county's congress opened on "
            "{opened}; the congresses of the counties elect them",
        ),
    },
    absolute=True,
)

QUORUM = Rule(
    code="result.quorum",
    title=Text("到会法定人数", "Quorum"),
    reads=(
        read(
            "sessions",
            "unit present voted_on quorum_numerator quorum_denominator quorum_inclusive",
        ),
        read("ballots", "unit post round issued voted_on present annulled"),
        *MEMBERS,
        *of_assembly("assemblies", "members"),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NO_SESSION,
        "no-credentials": NO_CREDENTIALS,
        "annulled": DECLARED_VOID,
        "no-assembly": Text(
            "没有代表（委员）名额，无法核对全体人数",
            "the size of the assembly is not on record, so the number of all members cannot be "
            "checked",
        ),
        "no-members": Text("全体代表（委员）为0", "the number of all members is 0"),
        "too-many-members": Text(
            "全体{members}人，超过名额{seats}",
            "{members} {members:member|members}, but only {seats} {seats:seat|seats}",
        ),
        "too-many-present": Text(
            "出席{present}人，超过全体{members}人",
            "{present} present out of only {members} {members:member|members}",
        ),
        "no-quorum-rule": Text(
            "选举办法的法定人数“{numerator}/{denominator}”无效",
            "“{numerator}/{denominator}” in the method is no quorum",
        ),
        "no-quorum": Text(
            "出席{present}人，全体{members}人，至少需{needed}人",
            "{present} of {members} {members:member|members} {members:was|were} present; {needed} "
            "{needed:is|are} needed",
        ),
        "too-few-papers": Text(
            "只发出选票{issued}张，全体{members}人，至少需{needed}人参加投票",
            "only {issued} {issued:paper|papers} {issued:was|were} issued for {members} "
            "{members:member|members}; {needed} must take part",
        ),
    },
    absolute=True,
)

METHOD = Rule(
    code="slate.method",
    title=Text("选举办法", "The election method"),
    reads=(
        read(
            "sessions",
            "unit opened_on voted_on method_by method_on quorum_numerator quorum_denominator "
            "quorum_inclusive secret booth",
        ),
    ),
    model="MethodRule",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NOT_OPENED,
        "not-adopted": Text(
            "选举办法{adopted}才通过", "the method is to be adopted on {adopted} only"
        ),
        "not-plenary": Text(
            "选举办法由{organ}通过，应由全体会议通过",
            "the method was adopted by “{organ}”; the plenary session must adopt it",
        ),
        "after-vote": Text(
            "选举办法{adopted}通过，晚于{voted}投票",
            "the method was adopted on {adopted}, after the vote on {voted}",
        ),
        "quorum-too-low": Text(
            "选举办法的法定人数为{numerator}/{denominator}，"
            "低于规定的{lawful_numerator}/{lawful_denominator}",
            "the method's quorum is {numerator}/{denominator}, below the "
            "{lawful_numerator}/{lawful_denominator} that is asked for",
        ),
        "not-secret": Text("没有采用无记名投票", "the ballot was not secret"),
        "no-booth": Text(
            "没有设秘密写票处，本地规定须设",
            "there was no booth for secret marking, which the local rules ask for",
        ),
    },
    absolute=True,
)

CREDENTIALS = Rule(
    code="slate.credentials",
    title=Text(
        "代表资格先审查确认、名单先公布",
        "Credentials are confirmed and the list published before the session",
    ),
    reads=(
        documents(
            DocumentKind.CREDENTIALS_REPORT,
            DocumentKind.CREDENTIALS_CONFIRMED,
            bodies=(Body.CONGRESS,),
        ),
        read(
            "notices",
            "unit kind published_on",
            Among("kind", (NoticeKind.DEPUTIES_ELECTED.value,)),
            bodies=(Body.CONGRESS,),
        ),
        read("sessions", "unit opened_on"),
    ),
    model="NoParameters",
    provider=Organ.CREDENTIALS_COMMITTEE,
    reasons={
        "no-congress": Text(
            "非人大单位，没有代表资格审查", "not a congress; it has no credentials"
        ),
        "no-document": Text("没有“{document}”", "there is no “{document}”"),
        "no-session": NOT_OPENED,
        "wrong-issuer": Text(
            "“{document}”由{organ}作出，不是法定机关",
            "“{document}” was issued by “{organ}”, which is not the lawful organ",
        ),
        "confirmed-before-report": Text(
            "{confirmed}确认，早于{reported}的审查报告",
            "confirmed on {confirmed}, before the report of {reported}",
        ),
        "no-list": Text("没有公布代表名单", "the list of deputies was not published"),
        "list-before-confirmed": Text(
            "代表名单{published}公布，早于{confirmed}的资格确认",
            "the list of deputies was published on {published}, before the credentials were "
            "confirmed on {confirmed}",
        ),
        "confirmed-after-opening": Text(
            "{confirmed}确认，应早于{opened}开幕",
            "confirmed on {confirmed}, which is not before the session opened on {opened}",
        ),
        "list-after-opening": Text(
            "代表名单{published}公布，应早于{opened}开幕",
            "the list of deputies was published on {published}, which is not before the session "
            "opened on {opened}",
        ),
    },
    absolute=True,
)
