"""Checks of the papers, of the two counts, and of who handled them."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election as rules
from schemas.rules import election_result
from schemas.rules.parameters import NoParameters
from schemas.vocabulary import CandidateStatus, CountRole, StaffRole
from tasks.checks.election_session import held
from tasks.checks.judge import Judge
from tasks.checks.registry import check
from tasks.checks.returns import with_returns

VOTE = ["unit", "post", "round"]
COUNTED = [*VOTE, "candidate"]
MARKS = ["in_favour", "against", "abstained"]
ON_THE_LIST = [CandidateStatus.PROPOSED.value, CandidateStatus.WRITE_IN.value]


@check(rules.PAPERS)
def papers(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Papers issued, returned, valid and void add up, and none came from nowhere.

    A vote with more papers than voters is void (选举法 art. 43, 44).
    """
    due = facts.posts[["unit", "post"]].assign(round=1, own=True)
    due["round"] = due["round"].astype("Int64")
    own = facts.posts[["unit", "post"]].assign(own=True)
    ballots = facts.ballots.drop(columns=["_home", "_unit"])
    further = ballots.loc[ballots["round"] > 1, VOTE].merge(own, how="left")
    strange = ballots.loc[ballots["round"] == 1, VOTE].merge(own, how="left")
    rows = pd.concat([due, further, strange[strange["own"].isna()]], ignore_index=True)
    rows = rows.merge(ballots, on=VOTE, how="left").merge(
        held(facts)[["unit", "present"]], on="unit", how="left"
    )
    number = "/" + rows["round"].astype("str")
    subject = rows["post"] + number.where(rows["issued"].notna(), "")
    judge = Judge(rows.assign(subject=subject), facts.units)
    issued, returned = judge["issued"], judge["returned"]
    outstanding, valid, void = judge["not_returned"], judge["valid"], judge["void"]

    judge.fail(judge["own"].isna(), "unknown-post")
    judge.missing(issued.isna(), "no-vote")
    judge.missing(judge["present"].isna(), "no-session")
    judge.fail(
        issued > judge["present"], "too-many-issued", issued=issued, present=judge["present"]
    )
    judge.fail(returned > issued, "too-many-returned", returned=returned, issued=issued)
    judge.fail(
        issued != returned + outstanding,
        "papers-lost",
        issued=issued,
        returned=returned,
        outstanding=outstanding,
    )
    judge.fail(
        returned != valid + void, "papers-uncounted", returned=returned, valid=valid, void=void
    )
    return judge.findings()


def _count(facts: Facts, role: CountRole) -> pd.DataFrame:
    rows = facts.tallies.loc[facts.tallies["role"] == role, [*COUNTED, "officer", *MARKS]]
    names = {column: f"{role.value}_{column}" for column in ("officer", *MARKS)}
    return rows.rename(columns=names)


def _to_be_counted(facts: Facts) -> pd.DataFrame:
    """Everybody who was counted, and everybody proposed for a post that was voted on."""
    proposed = facts.candidates.loc[
        facts.candidates["status"] == CandidateStatus.PROPOSED, ["unit", "post", "candidate"]
    ]
    voted = proposed.merge(facts.ballots.loc[facts.ballots["round"] == 1, VOTE])
    return pd.concat([facts.tallies[COUNTED], voted[COUNTED]]).drop_duplicates()


