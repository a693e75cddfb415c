"""`submit --dry-run`: what it prints, in both languages, and that it leaves nothing."""

import csv
import json
import sys
from pathlib import Path

import pytest

from data.home import Home
from schemas.registers import REGISTERS
from schemas.vocabulary import STAGES
from tasks.officers import keys
from tests.authority.scene import ADDED, CITY_LIAISON, LIAISON, OTHER, SECRETARY, case_of, meeting
from tests.authority.scene import UNIT as UNIT_OF_TOWN
from tests.deployments.conftest import By
from tests.generator import Row
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, files
from tests.support.signing import who

UNIT = "640302-congress"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = cycle.small_home(tmp_path / "home", run=True, declared=False)
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


def written(folder: Path, register: str, row: Row) -> str:
    """A CSV file of one row."""
    path = folder / f"{register}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        names = [spec.name for spec in REGISTERS[register].columns]
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerow([_cell(row.get(name)) for name in names])
    return str(path)


def _cell(value: object) -> object:
    return value if not isinstance(value, bool) else "yes" if value else "no"


def calendar(**cells: object) -> Row:
    row = next(one for one in cycle.small_rows()["calendar"] if one["unit"] == UNIT)
    return {**row, **cells}  # type: ignore[dict-item]


def test_a_gate_that_would_close_is_named_with_its_signatures_and_the_row(
    opened: Home, tmp_path: Path, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "calendar", calendar(term_years=4))
    command = ("submit", "calendar", file, "--as", cycle.OFFICER, "--dry-run")
    before = files(opened.path)
    code, out, _ = termgate(*command, "--json")
    assert code == CLOSED
    told = json.loads(out)
    assert told["dry_run"] is True
    assert told["registers"] == [
        {"register": "calendar", "accepted": 1, "rejected": 0, "readings": 0}
    ]
    plan = next(one for one in told["gates"] if one["stage"] == "plan")
    assert (plan["unit"], plan["before"], plan["after"], plan["closes"]) == (
        UNIT, "open", "blocked", True,
    )  # fmt: skip
    assert plan["held"] == [stage.value for stage in STAGES[1:-1]]
    assert plan["changes"] == [{"register": "calendar", "key": UNIT, "change": "changed"}]
    assert {one["void"] for one in plan["signatures"]} == {"other-evidence"}
    assert told["void"] == sum(len(one["signatures"]) for one in told["gates"]) > 0
    assert told["closes"] == sum(one["closes"] for one in told["gates"]) > 0
    code, out, _ = termgate(*command)
    assert code == CLOSED
    assert "dry run: nothing was written" in out
    assert f"{UNIT} plan: open → blocked" in out
    assert f"changed: {UNIT}" in out
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    code, out, _ = termgate(*command)
    assert "试报：没有写入任何内容" in out
    assert f"{UNIT} 方案：通过 → 受阻" in out
    assert f"有改动：{UNIT}" in out
    assert "的签字将无效" in out
    assert files(opened.path) == before


def test_a_row_as_it_stands_does_nothing(opened: Home, tmp_path: Path, termgate: Run) -> None:
    file = written(tmp_path, "calendar", calendar())
    code, out, _ = termgate(
        "submit", "calendar", file, "--as", cycle.OFFICER, "--dry-run", "--json"
    )
    told = json.loads(out)
    assert (told["closes"], told["void"]) == (0, 0)
    assert code == DONE


def test_what_would_be_rejected_is_told_and_goes_nowhere(
    opened: Home, tmp_path: Path, termgate: Run
) -> None:
    file = written(tmp_path, "calendar", calendar(unit="640399-congress"))
    before = files(opened.path)
    code, out, _ = termgate("submit", "calendar", file, "--as", cycle.OFFICER, "--dry-run")
    assert code == BAD_INPUT
    assert "640399-congress" in out
    assert files(opened.path) == before


def test_who_may_not_deliver_is_told_so(opened: Home, tmp_path: Path, termgate: Run) -> None:
    file = written(tmp_path, "calendar", calendar())
    code, _, err = termgate("submit", "calendar", file, "--as", "o-640300-99", "--dry-run")
    assert code == BAD_INPUT
    assert "o-640300-99" in err
    assert cycle.entries(opened, "attempted") == []


