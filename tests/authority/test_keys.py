"""Keys: enrolled by their holder, vouched for by another organ, rotated, revoked.

Whatever order these acts come in, an officer has one key that signs at most, a revoked key signs
nothing, and nobody gets a key by themselves, but for the founders.
"""

from pathlib import Path

import pytest

from data.acts import Key
from schemas.envelopes import payload_of
from schemas.refusals import ActRefused
from schemas.statements import KeyAct, parse_statement
from schemas.vocabulary import Outcome, Stage
from tasks.officers import keys, signing
from tasks.officers.recording import Recorder
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    SECRETARY,
    UNIT,
    Case,
    case_of,
)
from tests.support import cycle
from tests.support.cycle import Entry
from tests.support.signing import private_of, vouch, who

pytestmark = pytest.mark.on_both

STOLEN = "密钥被盗"


def key_of(case: Case, officer: str) -> Key | None:
    case.recorder.follow()
    return case.recorder.history.acts.keys.of(officer)


def said(entry: Entry) -> KeyAct:
    """What was signed about a key."""
    predicate = parse_statement(payload_of(entry["envelope"])).predicate
    assert isinstance(predicate, KeyAct)
    return predicate


def last(case: Case, kind: str) -> Entry:
    return cycle.entries(case.home, kind)[-1]


def signers(entry: Entry) -> list[str]:
    return [one["keyid"] for one in entry["envelope"]["signatures"]]


# Founding and vouching


def test_the_founders_keys_need_nobody(tmp_path: Path) -> None:
    case = case_of("bare", tmp_path)
    order = (CITY_SECRETARY, SECRETARY, CITY_DISCIPLINE, DISCIPLINE, LIAISON)
    for officer in order:
        keys.enrol(case.recorder, who(officer))
    active = [officer for officer in order if key_of(case, officer)]
    assert active == [CITY_SECRETARY, CITY_DISCIPLINE]
    vouch(case.recorder, SECRETARY, who(CITY_DISCIPLINE))
    assert key_of(case, SECRETARY)


def test_a_founder_founds_once(tmp_path: Path) -> None:
    """That their keys are gone makes no founder one again, nor anybody else."""
    case = case_of("bare", tmp_path)
    for officer in (CITY_SECRETARY, CITY_DISCIPLINE):
        keys.enrol(case.recorder, who(officer))
    for officer in (CITY_SECRETARY, CITY_DISCIPLINE):
        keys.revoke(case.recorder, officer, who(officer), STOLEN)
    for officer in (CITY_SECRETARY, LIAISON):
        keys.enrol(case.recorder, who(officer, 2))
        assert key_of(case, officer) is None


def test_an_enrolment_says_who_and_proves_that_they_hold_the_key(tmp_path: Path) -> None:
    case = case_of("fresh", tmp_path)
    keys.enrol(case.recorder, who(KEYLESS))
    entry = last(case, "key-enrolled")
    assert signers(entry) == [entry["key"]] == [who(KEYLESS).key]
    stated = said(entry)
    assert (stated.act, stated.officer, stated.by) == ("enrol", KEYLESS, KEYLESS)
    assert (stated.organ, stated.jurisdiction) == ("secretary", "640302")
    assert (stated.public, stated.previous) == (entry["public"], "")


