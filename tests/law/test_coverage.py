"""Every article of every check has a lawful and a breaking case."""

from tests.law.base import PACKS
from tests.law.cases import GATES, checks_of, runs
from tests.law.coverage import TABLE, bases, missing, table


def test_every_check_of_the_packs_says_on_which_articles_it_rests() -> None:
    checks = {one.rule.code for pack in PACKS for gate in GATES for one in checks_of(pack, gate)}
    assert set(bases()) == checks


def test_no_article_of_a_check_lacks_a_lawful_or_a_breaking_case() -> None:
    assert list(missing()) == []


def test_the_corpora_are_as_large_as_was_asked_for() -> None:
    for lawful in (True, False):
        assert len({case.id for case, _ in runs(lawful=lawful)}) >= 120


def test_the_table_is_that_of_the_corpora() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "python -m tests.law"
