"""Reopening: a gate that stood open and no longer holds is closed on record, and stays so.

Old signatures do not count again, whatever comes back; only a crash, which is no answer, leaves
them in force. What is downstream of the unit stops, and other units go on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest

from data.ledger import Ledger
from data.status import statuses
from schemas.refusals import ActRefused
from schemas.vocabulary import NOT_REACHED, Outcome, Stage
from tasks.checks.catalogue import CHECKS
from tasks.officers import keys, signing
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    DISCIPLINE,
    LIAISON,
    OTHER,
    PLACE,
    SECRETARY,
    UNIT,
    Case,
    case_of,
    meeting,
    talk_more,
)
from tests.generator import Row
from tests.support import cycle
from tests.support.cycle import ON
from tests.support.signing import private_of, vouch, who

Act = Callable[[Case], object]
BOTH = (SECRETARY, LIAISON)
# Evidence of the plan of this unit alone.
ASSEMBLY: Row = next(row for row in cycle.small_rows()["assemblies"] if row["unit"] == UNIT)
REPORT: Row = {
    "report": f"r-{PLACE}-09",
    "unit": UNIT,
    "candidate": f"c-{PLACE}-0001",
    "channel": "letter",
    "received_on": date(2016, 10, 20),
    "clear_leads": True,
    "concrete": True,
    "real_name": False,
    "accepted_on": None,
    "closed_on": None,
}


def mine(case: Case, officer: str = SECRETARY) -> int:
    """The entry in which an officer signed the gate."""
    signed = cycle.entries(case.home, "signed")
    gate = (UNIT, "plan", officer)
    return max(
        int(one["seq"]) for one in signed if (one["unit"], one["stage"], one["officer"]) == gate
    )


def _delivered(case: Case) -> None:
    case.deliver("assemblies", {**ASSEMBLY, "filing_document": "清源常备〔2016〕999号"})


def _revoked(case: Case) -> None:
    keys.revoke(case.recorder, SECRETARY, who(CITY_DISCIPLINE), "密钥被盗")


def _withdrawn(case: Case) -> None:
    signing.withdraw(case.recorder, mine(case), who(SECRETARY))


def _refused(case: Case) -> None:
    case.refuse(CITY_SECRETARY)


def _came_back(case: Case) -> None:
    case.deliver("assemblies", ASSEMBLY)


def _new_key(case: Case) -> None:
    keys.enrol(case.recorder, who(SECRETARY, 2))
    vouch(case.recorder, SECRETARY, who(DISCIPLINE))
    vouch(case.recorder, SECRETARY, who(CITY_LIAISON))


def _refusal_withdrawn(case: Case) -> None:
    refusal = cycle.entries(case.home, "refused")[-1]["seq"]
    signing.withdraw(case.recorder, refusal, who(CITY_SECRETARY))


def _nothing(case: Case) -> None:
    """It only needs new signatures."""


# What closes it, the causes on record, what mends it, and the key with which the secretary signs.
WAYS: dict[str, tuple[Act, list[str], Act, int]] = {
    "changed evidence": (_delivered, ["evidence"], _nothing, 1),
    "changed evidence that comes back": (_delivered, ["evidence"], _came_back, 1),
    "revoked key": (_revoked, ["key"], _new_key, 2),
    "withdrawn sign-off": (_withdrawn, ["sign-off"], _nothing, 1),
    "refusal": (_refused, ["sign-off"], _refusal_withdrawn, 1),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_gate_that_no_longer_holds_is_closed_until_it_is_signed_anew(
    way: str, tmp_path: Path
) -> None:
    closes, causes, mends, key = WAYS[way]
    case = case_of("nominated", tmp_path)
    before = case.decided()
    handed = cycle.handed_on(case.home)
    closes(case)
    launched = cycle.launch(case.home, Stage.NOMINATION, PLACE)
    closed = case.decided()
    assert closed["reopened"] == {"of": before["seq"], "causes": causes}
    assert closed["outcome"] == ("blocked" if way == "refusal" else "waiting")

    # Downstream stops for this unit and for no other; what was handed on stays on record.
    assert launched == {UNIT: None, OTHER: Outcome.OPEN}
    shown = {one.unit: one.stages for one in statuses(Ledger(case.home.ledger), PLACE)}
    assert (shown[UNIT]["plan"], shown[UNIT]["nomination"]) == (closed["outcome"], NOT_REACHED)
    assert shown[OTHER]["nomination"] == "open"
    assert cycle.handed_on(case.home) == handed
    assert cycle.entries(case.home, "handed-on")[-1]["seq"] < closed["seq"]

    # Nobody's old signature counts again, not even of those who had no part in it.
    mends(case)
    assert case.launch() is Outcome.WAITING
    assert case.decided()["sign_offs"] == []
    void = case.void()
    moved = way == "changed evidence"
    assert void[mine(case, LIAISON)] == ("other-evidence" if moved else "reopened")
    assert mine(case) in void
    case.sign(LIAISON)
    assert case.launch() is Outcome.WAITING
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(SECRETARY, key))
    assert case.launch() is Outcome.OPEN
    assert case.decided()["since"] == closed["seq"]
    assert cycle.launch(case.home, Stage.NOMINATION, PLACE)[UNIT] is Outcome.OPEN


def test_old_signatures_stay_void_however_often_it_closes(tmp_path: Path) -> None:
    case = case_of("reclosed", tmp_path)
    old = set(case.void())
    for _ in range(2):
        signed = case.sign(*BOTH)
        assert case.launch() is Outcome.OPEN
        case.deliver("measures", meeting(1))
        assert case.launch() is Outcome.WAITING
        assert {case.void()[seq] for seq in signed} == {"other-evidence"}
        old |= set(signed)
        case.deliver("measures", meeting())
        assert case.launch() is Outcome.WAITING
        assert case.void() == dict.fromkeys(old, "reopened")
    closings = [one for one in cycle.entries(case.home, "decided") if one["reopened"]]
    assert [one["reopened"]["causes"] for one in closings] == [["evidence"]] * 3


# Waivers


@pytest.mark.parametrize("how", ["expired", "withdrawn", "evidence"])
def test_a_gate_with_a_waiver_is_closed_with_it(how: str, tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    before = case.decided()
    if how == "expired":
        case.on = ON + timedelta(days=11)
    elif how == "withdrawn":
        signing.withdraw(case.recorder, before["waivers"][1], who(LIAISON))
    else:
        talk_more(case)
    assert case.launch() is Outcome.WAITING
    closed = case.decided()
    assert closed["reopened"] == {"of": before["seq"], "causes": ["evidence", "waiver"]}
    assert (closed["waivers"], closed["sign_offs"]) == ([], [])
    with pytest.raises(ActRefused) as told:
        case.sign(SECRETARY)
    assert told.value.code == "not-ready"


# Crashes


def _boom(*_: object) -> pd.DataFrame:
    raise MemoryError


@contextmanager
def crashing() -> Iterator[None]:
    """A check crashes."""
    with patch.dict(CHECKS, {"plan.deployment": _boom}):
        yield


def test_a_crash_closes_a_gate_and_takes_no_signature_away(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    before = case.decided()
    with crashing():
        assert case.launch() is Outcome.BLOCKED
    closed = case.decided()
    assert closed["reopened"] == {"of": before["seq"], "causes": ["check"]}
    assert case.launch(Stage.NOMINATION) is Outcome.WAITING
    again = case.decided()
    assert (again["outcome"], again["since"]) == ("open", 0)
    assert again["sign_offs"] == before["sign_offs"]


def test_while_a_check_crashes_nothing_goes_on(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    with crashing():
        assert case.launch(Stage.NOMINATION) is None


def test_a_crash_hides_no_closing(tmp_path: Path) -> None:
    """What happens to the evidence while a crash keeps the gate closed is no less a change."""
    case = case_of("open", tmp_path)
    with crashing():
        assert case.launch() is Outcome.BLOCKED
    case.deliver("measures", meeting(1))
    assert case.launch() is Outcome.WAITING
    case.deliver("measures", meeting())
    assert case.launch() is Outcome.WAITING
    case.sign(*BOTH)
    assert case.launch() is Outcome.OPEN


# A new report


def test_a_new_report_closes_the_vetting_and_holds_what_follows(tmp_path: Path) -> None:
    case = case_of("vetted", tmp_path)
    before = case.decided(Stage.VETTING)
    returned = next(
        row
        for row in cycle.small_rows()["returns"]
        if (row["jurisdiction"], row["register_name"]) == (PLACE, "reports")
    )
    case.deliver("returns", {**returned, "entries": 1})
    case.deliver("reports", REPORT)
    assert cycle.launch(case.home, Stage.INSPECTION, PLACE)[UNIT] is None
    closed = case.decided(Stage.VETTING)
    assert closed["reopened"] == {"of": before["seq"], "causes": ["evidence"]}
    # The earlier gates do not read reports: they stand, with their signatures.
    gates = cycle.decisions(case.home)
    assert {gates[UNIT, stage][0] for stage in ("plan", "nomination")} == {"open"}

    case.withdraw("reports", REPORT)
    case.deliver("returns", returned)
    assert case.launch(Stage.VETTING) is Outcome.WAITING
    assert set(case.void(Stage.VETTING).values()) == {"reopened"}
    case.sign(SECRETARY, DISCIPLINE, stage=Stage.VETTING)
    assert cycle.launch(case.home, Stage.INSPECTION, PLACE)[UNIT] is Outcome.WAITING
    assert case.decided(Stage.VETTING)["outcome"] == "open"


# What needs no doing


def test_an_open_gate_takes_no_more_signatures(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    with pytest.raises(ActRefused) as told:
        case.sign(CITY_SECRETARY)
    assert told.value.code == "already-open"
    assert cycle.entries(case.home, "attempted")[-1]["code"] == "already-open"


def test_a_refusal_is_signed_once(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    case.refuse(SECRETARY)
    with pytest.raises(ActRefused) as told:
        case.refuse(SECRETARY)
    assert told.value.code == "already-refused"
    assert cycle.entries(case.home, "attempted")[-1]["code"] == "already-refused"


def test_a_rotated_key_leaves_an_open_gate_open(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    before = case.decided()
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    assert case.launch() is Outcome.OPEN
    assert case.decided() == before
