"""Every planted fault closes its own units' gate with its own finding, until it is mended."""

from collections import Counter
from functools import cache

import pytest

from schemas.rules.base import registers_of
from schemas.rules.catalogue import RULES
from schemas.vocabulary import STAGES, Body, Stage
from tests.generator import Fault, Row, Size, faults, generate
from tests.generator.faults.fault import mended, plant
from tests.support import reference
from tests.support.reference import CITY, TODAY, Closed, waits_for_its_session

FAULTS = reference.listed()


@cache
def found_in_book() -> Closed:
    found = reference.all_closed(reference.with_faults)
    return {key: value for key, value in found.items() if not waits_for_its_session(key, value)}


def test_the_clean_cycle_passes_every_check_but_the_citys_vote() -> None:
    found = reference.all_closed(reference.clean)
    assert [item for item in found.items() if not waits_for_its_session(*item)] == []
    assert {key[1] for key in found} == {f"{CITY}{body}" for body in Body}


@pytest.mark.long
def test_ten_years_later_the_answer_is_the_same() -> None:
    book = reference.with_faults
    assert reference.all_closed(book, TODAY) == reference.all_closed(book)


def test_every_check_of_the_pack_has_a_fault() -> None:
    assert {fault.check for fault in FAULTS} == {one.rule.code for one in reference.checks()}


def test_there_are_faults_of_both_kinds_at_every_stage() -> None:
    kinds = Counter((fault.stage, fault.status) for fault in FAULTS)
    assert {stage for stage, status in kinds if status == "fail"} == set(STAGES)
    assert {stage for stage, status in kinds if status == "missing"} >= set(STAGES[:4])


def test_no_two_faults_share_a_gate_and_none_is_in_the_city() -> None:
    gates = Counter((unit, fault.stage) for fault in FAULTS for unit in fault.units)
    assert [gate for gate, times in gates.items() if times > 1] == []
    assert [unit for unit, _ in gates if unit.startswith(CITY)] == []


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.id}-{fault.check}" for fault in FAULTS])
def test_a_fault_gives_its_finding_and_the_mend_takes_it_away(fault: Fault) -> None:
    expected = {
        (fault.check, unit, fault.subject): (fault.status, fault.reason) for unit in fault.units
    }
    at_stage = {
        key: value
        for key, value in found_in_book().items()
        if key[1] in fault.units and key[0].startswith(f"{fault.stage}.")
    }
    assert at_stage == expected
    assert fault.reason in RULES[fault.check].reasons

    check = next(one for one in reference.checks() if one.rule.code == fault.check)
    rows = {name: reference.with_faults()[name] for name in reference.needed_by(check)}
    rows = mended(rows, [fault])
    assert reference.closed(check, reference.facts(rows).within(fault.units)) == {}


def test_a_fault_closes_nothing_else() -> None:
    """Whatever else is found concerns the fault's own units at a later stage."""
    first: dict[str, int] = {}
    for fault in FAULTS:
        for unit in fault.units:
            at = STAGES.index(Stage(fault.stage))
            first[unit] = min(at, first.get(unit, at))
    for check, unit, _ in found_in_book():
        at = STAGES.index(Stage(check.partition(".")[0]))
        assert at >= first[unit], (check, unit)


def test_after_all_mends_only_the_city_waits() -> None:
    """Checks read registers alone, so only those of registers that differ are run again."""
    made, clean = reference.after_mends(), reference.clean()
    differ = {name for name in clean if _as_set(made[name]) != _as_set(clean[name])}
    seen = reference.facts(made)
    again = [one for one in reference.checks() if differ & registers_of(one.reads)]
    assert again
    found = {key: value for one in again for key, value in reference.closed(one, seen).items()}
    assert [item for item in found.items() if not waits_for_its_session(*item)] == []


def _as_set(rows: list[Row]) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in rows}


def test_mends_give_back_the_clean_cycle_but_where_they_say_otherwise() -> None:
    """A mend may tell a later truth (a case that was closed since), never lose or add a row."""
    for name, rows in reference.clean().items():
        assert len(reference.after_mends()[name]) == len(rows), name


def test_faults_can_be_planted_one_by_one() -> None:
    for fault in FAULTS[:3]:
        edited = plant(reference.clean(), [fault])
        changed = [name for name in edited if edited[name] != reference.clean()[name]]
        assert changed == [fault.register]


def test_faults_do_not_depend_on_the_seed() -> None:
    other = faults(generate(Size(seed=7)))
    assert [(one.check, one.units, one.reason) for one in other] == [
        (one.check, one.units, one.reason) for one in FAULTS
    ]


def test_what_is_withdrawn_is_named_by_its_key() -> None:
    withdrawn = {fault.check: fault for fault in FAULTS if fault.withdraw}
    assert set(withdrawn) == {"plan.posts", "result.scrutineers"}
    assert list(withdrawn["result.scrutineers"].mend[0]) == ["unit", "person"]
