"""People's own sheets by a map: wide ones, lists of names, ids by rule or look-up, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.blobs import BlobStore
from data.home import Home
from data.verify import verify
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, CLOSED, DONE
from schemas.canonical import canonical
from schemas.registers import REGISTERS
from tasks.intake import accept, readings
from tasks.intake import reasons as r
from tasks.intake.causes import causes_of
from tasks.intake.characters import problem
from tasks.intake.delivery import Delivery
from tasks.intake.inbox_folder import inbox_of, take_inbox
from tasks.intake.made_rows import OF_SEVERAL
from tasks.intake.mapped import look_through_mapped
from tasks.intake.mapping import read_map
from tasks.intake.origins import returned_name
from tasks.intake.quarantine import write_quarantine
from tasks.intake.reading import Book
from tasks.intake.readings import write_readings
from tests.intake.files import F, book_tables, good_row, sheet_table, workbook
from tests.intake.own_sheets import rows_of_map, sheet_of_map
from tests.support import cycle
from tests.support.keyfiles import acting, founding_options
from tests.support.signing import confirm, who

Table = Sequence[Sequence[Any]]
Files = dict[str, Table]
DAY = date(2016, 9, 16)
ROSTER = {
    "person": {"id": "p-{工号}"},
    "jurisdiction": {"find": "jurisdictions", "by": {"name": "单位"}},
    "name": "姓名",
    "must_pledge": {"value": True},
    "must_talk": {"heading": "谈话", "values": {"要": "是", "": "否"}},
    "responsibility_talk": {"value": False},
}
PEOPLE: list[list[Any]] = [
    ["换届工作人员名单"],
    ["序号", "姓名", "工号", "身份证号码", "单位", "谈话"],
    [1, "马文博", 1001, "64030219700101001X", "清源区", "要"],
    [2, "丁海峰", "１００２", "640302198001010028", "清源区", ""],
    [3, "马文博", "a103", "640302199001010036", "清源区", "要"],
]


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield


def folder(path: Path, files: Mapping[str, Table], *sheets: str) -> Path:
    """People's sheets and their map, beside the least book."""
    path.mkdir(exist_ok=True)
    for name, table in files.items():
        workbook(path / name, {"Sheet1": table})
    tables = book_tables()
    tables["行政区"][1][1] = "固海市"
    workbook(path / "换届数据.xlsx", tables)
    (path / "map.toml").write_text("\n".join(sheets), encoding="utf-8")
    return path


def read(path: Path) -> Book:
    return look_through_mapped(path, read_map(path / "map.toml"), (), None)


def roster_sheet(**more: Any) -> str:
    return sheet_of_map("名单.xlsx", "Sheet1", [2], rows_of_map("roster", ROSTER), **more)


def why(delivery: Delivery) -> list[tuple[int, str, Any]]:
    return [(one.row, one.column, one.reason) for one in delivery.rejections]


def test_ids_by_rule_names_of_places_and_words_that_the_map_explains(tmp_path: Path) -> None:
    book = read(folder(tmp_path / "f", {"名单.xlsx": PEOPLE}, roster_sheet(ignore=["序号"])))
    assert not book.problems
    roster = book.deliveries["roster"]
    assert [(x["person"], x["jurisdiction"], x["name"], x["must_talk"]) for x in roster.rows] == [
        ("p-1001", "640302", "马文博", True),
        ("p-1002", "640302", "丁海峰", False),
        ("p-a103", "640302", "马文博", True),
    ]
    told = [(one.row, one.column, one.value, one.read_as) for one in roster.readings]
    assert (4, "工号", "１００２", "p-1002") in told
    assert (5, "谈话", "要", "是") in told
    assert (2, "身份证号码", "身份证号码", "") in told
    assert not any(one[1] == "序号" for one in told)


PLEDGES: list[list[Any]] = [
    ["身份证", "日期"],
    ["64030219700101001x", DAY],
    ["640302198001010028", DAY],
    ["640302198001010099", DAY],
]


def pledge_sheet(**by: str) -> str:
    columns = {"person": {"find": "roster", "by": by}, "signed_on": "日期"}
    return sheet_of_map("承诺.xlsx", "Sheet1", [1], rows_of_map("pledges", columns))


def test_a_person_is_looked_up_by_the_id_number_of_another_sheet(tmp_path: Path) -> None:
    files: Files = {"名单.xlsx": PEOPLE, "承诺.xlsx": PLEDGES}
    book = read(folder(tmp_path / "f", files, pledge_sheet(身份证号码="身份证"), roster_sheet()))
    pledges = book.deliveries["pledges"]
    assert [row["person"] for row in pledges.rows] == ["p-1001", "p-1002"]
    assert why(pledges) == [(4, "身份证", r.NOT_FOUND_IN)]
    # Neither what is told nor the list of readings has an ID number whole.
    assert "0099" not in pledges.rejections[0].render("zh")
    write_readings(tmp_path / "readings.csv", pledges.readings)
    listed = (tmp_path / "readings.csv").read_text("utf-8-sig")
    assert "640302************" in listed
    assert "0028" not in listed


