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


@cache
def _folder() -> Path:
    shared = os.environ.get(VARIABLE)
    if shared and not places.on_postgresql():
        return Path(shared)
    own = Path(tempfile.mkdtemp(prefix="termgate-templates-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


@cache
def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` fills for this name."""
    path, done = _folder() / name, _folder() / f"{name}.done"
    with (_folder() / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # Whoever began before did not get to the end.
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
            make(path)
            done.touch()
    return path
