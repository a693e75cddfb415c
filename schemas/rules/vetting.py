"""Rules of the vetting stage (考察): reviews, bars, examination, decision, public notice.

Rules: what a person must judge is a recorded decision with a decider and a document; where the
law leaves no choice a rule has no parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from schemas.rules.base import Among, NamedBy, Reach, Read, Rule, read
from schemas.rules.returns import return_reasons
from schemas.rules.reviews import REVIEW_RULES
from schemas.rules.selections import (
    kin_of_slate,
    of_proposed,
    officers,
    persons,
    proposed,
    returned,
)
from schemas.rules.vetting_decision import COMMITTEE, PUBLIC_NOTICE
from schemas.text import Text
from schemas.vocabulary import Body, DocumentKind, Organ, ReviewItem

# What recommends whom to examine; the report on it may follow.
RECOMMENDED = (
    DocumentKind.RECOMMENDATION_MEETING.value,
    DocumentKind.RECOMMENDATION_TALKS.value,
)
_OPINIONS = of_proposed(
    "integrity_opinions", "party_secretary discipline_secretary signed_on favourable"
)
_EXAMINED = of_proposed("examinations", "team_size officer started_on ended_on")
_ASSESSED = of_proposed(
    "assessments",
    "political_breach low_regard appraisal_last_year worst_appraisal canvassing "
    "spouse_emigrated special_post otherwise_unsuitable decided_by document",
)


def _recusal(zh: str, en: str) -> dict[str, Text]:
    """Nobody acts on themselves or their kin (条例 2014 art. 53)."""
    return {
        "unknown-officer": Text(
            f"{zh}{{officer}}不在责任人员台账，无法判断是否应当回避",
            f"{en} {{officer}} is no officer on record, so whether to stand back is unknown",
        ),
        "about-oneself": Text(
            f"{zh}{{officer}}就是人选本人，应当回避",
            f"{en} {{officer}} is the candidate, who must stand back",
        ),
        "about-kin": Text(
            f"{zh}{{officer}}是人选的亲属，应当回避",
            f"{en} {{officer}} is kin of the candidate and must stand back",
        ),
    }


def sanctions_reads(people: Callable[[str], Read], day: str) -> tuple[Read, ...]:
    """The sanctions of the candidates that `people` selects, and the `day` to compare with."""
    return (
        people("person"),
        read(
            "sanctions",
            "person kind decided_on ends_on",
            NamedBy("person", ((people(""), "person"),)),
            reach=Reach.ANCESTORS,
        ),
        read("calendar", f"unit {day}"),
    )


def avoidance_reads(people: Callable[[str], Read], others: Read) -> tuple[Read, ...]:
    """Posts and home places of the candidates that `people` selects; kin of theirs in `others`."""
    ours, theirs = ((people(""), "person"),), ((others, "person"),)
    return (
        people("post person home_division"),
        replace(others, alias="others"),
        read("posts", "unit post kind"),
        read("jurisdictions", "jurisdiction name founding_ethnicity", bodies=(Body.GOVERNMENT,)),
        *(
            read(
                "kin",
                "person kin kinship",
                NamedBy("person", first),
                NamedBy("kin", second),
                reach=Reach.ANCESTORS,
            )
            for first, second in dict.fromkeys(((ours, theirs), (theirs, ours)))
        ),
    )


BARS = Rule(
    code="vetting.bars",
    title=Text("不得列为考察对象的情形", "Bars to being examined"),
    reads=(
        proposed("person"),
        _ASSESSED,
        persons((_ASSESSED, "decided_by")),
        *kin_of_slate(),
        of_proposed("reviews", "item result reason", Among("item", (ReviewItem.ARCHIVE.value,))),
    ),
    model="BarsRule",
    provider=Organ.ORGANISATION,
    reasons={
        "not-assessed": Text("没有考察认定", "there is no assessment"),
        "political-breach": Text("违反政治纪律和政治规矩", "breached political discipline"),
        "no-appraisal": Text("没有年度考核结果", "has no yearly appraisal on record"),
        "appraisal": Text(
            "年度考核为“{appraisal}”，应在称职以上",
            "was appraised “{appraisal}”; it must be competent or better",
        ),
        "canvassing": Text("有跑官、拉票等行为", "canvassed for a post or for votes"),
        "emigrated": Text(
            "配偶（无配偶的，子女）已移居国（境）外，且不是特殊岗位",
            "the spouse (or, without one, all children) emigrated, and the post is no special one",
        ),
        "undecided": Text(
            "群众公认度和“其他不宜”没有认定人或认定文号",
            "public regard and “otherwise unsuitable” lack a decider or a decision document",
        ),
        **_recusal("认定人", "the decider"),
        "low-regard": Text("认定为群众公认度不高", "public regard was decided to be low"),
        "unsuitable": Text("认定为其他不宜列为考察对象", "was decided to be otherwise unsuitable"),
    },
)

SANCTIONS = Rule(
    code="vetting.sanctions",
    title=Text("处分影响期已满", "Sanctions have run out"),
    reads=(*sanctions_reads(proposed, "vetting_on"), *returned("sanctions")),
    model="SanctionsRule",
    provider=Organ.DISCIPLINE,
    reasons={
        "dismissed": Text("已被开除（{decided}）", "was dismissed on {decided}"),
        "no-session": Text(
            "有处分记录，但没有换届时间表，无法判断影响期是否已满",
            "was sanctioned, and there is no calendar to compare with",
        ),
        "period": Text(
            "{decided}的{sanction}处分期到{ends}，应在{least}至{most}之间",
            "the sanction “{sanction}” of {decided} is said to end on {ends}; it ends from {least} "
            "to {most}",
        ),
        "running": Text(
            "{decided}的{sanction}处分影响期到{ends}，{from_day}时未满",
            "the sanction “{sanction}” of {decided} runs until {ends} and is not over on "
            "{from_day}",
        ),
        **return_reasons("处分", "sanctions"),
    },
    absolute=True,
)

EXAMINATION = Rule(
    code="vetting.examination",
    title=Text("考察组与考察过程", "Examination by a team"),
    reads=(
        proposed("person"),
        _EXAMINED,
        persons((_EXAMINED, "officer")),
        *kin_of_slate(),
        read("documents", "unit kind issued_on", Among("kind", RECOMMENDED)),
    ),
    model="ExaminationRule",
    provider=Organ.ORGANISATION,
    reasons={
        "not-examined": Text("没有考察记录", "was not examined"),
        "team": Text(
            "考察组{members}人，至少应有{needed}人",
            "the team had {members} {members:member|members}; it must have at least {needed}",
        ),
        "not-recommended": Text(
            "没有民主推荐的记录，无法判断是否先推荐后考察",
            "no recommendation is on record, so whether it came first is unknown",
        ),
        "before-recommendation": Text(
            "{started}开始考察，民主推荐{recommended}才完成",
            "the examination started on {started}, before the recommendation was complete on "
            "{recommended}",
        ),
        "not-ended": Text(
            "{started}开始的考察尚未结束", "the examination of {started} has not ended"
        ),
        **_recusal("考察负责人", "the examiner"),
        "dates": Text(
            "考察结束日期{ended}早于开始日期{started}",
            "the examination ended on {ended}, before it started on {started}",
        ),
    },
)

INTEGRITY = Rule(
    code="vetting.integrity",
    title=Text("廉洁自律结论性意见“双签字”", "Integrity opinion signed by two"),
    reads=(
        proposed("person"),
        _OPINIONS,
        officers((_OPINIONS, "party_secretary"), (_OPINIONS, "discipline_secretary")),
        *kin_of_slate(),
    ),
    model="NoParameters",
    provider=Organ.DISCIPLINE,
    reasons={
        "no-opinion": Text("没有廉洁自律结论性意见", "there is no opinion on integrity"),
        "one-signer": Text(
            "两个签字是同一人（{officer}、{other}），应由党委书记和纪委书记分别签字",
            "one person ({officer}, {other}) signed twice; the party secretary and the discipline "
            "secretary must each sign",
        ),
        "not-secretary": Text(
            "签字人{officer}不是本级或上级的党委书记",
            "{officer} is no party secretary of this level or above",
        ),
        "not-discipline": Text(
            "签字人{officer}不是本级或上级的纪委负责人",
            "{officer} is not of the discipline commission of this level or above",
        ),
        **_recusal("签字人", "the signer"),
        "unfavourable": Text(
            "{signed}的廉洁自律结论有问题", "the opinion of {signed} is unfavourable"
        ),
    },
)

QUALIFICATION = Rule(
    code="vetting.qualification",
    title=Text("任职资格与任期", "Qualifications and terms"),
    reads=(
        proposed(
            "post promoted rank education years_worked years_grassroots years_in_rank "
            "terms_in_post years_at_level exceptional_approval"
        ),
        read("posts", "unit post kind"),
    ),
    model="QualificationRule",
    provider=Organ.ORGANISATION,
    reasons={
        "township": Text("乡镇职位不适用", "does not apply to posts of townships"),
        "no-post": Text("所提职位不在本单位的职位台账", "the post is not on record for the unit"),
        "neither": Text(
            "不是提拔，职位也不受任期限制", "is no promotion, and the post has no term limit"
        ),
        "years-worked": Text(
            "工龄{years}年，至少应有{needed}年",
            "worked {years} {years:year|years}; {needed} {needed:is|are} needed",
        ),
        "years-grassroots": Text(
            "基层工作{years}年，至少应有{needed}年",
            "worked {years} {years:year|years} at the grass roots; {needed} {needed:is|are} needed",
        ),
        "education": Text("学历低于{education}", "is educated below {education}"),
        "years-in-rank": Text(
            "任{rank}{years}年，至少应有{needed}年",
            "held the rank {rank} for {years} {years:year|years}; {needed} {needed:is|are} needed",
        ),
        "too-new-for-exception": Text(
            "任{rank}不满一年，不得破格提拔",
            "held the rank {rank} for less than a year and may not be promoted by exception",
        ),
        "terms": Text(
            "同一职位已任{terms}届（限{limit}届），不得再推荐",
            "served {terms} {terms:term|terms} in this post (the limit is {limit}) and may not be "
            "proposed again",
        ),
        "level-years": Text(
            "同一层次领导职务累计{years}年（限{limit}年），不得再推荐",
            "held posts of this level for {years} {years:year|years} (the limit is {limit}) and "
            "may not be proposed again",
        ),
    },
)

AVOIDANCE = Rule(
    code="vetting.avoidance",
    title=Text("亲属回避与地域回避", "Avoidance of kin and of the home place"),
    reads=(*avoidance_reads(proposed, proposed("person")), *returned("kin")),
    model="AvoidanceRule",
    provider=Organ.ORGANISATION,
    reasons={
        "no-post": Text("所提职位不在本单位的职位台账", "the post is not on record for the unit"),
        "kin": Text("与同一班子的人选{other}是{kinship}", "is kin of candidate {other}: {kinship}"),
        "home": Text(
            "成长地就是{place}，不得在此任“{post_kind}”",
            "grew up in {place} and may not hold the post there: {post_kind}",
        ),
        "home-imprecise": Text(
            "成长地只填到县（{place}），应填到乡镇",
            "the home place is given as the county {place} only; name the township",
        ),
        **return_reasons("亲属关系", "kinships"),
    },
)

RULES: tuple[Rule, ...] = (
    *REVIEW_RULES,
    BARS,
    SANCTIONS,
    EXAMINATION,
    INTEGRITY,
    QUALIFICATION,
    AVOIDANCE,
    COMMITTEE,
    PUBLIC_NOTICE,
)