def test_an_identity_number_gives_the_birth_date_and_comes_back_to_be_mended(
    tmp_path: Path,
) -> None:
    """11010519491231002X is the example of GB 11643; of the others the check digit is wrong."""
    row = {name: {"value": one} for name, one in good_row().items() if one is not None}
    columns = row | {"candidate": "编号", "birth_date": "身份证号码"}
    numbers = ["１１０１０５19491231002x", "110105194912310021", "", "1949-12-31"]
    table = [["编号", "身份证号码", "备注"],
             *([f"c-{n}", one, f"见{one}"] for n, one in enumerate(numbers))]  # fmt: skip
    sheet = sheet_of_map("人选.xlsx", "Sheet1", [1], rows_of_map("candidates", columns))
    path = folder(tmp_path / "f", {"人选.xlsx": table}, sheet)
    given = read(path).deliveries["candidates"]
    assert [(one["candidate"], one["birth_date"]) for one in given.rows] == [("c-0", "1949-12-31")]
    assert why(given) == [
        (3, "身份证号码", r.WRONG_IDENTITY), (4, "身份证号码", r.EMPTY_REQUIRED),
        (5, "身份证号码", r.WRONG_IDENTITY),
    ]  # fmt: skip
    write_quarantine(tmp_path / "q.xlsx", [given], "zh")
    back = CalamineWorkbook.from_path(tmp_path / "q.xlsx").get_sheet_by_index(0).to_python()
    assert back[1][:3] == ["c-1", "110105194912310021", "见110105************"]


@pytest.mark.parametrize("written", [
    "64030219700101001x", " 64030219700101001X\xa0", "６４０３０２１９７００１０１００１Ｘ",
    "'64030219700101001X", '="64030219700101001X"', "640302 19700101 001X",
    "\u300064030219700101001ｘ",
])  # fmt: skip
def test_an_id_number_is_the_same_however_it_is_written(tmp_path: Path, written: str) -> None:
    for first, second in ((written, "64030219700101001X"), ("64030219700101001X", written)):
        people = [list(row) for row in PEOPLE]
        people[2][3] = first
        files: Files = {"名单.xlsx": people, "承诺.xlsx": [["身份证", "日期"], [second, DAY]]}
        sheets = (pledge_sheet(身份证号码="身份证"), roster_sheet())
        book = read(folder(tmp_path / f"f{len(first)}{first == written}", files, *sheets))
        assert [row["person"] for row in book.deliveries["pledges"].rows] == ["p-1001"]


def test_a_number_of_which_the_last_digits_are_gone_is_nobody_s(tmp_path: Path) -> None:
    """Excel keeps fifteen digits: 640302198001010028 typed as a number is many people's."""
    people = [list(row) for row in PEOPLE]
    people[2][3], people[3][3] = 640302197001010000.0, "6.40302E+17"
    table: Table = [["身份证", "日期"], [640302197001010000.0, DAY], ["64030219700101001x", DAY],
                    ["6.40302E+17", DAY]]  # fmt: skip
    files: Files = {"名单.xlsx": people, "承诺.xlsx": table}
    book = read(folder(tmp_path / "f", files, pledge_sheet(身份证号码="身份证"), roster_sheet()))
    pledges = book.deliveries["pledges"]
    assert pledges.rows == []
    assert why(pledges) == [
        (2, "身份证", r.NUMBER_IN_TEXT), (3, "身份证", r.NOT_FOUND_IN),
        (4, "身份证", r.NUMBER_IN_TEXT),
    ]  # fmt: skip


def test_two_people_with_one_name_are_asked_about_and_never_guessed(tmp_path: Path) -> None:
    table: Table = [["姓名", "单位", "日期"], ["马文博", "清源区", DAY], ["丁海峰", "640302", DAY],
             ["丁海峰", "固海市", DAY]]  # fmt: skip
    sheet = pledge_sheet(name="姓名", jurisdiction="单位")
    files: Files = {"名单.xlsx": PEOPLE, "承诺.xlsx": table}
    path = folder(tmp_path / "f", files, roster_sheet(), sheet)
    pledges = read(path).deliveries["pledges"]
    assert [row["person"] for row in pledges.rows] == ["p-1002"]
    assert why(pledges) == [
        (2, "姓名 + 单位", r.SEVERAL_FOUND), (4, "姓名 + 单位", r.NOT_FOUND_IN)
    ]  # fmt: skip
    assert "p-1001、p-a103" in pledges.rejections[0].render("zh")
    # The map answers.
    said = sheet.replace("by =", 'values = {"马文博 清源区" = "p-a103"}, by =')
    again = read(folder(tmp_path / "f", files, roster_sheet(), said)).deliveries["pledges"]
    assert [row["person"] for row in again.rows] == ["p-a103", "p-1002"]


ITEMS = ("archive", "declaration", "organs-heard")
WIDE: list[list[Any]] = [
    ["六个“凡提必”情况"],
    ["人选", "档案", "", "个人事项", "", "听取意见", ""],
    ["", "征求", "结果", "征求", "结果", "征求", "结果"],
    ["c-1", DAY, "未发现影响", DAY, "查清并有结论", "", ""],
    ["c-2", DAY, "未发现影响", DAY, "不知道", DAY, "未发现影响"],
]


def test_a_wide_sheet_gives_a_row_for_each_review(tmp_path: Path) -> None:
    """One row a person, columns by review; a review that was not asked for is no row."""
    organs = ("organisation-department", "organisation-department", "discipline-commission")
    each = [
        {"item": {"value": item}, "organ": {"value": organ}, "asked_on": f"{word}/征求",
         "result": f"{word}/结果"}
        for item, organ, word in zip(ITEMS, organs, ("档案", "个人事项", "听取意见"), strict=True)
    ]  # fmt: skip
    rows = rows_of_map("reviews", {"candidate": "人选"}, each)
    path = folder(tmp_path / "f", {}, sheet_of_map("审核.xlsx", "Sheet1", [2, 3], rows))
    import xlsxwriter

    with xlsxwriter.Workbook(path / "审核.xlsx") as book:
        sheet, day = book.add_worksheet("Sheet1"), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, cells in enumerate(WIDE):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif cell:
                    sheet.write(number, column, cell)
        for column in (1, 3, 5):
            sheet.merge_range(1, column, 1, column + 1, WIDE[1][column])
        sheet.merge_range(1, 0, 2, 0, "人选")
    reviews = read(path).deliveries["reviews"]
    assert why(reviews) == [(5, "个人事项/结果", r.UNKNOWN_TERM)]
    assert [(row["candidate"], row["item"], row["asked_on"]) for row in reviews.rows] == [
        ("c-1", "archive", DAY), ("c-1", "declaration", DAY), ("c-2", "archive", DAY),
        ("c-2", "organs-heard", DAY),
    ]  # fmt: skip


