"""Readings: what was taken although it stood there in another form, and what was left out.

Rules: a reading names the cell, what stood in it, what it was read as and how; there is one for
every cell and none for what stands in its plain form. The list goes to a file beside the quarantine
in the reader's language, identity numbers masked; the ledger has their number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from data.blobs import write_durably
from schemas.identity import masked
from schemas.text import Text
from tasks.intake.refusal import visible

# How a cell was read

GUARD = Text('去掉防转换的 ="…"', 'the guard ="…" taken off')
APOSTROPHE = Text("去掉开头的单引号", "the apostrophe in front taken off")
BLANKS = Text("去掉首尾空白", "blanks around it taken off")
PRIVATE_CODES = Text("GB 18030 旧码位换为现行码位", "old private codes of GB 18030 replaced")
PADDED = Text("去掉两字之间的空格", "blanks between two characters taken out")
WIDTHS = Text("全角或形近字符换为通常字符", "full-width or look-alike characters made usual")
DATE_TEXT = Text("文本读作日期", "text read as a date")
MONTH_TEXT = Text("读作年月（日不详）", "read as a month whose day is not known")
DATE_NUMBER = Text("八位数字读作日期", "eight digits read as a date")
NUMBER_TEXT = Text("文本读作数字", "text read as a number")
CODE_NUMBER = Text("数字读作代码", "a number read as a code")
LONG_CODE = Text("十二位统计代码读作短代码", "a code of twelve digits read as the short one")
TERM = Text("按通常叫法读作可选值", "a usual name read as one of the values")
YES_NO = Text("读作是或否", "read as yes or no")
SHORT_NAME = Text("按通常简称读作全称", "a usual short name read as the full one")
MERGED_BELOW = Text("合并单元格：与上一行相同", "merged cells: the same as above")

# What a sheet, a row or a column was read as

LEFT_OUT_SHEET = Text("不是台账，未读", "no register, left out")
SHEET_BY_NAME = Text("按名称读作台账", "read as a register by its name")
SHEET_BY_HEADINGS = Text("按表头读作台账", "read as a register by its headings")
TITLE_ROW = Text("表头以上，未读", "above the headings, left out")
HEADING = Text("读作表头", "read as a heading")
IDENTITY_COLUMN = Text("核对公民身份号码，不保存", "identity numbers, checked and not kept")
FROM_IDENTITY = Text("取自公民身份号码", "taken from the identity number")
BIRTH_DIFFERS = Text(
    "请核对：与公民身份号码中的出生日期不同",
    "look again: the identity number has another birth date",
)
LEFT_OUT_COLUMN = Text("不是台账的列，未读", "no column of the register, left out")
REPEATED_HEADINGS = Text("重复的表头，未读", "headings once more, left out")
FOOTNOTE = Text("表尾附注，未读", "a note below the table, left out")
NOTHING_OF_OURS = Text("台账各列都空，未读", "every column of the register empty, left out")
UNFILLED = Text("没有填写所要的内容，未读", "nothing that was asked for filled in, left out")
UNCHANGED = Text("与记录相同，未再报送", "the same as on record, not delivered again")
SHORT_ROW = Text("行尾缺的单元格读作空", "cells left off at the end read as empty")
HIDDEN_ROWS = Text("隐藏或筛选掉的行也已读取", "hidden or filtered rows were read too")
SEPARATOR_LINE = Text("首行是分隔符说明，未读", "the first line names the separator, left out")
# What a map says, and was done so

MAPPED_HEADING = Text("按对照表读作表头", "read as a heading, as the map says")
MAPPED_VALUE = Text("按对照表换算", "put as the map says")
MAPPED_ID = Text("按对照表编号", "an id made as the map says")
FOUND = Text("按对照表查得", "looked up as the map says")
SAID_ONCE = Text("与前面的行相同，只取一次", "the same as a row above, taken once")
OF_THE_MAP = frozenset({MAPPED_HEADING, MAPPED_VALUE, MAPPED_ID, FOUND})

END_OF_FILE = Text("文件末尾的 Ctrl-Z，未读", "a Ctrl-Z at the end of the file, left out")

HEADINGS = (
    Text("工作表", "sheet"),
    Text("行", "row"),
    Text("列", "column"),
    Text("原值", "value"),
    Text("读作", "read as"),
    Text("读法", "how"),
)
_LIVE = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading; `row` is 0 and `column` empty where a sheet, or a row, as a whole is meant.

    `number` is the row's number in the delivery where that is not what the spreadsheet shows.
    """

    sheet: str
    row: int
    column: str
    value: str
    read_as: str
    how: Text
    number: int | None = None

    @property
    def of_row(self) -> int:
        """The number of the row in its delivery."""
        return self.row if self.number is None else self.number


@lru_cache(maxsize=65536)
def harmless(value: str) -> str:
    """A value as a spreadsheet may open it: visible, and text where it would be a formula."""
    text = visible(value)
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def csv_bytes(headings: Iterable[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Headings and rows as the bytes of a CSV file (UTF-8 with BOM), whose cells are harmless."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(headings)
    for row in rows:
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in row])
    return buffer.getvalue().encode("utf-8-sig", errors="backslashreplace")


def write_readings(path: Path, readings: Iterable[Reading]) -> None:
    """Write the list to `path` as CSV, in the reader's language, durably: whole or absent."""
    rows = (
        (
            masked(one.sheet),
            one.row or "",
            masked(one.column),
            masked(one.value),
            masked(one.read_as),
            one.how.render(),
        )
        for one in readings
    )
    write_durably(path, csv_bytes((heading.render() for heading in HEADINGS), rows))
