"""What counts is one answer, whoever asks: gate, inbox, pages, exports and verifier."""

from pathlib import Path

import pytest

from data.ledger import Ledger
from data.verify import verify
from deployments.gates import gate_json
from deployments.inbox import Inbox
from schemas.refusals import ActRefused
from schemas.text import Text
from schemas.vocabulary import Outcome, Stage
from tasks.export.history import read_record
from tasks.export.rows import ROWS
from tasks.officers import keys, signing
from tasks.officers.pending import PendingSignatures
from tests.authority.scene import (
    CANDIDATE,
    CITY_SECRETARY,
    DELIVERER,
    KIN,
    KIN_BACK,
    LEAVER,
    LIAISON,
    SECRETARY,
    UNIT,
    Case,
    case_of,
    meeting,
)
from tests.support.signing import private_of, who

STOLEN = "密钥被盗用"


@pytest.fixture
def revoked(tmp_path: Path) -> Case:
    """A refusal that was taken back with a key that was revoked since."""
    case = case_of("short", tmp_path)
    seq = case.refuse(SECRETARY)
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    signing.withdraw(case.recorder, seq, who(SECRETARY, 2))
    case.sign(CITY_SECRETARY)
    keys.revoke(case.recorder, SECRETARY, who(SECRETARY, 2), STOLEN)
    return case


def _said_by_export(case: Case) -> list[tuple[object, object]]:
    record = read_record(case.home)
    return [(row["officer"], row["state"]) for row in ROWS["refusals"](record)]


def test_a_refusal_whose_withdrawal_is_void_is_told_before_the_gate_is_launched(
    revoked: Case,
) -> None:
    """The gate will be blocked: whoever looks must not read that nothing is missing."""
    (item,) = [
        one
        for one in Inbox(PendingSignatures(revoked.home), LIAISON).items()
        if one.unit.unit == UNIT
    ]
    assert [gap.refused for gap in item.missing] == [True]
    assert _said_by_export(revoked) == [(SECRETARY, "undecided")]


def test_a_refusal_whose_withdrawal_is_void_blocks_the_gate_and_all_say_so(revoked: Case) -> None:
    assert revoked.launch(Stage.PLAN) is Outcome.BLOCKED
    (item,) = [
        one
        for one in Inbox(PendingSignatures(revoked.home), LIAISON).items()
        if one.unit.unit == UNIT
    ]
    assert [gap.refused for gap in item.missing] == [True]
    assert _said_by_export(revoked) == [(SECRETARY, "stands")]
    acts = gate_json(revoked.home, UNIT, Stage.PLAN.value)["acts"]
    said = {(one["kind"], one["counts"], one["void"]) for one in acts}
    assert {("refused", True, ""), ("withdrawn", False, "key-revoked")} <= said
    entries = list(Ledger(revoked.home.ledger).entries())
    assert verify(revoked.home, acts=True) == (len(entries), None)


# Who may sign


def _named(case: Case) -> set[str]:
    """Whom what waits names for the gate."""
    gates = [one for one in PendingSignatures(case.home).gates if one.unit.unit == UNIT]
    return {officer for one in gates for gap in one.gaps() for officer in gap.able}


def test_nobody_is_named_who_may_not_sign(tmp_path: Path) -> None:
    """A candidate, kin of one, and whoever delivered the evidence."""
    case = case_of("short", tmp_path)
    case.deliver("measures", meeting(1), by=DELIVERER)
    case.launch()
    barred = case.decided()["barred"]
    assert {officer: barred[officer] for officer in (CANDIDATE, KIN, KIN_BACK, DELIVERER)} == {
        CANDIDATE: "about-self",
        KIN: "about-kin",
        KIN_BACK: "about-kin",
        DELIVERER: "self-submitted",
    }
    named = _named(case)
    assert not named & set(barred)
    assert CITY_SECRETARY in named
    for officer in (CANDIDATE, KIN, DELIVERER):
        (item,) = [
            one
            for one in Inbox(PendingSignatures(case.home), officer).items()
            if one.unit.unit == UNIT
        ]
        assert item.state == barred[officer]
        # It is what signing says.
        with pytest.raises(ActRefused) as refused:
            case.sign(officer)
        assert refused.value.code == item.state


def test_where_nobody_is_left_who_may_sign_that_is_said(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    (item,) = [
        one for one in Inbox(PendingSignatures(case.home), LIAISON).items() if one.unit.unit == UNIT
    ]
    (gap,) = item.missing
    assert gap.enough
    for officer in gap.able:
        keys.revoke(case.recorder, officer, who(officer), STOLEN)
    (item,) = [
        one for one in Inbox(PendingSignatures(case.home), LIAISON).items() if one.unit.unit == UNIT
    ]
    (gap,) = item.missing
    assert (gap.able, gap.enough) == ((), False)
    assert "nobody is left who may sign" in gap.text.en


def test_why_nobody_is_left_is_said_as_it_is(tmp_path: Path) -> None:
    """The one secretary with a key who delivered, two kin, a candidate; nobody else has a key."""
    case = case_of("short", tmp_path)
    for officer in (CITY_SECRETARY, LEAVER, DELIVERER):
        keys.revoke(case.recorder, officer, who(officer), STOLEN)
    case.deliver("measures", meeting(1), by=SECRETARY)
    case.launch()
    (gap,) = [
        gap
        for one in PendingSignatures(case.home).gates
        if one.unit.unit == UNIT
        for gap in one.gaps()
        if "secretary" in gap.organs
    ]
    assert gap.text == Text(
        "党委书记1人（无人可签：报送过其依据材料的1人，人选本人或其亲属3人，其他人没有可用的密钥；"
        "可增补一名责任人员）",
        "party secretary: 1 (nobody is left who may sign: delivered evidence of it: 1, candidates "
        "or kin of one: 3, nobody else has a key that opens gates; an officer may be added)",
    )
