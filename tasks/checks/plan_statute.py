"""Plan (方案), what statutes settle: number of deputies, posts and their seats, the calendar."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.places import DISPERSED
from schemas.rules.parameters import CalendarRule, Parameters, PostsRule, SeatsRule
from schemas.rules.plan_statute import CALENDAR, POSTS, SEATS
from schemas.vocabulary import CHIEF_POSTS, Body, Level, Organ, PostKind
from tasks.checks.judge import Judge, of_unit
from tasks.checks.plan_subjects import with_calendar
from tasks.checks.registry import check

FIXED_BY: dict[str, str] = {
    Level.CITY.value: Organ.PROVINCE_STANDING_COMMITTEE.value,
    Level.COUNTY.value: Organ.PROVINCE_STANDING_COMMITTEE.value,
    Level.TOWNSHIP.value: Organ.COUNTY_STANDING_COMMITTEE.value,
}
TERM_YEARS = 5
INCREASE_PERCENT = 5
REPORTED_WITHIN_DAYS = 30
TOWNSHIP_VICE_CHAIRS = 2

CHAIRS = (PostKind.CHAIR, PostKind.VICE_CHAIR)
COMMITTEE = (*CHAIRS, PostKind.MEMBER, PostKind.SECRETARY_GENERAL)
JUSTICE = (PostKind.COURT_PRESIDENT, PostKind.CHIEF_PROCURATOR)
HEADS = (PostKind.HEAD, PostKind.DEPUTY_HEAD)
ELECTED = {
    (Body.CONGRESS, Level.CITY): (*COMMITTEE, *JUSTICE),
    (Body.CONGRESS, Level.COUNTY): (*CHAIRS, PostKind.MEMBER, *JUSTICE),
    (Body.CONGRESS, Level.TOWNSHIP): (PostKind.CHAIR,),
    (Body.GOVERNMENT, Level.CITY): HEADS,
    (Body.GOVERNMENT, Level.COUNTY): HEADS,
    (Body.GOVERNMENT, Level.TOWNSHIP): HEADS,
    (Body.CPPCC, Level.CITY): COMMITTEE,
    (Body.CPPCC, Level.COUNTY): (*CHAIRS, PostKind.MEMBER),
}
ELECTIVE = {
    (Body.CONGRESS, Level.TOWNSHIP): (PostKind.VICE_CHAIR,),
    (Body.CPPCC, Level.COUNTY): (PostKind.SECRETARY_GENERAL,),
}
SUPERVISED = ((Body.CONGRESS, Level.CITY), (Body.CONGRESS, Level.COUNTY))


def of_level(rule: Parameters, name: str, levels: pd.Series) -> pd.Series:
    """The parameter `<level>_<name>` for the level of each row; 0 where the rule has none."""
    values = {level.value: getattr(rule, f"{level}_{name}", 0) for level in Level}
    return levels.map(values).astype("Int64")


def with_population(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the population of their jurisdiction."""
    people = facts.jurisdictions.drop(columns=["_home", "_unit"])
    return rows.merge(people, on="jurisdiction", how="left")


