"""A coordinator's own workbook: in at the first try but for the cells that are truly wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from data.home import Home
from deployments.cli import run_command
from tasks.intake import accept
from tasks.intake import reasons as r
from tasks.intake.causes import causes_of
from tests.intake.files import workbook
from tests.support import cycle
from tests.support.keyfiles import founding_options
from tests.support.signing import confirm, founding, who

NONE: list[Any] = []


def sheets() -> dict[str, list[list[Any]]]:
    """Sheets as an organisation department has them; four cells are truly wrong."""
    return {
        "填表说明": [["一、每行填一人"], ["二、日期写到日"]],
        "行政区划": [
            ["某市行政区划情况表"],
            ["序号", "行政区划代码", "名称", "层级", "上级代码", "人口（人）", "建乡民族", "备注"],
            [1, 640300, "测试市", "市", "", "1,400,000", "", ""],
            [2, 640302000000, "清源区", "区", 640300, "３２００００", "", "市辖区"],
            [3, "640302103", "高桥镇", "镇", "640302", 21000, "", ""],
        ],
        "单位": [
            ["单位", "行政区划代码", "班子"],
            ["640302-congress", 640302, "人大"],
            ["640302103-congress", "640302103000", "人民代表大会"],
        ],
        "责任人员": [
            ["责任人员情况一览表"],
            NONE,
            ["序号", "*责任人员编号", "*姓名", "*本人人员编号", "*所属机关", "*行政区划代码"],
            [1, "o-1", "马文博 ", "p-1", "县委组织部", 640302],
            [2, "o-2", "丁海峰", "p-2", "县纪委监委", 640302],
            [3, "o-3", "王小明", "p-3", "县委", 640302],
        ],
        "人员名册": [
            ["人员\n编号", "行政区划代码", "姓名", "应签承诺书", "应谈心谈话", "应约谈", "科室"],
            ["p-1", 640302, "马文博", "√", "√", "×", "一科"],
            ["p-2", 640302, "丁海峰", "√", "√", "√", "二科"],
            ["P 3", 640302, "王小明", "√", "√", "×", "二科"],
        ],
        "承诺书": [
            ["换届纪律承诺书签订情况"],
            ["序号", "人员编号", "签订时间", "备注"],
            [1, "p-1", "2016年9月28日", ""],
            [2, "p-2", "2016.9", "补签"],
            [3, "p-3", date(2016, 9, 28), ""],
            ["填表人：张三", "", "", ""],
        ],
    }


def messy(path: Path) -> Path:
    """The workbook, with a hidden sheet of old notes."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in {**sheets(), "旧稿": [["不再使用"]]}.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell != "":
                        sheet.write(row, column, cell)
            if name == "旧稿":
                sheet.hide()
            if name == "行政区划":
                sheet.merge_range(0, 0, 0, 7, table[0][0])
    return path


def mended(path: Path, changes: dict[tuple[int, str], Any]) -> Path:
    """A quarantine workbook after somebody typed over some cells and saved it."""
    book = CalamineWorkbook.from_path(path)
    table = book.get_sheet_by_index(0).to_python()
    for (row, heading), value in changes.items():
        table[row][table[0].index(heading)] = value
    return workbook(path, {book.sheet_names[0]: table})


def test_it_goes_in_but_for_what_is_truly_wrong_and_mended_it_goes_in_whole(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    receipts = {
        one.register: one
        for one in accept.open_cycle(home, cycle.PACK, messy(tmp_path / "换届.xlsx"), founding)
    }
    assert {name: (one.accepted, one.rejected) for name, one in receipts.items()} == {
        "jurisdictions": (3, 0),
        "units": (2, 0),
        "officers": (2, 1),
        "roster": (2, 1),
        "pledges": (1, 2),
    }
    causes, _ = causes_of(one.delivery for one in receipts.values())
    assert [
        (x.rejections[0].register, x.rejections[0].column, x.rejections[0].reason) for x in causes
    ] == [
        ("officers", "*所属机关", r.TWO_READINGS),
        ("roster", "人员\n编号", r.BAD_ID),
        ("pledges", "签订时间", r.MONTH_ALONE),
        ("pledges", "人员编号", r.UNKNOWN_REFERENCE),
    ]
    entries = cycle.entries(home, "submitted")
    assert {x["register"]: x["readings"] for x in entries} == {
        name: one.readings for name, one in receipts.items()
    }
    places = receipts["jurisdictions"].delivery
    assert [row["population"] for row in places.rows] == [1_400_000, 320_000, 21_000]
    # Two sheets left out, one by its alias; a title, two columns, two headings; seven cells.
    assert receipts["jurisdictions"].readings == 3 + 5 + 7

    for name, changes in (
        ("officers", {(1, "*所属机关"): "党委"}),
        ("roster", {(1, "人员\n编号"): "p-3"}),
        ("pledges", {(1, "签订时间"): date(2016, 9, 29)}),
    ):
        back = receipts[name].quarantine
        assert back is not None
        receipt = accept.submit(home, name, mended(back, changes), who("o-1"))
        assert (receipt.rejected, receipt.accepted) == (0, receipts[name].rejected)
        if receipt.waits:
            confirm(home, receipt.waits)


def test_strict_refuses_what_was_only_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, home = messy(tmp_path / "a.xlsx"), tmp_path / "home"
    given = ["init", "--policy", cycle.PACK, "--book", str(book), "--home", str(home),
             *founding_options(tmp_path / "keys", "o-1", "o-2")]  # fmt: skip
    assert run_command([*given, "--strict"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert not Home(home).has_cycle()
    assert any("640302000000" in line and "640302" in line for line in told)
    assert all("refused by --strict" in line for line in told)
    assert run_command(given) == 2
    assert Home(home).has_cycle()


def test_a_book_that_cannot_be_opened_tells_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = sheets()
    tables["单位"][0] = ["单位", "行政区划代码", "什么班子"]
    book = workbook(tmp_path / "换届.xlsx", tables)
    home = tmp_path / "home"
    given = ["init", "--policy", cycle.PACK, "--book", str(book), "--home", str(home),
             *founding_options(tmp_path / "keys", "o-1", "o-2")]  # fmt: skip
    assert run_command(given) == 2
    told = capsys.readouterr().err.splitlines()
    assert "the column “body” is missing (the nearest is “什么班子”)" in told[0]
    assert [sum(word in line for line in told) for word in ("县委", "P 3", "2016.9")] == [1, 1, 1]
    quarantine = home / "quarantine" / "换届.xlsx"
    assert str(quarantine) in told[-1]
    assert not Home(home).has_cycle()
    names = CalamineWorkbook.from_path(quarantine).sheet_names
    assert set(names) >= {"单位", "jurisdictions", "officers", "roster", "pledges"}
