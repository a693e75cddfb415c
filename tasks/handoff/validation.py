"""Validation of hand-offs with Great Expectations.

Rules: one run over the whole scope, never one per unit, and a second one where something fails: it
names the failing rows, which are split by unit; an expectation that could not be evaluated, or
fails without naming rows, fails every unit.
"""

from __future__ import annotations

import logging
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from schemas.findings import FINDING_COLUMNS
from schemas.handoffs import HANDOFFS, HandOff, handoff_code
from schemas.vocabulary import Stage, Status

# Great Expectations reports usage unless told not to, and draws bars for each metric.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.core.batch_definition import BatchDefinition

for _name in ("great_expectations", "great_expectations.data_context.types.base"):
    logging.getLogger(_name).setLevel(logging.ERROR)


@lru_cache(maxsize=1)
def _batches() -> BatchDefinition[Any]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("handoff")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")


@lru_cache(maxsize=len(Stage))
def _suite(stage: Stage) -> gx.ExpectationSuite:
    made = [
        getattr(gx.expectations, one.kind)(**one.arguments, meta={"code": one.code})
        for one in HANDOFFS[stage].expectations
    ]
    return gx.ExpectationSuite(name=f"{stage.value}-hand-off", expectations=made)


def _failed(handoff: HandOff, rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Findings for `rows` (columns `unit` and `subject`)."""
    return rows.assign(
        check=handoff_code(handoff.stage), status=Status.FAIL.value, reason=code, arguments=None
    )


def _failures(handoff: HandOff, frame: pd.DataFrame, result: Any) -> pd.DataFrame:
    code = result.expectation_config.meta["code"]
    rows = result.result.get("unexpected_index_list")
    if not rows:
        # It fails, or could not be evaluated, and does not say where: nobody is handed on.
        units = frame["unit"].drop_duplicates()
        return _failed(handoff, pd.DataFrame({"unit": units, "subject": units}), code)
    named = pd.DataFrame(rows)
    key = named[handoff.key[-1]].astype("str")
    return _failed(
        handoff,
        pd.DataFrame({"unit": named["unit"], "subject": key.fillna(named["unit"])}),
        code,
    )


def _evaluated(
    handoff: HandOff, frame: pd.DataFrame, asked: Any
) -> ExpectationSuiteValidationResult:
    """What every expectation says of a frame; `asked` is how much of it.

    Raises:
        RuntimeError: one was not evaluated.
    """
    batch = _batches().get_batch({"dataframe": frame})
    outcome = batch.validate(_suite(handoff.stage), result_format=asked)
    if len(outcome.results) != len(handoff.expectations):
        raise RuntimeError(f"{len(outcome.results)} of {len(handoff.expectations)} evaluated")
    return outcome


def validate(stage: Stage, frame: pd.DataFrame) -> pd.DataFrame:
    """Findings of a hand-off: a `fail` for each failing row, a `pass` for each unit without one.

    Columns: `FINDING_COLUMNS` and `check` (`<stage>.hand-off`).
    """
    handoff = HANDOFFS[stage]
    if frame.empty:
        return pd.DataFrame(columns=[*FINDING_COLUMNS, "check"])
    outcome = _evaluated(handoff, frame, "BOOLEAN_ONLY")
    if not all(result.success for result in outcome.results):
        # To have the rows named takes as long again, and most hand-offs pass.
        named = ["unit", handoff.key[-1]]
        asked = {"result_format": "COMPLETE", "unexpected_index_column_names": named}
        outcome = _evaluated(handoff, frame, asked)
    failed = [_failures(handoff, frame, result) for result in outcome.results if not result.success]
    units = frame["unit"].drop_duplicates()
    held = set().union(*(part["unit"] for part in failed))
    good = units[~units.isin(held)]
    passed = pd.DataFrame(
        {
            "unit": good,
            "subject": good,
            "status": Status.PASS.value,
            "reason": "",
            "arguments": None,
            "check": handoff_code(stage),
        }
    )
    return pd.concat([passed, *failed], ignore_index=True)[[*FINDING_COLUMNS, "check"]]
