"""The draft of a map: what is known stands in it, what is only likely behind a `#`."""

from pathlib import Path
from typing import Any

import pytest

from deployments.cli import run_command
from deployments.exits import BAD_INPUT, DONE
from schemas.text import LANGUAGES, Language
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
