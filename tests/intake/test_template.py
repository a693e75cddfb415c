"""Templates: what is written can be filled in and read back, in both languages."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schemas.registers import REGISTERS
from schemas.rules.catalogue import RULES
from schemas.text import LANGUAGES, Language
from schemas.vocabulary import STAGES, Stage
from tasks.intake import reasons as r
from tasks.intake.examples import MARK, example_row
from tasks.intake.headings import INDEX_SHEET, LISTS_SHEET
from tasks.intake.reading import read_register
from tasks.intake.refusal import Refused
from tasks.intake.template import needed_by, note, workbook_bytes, write_template
from tests.intake.files import csv_text, edited, good_row, read_book


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_template_delivers_nothing(tmp_path: Path, lang: Language) -> None:
    write_template(tmp_path / "t.xlsx", lang)
    for name in REGISTERS:
        delivery = read_register(name, tmp_path / "t.xlsx")
        assert (delivery.delivered, delivery.rejected) == (0, 0)
    with pytest.raises(Refused) as caught:
        read_book(tmp_path / "t.xlsx")
    assert caught.value.reason is r.NO_ROWS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_template_reads_back(tmp_path: Path, lang: Language) -> None:
    rows = {name: [good_row(name)] for name in REGISTERS}
    (tmp_path / "t.xlsx").write_bytes(workbook_bytes(rows, lang, example=True))
    book = read_book(tmp_path / "t.xlsx")
    assert {name: one.rows for name, one in book.items()} == rows
    assert {tuple(one.row_numbers) for one in book.values()} == {(3,)}
    assert not any(one.rejected for one in book.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_typed_under_the_example_is_taken(tmp_path: Path, lang: Language) -> None:
    write_template(tmp_path / "t.xlsx", lang, ["pledges"])
    typed = (
        b'<row r="3"><c r="A3" t="inlineStr"><is><t>p-9</t></is></c>'
        b'<c r="B3" s="%d"><v>42641</v></c></row></sheetData>'
    )
    sheet = parts(tmp_path / "t.xlsx")["xl/worksheets/sheet1.xml"]
    style = re.search(r'<c r="B2" s="(\d+)"', sheet)
    assert style
    edited(tmp_path / "t.xlsx", "xl/worksheets/sheet1.xml", b"</sheetData>", typed % int(style[1]))
    delivery = read_register("pledges", tmp_path / "t.xlsx")
    assert [str(row["signed_on"]) for row in delivery.rows] == ["2016-09-28"]
    assert delivery.delivered == 1


def test_the_example_is_left_out_in_a_csv_too(tmp_path: Path) -> None:
    for lang in LANGUAGES:
        head = [s.column.label.render(lang=lang) for s in REGISTERS["pledges"].columns]
        mark = MARK.render(lang=lang)
        table = [head, [f"{mark}p-640302-0001", "2016/9/6"], ["p-640302-0001", "2016/9/6"]]
        (tmp_path / "a.csv").write_bytes(csv_text(table).encode())
        delivery = read_register("pledges", tmp_path / "a.csv")
        assert (delivery.delivered, delivery.row_numbers) == (1, [3])


def test_a_changed_example_is_rejected_and_not_left_out(tmp_path: Path) -> None:
    table = [["人员编号", "签订日期"], [f"{MARK.zh}p-640302-0001", "2016/9/7"]]
    (tmp_path / "a.csv").write_bytes(csv_text(table).encode())
    delivery = read_register("pledges", tmp_path / "a.csv")
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (1, 0, 1)
    assert delivery.rejections[0].reason is r.EXAMPLE_ROW


def test_no_real_value_can_bear_the_examples_mark() -> None:
    for register in REGISTERS.values():
        pattern = register.columns[0].pattern
        assert pattern, register.name
        for mark in (MARK.zh, MARK.en):
            assert not re.match(pattern, f"{mark}{example_row(register)[register.columns[0].name]}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_notes_lists_and_formats(tmp_path: Path, lang: Language) -> None:
    write_template(tmp_path / "t.xlsx", lang, ["candidates", "sessions"])
    found = parts(tmp_path / "t.xlsx")
    sheet, strings = found["xl/worksheets/sheet1.xml"], found["xl/sharedStrings.xml"]
    comments = found["xl/comments1.xml"]
    for spec in REGISTERS["candidates"].columns:
        assert f">{spec.column.label.render(lang=lang)}<" in strings
        assert note(spec, lang).replace("&", "&amp;") in comments
    assert sheet.count('type="list"') == 4 + 5
    assert sheet.count('type="whole"') == 6
    # A month of birth may stand where the day is not known; a session has five days.
    assert sheet.count('type="date"') == 0
    assert found["xl/worksheets/sheet2.xml"].count('type="date"') == 5
    assert 'state="frozen"' in sheet
    assert f'name="{LISTS_SHEET}" sheetId="3" state="veryHidden"' in found["xl/workbook.xml"]
    assert '"@"' in found["xl/styles.xml"] or 'numFmtId="49"' in found["xl/styles.xml"]


def test_notes_say_what_a_clerk_must_know() -> None:
    columns = REGISTERS["candidates"].column
    assert note(columns["person"], "en").endswith("required; must exist in “roster”")
    assert note(columns["years_worked"], "zh") == "整数（年）；必填；单位：年"
    assert "may be empty" in note(REGISTERS["reviews"].column["reason"], "en")


def test_the_same_call_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, "zh")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_hostile_text_stays_text() -> None:
    hostile = ["=1+1", "http://x.example", "+1", "{=1}", "internal:A1", "'x", "1e5", "@A1"]
    rows = [good_row("roster", person=f"p-{i}", name=name) for i, name in enumerate(hostile)]
    content = workbook_bytes({"roster": rows}, "en")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_an_unknown_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        write_template(tmp_path / "t.xlsx", "zh", ["people"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_index_says_which_stage_needs_which_sheet(tmp_path: Path, lang: Language) -> None:
    write_template(tmp_path / "t.xlsx", lang)
    book = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    name = INDEX_SHEET.render(lang=lang)
    assert book.sheet_names[0] == name
    _, *rows = book.get_sheet_by_name(name).to_python()
    titles = {one.title.render(lang=lang): one for one in REGISTERS.values()}
    assert sorted(row[0] for row in rows) == sorted(titles)
    assert [titles[str(row[0])].name for row in rows[:3]] == ["jurisdictions", "units", "officers"]
    plan, election = (stage.label.render(lang=lang) for stage in (STAGES[0], STAGES[-1]))
    needed = {titles[str(row[0])].name: str(row[1]) for row in rows}
    assert plan in needed["measures"]
    assert plan not in needed["ballots"]
    assert election in needed["ballots"]
    # Those of an earlier stage stand above those of a later one.
    assert needed["measures"].startswith(plan)
    names = list(needed)
    assert names.index("measures") < names.index("reviews") < names.index("ballots")
    for name in REGISTERS:
        assert read_register(name, tmp_path / "t.xlsx").readings == []


def test_every_rule_reads_what_the_index_tells() -> None:
    stages = needed_by()
    for rule in RULES.values():
        assert all(rule.stage in stages[read.register] for read in rule.reads)
    assert sum(Stage.PLAN in one for one in stages.values()) < len(REGISTERS) // 2
