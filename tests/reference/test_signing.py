"""Who signs in the reference cycle: every gate has its officers, and none who may not sign it."""

from collections import Counter
from functools import cache

import pytest

from data.policies import bundled, read_pack
from schemas.vocabulary import STAGES, Body, Level, Stage
from tasks.handoff.frames import handoff_frame
from tasks.handoff.validation import validate
from tests.generator import Row, Rows, Size, gate_signers, generate, signers
from tests.generator.faults.fault import deliverers
from tests.generator.places import supplies
from tests.support import reference

MOST_SIGNERS = 300
UNIT = "640302100-congress"


@cache
def delivering() -> frozenset[str]:
    return deliverers(reference.listed())


@cache
def officers() -> dict[str, Row]:
    return {str(row["officer"]): row for row in reference.clean()["officers"]}


@cache
def levels() -> dict[str, Level]:
    rows = reference.clean()["jurisdictions"]
    return {str(row["jurisdiction"]): Level(str(row["level"])) for row in rows}


def places(unit: str) -> list[str]:
    own = unit.partition("-")[0]
    return list(dict.fromkeys((own, own[:6], f"{own[:4]}00")))


@pytest.mark.parametrize("name", bundled())
def test_every_gate_is_signed_as_the_pack_demands(name: str) -> None:
    pack, rows = read_pack(name), reference.clean()
    gates = gate_signers(pack, rows, delivering())
    assert len(gates) == 116 * len(STAGES)
    for (unit, stage), signing in gates.items():
        place, body = unit.split("-")
        required = pack.signers(stage, levels()[place], Body(body))
        assert required
        assert len(signing) == sum(one.number for one in required)
        held = [officers()[officer] for officer in signing]
        for one in required:
            admitted = [
                (str(row["officer"]), str(row["organ"]))
                for row in held
                if one.admits(str(row["organ"]), str(row["jurisdiction"]), places(unit))
            ]
            assert one.have(admitted) == len(admitted) == one.number, (unit, stage, one.name)


def test_nobody_signs_who_may_not() -> None:
    rows = reference.clean()
    gates = gate_signers(read_pack("cn-2016"), rows, delivering())
    barred: dict[str, set[object]] = {}
    for row in rows["candidates"]:
        kin = {one["kin"] for one in rows["kin"] if one["person"] == row["person"]}
        kin |= {one["person"] for one in rows["kin"] if one["kin"] == row["person"]}
        barred.setdefault(str(row["unit"]), set()).update({row["person"]}, kin)
    assert any(row["person"] in people for row in rows["kin"] for people in barred.values())
    for (unit, _), signing in gates.items():
        people = [officers()[officer]["person"] for officer in signing]
        assert len(set(people)) == len(people)
        assert set(people) & barred[unit] == set()
        assert set(signing) & delivering() == set()


def test_few_officers_are_enough() -> None:
    signing = signers(read_pack("cn-2016"), reference.clean(), delivering())
    assert signing == sorted(set(signing))
    assert len(signing) <= MOST_SIGNERS
    asked = {officers()[officer]["organ"] for officer in signing}
    assert {"presidium", "scrutineer", "supervision-team", "election-committee"} <= asked


def test_a_cycle_of_another_size_can_be_signed_too() -> None:
    rows = generate(Size(cities=2, seed=7))
    assert len(gate_signers(read_pack("cn-2016"), rows, ())) == 2 * 116 * len(STAGES)


def with_person(officer: str, person: str) -> Rows:
    """The cycle in which an officer is somebody else."""
    rows = reference.clean()
    table = [
        {**row, "person": person} if row["officer"] == officer else row for row in rows["officers"]
    ]
    return {**rows, "officers": table}


