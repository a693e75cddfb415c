"""Registers (台账) as folds of their submissions.

Rules: a submission is an immutable Parquet blob with a digest for every row; a register is the
fold of its submissions by key, the newest wins, and a withdrawn key is gone until it is delivered
again. Any past state can be read again by its ledger position (`as_of`). What was worked out is
remembered by the digests of blobs, never with their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

Content = list[tuple[str, str, bytes]]  # mode, digest, Parquet
Positions = np.ndarray[Any, np.dtype[Any]]  # of rows
Cells = tuple[object, ...]  # of one row

# Of registers with more bytes only the newest state is remembered, and no part of it.
_LARGE = 1 << 20


# The columns of small submissions by digest, and the rows of submissions in some columns.
_TABLES: Memory[str, pa.Table] = Memory(1024)
_DELIVERED: Memory[tuple[str, str, tuple[str, ...]], frozenset[Cells]] = Memory(1024)


def _table(blob: str, content: bytes) -> pa.Table:
    """A submission's blob, with its columns and no others."""
    found = _TABLES.get(blob)
    if found is None:
        found = parquet.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
        _TABLES.keep(blob, found)
    return found


def _together(name: str, parts: Iterable[pa.Table], columns: Sequence[str]) -> pa.Table:
    """The rows of all parts; a column that one lacks is empty in its rows."""
    every = [schema_of(name).empty_table().select(columns), *parts]
    return pa.concat_tables(every, promote_options="permissive").combine_chunks()


class _Rows:
    """The rows of all submissions of a register, oldest first.

    Of large ones only the columns that are asked for are decoded, and nothing is kept.
    """

    def __init__(self, name: str, given: Content) -> None:
        self._name = name
        self._columns = [*dtypes_of(REGISTERS[name]), DIGEST]
        self._large = _is_large(given)
        if self._large:
            self._files = [parquet.ParquetFile(pa.BufferReader(one)) for _, _, one in given]
            self.sizes = [file.metadata.num_rows for file in self._files]
        else:
            tables = [_table(blob, content) for _, blob, content in given]
            self._whole = _together(name, tables, self._columns)
            self.sizes = [table.num_rows for table in tables]

    def table(self, columns: Sequence[str]) -> pa.Table:
        """Some columns."""
        if not self._large:
            return self._whole.select(columns)
        parts = [file.read(columns=list(columns), use_threads=False) for file in self._files]
        return _together(self._name, parts, columns)

    def frame(
        self, rows: Positions | None = None, columns: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """All columns, typed; only `rows` or `columns`, if they are named."""
        made: dict[str, pd.Series] = {}
        for column in columns or self._columns:
            found = self.table([column])[column]
            dtype = {**dtypes_of(REGISTERS[self._name]), DIGEST: "str"}[column]
            made[column] = _series(found if rows is None else found.take(rows), dtype)
        return pd.DataFrame(made)


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


def _is_large(given: Content) -> bool:
    return sum(len(content) for _, _, content in given) > _LARGE


def delivered_cells(
    blobs: BlobStore, name: str, blob: str, columns: tuple[str, ...]
) -> frozenset[Cells]:
    """The rows of a submission's blob in some columns; one that withdraws has keys alone.

    Raises:
        BlobError: it is missing or was changed.
    """
    found = _DELIVERED.get((name, blob, columns))
    if found is None:
        rows = _Rows(name, [("", blob, blobs.get(blob))]).frame(columns=columns)
        found = frozenset(zip(*(rows[one].tolist() for one in columns), strict=True))
        _DELIVERED.keep((name, blob, columns), found)
    return found


def fold(name: str, given: Content) -> pd.DataFrame:
    """The register after submissions, oldest first; sorted by key.

    A key occurs once in a submission: intake refuses what is doubled.
    """
    every = _Rows(name, given)
    key, dtypes = list(REGISTERS[name].key), dtypes_of(REGISTERS[name])
    table = every.table(key)
    rows: Positions = compute.sort_indices(table, [(one, "ascending") for one in key]).to_numpy()
    modes = np.array([mode == WITHDRAW for mode, _, _ in given], dtype=bool)
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
    asked = (name, () if _is_large(content) else submissions)
    found = _FOLDED.get(asked)
    if found is None or found[0] != submissions:
        found = submissions, fold(name, content)
        _FOLDED.keep(asked, found)
    return found[1]


def read_registers(
    blobs: BlobStore, submissions: Mapping[str, list[Submission]]
) -> Mapping[str, pd.DataFrame]:
    """Every register's frame, with the column `_digest`: of the same submissions the same one.

    Blobs are read and hashed each time, all of them at once. They are decoded when a register is
    asked for, and the decoding of the same bytes is remembered. The bytes of a large register are
    not held until then: they are read and hashed once more.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    given = {name: tuple(submissions.get(name, ())) for name in REGISTERS}
    held: dict[str, Content] = {}
    for name in REGISTERS:
        content = _content(blobs, given[name])
        if not _is_large(content):
            held[name] = content

    def table(name: str, _tables: object) -> pd.DataFrame:
        content = held.pop(name) if name in held else _content(blobs, given[name])
        return _folded(name, given[name], content)

    return Tables(table)


def read_register(
    blobs: BlobStore, name: str, submissions: Mapping[str, list[Submission]]
) -> pd.DataFrame:
    """One register's frame, as `read_registers` gives it."""
    given = tuple(submissions.get(name, ()))
    # A lazy copy: what its reader does to it stays with its reader.
    return _folded(name, given, _content(blobs, given)).copy(deep=False)


def _content(blobs: BlobStore, submissions: Iterable[Submission]) -> Content:
    return [(mode, blob, blobs.get(blob)) for mode, blob in submissions]
