"""The flows that look at the record every night, on a real server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow

from data.home import VARIABLE, Home
from flows.checkpoints import checkpoints
from flows.verification import verification
from tests.replay.scenes import edited
from tests.support import cycle
from tests.support.history import filed_checkpoint

pytestmark = pytest.mark.server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setenv("TERMGATE_LANG", "en")
    return cycle.small_home(tmp_path, run=True)


def state_of(flow: Flow[[], Any]) -> Any:
    async def launched() -> Any:
        return await flow(return_state=True)

    return asyncio.run(launched())


@pytest.mark.usefixtures("server")
def test_what_does_not_verify_or_replay_ends_blocked(home: Home) -> None:
    """`Blocked` is what the automation tells."""
    held = len(cycle.stored(home))
    state = state_of(verification)
    assert state.name == "Verified"
    assert state.message.startswith(f"all {held} entries verified")
    forged = next(one for one in cycle.entries(home, "decided") if one["outcome"] == "open")
    check = next(name for name in forged["findings"] if not name.endswith("sign-off"))
    edited(home, forged["seq"], findings={**forged["findings"], check: {"pass": ["nobody"]}})
    state = state_of(verification)
    assert state.name == "Blocked"
    assert f"entry {forged['seq']} does not replay" in state.message


@pytest.mark.usefixtures("server")
def test_a_checkpoint_is_due_while_none_covers_a_hand_off(home: Home) -> None:
    handed = len(cycle.entries(home, "handed-on"))
    state = state_of(checkpoints)
    assert (state.name, f"none covers {handed} hand-offs" in state.message) == ("Blocked", True)
    with cycle.unsynced():
        filed_checkpoint(home)
    assert state_of(checkpoints).name == "Covered"
