"""Checks of the result: who is elected, and what must be voted on again."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election_result as rules
from schemas.rules.parameters import NoParameters
from schemas.vocabulary import (
    VICE_POSTS,
    Body,
    CandidateStatus,
    CountRole,
    Organ,
    PostKind,
    VoteKind,
)
from tasks.checks.election_papers import ON_THE_LIST
from tasks.checks.election_session import held
from tasks.checks.judge import Judge, known
from tasks.checks.registry import check
from tasks.checks.tally import elect

PLACE = ["unit", "post", "candidate"]
# 地方组织法 art. 18, 47: elected from among the deputies, and without an office in the executive.
FROM_THE_DEPUTIES = ("chair", "vice-chair", "secretary-general", "member")
# 地方组织法 art. 29: also in a further election with more candidates than seats.
MORE_THAN_SEATS = (*sorted(VICE_POSTS), PostKind.MEMBER.value)


def outcome(facts: Facts) -> pd.DataFrame:
    """The recomputed outcome of every vote: the first count, held against all members."""
    slate = facts.candidates.loc[facts.candidates["status"].isin(ON_THE_LIST), [*PLACE, "status"]]
    posts = facts.posts[["unit", "post", "seats"]]
    ballots = facts.ballots[["unit", "post", "round", "kind"]]
    counted = facts.tallies[facts.tallies["role"] == CountRole.FIRST]
    votes = (
        counted[[*PLACE, "round", "in_favour"]]
        .rename(columns={"in_favour": "votes"})
        .merge(slate, on=PLACE)
        .merge(posts, on=["unit", "post"])
        .merge(ballots, on=["unit", "post", "round"])
        .merge(held(facts)[["unit", "members"]], on="unit")
    )
    return elect(votes.assign(tie_break=votes["kind"] == VoteKind.TIE_BREAK))


def _people(facts: Facts) -> pd.DataFrame:
    """Everybody whose post was voted on or who was declared, with outcome and declaration."""
    last = outcome(facts).sort_values(["elected", "round"]).drop_duplicates(PLACE, keep="last")
    last = last[[*PLACE, "round", "votes", "accepted", "elected", "tied"]]
    declared = facts.results.loc[
        facts.results["declared_on"] <= facts.today,
        [*PLACE, "round", "elected", "declared_by", "declared_on"],
    ].rename(columns={"round": "declared_round", "elected": "declared"})
    voted = facts.ballots[["unit", "post"]].drop_duplicates().assign(voted=True)
    slate = facts.candidates.drop(columns=["_home", "_unit"])
    rows = slate.merge(declared, on=PLACE, how="outer").merge(
        voted, on=["unit", "post"], how="left"
    )
    rows = rows[rows["voted"].notna() | rows["declared"].notna()].merge(last, on=PLACE, how="left")
    sessions = held(facts)[["unit", "members", "voted_on"]]
    units = facts.units[["unit", "jurisdiction", "body"]]
    founding = facts.jurisdictions[["jurisdiction", "founding_ethnicity"]]
    return (
        rows.merge(facts.posts[["post", "kind"]], on="post", how="left")
        .merge(units.merge(founding, on="jurisdiction"), on="unit")
        .merge(sessions, on="unit", how="left")
        .assign(subject=lambda found: found["candidate"])
    )


@check(rules.WINNERS)
def winners(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Exactly those whom more than half of all members elected are declared elected.

    The presidium declares them (选举法 art. 46; 地方组织法 art. 25, 29). A write-in must be as
    eligible as anybody proposed (art. 18, 47, 70).
    """
    judge = Judge(_people(facts), facts.units)
    votes, members, status = judge["votes"], judge["members"], judge["status"]
    declared = known(judge["declared"], unknown=False)
    elected = known(judge["elected"], unknown=False)
    accepted = known(judge["accepted"], unknown=False)
    proposed = status == CandidateStatus.PROPOSED
    written_in = (status == CandidateStatus.WRITE_IN) & declared
    struck_off = status.notna() & ~status.isin(ON_THE_LIST)
    deputies_post = judge["kind"].isin(FROM_THE_DEPUTIES)
    founding = judge["founding_ethnicity"]

    unwritten = (status == CandidateStatus.WRITE_IN) & votes.isna()
    judge.not_applicable(~declared & (struck_off | unwritten), "not-standing")
    judge.missing(members.isna(), "no-session")
    judge.fail(status.isna(), "not-a-candidate")
    judge.fail(struck_off & declared, "struck-off")
    judge.missing(votes.isna(), "not-counted")
    judge.fail(
        declared & ~accepted, "no-majority", votes=votes, members=members, needed=members // 2 + 1
    )
    judge.fail(declared & known(judge["tied"], unknown=False), "tied", votes=votes)
    judge.fail(declared & ~elected, "outvoted", votes=votes)
    judge.missing(judge["declared"].isna() & (proposed | elected), "no-result")
    judge.fail(elected & ~declared, "not-declared", round=judge["round"], votes=votes)
    judge.fail(
        elected & (judge["declared_round"] != judge["round"]),
        "wrong-round",
        round=judge["round"],
        declared=judge["declared_round"],
    )
    judge.fail(
        written_in & ~judge["assembly_member"] & (deputies_post | (judge["body"] == Body.CPPCC)),
        "not-a-deputy",
    )
    judge.fail(
        written_in & deputies_post & judge["incompatible_office"] & ~judge["will_resign"],
        "incompatible-office",
    )
    judge.fail(
        written_in
        & (judge["kind"] == PostKind.HEAD)
        & founding.notna()
        & (judge["ethnicity"] != founding),
        "wrong-ethnicity",
    )
    judge.fail(
        declared & (judge["declared_by"] != Organ.PRESIDIUM),
        "wrong-organ",
        organ=judge["declared_by"],
    )
    judge.fail(
        judge["declared_on"].notna() & (judge["declared_on"] < judge["voted_on"]),
        "declared-before-vote",
        declared=judge["declared_on"],
        voted=judge["voted_on"],
    )
    return judge.findings()


