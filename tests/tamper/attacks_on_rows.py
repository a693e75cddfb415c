"""Attacks on the order of entries: removed, inserted, swapped, copied, cut, forked, spliced."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.tamper.attack import (
    Forged,
    Pool,
    attack,
    filed_over,
    forged,
    kept_over,
    numbers,
    pick,
    size_of,
    told_by_kept,
)
from tests.tamper.material import Material, Row, filed_notes, row_of

FILLER = {"kind": "attempted", "act": "sign", "unit": "", "stage": "", "officer": "", "code": "x"}


def _shifted(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple((seq + 1, name, body) for seq, name, body in rows)


@attack("delete an entry")
def _delete(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(1, len(one.rows) + 1)
    rows = [row for row in one.rows if row[0] != seq]
    return forged(one.with_rows(rows), "removed", seq)


@attack("delete an entry, number the rest anew")
def _delete_closed_up(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(1, len(one.rows))
    rows = [row for row in one.rows if row[0] != seq]
    closed = [(number, *row[1:]) for number, row in enumerate(rows, start=1)]
    return forged(one.with_rows(closed), "moved", seq)


@attack("insert an entry that fits")
def _insert(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(2, len(one.rows) + 1)
    previous = one.rows[seq - 2][1]
    made = row_of({**FILLER, "seq": seq, "prev": previous, "at": "2016-09-01"})
    rows = (*one.rows[: seq - 1], made, *_shifted(one.rows[seq - 1 :]))
    return forged(one.with_rows(rows), "moved", seq)


@attack("append an entry that fits, and leave the head")
def _append(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq, previous = one.head[0] + 1, one.head[1]
    made = row_of({**FILLER, "seq": seq, "prev": previous, "at": "2016-09-01"})
    return forged(one.with_rows((*one.rows, made)), "head", seq)


@attack("swap two entries")
def _swap(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    low, high = sorted(dice.sample(range(len(one.rows)), 2))
    rows = list(one.rows)
    rows[low], rows[high] = (
        (rows[low][0], *one.rows[high][1:]),
        (rows[high][0], *one.rows[low][1:]),
    )
    return forged(one.with_rows(rows), "moved", low + 1)


@attack("duplicate an entry")
def _duplicate(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(1, len(one.rows) + 1)
    rows = (*one.rows[:seq], *_shifted(one.rows[seq - 1 :]))
    return forged(one.with_rows(rows), "moved", seq)


@attack("cut the tail")
def _cut_tail(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    left = dice.randrange(1, len(one.rows))
    return forged(one.with_rows(one.rows[:left]), "removed", left + 1)


def _before_kept(one: Material, dice: random.Random) -> int | None:
    """So many entries that some kept checkpoint is over more."""
    newest = max(map(size_of, one.kept), default=0)
    return dice.randrange(1, newest) if newest > 1 else None


@attack("cut the tail and its head, show only older checkpoints")
def _cut_tail_and_head(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    left = _before_kept(one, dice)
    if left is None:
        return None
    rows = one.rows[:left]
    made = replace(one, rows=rows, notes=filed_notes(rows)).headed()
    return told_by_kept(made, "rolled-back", left + 1)


@attack("roll back the database, then go on with it")
def _roll_back(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    left = _before_kept(one, dice)
    if left is None:
        return None
    entries = one.entries[:left]
    last = {name: entries[-1][name] for name in ("at", "on")}
    more = [{**FILLER, **last} for _ in range(len(one.rows) - left)]
    made = one.rechained([*entries, *more])
    made = replace(made, notes=filed_notes(made.rows))
    return told_by_kept(made, "rewritten", kept_over(one, left + 1))


@attack("cut the head, chain the rest anew")
def _cut_head(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    first = dice.randrange(1, len(one.rows))
    return forged(one.rechained(one.entries[first:]), "unlinked", 1)


@attack("cut entries behind the first, chain and sign checkpoints anew")
def _cut_behind_head(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    newest = max(map(size_of, one.kept), default=0)
    if newest < 2:
        return None
    first = dice.randrange(2, newest + 1)
    made = one.remade([*one.entries[:1], *one.entries[first:]])
    # Its own checkpoints are by keys that were cut off, or fit; what was kept fits in no case.
    return told_by_kept(made, "checkpoint rolled-back rewritten")


@attack("edit an entry, chain anew")
def _edit_and_chain(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    seq = pick(dice, numbers(one.entries, "decided"))
    if seq is None or not (size := filed_over(one, seq) or kept_over(one, seq)):
        return None
    return told_by_kept(one.rechained(_edited(one, seq)), "rewritten", size)


def _edited(one: Material, seq: int) -> list[dict[str, object]]:
    """An edit that breaks no rule but the hash."""
    entries = one.entries
    entries[seq - 1]["code"] = "0.1.0+000000000000"
    return entries


@attack("edit an entry, chain and sign checkpoints anew")
def _edit_and_sign(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    seq = pick(dice, numbers(one.entries, "decided"))
    if seq is None or not (size := kept_over(one, seq)):
        return None
    return told_by_kept(one.remade(_edited(one, seq)), "rewritten", size)


@attack("edit an entry and its hash")
def _edit_with_hash(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(1, len(one.rows) + 1)
    rows = list(one.rows)
    rows[seq - 1] = row_of({**one.entries[seq - 1], "at": "2016-09-01T00:00:00.000000+00:00"})
    return forged(one.with_rows(rows), "changed", seq)


@attack("edit an entry, keep its hash")
def _edit_alone(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(1, len(one.rows) + 1)
    rows = list(one.rows)
    made = row_of({**one.entries[seq - 1], "at": "2016-09-01T00:00:00.000000+00:00"})
    rows[seq - 1] = (seq, rows[seq - 1][1], made[2])
    return forged(one.with_rows(rows), "changed", seq)


@attack("fork: another history from some entry on, all keys at hand")
def _fork(pool: Pool, dice: random.Random) -> Forged | None:
    told = dice.choice(pool.told)
    one = told.material
    newest = max(map(size_of, one.kept), default=0)
    if newest < 9:
        return None
    other = pool.tell(told.seed, told.size, (dice.randrange(8, newest), dice.randrange(2**32)))
    same = sum(mine == theirs for mine, theirs in zip(one.rows, other.rows, strict=False))
    size = kept_over(one, same + 1)
    if size is None:
        return None
    made = replace(other, kept=one.kept)
    if size > len(other.rows):
        return told_by_kept(made, "rolled-back", len(other.rows) + 1)
    return told_by_kept(made, "rewritten", size)


@attack("splice the end of another ledger, chain anew")
def _splice(pool: Pool, dice: random.Random) -> Forged | None:
    one, other = pool.any(dice), pool.any(dice)
    left = _before_kept(one, dice)
    if left is None or one is other or len(other.rows) <= left:
        return None
    made = one.rechained([*one.entries[:left], *other.entries[left:]])
    listings = one.listings | other.listings
    made = replace(made, notes=filed_notes(made.rows), listings=listings)
    return told_by_kept(made, "blob foreign checkpoint rewritten rolled-back day signature")


@attack("another ledger whole")
def _replaced(pool: Pool, dice: random.Random) -> Forged | None:
    one, other = pool.any(dice), pool.any(dice)
    if one is other or not one.kept:
        return None
    size = min(map(size_of, one.kept))
    return told_by_kept(replace(other, kept=one.kept), "foreign", size)