def test_another_signs_for_whoever_is_a_candidate_or_kin_of_one() -> None:
    pack, rows = read_pack("cn-2016"), reference.clean()
    gate = "640302101-congress", Stage.PLAN
    kin = next(
        str(row[column])
        for row in rows["kin"]
        for column in ("person", "kin")
        if row["jurisdiction"] == "640302101"
    )
    before = gate_signers(pack, rows, delivering())[gate]
    candidate = next(str(row["person"]) for row in rows["candidates"] if row["unit"] == gate[0])
    for person in (candidate, kin):
        after = gate_signers(pack, with_person(before[0], person), delivering())[gate]
        assert before[0] not in after
        assert after[1:] == before[1:]


def test_one_person_signs_a_gate_once() -> None:
    pack, rows = read_pack("cn-2016"), reference.clean()
    before = gate_signers(pack, rows, delivering())[UNIT, Stage.RESULT]
    one, other = before[1:]
    changed = with_person(other, str(officers()[one]["person"]))
    after = gate_signers(pack, changed, delivering())[UNIT, Stage.RESULT]
    assert other not in after
    assert len(after) == len(before)


def test_where_nobody_is_left_it_says_so() -> None:
    rows = reference.clean()
    presidium = [row["officer"] for row in rows["officers"] if row["organ"] == "presidium"]
    with pytest.raises(LookupError, match="640300-congress: nobody is left to sign for list"):
        gate_signers(read_pack("cn-2016"), rows, {*delivering(), *map(str, presidium)})


# The register of officers


def test_who_only_signs_delivers_nothing() -> None:
    only_signing = {officer for officer in officers() if not supplies(officer)}
    assert only_signing
    assert only_signing & delivering() == set()
    named = {
        value
        for name, rows in reference.clean().items()
        if name != "officers"
        for row in rows
        for value in row.values()
        if isinstance(value, str) and value.startswith("o-")
    }
    assert named
    assert named & only_signing == set()


def test_whoever_is_talked_to_or_counts_stands_in_the_roster_under_the_same_name() -> None:
    roster = {row["person"]: row for row in reference.clean()["roster"]}
    known = [row for row in officers().values() if row["person"] in roster]
    number = Counter(row["organ"] for row in known)
    # The secretaries of counties and townships, and two scrutineers of each place.
    assert number == {"secretary": 5 + 49, "scrutineer": 2 * (1 + 5 + 49)}
    for row in known:
        listed = roster[row["person"]]
        assert (listed["name"], listed["jurisdiction"]) == (row["name"], row["jurisdiction"])
        assert listed["responsibility_talk"] == (row["organ"] == "secretary")
    assert len({row["person"] for row in officers().values()}) == len(officers())


# What may be waived


@pytest.mark.parametrize("name", bundled())
def test_whoever_may_waive_is_there(name: str) -> None:
    for checks in read_pack(name).checks.values():
        for one in checks:
            for unit in (UNIT, "640302-cppcc", "640300-cppcc") if one.waiver else ():
                # A city has nobody above it: its visits are nobody's to waive.
                if unit.startswith("640300") and one.waiver and one.waiver.at == "above":
                    continue
                assert one.waiver
                admitted = [
                    (str(row["officer"]), str(row["organ"]))
                    for row in officers().values()
                    if one.waiver.admits(str(row["organ"]), str(row["jurisdiction"]), places(unit))
                ]
                assert one.waiver.have(admitted) >= one.waiver.number, (one.rule.code, unit)


def test_no_hand_off_asks_again_what_a_waiver_let_pass() -> None:
    pack, seen = read_pack("cn-2016"), reference.facts(reference.with_faults())
    waived = set()
    for fault in reference.listed():
        check = pack.check(fault.check)
        if check and check.waiver:
            stage = Stage(fault.stage)
            found = validate(stage, handoff_frame(stage, seen.within(fault.units)))
            assert set(found["unit"]) == set(fault.units)
            assert set(found["status"]) == {"pass"}, fault.check
            waived.add(fault.check)
    assert waived == {
        one.rule.code for checks in pack.checks.values() for one in checks if one.waiver
    }
