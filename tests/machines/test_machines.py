"""Several machines in one cycle, while one after the other dies: the same decisions, none twice.

Two servers behind the balancer, background services, three workers, PostgreSQL and Redis of their
own. `python -m tests.machines` does the same with the reference cycle and all five stages.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines import plant
from tests.machines.driving import Driver, assert_same, client_of, moved, plainly
from tests.support import cycle

pytestmark = [pytest.mark.server, pytest.mark.long]

# The others die in the long run.
STEPS = (("plan", "worker"), ("nomination", "postgres"))


@pytest.fixture(scope="module")
def machines() -> Iterator[plant.Plant]:
    # Not among pytest's folders: PostgreSQL's user does not get through those.
    with (
        tempfile.TemporaryDirectory(prefix="termgate-plant-") as folder,
        plant.running(Path(folder)) as made,
    ):
        yield made


def test_the_decisions_are_the_same_whatever_dies(machines: plant.Plant, tmp_path: Path) -> None:
    plain = cycle.small_home(tmp_path / "plain", planted=True)
    home = moved(cycle.small_home(tmp_path / "source", planted=True), machines)
    plainly(plain, STEPS)
    driver = Driver(machines, home)
    with client_of(machines):
        asyncio.run(driver.cycle(STEPS))
    assert set(driver.middles) == {victim for _, victim in STEPS}
    assert_same(home, plain)
