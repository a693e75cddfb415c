"""A plant of several machines on one: what the compose file starts, without containers.

Rules: commands, settings, roles and the balancer's file are those that are shipped; only addresses,
ports and folders are put in. PostgreSQL and Redis are instances of its own: they are killed here.
A machine is a process group, and to kill one is to kill all of it at once, as a power cut does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from data.engines import Address, Place
from data.home import Home
from tests.machines.shipped import DEPLOYMENTS, compose, environment
from tests.support.patience import PATIENCE, looks
from tests.support.programs import path_of
from tests.support.server import free_port
from tests.support.tree import ROOT

LOCAL = "127.0.0.1"
# Whoever has not ended in order by then is killed.
END_SECONDS = PATIENCE / 30
WORKERS = 3
PASSWORDS = {
    "PREFECT_DATABASE_PASSWORD": "a1a1a1a1",
    "LEDGER_PASSWORD": "b2b2b2b2",
    "LEDGER_OWNER_PASSWORD": "c3c3c3c3",
    "POSTGRES_PASSWORD": "d4d4d4d4",
    "REDIS_PASSWORD": "e5e5e5e5",
    "TERMGATE_LOGIN": "coordinators:f6f6f6f6",
}


class NotReady(RuntimeError):
    """Something of the plant did not start."""


@dataclass(frozen=True, slots=True)
class Elsewhere(Home):
    """A home whose ledger stands at an address, whatever the environment says."""

    address: str

    @property
    def ledger(self) -> Place:
        """The address."""
        return Address(self.address)


@dataclass
class Machine:
    """One of the plant: how it is started, and whether it is ready."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[], bool]
    folder: Path
    user: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def launch(self) -> None:
        """Start it, and do not wait."""
        with Path(self.folder, f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user,
                extra_groups=[] if self.user else None,
            )

    def await_ready(self) -> None:
        """Wait until it works.

        Raises:
            NotReady: it ended.
        """
        for _ in looks(self.name):
            if self.ready():
                return
            if self.process is None or self.process.poll() is not None:
                raise NotReady(f"{self.name}: {self.said()[-3000:]}")

    def start(self) -> None:
        """Start it and wait until it works."""
        self.launch()
        self.await_ready()

    def said(self) -> str:
        """Its log."""
        return Path(self.folder, f"{self.name}.log").read_text(encoding="utf-8", errors="replace")

    def processes(self) -> dict[int, psutil.Process]:
        """What runs on it: number → process."""
        if self.process is None or self.process.poll() is not None:
            return {}
        first = psutil.Process(self.process.pid)
        return {one.pid: one for one in (first, *first.children(recursive=True))}

    def kill(self) -> None:
        """Kill it with all that it started, as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order, or after a while without."""
        self._end(signal.SIGINT if self.user else signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        # A worker puts its flow runs into groups of their own.
        all_of_it = self.processes()
        for sent in (number, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, sent)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(END_SECONDS)
        for one in all_of_it.values():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process = None


def answers(url: str, host: str = "") -> bool:
    """Whether something answers that all is well, under the name `host` where it has another."""
    headers = {"Host": host} if host else {}
    asked = urllib.request.Request(url, headers=headers)  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 (loopback)
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


@dataclass
class Plant:
    """The machines by their name in the compose file, workers as `worker-1` and so on."""

    folder: Path
    ports: dict[str, int]
    machines: dict[str, Machine]
    given: dict[str, str]

    @property
    def api(self) -> str:
        """Prefect's API, behind the balancer."""
        return f"http://{LOCAL}:{self.ports['balancer']}/api"

    def ledger(self, role: str = "termgate") -> str:
        """The address of the ledger for one of the roles."""
        password = {"termgate": "LEDGER_PASSWORD", "ledger_owner": "LEDGER_OWNER_PASSWORD"}[role]
        return f"postgresql://{role}:{PASSWORDS[password]}@{LOCAL}:{self.ports['postgres']}/ledger"

    def home(self) -> Elsewhere:
        """The home that the workers use."""
        return Elsewhere(self.folder / "home", self.ledger())

    def env(self, service: str, **more: str) -> dict[str, str]:
        """The environment of a service, with this plant's addresses in it."""
        shipped = environment(service, self.given)
        here = {name: self.placed(value) for name, value in shipped.items()}
        if "PREFECT_SERVER_DATABASE_PORT" in here:
            here["PREFECT_SERVER_DATABASE_HOST"] = LOCAL
            here["PREFECT_SERVER_DATABASE_PORT"] = str(self.ports["postgres"])
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PREFECT_HOME": str(self.folder / "prefect" / service),
            **here,
            **more,
        }

    def placed(self, text: str) -> str:
        """A shipped value with this plant's ports and folders for the containers' own."""
        ports = {
            "postgres:5432": "postgres",
            "redis:6379": "redis",
            "balancer:4200": "balancer",
            "server-1:4200": "server-1",
            "server-2:4200": "server-2",
            "desk-1:4210": "desk-1",
            "desk-2:4210": "desk-2",
        }
        for place, name in ports.items():
            if name in self.ports:
                text = text.replace(place, f"{LOCAL}:{self.ports[name]}")
        return text.replace("/srv/termgate/home", str(self.folder / "home"))

    def command(self, service: str, **swapped: str) -> list[str]:
        """The command of a service; its programs are those of this environment."""
        said: list[str] = compose()["services"][service]["command"]
        if said[0] == "prefect":
            said = [sys.executable, "-m", *said]
        elif said[0] == "python":
            said = [sys.executable, *said[1:]]
        elif said[0] == "termgate":
            said = [str(Path(sys.executable).with_name("termgate")), *said[1:]]
        return [swapped.get(part, part) for part in said]


