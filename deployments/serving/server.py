"""The server's process: Prefect's API and pages behind the guard, for as long as its parent lives.

Rules: it listens on the socket that its parent bound, so that no port is taken in between; standard
input is the parent's hand: when that lets go, however it ended, the server ends too.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOP_SECONDS = 15


def _end_with_parent() -> None:
    """Wait for the end of standard input, then end: in order, or at once if that takes long."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(STOP_SECONDS)
    os._exit(1)


@contextmanager
def listening(descriptor: int) -> Iterator[socket.socket]:
    """The socket that was bound by the parent."""
    taken = socket.socket(fileno=descriptor)
    try:
        yield taken
    finally:
        taken.close()


def main() -> None:
    """Serve until told to stop; arguments are the socket's descriptor and the origins."""
    descriptor, *origins = sys.argv[1:]
    threading.Thread(target=_end_with_parent, daemon=True).start()

    import uvicorn
    from prefect.server.api.server import create_app

    from deployments.serving.guard import guarded

    app = guarded(create_app(final=True), origins)
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        # A page left open keeps a socket for good.
        timeout_graceful_shutdown=3,
    )
    with listening(int(descriptor)) as taken:
        uvicorn.Server(config).run(sockets=[taken])


if __name__ == "__main__":
    main()
