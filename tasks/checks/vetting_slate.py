"""The slate as vetting looks at it: proposed candidates joined with what is on record of them.

Rules: whoever is proposed is looked at, whether or not anything is on record; people's rows count
for a unit if they are at home in its jurisdiction or above; what is still to come does not count.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.vocabulary import CandidateStatus


def slate(facts: Facts, *columns: str) -> pd.DataFrame:
    """The proposed candidates as subjects of their units, with `columns` of their rows."""
    proposed = facts.candidates["status"] == CandidateStatus.PROPOSED
    rows = facts.candidates.loc[proposed, ["unit", "candidate", *columns]]
    return rows.assign(subject=rows["candidate"])


def with_place(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """`rows` with jurisdiction, level and parent of their unit."""
    return rows.merge(facts.units[["unit", "jurisdiction", "level", "parent"]], on="unit")


def with_session(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """`rows` with `session_opens_on` of their unit, empty where the calendar has none."""
    return rows.merge(facts.calendar[["unit", "session_opens_on"]], on="unit", how="left")


def with_post(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """`rows` with `kind` of their post, empty where the unit has no such post."""
    return rows.merge(facts.posts[["unit", "post", "kind"]], on=["unit", "post"], how="left")


def with_record(rows: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the one row that `record` has about each candidate, empty where it has none."""
    return rows.merge(record.drop(columns=["_home", "_unit"]), on="candidate", how="left")


def until(facts: Facts, days: pd.Series) -> pd.Series:
    """`days` without those that are still to come."""
    return days.where(days <= facts.today)


def within_reach(facts: Facts, jurisdiction: pd.Series, home: pd.Series) -> pd.Series:
    """Where `home` is `jurisdiction` or one above it."""
    pairs = pd.MultiIndex.from_arrays([jurisdiction, home])
    return pd.Series(pairs.isin(pd.MultiIndex.from_frame(facts.lineage)), jurisdiction.index)