def _postgres(plant: Plant) -> Machine:
    """An instance of its own, with the shipped databases and roles in it."""
    programs = Path(subprocess.check_output(("pg_config", "--bindir"), text=True).strip())
    user = "postgres" if os.geteuid() == 0 else None
    folder = plant.folder / "postgres"
    folder.mkdir()
    if user:
        # The server refuses to run as root, and its user passes through the folder above.
        shutil.chown(folder, user)
        plant.folder.chmod(plant.folder.stat().st_mode | 0o011)
    make = (
        programs / "initdb", "--pgdata", folder / "data", "--username", "postgres", "--no-locale",
        "--encoding", "UTF8", "--auth-local", "trust", "--auth-host", "scram-sha-256",
        "--data-checksums",
    )  # fmt: skip
    subprocess.run(
        make, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, extra_groups=[]
    ) if user else subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    port = str(plant.ports["postgres"])

    def ready() -> bool:
        try:
            psycopg.connect(host=str(folder), port=port, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    command = (
        str(programs / "postgres"), "-D", str(folder / "data"), "-p", port, "-k", str(folder),
        "-c", f"listen_addresses={LOCAL}", "-c", "max_connections=200",
    )  # fmt: skip
    made = Machine("postgres", command, {"PATH": os.environ["PATH"]}, ready, folder, user)
    made.start()
    subprocess.run(
        (str(DEPLOYMENTS / "compose" / "databases.sh"),),
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **plant.given, "PGHOST": str(folder), "PGPORT": port},
    )
    return made


def _redis(plant: Plant) -> Machine:
    folder = plant.folder / "redis"
    folder.mkdir()
    port = plant.ports["redis"]
    settings = f"dir {folder}\\\\nport {port}\\\\nbind {LOCAL}"
    shell, flag, script = compose()["services"]["redis"]["command"]
    script = script.replace("$$", "$").replace("dir /data", settings.replace("\\\\", "\\"))
    env = {"PATH": os.environ["PATH"], "REDIS_PASSWORD": plant.given["REDIS_PASSWORD"]}

    def ready() -> bool:
        asked = subprocess.run(
            ("redis-cli", "-p", str(port), "ping"),
            env={**env, "REDISCLI_AUTH": env["REDIS_PASSWORD"]},
            check=False,
            capture_output=True,
        )
        return b"PONG" in asked.stdout

    return Machine("redis", (shell, flag, script), env, ready, folder)


