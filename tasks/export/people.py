"""Which officers an entry speaks of, and as what.

Rules: ids only; an entry of a kind that is not known here speaks of its `officer`, if it names one;
`init` and an empty id are nobody.
"""

from __future__ import annotations

from data.ledger import Entry

_ROLES = {
    "submitted": "submitter",
    "key-enrolled": "holder",
    "key-vouched": "holder",
    "key-rotated": "holder",
    "key-revoked": "holder",
    "signed": "signer",
    "refused": "refuser",
    "waived": "waiver",
    "withdrawn": "withdrawer",
    "attempted": "attempter",
}
_OTHERS = {"key-vouched": ("voucher", "voucher"), "key-revoked": ("by", "revoker")}
NOBODY = frozenset({"", "init"})


def involved(entry: Entry) -> list[tuple[str, str]]:
    """Officers and their roles in an entry, each pair once."""
    kind = entry["kind"]
    found = [(entry.get("officer", ""), _ROLES.get(kind, "holder"))]
    if kind in _OTHERS:
        field, role = _OTHERS[kind]
        found.append((entry[field], role))
    if kind in ("decided", "handed-on"):
        found += [(officer, "counted") for officer in entry["signers"]]
    if kind == "checkpointed":
        found += [(officer, "signer") for officer in entry["signers"]]
    return [pair for pair in dict.fromkeys(found) if pair[0] not in NOBODY]


def officers_of(entry: Entry) -> set[str]:
    """The officers that an entry speaks of."""
    return {officer for officer, _ in involved(entry)}
