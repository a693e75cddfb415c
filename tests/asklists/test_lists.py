"""Ask lists: exactly what is wanted, once, and nothing undone by a list that is old."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.home import Home
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, CLOSED, DONE
from schemas.asks import ANYWHERE, ASKED, asks_of
from schemas.registers import REGISTERS
from schemas.rules.catalogue import RULES
from schemas.vocabulary import Stage, TalkKind
from tasks.asklists.lists import ask_lists, list_bytes
from tasks.asklists.record import Record
from tasks.gate.snapshot import open_snapshot
from tasks.intake import reasons as r
from tasks.intake.accept import submit_file
from tasks.intake.inbox_folder import inbox_of, take_inbox
from tasks.intake.refusal import Refused
from tests.authority.scene import case_of, rows
from tests.intake.files import workbook
from tests.support import cycle
from tests.support.cycle import OFFICER
from tests.support.signing import who
from tests.test_docs import assert_documented, fields_of

TOWN, COUNTY = "640302100", "640302-清源区"
PARTY, ORGANISATION = f"{COUNTY}-党委.xlsx", f"{COUNTY}-组织部.xlsx"
Table = list[list[Any]]


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Four places with their planted faults: the township's committee met too early."""
    return cycle.small_home(tmp_path / "home", planted=True)


def asked(home: Home, folder: Path, *options: str) -> list[str]:
    """The lists that the command writes."""
    assert run_command(["ask", str(folder), *options, "--home", str(home.path)]) == CLOSED
    return sorted(path.name for path in folder.iterdir())


def table(path: Path, sheet: str) -> Table:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def handed_in(home: Home, path: Path, sheet: str, given: Table) -> list[tuple[str, int, int]]:
    receipts = submit_file(home, workbook(path, {sheet: given}), who(OFFICER))
    return [(one.mode, one.accepted, one.rejected) for one in receipts]


def test_every_line_of_the_table_names_what_there_is() -> None:
    rules = {code.partition(".")[2]: rule for code, rule in RULES.items()}
    for check, reasons in ASKED.items():
        assert set(reasons) <= set(rules[check].reasons), check
    every = [*ANYWHERE.values(), *(one for reasons in ASKED.values() for one in reasons.values())]
    for ask in (one for asks in every for one in asks if one.register != "*"):
        assert set(ask.columns) <= set(REGISTERS[ask.register].column), ask
        assert ask.where is None or ask.where[0] in REGISTERS[ask.register].column, ask


def test_whatever_a_check_can_say_asks_for_something_of_a_register() -> None:
    for code, rule in RULES.items():
        for reason in (*rule.reasons, "nothing-on-record"):
            asks = asks_of(code, reason, rule.reads[0].register)
            assert asks
            assert all(one.register in REGISTERS or one.register == "*" for one in asks)


def test_a_township_stands_in_its_county_s_list_once_for_both_of_its_bodies(
    home: Home, tmp_path: Path
) -> None:
    assert PARTY in asked(home, tmp_path / "lists")
    head, *rows = table(tmp_path / "lists" / PARTY, "部署步骤")
    assert head == [
        "行政区划代码",
        "行政区划代码·名称",
        "部署步骤",
        "日期",
        "文号",
        "待填",
        "记录状态",
    ]
    (row,) = rows
    assert row[:4] == [TOWN, "古渡镇", "常委会（党委会）", date(2016, 8, 19)]
    assert row[5] == "日期"


def test_a_note_says_why_by_which_law_and_what_stands_there(home: Home, tmp_path: Path) -> None:
    asked(home, tmp_path / "lists")
    with zipfile.ZipFile(tmp_path / "lists" / PARTY) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    notes = "".join(text for name, text in parts.items() if "comments" in name)
    assert "早于前一步骤" in notes
    assert "源文突出“早”" in notes
    assert "现为：2016-08-19" in notes
    assert any("FFFFF2CC" in text for name, text in parts.items() if "styles" in name)


