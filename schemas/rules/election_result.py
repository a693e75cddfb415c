"""Rules of the election stage about its result: staff, winners, further votes, late reports."""

from __future__ import annotations

from schemas.rules.base import NamedBy, Read, Rule, read
from schemas.rules.returns import return_reasons
from schemas.rules.selections import FIRST_COUNT, MEMBERS, ON_THE_LIST, counters, returned
from schemas.text import Text
from schemas.vocabulary import Organ

NO_SESSION = Text("尚未投票，没有会议记录", "no session that has voted is on record")
NOT_OPENED = Text("会议尚未开幕", "no session that has opened is on record")
NO_CREDENTIALS = Text(
    "没有登记全体代表（委员）人数", "the number of all deputies or members is not on record"
)
DECLARED_VOID = Text("已宣布无效，由下一次投票代替", "declared void; the next vote takes its place")

_STAFF = read("ballot_staff", "unit person role")
_COUNTS = read("tallies", "unit officer")
_COUNTERS = counters(_COUNTS)
_LISTED = read("candidates", "candidate unit person status", ON_THE_LIST)
_POSTS = read("posts", "unit post kind seats")
_FIRST_COUNTS = read("tallies", "unit post candidate round role in_favour", FIRST_COUNT)
_STOOD = "candidate unit post person status"


def _kin(candidate: str, staff: str) -> Read:
    """Kin of candidates among the staff, whichever of the two named the other."""
    handling = NamedBy(staff, ((_STAFF, "person"), (_COUNTERS, "person")))
    ends = NamedBy(candidate, ((_LISTED, "person"),)), handling
    return read("kin", "person kin kinship", *ends)


SCRUTINEERS = Rule(
    code="result.scrutineers",
    title=Text("监票计票人员回避", "Who handles the papers is no candidate and no kin of one"),
    reads=(
        _STAFF,
        _COUNTS,
        _COUNTERS,
        _LISTED,
        _kin("person", "kin"),
        _kin("kin", "person"),
        *returned("kin"),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        **return_reasons("亲属关系", "kin relations"),
        "no-scrutineer": Text("没有监票人", "there is no scrutineer"),
        "no-teller": Text("没有计票人", "there is no teller"),
        "is-candidate": Text(
            "此人就是人选{candidate}，不得监票计票",
            "this person is candidate {candidate} and may not handle the papers",
        ),
        "is-kin": Text(
            "此人是人选{candidate}的近亲属（{kinship}），不得监票计票",
            "this person is kin ({kinship}) of candidate {candidate} and may not handle the papers",
        ),
        "not-listed": Text(
            "此人作了计票，但不在监票人、计票人名单上",
            "this person made a count and is not listed as scrutineer or teller",
        ),
    },
    absolute=True,
)

