"""Evidence: nothing that a check looks at is missing from the digest, and nothing else is in it."""

from collections.abc import Mapping
from random import Random

import pytest

from data.reference import Row
from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from schemas.registers import REGISTERS
from schemas.rules.base import Reach, reads
from schemas.vocabulary import STAGES, Stage
from tasks.gate.evidence import evidence_of, rows_by_unit
from tests.support import edits, reference
from tests.support.edits import different
from tests.support.marks import long_but

EDITS = 8
CHECKS = {check.rule.code: check for check in reference.checks()}
# Registers of structure stand apart: every check knows the units and the places above them.
STRUCTURE = ("jurisdictions", "units")
# No edit of these few rows changes a finding: whether a team or an officer stands on record, the
# references see to, and a signature more or less is far from the limit.
UNFELT = ("officers", "teams", "team_members", "signers")


def compare(name: str, changes: Mapping[int, Row | None]) -> tuple[set[str], set[str]]:
    """Change rows of a register; the units of which evidence and findings changed."""
    facts, said, evidence = edits.before()
    after = edits.planted_book().edited(name, changes).facts()
    touched = [edits.planted_book().rows[name][position] for position in changes]
    all_moved: set[str] = set()
    all_found: set[str] = set()
    for code, check in CHECKS.items():
        if name not in STRUCTURE and name not in edits.registers_behind(check):
            continue
        moved = different(evidence[code], edits.evidence(check, after))
        found = different(said[code], edits.said(check, after))
        assert found <= moved, code
        all_moved |= moved
        all_found |= found
        for read in check.rule.reads:
            if read.register == name and name not in STRUCTURE:
                assert moved == edits.in_reach(facts, name, read.reach, touched), code
    return all_moved, all_found


@pytest.mark.parametrize("name", [name for name in REGISTERS if name not in STRUCTURE])
def test_findings_change_only_where_the_evidence_does(name: str) -> None:
    moved, found = compare(name, edits.some_edits(name, Random(f"2016/{name}"), EDITS))
    assert moved
    assert bool(found) is (name not in UNFELT)


def position_of(name: str, key: str) -> tuple[int, Row]:
    column = REGISTERS[name].key[0]
    table = enumerate(edits.planted_book().rows[name])
    return next((position, row) for position, row in table if row[column] == key)


def test_a_place_is_evidence_of_its_units() -> None:
    changes: dict[str, Row] = {
        "640302103": {"level": "county"},
        "640302104": {"parent": "640323"},
        "640302105": {"population": 1},
        "640302106": {"founding_ethnicity": "回族"},
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
    assert moved > found == {"640302-government"}


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
    every = [read for check in CHECKS.values() for read in check.rule.reads]
    assert evidence_of(shuffled, every) == evidence_of(facts, every)


def test_the_order_of_reads_and_saying_them_twice_changes_no_digest(facts: Facts) -> None:
    every = [read for check in CHECKS.values() for read in check.rule.reads]
    assert evidence_of(facts, reversed(every * 2)) == evidence_of(facts, every)


def test_the_scope_changes_no_digest(facts: Facts) -> None:
    every = [read for check in CHECKS.values() for read in check.rule.reads]
    whole = evidence_of(facts, every)
    some = Random(5).sample(sorted(whole), 12)
    assert evidence_of(facts.within(some), every) == {unit: whole[unit] for unit in sorted(some)}


def test_a_check_sees_of_a_unit_what_is_evidence_of_it_and_nothing_else(facts: Facts) -> None:
    """What is seen in one way is digested in another: for each read, the same rows."""
    every = {read for check in CHECKS.values() for read in check.rule.reads}
    assert {read.reach for read in every} == set(Reach)
    for unit in KINDS:
        alone = facts.within([unit])
        for read in every:
            seen = alone.restricted([read]).tables[read.register][DIGEST]
            assert sorted(seen) == sorted(rows_by_unit(facts, read)[unit]), read


def test_every_unit_has_a_digest_of_its_own(facts: Facts) -> None:
    for own in (reads(), reads("posts"), reads("measures", ancestors=("officers",))):
        digests = evidence_of(facts, own)
        assert len(set(digests.values())) == len(digests) == 116


def test_a_register_read_further_is_other_evidence(facts: Facts) -> None:
    digests = [
        evidence_of(facts, own)["640302-congress"]
        for own in (
            reads("calendar"),
            reads(subtree=("calendar",)),
            reads(ancestors=("calendar",)),
            reads("calendar", subtree=("calendar",)),
            reads("sessions"),
            reads(),
        )
    ]
    assert len(set(digests)) == len(digests)
    assert {one.value for one in Reach} == {"own", "subtree", "ancestors"}


# One unit alone

# The other stages by `make long`.
EVERY_TIME = (Stage.VETTING, Stage.ELECTION)

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
