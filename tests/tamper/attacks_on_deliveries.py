"""Attacks on who delivered what, and on who founded the cycle.

Rules: as in `attacks_on_meaning`, the forger chains everything anew and signs checkpoints and
decisions again: what is told then is told by what officers signed, and by the first entry.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy

from data.acts import Key
from data.verify_acts import fold_acts
from tests.tamper.attack import Attack, Forged, Pool, attack, forged, numbers, pick
from tests.tamper.attacks_on_sign_offs import by_another
from tests.tamper.material import Entry, signed_again

Entries = list[Entry]
OTHER = "7" * 64


def _on_one(
    name: str,
    kind: str,
    edit: Callable[[Entry], None],
    *,
    fault: str = "signature",
) -> Attack:
    """An attack that edits one entry, after the book, and is told by it."""

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged | None:
        one = pool.any(dice)
        entries = one.entries
        seq = pick(dice, numbers(entries, kind))
        if seq is None:
            return None
        before = deepcopy(entries[seq - 1])
        edit(entries[seq - 1])
        if entries[seq - 1] == before:
            return None
        return forged(one.remade(entries), fault, seq)

    return made


def _set(**cells: object) -> Callable[[Entry], None]:
    return lambda entry: entry.update(cells)


_on_one("deliver in another's name", "submitted", _set(officer="o-1-sec"))
_on_one("put other rows under a delivery", "submitted", _set(blob=OTHER))
_on_one("say that another file was delivered", "submitted", _set(source=OTHER))
_on_one("say that other rows were rejected", "submitted", _set(quarantine=OTHER))
_on_one("say that another map was used", "submitted", _set(mapping=OTHER))
_on_one("turn a delivery to another register", "submitted", _set(register="talks"))
_on_one("name another delivery", "submitted", _set(delivery=OTHER))
_on_one("name another deliverer", "delivered", _set(officer="o-7"))
_on_one("name another key for a delivery", "delivered", _set(key=OTHER))


def _withdrawn(entry: Entry) -> None:
    entry["mode"] = "withdraw" if entry["mode"] == "accept" else "accept"


_on_one("turn a delivery into a withdrawal", "submitted", _withdrawn)


def _hollow(entry: Entry) -> None:
    """The envelope with a signature of nobody."""
    (line,) = entry["envelope"]["signatures"]
    line["sig"] = "A" * 86 + "=="


_on_one("deliver with a signature that nobody made", "delivered", _hollow)


@attack("take the delivery away from what was submitted")
def _unsigned(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, [seq for seq in numbers(entries, "delivered") if seq > 4])
    if seq is None:
        return None
    # What names entries by number is left: whatever stands before is told first.
    return forged(one.remade([*entries[: seq - 1], entries[seq]]), "signature", seq)


@attack("submit something more under a delivery")
def _more(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, numbers(entries, "submitted"))
    if seq is None:
        return None
    last = next(
        number for number in range(seq, len(entries) + 1)
        if number == len(entries) or entries[number]["kind"] != "submitted"
    )  # fmt: skip
    more = {**entries[last - 1], "blob": OTHER}
    return forged(one.remade([*entries[:last], more]), "signature", last + 1)


@attack("leave out the last register of a delivery")
def _less(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, numbers(entries, "submitted"))
    if seq is None:
        return None
    last = next(
        number for number in range(seq, len(entries) + 1)
        if number == len(entries) or entries[number]["kind"] != "submitted"
    )  # fmt: skip
    return forged(one.remade(entries[: last - 1]), "signature")


@attack("deliver the same once more")
def _again(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, numbers(entries, "delivered"))
    if seq is None:
        return None
    now = {name: entries[-1][name] for name in ("at", "on")}
    again = [{**one, **now} for one in (entries[seq - 1], entries[seq])]
    return forged(one.remade([*entries, *again]), "signature", len(entries) + 1)


@attack("deliver with a key that nobody vouched for")
def _pending(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    vouched = {entry["key"] for entry in entries if entry["kind"] in ("key-vouched", "key-rotated")}
    founding = {named["key"] for named in entries[0]["founders"]}
    idle = [
        entry
        for entry in entries
        if entry["kind"] == "key-enrolled" and entry["key"] not in vouched | founding
    ]
    if not idle:
        return None
    by = dice.choice(idle)
    seq = numbers(entries, "delivered")[-1]

    def edit(said: Entry) -> None:
        said["predicate"] |= {name: by[name] for name in ("officer", "organ", "jurisdiction")}

    now = {name: entries[-1][name] for name in ("at", "on")}
    made = {**deepcopy(entries[seq - 1]), **now, "officer": by["officer"], "key": by["key"]}
    made["envelope"]["signatures"][0]["keyid"] = by["key"]
    made = signed_again(made, one.keys, edit)
    return forged(one.remade([*entries, made]), "signature", len(entries) + 1)


# Founders


def _founding(name: str, edit: Callable[[Entry], None], fault: str) -> Attack:
    """An attack on the first entry; every act is signed anew by whoever signed it.

    Checkpoints come first among the tests: a founder whose key is in force no more signed none.
    """

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged:
        one = pool.any(dice)
        entries = one.entries
        edit(entries[0])
        return forged(one.remade(entries, acts=True), f"{fault} checkpoint")

    return made


def _alone(entry: Entry) -> None:
    del entry["founders"][1:]


def _one_organ(entry: Entry) -> None:
    entry["founders"][1]["organ"] = entry["founders"][0]["organ"]


def _one_key(entry: Entry) -> None:
    entry["founders"][1]["key"] = entry["founders"][0]["key"]


def _another_key(entry: Entry) -> None:
    entry["founders"][0]["key"] = OTHER


def _another_place(entry: Entry) -> None:
    entry["founders"][0]["jurisdiction"] = "640399"


_founding("found a cycle alone", _alone, "founders")
_founding("found a cycle by officers of one organ", _one_organ, "founders")
_founding("found a cycle with one key for two", _one_key, "founders")
_founding("enrol a founder's key for another place", _another_place, "signature")


@attack("put another key in the place of a founder's")
def _outsider(pool: Pool, dice: random.Random) -> Forged:
    """The key that was enrolled for them waits for a voucher then, and signs nothing."""
    one = pool.any(dice)
    entries = one.entries
    _another_key(entries[0])
    return forged(one.remade(entries, acts=True), "signature checkpoint")


# What waits for a confirmation


def _by_others(name: str, fit: Callable[[Key, Key], bool], *, verdict: str = "confirm") -> Attack:
    """A confirmation as whoever is `fit`, besides the deliverer's key, would sign it."""

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged | None:
        one = pool.any(dice)
        entries = one.entries
        found = [
            seq for seq in numbers(entries, "confirmed") if entries[seq - 1]["verdict"] == verdict
        ]
        seq = pick(dice, found)
        if seq is None:
            return None
        keys = fold_acts(entries[: seq - 1], one.rows[0][1]).keys
        by = keys.keys[entries[entries[seq - 1]["of"] - 1]["key"]]
        able = [key for key in keys.keys.values() if key.signs_at(seq) and fit(key, by)]
        if not able:
            return None
        entries[seq - 1] = by_another(entries[seq - 1], dice.choice(able), one)
        return forged(one.remade(entries), "signature", seq)

    return made


