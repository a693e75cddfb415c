"""What the command line refuses is said in the reader's words, not in codes or the library's."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.home import Home
from data.submissions import ACCEPT
from schemas.registers import REGISTERS
from tasks.changes import Change, change_lines
from tasks.intake.handed_in import HandedIn
from tasks.intake.reading import Book
from tests.deployments.conftest import By
from tests.support import cycle
from tests.support.command import BAD_INPUT, Run
from tests.support.signing import enrol

LIAISON, SECRETARY = "o-640302-51", "o-640302-01"
TOWN = "640302100-congress"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = cycle.small_home(tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


def test_an_argument_that_is_no_number_is_said_to_be_one(
    home: Home, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(home, [SECRETARY])
    code, _, err = termgate("withdraw", "abc", *by(SECRETARY))
    assert (code, err) == (BAD_INPUT, "SEQ is a whole number, and “abc” was given\n")
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    code, _, err = termgate("withdraw", "abc", *by(SECRETARY))
    assert (code, err) == (BAD_INPUT, "SEQ 应为整数，写的是“abc”\n")


def test_an_act_that_is_not_taken_names_unit_and_stage(
    home: Home, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(home, [SECRETARY, LIAISON])
    termgate("run", "plan", "--scope", TOWN)
    termgate("sign", TOWN, "plan", "--yes", *by(SECRETARY))
    (signed,) = cycle.entries(home, "signed")
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    code, _, err = termgate("withdraw", str(signed["seq"]), "--yes", *by(LIAISON))
    assert code == BAD_INPUT
    assert err == f"古渡镇人大 方案 {LIAISON}：只能撤回本人签的\n"


def test_a_register_is_named_by_its_title(
    home: Home, termgate: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    file = tmp_path / "x.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    _, _, err = termgate("submit", "note", str(file), "--as", cycle.OFFICER, "--dry-run")
    assert f"没有名为“note”的台账（最接近的是“{REGISTERS['notices'].title.zh}”）" in err
    one = HandedIn(lambda _: Book({}, (), frozenset()), "duties", ACCEPT, cycle.ON)
    assert one.called == "责任清单"


def test_terms_of_a_changed_row_s_key_are_in_words() -> None:
    (line,) = change_lines([Change("duties", "changed", "130123/first-responsible")])
    assert line.zh == "台账“责任清单”有改动：130123/第一责任人"
    (line,) = change_lines([Change("units", "changed", TOWN)])
    assert line.en.endswith(TOWN)
