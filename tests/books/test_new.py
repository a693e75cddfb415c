"""A new book: filled in where it can be known, and with few cells it opens the first gate.

What is expected of posts, deputies and days is the law of 2016; the walk is that of a county with
two townships, from `termgate new` to the first open gate of the plan, each typed cell counted.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.home import Home
from data.policies import read_pack
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, DONE
from schemas.vocabulary import Level, Outcome, Stage
from tasks.books.divisions import COUNTRY, NoSuchPlace, places_of
from tasks.books.rows import NewRow, rows_of
from tasks.intake.accept import open_cycle, submit_file
from tasks.intake.headings import REGISTER_NAMES
from tasks.intake.unusable import Unusable
from tasks.officers.gates import Gates
from tasks.officers.recording import Recorder
from tests.books.typist import REFERENCE, Typist, few_divisions
from tests.intake.files import csv_text, read_book, workbook
from tests.support import cycle
from tests.support.signing import act_of, delivers, enrol, founding
from tests.test_docs import assert_documented, fields_of

ELECTION = date(2016, 11, 9)
UNITS = 7
MOST_TYPED = 150
Table = list[list[Any]]


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield


@pytest.fixture
def divisions(tmp_path: Path) -> Path:
    return few_divisions(tmp_path / "区划.csv")


def rows(register: str, place: str = "640302", pack: str = "cn-2016") -> list[NewRow]:
    made = rows_of(places_of(place, (), REFERENCE), read_pack(pack), ELECTION)
    return made.get(register, [])


def cells(register: str, **where: Any) -> list[dict[str, Any]]:
    found = [row.cells for row in rows(register)]
    return [row for row in found if all(row[name] == value for name, value in where.items())]


def test_the_posts_of_each_body_are_those_of_the_law() -> None:
    """地方组织法 2015 art. 8, 9: what the people's congresses of counties and townships elect."""
    kinds = {unit: [row["kind"] for row in cells("posts", unit=unit)] for unit in (
        "640302-congress", "640302-government", "640302-cppcc", "640302100-congress",
        "640302100-government",
    )}  # fmt: skip
    assert kinds == {
        "640302-congress": ["chair", "vice-chair", "member", "court-president",
                            "chief-procurator"],
        "640302-government": ["head", "deputy-head"],
        "640302-cppcc": ["chair", "vice-chair", "member"],
        "640302100-congress": ["chair"],
        "640302100-government": ["head", "deputy-head"],
    }  # fmt: skip
    # One chief each; how many others is the place's to say.
    assert {row["seats"] for row in cells("posts", kind="chair")} == {1}
    assert {row["seats"] for row in cells("posts", kind="deputy-head")} == {None}


def test_under_the_law_of_today_a_county_elects_the_director_of_supervision() -> None:
    kinds = {row.cells["kind"] for row in rows("posts", pack="cn-2026")}
    assert "supervision-director" in kinds


def test_deputies_are_counted_by_the_formula() -> None:
    """选举法 2015 art. 11: 120 and one for 5,000 people; 40 and one for 1,500, at most 160."""
    people = {row["jurisdiction"]: row["population"] for row in cells("jurisdictions")}
    (county,) = cells("assemblies", unit="640302-congress")
    assert county["members"] == 120 + people["640302"] // 5000
    (town,) = cells("assemblies", unit="640302100-congress")
    assert town["members"] == min(40 + people["640302100"] // 1500, 160)
    assert (county["fixed_by"], town["fixed_by"]) == (
        "province-standing-committee",
        "county-standing-committee",
    )


def test_the_calendar_keeps_the_bounds_of_the_law() -> None:
    for row in cells("calendar"):
        days = [row["plan_on"], row["nomination_on"], row["vetting_on"], row["session_opens_on"]]
        assert days == sorted(days)
        assert row["term_years"] == 5
        if str(row["unit"]).endswith("congress"):
            assert row["election_day"] == row["deputies_elected_on"] == ELECTION
            assert ELECTION <= row["credentials_on"] < row["session_opens_on"]
            assert row["session_opens_on"] <= date(2017, 1, 9)
    (county,) = cells("calendar", unit="640302-congress")
    (cppcc,) = cells("calendar", unit="640302-cppcc")
    assert (county["session_opens_on"] - cppcc["session_opens_on"]).days == 1


def test_levels_choose_whose_bodies_are_renewed() -> None:
    whole = places_of("640302", (), REFERENCE)
    towns = places_of("640302", [Level.TOWNSHIP], REFERENCE)
    assert [row["jurisdiction"] for row in towns.above] == ["640300", "640302"]
    assert [row["jurisdiction"] for row in whole.above] == ["640300"]
    assert len(whole.within) == len(towns.within) + 1
    with pytest.raises(NoSuchPlace):
        places_of("640399", (), REFERENCE)
    with pytest.raises(NoSuchPlace):
        places_of("640302100", [Level.CITY], REFERENCE)


@pytest.mark.parametrize("path", [COUNTRY, REFERENCE])
def test_a_list_that_is_shipped_says_of_which_day_it_is_and_where_it_comes_from(
    path: Path,
) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert "截至" in first
    assert "国家统计局" in first or "来源" in first


def test_the_country_s_list_has_the_places_that_have_bodies() -> None:
    """民政部, June 2023: 333 prefectures and 2,844 counties (1,299 县, 117 自治县, 49 旗, 397 市).

    Of the prefectures 7 are 地区 and 3 are 盟, which have no congress; nor have the two of 三沙.
    """
    every = places_of("640300", ()), places_of("110000", ())
    with COUNTRY.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row[0].isdecimal()]
    levels = Counter(row[2] for row in rows)
    assert levels == {"省": 31, "市": 333 - 7 - 3, "县区": 2844 - 2}
    kinds = Counter(row[1][-1] for row in rows if row[2] == "县区")
    assert (kinds["县"], kinds["旗"], kinds["市"]) == (1299 + 117, 49 + 3, 397)
    assert [len(one.within) for one in every] == [6, 16]


