"""Names of registers and columns as people write them, and the row where the headings stand.

Rules: a register is named by its code, its title in Chinese or English, or an alias; a column by
its code, label or alias; blanks, line breaks, asterisks, widths and a remark in brackets do not
count. The headings stand in the row that has most of a register's columns. All columns of the
register must be there once; what else has a heading is left out, and reported.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.aliases import HEADINGS, plain_name, register_read, without_brackets
from schemas.columns import ColumnSpec
from schemas.registers import REGISTERS, Register
from schemas.text import Text, comma_separated
from tasks.intake import readings, reasons
from tasks.intake.asked import is_ours
from tasks.intake.cells import Cell, delivered_text, is_empty
from tasks.intake.identity import is_identity
from tasks.intake.raw import Block, column_letter
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Refused, fixed, nearest, shown, together

# The sheet of a template that holds the drop-down lists; readers leave it out.
LISTS_SHEET = "_termgate_lists"
# The sheet of a template that says which stage needs which sheet; readers leave it out too.
INDEX_SHEET = Text("目录（自动生成）", "index (generated)")
OUR_SHEETS = frozenset({LISTS_SHEET, INDEX_SHEET.zh, INDEX_SHEET.en})
# Columns of a quarantine workbook that say why a row came back; readers leave them out.
OUR_COLUMNS = (Text("原行号", "row before"), Text("退回原因", "why it came back"))
OURS = frozenset(name for text in OUR_COLUMNS for name in (text.zh, text.en))
# Titles above the headings are not longer than this.
SEARCHED_ROWS = 30

REGISTER_NAMES: dict[str, str] = {
    name: register.name
    for register in REGISTERS.values()
    for name in (register.name, register.title.zh, register.title.en)
}


def nearest_register(name: str) -> Text:
    """The hint at the register whose code, title or alias is nearest to a name: by its title."""
    titles = {given: REGISTERS[code].title for given, code in REGISTER_NAMES.items()}
    return nearest(name, REGISTER_NAMES, titles)


def find_register(name: str) -> Register:
    """The register of this code, title or alias.

    Raises:
        Refused: there is none.
    """
    code = REGISTER_NAMES.get(name) or register_read(name)
    if code is None:
        raise Refused(reasons.UNKNOWN_REGISTER, name=name[:60], hint=nearest_register(name))
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
            Reading(sheet, self.row, heading, heading, "", _left_out(heading, self.columns))
            for heading in self.left_out.values()
            if heading not in OURS and not is_ours(heading)
        ]


def _left_out(heading: str, columns: Mapping[str, tuple[int, str]]) -> Text:
    identity = "birth_date" in columns and is_identity(heading)
    return readings.IDENTITY_COLUMN if identity else readings.LEFT_OUT_COLUMN


@cache
def own_names(specs: tuple[ColumnSpec, ...]) -> Mapping[str, str]:
    """Plain code or label → column."""
    return {
        plain_name(name): spec.name
        for spec in specs
        for name in (spec.name, spec.column.zh, spec.column.en)
    }


@cache
def _aliases(specs: tuple[ColumnSpec, ...]) -> Mapping[str, str]:
    """Plain alias → column; an alias that two columns could bear is none's."""
    found: dict[str, set[str]] = {}
    for spec in specs:
        label = spec.column.zh
        for name in (without_brackets(label), *HEADINGS.get(label, ())):
            found.setdefault(plain_name(name), set()).add(spec.name)
    return {name: one.pop() for name, one in found.items() if len(one) == 1}


def _named(cell: Cell, specs: tuple[ColumnSpec, ...]) -> tuple[str | None, bool]:
    """The column that a heading names, and whether by its own name."""
    text = delivered_text(cell)
    if text in OURS or is_ours(text):
        return None, False
    name = plain_name(text)
    own, aliases = own_names(specs), _aliases(specs)
    short = without_brackets(name)
    if name in own:
        return own[name], True
    return aliases.get(name) or own.get(short) or aliases.get(short), False


def _columns(
    row: Sequence[Cell], specs: tuple[ColumnSpec, ...]
) -> tuple[dict[str, list[int]], list[int]]:
    """Column → positions of its headings, and the positions of other headings.

    Where one heading is a column's own name, an alias beside it is another column's heading.
    """
    own: dict[str, list[int]] = {}
    read: dict[str, list[int]] = {}
    others: list[int] = []
    for index, cell in enumerate(row):
        if is_empty(cell):
            continue
        name, by_own = _named(cell, specs)
        if name is None:
            others.append(index)
        else:
            (own if by_own else read).setdefault(name, []).append(index)
    for name, indexes in read.items():
        if name in own:
            others += indexes
    return {**read, **own}, sorted(others)


