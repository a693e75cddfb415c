"""How long the parts of a serve live: one serve for a home, one server for a serve.

Rules: a second serve on the same home is refused, and a port in use is named, before anything
starts; the server holds the end of a pipe and ends when this process does, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.home import Home
from deployments.serving.settings import Plan, ServeRefused
from schemas.text import Text

STOP_SECONDS = 20


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Serve this home alone.

    Raises:
        ServeRefused: it is served already.
    """
    # With a ledger elsewhere the folder may not be there yet.
    home.make()
    with (home.path / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServeRefused(
                Text(
                    f"{home.path}：已有一个 termgate serve 在运行；先停止它",
                    f"{home.path}: a termgate serve is running for it already; stop that one first",
                )
            ) from None
        yield


def bound(host: str, port: int, option: str = "--port") -> socket.socket:
    """A socket that listens where a server will; `option` is how another port is chosen.

    Raises:
        ServeRefused: the port is taken, or the host is none of this machine.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind)
    except OSError as error:
        raise _unbound(host, port, option, error) from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(1024)
    except OSError as error:
        made.close()
        raise _unbound(host, port, option, error) from error
    return made


def _unbound(host: str, port: int, option: str, error: OSError) -> ServeRefused:
    return ServeRefused(
        Text(
            f"{host}:{port}：无法监听（{error.strerror}）；换一个 {option}，或先停止占用它的程序",
            f"{host}:{port}: cannot listen there ({error.strerror}); choose another {option} or "
            "stop what uses it",
        )
    )


class Child:
    """A process of this serve that listens on a port: `module`, given the socket and `arguments`.

    It ends when this process does, however that ends.
    """

    def __init__(self, module: str, at: tuple[str, int, str], log: Path, *arguments: str) -> None:
        self.log = log
        self._command = module, at, arguments
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        module, at, arguments = self._command
        with bound(*at) as taken, self.log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 (our own module)
                (sys.executable, "-m", module, str(taken.fileno()), *arguments),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=(taken.fileno(),),
                env=os.environ.copy(),
                # Signals of the terminal are for us; a child ends after the runs.
                start_new_session=True,
            )

    def running(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def start_again(self) -> None:
        """Start it again, after it ended by itself."""
        self._process = self._started()

    def stop(self) -> None:
        """Let it end in order, or make it."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def own_server(plan: Plan) -> Iterator[Child | None]:
    """The server of this serve, gone afterwards; none where one runs already."""
    if plan.api:
        yield None
        return
    log = plan.home.prefect / "server.log"
    log.unlink(missing_ok=True)
    server = Child("deployments.serving.server", (plan.host, plan.port, "--port"), log,
                   *plan.origins)  # fmt: skip
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def own_desk(plan: Plan) -> Iterator[Child | None]:
    """The desk of this serve, gone afterwards; none where others serve what it is for."""
    if plan.api:
        yield None
        return
    log = plan.home.path / "desk.log"
    log.unlink(missing_ok=True)
    at = ("127.0.0.1", plan.desk_port, "--desk-port")
    place = str(plan.home.path)
    desk = Child("deployments.desk.server", at, log, place, *plan.desk_origins)
    try:
        yield desk
    finally:
        desk.stop()
