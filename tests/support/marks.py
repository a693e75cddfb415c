"""What of a test's parameters is tried every time, and what by `make long`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest
from _pytest.mark import ParameterSet


def long_but(every_time: Collection[object], values: Iterable[object]) -> list[ParameterSet]:
    """Parameters of which those `every_time` are tried always, the others by `make long`."""
    return [
        pytest.param(one, marks=[] if one in every_time else [pytest.mark.long]) for one in values
    ]
