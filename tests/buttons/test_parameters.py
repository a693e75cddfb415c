"""Runs launched past their form with parameters made up: they decide nothing that is not so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from data.verify import verify
from flows.cycle import STAGE_FLOWS
from schemas.vocabulary import Stage
from tests.buttons.runs import DECIDED, FLOW, SCOPE, SIGNED, STAGE, UNSIGNED, Runs
from tests.buttons.ui import execute
from tests.support import cycle

pytestmark = pytest.mark.server

ON = cycle.ON.isoformat()


def hydrated(kind: str, **given: str) -> dict[str, str]:
    """What the server makes a parameter of by itself."""
    return {"__prefect_kind": kind, **given}


# None of these is a scope of this cycle on a day that may be decided on.
MADE_UP: tuple[dict[str, Any], ...] = (
    {"scope": SCOPE, "on": "2099-01-01"},
    {"scope": SCOPE, "on": "9999-12-31"},
    {"scope": SCOPE, "on": "0001-01-01"},
    {"scope": SCOPE, "on": "2016-12-30"},
    {"scope": SCOPE, "on": "yesterday"},
    {"scope": SCOPE, "on": 0},
    {"scope": "999999", "on": ON},
    {"scope": "", "on": ON},
    {"scope": None, "on": ON},
    {"scope": "..", "on": ON},
    {"scope": f"{SCOPE}' OR '1'='1", "on": ON},
    {"scope": f"{SCOPE}-congress,{UNSIGNED}", "on": ON},
    {"scope": [SCOPE], "on": ON},
    {"scope": {"unit": UNSIGNED}, "on": ON},
    {"scope": "6" * 100_000, "on": ON},
    {"scope": hydrated("json", value='"unknown"'), "on": ON},
    {"scope": hydrated("jinja", template="{{ 640302103 }}-open"), "on": ON},
    {"scope": SCOPE, "on": hydrated("jinja", template="{{ ctx }}")},
    {"scope": SCOPE, "on": ON, "open": True, "outcome": "open", "signers": ["o-640300-03"]},
    {"stage": "result", "unit": UNSIGNED},
)


def test_parameters_made_up_decide_nothing(runs: Runs) -> None:
    before = cycle.stored(runs.home)
    for parameters in MADE_UP:
        body = {"parameters": parameters, "enforce_parameter_schema": False}
        run = runs.ui.post(f"/deployments/{runs.deployment}/create_flow_run", body)["id"]
        execute(FLOW, run)
        # What no call takes never starts here; whoever serves finds its process gone.
        assert runs.ui.state(run)["name"] in ("Blocked", "Failed", "Scheduled"), parameters
        assert cycle.stored(runs.home) == before, parameters


def test_a_stage_launched_too_early_opens_nothing(runs: Runs) -> None:
    """The last stage, where the first is not through: it stops where something is not signed."""
    home = runs.home
    asyncio.run(_elect())
    gates = cycle.decisions(home)
    assert {gate for gate, (outcome, _) in gates.items() if outcome == "open"} == {
        (DECIDED, STAGE.value),
        (SIGNED, STAGE.value),
    }
    assert (SIGNED, Stage.RESULT.value) not in gates
    assert verify(home, blobs=True, acts=True)[1] is None


async def _elect() -> None:
    await STAGE_FLOWS["election"](SCOPE, cycle.ON, return_state=True)
