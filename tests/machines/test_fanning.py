"""Cities over several machines: one run for each city and stage, and the watch moves them on."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
from prefect.client.schemas.objects import StateType

from schemas.vocabulary import STAGES
from tests.machines import fanning, plant
from tests.machines.driving import assert_same, client_of, moved
from tests.support import cycle

pytestmark = [pytest.mark.server, pytest.mark.long]


def test_cities_are_fanned_out_and_moved_on_by_the_watch(tmp_path: Path) -> None:
    plain = fanning.two_cities(tmp_path / "plain")
    fanning.plainly(plain)
    # Not among pytest's folders: PostgreSQL's user does not get through those.
    with (
        tempfile.TemporaryDirectory(prefix="termgate-plant-") as folder,
        plant.running(Path(folder)) as machines,
    ):
        home = moved(fanning.two_cities(tmp_path / "source"), machines)
        with client_of(machines):
            found = asyncio.run(fanning.followed(machines, home))
        assert_same(home, plain)
    every = {(city, stage.value) for city in cycle.CITIES for stage in STAGES}
    assert dict(found.launched) == dict.fromkeys(every, 1)
    assert len(found.workers) > 1
    assert found.state == "Waiting"
    assert found.lost is not None
    assert found.lost.state_type is StateType.CRASHED
    assert "no sign of life" in str(found.lost.state and found.lost.state.message)
