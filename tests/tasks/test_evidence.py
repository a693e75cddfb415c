"""Evidence: nothing that a check looks at is missing from the digest, and nothing else is in it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from schemas.policy import PackCheck
from schemas.registers import REGISTERS
from schemas.rules.base import Among, NamedBy, Reach, Read, merged, read, registers_of
from schemas.rules.selections import PROPOSED
from schemas.vocabulary import STAGES, Stage
from tasks.gate.evidence import evidence_of, rows_by_unit
from tasks.handoff.frames import READS
from tests.generator import Row
from tests.support import edits, reference
from tests.support.edits import Book, different
from tests.support.looked_at import LookedAt
from tests.support.marks import long_but

EDITS = 8
CHECKS = {check.rule.code: check for check in reference.checks()}
# Registers of structure stand apart: every check knows the units and the places above them.
STRUCTURE = ("jurisdictions", "units")
# No edit of these few rows changes a finding: whether a team or an officer stands on record, the
# references see to, there is one vacancy, one report of another matter and one election that was
# void, and the three signs only exchange what they mean.
HOMES = {one.references[one.via] for one in REGISTERS.values() if one.via}
UNFELT = (
    "officers", "teams", "team_members", "signs", "vacancies", "report_scopes", "void_elections",
)  # fmt: skip


def looked_at(book: Book) -> LookedAt:
    return LookedAt(book.rows, book.digests)


@cache
def planted() -> LookedAt:
    return looked_at(edits.planted_book())


def compare(name: str, changes: Mapping[int, Row | None]) -> tuple[set[str], set[str]]:
    """Change rows of a register; the units of which evidence and findings changed."""
    _, said, evidence = edits.before()
    book = edits.planted_book().edited(name, changes)
    after, rows = book.facts(), looked_at(book)
    all_moved: set[str] = set()
    all_found: set[str] = set()
    for code, check in CHECKS.items():
        if name not in STRUCTURE and name not in edits.registers_behind(check):
            continue
        told = edits.evidence(check, after)
        moved = different(evidence[code], told)
        found = different(said[code], edits.said(check, after))
        assert found <= moved, code
        all_moved |= moved
        all_found |= found
        some = {*sorted(moved)[:8], *Random(f"{name}/{code}").sample(sorted(told), 4)}
        assert {unit: told[unit] for unit in some} == {
            unit: rows.evidence(unit, check.reads) for unit in some
        }, code
    return all_moved, all_found


@pytest.mark.parametrize("name", [name for name in REGISTERS if name not in STRUCTURE])
def test_findings_change_only_where_the_evidence_does(name: str) -> None:
    moved, found = compare(name, edits.some_edits(name, Random(f"2016/{name}"), EDITS))
    assert bool(found) is (name not in UNFELT)
    assert moved >= found


def conditions_of(reads: Iterable[Read]) -> Iterator[tuple[str, str]]:
    """Register and column of every cell that says which rows are looked at."""
    for one in reads:
        for condition in one.rows:
            yield one.register, condition.column
            if isinstance(condition, NamedBy):
                for source, column in condition.by:
                    yield source.register, column
                    yield from conditions_of([source])


def scrambled(check: PackCheck) -> Facts:
    """The planted cycle with everything changed that a check does not look at.

    Every cell of another column has the value of another row; rows that no unit's evidence has are
    gone, where no other row needs them for its home.
    """
    book, reads = edits.planted_book(), check.reads
    looked = {*conditions_of(reads)}
    looked |= {(one.register, column) for one in reads for column in one.columns}
    frames = dict(book.frames)
    for name in registers_of(reads) - set(STRUCTURE):
        register, frame = REGISTERS[name], frames[name].copy()
        kept = {*register.key, register.home} if name in HOMES else {register.home}
        for column in set(frame.columns) - kept - {DIGEST}:
            if (name, column) not in looked:
                frame[column] = frame[column].take(np.roll(np.arange(len(frame)), 1)).array
        mine = owners_of(one for one in sources(reads) if one.register == name)
        frames[name] = frame if name in HOMES else frame.iloc[sorted(mine)]
    return facts_of(frames, edits.ON)


def sources(reads: Iterable[Read]) -> Iterator[Read]:
    """Reads, and those that name their rows."""
    for one in reads:
        yield one
        for condition in one.rows:
            if isinstance(condition, NamedBy):
                yield from sources(source for source, _ in condition.by)


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_that_a_check_does_not_look_at_changes_what_it_says(stage: Stage) -> None:
    _, said, evidence = edits.before()
    for code, check in CHECKS.items():
        if check.rule.stage is stage:
            other = scrambled(check)
            assert edits.said(check, other) == said[code], code
            assert edits.evidence(check, other) == evidence[code], code


def owners_of(reads: Iterable[Read]) -> dict[int, set[str]]:
    """Row → the units of which reads of one register make it evidence."""
    found: dict[int, set[str]] = {}
    for one in reads:
        for unit in planted().units:
            for row in planted().positions(one, unit):
                found.setdefault(row, set()).add(unit)
    return found


def cell_edits(check: PackCheck, name: str) -> tuple[dict[int, Row | None], set[str]]:
    """For each column that is looked at in a register a cell of it, each of another row.

    Returns:
        The rows by their position, and the units of which these cells are evidence.
    """
    mine = [one for one in merged(check.reads) if one.register == name]
    leading = {*REGISTERS[name].key, REGISTERS[name].home}
    leading |= {column for register, column in conditions_of(check.reads) if register == name}
    table = planted().rows[name]
    changes: dict[int, Row | None] = {}
    touched: set[str] = set()
    for one in mine:
        rows = owners_of([one])
        for column in sorted(set(one.columns) - leading):
            known = {row[column] for row in table} - {None}
            free = [row for row in rows if row not in changes and known - {table[row][column]}]
            if free:
                row = min(free, key=lambda row: (bool(rows[row] & touched), len(rows[row])))
                other = min(known - {table[row][column]}, key=str)
                changes[row] = {**table[row], column: other}
                seeing = [each for each in mine if column in each.columns]
                touched |= owners_of(seeing)[row]
    return changes, touched


@pytest.mark.parametrize("stage", STAGES)
def test_every_cell_that_a_check_looks_at_is_evidence_where_its_reach_says(stage: Stage) -> None:
    _, _, evidence = edits.before()
    edited = 0
    for code, check in CHECKS.items():
        if check.rule.stage is stage:
            for name in {one.register for one in check.reads} - set(STRUCTURE):
                changes, touched = cell_edits(check, name)
                after = edits.planted_book().edited(name, changes).facts()
                moved = different(evidence[code], edits.evidence(check, after))
                assert moved == touched, (code, name)
                edited += len(changes)
    assert edited


def position_of(name: str, key: str) -> tuple[int, Row]:
    column = REGISTERS[name].key[0]
    table = enumerate(edits.planted_book().rows[name])
    return next((position, row) for position, row in table if row[column] == key)


def test_a_place_is_evidence_of_its_units() -> None:
    changes: dict[str, Row] = {
        "640302103": {"level": "county"},
        "640302104": {"parent": "640323"},
        "640302105": {"population": 1},
        "640302106": {"name": "沙坪乡", "founding_ethnicity": "壮族"},
    }
    placed = [(position_of("jurisdictions", code), new) for code, new in changes.items()]
    moved, found = compare(
        "jurisdictions", {position: {**row, **new} for (position, row), new in placed}
    )
    assert moved >= found
    assert {unit.partition("-")[0] for unit in found} >= set(changes)


def test_its_body_is_evidence_of_a_unit() -> None:
    position, row = position_of("units", "640302-government")
    moved, found = compare("units", {position: {**row, "body": "cppcc"}})
    assert moved == found == {"640302-government"}


# The digest itself


@pytest.fixture(scope="module")
def facts() -> Facts:
    return edits.before()[0]


def test_the_order_of_rows_changes_no_digest(facts: Facts) -> None:
    shuffled = facts_of(
        {
            name: frame.drop(columns=["_home", "_unit"]).sample(frac=1, random_state=7)
            for name, frame in facts.tables.items()
        },
        edits.ON,
    )
    every = [read for check in CHECKS.values() for read in check.reads]
    assert evidence_of(shuffled, every) == evidence_of(facts, every)


def test_the_order_of_reads_and_saying_them_twice_changes_no_digest(facts: Facts) -> None:
    every = [read for check in CHECKS.values() for read in check.reads]
    assert evidence_of(facts, reversed(every * 2)) == evidence_of(facts, every)


def test_the_scope_changes_no_digest(facts: Facts) -> None:
    every = [read for check in CHECKS.values() for read in check.reads]
    whole = evidence_of(facts, every)
    some = Random(5).sample(sorted(whole), 12)
    assert evidence_of(facts.within(some), every) == {unit: whole[unit] for unit in sorted(some)}


def test_a_check_sees_of_a_unit_what_is_evidence_of_it_and_nothing_else(facts: Facts) -> None:
    """What is seen in one way is digested in another: for each read, the same cells."""
    every = {one for check in CHECKS.values() for one in check.reads}
    assert {one.reach for one in every} == set(Reach)
    for unit in KINDS:
        alone = facts.within([unit])
        for one in every:
            seen = alone.restricted([one]).tables[one.name]
            assert list(seen.columns) == [*one.columns, "_home", "_unit"]
            assert len(seen) == len(rows_by_unit(facts, one)[unit]), one.form
            rows = planted().rows[one.register]
            cells = [
                tuple(plain(rows[row][column]) for column in one.columns)
                for row in planted().positions(one, unit)
            ]
            shown = seen[list(one.columns)].itertuples(index=False, name=None)
            assert sorted(map(str, cells)) == sorted(str(tuple(map(plain, row))) for row in shown)


def plain(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell).removesuffix(" 00:00:00")


def test_every_read_names_columns_of_its_register_and_conditions_on_them() -> None:
    for code, check in CHECKS.items():
        for one in sources((*check.reads, *READS[check.rule.stage])):
            columns = REGISTERS[one.register].column
            assert {*one.columns} <= set(columns), code
            assert len(set(one.columns)) == len(one.columns), code
        assert all(column in REGISTERS[name].column for name, column in conditions_of(check.reads))


def test_every_unit_has_a_digest_of_its_own(facts: Facts) -> None:
    officers = read("officers", "officer organ", reach=Reach.ANCESTORS)
    for own in ((), (read("posts", "post"),), (read("measures", "kind"), officers)):
        digests = evidence_of(facts, own)
        assert len(set(digests.values())) == len(digests) == 116


def test_a_register_read_otherwise_is_other_evidence(facts: Facts) -> None:
    whole = "unit nomination_on session_opens_on"
    digests = [
        evidence_of(facts, own)["640302-congress"]
        for own in (
            (read("calendar", whole),),
            (read("calendar", "unit nomination_on"),),
            *((read("calendar", whole, reach=reach),) for reach in Reach if reach != Reach.OWN),
            (read("calendar", whole), read("calendar", whole, reach=Reach.SUBTREE)),
            (read("candidates", "unit"),),
            (read("candidates", "unit", PROPOSED),),
            (read("sessions", "unit"),),
            (),
        )
    ]
    assert len(set(digests)) == len(digests)


def test_a_read_that_leaves_values_to_a_pack_is_not_read(facts: Facts) -> None:
    for one in (read("documents", "unit", Among("kind", (), ("kinds",))),):
        with pytest.raises(ValueError, match="policy pack"):
            evidence_of(facts, [one])
        with pytest.raises(ValueError, match="policy pack"):
            facts.restricted([one])
        # Of a register without rows as of any other.
        with pytest.raises(ValueError, match="policy pack"):
            facts_of({}, facts.on).restricted([one])


def test_reads_of_one_table_have_the_same_columns(facts: Facts) -> None:
    with pytest.raises(ValueError, match="posts"):
        facts.restricted([read("posts", "unit"), read("posts", "post")])


# One unit alone

# The other stages by `make long`.
EVERY_TIME = (Stage.VETTING, Stage.RESULT)

KINDS = (
    "640300-congress", "640323-government", "640302-cppcc",
    "640302-congress", "640302105-congress", "640323201-government",
)  # fmt: skip


@pytest.mark.parametrize("stage", long_but(EVERY_TIME, STAGES))
def test_a_unit_alone_has_the_findings_it_has_among_all(stage: str, facts: Facts) -> None:
    _, said, _ = edits.before()
    closed = 0
    for unit in KINDS:
        alone = facts.within([unit])
        for code, check in CHECKS.items():
            if code.startswith(f"{stage}."):
                found = edits.said(check, alone)
                assert found == {unit: said[code][unit]}, code
                closed += sum(one[1] in ("fail", "missing") for one in found[unit])
    assert closed or stage == "inspection"