def test_who_delivers_is_told_which_gates_they_may_sign_no_more(
    tmp_path: Path, termgate: Run
) -> None:
    """A secretary's deployment steps: the plans of the place; the coordinator signs none."""
    case = case_of("decided", tmp_path / "home")
    file = written(tmp_path, "measures", meeting(1))
    expected = [{"unit": unit, "stage": "plan", "last": False} for unit in (UNIT_OF_TOWN, OTHER)]
    for officer, barred in ((SECRETARY, expected), (cycle.OFFICER, [])):
        command = ("submit", "measures", file, "--as", officer, "--dry-run")
        told = json.loads(termgate(*command, "--home", str(case.home.path), "--json")[1])
        assert told["barred"] == barred
        out = termgate(*command, "--home", str(case.home.path))[1]
        assert ("you may no longer sign 2 gates" in out) is bool(barred)


@pytest.mark.parametrize("withdraw", [False, True], ids=["rows", "withdrawn"])
def test_who_sits_at_a_terminal_is_asked_before_a_delivery_takes_anything_away(
    tmp_path: Path,
    termgate: Run,
    by: By,
    monkeypatch: pytest.MonkeyPatch,
    withdraw: bool,
) -> None:
    """A day of a meeting that the open plan was signed on: asked here, `--yes` and a pipe go on."""
    asked: list[str] = []

    def refuses(question: str) -> str:
        asked.append(question)
        return "no"

    monkeypatch.setattr("builtins.input", refuses)
    flag = ("--withdraw",) if withdraw else ()
    file = written(tmp_path, "measures", meeting(0 if withdraw else 1))
    for at_terminal, yes, asks in ((True, (), 1), (True, ("--yes",), 0), (False, (), 0)):
        case = case_of("open", tmp_path / f"home-{at_terminal}-{len(yes)}")
        monkeypatch.setenv("TERMGATE_HOME", str(case.home.path))
        before = len(cycle.entries(case.home, "submitted"))
        monkeypatch.setattr(sys.stdin, "isatty", lambda at=at_terminal: at)
        asked.clear()
        code, out, _ = termgate("submit", "measures", file, *flag, *yes, *by(cycle.OFFICER))
        assert len(asked) == asks
        assert (code, len(cycle.entries(case.home, "submitted")) - before) == (
            (CLOSED, 0) if asks else (DONE, 1)
        )
        assert ("gates that stand open and close: 1" in out) is bool(asks)
        assert ("signatures that count no more: 2" in out) is bool(asks)


def test_a_delivery_that_takes_nothing_away_asks_nothing_at_a_terminal(
    tmp_path: Path, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row as it stands, and what is refused: that is said by the delivery itself."""
    case = case_of("open", tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(case.home.path))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    file = written(tmp_path, "measures", meeting())
    assert termgate("submit", "measures", file, *by(cycle.OFFICER))[0] == DONE
    assert termgate("submit", "measures", file, *by("o-640300-99"))[0] == BAD_INPUT
    assert len(cycle.entries(case.home, "attempted")) == 1


def test_who_would_be_barred_is_asked_at_a_terminal(
    tmp_path: Path, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of("decided", tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(case.home.path))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: "yes")
    file = written(tmp_path, "measures", meeting(1))
    code, out, _ = termgate("submit", "measures", file, *by(SECRETARY))
    assert code == DONE
    assert "you may no longer sign 2 gates" in out


def test_who_is_the_last_of_their_organ_is_told_that_nobody_is_left(
    tmp_path: Path, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One liaison of two delivers: the other can sign; then nobody could once the other does."""
    case = case_of("decided", tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(case.home.path))
    ring = case.recorder.history.acts.keys
    others = {
        key.officer
        for key in ring.keys.values()
        if key.organ == "organisation-department" and key.current and key.officer != LIAISON
    } - {CITY_LIAISON}
    for officer in sorted(others):
        keys.revoke(case.recorder, officer, who(officer), "遗失")
    # The other's row is one more: what somebody else's takes the place of bars nobody.
    for officer, row, last in ((LIAISON, meeting(1), False), (CITY_LIAISON, ADDED, True)):
        file = written(tmp_path, "measures", row)
        command = ("submit", "measures", file, "--as", officer, "--dry-run")
        told = json.loads(termgate(*command, "--json")[1])["barred"]
        assert told
        assert {one["last"] for one in told} == {last}
        assert ("nobody is left then" in termgate(*command)[1]) is last
        monkeypatch.setenv("TERMGATE_LANG", "zh")
        assert ("此后再无人可为其中" in termgate(*command)[1]) is last
        monkeypatch.setenv("TERMGATE_LANG", "en")
        case.deliver("measures", row, by=officer)
