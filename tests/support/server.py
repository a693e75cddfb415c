"""One real Prefect server for all tests of a process, on loopback, with files of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from deployments.embedded import SETTINGS
from tests.support.patience import PATIENCE, until
from tests.support.templates import made_once


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def _make_database(path: Path) -> None:
    subprocess.run(
        (sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"),
        env={**os.environ, **SETTINGS, "PREFECT_HOME": str(path)},
        check=True,
        capture_output=True,
    )


def put_database(prefect_home: Path) -> None:
    """Put an empty database of this Prefect there: to make one takes longer than the start."""
    shutil.copytree(made_once("prefect", _make_database), prefect_home, dirs_exist_ok=True)


def healthy(url: str) -> bool:
    """Whether the server of an API answers."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=PATIENCE) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


@contextmanager
def prefect_server() -> Iterator[str]:
    """The address of the API of a fresh server; it is gone afterwards."""
    # Who starts another server finds its port here, before Prefect reads its settings.
    from prefect.logging.handlers import APILogHandler
    from prefect.settings import PREFECT_API_URL, temporary_settings

    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    with tempfile.TemporaryDirectory(prefix="termgate-server-", ignore_cleanup_errors=True) as home:
        put_database(Path(home))
        environment = {**os.environ, **SETTINGS, "PREFECT_HOME": home, "PREFECT_UI_API_URL": url}
        environment.pop("PREFECT_API_URL", None)
        command = (sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1")
        with Path(home, "server.log").open("wb") as log:
            server = subprocess.Popen(
                (*command, "--port", str(port)), env=environment, stdout=log, stderr=log
            )
        try:
            until(lambda: healthy(url) or server.poll() is not None, "the server")
            if server.poll() is not None:
                raise RuntimeError(Path(home, "server.log").read_text(errors="replace")[-2000:])
            # Prefect reads its environment once, at import; child processes read it again.
            here = {"PREFECT_API_URL": url, "PREFECT_HOME": home}
            with patch.dict(os.environ, here), temporary_settings({PREFECT_API_URL: url}):
                yield url
                # At its end this process would look for it for a minute, to send what is left.
                APILogHandler().flush()
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
