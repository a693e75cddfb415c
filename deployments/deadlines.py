"""The command `deadlines`: what must be done by when, in the terminal or as a calendar file.

Rules: it reads the facts as they stand and changes nothing; a file that stands is not written over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from data.blobs import check_absent, write_durably
from data.home import named_home
from data.ledger import Ledger
from deployments.app import HomeOption, JsonOption, ScopeOption, _
from deployments.exits import DONE
from deployments.scopes import scope_named
from deployments.show import Answer, Line, Part, Table
from schemas.names import SUBJECT, UNIT
from schemas.text import Text, plural

if TYPE_CHECKING:
    from tasks.deadlines import Deadline
    from tasks.places import Places

DUE = Text("期限", "due")
STAGE = Text("环节", "stage")
WHAT = Text("事项", "what")


def deadlines(
    file: Annotated[
        Path | None,
        Parameter(help=_("要写的日历文件（.ics）", "the calendar file (.ics) to write")),
    ] = None,
    /,
    *,
    scope: ScopeOption = "cycle",
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """List the open deadlines in scope, or write them as a calendar."""
    from tasks.calendar_file import calendar_bytes
    from tasks.deadlines import deadlines as open_deadlines
    from tasks.gate.snapshot import open_snapshot
    from tasks.places import Places

    opened = named_home(home).of_this_release()
    snapshot = open_snapshot(opened, scope_named(Ledger(opened.ledger), scope))
    history, ledger = snapshot.history, snapshot.ledger
    found = open_deadlines(snapshot)
    if file is not None:
        check_absent(file)
        at = datetime.fromisoformat(ledger.entry(history.seq).at)
        write_durably(file, calendar_bytes(found, Places(ledger), history.cycle, at))
    value = [
        {
            "due": one.due.isoformat(),
            "kind": one.kind.value,
            "place": one.place,
            "stage": one.stage.value,
            "subject": one.subject,
        }
        for one in found
    ]
    return Answer(value, _parts(found, Places(ledger), file), DONE).give(json=json)


def _parts(found: list[Deadline], places: Places, file: Path | None) -> Iterator[Part]:
    headings = [one.render() for one in (DUE, UNIT, STAGE, WHAT, SUBJECT)]
    rows = [
        [
            one.due.isoformat(),
            f"{places.called(one.place)} {one.place}",
            one.stage.label.render(),
            one.kind.label.render(),
            one.about,
        ]
        for one in found
    ]
    if file is None:
        yield Table(headings, rows)
    else:
        yield Line(
            _(
                f"已写入日历 {file}：{len(rows)}项未办",
                f"wrote the calendar {file}: {plural(len(rows), 'open deadline')}",
            )
        )
