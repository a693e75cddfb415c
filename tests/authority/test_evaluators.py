"""The evaluator's key: who decides, and what officers may do about it."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from data.home import EVALUATOR, Home
from data.keyfiles import KeyFileRefused, load_process_key
from data.ledger import Ledger
from data.signers import NoEvaluator, key_file, signer_for
from data.verify import verify
from schemas.refusals import ActRefused
from schemas.vocabulary import Outcome, Stage
from tasks.officers import evaluators, keys
from tasks.officers.recording import Recorder
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    DISCIPLINE,
    SECRETARY,
    UNIT,
    Case,
    case_of,
)
from tests.support import cycle
from tests.support.evaluators import evaluator, place_key, signer
from tests.support.signing import who


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A gate that stands open."""
    return case_of("open", tmp_path)


def holds(home: Home) -> bool:
    entries, fault = verify(home, acts=True)
    return fault is None and entries == len(cycle.stored(home))


def refused(case: Case, act: Any, *given: object) -> str:
    """The code with which an act is refused; the attempt is on record with it."""
    case.recorder.follow()
    with pytest.raises(ActRefused) as told:
        act(case.recorder, *given)
    assert cycle.entries(case.home, "attempted")[-1]["code"] == told.value.code
    return told.value.code


def decided(case: Case) -> list[dict[str, Any]]:
    """The decisions of the gate."""
    return [one for one in cycle.entries(case.home, "decided") if one["unit"] == UNIT]


# Who decides


def test_the_first_entry_names_the_key_and_every_decision_is_signed_by_it(case: Case) -> None:
    first, *_ = cycle.entries(case.home, "opened")
    assert first["evaluator"] == signer().name
    signed = cycle.entries(case.home, "decided") + cycle.entries(case.home, "handed-on")
    assert {one["evaluator"] for one in signed} == {signer().name}
    assert holds(case.home)


def test_init_makes_a_key_of_the_users_alone(tmp_path: Path) -> None:
    from data.signers import first_key

    home = Home(tmp_path)
    private = first_key(home)
    (file,) = home.evaluators.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.evaluators.stat().st_mode) == 0o700
    assert first_key(home).private_bytes_raw() == private.private_bytes_raw()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o601])
def test_a_key_that_others_may_touch_decides_nothing(case: Case, mode: int) -> None:
    key_file(case.home, signer().name).chmod(mode)
    before = cycle.stored(case.home)
    with pytest.raises(KeyFileRefused, match="others may read"):
        case.launch()
    assert cycle.stored(case.home) == before


def test_without_the_key_nothing_is_decided(case: Case) -> None:
    key_file(case.home, signer().name).unlink()
    before = cycle.stored(case.home)
    with pytest.raises(NoEvaluator, match="nothing can be decided"):
        case.launch()
    assert cycle.stored(case.home) == before


def test_another_key_in_its_place_decides_nothing(case: Case) -> None:
    place_key(case.home, 2)
    key_file(case.home, signer(2).name).replace(key_file(case.home, signer().name))
    with pytest.raises(NoEvaluator, match="not the evaluator's key in force"):
        case.launch()


