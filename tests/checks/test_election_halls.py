"""Votes counted in parts: however they are divided they pass, and no cell can be otherwise."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.decisions import CLOSING
from tests.support.inspection_election import arguments, facts, findings, verdict
from tests.support.inspection_election_book import (
    DEPUTIES,
    UNIT,
    VALID,
    Change,
    Row,
    add,
    changed,
    put,
)
from tests.support.marks import of_all

HALLS, SIGNS = "result.halls", "result.signs"
VOTE: Row = {"unit": UNIT, "post": DEPUTIES, "round": 1}
MARKS = ("in_favour", "against", "abstained")
PAPERS = ("issued", "returned", "not_returned", "valid", "void")
# Issued 172, returned 171, valid 170, in three halls; all sums were made by hand.
SPLIT = ((72, 71, 1, 70, 1), (60, 60, 0, 60, 0), (40, 40, 0, 40, 0))


def candidates() -> list[tuple[str, int, int]]:
    """Who was counted for the post, with votes in favour and against."""
    rows = [row for row in changed()["tallies"] if row["post"] == DEPUTIES]
    first = [row for row in rows if (row["round"], row["role"]) == (1, "first")]
    return [
        (str(row["candidate"]), int(str(row["in_favour"])), int(str(row["against"])))
        for row in first
    ]


def divided(turns: Iterable[int]) -> list[Change]:
    """Three halls; the papers of each candidate were mixed by `turns` before they were divided."""
    made: list[Change] = []
    for number, papers in enumerate(SPLIT, start=1):
        hall = dict(zip(PAPERS, papers, strict=True))
        made.append(add("halls", **VOTE, hall=f"h-{number}", kind="hall", **hall))
    for (name, favour, against), turn in zip(candidates(), turns, strict=True):
        pile = ["in_favour"] * favour + ["against"] * against
        pile = pile[turn % VALID :] + pile[: turn % VALID]
        for number, papers in enumerate(SPLIT, start=1):
            own, pile = pile[: papers[3]], pile[papers[3] :]
            marks = {mark: own.count(mark) for mark in MARKS}
            line = {**VOTE, "hall": f"h-{number}", "candidate": name, **marks}
            made += [add("hall_tallies", **line, role=role) for role in ("first", "second")]
    return made


def closing(*changes: Change) -> set[str]:
    """The subjects that close the unit's gate."""
    found = findings(HALLS, facts(changed(*changes)))
    return set(found.loc[(found["unit"] == UNIT) & found["status"].isin(CLOSING), "subject"])


NUMBER = len(candidates())
TURNS = st.lists(st.integers(0, VALID - 1), min_size=NUMBER, max_size=NUMBER)
CELLS = [("halls", {"hall": f"h-{hall}"}, name) for hall in (1, 2, 3) for name in PAPERS] + [
    ("hall_tallies", {"hall": f"h-{hall}", "candidate": name, "role": role}, mark)
    for hall in (1, 2, 3)
    for name, *_ in candidates()
    for role in ("first", "second")
    for mark in MARKS
]


@given(TURNS)
@pytest.mark.reduced("what is tried is drawn by lot")
@settings(max_examples=of_all(5, 30))
def test_a_vote_may_be_divided_in_any_way(turns: list[int]) -> None:
    assert closing(*divided(turns)) == set()


@given(TURNS, st.sampled_from(CELLS), st.integers(1, 50))
@pytest.mark.reduced("what is tried is drawn by lot")
@settings(max_examples=of_all(12, 80))
def test_no_cell_of_a_part_can_be_otherwise(
    turns: list[int], cell: tuple[str, Row, str], more: int
) -> None:
    register, where, column = cell
    rows = [row for row in changed(*divided(turns))[register] if where.items() <= row.items()]
    (row,) = rows
    told = closing(*divided(turns), put(register, where, **{column: int(str(row[column])) + more}))
    assert told
    # The finding names the vote, and the hall or the candidate.
    assert all(one.startswith(f"{DEPUTIES}/1/") for one in told)


def line(hall: int, role: str, **marks: int) -> Change:
    return put("hall_tallies", {"hall": f"h-{hall}", "candidate": "c-a", "role": role}, **marks)


PLAIN = divided([0] * NUMBER)
H1 = f"{DEPUTIES}/1/h-1"


