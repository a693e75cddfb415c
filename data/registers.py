"""Registers (台账) as folds of their submissions.

Rules: a submission is an immutable Parquet blob with a digest for every row; a register is the
fold of its submissions by key, the newest wins, and a withdrawn key is gone until it is delivered
again. Any past state is that of the submissions up to then. Where only some places are looked at,
the rows at home there are put together, whatever others the ledger holds. What was worked out is
remembered by the digests of blobs, never with their bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute, parquet

from data.blobs import BlobStore
from data.memory import Memory
from data.submissions import WITHDRAW, Submission, schema_of
from schemas.frames import DIGEST, dtypes_of
from schemas.registers import REGISTERS, behind
from schemas.tables import Tables

Content = list[tuple[str, str, bytes]]  # mode, digest, Parquet
Positions = np.ndarray[Any, np.dtype[Any]]  # of rows
Cells = tuple[object, ...]  # of one row

Mask = np.ndarray[Any, np.dtype[np.bool_]]  # of rows
Chosen = Callable[[pa.ChunkedArray], Mask]  # by the column that names their home

# Of registers with more bytes only the newest state is remembered, and no part of it.
_LARGE = 1 << 20

# Who and what is where: looked at from everywhere, and small.
EVERYWHERE = frozenset({"jurisdictions", "units", "officers", "kin"})


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
    none, every = schema_of(name).empty_table().select(columns), list(parts)
    if len(every) == 1 and every[0].schema.equals(none.schema):
        # Put together with others, its bytes would be copied.
        return every[0]
    return pa.concat_tables([none, *every], promote_options="permissive").combine_chunks()


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


def delivered_among(
    blobs: BlobStore, name: str, blob: str, digests: AbstractSet[Cells]
) -> AbstractSet[Cells]:
    """Which of some rows, each by its digest, are in a submission's blob.

    Raises:
        BlobError: it is missing or was changed.
    """
    content = [("", blob, blobs.get(blob))]
    if not _is_large(content):
        return delivered_cells(blobs, name, blob, (DIGEST,)) & digests
    column = _Rows(name, content).table([DIGEST])[DIGEST]
    ours = compute.is_in(column, pa.array([one for (one,) in digests], type=pa.string()))
    return {(one,) for one in column.filter(ours).to_pylist()}


def _current_rows(name: str, given: Content, every: _Rows) -> Positions:
    """The rows that stand after submissions, oldest first, as they came.

    A key occurs once in a submission: intake refuses what is doubled.
    """
    rows: Positions = np.arange(sum(every.sizes))
    modes = np.array([mode == WITHDRAW for mode, _, _ in given], dtype=bool)
    if not given[1:] and not modes.any():
        return rows
    key, dtypes = list(REGISTERS[name].key), dtypes_of(REGISTERS[name])
    table = every.table(key)
    keys = pd.DataFrame({one: _series(table[one], dtypes[one]) for one in key})
    gone = np.repeat(modes, every.sizes) | keys.duplicated(keep="last").to_numpy()
    current: Positions = rows[~gone]
    return current


def _in_order(name: str, every: _Rows, rows: Positions) -> Positions:
    """Rows by key."""
    key = list(REGISTERS[name].key)
    table = every.table(key).take(rows)
    order: Positions = compute.sort_indices(table, [(one, "ascending") for one in key]).to_numpy()
    ordered: Positions = rows[order]
    return ordered


def fold(name: str, given: Content, chosen: Chosen | None = None) -> pd.DataFrame:
    """The register after submissions, oldest first; sorted by key. `chosen` says which rows."""
    every = _Rows(name, given)
    rows = _current_rows(name, given, every)
    if chosen:
        home = REGISTERS[name].home
        rows = rows[chosen(every.table([home])[home].take(rows))]
    rows = _in_order(name, every, rows)
    whole = np.array_equal(rows, np.arange(sum(every.sizes)))
    return every.frame(None if whole else rows)


# Register, places and submissions → its state; of a large one only the newest, so that is said with
# it. What is at home at some places follows from the registers that say where as well.
Given = tuple[tuple[Submission, ...], ...]
Folded = tuple[Given, pd.DataFrame]
_FOLDED: Memory[tuple[str, frozenset[str], Given], Folded] = Memory(256)


def _folded(
    name: str,
    submissions: Given,
    content: Content,
    places: frozenset[str] = frozenset(),
    chosen: Chosen | None = None,
) -> pd.DataFrame:
    asked = (name, places, () if _is_large(content) else submissions)
    found = _FOLDED.get(asked)
    if found is None or found[0] != submissions:
        found = submissions, fold(name, content, chosen)
        _FOLDED.keep(asked, found)
    return found[1]


def _at_home(places: frozenset[str], by_unit: bool) -> Chosen:
    """Chooses the rows of which the unit or the jurisdiction is at some places."""

    def chosen(column: pa.ChunkedArray) -> Mask:
        values = column.unique()
        codes = (str(one).partition("-")[0] if by_unit else one for one in values.to_pylist())
        here = pa.array([code in places for code in codes], type=pa.bool_())
        return _mask(here.take(compute.index_in(column, values)))

    return chosen


def _referring(here: pd.Series, every: Callable[[], pa.ChunkedArray]) -> Chosen:
    """Chooses the rows that refer to the keys that are `here`, and those that refer to nothing."""

    def chosen(column: pa.ChunkedArray) -> Mask:
        ours = compute.is_in(column, pa.array(here.tolist(), type=pa.string()))
        return _mask(ours) | ~_mask(compute.is_in(column, every()))

    return chosen


def _mask(found: pa.ChunkedArray | pa.Array) -> Mask:
    mask: Mask = found.to_numpy(zero_copy_only=False)
    return mask


def read_registers(
    blobs: BlobStore,
    submissions: Mapping[str, list[Submission]],
    places: frozenset[str] = frozenset(),
) -> Mapping[str, pd.DataFrame]:
    """Every register's frame, with the column `_digest`: of the same submissions the same one.

    Of most registers only the rows at home at `places`, if there are any, and rows that refer to
    nothing. Blobs are read and hashed each time, all of them at once. They are decoded when a
    register is asked for, and the decoding of the same bytes is remembered. The bytes of a large
    register are not held until then: they are read and hashed once more.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    given = {name: tuple(submissions.get(name, ())) for name in REGISTERS}
    held: dict[str, Content] = {}
    for name in REGISTERS:
        content = _content(blobs, given[name])
        if not _is_large(content):
            held[name] = content

    def content_of(name: str) -> Content:
        return held.pop(name) if name in held else _content(blobs, given[name])

    def whole(name: str) -> pd.DataFrame:
        return _folded(name, (given[name],), content_of(name))

    def part(name: str, tables: Tables) -> pd.DataFrame:
        if not places or name in EVERYWHERE:
            return whole(name)
        register = REGISTERS[name]
        if register.via:
            referred = register.references[register.via]
            here = tables[referred][REGISTERS[referred].key[0]]
            chosen = _referring(here, lambda: keys_of(referred))
        else:
            chosen = _at_home(places, register.home == "unit")
        resting_on = tuple(given[one] for one in sorted(behind([name])))
        return _folded(name, resting_on, content_of(name), places, chosen)

    def keys_of(name: str) -> pa.ChunkedArray:
        content, key = content_of(name), REGISTERS[name].key[0]
        every = _Rows(name, content)
        return every.table([key])[key].take(_current_rows(name, content, every))

    return Tables(part)


def read_register(
    blobs: BlobStore, name: str, submissions: Mapping[str, list[Submission]]
) -> pd.DataFrame:
    """One register's frame, as `read_registers` gives it."""
    given = tuple(submissions.get(name, ()))
    # A lazy copy: what its reader does to it stays with its reader.
    return _folded(name, (given,), _content(blobs, given)).copy(deep=False)


def _content(blobs: BlobStore, submissions: Iterable[Submission]) -> Content:
    return [(mode, blob, blobs.get(blob)) for mode, blob in submissions]
