"""Submissions as blobs: what pandas itself would write, and the rows that stand after them."""

import io
from datetime import date, datetime, time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.submissions import ACCEPT, WITHDRAW, current_rows, encode_keys, encode_rows
from schemas.canonical import row_digest
from schemas.frames import DIGEST, dtypes_of
from schemas.registers import REGISTERS
from schemas.tables import frame_of
from tests.support import cycle, reference
from tests.support.marks import of_all

# A register with columns of every type, of which all but the key may be empty here.
VALUES = {
    "str": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    "Int64": st.integers(-(2**53) + 1, 2**53 - 1),
    "boolean": st.booleans(),
    "datetime64[s]": st.dates(date(1600, 1, 1), date(2400, 1, 1)),
}


ARROW = pd.StringDtype("pyarrow", na_value=np.nan)


def rows_of(name: str) -> st.SearchStrategy[list[dict[str, object]]]:
    """Rows with any values that the columns' types have, and with holes."""
    columns = dtypes_of(REGISTERS[name])
    return st.lists(
        st.fixed_dictionaries({c: st.none() | VALUES[dtype] for c, dtype in columns.items()}),
        min_size=1,
        max_size=20,
    )


def written(frame: pd.DataFrame) -> bytes:
    """Parquet as pandas writes text that it keeps in Arrow, which is its default."""
    text = {name: ARROW for name, dtype in frame.dtypes.items() if dtype == "str"}
    buffer = io.BytesIO()
    frame.astype(text).to_parquet(buffer, index=False)
    return buffer.getvalue()


def by_pandas(name: str, rows: list[dict[str, object]]) -> bytes:
    frame = frame_of(name, rows)
    frame[DIGEST] = pd.Series([row_digest(name, row) for row in rows], dtype="str")
    return written(frame)


@pytest.mark.parametrize("name", REGISTERS)
def test_a_blob_is_what_pandas_writes_of_the_same_rows(name: str) -> None:
    rows = reference.with_faults()[name][:50]
    assert encode_rows(name, rows) == by_pandas(name, list(map(dict, rows)))
    key = list(REGISTERS[name].key)
    assert encode_keys(name, rows) == written(frame_of(name, rows)[key])


def test_columns_of_every_type_are_among_them() -> None:
    assert set(dtypes_of(REGISTERS["ballots"]).values()) == set(VALUES)


@pytest.mark.reduced("what is tried is drawn by lot")
@settings(max_examples=of_all(20, 120))
@given(rows=rows_of("ballots"))
def test_whatever_the_values_a_blob_is_what_pandas_writes(rows: list[dict[str, object]]) -> None:
    assert encode_rows("ballots", rows) == by_pandas("ballots", rows)


def test_a_column_that_a_row_lacks_is_empty_in_the_blob() -> None:
    row = cycle.small_rows()["reviews"][0]
    short = {column: value for column, value in row.items() if column != "reason"}
    assert encode_rows("reviews", [short]) == encode_rows("reviews", [{**row, "reason": None}])


# What stands


@st.composite
def submissions(draw: st.DrawFn) -> list[tuple[str, bytes]]:
    """Submissions of a register whose key has a day in it."""
    days = st.sampled_from([date(2016, 9, 1), date(2016, 9, 2)])
    keys = st.lists(st.tuples(st.sampled_from(["640300", "640302"]), days), min_size=1, unique=True)
    given_ = []
    for mode in draw(st.lists(st.sampled_from([ACCEPT, WITHDRAW]), max_size=5)):
        rows = [
            {**cycle.small_rows()["visits"][0], "jurisdiction": place, "visited_on": day,
             "responsibility": draw(st.booleans())}
            for place, day in draw(keys)
        ]  # fmt: skip
        given_.append((mode, (encode_keys if mode == WITHDRAW else encode_rows)("visits", rows)))
    return given_


@pytest.mark.reduced("what is tried is drawn by lot")
@settings(max_examples=of_all(12, 80))
@given(given_=submissions())
def test_the_rows_that_stand_are_those_of_the_frame(given_: list[tuple[str, bytes]]) -> None:
    frame = cycle.folded("visits", given_)
    key = [frame[column] for column in REGISTERS["visits"].key]
    values = [frame[column] for column in ("responsibility", "jurisdiction")]
    found = current_rows("visits", given_, ["responsibility", "jurisdiction"])
    assert found == dict(zip(zip(*key, strict=True), zip(*values, strict=True), strict=True))
    assert current_rows("visits", given_) == dict.fromkeys(found, ())


def test_values_come_plain_and_what_is_empty_as_none() -> None:
    row = {**cycle.small_rows()["reviews"][0], "answered_on": None, "reason": None}
    (found,) = current_rows(
        "reviews", [(ACCEPT, encode_rows("reviews", [row]))], ["asked_on", "answered_on", "reason"]
    ).values()
    assert isinstance(row["asked_on"], date)
    assert found == (datetime.combine(row["asked_on"], time.min), None, None)
