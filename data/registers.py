"""Registers (台账) as frames: folds of their submissions (`data.submissions`).

Rules: a register is the fold of its submissions by key, the newest wins, and a withdrawn key is
gone until it is delivered again. Any past state can be read again by its ledger position (`as_of`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from data.blobs import BlobStore
from data.submissions import WITHDRAW, Submission
from schemas.frames import DIGEST, dtypes_of, frame_of
from schemas.registers import REGISTERS
from schemas.tables import Tables


@lru_cache(maxsize=1024)
def _table(content: bytes) -> pa.Table:
    """A submission's blob, with its columns and no others."""
    return parquet.ParquetFile(pa.BufferReader(content)).read(use_threads=False)


def _frame(name: str, tables: Iterable[pa.Table]) -> pd.DataFrame:
    """The rows of all tables, typed; a column that a table lacks is empty in its rows."""
    together = pa.concat_tables([_typed(name), *tables], promote_options="permissive")
    frame: pd.DataFrame = together.to_pandas()
    return frame.astype({**dtypes_of(REGISTERS[name]), DIGEST: "str"})


@lru_cache(maxsize=256)
def decoded(name: str, content: bytes) -> pd.DataFrame:
    """The rows of a submission's blob; of one that withdraws, the keys alone."""
    return _frame(name, [_table(content)])


def empty(name: str) -> pd.DataFrame:
    """A register without rows."""
    return frame_of(name).assign(**{DIGEST: pd.Series(dtype="str")})


@cache
def _typed(name: str) -> pa.Table:
    """A table without rows that says what columns are."""
    return pa.Table.from_pandas(empty(name), preserve_index=False)


def fold(name: str, submissions: Iterable[tuple[str, bytes]]) -> pd.DataFrame:
    """The register after `submissions` (mode, Parquet), oldest first; sorted by key.

    A key occurs once in a submission: intake refuses what is doubled.
    """
    key = list(REGISTERS[name].key)
    given = [(mode == WITHDRAW, _table(content)) for mode, content in submissions]
    tables = [table for _, table in given]
    modes = np.array([withdraws for withdraws, _ in given], dtype=bool)
    withdrawn = np.repeat(modes, [table.num_rows for table in tables])
    every = _frame(name, tables)
    last = ~every.duplicated(key, keep="last").to_numpy()
    state: pd.DataFrame = every.loc[last & ~withdrawn]
    return state.sort_values(key, ignore_index=True)


@lru_cache(maxsize=256)
def _folded(name: str, content: tuple[tuple[str, bytes], ...]) -> pd.DataFrame:
    return fold(name, content)


def read_registers(blobs: BlobStore, submissions: Mapping[str, list[Submission]]) -> Tables:
    """Every register's frame, with the column `_digest`.

    All blobs are read and hashed each time, and here; a frame is decoded when it is asked for, and
    the decoding of the same bytes is remembered.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    contents = {name: _content(blobs, name, submissions) for name in REGISTERS}
    return Tables(lambda name: _decoded(name, contents[name]))


def read_register(
    blobs: BlobStore, name: str, submissions: Mapping[str, list[Submission]]
) -> pd.DataFrame:
    """One register's frame, as `read_registers` gives it."""
    return _decoded(name, _content(blobs, name, submissions))


def _content(
    blobs: BlobStore, name: str, submissions: Mapping[str, list[Submission]]
) -> tuple[tuple[str, bytes], ...]:
    return tuple((mode, blobs.get(blob)) for mode, blob in submissions.get(name, []))


def _decoded(name: str, content: tuple[tuple[str, bytes], ...]) -> pd.DataFrame:
    # A lazy copy: what its reader does to it stays with its reader.
    return _folded(name, content).copy(deep=False)
