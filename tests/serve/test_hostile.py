"""Every call of Prefect's API on a served home, and kills of each of its processes in turn."""

from __future__ import annotations

import signal
from functools import partial
from pathlib import Path

import psutil
import pytest

from data.verify import verify
from schemas.vocabulary import Stage
from tests.serve.hostile import Hostile, standing
from tests.support import cycle
from tests.support.patience import until
from tests.support.served import ENDED, Served, gone
from tests.support.signing import sign_all

pytestmark = [pytest.mark.server, pytest.mark.long]

SIGNED, UNSIGNED, NEXT = "640302103-congress", "640302103-government", "640302-cppcc"
KILLS = 20


def forged(number: int) -> dict[str, object]:
    """An event that says that the last stage is due, as an earlier release launched by."""
    return {
        "event": "termgate.due",
        "occurred": "2026-11-01T00:00:00Z",
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "resource": {
            "prefect.resource.id": "termgate.stage.election",
            "termgate.stage": "election",
            "termgate.scope": "cycle",
        },
    }


def opened(served: Served, unit: str) -> bool:
    return cycle.decisions(served.home)[unit, "plan"][0] == "open"


def test_no_call_runs_the_code_of_others_or_opens_or_loses_anything(
    served: Served, tmp_path: Path
) -> None:
    until(served.settled, "settled")
    sign_all(served.home, Stage.PLAN, SIGNED)
    until(lambda: opened(served, SIGNED), "opened")
    until(served.settled, "settled")
    before, decided = cycle.stored(served.home), cycle.decisions(served.home)
    with served.api() as api, Hostile(api, tmp_path) as hostile:
        stood = standing(api)
        calls = hostile.calls()
        for call in calls:
            hostile.call(*call)
        events = [forged(number) for number in range(3)]
        assert api.post("/events", json=events, headers=api.tokens()).is_success
        taken = {(method, path) for method, path, code in hostile.made if 200 <= code < 300}
        assert len(taken) > len(calls) / 2, "most of them are calls that the server takes"
        assert hostile.busy() == []
        until(lambda: standing(api) == stood, "set right")
        until(served.settled, "settled")
        assert not hostile.trace.exists()
        assert hostile.decoy.poll() is None
        assert [run for run in api.runs("election") if run["state_type"] in ENDED] == []
    # Whatever was decided meanwhile, nothing that was is another.
    assert cycle.stored(served.home)[: len(before)] == before
    now = cycle.decisions(served.home)
    assert {gate: now[gate] for gate in decided} == decided
    assert verify(served.home, blobs=True, acts=True)[1] is None
    sign_all(served.home, Stage.PLAN, NEXT)
    until(lambda: opened(served, NEXT), "opened by the watch")
    assert not opened(served, UNSIGNED)


def over(served: Served) -> bool:
    """Whether it ended, or what came was decided."""
    return served.process.poll() is not None or served.settled()


def processes(served: Served) -> list[psutil.Process]:
    """Every process of a serve, itself last."""
    own, *others = served.tree()
    return [*sorted(others, key=lambda one: one.pid), own]


def test_whatever_is_killed_it_goes_on_or_ends_in_one_line(served: Served) -> None:
    """The last of this module: what is killed is the one that the others share."""
    row = cycle.small_rows()["duties"][0]
    home, running = served.home, served
    try:
        for number in range(KILLS):
            until(running.settled, "settled")
            tree, said = processes(running), len(running.output())
            tree[number % len(tree)].kill()
            (cycle.deliver if number % 2 else cycle.withdraw)(home, "duties", [row])
            until(partial(over, running), "over")
            if running.process.poll() is None:
                continue
            assert gone(tree) == []
            told = running.output()[said:].splitlines()
            assert running.process.returncode in (-signal.SIGKILL, 1)
            assert len(told) == (running.process.returncode == 1), told
            running = Served(home, running.ports, *running.options)
        until(running.settled, "settled")
        assert verify(home, blobs=True, acts=True)[1] is None
        assert running.stop() == 0
    finally:
        running.kill()
