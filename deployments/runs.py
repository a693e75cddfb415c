"""The command `run`: a stage flow or the cycle, by the serve of the home or here, and its end."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from data.home import Home, named_home
from data.ledger import Ledger
from data.signers import check_decides
from data.status import UnitStatus, statuses
from deployments.app import (
    STAGE,
    WORK_NAMES,
    DayOption,
    HomeOption,
    JsonOption,
    ScopeOption,
    code_named,
)
from deployments.asking import asked
from deployments.embedded import API, code_of, prepare, run_flow
from deployments.scopes import scope_named, scope_shown
from deployments.show import Answer, Part, Table, outcome
from schemas.text import Text, stated
from schemas.vocabulary import STAGES, WORKS, Outcome, Work, ended_as

CYCLE = Text("换届", "cycle")
UNSUPPORTED = Text(
    "服务器称本次运行已通过，但记录中不是所有单位都已通过",
    "the server says that the run ended open, and the ledger does not show every unit as open",
)


def stage_counts(units: list[UnitStatus]) -> list[list[str]]:
    """A row for each stage: how many units are open, waiting, blocked, not reached."""
    rows = []
    for stage in STAGES:
        counts = Counter(one.stages[stage.value] for one in units)
        rows.append(
            [stage.label.render()]
            + [str(counts[name]) for name in ("open", "waiting", "blocked", "not_reached")]
        )
    return rows


def counts_table(units: list[UnitStatus]) -> Table:
    """The stages and their counts as a table."""
    headings = [Text("关口", "gate").render()]
    headings += [outcome(name) for name in ("open", "waiting", "blocked", "not_reached")]
    return Table(headings, stage_counts(units))


def _open_on_record(name: str, units: list[UnitStatus]) -> bool:
    """Whether every unit is open on record at a stage, or at all, and none is objected to."""
    stages = STAGES if name == "cycle" else Work(name).stages
    stand = all(one.stages[stage.value] == Outcome.OPEN for one in units for stage in stages)
    return stand and not any(one.objected for one in units)


def _ended(
    home: Home, name: str, scope: str, on: date | None, watching: Callable[[str], None]
) -> tuple[str, str]:
    """Run a flow, by the serve of this home where there is one: the final state and its message.

    A state that the API says and the ledger does not is none.
    """
    # A server that the user named is asked as before.
    served = None if os.environ.get(API) else asked(home, name, scope, on, watching)
    if served is None:
        check_decides(home)
        prepare(home)
        return asyncio.run(run_flow(name, scope, on, watching))
    if served[0] == "Open" and not _open_on_record(name, statuses(Ledger(home.ledger), scope)):
        return "Waiting", UNSUPPORTED.render()
    return served


def run(
    stage: Annotated[str, Parameter(help=f"{WORK_NAMES}|{CYCLE.render()}")],
    /,
    *,
    scope: ScopeOption = "cycle",
    day: DayOption = None,
    wanted: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Run a flow; 0 if everything in scope is open, 3 if not, 1 if the run itself failed."""
    home = named_home(wanted).of_this_release()
    name = code_named(stage, STAGE, WORKS, CYCLE)
    ledger = Ledger(home.ledger, day=day)
    scope = scope_named(ledger, scope)
    statuses(ledger, scope)
    on = ledger.day()
    what = (CYCLE if name == CYCLE.en else Work(name).label).render()
    where = CYCLE.render() if scope == CYCLE.en else scope_shown(ledger, scope)
    doing = Text(f"正在运行 {what} {where}", f"running {what} {where}").render()
    # Standard output is for the answer; what only reassures goes beside it.
    with Console(stderr=True).status(doing) as status:
        state, message = _ended(
            home, name, scope, day, lambda far: status.update(f"{doing}  {far}".rstrip())
        )
    units = statuses(Ledger(home.ledger), scope)
    value = {"flow": name, "scope": scope, "on": on.isoformat(), "state": state,
             "message": message}  # fmt: skip
    parts: list[Part] = [
        stated(f"[bold]{what}[/] {where} {on}", ended_as(state)),
        escape(message),
        counts_table(units),
    ]
    return Answer(value, parts, code_of(state)).give(json=json)
