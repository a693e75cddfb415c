"""Attacks by whoever would put another policy pack in force, with the keys of officers.

Rules: as in `attacks_on_meaning`, the forger chains everything anew and signs checkpoints and
decisions again; what is forged is one act on a pack, right but for one thing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from data.verify_ground import Ground
from tests.tamper.attack import Forged, Pool, attack, forged, numbers, pick
from tests.tamper.material import Entry, Keys, signed_again

Entries = list[Entry]
Edit = Callable[[Entry, Entries, Keys], Entry | None]


def _forge(name: str, kind: str, edit: Edit) -> None:
    """An attack that forges one act on a pack; it is told by that entry."""

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged | None:
        one = pool.any(dice)
        entries = one.entries
        seq = pick(dice, numbers(entries, kind))
        fake = edit(entries[seq - 1], entries[: seq - 1], one.keys) if seq else None
        if seq is None or fake is None:
            return None
        entries[seq - 1] = fake
        return forged(one.remade(entries), "signature", seq)


def _by(entry: Entry, other: Entry, keys: Keys) -> Entry:
    """The same act by the officer of another entry, under their key."""
    holder = {name: other[name] for name in ("officer", "key")}

    def edit(said: Entry) -> None:
        said["predicate"] |= {
            name: other[name] for name in ("officer", "organ", "jurisdiction") if name in other
        }

    return signed_again({**entry, **holder}, {entry["key"]: keys[other["key"]]}, edit)


def _by_who_proposed(entry: Entry, before: Entries, keys: Keys) -> Entry | None:
    proposed = before[entry["of"] - 1]
    found = (
        one for one in reversed(before) if one.get("key") == proposed["key"] and "organ" in one
    )
    holder = next(found, None)
    return _by(entry, holder, keys) if holder else None


def _said(field: str, value: Callable[[Entry], str]) -> Edit:
    """Something else is said and signed, by the same officer."""

    def edited(entry: Entry, _: Entries, keys: Keys) -> Entry:
        other = value(entry)

        def edit(said: Entry) -> None:
            if field == "policy":
                said["subject"][0]["digest"]["sha256"] = other
            else:
                said["predicate"][field] = other

        fake = {**entry, field: other}
        return signed_again(fake, {entry["key"]: keys[entry["key"]]}, edit)

    return edited


def _day(days: int) -> Callable[[Entry], str]:
    return lambda entry: (date.fromisoformat(entry["on"]) + timedelta(days=days)).isoformat()


def _unsaid(field: str, value: object) -> Edit:
    """The entry says something else than was signed."""
    return lambda entry, _, __: {**entry, field: value}


_forge("adopt a pack that one proposed", "pack-adopted", _by_who_proposed)
_forge("adopt a pack for another day", "pack-adopted", _said("starts", _day(3)))
_forge("adopt a pack of another name", "pack-adopted", _said("pack", lambda _: "other"))
_forge("adopt what no entry proposed", "pack-adopted", _unsaid("of", 1))
_forge("propose a pack for a day that has passed", "pack-proposed", _said("starts", _day(-1)))
_forge("propose a pack from another day than was signed", "pack-proposed",
       lambda entry, _, __: {**entry, "starts": _day(5)(entry)})  # fmt: skip
_forge("propose a pack under another name than was signed", "pack-proposed",
       _unsaid("pack", "other"))  # fmt: skip


@attack("show another pack under the digest of one that was proposed")
def _other(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    seq = pick(dice, numbers(one.entries, "pack-proposed"))
    if seq is None:
        return None
    packs = {**one.ground.packs, one.entries[seq - 1]["policy"]: b"format = 3"}
    first = next(s for s in numbers(one.entries, "pack-proposed", "pack-adopted")
                 if one.entries[s - 1]["policy"] == one.entries[seq - 1]["policy"])  # fmt: skip
    return forged(replace(one, ground=Ground(packs, one.ground.places)), "blob", first)
