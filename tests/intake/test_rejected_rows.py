"""Bad cells and rows: each comes back with its row, column, value and reason."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from schemas.text import LANGUAGES, Text
from tasks.intake import reasons as r
from tasks.intake.delivery import Delivery
from tasks.intake.reading import read_register
from tests.intake.files import (
    F,
    csv_table,
    csv_text,
    edited,
    good_row,
    good_rows,
    heading,
    headings,
    sheet_table,
    workbook,
)


def the_rejection(delivery: Delivery, column: str, value: str, reason: Text, says: str) -> None:
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (3, 2, 1)
    assert [row["candidate"] for row in delivery.rows] == ["c-640302-0001", "c-640302-0003"]
    (rejection,) = delivery.rejections
    assert rejection.row == 3
    assert rejection.column == (heading("candidates", column) if column else "")
    assert rejection.value == value
    assert rejection.reason is reason
    for lang in LANGUAGES:
        line = rejection.render(lang)
        assert "\n" not in line
        assert "{" not in line
    assert says in rejection.render("en")


CSV_CELLS: list[tuple[str, str, str, Text, str]] = [
    ("empty though required", "rank", "", r.EMPTY_REQUIRED, "must not be empty"),
    ("text in a number", "years_worked", "很多", r.NOT_A_NUMBER, "whole number"),
    ("a fraction", "years_worked", "3.5", r.NOT_WHOLE, "whole number"),
    ("an exponent", "years_worked", "1e3", r.NOT_A_NUMBER, "whole number"),
    ("another unit of measure", "years_worked", "25个月", r.NUMBER_UNIT, "number 25"),
    ("ten thousands", "years_worked", "1.2万", r.NUMBER_UNIT, "number 12000"),
    ("negative", "years_worked", "-5", r.TOO_SMALL, "at least 0"),
    ("too large", "years_worked", "100000001", r.TOO_BIG, "at most 100000000"),
    ("absurdly large", "years_worked", "9" * 5000, r.TOO_BIG, "at most 100000000"),
    ("other digits", "years_worked", "٢٥", r.NOT_A_NUMBER, "whole number"),
    ("31 February", "birth_date", "1968-02-31", r.NO_SUCH_DAY, "no such day"),
    ("29 February of no leap year", "birth_date", "1967/2/29", r.NO_SUCH_DAY, "no such day"),
    ("an Excel serial date", "birth_date", "42641", r.SERIAL_DATE, "looks like 2016-09-28"),
    ("day before year", "birth_date", "28/9/2016", r.DATE_FORM, "as 2016-09-28"),
    ("day or month before year", "birth_date", "5/9/2016", r.TWO_READINGS, "2016-05-09, 2016-09"),
    ("a year of two digits", "birth_date", "68-9-28", r.TWO_READINGS, "1968-09-28"),
    ("a month that lost its zero", "birth_date", "1968.1", r.TWO_READINGS, "1968-01, 1968-10"),
    ("a time of day", "birth_date", "1968-03-12 08:30", r.TIME_OF_DAY, "date alone"),
    ("year 0201", "birth_date", "0201-03-12", r.YEAR_RANGE, "between 1900 and 2099"),
    ("a term that is none", "rank", "县处级", r.UNKNOWN_TERM, "nearest is “县处级"),
    ("neither yes nor no", "promoted", "对", r.NOT_YES_NO, "expected “yes” or “no”"),
    ("an id in capitals", "person", "P-640302-0001", r.BAD_ID, "lower-case"),
    ("an id with an underscore", "person", "p_640302", r.BAD_ID, "lower-case"),
    ("an id too long", "person", "p" * 65, r.BAD_ID, "lower-case"),
    ("a short code", "home_division", "64030", r.BAD_ID, "six-digit"),
    ("nothing but a space", "ethnicity", " ", r.EMPTY_REQUIRED, "must not be empty"),
    ("an ideographic space", "ethnicity", "维吾尔\u3000族", r.ODD_SPACE, "U+3000"),
    ("a line break", "ethnicity", "汉\n族", r.LINE_BREAK, "line break"),
    ("a zero-width space", "person", "p-640302\u200b-0001", r.INVISIBLE, "U+200B"),
    ("a mark of direction", "ethnicity", "\u202e汉族", r.INVISIBLE, "U+202E"),
    ("a lost character", "ethnicity", "汉\ufffd", r.UNREADABLE_CHARACTER, "U+FFFD"),
    ("a private character", "ethnicity", "汉\ue000", r.UNREADABLE_CHARACTER, "U+E000"),
    ("a formula", "ethnicity", "=HYPERLINK(1)", r.FORMULA_TEXT, "begins with “=”"),
    ("a formula with @", "person", "@SUM(A1)", r.FORMULA_TEXT, "begins with “@”"),
    ("a formula with -", "birth_date", "-1+1", r.FORMULA_TEXT, "begins with “-”"),
    ("a formula with +", "years_worked", "+A1", r.FORMULA_TEXT, "begins with “+”"),
    ("an error value", "years_worked", "#REF!", r.NOT_A_NUMBER, "whole number"),
    ("a text too long", "ethnicity", "族" * 21, r.TOO_LONG, "at most 20 characters"),
    ("a total", "candidate", "合计", r.TOTAL_ROW, "is a total"),
    ("a total spaced out", "candidate", "总　计：", r.TOTAL_ROW, "is a total"),
    ("a total in English", "candidate", "Total", r.TOTAL_ROW, "is a total"),
    ("a total with its number", "candidate", "合计：13人", r.TOTAL_ROW, "is a total"),
    ("a total with its number, spaced", "candidate", "共计 1,203 名", r.TOTAL_ROW, "is a total"),
    ("an example left half", "candidate", "示例：c-9", r.EXAMPLE_ROW, "example's mark"),
]


@pytest.mark.parametrize(
    ("column", "value", "reason", "says"),
    [pytest.param(*case[1:], id=case[0]) for case in CSV_CELLS],
)
def test_a_bad_cell_of_a_csv(
    tmp_path: Path, column: str, value: str, reason: Text, says: str
) -> None:
    table = csv_table(good_rows())
    table[2][headings("candidates").index(heading("candidates", column))] = value
    file = tmp_path / "人选.csv"
    file.write_bytes(csv_text(table).encode())
    the_rejection(read_register("candidates", file), column, value, reason, says)


SHEET_CELLS: list[tuple[str, str, Any, str, Text, str]] = [
    ("empty though required", "unit", None, "", r.EMPTY_REQUIRED, "must not be empty"),
    ("a formula", "years_worked", F("=20+5", 25), "=20+5", r.FORMULA, "is a formula"),
    ("a formula of text", "person", F('="p"&1', "p1"), '="p"&1', r.FORMULA, "is a formula"),
    ("a formula never computed", "person", F("=B1"), "=B1", r.FORMULA, "is a formula"),
    ("a formula in error", "rank", F("=1/0", "#DIV/0!"), "=1/0", r.FORMULA, "is a formula"),
    ("text in a number", "years_worked", "许多", "许多", r.NOT_A_NUMBER, "whole number"),
    ("a month as a number", "birth_date", 1968.1, "1968.1", r.TWO_READINGS, "1968-01, 1968-10"),
    ("the first of a month", "birth_date", date(1968, 3, 1), "1968-03-01", r.TWO_READINGS,
     "1968-03-01, 1968-03"),
    ("a year as a number", "birth_date", 2016, "2016", r.NOT_A_DATE, "2016-09-28"),
    ("a fraction", "years_worked", 3.5, "3.5", r.NOT_WHOLE, "whole number"),
    ("negative", "years_worked", -5, "-5", r.TOO_SMALL, "at least 0"),
    ("too large", "years_worked", 1e20, "1e+20", r.TOO_BIG, "at most"),
    ("a date in a number", "years_worked", date(1916, 9, 28), "1916-09-28", r.DATE_IN_OTHER,
     "as a number"),
    ("yes in a number", "years_worked", True, "TRUE", r.FLAG_IN_OTHER, "TRUE or FALSE"),
    ("a serial date", "birth_date", 42641, "42641", r.SERIAL_DATE, "looks like 2016-09-28"),
    ("noise of computation", "years_worked", 180.00000000001, "180.00000000001", r.NOT_WHOLE,
     "whole number"),
    ("a number that is no date", "birth_date", 9e9, "9000000000", r.NOT_A_DATE, "2016-09-28"),
    ("31 February as text", "birth_date", "1968-02-31", "1968-02-31", r.NO_SUCH_DAY, "no such"),
    ("a time of day", "birth_date", datetime(1968, 3, 12, 8, 30), "1968-03-12 08:30:00",  # noqa: DTZ001
     r.TIME_OF_DAY, "date alone"),
    ("only a time", "birth_date", time(8, 30), "08:30:00", r.TIME_OF_DAY, "date alone"),
    ("a name that became a date", "ethnicity", date(2016, 3, 1), "2016-03-01", r.DATE_IN_OTHER,
     "as text"),
    ("a term as a number", "rank", 3, "3", r.NUMBER_IN_TEXT, "as text"),
    ("text like a formula", "ethnicity", "=1+1", "=1+1", r.FORMULA_TEXT, "begins with"),
    ("a line break", "ethnicity", "汉\n族", "汉\n族", r.LINE_BREAK, "line break"),
    ("a total", "candidate", "小计", "小计", r.TOTAL_ROW, "is a total"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell", "value", "reason", "says"),
    [pytest.param(*case[1:], id=case[0]) for case in SHEET_CELLS],
)
def test_a_bad_cell_of_a_workbook(
    tmp_path: Path, column: str, cell: Any, value: str, reason: Text, says: str
) -> None:
    table = sheet_table(good_rows())
    table[2][headings("candidates").index(heading("candidates", column))] = cell
    file = workbook(tmp_path / "a.xlsx", {"人选": table})
    the_rejection(read_register("candidates", file), column, value, reason, says)


def test_an_error_value_of_a_workbook(tmp_path: Path) -> None:
    table = sheet_table(good_rows())
    table[2][1] = F("=X", "#REF!")
    file = workbook(tmp_path / "a.xlsx", {"人选": table})
    edited(file, "xl/worksheets/sheet1.xml", b"<f>X</f>", b"")
    delivery = read_register("candidates", file)
    the_rejection(delivery, "unit", "#REF!", r.ERROR_CELL, "error value")


def test_every_cell_of_an_array_formula_is_one(tmp_path: Path) -> None:
    table = sheet_table(good_rows())
    for row in table[1:]:
        row[15] = 25
    file = workbook(tmp_path / "a.xlsx", {"人选": table})
    edited(
        file,
        "xl/worksheets/sheet1.xml",
        b'<c r="P2"><v>',
        b'<c r="P2"><f t="array" ref="P2:P3">B2:B3</f><v>',
    )
    delivery = read_register("candidates", file)
    assert [(x.row, x.value, x.reason) for x in delivery.rejections] == [
        (2, "=B2:B3", r.FORMULA),
        (3, "=B2:B3", r.FORMULA),
    ]
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (3, 1, 2)


def test_a_row_of_formulas_below_the_last_value_is_delivered(tmp_path: Path) -> None:
    table = [*sheet_table(good_rows(1)), [], [F("=A2")]]
    delivery = read_register("candidates", workbook(tmp_path / "a.xlsx", {"人选": table}))
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (2, 1, 1)
    assert {rejection.row for rejection in delivery.rejections} == {4}
    assert delivery.rejections[0].reason is r.FORMULA


def test_a_cell_beyond_the_headings(tmp_path: Path) -> None:
    table = csv_table(good_rows())
    table[2].append("x")
    file = tmp_path / "a.csv"
    file.write_bytes(csv_text(table).encode())
    the_rejection(read_register("candidates", file), "", "x", r.EXTRA_CELL, "column X")


def test_a_row_cut_short_lacks_what_is_required(tmp_path: Path) -> None:
    table = csv_table(good_rows())
    del table[2][5:]
    file = tmp_path / "a.csv"
    file.write_bytes(csv_text(table).encode())
    delivery = read_register("candidates", file)
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (3, 2, 1)
    assert {x.reason for x in delivery.rejections} == {r.EMPTY_REQUIRED}


def test_a_row_broken_in_two_by_a_line_break(tmp_path: Path) -> None:
    """Its first half must not be taken with a reason that is half as long."""
    table = csv_table([{**row, "reason": "说明甲"} for row in [good_row("reviews")] * 2], "reviews")
    at = headings("reviews").index(heading("reviews", "reason"))
    whole = table[2]
    table[2:] = [[*whole[:at], "说明"], ["甲", *whole[at + 1 :]]]
    file = tmp_path / "a.csv"
    file.write_bytes(csv_text(table).encode())
    delivery = read_register("reviews", file)
    assert (delivery.delivered, delivery.row_numbers) == (3, [2])
    assert [(x.row, x.reason) for x in delivery.rejections] == [
        (3, r.BROKEN_ROW),
        (4, r.BROKEN_ROW),
    ]


def test_a_column_of_nulls(tmp_path: Path) -> None:
    table = csv_table(good_rows(20))
    for row in table[1:]:
        row[3] = ""
    file = tmp_path / "a.csv"
    file.write_bytes(csv_text(table).encode())
    delivery = read_register("candidates", file)
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (20, 0, 20)
    assert {x.column for x in delivery.rejections} == {"人员编号"}


def test_all_that_is_wrong_with_a_row_is_told(tmp_path: Path) -> None:
    table = csv_table(good_rows())
    table[2][3], table[2][5], table[2][15] = "P", "31 February", "many"
    file = tmp_path / "a.csv"
    file.write_bytes(csv_text(table).encode())
    delivery = read_register("candidates", file)
    assert (delivery.delivered, delivery.accepted, delivery.rejected) == (3, 2, 1)
    assert [x.reason for x in delivery.rejections] == [r.BAD_ID, r.NOT_A_DATE, r.NOT_A_NUMBER]
    assert delivery.rejected_keys == {("c-640302-0002",): 3}