def test_a_review_that_was_asked_for_and_not_answered_is_a_row(tmp_path: Path) -> None:
    """One filled cell of those that belong to a review alone makes it one."""
    table: Table = [["人选", "档案征求", "档案结果", "听取意见征求", "听取意见结果"],
             ["c-1", DAY, "", "", ""], ["c-2", "", "未发现影响", "", ""]]  # fmt: skip
    each = [
        {"item": {"value": item}, "organ": {"value": "organisation-department"},
         "asked_on": f"{word}征求", "result": f"{word}结果"}
        for item, word in (("archive", "档案"), ("organs-heard", "听取意见"))
    ]  # fmt: skip
    sheet = sheet_of_map(
        "审核.xlsx", "Sheet1", [1], rows_of_map("reviews", {"candidate": "人选"}, each)
    )
    reviews = read(folder(tmp_path / "f", {"审核.xlsx": table}, sheet)).deliveries["reviews"]
    assert [(x["candidate"], x["item"], x["result"]) for x in reviews.rows] == [
        ("c-1", "archive", None)
    ]  # fmt: skip
    assert why(reviews) == [(3, "档案征求", r.EMPTY_REQUIRED)]


def test_half_of_what_something_is_looked_up_by_finds_nothing(tmp_path: Path) -> None:
    """A unit by place and body: one alone names none, and is told; neither is an empty cell."""
    columns: dict[str, Any] = {
        "unit": {"find": "units", "by": {"jurisdiction": "所在地", "body": "班子"}},
        "kind": {"value": "work-plan"}, "document": "文号", "issued_by": {"value": "secretary"},
        "issued_on": {"value": DAY},
    }  # fmt: skip
    table: Table = [["所在地", "班子", "文号"], ["清源区", "人大", "清发〔2016〕1号"],
             ["清源区", "", "清发〔2016〕2号"], ["", "人大", "清发〔2016〕3号"],
             ["", "", "清发〔2016〕4号"]]  # fmt: skip
    sheet = sheet_of_map("文件.xlsx", "Sheet1", [1], rows_of_map("documents", columns))
    documents = read(folder(tmp_path / "f", {"文件.xlsx": table}, sheet)).deliveries["documents"]
    assert [row["unit"] for row in documents.rows] == ["640302-congress"]
    assert [(row, reason) for row, _, reason in why(documents)] == [
        (3, r.NOT_FOUND_IN), (4, r.NOT_FOUND_IN), (5, r.EMPTY_REQUIRED)
    ]  # fmt: skip


def test_a_candidate_is_found_by_the_name_that_the_roster_has(tmp_path: Path) -> None:
    candidates = {
        spec.name: {"value": value}
        for spec in REGISTERS["candidates"].columns
        if (value := good_row("candidates")[spec.name]) is not None
    }
    candidates |= {"candidate": {"id": "c-{工号}"}, "person": {"id": "p-{工号}"}}
    review = {
        "candidate": {"find": "candidates", "by": {"person": "人选"}}, "asked_on": {"value": DAY},
        "item": {"value": "archive"}, "organ": {"value": "organisation-department"},
    }  # fmt: skip
    files: Files = {"名单.xlsx": PEOPLE, "审核.xlsx": [["人选"], ["丁海峰"], ["马文博"]]}
    book = read(folder(
        tmp_path / "f", files,
        sheet_of_map("审核.xlsx", "Sheet1", [1], rows_of_map("reviews", review)),
        roster_sheet() + rows_of_map("candidates", candidates),
    ))  # fmt: skip
    reviews = book.deliveries["reviews"]
    assert [row["candidate"] for row in reviews.rows] == ["c-1002"]
    assert why(reviews) == [(3, "人选", r.SEVERAL_FOUND)]


def test_a_list_of_names_in_one_cell(tmp_path: Path) -> None:
    table: Table = [["批次", "参加人员"], ["1", "丁海峰、马文博"], [2, "丁海峰"], [3, ""]]
    talk = {"talk": {"id": "t-{批次}"},
            "person": {"find": "roster", "by": {"name": "参加人员"}, "split": "、，"}}  # fmt: skip
    sheet = sheet_of_map("谈话.xlsx", "Sheet1", [1], rows_of_map("talk_participants", talk))
    files: Files = {"名单.xlsx": PEOPLE, "谈话.xlsx": table}
    found = read(folder(tmp_path / "f", files, sheet, roster_sheet())).deliveries
    participants = found["talk_participants"]
    assert [(x["talk"], x["person"]) for x in participants.rows] == [
        ("t-1", "p-1002"), ("t-2", "p-1002")
    ]  # fmt: skip
    assert why(participants) == [(2, "参加人员", OF_SEVERAL)]
    # Of two names in the cell it is said which is meant.
    assert "其中“马文博”：在台账“人员名册”中有几行都符合" in participants.rejections[0].render("zh")


