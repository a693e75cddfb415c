"""The flows on a real server: states, artifacts, decisions, and nothing personal in Prefect."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.sorting import FlowRunSort, TaskRunSort

from data.home import DESK, VARIABLE, Home
from schemas.reports import check_title, finding_reason
from schemas.vocabulary import STAGES, Stage
from tasks.gate.snapshot import open_snapshot
from tasks.officers.recording import Recorder
from tasks.officers.signing import refuse
from tests.support import cycle
from tests.support.patience import PATIENCE, until
from tests.support.places import edit
from tests.support.signing import sign_all, sign_what_waits, signers_of, who

pytestmark = pytest.mark.server

# What an officer writes may name anybody.
REASON = "张三丰的材料有误"

Flow = tuple[str, str, str]  # name, state, message


@pytest.fixture
def run(server: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Flow]:
    """Run a flow by its name on a home."""
    from flows.cycle import STAGE_FLOWS
    from flows.cycle import cycle as whole

    def running(home: Home, name: str, scope: str = "cycle", on: date = cycle.ON) -> Flow:
        monkeypatch.setenv(VARIABLE, str(home.path))
        chosen = whole if name == "cycle" else STAGE_FLOWS[name]
        state = asyncio.run(_state(chosen(scope, on, return_state=True)))
        return name, state.name, state.message

    return running


async def _state(running: Awaitable[Any]) -> Any:
    return await running


def ask(question: Callable[[PrefectClient], Awaitable[Any]]) -> Any:
    """Ask the server something."""

    async def asked() -> Any:
        async with get_client() as client:
            return await question(client)

    return asyncio.run(asked())


def artifact(key: str) -> str:
    """The newest artifact of a key."""
    wanted = {"artifacts": {"key": {"any_": [key]}}, "limit": 1}
    answer = ask(lambda client: client._client.post("/artifacts/latest/filter", json=wanted))
    return str(answer.json()[0]["data"])


@pytest.mark.long
def test_the_cycle_ends_as_the_plain_procedure_does(
    run: Callable[..., Flow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    plain = cycle.small_home(tmp_path / "plain", planted=True, run=True)
    home = cycle.small_home(tmp_path / "flows", planted=True)
    for stage in STAGES:
        run(home, stage.value)
        sign_all(home, stage)
    _, state, message = run(home, "cycle")
    assert state == "Blocked"
    assert "plan: blocked" in message
    assert cycle.said(home) == cycle.said(plain)
    assert cycle.handed_on(home) == cycle.handed_on(plain)


@pytest.mark.long
def test_nobody_signs_by_launching(run: Callable[..., Flow], tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    for _ in range(2):
        assert run(home, "cycle")[1] == "Waiting"
        assert set(cycle.decisions(home)) == {
            (str(row["unit"]), "plan") for row in cycle.small_rows()["units"]
        }
        assert {outcome for outcome, _ in cycle.decisions(home).values()} == {"waiting"}
    assert cycle.handed_on(home) == {}


ORDER = (
    ("vetting", "640302100"),
    ("election", "640302-congress"),
    ("plan", "cycle"),
    ("inspection", "640302"),
    ("election", "cycle"),
    ("nomination", "cycle"),
)


@pytest.mark.long
def test_stages_one_by_one_end_as_the_cycle_does(run: Callable[..., Flow], tmp_path: Path) -> None:
    plain = cycle.small_home(tmp_path / "plain", planted=True, run=True)
    home = cycle.small_home(tmp_path / "flows", planted=True)
    for stage, scope in ORDER:
        run(home, stage, scope)
        sign_what_waits(home)
    cycle.run_all(home)
    assert cycle.said(home) == cycle.said(plain)
    assert cycle.handed_on(home) == cycle.handed_on(plain)


@pytest.mark.long
def test_a_stage_whose_units_all_hold_and_are_signed_is_open(
    run: Callable[..., Flow], tmp_path: Path
) -> None:
    home = cycle.small_home(tmp_path)
    cycle.run(home, "nomination", "640302100")
    assert run(home, "vetting", "640302100")[1] == "Waiting"
    assert sign_all(home, Stage.VETTING, "640302100")
    assert run(home, "vetting", "640302100")[1] == "Open"
    entries = cycle.entries(home)
    assert run(home, "vetting", "640302100")[1] == "Open"
    assert cycle.entries(home) == entries


@pytest.mark.long
def test_a_unit_under_way_makes_the_cycle_wait(run: Callable[..., Flow], tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path, run=True, declared=False)
    state, message = run(home, "cycle")[1:]
    assert state == "Waiting"
    assert "vetting: Open; inspection: Open; election: Waiting" in message


def test_a_run_keeps_what_it_decided_and_the_ui_shows_each_gate_that_is_not_open(
    run: Callable[..., Flow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    monkeypatch.setenv(DESK, "http://desk.test")
    home = cycle.small_home(tmp_path, planted=True, run=True)
    run(home, "cycle")
    decided = artifact("decided-plan")
    assert "✗ 受阻" in decided
    for unit in (str(row["unit"]) for row in cycle.small_rows()["units"]):
        assert f"[{unit}](http://desk.test/gate/{unit}/plan)" in decided
    assert re.search(r"\(http://desk\.test/stages/[0-9a-f-]{36}\)", decided)
    blocked = [gate for gate, (outcome, _) in cycle.decisions(home).items() if outcome == "blocked"]
    for stage in STAGES:
        missing = artifact(f"decided-{stage.value}")
        for unit in (unit for unit, at in blocked if at == stage.value):
            for finding in cycle.closing(home, unit, stage.value):
                assert check_title(finding.check) in missing
                assert finding.subject in missing
    gates = cycle.decisions(home)
    closed = {gate for gate, (outcome, _) in gates.items() if outcome != "open"}
    assert 0 < len(closed) < len(gates)
    assert shown_runs(closed) & set(gates) == closed


def test_a_gate_is_shown_in_the_run_that_opens_it_and_a_bar_where_that_takes_long(
    run: Callable[..., Flow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = cycle.small_home(tmp_path)
    monkeypatch.setattr("tasks.publishing.MOVE_SECONDS", PATIENCE)
    run(home, "plan")
    gates = set(cycle.decisions(home))
    assert shown_runs(gates) >= gates
    assert bars("plan") == []
    assert sign_all(home, Stage.PLAN)
    monkeypatch.setattr("tasks.publishing.MOVE_SECONDS", 0.0)
    assert run(home, "plan")[1] == "Open"
    assert shown_runs(gates) >= gates
    assert bars("plan") == [100.0]
    assert run(home, "plan")[1] == "Open"
    until(lambda: any(one == "forecast" for one in _steps("plan")), "the last step of the run")
    assert _shown_now() & gates == set()


def test_the_ui_shows_which_signatures_are_missing(
    run: Callable[..., Flow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    home = cycle.small_home(tmp_path)
    run(home, "plan")
    missing = artifact("decided-plan")
    for unit, _ in cycle.decisions(home):
        assert unit in missing
        (*found,) = cycle.closing(home, unit, "plan")
        assert found
        for finding in found:
            assert finding.check == "plan.sign-off"
            assert finding_reason(finding) in missing


def bars(stage: str) -> list[float]:
    """How far the progress bars are that the newest run of a stage left."""

    async def asked(client: PrefectClient) -> Any:
        newest = str(await _newest(client, stage))
        wanted = {
            "artifacts": {"type": {"any_": ["progress"]}},
            "flow_runs": {"id": {"any_": [newest]}},
        }
        return await client._client.post("/artifacts/filter", json=wanted)

    return [float(one["data"]) for one in ask(asked).json()]


def shown_runs(gates: Iterable[cycle.Gate]) -> set[cycle.Gate]:
    """The gates that have a task run of their unit's name in the newest run of their stage."""
    # The server records task runs from events, a moment later.
    until(lambda: set(gates) <= _shown_now(), "a task run for every gate")
    return _shown_now()