def test_the_index_counts_and_leads_to_each_sheet(home: Home, tmp_path: Path) -> None:
    asked(home, tmp_path / "lists")
    head, *rows = table(tmp_path / "lists" / PARTY, "目录（自动生成）")
    assert head == ["工作表", "待补行数", "待填格数", "哪些环节需要", "最早期限"]
    assert [row[:4] for row in rows] == [["部署步骤", 1, 1, "方案"]]


def test_options_choose_stages_places_and_organs(home: Home, tmp_path: Path) -> None:
    whole = asked(home, tmp_path / "all", "--stage", "方案", "--stage", "选举结果")
    assert len(whole) > 2
    assert asked(home, tmp_path / "a", "--organ", "党委") == [PARTY]
    assert asked(home, tmp_path / "b", "--scope", TOWN) == [PARTY]
    given = ["--home", str(home.path)]
    assert run_command(["ask", str(tmp_path / "c"), "--scope", f"{TOWN}-x", *given]) == BAD_INPUT
    assert run_command(["ask", str(tmp_path / "c"), "--organ", "天文台", *given]) == BAD_INPUT


def test_where_nothing_is_wanted_nothing_is_written(home: Home, tmp_path: Path) -> None:
    given = ["--scope", "640302103", "--stage", "plan", "--home", str(home.path)]
    assert run_command(["ask", str(tmp_path / "none"), *given]) == DONE
    assert list((tmp_path / "none").iterdir()) == []


def test_a_list_that_is_not_filled_in_delivers_nothing(home: Home, tmp_path: Path) -> None:
    """Neither does a sheet of headings, nor one of no register; each is told why."""
    lists = tmp_path / "lists"
    asked(home, lists)
    before = len(cycle.entries(home))
    headings = workbook(tmp_path / "a.xlsx", {"承诺书": [["人员编号", "签订日期"]]})
    other = workbook(tmp_path / "b.xlsx", {"甲": [["乙", "丙"], ["1", "2"]]})
    for path, reason in (
        (lists / PARTY, r.NOTHING_NEW),
        (lists / ORGANISATION, r.NOTHING_NEW),
        (headings, r.NO_ROW),
        (other, r.NO_REGISTER),
    ):
        with pytest.raises(Refused) as refused:
            submit_file(home, path, who(OFFICER))
        assert refused.value.reason is reason
    assert len(cycle.entries(home)) == before


def test_an_old_list_undoes_nothing(home: Home, tmp_path: Path) -> None:
    asked(home, tmp_path / "lists")
    path = tmp_path / "lists" / PARTY
    given = table(path, "部署步骤")
    given[1][3] = "2016-08-23"
    assert handed_in(home, path, "部署步骤", given) == [("accept", 1, 0)]
    # The same once more stands so already; another day is not what the list was made on.
    with pytest.raises(Refused):
        handed_in(home, path, "部署步骤", given)
    given[1][3] = "2016-08-24"
    receipts = submit_file(home, workbook(path, {"部署步骤": given}), who(OFFICER))
    assert [one.rejected for one in receipts] == [1]
    assert "重新生成清单" in receipts[0].delivery.rejections[0].why("zh")
    # Nor does it help to take away on which state it was made.
    given[1][given[0].index("记录状态")] = ""
    assert handed_in(home, path, "部署步骤", given) == [("accept", 0, 1)]


def test_a_name_that_is_not_the_id_s_rejects_the_row(home: Home, tmp_path: Path) -> None:
    asked(home, tmp_path / "lists")
    path = tmp_path / "lists" / PARTY
    given = table(path, "部署步骤")
    given[1][1:4] = ["柳林镇", *given[1][2:3], "2016-08-23"]
    receipts = submit_file(home, workbook(path, {"部署步骤": given}), who(OFFICER))
    (found,) = receipts[0].delivery.rejections
    assert found.why("zh") == ("640302100 是“古渡镇”，而旁边写的是“柳林镇”；请改编号或名称")
    given[1][1] = " 古渡镇"
    assert handed_in(home, path, "部署步骤", given) == [("accept", 1, 0)]


