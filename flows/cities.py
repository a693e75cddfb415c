"""The cycle over many cities: a run of its own for each city and stage, wherever workers are.

Rules: each city goes through its stages at its own pace, so that one that waits, is blocked or has
lost its run holds no other; no more than `AT_ONCE` runs are under way. What was decided stands in
the ledger: this flow launches and says how the runs ended, and launched again it repeats nothing.
"""

from __future__ import annotations

import asyncio
from datetime import date

from prefect import State
from prefect.deployments import arun_deployment

from data.home import current_home
from data.ledger import Ledger
from flows.stage_flow import day, stage_flow
from schemas.text import clauses, comma_separated, stated
from schemas.vocabulary import WORKS, Outcome, ended_as
from tasks.places import Places
from tasks.steps import named_state

AT_ONCE = 8
POLL_SECONDS = 2


def parts(places: Places, scope: str) -> list[str]:
    """The scopes that a scope falls into: of the whole cycle the places that stand above all."""
    if scope != "cycle":
        return [scope]
    return [code for code, place in places.by_code.items() if place.parent not in places.by_code]


async def _launched(stage: str, scope: str, on: date | None) -> str:
    """Run one stage for one city wherever there is a worker; the name of the state it ends in."""
    given = {"on": on.isoformat()} if on else {}
    run = await arun_deployment(
        f"{stage}/{stage}",
        parameters={"scope": scope, **given},
        poll_interval=POLL_SECONDS,
        as_subflow=True,
    )
    return (run.state.name if run.state else None) or "?"


async def _city(scope: str, on: date | None, room: asyncio.Semaphore) -> list[str]:
    """One city through all its stages: how each ended; after an error nothing more is launched."""
    states: list[str] = []
    for work in WORKS:
        async with room:
            try:
                states.append(await _launched(work.value, scope, on))
            except Exception as error:
                # It is named in the state of this run, and holds this city alone.
                return [*states, type(error).__name__]
    return states


@stage_flow("cities")
async def cities(scope: str = "cycle", on: date | None = None) -> State[None]:
    """Every city from plan to election, side by side; open only if the last stage of each is."""
    day(on)
    room = asyncio.Semaphore(AT_ONCE)
    places = Places(Ledger(current_home().ledger))
    wanted = parts(places, scope)
    ended = await asyncio.gather(*(_city(one, on, room) for one in wanted))
    names = [places.by_code[one].name if one in places.by_code else one for one in wanted]
    message = clauses(
        *(
            stated(name, comma_separated(map(ended_as, states)).render())
            for name, states in zip(names, ended, strict=True)
        )
    )
    every = {state for states in ended for state in states}
    if wanted and every == {"Open"}:
        return named_state(Outcome.OPEN, message)
    closed = every <= {"Open", "Waiting"}
    return named_state(Outcome.WAITING if closed else Outcome.BLOCKED, message)
