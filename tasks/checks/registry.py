"""Where checks are registered by the code of their rule.

Rules: one function for a rule; a check is `check(facts, parameters) -> findings`, pure, and sees
only what its rule reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd

from schemas.facts import Facts
from schemas.rules.base import Rule
from schemas.rules.parameters import Parameters

P = TypeVar("P", bound=Parameters)
CheckFunction = Callable[[Facts, Any], pd.DataFrame]

CHECKS: dict[str, CheckFunction] = {}


def check(
    rule: Rule,
) -> Callable[[Callable[[Facts, P], pd.DataFrame]], Callable[[Facts, P], pd.DataFrame]]:
    """Register the function that checks `rule`."""

    def register(
        function: Callable[[Facts, P], pd.DataFrame],
    ) -> Callable[[Facts, P], pd.DataFrame]:
        if rule.code in CHECKS:
            raise ValueError(f"{rule.code} is registered twice")
        CHECKS[rule.code] = function
        return function

    return register
