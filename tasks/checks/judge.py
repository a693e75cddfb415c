"""From subjects to findings, vectorised.

Rules: every subject passes unless a rule hits it, and the first rule that hits it counts; an
unknown condition (empty cell) hits `missing` and `fail` and never `not_applicable`; a unit in
scope without any subject gets a `missing` finding, so silence is never a pass.

Beware: whole numbers and yes/no compare with an empty cell to "unknown", but dates and text compare
to False. What dates must hold is therefore written as `~(a <= b)`, which an empty cell hits too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from schemas.findings import FINDING_COLUMNS, Argument
from schemas.vocabulary import Status

NOTHING = "nothing-on-record"

Value = pd.Series | str | int | date


def known(condition: pd.Series, unknown: bool) -> pd.Series:
    """A plain boolean mask in which empty cells count as `unknown`."""
    if condition.dtype == bool:
        return condition
    plain = condition.astype("boolean").array.to_numpy(dtype=bool, na_value=unknown)
    return pd.Series(plain, index=condition.index)


def _argument(value: Any) -> Argument:
    if pd.isna(value):
        return "?"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value) if isinstance(value, str) else int(value)


def _arguments_of(value: Value, rows: np.ndarray[Any, Any]) -> list[Argument]:
    """An argument of the findings about some rows; each value that occurs is put in words once."""
    if not isinstance(value, pd.Series):
        return [_argument(value)] * len(rows)
    given = value.iloc[rows].tolist()
    arguments = {one: _argument(one) for one in set(given)}
    return [arguments[one] for one in given]


class Judge:
    """Judges the rows of `subjects`, a frame with at least the columns `unit` and `subject`."""

    def __init__(self, subjects: pd.DataFrame, units: pd.DataFrame) -> None:
        """`units` are the units in scope (`facts.units`); rows of other units are left out."""
        within = set(units["unit"].tolist())
        if not within.issuperset(subjects["unit"].tolist()):
            subjects = subjects[subjects["unit"].isin(within)]
        self.subjects = subjects.reset_index(drop=True)
        self._units = units["unit"]
        size = len(self.subjects)
        self._passes = np.full(size, True)
        self._status = np.full(size, Status.PASS.value, dtype=object)
        self._reason = np.full(size, "", dtype=object)
        self._arguments = np.full(size, None, dtype=object)
        self._silent: tuple[Status, str] = (Status.MISSING, NOTHING)

    def __getitem__(self, column: str) -> pd.Series:
        return self.subjects[column]

    def _mark(
        self, status: Status, condition: pd.Series, reason: str, arguments: Mapping[str, Value]
    ) -> None:
        mask = known(condition, unknown=status is not Status.NOT_APPLICABLE).to_numpy()
        hit = np.flatnonzero(mask & self._passes)
        if not len(hit):
            return
        self._passes[hit] = False
        self._status[hit] = status.value
        self._reason[hit] = reason
        columns = [_arguments_of(value, hit) for value in arguments.values()]
        # Findings that say the same share their arguments: of a large cycle most do.
        said: dict[tuple[Argument, ...], dict[str, Argument]] = {}
        for position, values in zip(hit, zip(*columns, strict=True), strict=False):
            if values not in said:
                said[values] = dict(zip(arguments, values, strict=True))
            self._arguments[position] = said[values]

    def not_applicable(self, condition: pd.Series, reason: str, **arguments: Value) -> None:
        """Subjects to which the rule does not apply, with the reason why not."""
        self._mark(Status.NOT_APPLICABLE, condition, reason, arguments)

    def missing(self, condition: pd.Series, reason: str, **arguments: Value) -> None:
        """Subjects for which something is not on record."""
        self._mark(Status.MISSING, condition, reason, arguments)

    def not_yet(self, condition: pd.Series, reason: str, **arguments: Value) -> None:
        """Subjects of which the day has not come."""
        self._mark(Status.NOT_YET, condition, reason, arguments)

    def fail(self, condition: pd.Series, reason: str, **arguments: Value) -> None:
        """Subjects that break the rule."""
        self._mark(Status.FAIL, condition, reason, arguments)

    def nothing(self, status: Status, reason: str) -> None:
        """What a unit without any subject gets (default: missing, `nothing-on-record`)."""
        self._silent = (status, reason)

    def judged(self) -> pd.DataFrame:
        """One finding per subject, and nothing else: for subjects that a unit need not have."""
        return pd.DataFrame(
            {
                "unit": self.subjects["unit"].astype("str"),
                "subject": self.subjects["subject"].astype("str"),
                "status": self._status,
                "reason": self._reason,
                "arguments": self._arguments,
            },
            columns=list(FINDING_COLUMNS),
        )

    def findings(self) -> pd.DataFrame:
        """One finding per subject, and one for every unit in scope that had none."""
        found = self.judged()
        heard = set(found["unit"].tolist())
        if heard.issuperset(self._units.tolist()):
            return found
        silent = self._units[~self._units.isin(heard)]
        status, reason = self._silent
        rest = pd.DataFrame(
            {
                "unit": silent.to_numpy(),
                "subject": silent.to_numpy(),
                "status": status.value,
                "reason": reason,
                "arguments": None,
            },
            columns=list(FINDING_COLUMNS),
        )
        return pd.concat([found, rest], ignore_index=True)


def of_unit(units: pd.DataFrame) -> pd.DataFrame:
    """The units in scope as subjects of their own."""
    return units.assign(subject=units["unit"])


def of_jurisdiction(units: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` (with a `jurisdiction` column) repeated for each unit in scope of the jurisdiction."""
    return units[["unit", "jurisdiction", "body", "level", "parent"]].merge(rows, on="jurisdiction")
