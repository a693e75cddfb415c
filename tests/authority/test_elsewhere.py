"""Acts by a key that never comes here: judged, shown as the statement to sign, then recorded.

Expected: what a browser signs is exactly the statement that it was shown, of the moment it was
shown; nothing is on record before, and nothing but that statement afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from data.verify import verify
from schemas.envelopes import raw_public, sealed
from schemas.refusals import ActRefused
from schemas.statements import SignOff, parse_statement
from schemas.vocabulary import Stage
from tasks.officers import signing
from tasks.officers.signatories import Principal, RemoteSigner, ToSign
from tests.authority.scene import LIAISON, SECRETARY, UNIT, Case, case_of
from tests.support import cycle
from tests.support.signing import private_of

Act = Callable[[Case, Principal], int]
ACTS: dict[str, Act] = {
    "sign": lambda case, who: signing.sign(case.recorder, UNIT, Stage.PLAN, who),
    "refuse": lambda case, who: signing.refuse(case.recorder, UNIT, Stage.PLAN, who, "材料不实"),
}


def shown(case: Case, act: Act, officer: str = SECRETARY) -> RemoteSigner:
    """An act that was judged, with the statement that is to be signed."""
    who = RemoteSigner(officer, raw_public(private_of(officer)), case.recorder.now())
    with pytest.raises(ToSign) as found:
        act(case, who)
    envelope = sealed(found.value.payload, private_of(officer))
    return RemoteSigner(who.officer, who.held, who.at, envelope)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_was_shown_is_what_goes_on_record(act: Act, tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    before = cycle.stored(case.home)
    who = shown(case, act)
    assert cycle.stored(case.home) == before
    assert who.envelope is not None
    seq = act(case, who)
    entry = cycle.entries(case.home)[seq - 1]
    assert entry["envelope"] == who.envelope
    assert (entry["officer"], entry["key"]) == (SECRETARY, who.key)
    assert verify(case.home, blobs=True, acts=True)[1] is None


def test_the_statement_says_what_is_signed_and_when_it_was_shown(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    who = RemoteSigner(SECRETARY, raw_public(private_of(SECRETARY)), case.recorder.now())
    with pytest.raises(ToSign) as found:
        ACTS["sign"](case, who)
    said = parse_statement(found.value.payload).predicate
    assert isinstance(said, SignOff)
    assert (said.officer, said.unit, said.stage) == (SECRETARY, UNIT, Stage.PLAN.value)
    assert (said.decision, said.time) == ("open", who.at)


def test_another_statement_than_would_be_recorded_is_refused(tmp_path: Path) -> None:
    """A refusal was shown and signed; it is handed in as a sign-off."""
    case = case_of("decided", tmp_path)
    who = shown(case, ACTS["refuse"])
    with pytest.raises(ActRefused) as found:
        ACTS["sign"](case, who)
    assert found.value.code == "other-statement"
    assert not cycle.entries(case.home, "signed")


def test_another_moment_than_was_shown_is_refused(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    who = shown(case, ACTS["sign"])
    later = RemoteSigner(who.officer, who.held, case.recorder.now(), who.envelope)
    with pytest.raises(ActRefused) as found:
        ACTS["sign"](case, later)
    assert found.value.code == "other-statement"


def test_a_signature_by_another_key_is_refused(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    who = shown(case, ACTS["sign"])
    other = shown(case, ACTS["sign"], LIAISON)
    assert other.envelope is not None
    forged = RemoteSigner(who.officer, who.held, who.at, other.envelope)
    with pytest.raises(ActRefused) as found:
        ACTS["sign"](case, forged)
    assert found.value.code == "envelope"


def test_it_is_taken_once(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    who = shown(case, ACTS["sign"])
    ACTS["sign"](case, who)
    with pytest.raises(ActRefused) as found:
        ACTS["sign"](case, who)
    assert found.value.code == "replayed"
    (signed,) = cycle.entries(case.home, "signed")
    assert signed["envelope"] == who.envelope
