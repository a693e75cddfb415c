"""Objections and waivers in force, as an officer sees them, and which objections wait for them.

Rules: those of `deployments.desk.gate_page`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.acts import Key
from data.blobs import BlobStore
from data.objections import REJECT, REOPEN
from deployments.desk.gate_page import raising_seen, said_to
from deployments.desk.known import Known
from deployments.objections import objection_json
from tasks.officers.objected import ToRule, objections_on_record


def shown(known: Known, mine: Key) -> dict[str, Any]:
    """Every objection with what raised it, the rulings and who may rule; waivers in force."""
    blobs = BlobStore(known.home.blobs)
    return {
        "objections": [
            {
                **objection_json(one, blobs, known.raising(one.entry)[1]),
                "said": {act.seq: said_to(known, act, mine) for act in one.rulings},
                "may": may_rule(known, one, mine),
                "rows": raising_seen(known, one.entry, mine),
            }
            for one in objections_on_record(known.home)
        ],
        "names": known.names,
        "in_force": list(_waivers(known, mine)),
    }


def may_rule(known: Known, one: ToRule, mine: Key) -> dict[str, str]:
    """Why the officer of a key cannot rule on an objection, by verdict: empty where they can."""
    if not one.open:
        return {}
    judge = known.judge(mine)
    return {REJECT: judge.rule(one.entry.seq, REJECT), REOPEN: judge.rule(one.entry.seq, REOPEN)}


def _waivers(known: Known, mine: Key) -> Iterator[dict[str, Any]]:
    for row in known.waivers:
        act = known.history.acts.at(int(str(row["seq"])))
        yield {**row, "reason": said_to(known, act, mine) if act else None}
