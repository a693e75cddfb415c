"""A stage run as the flows run it, in one call and without an orchestrator."""

from datetime import date

from data.days import Clock, utc_now
from data.home import Home
from schemas.vocabulary import Outcome, Stage
from tasks.moved import FactsMoved
from tasks.procedure import decide, receive
from tasks.recording.handing_on import hand_on


def run_stage(
    home: Home,
    stage: Stage,
    scope: str,
    on: date | None = None,
    *,
    run: str | None = None,
    clock: Clock = utc_now,
) -> dict[str, Outcome | None]:
    """Run one stage for a scope.

    Returns:
        Unit → what its gate said, or None where an earlier gate holds it.

    Raises:
        As `receive`; FactsMoved where something came of a unit meanwhile: the others are decided.
    """
    slate = receive(home, stage, scope, on, run=run, clock=clock)
    result: dict[str, Outcome | None] = dict.fromkeys(slate.held)
    moved = slate.moved
    if slate.units:
        gates = decide(slate, run=run)
        _, late = hand_on(slate.snapshot, stage, gates.recorded.values())
        moved |= gates.moved | late
        result |= {unit: gates.outcome(unit) for unit in gates.decisions}
    if moved:
        raise FactsMoved
    return result
