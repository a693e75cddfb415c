"""What follows an election: the approval of a chief procurator, and elections that are void.

Rules: the approval by the level above comes after the election and keeps nobody from declaring it,
but nobody takes office before it; what is found void is declared void, and stands nowhere.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.election_after import PROCURATOR_APPROVAL, VOID_ELECTIONS
from schemas.rules.parameters import NoParameters
from schemas.vocabulary import Organ, Status
from schemas.vote_terms import ElectedAs
from tasks.checks.judge import Judge, known
from tasks.checks.plan_subjects import on_record
from tasks.checks.registry import check
from tasks.checks.vetting_slate import until, with_place

# A city's province need not be on record: its code is that of the city, shortened.
_PROVINCE = "0000"
_APPROVING = (Organ.STANDING_COMMITTEE, Organ.PROVINCE_STANDING_COMMITTEE)


def _elected(facts: Facts) -> pd.DataFrame:
    results = facts.results.drop(columns=["_home", "_unit"])
    elected = known(results["elected"], unknown=False)
    return results[elected & ~facts.came(results["voided_on"])]


@check(PROCURATOR_APPROVAL)
def procurator_approval(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """The standing committee one level up approves, on its procurator's proposal.

    地方组织法 art. 11; 人民检察院组织法 art. 38. Nobody takes office before that.
    """
    asked = facts.approvals.drop(columns=["_home", "_unit"])
    rows = with_place(_elected(facts), facts).merge(asked, on=["unit", "candidate"], how="left")
    judge = Judge(rows.assign(subject=rows["candidate"]), facts.units)
    above = judge["parent"].fillna(judge["jurisdiction"].str[:2] + _PROVINCE)
    approved, took = until(facts, judge["approved_on"]), until(facts, judge["took_office_on"])
    at, by = judge["approved_at"], judge["approved_by"]
    judge.not_applicable(by.isna(), "not-asked-yet")
    judge.fail(
        ~(judge["proposed_at"] == above),
        "proposed-by-another",
        place=judge["proposed_at"],
        above=above,
    )
    judge.fail(
        ~((at == above) & by.isin(_APPROVING)),
        "approved-by-another",
        place=at,
        organ=by,
        above=above,
    )
    judge.fail(took.notna() & approved.isna(), "took-office-unapproved", took=took)
    judge.fail(took < approved, "took-office-before", took=took, approved=approved)
    judge.not_applicable(approved.isna(), "not-approved-yet")
    judge.nothing(Status.NOT_APPLICABLE, "nobody-elected")
    return judge.findings()


@check(VOID_ELECTIONS)
def void_elections(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Who was elected with money from abroad or by sabotage is not elected (选举法 art. 35, 58)."""
    found = on_record(facts, "void_elections", "decided_on")
    results = facts.results[["unit", "candidate", "elected", "voided_on"]]
    results = results.rename(columns={"voided_on": "struck_on"})
    rows = found.merge(results, on=["unit", "candidate"], how="left")
    judge = Judge(rows.assign(subject=rows["finding"]), facts.units)
    candidate, decided = judge["candidate"], judge["decided_on"]
    voided = until(facts, judge["voided_on"])
    of_post = judge["elected_as"] == ElectedAs.POST
    elected = known(judge["elected"], unknown=False)
    judge.missing(of_post & candidate.isna(), "no-candidate")
    judge.not_applicable(of_post & ~elected, "not-elected", candidate=candidate)
    judge.fail(voided.isna(), "stands", decided=decided, ground=judge["ground"])
    judge.fail(voided < decided, "voided-before-decided", voided=voided, decided=decided)
    judge.fail(
        of_post & until(facts, judge["struck_on"]).isna(), "result-stands", candidate=candidate
    )
    judge.nothing(Status.NOT_APPLICABLE, "none")
    return judge.findings()
