"""What the desk's pages take: `python -m tests.benchmarks.desk HOME --people 200`.

Rules: the desk is a process of its own over a copy of the home, and people reach it as browsers do,
all signed in with their event streams open; what is counted is the processor of that process. A
page is measured when something was recorded since it was asked for, and again when nothing was.
What is recorded are keys of officers who had none.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle as around
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx import AsyncClient, Limits

from data.history import keyring
from data.home import Home
from data.keyfiles import load_key
from data.ledger import Ledger
from deployments.demo_officers import PASSPHRASE
from deployments.desk.desk import COOKIE
from deployments.inbox import Inbox
from schemas.encodings import from_base64, to_base64
from schemas.envelopes import sealed
from schemas.vocabulary import Outcome
from tasks.officers.pending import PendingSignatures
from tests.desk.scene import desk_alone
from tests.support.patience import PATIENCE, looks_beside
from tests.support.signing import officers_on_record, private_of

ROUNDS = 5
AGAIN = 10


@dataclass
class Reader:
    """Somebody at the desk; `seen` has when each entry was told to their page."""

    officer: str
    headers: dict[str, str]
    seen: dict[int, float] = field(default_factory=dict)


def busiest(home: Home, officers: list[str]) -> str:
    """For whom the most gates wait."""
    pending = PendingSignatures(home)
    return max(officers, key=lambda one: len(Inbox(pending, one).items()))


def gates_of(home: Home) -> list[str]:
    """Pages of gates that were decided, those first that are closed."""
    rows = Ledger(home.ledger).query("SELECT unit, stage, outcome FROM gates ORDER BY seq DESC")
    found = sorted(rows, key=lambda row: row[2] == Outcome.OPEN)
    return [f"/gate/{unit}/{stage}" for unit, stage, _ in found]


class People:
    """People at a desk, and the processor of its process."""

    def __init__(self, home: Home, client: AsyncClient, process: psutil.Process) -> None:
        self.home = home
        self.client = client
        self.process = process

    def _key(self, officer: str) -> Ed25519PrivateKey:
        file = self.home.path / "keys" / officer
        return load_key(file, PASSPHRASE) if file.exists() else private_of(officer)

    async def enter(self, officer: str, number: int) -> Reader:
        """Sign in, from an address of one's own."""
        # The desk believes what is said of who asks by whatever is on its own machine.
        own = {"x-forwarded-for": f"10.0.{number // 250}.{number % 250}"}
        asked = await self.client.post("/challenge", json={"officer": officer}, headers=own)
        payload = from_base64(asked.json()["payload"])
        content = {
            "officer": officer,
            "challenge": json.loads(payload)["challenge"],
            "envelope": sealed(payload, self._key(officer)),
        }
        entered = await self.client.post("/enter", json=content, headers=own)
        entered.raise_for_status()
        cookie = entered.headers["set-cookie"].partition(";")[0].removeprefix(f"{COOKIE}=")
        self.client.cookies.clear()
        return Reader(officer, {**own, "cookie": f"{COOKIE}={cookie}"})

    async def follow(self, reader: Reader) -> None:
        """Listen to what their page is told."""
        stream = self.client.stream("GET", "/events", headers=reader.headers, timeout=None)
        async with stream as told:
            async for line in told.aiter_lines():
                if line.startswith("data: "):
                    reader.seen[int(line[6:])] = time.perf_counter()

    async def page(self, reader: Reader, path: str) -> str:
        """A page."""
        answer = await self.client.get(path, headers=reader.headers)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    async def enrol(self, officer: str) -> tuple[int, float, float]:
        """Enrol a key: the entry, when that was sent, and when it was answered."""
        private = private_of(officer)
        own = to_base64(private.public_key().public_bytes_raw())
        content: dict[str, Any] = {"officer": officer, "public": own}
        shown = (await self.client.post("/acts/enrol", json=content)).json()
        envelope = sealed(from_base64(shown["payload"]), private)
        content |= {"at": shown["at"], "envelope": envelope}
        sent = time.perf_counter()
        done = await self.client.post("/acts/enrol", json=content)
        done.raise_for_status()
        return int(done.json()["seq"]), sent, time.perf_counter()

    def busy(self) -> float:
        """Seconds of the processor of the desk's process."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    async def milliseconds(self, work: Callable[[], Awaitable[object]], times: int = 1) -> float:
        """Milliseconds of the desk's processor for one of so many."""
        before = self.busy()
        for _ in range(times):
            await work()
        return (self.busy() - before) / times * 1000


