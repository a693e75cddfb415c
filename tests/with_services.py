"""Run a command where tests find what makes them whole and quick: PostgreSQL, and memory.

Rules: a PostgreSQL server is the machine's, else one of the tests' own; without one the tests that
need it say so. Files of tests need not outlive a power cut: they stand in memory where there is
room, which spares the disk a third of the time. What is begun here is gone afterwards.

Run: `python -m tests.with_services COMMAND...`
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.support import places
from tests.support.postgres import own_server, program

MEMORY = Path("/dev/shm")  # noqa: S108 (what is made in it has a name of its own)
ROOM = 6 << 30  # bytes; the tests take up to a third of that at a time


@contextmanager
def _server() -> Iterator[str | None]:
    if places.found():
        yield places.server()
    elif program("initdb"):
        with own_server() as server:
            yield server.url().partition("?")[0]
    else:
        yield None


def _has_room(folder: Path) -> bool:
    """Whether tests can write, and start what they wrote, in a folder that stands in memory."""
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    free: int = min(shutil.disk_usage(folder).free, psutil.virtual_memory().available)
    return free >= ROOM


@contextmanager
def _files() -> Iterator[None]:
    """Have temporary files stand in memory, if they can: of this process and those it starts."""
    if "TMPDIR" in os.environ or not _has_room(MEMORY):
        yield
        return
    with TemporaryDirectory(prefix="termgate-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        # Servers that refuse to run as root pass through it.
        Path(folder).chmod(0o711)
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        yield


def main(command: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    with _files(), _server() as url:
        found = {places.SERVER: url} if url else {}
        return subprocess.run(command, check=False, env={**os.environ, **found}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
