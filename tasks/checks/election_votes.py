"""The votes of a session: each with its own day, attendance and papers, and the quorum it needs.

Rules: a vote without a day or attendance of its own has those of its session; a vote that is only
planned is none; how many members there are is one number for an assembly, whichever of its bodies
it elects; the quorum is that of the adopted method.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.vocabulary import Body
from tasks.checks.judge import known

VOTE = ["unit", "post", "round"]


def held(facts: Facts) -> pd.DataFrame:
    """The sessions that have voted by today; a planned vote is no vote."""
    return facts.sessions[facts.came(facts.sessions["voted_on"])].drop(columns=["_home", "_unit"])


def assembly_of(units: pd.DataFrame) -> pd.Series:
    """The unit whose members elect: a CPPCC its own, any other is elected by the congress."""
    congress = units["jurisdiction"] + f"-{Body.CONGRESS.value}"
    return units["unit"].where(units["body"] == Body.CPPCC, congress)


def members(facts: Facts) -> pd.DataFrame:
    """`unit` and `members` (all in office in the assembly that elects) of the units in scope."""
    number = facts.credentials.set_index("unit")["members"]
    found = assembly_of(facts.units).map(number).astype("Int64")
    return facts.units[["unit"]].assign(members=found)


def votes(facts: Facts) -> pd.DataFrame:
    """The votes held by today, void ones too, with `voted_on`, `present` and `annulled` filled in.

    A vote whose session has no row, or is still to come, has none of the three.
    """
    ballots = facts.ballots.drop(columns=["_home", "_unit"])
    sessions = held(facts)[["unit", "voted_on", "present"]]
    rows = ballots.merge(sessions, on="unit", how="left", suffixes=("", "_session"))
    session_day = rows["voted_on_session"]
    rows["voted_on"] = rows["voted_on"].fillna(session_day).where(session_day.notna())
    rows["present"] = rows["present"].fillna(rows["present_session"])
    rows["annulled"] = known(rows["annulled"], unknown=False)
    planned = facts.ahead(rows["voted_on"])
    return rows[~planned].drop(columns=["voted_on_session", "present_session"])


def valid_votes(facts: Facts) -> pd.DataFrame:
    """The votes that count: those that were not declared void."""
    rows = votes(facts)
    return rows[~rows["annulled"]]


def needed(rows: pd.DataFrame) -> pd.Series:
    """How many must be present: `members` by the method's `quorum_` columns, a whole number.

    A number over the quorum is the next whole one; the quorum itself is rounded up. Parts of
    nothing are no quorum, and have no number.
    """
    whole = rows["members"] * rows["quorum_numerator"]
    denominator = rows["quorum_denominator"].replace(0, pd.NA)
    rounded_up = -(-whole // denominator)
    return rounded_up.where(
        known(rows["quorum_inclusive"], unknown=False), whole // denominator + 1
    )


def with_quorum(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` of votes with `members` and `needed`, by the method of their session."""
    method = facts.sessions[["unit", "quorum_numerator", "quorum_denominator", "quorum_inclusive"]]
    found = rows.merge(members(facts), on="unit", how="left").merge(method, on="unit", how="left")
    return found.assign(needed=needed(found))
