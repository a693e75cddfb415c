"""Homes that are made once for a whole test run, and only ever copied.

Rules: the first process that asks for one makes it while the others wait; where ledgers stand in
PostgreSQL every process has its own, because its database is its own. They are gone afterwards.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.support import places

# The folder that the processes of a test run share.
VARIABLE = "TERMGATE_TEST_TEMPLATES"


def _folder() -> Path:
    shared = os.environ.get(VARIABLE)
    return Path(shared) if shared and not places.on_postgresql() else _own_folder()


@cache
def _own_folder() -> Path:
    own = Path(tempfile.mkdtemp(prefix="termgate-templates-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` fills for this name."""
    return _made(_folder(), name, make)


@cache
def _made(folder: Path, name: str, make: Callable[[Path], object]) -> Path:
    path, done = folder / name, folder / f"{name}.done"
    with (folder / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # Whoever began before did not get to the end.
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
            make(path)
            done.touch()
    return path