def test_a_key_opens_gates_from_the_moment_that_two_organs_vouched_for_it(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    keys.enrol(case.recorder, who(KEYLESS))
    assert key_of(case, KEYLESS) is None
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    entry = last(case, "key-vouched")
    assert (entry["voucher"], entry["key"]) == (DISCIPLINE, who(KEYLESS).key)
    assert signers(entry) == [entry["voucher_key"]] == [who(DISCIPLINE).key]
    assert said(entry).by == DISCIPLINE
    assert key_of(case, KEYLESS)
    with pytest.raises(ActRefused) as told:
        case.sign(KEYLESS)
    assert told.value.code == "one-voucher"
    vouch(case.recorder, KEYLESS, who(CITY_LIAISON))
    case.sign(KEYLESS)
    assert case.launch() is Outcome.OPEN


@pytest.mark.parametrize("officer", [DISCIPLINE, CITY_DISCIPLINE])
def test_who_vouches_is_of_the_place_or_above(officer: str, tmp_path: Path) -> None:
    case = case_of("fresh", tmp_path)
    keys.enrol(case.recorder, who(KEYLESS))
    vouch(case.recorder, KEYLESS, who(officer))
    assert key_of(case, KEYLESS)


def test_another_city_vouches_where_nobody_stands_above(tmp_path: Path) -> None:
    """Or no officer of a second city could ever sign; for those below it nothing changes."""
    recorder = Recorder(cycle.open_home(tmp_path / "home", cycle.rows_of_cities()))
    city, county = "o-640400-01", "o-640402-02"
    below = "o-640302-02"
    for officer in ("o-640300-01", "o-640300-02", below, city, county):
        keys.enrol(recorder, who(officer))
    vouch(recorder, below, who("o-640300-01"))
    for officer, voucher in ((city, below), (county, "o-640300-01")):
        with pytest.raises(ActRefused) as refused:
            vouch(recorder, officer, who(voucher))
        assert refused.value.code == "not-above"
    vouch(recorder, city, who("o-640300-02"))
    vouch(recorder, county, who(city))
    recorder.follow()
    assert {city, county} <= {
        key.officer for key in recorder.history.acts.keys.keys.values() if key.current
    }


@pytest.mark.parametrize(
    ("second", "code"),
    [(DISCIPLINE, "organ-vouched"), (CITY_DISCIPLINE, "organ-vouched"),
     (CITY_SECRETARY, "own-organ")],
)  # fmt: skip
def test_the_second_voucher_is_of_a_third_organ(second: str, code: str, tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    keys.enrol(case.recorder, who(KEYLESS))
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    with pytest.raises(ActRefused) as told:
        vouch(case.recorder, KEYLESS, who(second))
    assert told.value.code == code


def test_with_one_voucher_a_key_refuses_and_delivers(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    keys.enrol(case.recorder, who(KEYLESS))
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    case.refuse(KEYLESS)
    case.sign(SECRETARY)
    assert case.launch() is Outcome.BLOCKED


def test_a_rotated_key_keeps_its_vouchers(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    keys.enrol(case.recorder, who(KEYLESS))
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    keys.rotate(case.recorder, who(KEYLESS), private_of(KEYLESS, 2))
    with pytest.raises(ActRefused) as told:
        vouch(case.recorder, KEYLESS, who(CITY_DISCIPLINE))
    assert told.value.code == "organ-vouched"
    vouch(case.recorder, KEYLESS, who(CITY_LIAISON))
    keys.rotate(case.recorder, who(KEYLESS, 2), private_of(KEYLESS, 3))
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(KEYLESS, 3))
    assert case.launch() is Outcome.OPEN


# Rotation


def test_a_rotation_is_signed_by_both_keys(tmp_path: Path) -> None:
    case = case_of("fresh", tmp_path)
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    entry = last(case, "key-rotated")
    assert sorted(signers(entry)) == sorted((who(SECRETARY).key, who(SECRETARY, 2).key))
    assert (entry["previous"], entry["key"]) == (who(SECRETARY).key, who(SECRETARY, 2).key)
    stated = said(entry)
    assert (stated.act, stated.by, stated.public) == ("rotate", SECRETARY, entry["public"])
    found = key_of(case, SECRETARY)
    assert found
    assert found.name == who(SECRETARY, 2).key


def test_what_the_old_key_signed_stays(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    case.sign(SECRETARY)
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    assert case.launch() is Outcome.OPEN
    assert case.void() == {}


def test_the_new_key_takes_back_what_the_old_one_signed(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    mine = next(one for one in cycle.entries(case.home, "signed") if one["officer"] == SECRETARY)
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    signing.withdraw(case.recorder, mine["seq"], who(SECRETARY, 2))
    assert case.launch() is Outcome.WAITING
    assert case.decided()["reopened"]["causes"] == ["sign-off"]


# Revocation


@pytest.mark.parametrize("by", [SECRETARY, DISCIPLINE, CITY_DISCIPLINE])
def test_a_key_is_revoked_by_its_holder_or_a_discipline_commission(by: str, tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    keys.revoke(case.recorder, SECRETARY, who(by), STOLEN)
    entry = last(case, "key-revoked")
    assert (entry["by"], signers(entry)) == (by, [who(by).key])
    assert said(entry).reason == entry["reason"]
    assert STOLEN not in str(entry)
    assert key_of(case, SECRETARY) is None
    assert case.launch() is Outcome.WAITING
    assert case.decided()["reopened"]["causes"] == ["key"]


def test_a_waiver_is_void_with_the_key_that_signed_it(tmp_path: Path) -> None:
    case = case_of("excepted", tmp_path)
    before = case.decided()
    keys.revoke(case.recorder, DISCIPLINE, who(CITY_DISCIPLINE), STOLEN)
    assert case.launch() is Outcome.WAITING
    first, second = before["waivers"]
    void = case.void()
    assert (void[first], void[second]) == ("key-revoked", "incomplete")
    assert case.decided()["reopened"]["causes"] == ["evidence", "waiver"]


def test_a_withdrawal_outlives_its_key_unless_it_opens_a_gate(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    mine = case.sign(SECRETARY)[0]
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    signing.withdraw(case.recorder, mine, who(SECRETARY, 2))
    keys.revoke(case.recorder, SECRETARY, who(CITY_DISCIPLINE), STOLEN)
    assert case.launch() is Outcome.WAITING
    assert case.void() == {mine: "withdrawn"}


def test_an_officer_comes_back_with_a_new_key_and_not_with_an_old_one(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    keys.revoke(case.recorder, SECRETARY, who(SECRETARY), STOLEN)
    with pytest.raises(ActRefused) as told:
        keys.enrol(case.recorder, who(SECRETARY))
    assert told.value.code == "key-taken"
    keys.enrol(case.recorder, who(SECRETARY, 2))
    vouch(case.recorder, SECRETARY, who(DISCIPLINE))
    vouch(case.recorder, SECRETARY, who(CITY_LIAISON))
    assert case.launch() is Outcome.WAITING
    case.sign(LIAISON)
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(SECRETARY, 2))
    assert case.launch() is Outcome.OPEN
