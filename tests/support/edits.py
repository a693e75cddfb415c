"""Edits of a cycle, and what its checks find before and after: for tests of evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

import pandas as pd

from schemas.canonical import row_digest
from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from schemas.policy import PackCheck
from schemas.registers import REGISTERS
from schemas.rules.base import Reach, registers_of
from schemas.tables import frame_of
from tasks.gate.evaluation import run_check
from tasks.gate.evidence import evidence_of
from tests.generator import REFERENCE_ON, Row, Rows
from tests.support import reference

ON = REFERENCE_ON
Said = dict[str, list[tuple[object, ...]]]  # unit → its findings of one check, sorted


def digested(name: str, rows: Iterable[Row], digests: Sequence[str]) -> pd.DataFrame:
    """A register's frame as it is read from blobs."""
    return frame_of(name, rows).assign(**{DIGEST: pd.Series(digests, dtype="str")})


@dataclass(frozen=True)
class Book:
    """Rows per register with the digest of each; an edit makes another."""

    rows: Rows
    digests: dict[str, list[str]]
    frames: dict[str, pd.DataFrame]

    def facts(self, on: date = ON) -> Facts:
        """The facts that a snapshot would hold."""
        return facts_of(self.frames, on)

    def edited(self, name: str, edits: Mapping[int, Row | None]) -> "Book":
        """With rows of a register replaced (or taken away: None) by their position."""
        rows: list[Row] = []
        digests: list[str] = []
        for position, row in enumerate(self.rows[name]):
            new = edits.get(position, row)
            if new is not None:
                rows.append(new)
                digests.append(
                    row_digest(name, new) if position in edits else self.digests[name][position]
                )
        return Book(
            {**self.rows, name: rows},
            {**self.digests, name: digests},
            {**self.frames, name: digested(name, rows, digests)},
        )

    def with_rows(self, name: str, rows: Sequence[Row]) -> "Book":
        """With rows of a register added."""
        every = [*self.rows[name], *rows]
        digests = [*self.digests[name], *(row_digest(name, row) for row in rows)]
        return Book(
            {**self.rows, name: every},
            {**self.digests, name: digests},
            {**self.frames, name: digested(name, every, digests)},
        )


@cache
def planted_book() -> Book:
    """The reference cycle with every fault in it."""
    return book_of(reference.with_faults())


def book_of(rows: Rows) -> Book:
    """Rows with the digest of each."""
    digests = {name: [row_digest(name, row) for row in rows[name]] for name in rows}
    frames = {name: digested(name, rows[name], digests[name]) for name in rows}
    return Book(rows, digests, frames)


@cache
def referred_to(name: str) -> frozenset[object]:
    """The keys of a register that rows of the planted cycle refer to."""
    rows = reference.with_faults()
    return frozenset(
        row[column]
        for other, register in REGISTERS.items()
        for column, target in register.references.items()
        if target == name
        for row in rows[other]
    )


def some_edits(name: str, random: Random, count: int) -> dict[int, Row | None]:
    """Random rows removed, or with a cell of another row, as intake would take them."""
    table = planted_book().rows[name]
    register = REGISTERS[name]
    kept = {*register.key, "unit", "jurisdiction", "body", "level", "parent"}
    columns = [spec.name for spec in register.columns if spec.name not in kept]
    edits: dict[int, Row | None] = {}
    for position in random.sample(range(len(table)), min(count, len(table))):
        row = table[position]
        held = len(register.key) == 1 and row[register.key[0]] in referred_to(name)
        if (held or random.random() < 0.7) and columns:
            column = random.choice(columns)
            values = {other[column] for other in table} - {row[column]}
            if values:
                edits[position] = {**row, column: random.choice(sorted(values, key=str))}
        elif not held:
            edits[position] = None
    return edits


def registers_behind(check: PackCheck) -> set[str]:
    """The registers that a check reads, and those that say where their rows are at home."""
    found = registers_of(check.reads)
    for name in tuple(found):
        at = name
        while (register := REGISTERS[at]).via:
            at = register.references[register.via]
            found.add(at)
    return found


def said(check: PackCheck, facts: Facts) -> Said:
    """What a check says about each unit, in an order of its own."""
    found: Said = {
        unit: [
            (one.subject, one.status.value, one.reason, *sorted(one.arguments.items()))
            for one in findings
        ]
        for unit, findings in run_check(check, facts).items()
    }
    return {unit: sorted(findings, key=str) for unit, findings in found.items()}


def different(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The units of which another thing is said."""
    return {unit for unit in {*before, *after} if before.get(unit) != after.get(unit)}


def evidence(check: PackCheck, facts: Facts) -> dict[str, str]:
    """Unit → the digest of what one check reads for it."""
    return evidence_of(facts, check.reads)


@cache
def before() -> tuple[Facts, dict[str, Said], dict[str, dict[str, str]]]:
    """The planted cycle: its facts, and by check what is said and the evidence for it."""
    facts = planted_book().facts()
    return (
        facts,
        {check.rule.code: said(check, facts) for check in reference.checks()},
        {check.rule.code: evidence(check, facts) for check in reference.checks()},
    )


def in_reach(facts: Facts, name: str, reach: Reach, rows: Iterable[Row]) -> set[str]:
    """The units of which rows are evidence, worked out from the rows and nothing else."""
    pairs = set(facts.lineage.itertuples(index=False, name=None))
    found: set[str] = set()
    units: Sequence[tuple[str, str]] = list(
        zip(facts.units["unit"], facts.units["jurisdiction"], strict=True)
    )
    for row in rows:
        home, own = _home(name, row)
        for unit, place in units:
            related = {
                Reach.OWN: own == unit if own else home == place,
                Reach.ANCESTORS: (place, home) in pairs,
                Reach.SUBTREE: (home, place) in pairs,
            }[reach]
            if related:
                found.add(unit)
    return found


def _home(name: str, row: Row) -> tuple[str, str]:
    """Jurisdiction and unit (if any) at which a row is at home."""
    column = REGISTERS[name].home
    value = str(row[column])
    if column == "unit":
        return value.partition("-")[0], value
    if column == "jurisdiction":
        return value, ""
    target = REGISTERS[name].references[column]
    key = REGISTERS[target].key[0]
    return _home(target, next(one for one in planted_book().rows[target] if one[key] == value))
