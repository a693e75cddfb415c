"""The rows on officers and their keys.

Rules: as in `rows`; ids only, and organ and place as the keys were enrolled.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas import words
from schemas.entries import KeyAct, KeyRotated, NewKey
from tasks.export.columns import Row
from tasks.export.history import Record


def key_acts(record: Record) -> Iterator[Row]:
    """Keys enrolled, vouched for, rotated and revoked."""
    for entry in record.of_kind(KeyAct):
        key, said = record.keys.keys[entry.key], entry.said
        by, by_key = entry.actor
        yield {
            "seq": entry.seq,
            "at": entry.at,
            "act": entry.act,
            "act_name": words.ACTS[entry.act],
            "officer": entry.officer,
            "organ": key.organ,
            "organ_name": words.organ_name(key.organ),
            "jurisdiction": key.jurisdiction,
            "key": entry.key,
            "previous": entry.previous if isinstance(entry, KeyRotated) else None,
            "by": by,
            "by_key": by_key or None,
            "said_at": said.time or None,
            "payload": said.payload or None,
            "reason": record.reason(said.reason),
            "reason_digest": said.reason or None,
        }


def keys(record: Record) -> Iterator[Row]:
    """Every key that was ever enrolled, and what became of it."""
    publics = {one.key: one.public for one in record.of_kind(NewKey)}
    for key in sorted(record.keys.keys.values(), key=lambda one: one.enrolled):
        yield {
            "key": key.name,
            "officer": key.officer,
            "organ": key.organ,
            "organ_name": words.organ_name(key.organ),
            "jurisdiction": key.jurisdiction,
            "state": key.state,
            "state_name": words.STATES[key.state],
            "active": key.active or None,
            "full": key.full or None,
            "replaced": key.replaced or None,
            "revoked": key.revoked or None,
            "public": publics[key.name],
            "seq": key.enrolled,
        }


def officers(record: Record) -> Iterator[Row]:
    """Every officer whom an entry names, by id."""
    places = {key.officer: key for key in record.keys.keys.values()}
    found: dict[str, list[int]] = {}
    for entry in record.entries:
        for officer in dict.fromkeys(name for name, _ in entry.people):
            found.setdefault(officer, []).append(entry.seq)
    for officer, seqs in sorted(found.items()):
        key = places.get(officer)
        yield {
            "officer": officer,
            "organ": key.organ if key else None,
            "organ_name": words.organ_name(key.organ) if key else None,
            "jurisdiction": key.jurisdiction if key else None,
            "entries": len(seqs),
            "last": seqs[-1],
            "seq": seqs[0],
        }


def who_did(record: Record) -> Iterator[Row]:
    """Which officer an entry speaks of, and as what."""
    for entry in record.entries:
        for officer, role in entry.people:
            yield {
                "seq": entry.seq,
                "officer": officer,
                "role": role,
                "role_name": words.ROLES[role],
            }
