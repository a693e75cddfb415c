"""A trial: one person has everybody's keys, and it says so wherever the cycle is shown."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.home import Home
from data.keyfiles import load_key
from data.ledger import Ledger
from data.status import marks_of
from data.verify import verify
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, CLOSED, DONE
from schemas.words import TRIAL
from tests.books.typist import Typist, few_divisions
from tests.support import cycle

TOWN = "640302100-government"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield


@pytest.fixture
def divisions(tmp_path: Path) -> Path:
    return few_divisions(tmp_path / "区划.csv")


def command(*given: object) -> int:
    return run_command([str(one) for one in given])


def test_one_person_walks_to_the_first_open_gate_and_it_is_marked(
    divisions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, keys, home = tmp_path / "b.xlsx", tmp_path / "keys", Home(tmp_path / "home")
    at = ("--home", home.path)
    command(
        "new", book, "--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09",
        "--divisions", divisions,
    )  # fmt: skip
    Typist().fill(book)
    opened = command(
        "init", "--policy", "cn-2016", "--book", book, "--trial", keys, "--historical", "--day",
        "2016-08-28", *at,
    )  # fmt: skip
    assert opened == DONE
    files = {path.name for path in keys.iterdir()}
    passphrase = (keys / "passphrase").read_text().strip()
    assert files == {"passphrase"} | {
        name for one in _officers(home) for name in (one, f"{one}.pub")
    }
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    load_key(keys / "o-640302-01", passphrase)
    assert command("run", "plan", "--scope", TOWN, *at) == CLOSED
    for officer in _of(home, "secretary"), _of(home, "organisation-department"):
        key = ("--as", officer, "--key", keys / officer, "--passphrase-file", keys / "passphrase")
        assert command("sign", TOWN, "plan", "--yes", *key, *at) == DONE
    assert command("run", "plan", "--scope", TOWN, *at) == DONE
    (first,) = cycle.entries(home, "opened")
    assert first["trial"] is True
    assert verify(home)[1] is None
    capsys.readouterr()
    command("status", *at), command("gate", "show", TOWN, "plan", *at), command("audit", "log", *at)
    assert capsys.readouterr().out.count(TRIAL.zh) == 3
    command("gate", "show", TOWN, "plan", "--json", *at)
    assert json.loads(capsys.readouterr().out)["trial"] is True


def _officers(home: Home) -> list[str]:
    return [entry["officer"] for entry in cycle.entries(home, "key-enrolled")]


def _of(home: Home, organ: str) -> str:
    """The county's first officer of an organ."""
    found = [one for one in cycle.entries(home, "key-enrolled") if one["organ"] == organ]
    return str(min(one["officer"] for one in found if one["jurisdiction"] == "640302"))


def test_a_cycle_is_no_trial_unless_it_is_said(tmp_path: Path) -> None:
    home = cycle.open_home(tmp_path / "home", cycle.small_rows(), historical=None)
    assert cycle.entries(home, "opened")[0]["trial"] is False
    assert marks_of(Ledger(home.ledger)) == ""


def test_a_folder_that_stands_takes_no_keys(divisions: Path, tmp_path: Path) -> None:
    book, home = tmp_path / "b.xlsx", tmp_path / "home"
    command(
        "new", book, "--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09",
        "--divisions", divisions,
    )  # fmt: skip
    given = ("init", "--policy", "cn-2016", "--book", book, "--home", home)
    assert command(*given, "--trial", tmp_path) == BAD_INPUT
    assert not home.exists()
