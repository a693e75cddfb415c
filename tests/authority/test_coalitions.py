"""Nobody opens a gate alone, nor one organ: searched over every pack's tables, and findable."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from data.policies import bundled, read_pack
from schemas.authority import KINDS_OF_UNIT, Deliverers, Within
from schemas.policy import Pack, parse_pack
from schemas.registers import REGISTERS
from schemas.text import Text
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage
from tasks import coalitions
from tasks.coalitions import Opening, Person
from tests.authority.rows_packs import weaker
from tests.support import cycle

TOWN = (Stage.PLAN, Level.TOWNSHIP, Body.CONGRESS)


def opening(pack: Pack) -> Opening:
    """Who opens the plan of a township's congress."""
    found = coalitions.Gate(pack, *TOWN)
    return found.opening


def less(adopters: tuple[Organ, ...] = ()) -> Pack:
    """Our pack, whose plan one organ signs, and which some may change."""
    return replace(parse_pack(weaker(), "less.toml"), adopters=adopters)


@pytest.mark.parametrize("name", bundled())
def test_no_gate_of_ours_is_opened_by_one_person_or_one_organ(name: str) -> None:
    found = list(coalitions.coalitions(read_pack(name)))
    asked = [(one.stage, (one.level, one.body)) for one in found]
    assert asked == [(stage, kind) for stage in STAGES for kind in KINDS_OF_UNIT]
    for one in found:
        assert one.alone is None
        for some in (one.by_pack, one.by_adoption):
            assert some is not None
            assert len(some.people) >= 2
            assert some.organs >= 2
        # What the pack itself asks for is not got round by fewer than it says must sign.
        assert one.by_pack is not None
        assert len(one.by_pack.people) >= 3


def test_two_organs_that_the_pack_names_adopt_another_and_open_by_it() -> None:
    found = opening(read_pack(cycle.PACK))
    assert found.by_adoption is not None
    assert {one.organ for one in found.by_adoption.people} <= {*read_pack(cycle.PACK).adopters}
    # Above a township stands somebody, and nobody below adopts anything.
    assert all(one.above for one in found.by_adoption.people)


def test_where_nobody_adopts_only_the_pack_itself_is_left() -> None:
    found = opening(replace(read_pack(cycle.PACK), adopters=()))
    assert found.by_adoption is None
    assert found.by_pack is not None


def test_who_delivers_does_not_sign_and_who_is_who_takes_another_organ() -> None:
    found = opening(less())
    assert found.by_pack is not None
    assert len(found.by_pack.people) >= 3
    assert found.by_pack.organs >= 2
    assert found.alone is None


def test_one_organ_is_found_where_nobody_confirms() -> None:
    """The search is no sham: without the rule of who is who, a department opens it by itself."""
    with patch.object(coalitions, "WHO_IS_WHO", frozenset()):
        found = opening(less())
    assert found.alone is Organ.ORGANISATION
    assert found.by_pack is not None
    assert (len(found.by_pack.people), found.by_pack.organs) == (2, 1)


def test_one_person_is_found_where_nobody_needs_to_sign_apart() -> None:
    gate = coalitions.Gate(read_pack(cycle.PACK), *TOWN)
    alone = Person(Organ.ORGANISATION, above=True)
    assert not gate.opens([alone])
    gate.required = ()
    with patch.object(coalitions, "WHO_IS_WHO", frozenset()):
        assert gate.opens([alone])


def test_officers_are_invented_by_three_people_and_by_no_two() -> None:
    gate = coalitions.Gate(read_pack(cycle.PACK), *TOWN)
    department = Person(Organ.ORGANISATION, above=True)
    commission = Person(Organ.DISCIPLINE, above=True)
    front = Person(Organ.UNITED_FRONT, above=True)
    assert gate.invented([department, commission]) == set()
    assert gate.invented([department, department, department]) == set()
    # Nobody vouches whom the pack does not name.
    assert gate.invented([department, commission, Person(Organ.AUDIT_OFFICE, above=True)]) == set()
    made = gate.invented([department, commission, front])
    assert {one.organ for one in made} == {*Organ}
    # An officer below vouches for nobody above.
    low = [Person(one.organ, above=False) for one in (department, commission, front)]
    assert not any(one.above for one in gate.invented(low))


def test_whoever_may_deliver_anything_needs_others_all_the_same() -> None:
    everybody = Deliverers((*Organ,), (*REGISTERS,), Within.ANYWHERE, Text("试", "test"))
    found = opening(replace(read_pack(cycle.PACK), deliverers=(everybody,), adopters=()))
    assert found.alone is None
    assert found.by_pack is not None
    assert len(found.by_pack.people) >= 3
