"""Attempts to open a gate that must stay closed: none opens, each says why, each is on record."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from data.acts import GATE_KINDS
from data.days import DayRefused
from data.ledger import FAULTS, LedgerBroken
from data.verify import verify
from schemas.decisions import unpacked
from schemas.findings import Finding
from schemas.policy import PolicyRefused
from schemas.refusals import ACT_FAULTS, ActRefused
from schemas.reports import finding_reason
from schemas.text import LANGUAGES, Refusal, Text
from schemas.vocabulary import Outcome, Stage
from tasks.gate.snapshot import SnapshotRefused
from tasks.officers import keys, signing
from tests.authority import (
    rows_confirmations,
    rows_deliveries,
    rows_envelopes,
    rows_forged,
    rows_keys,
    rows_packs,
    rows_refusals,
    rows_signing,
    rows_waivers,
)
from tests.authority.attempts import Attempt, Shown
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_LIAISON,
    DISCIPLINE,
    LEAVER,
    LIAISON,
    PANEL_SIGNERS,
    SECRETARY,
    UNIT,
    Case,
    case_of,
)
from tests.support import cycle
from tests.support.cycle import Entry
from tests.support.signing import private_of, who

ATTEMPTS = [
    *rows_signing.ROWS,
    *rows_envelopes.ROWS,
    *rows_keys.ROWS,
    *rows_waivers.ROWS,
    *rows_forged.ROWS,
    *rows_refusals.ROWS,
    *rows_deliveries.ROWS,
    *rows_packs.ROWS,
    *rows_confirmations.ROWS,
]
LEAST = 65
# Codes that keep no gate closed: nothing is left to do, or no gate is asked for.
ELSEWHERE = {
    "unsigned": "intake.test_inbox_folder.test_a_file_that_nobody_signed_is_set_aside",
    "already-open": "authority.test_reopening.test_an_open_gate_takes_no_more_signatures",
    "already-refused": "authority.test_reopening.test_a_refusal_is_signed_once",
    "other-delivery": "desk.test_handing_in.test_a_row_that_came_meanwhile_is_not_replaced_unseen",
    "challenge": "desk.test_desk.test_a_challenge_is_good_once_and_for_a_minute",
    "not-discipline": "authority.test_evaluators.test_who_may_not_revoke_is_refused",
    "no-evaluator": "authority.test_evaluators.test_who_may_not_revoke_is_refused",
    "no-evaluator-waits": "authority.test_evaluators.test_who_may_not_enrol_or_vouch_is_refused",
    "has-evaluator": "authority.test_evaluators.test_who_may_not_enrol_or_vouch_is_refused",
    "enroller-revoked": "authority.test_evaluators.test_who_may_not_enrol_or_vouch_is_refused",
    "no-objection": "objections.test_objections.test_who_may_not_rule",
    "settled": "objections.test_objections.test_one_organ_alone_reopens_nothing",
    "already-ruled": "objections.test_objections.test_one_organ_alone_reopens_nothing",
    "other-objection": "objections.test_objections.test_a_ruling_is_on_the_objection_that_was_seen",
}
# The wrongs that the issue names one by one: each is told in its own words.
NAMED_APART = (
    "unsigned", "wrong role", "one of two organs signed", "delivered the evidence",
    "kin of a candidate", "candidate of the unit", "revoked before signing",
    "for other evidence", "for another unit", "for another stage", "under another policy",
    "for another cycle", "replayed after withdrawal", "an expired waiver",
    "a waiver for a subject that misses nothing", "unwaivable check", "absolute check",
    "edited payload", "no sign-off in the pack", "n = 0 in the pack", "n over m in the pack",
)  # fmt: skip


# The table


def refused(attempt: Attempt, case: Case) -> Refusal | None:
    """Try it; what was refused there and then."""
    try:
        attempt.tries(case)
    except (ActRefused, PolicyRefused) as told:
        return told
    return None


def launched(attempt: Attempt, case: Case) -> Refusal | None:
    """Launch the stage, which must not find the gate open; why it was not even looked at."""
    if attempt.shown is not Shown.DAY or attempt.on != case.on:
        case.on = attempt.on
    try:
        assert case.launch(attempt.stage) is not Outcome.OPEN
    except (LedgerBroken, SnapshotRefused, DayRefused) as told:
        return told
    return None


def closing(entry: Entry) -> list[Finding]:
    return [one for one in unpacked(entry["findings"]) if one.status in ("fail", "missing")]


def attempted(case: Case, since: int) -> list[Entry]:
    return [one for one in cycle.entries(case.home, "attempted") if one["seq"] > since]


def told(
    attempt: Attempt, case: Case, taken: Refusal | None, launch: Refusal | None, since: int
) -> Text:
    """The reason why the gate is closed, as the system tells it; it is on record."""
    code = attempt.code
    if attempt.shown is Shown.REFUSED:
        assert isinstance(taken, ActRefused)
        assert taken.code == code
        last = attempted(case, since)[-1]
        on_keys = attempt.act in ("enrol", "vouch", "rotate", "revoke")
        where = ("", "") if on_keys or last["unit"] == "" else (UNIT, last["stage"])
        assert (last["act"], last["code"], last["officer"]) == (attempt.act, code, attempt.by)
        assert (last["unit"], last["stage"]) == where
        return taken.text
    if attempt.shown is Shown.PACK:
        assert taken is not None
        assert code in taken.text.en
        return taken.text
    assert taken is None
    if attempt.shown in (Shown.DAY, Shown.BROKEN):
        assert launch is not None
        assert code == getattr(launch, "fault", code)
        assert attempt.shown is Shown.BROKEN or code in launch.text.en
        return launch.text
    if attempt.shown is Shown.VOID:
        void = case.void(attempt.stage)
        assert code in void.values()
        acts = {one["seq"] for one in cycle.entries(case.home) if one["kind"] in GATE_KINDS}
        assert void.keys() <= acts
        return ACT_FAULTS[code]
    decided = case.decided(attempt.stage)
    found = next(one for one in closing(decided) if one.reason == code)
    if attempt.have is not None:
        counted = [one.arguments["have"] for one in closing(decided) if one.reason == code]
        assert attempt.have in counted
    zh, en = (finding_reason(found, lang) for lang in LANGUAGES)
    return Text(zh, en)


PLACES = "|".join(str(row["name"]) for row in cycle.small_rows()["jurisdictions"])


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=[one.name for one in ATTEMPTS])
def test_the_gate_stays_closed(attempt: Attempt, tmp_path: Path) -> None:
    case = case_of(attempt.scene, tmp_path / "home")
    before = cycle.entries(case.home)
    taken = refused(attempt, case)
    launch = launched(attempt, case)

    text = told(attempt, case, taken, launch, len(before))
    assert any("\u4e00" <= character <= "\u9fff" for character in text.zh)
    # Places have no other names in English.
    assert re.sub(PLACES, "", text.en).isascii()
    assert "{" not in text.zh + text.en

    after = cycle.entries(case.home) if launch is None else []
    new = after[len(before) :]
    gate = (UNIT, attempt.stage)
    handed = [
        one for one in new if one["kind"] == "handed-on" and (one["unit"], one["stage"]) == gate
    ]
    assert handed == []
    if launch is None and attempt.shown is not Shown.PACK:
        assert cycle.decisions(case.home).get(gate, ("",))[0] != "open"


# The table is no sham: what is short of one signature opens with it


@pytest.mark.parametrize(
    ("scene", "signers"),
    [
        ("decided", (SECRETARY, LIAISON)),
        ("short", (SECRETARY,)),
        ("reclosed", (SECRETARY, LIAISON)),
        ("panels", PANEL_SIGNERS),
        ("waived", (SECRETARY, LIAISON)),
    ],
)
def test_the_same_gate_opens_for_those_whom_the_pack_asks_for(
    scene: str, signers: tuple[str, ...], tmp_path: Path
) -> None:
    case = case_of(scene, tmp_path)
    case.sign(*signers)
    assert case.launch() is Outcome.OPEN
    assert (UNIT, "plan") in cycle.handed_on(case.home)


def test_a_waiver_by_both_organs_is_what_was_missing(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    case.waive(DISCIPLINE, LIAISON)
    assert case.launch() is Outcome.WAITING
    case.sign(SECRETARY, LIAISON)
    assert case.launch() is Outcome.OPEN


@pytest.mark.parametrize("name", ["unwaivable", "absolute"])
def test_a_check_that_nobody_waives_keeps_its_gate_closed(name: str, tmp_path: Path) -> None:
    case = case_of(name, tmp_path)
    reasons = {one.check for one in closing(case.decided())}
    assert reasons == {"plan.duties" if name == "unwaivable" else "plan.seats"}


# What stands is taken back by whoever may


@pytest.mark.parametrize("lifting", [(DISCIPLINE, LIAISON), (CITY_LIAISON, CITY_DISCIPLINE)])
def test_a_refusal_that_two_organs_lifted_keeps_nothing_closed(
    lifting: tuple[str, str], tmp_path: Path
) -> None:
    case = case_of("short", tmp_path)
    seq = case.refuse(LEAVER)
    keys.revoke(case.recorder, LEAVER, who(CITY_DISCIPLINE), "密钥遗失")
    case.sign(SECRETARY)
    rows_refusals.lift(case, seq, lifting[0])
    assert case.launch() is Outcome.BLOCKED
    rows_refusals.lift(case, seq, lifting[1])
    assert case.void()[seq] == "lifted"
    assert case.launch() is Outcome.OPEN
    assert verify(case.home, acts=True) == (len(cycle.entries(case.home)), None)


def test_a_refusal_is_withdrawn_with_the_key_that_came_after(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    seq = case.refuse(SECRETARY)
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    signing.withdraw(case.recorder, seq, who(SECRETARY, 2))
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(SECRETARY, 2))
    assert case.launch() is Outcome.OPEN


# The table as a whole


def test_there_are_enough_attempts_and_each_is_another() -> None:
    assert len(ATTEMPTS) >= LEAST
    names = [one.name for one in ATTEMPTS]
    assert len(set(names)) == len(names)


def test_every_code_stands_for_something_that_happens() -> None:
    shown = {one.code for one in ATTEMPTS if one.shown in (Shown.REFUSED, Shown.VOID)}
    assert shown <= ACT_FAULTS.keys()
    assert ACT_FAULTS.keys() - shown == ELSEWHERE.keys()
    assert {one.code for one in ATTEMPTS if one.shown is Shown.BROKEN} <= FAULTS.keys()


@pytest.mark.parametrize(("code", "name"), ELSEWHERE.items())
def test_the_other_codes_are_shown_by_other_tests(code: str, name: str) -> None:
    module, _, function = name.rpartition(".")
    found = getattr(importlib.import_module(f"tests.{module}"), function)
    assert f'"{code}"' in inspect.getsource(found)


def test_what_the_issue_names_apart_is_told_apart() -> None:
    rows = {one.name: one for one in ATTEMPTS}
    told_as = {name: (rows[name].code, rows[name].have) for name in NAMED_APART}
    assert len(set(told_as.values())) == len(NAMED_APART)


def test_no_two_codes_are_told_in_the_same_words() -> None:
    for lang in LANGUAGES:
        texts = [text.render(lang=lang) for text in ACT_FAULTS.values()]
        assert len(set(texts)) == len(texts)
