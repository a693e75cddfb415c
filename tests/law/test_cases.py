"""The corpora themselves: well formed, grounded, complete, and told together as each alone."""

from collections import Counter

import pytest

from schemas.registers import REGISTERS
from schemas.rules.catalogue import RULES
from tests.law.articles import cited, in_force
from tests.law.base import LEVELS, PACKS, pack_of
from tests.law.cases import answers, cases, closed_by, runs, runs_of

EVERY = [*cases(lawful=True), *cases(lawful=False)]


def test_no_two_cases_have_the_same_id() -> None:
    assert [name for name, times in Counter(case.id for case in EVERY).items() if times > 1] == []


def test_a_case_says_in_both_languages_what_it_is_and_by_which_article() -> None:
    for case in EVERY:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in case.given["zh"]), case.id
        assert case.given["en"].isascii() or case.given["facts"], case.id
        assert set(case.packs) <= set(PACKS), case.id
        assert case.articles, case.id
        assert case.checks <= RULES.keys(), case.id
        assert bool(case.checks) != bool(case.needs), f"{case.id}: looked at by what, or needs what"


def test_every_article_was_in_force_in_the_cycle_of_the_case() -> None:
    for case in EVERY:
        for pack in case.packs:
            assert all(cited(article, pack) for article in case.articles)
            # What exempts from a later rule is that it was not in force.
            held = [in_force(article, pack) for article in case.articles]
            assert case.lawful or any(held), (case.id, pack)


def test_what_a_case_needs_is_in_no_register_yet() -> None:
    for case in EVERY:
        for needed in case.needs:
            register, _, column = needed.partition(".")
            exists = register in REGISTERS and (not column or column in REGISTERS[register].column)
            assert not exists, f"{needed} is there now: encode {case.id}"


def test_every_situation_that_was_given_is_there() -> None:
    given = [case for case in EVERY if "facts" in case.given]
    assert Counter(case.lawful for case in given) == {True: 50, False: 51}


def test_all_levels_and_bodies_of_both_cycles_stand_in_both_corpora() -> None:
    for lawful in (True, False):
        met = {(case.given["unit"], pack) for case, pack in runs(lawful=lawful)}
        units = {f"{level} {body}" for level in LEVELS for body in ("congress", "government")}
        units |= {"city cppcc", "county cppcc"}
        assert {(unit, pack) for unit in units for pack in PACKS} <= met


@pytest.mark.parametrize("lawful", [True, False])
def test_a_case_alone_is_told_as_among_the_others(lawful: bool) -> None:
    # A few: each alone takes a good part of what all together do.
    for case, pack in list(runs(lawful=lawful))[7::200]:
        alone = closed_by(runs_of([(case, pack)]))[case.id, pack]
        among = {
            one for one in answers(lawful=lawful)[case.id, pack] if "hand-off" not in one.check
        }
        assert alone == among


def test_the_packs_are_those_of_the_cycles() -> None:
    assert {pack_of(pack).name for pack in PACKS} == set(PACKS)
