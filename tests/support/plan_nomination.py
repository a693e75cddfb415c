"""A small cycle that is lawful in plan, nomination and slate, and the ways to spoil it.

One city, two counties, one township in each; the second township is an ethnic one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from schemas.facts import Facts, facts_of, units_of
from schemas.registers import REGISTERS
from schemas.rules import direct
from schemas.rules import nomination as nomination_rules
from schemas.rules import plan as plan_rules
from schemas.rules import slate as slate_rules
from schemas.rules.base import Rule
from schemas.rules.catalogue import reason_text
from schemas.rules.direct_votes import DIRECT_VOTES
from schemas.rules.parameters import NoParameters, Parameters
from schemas.tables import frame_of
from tasks.checks.catalogue import CHECKS
from tests.support.plan_nomination_rows import lawful_rows

ON = date(2017, 1, 10)
TALKERS = ("secretary", "discipline-commission", "organisation-department")
TEN = tuple(f"one-{letter}" for letter in "abcdefghij")

PARAMETERS: dict[str, dict[str, Any]] = {
    "plan.deployment": {
        "city": ["superior-deployment", "secretaries-meeting", "committee-meeting"],
        "county": ["superior-deployment", "committee-meeting"],
        "township": ["superior-deployment", "committee-meeting"],
        "days": 10,
    },
    "plan.notice": {"stages": ["plan", "nomination"]},
    "plan.discipline-list": {"lists": ["nine-2016"]},
    "plan.duties": {
        "city": ["first-responsible", "leads-first", "liaison"],
        "county": ["first-responsible", "leads-first"],
        "township": ["first-responsible", "leads-first"],
    },
    "plan.responsibility-talks": {"organs": ["secretary"]},
    "plan.seats": {
        "city_base": 240, "city_per": 25000, "city_cap": 650,
        "county_base": 140, "county_per": 5000, "county_cap": 450, "county_small": 50000,
        "township_base": 45, "township_per": 1500, "township_cap": 160, "township_small": 2000,
    },
    "plan.posts": {
        "city_minimum": 8, "city_maximum": 9, "city_large": 8000000, "city_large_maximum": 10,
        "county_minimum": 7, "county_maximum": 8, "county_large": 1000000,
        "county_large_maximum": 9, "supervision_director": True,
    },
    "plan.calendar": {"valid_from": "2016-01-01", "valid_to": "2017-12-31"},
    "plan.documents": {
        "kinds": ["work-plan", "superior-approval"],
        "issuers": ["party-committee", "superior-committee"],
    },
    "slate.channel": {"city": 3, "county": 2, "township": 2},
    "slate.eligibility": {"age": 18},
    "nomination.must-talks": {"organs": list(TALKERS)},
    "nomination.films": {
        "key_points": ["cycle-meeting", "examiner-training"],
        "films": ["film-a", "film-b"],
        "attendance": 20,
    },
    "nomination.activities": {"activities": list(TEN)},
    "nomination.cards": {"percent": 150},
    "nomination.publicity": {"kinds": ["hotline", "column"]},
    "nomination.lists": {
        "roll_days": 20, "preliminary_days": 15, "final_days": 7,
    },
    "slate.deliberation": {"days": 2},
    "slate.membership": {"days": 0},
    "nomination.recommendation": {
        "steps": [
            "recommendation-talks", "reference-list", "recommendation-meeting",
            "recommendation-report",
        ],
        "either_first": [],
        "months": 12,
    },
}  # fmt: skip

# What is asked of whom deputies nominate is tried with the vetting of the others.
OF_FLOOR = (slate_rules.FLOOR_SANCTIONS, slate_rules.FLOOR_AVOIDANCE)
# What voters elect is tried in `tests/checks/test_direct.py`, on constituencies of its own.
OF_VOTERS = (
    direct.ELECTION_COMMITTEE, direct.ALLOCATION, direct.COMMITTEE_MEMBERS, direct.COMPLETE,
    direct.ROLL, direct.DEPUTY_LISTS, DIRECT_VOTES,
)  # fmt: skip
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (*plan_rules.RULES, *nomination_rules.RULES, *slate_rules.RULES)
    if rule not in (*OF_FLOOR, *OF_VOTERS)
}

Row = dict[str, Any]
Found = dict[tuple[str, str], tuple[str, str]]


@cache
def lawful_facts() -> Facts:
    """The facts of the lawful cycle; frames are never changed in place."""
    return facts_of({name: frame_of(name, rows) for name, rows in lawful_rows(TEN).items()}, ON)


def at_home(name: str, frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What `Homed` does to all registers, for one: most tests change no more than one."""
    home = unit = frame[REGISTERS[name].home]
    if via := REGISTERS[name].references.get(REGISTERS[name].via or ""):
        target = tables[via].set_index(REGISTERS[via].key[0])
        home, unit = home.map(target["_home"]), unit.map(target["_unit"])
    elif REGISTERS[name].home == "unit":
        home = home.str.split("-").str[0]
    else:
        unit = home.str[:0]
    return frame.assign(_home=home.astype("str"), _unit=unit.astype("str"))


