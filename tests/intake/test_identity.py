"""Identity numbers in people's sheets (GB 11643): checked, they give the birth date, not kept.

The numbers are the two examples that the standard prints, and ones computed from its rule here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from schemas.identity import birth_of, masked
from tasks.intake import readings as how
from tasks.intake import reasons as r
from tasks.intake.delivery import Delivery
from tasks.intake.quarantine import write_quarantine
from tasks.intake.reading import UnreadSheet, read_register
from tasks.intake.readings import Reading, write_readings
from tasks.intake.refusal import Refused
from tests.intake.files import good_row, heading, sheet_table, workbook

VALID, BORN = "11010519491231002X", "1949-12-31"
# The weights and the check digits as the standard's tables have them.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DIGITS = "10X98765432"


def test_the_examples_of_the_standard() -> None:
    assert birth_of(VALID) == date(1949, 12, 31)
    assert birth_of("440524188001010014") == date(1880, 1, 1)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999), st.integers(0, 9))
def test_the_check_digit_is_that_of_the_standard_s_tables(
    born: date, order: int, other: int
) -> None:
    first = f"640302{born:%Y%m%d}{order:03d}"
    digit = DIGITS[sum(w * int(d) for w, d in zip(WEIGHTS, first, strict=True)) % 11]
    assert birth_of(first + digit) == born
    assert birth_of(first + str(other)) == (born if str(other) == digit else None)


def test_the_code_of_a_place_may_be_younger_than_the_person() -> None:
    """利通区 has had 640302 since 1998; people of any age were given numbers from 1984 on."""
    assert birth_of("640302196001010012") == date(1960, 1, 1)


@pytest.mark.parametrize("text", ["", VALID[:-1], VALID + "1", "11010519490231002X", "X" * 18])
def test_what_is_no_number(text: str) -> None:
    assert birth_of(text) is None


def read(folder: Path, number: Any, birth: Any, title: str = "身份证号") -> Delivery:
    table = sheet_table([good_row(birth_date=birth)])
    table[0].append(title)
    table[1].append(number)
    return read_register("candidates", workbook(folder / "人选.xlsx", {"人选": table}))


@pytest.mark.parametrize(
    "number",
    ["110105 19491231 002x", "'11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_blanks_widths_and_guards_do_not_count(tmp_path: Path, number: str) -> None:
    assert [row["birth_date"] for row in read(tmp_path, number, "").rows] == [BORN]


def told(delivery: Delivery) -> list[tuple[int, str, Any]]:
    return [(one.row, one.read_as, one.how) for one in delivery.readings]


@pytest.mark.parametrize(
    ("birth", "taken", "reading"),
    [
        ("", BORN, how.FROM_IDENTITY),
        ("1949-12", BORN, how.FROM_IDENTITY),
        (BORN, BORN, None),
        # The archive decides; whoever delivers looks once more.
        ("1949-12-30", "1949-12-30", how.BIRTH_DIFFERS),
        ("1950-01", "1950-01", how.BIRTH_DIFFERS),
    ],
)
def test_it_gives_the_birth_date(tmp_path: Path, birth: str, taken: str, reading: Any) -> None:
    delivery = read(tmp_path, VALID.lower(), birth)
    assert [row["birth_date"] for row in delivery.rows] == [taken]
    expected = [(2, taken, reading)] if reading else []
    assert told(delivery) == [(1, "", how.IDENTITY_COLUMN), *expected]


def test_nothing_of_it_is_kept(tmp_path: Path) -> None:
    delivery = read(tmp_path, VALID, "")
    assert VALID not in str(delivery.rows)
    assert VALID not in str(delivery.readings)
    rejected = read(tmp_path, VALID[:-1] + "1", "1968-03-12")
    (found,) = rejected.rejections
    assert found.reason is r.WRONG_IDENTITY
    assert found.column == "身份证号"
    assert "110105************" in found.render("en")


WRONG = VALID[:-1] + "1"


@pytest.mark.parametrize("number", [VALID, WRONG])
def test_it_comes_back_where_it_is_read_and_nowhere_else(tmp_path: Path, number: str) -> None:
    """A wrong one is mended there; a right one gives the birth date once the rest is mended."""
    table = sheet_table(
        [good_row(birth_date="", education="？" if number == VALID else "bachelor")]
    )
    table[0] += ["身份证号", "备注"]
    table[1] += [number, f"又作{VALID}"]
    delivery = read_register("candidates", workbook(tmp_path / "人选.xlsx", {"人选": table}))
    write_quarantine(tmp_path / "q.xlsx", [delivery], "zh")
    book = CalamineWorkbook.from_path(tmp_path / "q.xlsx")
    head, row = book.get_sheet_by_name("人选").to_python()
    assert row[head.index("身份证号") :][:2] == [number, "又作110105************"]
    head, row = head[:-2], row[:-2]
    row[head.index("学历")], row[head.index("身份证号")] = "bachelor", VALID
    again = read_register("candidates", workbook(tmp_path / "b.xlsx", {"人选": [head, row]}))
    assert [row["birth_date"] for row in again.rows] == [BORN]


def test_elsewhere_it_comes_back_masked_and_says_nothing_then(tmp_path: Path) -> None:
    table = sheet_table([good_row("roster", name="")], "roster")
    table[0].append("身份证号")
    table[1].append(VALID)
    delivery = read_register("roster", workbook(tmp_path / "a.xlsx", {"人员名册": table}))
    write_quarantine(tmp_path / "q.xlsx", [delivery], "zh")
    (row,) = CalamineWorkbook.from_path(tmp_path / "q.xlsx").get_sheet_by_index(0).to_python()[1:]
    assert "110105************" in row
    again = read(tmp_path, "110105************", "1968-03-12")
    assert [row["birth_date"] for row in again.rows] == ["1968-03-12"]


def test_a_sheet_that_could_not_be_read_comes_back_with_its_numbers(tmp_path: Path) -> None:
    rows = {1: ["人选编号", "身份证号", "备注"], 2: ["c-1", VALID, VALID]}
    unread = UnreadSheet("人选", rows, [Refused(r.MISSING_COLUMN, heading="…", hint="")])
    write_quarantine(tmp_path / "q.xlsx", [], "zh", unread=[unread])
    book = CalamineWorkbook.from_path(tmp_path / "q.xlsx")
    assert book.get_sheet_by_index(0).to_python()[1] == ["c-1", VALID, "110105************"]


def test_no_list_of_readings_has_it(tmp_path: Path) -> None:
    told = [Reading("人选", 3, "", f"注：{VALID}", "", how.FOOTNOTE)]
    write_readings(tmp_path / "r.csv", told)
    assert "注：110105************" in (tmp_path / "r.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("number", ["1101051949", 110105194912310000, "待补", "440524880101001"])
def test_a_number_that_does_not_hold_rejects_its_row(tmp_path: Path, number: Any) -> None:
    delivery = read(tmp_path, number, "1968-03-12", "公民身份号码")
    assert [one.reason for one in delivery.rejections] == [r.WRONG_IDENTITY]
    assert delivery.accepted == 0


def test_without_a_number_the_birth_date_is_wanted_as_ever(tmp_path: Path) -> None:
    delivery = read(tmp_path, "", "")
    assert [(one.column, one.reason) for one in delivery.rejections] == [
        (heading("candidates", "birth_date"), r.EMPTY_REQUIRED)
    ]


def test_a_register_without_a_birth_date_leaves_the_column_out(tmp_path: Path) -> None:
    table = sheet_table([good_row("roster")], "roster")
    table[0].append("身份证号")
    table[1].append("待补")
    delivery = read_register("roster", workbook(tmp_path / "a.xlsx", {"人员名册": table}))
    assert delivery.accepted == 1
    assert told(delivery) == [(1, "", how.LEFT_OUT_COLUMN)]


def test_a_text_is_masked_wherever_a_number_stands_in_it() -> None:
    assert masked(f"号码{VALID}，") == "号码110105************，"
    assert masked("2016-09-28 640302103000") == "2016-09-28 640302103000"
