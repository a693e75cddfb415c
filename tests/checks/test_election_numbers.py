"""Every small number, against the articles written out in plain Python: quorum, bounds, winners."""

from fractions import Fraction
from itertools import product

import pandas as pd
import pytest

from schemas.vocabulary import CHIEF_POSTS
from tasks.checks.election_result import fewest_candidates, most_candidates
from tasks.checks.election_votes import needed
from tasks.checks.tally import elect

VICE_POSTS = ("vice-chair", "deputy-head")


@pytest.mark.parametrize(
    ("share", "inclusive"),
    [
        (Fraction(2, 3), True),
        (Fraction(2, 3), False),
        (Fraction(1, 2), True),
        (Fraction(1, 2), False),
    ],
)
def test_how_many_make_a_quorum(share: Fraction, inclusive: bool) -> None:
    """地方组织法 art. 14: 三分之二以上 has the number itself; 超过半数 is more than half."""
    members = range(1, 121)
    rows = pd.DataFrame(
        {
            "members": pd.array(members, dtype="Int64"),
            "quorum_numerator": pd.array([share.numerator] * len(members), dtype="Int64"),
            "quorum_denominator": pd.array([share.denominator] * len(members), dtype="Int64"),
            "quorum_inclusive": pd.array([inclusive] * len(members), dtype="boolean"),
        }
    )
    for everybody, least in zip(members, needed(rows).tolist(), strict=True):
        enough = [
            present
            for present in range(everybody + 2)
            if present > share * everybody or (inclusive and present == share * everybody)
        ]
        assert least == enough[0], everybody


def test_parts_of_nothing_are_no_quorum() -> None:
    rows = pd.DataFrame(
        {"members": [120], "quorum_numerator": [2], "quorum_denominator": [0]}, dtype="Int64"
    )
    for inclusive in (True, False):
        rows["quorum_inclusive"] = pd.array([inclusive], dtype="boolean")
        assert needed(rows).isna().all()


@pytest.mark.parametrize("kind", [*sorted(CHIEF_POSTS), *VICE_POSTS, "member"])
def test_how_many_may_stand_in_a_further_election(kind: str) -> None:
    """地方组织法 art. 27, 29: chiefs one more or equal, vice posts 1 to 3, members 1/10 to 1/5."""
    seats = pd.Series(range(1, 80), dtype="Int64")
    kinds = pd.Series([kind] * len(seats), dtype="str")
    least, most = fewest_candidates(seats, kinds), most_candidates(seats, kinds)
    for open_seats, fewest, highest in zip(seats, least, most, strict=True):
        more = range(open_seats * 2 + 4)
        if kind in CHIEF_POSTS:
            lawful = [0, 1]
        elif kind in VICE_POSTS:
            lawful = [1, 2, 3]
        else:
            lawful = [n for n in more if open_seats <= 10 * n and 5 * n <= open_seats]
            # Of fewer than five seats no whole number lies between: one more, for there must be a
            # choice.
            lawful = lawful or [1]
        assert list(range(fewest, highest + 1)) == [open_seats + n for n in lawful]


def test_who_is_elected_of_three_by_every_small_vote() -> None:
    """地方组织法 art. 25, 29: more than half of all, most votes first; cut ties elect none."""
    members, most = 7, 7
    cases = list(product(range(most + 1), range(most + 1), range(most + 1), (1, 2)))
    rows = [
        (f"p{number}", 1, name, count, members, seats, False, False)
        for number, (*counts, seats) in enumerate(cases)
        for name, count in zip("abc", counts, strict=True)
    ]
    columns = ["post", "round", "candidate", "votes", "members", "seats", "tie_break", "struck_off"]
    votes = pd.DataFrame(rows, columns=columns)
    found = elect(votes)
    elected = found[found["elected"]].groupby("post")["candidate"].agg(set).to_dict()
    tied = found[found["tied"]].groupby("post")["candidate"].agg(set).to_dict()
    for number, (*counts, seats) in enumerate(cases):
        accepted = {
            name: count for name, count in zip("abc", counts, strict=True) if count * 2 > members
        }
        sure = {
            name
            for name, count in accepted.items()
            if sum(other >= count for other in accepted.values()) <= seats
        }
        out = {
            name
            for name, count in accepted.items()
            if sum(other > count for other in accepted.values()) >= seats
        }
        assert elected.get(f"p{number}", set()) == sure
        assert tied.get(f"p{number}", set()) == accepted.keys() - sure - out
