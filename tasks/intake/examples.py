"""The example row of a template.

Rules: its first column bears a mark that no real value can bear (first columns are ids and codes),
so that leaving the row out loses nothing; a row with the mark that is not the example, word for
word, is rejected and not left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from schemas.columns import ColumnSpec
from schemas.registers import Register
from schemas.text import Text
from schemas.vocabulary import Term
from tasks.intake.cells import Cell, Value

MARK = Text("示例：", "example: ")
_MARKS = (MARK.zh, MARK.en)


def example_value(spec: ColumnSpec) -> Value:
    """A column's example, typed; terms as their code."""
    example = spec.column.example
    if example is None:
        return None
    if spec.kind is date:
        return date.fromisoformat(str(example))
    return example


def example_row(register: Register) -> dict[str, Value]:
    """The example row of a register."""
    return {spec.name: example_value(spec) for spec in register.columns}


def marked(cells: Sequence[Cell], index: int) -> str:
    """The example's mark on the cell at `index`, or nothing."""
    cell = cells[index] if index < len(cells) else ""
    if not isinstance(cell, str) or not cell.startswith(_MARKS):
        return ""
    return next(mark for mark in _MARKS if cell.startswith(mark))


def is_example(register: Register, row: Mapping[str, Value]) -> bool:
    """Whether a row, its mark taken off, is the register's example."""
    plain = {name: value.value if isinstance(value, Term) else value for name, value in row.items()}
    example = example_row(register)
    return plain == {name: example[name] for name in plain}
