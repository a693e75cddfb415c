"""Random mutations of a ledger: of bytes, lines, fields, statements, notes; chained anew or not.

Rules: a mutation may leave a ledger as good as it was; nobody says beforehand what is wrong with
the outcome. It is there for two verifiers to agree on.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from data.bundle import packed
from schemas.canonical import digest
from tests.tamper.material import ACTS, Entry, Material, Row, row_of, signed_again

Mutated = tuple[bytes, tuple[bytes, ...]]  # a bundle, and the checkpoints that were kept
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 7, 2**53 - 1, "", "x", "open", "blocked", "check", "640300",
    "0" * 64, [], {}, [1], [1, 1], ["check"], ["evidence"], {"of": 1, "causes": ["day"]},
    {"pass": ["x"]}, {"x": {"pass": ["x"]}}, [[]], [["a", "b", {}]],
)  # fmt: skip


def flipped(content: bytes, dice: random.Random) -> bytes:
    """Some bits, or bytes, of a file changed."""
    made = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 8))):
        place = dice.randrange(len(made))
        how = dice.randrange(5)
        if how == 0:
            del made[place : place + dice.choice((1, 1, 40, 4000))]
        elif how == 1:
            made[place:place] = dice.choice(
                (b"\n", b" ", b"0", b"\xff", made[: dice.randrange(99)])
            )
        else:
            made[place] ^= 1 << dice.randrange(8)
        if not made:
            break
    return bytes(made)


# Rows


def shuffled(rows: Sequence[Row], dice: random.Random) -> list[Row]:
    """Rows removed, copied, swapped, renumbered or changed, and not chained anew."""
    made = list(rows)
    place = dice.randrange(len(made))
    other = dice.randrange(len(made))
    seq, name, body = made[place]
    how = dice.randrange(8)
    if how == 0:
        del made[place : place + dice.choice((1, 1, 3, 99))]
    elif how == 1:
        made.insert(other, made[place])
    elif how == 2:
        made[place], made[other] = made[other], made[place]
    elif how == 3:
        made[place], made[other] = (
            (seq, *made[other][1:]),
            (made[other][0], *made[place][1:]),
        )
    elif how == 4:
        made[place] = (dice.choice((seq + 1, seq + 7, max(seq - 1, 0), 10**15)), name, body)
    elif how == 5:
        made[place] = (seq, made[other][1], body)
    elif how == 6:
        made[place] = row_of({**json.loads(body), "at": "2016-09-01"})
    else:
        made[place] = (seq, name, flipped(body, dice))
    return made


# Fields


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside a value."""
    found: list[tuple[Any, Any]] = []
    names = list(value) if isinstance(value, dict) else range(len(value))
    for name in names:
        found.append((value, name))
        if isinstance(value[name], dict | list):
            found += _places(value[name])
    return found


def _near(value: Any, dice: random.Random, entries: Sequence[Entry]) -> Any:
    """Another value where this one stood."""
    odd = copy.deepcopy(dice.choice(ODD_VALUES))
    if isinstance(value, bool) or value is None:
        return odd
    if isinstance(value, int):
        return value + dice.choice((-1, 1, -2, 5)) if dice.random() < 0.7 else odd
    if isinstance(value, list):
        made = list(value)
        dice.shuffle(made)
        return dice.choice((made, made[1:], [*made, *made[:1]], odd))
    if isinstance(value, str) and value and dice.random() < 0.4:
        place = dice.randrange(len(value))
        return value[:place] + dice.choice(("", "A", "=", "0", "é", "\n")) + value[place + 1 :]
    name, other = dice.choice([pair for one in dice.sample(entries, 1) for pair in one.items()])
    apt = name not in ("seq", "prev") and dice.random() < 0.8
    return copy.deepcopy(other) if apt else odd


def mutate_inside(value: Entry, dice: random.Random, entries: Sequence[Entry]) -> None:
    """Change one thing somewhere inside an object."""
    inside, name = dice.choice(_places(value) or [(value, "x")])
    how = dice.randrange(8)
    if how == 0:
        del inside[name]
    elif how == 1 and isinstance(inside, dict):
        inside[dice.choice(("x", "check", "entry", "of"))] = copy.deepcopy(dice.choice(ODD_VALUES))
    elif how == 2 and isinstance(inside, dict):
        inside[name + "x"] = inside.pop(name)
    else:
        inside[name] = _near(inside[name], dice, entries)


INTERESTING = (*ACTS, "decided", "handed-on", "checkpointed")


def edited(material: Material, dice: random.Random) -> list[Entry]:
    """The entries with some things changed in one or two of them, mostly where it matters."""
    entries = material.entries
    for _ in range(dice.choice((1, 1, 1, 2))):
        telling = [one for one in entries if one.get("kind") in INTERESTING]
        entry = dice.choice(telling if telling and dice.random() < 0.9 else entries)
        place = entries.index(entry)
        how = dice.randrange(10)
        if how == 0:
            entries[place] = _said_otherwise(entry, material, dice, entries)
        elif how == 1:
            del entries[place]
        elif how == 2:
            entries.insert(dice.randrange(1, len(entries) + 1), dict(entry))
        elif how == 3:
            _more_acts(entry, dice, entries)
        else:
            content = {name: one for name, one in entry.items() if name not in ("seq", "prev")}
            mutate_inside(content, dice, entries)
            entries[place] = {"seq": entry["seq"], "prev": entry["prev"], **content}
        if not entries:
            return material.entries[:1]
    return entries