_by_others("confirm one's own delivery", lambda key, by: key.officer == by.officer)
_by_others(
    "confirm a colleague's delivery",
    lambda key, by: key.organ == by.organ and key.officer != by.officer,
)
_by_others(
    "decline a colleague's delivery",
    lambda key, by: key.organ == by.organ and key.officer != by.officer,
    verdict="decline",
)
_by_others(
    "confirm with a key that one organ vouched for",
    lambda key, by: key.organ != by.organ and not key.full,
)
_on_one("confirm in another's name", "confirmed", _set(officer="o-7"))
_on_one("turn a confirmation to another delivery", "confirmed", _set(of=3))
_on_one("confirm with a signature that nobody made", "confirmed", _hollow)


def _turned(entry: Entry) -> None:
    entry["verdict"] = "confirm" if entry["verdict"] == "decline" else "decline"


_on_one("turn a confirmation round", "confirmed", _turned)


@attack("confirm a delivery twice")
def _confirmed_again(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, numbers(entries, "confirmed"))
    if seq is None:
        return None
    now = {name: entries[-1][name] for name in ("at", "on")}
    made = [*entries, {**deepcopy(entries[seq - 1]), **now}]
    return forged(one.remade(made), "signature", len(made))


@attack("deliver who is who as what nobody has to confirm")
def _never_asked(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, numbers(entries, "proposed"))
    if seq is None:
        return None
    old = entries[seq - 1]
    kept = {name: old[name] for name in old if name not in ("accepted", "rejected", "readings")}
    entries[seq - 1] = {**kept, "kind": "delivered"}
    return forged(one.remade(entries), "signature", seq)


@attack("have what everybody may deliver wait")
def _kept_waiting(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, [seq for seq in numbers(entries, "delivered") if seq > 4])
    if seq is None:
        return None
    old = entries[seq - 1]
    entries[seq - 1] = {
        **old, "kind": "proposed", "accepted": [1], "rejected": [0], "readings": [0]
    }  # fmt: skip
    return forged(one.remade(entries), "signature", seq)


@attack("leave the confirmation out")
def _unconfirmed(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    found = [
        seq for seq in numbers(entries, "confirmed")
        if entries[seq - 1]["verdict"] == "confirm" and seq < len(entries)
    ]  # fmt: skip
    seq = pick(dice, found)
    if seq is None:
        return None
    # What names entries by number is left: whatever stands before is told first.
    return forged(one.remade([*entries[: seq - 1], entries[seq]]), "signature", seq)
