"""A known book, written as people keep it: sheets and headings of any name, and the map of them.

Rules: the map says all that a reader cannot know; what is spoilt here has no reading, so that what
is read must be the known rows, or a rejection must name the row and the heading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from schemas.columns import ID_PATTERN, ColumnSpec
from schemas.registers import REGISTERS
from tasks.intake.cells import Value
from tests.intake.decorations import FOOTNOTES, TITLES, hopeless, variants
from tests.intake.files import csv_text, workbook

Row = Mapping[str, Value]
# What people call things, so that no heading is one of ours.
_WORDS = [a + b for a in "甲乙丙丁戊己庚辛壬癸" for b in "子丑寅卯辰巳午未申酉戌亥"]


def toml(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(k)} = {toml(v)}" for k, v in value.items())
        return f"{{{inside}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else toml(key)


def sheet_of_map(file: str, sheet: str, head: Sequence[int], *rows: str, **more: Any) -> str:
    """A sheet of a map."""
    lines = ["[[sheets]]", f"file = {toml(file)}", f"sheet = {toml(sheet)}",
             f"heading_rows = {toml(list(head))}"]  # fmt: skip
    lines += [f"{key} = {toml(value)}" for key, value in more.items()]
    return "\n".join([*lines, *rows, ""])


def rows_of_map(register: str, columns: Mapping[str, Any], each: Sequence[Any] = ()) -> str:
    """What a sheet gives to a register."""
    lines = ["[[sheets.rows]]", f"register = {toml(register)}"]
    if each:
        lines.append(f"each = {toml(list(each))}")
    lines.append("[sheets.rows.columns]")
    lines += [f"{_key(key)} = {toml(value)}" for key, value in columns.items()]
    return "\n".join(lines)


@dataclass
class Kept:
    """A folder of people's sheets.

    `places`: register → title of the sheet, number and spoilt heading of each known row.
    """

    folder: Path
    places: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)

    @property
    def map(self) -> Path:
        return self.folder / "map.toml"


def kept(book: Mapping[str, Sequence[Row]], folder: Path, dice: Random) -> Kept:
    """A book in people's sheets, and the map of them."""
    made, text = Kept(folder), ""
    for number, (register, rows) in enumerate(book.items(), start=1):
        text += _sheet(made, number, register, rows, dice)
    made.map.write_text(text, encoding="utf-8")
    return made


Writer = tuple[str, ColumnSpec, Any]


def _columns(
    register: str, rows: Sequence[Row], dice: Random
) -> tuple[dict[str, Any], list[Writer]]:
    """What the map says of each column, and how its cells are written under which heading."""
    specs = list(REGISTERS[register].columns)
    dice.shuffle(specs)
    columns: dict[str, Any] = {}
    writers: list[Writer] = []
    for spec, word in zip(specs, dice.sample(_WORDS, len(specs)), strict=True):
        values = {row[spec.name] for row in rows}
        heading = f"{word}{dice.choice(('', ' ', chr(10)))}项"
        code = spec.pattern == ID_PATTERN and all(str(one).startswith("p-") for one in values)
        # A row of which no cell says anything is none.
        said = spec.name != REGISTERS[register].key[0] and len(values) == 1 and None not in values
        if said and dice.random() < 0.3:
            columns[spec.name] = {"value": next(iter(values))}
        elif code and dice.random() < 0.5:
            columns[spec.name] = {"id": f"p-{{{heading.replace(chr(10), '')}}}"}
            writers.append((heading, spec, "id"))
        elif spec.terms and None not in values and dice.random() < 0.5:
            known = {
                spec.terms(one): f"{word}{n}" for n, one in enumerate(sorted(map(str, values)))
            }
            words = {text: term.label.zh for term, text in known.items()}
            columns[spec.name] = {"heading": heading, "values": words}
            writers.append((heading, spec, {one.value: text for one, text in known.items()}))
        else:
            columns[spec.name] = heading
            writers.append((heading, spec, None))
    return columns, writers


def _cells(
    row: Row, writers: Sequence[Writer], dice: Random, *, typed: bool
) -> tuple[list[Any], str]:
    """A row as it is kept, and the heading under which it is spoilt, or nothing."""
    spoilt, cells = "", []
    for heading, spec, how in writers:
        value = row[spec.name]
        if not spoilt and dice.random() < 0.02:
            spoilt = heading
            # Of digits alone a rule makes an id like any other.
            chosen = [one for one in hopeless(spec, typed=typed) if how != "id" or one != "64030"]
            cells.append(dice.choice(chosen))
        elif how == "id":
            cells.append(dice.choice((str(value)[2:], f" {str(value)[2:].upper()}")))
        elif how:
            cells.append(how[value])
        else:
            cells.append(dice.choice(variants(spec, value, typed=typed)))
    return cells, spoilt


def _sheet(made: Kept, number: int, register: str, rows: Sequence[Row], dice: Random) -> str:
    """Write a sheet; what the map says of it."""
    kind = dice.choice(("xlsx", "xlsx", "csv"))
    typed = kind == "xlsx"
    file, name = f"{dice.choice(_WORDS)}{number}.{kind}", dice.choice(_WORDS) if typed else ""
    columns, writers = _columns(register, rows, dice)
    table: list[list[Any]] = [list(dice.choice(TITLES)) for _ in range(dice.randrange(3))]
    head, extra = len(table) + 1, dice.random() < 0.5
    table.append([heading for heading, _, _ in writers] + ["随便"] * extra)
    for row in rows:
        cells, spoilt = _cells(row, writers, dice, typed=typed)
        made.places.setdefault(register, []).append(
            (f"{file} {name}".strip(), len(table) + 1, spoilt)
        )
        table.append(cells + ["补"] * extra)
    table += [list(one) for one in dice.sample(FOOTNOTES, dice.randrange(2))]
    width = len(writers) + extra
    table = [[*row, *[""] * (width - len(row))] for row in table]
    if typed:
        workbook(made.folder / file, {name: table})
    else:
        text = csv_text([[str(cell) for cell in row] for row in table])
        (made.folder / file).write_text(text, encoding="utf-8")
    ignored = {"ignore": ["随便"]} if extra and dice.random() < 0.5 else {}
    return sheet_of_map(file, name, [head], rows_of_map(register, columns), **ignored)
