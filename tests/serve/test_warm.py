"""The process that is copied: what it is to load is there, and what is used of Prefect's inside."""

import asyncio
import inspect
import multiprocessing
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.flow_engine import load_flow_run, run_flow_async
from prefect.results import ResultRecord, ResultRecordMetadata  # type: ignore[attr-defined]
from prefect.runner import Runner
from prefect.runner._control_channel import ControlChannel
from prefect.runner._process_manager import ProcessHandle, ProcessManager
from prefect.runner._scheduled_run_poller import ScheduledRunPoller

from data.home import VARIABLE
from deployments.serving.warm import LOADED, execute
from flows.plan import plan
from tests.buttons.ui import Ui, deploy
from tests.support import cycle


@pytest.mark.parametrize("name", LOADED)
def test_what_is_loaded_beforehand_is_there(name: str) -> None:
    # A fork server says nothing of what it cannot import; every run would start cold.
    assert find_spec(name)


def test_of_prefect_there_is_what_the_runner_uses() -> None:
    poller = inspect.getsource(ScheduledRunPoller)
    assert "self._resolve_starter(flow_run)" in poller
    assert "if self.stopping:" in poller
    assert "self._submitting_flow_run_ids" in poller
    assert "self._scheduled_run_poller = ScheduledRunPoller(" in inspect.getsource(Runner)
    assert inspect.iscoroutinefunction(ScheduledRunPoller._get_and_submit_flow_runs)
    for kind, names in {
        ControlChannel: ("register", "unregister"),
        ProcessHandle: ("graceful_kill", "hard_kill"),
        ProcessManager: ("flow_run_ids", "get"),
    }.items():
        assert all(callable(getattr(kind, name)) for name in names)


class Planted:
    """What leaves a file behind where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
        return Path.touch, (self._path,)


def _as_prefect(run: str) -> None:
    """Run it for its result, which is what Prefect does."""
    found = load_flow_run(UUID(run))
    asyncio.run(run_flow_async(plan, flow_run=found, parameters=found.parameters))


def _as_we(run: str) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=execute, args=(UUID(run), "flows.plan.plan", {})
    )
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.mark.server
@pytest.mark.parametrize(("way", "read"), [(_as_prefect, True), (_as_we, False)])
def test_a_result_that_somebody_set_is_not_read(
    way: Callable[[str], None],
    read: bool,
    server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = cycle.small_home(tmp_path / "home")
    monkeypatch.setenv(VARIABLE, str(home.path))
    trace, result = tmp_path / "trace", tmp_path / "result"
    about = ResultRecordMetadata(storage_key=str(result))
    made: ResultRecord[Any] = ResultRecord(result=Planted(trace), metadata=about)
    result.write_bytes(made.serialize())
    ui = Ui(server)
    run = ui.launch(deploy(plan, "planted"), scope="640302103-congress", on=str(cycle.ON))
    data = {"type": "reference", **about.model_dump(mode="json")}
    ui.set_state(run, {"type": "COMPLETED", "name": "Completed", "data": data})
    ui.close()
    way(run)
    # That it is read otherwise shows that there is something to be kept from.
    assert trace.exists() is read
