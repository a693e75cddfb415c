"""Where histories begin: homes that were brought so far once, and are copied.

Rules: what was done to them was done by the same operations, and held against the same model.
"""

from __future__ import annotations

import atexit
from functools import cache

from schemas.vocabulary import STAGES, Stage
from tests.histories import deeds
from tests.histories.model import vouches
from tests.histories.replays import replayed
from tests.histories.rows import PLACES
from tests.histories.world import World
from tests.support import cycle

ON = cycle.ON
# The first two are of two organs: they need nobody to vouch for them.
ENROLLED = (
    "o-640300-02", "o-640300-01", "o-640300-07", "o-640300-55", "o-640300-14", "o-640302-01",
    "o-640302-02", "o-640302-04", "o-640302-05", "o-640302-07", "o-640302-51", "o-640302-55",
    "o-640302100-01", "o-640302100-51", "o-640302100-52", "o-640302100-07", "o-640302100-08",
)  # fmt: skip
# Without keys at first.
OTHERS = ("o-640300-03", "o-640302100-02", "o-640302100-03", "o-640302-54")
EVERYBODY = (*ENROLLED, *OTHERS)
# Everything was launched and signed, or nothing yet.
STARTS = (Stage.RESULT, Stage.RESULT, Stage.VETTING, Stage.PLAN, None)


@cache
def start(last: Stage | None) -> World:
    """A world in which everything up to a stage was launched and signed; only ever copied."""
    if last is None:
        world = World()
        world.today = ON
        for officer in ENROLLED:
            assert deeds.enrol(world, officer) == "done"
            if world.model.key_of(officer) is None:
                assert deeds.vouch(world, officer, _voucher(officer)) == "done"
        for officer in ENROLLED:
            if world.model.pending(officer) is not None:
                assert deeds.vouch(world, officer, _second(world, officer)) == "done"
    else:
        world = World(start(None))
        deeds.pass_stages(world, last, ON)
        for stage in STAGES[: STAGES.index(last) + 1]:
            world.launch(stage, "cycle", ON)
    world.check()
    replayed(world)
    atexit.register(world.close)
    return world


def _second(world: World, officer: str) -> str:
    """Somebody of a third organ, there or above."""
    name = world.model.pending(officer)
    assert name is not None
    key = world.model.keys[name]
    return next(
        one
        for one in ENROLLED
        if world.model.fit(one)
        and world.model.role(one)[0] not in {key.organ, *key.vouchers}
        and vouches(world.model.role(one)[0], key.organ)
        and world.model.role(one)[1] in PLACES[PLACES.index(key.place) :]
    )


def _voucher(officer: str) -> str:
    return ENROLLED[0] if officer not in {"o-640302-02", "o-640300-14"} else ENROLLED[1]
