"""All that is wrong with a book at once: causes first, what follows counted under them."""

from pathlib import Path
from typing import Any

from tasks.intake import readings as how
from tasks.intake import reasons as r
from tasks.intake.causes import causes_of
from tasks.intake.reading import look_through
from tasks.intake.sets import check_set
from tests.intake.files import book_tables, csv_text, edited, good_row, sheet_table, workbook


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    return workbook(path, {**book_tables(), **sheets})


def test_every_sheet_and_column_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    pledges = [["人员编号", "签订"], ["p-1", "2016-09-28"]]
    roster = sheet_table([good_row("roster")], "roster")
    roster[0] = ["人员编号", "行政区划代码", "姓名", "姓名", "应谈心谈话", ""]
    doubled = sheet_table([good_row("units")], "units")
    found = look_through(book(tmp_path / "a.xlsx", 承诺书=pledges, 人员名册=roster, units=doubled))
    assert [(x.reason, x.place.sheet) for x in found.problems] == [
        (r.DUPLICATE_SHEET, "units"),
        (r.MISSING_COLUMN, "承诺书"),
        (r.DUPLICATE_COLUMN, "人员名册"),
        (r.MISSING_COLUMN, "人员名册"),
        (r.MISSING_COLUMN, "人员名册"),
    ]
    assert "nearest is “签订”" in found.problems[1].render("en")
    assert found.unread == {"pledges", "roster"}
    assert [sheet.name for sheet in found.unread_sheets] == ["units", "承诺书", "人员名册"]


def test_what_follows_from_a_row_is_counted_under_it(tmp_path: Path) -> None:
    county = good_row("jurisdictions", jurisdiction="640303")
    towns = [
        good_row("jurisdictions", jurisdiction=f"64030300{n}", level="township", parent="640303")
        for n in (1, 2)
    ]
    places = sheet_table(
        [
            good_row("jurisdictions", jurisdiction="640300", level="city", parent=None),
            good_row("jurisdictions"),
            {**county, "level": "镇长县"},
            *towns,
        ],
        "jurisdictions",
    )
    units = sheet_table(
        [
            good_row("units", unit=f"{code}-congress", jurisdiction=code)
            for code in ("640300", "640302", "640303", "640303001")
        ],
        "units",
    )
    found = look_through(workbook(tmp_path / "a.xlsx", {"行政区": places, "单位": units}))
    assert not found.problems
    checked = check_set(found.deliveries, unread=found.unread)
    assert {name: (x.accepted, x.rejected) for name, x in checked.items()} == {
        "jurisdictions": (2, 3),
        "units": (2, 2),
    }
    causes, unread = causes_of(checked.values())
    assert not unread
    (cause,) = causes
    assert [x.reason for x in cause.rejections] == [r.UNKNOWN_TERM]
    assert cause.following == {"jurisdictions": 2, "units": 2}
    (line,) = cause.lines()
    assert line.zh.endswith("；另有“行政区”2行、“单位”2行因此退回")
    assert line.en.endswith("; rejected only because of it: 2 of “jurisdictions”, 2 of “units”")


def test_a_row_that_is_wrong_itself_is_no_consequence(tmp_path: Path) -> None:
    roster = sheet_table([good_row("roster", person="P")], "roster")
    pledges = [["人员编号", "签订日期"], ["p-1", "2016-02-30"], ["p-2", "2016-09-28"]]
    checked = check_set(
        look_through(book(tmp_path / "a.xlsx", 人员名册=roster, 承诺书=pledges)).deliveries
    )
    causes, _ = causes_of(checked.values())
    assert [(x.rejections[0].row, x.rejections[0].reason) for x in causes] == [
        (2, r.BAD_ID),
        (2, r.NO_SUCH_DAY),
        (3, r.UNKNOWN_REFERENCE),
    ]
    assert not any(x.following for x in causes)


def test_a_row_with_a_fault_beside_the_one_that_follows_is_told_itself(tmp_path: Path) -> None:
    talks = sheet_table([good_row("talks", talk="t-1", kind="谈天")], "talks")
    people = [["谈话批次", "人员编号"], ["t-1", "p-9"], ["t-1", "p-1"]]
    roster = sheet_table([good_row("roster", person="p-1")], "roster")
    found = look_through(
        book(tmp_path / "a.xlsx", 谈话批次=talks, 谈话人员=people, 人员名册=roster)
    )
    causes, _ = causes_of(check_set(found.deliveries).values())
    assert [(x.rejections[0].register, x.rejections[0].row) for x in causes] == [
        ("talks", 2),
        ("talk_participants", 2),
    ]
    assert [x.reason for x in causes[1].rejections] == [r.REJECTED_REFERENCE, r.UNKNOWN_REFERENCE]
    assert causes[0].following == {"talk_participants": 1}


