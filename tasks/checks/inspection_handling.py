"""Checks of how reports are handled: who handles a case, and to whom a report was passed on.

Rules: who handles a case is no party to it; a report never reaches whom it is about; what was not
passed on, and whom nobody objected to, breaks nothing.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules import inspection_handling as rules
from schemas.rules.parameters import NoParameters, ReportClocksRule
from schemas.vocabulary import Status
from schemas.workdays import working_days_after
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import on_record
from tasks.checks.registry import check
from tasks.checks.vetting_slate import judge_recusal


@check(rules.HANDLERS)
def handlers(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Every case has somebody who handles it, and who has no interest in it (信访工作条例 art. 28).

    Nobody handles what is reported about themselves or their kin (公务员法 art. 76).
    """
    reported = facts.candidates[["candidate", "person"]]
    reports = facts.reports[["report", "candidate"]].merge(reported, on="candidate", how="left")
    rows = on_record(facts, "cases", "opened_on").merge(reports, on="report", how="left")
    handling = facts.case_handlers[["case", "officer", "interested"]]
    rows = rows.merge(handling, on="case", how="left")
    subject = (rows["case"] + "/" + rows["officer"]).fillna(rows["case"])
    judge = Judge(rows.assign(subject=subject), facts.units)
    officer = judge["officer"]
    judge.missing(officer.isna(), "no-handler", opened=judge["opened_on"])
    judge_recusal(judge, facts, officer)
    judge.fail(judge["interested"], "interested", officer=officer)
    judge.nothing(Status.NOT_APPLICABLE, "no-case")
    return judge.findings()


def _referred(facts: Facts) -> Judge:
    rows = on_record(facts, "referrals", "received_on")
    units = facts.referrals[["report", "_unit"]].drop_duplicates("report")
    rows = rows.merge(units.rename(columns={"_unit": "unit"}), on="report")
    judge = Judge(rows.assign(subject=rows["report"] + "/" + rows["recipient"]), facts.units)
    judge.nothing(Status.NOT_APPLICABLE, "not-referred")
    return judge


@check(rules.CONFIDENTIALITY)
def confidentiality(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """No report is passed to the reported person or their unit (信访工作条例 art. 30)."""
    judge = _referred(facts)
    judge.fail(
        judge["reported_party"],
        "shown",
        received=judge["received_on"],
        recipient=judge["recipient"],
    )
    return judge.findings()


@check(rules.OBJECTIONS)
def objections(facts: Facts, rule: ReportClocksRule) -> pd.DataFrame:
    """Who is not competent objects within five working days (信访工作条例 art. 23).

    The day of receipt does not count.
    """
    judge = _referred(facts)
    received = judge["received_on"]
    objected = judge["objected_on"].where(facts.came(judge["objected_on"]))
    taken = working_days_after(received, objected)
    judge.not_applicable(objected.isna(), "no-objection")
    judge.fail(
        objected < received, "objected-before-received", objected=objected, received=received
    )
    judge.missing(taken.isna(), "no-workdays", received=received, objected=objected)
    judge.fail(
        taken > rule.workdays,
        "late",
        received=received,
        objected=objected,
        workdays=taken,
        allowed=rule.workdays,
    )
    return judge.findings()
