"""Run a command where tests find a PostgreSQL server: the machine's, else one of their own.

Rules: a server of the tests' own is gone afterwards; without one the tests that need it say so.

Run: `python -m tests.with_postgres COMMAND...`
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.support import places
from tests.support.postgres import own_server, program


@contextmanager
def _server() -> Iterator[str | None]:
    if places.found():
        yield places.server()
    elif program("initdb"):
        with own_server() as server:
            yield server.url().partition("?")[0]
    else:
        yield None


def main(command: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    with _server() as url:
        found = {places.SERVER: url} if url else {}
        return subprocess.run(command, check=False, env={**os.environ, **found}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