@check(rules.COUNTS)
def counts(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Two people count; their numbers agree with each other and with the papers.

    Every valid paper is for, against or abstains on each candidate, a write-in only in favour;
    together the marks in favour are no more than papers times seats (选举法 art. 43, 44).
    """
    rows = _to_be_counted(facts)
    for role in CountRole:
        rows = rows.merge(_count(facts, role), on=COUNTED, how="left")
    rows = rows.merge(facts.ballots[[*VOTE, "seats", "valid"]], on=VOTE, how="left")
    slate = facts.candidates[["unit", "post", "candidate", "status"]]
    rows = rows.merge(slate, on=["unit", "post", "candidate"], how="left")
    rows["marks"] = rows.groupby(VOTE)["first_in_favour"].transform("sum")
    rows["subject"] = rows["post"] + "/" + rows["round"].astype("str") + "/" + rows["candidate"]
    judge = Judge(rows, facts.units)
    first, second, valid = judge["first_in_favour"], judge["second_in_favour"], judge["valid"]
    counted = first + judge["first_against"] + judge["first_abstained"]
    write_in = judge["status"] == CandidateStatus.WRITE_IN
    differ = pd.concat(
        [judge[f"first_{mark}"] != judge[f"second_{mark}"] for mark in MARKS], axis=1
    )

    judge.fail(judge["status"].isna(), "not-a-candidate")
    judge.fail(valid.isna(), "no-ballot")
    judge.missing(first.isna(), "no-count", count_role=CountRole.FIRST)
    judge.missing(second.isna(), "no-count", count_role=CountRole.SECOND)
    judge.fail(differ.any(axis=1), "counts-differ", first=first, second=second)
    judge.fail(
        judge["first_officer"] == judge["second_officer"],
        "same-counter",
        officer=judge["first_officer"],
    )
    judge.fail(~write_in & (counted != valid), "not-all-papers", counted=counted, valid=valid)
    judge.fail(write_in & (counted > valid), "more-than-papers", counted=counted, valid=valid)
    judge.fail(
        judge["marks"] > valid * judge["seats"],
        "too-many-marks",
        marks=judge["marks"],
        valid=valid,
        seats=judge["seats"],
    )
    return judge.findings()


def _candidates_kin(facts: Facts) -> pd.DataFrame:
    """Who is kin of a candidate of the unit; kin are kin in both directions."""
    kin = facts.kin[["person", "kin", "kinship", "_home"]]
    both = pd.concat([kin, kin.rename(columns={"person": "kin", "kin": "person"})])
    slate = facts.candidates[facts.candidates["status"].isin(ON_THE_LIST)]
    found = slate[["unit", "person", "candidate", "_home"]].merge(both, on=["_home", "person"])
    found = found.rename(columns={"candidate": "kin_of"}).sort_values("kin_of")
    return found[["unit", "kin", "kin_of", "kinship"]].drop_duplicates(["unit", "kin"])


@check(election_result.SCRUTINEERS)
def scrutineers(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """There are scrutineers and tellers; none is a candidate or kin of one (选举法 art. 43)."""
    staff = facts.ballot_staff[["unit", "person", "role"]]
    slate = facts.candidates[facts.candidates["status"].isin(ON_THE_LIST)]
    standing = slate[["unit", "person", "candidate"]].drop_duplicates(["unit", "person"])
    people = staff.merge(standing, on=["unit", "person"], how="left").merge(
        _candidates_kin(facts).rename(columns={"kin": "person"}), on=["unit", "person"], how="left"
    )
    people = people.assign(subject=people["unit"] + "/" + people["person"], filled=True)
    roles = pd.DataFrame({"role": [role.value for role in StaffRole]})
    needed = facts.units[["unit"]].merge(roles, how="cross")
    filled = staff[["unit", "role"]].drop_duplicates().assign(filled=True)
    needed = needed.merge(filled, on=["unit", "role"], how="left")
    needed = needed.assign(subject=needed["unit"] + "/" + needed["role"])
    judge = Judge(pd.concat([needed, people], ignore_index=True), facts.units)
    vacant = judge["filled"].isna()

    judge.missing(vacant & (judge["role"] == StaffRole.SCRUTINEER), "no-scrutineer")
    judge.missing(vacant & (judge["role"] == StaffRole.TELLER), "no-teller")
    judge.fail(judge["candidate"].notna(), "is-candidate", candidate=judge["candidate"])
    judge.fail(
        judge["kin_of"].notna(), "is-kin", candidate=judge["kin_of"], kinship=judge["kinship"]
    )
    return with_returns(judge, facts, "kin")
