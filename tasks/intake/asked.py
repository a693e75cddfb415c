"""What stands beside a register's columns in an ask list: what to fill in, what goes, and names.

Rules: a row of which nothing that is asked for was filled in is nobody's delivery; a row that is
marked to be withdrawn delivers its key alone; names are only compared, never taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from schemas.aliases import plain_name
from schemas.columns import ColumnSpec, flag
from schemas.text import Text
from tasks.intake.cells import Cell, CellReader, Parsed, delivered_text, is_empty

# Headings of a sheet's columns that are not the register's.
WANTED = Text("待填", "to fill in")
WITHDRAW = Text("撤回此行", "withdraw this row")
# The state of the row when the list was made: the beginning of its digest, or nothing.
AS_OF = Text("记录状态", "state on record")
AS_OF_LENGTH = 12
# After the heading of a column of ids: the name of whoever, or whatever, has the id.
NAME_MARK = Text("·名称", " · name")
# Between the headings that the cell under `WANTED` lists.
SEPARATOR = Text("、", "; ")

_OWN = {text: which for which in (WANTED, WITHDRAW, AS_OF) for text in (which.zh, which.en)}


def name_heading(label: Text) -> Text:
    """The heading of the names beside a column of ids."""
    return Text(label.zh + NAME_MARK.zh, label.en + NAME_MARK.en)


def is_ours(heading: str) -> bool:
    """Whether a heading is one of an ask list, and no column of a register."""
    return heading in _OWN or heading.endswith((NAME_MARK.zh, NAME_MARK.en))


class AskColumns:
    """The columns of an ask list in one sheet; there may be none of them."""

    def __init__(
        self, headings: Sequence[str], specs: Iterable[ColumnSpec], *, typed: bool
    ) -> None:
        at = {_OWN[one]: index for index, one in enumerate(headings) if one in _OWN}
        self._wanted, self._withdraw = at.get(WANTED), at.get(WITHDRAW)
        self._as_of = at.get(AS_OF)
        self._at = {heading: index for index, heading in enumerate(headings)}
        label = WITHDRAW
        spec = ColumnSpec("", bool, True, flag(label.zh, label.en), None, None, None)
        self._reader = CellReader(spec, typed=typed)
        labels = {text: spec.name for spec in specs for text in _texts(spec)}
        self._names = {
            labels[plain]: index
            for index, one in enumerate(headings)
            if (plain := plain_name(_unmarked(one))) in labels and _unmarked(one) != one
        }

    @property
    def any(self) -> bool:
        """Whether the sheet has such columns."""
        return self._wanted is not None or self._withdraw is not None or bool(self._names)

    def as_of(self, cells: Sequence[Cell]) -> str | None:
        """The state on which an ask list was made; None where the row is none of a list."""
        if self._wanted is None or self._as_of is None or is_empty(cells[self._wanted]):
            return None
        return delivered_text(cells[self._as_of])

    def unfilled(self, cells: Sequence[Cell]) -> bool:
        """Whether nothing that the row asks for was filled in."""
        if self._wanted is None or is_empty(cells[self._wanted]):
            return False
        text = delivered_text(cells[self._wanted])
        listed = [one.strip() for one in text.replace(SEPARATOR.zh, ";").split(";")]
        return all(is_empty(cells[self._at[one]]) for one in listed if one in self._at)

    def goes(self, cells: Sequence[Cell]) -> Parsed:
        """Whether the row is to be withdrawn, as its cell is read."""
        return None if self._withdraw is None else self._reader.read(cells[self._withdraw])

    @property
    def withdraw_at(self) -> int:
        """Where the sheet says which rows go."""
        return self._withdraw or 0

    def names(self, cells: Sequence[Cell]) -> Mapping[str, str]:
        """Column → the name that stands beside its id."""
        found = {name: delivered_text(cells[index]) for name, index in self._names.items()}
        return {name: text for name, text in found.items() if text}


def _texts(spec: ColumnSpec) -> tuple[str, ...]:
    return tuple(plain_name(text) for text in (spec.name, spec.column.zh, spec.column.en))


def _unmarked(heading: str) -> str:
    return heading.removesuffix(NAME_MARK.zh).removesuffix(NAME_MARK.en)
