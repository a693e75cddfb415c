"""A home that was run, and the command line on it."""

from pathlib import Path

import pytest

from data.home import Home
from deployments.cli import run_command
from tests.support import cycle
from tests.support.command import Run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small cycle after a run; `TERMGATE_HOME` names it."""
    made = cycle.small_home(tmp_path / "home", planted=True, run=True)
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


@pytest.fixture
def termgate(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process; exit code, output, errors."""
    monkeypatch.setenv("TERMGATE_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = run_command(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run
