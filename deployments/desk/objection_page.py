"""Objections and waivers in force, as an officer sees them.

Rules: those of `deployments.desk.gate_page`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.acts import Key
from data.blobs import BlobStore
from deployments.desk.gate_page import raising_seen, said_to
from deployments.desk.known import Known
from deployments.objections import objection_json
from tasks.officers.objected import objections_on_record, ruling_faults


def shown(known: Known, mine: Key) -> dict[str, Any]:
    """Every objection with what raised it, the rulings and who may rule; waivers in force."""
    blobs = BlobStore(known.home.blobs)
    return {
        "objections": [
            {
                **objection_json(one, blobs, known.raising(one.entry)[1]),
                "said": {act.seq: said_to(known, act, mine) for act in one.rulings},
                "may": ruling_faults(one, known.judge(mine)),
                "rows": raising_seen(known, one.entry, mine),
            }
            for one in objections_on_record(known.home)
        ],
        "names": known.names,
        "in_force": list(_waivers(known, mine)),
    }


def _waivers(known: Known, mine: Key) -> Iterator[dict[str, Any]]:
    for row in known.waivers:
        act = known.history.acts.at(int(str(row["seq"])))
        yield {**row, "reason": said_to(known, act, mine) if act else None}
