"""Rules of the gate before the vote (`slate`): who stands, by whose nomination, on which papers."""

from __future__ import annotations

from dataclasses import replace

from schemas.rules.base import Among, NamedBy, Rule, read
from schemas.rules.direct_votes import DIRECT_VOTES
from schemas.rules.election_deputies import signing
from schemas.rules.nomination import WRONG_ORGAN
from schemas.rules.nomination_conduct import NO_CALENDAR
from schemas.rules.selections import (
    documents,
    from_the_floor,
    nominees,
    of_proposed,
    proposed,
)
from schemas.rules.vetting import AVOIDANCE, SANCTIONS, avoidance_reads, sanctions_reads
from schemas.text import Text
from schemas.vocabulary import Body, DocumentKind, Level, NoticeKind, Organ

NOMINATIONS = read(
    "nominations",
    "nomination unit post candidate channel nominated_on",
    NamedBy("candidate", ((nominees(), "candidate"),)),
)
# Whoever is nominated for a further election (地方组织法 art. 29) is not of the first slate.
VOTED = read("sessions", "unit opened_on voted_on")
_SIGNED = NamedBy("nomination", ((NOMINATIONS, "nomination"),))

DIFFERENTIAL = Rule(
    code="slate.differential",
    title=Text("差额", "Number of candidates for each post"),
    reads=(
        read("posts", "unit post kind seats"),
        nominees("post"),
        NOMINATIONS,
        VOTED,
        read(
            "deliberations",
            "unit closed_on",
            bodies=(Body.CONGRESS, Body.GOVERNMENT),
            levels=(Level.CITY, Level.COUNTY),
        ),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "zero-seats": Text("应选名额为0", "the post has no seats"),
        "no-candidates": Text(
            "没有人选，应选{seats}名", "no candidates for {seats} {seats:seat|seats}"
        ),
        "no-lawful-number": Text(
            "应选委员{seats}名时没有合法的差额数，应调整名额",
            "for {seats} committee {seats:seat|seats} no number of candidates is lawful; change "
            "the seats",
        ),
        "nominations-open": Text(
            "应选{seats}名，人选{candidates}名，提名结束时应为{least}至{most}名",
            "{candidates} {candidates:candidate|candidates} for {seats} {seats:seat|seats} so far; "
            "{least} to {most} are due when nominations end",
        ),
        "too-few": Text(
            "应选{seats}名，人选{candidates}名，应为{least}至{most}名",
            "{candidates} {candidates:candidate|candidates} for {seats} {seats:seat|seats} "
            "{candidates:is|are} too few: {least} to {most}",
        ),
        "too-many": Text(
            "应选{seats}名，人选{candidates}名，应为{least}至{most}名，超过的须预选",
            "{candidates} {candidates:candidate|candidates} for {seats} {seats:seat|seats} "
            "{candidates:is|are} too many: {least} to {most}; more need a pre-election",
        ),
    },
    absolute=True,
)

CHANNEL = Rule(
    code="slate.channel",
    title=Text("提名方式", "Who nominated"),
    reads=(
        nominees("post"),
        NOMINATIONS,
        read("signers", "nomination deputy", _SIGNED),
        *signing(read("signers", "deputy", _SIGNED)),
        read("sessions", "unit presidium_on"),
    ),
    model="ChannelRule",
    provider=Organ.PRESIDIUM,
    reasons={
        "not-nominated": Text("没有提名记录", "no nomination is on record"),
        "another-post": Text(
            "提名{nomination}所提职位与人选职位不一致",
            "nomination {nomination} is for another post than the candidate's",
        ),
        "not-from-the-floor": Text(
            "{nomination}由主席团提名，人选状态却是“代表联名提名”；主席团提名的人选须经考察",
            "nomination {nomination} is the presidium's, yet the candidate stands as nominated on "
            "the floor; whom the presidium nominates is vetted",
        ),
        "no-presidium": Text(
            "提名{nomination}由主席团提出，但没有主席团产生的记录",
            "nomination {nomination} is the presidium's, and no presidium is on record",
        ),
        "before-the-presidium": Text(
            "提名{nomination}在{nominated}，主席团{elected}才产生",
            "nomination {nomination} is of {nominated}; the presidium was elected on {elected}",
        ),
        "wrong-channel": Text(
            "提名{nomination}的方式“{nomination_channel}”不适用于本班子",
            "nomination {nomination} came by a channel this body does not have: "
            "{nomination_channel}",
        ),
        "too-few-signers": Text(
            "联名的在任代表{signers}人，应不少于{needed}人",
            "{signers} {signers:deputy|deputies} in office signed the joint nomination; {needed} "
            "{needed:is|are} needed",
        ),
    },
    absolute=True,
)

