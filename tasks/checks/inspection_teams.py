"""Checks of the teams: roving supervision, special inspections, and problems put right.

Rules: "the same" and "somebody else" are said of persons, never of the ids of officers; a person
comes from every place at which one of their ids is at home.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.inspection_terms import TeamKind
from schemas.rules import inspection as rules
from schemas.rules.parameters import LevelsRule, RectifiedRule, RovingRule
from tasks.checks.judge import Judge, known, of_jurisdiction, of_unit
from tasks.checks.plan_subjects import cycle_begins, person_of
from tasks.checks.registry import check
from tasks.checks.returns import with_returns

FIVE_ITEMS = ("responsibility", "education", "enforcement", "institutions", "reviews")


def sent(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` (jurisdiction, team) whose team was sent from there or above: its `kind`, `sender`."""
    teams = facts.teams[["team", "kind", "jurisdiction"]].rename(columns={"jurisdiction": "sender"})
    above = facts.lineage.rename(columns={"ancestor": "sender"})
    return rows.merge(teams, on="team").merge(above, on=["jurisdiction", "sender"])


def _longest_gap(facts: Facts, days: pd.DataFrame) -> pd.DataFrame:
    """Per unit the longest time without a visit from `since` to `until`: its ends and its days."""
    visits = facts.visits.loc[facts.came(facts.visits["visited_on"])]
    visits = sent(facts, visits[["jurisdiction", "team", "visited_on"]])
    visits = visits.loc[visits["kind"] == TeamKind.ROVING, ["jurisdiction", "visited_on"]]
    visited = days.merge(visits, on="jurisdiction")
    inside = visited["visited_on"].between(visited["since"], visited["until"])
    visited = visited.loc[inside, ["unit", "visited_on"]]
    ends = [days[["unit", end]].rename(columns={end: "visited_on"}) for end in ("since", "until")]
    stops = pd.concat([visited, *ends]).sort_values(["unit", "visited_on"], ignore_index=True)
    stops["before"] = stops.groupby("unit")["visited_on"].shift()
    stops["gap"] = (stops["visited_on"] - stops["before"]).dt.days
    longest = stops.sort_values("gap", ascending=False, kind="stable").drop_duplicates("unit")
    visits_made = longest["unit"].map(visited["unit"].value_counts()).fillna(0)
    return longest.assign(visits=visits_made)


@check(rules.ROVING)
def roving(facts: Facts, rule: RovingRule) -> pd.DataFrame:
    """Roving teams visit from nomination to the session, without a long break (源文).

    None of their members comes from the place that they visit, or from below it.
    """
    rows = of_unit(facts.units).assign(subject=facts.units["jurisdiction"])
    calendar = facts.calendar[["unit", "nomination_on", "session_opens_on"]]
    calendar = calendar.rename(columns={"nomination_on": "since", "session_opens_on": "until"})
    # What is still to come is no break yet.
    ahead = facts.ahead(calendar["until"])
    calendar["until"] = calendar["until"].mask(ahead, facts.today)
    days = rows[["unit", "jurisdiction"]].merge(calendar, on="unit")
    gaps = _longest_gap(facts, days)
    rows = rows.merge(calendar, on="unit", how="left").merge(gaps, on="unit", how="left")
    visited = facts.visits.loc[facts.came(facts.visits["visited_on"]), ["jurisdiction", "team"]]
    local = _local_members(facts, visited.drop_duplicates())
    local = local.groupby("jurisdiction", as_index=False).agg(
        own=("officer", "nunique"), own_officer=("officer", "min")
    )
    judge = Judge(rows.merge(local, on="jurisdiction", how="left"), facts.units)

    judge.not_applicable(
        ~judge["level"].isin(rule.levels), "level-not-covered", level=judge["level"]
    )
    judge.missing(judge["since"].isna(), "no-calendar")
    judge.missing(judge["visits"] == 0, "no-visit", since=judge["since"], until=judge["until"])
    judge.fail(
        judge["own"].notna(),
        "own-officer",
        members=judge["own"],
        officer=judge["own_officer"],
    )
    judge.fail(
        judge["gap"] > rule.gap_days,
        "gap",
        since=judge["before"],
        until=judge["visited_on"],
        days=judge["gap"],
        allowed=rule.gap_days,
    )
    return judge.findings()