def test_one_name_alone_is_not_told_apart_in_its_cell(tmp_path: Path) -> None:
    """And a cell from which nothing can be made is wrong by itself, wherever it stands."""
    table: Table = [["批次", "参加人员", "单位"], ["1", "马文博", "清源区"],
                    ["2", F("=A1"), "清源区"], ["3", "丁海峰", "清源区"]]  # fmt: skip
    by = {"name": "参加人员", "jurisdiction": "单位"}
    talk = {"talk": {"id": "t-{批次}"}, "person": {"find": "roster", "by": by, "split": "、"}}
    sheet = sheet_of_map("谈话.xlsx", "Sheet1", [1], rows_of_map("talk_participants", talk))
    files: Files = {"名单.xlsx": PEOPLE, "谈话.xlsx": table}
    found = read(folder(tmp_path / "f", files, sheet, roster_sheet())).deliveries
    participants = found["talk_participants"]
    assert [row["person"] for row in participants.rows] == ["p-1002"]
    assert [(row, reason) for row, _, reason in why(participants)] == [
        (2, r.SEVERAL_FOUND), (3, r.FORMULA)
    ]  # fmt: skip


def test_rows_by_a_map_keep_the_rules_of_their_register(tmp_path: Path) -> None:
    """What breaks them is told; of a total only that it is one."""
    table = [*PEOPLE[:3], [2, "马" * 500, 1002, "", "清源区", "要"], ["合计", "", 2, "", "", ""],
             [3, "王小平", 1003, "", "清源区", "要"]]  # fmt: skip
    roster = read(folder(tmp_path / "f", {"名单.xlsx": table}, roster_sheet())).deliveries["roster"]
    assert [row["person"] for row in roster.rows] == ["p-1001", "p-1003"]
    assert why(roster) == [(4, "姓名", r.TOO_LONG), (5, "序号", r.TOTAL_ROW)]


def test_a_text_for_a_day_is_told_in_a_workbook_and_not_in_a_csv(tmp_path: Path) -> None:
    """In a CSV there is nothing but text; a value that the map gives is nobody's cell."""
    columns = {"person": {"id": "p-{工号}"}, "signed_on": "日期"}
    given = {"person": {"id": "p-{工号}"}, "signed_on": {"value": date(2016, 9, 1)}}
    for kind, told in (("xlsx", [readings.DATE_TEXT]), ("csv", [])):
        table: Table = [["工号", "日期"], ["7", "2016-09-01"]]
        path = tmp_path / kind
        path.mkdir()
        if kind == "csv":
            (path / "a.csv").write_text("工号,日期\n7,2016-09-01\n", encoding="utf-8")
        else:
            workbook(path / "a.xlsx", {"表": table})
        place = "" if kind == "csv" else "表"
        for one, expected in ((columns, told), (given, [])):
            text = sheet_of_map(f"a.{kind}", place, [1], rows_of_map("pledges", one))
            (path / "map.toml").write_text(text, encoding="utf-8")
            pledges = read(path).deliveries["pledges"]
            assert [str(row["signed_on"]) for row in pledges.rows] == ["2016-09-01"]
            hows = [x.how for x in pledges.readings if x.row > 1]
            assert [how for how in hows if how != readings.MAPPED_ID] == expected


def test_what_a_cell_means_that_is_left_off_is_told(tmp_path: Path) -> None:
    """The last cell of a line of a CSV, for which the map has a meaning."""
    columns = {**ROSTER, "responsibility_talk": {"heading": "约谈", "values": {"": "否"}}}
    (tmp_path / "a.csv").write_text(
        "姓名,工号,单位,谈话,约谈\n马文博,1,640302,要\n", encoding="utf-8"
    )
    columns["jurisdiction"] = "单位"
    text = sheet_of_map("a.csv", "", [1], rows_of_map("roster", columns))
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    roster = read(tmp_path).deliveries["roster"]
    assert [row["responsibility_talk"] for row in roster.rows] == [False]
    assert [(x.value, x.read_as) for x in roster.readings if x.column == "约谈" and x.row == 2] == [
        ("", "否")
    ]  # fmt: skip


def test_what_is_wrong_with_a_cell_of_a_wide_sheet_is_told_once(tmp_path: Path) -> None:
    """A name stands once in the row, however many rows of the register are made of it."""
    items = ("archive", "reports", "audit")
    each = [{"item": {"value": one}, "result": f"结果{n}"} for n, one in enumerate(items)]
    given = {"candidate": {"find": "roster", "by": {"name": "姓名"}}, "asked_on": {"value": DAY},
             "organ": {"value": "organisation-department"}}  # fmt: skip
    table: Table = [["姓名", "结果0", "结果1", "结果2"], ["无此人", *["无需"] * 3],
                    ["丁海峰", "好", "无需", "好"]]  # fmt: skip
    sheet = sheet_of_map("审核.xlsx", "Sheet1", [1], rows_of_map("reviews", given, each))
    files: Files = {"名单.xlsx": PEOPLE, "审核.xlsx": table}
    reviews = read(folder(tmp_path / "f", files, sheet, roster_sheet())).deliveries["reviews"]
    assert (reviews.accepted, reviews.rejected) == (1, 5)
    causes, _ = causes_of([reviews])
    told = [(one.rejections[0].row, one.rejections[0].column) for one in causes]
    assert told == [(2, "姓名"), (3, "结果0"), (3, "结果2")]


def test_merged_cells_mean_the_same_below_only_where_the_map_says_so(tmp_path: Path) -> None:
    import xlsxwriter

    path = folder(tmp_path / "f", {}, roster_sheet())
    with xlsxwriter.Workbook(path / "名单.xlsx") as book:
        sheet = book.add_worksheet("Sheet1")
        for number, cells in enumerate(PEOPLE):
            for column, cell in enumerate(cells):
                sheet.write(number, column, cell)
        sheet.merge_range(2, 4, 4, 4, "清源区")
    assert why(read(path).deliveries["roster"]) == [(n, "单位", r.MERGED_CELLS) for n in (3, 4, 5)]
    (path / "map.toml").write_text(roster_sheet(same_below=["单位"]), encoding="utf-8")
    assert read(path).deliveries["roster"].accepted == 3


