"""Whether this container's background services live: a health check, since they listen nowhere.

Rules: alive is who gave a sign of life to Redis in the last ten seconds (five that were missed);
the address comes from the environment, as the services have it, and is never shown.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys

from docket import Docket

# Prefect's own name for what `prefect server services start` works off.
DOCKET = "prefect"


async def signs_of_life(url: str, host: str) -> int:
    """How many workers of the docket on this host have given one lately."""
    async with Docket(name=DOCKET, url=url) as docket:
        found = await docket.workers()
    return sum(worker.name.partition("#")[0] == host for worker in found)


def main() -> int:
    """0 if there is one."""
    url = os.environ["PREFECT_SERVER_DOCKET_URL"]
    return 0 if asyncio.run(signs_of_life(url, socket.gethostname())) else 1


if __name__ == "__main__":
    sys.exit(main())
