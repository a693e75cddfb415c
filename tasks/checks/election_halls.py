"""Checks of votes that were counted in parts: halls, boxes and tally sheets, cell by cell."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election_halls as rules
from schemas.rules.parameters import NoParameters
from schemas.vocabulary import Body, CandidateStatus, Status
from schemas.vote_terms import CountRole, HallKind, Mark, PaperCount
from tasks.checks.election_papers import MARKS, differing
from tasks.checks.election_votes import VOTE, votes
from tasks.checks.judge import Judge, known
from tasks.checks.registry import check

PAPERS = {one.value.replace("-", "_"): one.value for one in PaperCount}  # column → term
PART = [*VOTE, "hall"]
SCRUTINEERS = 2  # with a mobile box
LINE = ["candidate", "role"]


def _named(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """`rows` with the subject that their vote and `columns` name."""
    subject = rows["post"] + "/" + rows["round"].astype("str")
    for column in columns:
        subject = subject + "/" + rows[column]
    return rows.assign(subject=subject)


def _parts(facts: Facts, ballots: pd.DataFrame) -> pd.DataFrame:
    """The papers of every part: its own sums, and what kind of part it is."""
    halls = facts.halls.drop(columns=["_home", "_unit"])
    rows = halls.merge(ballots[[*VOTE, "annulled"]], on=VOTE, how="left")
    sheet = rows["kind"] == HallKind.SHEET
    sheets = sheet.groupby([rows[name] for name in VOTE]).transform("mean")
    judge = Judge(_named(rows.assign(mixed=(sheets > 0) & (sheets < 1)), "hall"), facts.units)
    issued, returned, valid = judge["issued"], judge["returned"], judge["valid"]
    outstanding, void = judge["not_returned"], judge["void"]
    scrutineers = judge["scrutineers"].fillna(0)
    papers = issued.notna() & returned.notna() & outstanding.notna()

    judge.fail(judge["annulled"].isna(), "no-ballot")
    judge.not_applicable(known(judge["annulled"], unknown=False), "declared-void")
    judge.fail(judge["mixed"], "added-twice")
    judge.fail(
        (judge["kind"] == HallKind.MOBILE_BOX) & (scrutineers < SCRUTINEERS),
        "few-scrutineers",
        number=scrutineers,
    )
    judge.fail(
        papers & (issued != returned + outstanding),
        "papers-lost",
        issued=issued,
        returned=returned,
        outstanding=outstanding,
    )
    judge.fail(
        returned.notna() & void.notna() & (returned != valid + void),
        "papers-uncounted",
        returned=returned,
        valid=valid,
        void=void,
    )
    return judge.judged()


def _of_parts(facts: Facts, ballots: pd.DataFrame) -> pd.DataFrame:
    """The votes that count and were counted in parts."""
    held = ballots[~ballots["annulled"]]
    return held.merge(facts.halls[VOTE].drop_duplicates(), on=VOTE)


def _papers(facts: Facts, ballots: pd.DataFrame) -> pd.DataFrame:
    """Every number of papers as a whole against that of the parts, if any of them states it."""
    stated, parts = (
        frame.rename(columns=PAPERS).melt(
            VOTE, list(PAPERS.values()), var_name="papers", value_name="number"
        )
        for frame in (ballots, facts.halls)
    )
    key = [*VOTE, "papers"]
    sums = parts.groupby(key, as_index=False).agg(
        total=("number", "sum"), said=("number", "count"), parts=("number", "size")
    )
    rows = stated.rename(columns={"number": "stated"}).merge(sums, on=key)
    judge = Judge(_named(rows[rows["said"] > 0], "papers"), facts.units)

    judge.missing(judge["said"] < judge["parts"], "not-stated", papers=judge["papers"])
    judge.fail(
        judge["stated"] != judge["total"],
        "papers-differ",
        papers=judge["papers"],
        stated=judge["stated"],
        total=judge["total"],
    )
    return judge.judged()


def _due(facts: Facts, ballots: pd.DataFrame) -> pd.DataFrame:
    """What every part must have counted: both counts of everybody but those written in there."""
    status = facts.candidates[["candidate", "status"]]
    printed = facts.tallies[[*VOTE, "candidate"]].drop_duplicates().merge(status, on="candidate")
    printed = printed[printed["status"] != CandidateStatus.WRITE_IN]
    due = facts.halls[PART].merge(printed.drop(columns="status"), on=VOTE)
    roles = pd.DataFrame({"role": [role.value for role in CountRole]})
    counted = facts.hall_tallies[[*PART, *LINE]]
    rows = pd.concat([due.merge(roles, how="cross"), counted]).drop_duplicates()
    return rows.merge(ballots.loc[~ballots["annulled"], VOTE], on=VOTE)


def _lines(facts: Facts, ballots: pd.DataFrame) -> pd.DataFrame:
    """Every line of a part's count: as the other count has it, over all of the valid papers."""
    tallies = facts.hall_tallies.drop(columns=["_home", "_unit"])
    tallies = tallies.assign(unclear=tallies["unclear"].fillna(0))
    rows = _due(facts, ballots).merge(tallies, on=[*PART, *LINE], how="left")
    for role in CountRole:
        own = tallies.loc[tallies["role"] == role, [*PART, "candidate", *MARKS]]
        names = {mark: f"{role.value}_{mark}" for mark in MARKS}
        rows = rows.merge(own.rename(columns=names), on=[*PART, "candidate"], how="left")
    whole = facts.tallies[[*VOTE, *LINE]].assign(whole=True)
    rows = rows.merge(whole, on=[*VOTE, *LINE], how="left")
    rows = rows.merge(facts.halls[[*PART, "valid"]], on=PART, how="left")
    rows = rows.merge(facts.candidates[["candidate", "status"]], on="candidate", how="left")
    judge = Judge(_named(rows, "hall", *LINE), facts.units)
    counted = judge["in_favour"] + judge["against"] + judge["abstained"] + judge["unclear"]
    mark, first, second = differing(judge)

    judge.missing(judge["valid"].isna(), "no-hall")
    judge.missing(judge["in_favour"].isna(), "no-count")
    judge.fail(judge["whole"].isna(), "no-total")
    judge.fail(mark != "", "counts-differ", mark=mark, first=first, second=second)
    judge.fail(
        (judge["status"] != CandidateStatus.WRITE_IN) & (counted != judge["valid"]),
        "not-all-papers",
        counted=counted,
        valid=judge["valid"],
    )
    return judge.judged()


