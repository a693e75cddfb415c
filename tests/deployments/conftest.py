"""A home that was run, the command line on it, and the key files of its officers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data.home import Home
from deployments.cli import run_command
from deployments.passphrase import VARIABLE
from schemas.vocabulary import Stage
from tests.support import cycle
from tests.support.command import Run
from tests.support.keyfiles import PASSPHRASE, key_of

# Officer, and which of their keys → arguments that name both.
By = Callable[..., tuple[str, ...]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small cycle after a run; `TERMGATE_HOME` names it."""
    made = cycle.small_home(tmp_path / "home", planted=True, run=True)
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


@pytest.fixture
def launched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small cycle without faults, its plan decided: every gate waits for signatures."""
    made = cycle.small_home(tmp_path / "home")
    cycle.launch(made, Stage.PLAN)
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """The file of an officer's key (`number` 2 and up: those that come after)."""
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    folder = tmp_path / "keys"
    folder.mkdir()

    def written(officer: str, number: int = 1) -> Path:
        return key_of(folder, officer, number)

    return written


@pytest.fixture
def by(key_file: Callable[..., Path]) -> By:
    """The arguments with which an officer acts."""

    def acting(officer: str, number: int = 1) -> tuple[str, ...]:
        return ("--as", officer, "--key", str(key_file(officer, number)))

    return acting


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
