"""The runs, each a function of its counts and its seed: bytes, attacks, honest ledgers, agreement.

Rules: a run never stops at what it finds; it counts, and names the first of each kind, so that it
can be told again from its seed.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from data.home import Home
from data.verify_chain import Chain, Fault
from tests.tamper import (
    attacks_on_checkpoints,
    attacks_on_days,
    attacks_on_deliveries,
    attacks_on_evaluators,
    attacks_on_meaning,
    attacks_on_packs,
    attacks_on_rows,
    attacks_on_sign_offs,
)
from tests.tamper.attack import ATTACKS, BUNDLE, HOME, Forged, Pool
from tests.tamper.material import Material
from tests.tamper.mutations import mutated
from tests.tamper.stories import story
from tests.tamper.verifiers import (
    Verdict,
    by_library,
    by_single_file,
    of_home,
    single_file_chain,
)

# Importing them enters their attacks.
ATTACKING = (
    attacks_on_rows, attacks_on_days, attacks_on_packs, attacks_on_meaning, attacks_on_checkpoints,
    attacks_on_evaluators, attacks_on_sign_offs, attacks_on_deliveries,
)  # fmt: skip
MOST_TOLD = 20
OF_A_LINE = ("changed", "removed", "moved")
TRIES = 400


@dataclass
class Outcome:
    """What a run found: how many cases, how many were answered otherwise than they must be."""

    cases: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def count(self, name: str, *, right: bool, about: object = "") -> None:
        """One case."""
        self.cases[name] += 1
        if not right:
            self.missed[name] += 1
            if len(self.told) < MOST_TOLD:
                self.told.append(f"{name}: {about}")

    @property
    def total(self) -> int:
        """All cases."""
        return self.cases.total()


Progress = Callable[[str, Outcome], None]


def silent(_: str, __: Outcome) -> None:
    """No progress is shown."""


# 1. Every byte


def flips(content: bytes, bits: int, dice: random.Random) -> Iterator[tuple[int, bytes]]:
    """Place and content of every byte with `bits` of its eight bits flipped, one at a time."""
    for place in range(len(content)):
        for bit in range(8) if bits >= 8 else dice.sample(range(8), bits):
            made = bytearray(content)
            made[place] ^= 1 << bit
            yield place, bytes(made)


def every_byte(
    one: Material, share: float, bits: int, seed: int, progress: Progress = silent
) -> Outcome:
    """Flip bits of every line of entries, or of a share of them; its entry must be named.

    A flip of a body or a hash is answered by the library's chain test, the first test of a home
    and of a bundle, on the rows before it; a flip anywhere in a line by the single file's, on the
    lines before it. One flip of every 64th byte is put into a bundle, for both verifiers whole.
    """
    outcome = Outcome()
    dice = random.Random(seed)
    bundle = one.bundle()
    start = 30 + len("entries.txt")
    lines = [b"%d %s %s\n" % (seq, name.encode(), body) for seq, name, body in one.rows]
    library_chain, chain = Chain(strict=True), single_file_chain()
    for (seq, name, body), line, after in zip(one.rows, lines, [*lines[1:], b""], strict=True):
        changed = Fault(seq, "changed")
        if dice.random() < share:
            for _, made in flips(body, bits, dice):
                told = library_chain.take(seq, name, made)
                outcome.count("library, bodies", right=told == changed, about=(seq, told))
            for _, made in flips(name.encode(), bits, dice):
                told = library_chain.take(seq, made.decode("latin-1"), body)
                outcome.count("library, hashes", right=told == changed, about=(seq, told))
            for place, made in flips(line, bits, dice):
                own = chain.answer(seq, made + after)
                right = own[1] == seq and own[0] in OF_A_LINE
                outcome.count("single file, lines", right=right, about=(seq, place, own))
                outcome.classes[own[0]] += 1
            for place, made in flips(line, 1, dice):
                if place % 64 == seq % 64:
                    broken = bundle[:start] + made + bundle[start + len(line) :]
                    library, own = by_library(broken), by_single_file(broken)
                    right = library == own and library[1] == seq and library[0] in OF_A_LINE
                    outcome.count("both, bundles", right=right, about=(seq, place, library, own))
            progress("bytes", outcome)
        library_chain.take(seq, name, body)
        chain.take(seq, line)
        start += len(line)
    _head_of_bundle(one, outcome, dice)
    return outcome


def _head_of_bundle(one: Material, outcome: Outcome, dice: random.Random) -> None:
    bundle = one.bundle()
    line = b"%d %s\n" % (one.head[0], one.head[1].encode())
    start = bundle.index(line, bundle.index(b"head.txt"))
    last = len(one.rows)
    for place, made in flips(line, 8, dice):
        broken = bundle[:start] + made + bundle[start + len(line) :]
        library, own = by_library(broken), by_single_file(broken)
        right = library == own and library in (
            ("head", last), ("changed", last), ("removed", last + 1)
        )  # fmt: skip
        outcome.count("both, head of a bundle", right=right, about=(place, library, own))


def every_byte_of_a_home(
    one: Material, share: float, bits: int, seed: int, scratch: Path, progress: Progress = silent
) -> Outcome:
    """Flip bits of bodies, of the hash column and of the head in the file of a home itself."""
    outcome = Outcome()
    dice = random.Random(seed)
    last = len(one.rows)
    with TemporaryDirectory(dir=scratch) as folder:
        home = Home(Path(folder))
        one.write(home.ledger_file)
        with closing(sqlite3.connect(home.ledger_file, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            for seq, name, body in one.rows:
                if dice.random() >= share:
                    continue
                cells = (("hash", name.encode(), True), ("body", body, share < 1 or seq == last))
                for column, content, taken in cells:
                    for _, made in flips(content, bits, dice) if taken else ():
                        told = _with(connection, home, column, seq, made, content)
                        outcome.count(
                            f"home, {column}", right=told == ("changed", seq), about=(seq, told)
                        )
                progress("bytes of a home", outcome)
            for _, made in flips(one.head[1].encode(), 8, dice):
                told = _with(connection, home, "head", last, made, one.head[1].encode())
                outcome.count("home, head", right=told == ("changed", last), about=told)
    return outcome


def _with(
    connection: sqlite3.Connection, home: Home, column: str, seq: int, made: bytes, content: bytes
) -> Verdict:
    """What the home says with a changed cell; the cell is put back."""
    statement = {
        "body": "UPDATE entries SET body = ? WHERE seq = ?",
        "hash": "UPDATE entries SET hash = CAST(? AS TEXT) WHERE seq = ?",
        "head": "UPDATE head SET hash = CAST(? AS TEXT) WHERE seq = ?",
    }[column]
    connection.execute(statement, (made, seq))
    told = of_home(home)
    connection.execute(statement, (content, seq))
    return told


# 2. Attacks


def attacked(
    pool: Pool, names: tuple[str, ...], instances: int, seed: int, progress: Progress = silent
) -> Outcome:
    """Every attack so many times, each answered by all verifiers that it concerns."""
    outcome = Outcome()
    for name in names:
        dice = random.Random(f"{seed}/{name}")
        done = 0
        for _ in range(instances * TRIES):
            made = ATTACKS[name](pool, dice)
            if made is not None:
                done += 1
                for how, right, about in _answers(made, pool.scratch):
                    outcome.count(name, right=right, about=(how, about))
            if done == instances:
                break
        outcome.count("instances", right=done == instances, about=(name, done))
        progress(name, outcome)
    return outcome


def _answers(made: Forged, scratch: Path) -> Iterator[tuple[str, bool, object]]:
    about = (sorted(made.classes), made.seq)
    if BUNDLE in made.where:
        bundle = made.material.bundle()
        library, own = by_library(bundle, made.kept), by_single_file(bundle, made.kept)
        right = made.named_by(*library)
        yield "bundle, library", right, (about, library)
        yield "bundle, single file", own == library, (about, library, own)
    if HOME in made.where:
        with TemporaryDirectory(dir=scratch) as folder:
            home = Home(Path(folder))
            made.material.write(home.ledger_file)
            _edit(home, made.statements)
            told = of_home(home, made.kept)
        yield "home", made.named_by(*told), (about, told)


def _edit(home: Home, statements: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(home.ledger_file)) as connection:
        connection.executescript("PRAGMA synchronous = OFF;" + ";".join(statements))


# 3. Honest ledgers


def honest(
    ledgers: int, sizes: tuple[int, int], seed: int, scratch: Path, progress: Progress = silent
) -> Outcome:
    """False alarms over honest ledgers and their bundles; every tenth by the single file too."""
    outcome = Outcome()
    for number in range(ledgers):
        dice = random.Random(f"{seed}/{number}")
        with TemporaryDirectory(dir=scratch) as folder:
            one = story(Path(folder), dice.randrange(2**32), dice.randrange(*sizes))
            kept = dice.sample(one.kept, dice.randrange(len(one.kept) + 1))
            holds = ("", len(one.rows))
            bundle = one.bundle()
            answers = {"library, home": of_home(Home(Path(folder)), kept)}
            answers["library, bundle"] = by_library(bundle, kept)
            if number % 10 == 0:
                answers["single file, bundle"] = by_single_file(bundle, kept)
        for how, told in answers.items():
            outcome.count(how, right=told == holds, about=(number, told))
        outcome.classes.update(entry["kind"] for entry in one.entries)
        progress("honest", outcome)
    return outcome


# 4. Agreement


def agreement(
    mutations: int,
    sizes: tuple[int, int],
    seed: int,
    scratch: Path,
    each: int = 100,
    progress: Progress = silent,
) -> Outcome:
    """Whether both verifiers say the same of mutated ledgers: verdict, class and number."""
    outcome = Outcome()
    for first in range(0, mutations, each):
        start = random.Random(f"{seed}/{first}")
        with TemporaryDirectory(dir=scratch) as folder:
            one = story(Path(folder), start.randrange(2**32), start.randrange(*sizes))
        for number in range(first, min(first + each, mutations)):
            bundle, kept = mutated(one, random.Random(f"{seed}/{number}/mutated"))
            library, own = by_library(bundle, kept), by_single_file(bundle, kept)
            outcome.count("mutations", right=library == own, about=(number, library, own))
            outcome.classes[library[0] or "holds"] += 1
        progress("agreement", outcome)
    return outcome