def _rounds(facts: Facts) -> pd.DataFrame:
    """Every vote on a post in its order, with what the votes before left open."""
    votes = outcome(facts)
    votes["nominee"] = votes["status"] == CandidateStatus.PROPOSED
    found = votes.groupby(["unit", "post", "round"], as_index=False).agg(
        standing=("candidate", "size"),
        nominees=("nominee", "sum"),
        among_tied=("tied_before", "sum"),
        again=("elected_before", "any"),
        elected=("elected", "sum"),
        tied=("tied", "sum"),
    )
    posts = facts.posts[["unit", "post", "kind", "seats"]]
    posts = posts.rename(columns={"kind": "post_kind", "seats": "post_seats"})
    ballots = facts.ballots[["unit", "post", "round", "kind", "seats"]]
    rounds = (
        ballots.merge(posts, on=["unit", "post"])
        .merge(found, on=["unit", "post", "round"], how="left")
        .sort_values(["post", "round"], ignore_index=True)
    )
    elected, tied = rounds["elected"].fillna(0), rounds["tied"].fillna(0)
    filled = elected.groupby(rounds["post"]).cumsum()
    tied_before = tied.groupby(rounds["post"]).shift(fill_value=0)
    return rounds.assign(
        filled=filled,
        tied=tied,
        tied_before=tied_before,
        open_before=rounds["post_seats"] - (filled - elected),
        first=~rounds["post"].duplicated(),
        subject=rounds["post"] + "/" + rounds["round"].astype("str"),
    )


def _round_by_round(facts: Facts, rounds: pd.DataFrame) -> pd.DataFrame:
    bodies = facts.units[["unit", "body"]]
    judge = Judge(rounds.merge(bodies, on="unit"), facts.units)
    number, kind, open_before = judge["round"], judge["kind"], judge["open_before"]
    after_tie = judge["tied_before"] > 0
    tie_break = kind == VoteKind.TIE_BREAK
    due = (
        pd.Series(VoteKind.FURTHER.value, index=kind.index)
        .mask(after_tie, VoteKind.TIE_BREAK.value)
        .mask(judge["first"], VoteKind.FIRST_VOTE.value)
    )
    others = (judge["standing"] != judge["tied_before"]) | (
        judge["among_tied"] != judge["tied_before"]
    )
    must_differ = judge["post_kind"].isin(MORE_THAN_SEATS) & (judge["body"] != Body.CPPCC)

    judge.fail(~judge["first"] & (open_before <= 0), "needless", round=number)
    judge.fail(after_tie & ~tie_break, "tie-not-broken", round=number, vote=kind)
    judge.fail(kind != due, "wrong-kind", round=number, vote=kind)
    judge.missing(judge["standing"].isna(), "not-counted", round=number)
    judge.fail(tie_break & others, "not-the-tied", round=number)
    judge.fail(
        judge["seats"] != open_before,
        "wrong-seats",
        round=number,
        seats=judge["seats"],
        needed=open_before,
    )
    judge.fail(known(judge["again"], unknown=False), "stood-again", round=number)
    judge.fail(
        (kind == VoteKind.FURTHER) & must_differ & (judge["nominees"] <= judge["seats"]),
        "no-choice",
        round=number,
        candidates=judge["nominees"],
        seats=judge["seats"],
    )
    return judge.judged()


@check(rules.FURTHER_VOTE)
def further_vote(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """All seats are filled; the tied are voted on again, open seats get a further election.

    地方组织法 art. 29. A further election of vice posts and members again offers a choice.
    """
    rounds = _rounds(facts)
    declared = facts.results[
        known(facts.results["elected"], unknown=False)
        & (facts.results["declared_on"] <= facts.today)
    ]
    votes = rounds.groupby("post", as_index=False).agg(
        votes=("round", "size"), last_round=("round", "max"), elected=("elected", "sum")
    )
    last = rounds.drop_duplicates("post", keep="last")[["post", "tied"]]
    posts = facts.posts[["unit", "post", "seats"]].merge(votes, on="post", how="left")
    posts = posts.merge(last, on="post", how="left").merge(
        held(facts)[["unit", "voted_on"]], on="unit", how="left"
    )
    tellings = declared["post"].value_counts()
    posts["declared"] = posts["post"].map(tellings).astype("Int64").fillna(0)
    judge = Judge(posts.assign(subject=posts["post"]), facts.units)
    seats, elected = judge["seats"], judge["elected"]

    judge.fail(seats == 0, "no-seats")
    judge.missing(judge["voted_on"].isna(), "no-session")
    judge.missing(judge["votes"].isna(), "no-vote")
    judge.fail(judge["last_round"] != judge["votes"], "vote-missing", votes=judge["votes"])
    judge.fail(
        judge["declared"] > seats, "too-many-elected", elected=judge["declared"], seats=seats
    )
    judge.missing(judge["tied"] > 0, "tie", tied=judge["tied"], open=seats - elected)
    judge.missing(elected < seats, "short", elected=elected, seats=seats)
    return pd.concat([judge.findings(), _round_by_round(facts, rounds)], ignore_index=True)
