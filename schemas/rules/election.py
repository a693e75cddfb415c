"""Rules of the election stage (选举): the session, the papers, two counts, who is elected."""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Reach, Rule, read
from schemas.rules.election_result import (
    FURTHER_VOTE,
    LATE_REPORTS,
    NO_SESSION,
    SCRUTINEERS,
    WINNERS,
)
from schemas.rules.inspection import NO_CALENDAR
from schemas.rules.selections import CONGRESS_HERE, proposed
from schemas.text import Text
from schemas.vocabulary import Body, DocumentKind, Organ

_TALLIES = read("tallies", "unit post round candidate role officer in_favour against abstained")

SESSION = Rule(
    code="election.session",
    title=Text("会议依法召开", "The session is lawfully held"),
    basis=Text(
        "地方组织法2022第17、19、20条（预备会议、主席团、两个月内召集首次会议）",
        "Organic Law 2022 art. 17, 19, 20 (preparatory meeting, presidium, first session within "
        "two months)",
    ),
    reads=(
        read("sessions", "unit preparatory_on presidium_on opened_on voted_on"),
        read("calendar", "unit deputies_elected_on", bodies=(Body.CONGRESS,)),
    ),
    model="SessionRule",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NO_SESSION,
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
        "voted-before-opening": Text(
            "{voted}投票，早于{opened}开幕",
            "the vote of {voted} came before the opening on {opened}",
        ),
        "opened-late": Text(
            "代表{elected}选举完成，会议{opened}才召开，应不晚于{until}",
            "the deputies were elected on {elected} and the session opened on {opened}; it was "
            "due by {until}",
        ),
    },
    absolute=True,
)

QUORUM = Rule(
    code="election.quorum",
    title=Text("到会法定人数", "Quorum"),
    basis=Text(
        "地方组织法2022第14条（三分之二以上代表出席）；政协按选举办法",
        "Organic Law 2022 art. 14 (two thirds or more); a CPPCC by its own method",
    ),
    reads=(
        read(
            "sessions",
            "unit members present voted_on quorum_numerator quorum_denominator quorum_inclusive",
        ),
        read("assemblies", "unit members", bodies=(Body.CPPCC,)),
        # The assembly of a government is that of the congress, another unit of the same place.
        read(
            "assemblies",
            "unit members",
            NamedBy("unit", ((CONGRESS_HERE, "unit"),)),
            reach=Reach.PLACE,
            bodies=(Body.CONGRESS, Body.GOVERNMENT),
        ),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NO_SESSION,
        "no-assembly": Text(
            "没有代表（委员）名额，无法核对全体人数",
            "the size of the assembly is not on record, so the number of all members cannot be "
            "checked",
        ),
        "no-members": Text("全体代表（委员）为0", "the number of all members is 0"),
        "too-many-members": Text(
            "全体{members}人，超过名额{seats}", "{members} members, but only {seats} seats"
        ),
        "too-many-present": Text(
            "出席{present}人，超过全体{members}人",
            "{present} present out of only {members} members",
        ),
        "no-quorum-rule": Text(
            "选举办法的法定人数“{numerator}/{denominator}”无效",
            "“{numerator}/{denominator}” in the method is no quorum",
        ),
        "no-quorum": Text(
            "出席{present}人，全体{members}人，至少需{needed}人",
            "{present} of {members} members were present; {needed} are needed",
        ),
    },
    absolute=True,
)

METHOD = Rule(
    code="election.method",
    title=Text("选举办法", "The election method"),
    basis=Text(
        "地方组织法2022第14、27、28条；选举法2020第40条（秘密写票处）；政协章程",
        "Organic Law 2022 art. 14, 27, 28; Electoral Law 2020 art. 40 (booth); CPPCC charter",
    ),
    reads=(
        read(
            "sessions",
            "unit voted_on method_by method_on quorum_numerator quorum_denominator secret booth",
        ),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NO_SESSION,
        "not-plenary": Text(
            "选举办法由{organ}通过，应由全体会议通过",
            "the method was adopted by “{organ}”; the plenary session must adopt it",
        ),
        "after-vote": Text(
            "选举办法{adopted}通过，晚于{voted}投票",
            "the method was adopted on {adopted}, after the vote on {voted}",
        ),
        "quorum-too-low": Text(
            "选举办法的法定人数为{numerator}/{denominator}，低于法律规定的三分之二",
            "the method's quorum is {numerator}/{denominator}; the law asks for two thirds",
        ),
        "not-secret": Text("没有采用无记名投票", "the ballot was not secret"),
        "no-booth": Text("没有设秘密写票处", "there was no booth for secret marking"),
    },
    absolute=True,
)

