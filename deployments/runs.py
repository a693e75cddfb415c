"""The command `run`: a stage flow or the cycle, by the serve of the home or here, and its end."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from datetime import date

from rich.console import Console
from rich.markup import escape

from data.home import Home
from data.ledger import Ledger
from data.status import UnitStatus, statuses
from deployments.asking import asked
from deployments.embedded import API, code_of, prepare, run_flow
from deployments.show import as_json, console, outcome, table
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES, Outcome

UNSUPPORTED = Text(
    "服务器称本次运行已通过，但留痕中不是所有单位都已通过",
    "the server says that the run ended open, and the ledger does not show every unit as open",
)


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


def _open_on_record(name: str, units: list[UnitStatus]) -> bool:
    """Whether the ledger shows every unit as open at a stage, or at all of them."""
    stages = [stage.value for stage in STAGES] if name == "cycle" else [name]
    return all(one.stages[stage] == Outcome.OPEN for one in units for stage in stages)


def _ended(
    home: Home, name: str, scope: str, on: date, watching: Callable[[str], None]
) -> tuple[str, str]:
    """Run a flow, by the serve of this home where there is one: the final state and its message.

    A state that the API says and the ledger does not is none.
    """
    # A server that the user named is asked as before.
    served = None if os.environ.get(API) else asked(home, name, scope, on, watching)
    if served is None:
        prepare(home)
        return asyncio.run(run_flow(name, scope, on, watching))
    if served[0] == "Open" and not _open_on_record(name, statuses(Ledger(home.ledger), scope)):
        return "Waiting", UNSUPPORTED.render()
    return served


def run(home: Home, name: str, scope: str, on: date, *, json: bool) -> int:
    """Run a flow; 0 if everything in scope is open, 3 if not, 1 if the run itself failed."""
    name = _what(name)
    statuses(Ledger(home.ledger), scope)
    doing = Text(f"正在运行 {name} {scope}", f"running {name} {scope}").render()
    # Standard output is for the answer; what only reassures goes beside it.
    with Console(stderr=True).status(doing) as status:
        state, message = _ended(
            home, name, scope, on, lambda far: status.update(f"{doing}  {far}".rstrip())
        )
    units = statuses(Ledger(home.ledger), scope)
    if json:
        as_json({"flow": name, "scope": scope, "on": on.isoformat(), "state": state,
                 "message": message})  # fmt: skip
    else:
        console().print(f"[bold]{name}[/] {scope} {on}: {state}")
        console().print(escape(message))
        console().print(counts_table(units))
    return code_of(state)
