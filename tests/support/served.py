"""A home served by `termgate serve`, in processes of its own, as a coordinator starts it."""

from __future__ import annotations

import base64
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from data.home import Home
from tests.support import cycle
from tests.support.patience import PATIENCE, until
from tests.support.server import free_port, put_database
from tests.support.tree import ROOT

PROGRAM = "from deployments.cli import main; main()"
PASSWORD = "correct-horse-battery"  # noqa: S105
LIMIT = 200
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def quiet(home: Home, head: int) -> bool:
    """Whether the watch found nothing due in the ledger up to its entry `head`."""
    file = home.path / "watch.json"
    return file.is_file() and bool(json.loads(file.read_text())["quiet"] == head)


class Api(httpx.Client):
    """The API as a program of ours calls it: with the password, and tokens against forgery."""

    def __init__(self, url: str, password: str | None = PASSWORD) -> None:
        basic = base64.b64encode((password or "").encode()).decode()
        headers = {"Authorization": f"Basic {basic}"} if password else {}
        super().__init__(
            base_url=f"{url}/api",
            headers=headers,
            timeout=PATIENCE,
            trust_env=False,
            # Nothing is encrypted on loopback, and to read all certificates takes a while.
            verify=False,
            # None is kept that the server may be closing just now.
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._client_id = str(uuid4())

    def tokens(self) -> dict[str, str]:
        """The headers that Prefect wants with whatever changes something."""
        answer = self.get("/csrf-token", params={"client": self._client_id})
        answer.raise_for_status()
        return {
            "Prefect-Csrf-Token": answer.json()["token"],
            "Prefect-Csrf-Client": self._client_id,
        }

    def ask(self, path: str, **content: Any) -> Any:
        """The answer to a POST."""
        answer = self.post(path, json=content, headers=self.tokens())
        answer.raise_for_status()
        return answer.json()

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment by the name of its flow."""
        answer = self.get(f"/deployments/name/{name}/{name}")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def launch(self, name: str, **parameters: str) -> str:
        """Launch a deployment, as the form does; returns the run's id."""
        path = f"/deployments/{self.deployment(name)['id']}/create_flow_run"
        return str(self.ask(path, parameters=parameters)["id"])

    def runs(self, name: str | None = None) -> list[dict[str, Any]]:
        """All runs (of one flow), oldest first."""
        wanted: dict[str, Any] = {"flows": {"name": {"any_": [name]}}} if name else {}
        found: list[dict[str, Any]] = []
        while True:
            some = self.ask("/flow_runs/filter", sort="EXPECTED_START_TIME_ASC", limit=LIMIT,
                            offset=len(found), **wanted)  # fmt: skip
            found += some
            if len(some) < LIMIT:
                return found

    def state(self, run: str) -> tuple[str, str]:
        """A run's state: type and name."""
        answer = self.get(f"/flow_runs/{run}")
        answer.raise_for_status()
        return str(answer.json()["state"]["type"]), str(answer.json()["state"]["name"])

    def active(self) -> list[dict[str, Any]]:
        """The runs that have not ended, but for those that a schedule has for the days to come."""
        types = ["SCHEDULED", "PENDING", "RUNNING", "CANCELLING", "PAUSED"]
        wanted = {"state": {"type": {"any_": types}}}
        found = self.ask("/flow_runs/filter", flow_runs=wanted, sort="ID_DESC")
        return [
            one for one in found if not (one["auto_scheduled"] and one["state_type"] == "SCHEDULED")
        ]


class Served:
    """A serve that runs, said in a language; `tracer` is a command that runs it and watches."""

    def __init__(
        self,
        home: Home,
        ports: tuple[int, int],
        *options: str,
        lang: str = "en",
        tracer: tuple[str, ...] = (),
    ) -> None:
        self.home = home
        self.ports = ports
        port, desk = ports
        self.url, self.desk = (f"http://127.0.0.1:{one}" for one in ports)
        self.options = options
        self._tracer = tracer
        self.lines: list[str] = []
        self._output: queue.Queue[str] = queue.Queue()
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PREFECT_", "TERMGATE_")) or name == "TERMGATE_REQUIRE_SERVICES"
        }
        started = time.monotonic()
        self.process = subprocess.Popen(
            (
                *tracer, sys.executable, "-c", PROGRAM, "serve", "--home", str(home.path), "--port",
                str(port), *(() if "--api" in options else ("--desk-port", str(desk))), *options,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**kept, "PYTHONPATH": str(ROOT), "TERMGATE_LANG": lang},
            start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()
        try:
            until(self._ready, "ready")
        except BaseException:
            self.kill()
            raise
        self.seconds = time.monotonic() - started

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self._output.put(line)

    def output(self) -> str:
        """What it has printed."""
        while not self._output.empty():
            self.lines.append(self._output.get())
        return "".join(self.lines)

    def _ready(self) -> bool:
        said = self.output()
        if self.process.poll() is not None:
            raise AssertionError(said)
        return any(word in said for word in ("ready: ", "就绪："))

    def tree(self) -> list[psutil.Process]:
        """Its processes."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it in order; returns its exit code."""
        own = psutil.Process(self.process.pid)
        # What watches it ends after it, and with its exit code.
        (own.children()[0] if self._tracer else own).send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Kill it, as a machine that loses power does."""
        self.process.kill()
        self.process.wait()

    @property
    def password(self) -> str:
        """The one given, or the one that was made."""
        made = self.home.path / "serve.password"
        return PASSWORD if self.options else made.read_text().strip()

    def api(self) -> Api:
        """Its API."""
        return Api(self.url, self.password)

    def settled(self) -> bool:
        """Whether nothing is due and nothing runs."""
        with self.api() as api:
            return quiet(self.home, len(cycle.stored(self.home))) and not api.active()

    def copies(self) -> set[psutil.Process]:
        """The copies of the loaded process: the helper, and one for each run."""
        own = psutil.Process(self.process.pid)
        return {copy for one in own.children() for copy in one.children(recursive=True)}


def gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that are still there after a while."""
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    return list(alive)


@contextmanager
def serving(
    home: Home,
    *options: str,
    ports: tuple[int, int] | None = None,
    lang: str = "en",
    tracer: tuple[str, ...] = (),
    fresh: bool = False,
) -> Iterator[Served]:
    """Serve a home, its pages and the desk on two ports; it is gone afterwards.

    `fresh`: it makes its database itself.
    """
    if not fresh and not home.prefect.exists():
        put_database(home.prefect)
    ports = ports or (free_port(), free_port())
    served = Served(home, ports, *options, lang=lang, tracer=tracer)
    processes = served.tree()
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.stop()
        for one in gone(processes):
            one.kill()


def password_file(folder: Path) -> Path:
    """A file with the password, that nobody else reads."""
    file = folder / "password"
    file.write_text(f"{PASSWORD}\n")
    file.chmod(0o600)
    return file


def secrets_in(text: str) -> list[str]:
    """Where the password stands in a text, plain or as it is sent."""
    forms = (PASSWORD, base64.b64encode(PASSWORD.encode()).decode())
    return [one for one in forms if re.search(re.escape(one), text)]