@pytest.mark.parametrize(
    ("subject", "changes", "expected"),
    [
        (UNIT, [], "not_applicable counted-whole"),
        (H1, PLAIN, "pass"),
        (f"{DEPUTIES}/1/issued", PLAIN, "pass"),
        (f"{H1}/c-a/first", PLAIN, "pass"),
        (f"{DEPUTIES}/1/c-a/first/in-favour", PLAIN, "pass"),
        (H1, [*PLAIN, put("halls", {"hall": "h-1"}, not_returned=0)], "fail papers-lost"),
        (H1, [*PLAIN, put("halls", {"hall": "h-1"}, void=0)], "fail papers-uncounted"),
        (H1, [*PLAIN, put("halls", {"hall": "h-1"}, kind="sheet")], "fail added-twice"),
        (H1, [*PLAIN, put("halls", VOTE, kind="sheet")], "pass"),
        # What no part states is no part's to add up.
        *(
            (H1, [*PLAIN, put("halls", VOTE, **{papers: None})], "pass")
            for papers in ("issued", "returned", "not_returned", "void")
        ),
        (H1, [*PLAIN, put("halls", {"hall": "h-1"}, kind="mobile-box")], "fail few-scrutineers"),
        (
            H1,
            [*PLAIN, put("halls", {"hall": "h-1"}, kind="mobile-box", scrutineers=1)],
            "fail few-scrutineers",
        ),
        (H1, [*PLAIN, put("halls", {"hall": "h-1"}, kind="mobile-box", scrutineers=2)], "pass"),
        (H1, [*PLAIN, put("ballots", {"post": DEPUTIES}, annulled=True)],
         "not_applicable declared-void"),
        (H1, [*PLAIN, put("halls", {"hall": "h-1"}, round=2)], None),
        (
            f"{DEPUTIES}/1/not-returned",
            [*PLAIN, put("halls", {"hall": "h-2"}, not_returned=None)],
            "missing not-stated",
        ),
        (f"{DEPUTIES}/1/issued", [*PLAIN, put("halls", {"hall": "h-2"}, issued=61)],
         "fail papers-differ"),
        (f"{DEPUTIES}/2/h-1", [*PLAIN, put("halls", {"hall": "h-1"}, round=2)], "fail no-ballot"),
        (f"{H1}/c-a/second", [*PLAIN, line(1, "second", in_favour=69)], "fail counts-differ"),
        (
            f"{H1}/c-a/first",
            [*PLAIN, *(line(1, role, in_favour=69) for role in ("first", "second"))],
            "fail not-all-papers",
        ),
        (f"{H1}/c-x/first", [*PLAIN, add("hall_tallies", **VOTE, hall="h-1", candidate="c-x",
                                         role="first", in_favour=1, against=0, abstained=0)],
         "fail no-total"),
    ],
)  # fmt: skip
def test_what_is_found_of_parts(subject: str, changes: list[Change], expected: str | None) -> None:
    if expected is None:
        with pytest.raises(AssertionError, match="has findings on"):
            verdict(HALLS, subject, changes)
    else:
        assert verdict(HALLS, subject, changes) == expected


def test_the_finding_says_what_is_stated_and_what_the_halls_come_to() -> None:
    told = arguments(HALLS, f"{DEPUTIES}/1/issued", *PLAIN,
                     put("halls", {"hall": "h-2"}, issued=61))  # fmt: skip
    assert told == {"papers": "issued", "stated": 172, "total": 173}
    name, favour, _ = candidates()[0]
    told = arguments(
        HALLS,
        f"{DEPUTIES}/1/{name}/first/in-favour",
        *PLAIN,
        put("tallies", {"post": DEPUTIES, "candidate": name}, in_favour=favour - 1),
    )
    assert told == {"mark": "in-favour", "stated": favour - 1, "total": favour}  # fmt: skip


def test_the_finding_says_which_count_has_which_number() -> None:
    told = arguments(HALLS, f"{H1}/c-a/second", *PLAIN, line(1, "second", in_favour=69))
    assert told == {"mark": "in-favour", "first": 70, "second": 69}


def test_a_name_that_was_written_in_has_the_votes_of_the_halls_and_no_other() -> None:
    once = {"in_favour": 1, "against": 0, "abstained": 0}
    whole = [add("tallies", **VOTE, candidate="c-x", role=role, officer="o-1", **once)
             for role in ("first", "second")]  # fmt: skip
    subject = f"{DEPUTIES}/1/c-x/first"
    told = arguments(HALLS, f"{subject}/in-favour", *PLAIN, *whole)
    assert told == {"mark": "in-favour", "stated": 1, "total": 0}
    assert verdict(HALLS, f"{subject}/against", [*PLAIN, *whole]) == "pass"


def test_a_mobile_box_with_which_nobody_is_known_to_have_gone_had_none() -> None:
    told = arguments(HALLS, H1, *PLAIN, put("halls", {"hall": "h-1"}, kind="mobile-box"))
    assert told == {"number": 0}


SIGN = {"circle": "in-favour", "cross": "against", "none": "abstained"}


@pytest.mark.parametrize(
    ("unit", "given_signs", "abstained", "expected"),
    [
        (UNIT, ("circle", "cross", "none"), 0, "pass"),
        (UNIT, ("circle", "cross"), 0, "fail no-sign"),
        ("640302-cppcc", ("circle", "cross"), 0, "pass"),
        ("640302-cppcc", ("circle", "cross"), 1, "fail counted-without-sign"),
    ],
)
def test_every_mark_has_a_sign(
    unit: str, given_signs: tuple[str, ...], abstained: int, expected: str
) -> None:
    changes = [add("signs", unit=unit, sign=one, meaning=SIGN[one]) for one in given_signs]
    changes.append(put("tallies", {"unit": unit}, abstained=abstained))
    assert verdict(SIGNS, f"{unit}/abstained", changes, unit=unit) == expected
    assert verdict(SIGNS, UNIT if unit != UNIT else "640302-cppcc", changes,
                   unit=UNIT if unit != UNIT else "640302-cppcc") == (
        "not_applicable not-recorded"
    )  # fmt: skip


def test_a_mark_without_a_sign_may_not_be_counted_once_by_one_of_two() -> None:
    unit = "640302-cppcc"
    one = next(row for row in changed()["tallies"] if row["unit"] == unit)
    where = {name: one[name] for name in ("post", "round", "candidate", "role")}
    changes = [add("signs", unit=unit, sign=sign, meaning=SIGN[sign])
               for sign in ("circle", "cross")]  # fmt: skip
    changes += [put("tallies", {"unit": unit}, abstained=0), put("tallies", where, abstained=1)]
    assert verdict(SIGNS, f"{unit}/abstained", changes, unit=unit) == "fail counted-without-sign"
