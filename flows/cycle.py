"""The whole cycle (换届): the five stages, one after the other, over the same scope and day."""

from __future__ import annotations

from datetime import date

from prefect import State

from flows.election import election
from flows.inspection import inspection
from flows.nomination import nomination
from flows.plan import plan
from flows.stage_flow import day, stage_flow
from flows.vetting import vetting
from schemas.vocabulary import Outcome, Work
from tasks.running import ended
from tasks.steps import cycle_summary, named_state

STAGE_FLOWS = {
    "plan": plan,
    "nomination": nomination,
    "vetting": vetting,
    "inspection": inspection,
    "election": election,
}


@stage_flow("cycle")
async def cycle(scope: str = "cycle", on: date | None = None) -> State[None]:
    """Plan → nomination → vetting → inspection → election; a held unit does not hold the others.

    The cycle is open only if its last stage is: that stage passes all earlier gates again.
    """
    of = day(on)
    states = {Work(name): await ended(stage, scope, of) for name, stage in STAGE_FLOWS.items()}
    message = cycle_summary(states, scope)
    if all(state.is_completed() for state in states.values()):
        return named_state(Outcome.OPEN, message)
    blocked = any(state.name not in ("Open", "Waiting") for state in states.values())
    return named_state(Outcome.BLOCKED if blocked else Outcome.WAITING, message)
