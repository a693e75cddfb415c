"""What lies ahead is not yet: it keeps a gate waiting, never blocked, and nobody waives it."""

import pandas as pd
import pytest

from schemas.decisions import CLOSING, WANTING, outcome_of
from schemas.findings import Finding
from schemas.vocabulary import Outcome, Status
from tasks.checks.judge import Judge
from tasks.gate.approvals import InForce, excepted

NOT_YET = Finding("vetting.public-notice", "c-1", Status.NOT_YET, "not-over")
PASS = Finding("vetting.bars", "c-1", Status.PASS)
FAIL = Finding("vetting.bars", "c-2", Status.FAIL, "undecided")


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [
        ([PASS], Outcome.OPEN),
        ([PASS, NOT_YET], Outcome.WAITING),
        ([NOT_YET], Outcome.WAITING),
        ([PASS, NOT_YET, FAIL], Outcome.BLOCKED),
    ],
)
def test_a_day_to_come_waits_and_never_blocks_or_opens(
    findings: list[Finding], outcome: Outcome
) -> None:
    assert outcome_of(findings, {one.check for one in findings}) is outcome


def test_what_lies_ahead_closes_and_is_not_waived() -> None:
    assert Status.NOT_YET in CLOSING
    assert Status.NOT_YET not in WANTING
    waiver = InForce((7,), "2016-12-31", ("p",))
    told, used = excepted([NOT_YET, FAIL], {(one.check, one.subject): waiver
                                            for one in (NOT_YET, FAIL)})  # fmt: skip
    assert [one.status for one in told] == [Status.NOT_YET, Status.WAIVED]
    assert used == [waiver]


def test_an_unknown_day_is_not_passed_over() -> None:
    rows = pd.DataFrame({"unit": ["u"] * 3, "subject": ["a", "b", "c"]})
    judge = Judge(rows, pd.DataFrame({"unit": ["u"]}))
    judge.not_yet(pd.Series([True, None, False], dtype="boolean"), "not-over")
    assert judge.findings()["status"].tolist() == ["not_yet", "not_yet", "pass"]
