"""The command `run` on a server that the user named, and what it refuses."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest

from deployments.cli import run_command
from schemas.vocabulary import Stage
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE
from tests.support.signing import sign_all

TOWN = "640302103"


@pytest.mark.server
def test_run_says_how_the_stage_stands_and_is_shown_on_the_server_that_the_user_named(
    server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    home = cycle.small_home(tmp_path, planted=True)
    where = ("--home", str(home.path), "--day", cycle.ON.isoformat())

    def run(*arguments: str, lang: str = "en") -> tuple[int, str]:
        monkeypatch.setenv("TERMGATE_LANG", lang)
        # The command puts its settings into the environment of its process.
        with patch.dict(os.environ):
            return run_command(["run", "plan", *arguments, *where]), capsys.readouterr().out

    code, told = run()
    assert code == CLOSED
    assert "plan.posts" in told or "Posts and their numbers" in told
    sign_all(home, Stage.PLAN, TOWN)
    code, told = run("--scope", TOWN, lang="zh")
    assert code == DONE
    assert "2个单位中2个通过" in told
    wanted = {"flows": {"name": {"any_": ["plan"]}}, "sort": "START_TIME_DESC", "limit": 2}
    newest, first = httpx.post(f"{server}/flow_runs/filter", json=wanted).json()
    assert [one["parameters"]["scope"] for one in (first, newest)] == ["cycle", TOWN]
    assert [one["state_name"] for one in (first, newest)] == ["Blocked", "Open"]


def test_run_refuses_what_does_not_exist_before_it_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = cycle.small_home(tmp_path)
    for arguments in (("voting",), ("plan", "--scope", "999999"), ("plan", "--day", "31 February")):
        assert run_command(["run", *arguments, "--home", str(home.path)]) == BAD_INPUT
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
