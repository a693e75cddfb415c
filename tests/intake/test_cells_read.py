"""What a cell is read as although it is not in its plain form, or why it stays rejected.

The expectations are those of the field's usage (GB/T 2260 and 12-digit statistical codes, GB 3304
names of peoples, the usual ways to write days and numbers), written before the code.
"""

from datetime import date, datetime
from typing import Any

import pytest

from schemas.aliases import terms_read
from schemas.registers import REGISTERS
from schemas.text import LANGUAGES, Text
from tasks.intake import readings as how
from tasks.intake import reasons as r
from tasks.intake.cells import CellReader, Parsed, Read
from tasks.intake.characters import Problem
from tasks.intake.refusal import render

DAY = date(2016, 9, 28)


def read(register: str, column: str, cell: Any, *, typed: bool = True, **more: bool) -> Parsed:
    return CellReader(REGISTERS[register].column[column], typed=typed, **more).read(cell)


READ: list[tuple[str, str, Any, Any, Text]] = [
    # Days
    ("pledges", "signed_on", "2016-09-28", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016/9/28", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016/09/28", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016.9.28", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016.09.28", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016-9-28", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "20160928", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", 20160928.0, DAY, how.DATE_NUMBER),
    ("pledges", "signed_on", "2016年9月28日", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016年09月28日", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016 年 9 月 28 日", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016年9月28号", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016年9月28", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "二〇一六年九月二十八日", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "二○一六年九月二十八日", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "二零一六年十月十日", date(2016, 10, 10), how.DATE_TEXT),
    ("pledges", "signed_on", "二〇一六年十二月三十一日", date(2016, 12, 31), how.DATE_TEXT),
    ("pledges", "signed_on", "2016-09-28 00:00:00", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016-09-28 00:00:00.000", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016-09-28T00:00:00", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016-09-28T00:00:00+08:00", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "2016/9/28 0:00", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", " 2016-09-28 ", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "２０１６－０９－２８", DAY, how.DATE_TEXT),
    ("pledges", "signed_on", "'2016-09-28", DAY, how.DATE_TEXT),
    # Whole numbers
    ("jurisdictions", "population", "180", 180, how.NUMBER_TEXT),
    ("jurisdictions", "population", "0180", 180, how.NUMBER_TEXT),
    ("jurisdictions", "population", "+180", 180, how.NUMBER_TEXT),
    ("jurisdictions", "population", "180.00", 180, how.NUMBER_TEXT),
    ("jurisdictions", "population", "1,200", 1200, how.NUMBER_TEXT),
    ("jurisdictions", "population", "1，200", 1200, how.NUMBER_TEXT),
    ("jurisdictions", "population", "1,200,000", 1200000, how.NUMBER_TEXT),
    ("jurisdictions", "population", "320000人", 320000, how.NUMBER_TEXT),
    ("jurisdictions", "population", "３２００００", 320000, how.NUMBER_TEXT),
    ("jurisdictions", "population", "180\xa0", 180, how.NUMBER_TEXT),
    ("candidates", "years_worked", "25年", 25, how.NUMBER_TEXT),
    # Codes and ids
    ("jurisdictions", "jurisdiction", 640302.0, "640302", how.CODE_NUMBER),
    ("jurisdictions", "jurisdiction", 640302103.0, "640302103", how.CODE_NUMBER),
    ("jurisdictions", "jurisdiction", 640302103000.0, "640302103", how.LONG_CODE),
    ("jurisdictions", "jurisdiction", "640302103000", "640302103", how.LONG_CODE),
    ("jurisdictions", "jurisdiction", "640302000000", "640302", how.LONG_CODE),
    ("jurisdictions", "jurisdiction", "640300000000", "640300", how.LONG_CODE),
    ("jurisdictions", "jurisdiction", "６４０３０２", "640302", how.WIDTHS),
    ("jurisdictions", "jurisdiction", "640302 ", "640302", how.BLANKS),
    ("roster", "person", "\tp-1", "p-1", how.BLANKS),
    ("roster", "person", "p-1\u3000", "p-1", how.BLANKS),
    ("roster", "person", "p-1\xa0", "p-1", how.BLANKS),
    ("roster", "person", "p-1\ufeff", "p-1", how.BLANKS),
    ("roster", "person", "p–1", "p-1", how.WIDTHS),
    ("roster", "person", '="p-1"', "p-1", how.GUARD),
    ("roster", "person", "'p-1", "p-1", how.APOSTROPHE),
    # Terms
    ("officers", "organ", "县委组织部", "organisation-department", how.TERM),
    ("officers", "organ", "中共吴忠市利通区委组织部", "organisation-department", how.TERM),
    ("officers", "organ", "固原市委组织部", "organisation-department", how.TERM),
    ("officers", "organ", "党委组织部", "organisation-department", how.TERM),
    ("officers", "organ", "县纪委监委", "discipline-commission", how.TERM),
    ("officers", "organ", "纪律检查委员会", "discipline-commission", how.TERM),
    ("officers", "organ", "县委书记", "secretary", how.TERM),
    ("officers", "organ", "高桥镇党委", "party-committee", how.TERM),
    ("officers", "organ", "县委统战部", "united-front", how.TERM),
    ("officers", "organ", "市信访局", "petition-office", how.TERM),
    ("officers", "organ", "组 织 部", "organisation-department", how.TERM),
    ("officers", "organ", "组织部 ", "organisation-department", how.TERM),
    ("officers", "organ", "Organisation Department", "organisation-department", how.TERM),
    ("jurisdictions", "level", "县", "county", how.TERM),
    ("jurisdictions", "level", "镇", "township", how.TERM),
    ("units", "body", "县人民政府", "government", how.TERM),
    ("units", "body", "人民代表大会", "congress", how.TERM),
    ("posts", "kind", "县长", "head", how.TERM),
    ("posts", "kind", "副主任", "vice-chair", how.TERM),
    ("candidates", "rank", "正处级", "county", how.TERM),
    ("candidates", "rank", "副科级", "township-deputy", how.TERM),
    ("candidates", "education", "大学", "bachelor", how.TERM),
    ("kin", "kinship", "配偶", "spouse", how.TERM),
    # Yes and no
    ("roster", "must_pledge", "√", True, how.YES_NO),
    ("roster", "must_pledge", "✓", True, how.YES_NO),
    ("roster", "must_pledge", "1", True, how.YES_NO),
    ("roster", "must_pledge", 1.0, True, how.YES_NO),
    ("roster", "must_pledge", "Y", True, how.YES_NO),
    ("roster", "must_pledge", "×", False, how.YES_NO),
    ("roster", "must_pledge", 0.0, False, how.YES_NO),
    ("roster", "must_pledge", "n", False, how.YES_NO),
    ("roster", "must_pledge", "是 ", True, how.BLANKS),
    # Free text
    ("candidates", "ethnicity", "汉", "汉族", how.SHORT_NAME),
    ("candidates", "ethnicity", "维吾尔", "维吾尔族", how.SHORT_NAME),
    ("candidates", "ethnicity", "回族\r\n", "回族", how.BLANKS),
    ("candidates", "ethnicity", "\u2f0a族", "入族", how.WIDTHS),
    ("roster", "name", " 丁海峰", "丁海峰", how.BLANKS),
    # As wide as a name of three characters: what lists of names are full of.
    ("roster", "name", "李\u3000四", "李四", how.PADDED),
    ("roster", "name", "李  四", "李四", how.PADDED),
    ("roster", "name", "\U00020087\xa0四", "\U00020087四", how.PADDED),
    ("candidates", "ethnicity", "汉\u3000族", "汉族", how.PADDED),
    ("roster", "name", "\ue854", "\u9fba", how.PRIVATE_CODES),
    ("roster", "name", "\ue816\ue864", "\U00020087\u9fbb", how.PRIVATE_CODES),
    ("measures", "document", "吴选发〔２０１６〕３号", "吴选发〔2016〕3号", how.WIDTHS),
    ("reviews", "answered_on", "  ", None, how.BLANKS),
]


