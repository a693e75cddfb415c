"""The register of deputies: how many are in office when the session opens, and who may sign."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election_deputies as rules
from schemas.rules.parameters import DeputiesRule
from schemas.vocabulary import Body
from schemas.vote_terms import DeputyStatus
from tasks.checks.election_votes import assembly_of, members
from tasks.checks.judge import Judge
from tasks.checks.registry import check


def in_office(rows: pd.DataFrame, day: pd.Series, *, suspended: bool = False) -> pd.Series:
    """Which `rows` of the register are of deputies in office on `day`.

    Whoever is suspended keeps the office and does not exercise it (代表法 art. 61).
    """
    left = rows["status"] == DeputyStatus.ENDED
    if not suspended:
        left = left | (rows["status"] == DeputyStatus.SUSPENDED)
    return ~left | (rows["since"] > day)


def able_signers(facts: Facts, nominations: pd.DataFrame) -> pd.Series:
    """Nomination → how many of its signers were in office on the day of the nomination."""
    units = facts.units[["unit"]].assign(assembly=assembly_of(facts.units))
    register = facts.deputies[["unit", "deputy", "status", "since"]]
    rows = (
        nominations[["nomination", "unit", "nominated_on"]]
        .merge(units, on="unit")
        .merge(facts.signers[["nomination", "deputy"]], on="nomination")
        .merge(register.rename(columns={"unit": "assembly"}), on=["assembly", "deputy"])
    )
    return rows[in_office(rows, rows["nominated_on"])].groupby("nomination").size()


@check(rules.DEPUTIES)
def deputies(facts: Facts, rule: DeputiesRule) -> pd.DataFrame:
    """The number in the credentials report is that of the deputies in office at the opening.

    It is what majorities and quorums are of: nobody may be taken out but for the reasons of 代表法
    art. 61, 62, and nobody counted who left. 选举法 art. 47 has every congress publish the list; a
    CPPCC is held to its register where it keeps one.
    """
    units = facts.units.assign(assembly=assembly_of(facts.units))
    units = units.merge(facts.sessions[["unit", "opened_on"]], on="unit", how="left")
    opened = units["opened_on"].where(facts.came(units["opened_on"]), facts.today)
    units = units.assign(day=opened.astype("datetime64[s]"), subject=units["assembly"])
    register = facts.deputies.drop(columns=["_home", "_unit"]).rename(columns={"unit": "assembly"})
    rows = units[["unit", "assembly", "day"]].merge(register, on="assembly")
    rows["counts"] = in_office(rows, rows["day"], suspended=rule.suspended)
    undated = rows[(rows["status"] != DeputyStatus.IN_OFFICE) & rows["since"].isna()]
    number = rows.groupby("unit")["counts"].sum().rename("registered").reset_index()
    first = undated.drop_duplicates("unit")[["unit", "deputy"]]
    found = units.merge(number, on="unit", how="left").merge(first, on="unit", how="left")
    second = facts.tables["second_numbers"][["unit", "members"]]
    found = found.merge(second.rename(columns={"members": "second"}), on="unit", how="left")
    judge = Judge(found.merge(members(facts), on="unit"), facts.units)
    other = judge["second"]
    registered, everybody = judge["registered"].astype("Int64"), judge["members"]

    judge.not_applicable(registered.isna() & (judge["body"] == Body.CPPCC), "no-register-kept")
    judge.missing(registered.isna(), "no-register")
    judge.missing(everybody.isna(), "no-credentials")
    judge.fail(other.notna() & (other != everybody), "two-numbers", members=everybody, other=other)
    judge.missing(judge["deputy"].notna(), "without-a-day", deputy=judge["deputy"])
    judge.fail(registered != everybody, "members-differ", members=everybody, registered=registered)
    return judge.findings()
