"""What is signed says what was looked at, and is taken while that is what the gate says.

Expected from issue 13 and docs/history.md, "What was looked at": neither another officer's
signature nor midnight nor a night takes away what was signed; other findings do, and what changed
since an earlier signature is said in numbers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.acts import REFUSED
from data.bundle import export_bundle
from data.verify import verify
from schemas.envelopes import payload_of, raw_public, sealed
from schemas.refusals import ActRefused
from schemas.statements import SignOff, parse_statement
from schemas.vocabulary import Outcome, Stage
from tasks.officers import signing
from tasks.officers.review import Review
from tasks.officers.signatories import RemoteSigner, ToSign
from tasks.verifying import replay_fault
from tests.authority.scene import LIAISON, SECRETARY, UNIT, Case, case_of, meeting
from tests.support import cycle
from tests.support.reviews import review
from tests.support.signing import private_of, who
from tests.tamper.verifiers import by_library, by_single_file

TOLD = ("decided", "on", "outcome", "findings", "since")


def told_in(case: Case, seq: int) -> dict[str, Any]:
    """What the act of an entry tells of what was looked at."""
    entry = cycle.entries(case.home)[seq - 1]
    said = parse_statement(payload_of(entry["envelope"])).predicate
    assert isinstance(said, SignOff)
    return {name: said.model_dump()[name] for name in TOLD}


def holds(case: Case) -> None:
    """Both verifiers and the replay find nothing."""
    path = case.home.path.with_name("bundle.zip")
    export_bundle(case.home, path)
    entries = len(cycle.entries(case.home))
    assert verify(case.home, blobs=True, acts=True) == (entries, None)
    assert by_library(path.read_bytes()) == by_single_file(path.read_bytes()) == ("", entries)
    assert replay_fault(case.home) is None


def signed_elsewhere(case: Case) -> RemoteSigner:
    """The secretary was shown the gate and signed it, and has not handed it in yet."""
    asked = RemoteSigner(SECRETARY, raw_public(private_of(SECRETARY)), case.recorder.now())
    with pytest.raises(ToSign) as found:
        signing.sign(case.recorder, UNIT, Stage.PLAN, asked)
    return replace(asked, envelope=sealed(found.value.payload, private_of(SECRETARY)))


@pytest.mark.parametrize("kind", ["signed", REFUSED])
def test_it_tells_what_the_decision_that_stands_says(kind: str, tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    seq = case.refuse(SECRETARY) if kind == REFUSED else case.sign(SECRETARY)[0]
    decided = case.decided()
    assert told_in(case, seq) == review(decided)
    assert decided["on"] == cycle.ON.isoformat()
    assert told_in(case, seq)["findings"]["plan.sign-off"] == {"missing": 2}
    holds(case)


def test_what_changed_since_an_earlier_signature_is_told(tmp_path: Path) -> None:
    case = case_of("open", tmp_path / "home")
    last = cycle.entries(case.home, "signed")[-1]["seq"]
    case.deliver("measures", meeting(1))
    assert case.launch() is Outcome.WAITING
    changes = {"measures": {"changed": 1}}
    for officer in (LIAISON, SECRETARY):
        (seq,) = case.sign(officer)
        assert told_in(case, seq)["since"] == {"entry": last, "changes": changes}
    assert case.launch() is Outcome.OPEN
    holds(case)


@pytest.mark.parametrize("way", ["desk", "envelope"])
def test_what_was_shown_is_taken_though_somebody_signed_and_midnight_passed(
    way: str, tmp_path: Path
) -> None:
    """At 23:59 it is shown and signed; another signs, the stage runs; it is handed in at 00:01."""
    case = case_of("decided", tmp_path / "home")
    before, envelope, brought = case.decided(), case.envelope(), signed_elsewhere(case)
    case.sign(LIAISON)
    case.on = cycle.ON + timedelta(days=1)
    assert case.launch() is Outcome.WAITING
    assert case.decided()["on"] > before["on"]
    if way == "desk":
        seq = signing.sign(case.recorder, UNIT, Stage.PLAN, brought)
    else:
        seq = case.hand_in(envelope)
    assert told_in(case, seq) == review(before)
    assert case.launch() is Outcome.OPEN
    holds(case)


def test_what_was_shown_before_the_evidence_changed_is_not_taken(tmp_path: Path) -> None:
    """Decided anew on other evidence, with the same findings: it is to be looked at again."""
    case = case_of("decided", tmp_path / "home")
    envelope, brought = case.envelope(), signed_elsewhere(case)
    case.deliver("measures", meeting(1))
    assert case.launch() is Outcome.WAITING
    with pytest.raises(ActRefused):
        signing.sign(case.recorder, UNIT, Stage.PLAN, brought)
    with pytest.raises(ActRefused):
        case.hand_in(envelope)
    attempted = [(one["officer"], one["code"]) for one in cycle.entries(case.home, "attempted")]
    assert attempted == [(SECRETARY, "other-statement"), (SECRETARY, "other-evidence")]
    assert not cycle.entries(case.home, "signed")


def test_what_is_shown_before_it_is_signed_is_what_is_signed(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    shown = signing.look(case.recorder, UNIT, Stage.PLAN)
    assert shown is not None
    case.deliver("measures", meeting(1))
    assert case.launch() is Outcome.WAITING
    with pytest.raises(ActRefused) as found:
        signing.sign(case.recorder, UNIT, Stage.PLAN, who(SECRETARY), shown)
    assert found.value.code == "moved"
    again = signing.look(case.recorder, UNIT, Stage.PLAN)
    assert again is not None
    case.sign(LIAISON)
    assert case.launch() is Outcome.WAITING
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(SECRETARY), again)
    assert case.launch() is Outcome.OPEN


def test_another_signature_is_no_other_finding_and_any_other_check_is(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    entry = case.recorder.decided(UNIT, Stage.PLAN)
    assert entry is not None
    seen = Review(entry, None, ())
    later = replace(entry, seq=entry.seq + 5, on="2017-01-05")
    assert seen.fault(entry) == seen.fault(later) == ""
    assert seen.fault(replace(later, evidence="0" * 64)) == "moved"
    for check, code in (("plan.sign-off", ""), ("plan.notice", "other-findings")):
        found = {**entry.findings, check: {"pass": ["x"] * 9}}
        assert seen.fault(replace(later, findings=found)) == code
        fewer = {name: by for name, by in entry.findings.items() if name != check}
        assert seen.fault(replace(later, findings=fewer)) == code
