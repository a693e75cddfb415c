"""A county's congress of 2016 says every day what the table of that day says."""

import json
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from schemas.canonical import row_digest
from schemas.decisions import closing_of, outcome_of
from schemas.facts import Facts, facts_of
from schemas.findings import Finding, Findings, by_unit
from schemas.frames import DIGEST
from schemas.handoffs import handoff_code
from schemas.tables import Tables, frame_of
from schemas.vocabulary import STAGES, Outcome, Stage, Status
from tasks.gate.evaluation import run_checks
from tasks.handoff.frames import frame_digests, handoff_frame
from tests.law.base import Row
from tests.support.marks import long_but
from tests.timeline.county import UNIT, pack, rows_on

TABLE = json.loads((Path(__file__).parent / "county-congress.json").read_text(encoding="utf-8"))[
    "days"
]
# Tried every time: the days on which something changes, and those before them.
CHANGES = [
    day
    for before, after in pairwise(TABLE)
    if before["gates"] != after["gates"]
    for day in (before, after)
]

# What was validated, by the digest of its rows; most of them stand for months.
_VALIDATED: dict[tuple[Stage, str], Findings] = {}


def handed_on(stage: Stage, facts: Facts) -> Findings:
    """What validation says of the unit's hand-off."""
    from tasks.handoff.validation import validate

    frame = handoff_frame(stage, facts)
    name = (stage, frame_digests(frame)[UNIT])
    if name not in _VALIDATED:
        _VALIDATED[name] = by_unit(validate(stage, frame))[UNIT]
    return _VALIDATED[name]


def table(name: str, rows: list[Row]) -> pd.DataFrame:
    """A register's frame with the digests of its rows, so that what was found is remembered."""
    return frame_of(name, rows).assign(**{DIGEST: [row_digest(name, row) for row in rows]})


@cache
def findings(day: date) -> dict[str, Findings]:
    """Stage → what the checks of its gate, and the hand-off of what they let pass, say."""
    rows = rows_on(day)
    facts = facts_of(Tables(lambda name, _: table(name, rows[name])), day).within([UNIT])
    found: dict[str, Findings] = {}
    for stage in STAGES:
        checks = pack().checks[stage]
        told = run_checks(checks, facts)[UNIT]
        if outcome_of(told, [one.rule.code for one in checks]) is Outcome.OPEN:
            told = told + handed_on(stage, facts)
        else:
            told = told + Findings.of([Finding(handoff_code(stage), UNIT, Status.NOT_YET)])
        found[stage.value] = told
    return found


def states(day: date) -> dict[str, str]:
    """Stage → what its gate says, everybody signing at once, or what is forecast of it."""
    shown: dict[str, str] = {}
    reached = True
    for stage in STAGES:
        checks = [one.rule.code for one in pack().checks[stage]]
        outcome = outcome_of(findings(day)[stage.value], [*checks, handoff_code(stage)])
        complete = "forecast_complete" if outcome is Outcome.OPEN else "forecast_incomplete"
        shown[stage.value] = outcome.value if reached else complete
        reached = reached and outcome is Outcome.OPEN
    return shown


@pytest.mark.parametrize("row", long_but(CHANGES, TABLE), ids=lambda row: row["date"])
def test_every_day_agrees(row: dict[str, Any]) -> None:
    day = date.fromisoformat(row["date"])
    found = states(day)
    for stage, expected in row["gates"].items():
        allowed = {expected, *row["also_acceptable"].get(stage, ())}
        said = [
            str((one.check, one.subject, one.reason)) for one in closing_of(findings(day)[stage])
        ]
        assert found[stage] in allowed, (stage, expected, said[:12])