def _more_acts(entry: Entry, dice: random.Random, entries: Sequence[Entry]) -> None:
    """A decision that counts other acts."""
    numbers = [place for place, one in enumerate(entries, 1) if one.get("kind") in ACTS]
    for name in ("sign_offs", "waivers"):
        if isinstance(entry.get(name), list) and numbers and dice.random() < 0.7:
            entry[name] = [*entry[name], dice.choice(numbers)][dice.randrange(2) :]
    if isinstance(entry.get("void"), dict) and numbers:
        entry["void"][str(dice.choice(numbers))] = "withdrawn"
    if isinstance(entry.get("position"), int):
        entry["position"] = dice.randrange(-1, len(entries) + 1)


def _said_otherwise(
    entry: Entry, material: Material, dice: random.Random, entries: Sequence[Entry]
) -> Entry:
    """An act whose statement says something else, signed by the key that signed it."""
    if entry.get("kind") not in ACTS:
        return entry
    try:
        return signed_again(entry, material.keys, lambda said: mutate_inside(said, dice, entries))
    except (KeyError, TypeError, ValueError):
        # What was changed before can leave nothing to sign.
        return entry


# Checkpoints


def _notes(material: Material, dice: random.Random) -> list[tuple[int, bytes]]:
    notes = list(material.notes)
    how = dice.randrange(6)
    if notes and how == 0:
        notes.pop(dice.randrange(len(notes)))
    elif notes and how == 1:
        size, note = notes.pop(dice.randrange(len(notes)))
        notes = sorted({**dict(notes), max(1, size + dice.choice((-1, 1, 40))): note}.items())
    elif notes and how == 2:
        place = dice.randrange(len(notes))
        notes[place] = (notes[place][0], flipped(notes[place][1], dice))
    elif notes and how == 3:
        place = dice.randrange(len(notes))
        lines = notes[place][1].splitlines(keepends=True)
        lines.insert(dice.randrange(len(lines)), dice.choice(lines))
        notes[place] = (notes[place][0], b"".join(lines))
    elif material.kept and how == 4:
        kept = dice.choice(material.kept)
        notes = sorted({**dict(notes), int(kept.split(b"\n")[1]): kept}.items())
    return notes


def _kept(material: Material, dice: random.Random) -> tuple[bytes, ...]:
    how = dice.randrange(8)
    if how == 0 and material.kept:
        return (flipped(dice.choice(material.kept), dice),)
    if how == 1:
        return material.kept
    if how == 2 and material.kept:
        return (dice.choice(material.kept), dice.choice(material.kept))
    return ()


# All of it

Mutation = Callable[[Material, random.Random], bytes]


def _by_bytes(material: Material, dice: random.Random) -> bytes:
    return flipped(material.bundle(), dice)


def _by_lines(material: Material, dice: random.Random) -> bytes:
    made = material.with_rows(shuffled(material.rows, dice))
    if made.rows and dice.random() < 0.5:
        made = made.headed()
    return made.bundle()


def _by_text(material: Material, dice: random.Random) -> bytes:
    """A body in other JSON, under a hash that fits."""
    rows = list(material.rows)
    place = dice.randrange(len(rows))
    entry = json.loads(rows[place][2])
    body = rows[place][2]
    changes: tuple[bytes, ...] = (
        json.dumps(entry).encode(), b" " + body, body + b"\t", body.replace(b":", b": ", 1),
        body[:-1] + b',"x":1.0}', body[:-1] + b',"x":1e2}', body[:-1] + b',"x":-0}',
        body[:-1] + b',"x":9007199254740992}', body[:-1] + b',"x":NaN}',
        body[:-1] + b',"seq":1}', body[:-1] + b',"x":"\\ud800"}',
        body[:-1] + b',"x":"\\ud83d\\ude00"}', body[:-1] + b',"x":"\xed\xa0\x80"}',
        b"\xef\xbb\xbf" + body, body[:-1] + b',"x":' + b"[" * 63 + b"]" * 63 + b"}",
        body[:-1] + b',"x":' + b"[" * 64 + b"]" * 64 + b"}", b"[" * 9999, b"[]", b"1", b'"x"',
        body[:-1] + b',"x":"\x01"}', body[:-1] + b',"x":"\\/\\u0041"}', body[:-1] + b',"x":01}',
    )  # fmt: skip
    changed = dice.choice(changes)
    rows[place] = (rows[place][0], digest(changed), changed)
    return material.with_rows(rows).headed().bundle()


def _by_chain(material: Material, dice: random.Random) -> bytes:
    return material.rechained(edited(material, dice)).bundle()


def _by_forging(material: Material, dice: random.Random) -> bytes:
    """Everything made anew that the keys can make."""
    entries = edited(material, dice)
    try:
        made = material.remade(entries, acts=dice.random() < 0.05)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # There are entries that nobody can make fit.
        made = material.rechained(entries)
    return made.bundle()


def _by_notes(material: Material, dice: random.Random) -> bytes:
    return packed(material.rows, material.head, material.shown, _notes(material, dice))


MUTATIONS: dict[Mutation, int] = {
    _by_bytes: 15, _by_lines: 12, _by_text: 8, _by_chain: 15, _by_forging: 40, _by_notes: 10,
}  # fmt: skip


def mutated(material: Material, dice: random.Random) -> Mutated:
    """A mutated ledger as a bundle, and what was kept of it."""
    mutation = dice.choices(list(MUTATIONS), list(MUTATIONS.values()))[0]
    return mutation(material, dice), _kept(material, dice)
