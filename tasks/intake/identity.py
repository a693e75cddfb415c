"""Identity numbers that stand in a sheet beside a birth date: checked, and not kept.

Rules: a number that is none rejects its row; one that holds gives the birth date where that is
empty, and its day where only the month stands there. A date that differs stays, for the archive
decides (干部人事档案), and that is reported. A number that we have masked ourselves says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.aliases import plain_name
from schemas.identity import birth_of
from tasks.intake import readings, reasons
from tasks.intake.cells import Cell, Value, compared_text, delivered_text
from tasks.intake.characters import Problem, problem
from tasks.intake.readings import Reading

RowValues = dict[str, Value]

_HEADINGS = frozenset(
    map(
        plain_name,
        ("公民身份号码", "身份证号", "身份证号码", "身份证", "居民身份证号", "居民身份证号码",
         "公民身份证号", "公民身份证号码", "身份号码", "identity number", "ID number"),
    )
)  # fmt: skip


def is_identity(heading: str) -> bool:
    """Whether a heading is that of identity numbers."""
    return plain_name(heading) in _HEADINGS


class IdentityColumn:
    """The column of identity numbers of one sheet, whose register has a birth date."""

    def __init__(
        self, sheet: str, headings: Sequence[str], columns: Mapping[str, tuple[int, str]]
    ) -> None:
        at = [index for index, heading in enumerate(headings) if is_identity(heading)]
        self._sheet = sheet
        self._birth = columns.get("birth_date", (0, ""))
        self.at = at[0] if len(at) == 1 and "birth_date" in columns else None

    def judged(
        self,
        number: int,
        cells: Sequence[Cell],
        row: RowValues,
        problems: Sequence[tuple[int, Problem]],
        notes: list[Reading],
    ) -> tuple[RowValues, list[tuple[int, Problem]]]:
        """A row and what is wrong with it, once its number is looked at; readings go to `notes`."""
        at, heading = self._birth
        empty = [one for one in problems if one == (at, problem(reasons.EMPTY_REQUIRED))]
        text = self._number(cells)
        if not text or ("birth_date" not in row and not empty):
            return row, [*problems]
        day = birth_of(text)
        if day is None:
            return row, [*problems, (self.at or 0, problem(reasons.WRONG_IDENTITY))]
        birth = row.get("birth_date")
        if birth == day.isoformat():
            return row, [*problems]
        given = birth in (None, f"{day:%Y-%m}")
        taken = day.isoformat() if given else birth
        how = readings.FROM_IDENTITY if given else readings.BIRTH_DIFFERS
        held = delivered_text(cells[at])
        notes.append(Reading(self._sheet, number, heading, held, str(taken), how))
        return {**row, "birth_date": taken}, [one for one in problems if one not in empty]

    def _number(self, cells: Sequence[Cell]) -> str:
        """What stands there; nothing where it is empty, or masked by us."""
        cell = cells[self.at or 0]
        return "" if "*" in delivered_text(cell) else compared_text(cell)
