"""Flows without a server: the same ends, decisions and crashes as with one, and none is started."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import StateType
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
    temporary_settings,
)

from data.home import VARIABLE, Home
from flows.cycle import STAGE_FLOWS
from flows.cycle import cycle as whole
from schemas.vocabulary import Outcome, Stage
from tasks import steps
from tasks.moved import FactsMoved
from tasks.running import WATCHING, ended_here
from tests.support import cycle
from tests.support.command import CLOSED, DONE
from tests.support.places import environment
from tests.support.signing import sign_all
from tests.support.tree import ROOT

UNIT, TOWN = "640302103-congress", "640302103"

# Runs a command, and says which libraries it has loaded.
PROGRAM = """
import sys
from deployments.cli import run_command
code = run_command(sys.argv[1:])
heavy = ("prefect", "great_expectations", "prefect.server")
print(*(name for name in heavy if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


def command(home: Home, *arguments: str) -> tuple[int, str, list[str]]:
    """A command in a process of its own: exit code, output, libraries that it loaded."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        (sys.executable, "-c", PROGRAM, *arguments, "--day", cycle.ON.isoformat()),
        env={**kept, **environment(home), "PYTHONPATH": str(ROOT), "TERMGATE_LANG": "en"},
        check=False,
        capture_output=True,
        text=True,
    )
    (loaded,) = done.stderr.splitlines() or [""]
    return done.returncode, done.stdout, loaded.split()


def test_a_stage_is_run_without_a_server_and_validated_once(tmp_path: Path) -> None:
    home, plain = cycle.small_home(tmp_path / "home"), cycle.small_home(tmp_path / "plain")
    code, said, loaded = command(home, "run", "plan")
    cycle.launch(plain, "plan")
    assert code == CLOSED
    assert "0 of 10 units open, 10 waiting" in said
    assert cycle.said(home) == cycle.said(plain)
    assert "great_expectations" in loaded
    assert {entry["run"] for entry in cycle.entries(home, "decided")} == {None}
    for one in (home, plain):
        sign_all(one, Stage.PLAN)
    cycle.launch(plain, "plan")
    code, said, loaded = command(home, "run", "plan")
    assert code == DONE
    assert "10 of 10 units open" in said
    assert loaded == ["prefect"]
    assert cycle.said(home) == cycle.said(plain)
    assert cycle.handed_on(home) == cycle.handed_on(plain)
    assert not list(home.prefect.glob("*.db"))


# Served and not


class Boom(Exception):
    """Something breaks."""


def broken(*_: object, **__: object) -> Any:
    raise Boom("words of the program")


def moved(*_: object, **__: object) -> Any:
    raise FactsMoved


ENDS = {
    "nothing breaks": ("", broken, "Open"),
    "receiving breaks": ("tasks.procedure.receive", broken, "Failed"),
    "a check breaks": ("tasks.steps.run_check", broken, "Failed"),
    "deciding breaks": ("tasks.procedure.decisions_of", broken, "Failed"),
    "recording breaks": ("tasks.procedure.record_each", broken, "Failed"),
    "facts move at a gate": ("tasks.moved.Since.still", moved, "Waiting"),
    "facts move on receiving": ("tasks.procedure.receive", moved, "Waiting"),
    "handing on breaks": ("tasks.steps.put_on_record", broken, "Failed"),
    "telling breaks": ("tasks.steps.summary", broken, "Failed"),
}
# A cycle goes on after a stage that breaks.
OF_A_CYCLE = ("nothing breaks", "receiving breaks", "recording breaks")


async def _state(running: Awaitable[Any]) -> Any:
    return await running


def with_server(name: str, scope: str) -> tuple[str, str]:
    """How a flow ends on the server."""
    flow: Callable[..., Any] = whole if name == "cycle" else STAGE_FLOWS[name]
    state = asyncio.run(_state(flow(scope, cycle.ON, return_state=True)))
    return state.name, state.message


def without_server(name: str, scope: str) -> tuple[str, str]:
    """How it ends without; nothing can be asked of one."""
    chosen = whole if name == "cycle" else STAGE_FLOWS[name]
    nowhere = {PREFECT_API_URL: None, PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False}
    with temporary_settings(nowhere):
        state = asyncio.run(ended_here(chosen, scope, cycle.ON))
    return state.name or "", state.message or ""


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "what"),
    [*(("plan", what) for what in ENDS), *(("cycle", what) for what in OF_A_CYCLE)],
)
def test_whatever_breaks_a_run_ends_as_with_a_server(
    name: str, what: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, how, expected = ENDS[what]
    ends, said, handed = [], [], []
    for run in (with_server, without_server):
        home = cycle.small_home(tmp_path / run.__name__)
        cycle.launch(home, "plan", TOWN)
        sign_all(home, Stage.PLAN, TOWN)
        monkeypatch.setenv(VARIABLE, str(home.path))
        with monkeypatch.context() as breaking:
            if where:
                breaking.setattr(where, how)
            ends.append(run(name, TOWN))
        said.append(cycle.said(home))
        handed.append(cycle.handed_on(home))
    assert ends[0] == ends[1]
    assert said[0] == said[1]
    assert handed[0] == handed[1]
    if name == "plan":
        assert ends[0][0] == expected


def test_a_step_outside_of_a_run_starts_no_server(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    called: Callable[..., Any] = steps.gate
    nowhere = {PREFECT_API_URL: None, PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False}
    with temporary_settings(nowhere), pytest.raises(ValueError, match="No Prefect API URL"):
        asyncio.run(_state(called(UNIT, "called as a task", "open", "")))
    assert cycle.entries(home, "decided") == []


def test_who_watches_is_told_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = cycle.small_home(tmp_path)
    monkeypatch.setenv(VARIABLE, str(home.path))
    told: list[tuple[Stage, int, int]] = []
    token = WATCHING.set(lambda *far: told.append(far))
    try:
        assert without_server("plan", "cycle")[0] == "Waiting"
    finally:
        WATCHING.reset(token)
    assert told == [(Stage.PLAN, done, 10) for done in range(1, 11)]


def test_the_cycle_without_a_server_goes_as_far_as_the_signatures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = cycle.small_home(tmp_path, run=True, declared=False)
    cycle.launch(home, "result")
    monkeypatch.setenv(VARIABLE, str(home.path))
    before = cycle.entries(home)
    state, message = without_server("cycle", "cycle")
    assert state == "Waiting"
    assert message.startswith("plan: open; nomination: open; vetting: open; inspection: open")
    assert cycle.entries(home) == before


def test_a_gate_that_waits_is_no_failure_and_lets_nothing_run_on() -> None:
    types = {one: steps.named_state(one, "").type for one in Outcome}
    assert types == {
        Outcome.OPEN: StateType.COMPLETED,
        Outcome.WAITING: StateType.CANCELLED,
        Outcome.BLOCKED: StateType.FAILED,
    }