WINNERS = Rule(
    code="result.winners",
    title=Text("当选结果依法确定", "Who is declared elected is elected"),
    reads=(
        read(
            "candidates",
            "candidate unit post person status ethnicity assembly_member incompatible_office "
            "will_resign",
        ),
        _POSTS,
        read("ballots", "unit post round kind voted_on present annulled"),
        _FIRST_COUNTS,
        read("results", "unit post candidate round elected declared_by declared_on voided_on"),
        read("sessions", "unit voted_on present"),
        *MEMBERS,
        read("jurisdictions", "jurisdiction founding_ethnicity"),
    ),
    model="WinnersRule",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NO_SESSION,
        "no-credentials": NO_CREDENTIALS,
        "counted-as-another": Text(
            "与人选{candidate}是同一人，得票合计在该编号下",
            "the same person as candidate {candidate}, under whose id the votes are added up",
        ),
        "declared-as-another": Text(
            "与人选{candidate}是同一人，当选应登记在该编号下",
            "the same person as candidate {candidate}, under whose id the election is to be "
            "declared",
        ),
        "not-standing": Text(
            "已退出、取消资格或预选落选，或无人另选",
            "withdrew, was excluded, lost the pre-election, or was written in by nobody",
        ),
        "not-a-candidate": Text(
            "宣布了结果，但不是此职位的人选", "a result was declared for no candidate for this post"
        ),
        "struck-off": Text(
            "宣布当选，但已退出或取消资格", "declared elected, but had withdrawn or been excluded"
        ),
        "not-counted": Text("没有第一计票结果", "the first count has no votes on record"),
        "no-majority": Text(
            "宣布当选，但得{votes}票，全体{members}人，须{needed}票",
            "declared elected with {votes} {votes:vote|votes}; {needed} {needed:is|are} needed, "
            "half of all {members} and more",
        ),
        "tied": Text(
            "宣布当选，但{votes}票与他人相同，无法确定，应再次投票",
            "declared elected with {votes} {votes:vote|votes}, tied at the last seat; vote again "
            "among the tied",
        ),
        "outvoted": Text(
            "宣布当选，但{votes}票不在应选名额之内",
            "declared elected with {votes} {votes:vote|votes}, but others with more fill the seats",
        ),
        "not-declared": Text(
            "第{round}次投票得{votes}票当选，却未宣布当选",
            "elected in vote {round} with {votes} {votes:vote|votes}, but not declared so",
        ),
        "wrong-round": Text(
            "第{round}次投票当选，却登记为第{declared}次",
            "elected in vote {round}, but declared for vote {declared}",
        ),
        "not-a-deputy": Text(
            "另选当选，但不是本届代表（委员）",
            "elected as a write-in, but no deputy (member) of this assembly",
        ),
        "incompatible-office": Text(
            "另选当选，但任不得兼任的职务且未承诺辞去",
            "elected as a write-in, but holds an incompatible office without promising to resign",
        ),
        "wrong-ethnicity": Text(
            "另选当选民族乡乡长，但不是建乡的少数民族公民",
            "elected head of an ethnic township as a write-in, but not of its founding ethnicity",
        ),
        "no-result": Text("没有宣布结果", "no result has been declared"),
        "wrong-organ": Text(
            "由{organ}宣布，不是法定或选举办法规定的机关",
            "declared by “{organ}”, which neither the law nor the method names",
        ),
        "declared-before-vote": Text(
            "{declared}宣布，早于{voted}投票", "declared on {declared}, before the vote on {voted}"
        ),
    },
    absolute=True,
)

