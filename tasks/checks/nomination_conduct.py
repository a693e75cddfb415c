"""Nomination (提名), conduct: pledges, must-talks, films, activities, cards, publicity (突出“广”).

Rules: what concerns a jurisdiction concerns each of its bodies, by the calendar of that body; a
roster that obliges nobody is no proof that nobody is obliged.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from schemas.facts import Facts
from schemas.rules.nomination_conduct import (
    ACTIVITIES,
    CARDS,
    FILMS,
    MUST_TALKS,
    PLEDGES,
    PUBLICITY,
)
from schemas.rules.parameters import (
    ActivitiesRule,
    CardsRule,
    FilmsRule,
    NoParameters,
    PublicityRule,
    TalkRule,
)
from schemas.vocabulary import CandidateStatus, Status, TalkKind
from tasks.checks.judge import Judge, of_jurisdiction, of_unit
from tasks.checks.plan_subjects import due, on_record, talked_to, with_calendar
from tasks.checks.registry import check


def obliged(facts: Facts, duty: str) -> pd.DataFrame:
    """Whoever the roster obliges to `duty`, for each unit of the jurisdiction."""
    people = facts.roster.loc[facts.roster[duty], ["jurisdiction", "person"]]
    rows = of_jurisdiction(facts.units, people)
    return with_calendar(facts, rows.assign(subject=rows["person"]))


@check(PLEDGES)
def pledges(facts: Facts, rule: NoParameters) -> pd.DataFrame:
    """Everyone obliged signed the pledge before the session (源文 签订严肃换届纪律承诺书)."""
    signed = on_record(facts, "pledges", "signed_on")
    rows = obliged(facts, "must_pledge").merge(signed, on="person", how="left")
    judge = Judge(rows, facts.units)
    signed_on, opens = judge["signed_on"], judge["session_opens_on"]
    judge.missing(signed_on.isna(), "not-signed")
    judge.missing(opens.isna(), "no-calendar")
    judge.fail(signed_on > opens, "too-late", signed=signed_on, opens=opens)
    judge.nothing(Status.MISSING, "nobody-listed")
    return judge.findings()


@check(MUST_TALKS)
def must_talks(facts: Facts, rule: TalkRule) -> pd.DataFrame:
    """Everyone who must be was talked to before the session, by those who must (源文 四必谈).

    Whoever is proposed must be, whatever the roster says.
    """
    slate = facts.candidates.loc[facts.candidates["status"] == CandidateStatus.PROPOSED]
    proposed = slate[["unit", "person"]].drop_duplicates()
    people = facts.roster[["jurisdiction", "person", "must_talk"]]
    rows = of_jurisdiction(facts.units, people)
    rows = rows.merge(proposed.assign(stands=True), on=["unit", "person"], how="left")
    rows = rows[rows["must_talk"] | rows["stands"].notna()]
    rows = talked_to(facts, rows.assign(subject=rows["person"]), TalkKind.MUST_TALK, rule.organs)
    judge = Judge(with_calendar(facts, rows), facts.units)
    held, opens = judge["by_organ"], judge["session_opens_on"]
    judge.missing(judge["held_on"].isna(), "not-talked-to")
    judge.fail(judge["by_other"].isna(), "with-oneself")
    judge.fail(held.isna(), "wrong-organ", organ=", ".join(rule.organs))
    judge.missing(opens.isna(), "no-calendar")
    judge.fail(held > opens, "too-late", held=held, opens=opens)
    judge.nothing(Status.MISSING, "nobody-listed")
    return judge.findings()


@check(FILMS)
def films(facts: Facts, rule: FilmsRule) -> pd.DataFrame:
    """Every film was shown at every key point to enough people (源文 警示教育片)."""
    shown = on_record(facts, "screenings", "held_on")
    wanted = [f"{point}/{film}" for point, film in product(rule.key_points, rule.films)]
    rows = due(facts.units, "showing", wanted, of="jurisdiction")
    rows[["key_point", "film"]] = rows["showing"].str.split("/", expand=True)
    rows = rows.merge(shown, on=["jurisdiction", "key_point", "film"], how="left")
    judge = Judge(rows, facts.units)
    point, film, attendance = judge["key_point"], judge["film"], judge["attendance"]
    judge.missing(judge["held_on"].isna(), "not-shown", key_point=point, film=film)
    judge.fail(
        attendance < rule.attendance,
        "too-few",
        key_point=point,
        film=film,
        attendance=attendance,
        needed=rule.attendance,
    )
    return judge.findings()


@check(ACTIVITIES)
def activities(facts: Facts, rule: ActivitiesRule) -> pd.DataFrame:
    """Each of the ten was done before the session (源文 “十个一”宣传教育活动)."""
    done = on_record(facts, "activities", "done_on")
    rows = due(facts.units, "activity", rule.activities, of="jurisdiction")
    rows = rows.merge(done, on=["jurisdiction", "activity"], how="left")
    judge = Judge(with_calendar(facts, rows), facts.units)
    activity, done_on, opens = judge["activity"], judge["done_on"], judge["session_opens_on"]
    judge.missing(done_on.isna(), "not-done", activity=activity)
    judge.missing(opens.isna(), "no-calendar")
    judge.fail(done_on > opens, "too-late", activity=activity, done=done_on, opens=opens)
    return judge.findings()


@check(CARDS)
def cards(facts: Facts, rule: CardsRule) -> pd.DataFrame:
    """So many cards were handed out for everyone who must pledge (源文 换届纪律宣传卡)."""
    lots = on_record(facts, "card_lots", "handed_on")
    rows = of_unit(facts.units)
    place = rows["jurisdiction"]
    people = facts.roster[facts.roster["must_pledge"]]["jurisdiction"].value_counts()
    rows = rows.assign(
        subject=place,
        cards=place.map(lots.groupby("jurisdiction")["cards"].sum()).astype("Int64"),
        people=place.map(people).astype("Int64").fillna(0),
    )
    judge = Judge(rows, facts.units)
    handed, obliged_people = judge["cards"], judge["people"]
    needed = (obliged_people * rule.percent + 99) // 100
    judge.missing(obliged_people == 0, "nobody-listed")
    judge.missing(handed.isna() | (handed == 0), "none-handed-out")
    judge.fail(handed < needed, "too-few", cards=handed, needed=needed, people=obliged_people)
    return judge.findings()


@check(PUBLICITY)
def publicity(facts: Facts, rule: PublicityRule) -> pd.DataFrame:
    """Reporting number and column are public when nomination starts (源文 专栏、公布举报电话)."""
    published = on_record(facts, "publicity", "published_on")
    rows = due(facts.units, "kind", rule.kinds, of="jurisdiction")
    rows = rows.merge(published, on=["jurisdiction", "kind"], how="left")
    judge = Judge(with_calendar(facts, rows), facts.units)
    kind, day, nomination = judge["kind"], judge["published_on"], judge["nomination_on"]
    judge.missing(day.isna(), "not-published", publicity=kind)
    judge.missing(nomination.isna(), "no-calendar")
    judge.fail(day > nomination, "too-late", publicity=kind, published=day, nomination=nomination)
    return judge.findings()
