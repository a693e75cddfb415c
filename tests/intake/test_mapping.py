"""What is wrong with a map: all of it at once, each with key, value and what was expected."""

from pathlib import Path

import pytest

from schemas.text import LANGUAGES
from tasks.intake import reasons as r
from tasks.intake.mapping import read_map
from tasks.intake.refusal import Refused
from tests.intake.own_sheets import rows_of_map, sheet_of_map

ROWS = "sheets[1].rows[1]"
PERSON = f"{ROWS}.columns.person"
PLEDGES = {"person": {"id": "p-{工号}"}, "signed_on": "日期"}


def sheet(columns: object = PLEDGES, register: str = "pledges") -> str:
    assert isinstance(columns, dict)
    return sheet_of_map("a.xlsx", "Sheet1", [1], rows_of_map(register, columns))


def problems(folder: Path, text: str | bytes) -> list[Refused]:
    path = folder / "map.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Refused) as caught:
        read_map(path)
    return list(caught.value.every)


def told(folder: Path, text: str) -> list[str]:
    """What is told in Chinese, after the file's name."""
    return [one.render("zh").removeprefix("map.toml：") for one in problems(folder, text)]


def test_a_map_says_what_sheets_are(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text("﻿" + sheet() + sheet().replace("a.xlsx", "b.xlsx"), encoding="utf-8")
    found = read_map(path)
    assert [one.file for one in found.sheets] == ["a.xlsx", "b.xlsx"]
    assert found.sheets[0].headings == ["工号", "日期"]
    assert found.order == ("pledges",)


def test_titles_and_labels_name_registers_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    text = sheet({"人员编号": {"id": "p-{工号}"}, "签订日期": "日期"}, "承诺书")
    path.write_text(text, encoding="utf-8")
    assert [set(one) for one in read_map(path).sheets[0].rows[0].groups] == [
        {"person", "signed_on"}
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1", ["缺少 sheets", "没有 a 这一项"]),
        ("sheets = 3", ["sheets = 3 不是列表"]),
        ("sheets = []", ["sheets 是空的"]),
        (sheet().replace("heading_rows = [1]", "heading_rows = [0]"),
         ["sheets[1]：heading_rows = 0，至少1"]),
        (sheet().replace("heading_rows = [1]", 'heading_rows = ["1"]'),
         ['sheets[1]：heading_rows = "1" 不是整数']),
        (sheet().replace("heading_rows = [1]", "heading_rows = [1, 3]"),
         ["sheets[1].heading_rows：“[1, 3]”，应为相连的行号"]),
        (sheet().replace("file", "fiel"),
         ["sheets[1]：缺少 file", "sheets[1]：没有 fiel 这一项"]),
        (sheet(register="承诺"), [f"{ROWS}.register：“承诺”，应为台账的代码或名称"]),
        (sheet({"persn": "工号"}), [f"{ROWS}.columns.persn：“persn”，应为台账“承诺书”的列"]),
        (sheet({"person": "工号"}),
         [f"{ROWS}.columns.signed_on：应为“签订日期”的来源；该列不能为空"]),
        (sheet({**PLEDGES, "person": {"id": "p-1"}}),
         [f"{PERSON}.id：“p-1”，应为至少含一个{{表头}}的编号规则，如 p-{{工号}}"]),
        (sheet({**PLEDGES, "person": {"heading": "a", "id": "p-{工号}"}}),
         [f"{PERSON}：“a、p-{{工号}}”，应为 heading、value、id、find 四者之一"]),
        (sheet({**PLEDGES, "person": {"heading": ""}}), [f"{PERSON}：heading 是空的"]),
        (sheet({**PLEDGES, "person": 3}), [f"{ROWS}.columns：person = 3 不是表"]),
        (sheet({**PLEDGES, "person": {"find": "roster"}}),
         [f"{PERSON}.by：“roster”，应为成对的 find 和 by（按什么查找）"]),
        (sheet({**PLEDGES, "person": {"find": "reviews", "by": {"item": "a"}}}),
         [f"{PERSON}.find：“reviews”，应为主键只有一列的台账"]),
        (sheet({**PLEDGES, "person": {"id": "p-{工号}", "split": "、"}}),
         [f"{PERSON}：“、”，应为只与 heading 或 find 同用的 values、split"]),
        (sheet() + sheet(), ["sheets[2]：“a.xlsx Sheet1”，应为未写过的工作表"]),
    ],
)  # fmt: skip
def test_each_key_is_told_with_what_was_expected(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    assert told(tmp_path, text) == expected


@pytest.mark.parametrize(
    "value", ["[1]", "{a = 1}", "1.5", "nan", "08:00:00", "2016-09-01T00:00:00"]
)
def test_a_value_is_a_text_a_whole_number_a_day_or_a_yes(tmp_path: Path, value: str) -> None:
    text = sheet({**PLEDGES, "signed_on": {"value": "日"}}).replace('"日"', value)
    (line,) = told(tmp_path, text)
    assert line.startswith(f"{ROWS}.columns.signed_on.value：")
    assert line.endswith("不符合此列的规定（文本、整数、日期或 true、false）")


def test_the_rows_that_a_row_gives_are_counted_from_one(tmp_path: Path) -> None:
    """In the first nothing is wrong; of two columns that are split it is told where they are."""
    good = {"item": {"value": "archive"}, "asked_on": "日期", "result": "结果"}
    given = {"candidate": {"id": "c-{工号}"}, "organ": {"value": "organisation-department"}}
    several = {**good, "result": {"heading": "结果", "split": "、"},
               "document": {"heading": "文号", "split": "、"}}  # fmt: skip
    each = [good, {"item": "项目", "anything": "日期"}, {**good, "result": {"value": "好"}}]
    rows = rows_of_map("reviews", given, each)
    found = told(tmp_path, sheet_of_map("a.xlsx", "S", [1], rows))
    paths = [f"{ROWS}.each[2].anything", f"{ROWS}.each[3].result.value"]
    assert [one.split("：")[0] for one in found] == paths
    rows = rows_of_map("reviews", given, [good, {"asked_on": "日期"}, several])
    assert told(tmp_path, sheet_of_map("a.xlsx", "S", [1], rows)) == [
        f"{ROWS}.each[2].item：应为“审核项目”的来源；该列不能为空",
        f"{ROWS}.each[3]：“split”，应为至多一列拆分",
    ]


def test_a_value_that_its_column_does_not_take(tmp_path: Path) -> None:
    columns = {
        "person": "工号",
        "jurisdiction": {"value": "清源区"},
        "name": "姓名",
        "must_pledge": {"value": "也许"},
        "must_talk": {"heading": "谈话", "values": {"要": "要的"}},
        "responsibility_talk": {"value": False},
    }
    found = told(tmp_path, sheet(columns, "roster"))
    assert [one.split("：")[0].removeprefix(f"{ROWS}.columns.") for one in found] == [
        "jurisdiction.value", "must_pledge.value", "must_talk.values.要"
    ]  # fmt: skip
    assert all("的值；" in one for one in found)


def test_all_that_is_wrong_is_told_at_once_in_both_languages(tmp_path: Path) -> None:
    text = sheet({"persn": "a"}) + sheet(register="x").replace("file", "fiel")
    found = problems(tmp_path, text)
    assert len(found) == 4
    for lang in LANGUAGES:
        lines = [one.render(lang) for one in found]
        assert all("map.toml" in line for line in lines)
        assert "persn" in lines[0]


def test_registers_are_not_looked_up_in_a_circle(tmp_path: Path) -> None:
    columns = {
        "jurisdiction": "代码", "name": "名称", "level": "层级", "population": "人口",
        "parent": {"find": "jurisdictions", "by": {"name": "上级"}},
    }  # fmt: skip
    (line,) = told(tmp_path, sheet(columns, "jurisdictions"))
    assert line == "find：“jurisdictions”，应为不循环的查找（行政区 → 行政区）"


@pytest.mark.parametrize("day", ["2016-09-16", "2016-09-16T08:00:00", "08:00:00"])
def test_a_day_in_the_wrong_place_is_told(tmp_path: Path, day: str) -> None:
    lines = told(tmp_path, sheet() + f"seen = {day}\n[[sheet]]\nread = {{on = {day}}}\n")
    said = f'{ROWS}.columns：seen = "{day.replace("T", " ")}" 不是表'
    assert lines == [said, "没有 sheet 这一项"]


def test_what_is_no_toml(tmp_path: Path) -> None:
    assert [one.reason for one in problems(tmp_path, "a = ")] == [r.MAP_NOT_TOML]
    assert [one.reason for one in problems(tmp_path, b"\xff\xfe")] == [r.MAP_NOT_TOML]
    assert [one.reason for one in problems(tmp_path, b"")] == [r.EMPTY_FILE]
