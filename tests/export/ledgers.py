"""A short history in which everything happened that may happen to a gate."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from data.home import Home
from tasks.export.history import Record, read_record
from tests.export.teller import Teller, evidence_of, passing, unsigned
from tests.support.templates import made_once

CITY = (
    ("640300-congress", "640300", "清宁市", "city", "congress", None),
    ("640300-government", "640300", "清宁市", "city", "government", None),
    ("640300-cppcc", "640300", "清宁市", "city", "cppcc", None),
    ("640302-congress", "640302", "清源区", "county", "congress", "640300"),
    ("640302-government", "640302", "清源区", "county", "government", "640300"),
    ("640302-cppcc", "640302", "清源区", "county", "cppcc", "640300"),
    ("640302100-congress", "640302100", "上桥镇", "township", "congress", "640302"),
    ("640302100-government", "640302100", "上桥镇", "township", "government", "640302"),
)
# A reason that would like to be a formula, an element, the end of a script and a new line.
EVIL = '=HYPERLINK("x")</script><img src=x onerror=alert(1)>\u2028&amp;密钥遗失'
SECRETARY, DISCIPLINE, DEPARTMENT, FRONT = (
    "o-640300-sec-1", "o-640300-dc-1", "o-640300-od-1", "o-640300-uf-1",
)  # fmt: skip

# The map of somebody's own sheets.
MAP = b"[[sheets]]"


@cache
def eventful_record() -> Record:
    """The record of that history; nobody changes it."""
    return read_record(Home(made_once("told", eventful)))


def eventful(path: Path) -> Home:
    """A short history in which everything happened that may happen to a gate.

    The congress of the city is through two gates; its government was closed again and opened
    again; its CPPCC stands on a hand-off whose gate was closed; the district's congress waits, its
    government is blocked and refused, its CPPCC open under a waiver; the township's congress was
    open under a waiver that ran out; its government was never looked at.
    """
    teller = Teller(Home(path))
    with teller.together():
        teller.opened(SECRETARY, DISCIPLINE)
        teller.enrolled(SECRETARY)
        teller.founded(SECRETARY, "jurisdictions", "units", "officers")
        teller.submitted("candidates", SECRETARY, rejected=1)
        teller.listed(CITY)
        _keys(teller)
        _city(teller)
        _district(teller)
        _township(teller)
        _afterwards(teller)
    return teller.home


def _keys(teller: Teller) -> None:
    teller.enrolled(DISCIPLINE)
    teller.attempted("vouch", "own-organ", DISCIPLINE)
    for officer, vouchers in (
        (DEPARTMENT, (DISCIPLINE, SECRETARY)), (FRONT, (SECRETARY, DISCIPLINE))
    ):  # fmt: skip
        teller.enrolled(officer)
        for voucher in vouchers:
            teller.vouched(officer, voucher)
    teller.rotated(SECRETARY)
    teller.enrolled("o-640302-sec-1")


def _city(teller: Teller) -> None:
    congress, government, cppcc = CITY[0][0], CITY[1][0], CITY[2][0]
    for stage in ("plan", "nomination"):
        teller.through(congress, stage, SECRETARY, DISCIPLINE)
        teller.now += timedelta(days=3)
    teller.checkpointed(SECRETARY, DISCIPLINE)
    first = teller.through(government, "plan", SECRETARY, DISCIPLINE)
    teller.now += timedelta(days=12)
    teller.submitted("posts", DEPARTMENT, mapping=MAP)
    new = evidence_of(government, "changed")
    void = {str(seq): "other-evidence" for seq in teller.gate[government, "plan"]["sign_offs"]}
    closed = teller.decided(
        government, "plan", "waiting", new,
        {**passing("plan", government), "plan.sign-off": unsigned("lead", "secretary")},
        void=void, causes=["evidence"],
    )  # fmt: skip
    again = [teller.signed(government, "plan", one, new) for one in (SECRETARY, DISCIPLINE)]
    teller.decided(
        government, "plan", "open", new, passing("plan", government),
        signers=[SECRETARY, DISCIPLINE], sign_offs=again, since=closed,
        void=dict.fromkeys(void, "reopened"),
    )  # fmt: skip
    teller.handed_on(government, "plan")
    assert first < closed
    teller.through(cppcc, "plan", SECRETARY, FRONT)
    teller.through(cppcc, "nomination", SECRETARY, FRONT)
    teller.now += timedelta(days=4)
    signed = teller.gate[cppcc, "plan"]["sign_offs"]
    teller.revoked(FRONT, DISCIPLINE, EVIL)
    teller.decided(
        cppcc, "plan", "waiting", teller.gate[cppcc, "plan"]["evidence"],
        {**passing("plan", cppcc), "plan.sign-off": unsigned("front", "united-front")},
        signers=[SECRETARY], sign_offs=signed[:1], void={str(signed[1]): "key-revoked"},
        causes=["key"],
    )  # fmt: skip


def _district(teller: Teller) -> None:
    congress, government, cppcc = (row[0] for row in CITY[3:6])
    teller.attempted("sign", "not-decided", SECRETARY, congress, "plan")
    teller.decided(
        congress, "plan", "waiting", evidence_of(congress),
        {"plan.seats": {"pass": [f"{congress}-chair"], "missing": [[congress, "nothing-on-record",
         {}]]}},
    )  # fmt: skip
    evidence = evidence_of(government)
    found = passing("plan", government)
    teller.decided(government, "plan", "waiting", evidence, found)
    refused = teller.signed(government, "plan", DISCIPLINE, evidence, refuse="方案未经常委会审议")
    teller.attempted("sign", "stands-refused", DISCIPLINE, government, "plan")
    teller.decided(
        government, "plan", "blocked", evidence,
        {**found, "plan.sign-off": {"fail": [["discipline", "sign-off-refused", {
            "organ": "discipline-commission", "entry": refused}]]}},
    )  # fmt: skip
    taken = teller.signed(government, "plan", SECRETARY, evidence)
    teller.withdrawn(taken, government, "plan", SECRETARY, EVIL)
    _waived_open(teller, cppcc, "2017-06-30")


def _waived_open(teller: Teller, unit: str, until: str) -> None:
    check, subject = "plan.responsibility-talks", "640302"
    first = teller.waived(unit, "plan", check, subject, until, SECRETARY)
    second = teller.waived(unit, "plan", check, subject, until, DISCIPLINE)
    evidence = evidence_of(unit, until)
    signed = [teller.signed(unit, "plan", one, evidence) for one in (SECRETARY, DISCIPLINE)]
    found = {**passing("plan", unit), check: {
        "waived": [[subject, "waived", {"entry": first, "until": until}]]}}  # fmt: skip
    teller.decided(
        unit, "plan", "open", evidence, found, signers=[SECRETARY, DISCIPLINE], sign_offs=signed,
        waivers=[first, second],
    )  # fmt: skip
    teller.handed_on(unit, "plan")


def _township(teller: Teller) -> None:
    unit = CITY[6][0]
    _waived_open(teller, unit, "2016-10-31")
    teller.now += timedelta(days=45)
    before = teller.gate[unit, "plan"]
    check = "plan.responsibility-talks"
    teller.decided(
        unit, "plan", "waiting", evidence_of(unit, "expired"),
        {"plan.seats": {"pass": [f"{unit}-head"]},
         check: {"missing": [["640302", "nothing-on-record", {}]]}},
        void={**{str(seq): "expired" for seq in before["waivers"]},
              **{str(seq): "other-evidence" for seq in before["sign_offs"]}},
        causes=["evidence", "waiver"],
    )  # fmt: skip


def _afterwards(teller: Teller) -> None:
    teller.attempted("waive", "absolute", SECRETARY, CITY[0][0], "vetting")
    teller.attempted("waive", "absolute", SECRETARY, CITY[1][0], "vetting")
    teller.attempted("sign", "unknown-officer")
    teller.submitted("candidates", DEPARTMENT, mode="withdraw")
    teller.confirmed(teller.proposed("officers", DEPARTMENT), SECRETARY)
    teller.evaluators_replaced(DISCIPLINE, SECRETARY)
    unit, stage = CITY[0][0], "nomination"
    objected = teller.objected(unit, stage, {"nomination.sign-off": unsigned("lead", "secretary")})
    teller.ruled(objected, unit, stage, DISCIPLINE, "举报不实，已核查")
    teller.checkpointed(SECRETARY, DISCIPLINE)
