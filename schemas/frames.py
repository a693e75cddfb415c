"""The types of a register's columns in a data frame.

Rules: text and terms are `str`, whole numbers `Int64`, yes/no `boolean`, dates `datetime64[s]`.
Whoever only reads or writes rows needs no pandas for it.
"""

from __future__ import annotations

from datetime import date

from schemas.columns import ColumnSpec
from schemas.registers import Register

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
