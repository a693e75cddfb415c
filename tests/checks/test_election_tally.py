"""The tally: the vectors of the domain, and the algorithm word by word in plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.checks.tally import elect
from tests.support.marks import of_all

Votes = Mapping[str, int]


@dataclass
class Outcome:
    """Who is elected by a vote, and who must be voted on again."""

    elected: set[str]
    tied: set[str]


def plainly(votes: Votes, seats: int, base: int, tied_before: set[str] | None = None) -> Outcome:
    """One vote as the algorithm is written down; among the tied the most votes suffice.

    Among the tied: one of them who is left alone is not voted on among others (art. 25 holds).
    """
    pool = [candidate for candidate in votes if 2 * votes[candidate] > base]
    if tied_before is not None:
        among = [candidate for candidate in votes if candidate in tied_before]
        pool = among if len(among) > 1 else [name for name in pool if name in tied_before]
    pool.sort(key=lambda candidate: votes[candidate], reverse=True)
    if seats <= 0:
        return Outcome(set(), set())
    if len(pool) <= seats:
        return Outcome(set(pool), set())
    cut = votes[pool[seats - 1]]
    if cut > votes[pool[seats]]:
        return Outcome(set(pool[:seats]), set())
    return Outcome(
        {candidate for candidate in pool if votes[candidate] > cut},
        {candidate for candidate in pool if votes[candidate] == cut},
    )


def plainly_all(rounds: list[tuple[bool, Votes]], seats: int, base: int) -> list[Outcome]:
    """All votes on a post in their order; each is (tie-break, votes)."""
    outcomes: list[Outcome] = []
    winners: set[str] = set()
    tied: set[str] = set()
    for tie_break, votes in rounds:
        standing = {name: number for name, number in votes.items() if name not in winners}
        last = tied if tie_break else None
        outcome = plainly(standing, seats - len(winners), base, last)
        winners |= outcome.elected
        tied = outcome.tied
        outcomes.append(outcome)
    return outcomes


def frame(
    post: str,
    rounds: list[tuple[bool, Votes]],
    seats: int,
    base: int,
    struck_off: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    rows = [
        (post, number, candidate, votes, base, seats, tie_break, candidate in struck_off)
        for number, (tie_break, counted) in enumerate(rounds, start=1)
        for candidate, votes in counted.items()
    ]
    columns = ["post", "round", "candidate", "votes", "members", "seats", "tie_break"]
    columns += ["struck_off"]
    whole = dict.fromkeys(("round", "votes", "members", "seats"), "Int64")
    return pd.DataFrame(rows, columns=columns).astype({**whole, "post": "str", "candidate": "str"})


def outcomes_of(found: pd.DataFrame, post: str, rounds: int) -> list[Outcome]:
    of_post = found[found["post"] == post]
    return [
        Outcome(
            set(of_post.loc[(of_post["round"] == number) & of_post["elected"], "candidate"]),
            set(of_post.loc[(of_post["round"] == number) & of_post["tied"], "candidate"]),
        )
        for number in range(1, rounds + 1)
    ]


@pytest.mark.parametrize(
    ("members", "votes", "elected"),
    [(265, 132, False), (265, 133, True), (266, 133, False), (266, 134, True), (0, 0, False)],
)
def test_more_than_half_of_all_members(members: int, votes: int, elected: bool) -> None:
    found = elect(frame("p", [(False, {"a": votes})], 1, members))
    assert found["elected"].tolist() == [elected]


@pytest.mark.parametrize(
    ("votes", "seats", "elected", "tied"),
    [
        ({"a": 150, "b": 120, "c": 60}, 2, {"a", "b"}, set()),
        ({"a": 150, "b": 60, "c": 60}, 2, {"a"}, set()),
        ({"a": 150, "b": 120, "c": 100}, 2, {"a", "b"}, set()),
        ({"a": 120, "b": 120, "c": 100}, 2, {"a", "b"}, set()),
        ({"a": 150, "b": 120, "c": 120}, 2, {"a"}, {"b", "c"}),
        ({"a": 120, "b": 120, "c": 120}, 2, set(), {"a", "b", "c"}),
        ({"a": 150, "b": 120, "c": 120}, 3, {"a", "b", "c"}, set()),
        ({"a": 91}, 1, {"a"}, set()),
        ({"a": 90}, 1, set(), set()),
        ({"a": 180, "b": 170}, 0, set(), set()),
    ],
)
def test_one_vote(votes: Votes, seats: int, elected: set[str], tied: set[str]) -> None:
    found = outcomes_of(elect(frame("p", [(False, votes)], seats, 180)), "p", 1)
    assert found == [Outcome(elected, tied)] == plainly_all([(False, votes)], seats, 180)


def test_among_the_tied_the_most_votes_suffice() -> None:
    rounds: list[tuple[bool, Votes]] = [
        (False, {"a": 120, "b": 120, "c": 80}),
        (True, {"a": 80, "b": 60, "c": 170}),
    ]
    found = outcomes_of(elect(frame("p", rounds, 1, 180)), "p", 2)
    assert found == [Outcome(set(), {"a", "b"}), Outcome({"a"}, set())]


def test_a_further_election_needs_the_majority_again() -> None:
    rounds: list[tuple[bool, Votes]] = [
        (False, {"a": 120, "b": 80}),
        (False, {"b": 90, "c": 70}),
        (False, {"b": 91, "a": 150}),
    ]
    found = outcomes_of(elect(frame("p", rounds, 2, 180)), "p", 3)
    assert [outcome.elected for outcome in found] == [{"a"}, set(), {"b"}]


def test_no_votes_elect_nobody() -> None:
    assert elect(frame("p", [], 1, 180))["elected"].tolist() == []


names = st.sampled_from(["a", "b", "c", "d", "e"])
counts = st.dictionaries(names, st.integers(0, 12), max_size=5)
posts = st.tuples(
    st.lists(st.tuples(st.booleans(), counts), max_size=4), st.integers(0, 4), st.integers(0, 12)
)


@pytest.mark.reduced("what is tried is drawn by lot")
@settings(max_examples=of_all(8, 50))
@given(st.lists(posts, min_size=1, max_size=5))
def test_all_posts_at_once_as_each_by_itself(
    chosen: list[tuple[list[tuple[bool, Votes]], int, int]],
) -> None:
    # A vote without any votes leaves no rows, so that nothing is known of it.
    held = [([one for one in rounds if one[1]], seats, base) for rounds, seats, base in chosen]
    frames = [frame(f"p{n}", *post) for n, post in enumerate(held)]
    found = elect(pd.concat(frames, ignore_index=True).sample(frac=1, random_state=1))
    for number, (rounds, seats, base) in enumerate(held):
        expected = plainly_all(rounds, seats, base)
        assert outcomes_of(found, f"p{number}", len(rounds)) == expected
