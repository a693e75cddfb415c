"""`pending`, `confirm` and `decline`: what waits is told, looked over, and confirmed when asked.

Expected from issue 13: what would change is shown first; a program that asks nobody says so.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from deployments.desk import views
from deployments.desk.known import Known
from deployments.exits import BAD_INPUT, CLOSED, DONE
from tasks.officers import keys
from tests.authority.rows_confirmations import invented, kept_waiting
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    SECRETARY,
    STRANGER,
    UNITED_FRONT,
    Case,
    case_of,
    officer_row,
)
from tests.deployments.conftest import By
from tests.intake.files import csv_file
from tests.support import cycle
from tests.support.command import Run, answer
from tests.support.signing import who


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    case = case_of("open", tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(case.home.path))
    monkeypatch.setenv("TERMGATE_LANG", "en")
    return case


def test_what_waits_is_told_everywhere(at_home: Case, termgate: Run) -> None:
    assert answer(termgate, "pending") == []
    seq = kept_waiting(at_home, "officers", {**officer_row(SECRETARY), "organ": "petition-office"})
    (told,) = answer(termgate, "pending", code=CLOSED)
    assert (told["seq"], told["officer"]) == (seq, cycle.OFFICER)
    shown = answer(termgate, "pending", str(seq), code=CLOSED)
    assert [(one["key"], one["change"], one["columns"]) for one in shown["rows"]] == [
        (SECRETARY, "changed", ["organ"])
    ]
    assert (shown["closes"], shown["void"]) == (1, 2)
    assert "1 delivery to be confirmed" in termgate("status")[1]
    for officer, expected in ((CITY_DISCIPLINE, [seq]), (cycle.OFFICER, [])):
        assert answer(termgate, "inbox", "--as", officer,
                      code=CLOSED if expected else DONE)["confirmations"] == expected  # fmt: skip
    code, out, _ = termgate("pending", str(seq))
    assert code == CLOSED
    assert f"{SECRETARY} could no longer sign for any unit" in out


def test_the_rows_are_looked_over_in_a_workbook(
    at_home: Case, termgate: Run, tmp_path: Path
) -> None:
    seq = kept_waiting(at_home, "officers", {**officer_row(SECRETARY), "organ": "petition-office"},
                       invented())  # fmt: skip
    path = tmp_path / "rows.xlsx"
    assert termgate("pending", str(seq), "--rows", str(path))[0] == CLOSED
    (sheet,) = CalamineWorkbook.from_path(path).sheet_names
    lines = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    assert [line[0] for line in lines[1:]] == ["", "new"]
    assert "petition office (was: party secretary)" in lines[1]
    assert "某人" in lines[2]
    code, _, err = termgate("pending", str(seq), "--rows", str(path))
    assert code == BAD_INPUT
    assert "exists already" in err


def test_confirming_asks_at_a_terminal_and_nowhere_else(
    at_home: Case, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    seq = kept_waiting(at_home, "officers", invented())
    arguments = ["confirm", str(seq), *by(CITY_DISCIPLINE)]
    code, out, err = termgate(*arguments)
    assert (code, out) == (BAD_INPUT, "")
    assert "--yes" in err
    asked: list[str] = []

    def typed(word: str) -> Callable[[str], str]:
        def answers(question: str) -> str:
            asked.append(question)
            return word

        return answers

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", typed("no"))
    code, out, _ = termgate(*arguments)
    assert code == CLOSED
    assert "nothing was changed" in out
    assert STRANGER in out
    assert cycle.entries(at_home.home, "confirmed") == []
    monkeypatch.setattr("builtins.input", typed("yes"))
    assert termgate(*arguments)[0] == DONE
    assert len(asked) == 2
    assert cycle.entries(at_home.home, "confirmed")[-1]["officer"] == CITY_DISCIPLINE


def test_a_delivery_that_waits_ends_with_three_and_says_what_to_do(
    at_home: Case, termgate: Run, by: By, tmp_path: Path
) -> None:
    path = csv_file(tmp_path / "x.csv", [invented()], "officers")
    tried = answer(termgate, "submit", "officers", str(path), "--as", cycle.OFFICER, "--dry-run")
    assert tried["waits"] is True
    code, out, _ = termgate("submit", "officers", str(path), *by(cycle.OFFICER))
    assert code == CLOSED
    seq = cycle.entries(at_home.home, "proposed")[-1]["seq"]
    assert f"termgate confirm {seq}" in " ".join(out.split())
    declined = answer(termgate, "decline", str(seq), "--reason", "no such person",
                      *by(CITY_DISCIPLINE))  # fmt: skip
    assert (declined["of"], declined["verdict"]) == (seq, "decline")
    assert answer(termgate, "pending") == []


# One answer, on the command line and at the desk


def test_the_inbox_lists_what_the_officer_may_do(at_home: Case, termgate: Run) -> None:
    """No key of somebody whom they put on the register, and no row about themselves."""
    at_home.deliver("officers", officer_row(KEYLESS), by=LIAISON)
    keys.enrol(at_home.recorder, who(KEYLESS))
    moved = {**officer_row(SECRETARY), "organ": "petition-office"}
    seq = kept_waiting(at_home, "officers", moved, by=LIAISON)
    # Officer → whether they vouch for the key, and confirm the delivery.
    expected = {
        DISCIPLINE: (True, True),
        UNITED_FRONT: (True, True),
        LIAISON: (False, False),
        SECRETARY: (False, False),
        CITY_SECRETARY: (False, True),
    }
    known = Known(at_home.home)
    for officer, (vouches, confirms) in expected.items():
        told = json.loads(termgate("inbox", "--as", officer, "--json")[1])
        mine = known.keys.of(officer)
        assert mine is not None
        desk = views.today(known, mine).outstanding
        listed = [one["officer"] for one in told["keys"]]
        assert listed == [key.officer for key in desk.keys] == [KEYLESS] * vouches
        assert told["confirmations"] == [one.seq for one in desk.deliveries] == [seq] * confirms
        shown = termgate("inbox", "--as", officer)[1]
        assert ("a key to be vouched for" in shown) is vouches
