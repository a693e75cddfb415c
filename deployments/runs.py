"""The command `run`: a stage flow or the cycle on the embedded server, and what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from data.home import named_home
from data.ledger import Ledger
from data.status import UnitStatus, statuses
from deployments.app import STAGE_NAMES, HomeOption, JsonOption, ScopeOption, _
from deployments.embedded import prepare, run_flow
from deployments.show import Answer, Part, Table, outcome
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES


def _what(name: str) -> str:
    names = [*(stage.value for stage in STAGES), "cycle"]
    if name not in names:
        known = ", ".join(names)
        raise Refusal(
            Text(f"{name}：没有这个环节；可用 {known}", f"{name}: no such stage; use {known}")
        )
    return name


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
    headings = [Text("环节", "stage").render()]
    headings += [outcome(name) for name in ("open", "waiting", "blocked", "not_reached")]
    return Table(headings, stage_counts(units))


def run(
    stage: Annotated[str, Parameter(help=f"{STAGE_NAMES}|cycle")],
    /,
    *,
    scope: ScopeOption = "cycle",
    day: Annotated[
        datetime | None,
        Parameter(
            name="--on",
            help=_("评审日期，默认今天", "day to look at the facts on (default: today)"),
        ),
    ] = None,
    wanted: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Run a flow; 0 if everything in scope is open, 3 if not, 1 if the run itself failed."""
    on = (day or datetime.now(ZoneInfo("Asia/Shanghai"))).date()
    home = named_home(wanted).opened()
    name = _what(stage)
    statuses(Ledger(home.ledger), scope)
    prepare(home)
    doing = Text(f"正在运行 {name} {scope}", f"running {name} {scope}").render()
    # Standard output is for the answer; what only reassures goes beside it.
    with Console(stderr=True).status(doing):
        code, state, message = asyncio.run(run_flow(name, scope, on))
    units = statuses(Ledger(home.ledger), scope)
    value = {"flow": name, "scope": scope, "on": on.isoformat(), "state": state,
             "message": message}  # fmt: skip
    parts: list[Part] = [
        f"[bold]{name}[/] {scope} {on}: {state}",
        escape(message),
        counts_table(units),
    ]
    return Answer(value, parts, code).give(json=json)
