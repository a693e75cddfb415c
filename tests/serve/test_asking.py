"""Asking a serve to run a flow: who is asked, what is believed of the answer, who runs else."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from data.home import VARIABLE, Home
from deployments import asking, runs
from deployments.cli import run_command
from deployments.serving import record
from deployments.serving.record import BROKEN_OFF, ELSEWHERE, NOT_OURS, Record, Unusable, left
from schemas.vocabulary import Stage
from tests.support import cycle
from tests.support.command import CLOSED, DONE, FAULT
from tests.support.signing import sign_all

TOWN = "640302103"
PASSWORD = "correct-horse-battery"  # noqa: S105
DAY = ("--day", cycle.ON.isoformat())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("TERMGATE_LANG", "en")
    monkeypatch.setattr(asking, "POLL_SECONDS", 0.01)
    return cycle.small_home(tmp_path / "home")


# The record


def test_a_serve_is_found_while_it_serves_and_not_after(home: Home) -> None:
    assert record.read(home) is None
    with left(home, "http://127.0.0.1:1/api", PASSWORD):
        found = record.read(home)
        assert found
        assert (found.api, found.password) == ("http://127.0.0.1:1/api", PASSWORD)
        assert (home.path / "serve.json").stat().st_mode & 0o777 == 0o600
    assert record.read(home) is None
    assert not list(home.path.glob("serve.*"))


def _serve_and_die(path: str) -> None:
    with left(Home(Path(path)), "http://127.0.0.1:1/api", None):
        os._exit(9)


def test_what_a_killed_serve_left_is_none(home: Home) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_serve_and_die, args=(str(home.path),)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    assert (home.path / "serve.json").exists()
    with pytest.raises(Unusable) as unusable:
        record.read(home)
    assert unusable.value.text == BROKEN_OFF
    with left(home, "http://127.0.0.1:2/api", None):
        assert record.read(home)


def test_the_serve_of_a_home_is_not_that_of_its_copy(home: Home, tmp_path: Path) -> None:
    with left(home, "http://127.0.0.1:1/api", None):
        shutil.copytree(home.path, tmp_path / "copy")
        with pytest.raises(Unusable) as unusable:
            record.read(Home(tmp_path / "copy"))
    assert unusable.value.text == BROKEN_OFF


@pytest.mark.sqlite
def test_a_serve_of_another_ledger_is_not_asked(home: Home, tmp_path: Path) -> None:
    other = cycle.open_home(tmp_path / "other", cycle.small_rows())
    with left(home, "http://127.0.0.1:1/api", None):
        other.ledger_file.replace(home.ledger_file)
        with pytest.raises(Unusable) as unusable:
            record.read(home)
    assert unusable.value.text == ELSEWHERE


def readable(path: Path) -> None:
    path.chmod(0o640)


def linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def nonsense(path: Path) -> None:
    with path.open("r+") as file:
        file.write("[")


@pytest.mark.parametrize("meddling", [readable, linked, nonsense])
def test_a_record_that_another_may_have_written_is_none(
    home: Home, meddling: Callable[[Path], None]
) -> None:
    with left(home, "http://127.0.0.1:1/api", None):
        meddling(home.path / "serve.json")
        with pytest.raises(Unusable) as unusable:
            record.read(home)
    assert unusable.value.text == NOT_OURS


def test_a_record_of_another_user_is_none(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.geteuid() + 1
    with left(home, "http://127.0.0.1:1/api", None):
        monkeypatch.setattr(os, "geteuid", lambda: other)
        with pytest.raises(Unusable):
            record.read(home)


# What the API answers


class Server:
    """A server that answers as it is told: states of the run, one for each question."""

    def __init__(self, *states: tuple[str, str] | int, refuses: int = 0) -> None:
        self.states = list(states)
        self.refuses = refuses
        self.launched: list[dict[str, Any]] = []
        self.authorised: set[str | None] = set()

    def answer(self, path: str, content: Any) -> tuple[int, Any]:
        if path.startswith("/api/csrf-token"):
            return 200, {"token": "t"}
        if self.refuses:
            return self.refuses, {}
        if path.startswith("/api/deployments/name/"):
            return 200, {"id": "d-1"}
        if path == "/api/deployments/d-1/create_flow_run":
            self.launched.append(content)
            return 201, {"id": "r-1"}
        if path == "/api/artifacts/filter":
            return 200, [{"key": "progress-plan", "data": 40.0}]
        assert path == "/api/flow_runs/r-1"
        said = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(said, int):
            return said, {}
        return 200, {"state": {"type": said[0], "name": said[1], "message": "said by a server"}}


@contextmanager
def serving(home: Home, server: Server) -> Iterator[None]:
    """Serve a home by a server of this process."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            server.authorised.add(self.headers["Authorization"])
            length = int(self.headers["Content-Length"] or 0)
            code, said = server.answer(self.path, json.loads(self.rfile.read(length) or "null"))
            self.send_response(code)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            with left(home, f"http://127.0.0.1:{listening.server_port}/api", PASSWORD):
                yield
        finally:
            listening.shutdown()


@pytest.fixture
def run(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, Any, str]]:
    """`termgate run plan` for a township; whoever runs it here instead of a serve says `here`."""

    async def here(*_: object) -> tuple[str, str]:
        return "Waiting", "here"

    monkeypatch.setattr(runs, "run_flow", here)

    def running(name: str = "plan") -> tuple[int, Any, str]:
        with patch.dict(os.environ):
            code = run_command(
                ["run", name, "--scope", TOWN, *DAY, "--json", "--home", str(home.path)]
            )
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else None, said.err

    return running