def test_a_workers_key_is_the_secret_that_is_named(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    key_file(case.home, signer().name).rename(secret)
    monkeypatch.setenv(EVALUATOR, str(secret))
    case.deliver("measures", {**cycle.small_rows()["measures"][0], "document": "x"})
    assert case.launch() is not None
    assert holds(case.home)
    monkeypatch.setenv(EVALUATOR, str(tmp_path / "none"))
    with pytest.raises(NoEvaluator):
        case.launch()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_mounted_secret_is_roots_and_readable_by_a_group(tmp_path: Path) -> None:
    place_key(Home(tmp_path))
    file = key_file(Home(tmp_path), signer().name)
    os.chown(file, 12345, 12345)
    with pytest.raises(KeyFileRefused) as told:
        load_process_key(file)
    assert told.value.code == "others-own"


# Rotated


def test_a_rotated_key_hands_over_to_the_new_one(case: Case) -> None:
    place_key(case.home, 2)
    evaluators.rotate(case.recorder, evaluator(2))
    count = len(decided(case))
    assert case.launch() is Outcome.OPEN
    # What the key before signed stands: nothing is decided again.
    assert len(decided(case)) == count
    case.withdraw("talk_participants", {"talk": "t-640302-06", "person": "p-640302100-0008"})
    case.launch()
    assert decided(case)[-1]["evaluator"] == signer(2).name
    assert holds(case.home)


def test_nobody_rotates_without_the_key_in_force(case: Case) -> None:
    key_file(case.home, signer().name).unlink()
    place_key(case.home, 2)
    with pytest.raises(NoEvaluator):
        evaluators.rotate(case.recorder, evaluator(2))
    place_key(case.home)
    assert refused(case, evaluators.rotate, evaluator(1)) == "key-taken"
    assert refused(case, evaluators.rotate, who(SECRETARY).private) == "key-taken"


# Revoked, and another put in force


def revoked(case: Case) -> None:
    evaluators.revoke(case.recorder, who(CITY_DISCIPLINE), "工作机失窃")


def test_a_revoked_key_decides_nothing_and_what_it_decided_is_confirmed_anew(case: Case) -> None:
    before = decided(case)[-1]
    revoked(case)
    with pytest.raises(NoEvaluator, match="revoked"):
        case.launch()
    place_key(case.home, 2)
    evaluators.enrol(case.recorder, who(CITY_SECRETARY), evaluator(2))
    with pytest.raises(NoEvaluator):
        case.launch()
    evaluators.vouch(case.recorder, who(CITY_DISCIPLINE))
    assert case.launch() is Outcome.OPEN
    again = decided(case)[-1]
    assert again["evaluator"] == signer(2).name
    assert (again["decision"], again["sign_offs"]) == (before["decision"], before["sign_offs"])
    assert cycle.entries(case.home, "handed-on")[-1]["decision"] == again["seq"]
    assert holds(case.home)
    # Once is enough.
    count = len(cycle.stored(case.home))
    assert case.launch() is Outcome.OPEN
    assert len(cycle.stored(case.home)) == count


def test_who_may_not_revoke_is_refused(case: Case) -> None:
    assert refused(case, evaluators.revoke, who(CITY_SECRETARY), "x") == "not-discipline"
    assert refused(case, evaluators.revoke, who(DISCIPLINE), "x") == "not-topmost"
    assert refused(case, evaluators.revoke, who(CITY_DISCIPLINE), " ") == "no-reason"
    revoked(case)
    assert refused(case, evaluators.revoke, who(CITY_DISCIPLINE), "x") == "no-evaluator"


def test_who_may_not_enrol_or_vouch_is_refused(case: Case) -> None:
    assert refused(case, evaluators.enrol, who(CITY_SECRETARY), evaluator(2)) == "has-evaluator"
    assert refused(case, evaluators.vouch, who(CITY_SECRETARY)) == "has-evaluator"
    revoked(case)
    assert refused(case, evaluators.vouch, who(CITY_SECRETARY)) == "no-evaluator-waits"
    assert refused(case, evaluators.enrol, who(SECRETARY), evaluator(2)) == "not-topmost"
    assert refused(case, evaluators.enrol, who(CITY_SECRETARY), evaluator(1)) == "key-taken"
    evaluators.enrol(case.recorder, who(CITY_SECRETARY), evaluator(2))
    assert refused(case, evaluators.vouch, who(CITY_SECRETARY)) == "same-person"
    assert refused(case, evaluators.vouch, who(DISCIPLINE)) == "not-topmost"
    keys.revoke(case.recorder, CITY_SECRETARY, who(CITY_DISCIPLINE), "遗失")
    assert refused(case, evaluators.vouch, who(CITY_DISCIPLINE)) == "enroller-revoked"
    # One that waits is revoked too, and another enrolled.
    revoked(case)
    evaluators.enrol(case.recorder, who(CITY_LIAISON), evaluator(3))
    evaluators.vouch(case.recorder, who(CITY_DISCIPLINE))
    assert case.recorder.history.evaluators.pending is not None
    case.recorder.follow()
    place_key(case.home, 3)
    assert signer_for(case.home, case.recorder.history.evaluators).name == signer(3).name
    assert holds(case.home)


def test_decisions_by_a_revoked_key_support_no_later_gate(case: Case) -> None:
    """Whoever decides the next stage alone, past the earlier ones, is not believed."""
    revoked(case)
    place_key(case.home, 2)
    evaluators.enrol(case.recorder, who(CITY_SECRETARY), evaluator(2))
    evaluators.vouch(case.recorder, who(CITY_DISCIPLINE))
    case.launch(Stage.NOMINATION)
    plan, nomination = (
        [one for one in cycle.entries(case.home, "decided") if one["stage"] == stage][-1]
        for stage in ("plan", "nomination")
    )
    assert plan["evaluator"] == nomination["evaluator"] == signer(2).name
    assert plan["seq"] < nomination["seq"]
    assert holds(case.home)


# What somebody writes who has the database


def test_a_decision_without_the_key_stands_for_nothing(case: Case) -> None:
    """The very decision that is due, with right digests, is made again by who has the key."""
    last = decided(case)[-1]
    content = {name: last[name] for name in last if name not in ("seq", "prev", "at", "kind")}
    with Ledger(case.home.ledger).transaction() as transaction:
        seq = transaction.append("decided", **content)
        transaction.set_state(
            "UPDATE gates SET seq = ? WHERE unit = ? AND stage = 'plan'", seq, UNIT
        )
    assert case.launch() is Outcome.OPEN
    assert decided(case)[-1]["seq"] > seq
    _, fault = verify(case.home, acts=True)
    assert fault is not None
    assert (fault.seq, fault.fault) == (seq, "evaluator")


def test_a_recorder_knows_the_keys_that_it_follows(case: Case) -> None:
    known = Recorder(case.home).history.evaluators
    assert known.current is not None
    assert known.current.name == signer().name
    assert known.pending is None
