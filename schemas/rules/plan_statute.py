"""Rules of the plan stage (方案) that statutes make: seats, posts, calendar."""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Reach, Rule, read
from schemas.rules.selections import CONGRESS_HERE
from schemas.text import Text
from schemas.vocabulary import Body, Level, Organ

_CITY, _CONGRESS = (Level.CITY,), (Body.CONGRESS,)
_COUNTIES = read(
    "jurisdictions",
    "jurisdiction level parent",
    Among("level", (Level.COUNTY.value,)),
    reach=Reach.SUBTREE,
    levels=_CITY,
    bodies=_CONGRESS,
)
_COUNTY_CONGRESSES = read(
    "units",
    "unit jurisdiction body",
    Among("body", (Body.CONGRESS.value,)),
    NamedBy("jurisdiction", ((_COUNTIES, "jurisdiction"),)),
    reach=Reach.SUBTREE,
    levels=_CITY,
    bodies=_CONGRESS,
)

SEATS = Rule(
    code="plan.seats",
    title=Text("代表名额", "Number of deputies"),
    reads=(
        read(
            "assemblies",
            "unit members increase_document fixed_by filing_document population_when_fixed "
            "refixed_on refixed_for refixed_reported_on",
            bodies=(Body.CONGRESS,),
        ),
        read("jurisdictions", "jurisdiction name population", bodies=(Body.CONGRESS,)),
    ),
    model="SeatsRule",
    provider=Organ.STANDING_COMMITTEE,
    reasons={
        "elects-no-deputies": Text("政府不设代表名额", "a government has no deputies"),
        "no-legal-number": Text(
            "政协委员名额没有法定数", "the law sets no number of CPPCC members"
        ),
        "not-fixed": Text("代表名额没有记录", "the number of deputies is not on record"),
        "zero": Text("代表名额为0", "the number of deputies is 0"),
        "too-many": Text(
            "代表名额{members}，人口{population}，依法最多{most}",
            "{members} {members:deputy|deputies} for {population} {population:person|people}; the "
            "law allows {most}",
        ),
        "too-few": Text(
            "代表名额{members}，人口{population}，依法不少于基数{least}",
            "{members} {members:deputy|deputies} for {population} {population:person|people}; the "
            "law asks for the base of {least}",
        ),
        "no-increase-here": Text(
            "只有县、自治县、乡、民族乡可以另加百分之五，{place}不在其列",
            "only a county, an autonomous county and a township that is no town may have five per "
            "cent more; {place} may not",
        ),
        "no-cause": Text(
            "总名额{refixed}重新确定，但没有写明原因",
            "the number was fixed anew on {refixed} for no reason on record",
        ),
        "not-reported": Text(
            "总名额{refixed}重新确定，{due}前没有报备案",
            "the number was fixed anew on {refixed}; that was to be reported by {due}",
        ),
        "reported-before-refixed": Text(
            "备案日期{reported}早于总名额重新确定的日期{refixed}",
            "reported on {reported}, before the number was fixed anew on {refixed}",
        ),
        "reported-late": Text(
            "总名额{refixed}重新确定，{reported}才报备案，应在{due}前",
            "the number was fixed anew on {refixed} and reported on {reported}; it was due by "
            "{due}",
        ),
        "wrong-organ": Text(
            "代表名额的确定机关不对，应由{organ}确定",
            "the number was fixed by another organ; it is fixed by: {organ}",
        ),
        "not-filed": Text(
            "没有报上一级备案的文号", "no document number of the filing one level up"
        ),
    },
    absolute=True,
)

POSTS = Rule(
    code="plan.posts",
    title=Text("职位和职数", "Posts and their numbers"),
    reads=(
        read("posts", "post unit kind seats fixed_by"),
        read("jurisdictions", "jurisdiction population"),
    ),
    model="PostsRule",
    provider=Organ.ORGANISATION,
    reasons={
        "not-of-this-body": Text(
            "“{post_kind}”不由本次会议选举产生", "this body does not elect: {post_kind}"
        ),
        "listed-twice": Text(
            "“{post_kind}”在本单位列了{rows}次，应只列一次",
            "“{post_kind}” stands {rows} {rows:time|times} in this unit; it must stand once",
        ),
        "zero": Text("“{post_kind}”应选名额为0", "the seats of “{post_kind}” are 0"),
        "one-seat": Text(
            "“{post_kind}”应选{seats}名，应为1名",
            "“{post_kind}” has {seats} {seats:seat|seats}; it has 1",
        ),
        "too-many-vice": Text(
            "乡镇人大副主席{seats}名，应为1至2名",
            "{seats} vice {seats:chair|chairs}; a township congress has one or two",
        ),
        "wrong-organ": Text(
            "常委会名额的核定机关不对，应由{organ}核定",
            "committee seats were fixed by another organ; they are fixed by: {organ}",
        ),
        "post-absent": Text("没有“{post_kind}”职位", "the post is not on record: {post_kind}"),
        "committee-size": Text(
            "常委会组成人员{size}名，应为{least}至{most}名",
            "the standing committee has {size} {size:seat|seats}; the law asks for {least} to "
            "{most}",
        ),
    },
    absolute=True,
)