def test_what_a_total_and_a_title_say_is_nobody_s_row(tmp_path: Path) -> None:
    table = [*PEOPLE, ["", "合计", 3, "", "", ""], ["填表人：张三"], ["", "", "", "", "", ""]]
    roster = read(folder(tmp_path / "f", {"名单.xlsx": table}, roster_sheet())).deliveries["roster"]
    assert roster.accepted == 3
    assert [(row, reason) for row, _, reason in why(roster)] == [(6, r.TOTAL_ROW)]


def merged_sheet(
    path: Path, table: Table, *blocks: tuple[int, int, int, int], hidden: Sequence[int] = (3,)
) -> None:
    """The list of names with merged cells, by row and column from 0; hidden rows too."""
    import xlsxwriter

    with xlsxwriter.Workbook(path / "名单.xlsx") as book:
        sheet = book.add_worksheet("Sheet1")
        for number, cells in enumerate(table):
            for column, cell in enumerate(cells):
                sheet.write(number, column, cell)
        for top, left, bottom, right in blocks:
            sheet.merge_range(top, left, bottom, right, table[top][left])
        for number in hidden:
            sheet.set_row(number, None, None, {"hidden": True})


def test_a_sheet_as_people_leave_it_is_read_whole_and_all_of_it_is_told(tmp_path: Path) -> None:
    """A title over the table, two lines of remarks, the headings again, a hidden row."""
    table = [
        ["换届工作人员名单"], *PEOPLE[1:], PEOPLE[1], ["", "", "", "", "", "", "另有一人待定"],
        ["填表人：张三", "审核人：李四"],
    ]  # fmt: skip
    path = folder(tmp_path / "f", {}, roster_sheet(ignore=["序号", "身份证号码"]))
    # The title, the serial numbers and the numbers that nobody reads are merged.
    merged_sheet(path, table, (0, 0, 0, 5), (2, 0, 4, 0), (3, 3, 4, 3))
    roster = read(path).deliveries["roster"]
    assert (roster.accepted, roster.rejected) == (3, 0)
    told = [(one.row, one.value, one.how) for one in roster.readings]
    left = {readings.TITLE_ROW, readings.REPEATED_HEADINGS, readings.NOTHING_OF_OURS,
            readings.FOOTNOTE, readings.HIDDEN_ROWS, readings.LEFT_OUT_COLUMN}  # fmt: skip
    assert [one for one in told if one[2] in left] == [
        (1, "换届工作人员名单", readings.TITLE_ROW),
        (6, "序号 姓名 工号 身份证号码 单位 谈话", readings.REPEATED_HEADINGS),
        (7, "另有一人待定", readings.NOTHING_OF_OURS),
        (8, "填表人：张三 审核人：李四", readings.FOOTNOTE),
        (4, "1", readings.HIDDEN_ROWS),
    ]


def test_what_is_told_of_a_sheet_does_not_go_with_a_rejected_row(tmp_path: Path) -> None:
    table = [*PEOPLE[:2], [1, "马文博", "", "", "清源区", "要"], *PEOPLE[3:], PEOPLE[1],
             ["", "", "", "", "", "", "待定"]]  # fmt: skip
    path = folder(tmp_path / "f", {}, roster_sheet(same_below=["单位"]))
    merged_sheet(path, table, (3, 4, 4, 4))
    roster = read(path).deliveries["roster"]
    assert why(roster) == [(3, "工号", r.EMPTY_REQUIRED)]
    # Whether the map rejects it, or what it is held against afterwards.
    first, *_ = roster.rows
    later = roster.rejection(first, 1, ("name",), problem(r.RULE, rule=""))
    for delivery in (roster, roster.without([later])):
        told = [one.how for one in delivery.readings]
        assert {readings.TITLE_ROW, readings.REPEATED_HEADINGS, readings.NOTHING_OF_OURS,
                readings.HIDDEN_ROWS, readings.LEFT_OUT_COLUMN, readings.MAPPED_HEADING,
                readings.MERGED_BELOW} <= set(told)  # fmt: skip


def test_hidden_rows_are_told_at_the_first(tmp_path: Path) -> None:
    path = folder(tmp_path / "f", {}, roster_sheet())
    merged_sheet(path, PEOPLE, hidden=(3, 4))
    told = read(path).deliveries["roster"].readings
    assert [(x.row, x.value) for x in told if x.how == readings.HIDDEN_ROWS] == [(4, "2")]


def test_a_heading_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    table: Table = [PEOPLE[0], ["姓名", "工号", "姓 名", "单位", "谈话"],
                    ["马文博", 1001, "马文博", "清源区", "要"]]  # fmt: skip
    (problem,) = read(folder(tmp_path / "f", {"名单.xlsx": table}, roster_sheet())).problems
    assert problem.reason is r.DUPLICATE_COLUMN
    assert "A列和C列" in problem.render("zh")


