"""A file with sheets of several registers is one submission: all of its entries, or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.home import Home
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, DONE
from schemas.refusals import ActRefused
from schemas.text import Refusal
from tasks.intake import delivering
from tasks.intake.accept import submit_file
from tasks.intake.inbox_folder import inbox_of, take_inbox
from tasks.intake.refusal import Refused
from tasks.intake.unusable import Unusable
from tests.intake.files import csv_file, good_row, sheet_table, workbook
from tests.support import cycle
from tests.support.cycle import OFFICER
from tests.support.keyfiles import acting
from tests.support.signing import who

NEW = "r-999901", "a-999901"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home")


def tables(**of_case: Any) -> dict[str, Any]:
    """A report and the case that it opens: the second refers to the first."""
    report = {**cycle.small_rows()["reports"][0], "report": NEW[0]}
    case = {**cycle.small_rows()["cases"][0], "case": NEW[1], "report": NEW[0], **of_case}
    # The case comes first: in which order sheets stand says nothing.
    return {"立项专办": sheet_table([case], "cases"), "举报": sheet_table([report], "reports")}


def submitted(home: Home) -> list[tuple[str, int, int]]:
    return [
        (entry["register"], entry["accepted"], entry["rejected"])
        for entry in cycle.submissions(home)
    ]


def test_what_refers_to_another_sheet_of_the_file_is_taken_with_it(
    home: Home, tmp_path: Path
) -> None:
    receipts = submit_file(home, workbook(tmp_path / "补报.xlsx", tables()), who(OFFICER))
    assert [(one.register, one.accepted, one.rejected) for one in receipts] == [
        ("reports", 1, 0),
        ("cases", 1, 0),
    ]
    assert submitted(home) == [("reports", 1, 0), ("cases", 1, 0)]
    sources = {one["source"] for one in cycle.entries(home, "submitted")[-2:]}
    assert len(sources) == 1, "both entries name the one file"


def test_the_rejected_rows_of_all_sheets_come_back_in_one_workbook_and_go_in_mended(
    home: Home, tmp_path: Path
) -> None:
    given = tables(opened_on="昨天")
    given["举报"].append(["R 1", *given["举报"][1][1:]])
    first = int(cycle.entries(home)[-1]["seq"]) + 2
    receipts = submit_file(home, workbook(tmp_path / "000007-补报.xlsx", given), who(OFFICER))
    path = home.quarantine / f"{first:06d}-补报.xlsx"
    assert {one.quarantine for one in receipts} == {path}
    assert submitted(home) == [("reports", 1, 1), ("cases", 0, 1)]
    book = CalamineWorkbook.from_path(path)
    back = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert set(back) == {"举报", "立项专办"}
    assert [len(table) for table in back.values()] == [2, 2]
    back["举报"][1][0] = "r-999902"
    column = back["立项专办"][0].index("立项日期")
    back["立项专办"][1][column] = "2016-10-08"
    submit_file(home, workbook(path, back), who(OFFICER))
    assert submitted(home)[2:] == [("reports", 1, 0), ("cases", 1, 0)]


def test_one_sheet_that_cannot_be_read_refuses_the_file_and_all_faults_are_told(
    home: Home, tmp_path: Path
) -> None:
    given = tables()
    given["立项专办"] = [row[:-1] for row in given["立项专办"]]
    given["举报"][1][0] = "R 1"
    before = len(cycle.entries(home))
    with pytest.raises(Unusable) as told:
        submit_file(home, workbook(tmp_path / "补报.xlsx", given), who(OFFICER))
    assert len(cycle.entries(home)) == before
    lines = [line.zh for line in told.value.lines]
    assert len(lines) == 3
    assert "立项专办" in lines[0]
    assert "R 1" in lines[1]
    assert str(home.quarantine / "补报.xlsx") in lines[2]
    assert CalamineWorkbook.from_path(home.quarantine / "补报.xlsx").sheet_names == [
        "举报", "立项专办",
    ]  # fmt: skip


def test_what_breaks_off_between_two_registers_leaves_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = delivering.put_into_effect

    def breaking(transaction: Any, submitted: Any) -> None:
        if submitted["register"] == "cases":
            raise InterruptedError
        record(transaction, submitted)

    monkeypatch.setattr(delivering, "put_into_effect", breaking)
    with pytest.raises(InterruptedError):
        submit_file(home, workbook(tmp_path / "补报.xlsx", tables()), who(OFFICER))
    assert submitted(home) == []


def test_sheets_without_rows_deliver_nothing_and_a_file_of_such_alone_is_refused(
    home: Home, tmp_path: Path
) -> None:
    given = tables()
    submit_file(home, workbook(tmp_path / "a.xlsx", {**given, "立项专办": given["立项专办"][:1]}),
                who(OFFICER))  # fmt: skip
    assert submitted(home) == [("reports", 1, 0)]
    empty = {name: table[:1] for name, table in given.items()}
    with pytest.raises(Refusal, match="没有数据行"):
        submit_file(home, workbook(tmp_path / "b.xlsx", empty), who(OFFICER))
    with pytest.raises(Refusal, match="没有任何台账"):
        submit_file(home, workbook(tmp_path / "c.xlsx", {"说明": [["请填写"]]}), who(OFFICER))
    assert submitted(home) == [("reports", 1, 0)]


def test_a_file_named_after_its_register_and_a_folder_of_such_need_no_name(
    home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    report = {**cycle.small_rows()["reports"][0], "report": NEW[0]}
    path = csv_file(folder / "举报.csv", [report], "reports")
    submit_file(home, path, who(OFFICER))
    csv_file(folder / "人选.csv", cycle.small_rows()["candidates"][:2], "candidates")
    submit_file(home, folder, who(OFFICER))
    assert submitted(home) == [("reports", 1, 0), ("candidates", 2, 0), ("reports", 1, 0)]
    with pytest.raises(Refusal, match="没有名为"):
        submit_file(home, path.rename(folder / "天气.csv"), who(OFFICER))


def test_strangers_and_readings_are_refused_as_for_one_register(home: Home, tmp_path: Path) -> None:
    path = workbook(tmp_path / "补报.xlsx", {"说明": [["x"]], **tables()})
    with pytest.raises(ActRefused):
        submit_file(home, path, who("o-nobody"))
    with pytest.raises(Refused, match="strict"):
        submit_file(home, path, who(OFFICER), strict=True)
    assert submitted(home) == []


def test_the_command_takes_a_file_alone(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workbook(tmp_path / "补报.xlsx", tables())
    given = [*acting(tmp_path / "keys", OFFICER), "--home", str(home.path)]
    assert run_command(["submit", str(path), *given]) == DONE
    assert submitted(home) == [("reports", 1, 0), ("cases", 1, 0)]
    assert run_command(["submit", str(path), "--withdraw", *given]) == BAD_INPUT
    assert "--withdraw" in capsys.readouterr().err
    row = good_row("reports", report="R 1")
    bad = workbook(tmp_path / "又报.xlsx", {"举报": sheet_table([row], "reports")})
    assert run_command(["submit", str(bad), *given]) == BAD_INPUT


def test_the_inbox_takes_it_once_whatever_breaks_off(home: Home, tmp_path: Path) -> None:
    folder = inbox_of(home) / OFFICER
    folder.mkdir(parents=True)
    workbook(tmp_path / "补报.xlsx", tables()).rename(folder / "补报.xlsx")
    cycle.sign_dropped(home, folder / "补报.xlsx", OFFICER)
    with pytest.MonkeyPatch.context() as patch:

        def lost(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("tasks.intake.inbox_folder._put", lost)
        with pytest.raises(KeyboardInterrupt):
            take_inbox(home)
    (taken,) = take_inbox(home)
    assert (taken.register, taken.accepted, taken.rejected) == ("", 2, 0)
    assert submitted(home) == [("reports", 1, 0), ("cases", 1, 0)]