CAPS = Rule(
    code="slate.caps",
    title=Text("提名人数上限", "Nobody nominates more than there are seats"),
    reads=(
        read("posts", "unit post seats"),
        nominees("post"),
        NOMINATIONS,
        VOTED,
        read("signers", "nomination deputy", _SIGNED),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "consultation": Text(
            "政协人选由协商提名，不适用", "CPPCC candidates come from consultation; there is no cap"
        ),
        "not-nominated": Text("本职位没有提名记录", "no nomination for the post is on record"),
        "presidium": Text(
            "主席团提名{candidates}名，不得超过应选{seats}名",
            "the presidium nominated {candidates}; it may nominate {seats} at most",
        ),
        "deputies": Text(
            "{deputies}名代表联名提名超过应选{seats}名，如{deputy}",
            "{deputies} {deputies:deputy|deputies}, {deputy} among them, signed for more than the "
            "{seats} {seats:seat|seats}",
        ),
    },
    absolute=True,
)

ELIGIBILITY = Rule(
    code="slate.eligibility",
    title=Text("法定任职条件", "Legal eligibility"),
    reads=(
        nominees("post birth_date ethnicity assembly_member incompatible_office will_resign"),
        read("posts", "unit post kind"),
        read("jurisdictions", "jurisdiction name founding_ethnicity", bodies=(Body.GOVERNMENT,)),
        read("calendar", "unit session_closes_on"),
        VOTED,
    ),
    model="EligibilityRule",
    provider=Organ.ORGANISATION,
    reasons={
        "unknown-post": Text("人选的职位不在本单位", "the candidate's post is not of this unit"),
        "no-calendar": NO_CALENDAR,
        "not-a-member": Text(
            "“{post_kind}”应从本届代表（委员）中产生，该人选不是",
            "“{post_kind}” is filled from the assembly's own members; the candidate is not one",
        ),
        "incompatible-office": Text(
            "担任与“{post_kind}”不得兼任的职务，且未承诺辞去",
            "holds an office that “{post_kind}” excludes, and will not resign it",
        ),
        "founding-unknown": Text(
            "没有写明实行自治的民族或建乡民族，或写法无法识别",
            "the nationality that exercises autonomy or founded the township is not on record, or "
            "is none of the 56",
        ),
        "founding-ethnicity": Text(
            "民族乡乡长应由建乡的少数民族公民担任，"
            "自治州州长、自治县县长应由实行自治的民族公民担任",
            "the head of an ethnic township is of a nationality that founded it, that of an "
            "autonomous prefecture or county of the nationality that exercises autonomy",
        ),
        "too-young": Text(
            "到投票日{voted}不满{age}周岁", "is not {age} on the day of the vote, {voted}"
        ),
        "month-only": Text(
            "只知道出生年月，到投票日{voted}是否已满{age}周岁取决于哪一日，请补报出生日期",
            "only the month of birth is known, and whether the candidate is {age} on the day of "
            "the vote, {voted}, depends on its day; deliver the whole date",
        ),
    },
    absolute=True,
)

DELIBERATION = Rule(
    code="slate.deliberation",
    title=Text("提名、酝酿不少于两天", "At least two days to nominate and discuss"),
    reads=(
        read(
            "deliberations",
            "unit opened_on closed_on",
            bodies=(Body.CONGRESS, Body.GOVERNMENT),
            levels=(Level.CITY, Level.COUNTY),
        ),
        read(
            "sessions",
            "unit voted_on",
            bodies=(Body.CONGRESS, Body.GOVERNMENT),
            levels=(Level.CITY, Level.COUNTY),
        ),
    ),
    model="DeliberationRule",
    provider=Organ.PRESIDIUM,
    reasons={
        "township": Text("乡镇没有法定酝酿天数", "the law sets no number of days for townships"),
        "cppcc": Text("本条不适用于政协", "the article is not about a CPPCC"),
        "not-ended": Text("酝酿尚未结束", "nominations and discussion have not ended"),
        "too-short": Text(
            "提名、酝酿{days}天，应不少于{needed}天",
            "nominations and discussion took {days} {days:day|days}; {needed} {needed:is|are} "
            "needed",
        ),
        "on-the-day-of-the-vote": Text(
            "酝酿{closed}才结束，应早于投票日{voted}；投票当天不算酝酿的一天",
            "discussion ended on {closed}; it ends before the day of the vote, {voted}, which is "
            "no day of discussion",
        ),
    },
)