def test_a_row_is_withdrawn_where_the_sheet_says_so(home: Home, tmp_path: Path) -> None:
    """A county's committee has no secretary-general; nobody asks for candidates of that post."""
    asked(home, tmp_path / "lists", "--stage", "方案", "--stage", "提名")
    path = tmp_path / "lists" / ORGANISATION
    head, *rows = table(path, "职位")
    (row,) = rows
    assert row[0] == "640302-congress-secretary-general"
    sheets = CalamineWorkbook.from_path(path)
    assert all(
        row[0] not in line for name in sheets.sheet_names if name != "职位"
        for line in table(path, name)
    )  # fmt: skip
    row[head.index("撤回此行")] = "不知道"
    assert handed_in(home, path, "职位", [head, row]) == [("accept", 0, 1)]
    row[head.index("撤回此行")] = "是"
    assert handed_in(home, path, "职位", [head, row]) == [("withdraw", 1, 0)]
    assert handed_in(home, path, "职位", [head, row]) == [("withdraw", 0, 1)]


def test_what_others_refer_to_is_not_withdrawn(home: Home, tmp_path: Path) -> None:
    head = ["职位", "单位", "职位类别", "应选名额", "名额核定机关", "文号", "撤回此行"]
    row = ["640302-congress-chair", *[""] * 5, "是"]
    path = workbook(tmp_path / "职位清理.xlsx", {"职位": [head, row]})
    receipts = submit_file(home, path, who(OFFICER))
    assert [(one.mode, one.accepted, one.rejected) for one in receipts] == [("withdraw", 0, 1)]
    assert re.search("仍被", receipts[0].delivery.rejections[0].why("zh"))


def test_a_list_is_handed_in_by_the_inbox_folder(home: Home, tmp_path: Path) -> None:
    asked(home, tmp_path / "lists")
    given = table(tmp_path / "lists" / PARTY, "部署步骤")
    given[1][3] = "2016-08-23"
    folder = inbox_of(home) / OFFICER
    folder.mkdir(parents=True)
    workbook(tmp_path / "filled.xlsx", {"部署步骤": given}).rename(folder / PARTY)
    cycle.sign_dropped(home, folder / PARTY, OFFICER)
    (taken,) = take_inbox(home)
    assert (taken.accepted, taken.rejected) == (1, 0)


def test_what_ask_prints_is_documented(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(home, tmp_path / "lists", "--json")
    shown = json.loads(capsys.readouterr().out)
    documented = fields_of("### ask --json")
    assert assert_documented(documented, shown) == set(documented)
    assert sum(one["cells"] for one in shown) >= len(shown)


def test_a_talk_that_is_named_is_told_and_one_that_was_not_held_yet_has_an_id(
    tmp_path: Path,
) -> None:
    """Who owes a talk: those on record with kind and day; else an id that no talk has yet."""
    case = case_of("lacking", tmp_path / "home")
    facts = open_snapshot(case.home, "cycle", case.on)
    listed = ask_lists(facts, (), ())
    (one,) = (each for each in listed if "talk_participants" in each.registers)
    (row,) = one.registers["talk_participants"]
    *known, fresh = row.choices["talk"]
    talks = {str(talk["talk"]): talk for talk in rows()["talks"]}
    kind = "responsibility"
    assert known == sorted(
        name
        for name, talk in talks.items()
        if talk["kind"] == kind and talk["jurisdiction"] in (COUNTY[:6], TOWN, "640300")
    )
    assert fresh not in talks
    path = tmp_path / "list.xlsx"
    path.write_bytes(list_bytes(Record(facts.facts), one, (), "zh"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    notes = "".join(text for name, text in parts.items() if "comments" in name)
    for name in known:
        assert f"{name}: {TalkKind(kind).label.zh} {talks[name]['held_on']}" in notes
    assert f"{fresh}：都不是的，用这个编号，并把这一条报送到“谈话批次”" in notes
    # What is offered answers what is asked.
    like = next(talk for talk in talks.values() if talk["jurisdiction"] == COUNTY[:6])
    case.deliver("talks", {**like, "talk": fresh, "kind": kind})
    case.deliver("talk_participants", {**row.known, "talk": fresh})
    after = ask_lists(open_snapshot(case.home, "cycle", case.on), (Stage.PLAN,), ())
    assert not [each for each in after if "talk_participants" in each.registers]