def test_a_county_of_the_country_s_list_asks_for_its_population_and_its_deputies() -> None:
    made = rows_of(places_of("640302", ()), read_pack("cn-2016"), ELECTION)
    city, county = made["jurisdictions"]
    assert (city.cells["name"], city.cells["parent"], county.cells["name"]) == (
        "吴忠市", None, "利通区",
    )  # fmt: skip
    assert county.wanted == ("population",)
    (congress,) = [x for x in made["assemblies"] if x.cells["unit"] == "640302-congress"]
    assert congress.cells["members"] is None
    assert "members" in congress.wanted


def test_what_founded_an_autonomous_place_stands_in_its_name() -> None:
    above, within = places_of("622927", ()).above, places_of("622927", ()).within
    assert [row["founding_ethnicity"] for row in (*above, *within)] == [
        "回族",
        "保安族、东乡族、撒拉族",
    ]


def test_a_list_of_townships_adds_to_the_country_s(tmp_path: Path) -> None:
    head = ["行政区划代码", "名称", "层级", "上级代码", "人口", "自治或建乡民族"]
    path = tmp_path / "乡镇.csv"
    towns = [["640302100", "金积镇", "乡镇", "640302", "31000", ""],
             ["640302101", "金银滩镇", "乡镇", "640302", "", ""]]  # fmt: skip
    path.write_text(csv_text([head, *towns]), encoding="utf-8")
    places = places_of("640302", (), path)
    assert [row["name"] for row in places.within] == ["利通区", "金积镇", "金银滩镇"]
    towns[0][3] = "640399"
    path.write_text(csv_text([head, *towns]), encoding="utf-8")
    with pytest.raises(NoSuchPlace, match="640399"):
        places_of("640302", (), path)


def test_a_province_is_in_the_book_only_where_it_stands_directly_above_a_body() -> None:
    assert [row["name"] for row in places_of("640302", ()).above] == ["吴忠市"]
    assert [row["name"] for row in places_of("640300", ()).above] == ["宁夏回族自治区"]
    assert [row["name"] for row in places_of("110101", ()).above] == ["北京市"]


def test_the_list_of_the_reference_city_is_asked_for_by_its_name() -> None:
    (city,) = places_of("640302", (), Path("qingning-2016")).above
    assert city["name"] == "清宁市"


def test_a_place_is_asked_for_by_its_name_where_it_alone_has_it() -> None:
    assert places_of("正定县", ()) == places_of("130123", ())
    assert places_of("古渡镇", (), REFERENCE) == places_of("640302100", (), REFERENCE)
    with pytest.raises(NoSuchPlace) as told:
        places_of("朝阳区", ())
    assert "110105（北京市朝阳区）、220104（吉林省长春市朝阳区）" in str(told.value)
    with pytest.raises(NoSuchPlace, match="天宫县"):
        places_of("天宫县", ())


# The walk


def test_the_first_day(divisions: Path, tmp_path: Path) -> None:
    """The first plan gate opens, and all seven units hold, with at most 150 typed cells."""
    path = tmp_path / "换届数据.xlsx"
    given = ["--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09"]
    assert run_command(["new", str(path), *given, "--divisions", str(divisions)]) == DONE
    typist = Typist()
    typist.fill(path)
    home = Home(tmp_path / "home")
    receipts = open_cycle(home, "cn-2016", path, founding, historical=date(2016, 8, 28))
    assert [one.first for one in receipts if one.rejected] == []
    officers = {"o-640302-01", _officer(home, "organisation-department")}
    enrol(home, officers)
    on = date(2016, 8, 28)
    waiting = cycle.launch(home, Stage.PLAN, on=on)
    assert len(waiting) == UNITS
    held = {unit: cycle.closing(home, unit, "plan") for unit in waiting}
    assert {one.check for found in held.values() for one in found} == {"plan.sign-off"}
    for officer in sorted(officers):
        gates = Gates(Recorder(home), Stage.PLAN, "640302100-government")
        gates.record([act_of(gates, "640302100-government", officer)])
    outcomes = cycle.launch(home, Stage.PLAN, "640302100-government", on=on)
    assert outcomes == {"640302100-government": Outcome.OPEN}
    assert typist.typed <= MOST_TYPED, typist.typed