_IN_ORDER = {
    "no-document": Text("没有“{document}”", "not on record: {document}"),
    "wrong-organ": WRONG_ORGAN,
    "out-of-order": Text(
        "“{document}”日期{issued}，早于前一步骤（{before}）",
        "“{document}” is of {issued}, before the step that precedes it ({before})",
    ),
}

LETTER = Rule(
    code="slate.letter",
    title=Text("推荐书", "Letter of recommendation"),
    reads=(
        documents(
            DocumentKind.CONSULTATION,
            DocumentKind.RECOMMENDATION_LETTER,
            bodies=(Body.CONGRESS, Body.GOVERNMENT),
        ),
        read("committee_votes", "unit decided_on", bodies=(Body.CONGRESS, Body.GOVERNMENT)),
        proposed(),
        of_proposed("public_notices", "closed_on"),
    ),
    model="NoParameters",
    provider=Organ.PARTY_COMMITTEE,
    reasons={
        **_IN_ORDER,
        "no-letter-of-a-cppcc": Text(
            "政协人选由协商提名，没有推荐书",
            "candidates of a CPPCC come from consultation, without a letter",
        ),
        "before-decision": Text(
            "推荐书日期{issued}，早于讨论决定（{before}）",
            "the letter is of {issued}, before the committee decided on {before}",
        ),
        "before-notice-over": Text(
            "推荐书日期{issued}，早于任前公示结束（{before}）",
            "the letter is of {issued}, before the public notice was over on {before}",
        ),
    },
)

MEMBERSHIP = Rule(
    code="slate.membership",
    title=Text("政协委员名单", "Members of the CPPCC"),
    reads=(
        documents(
            DocumentKind.MEMBERSHIP_AGREED,
            DocumentKind.MEMBERSHIP_DECIDED,
            bodies=(Body.CPPCC,),
        ),
        read(
            "notices",
            "unit kind published_on",
            Among("kind", (NoticeKind.MEMBERSHIP.value,)),
            bodies=(Body.CPPCC,),
        ),
        read("calendar", "unit session_opens_on", bodies=(Body.CPPCC,)),
    ),
    model="MembershipRule",
    provider=Organ.CPPCC_STANDING_COMMITTEE,
    reasons={
        **_IN_ORDER,
        "no-cppcc": Text("只有政协有委员名单", "only a CPPCC has a list of members"),
        "no-calendar": NO_CALENDAR,
        "not-published": Text("委员名单没有公布", "the list of members is not published"),
        "before-decided": Text(
            "委员名单{published}公布，早于常委会协商决定（{before}）",
            "the list was published on {published}, before the standing committee decided on it "
            "({before})",
        ),
        "too-late": Text(
            "委员名单{published}公布，应不晚于{due}",
            "the list was published on {published}; it was due by {due}",
        ),
    },
)

_NOBODY = {
    "nobody-from-the-floor": Text(
        "没有代表联名提出、未经考察的人选", "deputies nominated nobody beside those who were vetted"
    )
}

FLOOR_SANCTIONS = replace(
    SANCTIONS,
    code="slate.sanctions",
    title=Text("联名提名人选的处分影响期", "Sanctions of whom deputies nominated"),
    reads=sanctions_reads(from_the_floor, "session_opens_on"),
    reasons={**SANCTIONS.reasons, **_NOBODY},
)

FLOOR_AVOIDANCE = replace(
    AVOIDANCE,
    code="slate.avoidance",
    title=Text("联名提名人选的任职回避", "Avoidance by whom deputies nominated"),
    reads=avoidance_reads(from_the_floor, nominees("person")),
    reasons={**AVOIDANCE.reasons, **_NOBODY},
)

RULES: tuple[Rule, ...] = (
    LETTER,
    MEMBERSHIP,
    CHANNEL,
    CAPS,
    DIFFERENTIAL,
    ELIGIBILITY,
    FLOOR_SANCTIONS,
    FLOOR_AVOIDANCE,
    DELIBERATION,
    DIRECT_VOTES,
)
