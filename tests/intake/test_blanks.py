"""Cells that hold blanks and nothing else: whoever looks at the sheet sees an empty one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tasks.intake import readings
from tasks.intake import reasons as r
from tasks.intake.delivery import Delivery
from tasks.intake.mapped import look_through_mapped
from tasks.intake.mapping import read_map
from tasks.intake.reading import read_register
from tests.intake.files import csv_text, workbook
from tests.intake.own_sheets import rows_of_map, sheet_of_map

Table = list[list[Any]]
HEADINGS = ["人员编号", "签订日期"]
ROWS: list[list[Any]] = [["p-1", "2016-09-28"], ["p-2", "2016-09-29"]]
BLANKS = [" ", "\xa0", "\u3000", "\t", " \u200b"]


def written(folder: Path, kind: str, table: Table) -> Path:
    path = folder / f"a.{kind}"
    if kind == "csv":
        path.write_text(csv_text(table), encoding="utf-8", newline="")
    elif kind == "xls":
        rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in table)
        path.write_text("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    else:
        workbook(path, {"承诺书": table})
    return path


def taken(path: Path) -> tuple[list[object], list[object]]:
    delivery: Delivery = read_register("pledges", path)
    # Of what is empty nothing is told.
    assert {one.how for one in delivery.readings} <= {readings.DATE_TEXT}
    return [row["person"] for row in delivery.rows], [x.reason for x in delivery.rejections]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
@pytest.mark.parametrize("blank", BLANKS)
def test_rows_and_cells_of_blanks_are_empty(kind: str, blank: str, tmp_path: Path) -> None:
    """A row of them between the rows and below, one beside a row, and one for a heading."""
    wide = [[*HEADINGS, "", blank], [*ROWS[0], "", ""], [blank, "", blank, ""],
            [*ROWS[1], blank, blank], [blank, blank, blank, blank]]  # fmt: skip
    assert taken(written(tmp_path, kind, wide)) == (["p-1", "p-2"], [])
    beyond = [HEADINGS, ROWS[0], [*ROWS[1], "", "", blank]]
    assert taken(written(tmp_path, kind, beyond)) == (["p-1", "p-2"], [])


@pytest.mark.parametrize("blank", BLANKS)
def test_a_heading_of_blanks_names_no_column(blank: str, tmp_path: Path) -> None:
    table = [
        ["人员编号", blank, "签订日期"],
        ["p-1", "何时", "2016-09-28"],
        ["p-2", "", ROWS[1][1]],
    ]
    assert taken(written(tmp_path, "xlsx", table)) == (["p-2"], [r.BLANK_HEADING])


def test_blanks_in_a_column_of_ours_are_told(tmp_path: Path) -> None:
    """What may not be empty comes back; what may is read so, and that is listed."""
    assert taken(written(tmp_path, "csv", [HEADINGS, ["p-1", " "]])) == ([], [r.EMPTY_REQUIRED])
    table: Table = [["行政区划代码", "名称", "层级", "上级代码", "人口", "自治或建乡民族"],
             ["640300", "清宁市", "市", " ", 1, "\u3000"]]  # fmt: skip
    (reading, other) = read_register(
        "jurisdictions", workbook(tmp_path / "b.xlsx", {"行政区": table})
    ).readings
    assert (reading.how, other.how) == (readings.BLANKS, readings.BLANKS)


def mapped(
    folder: Path, table: list[list[Any]], columns: dict[str, Any], each: Any = ()
) -> Delivery:
    folder.mkdir()
    workbook(folder / "a.xlsx", {"表": table})
    given = sheet_of_map("a.xlsx", "表", [1], rows_of_map("roster", columns, each))
    (folder / "map.toml").write_text(given, encoding="utf-8")
    book = look_through_mapped(folder, read_map(folder / "map.toml"), (), None)
    return book.deliveries["roster"]


def test_blanks_are_empty_in_sheets_of_one_s_own(tmp_path: Path) -> None:
    """No row of theirs, no part of an id, and no row for each of several."""
    columns: dict[str, Any] = {
        "person": {"id": "p-{工号}"}, "name": "姓名", "jurisdiction": {"value": "640302"},
        "must_pledge": {"value": True}, "must_talk": {"value": True},
        "responsibility_talk": {"value": False},
    }  # fmt: skip
    table = [["工号", "姓名"], ["1", "马文博"], [" ", "\xa0"], ["\u3000", "丁海峰"]]
    roster = mapped(tmp_path / "a", table, columns)
    assert [row["person"] for row in roster.rows] == ["p-1"]
    assert [(x.row, x.reason) for x in roster.rejections] == [(4, r.EMPTY_REQUIRED)]
    del columns["person"], columns["name"]
    each = [
        {"person": {"id": "p-{甲号}"}, "name": "甲"},
        {"person": {"id": "p-{乙号}"}, "name": "乙"},
    ]
    two = [
        ["甲号", "甲", "乙号", "乙"],
        ["1", "马文博", "2", "丁海峰"],
        ["3", "王小平", " ", "\xa0"],
    ]
    roster = mapped(tmp_path / "b", two, columns, each)
    assert [row["person"] for row in roster.rows] == ["p-1", "p-2", "p-3"]
    assert not roster.rejections
