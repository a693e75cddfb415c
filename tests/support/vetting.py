"""What vetting finds in a changed book; every answer of a check is looked over on the way."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import cast
from unittest.mock import patch

import pandas as pd

from schemas.facts import Facts, facts_of
from schemas.findings import FINDING_COLUMNS, Argument
from schemas.registers import REGISTERS
from schemas.rules.base import Rule, registers_of
from schemas.rules.catalogue import COMMON_REASONS, reason_text
from schemas.rules.slate import FLOOR_AVOIDANCE, FLOOR_SANCTIONS
from schemas.rules.vetting import RULES
from schemas.tables import frame_of
from schemas.text import LANGUAGES
from schemas.vocabulary import Status
from tasks.checks.catalogue import CHECKS
from tests.support.vetting_book import (
    SUBJECT,
    TODAY,
    UNIT,
    Book,
    Change,
    Row,
    another,
    changed,
    good_book,
    put,
)

OF_FLOOR = (FLOOR_SANCTIONS, FLOOR_AVOIDANCE)
RULE = {rule.code: rule for rule in (*RULES, *OF_FLOOR)}

PARAMETERS: dict[str, dict[str, object]] = {
    "vetting.archive": {"organs": ["organisation-department"], "valid_days": 60},
    "vetting.declaration": {
        "organs": ["organisation-department"],
        "valid_days": 60,
        "ranks": ["county-deputy", "county"],
    },
    "vetting.organs-heard": {"organs": ["organisation-department"], "valid_days": 60},
    "vetting.reports": {"organs": ["organisation-department"], "valid_days": 60},
    "vetting.inspection": {"organs": ["organisation-department"], "valid_days": 60},
    "vetting.audit": {"organs": ["organisation-department"], "valid_days": 60, "months": 12},
    "vetting.bars": {"appraisal_years": 3},
    "vetting.sanctions": {
        "warning": 6,
        "demerit": 12,
        "serious_demerit": 18,
        "demotion": 24,
        "removal": 24,
        "joined": 48,
    },
    "vetting.examination": {"team_size": 2},
    "vetting.qualification": {
        "years_worked": 5,
        "years_grassroots": 2,
        "vice_to_chief": 2,
        "chief_to_upper_vice": 3,
        "education": "college",
        "terms": 2,
        "level_years": 15,
    },
    "vetting.avoidance": {"township_home": "township"},
    "vetting.public-notice": {"workdays": 5, "first_day": True},
}
PARAMETERS["slate.sanctions"] = PARAMETERS["vetting.sanctions"]
PARAMETERS["slate.avoidance"] = PARAMETERS["vetting.avoidance"]


@cache
def _good_frame(register: str) -> pd.DataFrame:
    return frame_of(register, good_book().get(register, []))


def facts(book: Book, on: date = TODAY) -> Facts:
    """The facts of a book, with no other registers than the book has and vetting reads.

    Most of the time of a test would go into the rest, and into frames that are as in the good book.
    """
    good = good_book()
    read = {name for rule in RULES for name in registers_of(rule.reads)}
    kept = {name: REGISTERS[name] for name in REGISTERS if name in book or name in read}
    frames = {
        name: _good_frame(name)
        if book.get(name, []) == good.get(name, [])
        else frame_of(name, book.get(name, []))
        for name in kept
    }
    with patch("schemas.facts.REGISTERS", kept):
        return facts_of(frames, on)


def findings(code: str, of: Facts, **parameters: object) -> pd.DataFrame:
    """What a check finds, once it is sure that the findings themselves are in order."""
    rule: Rule = RULE[code]
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
    *changes: Change,
    subject: str = SUBJECT,
    unit: str = UNIT,
    on: date = TODAY,
    **parameters: object,
) -> str:
    """`status reason` of one subject of one unit in the good book with `changes`."""
    found = findings(code, facts(changed(*changes), on), **parameters)
    one = found[(found["unit"] == unit) & (found["subject"] == subject)]
    assert len(one) == 1, f"{unit} {subject} has {len(one)} findings"
    return f"{one['status'].iloc[0]} {one['reason'].iloc[0]}".strip()


def verdicts(codes: Iterable[str], *changes: Change, on: date = TODAY) -> dict[str, str]:
    """`status reason` of the candidate in focus by each of several checks."""
    of = facts(changed(*changes), on)
    found = {code: findings(code, of).set_index("subject").loc[SUBJECT] for code in codes}
    return {code: f"{one['status']} {one['reason']}".strip() for code, one in found.items()}


def wrong_cases(
    codes: Iterable[str], register: str, cases: Sequence[tuple[Row, str]]
) -> list[tuple[str, Row, str]]:
    """The cases (values in `register`, expected verdict) that a check judges otherwise.

    Each case is a candidate of its own on one slate, so that a table of cases is judged at once.
    """
    changes: list[Change] = []
    for number, (values, _) in enumerate(cases):
        changes.append(another(f"c-{number}", UNIT, "head"))
        changes.append(put(register, {"candidate": f"c-{number}"}, **values))
    of, wrong = facts(changed(*changes)), []
    for code in codes:
        found = findings(code, of).set_index("subject")
        for number, (values, expected) in enumerate(cases):
            one = found.loc[f"c-{number}"]
            verdict_ = f"{one['status']} {one['reason']}".strip()
            if verdict_ != expected:
                wrong.append((code, values, verdict_))
    return wrong


def text_of(code: str, *changes: Change, subject: str = SUBJECT, **parameters: object) -> str:
    """The English reason that a subject of the unit in focus gets."""
    found = findings(code, facts(changed(*changes)), **parameters)
    one = found[(found["unit"] == UNIT) & (found["subject"] == subject)].iloc[0]
    return reason_text(code, one["reason"], one["arguments"], "en")