def _shown_now() -> set[cycle.Gate]:
    return {(name.split(" ")[0], stage.value) for stage in STAGES for name in _steps(stage.value)}


def _steps(stage: str) -> list[str]:
    return list(ask(lambda client: _names(client, stage)))


async def _newest(client: PrefectClient, stage: str) -> UUID | None:
    flows = FlowFilter(name=FlowFilterName(any_=[Stage(stage).work.value]))
    newest = await client.read_flow_runs(
        flow_filter=flows, sort=FlowRunSort.START_TIME_DESC, limit=1
    )
    return newest[0].id if newest else None


async def _names(client: PrefectClient, stage: str) -> list[str]:
    newest = await _newest(client, stage)
    if newest is None:
        return []
    runs = FlowRunFilter(id=FlowRunFilterId(any_=[newest]))
    found = await client.read_task_runs(flow_run_filter=runs, sort=TaskRunSort.NAME_ASC, limit=200)
    return [run.name for run in found]


def test_a_broken_ledger_keeps_every_gate_closed_and_is_named(
    run: Callable[..., Flow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    home = cycle.small_home(tmp_path, run=True)
    _, _, body = cycle.stored(home)[29]
    changed = bytes([body[40] ^ 1])
    edit(home, "UPDATE entries SET body = ? WHERE seq = 30", body[:40] + changed + body[41:])
    _, state, message = run(home, "election")
    assert state == "Blocked"
    assert "entry 30 was changed" in message


def test_nothing_personal_reaches_prefect(
    run: Callable[..., Flow], tmp_path: Path, server: str
) -> None:
    home = cycle.small_home(tmp_path, planted=True, run=True)
    given = open_snapshot(home, "640302103-congress", cycle.ON)
    officer = signers_of(home, given.pack, given.history)["640302103-congress", Stage.PLAN][0]
    refuse(Recorder(home), "640302103-congress", Stage.PLAN, who(officer), REASON)
    run(home, "cycle")
    for stage in STAGES:
        assert "640302103" in artifact(f"decided-{stage.value}")
    rows = cycle.small_rows(planted=True)
    names = {str(row["name"]) for row in (*rows["roster"], *rows["officers"])}
    assert len(names) > 100
    # Names of two characters occur in ordinary words; three are telling.
    telling = sorted(name for name in names if len(name) >= 3)[:100]
    folder = Path(os.environ["PREFECT_HOME"])
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    place = next(str(row["name"]) for row in rows["jurisdictions"])
    assert found({place}, content), "the scan must see what is there"
    assert not found([*telling, REASON], content)
    record = b"".join(body for _, _, body in cycle.stored(home))
    assert not found([*telling, REASON], record)


def found(names: Iterable[str], content: bytes) -> set[str]:
    """Names that stand in the bytes, in UTF-8, UTF-16 or escaped as in JSON."""
    ways = ("utf-8", "utf-16-le", "unicode_escape")
    return {name for name in names for way in ways if name.encode(way) in content}