def test_a_book_that_opened_a_cycle_is_corrected_in_its_own_sheet(
    divisions: Path, tmp_path: Path
) -> None:
    """A new book knows no record, and so says nothing of the state in which a row stands there."""
    path, sheet = tmp_path / "换届数据.xlsx", "部署步骤"
    given = ["--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09"]
    assert run_command(["new", str(path), *given, "--divisions", str(divisions)]) == DONE
    Typist().fill(path)
    home = Home(tmp_path / "home")
    open_cycle(home, "cn-2016", path, founding, historical=date(2016, 8, 28))
    book = CalamineWorkbook.from_path(path)
    assert all("记录状态" not in book.get_sheet_by_name(one).to_python()[0]
               for one in book.sheet_names if one in REGISTER_NAMES)  # fmt: skip
    head, *steps = book.get_sheet_by_name(sheet).to_python()
    steps[-1][head.index("日期")] = date(2016, 8, 27)
    departments = _officer(home, "organisation-department")
    by = delivers(home, departments)
    (receipt,) = submit_file(home, workbook(tmp_path / "b.xlsx", {sheet: [head, *steps]}), by)
    assert (receipt.mode, receipt.accepted, receipt.rejected) == ("accept", len(steps), 0)
    days = Recorder(home).snapshot("cycle").facts.measures["held_on"].astype(str)
    assert (days == "2016-08-27").sum() == 1


def _officer(home: Home, organ: str) -> str:
    snapshot = Recorder(home).snapshot("cycle")
    officers = snapshot.facts.officers
    here = (officers["organ"] == organ) & (officers["jurisdiction"] == "640302")
    return str(officers.loc[here, "officer"].iloc[0])


def test_the_index_says_by_when_each_sheet_is_needed(divisions: Path, tmp_path: Path) -> None:
    """The nomination starts 65 days before the election, which the plan precedes."""
    path = tmp_path / "b.xlsx"
    given = ["--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09"]
    run_command(["new", str(path), *given, "--divisions", str(divisions)])
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("目录（自动生成）").to_python()
    head = sheet[0]
    assert head == ["工作表", "行数", "待填格数", "哪些环节需要", "最早期限", "由谁提供"]
    due = {row[0]: row[4] for row in sheet[1:]}
    assert due["部署步骤"] == "2016-09-05"
    assert due["责任清单"] == "2016-09-05"


def test_a_book_that_nobody_filled_in_says_so(divisions: Path, tmp_path: Path) -> None:
    """Rows that nobody touched are left out; what refers to them falls, and is counted there.

    The workbook that comes back has all rows of the book, those to be filled in too.
    """
    path = tmp_path / "b.xlsx"
    given = ["--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09"]
    run_command(["new", str(path), *given, "--divisions", str(divisions)])
    home = Home(tmp_path / "home")
    with pytest.raises(Unusable) as refused:
        open_cycle(home, "cn-2016", path, founding)
    *rows, not_there, organs, mended = [one.zh for one in refused.value.lines]
    assert len(rows) == 4
    assert rows[0].endswith("“谈话批次”第2行尚未填写；请先填写那一行")
    assert rows[1].endswith("“人员名册”第2行尚未填写；请先填写那一行")
    assert rows[2].endswith("“谈话批次”第3行尚未填写；请先填写那一行；另有“谈话人员”1行因此退回")
    assert "首批责任人员不在" in not_there
    assert "两个机关" in organs
    back = home.quarantine / "b.xlsx"
    assert str(back) in mended
    assert not home.has_cycle()
    written, kept = read_book(path), read_book(back)
    assert {name: (one.rows, one.unfilled) for name, one in kept.items()} == {
        name: (one.rows, one.unfilled) for name, one in written.items()
    }


def test_a_trial_of_a_book_without_officers_makes_no_keys(divisions: Path, tmp_path: Path) -> None:
    """What is mended can be tried again in the same folder."""
    path, keys = tmp_path / "b.xlsx", tmp_path / "keys"
    given = ["--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09"]
    run_command(["new", str(path), *given, "--divisions", str(divisions)])
    home = ["--home", str(tmp_path / "home")]
    opened = ["init", "--policy", "cn-2016", "--book", str(path), "--trial", str(keys), *home]
    assert run_command(opened) == BAD_INPUT
    assert not keys.exists()


def test_what_is_missing_on_the_command_line_is_refused_or_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.xlsx"
    assert run_command(["new", str(path), "--place", "640302"]) == BAD_INPUT
    assert "--policy" in capsys.readouterr().err
    answers = iter(["640302", "cn-2016", "2016-11-09"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert run_command(["new", str(path)]) == DONE
    assert run_command(["new", str(path)]) == BAD_INPUT
    assert "不予覆盖" in capsys.readouterr().err


def test_what_new_prints_is_documented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09", "--json"]
    assert run_command(["new", str(tmp_path / "b.xlsx"), *given]) == DONE
    documented = fields_of("### new --json")
    assert assert_documented(documented, json.loads(capsys.readouterr().out)) == set(documented)