def test_what_refers_to_a_sheet_that_could_not_be_read_is_counted_under_it(tmp_path: Path) -> None:
    roster = [["人员编号", "姓名"], ["p-1", "丁海峰"]]
    pledges = [["人员编号", "签订日期"], ["p-1", "2016-09-28"], ["p-2", "2016-09-28"]]
    found = look_through(book(tmp_path / "a.xlsx", 人员名册=roster, 承诺书=pledges))
    checked = check_set(found.deliveries, unread=found.unread)
    causes, unread = causes_of(checked.values())
    assert not causes
    assert unread == {"roster": {"pledges": 2}}


def test_what_refers_to_a_hidden_sheet_is_counted_under_it(tmp_path: Path) -> None:
    """Unless the same register has a sheet that is not hidden."""
    roster = sheet_table([good_row("roster", person="p-1")], "roster")
    pledges = [["人员编号", "签订日期"], ["p-1", "2016-09-28"]]
    for sheets, fallen in (
        ({"人员名册": roster}, {"roster": {"pledges": 1}}),
        ({"人员名册": roster, "roster": roster}, {}),
    ):
        path = book(tmp_path / "a.xlsx", **sheets, 承诺书=pledges)
        shown = 'name="人员名册"'
        edited(path, "xl/workbook.xml", shown.encode(), f'{shown} state="hidden"'.encode())
        found = look_through(path)
        assert [x.reason for x in found.problems] == [r.HIDDEN_REGISTER]
        causes, unread = causes_of(check_set(found.deliveries, unread=found.unread).values())
        assert (causes, unread) == ([], fallen)


def test_every_file_of_a_folder_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    tables = book_tables()
    folder = tmp_path / "b"
    folder.mkdir()
    for name, content in (
        (
            "行政区.csv",
            csv_text([[str(x or "") for x in row] for row in tables["行政区"]]).encode(),
        ),
        ("单位.csv", b""),
        ("责任人员.csv", b"%PDF-1.7"),
        ("人员名册.csv", "人员编号\r\np-1\r\n".encode()),
    ):
        (folder / name).write_bytes(content)
    found = look_through(folder)
    assert {(x.reason, x.place.file) for x in found.problems} >= {
        (r.EMPTY_FILE, "单位.csv"),
        (r.NOT_A_SPREADSHEET, "责任人员.csv"),
        (r.MISSING_COLUMN, "人员名册.csv"),
    }
    assert found.unread == {"units", "officers", "roster"}
    assert list(found.deliveries) == ["jurisdictions"]


# Sheets


def test_sheets_are_known_by_alias_and_by_headings(tmp_path: Path) -> None:
    tables = book_tables()
    named = {
        "1.行政区划情况表": tables["行政区"],
        "Sheet2": tables["单位"],
        "Sheet3": [],
        "填表说明": [["一、请逐行填写"], ["二、单位为人"]],
        "附件3：承诺书": [["人员编号", "签订日期"]],
    }
    found = look_through(workbook(tmp_path / "a.xlsx", named))
    assert not found.problems
    assert list(found.deliveries) == ["jurisdictions", "units", "pledges"]
    told = [(x.sheet, x.how) for x in found.deliveries["jurisdictions"].readings]
    assert told == [
        ("1.行政区划情况表", how.SHEET_BY_NAME),
        ("Sheet2", how.SHEET_BY_HEADINGS),
        ("Sheet3", how.LEFT_OUT_SHEET),
        ("填表说明", how.LEFT_OUT_SHEET),
        ("附件3：承诺书", how.SHEET_BY_NAME),
    ]


def test_a_folder_of_files_of_every_kind_is_a_book(tmp_path: Path) -> None:
    tables = book_tables()
    folder = tmp_path / "b"
    folder.mkdir()
    workbook(folder / "01-行政区.xlsx", {"Sheet1": tables["行政区"]})
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in tables["单位"]
    )
    (folder / "单位（定稿）.xls").write_text(f"<html><table>{rows}</table></html>", "utf-8")
    found = look_through(folder)
    assert not found.problems
    assert {name: x.accepted for name, x in found.deliveries.items()} == {
        "jurisdictions": 2,
        "units": 2,
    }
