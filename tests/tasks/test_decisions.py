"""Decisions: what findings make of a gate, and what makes two decisions one."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any

import pytest

from schemas.decisions import Decision, closing_of, outcome_of, packed, unpacked
from schemas.findings import Finding, Findings
from schemas.vocabulary import Outcome, Stage, Status
from tasks.gate.evaluation import run_checks
from tests.support import reference

UNIT = "640302103-congress"
PASS, FAIL, MISSING = "pass", "fail", "missing"
NOT_APPLICABLE, WAIVED, NOT_YET = "not_applicable", "waived", "not_yet"
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
        findings=Findings.of(findings("a:pass")),
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
        ({"findings": Findings.of(findings("a:fail"))}, True),
        ({"findings": Findings.of(findings("a:pass", "b:pass"))}, True),
        ({"findings": Findings.of([Finding("a", "t", Status.PASS)])}, True),
        ({"position": 8}, False),
        ({"on": date(2026, 1, 1)}, False),
    ],
)
def test_a_decision_is_what_it_answers_and_nothing_else(
    changes: dict[str, Any], other: bool
) -> None:
    assert (decision(**changes).key != decision().key) is other


# Many findings are one decision, however they are kept


def entry(finding: Finding) -> object:
    """A finding as it stands in the ledger."""
    told: list[object] = [finding.subject, finding.reason, finding.arguments]
    return told if finding.reason else finding.subject


@pytest.mark.parametrize("stage", Stage)
def test_findings_kept_together_are_the_decision_of_each_by_itself(stage: Stage) -> None:
    facts = reference.facts(reference.with_faults())
    together = run_checks([one for one in reference.checks() if one.rule.stage is stage], facts)
    single = {unit: list(found) for unit, found in together.items()}
    assert list(together) == list(single)
    required = {one.rule.code for one in reference.checks() if one.rule.stage is stage}
    outcomes = set()
    for unit, every in single.items():
        assert len(together[unit]) == len(every) > 0
        assert Counter(map(str, together[unit])) == Counter(map(str, every))
        assert closing_of(together[unit]) == [
            one for one in every if one.status in (FAIL, MISSING, NOT_YET)
        ]
        written = {
            check: {
                status: sorted(
                    (entry(one) for one in every if (one.check, one.status) == (check, status)),
                    key=partial(json.dumps, ensure_ascii=False, sort_keys=True),
                )
                for status in {one.status for one in every if one.check == check}
            }
            for check in {one.check for one in every}
        }
        one = decision(unit=unit, findings=together[unit])
        assert one.packed_findings == written
        said = [unit, "plan", "open", "p", "e", written, [], [], {}]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert one.key == sha256(text.encode()).hexdigest()
        status = {finding.status.value for finding in every}
        outcome = BLOCKED if FAIL in status else WAITING if status & {MISSING, NOT_YET} else OPEN
        assert outcome_of(together[unit], required) is outcome
        outcomes.add(outcome)
    assert len(outcomes) > 1
