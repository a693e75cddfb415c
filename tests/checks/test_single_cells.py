"""Every single error of the count sheets of ten contests is caught, but for what is listed."""

from pathlib import Path

import pytest

from tests.checks.single_cells import (
    CONTESTS,
    ERRORS,
    ROW_ERRORS,
    SHEETS,
    UNSEEN,
    Variant,
    classes_of,
    closed,
    errors,
    lawful,
    setting,
    uncaught,
)
from tests.support.marks import long_but
from tests.support.tree import ROOT

# Papers to the last, halls, and a void vote: with them every sheet and every class.
EVERY_TIME = ("papers-to-the-last", "two-halls", "void-and-repeated")
BY_ID = {one.id: one for one in CONTESTS}


def test_the_contests_are_lawful_as_they_are() -> None:
    for contest in CONTESTS:
        assert closed([Variant(contest, setting(contest), 1000, lawful(contest))]) == set()


@pytest.mark.parametrize("name", long_but(EVERY_TIME, BY_ID))
def test_every_single_error_is_caught(name: str, tmp_path: Path) -> None:
    contest = BY_ID[name]
    tried = list(errors(contest))
    assert {one.kind for one in tried} <= {*ERRORS, *ROW_ERRORS}
    assert len(tried) > 80
    left = uncaught(contest, tmp_path, tried)
    rows = lawful(contest)
    assert [one for one in left if not classes_of(one, rows[one.sheet][one.row])] == []


def test_each_class_is_one_that_is_not_caught(tmp_path: Path) -> None:
    met: set[str] = set()
    for name in EVERY_TIME:
        contest, rows = BY_ID[name], lawful(BY_ID[name])
        tried = [one for one in errors(contest) if classes_of(one, rows[one.sheet][one.row])]
        for one in uncaught(contest, tmp_path, tried):
            met.update(classes_of(one, rows[one.sheet][one.row]))
    assert met == {one.name for one in UNSEEN}


def test_all_sheets_and_errors_are_among_what_is_tried() -> None:
    every = [error for contest in CONTESTS for error in errors(contest)]
    assert {one.sheet for one in every} == set(SHEETS)
    assert {one.kind for one in every} == {*ERRORS, *ROW_ERRORS}
    assert len(CONTESTS) == 10
    assert len(every) > 2_000


def test_the_trials_page_lists_the_classes() -> None:
    page = (ROOT / "docs" / "trials.md").read_text(encoding="utf-8")
    for one in UNSEEN:
        assert f"`{one.name}`" in page
        assert one.why.en.split(":", maxsplit=1)[0][:40] in page.replace("\n", " ")
