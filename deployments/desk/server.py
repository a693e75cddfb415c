"""The desk's process: its pages on a socket, for as long as it is wanted.

Rules: started by a serve it listens on the socket that its parent bound, and ends with it.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import uvicorn

from data.home import Home
from deployments.desk.application import application
from deployments.desk.desk import Desk
from deployments.serving.server import end_with_parent, listening


def serve_on(
    taken: socket.socket,
    home: Home,
    origins: Iterable[str],
    certificate: Path | None = None,
    certificate_key: Path | None = None,
) -> None:
    """Serve the desk of a home until told to stop."""
    config = uvicorn.Config(
        application(Desk(home, origins)),
        log_level="error",
        access_log=False,
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=certificate_key,
        # A page left open keeps its stream for good.
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run(sockets=[taken])


def main() -> None:
    """Serve until told to stop; arguments are the socket's descriptor, the home, the origins."""
    descriptor, home, *origins = sys.argv[1:]
    threading.Thread(target=end_with_parent, daemon=True).start()
    with listening(int(descriptor)) as taken:
        serve_on(taken, Home(Path(home)), origins)


if __name__ == "__main__":
    main()
