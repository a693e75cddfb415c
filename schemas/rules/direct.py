"""Rules of the direct election of deputies, before voters vote: committee, seats, roll, lists.

A pack says of which levels it elects the deputies; of those each paper is asked for. At the gate of
the plan what is on record has to be lawful; whether the constituencies are complete is asked at the
nomination, since they are divided once a plan is settled.
"""

from __future__ import annotations

from schemas.rules.base import Among, Reach, Rule, read
from schemas.text import Text
from schemas.vocabulary import Body, Level, NoticeKind, Organ

CONGRESSES = (Body.CONGRESS,)
DIRECT = (Level.COUNTY, Level.TOWNSHIP)
ELECTS_NONE = Text("本单位不由选民选举代表", "no voters elect deputies of this unit")
INDIRECT = Text(
    "本级代表由下一级人大选举，不由选民直接选举",
    "the deputies of this level are elected by the congresses below, not by voters",
)
NOT_ASKED = {"elects-no-deputies": ELECTS_NONE, "elected-indirectly": INDIRECT}
NO_CONSTITUENCIES = Text("没有划分选区的记录", "no constituencies are on record")

CONSTITUENCIES = read(
    "constituencies",
    "constituency unit kind seats townships",
    levels=DIRECT,
    bodies=CONGRESSES,
)
_HERE = read(
    "jurisdictions",
    "jurisdiction name population founding_ethnicity",
    levels=DIRECT,
    bodies=CONGRESSES,
)
_MEMBERS = read("assemblies", "unit members", levels=DIRECT, bodies=CONGRESSES)
ELECTION_DAY = read("calendar", "unit election_day", levels=DIRECT, bodies=CONGRESSES)