def test_rows_of_headings_of_a_csv_need_not_be_equally_long(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("人员,签订,\n工号\n7,2016-09-01\n", encoding="utf-8")
    columns = {"person": {"id": "p-{人员/工号}"}, "signed_on": "签订"}
    text = sheet_of_map("a.csv", "", [1, 2], rows_of_map("pledges", columns))
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    assert [row["person"] for row in read(tmp_path).deliveries["pledges"].rows] == ["p-7"]


def test_a_heading_that_is_merged_beyond_the_last_cell(tmp_path: Path) -> None:
    """In the last column nothing stands, and the rows are as long as what stands in them."""
    table: Table = [PEOPLE[0], ["姓名", "工号", "单位", "谈话", "备注"],
                    ["马文博", 1001, "清源区", "要"]]  # fmt: skip
    path = folder(tmp_path / "f", {}, roster_sheet())
    merged_sheet(path, table, (1, 4, 1, 5))
    assert [row["person"] for row in read(path).deliveries["roster"].rows] == ["p-1001"]


def test_the_last_of_two_rows_of_headings_may_stand_once_more(tmp_path: Path) -> None:
    """As at the top of a printed page."""
    columns = {"person": {"id": "p-{人员/工号}"}, "signed_on": "日期"}
    head = [["人员", "日期"], ["工号", ""]]
    table: Table = [*head, ["1", DAY], head[1], ["2", DAY]]
    sheet = sheet_of_map("承诺.xlsx", "Sheet1", [1, 2], rows_of_map("pledges", columns))
    pledges = read(folder(tmp_path / "f", {"承诺.xlsx": table}, sheet)).deliveries["pledges"]
    assert [row["person"] for row in pledges.rows] == ["p-1", "p-2"]
    assert not pledges.rejections
    assert [x.row for x in pledges.readings if x.how == readings.REPEATED_HEADINGS] == [4]


def test_merged_cells_are_wrong_at_the_first_column_that_is_read(tmp_path: Path) -> None:
    """What is merged across a column that is read and one that is not does not tell the rows."""
    path = folder(tmp_path / "f", {}, roster_sheet(same_below=["单位"]))
    merged_sheet(path, PEOPLE, (2, 3, 3, 4))
    assert why(read(path).deliveries["roster"]) == [
        (3, "单位", r.MERGED_CELLS), (4, "单位", r.MERGED_CELLS)
    ]  # fmt: skip


def test_what_is_merged_below_is_told_for_each_row_that_it_fills(tmp_path: Path) -> None:
    """The last column, of which the rows below are shorter; and the first."""
    table = [PEOPLE[0], ["单位", "姓名", "工号", "谈话"],
             ["清源区", "马文博", 1001, "要"], ["", "丁海峰", 1002],
             ["", "王小平", 1003]]  # fmt: skip
    path = folder(tmp_path / "f", {}, roster_sheet(same_below=["单位", "谈话"]))
    merged_sheet(path, table, (2, 0, 4, 0), (2, 3, 3, 3))
    roster = read(path).deliveries["roster"]
    assert [(x["jurisdiction"], x["must_talk"]) for x in roster.rows] == [
        ("640302", True), ("640302", True), ("640302", False)
    ]  # fmt: skip
    filled = [(one.row, one.column, one.read_as) for one in roster.readings
              if one.how == readings.MERGED_BELOW]  # fmt: skip
    assert filled == [(4, "单位", "清源区"), (5, "单位", "清源区"), (4, "谈话", "要")]


@pytest.mark.parametrize(
    ("number", "reason"), [("", r.EMPTY_REQUIRED), (None, r.EMPTY_REQUIRED), ("（待定）", r.BAD_ID)]
)
def test_an_id_of_which_a_part_is_missing_is_no_id(
    number: Any, reason: Any, tmp_path: Path
) -> None:
    """Of two parts one alone makes no id, nor do none."""
    columns = {**ROSTER, "person": {"id": "p-{部门}-{工号}"}}
    table = [["姓名", "部门", "工号", "单位", "谈话"], ["马文博", "zz", number, "清源区", "要"],
             ["丁海峰", "zz", 7, "清源区", ""]]  # fmt: skip
    sheet = sheet_of_map("名单.xlsx", "Sheet1", [1], rows_of_map("roster", columns))
    roster = read(folder(tmp_path / "f", {"名单.xlsx": table}, sheet)).deliveries["roster"]
    assert [row["person"] for row in roster.rows] == ["p-zz-7"]
    assert [(row, why_not) for row, _, why_not in why(roster)] == [(2, reason)]


def test_two_sheets_to_one_register_and_a_row_that_is_said_twice(tmp_path: Path) -> None:
    more = [PEOPLE[0], PEOPLE[1], PEOPLE[2], [9, "石秀琳", 1009, "", "固海市", ""]]
    files: Files = {"名单.xlsx": PEOPLE, "补充.xlsx": more}
    second = roster_sheet().replace("名单.xlsx", "补充.xlsx")
    roster = read(folder(tmp_path / "f", files, roster_sheet(), second)).deliveries["roster"]
    assert [row["person"] for row in roster.rows] == ["p-1001", "p-1002", "p-a103", "p-1009"]
    assert not roster.rejections
    more[2] = [1, "马文波", 1001, "", "清源区", "要"]
    path = folder(tmp_path / "f", files, roster_sheet(), second)
    from tasks.intake.sets import check_set

    checked = check_set(read(path).deliveries)["roster"]
    assert [(one.sheet, one.row) for one in checked.rejections] == [
        ("名单.xlsx Sheet1", 3), ("补充.xlsx Sheet1", 3)
    ]  # fmt: skip
    assert "“补充.xlsx Sheet1”，第3行" in checked.rejections[0].render("zh")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{工号}", "{职工号}", r.MAP_HEADING),
        ('name = "姓名"', 'name = "姓 名字"', r.MAP_HEADING),
        ('"Sheet1"', '"Sheet2"', r.MAP_NO_SHEET),
        ("名单.xlsx", "花名单.xlsx", r.MAP_NO_FILE),
    ],
)
def test_what_the_map_names_must_be_there(tmp_path: Path, old: str, new: str, reason: Any) -> None:
    path = folder(tmp_path / "f", {"名单.xlsx": PEOPLE}, roster_sheet().replace(old, new))
    book = read(path)
    assert [one.reason for one in book.problems] == [reason]
    assert "roster" in book.unread