CALENDAR = Rule(
    code="plan.calendar",
    title=Text("法定时间表", "Statutory calendar"),
    reads=(
        read(
            "calendar",
            "unit term_years plan_on nomination_on vetting_on election_day deputies_elected_on "
            "credentials_on session_opens_on session_closes_on",
        ),
        read(
            "calendar",
            "unit session_opens_on",
            NamedBy("unit", ((CONGRESS_HERE, "unit"),)),
            reach=Reach.PLACE,
            bodies=(Body.GOVERNMENT,),
            alias="congress_calendar",
        ),
        _COUNTIES,
        _COUNTY_CONGRESSES,
        read(
            "calendar",
            "unit session_opens_on session_closes_on",
            NamedBy("unit", ((_COUNTY_CONGRESSES, "unit"),)),
            reach=Reach.SUBTREE,
            levels=_CITY,
            bodies=_CONGRESS,
            alias="county_calendar",
        ),
    ),
    model="CalendarRule",
    provider=Organ.ORGANISATION,
    reasons={
        "no-calendar": Text("没有换届时间表", "there is no calendar"),
        "no-election-day": Text("没有选举日", "the election day is not on record"),
        "no-deputies-day": Text(
            "没有代表选举完成日期", "the day on which the deputies are elected is not on record"
        ),
        "no-credentials-day": Text(
            "没有代表资格确认日期", "the day on which credentials are confirmed is not on record"
        ),
        "counties-without-calendar": Text(
            "下辖{counties}个县区人大没有时间表，无法确定先后",
            "{counties} county {counties:congress|congresses} below {counties:has|have} no "
            "calendar, so the order is not known",
        ),
        "pack-not-valid": Text(
            "会议{opens}召开，规则包有效期为{since}至{until}，应采用会议当时有效的规则包",
            "the session opens on {opens}, but the policy pack is valid from {since} to {until}; "
            "use the pack of its time",
        ),
        "term": Text("任期{years}年，应为5年", "the term is {years} {years:year|years}; it is 5"),
        "nomination-before-plan": Text(
            "提名{later}开始，早于方案确定日{earlier}",
            "nomination starts on {later}, before the plan is settled on {earlier}",
        ),
        "vetting-before-nomination": Text(
            "考察{later}开始，早于提名开始日{earlier}",
            "vetting starts on {later}, before nomination on {earlier}",
        ),
        "session-before-vetting": Text(
            "会议{later}召开，应晚于考察开始日{earlier}",
            "the session opens on {later}; it must open after vetting starts on {earlier}",
        ),
        "closes-before-it-opens": Text(
            "会议{later}闭幕，早于召开日{earlier}",
            "the session closes on {later}, before it opens on {earlier}",
        ),
        "credentials-before-deputies": Text(
            "代表资格{later}确认，早于代表选举完成日{earlier}",
            "credentials are confirmed on {later}, before the deputies are elected on {earlier}",
        ),
        "elected-before-election-day": Text(
            "代表{later}选举完成，早于选举日{earlier}",
            "the deputies' election is complete on {later}, before election day, {earlier}",
        ),
        "session-before-credentials": Text(
            "代表资格{earlier}确认，应早于会议召开日{later}",
            "credentials are confirmed on {earlier}; that is due before the session opens on "
            "{later}",
        ),
        "more-than-two-months": Text(
            "会议{opens}召开，应在代表选举完成（{elected}）后两个月内",
            "the session opens on {opens}; it is due within two months of the deputies' election "
            "({elected})",
        ),
        "before-counties": Text(
            "市人大会议{opens}召开，县区人大{closes}才闭幕，应在其后",
            "the city congress opens on {opens}; the last county congress closes only on {closes}",
        ),
        "elected-before-counties": Text(
            "市人大代表{elected}选出，县区人大{opens}才开会选举，应在其后",
            "the city's deputies are elected on {elected}; the last county congress, which elects "
            "them, opens only on {opens}",
        ),
        "session-differs": Text(
            "政府选举会议{opens}召开，与本级人大会议{congress_opens}不一致",
            "the session is given as {opens}; the congress that elects opens on {congress_opens}",
        ),
    },
)
