"""The quarantine workbook: the person's own cells, the wrong ones marked, and it goes in again."""

import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from schemas.text import LANGUAGES, Language
from tasks.intake import reasons as r
from tasks.intake.delivery import Delivery
from tasks.intake.quarantine import write_quarantine
from tasks.intake.reading import look_through, read_register
from tasks.intake.readings import Reading, harmless, write_readings
from tests.intake.files import F, book_tables, csv_table, csv_text, good_rows, heading, workbook

SHEET, NOTES, STYLES = "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/styles.xml"


def cells(path: Path, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python()


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def decorated(path: Path) -> Delivery:
    """Pledges with a title, a number and a remark column; rows 5 and 6 are wrong."""
    table: list[list[Any]] = [
        ["换届纪律承诺书签订情况表"],
        ["序号", "人员\n编号", "签订日期", "备注"],
        [1, "p-1", date(2016, 9, 28), ""],
        [2, "p-2", "2016年9月29日", "补签"],
        [3, "P 3", date(2016, 9, 30), "=A1"],
        [4, "p-4", F("=TODAY()", 42641), "=1+1"],
    ]
    return read_register("pledges", workbook(path, {"承诺书": table}))


def mended(path: Path, changes: Mapping[tuple[int, int], Any], to: Path) -> Path:
    """The workbook as somebody saves it who typed over some cells (row and column from 0)."""
    tables = {}
    for name in CalamineWorkbook.from_path(path).sheet_names:
        tables[name] = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    first = next(iter(tables.values()))
    for (row, column), value in changes.items():
        first[row][column] = value
    return workbook(to, tables)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rejected_rows_as_they_were_with_what_is_wrong(tmp_path: Path, lang: Language) -> None:
    delivery = decorated(tmp_path / "a.xlsx")
    assert (delivery.accepted, delivery.rejected) == (2, 2)
    write_quarantine(tmp_path / "q.xlsx", [delivery], lang)
    head, *rows = cells(tmp_path / "q.xlsx")
    ours = {"zh": ["原行号", "退回原因"], "en": ["row before", "why it came back"]}[lang]
    assert head == ["序号", "人员\n编号", "签订日期", "备注", *ours]
    assert [row[:5] for row in rows] == [
        [3, "P 3", date(2016, 9, 30), "=A1", 5],
        [4, "p-4", "=TODAY()", "=1+1", 6],
    ]
    whys = [x.why(lang) for x in delivery.rejections]
    assert [why in row[5] for why, row in zip(whys, rows, strict=True)] == [True, True]
    notes = part(tmp_path / "q.xlsx", NOTES)
    assert 'ref="B2"' in notes
    assert 'ref="C3"' in notes
    assert notes.count("<comment ") == 2
    assert "FFFFC7CE" in part(tmp_path / "q.xlsx", STYLES)
    assert "<f>" not in part(tmp_path / "q.xlsx", SHEET)


def test_mended_in_place_it_goes_in_whole(tmp_path: Path) -> None:
    delivery = decorated(tmp_path / "a.xlsx")
    write_quarantine(tmp_path / "q.xlsx", [delivery], "zh")
    again = read_register("pledges", tmp_path / "q.xlsx")
    assert [x.reason for x in delivery.rejections] == [r.BAD_ID, r.FORMULA]
    assert [x.reason for x in again.rejections] == [r.BAD_ID, r.FORMULA_TEXT]
    back = mended(
        tmp_path / "q.xlsx",
        {(1, 1): "p-3", (2, 2): date(2016, 10, 8)},
        tmp_path / "000012-承诺书.xlsx",
    )
    taken = read_register("pledges", back)
    assert taken.rows == [
        {"person": "p-3", "signed_on": date(2016, 9, 30)},
        {"person": "p-4", "signed_on": date(2016, 10, 8)},
    ]
    assert not taken.rejections


def test_a_book_that_cannot_be_opened_comes_back_whole(tmp_path: Path) -> None:
    tables = book_tables()
    tables["行政区"][1][0] = "64030"
    tables["单位"][0][2] = "班 子 名"
    book = look_through(workbook(tmp_path / "a.xlsx", tables))
    assert [x.reason for x in book.problems] == [r.MISSING_COLUMN]
    path = tmp_path / "q.xlsx"
    write_quarantine(path, book.deliveries.values(), "zh", unread=book.unread_sheets, whole=True)
    assert CalamineWorkbook.from_path(path).sheet_names == ["行政区", "单位"]
    assert len(cells(path)) == len(tables["行政区"])
    assert cells(path, 1) == tables["单位"]
    tables["行政区"][1][0], tables["单位"][0][2] = "640300", "班子"
    back = mended(path, {(1, 0): "640300"}, tmp_path / "b.xlsx")
    whole = look_through(back)
    assert [x.reason for x in whole.problems] == [r.MISSING_COLUMN]
    assert not whole.deliveries["jurisdictions"].rejections


def test_the_same_rejections_give_the_same_bytes(tmp_path: Path) -> None:
    delivery = decorated(tmp_path / "a.xlsx")
    for name in ("q.xlsx", "r.xlsx"):
        write_quarantine(tmp_path / name, [delivery], "zh")
    assert (tmp_path / "q.xlsx").read_bytes() == (tmp_path / "r.xlsx").read_bytes()


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1+1", "@SUM(A1)", "\x0b=1", "x\x1f", "\U0010ffff", "http://x.example", "x" * 40_000],
)
def test_whatever_stood_there_makes_a_workbook(tmp_path: Path, value: str) -> None:
    table = csv_table(good_rows())
    at = table[0].index(heading("candidates", "person"))
    table[2][at] = value
    (tmp_path / "a.csv").write_bytes(csv_text(table).encode("utf-8", "surrogatepass"))
    delivery = read_register("candidates", tmp_path / "a.csv")
    write_quarantine(tmp_path / "q.xlsx", [delivery], "en")
    assert "<f>" not in part(tmp_path / "q.xlsx", SHEET)
    assert "hyperlink" not in part(tmp_path / "q.xlsx", SHEET)
    again = read_register("candidates", tmp_path / "q.xlsx")
    assert (again.accepted, again.rejected) == (0, 1)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = decorated(tmp_path / "a.xlsx")

    def fail(_handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_quarantine(tmp_path / "q.xlsx", [delivery])
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


# The list of readings


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "-", "=cmd|' /C'!A"],
)
def test_no_value_of_the_list_can_become_a_formula(tmp_path: Path, value: str) -> None:
    write_readings(tmp_path / "q.csv", [Reading(value, 1, value, value, value, r.NOT_A_DATE)])
    content = (tmp_path / "q.csv").read_text("utf-8-sig").splitlines()[1]
    for cell in content.strip('"').split('","'):
        assert not cell.lstrip(" \t\r\n").startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize("value", ["-5", "-3.5", "25", "汉族", "a=b", "", "p-1 "])
def test_harmless_values_stay_as_delivered(value: str) -> None:
    assert harmless(value) == value