@pytest.mark.parametrize(("register", "column", "cell", "value", "how_read"), READ)
def test_a_cell_of_a_workbook_with_one_reading(
    register: str, column: str, cell: Any, value: Any, how_read: Text
) -> None:
    found = read(register, column, cell)
    assert isinstance(found, Read), found
    assert found.value == value
    assert type(found.value) is type(value) or isinstance(found.value, str)
    last = found.how.zh.rpartition("、")[2]
    assert how_read.zh in (found.how.zh, last)


PROBLEMS: list[tuple[str, str, Any, Text, str]] = [
    ("pledges", "signed_on", "05/09/2016", r.TWO_READINGS, "2016-05-09, 2016-09-05"),
    ("pledges", "signed_on", "16-9-8", r.TWO_READINGS, "2016-09-08"),
    ("pledges", "signed_on", "28/09/2016", r.DATE_FORM, "2016-09-28"),
    ("pledges", "signed_on", "2016.09", r.MONTH_ALONE, "without its day"),
    ("pledges", "signed_on", 2016.09, r.MONTH_ALONE, "without its day"),
    ("pledges", "signed_on", 2016.1, r.MONTH_ALONE, "without its day"),
    ("pledges", "signed_on", 201609.0, r.MONTH_ALONE, "without its day"),
    ("pledges", "signed_on", "2016年9月", r.MONTH_ALONE, "without its day"),
    ("pledges", "signed_on", "2016-09-28T00:00:00Z", r.NOT_A_DATE, "2016-09-28"),
    ("pledges", "signed_on", "2016-09-28 08:00", r.TIME_OF_DAY, "date alone"),
    ("pledges", "signed_on", "2016-09-31", r.NO_SUCH_DAY, "no such day"),
    ("pledges", "signed_on", "二〇一六年九月三十一日", r.NO_SUCH_DAY, "no such day"),
    ("pledges", "signed_on", "去年九月", r.NOT_A_DATE, "2016-09-28"),
    ("pledges", "signed_on", 42641.0, r.SERIAL_DATE, "2016-09-28"),
    ("pledges", "signed_on", 2016.0, r.NOT_A_DATE, "2016-09-28"),
    ("jurisdictions", "population", "12万", r.NUMBER_UNIT, "120000"),
    ("jurisdictions", "population", "1.25万人", r.NUMBER_UNIT, "12500"),
    ("jurisdictions", "population", "约1200", r.NOT_A_NUMBER, "whole number"),
    ("jurisdictions", "population", "1,20", r.NOT_A_NUMBER, "whole number"),
    ("jurisdictions", "population", "180.5", r.NOT_WHOLE, "whole number"),
    ("jurisdictions", "population", "-5", r.TOO_SMALL, "at least 0"),
    ("jurisdictions", "jurisdiction", "640302103001", r.BAD_ID, "nine for a township"),
    # No text of these digits would be a code or an id.
    ("jurisdictions", "jurisdiction", 64030.0, r.BAD_ID, "six digits"),
    ("roster", "person", "64030219680512001X", r.IDENTITY_NUMBER, "tells nothing of the person"),
    (
        "roster",
        "person",
        "６４０３０２１９６８０５１２００１Ｘ",
        r.IDENTITY_NUMBER,
        "tells nothing",
    ),
    ("roster", "person", "640302196813120011", r.BAD_ID, "lower-case"),
    ("roster", "person", "P-0001", r.BAD_ID, "lower-case"),
    ("roster", "person", 98080.0, r.BAD_ID, "lower-case letter"),
    ("roster", "person", 6.40302e17, r.NUMBER_IN_TEXT, "as text"),
    ("roster", "name", 3.0, r.NUMBER_IN_TEXT, "as text"),
    ("roster", "name", "张\u200b三", r.INVISIBLE, "U+200B"),
    ("roster", "name", "张\n三", r.LINE_BREAK, "line break"),
    ("roster", "name", "张\ue000", r.UNREADABLE_CHARACTER, "U+E000"),
    ("roster", "must_pledge", "", r.EMPTY_REQUIRED, "must not be empty"),
    ("roster", "must_pledge", "对", r.NOT_YES_NO, "yes"),
    ("roster", "must_pledge", 2.0, r.NOT_YES_NO, "yes"),
    ("documents", "issued_by", "县委", r.TWO_READINGS, "party committee, party committee one"),
    ("documents", "issued_by", "市委", r.TWO_READINGS, "party committee, party committee one"),
    ("assemblies", "fixed_by", "区人大常委会", r.TWO_READINGS, "county congress"),
    ("assemblies", "fixed_by", "市人大常委会", r.UNKNOWN_TERM, "is not one of the values"),
    ("officers", "organ", "原县委组织部", r.UNKNOWN_TERM, "is not one of the values"),
    ("officers", "organ", "非市委组织部", r.UNKNOWN_TERM, "is not one of the values"),
    ("officers", "organ", "市委和县委组织部", r.UNKNOWN_TERM, "is not one of the values"),
    ("officers", "organ", "各县委组织部", r.UNKNOWN_TERM, "is not one of the values"),
    ("officers", "organ", "县委组织部3", r.UNKNOWN_TERM, "is not one of the values"),
    ("units", "body", "市委市政府", r.UNKNOWN_TERM, "is not one of the values"),
    ("candidates", "rank", "正局级", r.UNKNOWN_TERM, "is not one of the values"),
    ("officers", "organ", "县委办公室", r.UNKNOWN_TERM, "is not one of the values"),
    ("candidates", "education", "大学普通班", r.UNKNOWN_TERM, "is not one of the values"),
]


