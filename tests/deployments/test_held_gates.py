"""A gate on record as open does not count while an earlier one is closed."""

import json
from pathlib import Path

import pytest

from deployments.cli import run_command
from schemas.vocabulary import Outcome, Stage
from tests.support import cycle
from tests.support.stages import run_stage

UNIT = "640302-congress"


def test_an_open_gate_is_held_by_an_earlier_one_that_closed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    home = cycle.small_home(tmp_path, run=True, declared=False)
    show = ["gate", "show", UNIT, "vetting", "--home", str(home.path)]
    assert run_command([*show, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["held_by"] is None

    calendar = next(row for row in cycle.small_rows()["calendar"] if row["unit"] == UNIT)
    cycle.deliver(home, "calendar", [{**calendar, "term_years": 4}])
    assert run_stage(home, Stage.PLAN, UNIT, cycle.ON) == {UNIT: Outcome.BLOCKED}

    assert run_command([*show, "--json"]) == 3
    shown = json.loads(capsys.readouterr().out)
    assert (shown["outcome"], shown["held_by"]) == ("open", "plan")
    assert run_command(show) == 3
    assert "this decision does not count" in capsys.readouterr().out
    assert run_command(["status", "--scope", UNIT, "--json", "--home", str(home.path)]) == 3
    (unit,) = json.loads(capsys.readouterr().out)
    assert unit["stages"] == {
        "plan": "blocked",
        "nomination": "not_reached",
        "vetting": "not_reached",
        "inspection": "not_reached",
        "slate": "not_reached",
        "result": "not_reached",
    }
