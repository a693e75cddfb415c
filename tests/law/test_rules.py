"""docs/rules.md: a check or a reason for each rule, a rule for each check, articles read."""

import re

import pytest

from tests.law.articles import basis
from tests.law.base import PACKS, pack_of
from tests.law.coverage import bases
from tests.law.rules import PAGE, left_out, missing_rules, packs_checks, page, surveyed, unread

# How many rules the survey has under each letter, and the five emphases of the source article.
SURVEY = {"D": 26, "V": 22, "O": 26, "Z": 11, "C": 30, "F": 6, "S": 17}
EMPHASES = ["早", "实", "广", "细", "严"]


def test_every_rule_of_the_survey_has_its_line() -> None:
    numbered = [f"{letter}-{number:02}" for letter, most in SURVEY.items()
                for number in range(1, most + 1)]  # fmt: skip
    assert [rule.name for rule in surveyed()] == [*EMPHASES, *numbered]
    assert all(rule.asks.zh and rule.asks.en and rule.articles for rule in surveyed())


def test_every_rule_has_a_check_or_a_reason_and_every_check_a_rule() -> None:
    assert missing_rules() == []
    named = {code for rule in surveyed() for code in rule.checks}
    assert named == set(packs_checks())


def test_what_is_left_out_is_of_the_survey_and_no_reason_is_given_twice() -> None:
    for pack in PACKS:
        assert set(left_out(pack)) <= {rule.name for rule in surveyed()}
        assert len(left_out(pack)) == len(pack_of(pack).left_out)


@pytest.mark.parametrize("pack", PACKS)
def test_no_reason_says_that_there_is_no_register_or_check_where_there_is_one(pack: str) -> None:
    held = {rule.name for rule in surveyed() if rule.checks}
    for name, reason in left_out(pack).items():
        if name in held:
            # A part is held to: the reason says which, or which part is not.
            assert re.search("已检查|只检查|没有|不|由|核对|登记|认定", reason.zh), name


def test_every_article_is_one_that_the_reference_has() -> None:
    assert unread() == []


@pytest.mark.parametrize("pack", PACKS)
def test_a_basis_is_that_of_the_packs_time(pack: str) -> None:
    for code, entries in packs_checks().items():
        entry = entries[PACKS.index(pack)]
        if entry is not None:
            assert entry.basis == basis(bases()[code], pack), code


def test_the_page_is_that_of_packs_and_corpora() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.law"
