"""Registers as pandas frames, each made when it is first asked for, and once.

Rules: a frame has exactly the columns of its row model, with the types of `schemas.frames`, also
when it is empty; text is kept as Python objects, whatever the size: measured, frames of ten rows
and of a million are joined and compared sooner than with pyarrow's, and what repeats in a large one
is kept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd

from schemas.frames import dtypes_of
from schemas.registers import REGISTERS

pd.set_option("mode.string_storage", "python")


def frame_of(name: str, rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """A register's frame from rows (column → value; columns that may be empty can be left out)."""
    given = list(rows)
    # What is done to a copy is not done to the frame, although they share their cells.
    return _made(name, given) if given else _empty(name).copy(deep=False)


def _made(name: str, rows: list[Mapping[str, Any]]) -> pd.DataFrame:
    # Column by column: a frame of objects whose columns are converted takes three times as long.
    dtypes: dict[str, Any] = dtypes_of(REGISTERS[name])
    columns = {
        column: pd.array([row.get(column) for row in rows], dtype=dtype)
        for column, dtype in dtypes.items()
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


@cache
def _empty(name: str) -> pd.DataFrame:
    return _made(name, [])


class Tables(Mapping[str, pd.DataFrame]):
    """Every register's frame by its name.

    `make(name, tables)` is asked for one when it is needed; `tables` are these.
    """

    def __init__(self, make: Callable[[str, Tables], pd.DataFrame]) -> None:
        self._make = make
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            if name not in REGISTERS:
                raise KeyError(name)
            self._made[name] = self._make(name, self)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in REGISTERS

    def __iter__(self) -> Iterator[str]:
        return iter(REGISTERS)

    def __len__(self) -> int:
        return len(REGISTERS)
