"""Rules of the vetting stage (考察) about what follows an examination: decision, public notice."""

from __future__ import annotations

from schemas.rules.base import Rule, read
from schemas.rules.selections import of_proposed, proposed
from schemas.text import Text
from schemas.vocabulary import Organ

COMMITTEE = Rule(
    code="vetting.committee",
    title=Text("讨论决定", "Decision of the committee"),
    reads=(
        read(
            "committee_votes",
            "unit committee_size present in_favour conflicted_present decided_on",
        ),
        proposed(),
        of_proposed("examinations", "ended_on"),
    ),
    model="NoParameters",
    provider=Organ.PARTY_COMMITTEE,
    reasons={
        "not-decided": Text("党委没有讨论决定", "the committee has not decided"),
        "no-members": Text("应到成员为0，人数应如实填写", "a committee of nobody cannot decide"),
        "numbers": Text(
            "应到{size}人、实到{present}人、同意{yes}票：人数不符",
            "{size} {size:member|members}, {present} present, {yes} in favour: these do not fit "
            "together",
        ),
        "quorum": Text(
            "应到{size}人、实到{present}人，不足三分之二",
            "{present} of {size} {size:member|members} {present:was|were} present, fewer than two "
            "thirds",
        ),
        "majority": Text(
            "应到{size}人、同意{yes}票，没有超过半数",
            "{yes} of {size} {size:member|members} {yes:was|were} in favour, not more than half",
        ),
        "not-examined": Text(
            "没有考察结束日期，无法判断是否先考察后决定",
            "no examination has ended, so whether the decision came after it is unknown",
        ),
        "before-examination": Text(
            "{decided}讨论决定，考察{ended}才结束",
            "the committee decided on {decided}, before the last examination ended on {ended}",
        ),
        "conflicted": Text(
            "有{conflicted}名应当回避的成员在场",
            "{conflicted} {conflicted:member|members} who had to withdraw {conflicted:was|were} "
            "present",
        ),
    },
)

PUBLIC_NOTICE = Rule(
    code="vetting.public-notice",
    title=Text("任前公示", "Public notice"),
    reads=(
        proposed("promoted"),
        of_proposed("public_notices", "exemption opened_on closed_on"),
        read("committee_votes", "unit decided_on"),
        read("calendar", "unit session_opens_on"),
    ),
    model="PublicNoticeRule",
    provider=Organ.ORGANISATION,
    reasons={
        "no-notice": Text("没有任前公示", "there was no public notice"),
        "special-post": Text("特殊岗位，免予公示", "a special post is not shown"),
        "not-promoted": Text("不是提拔，无需公示", "is no promotion and need not be shown"),
        "not-decided": Text(
            "党委没有讨论决定，应先决定后公示",
            "the committee has not decided; the notice comes after that",
        ),
        "before-decision": Text(
            "公示{opened}开始，早于讨论决定（{decided}）",
            "the notice opened on {opened}, before the committee decided on {decided}",
        ),
        "shown-at-examination": Text("换届考察时已公示", "was shown at the examination"),
        "dates": Text(
            "公示结束日期{closed}早于开始日期{opened}",
            "the notice closed on {closed}, before it opened on {opened}",
        ),
        "not-over": Text("公示尚未结束", "the public notice is not over"),
        "no-end": Text("没有公示结束日期", "the last day of the notice is not on record"),
        "workdays-unknown": Text(
            "{opened}至{closed}的法定工作日安排未知，无法计算",
            "the working days between {opened} and {closed} are not known",
        ),
        "too-short": Text(
            "公示{opened}至{closed}共{days}个工作日，不少于{needed}个",
            "the notice of {opened} to {closed} had {days} working {days:day|days}; {needed} "
            "{needed:is|are} needed",
        ),
        "no-session": Text(
            "换届时间表没有会议召开日期，无法判断公示是否及时",
            "the calendar has no opening day, so whether the notice came in time is unknown",
        ),
        "after-session": Text(
            "公示结束日期{closed}晚于会议召开日期{opens}",
            "the notice closed on {closed}, after the session opens on {opens}",
        ),
    },
)
