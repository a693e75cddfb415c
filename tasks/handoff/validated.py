"""What validation says of hand-off frames: what passed before is not validated again.

Rules: a validator that crashes fails every unit in the frame; what passed is remembered by its
content, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from schemas.findings import Finding, Findings, by_unit
from schemas.handoffs import handoff_code
from schemas.rules.catalogue import CRASHED
from schemas.vocabulary import Stage, Status
from tasks.gate.snapshot import Snapshot
from tasks.handoff.frames import handoff_frame
from tasks.handoff.passes import keys_of, passed, remember


def validated(snapshot: Snapshot, stage: Stage, frame: pd.DataFrame) -> dict[str, Findings]:
    """Findings of a hand-off frame, of which what passed before is not validated again.

    A validator that crashes fails every unit in it.
    """
    code = handoff_code(stage)
    try:
        keys = keys_of(stage, frame)
        known = passed(keys, snapshot.passes)
        found = {unit: Findings.of([Finding(code, unit, Status.PASS)]) for unit in known}
        rest = frame[~frame["unit"].isin(known)].reset_index(drop=True)
        if not rest.empty:
            # Great Expectations takes seconds to load, and most hand-offs are known.
            from tasks.handoff.validation import validate

            validated = by_unit(validate(stage, rest))
            good = (unit for unit, one in validated.items() if one.statuses == {Status.PASS})
            remember([keys[unit] for unit in good if unit in keys], snapshot.passes)
            found |= validated
    except Exception as error:
        # Only the kind of error is kept: its message may quote people's data.
        kind = type(error).__name__
        return {
            unit: Findings.of([Finding(code, unit, Status.FAIL, CRASHED, {"error": kind})])
            for unit in frame["unit"].unique()
        }
    return found


def leave(snapshot: Snapshot, stage: Stage, units: Iterable[str]) -> dict[str, Findings]:
    """Findings of the hand-off that `stage` is about to give for `units`."""
    leaving = snapshot.facts.within(units)
    if leaving.units.empty:
        return {}
    return validated(snapshot, stage, handoff_frame(stage, leaving))
