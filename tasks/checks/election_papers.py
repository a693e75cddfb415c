"""Checks of the papers, of the two counts, and of who handled them."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import election as rules
from schemas.rules import election_result
from schemas.rules.parameters import NoParameters
from schemas.vocabulary import CandidateStatus
from schemas.vote_terms import CountRole, Mark, StaffRole
from tasks.checks.election_votes import VOTE, valid_votes, votes, with_quorum
from tasks.checks.judge import Judge, known
from tasks.checks.registry import check
from tasks.checks.returns import with_returns

COUNTED = [*VOTE, "candidate"]
MARKS = ["in_favour", "against", "abstained", "unclear"]
ON_THE_LIST = [CandidateStatus.PROPOSED.value, CandidateStatus.WRITE_IN.value]


def _paper_of(ballots: pd.DataFrame) -> pd.Series:
    """The first post on the same paper, where not as many papers were printed or issued for it."""
    shared = ballots[ballots["paper"].notna()]
    paper = [shared["unit"], shared["paper"]]
    numbers = shared[["printed", "unused", "spoiled", "issued", "returned", "not_returned"]]
    numbers = numbers.fillna(-1)
    differs = (numbers != numbers.groupby(paper).transform("first")).any(axis=1)
    first = shared["post"].groupby(paper).transform("first")
    return first.where(differs).reindex(ballots.index)


@check(rules.PAPERS)
def papers(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Papers issued, returned, valid and void add up, and none came from nowhere.

    A vote with more papers than voters is void, one with as many or fewer is not (选举法 art. 43,
    44): it is declared void and repeated, and both are on record. Posts on one paper share its
    numbers.
    """
    due = facts.posts[["unit", "post"]].assign(round=1, own=True)
    due["round"] = due["round"].astype("Int64")
    own = facts.posts[["unit", "post"]].assign(own=True)
    ballots = with_quorum(facts, votes(facts))
    ballots = ballots.assign(paper_of=_paper_of(ballots))
    further = ballots.loc[ballots["round"] > 1, VOTE].merge(own, how="left")
    strange = ballots.loc[ballots["round"] == 1, VOTE].merge(own, how="left")
    rows = pd.concat([due, further, strange[strange["own"].isna()]], ignore_index=True)
    rows = rows.merge(ballots, on=VOTE, how="left")
    number = "/" + rows["round"].astype("str")
    subject = rows["post"] + number.where(rows["issued"].notna(), "")
    judge = Judge(rows.assign(subject=subject), facts.units)
    issued, returned, present = judge["issued"], judge["returned"], judge["present"]
    outstanding, valid, void = judge["not_returned"], judge["valid"], judge["void"]
    printed = judge["printed"]
    unused, spoiled = judge["unused"].fillna(0), judge["spoiled"].fillna(0)
    annulled = known(judge["annulled"], unknown=False)
    more_than_voters = (returned > issued) | (returned > present) | (issued > present)

    judge.fail(judge["own"].isna(), "unknown-post")
    judge.missing(issued.isna(), "no-vote")
    judge.not_yet(present.isna(), "no-session")
    judge.not_applicable(
        annulled & (more_than_voters | (present < judge["needed"])), "declared-void"
    )
    judge.fail(annulled, "void-without-cause", returned=returned, issued=issued)
    judge.fail(judge["paper_of"].notna(), "paper-shared", post=judge["paper_of"])
    judge.fail(issued > present, "too-many-issued", issued=issued, present=present)
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
    judge.fail(
        printed.notna() & (printed != issued + unused + spoiled),
        "printed-not-accounted",
        printed=printed,
        issued=issued,
        unused=unused,
        spoiled=spoiled,
    )
    return judge.findings()


def _count(facts: Facts, role: CountRole) -> pd.DataFrame:
    rows = facts.tallies.loc[facts.tallies["role"] == role, [*COUNTED, "officer", *MARKS]]
    rows = rows.assign(unclear=rows["unclear"].fillna(0)).merge(
        facts.officers[["officer", "person"]], on="officer", how="left"
    )
    names = {column: f"{role.value}_{column}" for column in ("officer", "person", *MARKS)}
    return rows.rename(columns=names)


def _to_be_counted(facts: Facts) -> pd.DataFrame:
    """Everybody who was counted, and who stood in the first vote on a post but was not counted.

    Whoever was nominated after that vote, for a further election (地方组织法 art. 29), stood in
    another one; so did, on the same day, whoever was counted in another one only.
    """
    first = valid_votes(facts).sort_values("round").drop_duplicates("post")[[*VOTE, "voted_on"]]
    nominated = facts.nominations.groupby("candidate", as_index=False)["nominated_on"].min()
    proposed = (
        facts.candidates.loc[
            facts.candidates["status"] == CandidateStatus.PROPOSED, ["unit", "post", "candidate"]
        ]
        .merge(first, on=["unit", "post"])
        .merge(nominated, on="candidate", how="left")
    )
    elsewhere = proposed["candidate"].isin(facts.tallies["candidate"])
    stood = ~elsewhere | ~(proposed["nominated_on"] >= proposed["voted_on"])
    return pd.concat([facts.tallies[COUNTED], proposed.loc[stood, COUNTED]]).drop_duplicates()


