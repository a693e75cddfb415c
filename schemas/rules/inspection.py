"""Rules of the inspection stage (督导): visits, findings put right, channels, reports, breaches."""

from __future__ import annotations

from schemas.inspection_terms import TeamKind
from schemas.rules.base import Among, NamedBy, Reach, Read, Rule, read
from schemas.rules.inspection_reports import (
    CASES,
    CHANNELS,
    NO_CALENDAR,
    PROHIBITIONS,
    REPORT_CLOCKS,
)
from schemas.rules.returns import return_reasons
from schemas.rules.selections import DEPLOYED, returned
from schemas.text import Text
from schemas.vocabulary import Organ

# Terms, not bare codes: a mistyped level would otherwise switch the rule off for it.
NOT_COVERED = Text("{level}一级不在此项范围内", "this does not cover the level “{level}”")


def _teams(*rows: Among | NamedBy) -> Read:
    return read("teams", "team kind jurisdiction", *rows, reach=Reach.ANCESTORS)


def _members(*rows: NamedBy) -> Read:
    return read("team_members", "team officer", *rows, reach=Reach.ANCESTORS)


def _persons(*named: tuple[Read, str]) -> Read:
    """Whoever the named officers are, under every id and wherever at home."""
    columns = "officer person jurisdiction"
    officers = read("officers", columns, NamedBy("officer", named), reach=Reach.EVERYWHERE)
    same = NamedBy("person", ((officers, "person"),))
    return read("officers", columns, same, reach=Reach.EVERYWHERE)


_IS_ROVING = Among("kind", (TeamKind.ROVING.value,))
_ROVING = _teams(_IS_ROVING, NamedBy("team", ((read("visits", "team"), "team"),)))
_INSPECTIONS = read("inspections", "jurisdiction team started_on ended_on watched_teams")
_MEMBERS = _members(NamedBy("team", ((_INSPECTIONS, "team"),)))
_PERSONS = _persons((_MEMBERS, "officer"))
# Of these persons, who is in a roving team too.
_MEMBERS_ROVING = _members(
    NamedBy("officer", ((_PERSONS, "officer"),)), NamedBy("team", ((_teams(_IS_ROVING), "team"),))
)
_ROVERS = _members(NamedBy("team", ((_ROVING, "team"),)))
_PROBLEMS = read(
    "problems", "problem jurisdiction found_on rectified_on rectified_by verified_on verified_by"
)


ROVING = Rule(
    code="inspection.roving",
    title=Text("巡回督导全覆盖不间断", "Roving supervision everywhere and without a break"),
    reads=(
        read("visits", "jurisdiction team visited_on", NamedBy("team", ((_ROVING, "team"),))),
        _ROVING,
        _ROVERS,
        _persons((_ROVERS, "officer")),
        read("calendar", "unit nomination_on session_opens_on"),
    ),
    model="RovingRule",
    provider=Organ.SUPERVISION_TEAM,
    reasons={
        "level-not-covered": NOT_COVERED,
        "no-calendar": NO_CALENDAR,
        "no-visit": Text(
            "{since}提名开始至{until}会议召开之间没有巡回督导",
            "no roving team visited between the start of nomination on {since} and the session "
            "on {until}",
        ),
        "own-officer": Text(
            "督导组有{members}名组员来自被督导地方或其下辖地方（如{officer}），应当回避",
            "{members} {members:member|members} of the roving teams {members:comes|come} from the "
            "place visited (one is {officer}); they must stand back",
        ),
        "gap": Text(
            "{since}至{until}相隔{days}天没有督导，最多{allowed}天",
            "no visit for {days} {days:day|days} from {since} to {until}; at most {allowed} "
            "{allowed:is|are} allowed",
        ),
    },
)

FIVE_ITEMS = Rule(
    code="inspection.five-items",
    title=Text("督导五个必查", "The five items that every supervision checks"),
    reads=(
        read(
            "visits",
            "jurisdiction visited_on responsibility education enforcement institutions reviews",
        ),
    ),
    model="LevelsRule",
    provider=Organ.SUPERVISION_TEAM,
    reasons={
        "level-not-covered": NOT_COVERED,
        "no-visit": Text("没有督导记录", "no visit is on record"),
        "unchecked-responsibility": Text(
            "{visits}次督导都没有查责任落实",
            "none of {visits} {visits:visit|visits} checked responsibility",
        ),
        "unchecked-education": Text(
            "{visits}次督导都没有查教育宣传",
            "none of {visits} {visits:visit|visits} checked education",
        ),
        "unchecked-enforcement": Text(
            "{visits}次督导都没有查监督查处",
            "none of {visits} {visits:visit|visits} checked enforcement",
        ),
        "unchecked-institutions": Text(
            "{visits}次督导都没有查制度执行",
            "none of {visits} {visits:visit|visits} checked institutions",
        ),
        "unchecked-reviews": Text(
            "{visits}次督导都没有查“凡提四必”落实情况",
            "none of {visits} {visits:visit|visits} checked the reviews",
        ),
    },
)