Running = Callable[..., tuple[int, Any, str]]


def opened(home: Home) -> None:
    """Have the plans of the township open on record."""
    cycle.launch(home, "plan", TOWN)
    sign_all(home, Stage.PLAN, TOWN)
    cycle.launch(home, "plan", TOWN)


def test_what_the_ledger_shows_open_is_open(home: Home, run: Running) -> None:
    opened(home)
    server = Server(("SCHEDULED", "Late"), ("RUNNING", "Running"), ("COMPLETED", "Open"))
    with serving(home, server):
        code, said, err = run()
    assert (code, said["state"], said["message"], err) == (DONE, "Open", "said by a server", "")
    # Nothing but a scope and a day is passed.
    assert server.launched == [{"parameters": {"scope": TOWN, "on": str(cycle.ON)}}]
    assert None not in server.authorised


def test_what_only_the_server_says_is_not_open(home: Home, run: Running) -> None:
    with serving(home, Server(("COMPLETED", "Open"))):
        code, said, _ = run()
    assert (code, said["state"]) == (CLOSED, "Waiting")
    assert "the ledger does not show" in said["message"]


def test_a_cycle_is_open_only_if_every_stage_is(home: Home, run: Running) -> None:
    opened(home)
    with serving(home, Server(("COMPLETED", "Open"))):
        assert run("cycle")[0] == CLOSED
        assert run("plan")[0] == DONE


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("CANCELLED", "Waiting", CLOSED),
        ("FAILED", "Blocked", CLOSED),
        ("FAILED", "Failed", FAULT),
        ("CRASHED", "Crashed", FAULT),
        ("CANCELLED", "Cancelled", FAULT),
        ("COMPLETED", "Completed", FAULT),
    ],
)
def test_every_end_has_the_exit_code_of_a_run_here(
    home: Home, run: Running, kind: str, name: str, code: int
) -> None:
    opened(home)
    with serving(home, Server((kind, name))):
        got, said, err = run()
    assert (got, said["state"], err) == (code, name, "")


def test_a_server_that_is_busy_is_asked_again(home: Home, run: Running) -> None:
    opened(home)
    with serving(home, Server(503, 503, ("COMPLETED", "Open"))):
        assert run()[0] == DONE


# Who runs it otherwise


def test_without_a_serve_it_runs_here(run: Running) -> None:
    code, said, err = run()
    assert (code, said["message"], err) == (CLOSED, "here", "")


@pytest.mark.parametrize("refuses", [401, 404, 409, 500])
def test_a_serve_that_takes_no_run_is_done_without(home: Home, run: Running, refuses: int) -> None:
    with serving(home, Server(("COMPLETED", "Open"), refuses=refuses)):
        code, said, err = run()
    assert (code, said["message"]) == (CLOSED, "here")
    assert err == f"serve takes no run ({refuses}); running here\n"


def test_a_serve_that_nobody_reaches_is_done_without(home: Home, run: Running) -> None:
    with left(home, "http://127.0.0.1:1/api", None):
        code, said, err = run()
    assert (code, said["message"]) == (CLOSED, "here")
    assert err == "serve does not answer (ConnectError); running here\n"


def test_no_proxy_comes_between(home: Home, run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would read the password, and lead elsewhere."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    opened(home)
    server = Server(("COMPLETED", "Open"))
    with serving(home, server):
        assert run()[0] == DONE
    assert len(server.launched) == 1


def test_a_run_that_somebody_deleted_is_run_here(home: Home, run: Running) -> None:
    with serving(home, Server(("RUNNING", "Running"), 404)):
        code, said, err = run()
    assert (code, said["message"]) == (CLOSED, "here")
    assert "was deleted; running here" in err


def test_a_serve_that_ends_meanwhile_leaves_the_run_to_us(
    home: Home, run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = record.read
    polled: list[Record | None] = []

    def ending(of: Home) -> Record | None:
        polled.append(read(of))
        return polled[-1] if len(polled) < 3 else None

    monkeypatch.setattr(record, "read", ending)
    with serving(home, Server(("RUNNING", "Running"))):
        code, said, err = run()
    assert (code, said["message"]) == (CLOSED, "here")
    assert "broken off; running here" in err


def test_a_server_that_the_user_named_is_the_one(
    home: Home, run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(("COMPLETED", "Open"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    with serving(home, server):
        assert run()[1]["message"] == "here"
    assert server.launched == []


def test_who_stops_waiting_is_told_that_the_run_goes_on(
    home: Home, run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("deployments.asking.time.sleep", interrupted)
    with serving(home, Server(("RUNNING", "Running"))):
        code, said, err = run()
    assert (code, said) == (FAULT, None)
    assert "the run goes on in serve, see http://127.0.0.1:" in err


def test_progress_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    with serving(home, Server(("RUNNING", "Running"), ("COMPLETED", "Open"))):
        assert asking.asked(home, "plan", TOWN, cycle.ON, told.append) == (
            "Open", "said by a server",
        )  # fmt: skip
    assert told == ["plan 40 %"]
    assert VARIABLE not in os.environ or os.environ[VARIABLE] != str(home.path)
