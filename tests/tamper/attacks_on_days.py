"""Attacks on the days of entries, all of it chained and signed anew."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from tests.tamper.attack import Forged, Pool, attack, forged
from tests.tamper.material import Entry

Entries = list[Entry]


def _of_day(seq: int, entries: Entries, day: date) -> Entries:
    """The entries with the day of one of them changed, and nothing else."""
    return [{**one, "on": day.isoformat()} if one["seq"] == seq else one for one in entries]


@attack("let a day go back")
def _back(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(2, len(one.entries) + 1)
    day = date.fromisoformat(one.entries[seq - 2]["on"]) - timedelta(days=dice.randrange(1, 99))
    return forged(one.remade(_of_day(seq, one.entries, day)), "day", seq)


@attack("write a day that had not come")
def _ahead(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = dice.randrange(1, len(one.entries) + 1)
    days = [one.entries[number]["on"] for number in range(seq)]
    written = datetime.fromisoformat(one.entries[seq - 1]["at"]) + timedelta(hours=8)
    newest = max(*map(date.fromisoformat, days), written.date())
    day = newest + timedelta(days=dice.randrange(1, 99))
    return forged(one.remade(_of_day(seq, one.entries, day)), "day", seq)


@attack("call a live cycle's entry one of yesterday")
def _yesterday(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    if one.entries[0]["historical"]:
        return None
    seq = dice.randrange(1, len(one.entries) + 1)
    day = date.fromisoformat(one.entries[seq - 1]["on"]) - timedelta(days=1)
    return forged(one.remade(_of_day(seq, one.entries, day)), "day", seq)


@attack("say a day in another form, or none")
def _no_day(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    entries = one.entries
    seq = dice.randrange(1, len(entries) + 1)
    day = entries[seq - 1]["on"]
    odd = dice.choice((None, day.replace("-", ""), f"{day}T00:00", "2016-02-30", 20161231, ""))
    if odd is None:
        del entries[seq - 1]["on"]
    else:
        entries[seq - 1]["on"] = odd
    # A home tells what is of another type or form by its form.
    return forged(one.remade(entries), "day form", seq)


@attack("say in no known way whether the cycle is historical")
def _no_kind(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    entries = one.entries
    if (odd := dice.choice((None, "true", 0, 1))) is None:
        del entries[0]["historical"]
    else:
        entries[0]["historical"] = odd
    return forged(one.remade(entries), "day form", 1)
