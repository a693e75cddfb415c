"""The draft of a map: what is known stands in it, what is only likely behind a `#`."""

from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from deployments.cli import run_command
from deployments.exits import BAD_INPUT, DONE
from schemas.text import LANGUAGES, Language
from schemas.vocabulary import MeasureKind
from tasks.intake.mapped import look_through_mapped
from tasks.intake.mapping import read_map
from tasks.intake.refusal import Refused
from tasks.intake.suggesting import draft
from tests.intake.files import book_tables, csv_text, workbook

NAMES: list[list[Any]] = [
    ["某县换届责任人员名单"],
    ["序号", "姓名", "工号", "所属机关", "所在地"],
    [1, "马文博", 1001, "县委组织部", "清源区"],
    [2, "丁海峰", 1002, "组干部", "清源区"],
]


def made(folder: Path) -> Path:
    workbook(folder / "责任人员名单.xlsx", {"Sheet1": NAMES})
    tables = book_tables()
    tables["行政区"][1][1] = "固海市"
    workbook(folder / "换届数据.xlsx", tables)
    (folder / "杂项.csv").write_text(csv_text([["甲", "乙"], ["1", "2"]]), encoding="utf-8")
    (folder / "说明.docx").write_bytes(b"PK")
    return folder


def test_what_is_known_is_applied_and_what_is_likely_stands_behind_a_mark(tmp_path: Path) -> None:
    text, sheets = draft(made(tmp_path), "zh")
    lines = text.splitlines()
    assert sheets == 2
    # A book needs no map.
    assert "换届数据" not in text
    assert 'file = "责任人员名单.xlsx"' in lines
    assert "heading_rows = [2]" in lines
    assert 'ignore = ["序号"]' in lines
    assert 'register = "officers"' in lines
    assert 'name = "姓名"  # 姓名' in lines
    assert 'organ = "所属机关"  # 所属机关' in lines
    assert any(line.startswith('# officer = {id = "o-{工号}"}') for line in lines)
    place = '# jurisdiction = {find = "jurisdictions", by = {name = "所在地"}}'
    assert any(line.startswith(place) for line in lines)
    # A word that is not known, with what is most alike.
    assert any('values = {"组干部" = "组织部"}' in line and line[0] == "#" for line in lines)


def test_a_draft_is_applied_only_once_somebody_completed_it(tmp_path: Path) -> None:
    text, _ = draft(made(tmp_path), "zh")
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_map(path)
    told = [one.render("zh") for one in caught.value.every]
    assert any("officer" in line and "责任人员编号" in line for line in told)
    # Of a sheet that may be any register nothing is applied.
    assert not any("sheets[2]" in line for line in told)
    # What is behind the marks is a map.
    first = text.split("[[sheets]]")[2]
    wanted = ("# officer", "# person", "# jurisdiction", "# organ")
    lines = [one.removeprefix("# ") if one.startswith(wanted) else one
             for one in first.splitlines() if not one.startswith("organ")]  # fmt: skip
    path.write_text("\n".join(["[[sheets]]", *lines]), encoding="utf-8")
    book = look_through_mapped(tmp_path, read_map(path), (), None)
    rows = book.deliveries["officers"].rows
    assert [(row["officer"], row["organ"]) for row in rows] == [
        ("o-1001", "organisation-department"), ("o-1002", "organisation-department")
    ]  # fmt: skip


