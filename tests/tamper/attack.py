"""What an attack is: a forged ledger, and by which class and number it must be told.

Rules: an attack says beforehand how it will be named, and the exact entry wherever that follows
from what was done; one that finds nothing to do in a ledger is tried on another. What is detected
but named otherwise counts as missed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tamper.material import Entry, Material
from tests.tamper.stories import story

HOME, BUNDLE = "home", "bundle"
EVERYWHERE = frozenset({HOME, BUNDLE})


@dataclass(frozen=True)
class Forged:
    """A forged ledger; `classes` are those that may name it, `seq` the number, if it is known.

    `kept` is what the auditor kept, `statements` are run on the home's file afterwards.
    """

    material: Material
    classes: frozenset[str]
    seq: int | None = None
    kept: tuple[bytes, ...] = ()
    where: frozenset[str] = EVERYWHERE
    statements: tuple[str, ...] = ()

    def named_by(self, fault: str, seq: int) -> bool:
        """Whether that answer names it."""
        return fault in self.classes and self.seq in (None, seq)


@dataclass(frozen=True)
class Told:
    """An honest ledger and how it is told again."""

    seed: int
    size: int
    material: Material


class Pool:
    """Honest ledgers to attack, told once, and a folder that lasts as long."""

    def __init__(self, ledgers: int, sizes: tuple[int, int], seed: int, scratch: Path) -> None:
        dice = random.Random(seed)
        self.scratch = scratch
        self.told = [self._tell(dice.randrange(2**32), dice.randrange(*sizes))
                     for _ in range(ledgers)]  # fmt: skip

    def _tell(self, seed: int, size: int) -> Told:
        return Told(seed, size, self.tell(seed, size))

    def tell(self, seed: int, size: int, fork: tuple[int, int] | None = None) -> Material:
        """A ledger, told in a folder that is gone afterwards."""
        with TemporaryDirectory(dir=self.scratch) as folder:
            return story(Path(folder), seed, size, fork)

    def any(self, dice: random.Random) -> Material:
        """One of the ledgers."""
        return dice.choice(self.told).material


Attack = Callable[[Pool, random.Random], Forged | None]
ATTACKS: dict[str, Attack] = {}


def attack(name: str) -> Callable[[Attack], Attack]:
    """Enter an attack under a name."""

    def enter(made: Attack) -> Attack:
        ATTACKS[name] = made
        return made

    return enter


# What attacks look for


def numbers(entries: Iterable[Entry], *kinds: str) -> list[int]:
    """The numbers of the entries of these kinds."""
    return [entry["seq"] for entry in entries if entry["kind"] in kinds]


def size_of(note: bytes) -> int:
    """The size in a checkpoint."""
    return int(note.split(b"\n")[1])


def kept_over(material: Material, seq: int) -> int | None:
    """The size of the smallest kept checkpoint over an entry."""
    return min((size for size in map(size_of, material.kept) if size >= seq), default=None)


def filed_over(material: Material, seq: int) -> int | None:
    """The size of the first checkpoint on record over an entry."""
    filed = [entry for entry in material.entries if entry["kind"] == "checkpointed"]
    return next((entry["size"] for entry in filed if entry["size"] >= seq), None)


def pick(dice: random.Random, choices: list[int]) -> int | None:
    """One of the numbers, if there are any."""
    return dice.choice(choices) if choices else None


def forged(material: Material, classes: str, seq: int | None = None) -> Forged:
    """What must be told by one of the classes, without any checkpoint that was kept."""
    return Forged(material, frozenset(classes.split()), seq)


def told_by_kept(material: Material, classes: str, seq: int | None = None) -> Forged:
    """What must be told where an auditor kept all checkpoints."""
    return Forged(material, frozenset(classes.split()), seq, kept=material.kept)
