"""Names of registers and columns as people write them, and the row where the headings stand.

Rules: a register is named by its code, its title in Chinese or English, or an alias; a column by
its code, label or alias; blanks, line breaks, asterisks, widths and a remark in brackets do not
count. The headings stand in the row that has most of a register's columns. All columns of the
register must be there once; what else has a heading is left out, and that is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.aliases import HEADINGS, plain_name, register_read, without_brackets
from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS, Register
from schemas.text import Text
from tasks.intake import readings, reasons
from tasks.intake.cells import Cell, delivered_text
from tasks.intake.raw import Block, column_letter
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Refused, fixed, nearest, shown, together

# The sheet of a template that holds the drop-down lists; readers leave it out.
LISTS_SHEET = "_termgate_lists"
# Columns of a quarantine workbook that say why a row came back; readers leave them out.
OUR_COLUMNS = (Text("原行号", "row before"), Text("退回原因", "why it came back"))
_OURS = frozenset(name for text in OUR_COLUMNS for name in (text.zh, text.en))
# Titles above the headings are not longer than this.
SEARCHED_ROWS = 30

REGISTER_NAMES: dict[str, str] = {
    name: register.name
    for register in REGISTERS.values()
    for name in (register.name, register.title.zh, register.title.en)
}


def find_register(name: str) -> Register:
    """The register of this code, title or alias.

    Raises:
        Refused: there is none.
    """
    code = REGISTER_NAMES.get(name) or register_read(name)
    if code is None:
        raise Refused(reasons.UNKNOWN_REGISTER, name=name[:60], hint=nearest(name, REGISTER_NAMES))
    return REGISTERS[code]


def columns_delivered(register: Register, *, keys_only: bool) -> tuple[ColumnSpec, ...]:
    """The columns that a delivery must have, in their order; a withdrawal has the key alone."""
    if not keys_only:
        return register.columns
    return tuple(spec for spec in register.columns if spec.name in register.key)


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a sheet: `row` is their row's number, `cells` what stands in it.

    `columns`: column → its position and its heading as delivered; `otherwise`: heading → the label
    that it was read as; `left_out`: position → heading of what is no column of the register.
    """

    row: int
    cells: Sequence[Cell]
    columns: Mapping[str, tuple[int, str]]
    otherwise: Mapping[str, str]
    left_out: Mapping[int, str]

    @property
    def width(self) -> int:
        """How many columns there are, left-out ones included."""
        return len(self.cells)

    def readings(self, sheet: str) -> list[Reading]:
        """What was read although it is written otherwise, and what was left out."""
        return [
            Reading(sheet, self.row, heading, heading, label, readings.HEADING)
            for heading, label in self.otherwise.items()
        ] + [
            Reading(sheet, self.row, heading, heading, "", readings.LEFT_OUT_COLUMN)
            for heading in self.left_out.values()
            if heading not in _OURS
        ]


@cache
def names_of(specs: tuple[ColumnSpec, ...]) -> Mapping[str, str]:
    """Plain name → column; a name that two columns could bear is none's."""
    found: dict[str, str] = {}
    aliases: dict[str, set[str]] = {}
    for spec in specs:
        column = spec.column
        for name in (spec.name, column.zh, column.en):
            found[plain_name(name)] = spec.name
        for name in (without_brackets(column.zh), *HEADINGS.get(column.zh, ())):
            aliases.setdefault(plain_name(name), set()).add(spec.name)
    known = {name: one.pop() for name, one in aliases.items() if len(one) == 1}
    return known | found


def _column_of(cell: Cell, names: Mapping[str, str]) -> str | None:
    text = delivered_text(cell)
    if text in _OURS:
        return None
    return names.get(plain_name(text)) or names.get(plain_name(without_brackets(plain_name(text))))


def _matches(row: Sequence[Cell], names: Mapping[str, str]) -> set[str]:
    return {found for cell in row if cell != "" and (found := _column_of(cell, names))}