def wide(path: Path, head: list[list[str]], rows: list[list[Any]], *spans: tuple[int, str]) -> None:
    """A sheet whose first row of headings spans two columns each."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, row in enumerate([*head, *rows]):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
        for column, text in spans:
            sheet.merge_range(0, column, 0, column + 1, text)


def drafted(folder: Path) -> list[str]:
    return [line.strip() for line in draft(folder, "zh")[0].splitlines()]


SIX = [["姓名"], ["", "征求日期", "审核结果", "征求日期", "审核结果", "备注"]]
SAID = [["马文博", "2016-09-05", "未发现影响", "2016-09-06", "无需", ""],
        ["丁海峰", "2016-09-07", "无需", "", "", ""]]  # fmt: skip


def test_a_sheet_with_columns_by_review_gives_a_row_for_each(tmp_path: Path) -> None:
    """No name of ours on file or sheet: the reviews above the headings say what it is."""
    wide(tmp_path / "a.xlsx", SIX, SAID, (1, "档案必审"), (3, "信访举报必查"))
    assert [one for one in drafted(tmp_path) if "item" in one] == [
        '{item = {value = "archive"}, asked_on = "档案必审/征求日期", '
        'result = "档案必审/审核结果"},  # 档案必审',
        '{item = {value = "reports"}, asked_on = "信访举报必查/征求日期", '
        'result = "信访举报必查/审核结果"},  # 举报必查',
    ]
    text = draft(tmp_path, "zh")[0]
    assert 'register = "reviews"' in text
    assert "heading_rows = [1, 2]" in text
    # What the draft has no answer for, somebody writes.
    text += 'candidate = {heading = "姓名", values = {"马文博" = "c-1", "丁海峰" = "c-2"}}\n'
    text += 'organ = {value = "discipline-commission"}\n'
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    given = look_through_mapped(tmp_path, read_map(tmp_path / "map.toml"), (), None)
    rows = given.deliveries["reviews"].rows
    assert [(x["candidate"], x["item"], str(x["asked_on"]), x["result"]) for x in rows] == [
        ("c-1", "archive", "2016-09-05", "clear"),
        ("c-1", "reports", "2016-09-06", "not-required"),
        ("c-2", "archive", "2016-09-07", "not-required"),
    ]


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        # Where a word is alike alone, or the cells must tell what is said, it is a suggestion.
        ("举报必查审核结果", '{item = {value = "reports"}, result = "举报必查审核结果"},'),
        ("举报必查结果", '# {item = {value = "reports"}, result = "举报必查结果"},'),
        ("举报必查", '# {item = {value = "reports"}, result = "举报必查"},'),
    ],
)
def test_a_term_in_front_of_a_heading_or_alone(tmp_path: Path, heading: str, line: str) -> None:
    head = ["姓名", "档案必审审核结果", heading]
    wide(tmp_path / "凡提四必.xlsx", [head], [["马文博", "无需", "未发现影响"]])
    assert [one.partition("  #")[0] for one in drafted(tmp_path) if "item" in one] == [
        '{item = {value = "archive"}, result = "档案必审审核结果"},', line
    ]  # fmt: skip


def test_a_term_alone_above_days_has_the_only_column_of_days(tmp_path: Path) -> None:
    terms = [one.label.zh for one in MeasureKind][:2]
    rows = [["清源区", "2016-08-16", "2016-08-18"]]
    wide(tmp_path / "部署步骤.xlsx", [["单位", *terms]], rows)
    assert [one.partition("  #")[0] for one in drafted(tmp_path) if "kind" in one] == [
        f'# {{kind = {{value = "{kind.value}"}}, held_on = "{kind.label.zh}"}},'
        for kind in [*MeasureKind][:2]
    ]


def test_a_heading_of_which_the_upper_half_alone_is_alike_is_none_of_a_term(tmp_path: Path) -> None:
    head = ["姓名", "档案必审/审核结果", "举报必查/审核结果", "经济责任审/电话号码"]
    wide(tmp_path / "六项审核.xlsx", [head], [["马文博", "无需", "无需", "7"]])
    lines = drafted(tmp_path)
    assert len([one for one in lines if "item = {value" in one]) == 2
    assert "# 未用的表头：姓名、经济责任审/电话号码" in lines


def test_a_term_alone_whose_cells_tell_nothing_asks_for_the_column(tmp_path: Path) -> None:
    wide(tmp_path / "凡提必审.xlsx", [["姓名", "档案必审", "举报必查"]], [["马文博", "好", "好"]])
    assert '# {item = {value = "archive"}, "?" = "档案必审"},  # 档案必审' in drafted(tmp_path)


@pytest.mark.parametrize(
    "head",
    [
        ["姓名", "档案必审审核结果"],
        ["姓名", "档案必审审核结果", "档案必审审核结果", "举报必查审核结果"],
        ["姓名", "审核项目", "档案必审审核结果", "举报必查审核结果"],
    ],
)
def test_what_is_not_plainly_wide_is_no_such_sheet(tmp_path: Path, head: list[str]) -> None:
    """One group alone, one twice, or a column that says which of them a row is."""
    wide(tmp_path / "六项审核.xlsx", [head], [["马文博", *["无需"] * (len(head) - 1)]])
    assert "each = [" not in drafted(tmp_path)


@pytest.mark.parametrize(
    ("names", "mark"),
    [
        (["马文博、丁海峰", "王小明"], "、"),
        (["马文博，丁海峰；", "买买提·吐尔逊"], "，；"),
        (["马文博", "丁海峰"], ""),
        (["马文博、3人", "丁海峰"], ""),
    ],
)
def test_several_names_in_one_cell(tmp_path: Path, names: list[str], mark: str) -> None:
    wide(tmp_path / "人员名册.xlsx", [["姓名", "单位"]], [[one, "清源区"] for one in names])
    wide(tmp_path / "纪律承诺书.xlsx", [["姓名", "签订日期"]], [[x, "2016-09-01"] for x in names])
    lines = [one.partition("  #")[0] for one in drafted(tmp_path)]
    split = f', split = "{mark}"' if mark else ""
    found = [one for one in lines if one.startswith('# name = {heading = "姓名", split')]
    assert found == ([f'# name = {{heading = "姓名"{split}}}'] if mark else [])
    assert f'# person = {{find = "roster", by = {{name = "姓名"}}{split}}}' in lines


def test_a_birth_date_may_come_from_the_identity_number(tmp_path: Path) -> None:
    wide(tmp_path / "人选.xlsx", [["人选编号", "姓名", "身份证号"]], [["c-1", "马文博", ""]])
    lines = [one.partition("  #")[0] for one in drafted(tmp_path)]
    assert '# birth_date = "身份证号"' in lines


def test_the_registers_that_a_sheet_is_most_alike_to(tmp_path: Path) -> None:
    """By the file's name where the sheet's says nothing, and by headings; none where nothing is."""
    wide(tmp_path / "承诺.xlsx", [["身份证号码", "签订日期"]], [["", "2016-09-01"]])
    wide(tmp_path / "杂.xlsx", [["观看人数", "甲"]], [["1", "乙"]])
    wide(tmp_path / "物.xlsx", [["甲", "乙"]], [["丙", "丁"]])
    told = [one for one in drafted(tmp_path) if "不知道是哪个台账" in one]
    assert "最接近的：承诺书 (pledges)" in told[0]
    assert "最接近的：观看警示片 (screenings)" in told[1]
    assert told[2].endswith("：？")


def test_several_terms_in_one_cell(tmp_path: Path) -> None:
    head, rows = ["责任人员编号", "姓名", "所属机关"], [["o-1", "马文博", "组织部、县纪委"]]
    wide(tmp_path / "责任人员.xlsx", [head], rows)
    assert any(one.startswith('# organ = {heading = "所属机关", split = "、"}')
               for one in drafted(tmp_path))  # fmt: skip


def test_what_is_alike_to_the_same_degree_is_all_suggested(tmp_path: Path) -> None:
    """上级 and 代码 are each half of 上级代码; which is meant, somebody says."""
    wide(
        tmp_path / "行政区.xlsx",
        [["代码", "名称", "层级", "上级"]],
        [["640302", "清源区", "县", ""]],
    )
    lines = [one.partition("  #")[0] for one in drafted(tmp_path)]
    assert [one for one in lines if one.startswith("# parent")] == [
        '# parent = "代码"', '# parent = "上级"'
    ]  # fmt: skip


def test_a_draft_in_english_has_no_chinese_signs(tmp_path: Path) -> None:
    wide(tmp_path / "roster.xlsx", [["one", "two", "name"]], [["a", "b", "c"]])
    wide(tmp_path / "b.xlsx", [["three", "four"]], [["a", "b"]])
    assert not set("、；，。") & set(draft(tmp_path, "en")[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_is_in_the_reader_s_language(tmp_path: Path, lang: Language) -> None:
    text, _ = draft(made(tmp_path), lang)
    assert ("A map:" in text) is (lang == "en")
    assert ("对照表：" in text) is (lang == "zh")


def test_the_command_writes_no_map_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path)
    assert run_command(["map", str(tmp_path), "--json"]) == DONE
    assert '"sheets": 2' in capsys.readouterr().out
    assert run_command(["map", str(tmp_path)]) == BAD_INPUT
    assert run_command(["map", str(tmp_path), str(tmp_path / "other.toml")]) == DONE
    assert run_command(["map", str(tmp_path / "nowhere")]) == BAD_INPUT