def _server(plant: Plant, name: str) -> Machine:
    port = str(plant.ports[name])
    command = plant.command(name, **{"0.0.0.0": LOCAL, "4200": port})  # noqa: S104 (is replaced)
    url = f"http://{LOCAL}:{port}/api/ready"
    return Machine(name, command, plant.env(name), lambda: answers(url), plant.folder)


def _services(plant: Plant) -> Machine:
    env = plant.env("services")

    def ready() -> bool:
        # The check is a program of its own, and takes from what it waits for.
        time.sleep(2)
        check = (sys.executable, "-m", "deployments.alive")
        return subprocess.run(check, env=env, check=False, capture_output=True).returncode == 0

    return Machine("services", plant.command("services"), env, ready, plant.folder)


def _balancer(plant: Plant) -> Machine:
    port = plant.ports["balancer"]
    env = plant.env("balancer", BALANCER_BIND=f"{LOCAL}:{port}")
    command = (path_of("haproxy"), "-db", "-f", str(DEPLOYMENTS / "compose" / "haproxy.cfg"))
    return Machine("balancer", command, env, lambda: answers(plant.api + "/ready"), plant.folder)


def _worker(plant: Plant, number: int) -> Machine:
    port = free_port()
    env = plant.env(
        "worker",
        PREFECT_WORKER_WEBSERVER_PORT=str(port),
        PREFECT_HOME=str(plant.folder / "prefect" / f"worker-{number}"),
        TERMGATE_LANG="en",
    )
    url = f"http://{LOCAL}:{port}/health"
    command = [*plant.command("worker"), "--name", f"worker-{number}"]
    return Machine(f"worker-{number}", command, env, lambda: answers(url), plant.folder)


def _once(plant: Plant, service: str, command: Sequence[str] | None = None) -> None:
    """Run a service that ends by itself."""
    done = subprocess.run(
        command or plant.command(service),
        env=plant.env(service),
        cwd=plant.folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode != 0:
        raise NotReady(f"{service}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


@contextmanager
def running(folder: Path, workers: int = WORKERS) -> Iterator[Plant]:
    """A plant that works; all of it is gone afterwards."""
    names = ("postgres", "redis", "server-1", "server-2", "balancer")
    ports = {name: free_port() for name in names}
    here = f"{LOCAL}:{ports['balancer']}"
    given = {
        **PASSWORDS,
        "TERMGATE_ADDRESS": f"http://{here}",
        "TERMGATE_HOST": here,
        "TERMGATE_DESK": "https://desk.example.org",
    }
    plant = Plant(folder, ports, {}, given)
    with ExitStack() as stack:

        def added(machine: Machine) -> Machine:
            plant.machines[machine.name] = machine
            stack.callback(machine.stop)
            return machine

        added(_postgres(plant))
        added(_redis(plant)).start()
        _once(plant, "migrate")
        _once(plant, "ledger")
        first = added(_server(plant, "server-1"))
        later = [added(_services(plant)), added(_balancer(plant))]
        for machine in (first, *later):
            machine.launch()
        first.await_ready()
        later.append(added(_server(plant, "server-2")))
        later[-1].launch()
        later[1].await_ready()
        deploy = compose()["services"]["deploy"]["command"]
        script = deploy[2].replace("prefect ", f"{sys.executable} -m prefect ")
        script = script.replace("/srv/termgate/prefect.yaml", str(DEPLOYMENTS / "prefect.yaml"))
        _once(plant, "deploy", (*deploy[:2], script))
        for number in range(1, workers + 1):
            later.append(added(_worker(plant, number)))
            later[-1].launch()
        for machine in later:
            machine.await_ready()
        yield plant


def client_settings(plant: Plant) -> dict[str, Any]:
    """What a client of this plant is told."""
    return {"PREFECT_API_URL": plant.api, "PREFECT_API_AUTH_STRING": PASSWORDS["TERMGATE_LOGIN"]}
