"""Evaluation: the findings of a stage's checks, closed where anything is odd.

Rules: a check sees only what its rule reads. A check that raises, answers in another form, speaks
of a unit outside the scope, or gives a reason that its rule does not declare, fails every unit in
scope; a unit of which it says nothing is `missing`. Nothing that a check does opens a gate by
accident.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from string import Formatter
from typing import Any

import pandas as pd

from schemas.facts import Facts
from schemas.findings import FINDING_COLUMNS
from schemas.policy import PackCheck
from schemas.rules.catalogue import COMMON_REASONS, CRASHED, MALFORMED
from schemas.text import Text
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


def _empty(values: list[Any]) -> bool:
    """Whether a cell is empty; a column of nothing but text has none."""
    return set(map(type, values)) != {str} and any(pd.isna(value) for value in values)


def _oddity(entry: PackCheck, units: set[str], found: object) -> str:
    """What is wrong with a check's answer about `units`, or nothing."""
    if not isinstance(found, pd.DataFrame) or not set(FINDING_COLUMNS) <= set(found.columns):
        return "columns"
    given = {name: found[name].tolist() for name in FINDING_COLUMNS}
    if any(_empty(given[name]) for name in ("unit", "subject", "status", "reason")):
        return "empty-cell"
    if not _GIVEN_BY_CHECKS.issuperset(given["status"]):
        return "status"
    if not units.issuperset(given["unit"]):
        return "unit"
    declared = {**COMMON_REASONS, **entry.rule.reasons}
    for status, reason in set(zip(given["status"], given["reason"], strict=True)):
        if reason not in ({""} if status == Status.PASS else declared):
            return "reason"
    # Findings that say the same share their arguments: each is looked at once.
    places = list(map(id, given["arguments"]))
    arguments = dict(zip(places, given["arguments"], strict=True))
    for reason, place in set(zip(given["reason"], places, strict=True)):
        if reason and not _can_be_told(declared[reason], arguments[place]):
            return "arguments"
    return ""


@cache
def _named(text: Text) -> frozenset[str]:
    """The arguments that a text names, in either language."""
    return frozenset(name for _, name, _, _ in (*parse(text.zh), *parse(text.en)) if name)


def _can_be_told(text: Text, arguments: object) -> bool:
    """Whether `arguments` bring what the text of a reason names, as ids, counts or codes."""
    if arguments is None:
        return not _named(text)
    return (
        isinstance(arguments, dict)
        and _named(text) <= arguments.keys()
        and all(isinstance(value, str | int) for value in arguments.values())
    )


def run_check(entry: PackCheck, facts: Facts) -> pd.DataFrame:
    """The findings of one check over the units in scope (columns `ALL_COLUMNS`).

    Of the same facts they are the same, of each unit whatever others are looked at with it: they
    are worked out once, for the next launch of the day too; one that crashed is run again.

    Raises:
        FactsError: what it reads cannot be put together; that is no finding.
    """
    code = entry.rule.code
    asked = ("findings", code, CHECKS.get(code), repr(entry.parameters))
    known: list[tuple[set[str], pd.DataFrame]] = facts.once(asked, list)
    units = set(facts.units["unit"].tolist())
    parts: list[pd.DataFrame] = []
    left = set(units)
    for covered, found in known:
        if mine := covered & left:
            parts.append(found if mine == covered else found[found["unit"].isin(mine)])
            left -= mine
    if left or not units:
        parts.append(_found(entry, facts.within(left)))
        if left and not {CRASHED, MALFORMED}.intersection(parts[-1]["reason"]):
            known.append((left, parts[-1]))
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _found(entry: PackCheck, facts: Facts) -> pd.DataFrame:
    code = entry.rule.code
    units = set(facts.units["unit"].tolist())
    seen = facts.restricted(entry.reads)
    try:
        found = CHECKS[code](seen, entry.parameters)
        odd = _oddity(entry, units, found)
    except Exception as error:
        # Only the kind of error is kept: its message may quote people's data.
        return uniform(facts, code, Status.FAIL, CRASHED, type(error).__name__)
    if odd:
        return uniform(facts, code, Status.FAIL, MALFORMED, odd)
    found = found[list(FINDING_COLUMNS)]
    found.insert(0, "check", code)
    silent = units.difference(found["unit"].tolist())
    if not silent:
        return found
    rest = uniform(facts.within(silent), code, Status.MISSING, "nothing-on-record")
    return pd.concat([found, rest], ignore_index=True)


def run_checks(entries: Iterable[PackCheck], facts: Facts) -> pd.DataFrame:
    """The findings of all `entries`, one below the other."""
    frames = [run_check(entry, facts) for entry in entries]
    return pd.concat(frames, ignore_index=True)
