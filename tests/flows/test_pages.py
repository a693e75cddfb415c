"""Pages on a real server: a new version only where the content is not what stands."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from prefect.client.orchestration import PrefectClient, get_client

from schemas.vocabulary import STAGES
from tasks.publishing.artifacts import Pages, keep
from tasks.publishing.markdown import Page
from tests.support import cycle

pytestmark = pytest.mark.server


async def _newest(client: PrefectClient, key: str) -> tuple[str, str]:
    """The id and content of a key's newest version."""
    wanted = {"artifacts": {"key": {"any_": [key]}}}
    found = await client._client.post("/artifacts/latest/filter", json=wanted)
    (one,) = found.json()
    return one["latest_id"], one["data"]


def test_a_page_is_made_anew_only_where_it_says_something_else(server: str) -> None:
    page = Page("test-page", "one", "a page")

    async def living() -> None:
        async with get_client() as client:
            assert await keep([page, Page("test-other", "two", "another")]) == 2
            first, _ = await _newest(client, page.key)
            assert await keep([page]) == 0
            assert await _newest(client, page.key) == (first, "one")
            await client._client.patch(f"/artifacts/{first}", json={"data": "edited by hand"})
            assert await keep([page]) == 1
            second, data = await _newest(client, page.key)
            assert (second != first, data) == (True, "one")
            await client._client.delete(f"/artifacts/{second}")
            assert await keep([page]) == 1
            third, data = await _newest(client, page.key)
            assert data == "one"
            assert await keep([page], {page.key}) == 1
            assert (await _newest(client, page.key))[0] != third
            assert await keep([]) == 0

    asyncio.run(living())


def test_the_watcher_keeps_every_page_up_to_date(server: str, tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path, planted=True, run=True)
    units = [str(row["unit"]) for row in cycle.small_rows()["units"]]
    keys = ["board", "inbox", "county-640300", "county-640302"]
    keys += [f"missing-{stage.value}" for stage in STAGES]
    keys += [f"history-{unit}" for unit in units]
    watcher = Pages(home)

    async def watching() -> list[str]:
        made = await watcher.refresh()
        assert 0 < made <= len(keys)
        assert await watcher.refresh() == 0
        # A watcher that starts again finds everything as it stands.
        assert await Pages(home).refresh() == 0
        async with get_client() as client:
            return [(await _newest(client, key))[1] for key in keys]

    assert all(asyncio.run(watching()))
