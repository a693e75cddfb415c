"""Cadre approval forms: what is read of each version, and how it is laid out.

The fields of an LRMX and their order in an LRM are those of public programs that read both; the
sample `zhang.lrmx` is one of the sheets that people have. Its identity number is no valid one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.home import Home
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, DONE
from schemas.vocabulary import Kinship
from tasks.forms.laying import birth_date_of, doubts_of, education_of, kinship_of
from tasks.forms.reading import Form, read_form
from tasks.intake.accept import submit_file
from tasks.intake.raw import Source
from tasks.intake.refusal import Refused
from tests.intake.files import workbook
from tests.intake.fuzz import damaged
from tests.support import cycle
from tests.support.cycle import OFFICER
from tests.support.signing import who
from tests.test_docs import assert_documented, fields_of

ZHANG = Path(__file__).parents[1] / "intake" / "sheets" / "zhang.lrmx"
# 11010519491231002X is the example of GB 11643.
VALID, BORN = "11010519491231002X", "1949-12-31"

FIELDS = {
    "XingMing": "李 四", "ChuShengNianYue": "194912", "MinZu": "回", "ShenFenZheng": VALID,
    "CanJiaGongZuoShiJian": "197008", "QuanRiZhiJiaoYu_XueLi": "大专",
    "ZaiZhiJiaoYu_XueLi": "省委党校研究生", "XianRenZhiWu": "某县副县长",
    "NiRenZhiWu": "某县县长",
}  # fmt: skip
FAMILY = (
    ("妻子", "王 五", "196903", "群众", "某局科员"),
    ("儿子", "李小四", "1995.01", "团员", ""),
)
_OF_FAMILY = ("ChengWei", "XingMing", "ChuShengRiQi", "ZhengZhiMianMao", "GongZuoDanWeiJiZhiWu")


def lrmx(encoding: str = "utf-8", family: Any = FAMILY, **fields: str) -> bytes:
    """A form of the newer version."""
    items = "".join(
        "<Item>" + "".join(f"<{name}>{text}</{name}>" for name, text in
                           zip(_OF_FAMILY, one, strict=True)) + "</Item>"
        for one in family
    )  # fmt: skip
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in {**FIELDS, **fields}.items())
    text = f"<Person>{inside}<JiaTingChengYuan>{items}</JiaTingChengYuan></Person>"
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)


def lrm() -> bytes:
    """The same in the version before, which has no identity number."""
    parts = [""] * 33
    parts[:4] = ["李 四", "男", "194912", "回"]
    parts[8], parts[9], parts[10] = "197008", "大专#@省委党校研究生#", "甲#@乙#"
    parts[17] = '1970.08--1980.01  某厂工人\r\n1980.01--  某县"干部"'
    for place in range(5):
        parts[20 + place] = "@".join(one[place] for one in FAMILY)
    parts[25:27] = ["某县副县长", "某县县长"]
    return ('"' + '","'.join(parts) + '"\r\n').encode("gb18030")


def form(content: bytes, name: str = "a.lrmx") -> Form:
    return read_form(Source(name, content))


# Reading


def test_both_versions_say_the_same() -> None:
    newer, older = form(lrmx()), form(lrm(), "a.lrm")
    assert newer.identity == VALID
    assert older.identity == ""
    for one in (newer, older):
        assert (one.name, one.born, one.people, one.started_work) == (
            "李四", "194912", "回", "197008",
        )  # fmt: skip
        assert list(one.education) == ["大专", "省委党校研究生"]
        assert (one.office, one.proposed) == ("某县副县长", "某县县长")
        assert [(x.called, x.name, x.born, x.office) for x in one.family] == [
            ("妻子", "王五", "196903", "某局科员"), ("儿子", "李小四", "1995.01", ""),
        ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030"])
def test_a_form_in_the_encoding_of_older_programs(encoding: str) -> None:
    assert form(lrmx(encoding)).name == "李四"


def test_the_sample_that_people_have() -> None:
    found = form(ZHANG.read_bytes(), ZHANG.name)
    assert (found.name, found.born, found.proposed) == ("张三", "196805", "某县人民政府县长")
    # Its number has the wrong check digit, so that only the month is known.
    assert birth_date_of(found) == "1968-05"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no cadre approval form"),
        (b"hello", "no cadre approval form"),
        (b'"a","b","c"', "no cadre approval form"),
        (b"<Book><XingMing>a</XingMing></Book>", "no cadre approval form"),
        (b"<Person></Person>", "no name"),
        (lrmx(XingMing=" "), "no name"),
        (lrmx()[:-20], "damaged"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Person><XingMing>&a;</XingMing></Person>', "damaged"),
    ],
)
def test_what_is_no_form_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Refused) as refused:
        form(content)
    assert says in refused.value.render("en")


def test_a_damaged_form_is_refused_or_read_and_nothing_else() -> None:
    dice = Random(1)
    for _ in range(300):
        content = damaged(dice.choice((lrmx(), lrm(), ZHANG.read_bytes())), dice)
        try:
            said = form(content).name
        except Refused as refused:
            said = refused.render("zh")
        assert said
        assert "\n" not in said


# What follows from it


def test_the_birth_date_is_the_number_s_else_the_month() -> None:
    assert birth_date_of(form(lrmx())) == BORN
    assert birth_date_of(form(lrmx(ShenFenZheng=""))) == "1949-12"
    assert birth_date_of(form(lrmx(ShenFenZheng=VALID[:-1] + "1"))) == "1949-12"
    assert birth_date_of(form(lrmx(ShenFenZheng="", ChuShengNianYue="1949.1"))) is None
    assert birth_date_of(form(lrmx(ShenFenZheng="", ChuShengNianYue="不详"))) is None
    assert birth_date_of(form(lrmx(ChuShengNianYue="不详"))) == BORN
    assert birth_date_of(form(lrmx(ChuShengNianYue=""))) == BORN


@pytest.mark.parametrize("born", ["195001", "1949.12.30"])
def test_a_birth_date_that_differs_stays_and_is_told(born: str) -> None:
    """The archive decides (干部人事档案), and not the number."""
    found = form(lrmx(ChuShengNianYue=born))
    assert birth_date_of(found) in ("1950-01", "1949-12-30")
    assert [one.zh for one in doubts_of(found)] == ["请核对：与公民身份号码中的出生日期不同"]


def test_a_number_that_does_not_hold_is_told() -> None:
    assert "校验不符" in doubts_of(form(ZHANG.read_bytes()))[0].zh
    assert not doubts_of(form(lrmx()))
    assert not doubts_of(form(lrmx(ShenFenZheng="")))


@pytest.mark.parametrize(
    ("schools", "level"),
    [(["大学", "工学学士"], "bachelor"), (["大学专科"], "college"), (["大专", "大学"], "bachelor"),
     (["中专", "在职研究生"], "master"), (["高中"], "secondary"), (["某校"], None), ([], None)],
)  # fmt: skip
def test_the_highest_education_counts(schools: list[str], level: str | None) -> None:
    assert education_of(schools) == level


@pytest.mark.parametrize(
    ("called", "kinship"),
    [
        *((name, Kinship.SPOUSE) for name in ("妻子", "妻", "丈夫", "配偶")),
        *((name, Kinship.LINEAL) for name in ("父亲", "母亲", "儿子", "长女", "孙女", "外祖父",
                                              "外婆", "爷爷")),
        *((name, Kinship.COLLATERAL) for name in ("哥哥", "弟弟", "妹妹", "侄女", "外甥", "叔父",
                                                  "堂兄", "表妹", "舅舅")),
        *((name, Kinship.IN_LAW) for name in ("岳父", "岳母", "公公", "儿媳", "女婿", "嫂子",
                                              "姐夫", "妻弟", "内兄", "婶婶", "姑父", "伯母")),
        *((name, None) for name in ("前妻", "同学", "")),
    ],
)  # fmt: skip
def test_what_a_relative_is_called_is_a_kind_of_kin(called: str, kinship: Kinship | None) -> None:
    """公务员法 art. 74: 夫妻, 直系血亲, 三代以内旁系血亲, 近姻亲."""
    assert kinship_of(called) == kinship


# The workbook


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield cycle.small_home(tmp_path / "home")


def listed() -> dict[str, Any]:
    """Somebody of the roster whose name nobody else has."""
    roster = cycle.small_rows()["roster"]
    names = [row["name"] for row in roster]
    return next(row for row in roster if names.count(row["name"]) == 1)


def write(home: Home, tmp_path: Path, *forms: bytes, place: str = "640302") -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    for number, content in enumerate(forms):
        (folder / f"{number}.lrmx").write_bytes(content)
    book = tmp_path / "book.xlsx"
    given = ["--place", place, "--home", str(home.path)]
    assert run_command(["forms", str(book), str(folder), *given]) == DONE
    return book


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_a_form_fills_a_person_a_candidate_and_kin(home: Home, tmp_path: Path) -> None:
    kin = listed()
    spouse = ("妻子", str(kin["name"]), "196903", "群众", "某局")
    path = write(home, tmp_path, lrmx(family=[spouse, FAMILY[1]]))
    (person,) = table(path, "人员名册")
    (candidate,) = table(path, "人选")
    (relative,) = table(path, "亲属关系")
    assert (person["姓名"], person["行政区划代码"]) == ("李四", "640302")
    assert candidate["人员编号"] == person["人员编号"] == relative["人员编号"]
    assert [candidate[one] for one in ("状态", "出生日期", "民族", "学历")] == [
        "拟提名", BORN, "回族", "研究生",
    ]  # fmt: skip
    assert "职位" in str(candidate["待填"])
    # The spouse has the name of somebody on the roster: who it is, people say.
    assert (relative["亲属关系"], relative["亲属人员编号"]) == ("夫妻", "")
    assert VALID not in str([*table(path, "人选"), *table(path, "人员名册")])
    with pytest.raises(Refused, match="没有"):
        submit_file(home, path, who(OFFICER))


def test_who_has_a_name_of_the_roster_is_asked_for(home: Home, tmp_path: Path) -> None:
    known = listed()
    path = write(home, tmp_path, lrmx(XingMing=str(known["name"]), family=()))
    (candidate,) = table(path, "人选")
    assert candidate["人员编号"] == ""
    assert "人员编号" in str(candidate["待填"]).split("、")


def test_two_forms_of_one_name_are_asked_about(home: Home, tmp_path: Path) -> None:
    """They may be two people, or one whose form came twice."""
    path = write(home, tmp_path, lrmx(family=()), lrmx(family=()))
    first, second = (row["人员编号"] for row in table(path, "人员名册"))
    assert first != second
    assert [row["人员编号"] for row in table(path, "人选")] == [first, ""]
    candidates = [row["人选编号"] for row in table(path, "人选")]
    assert len(set(candidates)) == 2
    lists = CalamineWorkbook.from_path(path).get_sheet_by_name("_termgate_lists").to_python()
    assert {first, second} <= {cell for row in lists for cell in row}


def test_every_form_that_cannot_be_read_is_told_at_once(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.lrmx").write_bytes(lrmx())
    (tmp_path / "b.lrm").write_bytes(b'"a","b"')
    (tmp_path / "c.lrmx").write_bytes(lrmx()[:-20])
    given = ["--place", "640302", "--home", str(home.path)]
    files = [str(tmp_path / name) for name in ("a.lrmx", "b.lrm", "c.lrmx")]
    assert run_command(["forms", str(tmp_path / "book.xlsx"), *files, *given]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "b.lrm" in told
    assert "c.lrmx" in told
    assert not (tmp_path / "book.xlsx").exists()


def test_what_is_filled_in_is_handed_in(home: Home, tmp_path: Path) -> None:
    path = write(home, tmp_path, lrmx(family=()))
    filled: dict[str, dict[str, Any]] = {
        "人员名册": {"应签承诺书": "是", "应谈心谈话": "是", "应约谈": "否"},
        "人选": {
            "单位": "640302-government", "职位": "640302-government-head", "成长地代码": "640100",
            "是否本届代表（委员）": "否", "是否担任不得兼任的职务": "否", "是否承诺辞去": "否",
            "现任职级": "县处级副职", "工龄": 46, "基层工作年限": 9, "现职级年限": 5,
            "是否提拔": "是", "同一职位已任届数": 0, "同一层次领导职务年限": 5,
            "主持单位工作月数": 0, "是否来自被巡察单位": "否",
        },
    }  # fmt: skip
    sheets = {}
    for sheet, cells in filled.items():
        (row,) = table(path, sheet)
        asked = set(str(row["待填"]).split("、"))
        assert set(cells) == asked, sheet
        sheets[sheet] = [list(row), list({**row, **cells}.values())]
    receipts = submit_file(home, workbook(tmp_path / "filled.xlsx", sheets), who(OFFICER))
    assert [(one.register, one.accepted, one.first) for one in receipts] == [
        ("roster", 1, None), ("candidates", 1, None),
    ]  # fmt: skip


def test_two_forms_may_be_of_kin(home: Home, tmp_path: Path) -> None:
    wife = lrmx(XingMing="王五", ShenFenZheng="", family=())
    path = write(home, tmp_path, lrmx(), wife)
    (relative,) = table(path, "亲属关系")
    people = {row["姓名"]: row["人员编号"] for row in table(path, "人员名册")}
    assert relative["人员编号"] == people["李四"]
    assert len(set(people.values())) == 2


def test_what_cannot_be_read_or_written_is_refused(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--place", "640302", "--home", str(home.path)]
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.lrmx").write_bytes(lrmx())
    book = str(tmp_path / "b.xlsx")
    assert run_command(["forms", book, str(tmp_path / "empty"), *given]) == BAD_INPUT
    assert run_command(["forms", book, str(tmp_path / "none.lrmx"), *given]) == BAD_INPUT
    elsewhere = ["--place", "110101", "--home", str(home.path)]
    assert run_command(["forms", book, str(tmp_path / "a.lrmx"), *elsewhere]) == BAD_INPUT
    assert not Path(book).exists()
    Path(book).touch()
    assert run_command(["forms", book, str(tmp_path / "a.lrmx"), *given]) == BAD_INPUT
    assert "不予覆盖" in capsys.readouterr().err


def test_what_forms_prints_is_documented(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.lrmx").write_bytes(lrmx(ChuShengNianYue="195001"))
    given = ["--place", "640302", "--home", str(home.path), "--json"]
    capsys.readouterr()
    written = [str(tmp_path / "b.xlsx"), str(tmp_path / "a.lrmx")]
    assert run_command(["forms", *written, *given]) == DONE
    documented = fields_of("### forms --json")
    assert assert_documented(documented, json.loads(capsys.readouterr().out)) == set(documented)
