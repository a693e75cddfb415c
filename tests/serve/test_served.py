"""A served cycle: what comes in is decided by itself, what dies is found, nobody else gets in."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosedError, WebSocketException
from websockets.sync.client import connect

from data.home import Home
from schemas.vocabulary import Stage
from tests.generator import Row
from tests.serve.hostile import Hostile, standing
from tests.support import cycle
from tests.support.patience import PATIENCE, until
from tests.support.places import copied, environment
from tests.support.served import ENDED, Api, Served, gone, secrets_in, serving
from tests.support.signing import sign_all
from tests.support.tree import ROOT

pytestmark = pytest.mark.server

TOWN, UNIT, OTHER = "640302103", "640302103-congress", "640302103-government"
EVIL = "http://evil.example"
IDLE_SECONDS = 2
# Probes, and what the pages themselves are made of.
OPEN_TO_ALL = {"/health", "/ready"}


# Helpers


def head(home: Home) -> int:
    return len(cycle.stored(home))


def settled(served: Served) -> None:
    """Wait until nothing runs and nothing is due."""
    until(served.settled, "settled")


def nothing_is_missed(home: Home, folder: Path) -> None:
    """On a copy, launching everything by hand records nothing more."""
    shutil.copytree(home.path, folder, ignore=shutil.ignore_patterns("prefect"))
    copy = Home(folder)
    before = cycle.stored(copy)
    cycle.launch(copy, "result")
    assert cycle.stored(copy) == before


def evidence(place: str) -> Row:
    """A row that the plan gates of a place read."""
    rows = cycle.small_rows()
    return next(row for row in rows["duties"] if cycle.home_of(rows, "duties", row) == place)


def one_at_a_time(runs: list[dict[str, object]]) -> None:
    """No two runs of a stage at once: one ends before the next starts."""
    spans = sorted((str(run["start_time"]), str(run["end_time"])) for run in runs)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


# Decisions come by themselves


def test_what_is_opened_is_decided_and_what_is_signed_goes_on(
    served: Served, tmp_path: Path
) -> None:
    settled(served)
    decided = cycle.decisions(served.home)
    assert {(unit, "plan") for unit in (UNIT, OTHER)} <= set(decided)
    sign_all(served.home, Stage.PLAN, UNIT)
    until(lambda: (UNIT, "nomination") in cycle.decisions(served.home), "next")
    settled(served)
    assert cycle.decisions(served.home)[UNIT, "plan"][0] == "open"
    assert (OTHER, "nomination") not in cycle.decisions(served.home)
    nothing_is_missed(served.home, tmp_path / "copy")


def test_a_burst_is_decided_rightly_by_one_run_at_a_time(served: Served, tmp_path: Path) -> None:
    settled(served)
    row = evidence(TOWN)
    for number in range(20):
        if number % 2:
            cycle.deliver(served.home, "duties", [row])
        else:
            cycle.withdraw(served.home, "duties", [row])
    settled(served)
    with served.api() as api:
        runs = [one for one in api.runs("plan") if one["state_type"] in ENDED and one["start_time"]]
        assert 0 < len(runs) < 20
        one_at_a_time(runs)
    nothing_is_missed(served.home, tmp_path / "copy")


def test_a_run_that_is_killed_is_marked_and_its_stage_launched_again(
    served: Served, tmp_path: Path
) -> None:
    settled(served)
    copies = served.copies()
    before = head(served.home)
    cycle.withdraw(served.home, "duties", [evidence("640302100")])
    (child,) = until(lambda: served.copies() - copies, "a run")
    child.kill()
    with served.api() as api:
        (killed,) = until(
            lambda: [one for one in api.runs("plan") if one["state_type"] == "CRASHED"],
            "marked",
        )
        settled(served)
        cycle.deliver(served.home, "duties", [evidence("640302100")])
        settled(served)
        after = [run for run in api.runs("plan") if run["created"] > killed["created"]]
    assert after
    decided = [
        (one["unit"], one["stage"], one["decision"])
        for one in cycle.entries(served.home, "decided")
        if one["seq"] > before
    ]
    assert len(decided) == len(set(decided))
    nothing_is_missed(served.home, tmp_path / "copy")


def test_a_helper_that_is_killed_is_started_again(served: Served, tmp_path: Path) -> None:
    settled(served)
    for one in served.copies():
        one.kill()
    cycle.withdraw(served.home, "duties", [evidence("640302103")])
    until(lambda: "helper process died" in served.output(), "told")
    settled(served)
    nothing_is_missed(served.home, tmp_path / "copy")


def test_what_has_nothing_to_do_takes_little_of_a_processor(served: Served) -> None:
    settled(served)
    lasting = served.tree()

    def spent() -> float:
        return sum(sum(one.cpu_times()[:2]) for one in lasting if one.is_running())

    taken = []
    # Every ten seconds it looks whether all is as it should be: not in each of these.
    for _ in range(3):
        before = spent()
        time.sleep(IDLE_SECONDS)
        taken.append(spent() - before)
    assert min(taken) < IDLE_SECONDS / 3


def test_what_runs_every_day_is_scheduled(served: Served) -> None:
    def scheduled() -> list[str]:
        with served.api() as api:
            return [str(run["name"]) for run in api.runs("reminders") if run["auto_scheduled"]]

    assert until(scheduled, "scheduled")


def test_a_file_in_the_inbox_becomes_a_submission(served: Served) -> None:
    settled(served)
    folder = served.home.path / "inbox" / cycle.OFFICER
    folder.mkdir(parents=True)
    (folder / "duties.csv").write_text("nonsense\n1\n", encoding="utf-8")
    until(lambda: list((folder / "rejected").glob("*.txt")), "taken")
    assert not (folder / "duties.csv").exists()


@contextmanager
def webhook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A webhook on this machine: its address, and what it was told."""
    told: list[dict[str, str]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", told
        finally:
            server.shutdown()


def notifying(api: Api) -> list[dict[str, Any]]:
    """The automations that tell people."""
    every = api.ask("/automations/filter")
    return [one for one in every if one["name"].startswith("termgate: notify")]


def test_a_block_named_termgate_is_told_what_matters(served: Served) -> None:
    reminder = {
        "event": "termgate.reminded",
        "occurred": datetime.now(UTC).isoformat(),
        "resource": {"prefect.resource.id": f"termgate.unit.{UNIT}"},
    }
    with served.api() as api, webhook() as (address, told):
        kind = api.get("/block_types/slug/custom-webhook").json()
        (schema,) = api.ask(
            "/block_schemas/filter", block_schemas={"block_type_id": {"any_": [kind["id"]]}}
        )[:1]
        data = {"name": "n", "url": address, "json_data": {"said": "{{subject}} {{body}}"}}
        api.ask(
            "/block_documents/",
            name="termgate",
            block_type_id=kind["id"],
            block_schema_id=schema["id"],
            data=data,
        )
        until(
            lambda: "termgate: notify reminder" in {one for one, _, _ in ids(api)},
            "set up",
        )
        # An automation is loaded a moment after it is made.
        until(
            lambda: api.post("/events", json=[{**reminder, "id": str(uuid4())}],
                             headers=api.tokens()).is_success and told,
            "told",
        )  # fmt: skip
        # One that somebody switches off is switched on again, as all that is ours.
        for one in notifying(api):
            path = f"/automations/{one['id']}"
            answer = api.patch(path, json={"enabled": False}, headers=api.tokens())
            answer.raise_for_status()
        until(lambda: all(one["enabled"] for one in notifying(api)), "switched on again")
    assert "a deadline comes near" in told[0]["said"]
    assert UNIT in told[0]["said"]


# Nobody else gets in


def test_no_call_works_without_the_password(served: Served) -> None:
    with served.api() as api:
        schema = api.get("/openapi.json").json()
    calls = [(method, path) for path, methods in schema["paths"].items() for method in methods]
    assert len(calls) > 100
    let_in = []
    with Api(served.url, None) as nobody, Api(served.url, "wrong") as stranger:
        for method, path in calls:
            where = path.removeprefix("/api")
            if where in OPEN_TO_ALL:
                continue
            for caller in (nobody, stranger):
                answer = caller.request(method.upper(), where)
                refused = {"get": {401}}.get(method, {401, 403})
                if answer.status_code not in refused:
                    let_in.append((method, path, answer.status_code))
    assert let_in == []


def test_a_page_of_another_origin_can_do_nothing(served: Served) -> None:
    run = {"name": "made elsewhere"}
    with served.api() as api:
        assert api.post("/flows/", json=run).status_code == 403
        forged = {**api.tokens(), "Origin": EVIL}
        assert api.post("/flows/", json=run, headers=forged).status_code == 403
        asked = {
            "Origin": EVIL,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "prefect-csrf-token",
        }
        preflight = api.options("/flows/", headers=asked)
        assert "access-control-allow-origin" not in preflight.headers
        assert api.get("/version", headers={"Host": "evil.example"}).status_code == 400
        own = {**api.tokens(), "Origin": served.url}
        assert api.post("/flows/", json=run, headers=own).status_code == 201


@pytest.mark.parametrize("path", ["events/in", "events/out", "logs/out"])
def test_no_socket_opens_for_a_page_of_another_origin(served: Served, path: str) -> None:
    address = f"ws://127.0.0.1:{served.ports[0]}/api/{path}"
    with pytest.raises(WebSocketException), connect(address, origin=EVIL):  # type: ignore[arg-type]
        pass
    with connect(address, subprotocols=["prefect"]) as stranger:  # type: ignore[list-item]
        stranger.send(json.dumps({"type": "auth", "token": "wrong"}))
        with pytest.raises(ConnectionClosedError, match="Invalid token"):
            stranger.recv(timeout=PATIENCE)


def test_processes_and_logs_show_no_secret(served: Served) -> None:
    commands = " ".join(" ".join(one.cmdline()) for one in served.tree())
    assert "serve" in commands
    assert secrets_in(commands) == []
    assert secrets_in(served.output()) == []
    assert secrets_in((served.home.prefect / "server.log").read_text()) == []


def ids(api: Api) -> set[tuple[str, str, str]]:
    """Deployments and automations: name, id, time of change."""
    found = [*api.ask("/deployments/filter"), *api.ask("/automations/filter")]
    return {(one["name"], one["id"], one["updated"]) for one in found}


# Whoever has the password

SOME = [
    ("PATCH", "/deployments/{id}"),
    ("POST", "/deployments/{id}/pause_deployment"),
    ("PATCH", "/work_pools/{name}"),
    ("PATCH", "/work_pools/{work_pool_name}/queues/{name}"),
    ("PATCH", "/automations/{id}"),
    ("POST", "/flow_runs/{id}/set_state"),
    ("DELETE", "/flows/{id}"),
]


def test_what_others_change_is_set_right_and_nothing_of_theirs_runs(
    served: Served, tmp_path: Path
) -> None:
    """Some of the calls; `test_hostile` makes all of them."""
    settled(served)
    before = cycle.decisions(served.home)
    with served.api() as api, Hostile(api, tmp_path) as hostile:
        stood = standing(api)
        changed = False
        for call in SOME:
            hostile.call(*call)
            # One may be set right before the next is made.
            changed = changed or standing(api) != stood
        assert changed
        assert hostile.busy() == []
        until(lambda: standing(api) == stood, "set right")
        settled(served)
        assert not hostile.trace.exists()
        assert hostile.decoy.poll() is None
    assert cycle.decisions(served.home) == before
    assert "changed, disabled or deleted in Prefect; set right again" in served.output()


# Asked from the command line

ASKING = """
import sys
from deployments.cli import run_command
code = run_command(sys.argv[1:])
print("prefect" in sys.modules, "pandas" in sys.modules, file=sys.stderr)
sys.exit(code)
"""


def test_run_asks_the_serve_and_says_what_a_run_here_says(served: Served, tmp_path: Path) -> None:
    settled(served)
    copy = copied(served.home.path, tmp_path / "copy")
    with served.api() as api:
        before = {str(run["id"]) for run in api.runs("plan")}
    told = []
    for home in (served.home, copy):
        kept = {one: said for one, said in os.environ.items() if not one.startswith("PREFECT_")}
        arguments = ("run", "plan", "--scope", UNIT, "--day", str(cycle.ON), "--json")
        done = subprocess.run(
            (sys.executable, "-c", ASKING, *arguments),
            env={**kept, **environment(home), "PYTHONPATH": str(ROOT), "TERMGATE_LANG": "en"},
            check=False,
            capture_output=True,
            text=True,
        )
        told.append((done.returncode, done.stdout))
        asked = home == served.home
        *words, loaded = done.stderr.splitlines()
        assert loaded == ("False False" if asked else "True True")
        # The copy has the record of a serve that is not its own.
        assert len(words) == (0 if asked else 1)
    assert told[0] == told[1]
    with served.api() as api:
        (run,) = [run for run in api.runs("plan") if str(run["id"]) not in before]
    assert run["parameters"] == {"scope": UNIT, "on": str(cycle.ON)}
    assert secrets_in("".join(out for _, out in told)) == []


# From one serve to the next


def test_killed_and_started_again_it_goes_on_and_ends_in_order(
    served: Served, tmp_path: Path
) -> None:
    """The last of this module: what is killed is the one that the others share."""
    settled(served)
    home, before = served.home, head(served.home)
    with served.api() as api:
        stand = ids(api)
        assert {"plan", "cycle", "intake"} <= {name for name, _, _ in stand}
        known = {one["id"] for one in api.runs("plan")}
        # Every plan gate reads them: the run is long enough to be met in its middle.
        cycle.withdraw(home, "duties", cycle.small_rows()["duties"])
        run = until(
            lambda: [
                one
                for one in api.runs("plan")
                if one["state_type"] == "RUNNING" and one["id"] not in known
            ],
            "a run",
        )[0]["id"]
    processes = served.tree()
    served.kill()
    assert gone(processes) == []
    with serving(home, *served.options, ports=served.ports) as second:
        with second.api() as api:
            assert ids(api) == stand
            assert api.state(run)[0] == "CRASHED"
            settled(second)
            assert {one["id"] for one in api.runs("plan")} > {*known, run}
        after = [one for one in cycle.entries(home, "decided") if one["seq"] > before]
        decided = [(one["unit"], one["stage"]) for one in after]
        assert len(decided) == len(set(decided))
        assert len([stage for _, stage in decided if stage == "plan"]) == 10
        nothing_is_missed(home, tmp_path / "copy")
        processes = second.tree()
        assert second.stop() == 0
        assert gone(processes) == []
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", second.ports[0]))
    with sqlite3.connect(home.prefect / "prefect.db") as database:
        # Reminders have a schedule: theirs of the days to come are no run yet.
        states = database.execute(
            "SELECT DISTINCT state_type FROM flow_run WHERE auto_scheduled = 0"
        ).fetchall()
    assert {one for (one,) in states} <= ENDED
