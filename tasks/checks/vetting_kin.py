"""Vetting: what relatives of a candidate do, and how old what was reviewed may be.

Rules: whoever leads an organ leads its departments; a relative who leaves by the end of the
session holds no office there any more; a freeze date binds where one was set.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.kin_terms import KinOfficeKind, KinOrgan, Relationship
from schemas.rules.parameters import NoParameters
from schemas.rules.vetting_kin import FREEZE, KIN_OFFICES
from schemas.vocabulary import Body, PostKind, ReviewResult, Status
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import on_record
from tasks.checks.registry import check
from tasks.checks.returns import judge_returns
from tasks.checks.vetting_slate import slate, until, with_place, with_post, within_reach

# Whoever holds one of these leads an organ of its own; others lead that of their body.
_LEADS = {
    PostKind.SUPERVISION_DIRECTOR: KinOrgan.SUPERVISION,
    PostKind.COURT_PRESIDENT: KinOrgan.COURT,
    PostKind.CHIEF_PROCURATOR: KinOrgan.PROCURACY,
}
_BODIES = {body: KinOrgan(body.value) for body in Body}


def _led(rows: pd.DataFrame) -> pd.Series:
    """The organ that the holder of each post leads; a member of a committee leads none."""
    body = rows["unit"].str.split("-").str[-1]
    led = body.map({body.value: organ.value for body, organ in _BODIES.items()})
    for kind, organ in _LEADS.items():
        led = led.mask(rows["kind"] == kind, organ.value)
    return led.mask(rows["kind"] == PostKind.MEMBER)


def _offices(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Per candidate the office of a relative near enough in the organ that they are to lead.

    Of several the one that the relative leaves last, one that is kept before all.
    """
    held = facts.kin_offices.drop(columns="_unit")
    near = held[held["relationship"] != Relationship.FURTHER]
    near = near[near["office"] != KinOfficeKind.OTHER]
    found = rows[["candidate", "person", "jurisdiction", "led"]].merge(near, on="person")
    found = found[within_reach(facts, found["jurisdiction"], found["_home"])]
    found = found[(found["organ"] == found["led"]) & (found["works_at"] == found["jurisdiction"])]
    found = found.sort_values(["leaves_on", "relative"], na_position="last")
    columns = ["candidate", "relative", "relationship", "office", "leaves_on"]
    return found.drop_duplicates("candidate", keep="last")[columns]


@check(KIN_OFFICES)
def kin_offices(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Nobody leads an organ in which kin hold a lead, or its people and money (公务员法 art. 74).

    任职回避暂行规定 2006 art. 3: spouse, lineal kin, collateral kin within three generations and
    close in-laws. Who leaves is no bar.
    """
    rows = with_post(with_place(slate(facts, "post", "person"), facts), facts)
    rows = rows.assign(led=_led(rows))
    rows = rows.merge(_offices(facts, rows), on="candidate", how="left")
    closes = facts.calendar[["unit", "session_closes_on"]]
    judge = Judge(rows.merge(closes, on="unit", how="left"), facts.units)
    relative, leaves, closing = judge["relative"], judge["leaves_on"], judge["session_closes_on"]
    stays = relative.notna() & ~(leaves <= closing)
    kinship = {"relative": relative, "relationship": judge["relationship"]}
    judge.missing(judge["kind"].isna(), "no-post")
    judge.missing(leaves.notna() & closing.isna(), "no-calendar", relative=relative, leaves=leaves)
    judge.fail(stays & (judge["office"] == KinOfficeKind.LEADER), "under-the-lead", **kinship)
    judge.fail(stays, "people-and-money", **kinship)
    return pd.concat([judge.findings(), judge_returns(facts, "kin_offices")], ignore_index=True)


@check(FREEZE)
def freeze(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """What a review says is of the freeze date or later, where one was set (domain §7)."""
    dates = on_record(facts, "documents", "issued_on")[["unit", "issued_on"]]
    rows = slate(facts).merge(facts.reviews.drop(columns=["_home", "_unit"]), on="candidate")
    rows = rows.assign(subject=rows["candidate"] + "/" + rows["item"])
    judge = Judge(rows.merge(dates, on="unit", how="left"), facts.units)
    freezes, answered = judge["issued_on"], until(facts, judge["answered_on"])
    judge.not_applicable(freezes.isna(), "no-freeze")
    judge.not_applicable(judge["result"] == ReviewResult.NOT_REQUIRED, "not-required")
    judge.missing(answered.isna(), "not-answered")
    judge.fail(answered < freezes, "too-early", answered=answered, freeze=freezes)
    judge.nothing(Status.NOT_APPLICABLE, "not-reviewed")
    return judge.findings()
