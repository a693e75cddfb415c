"""Plan (方案): deployed early, every duty carried, everyone talked to, all of it on paper."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.parameters import (
    DeploymentRule,
    DisciplineListRule,
    DocumentsRule,
    DutiesRule,
    NoticeRule,
    TalkRule,
)
from schemas.rules.plan import (
    DEPLOYMENT,
    DISCIPLINE_LIST,
    DOCUMENTS,
    DUTIES,
    NOTICE,
    RESPONSIBILITY_TALKS,
)
from schemas.vocabulary import Duty, Level, Organ, Status, TalkKind
from tasks.checks.judge import Judge, of_jurisdiction
from tasks.checks.plan_subjects import (
    due,
    due_by_level,
    in_order,
    on_record,
    organ_of,
    person_of,
    talked_to,
    with_calendar,
)
from tasks.checks.registry import check

CARRIED_BY: dict[str, str] = {
    Duty.FIRST_RESPONSIBLE.value: Organ.SECRETARY.value,
    Duty.LEADS_FIRST.value: Organ.DISCIPLINE.value,
    Duty.LIAISON.value: Organ.ORGANISATION.value,
    Duty.CONGRESS_PLAN.value: Organ.CONGRESS_GROUP.value,
    Duty.GOVERNMENT_PLAN.value: Organ.GOVERNMENT_GROUP.value,
    Duty.CPPCC_PLAN.value: Organ.CPPCC_GROUP.value,
    Duty.CONSULTATION.value: Organ.UNITED_FRONT.value,
}


@check(DEPLOYMENT)
def deployment(facts: Facts, rule: DeploymentRule) -> pd.DataFrame:
    """Every step of the deployment was taken, in its order and soon enough (源文 部署突出“早”)."""
    steps = due_by_level(
        facts.units,
        "kind",
        {Level.CITY: rule.city, Level.COUNTY: rule.county, Level.TOWNSHIP: rule.township},
    )
    measures = on_record(facts, "measures", "held_on")
    rows = in_order(steps.merge(measures, on=["jurisdiction", "kind"], how="left"), "held_on")
    judge = Judge(rows, facts.units)
    step, held, first, before = judge["kind"], judge["held_on"], judge["first"], judge["before"]
    judge.missing(held.isna(), "not-held", measure=step)
    judge.fail(held < before, "out-of-order", measure=step, held=held, before=before)
    judge.fail(
        held > first + pd.Timedelta(days=rule.days),
        "too-late",
        measure=step,
        held=held,
        first=first,
        days=rule.days,
    )
    return judge.findings()


@check(NOTICE)
def notice(facts: Facts, rule: NoticeRule) -> pd.DataFrame:
    """The notice says what each stage requires, before nomination (源文 部署突出“早”)."""
    clauses = on_record(facts, "notice_clauses", "issued_on")
    rows = due(facts.units, "stage", rule.stages, of="jurisdiction")
    rows = rows.merge(clauses, on=["jurisdiction", "stage"], how="left")
    judge = Judge(with_calendar(facts, rows), facts.units)
    issued, nomination = judge["issued_on"], judge["nomination_on"]
    judge.missing(issued.isna(), "no-clause", stage=judge["stage"])
    judge.missing(nomination.isna(), "no-calendar")
    judge.fail(issued > nomination, "too-late", issued=issued, nomination=nomination)
    return judge.findings()


@check(DISCIPLINE_LIST)
def discipline_list(facts: Facts, rule: DisciplineListRule) -> pd.DataFrame:
    """The notice repeats the prohibitions of this term change, and no others (domain §8)."""
    clauses = on_record(facts, "notice_clauses", "issued_on")
    rows = of_jurisdiction(facts.units, clauses)
    judge = Judge(rows.assign(subject=rows["jurisdiction"] + "/" + rows["stage"]), facts.units)
    named = judge["discipline_list"]
    judge.missing(named.isna(), "not-named")
    judge.fail(~named.isin([str(one) for one in rule.lists]), "another-list", prohibitions=named)
    return judge.findings()


@check(DUTIES)
def duties(facts: Facts, rule: DutiesRule) -> pd.DataFrame:
    """Every duty has an officer of its organ (源文 压力传导突出“实”).

    Leads are handled by the discipline commission, never by the first responsible person.
    """
    listed = due_by_level(
        facts.units,
        "duty",
        {Level.CITY: rule.city, Level.COUNTY: rule.county, Level.TOWNSHIP: rule.township},
    )
    assigned = on_record(facts, "duties", "assigned_on")
    secretary = assigned[assigned["duty"] == Duty.FIRST_RESPONSIBLE]
    secretary = secretary[["jurisdiction", "officer"]].rename(columns={"officer": "secretary"})
    rows = listed.merge(assigned, on=["jurisdiction", "duty"], how="left")
    judge = Judge(rows.merge(secretary, on="jurisdiction", how="left"), facts.units)
    duty, officer, needed = judge["duty"], judge["officer"], judge["duty"].map(CARRIED_BY)
    organ = organ_of(facts, judge["jurisdiction"], officer)
    person = person_of(facts, officer)
    judge.missing(officer.isna(), "not-assigned", duty=duty)
    judge.fail(organ.isna(), "unknown-officer", duty=duty, officer=officer)
    judge.fail(
        (duty == Duty.LEADS_FIRST) & (person == person_of(facts, judge["secretary"])),
        "same-person",
        officer=officer,
    )
    judge.fail(organ != needed, "wrong-organ", duty=duty, officer=officer, organ=needed)
    return judge.findings()


def secretaries_below(facts: Facts) -> pd.DataFrame:
    """For each city the secretaries of its counties who owe a talk; empty for a county without."""
    counties = facts.counties.rename(columns={"jurisdiction": "county", "parent": "jurisdiction"})
    secretaries = facts.secretaries[["person", "jurisdiction"]].merge(
        facts.owing_below[["person", "jurisdiction"]], on=["person", "jurisdiction"]
    )
    secretaries = secretaries.drop_duplicates().rename(columns={"jurisdiction": "county"})
    rows = counties[["county", "jurisdiction"]].merge(
        secretaries[["county", "person"]], on="county", how="left"
    )
    cities = facts.units.loc[facts.units["level"] == Level.CITY, "jurisdiction"]
    return rows[rows["jurisdiction"].isin(cities)]


@check(RESPONSIBILITY_TALKS)
def responsibility_talks(facts: Facts, rule: TalkRule) -> pd.DataFrame:
    """Whoever owes a responsibility talk was talked to by the secretary (源文 约谈).

    A city's secretary talks with the secretary of every county too.
    """
    owing = facts.roster.loc[facts.roster["responsibility_talk"], ["jurisdiction", "person"]]
    people = pd.concat([owing, secretaries_below(facts)], ignore_index=True)
    people = people.drop_duplicates(["jurisdiction", "person", "county"])
    talks = talked_to(facts, people, TalkKind.RESPONSIBILITY, rule.organs)
    rows = of_jurisdiction(
        facts.units, talks.assign(subject=talks["person"].fillna(talks["county"]))
    )
    judge = Judge(rows.drop_duplicates(["unit", "subject"]), facts.units)
    judge.missing(judge["person"].isna(), "no-secretary", county=judge["county"])
    judge.missing(judge["held_on"].isna(), "not-talked-to")
    judge.fail(judge["by_other"].isna(), "with-oneself")
    judge.fail(judge["by_organ"].isna(), "wrong-organ", organ=", ".join(rule.organs))
    judge.nothing(Status.MISSING, "nobody-listed")
    return judge.findings()


@check(DOCUMENTS)
def documents(facts: Facts, rule: DocumentsRule) -> pd.DataFrame:
    """Plan, personnel plan and approval are on file, in this order (1990年若干规定第3条)."""
    issuers = {str(kind): str(organ) for kind, organ in zip(rule.kinds, rule.issuers, strict=True)}
    rows = due(facts.units, "kind", rule.kinds, of="unit")
    rows = rows.merge(on_record(facts, "documents", "issued_on"), on=["unit", "kind"], how="left")
    judge = Judge(in_order(rows, "issued_on"), facts.units)
    kind, issued, before = judge["kind"], judge["issued_on"], judge["before"]
    organ = kind.map(issuers)
    judge.missing(issued.isna(), "no-document", document=kind)
    judge.fail(judge["issued_by"] != organ, "wrong-organ", document=kind, organ=organ)
    judge.fail(issued < before, "out-of-order", document=kind, issued=issued, before=before)
    return judge.findings()
