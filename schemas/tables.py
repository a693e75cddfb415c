"""Registers as pandas frames, each made when it is first asked for, and once.

Rules: a frame has exactly the columns of its row model, with the types of `schemas.frames`, also
when it is empty; text is kept as Python objects, whatever the size: measured, frames of ten rows
and of a million are joined and compared sooner than with pyarrow's, and what repeats in a large one
is kept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from schemas.frames import dtypes_of
from schemas.registers import REGISTERS

pd.set_option("mode.string_storage", "python")


def frame_of(name: str, rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """A register's frame from rows (column → value; columns that may be empty can be left out)."""
    dtypes = dtypes_of(REGISTERS[name])
    frame = pd.DataFrame.from_records(list(rows), columns=list(dtypes))
    return frame.astype(dtypes)


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
