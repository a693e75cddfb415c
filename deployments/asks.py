"""The command `ask`: workbooks with exactly what is missing or wrong, for each organ that supplies.

Rules: it reads the facts as they stand and changes nothing on record; what it writes holds people's
data, as the registers do, and is for its user alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.home import named_home
from data.ledger import Ledger
from deployments.app import HomeOption, JsonOption, ScopeOption, _, code_named, stage_named
from deployments.exits import CLOSED, DONE
from deployments.scopes import scope_named
from deployments.show import Answer, Part, Table
from schemas.text import Text, language
from schemas.vocabulary import Organ

ORGAN = Text("机关", "organ")


def ask(
    folder: Annotated[
        Path, Parameter(help=_("写入清单的文件夹", "the folder to write the lists into"))
    ],
    /,
    *,
    stage: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            help=_(
                "只要这些环节（可重复）；默认各单位第一个尚未办结的环节",
                "only these stages (may be repeated); default: the first of each unit that is not "
                "in order",
            ),
        ),
    ] = (),
    scope: ScopeOption = "cycle",
    organ: Annotated[
        tuple[str, ...],
        Parameter(
            negative="", help=_("只要这些机关（可重复）", "only these organs (may be repeated)")
        ),
    ] = (),
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Write the ask lists; 3 while something is asked for, 0 where nothing is."""
    from tasks.asklists.lists import ask_lists, write_lists
    from tasks.gate.snapshot import open_snapshot

    stages = [stage_named(name) for name in stage]
    organs = [Organ(code_named(name, ORGAN, list(Organ))) for name in organ]
    opened = named_home(home).of_this_release()
    snapshot = open_snapshot(opened, scope_named(Ledger(opened.ledger), scope))
    lists = ask_lists(snapshot, stages, organs)
    paths = write_lists(folder, snapshot, lists, language())
    found = [
        {
            "file": str(path),
            "jurisdiction": one.place,
            "organ": one.organ.value,
            "rows": len(one.rows),
            "cells": one.cells,
        }
        for path, one in zip(paths, lists, strict=True)
    ]
    headings = [_("清单", "list"), _("待补行数", "rows"), _("待填格数", "cells to fill in")]
    table: Part = Table(
        headings, [[path.name, str(len(one.rows)), str(one.cells)]
                   for path, one in zip(paths, lists, strict=True)],
    )  # fmt: skip
    nothing = _("没有要补的内容", "nothing is asked for")
    return Answer(found, [table] if lists else [nothing], CLOSED if lists else DONE).give(json=json)
