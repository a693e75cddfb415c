"""Running a flow on Prefect's embedded server, with settings fit for the work.

Rules: the settings stand in the environment before Prefect is imported; telemetry is off; the
server listens on loopback only and keeps its files under the home. A server that the user named
(`PREFECT_API_URL`) is used as it is.
"""

from __future__ import annotations

import os
from datetime import date

from data.home import VARIABLE, Home
from deployments.exits import CLOSED, DONE, FAULT

SETTINGS = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    # One transaction for each task event makes the next flow wait for seconds.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
    # A line for each of 600 gates is noise; states and messages show them.
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
}


def prepare(home: Home) -> None:
    """Point Prefect to this home; what the user's environment says already is kept."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(home.prefect))
    os.environ[VARIABLE] = str(home.path)
    home.prefect.mkdir(parents=True, exist_ok=True)


async def run_flow(name: str, scope: str, on: date) -> tuple[int, str, str]:
    """Run a stage flow or the cycle.

    Returns:
        Exit code, name of the final state, and its message.
    """
    from flows.cycle import STAGE_FLOWS, cycle

    chosen = cycle if name == "cycle" else STAGE_FLOWS[name]
    state = await chosen(scope, on, return_state=True)
    code = {"Open": DONE, "Waiting": CLOSED, "Blocked": CLOSED}.get(state.name or "", FAULT)
    return code, state.name or "", state.message or ""
