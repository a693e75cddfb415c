"""Voters' votes for deputies: turnout, majority, ties, further elections (选举法 art. 44, 45).

Rules: a vote in which no more than half of the registered voters took part, or with more papers
than voters, elects nobody and is held again; what a valid vote leaves open goes to another: of
those tied at the cut, or of those who had most votes. A seat that a further election leaves open
may stay so. Of several further elections in a constituency the names of the first are looked at.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.direct_parameters import DirectVotesRule
from schemas.rules.direct_votes import DIRECT_VOTES
from schemas.vote_terms import VoteKind
from tasks.checks.direct import asked, by_voters, lawful_numbers, without_constituencies
from tasks.checks.judge import Judge, known
from tasks.checks.registry import check

TWO = 2


def votes_of(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """The votes of `units` in their order, with what each found open and left open."""
    rows = facts.direct_votes.drop(columns=["_home", "_unit"])
    whole = by_voters(facts, units)[["unit", "constituency", "seats"]]
    rows = rows.merge(whole.rename(columns={"seats": "all_seats"}), on="constituency")
    rows = rows.merge(facts.calendar[["unit", "election_day"]], on="unit", how="left")
    rows = rows.sort_values(["constituency", "round"], ignore_index=True)
    by = rows.groupby("constituency")
    rows["left"] = rows["all_seats"] - by["elected"].cumsum()
    rows["open"] = rows["left"] + rows["elected"]
    rows["next"] = by["kind"].shift(-1).astype("str")
    # Only a vote that is valid elects; one that is not decides nothing.
    rows["valid_vote"] = (rows["voted"] * TWO > rows["registered"]) & (
        rows["returned"] <= rows["voted"]
    )
    return rows


def judge_votes(rows: pd.DataFrame, units: pd.DataFrame, rule: DirectVotesRule) -> pd.DataFrame:
    """Each vote by itself: numbers, turnout, and who was elected by it."""
    subject = rows["constituency"] + "/" + rows["round"].astype("str")
    judge = Judge(rows.assign(subject=subject), units)
    day, election, kind = judge["voted_on"], judge["election_day"], judge["kind"]
    registered, people, returned = judge["registered"], judge["voted"], judge["returned"]
    valid, number, elected = judge["valid"], judge["seats"], judge["elected"]
    fewest, others = judge["fewest_elected"], judge["most_others"]
    some, first, further = elected > 0, kind == VoteKind.FIRST_VOTE, kind == VoteKind.FURTHER
    papers = valid if rule.valid_papers else returned

    judge.missing(election.isna(), "no-election-day")
    judge.fail(day < election, "before-election-day", voted=day, election=election)
    judge.fail(people > registered, "more-than-registered", people=people, registered=registered)
    judge.fail(valid > returned, "too-many-valid", valid=valid, returned=returned)
    judge.fail(number != judge["open"], "wrong-seats", seats=number, open=judge["open"])
    judge.fail(elected > number, "too-many-elected", seats=number, elected=elected)
    judge.fail(some & (returned > people), "too-many-papers", returned=returned, people=people)
    judge.fail(some & (people * TWO <= registered), "turnout", people=people, registered=registered)
    judge.missing(some & fewest.isna(), "votes-not-said")
    above = known(fewest > valid, unknown=False) | known(others > valid, unknown=False)
    judge.fail(above, "more-votes-than-papers", valid=valid)
    judge.fail(some & first & (fewest * TWO <= people), "no-majority", votes=fewest, people=people)
    judge.fail(some & further & (fewest * 3 < papers), "no-third", votes=fewest, papers=papers)
    beside = some & others.notna()
    judge.fail(beside & (fewest == others), "tied", votes=fewest)
    judge.fail(beside & (fewest < others), "outvoted", votes=fewest, others=others)
    passed_over = first & judge["valid_vote"] & (judge["left"] > 0)
    judge.fail(
        passed_over & known(others * TWO > people, unknown=False)
        & (judge["next"] != VoteKind.TIE_BREAK),
        "majority-passed-over",
        others=others,
    )  # fmt: skip
    return judge.judged()


def judge_outcome(facts: Facts, rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Each constituency has voted, and what is open has been put to a further election."""
    last = rows.drop_duplicates("constituency", keep="last")
    found = by_voters(facts, units).merge(
        last[["constituency", "kind", "left", "valid_vote"]],
        on="constituency",
        how="left",
        suffixes=("_", ""),
    )
    judge = Judge(found, units)
    settled = (judge["kind"] == VoteKind.FURTHER) & judge["valid_vote"]
    judge.missing(judge["left"].isna(), "no-vote")
    judge.missing((judge["left"] > 0) & ~settled, "seats-open", seats=judge["left"])
    return judge.judged()


def candidates_of(facts: Facts) -> pd.DataFrame:
    """Per constituency what its candidates on record make of a further election."""
    people = facts.deputy_candidates
    first = people[people["first_votes"].notna()]
    again = people[people["further"]]
    # Whoever was elected by a first vote is not among those who stand again.
    left = first[~first["further"] & ~first["elected"]]
    new = again[again["first_votes"].isna()].sort_values("deputy_candidate")
    by = "constituency"
    return pd.DataFrame(
        {
            "recorded": first[first["listed"]].groupby(by).size(),
            "candidates": again.groupby(by).size(),
            "new": new.groupby(by)["deputy_candidate"].first(),
            "least_again": again.groupby(by)["first_votes"].min(),
            "most_left": left.groupby(by)["first_votes"].max(),
        }
    ).reset_index(names=by)


def judge_further(facts: Facts, rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """A further election is of those who had most votes, and of a lawful number of them."""
    further = rows[rows["kind"] == VoteKind.FURTHER].drop_duplicates("constituency")
    further = further[["unit", "constituency", "seats"]]
    found = further.merge(candidates_of(facts), on="constituency", how="left")
    found = found.merge(
        facts.deputy_lists[["constituency", "final"]], on="constituency", how="left"
    )
    judge = Judge(found.assign(subject=found["constituency"] + "/further"), units)
    number, final = judge["seats"], judge["final"]
    recorded, candidates = (
        judge[name].astype("Int64").fillna(0) for name in ("recorded", "candidates")
    )
    least, most = lawful_numbers(number)
    judge.missing(candidates == 0, "no-names")
    judge.missing(recorded != final, "names-incomplete", recorded=recorded, final=final)
    judge.fail(judge["new"].notna(), "new-name", candidate=judge["new"])
    judge.fail(
        (candidates < least) | (candidates > most),
        "wrong-number",
        candidates=candidates,
        seats=number,
        least=least,
        most=most,
    )
    judge.fail(known(judge["most_left"] > judge["least_again"], unknown=False), "out-of-order")
    return judge.judged()


@check(DIRECT_VOTES)
def direct_votes(facts: Facts, rule: DirectVotesRule) -> pd.DataFrame:
    """Deputies are elected by valid votes, by a majority or further (选举法 art. 44, 45)."""
    units, others = asked(facts, rule)
    rows = votes_of(facts, units)
    found = (
        judge_votes(rows, units, rule),
        judge_outcome(facts, rows, units),
        judge_further(facts, rows, units),
        without_constituencies(facts, units),
        others,
    )
    return pd.concat(found, ignore_index=True)