FURTHER_VOTE = Rule(
    code="result.further-vote",
    title=Text("同票再投、不足另选", "Ties are voted on again, open seats get a further election"),
    reads=(
        _POSTS,
        read("candidates", _STOOD, ON_THE_LIST),
        # Whoever was struck off after a vote stays in its arithmetic.
        read("candidates", _STOOD, NamedBy("candidate", ((_FIRST_COUNTS, "candidate"),))),
        read("ballots", "unit post round kind seats issued voted_on present annulled"),
        _FIRST_COUNTS,
        read(
            "results",
            "unit post candidate elected declared_on voided_on",
            NamedBy("post", ((_POSTS, "post"),)),
        ),
        read(
            "sessions",
            "unit voted_on present quorum_numerator quorum_denominator quorum_inclusive",
        ),
        *MEMBERS,
        read("vacancies", "unit post seats decided_by decided_on"),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "no-session": NO_SESSION,
        "no-vote": Text("此职位尚未投票", "nobody has voted on this post yet"),
        "no-seats": Text("此职位应选0名", "this post has 0 seats"),
        "vote-missing": Text(
            "此职位登记了{votes}次投票，轮次没有从1起连续编号",
            "{votes} {votes:vote|votes} on this post {votes:is|are} on record, but not numbered "
            "from 1 to {votes}",
        ),
        "tie-not-broken": Text(
            "前次同票应再次投票，第{round}次却是“{vote}”",
            "after a tie the tied are voted on again, but vote {round} was a “{vote}”",
        ),
        "wrong-kind": Text(
            "第{round}次投票登记为“{vote}”，与前次结果不符",
            "vote {round} is recorded as “{vote}”, which does not follow from the votes before",
        ),
        "only-void-votes": Text(
            "投票已宣布无效，尚未重新投票", "the vote was declared void and not yet repeated"
        ),
        "no-quorum": Text(
            "到会或参加投票的人数不足法定人数，投票不成立，应宣布无效并重新投票",
            "too few were present or took part, so there was no lawful vote; declare it void and "
            "repeat it",
        ),
        "not-left-by-plenary": Text(
            "不足名额留待下次会议由{organ}决定，应由大会决定",
            "“{organ}” decided to leave the open seats to the next session; the congress decides",
        ),
        "left-before-vote": Text(
            "{decided}决定将不足名额留待下次会议，早于{voted}投票",
            "the open seats were left to the next session on {decided}, before the vote on {voted}",
        ),
        "wrong-left": Text(
            "决定留待下次会议{left}名，尚缺{open}名",
            "{left} {left:seat|seats} {left:was|were} left to the next session; {open} "
            "{open:is|are} open",
        ),
        "not-counted": Text("第{round}次投票没有第一计票结果", "vote {round} has no first count"),
        "not-the-tied": Text(
            "第{round}次再次投票的人选不是前次同票的人选",
            "vote {round} was not among exactly those who had tied",
        ),
        "needless": Text(
            "名额已选满，不应再有第{round}次投票",
            "all seats were filled, yet vote {round} was held",
        ),
        "wrong-seats": Text(
            "第{round}次投票应选{seats}名，尚缺{needed}名",
            "vote {round} was for {seats} {seats:seat|seats}; {needed} {needed:was|were} open",
        ),
        "stood-again": Text(
            "第{round}次投票的人选中有已当选的人选",
            "somebody elected before stood again in vote {round}",
        ),
        "no-choice": Text(
            "第{round}次投票为另行选举，{candidates}名人选选{seats}名，依法至少{least}名",
            "further election {round} offered {candidates} {candidates:candidate|candidates} for "
            "{seats} {seats:seat|seats}; the law asks for {least} at least",
        ),
        "too-many-candidates": Text(
            "第{round}次投票为另行选举，{candidates}名人选选{seats}名，依法至多{most}名",
            "further election {round} offered {candidates} {candidates:candidate|candidates} for "
            "{seats} {seats:seat|seats}; the law allows {most} at most",
        ),
        "too-many-elected": Text(
            "宣布当选{elected}名，应选{seats}名",
            "{elected} {elected:was|were} declared elected for {seats} {seats:seat|seats}",
        ),
        "tie": Text(
            "{tied}名人选同票争{open}个名额，应再次投票",
            "{tied} {tied:candidate|candidates} tied for {open} {open:seat|seats}; vote again "
            "among them",
        ),
        "short": Text(
            "应选{seats}名，当选{elected}名，不足的名额应另行选举，或由大会决定留待下次会议",
            "{elected} elected for {seats} {seats:seat|seats}; the others need a further "
            "election, at this session or, if the congress so decides, at the next",
        ),
    },
    absolute=True,
)

LATE_REPORTS = Rule(
    code="slate.late-reports",
    title=Text("举报未查清，暂不交付表决", "Reports before the vote are settled before the vote"),
    reads=(
        read("reports", "report unit received_on clear_leads concrete closed_on"),
        read("sessions", "unit opened_on voted_on"),
        read("ballots", "unit voted_on annulled"),
        *returned("reports"),
    ),
    model="NoParameters",
    provider=Organ.DISCIPLINE,
    reasons={
        **return_reasons("举报", "reports"),
        "unspecific": Text("线索不清或内容不具体", "without clear leads and concrete content"),
        "after-vote": Text(
            "{received}受理，在{voted}投票之后",
            "received on {received}, after the vote on {voted}",
        ),
        "open": Text(
            "{received}的举报尚未查清，暂不交付表决",
            "the report of {received} is not settled; hold the vote",
        ),
        "no-session": NOT_OPENED,
        "settled-late": Text(
            "{received}的举报{closed}才查清，{voted}已投票，不应交付表决",
            "the report of {received} was settled on {closed}, but the vote on {voted} was "
            "not held back",
        ),
    },
    absolute=True,
)
