"""The process that is copied: what it is to load is there, and what is used of Prefect's inside."""

import inspect
from importlib.util import find_spec

import pytest
from prefect import flow_engine
from prefect.runner import Runner
from prefect.runner._control_channel import ControlChannel
from prefect.runner._process_manager import ProcessHandle, ProcessManager
from prefect.runner._scheduled_run_poller import ScheduledRunPoller

from deployments.serving.warm import LOADED


@pytest.mark.parametrize("name", LOADED)
def test_what_is_loaded_beforehand_is_there(name: str) -> None:
    # A fork server says nothing of what it cannot import; every run would start cold.
    assert find_spec(name)


def test_of_prefect_there_is_what_the_runner_uses() -> None:
    assert list(inspect.signature(flow_engine._main).parameters) == ["argv"]
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