SPECIAL = Rule(
    code="inspection.special",
    title=Text("换届纪律专项巡察", "Special inspection of cycle discipline"),
    reads=(
        _INSPECTIONS,
        _MEMBERS,
        _MEMBERS_ROVING,
        _teams(NamedBy("team", ((_INSPECTIONS, "team"),))),
        _teams(_IS_ROVING, NamedBy("team", ((_MEMBERS_ROVING, "team"),))),
        _PERSONS,
        DEPLOYED,
        read("calendar", "unit plan_on session_opens_on"),
    ),
    model="LevelsRule",
    provider=Organ.INSPECTION_OFFICE,
    reasons={
        "level-not-covered": NOT_COVERED,
        "none": Text("没有专项巡察", "no special inspection is on record"),
        "not-ended": Text("{team}的专项巡察尚未结束", "the inspection by {team} has not ended"),
        "ended-before-started": Text(
            "{team}的巡察结束日期{ended}早于进驻日期{started}",
            "the inspection by {team} ended on {ended}, before it started on {started}",
        ),
        "outside-the-cycle": Text(
            "{team}{started}进驻，不在本次换届期间（{since}至{until}）",
            "the inspection by {team} started on {started}, outside the cycle ({since} to {until})",
        ),
        "no-calendar": NO_CALENDAR,
        "no-team": Text(
            "{team}不是本级或上级派出的组", "{team} is no team of this level or of one above"
        ),
        "no-members": Text("{team}没有组员名单", "{team} has no members on record"),
        "not-special": Text(
            "{team}不是专项巡察组，应由专项巡察组巡察",
            "{team} is not a special inspection team; one must do this",
        ),
        "own-team": Text(
            "{team}由被巡察地方自己派出，应由上级派出",
            "{team} was sent by the place that it inspects; a level above must send it",
        ),
        "own-officer": Text(
            "{team}有{members}名组员来自被巡察地方或其下辖地方（如{officer}），应当回避",
            "{members} {members:member|members} of {team} {members:comes|come} from the inspected "
            "place (one is {officer}); they must stand back",
        ),
        "also-roving": Text(
            "{team}有{members}名组员（如{officer}）同时在巡回督导组，不能监督自己",
            "{members} {members:member|members} of {team} (one is {officer}) also "
            "{members:sits|sit} in a roving team, which the inspection must watch",
        ),
        "teams-not-watched": Text(
            "{team}没有监督考察组和督导组", "{team} did not watch the examination and roving teams"
        ),
    },
)

RECTIFIED = Rule(
    code="inspection.rectified",
    title=Text("发现问题整改并由他人核验", "Problems put right, and verified by somebody else"),
    reads=(
        _PROBLEMS,
        _persons((_PROBLEMS, "rectified_by"), (_PROBLEMS, "verified_by")),
        *returned("problems"),
    ),
    model="RectifiedRule",
    provider=Organ.SUPERVISION_TEAM,
    reasons={
        **return_reasons("问题", "problems"),
        "not-rectified": Text(
            "{found}发现的问题尚未整改", "the problem found on {found} has not been put right"
        ),
        "late": Text(
            "{found}发现，{rectified}才整改，应在{until}前完成",
            "found on {found} and put right on {rectified}; it was due by {until}",
        ),
        "rectified-before-found": Text(
            "整改日期{rectified}早于发现日期{found}",
            "put right on {rectified}, before it was found on {found}",
        ),
        "no-rectifier": Text("没有整改人", "nobody is named as having put it right"),
        "not-verified": Text(
            "{rectified}整改后尚未核验", "put right on {rectified}, but nobody has verified it"
        ),
        "verified-by-rectifier": Text(
            "整改人{officer}自己核验，应由他人核验",
            "{officer} verified his or her own work; somebody else must",
        ),
        "verified-before-rectified": Text(
            "核验日期{verified}早于整改日期{rectified}",
            "verified on {verified}, before it was put right on {rectified}",
        ),
    },
)

RULES: tuple[Rule, ...] = (
    ROVING,
    FIVE_ITEMS,
    SPECIAL,
    RECTIFIED,
    CHANNELS,
    CASES,
    PROHIBITIONS,
    REPORT_CLOCKS,
)
