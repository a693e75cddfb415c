"""Buttons on the served system: with its worker, its watch and its automations.

It is served under strace for all of this, which says at the end that nothing connected elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.verify import verify
from tests.browser.elsewhere import page_elsewhere
from tests.browser.scene import chromium
from tests.buttons.rows import state
from tests.buttons.runs import SCOPE, SIGNED, STAGE, UNSIGNED, decided
from tests.buttons.ui import Json, Ui
from tests.network.calls import outside, reached, tracer
from tests.support import cycle
from tests.support.patience import until
from tests.support.programs import needs, needs_chromium
from tests.support.served import Served, serving
from tests.support.signing import sign_all

pytestmark = [
    pytest.mark.server,
    pytest.mark.long,
    needs("strace"),
]

AT_ONCE = 20
# Two more gates that wait for their signatures.
OTHER, ANOTHER = "640302100-congress", "640302100-government"
FAR_AWAY = "2099-01-01T00:00:00Z"
# A worker that asks for runs shows in its deployments.
RECKONED = {"estimated_run_time", "estimated_start_time_delta", "last_polled", "status", "updated"}
PARAMETERS = {"scope": SCOPE, "on": cycle.ON.isoformat()}


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trace") / "trace"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, trace: Path) -> Iterator[Served]:
    """A small cycle whose first stage waits for signatures everywhere: nothing is due."""
    home = cycle.small_home(tmp_path_factory.mktemp("served"))
    cycle.launch(home, STAGE)
    with serving(home, tracer=tracer(trace)) as started:
        yield started


@pytest.fixture
def ui(running: Served) -> Iterator[Ui]:
    seated = Ui(f"{running.url}/api", running.password)
    yield seated
    seated.close()


@pytest.fixture
def plan(ui: Ui) -> str:
    """The id of the deployment of the first stage."""
    return str(ui.get(f"/deployments/name/{STAGE.value}/{STAGE.value}")["id"])


def outcome(running: Served, unit: str) -> str:
    return cycle.decisions(running.home)[unit, STAGE.value][0]


def wait_until_open(running: Served, unit: str) -> None:
    until(lambda: outcome(running, unit) == "open", f"{unit} decided again")


def test_the_same_deployment_run_twenty_times_at_once(running: Served, ui: Ui, plan: str) -> None:
    gates = {(SIGNED, STAGE.value), (UNSIGNED, STAGE.value)}
    until(lambda: gates <= set(cycle.decisions(running.home)), "decided by the watch")
    before = decided(running.home)
    sign_all(running.home, STAGE, SIGNED)
    seated = [Ui(f"{running.url}/api", running.password) for _ in range(AT_ONCE)]
    call = ("POST", f"/deployments/{plan}/create_flow_run", {"parameters": PARAMETERS})
    with ThreadPoolExecutor(AT_ONCE) as hands:
        pressed = list(hands.map(lambda one: one.once(*call), seated))
    for one in seated:
        one.close()
    assert [answer.status_code for answer in pressed] == [201] * AT_ONCE
    ends = [ui.ended(answer.json()["id"]) for answer in pressed]
    assert {end["name"] for end in ends} == {"Waiting"}
    assert not any("database is locked" in end["message"] for end in ends)
    new = decided(running.home) - before
    assert {unit for unit, *_ in new} == {SIGNED}
    # The watch may have looked when only some had signed.
    assert {said for _, _, said, *_ in new} <= {"waiting", "open"}
    assert set(new.values()) == {1}
    assert sum(said == "open" for _, _, said, *_ in new) == 1
    assert outcome(running, UNSIGNED) == "waiting"
    assert Counter(one["unit"] for one in cycle.entries(running.home, "handed-on"))[SIGNED] == 1
    assert verify(running.home, blobs=True, acts=True)[1] is None


def test_what_the_pages_say_is_to_be_run_is_not(
    running: Served, ui: Ui, plan: str, tmp_path: Path
) -> None:
    """The program of a deployment can be edited; ours is run all the same."""
    ran = tmp_path / "ran"
    evil = tmp_path / "evil.py"
    evil.write_text(f"open({str(ran)!r}, 'w')\n", encoding="utf-8")
    step = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {ran}"}}
    before = cycle.decisions(running.home)
    ui.patch(
        f"/deployments/{plan}",
        {
            "entrypoint": f"{evil}:plan",
            "path": str(tmp_path),
            "pull_steps": [step],
            "job_variables": {"env": {"TERMGATE_HOME": str(tmp_path), "PYTHONSTARTUP": str(evil)}},
        },
    )
    end = ui.ended(ui.launch(plan, **PARAMETERS))
    assert end["name"] == "Waiting", end
    assert not ran.exists()
    # What was opened meanwhile goes on to its next stage.
    assert {gate for gate in cycle.decisions(running.home) if gate[1] == STAGE} == {
        gate for gate in before if gate[1] == STAGE
    }


def test_a_run_that_is_cancelled_leaves_its_stage_to_the_next(
    running: Served, ui: Ui, plan: str
) -> None:
    run = ui.launch(plan, **PARAMETERS)
    ui.set_state(run, state("CANCELLING"))
    assert ui.ended(run)["type"] == "CANCELLED"
    assert ui.ended(ui.launch(plan, **PARAMETERS))["name"] == "Waiting"
    assert outcome(running, UNSIGNED) == "waiting"
    assert verify(running.home, blobs=True, acts=True)[1] is None


def test_runs_for_the_end_of_the_century_keep_nothing_waiting(
    running: Served, ui: Ui, plan: str
) -> None:
    """Whoever schedules a run for later, or pauses one, does not stop what is due now."""
    for made in (
        state("SCHEDULED", state_details={"scheduled_time": FAR_AWAY}),
        state("PAUSED", "Suspended", state_details={"pause_timeout": FAR_AWAY}),
    ):
        body = {"parameters": {"scope": "cycle"}, "state": made}
        ui.post(f"/deployments/{plan}/create_flow_run", body)
    sign_all(running.home, STAGE, OTHER)
    wait_until_open(running, OTHER)


@pytest.mark.browser
@needs_chromium
def test_a_page_of_another_origin_triggers_nothing(running: Served, ui: Ui) -> None:
    """It goes for what the watch never launches, so that whatever comes of it was its doing."""
    whole = str(ui.get("/deployments/name/cycle/cycle")["id"])
    body = {"state": state("FAILED", "Blocked"), "parameters": PARAMETERS}
    run = str(ui.post(f"/deployments/{whole}/create_flow_run", body)["id"])
    before = shown(ui, whole)
    asked: list[str] = []
    with page_elsewhere(f"{running.url}/api", whole, run) as address, chromium() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
        page.goto(address)
        got = page.wait_for_function("window.got").json_value()
    # What is sent without asking first is not read; what it says is left to the server.
    assert set(got.values()) <= {"refused", "opaque"}, got
    assert any(one.endswith("/create_flow_run") for one in asked), "it did try"
    assert shown(ui, whole) == before


def shown(ui: Ui, deployment: str) -> list[Json]:
    """A deployment and its runs, but for what is worked out anew for each answer."""
    runs = ui.post("/flow_runs/filter", {"deployments": {"id": {"any_": [deployment]}}})
    stands = ui.get(f"/deployments/{deployment}")
    return [{name: one[name] for name in one.keys() - RECKONED} for one in (stands, *runs)]


def test_serving_connects_to_nothing_but_this_machine(running: Served, ui: Ui, trace: Path) -> None:
    """Started, asked, woken by a signature, and having run a stage."""
    sign_all(running.home, STAGE, ANOTHER)
    wait_until_open(running, ANOTHER)
    assert running.ports[0] in reached(trace)
    assert outside(trace) == []
