"""Names of registers and columns as people write them.

Rules: a register is named by its code or its title in Chinese or English, a column by its code or
its label in Chinese or English, exactly. Missing, unknown and doubled columns are refused, with
the nearest name; the order of columns is free.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS, Register
from schemas.text import Text
from tasks.intake import reasons
from tasks.intake.cells import Cell, delivered_text
from tasks.intake.refusal import Place, Refused, nearest

# The sheet of a template that holds the drop-down lists; readers leave it out.
LISTS_SHEET = "_termgate_lists"

REGISTER_NAMES: dict[str, str] = {
    name: register.name
    for register in REGISTERS.values()
    for name in (register.name, register.title.zh, register.title.en)
}


def find_register(name: str) -> Register:
    """The register of this code or title.

    Raises:
        Refused: there is none.
    """
    code = REGISTER_NAMES.get(name)
    if code is None:
        raise Refused(reasons.UNKNOWN_REGISTER, name=name[:60], hint=nearest(name, REGISTER_NAMES))
    return REGISTERS[code]


def columns_delivered(register: Register, *, keys_only: bool) -> tuple[ColumnSpec, ...]:
    """The columns that a delivery must have, in their order; a withdrawal has the key alone."""
    if not keys_only:
        return register.columns
    return tuple(spec for spec in register.columns if spec.name in register.key)


def column_letter(index: int) -> str:
    """The letter over a spreadsheet's column, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _list_of(specs: Sequence[ColumnSpec]) -> Text:
    labels = [spec.column.label for spec in specs]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))


def match_headings(
    row: Sequence[Cell], specs: Sequence[ColumnSpec], place: Place
) -> dict[str, tuple[int, str]]:
    """Column → its position and its heading as delivered.

    Raises:
        Refused: a column is missing, unknown, doubled or without a heading.
    """
    names = {
        name: spec.name for spec in specs for name in (spec.name, spec.column.zh, spec.column.en)
    }
    headings = [delivered_text(cell) for cell in row]
    while headings and not headings[-1]:
        headings.pop()
    if not any(heading in names for heading in headings):
        _refuse_separator(headings, place)
        raise Refused(reasons.NO_HEADINGS, place, columns=_list_of(specs))
    found: dict[str, tuple[int, str]] = {}
    for index, heading in enumerate(headings):
        where = Place(place.file, place.sheet, 1, heading)
        if not heading:
            raise Refused(reasons.BLANK_HEADING, where, letter=column_letter(index))
        name = names.get(heading)
        if name is None:
            raise Refused(reasons.UNKNOWN_COLUMN, where, hint=nearest(heading, names))
        if name in found:
            first, second = column_letter(found[name][0]), column_letter(index)
            raise Refused(reasons.DUPLICATE_COLUMN, where, first=first, second=second)
        found[name] = index, heading
    for spec in specs:
        if spec.name not in found:
            where = Place(place.file, place.sheet, 1)
            raise Refused(reasons.MISSING_COLUMN, where, heading=spec.column.label)
    return found


def _refuse_separator(headings: Sequence[str], place: Place) -> None:
    separators = {
        "\t": Text("制表符", "tabs"),
        ";": Text("分号", "semicolons"),
        "，": Text("全角逗号", "full-width commas"),
        "|": Text("竖线", "bars"),
    }
    for separator, name in separators.items():
        if len(headings) == 1 and separator in headings[0]:
            raise Refused(reasons.SEPARATOR, place, separator=name)
