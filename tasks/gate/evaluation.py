"""Evaluation: the findings of a stage's checks, closed where anything is odd.

Rules: a check sees only what its rule reads. A check that raises, answers in another form, speaks
of a unit outside the scope, or gives a reason that its rule does not declare, fails every unit in
scope; a unit of which it says nothing is `missing`. Nothing that a check does opens a gate by
accident.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from functools import cache
from string import Formatter
from typing import Any

import pandas as pd

from data.memory import Memory
from schemas.facts import UNIT_COLUMNS, Facts
from schemas.findings import FINDING_COLUMNS, Argument, Finding, Findings, by_unit, together
from schemas.frames import DIGEST
from schemas.policy import PackCheck
from schemas.rules.catalogue import BROKEN, COMMON_REASONS, CRASHED, MALFORMED
from schemas.text import Text
from schemas.vocabulary import Status
from tasks.checks.catalogue import CHECKS
from tasks.gate.evidence import places_digest, rows_seen

parse = Formatter().parse
_GIVEN_BY_CHECKS = frozenset(status.value for status in Status if status is not Status.WAIVED)


def uniform(
    units: Iterable[str], code: str, status: Status, reason: str, error: str = ""
) -> dict[str, Findings]:
    """One finding for every unit."""
    arguments: dict[str, Argument] = {"error": error} if error else {}
    return {unit: Findings.of([Finding(code, unit, status, reason, arguments)]) for unit in units}


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
        if reason and not _renders(declared[reason], arguments[place]):
            return "arguments"
    return ""


@cache
def _named(text: Text) -> frozenset[str]:
    """The arguments that a text names, in either language."""
    return frozenset(name for _, name, _, _ in (*parse(text.zh), *parse(text.en)) if name)


def _renders(text: Text, arguments: object) -> bool:
    """Whether `arguments` bring what the text of a reason names, as ids, counts or codes."""
    if arguments is None:
        return not _named(text)
    return (
        isinstance(arguments, dict)
        and _named(text) <= arguments.keys()
        and all(isinstance(value, str | int) for value in arguments.values())
    )


# All that findings follow from but the day: check, code, parameters, places; the unit, and what
# the check sees of it.
Asked = tuple[Hashable, ...]

# Findings of a unit, with the first and the last day on which they are those.
FOUND: Memory[Asked, tuple[date, date, Findings]] = Memory(1 << 17)
# Of a unit with more rows nothing is remembered, so that memory is not filled with their digests.
_MOST_ROWS = 1 << 16


def _check(entry: PackCheck) -> Asked:
    """The check that is asked: code, function, parameters and reads."""
    code = entry.rule.code
    return code, CHECKS.get(code), repr(entry.parameters), entry.reads


def _asked(entry: PackCheck, facts: Facts) -> dict[str, Asked]:
    """Unit → all that its findings follow from but the day.

    There is none of a unit that is large, or of rows that are no submission's: they have no digest.
    """
    if not all(DIGEST in facts.tables[read.register].columns for read in entry.reads):
        return {}
    check = (*_check(entry), places_digest(facts))
    seen = [rows_seen(facts, read) for read in entry.reads]
    about = zip(*(facts.units[name].tolist() for name in UNIT_COLUMNS), strict=True)
    found: dict[str, Asked] = {}
    for unit, *rest in about:
        rows = tuple(one[unit] for one in seen)
        if sum(map(len, rows)) <= _MOST_ROWS:
            found[unit] = (*check, unit, *map(str, rest), *rows)
    return found


def run_check(entry: PackCheck, facts: Facts) -> dict[str, Findings]:
    """Unit in scope → the findings of one check.

    They follow from what the check sees of the unit, whatever others are looked at with it, and
    from which of the days that it asks about have come: they are worked out once for all facts and
    days on which that is the same. One that crashed is run again.

    Raises:
        FactsError: what it reads cannot be put together; that is no finding.
    """
    # Of the same facts on the same day nothing is asked twice.
    known: dict[str, Findings] = facts.once(("findings", *_check(entry)), dict)
    units = facts.units["unit"].tolist()
    if rest := {unit for unit in units if unit not in known}:
        new = _remembered(entry, facts.within(rest))
        return {unit: known[unit] if unit in known else new[unit] for unit in units}
    return {unit: known[unit] for unit in units}


def _remembered(entry: PackCheck, facts: Facts) -> dict[str, Findings]:
    """The same, as other facts or days may have answered it."""
    asked = _asked(entry, facts)
    known: dict[str, Findings] = facts.once(("findings", *_check(entry)), dict)
    found: dict[str, Findings] = {}
    for unit, question in asked.items():
        since, until, findings = FOUND.get(question) or (date.max, date.min, Findings())
        if since <= facts.on <= until:
            found[unit] = known[unit] = findings
    if rest := {unit for unit in facts.units["unit"].tolist() if unit not in found}:
        new, (since, until) = _found(entry, facts.within(rest))
        found |= new
        if not any(one.reason in BROKEN for findings in new.values() for one in findings.others):
            for unit in new.keys() & asked.keys():
                FOUND.keep(asked[unit], (since, until, new[unit]))
                known[unit] = new[unit]
    return found


def _found(entry: PackCheck, facts: Facts) -> tuple[dict[str, Findings], tuple[date, date]]:
    """The findings of a check that is run now, and the days on which they would be the same."""
    code, units = entry.rule.code, facts.units["unit"].tolist()
    seen = facts.restricted(entry.reads)
    try:
        found = CHECKS[code](seen, entry.parameters)
        odd = _oddity(entry, set(units), found)
    except Exception as error:
        # Only the kind of error is kept: its message may quote people's data.
        return uniform(units, code, Status.FAIL, CRASHED, type(error).__name__), seen.alike
    if odd:
        return uniform(units, code, Status.FAIL, MALFORMED, odd), seen.alike
    silent = uniform(units, code, Status.MISSING, "nothing-on-record")
    return {**silent, **by_unit(found.assign(check=code))}, seen.alike


def run_checks(entries: Iterable[PackCheck], facts: Facts) -> dict[str, Findings]:
    """Unit in scope → the findings of all `entries`."""
    return together(run_check(entry, facts) for entry in entries)
