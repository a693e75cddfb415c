"""Registers (台账) as folds of their submissions.

Rules: a submission is an immutable Parquet blob with a digest for every row; a register is the
fold of its submissions by key, the newest wins, and a withdrawn key is gone until it is delivered
again. Any past state can be read again by its ledger position (`as_of`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute, parquet

from data.blobs import BlobStore
from data.memory import Memory
from data.submissions import WITHDRAW, Submission, schema_of
from schemas.frames import DIGEST, dtypes_of
from schemas.registers import REGISTERS
from schemas.tables import Tables

Content = list[tuple[str, bytes]]  # mode and Parquet
Positions = np.ndarray[Any, np.dtype[Any]]  # of rows

# Of registers with more bytes only the newest state is remembered, and no part of it.
_LARGE = 1 << 20


@lru_cache(maxsize=1024)
def _table(content: bytes) -> pa.Table:
    """A submission's blob, with its columns and no others."""
    return parquet.ParquetFile(pa.BufferReader(content)).read(use_threads=False)


def _together(name: str, parts: Iterable[pa.Table], columns: Sequence[str]) -> pa.Table:
    """The rows of all parts; a column that one lacks is empty in its rows."""
    every = [schema_of(name).empty_table().select(columns), *parts]
    return pa.concat_tables(every, promote_options="permissive").combine_chunks()


class _Rows:
    """The rows of all submissions of a register, oldest first.

    Of large ones only the columns that are asked for are decoded, and nothing is kept.
    """

    def __init__(self, name: str, contents: Sequence[bytes]) -> None:
        self._name = name
        self._columns = [*dtypes_of(REGISTERS[name]), DIGEST]
        self._large = sum(map(len, contents)) > _LARGE
        if self._large:
            self._files = [parquet.ParquetFile(pa.BufferReader(content)) for content in contents]
            self.sizes = [file.metadata.num_rows for file in self._files]
        else:
            tables = [_table(content) for content in contents]
            self._whole = _together(name, tables, self._columns)
            self.sizes = [table.num_rows for table in tables]

    def table(self, columns: Sequence[str]) -> pa.Table:
        """Some columns."""
        if not self._large:
            return self._whole.select(columns)
        parts = [file.read(columns=list(columns), use_threads=False) for file in self._files]
        return _together(self._name, parts, columns)

    def frame(self, rows: Positions | None = None) -> pd.DataFrame:
        """All columns, typed; only `rows`, if they are named."""
        made: dict[str, pd.Series] = {}
        for column in self._columns:
            found = self.table([column])[column]
            dtype = {**dtypes_of(REGISTERS[self._name]), DIGEST: "str"}[column]
            made[column] = _series(found if rows is None else found.take(rows), dtype)
        return pd.DataFrame(made, columns=self._columns)


def _text(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """A column of text, in which what repeats is one object."""
    coded = column.dictionary_encode().combine_chunks()
    words = coded.dictionary
    if 2 * len(words) > len(column):
        found: np.ndarray[Any, Any] = column.to_numpy()
        return found
    objects = np.array([*words.to_pylist(), None], dtype=object)
    places: Positions = coded.indices.fill_null(len(words)).to_numpy()
    return np.take(objects, places)


def _series(column: pa.ChunkedArray, dtype: str) -> pd.Series:
    """A column, typed."""
    if dtype == "str":
        return pd.Series(_text(column), dtype=dtype)
    found: pd.Series = column.to_pandas().astype(dtype)
    return found


@lru_cache(maxsize=256)
def decoded(name: str, content: bytes) -> pd.DataFrame:
    """The rows of a submission's blob; of one that withdraws, the keys alone."""
    return _Rows(name, [content]).frame()


def fold(name: str, submissions: Iterable[tuple[str, bytes]]) -> pd.DataFrame:
    """The register after `submissions` (mode, Parquet), oldest first; sorted by key.

    A key occurs once in a submission: intake refuses what is doubled.
    """
    given = list(submissions)
    every = _Rows(name, [content for _, content in given])
    key, dtypes = list(REGISTERS[name].key), dtypes_of(REGISTERS[name])
    table = every.table(key)
    rows: Positions = compute.sort_indices(table, [(one, "ascending") for one in key]).to_numpy()
    modes = np.array([mode == WITHDRAW for mode, _ in given], dtype=bool)
    if len(given) > 1 or modes.any():
        keys = pd.DataFrame({one: _series(table[one], dtypes[one]) for one in key})
        gone = np.repeat(modes, every.sizes) | keys.duplicated(keep="last").to_numpy()
        rows = rows[~gone[rows]]
    in_order = np.array_equal(rows, np.arange(table.num_rows))
    return every.frame(None if in_order else rows)


# Register and submissions → its state; of a large one only the newest, so that is said with it.
Folded = tuple[tuple[Submission, ...], pd.DataFrame]
_FOLDED: Memory[tuple[str, tuple[Submission, ...]], Folded] = Memory(256)


def _folded(name: str, submissions: tuple[Submission, ...], content: Content) -> pd.DataFrame:
    small = sum(len(one) for _, one in content) <= _LARGE
    asked = (name, submissions if small else ())
    found = _FOLDED.get(asked)
    if found is None or found[0] != submissions:
        found = submissions, fold(name, content)
        _FOLDED.keep(asked, found)
    # A lazy copy: what its reader does to it stays with its reader.
    return found[1].copy(deep=False)


def read_registers(
    blobs: BlobStore, submissions: Mapping[str, list[Submission]]
) -> Mapping[str, pd.DataFrame]:
    """Every register's frame, with the column `_digest`.

    Blobs are read and hashed each time, all of them at once. They are decoded when a register is
    asked for, and the decoding of the same bytes is remembered.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    given = {name: tuple(submissions.get(name, ())) for name in REGISTERS}
    content = {name: _content(blobs, given[name]) for name in REGISTERS}
    return Tables(lambda name, _: _folded(name, given[name], content.pop(name)))


def read_register(
    blobs: BlobStore, name: str, submissions: Mapping[str, list[Submission]]
) -> pd.DataFrame:
    """One register's frame, as `read_registers` gives it."""
    given = tuple(submissions.get(name, ()))
    return _folded(name, given, _content(blobs, given))


def _content(blobs: BlobStore, submissions: Iterable[Submission]) -> Content:
    return [(mode, blobs.get(blob)) for mode, blob in submissions]
