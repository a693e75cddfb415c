"""Rules of the election stage (选举): papers and counts, with those of session and result."""

from __future__ import annotations

from schemas.rules.base import NamedBy, Rule, read
from schemas.rules.election_deputies import DEPUTIES
from schemas.rules.election_halls import HALLS, SIGNS
from schemas.rules.election_result import (
    DECLARED_VOID,
    FURTHER_VOTE,
    LATE_REPORTS,
    NO_SESSION,
    SCRUTINEERS,
    WINNERS,
)
from schemas.rules.election_session import CREDENTIALS, METHOD, QUORUM, SESSION
from schemas.rules.selections import MEMBERS, counters, of_proposed, proposed
from schemas.text import Text
from schemas.vocabulary import Organ

_TALLIES = read(
    "tallies", "unit post round candidate role officer in_favour against abstained unclear"
)
PAPERS = Rule(
    code="result.papers",
    title=Text("选票逐张清点相符", "Every ballot paper is accounted for"),
    reads=(
        read("posts", "unit post"),
        read(
            "ballots",
            "unit post round issued returned not_returned valid void voted_on present annulled "
            "paper printed unused spoiled",
        ),
        read(
            "sessions",
            "unit present voted_on quorum_numerator quorum_denominator quorum_inclusive",
        ),
        *MEMBERS,
    ),
    model="NoParameters",
    provider=Organ.SCRUTINEER,
    reasons={
        "no-session": NO_SESSION,
        "no-vote": Text("此职位尚未投票", "nobody has voted on this post yet"),
        "unknown-post": Text(
            "选票上的职位不是本单位的职位", "the ballot's post is not of this unit"
        ),
        "declared-void": DECLARED_VOID,
        "void-without-cause": Text(
            "收回{returned}张不多于发出{issued}张、到会足数，不应宣布无效",
            "{returned} {returned:paper|papers} came back of {issued} issued, and enough were "
            "present; there is no cause to declare the vote void",
        ),
        "printed-not-accounted": Text(
            "印制{printed}张，发出{issued}张加未发出{unused}张加换发作废{spoiled}张不等",
            "{printed} printed is not {issued} issued plus {unused} not issued plus {spoiled} "
            "spoiled and replaced",
        ),
        "paper-shared": Text(
            "与{post}合用一张选票，印制、发出、收回应相同",
            "on one paper with {post}; as many must be printed, issued and returned of both",
        ),
        "too-many-issued": Text(
            "发出{issued}张，多于出席{present}人",
            "{issued} {issued:paper|papers} for {present} {present:person|people} present",
        ),
        "too-many-returned": Text(
            "收回{returned}张，多于发出{issued}张，应宣布无效并重新投票，两次都登记",
            "{returned} {returned:paper|papers} came back of {issued}; declare the vote void, "
            "repeat it, and put both on record",
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
    code="result.counts",
    title=Text("两次独立计票一致", "Two independent counts agree"),
    reads=(
        proposed("post person"),
        read(
            "candidates",
            "candidate unit status post person",
            NamedBy("candidate", ((_TALLIES, "candidate"),)),
        ),
        of_proposed("nominations", "nominated_on"),
        read("ballots", "unit post round seats valid voted_on present annulled"),
        read("sessions", "unit voted_on present"),
        _TALLIES,
        counters(_TALLIES),
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
            "两次计票的“{mark}”数不同：第一计票{first}，第二计票{second}，应重新计票",
            "the counts differ in “{mark}”: {first} in the first, {second} in the second; count "
            "again",
        ),
        "same-counter": Text(
            "两次计票都由{officer}负责，应由不同的人计票",
            "{officer} made both counts; they must be by different people",
        ),
        "declared-void": DECLARED_VOID,
        "unknown-counter": Text(
            "计票的责任人员{officer}不在本级或上级的登记中",
            "{officer}, who counted, is no officer of the place or above",
        ),
        "marks-on-write-in": Text(
            "另选他人有{others}个反对、弃权或无法辨认的符号，另选只有赞成",
            "{others} {others:mark|marks} other than in favour for a name that was written in; "
            "there are none",
        ),
        "not-all-papers": Text(
            "赞成、反对、弃权、无法辨认合计{counted}票，有效票{valid}张，应相等",
            "in favour, against, abstained and unreadable make {counted}; valid papers: {valid}",
        ),
        "more-than-papers": Text(
            "同一人得{counted}票，超过有效票{valid}张",
            "{counted} {counted:vote|votes} for one person on {valid} valid {valid:paper|papers}",
        ),
        "too-many-marks": Text(
            "赞成票合计{marks}，超过有效票{valid}张乘应选{seats}名",
            "{marks} {marks:vote|votes} in favour; {valid} valid {valid:paper|papers} for {seats} "
            "{seats:seat|seats} allow fewer",
        ),
    },
    absolute=True,
)

RULES: tuple[Rule, ...] = (
    SESSION,
    METHOD,
    CREDENTIALS,
    DEPUTIES,
    LATE_REPORTS,
    QUORUM,
    PAPERS,
    COUNTS,
    HALLS,
    SIGNS,
    SCRUTINEERS,
    WINNERS,
    FURTHER_VOTE,
)
