"""Attacks on checkpoints and on the state tables.

Rules: whoever files a checkpoint here has everything but what makes one complete: keys that were
enrolled, of two organs, over this very history. State tables stand in a home only.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import KEY_KINDS, Keyring
from data.checkpoints import checkpoint_text
from schemas.entries import KeyAct, entry_of
from schemas.envelopes import raw_public
from schemas.merkle import leaf_hashes, root
from schemas.notes import Note, VerifierKey, signed
from tests.tamper.attack import (
    BUNDLE,
    HOME,
    Forged,
    Pool,
    attack,
    forged,
    numbers,
    size_of,
)
from tests.tamper.material import Entry, Material, filed_notes


@attack("replay old checkpoints: leave the newest out of the bundle")
def _stale(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    if not one.notes:
        return None
    newest = one.notes[-1][0]
    filed = numbers([entry for entry in one.entries if entry.get("size") == newest], "checkpointed")
    made = replace(one, notes=one.notes[: dice.randrange(len(one.notes))])
    return replace(forged(made, "stale", filed[0]), where=frozenset({BUNDLE}))


@attack("file two checkpoints one behind the other, leave the newer out of the bundle")
def _neighbour_left_out(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    current = [key for key in _keyring(one).keys.values() if key.current]
    first = dice.choice(current)
    second = dice.choice([key for key in current if key.organ != first.organ])
    pairs = [(key.officer, one.keys[key.name]) for key in (first, second)]
    for _ in range(2):
        one = one.rechained([*one.entries, _with_checkpoint(one, *pairs)])
    made = replace(one, notes=filed_notes(one.rows)[:-1])
    return replace(forged(made, "stale", len(one.rows)), where=frozenset({BUNDLE}))


def _keyring(one: Material) -> Keyring:
    named = ("officer", "organ", "jurisdiction", "key")
    keys = Keyring(tuple(one[name] for name in named) for one in one.entries[0]["founders"])
    for entry in one.entries:
        if entry["kind"] in KEY_KINDS:
            keys.take(cast("KeyAct", entry_of(entry)))
    return keys


@attack("show a checkpoint of another cycle in the bundle")
def _foreign_in_bundle(pool: Pool, dice: random.Random) -> Forged | None:
    one, other = pool.any(dice), pool.any(dice)
    if one is other or not other.kept:
        return None
    note = dice.choice(other.kept)
    notes = tuple(sorted({**dict(one.notes), size_of(note): note}.items()))
    made = forged(replace(one, notes=notes), "foreign", size_of(note))
    return replace(made, where=frozenset({BUNDLE}))


def after(one: Material) -> Entry:
    """Moment and day of an entry that follows the last one."""
    return {name: one.entries[-1][name] for name in ("at", "on")}


def _with_checkpoint(one: Material, *keys: tuple[str, Ed25519PrivateKey]) -> Entry:
    """An entry with a checkpoint over everything, by these keys."""
    top = root(leaf_hashes(body for _, _, body in one.rows))
    note = Note(checkpoint_text(one.rows[0][1], len(one.rows), top))
    for officer, private in keys:
        note = signed(note, VerifierKey(officer, raw_public(private)), private.sign)
    return {
        "kind": "checkpointed",
        **after(one),
        "size": len(one.rows),
        "root": top.hex(),
        "note": note.content().decode(),
        "signers": [officer for officer, _ in keys],
    }


def _recorded(one: Material, entry: Entry, fault: str) -> Forged:
    made = one.rechained([*one.entries, {**entry, **after(one)}])
    notes = {**dict(one.notes), entry["size"]: entry["note"].encode()}
    made = replace(made, notes=tuple(sorted(notes.items())))
    return forged(made, fault, len(made.rows))


@attack("file a checkpoint by keys that nobody enrolled")
def _unknown_signers(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    strangers = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (7, 8)]
    holders = [entry for entry in one.entries if entry["kind"] == "key-enrolled"][:2]
    pairs = [(one["officer"], key) for one, key in zip(holders, strangers, strict=True)]
    return _recorded(one, _with_checkpoint(one, *pairs), "checkpoint")


@attack("file a checkpoint by one organ alone")
def _one_organ(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    holder = dice.choice([entry for entry in one.entries if "organ" in entry])
    pair = (holder["officer"], one.keys[holder["key"]])
    return _recorded(one, _with_checkpoint(one, pair), "checkpoint")


@attack("file a checkpoint of another cycle")
def _foreign(pool: Pool, dice: random.Random) -> Forged | None:
    one, other = pool.any(dice), pool.any(dice)
    filed = [entry for entry in other.entries if entry["kind"] == "checkpointed"]
    if one is other or not filed:
        return None
    return _recorded(one, dice.choice(filed), "foreign")


@attack("file an old checkpoint in the place of a new one")
def _old_in_new(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    filed = numbers(entries, "checkpointed")
    if len(filed) < 2:
        return None
    low, high = sorted(dice.sample(filed, 2))
    entries[high - 1]["note"] = entries[low - 1]["note"]
    return forged(one.rechained(entries), "checkpoint", high)


# State tables, of a home only


@attack("edit a state table")
def _state(pool: Pool, dice: random.Random) -> Forged:
    edits = (
        "UPDATE gates SET outcome = CASE outcome WHEN 'open' THEN 'waiting' ELSE 'open' END",
        "UPDATE gates SET seq = seq - 1", "DELETE FROM gates", "DELETE FROM units",
        "UPDATE units SET name = name || 'x'", "DELETE FROM acts",
        "UPDATE acts SET officer = officer || 'x'",
        "DELETE FROM submissions",
        "INSERT INTO handed_on VALUES ('640300-congress', 'planned', 7, 7, 'x')",
    )  # fmt: skip
    made = forged(pool.any(dice), "state")
    return replace(made, where=frozenset({HOME}), statements=(dice.choice(edits),))
