"""Canonical bytes: the fast writer writes what `rfc8785` writes, and refuses what it refuses."""

from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import pandas as pd
import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.canonical import canonical, row_digest
from schemas.vocabulary import Stage, Status
from tests.support import cycle

# Where sorting by UTF-16 and by code points part, escapes, and characters of every length.
WORDS = st.text(
    st.sampled_from('ab"\\/\x00\x1f\x7f\n\u2028é中，\ud800\udfff\ue000\uffff😀𝄞'), max_size=4
)
TEXTS = WORDS | st.text(max_size=6)
LIMIT = 2**53
NUMBERS = st.integers(-(2**70), 2**70) | st.sampled_from(
    [0, LIMIT - 1, LIMIT, LIMIT + 1, 1 - LIMIT, -LIMIT, 2**63 - 1, 2**63, 2**64, -(2**63) - 1]
)


class Colour(Enum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


class Word(str):
    __slots__ = ()


@dataclass
class Record:
    name: str = "a"


Pair = namedtuple("Pair", "one other")

# What is no plain JSON value, though orjson or `rfc8785` may take it.
OTHERS = st.floats() | st.sampled_from(
    [
        Colour.RED, Number.ONE, Word("a"), Stage.PLAN, Status.PASS, Record(), Pair(1, "b"),
        date(2016, 1, 1), datetime(2016, 1, 1, tzinfo=UTC), time(1, 2), Decimal("1.5"),
        UUID(int=1), b"bytes", bytearray(b"a"), {1, 2}, frozenset({"a"}), 1j, ..., object(),
        MappingProxyType({}), orjson.Fragment(b"{}"), range(3), np.int64(3), np.float64(1.5),
        np.bool_(True), np.str_("a"), np.array([1]), pd.NA, pd.NaT, pd.Timestamp("2016-01-01"),
        0.0, -0.0, 1.0, 1e16, 1e21, 1e-7, float("nan"), float("inf"), OrderedDict(b=1, a=2),
        defaultdict(list, b=[1]), {1: "a"}, {None: 1}, {True: 1}, {("a",): 1}, {1.5: 1},
        {Word("b"): 1, "a": 2}, {Stage.PLAN: 1, "a": 2}, {"a": 1, 2: 3},
    ]
)  # fmt: skip
NAMES = st.one_of(WORDS, TEXTS)


def values(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(NAMES, inner, max_size=4)
        ),
        max_leaves=12,
    )


PLAIN = st.none() | st.booleans() | NUMBERS | TEXTS


def answer(write: Callable[[Any], bytes], value: Any) -> object:
    """What is written, or how it is refused."""
    try:
        return write(value)
    except Exception as error:
        return type(error), str(error)


@settings(max_examples=400)
@given(value=values(PLAIN))
@example(value={"\ue000": 1, "\U0001f600": 2})
@example(value=[{"b": 1}, {"\uffff": [], "\U00010000": {}}])
@example(value={"\ud800": 1})
@example(value={"a": "\ud800"})
@example(value=[True, 1, False, 0])
def test_what_is_plain_is_written_or_refused_as_by_rfc8785(value: Any) -> None:
    assert answer(canonical, value) == answer(rfc8785.dumps, value)


@settings(max_examples=400)
@given(value=values(PLAIN | OTHERS))
def test_what_is_not_plain_is_written_or_refused_as_by_rfc8785(value: Any) -> None:
    assert answer(canonical, value) == answer(rfc8785.dumps, value)


@given(value=OTHERS)
def test_what_is_not_plain_is_found_at_any_depth(value: Any) -> None:
    for inside in (value, [value], (1, value), {"a": value}, [{"b": [{"c": [value, "d"]}]}, 1]):
        assert answer(canonical, inside) == answer(rfc8785.dumps, inside)


@pytest.mark.parametrize("depth", [1, 15, 16, 17, 18, 253, 254, 255, 300])
def test_any_depth_is_written_as_by_rfc8785(depth: int) -> None:
    for wrap in (lambda inner: [inner], lambda inner: {"a": inner, "b": 1}):
        for innermost in ("x", 1.5, {"\uffff": 1, "\U00010000": 2}):
            value: Any = innermost
            for _ in range(depth):
                value = wrap(value)
            assert canonical(value) == rfc8785.dumps(value)


def test_what_contains_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(RecursionError):
        canonical(value)


def test_what_is_on_record_takes_the_fast_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = cycle.small_home(tmp_path)
    cycle.run(home, "plan")
    entries = cycle.entries(home)
    expected = [rfc8785.dumps(entry) for entry in entries]
    rows = [(name, row) for name, table in cycle.small_rows().items() for row in table]
    monkeypatch.delattr(rfc8785, "dumps")
    assert [canonical(entry) for entry in entries] == expected
    assert {entry["kind"] for entry in entries} >= {"opened", "submitted", "decided", "handed-on"}
    assert len({row_digest(name, row) for name, row in rows}) == len(rows) > 0
