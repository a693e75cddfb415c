"""What became of officers' acts and keys, in words: whether they count, and if not, why.

Rules: whether an act counts is the answer of `data.history`, given as of the end of what is
exported; here it is only shown.
"""

from __future__ import annotations

from data.history import VOID
from schemas.entries import GateAct, Refused
from schemas.text import Text
from schemas.words import STATES, fault_name, named
from tasks.export.history import Record

# Reasons that are states of their own.
_STATES = {
    "withdrawn": "withdrawn",
    "lifted": "lifted",
    "expired": "expired",
    "key-revoked": "revoked",
}


def act_state(record: Record, act: GateAct) -> tuple[str, Text]:
    """The state of a sign-off, refusal or waiver, and the words for it."""
    weight = record.history.weight(act)
    state = _STATES.get(weight.code, weight.state)
    if state == "counts" and isinstance(act, Refused):
        state = "stands"
    words = named(STATES, state)
    if state != VOID:
        return state, words
    why = fault_name(weight.code)
    return state, Text(f"{words.zh}：{why.zh}", f"{words.en}: {why.en}")
