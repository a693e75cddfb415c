"""The folder of ask lists that a serve keeps: it follows the record, and takes nobody's work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import pytest

from data.home import VARIABLE, Home
from deployments.serving import lists
from deployments.serving.lists import Lists, make_lists
from schemas.text import Language, Refusal, Text
from tasks.asklists import keeping
from tests.support import cycle

PARTY = "640302-清源区-党委.xlsx"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Four places with their planted faults: the township's committee met too early."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "home"))
    return cycle.small_home(tmp_path / "home", planted=True)


def files(home: Home) -> list[str]:
    return sorted(path.name for path in home.lists.glob("*.xlsx"))


def mended(home: Home) -> None:
    """The committee met on a lawful day."""
    (row,) = [
        row
        for row in cycle.small_rows(planted=True)["measures"]
        if (row["jurisdiction"], row["kind"]) == ("640302100", "committee-meeting")
    ]
    cycle.deliver(home, "measures", [{**row, "held_on": date(2016, 8, 23)}])


def test_a_list_goes_once_nothing_is_asked_for(home: Home) -> None:
    assert make_lists() == len(files(home))
    assert PARTY in files(home)
    assert oct(home.lists.stat().st_mode & 0o777) == "0o700"
    assert make_lists() == 0
    mended(home)
    assert make_lists() >= 1
    assert PARTY not in files(home)


@dataclass(frozen=True)
class Asked:
    """A list that is asked for, and what it says."""

    name: str
    content: bytes

    def file(self, _: Language) -> str:
        return self.name


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Bring a folder up to date with what is asked for."""
    monkeypatch.setattr(keeping, "Record", lambda _: None)
    monkeypatch.setattr(keeping, "deadlines", lambda _: ())
    monkeypatch.setattr(keeping, "list_bytes", lambda _record, one, _due, _lang: one.content)

    def followed(**wanted: bytes) -> int:
        lists = [Asked(f"{name}.xlsx", content) for name, content in wanted.items()]
        monkeypatch.setattr(keeping, "ask_lists", lambda *_: lists)
        return keeping.keep_lists(tmp_path / "lists", Mock(), "zh")

    return followed


def test_what_somebody_filled_in_there_is_left_to_them(
    follow: Callable[..., int], tmp_path: Path
) -> None:
    assert follow(a=b"1", b=b"1") == 2
    assert follow(a=b"1", b=b"1") == 0
    path = tmp_path / "lists" / "a.xlsx"
    path.write_bytes(b"filled in")
    assert follow(a=b"2", b=b"2") == 1
    assert path.read_bytes() == b"filled in"
    assert follow() == 1
    assert path.read_bytes() == b"filled in"
    # Once it is handed in and gone from there, the folder follows the record again.
    path.unlink()
    assert follow(a=b"3") == 1
    assert path.read_bytes() == b"3"


def test_a_list_that_somebody_removed_is_made_again(
    follow: Callable[..., int], tmp_path: Path
) -> None:
    folder = tmp_path / "lists"
    follow(a=b"1")
    (folder / "a.xlsx").unlink()
    assert follow(a=b"1") == 1
    (folder / keeping.MADE).write_text("no longer JSON")
    # What is not known to be ours is left as it is.
    assert follow(a=b"2") == 0
    assert (folder / "a.xlsx").read_bytes() == b"1"


class Process:
    """One that makes lists until it is told that it has."""

    def __init__(self) -> None:
        self.alive = True

    def is_alive(self) -> bool:
        return self.alive

    def terminate(self) -> None:
        self.alive = False

    def join(self) -> None:
        assert not self.alive


def test_they_are_made_once_the_record_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Process] = []

    def started() -> Process:
        made.append(Process())
        return made[-1]

    monkeypatch.setattr(lists, "started", started)
    monkeypatch.setattr(lists, "QUIET_SECONDS", 0.0)
    kept = Lists()
    # State of the record, whether a run is under way, whether they are made: so many were begun.
    steps = [(1, True, False, 0), (1, False, False, 1), (2, False, False, 1), (2, False, True, 2),
             (2, False, True, 2), (3, True, True, 2), (3, False, True, 3)]  # fmt: skip
    for state, busy, ready, begun in steps:
        if ready:
            made[-1].alive = False
        kept.follow(state, busy=busy)
        assert len(made) == begun
    kept.close()
    assert not made[-1].alive
    monkeypatch.setattr(lists, "QUIET_SECONDS", 60.0)
    for state in (4, 4, 5):
        kept.follow(state, busy=False)
    assert len(made) == 3


def test_of_what_fails_only_the_kind_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise ValueError("somebody's name")

    monkeypatch.setattr(lists, "make_lists", broken)
    lists.make_or_report()
    monkeypatch.setattr(lists, "make_lists", Mock(side_effect=Refusal(Text("拒绝", "refused"))))
    lists.make_or_report()
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "拒绝" in told
    assert "somebody" not in told
