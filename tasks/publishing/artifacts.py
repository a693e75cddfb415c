"""Pages and progress bars put before coordinators, as artifacts of the Prefect server.

Rules: the newest version of every page is read first, in one call, and a new one is made only where
it says something else: a page that nobody changed costs nothing, one that somebody edited or
deleted is made again. What its stage misses a run tells in any case, among its own artifacts, where
its reader looks. In a run only the histories of a few units are brought up to date; those of
many follow outside of it (`Pages`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactCollectionFilter, ArtifactCollectionFilterKey
from prefect.context import FlowRunContext

from data.history import History
from data.home import Home
from data.ledger import Ledger
from data.status import unit_names
from schemas.decisions import Decision
from schemas.names import unit_name
from schemas.vocabulary import STAGES, Stage
from tasks.places import Places
from tasks.procedure import Slate
from tasks.publishing.handoffs import handoff_pages
from tasks.publishing.history import history_page
from tasks.publishing.markdown import Page, missing_key
from tasks.publishing.pages import Overview
from tasks.running import WATCHING, in_run

AT_ONCE = 200  # pages that one call to the server asks for
IN_A_RUN = 12  # histories; a hundred of them would take longer than the stage
MOVE_SECONDS = 1.0


async def keep(pages: Iterable[Page], anew: Collection[str] = ()) -> int:
    """Make a new version of every page whose newest one says something else; how many.

    `anew` are the keys of those that are made in any case.
    """
    wanted = list(pages)
    made = 0
    context = FlowRunContext.get()
    run = context.flow_run.id if context and context.flow_run else None
    async with get_client() as client:
        for first in range(0, len(wanted), AT_ONCE):
            part = wanted[first : first + AT_ONCE]
            keys = ArtifactCollectionFilterKey(any_=[one.key for one in part])
            standing = {
                one.key: one.data
                for one in await client.read_latest_artifacts(
                    artifact_filter=ArtifactCollectionFilter(key=keys), limit=AT_ONCE
                )
            }
            for one in part:
                if one.key in anew or standing.get(one.key) != one.content:
                    made += 1
                    await client.create_artifact(
                        ArtifactCreate(
                            key=one.key,
                            type="markdown",
                            description=one.description,
                            data=one.content,
                            flow_run_id=run,
                        )
                    )
    return made


def _histories(
    ledger: Ledger, about: Mapping[str, Sequence[int]], checkpoints: Sequence[int]
) -> list[Page]:
    """The histories of units, each with the entries that speak of it."""
    names = unit_names(ledger)
    return [
        history_page(ledger, unit, unit_name(*names[unit]), seqs, checkpoints)
        for unit, seqs in sorted(about.items())
        if unit in names
    ]


def run_pages(slate: Slate, decisions: Mapping[str, Decision]) -> list[Page]:
    """The pages that a stage's run changes by its `decisions`."""
    snapshot, scope = slate.snapshot, slate.scope
    overview = Overview(snapshot.home)
    code = scope.partition("-")[0]
    places = Places(snapshot.ledger)
    touched = () if scope == "cycle" else (*places.above(code), *places.below(code))
    pages = [overview.board(), overview.missing(slate.stage), overview.inbox()]
    pages += overview.counties(touched)
    pages += handoff_pages(slate, decisions)
    history = snapshot.history
    newer = list(snapshot.ledger.entries(history.seq))
    units = {entry.of_unit for entry in newer if entry.of_unit}
    if len(units) <= IN_A_RUN:
        about = {
            unit: [
                *history.about.get(unit, ()),
                *(entry.seq for entry in newer if entry.of_unit == unit),
            ]
            for unit in units
        }
        pages += _histories(snapshot.ledger, about, history.checkpoints)
    return pages


async def publish(slate: Slate, decisions: Mapping[str, Decision]) -> None:
    """Bring the pages that a stage's run changes up to date; without a run there are none."""
    if in_run():
        await keep(run_pages(slate, decisions), {missing_key(slate.stage)})


class Pages:
    """Keeps all pages up to date with the ledger, for whoever watches it; in no run."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._ledger = Ledger(home.ledger)
        self._history = History()

    async def refresh(self) -> int:
        """Make the pages anew that the entries since the last time change; how many."""
        changed = await asyncio.to_thread(self._changed)
        return await keep(changed) if changed else 0

    def _changed(self) -> list[Page]:
        units: set[str] = set()
        before = self._history.seq
        for entry in self._ledger.entries(before):
            self._history.take(entry)
            if entry.of_unit:
                units.add(entry.of_unit)
        if self._history.seq == before:
            return []
        about = {unit: self._history.about[unit] for unit in units}
        overview = Overview(self._home)
        return [
            overview.board(),
            *(overview.missing(stage) for stage in STAGES),
            *overview.counties(),
            overview.inbox(),
            *_histories(self._ledger, about, self._history.checkpoints),
        ]


class Progress:
    """How far a stage is: in a run a bar in the UI, elsewhere told to whoever watches.

    The bar is moved at most once a second, since each move is a call to the server.
    """

    def __init__(self, stage: Stage, total: int) -> None:
        self._stage = stage
        self._total = total
        self._artifact: UUID | None = None
        self._moved = 0.0

    async def at(self, done: int) -> None:
        """Show that `done` of the units are decided."""
        if not in_run():
            WATCHING.get()(self._stage, done, self._total)
            return
        now = time.monotonic()
        percent = 100.0 * done / self._total
        if self._artifact is None:
            self._artifact = await acreate_progress_artifact(
                progress=percent, key=f"progress-{self._stage.value}"
            )
        elif done == self._total or now - self._moved >= MOVE_SECONDS:
            await aupdate_progress_artifact(artifact_id=self._artifact, progress=percent)
        else:
            return
        self._moved = now
