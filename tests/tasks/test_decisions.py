"""Decisions: what findings make of a gate, and what makes two decisions one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schemas.decisions import Decision, outcome_of, packed, unpacked
from schemas.findings import Finding
from schemas.vocabulary import Outcome, Stage, Status

UNIT = "640302103-congress"
PASS, FAIL, MISSING = "pass", "fail", "missing"
NOT_APPLICABLE, WAIVED = "not_applicable", "waived"
OPEN, WAITING, BLOCKED = Outcome.OPEN, Outcome.WAITING, Outcome.BLOCKED


def findings(*pairs: str) -> list[Finding]:
    """Findings from `check:status`."""
    return [
        Finding(check, "s", Status(status), "" if status == PASS else "why")
        for check, _, status in (pair.partition(":") for pair in pairs)
    ]


# Findings make an outcome


@pytest.mark.parametrize(
    ("said", "required", "outcome"),
    [
        ((), "", WAITING),
        ((), "a", WAITING),
        (("a:pass",), "", WAITING),
        (("a:pass",), "a", OPEN),
        (("a:pass", "a:pass"), "a", OPEN),
        (("a:pass",), "a b", WAITING),
        (("a:pass", "b:not_applicable"), "a b", OPEN),
        (("a:pass", "b:waived"), "a b", OPEN),
        (("a:not_applicable",), "a", WAITING),
        (("a:not_applicable", "b:not_applicable"), "a b", WAITING),
        (("a:waived",), "a", WAITING),
        (("a:missing",), "a", WAITING),
        (("a:pass", "a:missing"), "a", WAITING),
        (("a:pass", "b:missing"), "a b", WAITING),
        (("a:fail",), "a", BLOCKED),
        (("a:pass", "a:fail"), "a", BLOCKED),
        (("a:pass", "b:fail"), "a", BLOCKED),
        (("a:missing", "b:fail"), "a b", BLOCKED),
        (("b:fail",), "a b", BLOCKED),
        (("b:fail",), "", BLOCKED),
        (("b:pass",), "a", WAITING),
    ],
)
def test_what_findings_make_of_a_gate(
    said: tuple[str, ...], required: str, outcome: Outcome
) -> None:
    assert outcome_of(findings(*said), required.split()) is outcome
    assert outcome_of(reversed(findings(*said)), required.split()) is outcome


def test_a_status_that_nobody_knows_blocks() -> None:
    odd = Finding("a", "s", "excused", "why")  # type: ignore[arg-type]
    assert outcome_of([*findings("a:pass"), odd], ["a"]) is BLOCKED


def test_findings_come_back_from_the_ledger_as_they_were() -> None:
    said = [
        *findings("b:pass", "a:missing", "a:pass"),
        Finding("a", "t", Status.FAIL, "late", {"days": 3, "until": "2016-10-01"}),
        Finding("a", "t", Status.FAIL, "late", {"days": 4, "until": "2016-10-01"}),
    ]
    back = unpacked(packed(said))
    assert [one.status for one in back] == [FAIL, FAIL, MISSING, PASS, PASS]
    assert sorted(map(str, back)) == sorted(map(str, said))
    assert packed(reversed(said)) == packed(said)


def decision(**changes: Any) -> Decision:
    given = Decision(
        unit=UNIT,
        stage=Stage.PLAN,
        outcome=OPEN,
        on=date(2016, 12, 31),
        policy="p",
        evidence="e",
        position=7,
        findings=tuple(findings("a:pass")),
    )
    return replace(given, **changes)


@pytest.mark.parametrize(
    ("changes", "other"),
    [
        ({"unit": "640302-cppcc"}, True),
        ({"stage": Stage.VETTING}, True),
        ({"outcome": WAITING}, True),
        ({"policy": "q"}, True),
        ({"evidence": "f"}, True),
        ({"signers": ("o-1",)}, True),
        ({"sign_offs": (5,)}, True),
        ({"findings": tuple(findings("a:fail"))}, True),
        ({"findings": tuple(findings("a:pass", "b:pass"))}, True),
        ({"findings": (Finding("a", "t", Status.PASS),)}, True),
        ({"position": 8}, False),
        ({"on": date(2026, 1, 1)}, False),
    ],
)
def test_a_decision_is_what_it_answers_and_nothing_else(
    changes: dict[str, Any], other: bool
) -> None:
    assert (decision(**changes).key != decision().key) is other
