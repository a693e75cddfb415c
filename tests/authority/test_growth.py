"""What an officer's act costs does not grow with how many other officers have keys.

Work is counted, in instructions of our own code, and not timed.
"""

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from data.acts import Keyring
from schemas.entries import KeyAct, KeyEnrolled, KeyVouched
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tests.authority.scene import CITY_DISCIPLINE, CITY_SECRETARY
from tests.generator import Row
from tests.support import cycle
from tests.support.signing import who
from tests.support.tree import PACKAGES, ROOT

FEW, MANY = 10, 80
# Numbers become longer; nothing else may grow.
GROWTH = 1.02
OURS = tuple(str(ROOT / package) for package in PACKAGES)


def instructions(act: Callable[[], object]) -> int:
    """How many instructions of our own code an act takes."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, int]]:
    """Instructions for enrolling and vouching, of one officer after the other."""
    rows = cycle.small_rows()
    more: list[Row] = [
        {"officer": f"o-640302-m{number}", "name": "某人", "person": f"p-640302-m{number}",
         "organ": "organisation-department", "jurisdiction": "640302"}
        for number in range(MANY)
    ]  # fmt: skip
    rows = {**rows, "officers": [*rows["officers"], *more]}
    found = []
    with cycle.unsynced():
        recorder = Recorder(cycle.open_home(tmp_path_factory.mktemp("growth") / "home", rows))
        for officer in (CITY_SECRETARY, CITY_DISCIPLINE):
            keys.enrol(recorder, who(officer))
        for row in more:
            officer = str(row["officer"])
            enrolling = instructions(partial(keys.enrol, recorder, who(officer)))
            vouch = partial(keys.vouch, recorder, officer, who(officer).key)
            vouching = instructions(partial(vouch, who(CITY_DISCIPLINE)))
            found.append((enrolling, vouching))
    return found


@pytest.mark.parametrize("act", [0, 1], ids=["enrol", "vouch"])
def test_a_key_costs_the_same_however_many_there_are(
    costs: list[tuple[int, int]], act: int
) -> None:
    few, many = (sorted(one[act] for one in part) for part in (costs[:FEW], costs[-FEW:]))
    assert few[0] > 1000
    assert many[FEW // 2] <= few[FEW // 2] * GROWTH


def test_a_ring_of_thousands_is_followed_in_a_time_that_grows_as_they_do() -> None:
    def taken(count: int) -> int:
        ring = Keyring()
        acts: list[KeyAct] = []
        for number in range(count):
            officer, key, seq = f"o-{number}", f"{number:064x}", 2 * number + 1
            public = "A" * 43 + "="
            place: tuple[str, str, str, str, str, dict[str, str]] = ("", "", "", officer, key, {})
            acts.append(KeyEnrolled(seq, *place, "secretary", "640302", public))
            acts.append(KeyVouched(seq + 1, *place, "o-0", f"{0:064x}"))

        def take() -> None:
            for act in acts:
                ring.take(act)
                assert ring.of(act.officer) or ring.pending(act.officer)

        return instructions(take)

    assert taken(2000) <= taken(100) * 20 * GROWTH
