"""Ledger entries (记录): one frozen type for each kind, read strictly and once.

Rules: what an entry is, is said in this package and nowhere else: its fields, what people call it,
whom it speaks of and as what, what of it may be announced, and its line in a list. An object of an
unknown kind, that lacks a field, has one too many, or one of another type or vocabulary, is no
entry and is refused. Entries hold ids, digests, counts and codes, never people's data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any, get_type_hints

from schemas.entries.acts import (
    Attempted,
    GateAct,
    KeyAct,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    KeyVouched,
    NewKey,
    Refused,
    Ruled,
    Signed,
    Waived,
    Withdrawn,
)
from schemas.entries.base import READERS, Entry, EntryError, Founder, OnGate
from schemas.entries.evaluators import (
    EvaluatorAct,
    EvaluatorEnrolled,
    EvaluatorRevoked,
    EvaluatorRotated,
    EvaluatorVouched,
    OfficersAct,
)
from schemas.entries.facts import (
    Checkpointed,
    Confirmed,
    Delivered,
    Listed,
    Opened,
    Proposed,
    Reminded,
    Submitted,
)
from schemas.entries.gates import Decided, HandedOn, Objected
from schemas.entries.packs import PackAct, PackAdopted, PackProposed
from schemas.entries.signed import SignedAct

__all__ = [
    "GROUNDLESS", "KINDS", "Attempted", "Checkpointed", "Confirmed", "Decided", "Delivered",
    "Entry", "EntryError", "EvaluatorAct", "EvaluatorEnrolled", "EvaluatorRevoked",
    "EvaluatorRotated", "EvaluatorVouched", "Founder", "GateAct",
    "HandedOn", "KeyAct", "KeyEnrolled", "KeyRevoked", "KeyRotated", "KeyVouched", "Listed",
    "NewKey", "Objected", "OfficersAct", "OnGate", "Opened", "PackAct", "PackAdopted",
    "PackProposed", "Proposed", "Refused", "Reminded", "Ruled", "Signed", "SignedAct",
    "Submitted", "Waived", "Withdrawn", "entry_of",
]  # fmt: skip

KINDS: dict[str, type[Entry]] = {
    one.kind: one
    for one in (
        Opened, Delivered, Proposed, Confirmed, Submitted, Listed,
        KeyEnrolled, KeyVouched, KeyRotated, KeyRevoked,
        Signed, Refused, Waived, Withdrawn, Ruled, Attempted, Decided, Objected, HandedOn,
        Checkpointed, Reminded, EvaluatorEnrolled, EvaluatorVouched, EvaluatorRotated,
        EvaluatorRevoked, PackProposed, PackAdopted,
    )
}  # fmt: skip

# No decision rests on an objection: on what officers rule of it many do. On a delivery, and on its
# confirmation, those rest that read what was submitted.
GROUNDLESS = (Objected.kind, Delivered.kind, Proposed.kind, Confirmed.kind)


def _readers(kind: type[Entry]) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    hints = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        hint = hints[one.name]
        yield one.name, READERS[hint] if hint in READERS else hint.__metadata__[0]


_FORMS = {name: tuple(_readers(kind)) for name, kind in KINDS.items()}


def entry_of(content: Mapping[str, Any]) -> Entry:
    """The entry in an object that was read from the ledger.

    Raises:
        EntryError: it is none: its kind, its fields or what stands in them is not as we write it.
    """
    kind = content.get("kind")
    form = _FORMS.get(kind) if type(kind) is str else None
    if form is None or len(content) != len(form) + 1:
        raise EntryError("kind" if form is None else "fields")
    try:
        values = [read(content[name]) for name, read in form]
    except KeyError as error:
        raise EntryError("fields") from error
    return KINDS[str(kind)](*values)
