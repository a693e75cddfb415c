"""What plan and nomination checks have in common: what is due, in which order, and from whom.

Rules: evidence dated after the day of the question is not on record yet; steps are compared with
the latest step recorded before them, so a gap is reported once, by the step that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from schemas.facts import Facts
from schemas.vocabulary import Level, TalkKind


def on_record(facts: Facts, register: str, day: str) -> pd.DataFrame:
    """The rows of a register that exist on the day of the question, without their homes."""
    rows = facts.tables[register]
    return rows[facts.came(rows[day])].drop(columns=["_home", "_unit"])


def with_calendar(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the calendar of their unit; its dates are plans, whenever they are."""
    calendar = facts.calendar.drop(columns=["_home", "_unit"])
    return rows.merge(calendar, on="unit", how="left")


def cycle_begins(facts: Facts) -> pd.DataFrame:
    """Per unit when the cycle began there (`begins`): the first deployment from above, or the plan.

    What was deployed to a level above was deployed; a plan may be settled before a deployment is on
    record.
    """
    deployed = facts.measures.loc[facts.came(facts.measures["held_on"])]
    deployed = deployed[["jurisdiction", "held_on"]].set_axis(["ancestor", "begins"], axis=1)
    lineage = facts.units[["unit", "jurisdiction"]].merge(facts.lineage, on="jurisdiction")
    first = lineage.merge(deployed, on="ancestor")[["unit", "begins"]]
    plan = facts.calendar[["unit", "plan_on"]].set_axis(["unit", "begins"], axis=1)
    days = pd.concat([first, plan]).groupby("unit", as_index=False)
    return days.agg(begins=("begins", "min"))


def before_the_vote(facts: Facts, reports: pd.DataFrame) -> pd.DataFrame:
    """`reports` that came in by the day of their unit's vote, where it was held."""
    votes = facts.sessions[["unit", "voted_on"]].drop_duplicates("unit")
    voted = reports[["unit"]].merge(votes, on="unit", how="left")["voted_on"]
    return reports.loc[~(reports["received_on"].reset_index(drop=True) > voted).to_numpy()]


def due(units: pd.DataFrame, column: str, codes: Sequence[str], of: str) -> pd.DataFrame:
    """One subject `<of>/<code>` for each unit in scope and each code, in their order."""
    wanted = pd.DataFrame({column: [str(code) for code in codes]}, dtype="str")
    rows = units.merge(wanted.assign(position=range(len(wanted))), how="cross")
    return rows.assign(subject=rows[of] + "/" + rows[column])


def due_by_level(
    units: pd.DataFrame, column: str, codes: Mapping[Level, Sequence[str]]
) -> pd.DataFrame:
    """As `due`, for the jurisdiction of each unit, with the codes of its level."""
    parts = [
        due(units[units["level"] == level], column, listed, "jurisdiction")
        for level, listed in codes.items()
    ]
    return pd.concat(parts, ignore_index=True)


def in_order(rows: pd.DataFrame, day: str, *by: str) -> pd.DataFrame:
    """`rows` by `position`, with the `first` day and the latest day `before` each of them.

    Rows of one position may come in any order.
    """
    by = by or ("unit",)
    ordered = rows.sort_values([*by, "position"], ignore_index=True)
    steps = ordered.groupby([*by, "position"], as_index=False)[day].max()
    steps["latest"] = steps.groupby([*by])[day].cummax()
    steps["latest"] = steps.groupby([*by])["latest"].ffill()
    steps["before"] = steps.groupby([*by])["latest"].shift()
    ordered = ordered.merge(steps[[*by, "position", "before"]], on=[*by, "position"])
    return ordered.assign(first=ordered.groupby([*by])[day].transform("first"))


def from_above(facts: Facts, places: pd.Series, homes: pd.Series) -> pd.Series:
    """Whether each home is the place beside it or above that; an unknown home is neither."""
    lineage = facts.lineage["jurisdiction"] + "<" + facts.lineage["ancestor"]
    return (places + "<" + homes.astype("str")).isin(set(lineage))


def organ_of(facts: Facts, places: pd.Series, officers: pd.Series) -> pd.Series:
    """The organ of each officer; empty for somebody who is from neither the place nor above."""
    known = facts.officers.set_index("officer")
    here = from_above(facts, places, officers.map(known["_home"]))
    return officers.map(known["organ"]).astype("str").where(here)


def person_of(facts: Facts, officers: pd.Series) -> pd.Series:
    """Who each officer is: whoever has two ids is one person."""
    known = facts.officers.drop_duplicates("officer").set_index("officer")["person"]
    return officers.map(known).astype("str")


def talked_to(
    facts: Facts, people: pd.DataFrame, kind: TalkKind, organs: Sequence[str]
) -> pd.DataFrame:
    """`people` (person, jurisdiction) with the first day of a talk of a kind with each of them.

    `held_on` is that of any talk, `by_other` of one held by somebody else, `by_organ` of one that
    somebody else of `organs` held.
    """
    talks = on_record(facts, "talks", "held_on").rename(columns={"jurisdiction": "talk_home"})
    rows = facts.talk_participants[["talk", "person"]].merge(
        talks[talks["kind"] == kind], on="talk"
    )
    rows = rows.merge(people[["person", "jurisdiction"]].drop_duplicates(), on="person")
    rows = rows[from_above(facts, rows["jurisdiction"], rows["talk_home"])]
    organ = organ_of(facts, rows["jurisdiction"], rows["officer"])
    by_other = rows["held_on"].where(person_of(facts, rows["officer"]) != rows["person"])
    by_organ = by_other.where(organ.isin([str(one) for one in organs]))
    days = (
        rows.assign(by_other=by_other, by_organ=by_organ)
        .groupby(["person", "jurisdiction"], as_index=False)[["held_on", "by_other", "by_organ"]]
        .min()
    )
    return people.merge(days, on=["person", "jurisdiction"], how="left")