def filled(
    rows: Sequence[tuple[int, Sequence[Cell]]], merged: Collection[Block]
) -> list[tuple[int, list[Cell]]]:
    """Rows with the text of cells that are merged downwards in every row that they cover."""
    made = [(number, list(cells)) for number, cells in rows]
    at = dict(made)
    for block in merged:
        top = at.get(block.top, [])
        value = top[block.left - 1] if len(top) >= block.left else ""
        if block.left == block.right and value != "":
            for number in range(block.top + 1, block.bottom + 1):
                if number in at:
                    cells = at[number]
                    cells += [""] * (block.left - len(cells))
                    cells[block.left - 1] = value
    return made


def score(rows: Sequence[tuple[int, Sequence[Cell]]], specs: tuple[ColumnSpec, ...]) -> int:
    """How many of a register's columns the best of these rows names."""
    names = names_of(specs)
    return max((len(_matches(cells, names)) for _, cells in rows), default=0)


def find_headings(
    rows: Sequence[tuple[int, Sequence[Cell]]], specs: tuple[ColumnSpec, ...], place: Place
) -> Headings:
    """The headings among the first rows of a sheet.

    Raises:
        Refused: there are none, or columns are missing or doubled; all of it at once.
    """
    names = names_of(specs)
    number, row = max(rows, key=lambda one: len(_matches(one[1], names)), default=(1, []))
    if not _matches(row, names):
        _refuse_separator(rows, place)
        raise Refused(reasons.NO_HEADINGS, place, columns=_list_of(specs))
    cells = list(row)
    while cells and cells[-1] == "":
        cells.pop()
    found: dict[str, tuple[int, str]] = {}
    left_out: dict[int, str] = {}
    problems: list[Refused] = []
    for index, cell in enumerate(cells):
        if cell == "":
            continue
        heading = delivered_text(cell)
        name = _column_of(cell, names)
        if name is None:
            left_out[index] = heading
        elif name in found:
            where = Place(place.file, place.sheet, number, heading)
            first, second = column_letter(found[name][0]), column_letter(index)
            problems.append(Refused(reasons.DUPLICATE_COLUMN, where, first=first, second=second))
        else:
            found[name] = index, heading
    for spec in specs:
        if spec.name not in found:
            where = Place(place.file, place.sheet, number)
            label = spec.column.label
            others = [shown(heading) for heading in left_out.values()]
            likely = nearest(label.zh, others)
            likely = likely if likely.zh else nearest(label.en, others)
            problems.append(Refused(reasons.MISSING_COLUMN, where, heading=label, hint=likely))
    if problems:
        raise together(problems)
    otherwise = {
        heading: spec.column.label.render()
        for spec in specs
        if (heading := found[spec.name][1]) not in (spec.name, spec.column.zh, spec.column.en)
    }
    return Headings(number, cells, found, otherwise, left_out)


def missing_columns(
    rows: Sequence[tuple[int, Sequence[Cell]]], specs: tuple[ColumnSpec, ...]
) -> Text:
    """What a sheet lacks to be a register, in words."""
    names = names_of(specs)
    _, row = max(rows, key=lambda one: len(_matches(one[1], names)), default=(1, []))
    there = _matches(row, names)
    lacking = [spec for spec in specs if spec.name not in there]
    return fixed(_LACKS, columns=_list_of(lacking))


_LACKS = Text("缺少这些列：{columns}", "it lacks the columns {columns}")


def _list_of(specs: Sequence[ColumnSpec]) -> Text:
    labels = [spec.column.label for spec in specs]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))


def _refuse_separator(rows: Sequence[tuple[int, Sequence[Cell]]], place: Place) -> None:
    separators = {
        "\t": Text("制表符", "tabs"),
        ";": Text("分号", "semicolons"),
        "，": Text("全角逗号", "full-width commas"),
        "|": Text("竖线", "bars"),
    }
    held = [[cell for cell in cells if cell != ""] for _, cells in rows]
    for separator, name in separators.items():
        if any(len(cells) == 1 and separator in delivered_text(cells[0]) for cells in held):
            raise Refused(reasons.SEPARATOR, place, separator=name)
