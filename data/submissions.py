"""Submissions to registers (台账): what was accepted or withdrawn, as immutable Parquet blobs.

Rules: a blob has a digest for every row; the newest row of a key stands, and a withdrawn key is
gone until it is delivered again. A blob says of its columns what pandas would, so that pandas reads
them back as they were; writing one, and asking which rows stand, loads no pandas.
"""

from __future__ import annotations

import io
import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import version
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from data.ledger import Reader
from schemas.canonical import row_digest
from schemas.frames import DIGEST, dtypes_of
from schemas.registers import REGISTERS

ACCEPT = "accept"
WITHDRAW = "withdraw"

Submission = tuple[str, str]  # mode and blob
Key = tuple[Any, ...]

_EPOCH = date(1970, 1, 1).toordinal()
_SECONDS_PER_DAY = 86_400

# The dtype of a frame's column → its type in a blob, and pandas' name for that type.
TYPES = {
    "str": (pa.large_string(), "object"),
    "Int64": (pa.int64(), "int64"),
    "boolean": (pa.bool_(), "bool"),
    "datetime64[s]": (pa.timestamp("s"), "datetime"),
}


@cache
def schema_of(name: str, columns: tuple[str, ...] | None = None) -> pa.Schema:
    """The types of a register's columns and of the digest, or of the `columns` alone.

    Its metadata are what `pyarrow.Table.from_pandas` writes of a frame with these columns.
    """
    dtypes = {**dtypes_of(REGISTERS[name]), DIGEST: "str"}
    chosen = {column: dtypes[column] for column in columns or dtypes}
    described = {
        "index_columns": [],
        "column_indexes": [],
        "columns": [
            {
                "name": column,
                "field_name": column,
                "pandas_type": TYPES[dtype][1],
                "numpy_type": dtype,
                "metadata": None,
            }
            for column, dtype in chosen.items()
        ],
        "attributes": {},
        "creator": {"library": "pyarrow", "version": pa.__version__},
        "pandas_version": version("pandas"),
    }
    return pa.schema(
        [(column, TYPES[dtype][0]) for column, dtype in chosen.items()],
        metadata={"pandas": json.dumps(described)},
    )


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """An Arrow array of plain values; `pyarrow.array` would load pandas to look at them."""
    content: list[Any]
    if pa.types.is_large_string(kind):
        texts = [(value or "").encode() for value in values]
        content = [np.cumsum(_numbers(chain((0,), map(len, texts)))), b"".join(texts)]
    elif pa.types.is_boolean(kind):
        content = [_bits(values)]
    elif pa.types.is_timestamp(kind):
        days = _numbers(day.toordinal() if day else _EPOCH for day in values)
        content = [(days - _EPOCH) * _SECONDS_PER_DAY]
    else:
        content = [array("q", (value or 0 for value in values))]
    known = _bits([value is not None for value in values]) if None in values else None
    buffers = [one if one is None else pa.py_buffer(one) for one in (known, *content)]
    return pa.Array.from_buffers(kind, len(values), buffers)


def _numbers(values: Iterable[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.fromiter(values, np.int64)


def _bits(values: Sequence[bool | None]) -> bytes:
    return np.packbits(np.array(values, dtype=bool), bitorder="little").tobytes()


def _encoded(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> bytes:
    arrays = [_array(list(map(itemgetter(one.name), rows)), one.type) for one in schema]
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), buffer)
    return buffer.getvalue()


def encode_rows(name: str, rows: Iterable[Mapping[str, object]]) -> bytes:
    """Accepted rows as Parquet, with the digest of every row."""
    columns = [spec.name for spec in REGISTERS[name].columns]
    listed: list[dict[str, object]] = [
        {column: row.get(column) for column in columns} for row in rows
    ]
    for row in listed:
        row[DIGEST] = row_digest(name, row)
    return _encoded(listed, schema_of(name))


def encode_keys(name: str, rows: Iterable[Mapping[str, object]]) -> bytes:
    """The keys of withdrawn rows as Parquet."""
    return _encoded(list(rows), schema_of(name, REGISTERS[name].key))


def submissions_of(ledger: Reader) -> dict[str, list[Submission]]:
    """Register → its submissions, oldest first."""
    found: dict[str, list[Submission]] = {}
    for register, mode, blob in ledger.query(
        "SELECT register, mode, blob FROM submissions ORDER BY seq"
    ):
        found.setdefault(register, []).append((mode, blob))
    return found


def current_rows(
    name: str, submissions: Iterable[tuple[str, bytes]], columns: Sequence[str] = ()
) -> dict[Key, Key]:
    """Key → the values of `columns`, of each row that stands after `submissions`, oldest first.

    A submission is its mode and its Parquet; days come as `datetime` at midnight, nothing as None.
    """
    key = REGISTERS[name].key
    found: dict[Key, Key] = {}
    for mode, content in submissions:
        file = parquet.ParquetFile(pa.BufferReader(content))
        chosen = key if mode == WITHDRAW else (*key, *columns)
        lists = file.read(columns=list(chosen), use_threads=False).select(chosen)
        values = [column.to_pylist() for column in lists.columns]
        keys = zip(*values[: len(key)], strict=True)
        if mode == WITHDRAW:
            for gone in keys:
                found.pop(gone, None)
        elif columns:
            found.update(zip(keys, zip(*values[len(key) :], strict=True), strict=True))
        else:
            found.update(dict.fromkeys(keys, ()))
    return found
