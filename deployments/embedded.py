"""Running a flow within this process: the same flow and steps as everywhere, without a server.

Rules: the settings stand in the environment before Prefect is imported; telemetry is off, and no
server is ever started behind one's back. A server that the user named (`PREFECT_API_URL`, or a
profile of Prefect's) is used as it is, and the run is shown there.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, cast

from data.home import VARIABLE, Home
from deployments.exits import CLOSED, DONE, FAULT

if TYPE_CHECKING:
    from prefect import State

API = "PREFECT_API_URL"
SETTINGS = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    # One transaction for each task event makes the next flow wait for seconds. So does a large one
    # on SQLite: whoever writes meanwhile waits, and Prefect's own server (ours does not) refuses a
    # flow run, which the client brings again after two seconds. Small ones, soon, let others in.
    # The recorder reads whole seconds alone: with less than one it would never sleep.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "0.2",
    # A line for each of 600 gates is noise; states and messages show them.
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def prepare(home: Home) -> None:
    """Point Prefect to this home; what the user's environment says already is kept."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(home.prefect))
    os.environ[VARIABLE] = str(home.path)
    home.prefect.mkdir(parents=True, exist_ok=True)


def code_of(state: str) -> int:
    """The exit code of a run that ended in a state of this name."""
    return {"Open": DONE, "Waiting": CLOSED, "Blocked": CLOSED}.get(state, FAULT)


async def run_flow(
    name: str, scope: str, on: date | None, watching: Callable[[str], None] | None = None
) -> tuple[str, str]:
    """Run a stage flow or the cycle; returns the name of the final state, and its message.

    `on` is the day, where the cycle is historical; `watching` learns how far it is, such as
    `plan 40 %`, where no page shows it.
    """
    from prefect.settings import get_current_settings

    from deployments.catalogue import named
    from tasks.running import WATCHING, ended_here

    if watching:
        WATCHING.set(lambda stage, done, of: watching(f"{stage.value} {100 * done // of} %"))
    chosen = named(name).load()
    if get_current_settings().api.url:
        # Prefect types the call of an async flow as if it were a plain one.
        running = cast("Awaitable[State[None]]", chosen(scope, on, return_state=True))
        state = await running
    else:
        state = await ended_here(chosen, scope, on)
    return state.name or "", state.message or ""