ELECTION_COMMITTEE = Rule(
    code="plan.election-committee",
    title=Text("选举委员会的任命", "Election committee appointed"),
    reads=(
        read(
            "election_committees",
            "unit appointed_by appointed_on",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
    ),
    model="LevelsRule",
    provider=Organ.STANDING_COMMITTEE,
    reasons={
        **NOT_ASKED,
        "not-appointed": Text(
            "没有任命选举委员会的记录", "that an election committee was appointed is not on record"
        ),
        "wrong-organ": Text(
            "选举委员会的任命机关不对，应由{organ}任命",
            "the election committee was appointed by another organ; it is appointed by: {organ}",
        ),
    },
    absolute=True,
)

ALLOCATION = Rule(
    code="plan.allocation",
    title=Text("已划分的选区和已分配的名额", "Constituencies and seats, as far as divided"),
    reads=(
        CONSTITUENCIES,
        read(
            "nationality_seats",
            "unit nationality population seats decided_by decided_on",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
        _MEMBERS,
        _HERE,
    ),
    model="direct_parameters.AllocationRule",
    provider=Organ.ELECTION_COMMITTEE,
    reasons={
        **NOT_ASKED,
        "not-one-to-three": Text(
            "选区应选代表{seats}名，应为1至3名",
            "the constituency elects {seats} {seats:deputy|deputies}; it elects one to three",
        ),
        "townships-share": Text(
            "选区应选{seats}名，却有{townships}个乡镇只在本选区，每个乡镇至少应有代表一名",
            "{townships} {townships:township is|townships are} in this constituency alone, which "
            "has {seats} {seats:seat|seats}; each has one deputy at least",
        ),
        "no-members": Text("代表名额没有记录", "the number of deputies is not on record"),
        "no-deputy": Text(
            "聚居的民族没有分配代表名额", "a nationality that lives here together has no deputy"
        ),
        "more-than-everybody": Text(
            "该民族人口{people}，多于全境人口{population}",
            "{people} {people:person|people} of the nationality, more than the {population} who "
            "live here",
        ),
        "under-half": Text(
            "人口不足15%的民族分配{seats}名，每一代表所代表的人口不足全境的二分之一",
            "{seats} {seats:seat|seats} for a nationality of under 15 per cent: fewer than half "
            "the people for a deputy",
        ),
        "over-thirty-percent": Text(
            "人口15%以上不足30%的民族分配{seats}名，超过总名额{members}名的30%",
            "{seats} {seats:seat|seats} for a nationality of 15 to 30 per cent, more than 30 per "
            "cent of all {members}",
        ),
        "not-alike": Text(
            "人口30%以上的民族分配{seats}名，每一代表所代表的人口与全境相差超过{tolerance}%",
            "{seats} {seats:seat|seats} for a nationality of 30 per cent or more: people for a "
            "deputy differ by more than {tolerance} per cent from all",
        ),
    },
    absolute=True,
)

COMMITTEE_MEMBERS = Rule(
    code="nomination.committee-members",
    title=Text("选举委员会成员成为候选人的已辞去", "Committee members who stand have resigned"),
    reads=(
        read(
            "election_committees",
            "unit members_nominated members_resigned",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
    ),
    model="LevelsRule",
    provider=Organ.ELECTION_COMMITTEE,
    reasons={
        **NOT_ASKED,
        "not-said": Text(
            "没有写明选举委员会有几名成员成为代表候选人，没有的填0",
            "how many members of the election committee were nominated is not said; 0 for none",
        ),
        "not-resigned": Text(
            "选举委员会成员{nominated}人成为代表候选人，没有都辞去委员会职务",
            "{nominated} {nominated:member|members} of the election committee stand for deputy, "
            "and not all have left it",
        ),
    },
    absolute=True,
)

_TOWNSHIPS = read(
    "jurisdictions",
    "jurisdiction level",
    Among("level", (Level.TOWNSHIP.value,)),
    reach=Reach.SUBTREE,
    levels=(Level.COUNTY,),
    bodies=CONGRESSES,
    alias="townships",
)
_ALLOTTED = read("nationality_seats", "unit nationality", levels=DIRECT, bodies=CONGRESSES)

COMPLETE = Rule(
    code="nomination.constituencies",
    title=Text("选区划分齐全", "All seats and townships are in constituencies"),
    reads=(CONSTITUENCIES, _ALLOTTED, _MEMBERS, _HERE, _TOWNSHIPS),
    model="LevelsRule",
    provider=Organ.ELECTION_COMMITTEE,
    reasons={
        **NOT_ASKED,
        "no-constituencies": NO_CONSTITUENCIES,
        "no-members": Text("代表名额没有记录", "the number of deputies is not on record"),
        "seats-left": Text(
            "各选区应选合计{seats}名，代表名额{members}名，没有分完",
            "the constituencies have {seats} {seats:seat|seats} of {members}; the others are in "
            "none",
        ),
        "too-many-seats": Text(
            "各选区应选合计{seats}名，多于代表名额{members}名",
            "the constituencies have {seats} {seats:seat|seats}, more than all {members}",
        ),
        "no-nationality-seats": Text(
            "没有自治或建乡民族代表名额的记录：{nationality}",
            "seats for the founding nationality are not on record: {nationality}",
        ),
        "township-left-out": Text(
            "乡镇{township}没有划入任何选区", "township {township} is in no constituency"
        ),
        "unknown-township": Text(
            "选区所含的{township}不是本县的乡镇", "{township} is no township of this county"
        ),
    },
    absolute=True,
)

ROLL = Rule(
    code="nomination.roll",
    title=Text("选民名单问题", "Questions of the voter roll"),
    reads=(
        read("election_committees", "unit roll_questions", levels=DIRECT, bodies=CONGRESSES),
        read(
            "roll_questions",
            "voter unit birth_date ground decision_document on_roll objected_on decided_on "
            "sued_on judged_on",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
        read(
            "notices",
            "unit kind published_on",
            Among("kind", (NoticeKind.VOTER_ROLL.value,)),
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
        ELECTION_DAY,
    ),
    model="LevelsRule",
    provider=Organ.ELECTION_COMMITTEE,
    reasons={
        **NOT_ASKED,
        "no-election-day": Text("时间表没有选举日", "the calendar has no election day"),
        "not-said": Text(
            "没有写明选民名单问题有几人，没有的填0",
            "of how many people the roll was questioned is not said; 0 for none",
        ),
        "numbers-differ": Text(
            "选举委员会写明选民名单问题{said}人，登记的有{recorded}人",
            "the election committee tells of {said} {said:question|questions} of the roll; "
            "{recorded} {recorded:is|are} on record",
        ),
        "under-age": Text(
            "选举日未满18周岁，列入了选民名单", "not yet 18 on election day, and on the roll"
        ),
        "may-not-stay": Text(
            "“{roll_ground}”的仍在选民名单上", "on the roll although: {roll_ground}"
        ),
        "must-stay": Text(
            "“{roll_ground}”不是除名或不予列入的原因",
            "struck or left off the roll, for which this is no ground: {roll_ground}",
        ),
        "no-decision": Text(
            "“{roll_ground}”没有确认或决定的文号", "no decision is on record of: {roll_ground}"
        ),
        "decided-before": Text(
            "处理决定{decided}早于申诉{objected}",
            "decided on {decided}, before the objection of {objected}",
        ),
        "decided-late": Text(
            "申诉{objected}提出，处理决定应在{due}前作出",
            "the objection of {objected} was to be decided by {due}",
        ),
        "to-be-decided": Text(
            "申诉{objected}提出，{due}前作出处理决定",
            "the objection of {objected} is to be decided by {due}",
        ),
        "judged-late": Text(
            "{sued}起诉，应在选举日{election}以前判决",
            "the suit of {sued} was to be judged before election day, {election}",
        ),
        "to-be-judged": Text(
            "{sued}起诉，选举日{election}以前判决",
            "the suit of {sued} is to be judged before election day, {election}",
        ),
    },
    absolute=True,
)

DEPUTY_LISTS = Rule(
    code="nomination.deputy-lists",
    title=Text("代表候选人名单", "Lists of candidates for deputy"),
    reads=(
        CONSTITUENCIES,
        read(
            "deputy_lists",
            "constituency nominated fewest_signers most_by_one preliminary agreed "
            "pre_elected_on final",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
        read(
            "deputy_candidates",
            "deputy_candidate constituency listed elected false_data announced_on foreign_funding",
            levels=DIRECT,
            bodies=CONGRESSES,
        ),
    ),
    model="LevelsRule",
    provider=Organ.ELECTION_COMMITTEE,
    reasons={
        **NOT_ASKED,
        "no-constituencies": NO_CONSTITUENCIES,
        "no-list": Text("选区没有代表候选人名单", "the constituency has no list of candidates"),
        "no-preliminary": Text(
            "选区没有公布初步名单", "the constituency has published no preliminary list"
        ),
        "no-final": Text("选区没有公布正式名单", "the constituency has published no final list"),
        "too-few-signers": Text(
            "一件联名推荐只有{signers}人，应有10人以上",
            "{signers} signed a joint nomination; it takes ten",
        ),
        "too-many-by-one": Text(
            "一个推荐者推荐了{nominated}人，应选只有{seats}名",
            "one nominator nominated {nominated}, for {seats} {seats:seat|seats}",
        ),
        "left-out": Text(
            "依法提名{nominated}人，初步名单只有{preliminary}人，不得增减",
            "{nominated} were lawfully nominated, and the preliminary list has {preliminary}; "
            "none may be left out",
        ),
        "put-in": Text(
            "依法提名{nominated}人，初步名单有{preliminary}人，不得增减",
            "{nominated} were lawfully nominated, and the preliminary list has {preliminary}; "
            "none may be put in",
        ),
        "added": Text(
            "正式名单{final}人，多于初步名单{preliminary}人",
            "the final list has {final}, more than the preliminary with {preliminary}",
        ),
        "not-said-how": Text(
            "初步名单{preliminary}人超过差额，没有写明是否形成较为一致的意见",
            "the preliminary list of {preliminary} was too long; whether voters agreed whom to "
            "keep is not said",
        ),
        "no-pre-election": Text(
            "初步名单{preliminary}人超过差额，没有形成较为一致的意见，也没有预选",
            "the preliminary list of {preliminary} was too long, there was no agreement, and no "
            "pre-election was held",
        ),
        "too-few": Text(
            "应选{seats}名，正式候选人{final}名，应为{least}至{most}名",
            "{final} {final:candidate|candidates} for {seats} {seats:seat|seats}; the law asks for "
            "{least} to {most}",
        ),
        "too-many": Text(
            "应选{seats}名，正式候选人{final}名，应为{least}至{most}名",
            "{final} {final:candidate|candidates} for {seats} {seats:seat|seats}; the law asks for "
            "{least} to {most}",
        ),
        "not-announced": Text(
            "代表候选人基本情况不实，没有向选民通报",
            "false data of a candidate for deputy, which voters were not told of",
        ),
        "foreign-funding": Text(
            "接受境外资助的应从名单除名，当选的无效",
            "whoever took foreign funding is struck off, and not elected",
        ),
    },
    absolute=True,
)
