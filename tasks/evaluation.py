"""Evaluation: the findings of a stage's checks, closed where anything is odd.

Rules: a check sees only what its rule reads. A check that raises, answers in another form, speaks
of a unit outside the scope, or gives a reason that its rule does not declare, fails every unit in
scope; a unit of which it says nothing is `missing`. Nothing that a check does opens a gate by
accident.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter

import pandas as pd

from schemas.facts import Facts
from schemas.findings import FINDING_COLUMNS
from schemas.policy import PackCheck
from schemas.rules.catalogue import COMMON_REASONS, CRASHED, MALFORMED
from schemas.vocabulary import Status
from tasks.checks.catalogue import CHECKS

ALL_COLUMNS = ("check", *FINDING_COLUMNS)
parse = Formatter().parse
_GIVEN_BY_CHECKS = frozenset(status.value for status in Status if status is not Status.WAIVED)


def uniform(facts: Facts, code: str, status: Status, reason: str, error: str = "") -> pd.DataFrame:
    """One finding for every unit in scope."""
    units = facts.units["unit"]
    return pd.DataFrame(
        {
            "check": code,
            "unit": units,
            "subject": units,
            "status": status.value,
            "reason": reason,
            "arguments": [{"error": error} if error else None] * len(units),
        },
        columns=list(ALL_COLUMNS),
    )


def _oddity(entry: PackCheck, facts: Facts, found: object) -> str:
    """What is wrong with a check's answer, or nothing."""
    if not isinstance(found, pd.DataFrame) or not set(FINDING_COLUMNS) <= set(found.columns):
        return "columns"
    if found[["unit", "subject", "status", "reason"]].isna().to_numpy().any():
        return "empty-cell"
    if not found["status"].isin(_GIVEN_BY_CHECKS).all():
        return "status"
    if not found["unit"].isin(set(facts.units["unit"])).all():
        return "unit"
    passes = found["status"].eq(Status.PASS.value)
    declared = {*entry.rule.reasons, *COMMON_REASONS}
    if not found.loc[~passes, "reason"].isin(declared).all():
        return "reason"
    if found.loc[passes, "reason"].ne("").any():
        return "reason"
    return "" if _can_be_told(entry, found[~passes]) else "arguments"


def _can_be_told(entry: PackCheck, found: pd.DataFrame) -> bool:
    """Whether every finding brings what the text of its reason names, as ids, counts or codes."""
    named = {
        reason: {name for _, name, _, _ in (*parse(text.zh), *parse(text.en)) if name}
        for reason, text in {**COMMON_REASONS, **entry.rule.reasons}.items()
    }
    bare: set[str] = set()
    for reason, given in zip(found["reason"].tolist(), found["arguments"].tolist(), strict=True):
        if given is None:
            bare.add(reason)
        elif not (
            isinstance(given, dict)
            and named[reason] <= given.keys()
            and all(isinstance(value, str | int) for value in given.values())
        ):
            return False
    return not any(named[reason] for reason in bare)


def run_check(entry: PackCheck, facts: Facts) -> pd.DataFrame:
    """The findings of one check over the units in scope (columns `ALL_COLUMNS`)."""
    code = entry.rule.code
    try:
        found = CHECKS[code](facts.restricted(entry.rule.reads), entry.parameters)
        odd = _oddity(entry, facts, found)
    except Exception as error:
        # Only the kind of error is kept: its message may quote people's data.
        return uniform(facts, code, Status.FAIL, CRASHED, type(error).__name__)
    if odd:
        return uniform(facts, code, Status.FAIL, MALFORMED, odd)
    found = found[list(FINDING_COLUMNS)].assign(check=code)
    silent = facts.units[~facts.units["unit"].isin(set(found["unit"]))]
    if silent.empty:
        return found[list(ALL_COLUMNS)]
    rest = uniform(
        Facts(facts.on, silent, facts.lineage, {}), code, Status.MISSING, "nothing-on-record"
    )
    return pd.concat([found[list(ALL_COLUMNS)], rest], ignore_index=True)


def run_checks(entries: Iterable[PackCheck], facts: Facts) -> pd.DataFrame:
    """The findings of all `entries`, one below the other."""
    frames = [run_check(entry, facts) for entry in entries]
    return pd.concat(frames, ignore_index=True)
