"""What counts is one answer, whoever asks: gate, inbox, pages, exports and verifier."""

from pathlib import Path

import pytest

from data.ledger import Ledger
from data.verify import verify
from deployments.inbox import Inbox
from schemas.vocabulary import Outcome, Stage
from tasks.export.history import read_record
from tasks.export.rows import ROWS
from tasks.officers import keys, signing
from tasks.publishing.pages import Overview
from tests.authority.scene import CITY_SECRETARY, LIAISON, SECRETARY, UNIT, Case, case_of
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
    (item,) = [one for one in Inbox(revoked.home, LIAISON).items() if one.unit.unit == UNIT]
    assert [gap.refused for gap in item.missing] == [True]
    assert "somebody refused" in Overview(revoked.home).inbox().content
    assert _said_by_export(revoked) == [(SECRETARY, "undecided")]


def test_a_refusal_whose_withdrawal_is_void_blocks_the_gate_and_all_say_so(revoked: Case) -> None:
    assert revoked.launch(Stage.PLAN) is Outcome.BLOCKED
    (item,) = [one for one in Inbox(revoked.home, LIAISON).items() if one.unit.unit == UNIT]
    assert [gap.refused for gap in item.missing] == [True]
    assert "somebody refused" in Overview(revoked.home).inbox().content
    assert _said_by_export(revoked) == [(SECRETARY, "stands")]
    entries = list(Ledger(revoked.home.ledger).entries())
    assert verify(revoked.home, acts=True) == (len(entries), None)
