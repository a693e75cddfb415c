"""A short cycle in which everything happens that a replay must follow, and what to do to ledgers.

What happens: five faults, mends, a waiver that expires, a sign-off and a refusal that are taken
back, evidence that comes and goes, a key that is revoked, attempts that are refused.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd

from data.home import Home
from data.ledger import GENESIS
from data.verify_state import state_of
from schemas.canonical import canonical, digest
from schemas.entries import Entry as TypedEntry
from schemas.entries import EntryError, entry_of
from schemas.refusals import ActRefused
from schemas.vocabulary import STAGES, Stage
from tasks.checks.catalogue import CHECKS
from tasks.officers import keys, signing
from tasks.officers.recording import Recorder
from tasks.officers.waiving import Wanted, waive
from tests.support import cycle, places, reference
from tests.support.cycle import Entry
from tests.support.evaluators import evaluated
from tests.support.signing import sign_all, who
from tests.support.templates import made_once

TOWN = "640302100-congress"
ADDED = "640302103"
WAIVED = ("plan.deployment", "640302100/committee-meeting")
TAKEN_BACK = "640302103-congress"
REFUSED = "640302103-government"
CHANGED = "640302-government"
# Signs plans of the county and of its townships.
REVOKED = "o-640302-01"

DAYS = tuple(cycle.ON + timedelta(days=number) for number in range(13))
Edit = Callable[[Entry], None]


def launch_and_sign(home: Home, stage: str, scope: str, on: date) -> None:
    """Launch a stage, sign what waits for it, and launch it again."""
    cycle.launch(home, stage, scope, on)
    if sign_all(home, Stage(stage), scope):
        cycle.launch(home, stage, scope, on)


def signed_by(home: Home, unit: str, stage: str, kind: str = "signed") -> Entry:
    """The last sign-off (or act of another kind) of a gate."""
    return [
        one
        for one in cycle.entries(home, kind)
        if (one["unit"], one["stage"]) == (unit, stage)
    ][-1]  # fmt: skip


def last_decision(home: Home, unit: str) -> Entry:
    """The last decision about a unit."""
    return [one for one in cycle.entries(home, "decided") if one["unit"] == unit][-1]


def _waive(home: Home) -> None:
    """Two officers who may, waive what the township missed."""
    signed = 0
    wanted = Wanted(TOWN, *WAIVED, DAYS[7])
    for key in Recorder(home).history.acts.keys.keys.values():
        if signed < 2 and key.jurisdiction in ("640302100", "640302", "640300"):
            try:
                waive(Recorder(home), wanted, "local flood", who(key.officer))
                signed += 1
            except ActRefused:
                continue
    assert signed == 2


def _eventful(home: Home) -> None:
    for stage in STAGES[:3]:
        launch_and_sign(home, stage, "cycle", DAYS[0])
    _waive(home)
    for stage in STAGES[:2]:
        launch_and_sign(home, stage, TOWN, DAYS[1])
    _add(home)
    _take_back(home)
    _refuse(home)
    faults = [one for one in reference.listed() if one.id in ("f06", "f43", "f54", "f56")]
    for fault in faults:
        cycle.deliver(home, fault.register, fault.mend, remove=fault.withdraw, by=fault.by)
    cycle.run_all(home, on=DAYS[3], declared=False)
    _change(home)
    # The waiver has expired.
    cycle.launch(home, "plan", "cycle", DAYS[8])
    signature = next(one for one in cycle.entries(home, "signed") if one["officer"] == REVOKED)
    assert signature["stage"] == "plan"
    keys.revoke(Recorder(home), REVOKED, who(REVOKED), "lost")
    cycle.launch(home, "result", "cycle", DAYS[9])


def _add(home: Home) -> None:
    """A row is added to evidence that was signed, and changes no finding."""
    like = next(row for row in cycle.small_rows()["measures"] if row["jurisdiction"] == ADDED)
    cycle.deliver(home, "measures", [{**like, "kind": "secretaries-meeting"}])
    cycle.launch(home, "plan", ADDED, DAYS[1])


def _take_back(home: Home) -> None:
    one = signed_by(home, TAKEN_BACK, "plan")
    signing.withdraw(Recorder(home), one["seq"], who(one["officer"]), "not read")
    cycle.launch(home, "nomination", TAKEN_BACK, DAYS[1])
    launch_and_sign(home, "plan", TAKEN_BACK, DAYS[2])


def _refuse(home: Home) -> None:
    officer = signed_by(home, REFUSED, "plan")["officer"]
    seq = signing.refuse(Recorder(home), REFUSED, Stage.PLAN, who(officer), "not convinced")
    cycle.launch(home, "plan", "cycle", DAYS[2])
    signing.withdraw(Recorder(home), seq, who(officer))
    launch_and_sign(home, "plan", REFUSED, DAYS[2])


def _change(home: Home) -> None:
    """A candidate goes, and comes back."""
    row = next(row for row in cycle.small_rows()["candidates"] if row["unit"] == CHANGED)
    cycle.deliver(home, "candidates", [{**row, "status": "withdrawn"}])
    cycle.launch(home, "vetting", CHANGED, DAYS[4])
    cycle.deliver(home, "candidates", [row])
    for stage in STAGES[:3]:
        launch_and_sign(home, stage, CHANGED, DAYS[5])


def _make(path: Path) -> None:
    home = cycle.small_home(path, planted=True)
    with cycle.unsynced():
        _eventful(home)


def eventful_home(path: Path) -> Home:
    """A copy of the eventful cycle."""
    return places.copied(made_once("eventful", _make), path)


# What somebody who owns the file can do


def _readable(entries: Iterable[Entry]) -> Iterator[TypedEntry]:
    for entry in entries:
        with suppress(EntryError):
            yield entry_of(entry)


def rewritten(home: Home, edit: Edit) -> None:
    """Edit entries and chain them again, with the tables that follow from them."""
    rows: list[tuple[int, str, bytes]] = []
    entries: list[Entry] = []
    previous = GENESIS
    for entry in cycle.entries(home):
        edit(entry)
        entry["prev"] = previous
        entry = evaluated(entry)  # noqa: PLW2901 (whoever edits has the evaluator's key)
        body = canonical(entry)
        previous = digest(body)
        rows.append((entry["seq"], previous, body))
        entries.append(entry)
    state = state_of(_readable(entries))
    with places.opened(home.ledger) as raw:
        raw.unguard()
        for table, content in (
            ("entries", rows),
            ("submissions", list(state.submissions)),
            ("gates", list(state.gates)),
            ("handed_on", list(state.handed_on)),
        ):
            raw.execute(f"DELETE FROM {table}")  # noqa: S608 (our own table names)
            for row in content:
                marks = ", ".join("?" * len(row))
                raw.execute(f"INSERT INTO {table} VALUES ({marks})", *row)  # noqa: S608
        raw.execute("UPDATE head SET hash = ?", previous)


def edited(home: Home, seq: int, **content: Any) -> None:
    """Let an entry say something else."""

    def edit(entry: Entry) -> None:
        if entry["seq"] == seq:
            entry |= content

    rewritten(home, edit)


def failing(code: str, reason: str) -> Any:
    """A check that fails every unit."""

    def fails(facts: Any, _: object) -> pd.DataFrame:
        units = facts.units["unit"]
        return pd.DataFrame(
            {
                "unit": units,
                "subject": units,
                "status": "fail",
                "reason": reason,
                "arguments": None,
            }
        )

    return patch.dict(CHECKS, {code: fails})


def crashing(code: str) -> Any:
    """A check that raises."""

    def crashes(*_: object) -> pd.DataFrame:
        raise MemoryError

    return patch.dict(CHECKS, {code: crashes})
