"""The watch: it takes the inbox, announces what is new, launches what is due, has lists made anew.

Rules: what is due follows from the ledger (`tasks.due`) and from nothing that Prefect says, so that
nothing is lost by an end at any moment and nothing else is launched; for a stage and a topmost
jurisdiction there is one run at a time, whoever launched it, and what came meanwhile is found after
it; a run that died, was cancelled or deleted is launched again, later each time, and one that is
not executed within a minute is named. A server or a database that is away is asked again. A ledger
that does not verify is reported once, and nothing is announced or launched of it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.exceptions import PrefectException

from data.acts import Gate
from data.home import Home
from data.ledger import Ledger
from deployments.exits import line_of, print_stderr
from deployments.serving.launched import ObservedRun, Runs
from deployments.serving.leadership import Leadership
from deployments.serving.lists import Lists
from deployments.serving.memory import Memory, keep, remembered
from deployments.serving.polling import View, Wanted, poll, take
from deployments.serving.warm import Helper
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES, Stage
from tasks.intake.inbox_folder import waits
from tasks.places import Places

TICK_SECONDS = 0.5
# What is launched is executed within this time, or that is reported.
LATE_SECONDS = 60.0
FIRST_DELAY_SECONDS = 1.0
MOST_DELAY_SECONDS = 300.0
# Seconds before a failed look is retried.
PAUSE_SECONDS = 5.0
BATCH = 100
# What is refused or fails here, and is tried again.
FAILURES = (Refusal, OSError, sqlite3.Error)
WORK, INBOX = "work", "inbox"
AWAY = Text(
    "Prefect 服务器已有一分钟没有应答或拒绝请求，应启动的环节还没有启动",
    "Prefect's server has not answered for a minute, or refuses; what is due is not launched",
)

Key = tuple[str, str]  # stage, topmost jurisdiction


@dataclass
class Launched:
    """A launch; `reported`: that it is late."""

    wanted: Wanted
    head: int
    run: UUID
    at: float = field(default_factory=time.monotonic)
    reported: bool = False


class Watch:
    """The watch over one home."""

    def __init__(
        self,
        home: Home,
        helper: Helper,
        deployments: Mapping[str, UUID],
    ) -> None:
        self._home = home
        self._lists = Lists()
        self._ledger = Ledger(home.ledger)
        self._file = home.path / "watch.json"
        self._helper = helper
        self._deployments = deployments
        self._seen: dict[Gate, int] = {}
        self._launched: dict[Key, Launched] = {}
        self._failed: dict[Key, int] = {}
        self._not_before: dict[Key, float] = {}
        self._busy: set[Key] = set()
        self._memory: Memory | None = None
        self._day: date | None = None
        self._head = ("", -1)
        self._again = True
        self._said: dict[str, str] = {}
        self._away: float | None = None
        self._leadership: Leadership | None = None

    async def run(self) -> None:
        """Watch until cancelled."""
        try:
            async with get_client() as client:
                while True:
                    await self._step(client)
                    await asyncio.sleep(TICK_SECONDS)
        finally:
            self._lists.close()
            if self._leadership:
                self._leadership.give_up()

    async def _ours(self) -> bool:
        """Whether it is us who watch; what was remembered while it was not is forgotten."""
        if self._leadership is None:
            cycle, _ = await asyncio.to_thread(self._read_head)
            self._leadership = Leadership(self._home.ledger, cycle)
        if await asyncio.to_thread(self._leadership.held):
            return True
        self._memory = None
        self._seen.clear()
        self._launched.clear()
        self._again = True
        return False

    async def _step(self, client: PrefectClient) -> None:
        """One step, that may fail because something is away or refused; it is taken again."""
        try:
            if not await self._ours():
                return
            await self._take()
            await self.tick(client)
            self._lists.follow((*self._head, self._day), busy=bool(self._launched))
            self._away = None
            self._said.pop(WORK, None)
        except (httpx.HTTPError, PrefectException):
            self._again = True
            self._away = time.monotonic() if self._away is None else self._away
            if time.monotonic() - self._away > LATE_SECONDS:
                self._report(WORK, AWAY.render())
        except FAILURES as error:
            self._again = True
            self._report(WORK, line_of(error))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _take(self) -> None:
        """Take what waits in the inbox; what goes wrong there stops no launch, and is said once."""
        try:
            if await asyncio.to_thread(waits, self._home):
                for one in await self._helper.ask(take):
                    text = Text(
                        f"inbox：{one}（不属于收件箱，已移开）", f"inbox: {one} (set aside)"
                    )
                    print_stderr(text.render())
        except FAILURES as error:
            self._report(INBOX, f"inbox: {line_of(error)}")
        else:
            self._said.pop(INBOX, None)

    def _report(self, about: str, line: str) -> None:
        """Print it, once for as long as it lasts."""
        if self._said.get(about) != line:
            self._said[about] = line
            print_stderr(line)

    async def tick(self, client: PrefectClient) -> None:
        """Look if there is a reason to; announce and launch."""
        day = await asyncio.to_thread(self._ledger.day)
        head = await asyncio.to_thread(self._read_head)
        if day != self._day:
            self._day = day
            self._seen.clear()
            self._again = True
        ended = await self._follow(client)
        now = time.monotonic()
        waited = {key for key, until in self._not_before.items() if until <= now}
        if not (ended or waited or self._again or head != self._head):
            return
        for key in waited:
            del self._not_before[key]
        self._again = False
        memory = self._memory_of(head)
        view = await self._helper.ask(
            poll,
            announced=memory.announced,
            seen=self._seen,
            quiet=memory.quiet if memory.knows(day) else 0,
            new_day=not memory.knows(day),
        )
        self._head = (head[0], view.head)
        await self._announce(client, memory, view)
        self._seen |= dict.fromkeys(view.settled, view.head)
        for wanted in view.wanted:
            await self._launch(client, wanted, view.head)
        if not view.wanted:
            memory.quiet = view.head
            memory.day = max(memory.day, day.isoformat())
        keep(self._file, memory)

    def _read_head(self) -> tuple[str, int]:
        """The hash of the first entry and the number of the last."""
        return self._ledger.cycle(), int(self._ledger.query("SELECT seq FROM head")[0][0])

    def _memory_of(self, head: tuple[str, int]) -> Memory:
        if self._memory is None:
            self._memory = remembered(self._file, *head)
        return self._memory

    async def _announce(self, client: PrefectClient, memory: Memory, view: View) -> None:
        for first in range(0, len(view.events), BATCH):
            some = view.events[first : first + BATCH]
            await client.request("POST", "/events", json=some)
            memory.announced = int(some[-1]["resource"]["termgate.seq"])

    # Launches

    async def _launch(self, client: PrefectClient, wanted: Wanted, head: int) -> None:
        key = (wanted.launch.stage.value, wanted.root)
        if key in self._launched or key in self._not_before or key in self._busy:
            return
        if any(root == key[1] and _before(stage, key[0]) for stage, root in self._launched):
            # An earlier stage still opens gates there: one run for all of them, after it.
            return
        runs = Runs(client, self._deployment(key))
        recent = await runs.recent()
        if self._running(recent, wanted.root):
            # Somebody launched it; what is due then is found after it.
            self._busy.add(key)
            return
        causes = ", ".join(wanted.launch.causes)
        run = await runs.launch(
            wanted.launch.scope, Text(f"待核查：{causes}", f"due: {causes}").render()
        )
        self._launched[key] = Launched(wanted, head, run)

    def _deployment(self, key: Key) -> UUID:
        return self._deployments[Stage(key[0]).work.value]

    def _running(self, runs: list[ObservedRun], root: str) -> bool:
        places = Places(self._ledger)
        return any(one.active and one.touches(places, root) for one in runs)

    async def _follow(self, client: PrefectClient) -> bool:
        """Follow what was launched; whether something ended."""
        ended = False
        for key in tuple(self._busy):
            runs = Runs(client, self._deployment(key))
            if not self._running(await runs.recent(), key[1]):
                self._busy.discard(key)
                ended = True
        for key, launched in list(self._launched.items()):
            observed = await Runs(client, self._deployment(key)).one(launched.run)
            if observed and observed.active:
                self._report_late(key, launched, observed)
                continue
            self._ended(key, launched, decided=observed is not None and observed.decided)
            ended = True
        return ended

    def _report_late(self, key: Key, launched: Launched, observed: ObservedRun) -> None:
        """Report once a run that is not executed."""
        late = not observed.started and time.monotonic() - launched.at > LATE_SECONDS
        if late and not launched.reported:
            launched.reported = True
            where = f"{key[0]} {launched.wanted.launch.scope}"
            print_stderr(
                Text(
                    f"{where}：已启动一分钟，仍未执行；见界面 Runs",
                    f"{where}: launched a minute ago and not executed yet; see Runs in the pages",
                ).render()
            )

    def _ended(self, key: Key, launched: Launched, *, decided: bool) -> None:
        del self._launched[key]
        if decided:
            self._failed.pop(key, None)
            self._seen |= dict.fromkeys(launched.wanted.gates, launched.head)
            return
        times = self._failed[key] = self._failed.get(key, 0) + 1
        delay = min(FIRST_DELAY_SECONDS * 2 ** (times - 1), MOST_DELAY_SECONDS)
        self._not_before[key] = time.monotonic() + delay


def _before(stage: str, other: str) -> bool:
    return STAGES.index(Stage(stage)) < STAGES.index(Stage(other))
