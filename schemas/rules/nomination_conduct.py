"""Rules of the nomination stage (提名) on conduct: everyone pledged, warned and talked to."""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Rule, read
from schemas.rules.selections import obliged, of_slate, proposed, talked_to
from schemas.text import Text
from schemas.vocabulary import Organ, TalkKind

NO_CALENDAR = Text("本单位没有换届时间表", "the unit has no calendar")

PLEDGES = Rule(
    code="nomination.pledges",
    title=Text("换届纪律承诺书", "Pledges"),
    reads=(
        obliged("must_pledge"),
        read(
            "pledges", "person signed_on", NamedBy("person", ((obliged("must_pledge"), "person"),))
        ),
        read("calendar", "unit session_opens_on"),
    ),
    model="NoParameters",
    provider=Organ.DISCIPLINE,
    reasons={
        "nobody-listed": Text(
            "名册中没有应签承诺书人员", "the roster names nobody who must pledge"
        ),
        "no-calendar": NO_CALENDAR,
        "not-signed": Text("尚未签订承诺书", "has not signed the pledge"),
        "too-late": Text(
            "承诺书{signed}签订，应不晚于会议召开日{opens}",
            "signed the pledge on {signed}; it is due by {opens}, when the session opens",
        ),
    },
)

MUST_TALKS = Rule(
    code="nomination.must-talks",
    title=Text("四必谈", "The four must-talks"),
    reads=(
        *talked_to("must_talk", TalkKind.MUST_TALK, of_slate("must_talk")),
        proposed("person"),
        read("calendar", "unit session_opens_on"),
    ),
    model="TalkRule",
    provider=Organ.SECRETARY,
    reasons={
        "nobody-listed": Text(
            "名册中没有应谈人员", "the roster names nobody who must be talked to"
        ),
        "no-calendar": NO_CALENDAR,
        "not-talked-to": Text("尚未谈心谈话", "has not been talked to"),
        "with-oneself": Text(
            "谈话人就是本人，应由他人谈话",
            "talked with himself or herself; somebody else holds the talk",
        ),
        "wrong-organ": Text(
            "只由其他机关的人谈过，应由{organ}谈话",
            "was talked to only by others; the talk is held by: {organ}",
        ),
        "too-late": Text(
            "谈话在{held}，应不晚于会议召开日{opens}",
            "was talked to on {held}; it is due by {opens}, when the session opens",
        ),
    },
)

FILMS = Rule(
    code="nomination.films",
    title=Text("警示教育片", "Warning films"),
    reads=(
        read(
            "screenings",
            "jurisdiction key_point film held_on attendance",
            Among("key_point", (), ("key_points",)),
            Among("film", (), ("films",)),
        ),
    ),
    model="FilmsRule",
    provider=Organ.DISCIPLINE,
    reasons={
        "not-shown": Text(
            "影片{film}在“{key_point}”没有观看记录", "no showing of {film} at: {key_point}"
        ),
        "too-few": Text(
            "影片{film}在“{key_point}”观看{attendance}人，应不少于{needed}人",
            "{attendance} watched {film} at “{key_point}”; {needed} {needed:is|are} needed",
        ),
    },
)

ACTIVITIES = Rule(
    code="nomination.activities",
    title=Text("“十个一”宣传教育活动", "The “ten ones”"),
    reads=(
        read("activities", "jurisdiction activity done_on", Among("activity", (), ("activities",))),
        read("calendar", "unit session_opens_on"),
    ),
    model="ActivitiesRule",
    provider=Organ.DISCIPLINE,
    reasons={
        "no-calendar": NO_CALENDAR,
        "not-done": Text("活动{activity}没有记录", "activity {activity} is not on record"),
        "too-late": Text(
            "活动{activity}在{done}，应不晚于会议召开日{opens}",
            "activity {activity} was on {done}; it is due by {opens}, when the session opens",
        ),
    },
)

CARDS = Rule(
    code="nomination.cards",
    title=Text("换届纪律宣传卡", "Discipline cards"),
    reads=(
        read("card_lots", "jurisdiction handed_on cards"),
        read("roster", "jurisdiction must_pledge", Among("must_pledge", (True,))),
    ),
    model="CardsRule",
    provider=Organ.DISCIPLINE,
    reasons={
        "nobody-listed": Text(
            "名册中没有应签承诺书人员", "the roster names nobody who must pledge"
        ),
        "none-handed-out": Text("没有发放宣传卡", "no cards have been handed out"),
        "too-few": Text(
            "发放{cards}份，应不少于{needed}份（应签承诺书{people}人）",
            "{cards} {cards:card|cards} {cards:was|were} handed out; {needed} {needed:is|are} "
            "needed ({people} {people:person|people} must pledge)",
        ),
    },
)

PUBLICITY = Rule(
    code="nomination.publicity",
    title=Text("举报电话和专栏", "Reporting number and media column"),
    reads=(
        read("publicity", "jurisdiction kind published_on", Among("kind", (), ("kinds",))),
        read("calendar", "unit nomination_on"),
    ),
    model="PublicityRule",
    provider=Organ.ORGANISATION,
    reasons={
        "no-calendar": NO_CALENDAR,
        "not-published": Text("“{publicity}”没有公布", "not made public: {publicity}"),
        "too-late": Text(
            "“{publicity}”{published}公布，应不晚于提名开始日{nomination}",
            "“{publicity}” was made public on {published}; it is due by {nomination}, when "
            "nomination starts",
        ),
    },
)