@dataclass
class Cycle:
    """Rows of registers, to be spoiled and put back."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: lawful_rows(TEN))
    touched: set[str] = field(default_factory=set)

    def these(self, register: str, where: Row) -> list[Row]:
        """The rows that `where` describes; one that fits none is a mistake of the test."""
        found = [
            row for row in self.rows[register]
            if all(row.get(name) == value for name, value in where.items())
        ]  # fmt: skip
        assert found, f"no row of {register} is {where}"
        self.touched.add(register)
        return found

    def change(self, register: str, where: Row, **values: object) -> None:
        """Change the rows that `where` describes."""
        for row in self.these(register, where):
            row.update(values)

    def drop(self, register: str, **where: object) -> None:
        """Remove the rows that `where` describes."""
        gone = self.these(register, where)
        self.rows[register] = [row for row in self.rows[register] if row not in gone]

    def add(self, register: str, **values: object) -> None:
        """Add a row."""
        self.touched.add(register)
        self.rows[register].append(values)

    def copy(self, register: str, where: Row, **values: object) -> None:
        """Add a row like the first that `where` describes."""
        self.rows[register].append({**self.these(register, where)[0], **values})

    def facts(self, on: date = ON) -> Facts:
        """What checks look at."""
        lawful = lawful_facts()
        tables = dict(lawful.tables)
        for name in (name for name in REGISTERS if name in self.touched):
            tables[name] = at_home(name, frame_of(name, self.rows[name]), tables)
        return Facts(on, units_of(tables), lawful.lineage, tables)

    def without(self, registers: Iterable[str], on: date = ON) -> Facts:
        """The same with some registers empty, though the units stay in scope."""
        facts = self.facts(on)
        empty = {name: facts.tables[name].iloc[:0] for name in registers}
        return replace(facts, tables={**facts.tables, **empty})


@dataclass(frozen=True)
class Breach:
    """A way to spoil the cycle, and what the check then says about a subject of a unit."""

    check: str
    status: str
    reason: str
    unit: str
    subject: str
    spoil: Callable[[Cycle], object]


def several(*steps: Callable[[Cycle], object]) -> Callable[[Cycle], object]:
    """Spoil the cycle in several steps."""

    def spoil(cycle: Cycle) -> None:
        for step in steps:
            step(cycle)

    return spoil


def parameters_of(check: str, **changed: object) -> Parameters:
    """The parameters that tests use, with some changed."""
    values = {**PARAMETERS.get(check, {}), **changed}
    return RULES[check].parameters.model_validate(values) if values else NoParameters()


def findings(check: str, facts: Facts, **changed: object) -> Found:
    """(unit, subject) → (status, reason), seen through the reads of the rule, every text rendered.

    Two findings on one subject of a unit are an error.
    """
    rule = RULES[check]
    parameters = parameters_of(check, **changed)
    frame = CHECKS[check](facts.restricted(rule.reads_under(parameters)), parameters)
    found: Found = {}
    for unit, subject, status, reason, arguments in frame.itertuples(index=False):
        assert (unit, subject) not in found
        assert bool(reason) == (status != "pass")
        for lang in ("zh", "en"):
            text = reason_text(check, reason, arguments or {}, lang)
            assert "{" not in text
            assert "?" not in text
        found[unit, subject] = (status, reason)
    assert {unit for unit, _ in found} == set(facts.units["unit"])
    return found


def reasons_of(breaches: Iterable[Breach], check: str) -> set[str]:
    """The reasons that the breaches of a check show."""
    return {breach.reason for breach in breaches if breach.check == check}


def names_of(breaches: Sequence[Breach]) -> list[str]:
    """A name for each breach; those alike are counted."""
    seen: Counter[str] = Counter()
    names = []
    for breach in breaches:
        name = f"{breach.check}-{breach.reason}"
        seen[name] += 1
        names.append(f"{name}-{seen[name]}")
    return names


def of_one_unit(found: Found, unit: str) -> Found:
    """The findings of one unit."""
    return {key: value for key, value in found.items() if key[0] == unit}
