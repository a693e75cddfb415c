"""Checkpoints are signed by two people, and not by one who is an officer twice."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from data.checkpoints import CheckpointRefused, file_checkpoint, new_checkpoint, sign_checkpoint
from data.verify import Fault, verify
from tasks import checkpointing
from tasks.replaying.acts import judged
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import chronicle_of
from tasks.verifying import REPLAY, replay_fault
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    CITY_TWIN,
    TWIN,
    Case,
    case_of,
    officer_row,
)
from tests.support import cycle
from tests.support.signing import private_of


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of("short", tmp_path / "home")


def signed(case: Case, *officers: str) -> bytes:
    """A checkpoint by these officers, without a look at who they are."""
    note = new_checkpoint(case.home).text().encode()
    for officer in officers:
        note = sign_checkpoint(case.home, note, officer, private_of(officer)).text().encode()
    return note


def refused(case: Case, note: bytes, officer: str = "") -> str:
    """Why an officer does not sign a checkpoint, or it is not filed."""
    before = cycle.stored(case.home)
    act = (
        partial(checkpointing.sign, officer=officer, private=private_of(officer))
        if officer
        else checkpointing.file
    )
    with pytest.raises(CheckpointRefused) as told:
        act(case.home, note)
    assert cycle.stored(case.home) == before
    return told.value.code


def test_two_people_of_two_organs_sign(case: Case) -> None:
    note = signed(case, CITY_SECRETARY)
    made = checkpointing.sign(case.home, note, CITY_DISCIPLINE, private_of(CITY_DISCIPLINE))
    seq = checkpointing.file(case.home, made.text().encode())
    assert cycle.entries(case.home, "checkpointed")[-1]["seq"] == seq
    assert replay_fault(case.home) is None


def test_one_person_does_not_sign_twice_under_two_ids(case: Case) -> None:
    assert refused(case, signed(case, CITY_SECRETARY), CITY_TWIN) == "same-person"
    assert refused(case, signed(case, CITY_SECRETARY, CITY_TWIN)) == "same-person"
    # Nor beside somebody else: a receipt may show any two of the lines.
    three = signed(case, CITY_SECRETARY, CITY_TWIN, CITY_DISCIPLINE)
    assert refused(case, three) == "same-person"


def test_who_is_an_officer_no_more_signs_none(case: Case) -> None:
    case.withdraw("officers", officer_row(TWIN))
    assert refused(case, signed(case, CITY_DISCIPLINE), TWIN) == "unknown-officer"
    assert refused(case, signed(case, CITY_DISCIPLINE, TWIN)) == "unknown-officer"


def test_a_replay_names_one_that_is_on_record_all_the_same(case: Case) -> None:
    seq = file_checkpoint(case.home, signed(case, CITY_SECRETARY, CITY_TWIN))
    # The verifiers have no registers.
    assert verify(case.home, acts=True)[1] is None
    odd = [one for one in judged(chronicle_of(case.home)) if one.verdict is not Verdict.SAME]
    assert [(one.seq, one.code) for one in odd] == [(seq, "same-person")]
    assert replay_fault(case.home) == Fault(seq, REPLAY)
