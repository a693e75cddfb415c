"""Reminders (提醒): what falls due, announced ahead of time, once each; no gate rests on it."""

from __future__ import annotations

from datetime import date

from prefect import State, flow
from prefect.runtime import flow_run
from prefect.states import Completed

from data.home import current_home
from flows.forms import chosen_day
from flows.stage_flow import UNCHECKED, closed_if_refused, day, shown_day
from schemas.text import Text, clauses, plural
from tasks.reminding import remind

SHOWN = 3


async def _remind(on: object) -> State[None]:
    reminded = remind(current_home(), day(chosen_day(on)))
    message = Text(
        f"新提醒{len(reminded.new)}项，未办{len(reminded.open)}项",
        f"{plural(len(reminded.new), 'new reminder')}, {plural(len(reminded.open), 'deadline')} "
        f"open",
    ).render()
    first = [f"{one.due} {one.place} {one.kind.label.render()}" for one in reminded.new[:SHOWN]]
    return Completed(name="Reminded", message=clauses(message, *first))


def _named() -> str:
    return f"reminders {shown_day(flow_run.parameters.get('on'))}"


@flow(name="reminders", flow_run_name=_named, **UNCHECKED)
async def reminders(on: date | None = None) -> State[None]:
    """提醒: statutory days, report clocks and waivers that come near, each put on record once."""
    return await closed_if_refused(_remind(on))