@check(rules.FIVE_ITEMS)
def five_items(facts: Facts, rule: LevelsRule) -> pd.DataFrame:
    """Each of the five items was checked by at least one visit (五个必查)."""
    visits = facts.visits[facts.came(facts.visits["visited_on"])]
    checked = visits.groupby("jurisdiction")[list(FIVE_ITEMS)].any()
    long = checked.reset_index().melt("jurisdiction", var_name="topic", value_name="checked")
    made = facts.units["jurisdiction"].map(visits["jurisdiction"].value_counts())
    topics = pd.DataFrame({"topic": list(FIVE_ITEMS)})
    rows = facts.units.assign(visits=made).merge(topics, how="cross")
    rows = rows.merge(long, on=["jurisdiction", "topic"], how="left")
    judge = Judge(rows.assign(subject=rows["jurisdiction"] + "/" + rows["topic"]), facts.units)

    judge.not_applicable(
        ~judge["level"].isin(rule.levels), "level-not-covered", level=judge["level"]
    )
    judge.missing(judge["visits"].isna(), "no-visit")
    unchecked = ~known(judge["checked"], unknown=False)
    for topic in FIVE_ITEMS:
        judge.fail(
            unchecked & (judge["topic"] == topic), f"unchecked-{topic}", visits=judge["visits"]
        )
    return judge.findings()


def _local_members(facts: Facts, sent_to: pd.DataFrame) -> pd.DataFrame:
    """`sent_to` (jurisdiction, team) with those of its members who come from there or below."""
    members = sent_to.merge(facts.team_members[["team", "officer"]], on="team")
    members = members.assign(person=person_of(facts, members["officer"]))
    homes = facts.officers[["person", "jurisdiction"]].rename(columns={"jurisdiction": "home"})
    below = facts.lineage.set_axis(["home", "jurisdiction"], axis=1)
    return members.merge(homes.drop_duplicates(), on="person").merge(below)


def _rovers(facts: Facts) -> pd.DataFrame:
    """Pairs (`jurisdiction`, `person`): who is in a roving team sent from there or above."""
    teams = facts.teams.loc[facts.teams["kind"] == TeamKind.ROVING, ["team", "jurisdiction"]]
    members = facts.team_members[["team", "officer"]].merge(teams, on="team")
    members = members.assign(person=person_of(facts, members["officer"]))
    members = members.rename(columns={"jurisdiction": "ancestor"}).merge(facts.lineage)
    return members[["jurisdiction", "person"]].dropna().drop_duplicates()


def _conflicts(facts: Facts, inspected: pd.DataFrame) -> pd.DataFrame:
    """Per inspection its members, those from the inspected place, those also in a roving team."""
    members = inspected.merge(facts.team_members[["team", "officer"]], on="team")
    members = members.assign(person=person_of(facts, members["officer"]))
    local = _local_members(facts, inspected)[["jurisdiction", "team", "officer"]]
    local = local.drop_duplicates().assign(own=True)
    members = members.merge(local, on=["jurisdiction", "team", "officer"], how="left")
    rovers = _rovers(facts).assign(roving=True)
    members = members.merge(rovers, on=["jurisdiction", "person"], how="left")
    members["own_officer"] = members["officer"].where(members["own"].notna())
    members["roving_officer"] = members["officer"].where(members["roving"].notna())
    return members.groupby(["jurisdiction", "team"], as_index=False).agg(
        members=("officer", "size"),
        own=("own_officer", "count"),
        own_officer=("own_officer", "min"),
        roving=("roving_officer", "count"),
        roving_officer=("roving_officer", "min"),
    )


