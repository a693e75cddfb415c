"""Zero reports (零报告): an empty register of incidents counts only where somebody reported zero.

Rules: without a return nothing is known; a return of more incidents than are on record shows that
some are not; more on record than returned is no fault. Rows are counted by the jurisdiction at
which they are at home, those of its other units too.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.selections import HAPPENED
from tasks.checks.judge import Judge


def returned(facts: Facts, register: str) -> pd.DataFrame:
    """Per unit in scope what its jurisdiction returned: `entries` (empty: nothing), `recorded`."""
    returns, home = facts.returns, facts.units["jurisdiction"]
    rows = facts.tables[f"{register}_recorded"]
    made = returns[(returns["register_name"] == register) & facts.came(returns["reported_on"])]
    if register in HAPPENED:
        rows = rows[facts.came(rows[HAPPENED[register]])]
    return facts.units.assign(
        subject=home + f"/{register}",
        entries=home.map(made.set_index("jurisdiction")["entries"]).astype("Int64"),
        recorded=home.map(rows["_home"].value_counts()).astype("Int64").fillna(0),
    )


def judge_returns(facts: Facts, register: str) -> pd.DataFrame:
    """One finding per unit in scope: whether its register of incidents is whole."""
    judge = Judge(returned(facts, register), facts.units)
    entries, recorded = judge["entries"], judge["recorded"]
    judge.missing(entries.isna(), "not-returned")
    judge.missing(entries > recorded, "fewer-than-returned", entries=entries, recorded=recorded)
    return judge.findings()


def with_returns(judge: Judge, facts: Facts, register: str) -> pd.DataFrame:
    """The findings on incidents with those on their returns: a unit may well have no incident."""
    return pd.concat([judge.judged(), judge_returns(facts, register)], ignore_index=True)
