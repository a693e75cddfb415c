"""The reference cycle as tests look at it: made once, checked with the checks of its pack."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache

import pandas as pd

from data.policies import read_pack
from schemas.facts import Facts, facts_of
from schemas.policy import PackCheck
from schemas.registers import REGISTERS
from schemas.rules.base import registers_of
from schemas.tables import frame_of
from schemas.vocabulary import STAGES
from tasks.checks.catalogue import CHECKS
from tests.generator import REFERENCE_ON, Fault, Row, Rows, faults, generate, planted
from tests.generator.faults.fault import mended

PACK = "cn-2016"
TODAY = date(2026, 11, 23)
CLOSED = ("fail", "missing")
CITY = "640300-"

Key = tuple[str, str, str]  # check, unit, subject
Closed = dict[Key, tuple[str, str]]  # status, reason


@cache
def clean() -> Rows:
    """The cycle without a fault."""
    return generate()


@cache
def with_faults() -> Rows:
    """The cycle with every fault in it, as the book has it."""
    return planted(clean())


@cache
def listed() -> tuple[Fault, ...]:
    """The planted faults."""
    return faults(clean())


@cache
def after_mends() -> Rows:
    """The cycle after every mend was delivered."""
    return mended(with_faults(), listed())


@cache
def checks() -> tuple[PackCheck, ...]:
    """Every check of the pack, in the order of the stages."""
    pack = read_pack(PACK)
    return tuple(one for stage in STAGES for one in pack.checks[stage])


def facts(rows: Mapping[str, Iterable[Row]], on: date = REFERENCE_ON) -> Facts:
    """Facts over rows per register."""
    return facts_of({name: frame_of(name, table) for name, table in rows.items()}, on)


def needed_by(check: PackCheck) -> set[str]:
    """The registers without which facts for one check cannot be put together."""
    found = {"jurisdictions", "units", *registers_of(check.rule.reads)}
    todo = list(found)
    while todo:
        register = REGISTERS[todo.pop()]
        if register.via:
            todo.append(register.references[register.via])
            found.add(todo[-1])
    return found


def findings(check: PackCheck, seen: Facts) -> pd.DataFrame:
    """The findings of one check."""
    return CHECKS[check.rule.code](seen.restricted(check.reads), check.parameters)


def closed(check: PackCheck, seen: Facts) -> Closed:
    """The findings of one check that close a gate."""
    found = findings(check, seen)
    found = found[found["status"].isin(CLOSED)]
    columns = ("unit", "subject", "status", "reason")
    return {
        (check.rule.code, unit, subject): (status, reason)
        for unit, subject, status, reason in zip(*(found[name] for name in columns), strict=True)
    }


@cache
def all_closed(rows: Callable[[], Rows], on: date = REFERENCE_ON) -> Closed:
    """The findings of every check that close a gate; `rows` makes the cycle."""
    seen = facts(rows(), on)
    return {key: value for check in checks() for key, value in closed(check, seen).items()}


def waits_for_its_session(key: Key, value: tuple[str, str]) -> bool:
    """Whether a finding only says that the city has not voted yet."""
    check, unit, _ = key
    return (
        check.startswith(("slate.", "result.")) and unit.startswith(CITY) and value[0] == "missing"
    )
