"""The command `run`: a stage flow or the cycle on the embedded server, and what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date

from rich.console import Console
from rich.markup import escape

from data.home import Home
from data.ledger import Ledger
from data.status import UnitStatus, statuses
from deployments.embedded import prepare, run_flow
from deployments.show import as_json, console, outcome, table
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


def counts_table(units: list[UnitStatus]) -> object:
    """The stages and their counts as a table."""
    headings = [Text("环节", "stage").render()]
    headings += [outcome(name) for name in ("open", "waiting", "blocked", "not_reached")]
    return table(headings, stage_counts(units))


def run(home: Home, name: str, scope: str, on: date, *, json: bool) -> int:
    """Run a flow; 0 if everything in scope is open, 3 if not, 1 if the run itself failed."""
    name = _what(name)
    statuses(Ledger(home.ledger), scope)
    prepare(home)
    doing = Text(f"正在运行 {name} {scope}", f"running {name} {scope}").render()
    # Standard output is for the answer; what only reassures goes beside it.
    with Console(stderr=True).status(doing):
        code, state, message = asyncio.run(run_flow(name, scope, on))
    units = statuses(Ledger(home.ledger), scope)
    if json:
        as_json({"flow": name, "scope": scope, "on": on.isoformat(), "state": state,
                 "message": message})  # fmt: skip
    else:
        console().print(f"[bold]{name}[/] {scope} {on}: {state}")
        console().print(escape(message))
        console().print(counts_table(units))
    return code
