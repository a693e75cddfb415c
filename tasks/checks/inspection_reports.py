"""Checks of what is reported: channels, reports, cases, and breaches decided on."""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.inspection_terms import CaseOutcome, Effect
from schemas.rules import inspection_reports as rules
from schemas.rules.parameters import CasesRule, ChannelsRule, ProhibitionsRule, ReportClocksRule
from schemas.vocabulary import NOMINEES
from schemas.workdays import working_days_after
from tasks.checks.judge import Judge, known
from tasks.checks.plan_subjects import before_the_vote, cycle_begins, on_record
from tasks.checks.registry import check
from tasks.checks.returns import with_returns

HOMES = ["_home", "_unit"]
OFF_THE_SLATE = [
    Effect.EXCLUDED.value,
    Effect.NO_PROMOTION.value,
    Effect.SUSPENDED.value,
    Effect.VOIDED.value,
]


def _received(facts: Facts) -> pd.DataFrame:
    reports = facts.reports[facts.came(facts.reports["received_on"])]
    return reports.drop(columns=HOMES).assign(subject=reports["report"])


def _kept(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` (unit, jurisdiction, channel) with the nearest place that keeps that channel.

    A place's own, else that of the nearest place above it.
    """
    near = facts.lineage.assign(steps=facts.lineage.groupby("jurisdiction").cumcount())
    live = facts.report_channels[facts.came(facts.report_channels["live_on"])]
    live = live.rename(columns={"jurisdiction": "ancestor"}).drop(columns=HOMES)
    found = rows.merge(near, on="jurisdiction").merge(live, on=["ancestor", "channel"])
    found = found.sort_values("steps", kind="stable").drop_duplicates(["unit", "channel"])
    kept = found[["unit", "channel", "ancestor", "live_on", "tested_on", "staffed"]]
    return rows.merge(kept, on=["unit", "channel"], how="left")


@check(rules.CHANNELS)
def channels(facts: Facts, rule: ChannelsRule) -> pd.DataFrame:
    """Phone, letter, web and SMS are live, tested in this cycle, and staffed (源文).

    A place without a channel of its own is served by the nearest place above that keeps it.
    """
    asked = pd.DataFrame({"channel": [channel.value for channel in rule.channels]})
    rows = _kept(facts, facts.units[["unit", "jurisdiction"]].merge(asked, how="cross"))
    place = rows["ancestor"].fillna(rows["jurisdiction"])
    days = facts.calendar[["unit", "nomination_on"]]
    rows = rows.assign(subject=place + "/" + rows["channel"]).merge(days, on="unit", how="left")
    judge = Judge(rows.merge(cycle_begins(facts), on="unit", how="left"), facts.units)
    channel, opened, tested = judge["channel"], judge["live_on"], judge["tested_on"]
    begins, nomination = judge["begins"], judge["nomination_on"]

    judge.missing(opened.isna(), "not-live", channel=channel)
    judge.missing(begins.isna() | nomination.isna(), "no-calendar")
    judge.fail(
        opened > nomination, "live-too-late", channel=channel, live=opened, nomination=nomination
    )
    judge.missing(facts.ahead(tested), "not-tested", channel=channel)
    judge.fail(tested < opened, "tested-before-live", channel=channel, tested=tested, live=opened)
    judge.fail(
        tested < begins,
        "tested-before-the-cycle",
        channel=channel,
        tested=tested,
        since=begins,
    )
    judge.fail(~judge["staffed"], "not-staffed", channel=channel)
    return judge.findings()


def _cases_of_reports(facts: Facts) -> pd.DataFrame:
    """Per report its cases together: the first opening, whether any is open, whether all joint."""
    cases = facts.cases[facts.came(facts.cases["opened_on"])]
    ended = facts.came(cases["closed_on"]) & cases["outcome"].notna()
    return (
        cases.assign(
            open=~ended,
            reversed=cases["closed_on"] < cases["opened_on"],
            founded=cases["outcome"] == CaseOutcome.FOUNDED,
        )
        .groupby(["unit", "report"], as_index=False)
        .agg(
            opened_on=("opened_on", "min"),
            case_closed_on=("closed_on", "max"),
            open=("open", "any"),
            reversed=("reversed", "any"),
            joint=("joint", "all"),
            founded=("founded", "any"),
        )
    )


def _decisions_on_reports(facts: Facts, reports: pd.DataFrame) -> pd.DataFrame:
    """When a breach was last decided on: the reported candidate's, or any where none is named."""
    decided = facts.violations[facts.came(facts.violations["decided_on"])]
    decided = decided[["unit", "candidate", "decided_on"]].rename(columns={"candidate": "breached"})
    pairs = reports[["unit", "report", "candidate"]].merge(decided, on="unit")
    same = pairs["candidate"].isna() | (pairs["candidate"] == pairs["breached"])
    return pairs[same].groupby("report", as_index=False).agg(decided_on=("decided_on", "max"))


@check(rules.CASES)
def cases(facts: Facts, rule: CasesRule) -> pd.DataFrame:
    """A specific report is a case of its own, opened soon, verified jointly and brought to an end.

    What is founded leads to a decision (源文 立项专办; 选举法 art. 59). A report that came after
    the vote does not touch it, nor does one that was decided to be about something else; what is
    said of a candidate is always about the election.
    """
    scopes = on_record(facts, "report_scopes", "decided_on")
    scopes = scopes.rename(columns={"decided_on": "scoped_on"})
    reports = _received(facts).merge(scopes, on="report", how="left")
    before = before_the_vote(facts, reports)["report"]
    reports = reports.merge(_cases_of_reports(facts), on=["unit", "report"], how="left")
    reports = reports.merge(_decisions_on_reports(facts, reports), on="report", how="left")
    judge = Judge(reports, facts.units)
    received, opened = judge["received_on"], judge["opened_on"]
    until = received + pd.Timedelta(days=rule.days)
    undecided = judge["decided_on"].isna() | (judge["decided_on"] < received)

    judge.not_applicable(~judge["report"].isin(before), "after-the-vote", received=received)
    outside = ~known(judge["within"], unknown=True) & judge["candidate"].isna()
    judge.not_applicable(outside, "out-of-scope", decided=judge["scoped_on"])
    judge.not_applicable(~(judge["clear_leads"] & judge["concrete"]), "unspecific")
    judge.missing(opened.isna(), "no-case", received=received)
    judge.fail(opened < received, "opened-before-received", opened=opened, received=received)
    judge.fail(opened > until, "opened-late", received=received, opened=opened, allowed=rule.days)
    judge.fail(~known(judge["joint"], unknown=False), "not-joint")
    judge.fail(known(judge["open"], unknown=True), "open", opened=opened)
    judge.fail(
        known(judge["reversed"], unknown=True),
        "closed-before-opened",
        closed=judge["case_closed_on"],
        opened=opened,
    )
    judge.missing(known(judge["founded"], unknown=True) & undecided, "no-decision")
    return with_returns(judge, facts, "reports")


def _lacking(decided: pd.DataFrame, rule: ProhibitionsRule) -> pd.Series:
    """Violation → the effects that its candidate must bear too and on which nobody decided."""
    required = pd.DataFrame(
        [
            (number, effect.value)
            for number, effects in enumerate(rule.required, start=1)
            for effect in effects
        ],
        columns=["prohibition", "effect"],
    ).astype({"prohibition": "Int64", "effect": "str"})
    breach = ["unit", "candidate", "prohibition"]
    of_candidates = decided[decided["candidate"].notna()]
    wanted = of_candidates[["violation", *breach]].merge(required, on="prohibition")
    given = of_candidates[[*breach, "effect"]].drop_duplicates().assign(given=True)
    wanted = wanted.merge(given, on=[*breach, "effect"], how="left")
    return wanted[wanted["given"].isna()].groupby("violation")["effect"].agg(", ".join)


@check(rules.PROHIBITIONS)
def prohibitions(facts: Facts, rule: ProhibitionsRule) -> pd.DataFrame:
    """Every breach decided on has the effects that its prohibition names, carried out (一律).

    Each effect is a decided breach of its own; what follows without exception is decided on every
    candidate, who does not stay on the slate where it strikes them off.
    """
    decided = facts.violations[facts.came(facts.violations["decided_on"])].drop(columns=HOMES)
    lawful = pd.DataFrame(
        [
            (number, effect.value, True)
            for number, effects in enumerate(rule.effects, start=1)
            for effect in dict.fromkeys(effects)
        ],
        columns=["prohibition", "effect", "lawful"],
    ).astype({"prohibition": "Int64", "effect": "str"})
    slate = facts.candidates[["unit", "candidate", "status"]]
    rows = decided.merge(lawful, on=["prohibition", "effect"], how="left")
    rows = rows.merge(slate, on=["unit", "candidate"], how="left")
    judge = Judge(rows.assign(subject=rows["violation"]), facts.units)
    number, effect, candidate = judge["prohibition"], judge["effect"], judge["candidate"]
    effective = judge["effective_on"]
    lacking = judge["violation"].map(_lacking(decided, rule)).astype("str")

    judge.fail(
        (number < 1) | (number > len(rule.effects)),
        "unknown-prohibition",
        prohibition=number,
        known=len(rule.effects),
    )
    judge.fail(judge["lawful"].isna(), "wrong-effect", prohibition=number, effect=effect)
    judge.fail(
        candidate.notna() & judge["status"].isna(), "another-units-candidate", candidate=candidate
    )
    judge.fail(
        lacking.notna(),
        "effect-lacking",
        candidate=candidate,
        prohibition=number,
        effect=lacking,
    )
    judge.missing(effective.isna(), "not-carried-out", effect=effect)
    judge.not_yet(facts.ahead(effective), "not-carried-out", effect=effect)
    judge.fail(
        effect.isin(OFF_THE_SLATE) & judge["status"].isin(NOMINEES),
        "still-proposed",
        candidate=candidate,
        effect=effect,
    )
    return with_returns(judge, facts, "violations")


@check(rules.REPORT_CLOCKS)
def report_clocks(facts: Facts, rule: ReportClocksRule) -> pd.DataFrame:
    """Who reports under a real name is told in time that it was accepted (检举控告规则 art. 15–18).

    The day of receipt does not count.
    """
    judge = Judge(_received(facts), facts.units)
    received = judge["received_on"]
    accepted = judge["accepted_on"].where(facts.came(judge["accepted_on"]))
    taken = working_days_after(received, accepted)

    judge.not_applicable(~judge["real_name"], "not-named")
    judge.missing(accepted.isna(), "not-accepted", received=received)
    judge.fail(
        accepted < received, "accepted-before-received", accepted=accepted, received=received
    )
    judge.missing(taken.isna(), "no-workdays", received=received, accepted=accepted)
    judge.fail(
        taken > rule.workdays,
        "late",
        received=received,
        accepted=accepted,
        workdays=taken,
        allowed=rule.workdays,
    )
    return with_returns(judge, facts, "reports")