# A CSV has text alone.
WRITTEN = [
    *((*problem, True) for problem in PROBLEMS),
    *((*problem, False) for problem in PROBLEMS if isinstance(problem[2], str)),
]


@pytest.mark.parametrize(("register", "column", "cell", "reason", "says", "typed"), WRITTEN)
def test_a_cell_without_one_reading(
    register: str, column: str, cell: Any, reason: Text, says: str, typed: bool
) -> None:
    found = read(register, column, cell, typed=typed)
    assert isinstance(found, Problem), found
    assert found.reason is reason
    for lang in LANGUAGES:
        assert "{" not in render(reason, found.arguments, lang)
    assert says in render(reason, found.arguments, "en")


def test_what_stands_in_its_plain_form_is_no_reading() -> None:
    assert read("pledges", "signed_on", DAY) == DAY
    assert read("pledges", "signed_on", datetime(2016, 9, 28)) == DAY  # noqa: DTZ001
    assert read("pledges", "signed_on", "2016/9/28", typed=False) == DAY
    assert read("jurisdictions", "population", 180.0) == 180
    assert read("jurisdictions", "population", "180", typed=False) == 180
    assert read("roster", "must_pledge", "是") is True
    assert read("roster", "must_pledge", "TRUE", typed=False) is True
    assert read("officers", "organ", "组织部") == "organisation-department"
    assert read("candidates", "ethnicity", "汉族") == "汉族"


def test_a_serial_number_is_hinted_at_by_the_workbooks_own_calendar() -> None:
    for since_1904, number in ((False, 42641.0), (True, 41179.0)):
        found = read("pledges", "signed_on", number, since_1904=since_1904)
        assert isinstance(found, Problem)
        assert found.arguments == {"suggestion": "2016-09-28"}


def test_every_term_is_read_by_its_own_names_alone() -> None:
    """No alias of a term is another term's code or label."""
    kinds = {spec.terms for one in REGISTERS.values() for spec in one.columns if spec.terms}
    for kind in kinds:
        for term in kind:
            for name in (term.value, term.label.zh, term.label.en):
                assert terms_read(kind, name) == (term,)
