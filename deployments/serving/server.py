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
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

STOP_SECONDS = 15


def end_with_parent() -> None:
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


def let_writers_wait() -> None:
    """Have a transaction on SQLite that may write wait for its turn from its start.

    Prefect begins most of them as readers; one that comes to write after another has written is
    refused at once, and its caller is told 503: of 20 presses on a button at once, 18. What only
    reads while such a transaction waits for it must not wait for its end: it begins as a reader.
    """
    from prefect.server.database.configurations import SQLITE_BEGIN_MODE, AioSqliteConfiguration
    from prefect.server.database.dependencies import (
        provide_database_interface,
        set_database_config,
    )

    class ImmediateTransactions(AioSqliteConfiguration):
        """SQLite whose transactions all begin as a writer's."""

        @asynccontextmanager
        async def begin_transaction(
            self, session: AsyncSession, with_for_update: bool = True
        ) -> AsyncGenerator[AsyncSessionTransaction, None]:
            async with super().begin_transaction(session, with_for_update=True) as transaction:
                await session.connection()  # it begins here
                within = SQLITE_BEGIN_MODE.set("DEFERRED")
                try:
                    yield transaction
                finally:
                    SQLITE_BEGIN_MODE.reset(within)

    found = provide_database_interface().database_config
    if isinstance(found, AioSqliteConfiguration):
        set_database_config(ImmediateTransactions(found.connection_url))


def main() -> None:
    """Serve until told to stop; arguments are the socket's descriptor and the origins."""
    descriptor, *origins = sys.argv[1:]
    threading.Thread(target=end_with_parent, daemon=True).start()

    import uvicorn
    from prefect.server.api.server import create_app

    from deployments.serving.guard import guarded

    let_writers_wait()
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
