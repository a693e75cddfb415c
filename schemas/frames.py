"""Registers as typed data frames.

Rules: text and terms are `str`, whole numbers `Int64`, yes/no `boolean`, dates `datetime64[s]`;
a frame has exactly the columns of its row model, also when it is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS, Register

if TYPE_CHECKING:
    import pandas as pd

# The digest of each row stands beside its columns where a frame comes from a register.
DIGEST = "_digest"


def dtype_of(spec: ColumnSpec) -> str:
    """The pandas dtype of a column."""
    if spec.kind is bool:
        return "boolean"
    if spec.kind is int:
        return "Int64"
    if spec.kind is date:
        return "datetime64[s]"
    return "str"


def dtypes_of(register: Register) -> dict[str, str]:
    """Column → dtype of a register's frame."""
    return {spec.name: dtype_of(spec) for spec in register.columns}


def frame_of(name: str, rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """A register's frame from rows (column → value; columns that may be empty can be left out)."""
    import pandas as pd

    dtypes = dtypes_of(REGISTERS[name])
    frame = pd.DataFrame.from_records(list(rows), columns=list(dtypes))
    return frame.astype(dtypes)
