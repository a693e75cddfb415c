"""Whatever interrupts accept, decide, sign, refuse, waive, hand on and enrol: nothing by half."""

from __future__ import annotations

import pytest

from tests.crash import interrupt
from tests.crash.actions import ACTIONS
from tests.crash.interrupt import BROKEN_DISK, FULL_DISK, KILL
from tests.crash.recovery import Stand
from tests.support.marks import long_but
from tests.support.programs import path_of

# Of every action so many points are tried here; `python -m tests.crash` tries them all.
SHARE = 3


@pytest.fixture(scope="module", autouse=True)
def _strace() -> None:
    path_of("strace")


@pytest.fixture(scope="module", params=sorted(ACTIONS))
def stand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stand:
    return Stand(ACTIONS[request.param], tmp_path_factory.mktemp(f"crash-{request.param}"))


def spread(stand: Stand) -> list[interrupt.Point]:
    """Points over the whole action, the first and the last among them."""
    every = stand.points
    step = max(1, (len(every) - 1) // (SHARE - 1))
    return [*every[::step][: SHARE - 1], every[-1]]


def test_every_action_changes_files(stand: Stand) -> None:
    assert len(stand.points) >= 5
    assert {point.call for point in stand.points} & {"fsync", "fdatasync"}


@pytest.mark.parametrize("fault", long_but([KILL], (KILL, FULL_DISK, BROKEN_DISK)))
def test_nothing_is_lost_repeated_or_half_done(stand: Stand, fault: str) -> None:
    endings = [stand.interrupted(point, fault) for point in spread(stand)]
    if fault == KILL:
        assert any(ending.killed for ending in endings)
    else:
        assert any(ending.told for ending in endings)
