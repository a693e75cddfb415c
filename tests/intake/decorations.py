"""A known table, written as people write it: titles, columns, widths, types, orders, aliases.

Rules: every variant of a cell here has the one reading that is its value, but for those that are
said to have none; so what is read must be the known rows, or a rejection must name that cell.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from schemas.aliases import HEADINGS
from schemas.columns import ID_PATTERN, ColumnSpec
from schemas.registers import REGISTERS
from schemas.vocabulary import Term
from tasks.intake.cells import Value
from tests.intake.files import csv_text, good_row, workbook

Row = Mapping[str, Value]
Table = list[list[Any]]

WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
NUMERALS = "〇一二三四五六七八九"


def known_rows(register: str) -> list[dict[str, Value]]:
    """Six rows with every kind of column."""
    if register == "reviews":
        items = ("archive", "declaration", "organs-heard", "reports", "inspection", "audit")
        return [good_row("reviews", item=item, candidate="c-640302-0001") for item in items]
    key = REGISTERS[register].key[0]
    ids = REGISTERS[register].column[key].pattern == ID_PATTERN
    return [good_row(register, **({key: f"x-{n}"} if ids else {})) for n in range(6)]


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def day_texts(day: date) -> list[str]:
    """The usual ways to write a day."""
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    return [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y年%m月%d日}",
        f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日",
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()}T00:00:00+08:00",
        f" {day.isoformat()}\xa0",
        day.isoformat().translate(WIDE),
        f"'{day.isoformat()}",
    ]


def variants(spec: ColumnSpec, value: Value, *, typed: bool) -> list[Any]:
    """Cells that mean a value and nothing else."""
    if value is None:
        return ["", " ", "\u3000"] if spec.kind is not str or spec.pattern else [""]
    if spec.may_be_month:
        spec, value = replace(spec, kind=date), date.fromisoformat(str(value))
    if isinstance(value, bool):
        yes = ["是", "yes", "TRUE", "√", "1", "Y", "是 "]
        no = ["否", "no", "false", "×", "0", "n", "\u3000否"]
        texts: list[Any] = yes if value else no
        return [*texts, value, 1 if value else 0] if typed else texts
    if isinstance(value, date):
        days: list[Any] = list(day_texts(value))
        return [*days, value, int(f"{value:%Y%m%d}")] if typed else days
    if isinstance(value, int):
        measure = spec.column.measure
        numbers: list[Any] = [
            str(value), f"{value:,}", f"{value}.0", f"00{value}", f" {value}",
            str(value).translate(WIDE), f"{value}{measure.zh if measure else ''}",
        ]  # fmt: skip
        return [*numbers, value] if typed else numbers
    if spec.terms:
        term: Term = spec.terms(value)
        label = term.label
        return [term.value, label.zh, label.en, f" {label.zh}", " ".join(label.zh),
                label.en.title()]  # fmt: skip
    texts = [value, f"{value} ", f"\t{value}", f'="{value}"', f"\xa0{value}\u3000"]
    if spec.name == "jurisdiction":
        texts += [f"{value:0<12}", value.translate(WIDE)]
        if typed:
            texts += [int(value), int(f"{value:0<12}")]
    return texts


def hopeless(spec: ColumnSpec, *, typed: bool) -> list[Any]:
    """Cells of which it cannot be told what they mean."""
    if spec.may_be_month:
        return ["1968.1", "05/06/1968", "68-9-8", "1968-02-30", "不详"]
    if spec.kind is date:
        cells: list[Any] = ["2016.09", "05/06/2016", "16-9-8", "2016-02-30", "待定"]
        return [*cells, 42641, 2016.09] if typed else cells
    if spec.kind is bool:
        return ["对", "2", "√×"]
    if spec.kind is int:
        return ["12万", "约3", "3.5", "三", "-1", "二十左右"]
    if spec.terms:
        return ["其他", "组织", "？", "县委办"]
    if spec.pattern:
        return ["P 1", "张三", "64030", "x–\u200by", "合同"]
    return ["甲\u200b乙", "\ue000", "甲\x02"]


def heading_variants(spec: ColumnSpec) -> list[str]:
    """Headings that mean a column."""
    label = spec.column.label
    middle = len(label.zh) // 2
    return [
        spec.name, label.zh, label.en, f"*{label.zh}", f"{label.zh}＊", f"{label.zh} ",
        f"{label.zh[:middle]}\n{label.zh[middle:]}", " ".join(label.zh), f"{label.zh}：",
        f"{label.zh}（必填）", f"\xa0{label.en.upper()}", *HEADINGS.get(label.zh, ()),
    ]  # fmt: skip


TITLES: tuple[list[Any], ...] = (
    ["换届工作情况统计表"],
    ["填报单位：某市委组织部", "", "2016年9月28日"],
    [],
    ["（内部资料）"],
)
FOOTNOTES = (
    ["填表人：张三", "", "审核人：李四"],
    ["注：以上数据截至9月底"],
    ["联系电话：0951-1234567"],
)


@dataclass(frozen=True)
class Decorated:
    """A file, the number of each known row in it, and the columns that were made hopeless."""

    path: Path
    rows: Sequence[int]
    spoilt: Mapping[int, str]


def _html(table: Table) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in table
    )
    return f"<html><head><meta charset=utf-8></head><body><table>{rows}</table></body></html>"


def _write(folder: Path, kind: str, table: Table) -> Path:
    if kind == "xlsx":
        return workbook(folder / "a.xlsx", {"Sheet1": table})
    path = folder / ("a.xls" if kind == "html" else "a.csv")
    text = _html(table) if kind == "html" else csv_text([[str(c) for c in row] for row in table])
    path.write_bytes(text.encode("gb18030" if kind == "gb18030" else "utf-8"))
    return path


def decorated(register: str, rows: Sequence[Row], folder: Path, dice: Random) -> Decorated:
    """The rows in a file, decorated at random."""
    kind = dice.choice(("xlsx", "xlsx", "utf-8", "gb18030", "html"))
    typed = kind == "xlsx"
    specs = list(REGISTERS[register].columns)
    dice.shuffle(specs)
    # Text columns may stand first: the example's mark and totals are looked for in any.
    columns: list[tuple[str, Callable[[int, Row], Any]]] = []
    spoilt: dict[int, str] = {}
    for spec in specs:
        heading = dice.choice(heading_variants(spec))

        def cell(number: int, row: Row, spec: ColumnSpec = spec, heading: str = heading) -> Any:
            if number not in spoilt and dice.random() < 0.02:
                spoilt[number] = heading
                return dice.choice(hopeless(spec, typed=typed))
            return dice.choice(variants(spec, row[spec.name], typed=typed))

        columns.append((heading, cell))
    extra: tuple[tuple[str, Callable[[int, Row], Any]], ...] = (
        ("序号", lambda number, _row: number + 1),
        ("备注", lambda number, _row: "补报" if number % 2 else ""),
        ("所在科室", lambda _number, _row: "干部一科"),
    )
    for one in dice.sample(extra, dice.randrange(len(extra) + 1)):
        columns.insert(0 if one[0] == "序号" else dice.randrange(len(columns) + 1), one)
    table: Table = [list(dice.choice(TITLES)) for _ in range(dice.randrange(3))]
    table.append([heading for heading, _ in columns])
    numbers: list[int] = []
    for number, row in enumerate(rows):
        if dice.random() < 0.1:
            table.append([heading for heading, _ in columns] if dice.random() < 0.5 else [])
        numbers.append(len(table) + 1)
        table.append([write(number, row) for _, write in columns])
    table += [list(one) for one in dice.sample(FOOTNOTES, dice.randrange(3))]
    width = len(columns)
    table = [[*row, *[""] * (width - len(row))] for row in table]
    return Decorated(_write(folder, kind, table), numbers, spoilt)
