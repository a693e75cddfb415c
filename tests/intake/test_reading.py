"""Good books and submissions are taken as they are."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from schemas.registers import REGISTERS
from schemas.tables import frame_of
from tasks.intake import reasons as r
from tasks.intake.delivery import key_text
from tasks.intake.reading import read_register
from tests.intake.files import (
    F,
    book_tables,
    csv_file,
    csv_table,
    csv_text,
    edited,
    good_row,
    good_rows,
    headings,
    read_book,
    sheet_table,
    workbook,
)
from tests.support.processor import measured


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_csv_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path / "人选.csv", good_rows(), encoding=encoding)
    delivery = read_register("candidates", path)
    assert delivery.rows == good_rows()
    assert delivery.row_numbers == [2, 3, 4]
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (3, 3, 0)
    assert delivery.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (delivery.register, delivery.source) == ("candidates", "人选.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_rare_characters_of_names(tmp_path: Path, encoding: str) -> None:
    names = ["马·哈木提", "㐂㐅", "𠮷野", "\U0002ebf0\U00031350", "Nur-Eddin Yé", "（丁）一〔2〕"]
    rows = [good_row("roster", person=f"p-{i}", name=name) for i, name in enumerate(names)]
    path = csv_file(tmp_path / "a.csv", rows, "roster", encoding)
    assert read_register("roster", path).rows == rows


def test_dates_as_excel_in_china_writes_them(tmp_path: Path) -> None:
    table = csv_table(good_rows(3))
    at = headings("candidates").index("出生日期")
    for row, written in zip(table[1:], ["1968/3/12", "1968/03/12", "1968-03-12"], strict=True):
        row[at] = written
    (tmp_path / "a.csv").write_bytes(csv_text(table).encode("gb18030"))
    delivery = read_register("candidates", tmp_path / "a.csv")
    assert {row["birth_date"] for row in delivery.rows} == {"1968-03-12"}


@pytest.mark.parametrize("words", ["是 否", "yes no", "true false", "TRUE FALSE", "True False"])
def test_yes_and_no(tmp_path: Path, words: str) -> None:
    table = csv_table(good_rows(2))
    at = headings("candidates").index("是否提拔")
    table[1][at], table[2][at] = words.split()
    (tmp_path / "a.csv").write_bytes(csv_text(table).encode())
    delivery = read_register("candidates", tmp_path / "a.csv")
    assert [row["promoted"] for row in delivery.rows] == [True, False]


@pytest.mark.parametrize("written", ["county-deputy", "县处级副职", "deputy county rank"])
def test_a_term_by_its_code_or_label(tmp_path: Path, written: str) -> None:
    table = csv_table(good_rows(1))
    table[1][headings("candidates").index("现任职级")] = written
    (tmp_path / "a.csv").write_bytes(csv_text(table).encode())
    (row,) = read_register("candidates", tmp_path / "a.csv").rows
    assert row["rank"] == "county-deputy"
    assert type(row["rank"]) is str


@pytest.mark.parametrize("language", ["zh", "en", "code"])
def test_headings_in_each_language_and_any_order(tmp_path: Path, language: str) -> None:
    specs = REGISTERS["candidates"].columns
    names = {
        "zh": [spec.column.zh for spec in specs],
        "en": [spec.column.en for spec in specs],
        "code": [spec.name for spec in specs],
    }
    table = csv_table(good_rows())
    table[0] = names[language]
    turned = [list(reversed(row)) for row in table]
    (tmp_path / "a.csv").write_bytes(csv_text(turned).encode())
    delivery = read_register("candidates", tmp_path / "a.csv")
    assert [list(row.items()) for row in delivery.rows] == [list(r.items()) for r in good_rows()]
    assert list(delivery.headings.values()) == names[language]


def test_a_workbook(tmp_path: Path) -> None:
    tables = {**book_tables(), "candidates": sheet_table(good_rows())}
    path = workbook(tmp_path / "book.xlsx", tables)
    book = read_book(path)
    assert list(book) == ["jurisdictions", "units", "candidates"]
    assert book["candidates"].rows == good_rows()
    assert book["candidates"].row_numbers == [2, 3, 4]
    assert {type(row["years_worked"]) for row in book["candidates"].rows} == {int}
    assert {d.digest for d in book.values()} == {hashlib.sha256(path.read_bytes()).hexdigest()}
    assert read_register("人选", path).rows == good_rows()


def test_a_folder_is_the_same_book(tmp_path: Path) -> None:
    tables = {**book_tables(), "candidates": sheet_table(good_rows())}
    as_workbook = read_book(workbook(tmp_path / "book.xlsx", tables))
    folder = tmp_path / "book"
    folder.mkdir()
    names = {"行政区": "jurisdictions.csv", "单位": "单位.csv", "candidates": "candidates.CSV"}
    for name, table in tables.items():
        text = csv_text([["" if cell is None else str(cell) for cell in row] for row in table])
        (folder / names[name]).write_bytes(text.encode("gb18030"))
    for beside in ("README.md", ".DS_Store", "Thumbs.db", "~$book.xlsx"):
        (folder / beside).write_text("beside", encoding="utf-8")
    as_folder = read_book(folder)
    assert list(as_folder) == list(as_workbook)
    assert [d.rows for d in as_folder.values()] == [d.rows for d in as_workbook.values()]


def test_the_only_sheet_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": sheet_table(good_rows())})
    assert read_register("candidates", path).accepted == 3


def test_a_workbook_needs_no_suffix(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"人选": sheet_table(good_rows())})
    assert read_register("candidates", path.rename(tmp_path / "upload")).accepted == 3


def test_booleans_of_a_workbook(tmp_path: Path) -> None:
    table = sheet_table(good_rows(2))
    at = headings("candidates").index("是否提拔")
    table[1][at], table[2][at] = True, False
    delivery = read_register("candidates", workbook(tmp_path / "a.xlsx", {"人选": table}))
    assert [row["promoted"] for row in delivery.rows] == [True, False]


def test_empty_rows_are_nobodys_delivery(tmp_path: Path) -> None:
    first, second, third = csv_table(good_rows(2))
    blank = [""] * len(first)
    text = csv_text([first, second, blank, [], third, blank, blank])
    (tmp_path / "a.csv").write_bytes(text.encode())
    delivery = read_register("candidates", tmp_path / "a.csv")
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (2, 2, 0)
    assert delivery.row_numbers == [2, 5]
    table = sheet_table(good_rows(2))
    table.insert(2, [])
    delivery = read_register("candidates", workbook(tmp_path / "a.xlsx", {"人选": table}))
    assert (delivery.delivered, delivery.row_numbers) == (2, [2, 4])


def test_headings_alone_deliver_nothing(tmp_path: Path) -> None:
    delivery = read_register("candidates", csv_file(tmp_path / "a.csv", []))
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (0, 0, 0)


def test_a_line_break_in_quotes_does_not_move_the_row_number(tmp_path: Path) -> None:
    table = csv_table(good_rows(3))
    at = headings("candidates").index("民族")
    table[1][at], table[3][at] = "汉\n族", "汉\n族 "
    (tmp_path / "a.csv").write_bytes(csv_text(table).encode())
    delivery = read_register("candidates", tmp_path / "a.csv")
    assert [x.row for x in delivery.rejections] == [2, 4]
    assert delivery.row_numbers == [3]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, ends: str) -> None:
    text = csv_text(csv_table(good_rows())).replace("\r\n", ends)
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert read_register("candidates", tmp_path / "a.csv").accepted == 3


def test_a_withdrawal_has_the_key_alone(tmp_path: Path) -> None:
    visit = good_row("visits")
    table = [["组别", "督导日期", "行政区划代码"], [str(visit["team"]), "2016/10/11", "640302"]]
    table += [["g-1", "2016/2/30", "640302"]]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text(table).encode())
    delivery = read_register("visits", path, keys_only=True)
    assert delivery.rows == [{key: visit[key] for key in ("jurisdiction", "team", "visited_on")}]
    assert [x.reason for x in delivery.rejections] == [r.NO_SUCH_DAY]
    (row,) = delivery.rows
    assert key_text(delivery.key(row)) == "640302/g-640300-roving-1/2016-10-11"
    frame = frame_of("visits", [visit])[list(REGISTERS["visits"].key)]
    (key,) = frame.itertuples(index=False, name=None)
    assert key_text(key) == "640302/g-640300-roving-1/2016-10-11"


def test_every_register_reads_its_own_example(tmp_path: Path) -> None:
    for name, register in REGISTERS.items():
        rows = [good_row(name)]
        as_csv = read_register(name, csv_file(tmp_path / f"{name}.csv", rows, name))
        assert as_csv.rows == rows, [x.render("en") for x in as_csv.rejections]
        sheets = {register.title.zh: sheet_table(rows, name)}
        as_sheet = read_register(name, workbook(tmp_path / f"{name}.xlsx", sheets))
        assert as_sheet.rows == rows, [x.render("en") for x in as_sheet.rejections]
        frame_of(name, as_csv.rows)


def test_a_sheet_without_cell_references(tmp_path: Path) -> None:
    table: list[list[object]] = [["人员编号", "签订日期"], ["p-1", F("=TODAY()", 42641)]]
    path = workbook(tmp_path / "a.xlsx", {"承诺书": table})
    edited(path, "xl/worksheets/sheet1.xml", b' r="A2"', b"")
    edited(path, "xl/worksheets/sheet1.xml", b' r="B2"', b"")
    (rejection,) = read_register("pledges", path).rejections
    assert (rejection.row, rejection.value, rejection.reason) == (2, "=TODAY()", r.FORMULA)


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", {"承诺书": [["person", "signed_on"], ["p", date(2016, 9, 28)]]}
    )
    edited(path, "xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" ')
    (row,) = read_register("pledges", path).rows
    assert row["signed_on"] == date(2016, 9, 28) + timedelta(days=1462)


def test_200_000_rows_in_time(tmp_path: Path) -> None:
    count = 200_000
    lines = ["人员编号,签订日期", *(f"p-640302-{i:06d},2016/9/6" for i in range(count))]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    delivery, seconds = measured(lambda: read_register("pledges", path))
    assert (delivery.delivered, delivery.accepted) == (count, count)
    assert seconds < 20


def test_50_000_bad_rows_in_time(tmp_path: Path) -> None:
    count = 50_000
    lines = ["谈话批次,行政区划代码,谈话类别,责任人员编号,谈话日期"]
    lines += [f"t-{i},640302,必 谈{i},o-1,2016/9/{i}" for i in range(count)]
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(lines).encode())
    delivery, seconds = measured(lambda: read_register("talks", path))
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (count, 0, count)
    assert seconds < 5
