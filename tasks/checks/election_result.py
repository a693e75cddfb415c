"""Checks of the result: who is elected, and what must be voted on again."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election_result as rules
from schemas.rules.parameters import NoParameters, WinnersRule
from schemas.vocabulary import (
    CHIEF_POSTS,
    NOMINEES,
    Body,
    CandidateStatus,
    Organ,
    PostKind,
)
from schemas.vote_terms import CountRole, VoteKind
from tasks.checks.election_papers import ON_THE_LIST
from tasks.checks.election_votes import VOTE, held, members, valid_votes, with_quorum
from tasks.checks.judge import Judge, known
from tasks.checks.registry import check
from tasks.checks.tally import elect

PLACE = ["unit", "post", "candidate"]
# 地方组织法 art. 18, 47: elected from among the deputies, and without an office in the executive.
FROM_THE_DEPUTIES = ("chair", "vice-chair", "secretary-general", "member")


def _by_person(facts: Facts) -> pd.DataFrame:
    """The candidates with `counted_as`: the one id under which votes for a person on a post count.

    Papers are for a person: what was written in adds to what was printed.
    """
    columns = [*PLACE, "person", "status"]
    slate = facts.candidates[columns].sort_values("candidate", ignore_index=True)
    printed_first = slate.sort_values(
        "status", key=lambda status: ~status.isin(NOMINEES), kind="stable"
    )
    one = printed_first.groupby(["unit", "post", "person"], sort=False)["candidate"]
    return printed_first.assign(counted_as=one.transform("first"))


def _voided(facts: Facts) -> pd.DataFrame:
    """Whoever was declared elected, and the election found void by today."""
    results = facts.results
    elected = known(results["elected"], unknown=False)
    return results.loc[elected & facts.came(results["voided_on"]), PLACE].assign(voided=True)


def outcome(facts: Facts) -> pd.DataFrame:
    """The recomputed outcome of every vote: the first count, held against all members.

    Whoever was struck off after a vote stays in its arithmetic, and fills no seat.
    """
    slate = _by_person(facts).merge(_voided(facts), on=PLACE, how="left")
    status = slate["status"]
    off = ~status.isin(ON_THE_LIST) | known(slate["voided"], unknown=False)
    slate = slate.assign(
        struck_off=off.groupby([slate["post"], slate["counted_as"]]).transform("any"),
        nominee=status.isin(NOMINEES),
    )
    counted = facts.tallies.loc[
        facts.tallies["role"] == CountRole.FIRST, [*PLACE, "round", "in_favour"]
    ]
    found = counted.merge(slate, on=PLACE).groupby([*VOTE, "counted_as"], as_index=False)
    votes = found.agg(
        votes=("in_favour", "sum"), struck_off=("struck_off", "any"), nominee=("nominee", "any")
    )
    votes = (
        votes.rename(columns={"counted_as": "candidate"})
        .merge(facts.posts[["unit", "post", "seats"]], on=["unit", "post"])
        .merge(valid_votes(facts)[[*VOTE, "kind"]], on=VOTE)
        .merge(members(facts), on="unit")
    )
    return elect(votes.assign(tie_break=votes["kind"] == VoteKind.TIE_BREAK))


def _people(facts: Facts) -> pd.DataFrame:
    """Everybody whose post was voted on or who was declared, with outcome and declaration."""
    last = outcome(facts).sort_values(["elected", "round"]).drop_duplicates(PLACE, keep="last")
    last = last[[*PLACE, "round", "votes", "accepted", "elected", "tied"]]
    declared = facts.results.loc[
        facts.came(facts.results["declared_on"]),
        [*PLACE, "round", "elected", "declared_by", "declared_on"],
    ].rename(columns={"round": "declared_round", "elected": "declared"})
    held_votes = valid_votes(facts)
    voted = held_votes[["unit", "post"]].drop_duplicates().assign(voted=True)
    slate = facts.candidates.drop(columns=["_home", "_unit"])
    slate = slate.merge(_by_person(facts)[["candidate", "counted_as"]], on="candidate")
    rows = slate.merge(declared, on=PLACE, how="outer").merge(
        voted, on=["unit", "post"], how="left"
    )
    rows = rows[rows["voted"].notna() | rows["declared"].notna()].merge(last, on=PLACE, how="left")
    days = held_votes[[*VOTE, "voted_on"]].rename(
        columns={"round": "declared_round", "voted_on": "declared_vote_on"}
    )
    units = facts.units[["unit", "jurisdiction", "body"]]
    founding = facts.jurisdictions[["jurisdiction", "founding_ethnicity"]]
    return (
        rows.merge(facts.posts[["post", "kind"]], on="post", how="left")
        .merge(units.merge(founding, on="jurisdiction"), on="unit")
        .merge(held(facts)[["unit", "voted_on"]], on="unit", how="left")
        .merge(members(facts), on="unit", how="left")
        .merge(days, on=["unit", "post", "declared_round"], how="left")
        .merge(_voided(facts), on=PLACE, how="left")
        .assign(subject=lambda found: found["candidate"])
    )


@check(rules.WINNERS)
def winners(facts: Facts, rule: WinnersRule) -> pd.DataFrame:
    """Exactly those whom more than half of all members elected are declared elected.

    The presidium declares them (选举法 art. 46; 地方组织法 art. 25, 29), in a CPPCC whoever its
    method names. A write-in must be as eligible as anybody proposed (art. 18, 47, 70).
    """
    judge = Judge(_people(facts), facts.units)
    votes, everybody, status = judge["votes"], judge["members"], judge["status"]
    declared = known(judge["declared"], unknown=False)
    elected = known(judge["elected"], unknown=False)
    accepted = known(judge["accepted"], unknown=False)
    proposed = status == CandidateStatus.PROPOSED
    written_in = (status == CandidateStatus.WRITE_IN) & declared
    struck_off = status.notna() & ~status.isin(ON_THE_LIST)
    voided = known(judge["voided"], unknown=False)
    other_id = judge["counted_as"].notna() & (judge["counted_as"] != judge["candidate"])
    deputies_post = judge["kind"].isin(FROM_THE_DEPUTIES)
    founding = judge["founding_ethnicity"]
    cppcc = judge["body"] == Body.CPPCC
    lawful_organ = (judge["declared_by"] == Organ.PRESIDIUM).where(
        ~cppcc, judge["declared_by"].isin(rule.cppcc_organs)
    )
    voted = judge["declared_vote_on"].fillna(judge["voted_on"])

    unwritten = (status == CandidateStatus.WRITE_IN) & votes.isna()
    judge.not_applicable(~declared & other_id, "counted-as-another", candidate=judge["counted_as"])
    judge.not_applicable(~declared & (struck_off | unwritten), "not-standing")
    judge.not_yet(judge["voted_on"].isna(), "no-session")
    judge.missing(everybody.isna(), "no-credentials")
    judge.fail(status.isna(), "not-a-candidate")
    judge.fail(other_id, "declared-as-another", candidate=judge["counted_as"])
    judge.fail(struck_off & declared & ~voided, "struck-off")
    judge.missing(votes.isna(), "not-counted")
    judge.fail(
        declared & ~accepted,
        "no-majority",
        votes=votes,
        members=everybody,
        needed=everybody // 2 + 1,
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
    judge.fail(written_in & ~judge["assembly_member"] & (deputies_post | cppcc), "not-a-deputy")
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
    judge.fail(declared & ~lawful_organ, "wrong-organ", organ=judge["declared_by"])
    judge.fail(
        judge["declared_on"].notna() & (judge["declared_on"] < voted),
        "declared-before-vote",
        declared=judge["declared_on"],
        voted=voted,
    )
    return judge.findings()


def _rounds(facts: Facts) -> pd.DataFrame:
    """Every vote on a post that counts, in its order, with what the votes before left open."""
    votes = outcome(facts)
    votes["filled"] = votes["elected"] & ~votes["struck_off"].astype(bool)
    # Of the tied, those who can be voted on again.
    votes["tied_left"] = votes["tied"] & ~votes["struck_off"].astype(bool)
    found = votes.groupby(VOTE, as_index=False).agg(
        candidates=("candidate", "size"),
        nominees=("nominee", "sum"),
        among_tied=("tied_before", "sum"),
        again=("elected_before", "any"),
        elected=("filled", "sum"),
        tied=("tied", "sum"),
        tied_left=("tied_left", "sum"),
    )
    posts = facts.posts[["unit", "post", "kind", "seats"]]
    posts = posts.rename(columns={"kind": "post_kind", "seats": "post_seats"})
    rounds = (
        with_quorum(facts, valid_votes(facts))
        .merge(posts, on=["unit", "post"])
        .merge(found, on=VOTE, how="left")
        .sort_values(["post", "round"], ignore_index=True)
    )
    elected, tied = rounds["elected"].fillna(0), rounds["tied"].fillna(0)
    of_post = rounds["post"]
    filled = elected.groupby(of_post).cumsum()
    return rounds.assign(
        filled=filled,
        tied=tied,
        tied_before=tied.groupby(of_post).shift(fill_value=0),
        left_before=rounds["tied_left"].fillna(0).groupby(of_post).shift(fill_value=0),
        open_before=rounds["post_seats"] - (filled - elected),
        first=~of_post.duplicated(),
        # A vote without attendance is reported by other checks.
        quorate=~known(
            (rounds["present"] < rounds["needed"]) | (rounds["issued"] < rounds["needed"]),
            unknown=False,
        ),
        subject=of_post + "/" + rounds["round"].astype("str"),
    )


def most_candidates(seats: pd.Series, kind: pd.Series) -> pd.Series:
    """How many may stand in a further election for `seats` seats (地方组织法 art. 27, 29).

    A chief may have one rival, vice posts one to three candidates more than seats, members of a
    standing committee a tenth to a fifth. Where a fifth is less than one, one more must do, since a
    choice there must be.
    """
    member = kind == PostKind.MEMBER
    more = pd.Series(3, index=seats.index, dtype="Int64")
    more = more.mask(kind.isin(CHIEF_POSTS), 1).mask(member, (seats // 5).clip(lower=1))
    return seats + more


def fewest_candidates(seats: pd.Series, kind: pd.Series) -> pd.Series:
    """How many must stand at least: a chief may stand alone, any other post has a choice."""
    more = pd.Series(1, index=seats.index, dtype="Int64")
    more = more.mask(kind.isin(CHIEF_POSTS), 0)
    return seats + more.mask(kind == PostKind.MEMBER, (seats + 9) // 10)


def _round_by_round(facts: Facts, rounds: pd.DataFrame) -> pd.DataFrame:
    bodies = facts.units[["unit", "body"]]
    judge = Judge(rounds.merge(bodies, on="unit"), facts.units)
    number, kind, open_before = judge["round"], judge["kind"], judge["open_before"]
    after_tie = judge["left_before"] > 0
    tie_break = kind == VoteKind.TIE_BREAK
    due = (
        pd.Series(VoteKind.FURTHER.value, index=kind.index)
        .mask(after_tie, VoteKind.TIE_BREAK.value)
        .mask(judge["first"], VoteKind.FIRST_VOTE.value)
    )
    # All of the tied, but those who withdrew or were struck off since; and nobody else.
    others = (
        (judge["candidates"] != judge["among_tied"])
        | (judge["among_tied"] < judge["left_before"])
        | (judge["among_tied"] > judge["tied_before"])
    )
    state_organ = judge["body"] != Body.CPPCC
    further = (kind == VoteKind.FURTHER) & state_organ
    least = fewest_candidates(judge["seats"], judge["post_kind"])
    most = most_candidates(judge["seats"], judge["post_kind"])

    judge.fail(~judge["first"] & (open_before <= 0), "needless", round=number)
    judge.fail(after_tie & ~tie_break, "tie-not-broken", round=number, vote=kind)
    judge.fail(kind != due, "wrong-kind", round=number, vote=kind)
    judge.missing(judge["candidates"].isna(), "not-counted", round=number)
    judge.fail(tie_break & others, "not-the-tied", round=number)
    judge.fail(
        judge["seats"] != open_before,
        "wrong-seats",
        round=number,
        seats=judge["seats"],
        needed=open_before,
    )
    judge.fail(known(judge["again"], unknown=False), "stood-again", round=number)
    numbers = {"candidates": judge["nominees"], "seats": judge["seats"]}
    judge.fail(
        further & (judge["nominees"] < least), "no-choice", round=number, least=least, **numbers
    )
    judge.fail(
        further & (judge["nominees"] > most),
        "too-many-candidates",
        round=number,
        most=most,
        **numbers,
    )
    return judge.judged()


def _left_open(facts: Facts) -> pd.DataFrame:
    """Per post what the session decided to leave to the next one: seats, by whom, and when."""
    vacancies = facts.vacancies[facts.came(facts.vacancies["decided_on"])]
    columns = ["unit", "post", "seats", "decided_by", "decided_on"]
    return vacancies[columns].rename(columns={"seats": "left_open"})


@check(rules.FURTHER_VOTE)
def further_vote(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """All seats are filled; the tied are voted on again, open seats get a further election.

    地方组织法 art. 29: at this session, or at the next where the congress so decides. A further
    election of vice posts and members again offers a choice, within the bounds of art. 27.
    """
    rounds = _rounds(facts)
    every_vote = facts.ballots.merge(held(facts)[["unit"]], on="unit")
    declared = facts.results[
        known(facts.results["elected"], unknown=False)
        & facts.came(facts.results["declared_on"])
        & ~facts.came(facts.results["voided_on"])
    ]
    elected_so_far = rounds.groupby("post", as_index=False).agg(elected=("elected", "sum"))
    all_votes = every_vote.groupby("post", as_index=False).agg(
        votes=("round", "size"), last_round=("round", "max")
    )
    last = rounds.drop_duplicates("post", keep="last")
    last = last[["post", "tied", "quorate", "voted_on"]].rename(columns={"voted_on": "last_on"})
    posts = facts.posts[["unit", "post", "seats"]].merge(all_votes, on="post", how="left")
    posts = posts.merge(elected_so_far, on="post", how="left").merge(last, on="post", how="left")
    posts = posts.merge(held(facts)[["unit", "voted_on"]], on="unit", how="left")
    posts = posts.merge(_left_open(facts), on=["unit", "post"], how="left")
    declarations = declared["post"].value_counts()
    posts["declared"] = posts["post"].map(declarations).astype("Int64")
    judge = Judge(posts.assign(subject=posts["post"]), facts.units)
    seats, elected = judge["seats"], judge["elected"]
    open_seats, left_open = seats - elected, judge["left_open"]
    decided = left_open.notna()
    tied = judge["tied"] > 0
    quorate = known(judge["quorate"], unknown=True)

    judge.fail(seats == 0, "no-seats")
    judge.not_yet(judge["voted_on"].isna(), "no-session")
    judge.missing(judge["votes"].isna(), "no-vote")
    judge.fail(judge["last_round"] != judge["votes"], "vote-missing", votes=judge["votes"])
    judge.missing(judge["last_on"].isna(), "only-void-votes")
    number = judge["declared"]
    judge.fail(
        known(number > seats, unknown=False), "too-many-elected", elected=number, seats=seats
    )
    judge.missing(~quorate & (tied | (open_seats > 0)), "no-quorum")
    judge.missing(tied, "tie", tied=judge["tied"], open=open_seats)
    judge.fail(
        decided & (judge["decided_by"] != Organ.PLENARY),
        "not-left-by-plenary",
        organ=judge["decided_by"],
    )
    judge.fail(
        decided & (judge["decided_on"] < judge["last_on"]),
        "left-before-vote",
        decided=judge["decided_on"],
        voted=judge["last_on"],
    )
    judge.fail(decided & (left_open != open_seats), "wrong-left", left=left_open, open=open_seats)
    judge.missing(~decided & (elected < seats), "short", elected=elected, seats=seats)
    return pd.concat([judge.findings(), _round_by_round(facts, rounds)], ignore_index=True)
