"""The main job and the command `run`, as a user starts them, on a server that runs already."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from data.home import Home
from data.ledger import Ledger
from data.status import statuses
from tests.support import cycle

pytestmark = [pytest.mark.server, pytest.mark.slow]


def termgate(*arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the console script."""
    program = Path(sysconfig.get_path("scripts"), "termgate")
    return subprocess.run(
        (str(program), *arguments),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "TERMGATE_LANG": lang, "COLUMNS": "200"},
    )


def test_the_main_job_ends_as_the_article_does(server: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = termgate("demo", "--home", str(home))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "113 units done, the city's own 3 under way" in done.stdout
    assert "8258" in done.stdout
    units = statuses(Ledger(Home(home).ledger))
    assert sum(one.done for one in units) == 113
    assert {one.level for one in units if not one.done} == {"city"}
    again = termgate("status", "--home", str(home))
    assert again.returncode == 3


def test_run_says_how_the_stage_stands(server: str, tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path, planted=True)
    where = ("--home", str(home.path), "--on", cycle.ON.isoformat())
    closed = termgate("run", "plan", *where)
    assert closed.returncode == 3, closed.stderr
    assert "plan.posts" in closed.stdout or "Posts and their numbers" in closed.stdout
    opened = termgate("run", "plan", "--scope", "640302103", *where, lang="zh")
    assert opened.returncode == 0, opened.stderr
    assert "2个单位中2个通过" in opened.stdout
    assert opened.stderr == ""


def test_run_refuses_what_does_not_exist_before_it_starts(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    for arguments in (("voting",), ("plan", "--scope", "999999"), ("plan", "--on", "31 February")):
        refused = termgate("run", *arguments, "--home", str(home.path))
        assert refused.returncode == 2, refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
        assert "Traceback" not in refused.stderr
