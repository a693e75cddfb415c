"""Where a row comes from that a map made: the row of somebody's own sheet, and its cells.

Rules: what is said of such a row names that sheet, row and column as the person knows them; a sheet
comes back in the quarantine under a name that says which it was, whatever other file has a sheet of
the same name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.aliases import plain_name
from schemas.registers import REGISTERS
from tasks.intake.cells import Cell, delivered_text
from tasks.intake.characters import Problem
from tasks.intake.refusal import Rejection, visible

# Excel takes no longer name of a sheet.
_LONGEST, _MARK = 31, 6
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def returned_name(file: str, sheet: str) -> str:
    """What a sheet of somebody's file is called in a quarantine workbook."""
    mark = hashlib.sha256(f"{file}\n{sheet}".encode()).hexdigest()[:_MARK]
    plain = _NOT_IN_NAMES.sub(" ", visible(sheet or Path(file).stem)).strip("' ")
    return f"{plain[: _LONGEST - _MARK - 1]} {mark}"


@dataclass(frozen=True, slots=True, eq=False)
class OwnSheet:
    """A sheet as somebody keeps it.

    `file` and `name` are those of the map; `head` are the rows of the headings by number, and
    `headings` what they come to by position; `rows` are the others by number. `known_by` are the
    headings, as plain names, that the map knows rows by.
    """

    file: str
    name: str
    head: Mapping[int, Sequence[Cell]]
    headings: Sequence[str]
    rows: Mapping[int, Sequence[Cell]]
    known_by: frozenset[str] = frozenset()

    @property
    def kept(self) -> frozenset[int]:
        """The positions of what must come back as it is, for rows are known by it."""
        found = enumerate(map(plain_name, self.headings))
        return frozenset(index for index, name in found if name in self.known_by)

    @property
    def title(self) -> str:
        """File and sheet."""
        return f"{self.file} {self.name}".strip()

    @property
    def returned(self) -> str:
        """Its name in a quarantine workbook."""
        return returned_name(self.file, self.name)


@dataclass(frozen=True, slots=True)
class Origin:
    """The row of a sheet that a row was made from; `at`: column → positions of the cells."""

    sheet: OwnSheet
    row: int
    at: Mapping[str, tuple[int, ...]]

    def rejection(
        self,
        register: str,
        number: int,
        columns: Sequence[str],
        found: Problem,
        cause: tuple[str, int] | None = None,
    ) -> Rejection:
        """A rejection of the row made, at the cells that its `columns` were made from."""
        at = tuple(dict.fromkeys(one for name in columns for one in self.at.get(name, ())))
        cells = self.sheet.rows[self.row]
        labels = REGISTERS[register].column
        named = [self.sheet.headings[one] for one in at] or [
            labels[name].column.label.render() for name in columns if name in labels
        ]
        held = [delivered_text(cells[one]) for one in at if one < len(cells) and cells[one] != ""]
        return Rejection(
            register=register,
            sheet=self.sheet.title,
            row=self.row,
            column=" + ".join(named),
            value=" + ".join(held),
            reason=found.reason,
            arguments=found.arguments,
            at=at,
            cause=cause,
            number=number,
        )
