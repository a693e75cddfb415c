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
    return rows[rows[day] <= facts.today].drop(columns=["_home", "_unit"])


def with_calendar(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the calendar of their unit; its dates are plans, whenever they are."""
    calendar = facts.calendar.drop(columns=["_home", "_unit"])
    return rows.merge(calendar, on="unit", how="left")


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
    """`rows` by `position`, with the `first` day and the latest day `before` each of them."""
    by = by or ("unit",)
    ordered = rows.sort_values([*by, "position"], ignore_index=True)
    latest = ordered.assign(latest=ordered.groupby([*by])[day].cummax())
    latest["latest"] = latest.groupby([*by])["latest"].ffill()
    return ordered.assign(
        first=ordered.groupby([*by])[day].transform("first"),
        before=latest.groupby([*by])["latest"].shift(),
    )


def from_above(facts: Facts, places: pd.Series, homes: pd.Series) -> pd.Series:
    """Whether each home is the place beside it or above that; an unknown home is neither."""
    lineage = facts.lineage["jurisdiction"] + "<" + facts.lineage["ancestor"]
    return (places + "<" + homes.astype("str")).isin(set(lineage))


def organ_of(facts: Facts, places: pd.Series, officers: pd.Series) -> pd.Series:
    """The organ of each officer; empty for somebody who is from neither the place nor above."""
    known = facts.officers.set_index("officer")
    here = from_above(facts, places, officers.map(known["_home"]))
    return officers.map(known["organ"]).astype("str").where(here)


def talked_to(facts: Facts, kind: TalkKind, organs: Sequence[str]) -> pd.DataFrame:
    """Per person the first day of a talk (`held_on`) and of one that `organs` held (`by_organ`)."""
    talks = on_record(facts, "talks", "held_on").rename(columns={"jurisdiction": "talk_home"})
    people = facts.roster[["person", "jurisdiction"]]
    rows = facts.talk_participants.merge(talks[talks["kind"] == kind], on="talk")
    rows = rows.merge(people, on="person")
    rows = rows[from_above(facts, rows["jurisdiction"], rows["talk_home"])]
    organ = organ_of(facts, rows["jurisdiction"], rows["officer"])
    by_organ = rows["held_on"].where(organ.isin([str(one) for one in organs]))
    return (
        rows.assign(by_organ=by_organ)
        .groupby("person", as_index=False)
        .agg(held_on=("held_on", "min"), by_organ=("by_organ", "min"))
    )