@check(SEATS)
def seats(facts: Facts, rule: SeatsRule) -> pd.DataFrame:
    """A base and one more for so many people, up to a cap (选举法 art. 12, 13).

    The caps start exactly where the formula reaches them, so the smaller of the two is the law. A
    number once fixed stands, whoever moves away (art. 14): people are counted as they were then.
    """
    assemblies = facts.assemblies.drop(columns=["_home", "_unit"])
    rows = of_unit(facts.units).merge(assemblies, on="unit", how="left")
    judge = Judge(with_population(facts, rows), facts.units)
    level, members = judge["level"], judge["members"]
    population = judge["population_when_fixed"].fillna(judge["population"])
    base = of_level(rule, "base", level)
    formula = base + population // of_level(rule, "per", level)
    most = formula.clip(upper=of_level(rule, "cap", level))
    dispersed = judge["name"].str.endswith(DISPERSED).astype("boolean").fillna(False)
    increased = judge["increase_document"].notna() & dispersed
    refixed, reported = judge["refixed_on"], judge["refixed_reported_on"]
    due = refixed + pd.Timedelta(days=REPORTED_WITHIN_DAYS)
    most = most.mask(increased, most * (100 + INCREASE_PERCENT) // 100)
    small = population < of_level(rule, "small", level)
    organ = level.map(FIXED_BY)

    judge.not_applicable(judge["body"] == Body.GOVERNMENT, "elects-no-deputies")
    judge.not_applicable(judge["body"] == Body.CPPCC, "no-legal-number")
    judge.missing(members.isna(), "not-fixed")
    judge.fail(members == 0, "zero")
    judge.fail(
        judge["increase_document"].notna() & ~dispersed & (members > most),
        "no-increase-here",
        place=judge["name"],
    )
    figures = {"members": members, "population": population}
    judge.fail(members > most, "too-many", **figures, most=most)
    judge.fail(~small & (members < base), "too-few", **figures, least=base)
    # A town directly below a city has that city's standing committee above it, and no county's.
    of_the_city = (level == Level.TOWNSHIP) & judge["parent"].astype("str").str.endswith("00")
    own = of_the_city & (judge["fixed_by"] == Organ.STANDING_COMMITTEE)
    judge.fail(~own & (judge["fixed_by"] != organ), "wrong-organ", organ=organ)
    judge.missing(judge["filing_document"].isna(), "not-filed")
    judge.missing(refixed.notna() & judge["refixed_for"].isna(), "no-cause", refixed=refixed)
    judge.fail(reported.isna() & facts.over(due), "not-reported", refixed=refixed, due=due)
    judge.fail(reported < refixed, "reported-before-refixed", refixed=refixed, reported=reported)
    judge.fail(reported > due, "reported-late", refixed=refixed, reported=reported, due=due)
    return judge.findings()


def lawful_posts(rule: PostsRule) -> pd.DataFrame:
    """The posts that each body fills at each level, and whether it must (`required`)."""
    listed = [(*where, kind, True) for where, kinds in ELECTED.items() for kind in kinds]
    listed += [(*where, kind, False) for where, kinds in ELECTIVE.items() for kind in kinds]
    director = PostKind.SUPERVISION_DIRECTOR
    listed += [(*where, director, True) for where in SUPERVISED if rule.supervision_director]
    return pd.DataFrame(listed, columns=["body", "level", "kind", "required"]).astype(
        {"body": "str", "level": "str", "kind": "str", "required": "boolean"}
    )


def judge_posts(facts: Facts, lawful: pd.DataFrame) -> pd.DataFrame:
    """Each post is one that the body fills, stands once, and has a lawful number of seats."""
    units = facts.units[["unit", "body", "level"]]
    rows = facts.posts.merge(units, on="unit").merge(
        lawful, on=["body", "level", "kind"], how="left"
    )
    rows = rows.assign(
        subject=rows["post"], rows=rows.groupby(["unit", "kind"])["post"].transform("size")
    )
    judge = Judge(rows, facts.units)
    kind, number, congress = judge["kind"], judge["seats"], judge["body"] == Body.CONGRESS
    township = judge["level"] == Level.TOWNSHIP
    fixed_by = FIXED_BY[Level.COUNTY.value]
    judge.fail(judge["required"].isna(), "not-of-this-body", post_kind=kind)
    judge.fail(judge["rows"] > 1, "listed-twice", post_kind=kind, rows=judge["rows"])
    judge.fail(number == 0, "zero", post_kind=kind)
    judge.fail(kind.isin(CHIEF_POSTS) & (number != 1), "one-seat", post_kind=kind, seats=number)
    judge.fail(
        congress & township & (kind == PostKind.VICE_CHAIR) & (number > TOWNSHIP_VICE_CHAIRS),
        "too-many-vice",
        seats=number,
    )
    judge.fail(
        congress & ~township & kind.isin(COMMITTEE) & (judge["fixed_by"] != fixed_by),
        "wrong-organ",
        organ=fixed_by,
    )
    return judge.judged()


def judge_bodies(facts: Facts, rule: PostsRule, lawful: pd.DataFrame) -> pd.DataFrame:
    """Each body has all posts that it must have, and a standing committee of a lawful size."""
    posts = facts.posts[["unit", "kind", "seats"]]
    required = facts.units.merge(lawful[lawful["required"]], on=["body", "level"])
    required = required.merge(posts, on=["unit", "kind"], how="left")
    absent = required[required["seats"].isna()].groupby("unit")["kind"].agg(", ".join)
    size = posts[posts["kind"].isin(COMMITTEE)].groupby("unit")["seats"].sum()
    rows = of_unit(facts.units)
    rows = rows.assign(
        absent=rows["unit"].map(absent).astype("str"),
        size=rows["unit"].map(size).astype("Int64"),
    )
    judge = Judge(with_population(facts, rows), facts.units)
    level, size = judge["level"], judge["size"]
    least, most = of_level(rule, "minimum", level), of_level(rule, "maximum", level)
    large = judge["population"] > of_level(rule, "large", level)
    most = most.mask(large, of_level(rule, "large_maximum", level))
    committee = (judge["body"] == Body.CONGRESS) & (level != Level.TOWNSHIP)
    judge.missing(judge["absent"].notna(), "post-absent", post_kind=judge["absent"])
    judge.fail(
        committee & ((size < least) | (size > most)),
        "committee-size",
        size=size,
        least=least,
        most=most,
    )
    return judge.findings()


@check(POSTS)
def posts(facts: Facts, rule: PostsRule) -> pd.DataFrame:
    """The posts that sessions fill (地方组织法 art. 11, 12, 18, 70), and committees (art. 47)."""
    lawful = lawful_posts(rule)
    found = judge_posts(facts, lawful), judge_bodies(facts, rule, lawful)
    return pd.concat(found, ignore_index=True)


def congresses_of(facts: Facts) -> pd.DataFrame:
    """Per jurisdiction the day on which the session of its congress opens."""
    congresses = facts.congress_calendar[["_home", "session_opens_on"]]
    return congresses.set_axis(["jurisdiction", "congress_opens"], axis=1)


def counties_of(facts: Facts) -> pd.DataFrame:
    """Per city: county congresses without a calendar, and when the last one opens and closes."""
    congresses = facts.tables["units"][["unit", "jurisdiction"]]
    rows = congresses.merge(facts.jurisdictions[["jurisdiction", "parent"]], on="jurisdiction")
    days = facts.county_calendar[["unit", "session_opens_on", "session_closes_on"]]
    days = rows.merge(days.set_axis(["unit", "opens", "closes"], axis=1), on="unit", how="left")
    return (
        days.assign(undated=days["closes"].isna())
        .groupby("parent", as_index=False)
        .agg(undated=("undated", "sum"), opens=("opens", "max"), closes=("closes", "max"))
        .rename(columns={"parent": "jurisdiction"})
    )


@check(CALENDAR)
def calendar(facts: Facts, rule: CalendarRule) -> pd.DataFrame:
    """Five-year terms, and sessions in time and in order (地方组织法 art. 9, 20, 72).

    County congresses elect the deputies of the city's (选举法 art. 3), so they come first. The
    pack must hold on the day of the session.
    """
    rows = with_calendar(facts, of_unit(facts.units))
    rows = rows.merge(congresses_of(facts), on="jurisdiction", how="left")
    judge = Judge(rows.merge(counties_of(facts), on="jurisdiction", how="left"), facts.units)
    congress, government = judge["body"] == Body.CONGRESS, judge["body"] == Body.GOVERNMENT
    above_counties = congress & (judge["level"] == Level.CITY)
    plan, nomination, vetting = judge["plan_on"], judge["nomination_on"], judge["vetting_on"]
    opens, closes = judge["session_opens_on"], judge["session_closes_on"]
    elected, credentials = judge["deputies_elected_on"], judge["credentials_on"]
    undated = judge["undated"]
    counties_open, counties_close = judge["opens"], judge["closes"]
    direct, voting = congress & (judge["level"] != Level.CITY), judge["election_day"]

    judge.missing(plan.isna(), "no-calendar")
    judge.missing(direct & voting.isna(), "no-election-day")
    judge.missing(congress & elected.isna(), "no-deputies-day")
    judge.missing(congress & credentials.isna(), "no-credentials-day")
    judge.missing(above_counties & (undated > 0), "counties-without-calendar", counties=undated)
    since, until = pd.Timestamp(rule.valid_from), pd.Timestamp(rule.valid_to)
    judge.fail(
        (opens < since) | (opens > until),
        "pack-not-valid",
        opens=opens,
        since=rule.valid_from,
        until=rule.valid_to,
    )
    judge.fail(judge["term_years"] != TERM_YEARS, "term", years=judge["term_years"])
    for earlier, later, broken, reason in (
        (plan, nomination, nomination < plan, "nomination-before-plan"),
        (nomination, vetting, vetting < nomination, "vetting-before-nomination"),
        (vetting, opens, opens <= vetting, "session-before-vetting"),
        (opens, closes, closes < opens, "closes-before-it-opens"),
        (voting, elected, direct & (elected < voting), "elected-before-election-day"),
        (elected, credentials, congress & (credentials < elected), "credentials-before-deputies"),
        (credentials, opens, congress & (opens <= credentials), "session-before-credentials"),
    ):
        judge.fail(broken, reason, earlier=earlier, later=later)
    judge.fail(
        congress & (opens > elected + pd.DateOffset(months=2)),
        "more-than-two-months",
        opens=opens,
        elected=elected,
    )
    judge.fail(
        above_counties & (opens < counties_close),
        "before-counties",
        opens=opens,
        closes=counties_close,
    )
    judge.fail(
        above_counties & (elected < counties_open),
        "elected-before-counties",
        elected=elected,
        opens=counties_open,
    )
    judge.fail(
        government & (opens != judge["congress_opens"]) & judge["congress_opens"].notna(),
        "session-differs",
        opens=opens,
        congress_opens=judge["congress_opens"],
    )
    return judge.findings()
