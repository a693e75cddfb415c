"""Sheets as people have them: each is read with its readings listed, or refused for the true cause.

The files in `sheets/` are copies of such files. What is expected of each was written before the
code that reads them.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.text import Text
from tasks.intake import readings as how
from tasks.intake import reasons as r
from tasks.intake.delivery import Delivery
from tasks.intake.reading import look_through, read_register
from tasks.intake.refusal import Refused

SHEETS = Path(__file__).parent / "sheets"
DAY = date(2016, 9, 28)
NEXT = date(2016, 9, 29)


def hows(delivery: Delivery) -> list[tuple[int, str]]:
    return [(one.row, one.how.zh) for one in delivery.readings]


# File → rows as (row, values), readings as (row, how), rejections as (row, reason, in words).
Expected = tuple[
    Sequence[tuple[int, tuple[Any, ...]]],
    Sequence[tuple[int, Text]],
    Sequence[tuple[int, Text, str]],
]
ONE = (2, ("p-640302-0001", DAY))
TWO = [ONE, (3, ("p-640302-0002", NEXT))]
PLEDGES: dict[str, Expected] = {
    "title_row.xlsx": ([(3, ONE[1])], [(1, how.TITLE_ROW)], []),
    "title_row_merged.xlsx": ([(3, ONE[1])], [(1, how.TITLE_ROW)], []),
    "serial_column.xlsx": ([], [(1, how.LEFT_OUT_COLUMN)], []),
    "notes_column.xlsx": ([], [(1, how.LEFT_OUT_COLUMN)], []),
    "heading_break.xlsx": (TWO, [(1, how.HEADING)], []),
    "heading_space.xlsx": (TWO, [(1, how.HEADING)], []),
    "heading_star.xlsx": (TWO, [(1, how.HEADING)], []),
    "footnote.xlsx": (TWO, [(4, how.FOOTNOTE)], []),
    "err_SPILL.xlsx": (
        [(3, ("p-640302-0002", NEXT))],
        [],
        [(2, r.ERROR_CELL, "value “#SPILL!”")],
    ),
    "d1904_general.xlsx": ([], [], [(2, r.SERIAL_DATE, "looks like 2016-09-28")]),
    "c_sep.csv": ([(3, ONE[1])], [(1, how.SEPARATOR_LINE)], []),
    "c_ctrlz.csv": ([ONE], [(0, how.END_OF_FILE)], []),
    "c_eq_guard.csv": ([ONE], [(2, how.GUARD)], []),
    "c_tab_guard.csv": ([ONE], [(2, how.BLANKS), (2, how.BLANKS)], []),
    "h.xls": ([ONE], [], []),
    "c_datetime.csv": (
        [
            *((row, (f"p-640302-000{row - 1}", DAY)) for row in (2, 3, 4, 5)),
            *((row, (f"p-640302-000{row - 1}", date(2016, 9, 8))) for row in (7, 8, 10)),
        ],
        [(row, how.DATE_TEXT) for row in (2, 3, 4, 5, 7, 10)],
        [
            (6, r.DATE_FORM, "as 2016-09-28"),
            (9, r.TWO_READINGS, "2016-09-08"),
        ],
    ),
    "date_text.xlsx": (
        [(row, (f"p-640302-{row - 1:04d}", DAY)) for row in (2, 3, 4, 5, 6, 9, 10, 11)],
        [
            *((row, how.DATE_TEXT) for row in (2, 3, 4, 5)),
            (6, how.DATE_NUMBER),
            *((row, how.DATE_TEXT) for row in (9, 10, 11)),
        ],
        [(7, r.MONTH_ALONE, "without its day"), (8, r.MONTH_ALONE, "without its day")],
    ),
}
ROSTER: Expected = (
    [
        (8, ("p-1", "640302103", "统计用十二位代码", True, False, False)),
        (9, ("p-2", "640302", "空格", True, False, False)),
        (11, ("p-4", "640302", "一", True, False, False)),
        (12, ("p-5", "640302", "字母", True, False, False)),
    ],
    [
        (8, how.LONG_CODE),
        (9, how.BLANKS),
        *((11, how.YES_NO),) * 3,
        *((12, how.YES_NO),) * 3,
    ],
    [
        (2, r.IDENTITY_NUMBER, "value “640302************”"),
        *((row, r.BAD_ID, "lower-case letter") for row in range(3, 8)),
        *((10, r.EMPTY_REQUIRED, "must not be empty"),) * 2,
        *((13, r.EMPTY_REQUIRED, "must not be empty"),) * 2,
    ],
)
NUMBERS: Expected = (
    [
        (3, ("640302", "县2", "county", "640300", 180, None)),
        (5, ("640304", "县4", "county", "640300", 1200, None)),
    ],
    [(1, how.HEADING), (3, how.NUMBER_TEXT), (5, how.NUMBER_TEXT)],
    [
        (2, r.NOT_WHOLE, "180.00000000001"),
        (4, r.NOT_WHOLE, "180.5"),
        (6, r.NUMBER_UNIT, "only the number 120000"),
        (7, r.NOT_A_NUMBER, "约1200"),
    ],
)
_REVIEW = ("archive", "organisation-department", DAY)
SHORT: Expected = (
    [
        (2, ("c-640302-0001", *_REVIEW, NEXT, "clear", None, "组档审〔2016〕1号")),
        (3, ("c-640302-0002", *_REVIEW, None, None, None, None)),
    ],
    [(1, how.HEADING), (3, how.SHORT_ROW)],
    [],
)
CASES = [
    *((name, "pledges", expected) for name, expected in PLEDGES.items()),
    ("ids.csv", "roster", ROSTER),
    ("numbers.xlsx", "jurisdictions", NUMBERS),
    ("r_short.csv", "reviews", SHORT),
]


@pytest.mark.parametrize(("name", "register", "expected"), CASES)
def test_a_sheet_is_read_as_it_was_meant(name: str, register: str, expected: Expected) -> None:
    delivery = read_register(register, SHEETS / name)
    rows, readings, rejections = expected
    values = [tuple(row.values()) for row in delivery.rows]
    assert list(zip(delivery.row_numbers, values, strict=True)) == list(rows)
    assert hows(delivery) == [(row, text.zh) for row, text in readings]
    assert [(x.row, x.reason) for x in delivery.rejections] == [(a, b) for a, b, _ in rejections]
    for rejection, (_, _, says) in zip(delivery.rejections, rejections, strict=True):
        assert says in rejection.render("en")


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("bk_notes.xlsx", "填表说明"), ("bk_wps.xlsx", "WpsReserved_CellImgList")],
)
def test_a_book_with_a_sheet_that_is_no_register(name: str, left_out: str) -> None:
    book = look_through(SHEETS / name)
    assert not book.problems
    places, units = book.deliveries["jurisdictions"], book.deliveries["units"]
    assert [tuple(row.values()) for row in places.rows] == [
        ("640300", "测试市", "city", None, 1_000_000, None)
    ]
    assert [tuple(row.values()) for row in units.rows] == [
        ("640300-congress", "640300", "congress")
    ]
    # The heading of the founding nationality is an older one.
    assert [(x.sheet, x.how) for x in places.readings] == [
        (left_out, how.LEFT_OUT_SHEET),
        ("行政区", how.HEADING),
    ]
    assert not units.readings


def test_every_file_there_is_looked_at() -> None:
    looked_at = {name for name, _, _ in CASES} | {"bk_notes.xlsx", "bk_wps.xlsx", "zhang.lrmx"}
    assert {path.name for path in SHEETS.iterdir()} == looked_at


def test_a_cadre_form_is_named_as_what_it_is() -> None:
    with pytest.raises(Refused) as caught:
        read_register("candidates", SHEETS / "zhang.lrmx")
    assert caught.value.reason is r.NOT_A_SPREADSHEET
    assert "a cadre approval form" in caught.value.render("en")
