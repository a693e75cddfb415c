"""How long the parts of a serve live: one serve for a home, one server for a serve.

Rules: a second serve on the same home is refused, and a port in use is told, before anything
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


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens where the server will.

    Raises:
        ServeRefused: the port is taken, or the host is none of this machine.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind)
    except OSError as error:
        raise _unbound(host, port, error) from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(1024)
    except OSError as error:
        made.close()
        raise _unbound(host, port, error) from error
    return made


def _unbound(host: str, port: int, error: OSError) -> ServeRefused:
    return ServeRefused(
        Text(
            f"{host}:{port}：无法监听（{error.strerror}）；换一个 --port，或先停止占用它的程序",
            f"{host}:{port}: cannot listen there ({error.strerror}); choose another --port or stop "
            "what uses it",
        )
    )


class Server:
    """The server's process."""

    def __init__(self, plan: Plan, log: Path) -> None:
        self.log = log
        with bound(plan.host, plan.port) as taken, log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                (
                    sys.executable, "-m", "deployments.serving.server", str(taken.fileno()),
                    *plan.origins,
                ),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=(taken.fileno(),),
                env=os.environ.copy(),
                # Signals of the terminal are for us; the server ends after the runs.
                start_new_session=True,
            )  # fmt: skip

    def running(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

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
def own_server(plan: Plan) -> Iterator[Server | None]:
    """The server of this serve, gone afterwards; none where one runs already."""
    if plan.api:
        yield None
        return
    server = Server(plan, plan.home.prefect / "server.log")
    try:
        yield server
    finally:
        server.stop()