CREDENTIALS = Rule(
    code="election.credentials",
    title=Text("代表资格先审查确认", "Credentials are confirmed before the session"),
    basis=Text(
        "选举法2020第47条；地方组织法2022第37、56、57条",
        "Electoral Law 2020 art. 47; Organic Law 2022 art. 37, 56, 57",
    ),
    reads=(
        read(
            "documents",
            "unit kind issued_by issued_on",
            Among(
                "kind",
                (
                    DocumentKind.CREDENTIALS_REPORT.value,
                    DocumentKind.CREDENTIALS_CONFIRMED.value,
                ),
            ),
            bodies=(Body.CONGRESS,),
        ),
        read("sessions", "unit opened_on voted_on"),
    ),
    model="NoParameters",
    provider=Organ.CREDENTIALS_COMMITTEE,
    reasons={
        "no-congress": Text(
            "非人大单位，没有代表资格审查", "not a congress; it has no credentials"
        ),
        "no-document": Text("没有“{document}”", "there is no “{document}”"),
        "no-session": NO_SESSION,
        "wrong-issuer": Text(
            "“{document}”由{organ}作出，不是法定机关",
            "“{document}” was issued by “{organ}”, which is not the lawful organ",
        ),
        "confirmed-before-report": Text(
            "{confirmed}确认，早于{reported}的审查报告",
            "confirmed on {confirmed}, before the report of {reported}",
        ),
        "confirmed-after-opening": Text(
            "{confirmed}确认，晚于{opened}开幕",
            "confirmed on {confirmed}, after the session opened on {opened}",
        ),
    },
    absolute=True,
)

PAPERS = Rule(
    code="election.papers",
    title=Text("选票逐张清点相符", "Every ballot paper is accounted for"),
    basis=Text(
        "选举法2020第43、44条；选举办法（发出、收回、有效、废票）",
        "Electoral Law 2020 art. 43, 44; the method (issued, returned, valid, void)",
    ),
    reads=(
        read("posts", "unit post"),
        read("ballots", "unit post round issued returned not_returned valid void"),
        read("sessions", "unit present voted_on"),
    ),
    model="NoParameters",
    provider=Organ.SCRUTINEER,
    reasons={
        "no-session": NO_SESSION,
        "no-vote": Text("此职位尚未投票", "nobody has voted on this post yet"),
        "unknown-post": Text(
            "选票上的职位不是本单位的职位", "the ballot's post is not of this unit"
        ),
        "too-many-issued": Text(
            "发出{issued}张，多于出席{present}人", "{issued} papers for {present} people present"
        ),
        "too-many-returned": Text(
            "收回{returned}张，多于发出{issued}张，选举无效，应重新投票",
            "{returned} papers came back of {issued}; the vote is void and must be repeated",
        ),
        "papers-lost": Text(
            "发出{issued}张，收回{returned}张加未收回{outstanding}张不等",
            "{issued} issued is not {returned} returned plus {outstanding} not returned",
        ),
        "papers-uncounted": Text(
            "收回{returned}张，有效{valid}张加废票{void}张不等",
            "{returned} returned is not {valid} valid plus {void} void",
        ),
    },
    absolute=True,
)

COUNTS = Rule(
    code="election.counts",
    title=Text("两次独立计票一致", "Two independent counts agree"),
    basis=Text(
        "选举法2020第43、44条；选举办法（计票报告单）",
        "Electoral Law 2020 art. 43, 44; the method (report of the count)",
    ),
    reads=(
        proposed("post"),
        read(
            "candidates",
            "candidate unit status post",
            NamedBy("candidate", ((_TALLIES, "candidate"),)),
        ),
        read("ballots", "unit post round seats valid"),
        _TALLIES,
    ),
    model="NoParameters",
    provider=Organ.SCRUTINEER,
    reasons={
        "no-count": Text("缺少{count_role}结果", "there is no {count_role}"),
        "no-ballot": Text(
            "计票对应的选票没有登记", "the votes counted belong to no ballot on record"
        ),
        "not-a-candidate": Text(
            "计票对象不是此职位的人选", "the votes were counted for nobody proposed for this post"
        ),
        "counts-differ": Text(
            "第一计票赞成{first}票，第二计票赞成{second}票，或反对、弃权数不同，应重新计票",
            "the counts differ: {first} and {second} in favour, or other numbers against or "
            "abstained; count again",
        ),
        "same-counter": Text(
            "两次计票都由{officer}负责，应由不同的人计票",
            "{officer} made both counts; they must be by different people",
        ),
        "not-all-papers": Text(
            "赞成、反对、弃权合计{counted}票，有效票{valid}张，应相等",
            "in favour, against and abstained make {counted}; there are {valid} valid papers",
        ),
        "more-than-papers": Text(
            "另选他人得{counted}票，超过有效票{valid}张",
            "{counted} votes for a write-in on {valid} valid papers",
        ),
        "too-many-marks": Text(
            "赞成票合计{marks}，超过有效票{valid}张乘应选{seats}名",
            "{marks} votes in favour; {valid} valid papers for {seats} seats allow fewer",
        ),
    },
    absolute=True,
)

RULES: tuple[Rule, ...] = (
    SESSION,
    QUORUM,
    METHOD,
    CREDENTIALS,
    PAPERS,
    COUNTS,
    SCRUTINEERS,
    WINNERS,
    FURTHER_VOTE,
    LATE_REPORTS,
)
