"""What became of officers' acts and keys: whether they count, and if not, why.

Rules: the decision that stands for a gate says which acts count for it; what came after it (a
withdrawal, a revoked key, the end of a waiver) is told too, before the gate is looked at again.
A waiver has ended when the latest day on which anything was looked at is past its last.
"""

from __future__ import annotations

from data.acts import REFUSED, WAIVED, Key
from data.ledger import Entry
from schemas.text import Text
from tasks.export.history import Record
from tasks.export.words import STATES, fault_name, named

_VOID = {"withdrawn": "withdrawn", "expired": "expired", "key-revoked": "revoked"}


def act_state(record: Record, act: Entry) -> tuple[str, Text]:
    """The state of a sign-off, refusal or waiver, and the words for it."""
    code, fault = _act_state(record, act)
    words = named(STATES, code)
    if fault and fault not in _VOID:
        why = fault_name(fault)
        words = Text(f"{words.zh}：{why.zh}", f"{words.en}: {why.en}")
    return code, words


def _act_state(record: Record, act: Entry) -> tuple[str, str]:
    seq = act["seq"]
    key = record.keys.keys.get(act["key"])
    if seq in record.withdrawn and _counts(record, record.withdrawn[seq]):
        return "withdrawn", ""
    if key and key.revoked:
        return "revoked", ""
    if act["kind"] == WAIVED and act["until"] < record.day:
        return "expired", ""
    standing = record.standing((act["unit"], act["stage"]))
    if standing is None or standing["seq"] < seq:
        return "undecided", ""
    if seq in standing["sign_offs"] or seq in standing["waivers"]:
        return "counts", ""
    fault = standing["void"].get(str(seq))
    if fault:
        return _VOID.get(fault, "void"), fault
    return ("stands" if act["kind"] == REFUSED else "unused"), ""


def _counts(record: Record, withdrawal: int) -> bool:
    """Whether a withdrawal was signed with a key that nobody revoked since."""
    key = record.keys.keys.get(record.entries[withdrawal - 1]["key"])
    return key is None or not key.revoked


def key_state(key: Key) -> str:
    """Whether a key signs, waits for a voucher, or was replaced or revoked."""
    if key.revoked:
        return "revoked"
    if key.replaced:
        return "replaced"
    return "active" if key.active else "pending"
