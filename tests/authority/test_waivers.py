"""Waivers: one subject, one check, until a day, by all of the named authority; shown, and signed.

A waiver opens nothing by itself: what it excepts is shown to whoever signs, and what they sign
covers it. It ends with its day, with the evidence that it was given on, or when it is taken back.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest

from schemas.facts import Facts
from schemas.refusals import ActRefused
from schemas.reports import finding_reason
from schemas.text import LANGUAGES
from schemas.vocabulary import Outcome
from tasks.checks.catalogue import CHECKS
from tasks.officers import signing, waiving
from tests.authority.scene import (
    DISCIPLINE,
    LIAISON,
    NOT_TALKED_TO,
    OTHER,
    PLACE,
    SECRETARY,
    TALK,
    TALKS,
    UNIT,
    Case,
    case_of,
    meeting,
    talk_more,
)
from tests.support import cycle
from tests.support.cycle import ON
from tests.support.signing import who

UNTIL = ON + timedelta(days=10)
SIGNERS = (SECRETARY, LIAISON)


def signed(case: Case) -> Outcome | None:
    """Everybody signs, and the stage is launched."""
    case.sign(*SIGNERS)
    return case.launch()


def code_of(case: Case, *officers: str) -> str:
    """Why officers may not sign the gate."""
    with pytest.raises(ActRefused) as told:
        case.sign(*officers)
    return told.value.code


def test_a_waived_gate_opens_once_it_is_signed_and_says_so(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    waived = case.waive(DISCIPLINE, LIAISON)
    assert case.launch() is Outcome.WAITING
    assert signed(case) is Outcome.OPEN
    entry = case.decided()
    shown = entry["findings"][TALKS]["waived"]
    assert shown == [[NOT_TALKED_TO, "waived", {"entry": waived[0], "until": str(UNTIL)}]]
    assert entry["waivers"] == waived
    handed = cycle.entries(case.home, "handed-on")[-1]
    assert (handed["unit"], handed["waivers"]) == (UNIT, waived)


def test_what_is_waived_is_told_in_both_languages(tmp_path: Path) -> None:
    case = case_of("waived", tmp_path)
    found = next(one for one in case.findings() if one.status == "waived")
    zh, en = (finding_reason(found, lang) for lang in LANGUAGES)
    assert str(UNTIL) in zh
    assert str(UNTIL) in en
    assert zh != en


def test_the_other_organ_joins_in_the_same_words(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    first = case.waive(LIAISON)[0]
    assert case.launch() is Outcome.WAITING
    assert case.void() == {first: "incomplete"}
    assert code_of(case, SECRETARY) == "not-ready"
    second = waiving.join_waiver(case.recorder, first, who(DISCIPLINE))
    case.launch()
    assert case.decided()["waivers"] == [first, second]
    assert signed(case) is Outcome.OPEN


def test_a_waiver_is_for_one_unit(tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    cycle.launch(case.home, "plan", OTHER)
    assert [one.reason for one in cycle.closing(case.home, OTHER, "plan")] == ["not-talked-to"]


# What is signed covers it


def test_who_signs_signs_the_waiver_too(tmp_path: Path) -> None:
    """The same rows with a waiver, without one, and with another one are three things to sign."""
    case = case_of("lacking", tmp_path)
    seen = [case.evidence]
    for reason in ("本人住院", "另有原因"):
        waivers = case.waive(DISCIPLINE, LIAISON, reason=reason)
        case.launch()
        seen.append(case.evidence)
        case.sign(SECRETARY)
        for seq, officer in zip(waivers, (DISCIPLINE, LIAISON), strict=True):
            signing.withdraw(case.recorder, seq, who(officer))
        case.launch()
    assert len(set(seen)) == 3
    assert case.evidence == seen[0]


def test_a_signature_without_the_waiver_is_none_for_the_gate_with_it(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    before = case.evidence
    case.waive(DISCIPLINE, LIAISON)
    case.launch()
    with pytest.raises(ActRefused) as told:
        case.hand_in(case.envelope(evidence=before))
    assert told.value.code == "other-evidence"


def test_a_signature_with_one_waiver_is_none_for_the_gate_with_another(tmp_path: Path) -> None:
    case = case_of("waived", tmp_path)
    first = case.sign(*SIGNERS)
    for seq, officer in zip(case.decided()["waivers"], (DISCIPLINE, LIAISON), strict=True):
        signing.withdraw(case.recorder, seq, who(officer))
    case.launch()
    case.waive(DISCIPLINE, LIAISON, reason="另有原因")
    assert case.launch() is Outcome.WAITING
    void = case.void()
    assert {void[seq] for seq in first} == {"other-evidence"}
    assert signed(case) is Outcome.OPEN


def test_a_finding_that_mends_itself_needs_no_waiver(tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    before = case.decided()
    case.deliver("talk_participants", TALK)
    assert case.launch() is Outcome.WAITING
    closed = case.decided()
    assert closed["reopened"] == {"of": before["seq"], "causes": ["evidence", "waiver"]}
    assert closed["waivers"] == []
    assert "waived" not in closed["findings"][TALKS]
    assert signed(case) is Outcome.OPEN


# How it ends


def test_a_waiver_counts_to_the_end_of_its_day(tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    case.on = UNTIL
    assert case.launch() is Outcome.OPEN
    case.on = UNTIL + timedelta(days=1)
    assert case.launch() is Outcome.WAITING
    assert case.decided()["reopened"]["causes"] == ["evidence", "waiver"]
    assert set(case.void().values()) == {"expired", "other-evidence"}


def test_a_new_waiver_after_the_old_one_expired(tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    case.on = UNTIL + timedelta(days=1)
    case.launch()
    case.waive(DISCIPLINE, LIAISON, until=case.on)
    assert case.launch() is Outcome.WAITING
    assert signed(case) is Outcome.OPEN


def test_evidence_of_another_check_leaves_the_waiver_in_force(tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    before = case.decided()
    case.deliver("measures", meeting(1))
    assert case.launch() is Outcome.WAITING
    closed = case.decided()
    assert closed["reopened"]["causes"] == ["evidence"]
    assert closed["waivers"] == before["waivers"]
    assert closed["findings"][TALKS] == before["findings"][TALKS]
    assert signed(case) is Outcome.OPEN


def test_evidence_of_its_own_check_ends_the_waiver(tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    waivers = case.decided()["waivers"]
    talk_more(case)
    assert case.launch() is Outcome.WAITING
    assert {case.void()[seq] for seq in waivers} == {"other-evidence"}
    assert [one.reason for one in cycle.closing(case.home, UNIT, "plan")] == ["not-talked-to"]
    assert code_of(case, SECRETARY) == "not-ready"
    # It is given again, on what there is to see today.
    case.waive(DISCIPLINE, LIAISON)
    case.launch()
    assert signed(case) is Outcome.OPEN


def _crashes(_facts: Facts, _rule: object) -> pd.DataFrame:
    raise MemoryError


def _says_nothing(_facts: Facts, _rule: object) -> None:
    return None


@pytest.mark.parametrize("answer", [_crashes, _says_nothing], ids=["crash", "malformed"])
def test_a_waiver_excuses_no_check_that_gave_no_answer(
    answer: Callable[[Facts, object], object], tmp_path: Path
) -> None:
    """It excepts its subject from what the check found; what found nothing excepts nobody."""
    case = case_of("fresh", tmp_path)
    obliged = [
        row
        for row in cycle.small_rows()["roster"]
        if row["jurisdiction"] == PLACE and row["responsibility_talk"]
    ]
    # Where nobody is obliged the check speaks of the unit, as it does where it breaks.
    case.deliver("roster", *({**row, "responsibility_talk": False} for row in obliged))
    case.launch()
    waivers = case.waive(DISCIPLINE, LIAISON, subject=UNIT)
    assert case.launch() is Outcome.WAITING
    assert case.decided()["waivers"] == waivers
    with patch.dict(CHECKS, {TALKS: answer}):
        assert case.launch() is Outcome.BLOCKED
    broken = case.decided()
    assert broken["waivers"] == []
    assert [(subject, reason) for subject, reason, _ in broken["findings"][TALKS]["fail"]] == [
        (UNIT, "check-crashed" if answer is _crashes else "check-malformed")
    ]


@pytest.mark.parametrize("officer", [DISCIPLINE, LIAISON])
def test_either_organ_can_take_it_back(officer: str, tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    before = case.decided()
    own = next(
        one["seq"]
        for one in cycle.entries(case.home, "waived")
        if (one["officer"], one["unit"]) == (officer, UNIT)
    )
    at = signing.withdraw(case.recorder, own, who(officer), "情况有变")
    assert cycle.entries(case.home)[at - 1]["of"] == own
    assert case.launch() is Outcome.WAITING
    assert case.decided()["reopened"] == {"of": before["seq"], "causes": ["evidence", "waiver"]}
    assert case.void()[own] == "withdrawn"
    assert case.void()[({*before["waivers"]} - {own}).pop()] == "incomplete"
    # In the same words, it is another signature.
    case.waive(officer)
    case.launch()
    assert signed(case) is Outcome.OPEN


def test_a_waiver_on_a_closed_gate_changes_no_old_signature(tmp_path: Path) -> None:
    """Whoever signed before the gate was closed signs again, waiver or not."""
    case = case_of("open", tmp_path)
    old = case.decided()["sign_offs"]
    case.withdraw("talk_participants", TALK)
    assert case.launch() is Outcome.WAITING
    case.waive(DISCIPLINE, LIAISON)
    assert case.launch() is Outcome.WAITING
    assert {case.void()[seq] for seq in old} == {"other-evidence"}
    assert signed(case) is Outcome.OPEN
