"""How much of a test is tried every time, and how much by `make long`.

Rules: of a list of cases some are tried every time, the others are marked `long`. Of a number of
cases drawn by lot, a part is tried every time; the test is marked `reduced`, with its reason, and
`make long` tries the whole.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

Amount = TypeVar("Amount", int, float)

_WHOLE = os.environ.get("TERMGATE_TEST_WHOLE") == "1"


def of_all(part: Amount, whole: Amount) -> Amount:
    """How much is tried now, by a test that is marked `reduced`."""
    return whole if _WHOLE else part


def long_but(every_time: Collection[object], values: Iterable[object]) -> list[ParameterSet]:
    """Parameters of which those `every_time` are tried always, the others by `make long`."""
    return [
        pytest.param(one, marks=[] if one in every_time else [pytest.mark.long]) for one in values
    ]
