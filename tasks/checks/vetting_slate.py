"""The slate as vetting looks at it: proposed candidates joined with what is on record of them.

Rules: whoever is proposed is looked at, whether or not anything is on record; people's rows count
for a unit if they are at home in its jurisdiction or above; what is still to come does not count.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.vocabulary import Body, CandidateStatus, ReviewResult
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import person_of

PROPOSED = (CandidateStatus.PROPOSED.value,)
FROM_THE_FLOOR = (CandidateStatus.FROM_THE_FLOOR.value,)


def _of_status(facts: Facts, status: tuple[str, ...], columns: tuple[str, ...]) -> pd.DataFrame:
    mine = facts.candidates["status"].isin(status)
    rows = facts.candidates.loc[mine, ["unit", "candidate", *columns]]
    return rows.assign(subject=rows["candidate"])


def slate(facts: Facts, *columns: str) -> pd.DataFrame:
    """The proposed candidates as subjects of their units, with `columns` of their rows."""
    return _of_status(facts, PROPOSED, columns)


def from_the_floor(facts: Facts, *columns: str) -> pd.DataFrame:
    """The candidates whom deputies nominated on the floor, and whom nobody vetted."""
    return _of_status(facts, FROM_THE_FLOOR, columns)


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
    return days.where(facts.came(days))


def within_reach(facts: Facts, jurisdiction: pd.Series, home: pd.Series) -> pd.Series:
    """Where `home` is `jurisdiction` or one above it."""
    pairs = pd.MultiIndex.from_arrays([jurisdiction, home])
    return pd.Series(pairs.isin(pd.MultiIndex.from_frame(facts.lineage)), jurisdiction.index)


def no_cadre(judge: Judge) -> pd.Series:
    """Candidates of a CPPCC whose archive needs no review, with the reason why."""
    not_required = judge["result"] == ReviewResult.NOT_REQUIRED
    return (judge["body"] == Body.CPPCC) & not_required & judge["reason"].notna()


def kin_pairs(facts: Facts) -> pd.DataFrame:
    """Pairs (`person`, `kin`), and what else is read of them, whoever was named first."""
    named = facts.kin
    mirrored = named.rename(columns={"person": "kin", "kin": "person"})
    return pd.concat([named, mirrored], ignore_index=True)


def judge_recusal(judge: Judge, facts: Facts, acting: pd.Series) -> None:
    """Officers `acting` on candidates are neither the candidates nor their kin (条例 2014 art. 53).

    Persons are compared, never ids of officers; the subjects have a column `person`.
    """
    actor = person_of(facts, acting)
    pairs = kin_pairs(facts)
    kin = (judge["person"] + "<" + actor).isin(set(pairs["person"] + "<" + pairs["kin"]))
    judge.missing(acting.notna() & actor.isna(), "unknown-officer", officer=acting)
    judge.fail(actor == judge["person"], "about-oneself", officer=acting)
    judge.fail(kin, "about-kin", officer=acting)
