"""PostgreSQL servers of a test's own, that may be killed, and what stands between a client and one.

Rules: they listen on loopback, keep their files in a temporary folder and are gone afterwards;
PostgreSQL does not run as root, so root starts them as the user `postgres`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.support.patience import looks
from tests.support.server import free_port

PASSWORD = "canary-of-the-password"  # noqa: S105 (of a server that is made here)


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs, the newest that is installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


class OwnServer:
    """A server that can be killed and started again; `owner` logs in with a password."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def url(self, schema: str = "yinnan", *, port: int = 0, password: str = PASSWORD) -> str:
        """The address of a schema."""
        login = f"owner:{password}@127.0.0.1:{port or self.port}"
        return f"postgresql://{login}/postgres?options=-csearch_path%3D{schema}"

    def start(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        given = " ".join(f"-c {one}" for one in options)
        # What was killed leaves processes that take a moment to notice.
        for _ in looks("PostgreSQL"):
            done = self._run(
                "pg_ctl", "start", "-w", "-s", "-D", str(self.folder), "-l",
                str(self.folder / "log"), "-o", given,
            )  # fmt: skip
            if done.returncode == 0:
                return

    def kill(self) -> None:
        """As a power cut does: nothing is finished."""
        number = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        os.kill(number, signal.SIGKILL)

    def stop(self) -> None:
        """End it."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-s", "-D", str(self.folder))

    def make(self) -> None:
        """Make its files."""
        secret = self.folder.parent / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        done = self._run(
            "initdb", "--pgdata", str(self.folder), "--username", "owner", "--pwfile", str(secret),
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync",
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        settings = (
            f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
            f"unix_socket_directories = ''\nshared_buffers = 16MB\n"
        )
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(settings)

    @staticmethod
    def _run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = program(name)
        if path is None:
            raise FileNotFoundError(f"{name} of PostgreSQL is not installed")
        who = "postgres" if os.getuid() == 0 else None
        return subprocess.run(
            (path, *arguments), check=False, text=True, user=who, group=who, cwd="/",
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A fresh server."""
    with tempfile.TemporaryDirectory(prefix="termgate-postgres-") as folder:
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        server = OwnServer(Path(folder, "data"), free_port())
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Wire:
    """Between a client and a server; once `cut_at` was passed on, the client hears nothing more."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self.cut_at: bytes | None = None
        self.cut = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """No further client."""
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(*pair, client), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, client: socket.socket) -> None:
        with closing(source):
            try:
                while data := source.recv(65536):
                    cutting = source is client and self.cut_at and self.cut_at in data
                    if cutting:
                        client.shutdown(socket.SHUT_RDWR)
                    target.sendall(data)
                    if cutting:
                        self.cut_at = None
                        # The server answers nobody: it has done what was asked.
                        time.sleep(0.5)
                        self.cut.set()
                        return
            except OSError:
                return
            finally:
                try:
                    target.shutdown(socket.SHUT_RDWR)
                except OSError:
                    client.close()