def differing(judge: Judge) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The first mark of which the counts say different numbers, and what each of them says."""
    index = judge["candidate"].index
    mark = pd.Series("", index=index, dtype="str")
    numbers = [pd.Series(pd.NA, index=index, dtype="Int64") for _ in CountRole]
    for name, term in zip(MARKS, Mark, strict=True):
        counts = [judge[f"{role.value}_{name}"] for role in CountRole]
        here = (mark == "") & known(counts[0] != counts[1], unknown=False)
        mark = mark.mask(here, term.value)
        numbers = [one.mask(here, count) for one, count in zip(numbers, counts, strict=True)]
    return mark, numbers[0], numbers[1]


@check(rules.COUNTS)
def counts(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Two people count; their numbers agree with each other and with the papers.

    Every valid paper is for or against each candidate, abstains or cannot be read; a name that is
    written in has marks in favour only. Together the marks in favour are no more than papers times
    seats, those for one person no more than papers (选举法 art. 43, 44; 地方组织法 art. 28).
    """
    rows = _to_be_counted(facts)
    for role in CountRole:
        rows = rows.merge(_count(facts, role), on=COUNTED, how="left")
    ballots = votes(facts)[[*VOTE, "seats", "valid", "annulled"]]
    rows = rows.merge(ballots, on=VOTE, how="left")
    slate = facts.candidates[["unit", "post", "candidate", "status", "person"]]
    rows = rows.merge(slate, on=["unit", "post", "candidate"], how="left")
    rows["marks"] = rows.groupby(VOTE)["first_in_favour"].transform("sum")
    rows["own_marks"] = rows.groupby([*VOTE, "person"])["first_in_favour"].transform("sum")
    rows["subject"] = rows["post"] + "/" + rows["round"].astype("str") + "/" + rows["candidate"]
    judge = Judge(rows, facts.units)
    first, valid = judge["first_in_favour"], judge["valid"]
    others = judge["first_against"] + judge["first_abstained"] + judge["first_unclear"]
    write_in = judge["status"] == CandidateStatus.WRITE_IN
    mark, first_said, second_said = differing(judge)

    judge.not_applicable(known(judge["annulled"], unknown=False), "declared-void")
    judge.fail(judge["status"].isna(), "not-a-candidate")
    judge.fail(valid.isna(), "no-ballot")
    judge.missing(first.isna(), "no-count", count_role=CountRole.FIRST)
    judge.missing(judge["second_in_favour"].isna(), "no-count", count_role=CountRole.SECOND)
    judge.fail(mark != "", "counts-differ", mark=mark, first=first_said, second=second_said)
    for role in CountRole:
        judge.missing(
            judge[f"{role.value}_person"].isna(),
            "unknown-counter",
            officer=judge[f"{role.value}_officer"],
        )
    judge.fail(
        judge["first_person"] == judge["second_person"],
        "same-counter",
        officer=judge["first_officer"],
    )
    judge.fail(write_in & (others != 0), "marks-on-write-in", others=others)
    judge.fail(
        ~write_in & (first + others != valid),
        "not-all-papers",
        counted=first + others,
        valid=valid,
    )
    judge.fail(
        judge["own_marks"] > valid, "more-than-papers", counted=judge["own_marks"], valid=valid
    )
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
    kin = facts.kin[["person", "kin", "kinship"]]
    both = pd.concat([kin, kin.rename(columns={"person": "kin", "kin": "person"})])
    slate = facts.candidates[facts.candidates["status"].isin(ON_THE_LIST)]
    found = slate[["unit", "person", "candidate"]].merge(both, on="person")
    found = found.rename(columns={"candidate": "kin_of"}).sort_values("kin_of")
    return found[["unit", "kin", "kin_of", "kinship"]].drop_duplicates(["unit", "kin"])


@check(election_result.SCRUTINEERS)
def scrutineers(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """There are scrutineers and tellers, the counts are theirs, none is a candidate or kin of one.

    Whoever signed a count counts as the person, whichever officer's id was used (选举法 art. 43).
    """
    staff = facts.ballot_staff[["unit", "person", "role"]]
    counters = (
        facts.tallies[["unit", "officer"]]
        .drop_duplicates()
        .merge(facts.officers[["officer", "person"]], on="officer")
    )
    listed = pd.MultiIndex.from_frame(staff[["unit", "person"]])
    unlisted = counters[~pd.MultiIndex.from_frame(counters[["unit", "person"]]).isin(listed)]
    unlisted = unlisted[["unit", "person"]].drop_duplicates().assign(unlisted=True)
    slate = facts.candidates[facts.candidates["status"].isin(ON_THE_LIST)]
    candidates = slate[["unit", "person", "candidate"]].drop_duplicates(["unit", "person"])
    people = pd.concat([staff, unlisted], ignore_index=True)
    people = people.merge(candidates, on=["unit", "person"], how="left").merge(
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
    judge.fail(known(judge["unlisted"], unknown=False), "not-listed")
    return with_returns(judge, facts, "kin")
