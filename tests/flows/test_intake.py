"""The intake flow on a real server: counts and ids, and nothing of what a file says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from data.home import VARIABLE, Home
from flows.intake import intake
from tasks.intake.inbox_folder import inbox_of
from tests.intake.files import csv_file
from tests.support import cycle
from tests.support.cycle import Entry

pytestmark = pytest.mark.server

OFFICER = cycle.OFFICER
SAID = "张三丰"


@pytest.fixture
def home(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = cycle.small_home(tmp_path)
    monkeypatch.setenv(VARIABLE, str(home.path))
    monkeypatch.setenv("TERMGATE_LANG", "en")
    return home


def drop(home: Home, name: str = "reports.csv", more: str = "") -> None:
    folder = inbox_of(home) / OFFICER
    folder.mkdir(parents=True, exist_ok=True)
    path = csv_file(folder / name, list(cycle.small_rows()["reports"])[:2], "reports")
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    cycle.sign_dropped(home, path, OFFICER)


def submitted(home: Home) -> list[Entry]:
    return cycle.submissions(home)


def launched(**parameters: Any) -> tuple[str | None, str]:
    async def launching() -> Any:
        return await intake(**parameters, return_state=True)

    state = asyncio.run(launching())
    return state.name, state.message or ""


def test_what_waits_is_taken_once(home: Home) -> None:
    drop(home)
    assert launched() == ("Taken", "1 file: 2 rows accepted, 0 rejected, 0 not taken")
    assert launched() == ("Taken", "0 files: 0 rows accepted, 0 rejected, 0 not taken")
    (entry,) = submitted(home)
    assert (entry["register"], entry["accepted"]) == ("reports", 2)


def test_what_is_rejected_is_told_in_counts(home: Home) -> None:
    drop(home, more=f"{SAID}\n")
    drop(home, name=f"{SAID}.csv")
    state, message = launched(officer=OFFICER)
    assert state == "Rejected"
    assert message.startswith("2 files: 2 rows accepted, 1 rejected, 1 not taken; ")
    assert message.endswith(OFFICER)
    assert SAID not in message


@pytest.mark.parametrize(
    ("parameters", "says"),
    [({"officer": "../x"}, "Officer"), ({"register": "nothing"}, "nothing"), ({"officer": 5}, "")],
)
def test_a_wrong_value_ends_with_one_line(
    parameters: dict[str, Any], says: str, home: Home
) -> None:
    drop(home)
    state, message = launched(**parameters)
    assert state == "Blocked"
    assert says in message
    assert len(message.splitlines()) == 1
    assert submitted(home) == []
