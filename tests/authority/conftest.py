"""Facts are put together once in a process for the same rows on the same day, to save time."""

from collections.abc import Iterator, Mapping
from datetime import date
from unittest.mock import patch

import pandas as pd
import pytest

from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from tasks import snapshot

_facts: dict[tuple[date, tuple[tuple[str, ...], ...]], Facts] = {}


def _facts_once(tables: Mapping[str, pd.DataFrame], on: date) -> Facts:
    asked = (on, tuple(tuple(frame[DIGEST]) for frame in tables.values()))
    if asked not in _facts:
        _facts[asked] = facts_of(tables, on)
    return _facts[asked]


@pytest.fixture(autouse=True)
def facts_once() -> Iterator[None]:
    with patch.object(snapshot, "facts_of", _facts_once):
        yield