async def told(people: list[Reader], seq: int) -> float:
    """When the last of them was told of an entry."""
    async for _ in looks_beside(f"told of {seq}", pause=0.01):
        if all(any(one >= seq for one in reader.seen) for reader in people):
            break
    return max(min(at for one, at in reader.seen.items() if one >= seq) for reader in people)


async def measured(
    desk: People, officers: list[str], newcomers: list[str], gates: list[str]
) -> dict[str, Any]:
    """All of it; the first of the officers is who reads."""
    started = time.perf_counter()
    readers = [await desk.enter(one, number) for number, one in enumerate(officers)]
    entered = time.perf_counter() - started
    listening = [asyncio.create_task(desk.follow(one)) for one in readers]
    await told(readers, 1)
    reader, *_ = readers
    found: dict[str, list[float]] = {}

    def add(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    for path in ("/", gates[0]):
        await desk.page(reader, path)  # What is loaded once is loaded.
    for number, (newcomer, gate) in enumerate(zip(newcomers, gates, strict=False)):
        seq, sent, answered = await desk.enrol(newcomer)
        last = await told(readers, seq)
        add("act, answered, s", answered - sent)
        add("act, told to all, s", last - sent)
        # In turn either is the first that is asked for.
        for path in sorted(("/", gate), reverse=bool(number % 2)):
            shown = partial(desk.page, reader, path)
            name = "today" if path == "/" else "gate"
            add(f"{name}, first, ms", await desk.milliseconds(shown))
            add(f"{name}, again, ms", await desk.milliseconds(shown, AGAIN))
    seq, _, _ = await desk.enrol(newcomers[-1])
    await told(readers, seq)
    before, began = desk.busy(), time.perf_counter()
    await asyncio.gather(*(desk.page(one, "/") for one in readers))
    together = {
        "all load today at once, s": time.perf_counter() - began,
        "all load today at once, ms each": (desk.busy() - before) / len(readers) * 1000,
    }
    for task in listening:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    spread = {name: (min(each), median(each), max(each)) for name, each in found.items()}
    memory = desk.process.memory_info().rss / (1 << 20)
    return {"people": len(readers), "signed in, s": entered, **spread, **together, "MB": memory}


async def at_desk(home: Home, address: str, process: psutil.Process, people: int) -> dict[str, Any]:
    """The measurements at a desk that is served."""
    ring = keyring(Ledger(home.ledger))
    known = sorted({key.officer for key in ring.keys.values() if ring.of(key.officer)})
    keyless = sorted(one for one in officers_on_record(home) if not ring.had_by(one))
    reader = busiest(home, known)
    others = around([one for one in known if one != reader])
    officers = [reader, *(next(others) for _ in range(people - 1))]
    newcomers = keyless[: ROUNDS + 1]
    limits = Limits(max_connections=None)
    async with AsyncClient(base_url=address, limits=limits, timeout=PATIENCE) as client:
        return await measured(
            People(home, client, process), officers, newcomers, gates_of(home)[:ROUNDS]
        )


def main() -> int:
    """Measure a desk over a copy of a home, and print what was found as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.desk", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--people", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="termgate-desk-") as folder:
        home = Home(shutil.copytree(given.home, Path(folder, "home")))
        with desk_alone(home) as address:
            (process,) = psutil.Process().children()
            print(json.dumps(asyncio.run(at_desk(home, address, process, given.people)), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
