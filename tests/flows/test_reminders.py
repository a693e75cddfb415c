"""The reminder flow on a real server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from data.home import VARIABLE
from flows.reminders import reminders
from tests.support import cycle

pytestmark = pytest.mark.server


def test_reminders_are_told_once_and_shown(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = cycle.small_home(tmp_path)
    monkeypatch.setenv(VARIABLE, str(home.path))
    monkeypatch.setenv("TERMGATE_LANG", "en")

    async def launched(on: Any) -> Any:
        return await reminders(on, return_state=True)

    state = asyncio.run(launched(cycle.ON.isoformat()))
    told = len(cycle.entries(home, "reminded"))
    assert told
    assert (state.name, state.message.split(" new")[0]) == ("Reminded", str(told))
    again = asyncio.run(launched(cycle.ON))
    assert again.message.startswith("0 new reminders")
    odd = asyncio.run(launched("yesterday"))
    assert (odd.name, len(odd.message.splitlines())) == ("Blocked", 1)
    assert len(cycle.entries(home, "reminded")) == told
