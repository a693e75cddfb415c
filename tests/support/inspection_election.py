"""What the checks of inspection and election find in a changed book."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import cast

import pandas as pd

from schemas.facts import Facts, facts_of
from schemas.findings import FINDING_COLUMNS, Argument
from schemas.registers import REGISTERS
from schemas.rules import election, inspection
from schemas.rules.base import Rule
from schemas.rules.catalogue import COMMON_REASONS, reason_text
from schemas.tables import frame_of
from schemas.text import LANGUAGES
from schemas.vocabulary import Status
from tasks.checks.catalogue import CHECKS
from tests.support.inspection_election_book import (
    TODAY,
    UNIT,
    Book,
    Change,
    changed,
    good_book,
)

RULE: dict[str, Rule] = {rule.code: rule for rule in (*inspection.RULES, *election.RULES)}

# Registers that decide where rows of others are at home, or whose rows are at home by another's.
LEADING = {"jurisdictions", "units", "roster", "candidates", "nominations", "teams"} | {
    name for name, register in REGISTERS.items() if register.via
}
COLUMNS = {name: list(register.column) for name, register in REGISTERS.items()}

PARAMETERS: dict[str, dict[str, object]] = {
    "inspection.roving": {"levels": ["county", "township"], "gap_days": 30},
    "inspection.five-items": {"levels": ["county", "township"]},
    "inspection.special": {"levels": ["county"]},
    "inspection.rectified": {"months": 2},
    "inspection.channels": {"channels": ["phone", "letter", "web", "sms"]},
    "inspection.cases": {"days": 5},
    "inspection.prohibitions": {
        "effects": [["disciplined"], ["excluded", "transferred"]],
        "required": [["disciplined"], ["excluded"]],
    },
    "inspection.report-clocks": {"workdays": 15},
    "slate.session": {"months": 2, "township_preparatory": False},
    "slate.method": {"numerator": 2, "denominator": 3, "inclusive": True, "booth": False},
    "slate.deputies": {"suspended": False},
    "result.winners": {"cppcc_organs": ["presidium", "cppcc-chairmen"]},
}


@cache
def _good() -> tuple[Book, Facts]:
    book = good_book()
    frames = {register: frame_of(register, book.get(register, [])) for register in REGISTERS}
    return book, facts_of(frames, TODAY)


def _homed(register: str, frame: pd.DataFrame) -> pd.DataFrame:
    home = frame[REGISTERS[register].home]
    of_unit = REGISTERS[register].home == "unit"
    place = home.str.split("-", n=1).str[0].astype("str") if of_unit else home
    return frame.assign(_home=place, _unit=home if of_unit else "").astype({"_unit": "str"})


def facts(book: Book, on: date = TODAY) -> Facts:
    """The facts of a book; what is as in the good book is made once."""
    good, known = _good()
    changed_rows = {name: rows for name, rows in book.items() if rows != good.get(name)}
    different = {name: frame_of(name, rows) for name, rows in changed_rows.items()}
    if different.keys() & LEADING:
        return facts_of(
            {name: frame[COLUMNS[name]] for name, frame in known.tables.items()} | different, on
        )
    homed = {name: _homed(name, frame) for name, frame in different.items()}
    return replace(known, _on=on, tables={**known.tables, **homed})


def findings(code: str, of: Facts, **parameters: object) -> pd.DataFrame:
    """What a check finds, once it is sure that the findings themselves are in order."""
    rule = RULE[code]
    values = rule.parameters.model_validate(PARAMETERS.get(code, {}) | parameters)
    found = CHECKS[code](of.restricted(rule.reads_under(values)), values)
    assert tuple(found.columns) == FINDING_COLUMNS
    assert set(found["unit"]) == set(of.units["unit"])
    assert not found.duplicated(["unit", "subject"]).any()
    for row in found.itertuples():
        assert re.fullmatch(r"[a-z0-9/-]+", str(row.subject))
        reason, arguments = str(row.reason), cast(dict[str, Argument], row.arguments or {})
        assert (row.status == Status.PASS.value) == (reason == "")
        assert reason in {"", *rule.reasons, *COMMON_REASONS}
        for lang in LANGUAGES:
            text = reason_text(code, reason, arguments, lang)
            assert not re.search(r"[{}?]", text), text
    return found


def verdict(
    code: str,
    subject: str,
    changes: Iterable[Change] = (),
    *,
    unit: str = UNIT,
    on: date = TODAY,
    **parameters: object,
) -> str:
    """`status reason` of one subject of one unit in the good book with `changes`."""
    found = findings(code, facts(changed(*changes), on), **parameters)
    one = found[(found["unit"] == unit) & (found["subject"] == subject)]
    subjects = found.loc[found["unit"] == unit, "subject"].tolist()
    assert len(one) == 1, f"{unit} has findings on {subjects}, not on {subject}"
    return f"{one['status'].iloc[0]} {one['reason'].iloc[0]}".strip()


def arguments(code: str, subject: str, *changes: Change, unit: str = UNIT) -> dict[str, Argument]:
    """What the reason about one subject says."""
    found = findings(code, facts(changed(*changes), TODAY))
    one = found[(found["unit"] == unit) & (found["subject"] == subject)].iloc[0]
    return cast(dict[str, Argument], one["arguments"])