@check(rules.SPECIAL)
def special(facts: Facts, rule: LevelsRule) -> pd.DataFrame:
    """Others inspect: a special team from above, none of whose members is judged by it (源文).

    It does so within the cycle; what is on record of another cycle counts for nothing beside it.
    Every inspection on record is looked at, whether the level needs one or not.
    """
    made = facts.inspections[facts.came(facts.inspections["started_on"])]
    made = made.drop(columns=["_home", "_unit"])
    inspected = made[["jurisdiction", "team"]]
    made = made.merge(sent(facts, inspected), on=["jurisdiction", "team"], how="left")
    made = made.merge(_conflicts(facts, inspected), on=["jurisdiction", "team"], how="left")
    rows = facts.units.merge(made, on="jurisdiction", how="left")
    rows = rows.merge(cycle_begins(facts), on="unit", how="left")
    days = facts.calendar[["unit", "session_opens_on"]]
    rows = rows.merge(days, on="unit", how="left")
    rows = rows.assign(
        inside=rows["started_on"].between(rows["begins"], rows["session_opens_on"]),
        subject=rows["jurisdiction"] + ("/" + rows["team"]).fillna(""),
    )
    rows = rows[rows["inside"] | ~rows.groupby("unit")["inside"].transform("any")]
    judge = Judge(rows, facts.units)
    team, started, ended = judge["team"], judge["started_on"], judge["ended_on"]
    begins, opens = judge["begins"], judge["session_opens_on"]

    judge.not_applicable(
        ~judge["level"].isin(rule.levels) & team.isna(), "level-not-covered", level=judge["level"]
    )
    judge.missing(team.isna(), "none")
    judge.missing(judge["kind"].isna(), "no-team", team=team)
    judge.missing(judge["members"].isna(), "no-members", team=team)
    judge.fail(judge["kind"] != TeamKind.SPECIAL, "not-special", team=team)
    judge.fail(judge["sender"] == judge["jurisdiction"], "own-team", team=team)
    judge.missing(begins.isna() | opens.isna(), "no-calendar")
    judge.fail(
        ~judge["inside"],
        "outside-the-cycle",
        team=team,
        started=started,
        since=begins,
        until=opens,
    )
    for code, conflict in (("own-officer", "own"), ("also-roving", "roving")):
        judge.fail(
            judge[conflict] > 0,
            code,
            team=team,
            members=judge[conflict],
            officer=judge[f"{conflict}_officer"],
        )
    judge.missing(ended.isna() | facts.ahead(ended), "not-ended", team=team)
    judge.fail(ended < started, "ended-before-started", team=team, started=started, ended=ended)
    judge.fail(~judge["watched_teams"], "teams-not-watched", team=team)
    return judge.findings()


@check(rules.RECTIFIED)
def rectified(facts: Facts, rule: RectifiedRule) -> pd.DataFrame:
    """A problem is put right within the months allowed, and somebody else verifies it (S-15)."""
    found = facts.problems[facts.came(facts.problems["found_on"])]
    found = of_jurisdiction(facts.units, found.drop(columns=["_home", "_unit"]))
    judge = Judge(found.assign(subject=found["problem"]), facts.units)
    seen, until = judge["found_on"], judge["found_on"] + pd.DateOffset(months=rule.months)
    done, verified = (
        judge[day].where(facts.came(judge[day])) for day in ("rectified_on", "verified_on")
    )

    judge.missing(done.isna(), "not-rectified", found=seen)
    judge.missing(judge["rectified_by"].isna(), "no-rectifier")
    judge.fail(done < seen, "rectified-before-found", rectified=done, found=seen)
    judge.fail(done > until, "late", found=seen, rectified=done, until=until)
    judge.missing(verified.isna() | judge["verified_by"].isna(), "not-verified", rectified=done)
    verifier, rectifier = judge["verified_by"], judge["rectified_by"]
    same = (verifier == rectifier) | (person_of(facts, verifier) == person_of(facts, rectifier))
    judge.fail(
        same,
        "verified-by-rectifier",
        officer=judge["verified_by"],
    )
    judge.fail(verified < done, "verified-before-rectified", verified=verified, rectified=done)
    return with_returns(judge, facts, "problems")