# On record


FOUNDERS = [
    {"officer": "o-1", "name": "马文博", "person": "p-1001", "organ": "organisation-department",
     "jurisdiction": "640302"},
    {"officer": "o-2", "name": "丁海峰", "person": "p-1002", "organ": "secretary",
     "jurisdiction": "640302"},
]  # fmt: skip


def opened(
    path: Path, tmp_path: Path, *options: str, founders: Sequence[str] = (), home: str = "home"
) -> int:
    """Open a cycle; the officers who found it have a workbook of their own, unless it has them."""
    if path.is_dir() and not founders:
        workbook(path / "责任人员.xlsx", {"责任人员": sheet_table(FOUNDERS, "officers")})
    given = ["init", "--policy", cycle.PACK, "--book", path, "--map", path / "map.toml",
             "--home", tmp_path / home, *options,
             *founding_options(tmp_path / "keys", *(founders or ("o-1", "o-2")))]  # fmt: skip
    return run_command([str(one) for one in given])


def mended(path: Path, sheet: str, row: int, heading: str, value: Any) -> Path:
    """A quarantine workbook after somebody typed over a cell and saved it."""
    book = CalamineWorkbook.from_path(path)
    tables = {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }
    head = next(cells for cells in tables[sheet] if heading in cells)
    tables[sheet][row - 1][head.index(heading)] = value
    return workbook(path, tables)


def test_rejected_rows_come_back_as_they_were_and_go_in_mended_in_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [*PEOPLE, [4, "王小明", "王4", "640302197501010044", "清源区", ""]]
    table = [*PLEDGES[:3], ["640302197501010044", DAY]]
    officers = {
        "officer": {"id": "o-{工号}"}, "person": {"id": "p-{工号}"}, "name": "姓名",
        "organ": {"heading": "谈话",
                  "values": {"要": "organisation-department", "": "secretary"}},
        "jurisdiction": {"value": "640302"},
    }  # fmt: skip
    sheet = roster_sheet() + rows_of_map("officers", officers)
    files: Files = {"名单.xlsx": wrong, "承诺.xlsx": table}
    path = folder(tmp_path / "f", files, sheet, pledge_sheet(身份证号码="身份证"))
    home = Home(tmp_path / "home")
    assert opened(path, tmp_path, founders=("o-1001", "o-1002")) == BAD_INPUT
    told = "".join(capsys.readouterr().out.split())
    assert "名单.xlsxSheet1”，第6行，“工号”列，值“王4”" in told
    entries = {one["register"]: one for one in cycle.entries(home, "submitted")}
    assert {name: (one["accepted"], one["rejected"]) for name, one in entries.items()} == {
        "jurisdictions": (2, 0), "units": (2, 0), "officers": (3, 1), "roster": (3, 1),
        "pledges": (2, 1),
    }  # fmt: skip
    content = (path / "map.toml").read_bytes()
    assert {BlobStore(home.blobs).get(one["mapping"]) for one in entries.values()} == {content}
    (back,) = home.quarantine.glob("*.xlsx")
    first, second = returned_name("名单.xlsx", "Sheet1"), returned_name("承诺.xlsx", "Sheet1")
    book = CalamineWorkbook.from_path(back)
    assert book.sheet_names == [first, second]
    rows = book.get_sheet_by_name(first).to_python(skip_empty_area=False)
    assert rows[1][:6] == PEOPLE[1]
    assert rows[2][:7] == [*wrong[-1], 6]
    assert len(rows) == 3
    assert book.get_sheet_by_name(second).to_python()[1][0] == "640302197501010044"
    mended(back, first, 3, "工号", "1004")
    given = ["submit", back, "--map", path / "map.toml", "--home", home.path,
             *acting(tmp_path / "keys", "o-1001")]  # fmt: skip
    assert run_command([str(one) for one in given]) == CLOSED
    confirm(home, cycle.entries(home, "proposed")[-1]["seq"])
    last = cycle.entries(home, "submitted")[-3:]
    assert [(one["register"], one["accepted"]) for one in last] == [
        ("officers", 1), ("roster", 1), ("pledges", 1)
    ]  # fmt: skip
    assert verify(home)[1] is None


def test_identity_numbers_that_a_map_finds_nobody_by_come_back_masked(tmp_path: Path) -> None:
    wrong = [*PEOPLE, [4, "王小明", "王4", "640302197501010044", "清源区", ""]]
    path = folder(tmp_path / "f", {"名单.xlsx": wrong}, roster_sheet())
    assert opened(path, tmp_path) == BAD_INPUT
    (back,) = Home(tmp_path / "home").quarantine.glob("*.xlsx")
    (row,) = CalamineWorkbook.from_path(back).get_sheet_by_index(0).to_python()[1:]
    assert row[1:4] == ["王小明", "王4", "640302************"]