def _marks(facts: Facts, ballots: pd.DataFrame) -> pd.DataFrame:
    """Every mark of the whole count, and what the parts come to."""
    key = [*VOTE, *LINE, "mark"]
    terms = dict(zip(MARKS, (one.value for one in Mark), strict=True))
    whole, parts = (
        frame.rename(columns=terms).melt(
            [*VOTE, *LINE], list(terms.values()), var_name="mark", value_name="votes"
        )
        for frame in (facts.tallies, facts.hall_tallies)
    )
    sums = parts.groupby(key, as_index=False).agg(total=("votes", "sum"))
    rows = whole.merge(ballots[VOTE], on=VOTE).merge(sums, on=key, how="left")
    rows = rows.assign(stated=rows["votes"].fillna(0), total=rows["total"].fillna(0))
    judge = Judge(_named(rows, *LINE, "mark"), facts.units)

    judge.fail(
        judge["stated"] != judge["total"],
        "marks-differ",
        mark=judge["mark"],
        stated=judge["stated"],
        total=judge["total"],
    )
    return judge.judged()


@check(rules.HALLS)
def halls(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Where a vote was counted in parts, they add up to the whole, cell by cell (选举法 art. 43).

    Each part's papers are all accounted for, and every mark on them; both counts agree in every
    part, so that differences which cancel out are found. A mobile box has two scrutineers (V-04).
    """
    ballots = votes(facts)
    counted = _of_parts(facts, ballots)
    found = [
        _parts(facts, ballots),
        _papers(facts, counted),
        _lines(facts, ballots),
        _marks(facts, counted),
    ]
    spoken = pd.concat(found, ignore_index=True)
    silent = facts.units[~facts.units["unit"].isin(spoken["unit"])]
    judge = Judge(spoken.iloc[:0], silent)
    judge.nothing(Status.NOT_APPLICABLE, "counted-whole")
    return pd.concat([spoken, judge.findings()], ignore_index=True)


@check(rules.SIGNS)
def signs(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The method has a sign for every mark that counts, and deputies can make every one of them.

    地方组织法 art. 28: a deputy may vote for, against, write in, or abstain. A CPPCC follows its
    own method, in which no mark may be one in favour.
    """
    marks = pd.DataFrame(
        {"mark": [Mark.IN_FAVOUR, Mark.AGAINST, Mark.ABSTAINED], "name": MARKS[:3]}
    )
    counted = facts.tallies.melt("unit", MARKS[:3], var_name="name", value_name="votes")
    counted = counted.groupby(["unit", "name"], as_index=False).agg(votes=("votes", "sum"))
    given = facts.signs[["unit", "meaning"]].drop_duplicates().rename(columns={"meaning": "mark"})
    recorded = given[["unit"]].drop_duplicates()
    rows = recorded.merge(facts.units[["unit", "body"]], on="unit").merge(marks, how="cross")
    rows = rows.merge(given.assign(given=True), on=["unit", "mark"], how="left")
    rows = rows.merge(counted, on=["unit", "name"], how="left")
    judge = Judge(rows.assign(subject=rows["unit"] + "/" + rows["mark"]), facts.units)
    without = judge["given"].isna()

    judge.fail(without & (judge["body"] != Body.CPPCC), "no-sign", mark=judge["mark"])
    judge.fail(
        without & known(judge["votes"] > 0, unknown=False),
        "counted-without-sign",
        mark=judge["mark"],
        votes=judge["votes"],
    )
    judge.nothing(Status.NOT_APPLICABLE, "not-recorded")
    return judge.findings()
