"""The rule about votes of the direct election of deputies, at the gate before the session votes.

Deputies who were not lawfully elected are not to elect anybody: so it belongs to the slate.
"""

from __future__ import annotations

from schemas.rules.base import Rule, read
from schemas.rules.direct import (
    CONGRESSES,
    CONSTITUENCIES,
    DIRECT,
    ELECTION_DAY,
    NO_CONSTITUENCIES,
    NOT_ASKED,
)
from schemas.text import Text
from schemas.vocabulary import Organ

DIRECT_VOTES = Rule(
    code="slate.direct-votes",
    title=Text("选民直接选举代表的投票", "Voters' votes for deputies"),
    reads=(
        CONSTITUENCIES,
        read(
            "direct_votes",
            "constituency round kind voted_on registered voted returned valid seats elected "
            "fewest_elected most_others",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
        read(
            "deputy_candidates",
            "deputy_candidate constituency listed first_votes further elected",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
        read("deputy_lists", "constituency final", levels=DIRECT, bodies=CONGRESSES),
        ELECTION_DAY,
    ),
    model="direct_parameters.DirectVotesRule",
    provider=Organ.ELECTION_COMMITTEE,
    reasons={
        **NOT_ASKED,
        "no-constituencies": NO_CONSTITUENCIES,
        "no-election-day": Text("时间表没有选举日", "the calendar has no election day"),
        "no-vote": Text("选区没有投票结果", "the constituency has no vote on record"),
        "seats-open": Text(
            "还有{seats}名没有选出，应另行选举或再次投票",
            "{seats} {seats:seat is|seats are} open; they go to a further election, or those tied "
            "are voted on again",
        ),
        "before-election-day": Text(
            "{voted}投票，早于选举日{election}",
            "voted on {voted}, before election day, {election}",
        ),
        "more-than-registered": Text(
            "参加投票{people}人，多于登记选民{registered}人",
            "{people} took part, more than the {registered} registered",
        ),
        "too-many-valid": Text(
            "有效票{valid}张，多于收回{returned}张",
            "{valid} valid {valid:paper|papers} of {returned} returned",
        ),
        "wrong-seats": Text(
            "本次应选{seats}名，应为{open}名",
            "{seats} {seats:seat was|seats were} voted on; {open} {open:was|were} open",
        ),
        "too-many-elected": Text(
            "应选{seats}名，当选{elected}名",
            "{elected} elected for {seats} {seats:seat|seats}",
        ),
        "too-many-papers": Text(
            "收回{returned}张，多于投票人数{people}人，选举无效",
            "{returned} {returned:paper|papers} came back from {people} who took part; the vote "
            "is void",
        ),
        "turnout": Text(
            "登记选民{registered}人，参加投票{people}人，没有过半数，选举无效",
            "{people} of {registered} took part, not more than half; the vote is void",
        ),
        "votes-not-said": Text(
            "没有写明当选人最少得票", "the fewest votes of the elected are not said"
        ),
        "more-votes-than-papers": Text(
            "得票多于有效票{valid}张", "more votes than the {valid} valid {valid:paper|papers}"
        ),
        "no-majority": Text(
            "参加投票{people}人，当选人得{votes}票，没有过半数",
            "elected with {votes} {votes:vote|votes}, not more than half of the {people} who took "
            "part",
        ),
        "no-third": Text(
            "选票{papers}张，当选人得{votes}票，不足三分之一",
            "elected with {votes} {votes:vote|votes}, under a third of {papers} "
            "{papers:paper|papers}",
        ),
        "tied": Text(
            "票数相等（{votes}票）不能确定当选人，应再次投票",
            "tied with {votes} {votes:vote|votes} at the last seat; they are voted on again",
        ),
        "outvoted": Text(
            "当选人最少得{votes}票，落选人最多得{others}票",
            "elected with {votes} {votes:vote|votes}, while somebody with {others} was not",
        ),
        "majority-passed-over": Text(
            "落选人得{others}票，过半数，还有名额没有选出，也没有再次投票",
            "somebody with a majority of {others} was not elected, a seat is open, and those tied "
            "were not voted on again",
        ),
        "no-names": Text(
            "另行选举的候选人没有登记", "the candidates of the further election are not on record"
        ),
        "names-incomplete": Text(
            "首次投票的正式候选人登记{recorded}人，名单有{final}人",
            "{recorded} of the {final} on the list stand on record with their first votes",
        ),
        "new-name": Text(
            "另行选举列入了首次投票没有得票的人：{candidate}",
            "{candidate} stands in the further election and had no votes at first",
        ),
        "out-of-order": Text(
            "另行选举没有按首次得票多少的顺序确定候选人",
            "the further election passes over somebody with more votes at first",
        ),
        "wrong-number": Text(
            "另行选举{seats}名，候选人{candidates}名，应为{least}至{most}名",
            "{candidates} {candidates:candidate|candidates} for {seats} {seats:seat|seats} in the "
            "further election; the law asks for {least} to {most}",
        ),
    },
    absolute=True,
)