def test_a_book_that_cannot_be_opened_comes_back_whole_and_goes_in_mended(tmp_path: Path) -> None:
    """Sheets of one's own and registers in one workbook, to be read by the map once more."""
    path = folder(tmp_path / "f", {"名单.xlsx": PEOPLE}, roster_sheet())
    tables = book_tables()
    tables["行政区"][1][1] = "固海市"
    tables["单位"] = [["单位", "行政区划代码", "什么班子"], *tables["单位"][1:]]
    workbook(path / "换届数据.xlsx", tables)
    assert opened(path, tmp_path) == BAD_INPUT
    assert not Home(tmp_path / "home").has_cycle()
    back = tmp_path / "home" / "quarantine" / "f.xlsx"
    names = CalamineWorkbook.from_path(back).sheet_names
    assert set(names) == {"行政区", returned_name("名单.xlsx", "Sheet1"), "单位", "责任人员"}
    mended(back, "单位", 1, "什么班子", "班子")
    given = ["init", "--policy", cycle.PACK, "--book", back, "--map", path / "map.toml",
             "--home", tmp_path / "home",
             *founding_options(tmp_path / "keys", "o-1", "o-2")]  # fmt: skip
    assert run_command([str(one) for one in given]) == DONE
    entries = cycle.entries(Home(tmp_path / "home"), "submitted")
    assert {one["register"]: one["accepted"] for one in entries} == {
        "jurisdictions": 2, "units": 2, "officers": 2, "roster": 3
    }  # fmt: skip


def test_nothing_of_people_s_data_is_in_the_ledger(tmp_path: Path) -> None:
    files: Files = {"名单.xlsx": PEOPLE, "承诺.xlsx": PLEDGES[:3]}
    path = folder(tmp_path / "f", files, roster_sheet(), pledge_sheet(身份证号码="身份证"))
    assert opened(path, tmp_path) == DONE
    ledger = b"".join(one.read_bytes() for one in tmp_path.glob("home/ledger*"))
    for personal in ("640302198001010028", "丁海峰", "身份证"):
        assert personal.encode() not in ledger


def test_a_file_alone_asks_for_no_other_that_it_needs_not(tmp_path: Path) -> None:
    """Neither one that is gone, nor one that is no spreadsheet."""
    files: Files = {"名单.xlsx": PEOPLE[:4], "承诺.xlsx": PLEDGES[:3]}
    path = folder(tmp_path / "f", files, roster_sheet(), pledge_sheet(身份证号码="身份证"))
    given = read_map(path / "map.toml")
    other = path / "承诺.xlsx"
    other.write_bytes(b"%PDF-1.4")
    for gone in (False, True):
        if gone:
            other.unlink()
        book = look_through_mapped(path / "名单.xlsx", given, (), None)
        assert not book.problems
        assert set(book.deliveries) == {"roster"}


def test_whoever_is_on_record_is_found_there(tmp_path: Path) -> None:
    path = folder(tmp_path / "f", {"名单.xlsx": PEOPLE[:4]}, roster_sheet())
    home = Home(tmp_path / "home")
    opened(path, tmp_path)
    table: Table = [["姓名", "日期"], ["丁海峰", DAY], ["马文博", DAY]]
    later = folder(tmp_path / "later", {"承诺.xlsx": table}, pledge_sheet(name="姓名"))
    (receipt,) = accept.submit_file(
        home, later / "承诺.xlsx", who("o-1"), mapping=read_map(later / "map.toml")
    )
    assert [row["person"] for row in receipt.delivery.rows] == ["p-1002", "p-1001"]


def test_strict_takes_what_the_map_says_and_refuses_what_is_only_read(tmp_path: Path) -> None:
    table = [PEOPLE[1], ["", "马文博", "1001", "", "清源区", "要"]]
    sheet = roster_sheet(ignore=["序号", "身份证号码"]).replace("[2]", "[1]")
    path = folder(tmp_path / "f", {"名单.xlsx": table}, sheet)
    assert opened(path, tmp_path, "--strict") == DONE
    other = folder(tmp_path / "g", {"名单.xlsx": table}, sheet.replace('"身份证号码"', '"无"'))
    assert opened(other, tmp_path, "--strict", home="home2") == BAD_INPUT


def test_a_map_is_for_files_of_people_s_own(tmp_path: Path) -> None:
    path = folder(tmp_path / "f", {"名单.xlsx": PEOPLE}, roster_sheet())
    given = ["submit", "roster", path / "名单.xlsx", "--map", path / "map.toml", "--as", "o-1"]
    assert run_command([str(one) for one in given]) == BAD_INPUT


def sign_mapped(home: Home, path: Path, own: Path) -> None:
    """Sign a file that is read by a map, beside it."""
    payload = accept.try_out(home, None, path, "o-1", mapping=read_map(own)).to_sign
    path.with_name(f"{path.name}.sig").write_bytes(canonical(who("o-1").seal(payload)))


def test_a_map_named_after_a_dropped_file_reads_it(tmp_path: Path) -> None:
    path = folder(tmp_path / "f", {"名单.xlsx": PEOPLE[:4]}, roster_sheet())
    home = Home(tmp_path / "home")
    opened(path, tmp_path)
    dropped = inbox_of(home) / "o-1"
    dropped.mkdir(parents=True)
    (dropped / "名单.map.toml").write_bytes((path / "map.toml").read_bytes())
    wrong = [*PEOPLE[:4], [3, "王小明", "王", "", "清源区", "要"]]
    workbook(dropped / "名单.xlsx", {"Sheet1": wrong})
    sign_mapped(home, dropped / "名单.xlsx", path / "map.toml")
    (taken,) = take_inbox(home)
    assert (taken.accepted, taken.rejected) == (2, 1)
    assert (dropped / "名单.map.toml").is_file()
    (back,) = home.quarantine.glob("*-名单.xlsx")
    mended(back, returned_name("名单.xlsx", "Sheet1"), 3, "工号", "1005").rename(
        dropped / back.name
    )
    sign_mapped(home, dropped / back.name, path / "map.toml")
    (again,) = take_inbox(home)
    assert (again.accepted, again.rejected) == (1, 0)
