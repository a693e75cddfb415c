"""Run a command where tests find a PostgreSQL server: the machine's, else one of their own.

Rules: a server of the tests' own is gone afterwards; without one, what needs it is left out and
said so, unless `TERMGATE_REQUIRE_SERVICES=1`, where that is a failure. With `--ledger` every ledger
of the command's tests stands in PostgreSQL.

Run: `python -m tests.with_postgres [--ledger] COMMAND...`
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


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    on_ledger = arguments[0] == "--ledger"
    command = arguments[on_ledger:]
    with _server() as url:
        if url is not None:
            chosen = {places.SERVER: url, **({places.CHOICE: "postgresql"} if on_ledger else {})}
            return subprocess.run(command, check=False, env={**os.environ, **chosen}).returncode
    required = os.environ.get("TERMGATE_REQUIRE_SERVICES") == "1"
    if required or on_ledger:
        sys.stderr.write("no PostgreSQL here (install it, or set TERMGATE_TEST_POSTGRES): ")
        sys.stderr.write("it is required\n" if required else "the ledger on it is left out\n")
        return int(required)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