def columns_named(row: Sequence[Cell], specs: tuple[ColumnSpec, ...]) -> dict[str, int]:
    """Column → position of its heading in a row, where there is one such heading alone."""
    return {name: at[0] for name, at in _columns(row, specs)[0].items() if len(at) == 1}


def _count(row: Sequence[Cell], specs: tuple[ColumnSpec, ...]) -> int:
    return len(_columns(row, specs)[0])


def filled(
    rows: Sequence[tuple[int, Sequence[Cell]]], merged: Collection[Block]
) -> list[tuple[int, list[Cell]]]:
    """Rows with the text of cells that are merged downwards in every row that they cover."""
    made = [(number, list(cells)) for number, cells in rows]
    at = dict(made)
    for block in merged:
        top = at.get(block.top, [])
        value = top[block.left - 1] if len(top) >= block.left else ""
        if block.left == block.right and not is_empty(value):
            for number in range(block.top + 1, block.bottom + 1):
                if number in at:
                    cells = at[number]
                    cells += [""] * (block.left - len(cells))
                    cells[block.left - 1] = value
    return made


def score(rows: Sequence[tuple[int, Sequence[Cell]]], specs: tuple[ColumnSpec, ...]) -> int:
    """How many of a register's columns the best of these rows names."""
    return max((_count(cells, specs) for _, cells in rows), default=0)


def find_headings(
    rows: Sequence[tuple[int, Sequence[Cell]]], specs: tuple[ColumnSpec, ...], place: Place
) -> Headings:
    """The headings among the first rows of a sheet.

    Raises:
        Refused: there are none, or columns are missing or doubled; all of it at once.
    """
    number, row = max(rows, key=lambda one: _count(one[1], specs), default=(1, []))
    columns, others = _columns(row, specs)
    if not columns:
        _refuse_separator(rows, place)
        raise Refused(reasons.NO_HEADINGS, place, columns=_list_of(specs))
    cells = list(row)
    while cells and is_empty(cells[-1]):
        cells.pop()
    headings = [delivered_text(cell) for cell in cells]
    left_out = {index: headings[index] for index in others}
    likely = [shown(heading) for heading in left_out.values()]
    problems = [
        Refused(
            reasons.DUPLICATE_COLUMN,
            Place(place.file, place.sheet, number, headings[indexes[1]]),
            first=column_letter(indexes[0]),
            second=column_letter(indexes[1]),
        )
        for indexes in columns.values()
        if len(indexes) > 1
    ] + [
        Refused(
            reasons.MISSING_COLUMN,
            Place(place.file, place.sheet, number),
            heading=spec.column.label,
            hint=_nearest_of(spec, likely),
        )
        for spec in specs
        if spec.name not in columns
    ]
    if problems:
        raise together(problems)
    found = {name: (at[0], headings[at[0]]) for name, at in columns.items()}
    otherwise = {
        heading: spec.column.label.render()
        for spec in specs
        if (heading := found[spec.name][1]) not in (spec.name, spec.column.zh, spec.column.en)
    }
    return Headings(number, cells, found, otherwise, left_out)


def _nearest_of(spec: ColumnSpec, headings: Sequence[str]) -> Text:
    likely = nearest(spec.column.zh, headings)
    return likely if likely.zh else nearest(spec.column.en, headings)


def missing_columns(
    rows: Sequence[tuple[int, Sequence[Cell]]], specs: tuple[ColumnSpec, ...]
) -> Text:
    """What a sheet lacks to be a register, in words."""
    _, row = max(rows, key=lambda one: _count(one[1], specs), default=(1, []))
    there, _ = _columns(row, specs)
    lacking = [spec for spec in specs if spec.name not in there]
    return fixed(_LACKS, columns=_list_of(lacking))


_LACKS = Text("缺少这些列：{columns}", "it lacks the columns {columns}")


def _list_of(specs: Sequence[ColumnSpec]) -> Text:
    return comma_separated(spec.column.label for spec in specs)


def _refuse_separator(rows: Sequence[tuple[int, Sequence[Cell]]], place: Place) -> None:
    separators = {
        "\t": Text("制表符", "tabs"),
        ";": Text("分号", "semicolons"),
        "，": Text("全角逗号", "full-width commas"),
        "|": Text("竖线", "bars"),
    }
    held = [[cell for cell in cells if not is_empty(cell)] for _, cells in rows]
    for separator, name in separators.items():
        if any(len(cells) == 1 and separator in delivered_text(cells[0]) for cells in held):
            raise Refused(reasons.SEPARATOR, place, separator=name)
