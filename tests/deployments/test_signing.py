"""The commands by which officers sign, refuse, withdraw and waive, and what waits for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.home import Home
from schemas.reports import check_title
from schemas.vocabulary import Stage
from tests.deployments.conftest import By
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer, files
from tests.support.signing import enrol

UNIT, TOWN = "640302103-congress", "640302103"
SECRETARY, ORGANISATION = "o-640302-01", "o-640302-51"
CITY_SECRETARY, CITY_ORGANISATION = "o-640300-01", "o-640300-15"
DISCIPLINE, SCRUTINEER = "o-640302-02", "o-640302-12"
TALKS = "plan.responsibility-talks"


def inbox(termgate: Run, officer: str, code: int = CLOSED) -> tuple[dict[str, Any], dict[str, Any]]:
    """Unit → what waits for an officer, and unit → what needs nothing of them."""
    shown = answer(termgate, "inbox", "--as", officer, code=code)
    known = {"officer", "organ", "jurisdiction", "key", "waiting", "others", "objections",
             "confirmations", "keys", "packs"}  # fmt: skip
    assert set(shown) == known
    assert shown["officer"] == officer
    waiting, others = ({one["unit"]: one for one in shown[name]} for name in ("waiting", "others"))
    assert all(not one["state"] and one["requirements"] for one in waiting.values())
    assert all(one["state"] and not one["requirements"] for one in others.values())
    return waiting, others


def state(termgate: Run, officer: str, unit: str = UNIT) -> str:
    waiting, others = inbox(termgate, officer, code=answer_code(termgate, officer))
    return "waits" if unit in waiting else str(others[unit]["state"])


def answer_code(termgate: Run, officer: str) -> int:
    return termgate("inbox", "--as", officer)[0]


def standing(termgate: Run, unit: str = UNIT, stage: str = "plan", code: int = CLOSED) -> Any:
    return answer(termgate, "gate", "show", unit, stage, code=code)


# What waits


def test_the_inbox_lists_what_waits_and_who_else_is_missing(launched: Home, termgate: Run) -> None:
    waiting, others = inbox(termgate, SECRETARY)
    assert set(waiting) == {
        *(f"640302-{body}" for body in ("congress", "government", "cppcc")),
        *(f"640302{town}-{body}" for town in ("100", "103") for body in ("congress", "government")),
    }
    assert others == {}
    one = waiting[UNIT]
    gate = standing(termgate)
    assert (one["stage"], one["evidence"], one["seq"]) == ("plan", gate["evidence"], gate["seq"])
    assert one["requirements"] == ["first-responsible"]
    assert one["missing"] == [
        {
            "requirement": "liaison",
            "organs": ["organisation-department"],
            "need": 1,
            "have": 0,
            "refused": False,
            "able": [CITY_ORGANISATION, ORGANISATION],
            "enough": True,
        }
    ]
    assert len(inbox(termgate, CITY_SECRETARY)[0]) == 10
    assert inbox(termgate, SCRUTINEER, code=DONE) == ({}, {})


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "party secretary of 640302, o-640302-01: 7 gates to be signed by you",
                "organisation department: 1",
                "高桥镇",
            ],
        ),
        (
            "zh",
            ["640302党委书记 o-640302-01：7个关口等待您签字", "组织部1人", "高桥镇人大", "方案"],
        ),
    ],
)
def test_the_inbox_is_shown_in_both_languages(
    launched: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, lang: str, words: list[str]
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate("inbox", "--as", SECRETARY)
    assert (code, err) == (CLOSED, "")
    assert [word for word in [*words, standing(termgate)["evidence"][:12]] if word not in out] == []


def test_who_is_to_sign_is_told_the_day_and_what_each_check_found(
    launched: Home, termgate: Run, by: By
) -> None:
    gate = standing(termgate)
    found: dict[str, dict[str, int]] = {}
    for told in gate["findings"]:
        of = found.setdefault(told["check"], {})
        of[told["status"]] = of.get(told["status"], 0) + 1
    assert found["plan.sign-off"] == {"missing": 2}
    one = inbox(termgate, SECRETARY)[0][UNIT]
    day = cycle.ON.isoformat()
    assert (one["on"], one["outcome"], one["findings"]) == (day, "waiting", found)
    passed = sum(of.get("pass", 0) for of in found.values())
    out = termgate("inbox", "--as", SECRETARY)[1]
    assert day in out
    assert f"pass {passed}, missing 2" in out
    signed = termgate("sign", UNIT, "plan", "--yes", *by(SECRETARY))[1].replace("\n", " ")
    assert f"looked at on {day}: waiting; evidence {gate['evidence'][:12]}; " in signed
    assert "sign-offs missing 2" in signed
    assert all(f"{check_title(check, 'en')} " in signed for check in found)
    assert not [check for check in found if check in signed]
    shown = termgate("gate", "show", UNIT, "plan")[1]
    basis = standing(termgate)["bases"]["plan.sign-off"]
    assert f"basis: {basis}" in " ".join(shown.split())


def test_only_reached_gates_that_lack_nothing_else_wait(launched: Home, termgate: Run) -> None:
    calendar = next(one for one in cycle.small_rows()["calendar"] if one["unit"] == UNIT)
    cycle.deliver(launched, "calendar", [{**calendar, "term_years": 4}])
    cycle.launch(launched, Stage.PLAN)
    waiting, others = inbox(termgate, SECRETARY)
    assert UNIT not in waiting
    assert UNIT not in others
    assert f"{TOWN}-government" in waiting


def test_an_officer_without_a_key_has_no_inbox(launched: Home, termgate: Run) -> None:
    code, out, err = termgate("inbox", "--as", "o-640302-03")
    assert (code, out) == (BAD_INPUT, "")
    assert "no active key" in err


# Signing


def test_two_signatures_open_a_gate(launched: Home, termgate: Run, by: By) -> None:
    entry = answer(termgate, "sign", UNIT, "plan", "--yes", *by(SECRETARY))
    assert (entry["kind"], entry["unit"], entry["officer"]) == ("signed", UNIT, SECRETARY)
    assert state(termgate, SECRETARY) == "signed"
    assert state(termgate, CITY_SECRETARY) == "not-needed"
    assert inbox(termgate, ORGANISATION)[0][UNIT]["missing"] == []
    (act,) = standing(termgate)["acts"]
    assert (act["seq"], act["counts"], act["organ"]) == (entry["seq"], None, "secretary")
    cycle.launch(launched, Stage.PLAN)
    (act,) = standing(termgate)["acts"]
    assert act["counts"] is True

    assert termgate("sign", UNIT, "plan", "--yes", *by(ORGANISATION))[0] == DONE
    assert state(termgate, CITY_ORGANISATION) == "complete"
    cycle.launch(launched, Stage.PLAN)
    gate = standing(termgate, code=DONE)
    assert gate["outcome"] == "open"
    assert gate["signers"] == sorted([SECRETARY, ORGANISATION])
    assert [act["counts"] for act in gate["acts"]] == [True, True]
    assert UNIT not in inbox(termgate, CITY_ORGANISATION)[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_who_signs_is_told_what_to_do_next(
    launched: Home, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate("sign", UNIT, "plan", "--yes", *by(SECRETARY))
    assert (code, err) == (DONE, "")
    assert SECRETARY in out
    assert f"termgate run plan --scope {UNIT}" in out
    shown = termgate("gate", "show", UNIT, "plan")[1]
    assert SECRETARY in shown


def test_all_that_wait_are_signed_each_on_its_own(launched: Home, termgate: Run, by: By) -> None:
    cycle.deliver(launched, "duties", [], by=SECRETARY)
    told = answer(
        termgate, "sign", "--ready", "--yes", "--stage", "plan", "--scope", TOWN, *by(SECRETARY)
    )
    units = [f"{TOWN}-congress", f"{TOWN}-government"]
    assert [one["unit"] for one in told["signed"]] == units
    assert told["left"] == []
    signed = {one["unit"]: one["seq"] for one in cycle.entries(launched, "signed")}
    assert signed == {one["unit"]: one["seq"] for one in told["signed"]}
    again = answer(
        termgate, "sign", "--ready", "--yes", "--stage", "plan", "--scope", TOWN, *by(SECRETARY)
    )
    assert again["signed"] == []
    code, out, _ = termgate("sign", "--ready", "--yes", "--stage", "plan", *by(CITY_SECRETARY))
    assert code == DONE
    assert "signed “plan” of" in out


def test_what_cannot_be_signed_is_told_by_unit(launched: Home, termgate: Run, by: By) -> None:
    row = next(one for one in cycle.small_rows()["posts"] if one["unit"] == UNIT)
    enrol(launched, [ORGANISATION])
    cycle.deliver(launched, "posts", [row], by=ORGANISATION)
    cycle.launch(launched, Stage.PLAN)
    arguments = ("sign", "--ready", "--yes", "--stage", "plan", "--scope", TOWN, *by(ORGANISATION))
    told = answer(termgate, *arguments, code=CLOSED)
    assert [one["unit"] for one in told["signed"]] == [f"{TOWN}-government"]
    (left,) = told["left"]
    assert (left["unit"], left["code"]) == (UNIT, "self-submitted")
    code, out, _ = termgate(*arguments)
    assert code == CLOSED
    assert left["reason"] in out


@pytest.mark.parametrize(
    ("officer", "words", "code"),
    [
        (SCRUTINEER, ["sign", UNIT, "plan", "--yes"], "wrong-role"),
        ("o-640302-03", ["sign", UNIT, "plan", "--yes"], "no-key"),
        (SECRETARY, ["sign", UNIT, "vetting", "--yes"], "held"),
        (SECRETARY, ["refuse", UNIT, "plan", "--reason", " "], "no-reason"),
        (SECRETARY, ["withdraw", "3"], "no-act"),
    ],
)
def test_an_attempt_is_refused_in_one_line_and_on_record(
    launched: Home, termgate: Run, by: By, officer: str, words: list[str], code: str
) -> None:
    got, out, err = termgate(*words, *by(officer))
    assert (got, out) == (BAD_INPUT, "")
    assert err.count("\n") == 1
    (attempt,) = cycle.entries(launched, "attempted")
    assert (attempt["act"], attempt["code"], attempt["officer"]) == (words[0], code, officer)
    assert standing(termgate)["outcome"] == "waiting"


def test_a_refusal_blocks_until_it_is_withdrawn(launched: Home, termgate: Run, by: By) -> None:
    reason = "the notice was not read out"
    entry = answer(termgate, "refuse", UNIT, "plan", "--reason", reason, *by(ORGANISATION))
    assert entry["kind"] == "refused"
    assert reason not in str(entry)
    assert state(termgate, ORGANISATION) == "refused"
    assert inbox(termgate, SECRETARY)[0][UNIT]["missing"][0]["refused"] is True
    cycle.launch(launched, Stage.PLAN)
    gate = standing(termgate)
    assert gate["outcome"] == "blocked"
    (act,) = gate["acts"]
    assert (act["text"], act["counts"]) == (reason, True)
    assert reason in termgate("gate", "show", UNIT, "plan")[1]
    assert termgate("inbox", "--as", SECRETARY)[0] == CLOSED

    back = answer(termgate, "withdraw", str(entry["seq"]), *by(ORGANISATION))
    assert (back["kind"], back["of"]) == ("withdrawn", entry["seq"])
    assert state(termgate, ORGANISATION) == "waits"
    cycle.launch(launched, Stage.PLAN)
    gate = standing(termgate)
    assert gate["outcome"] == "waiting"
    refusal, withdrawal = gate["acts"]
    assert (refusal["counts"], refusal["void"]) == (False, "withdrawn")
    assert (withdrawal["of"], withdrawal["counts"]) == (entry["seq"], True)


def test_a_gate_that_is_closed_again_says_why(launched: Home, termgate: Run, by: By) -> None:
    entry = answer(termgate, "sign", UNIT, "plan", "--yes", *by(SECRETARY))
    termgate("sign", UNIT, "plan", "--yes", *by(ORGANISATION))
    cycle.launch(launched, Stage.PLAN)
    assert termgate("status", "--scope", UNIT, "--json")[0] == CLOSED
    (handed,) = [one for one in cycle.entries(launched, "handed-on") if one["unit"] == UNIT]
    asked = termgate("withdraw", str(entry["seq"]), *by(SECRETARY))
    assert asked[0] == BAD_INPUT
    assert standing(termgate, code=DONE)["outcome"] == "open"
    termgate("withdraw", str(entry["seq"]), "--yes", *by(SECRETARY))
    cycle.launch(launched, Stage.PLAN)
    gate = standing(termgate)
    assert gate["reopened"] == {"of": handed["decision"], "causes": ["sign-off"]}
    assert [act["void"] for act in gate["acts"][:2]] == ["withdrawn", "reopened"]
    assert "closed again" in termgate("gate", "show", UNIT, "plan")[1]
    (unit,) = answer(termgate, "status", "--scope", UNIT, code=CLOSED)
    assert [one["handed_on"] for one in unit["unsupported"]] == [handed["seq"]]
    assert f"hand-off {handed['seq']}" in termgate("status", "--scope", UNIT)[1]
    waiting, _ = inbox(termgate, SECRETARY)
    assert waiting[UNIT]["missing"] != []


# Waivers


@pytest.fixture
def untalked(launched: Home) -> tuple[Home, str]:
    """A home where somebody of the township was not talked to, and who."""
    rows = cycle.small_rows()
    roster = {one["person"] for one in rows["roster"] if one["jurisdiction"] == TOWN}
    talks = {one["talk"] for one in rows["talks"] if one["kind"] == "responsibility"}
    gone = [one for one in rows["talk_participants"]
            if one["person"] in roster and one["talk"] in talks][:1]  # fmt: skip
    cycle.withdraw(launched, "talk_participants", gone)
    cycle.launch(launched, Stage.PLAN)
    return launched, str(gone[0]["person"])


def test_a_check_is_waived_by_two_organs(untalked: tuple[Home, str], termgate: Run, by: By) -> None:
    home, person = untalked
    wanted = (UNIT, TALKS, person, "--until", "2017-01-20", "--reason", "in hospital")
    entry = answer(termgate, "waive", *wanted, *by(DISCIPLINE))
    assert (entry["kind"], entry["check"], entry["until"]) == ("waived", TALKS, "2017-01-20")
    cycle.launch(home, Stage.PLAN)
    assert standing(termgate)["acts"][0]["counts"] is None
    assert UNIT not in inbox(termgate, SECRETARY)[0]

    code, out, err = termgate("waive", "--join", str(entry["seq"]), *by(ORGANISATION))
    assert (code, err) == (DONE, "")
    assert person in out
    cycle.launch(home, Stage.PLAN)
    gate = standing(termgate)
    (finding,) = [one for one in gate["findings"] if one["status"] == "waived"]
    assert (finding["check"], finding["subject"]) == (TALKS, person)
    assert len(gate["waivers"]) == 2
    shown = termgate("gate", "show", UNIT, "plan")[1]
    assert "in hospital" in shown
    assert "2017-01-20" in shown
    assert UNIT in inbox(termgate, SECRETARY)[0]


@pytest.mark.parametrize(
    ("check", "until", "code"),
    [
        ("plan.seats", "2017-01-20", "absolute"),
        ("plan.duties", "2017-01-20", "unwaivable"),
        (TALKS, "2019-01-01", "too-long"),
        (TALKS, "2016-12-01", "expired"),
        ("plan.weather", "2017-01-20", "unknown-check"),
    ],
)
def test_a_waiver_that_the_pack_does_not_allow_is_refused(
    untalked: tuple[Home, str], termgate: Run, by: By, check: str, until: str, code: str
) -> None:
    home, person = untalked
    wanted = (UNIT, check, person, "--until", until, "--reason", "in hospital")
    got, out, err = termgate("waive", *wanted, *by(DISCIPLINE))
    assert (got, out) == (BAD_INPUT, "")
    assert err.count("\n") == 1
    assert [one["code"] for one in cycle.entries(home, "attempted")] == [code]


# Usage

WRONG = {
    "neither gate nor --ready": ["sign"],
    "a gate without its stage": ["sign", UNIT],
    "a gate and --ready": ["sign", UNIT, "plan", "--ready", "--stage", "plan"],
    "--ready without a stage": ["sign", "--ready"],
    "a stage without --ready": ["sign", UNIT, "plan", "--stage", "plan"],
    "a gate that was not looked at": ["sign", UNIT, "plan"],
    "no such stage": ["sign", UNIT, "harvest", "--yes"],
    "no such unit": ["sign", "640302-court", "plan", "--yes"],
    "a refusal without a reason": ["refuse", UNIT, "plan"],
    "an entry that is no number": ["withdraw", "first"],
    "a waiver without a day": ["waive", UNIT, TALKS, "p-1", "--reason", "x"],
    "a waiver until no day": ["waive", UNIT, TALKS, "p-1", "--until", "soon", "--reason", "x"],
    "a waiver of nothing": ["waive", "--until", "2017-01-01", "--reason", "x"],
    "joining with words": ["waive", "--join", "3", "--reason", "x"],
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_wrong_usage_is_one_line_and_records_nothing(
    launched: Home,
    termgate: Run,
    by: By,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    lang: str,
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    before = len(cycle.stored(launched))
    code, out, err = termgate(*words, *by(SECRETARY))
    assert (code, out) == (BAD_INPUT, "")
    assert err.count("\n") == 1
    assert len(cycle.stored(launched)) == before


def test_a_key_that_cannot_be_used_is_no_attempt(
    launched: Home, termgate: Run, key_file: Callable[..., Path], tmp_path: Path
) -> None:
    path = key_file(SECRETARY)
    path.chmod(0o644)
    before = files(launched.path)
    acting = ("sign", UNIT, "plan", "--yes", "--as", SECRETARY, "--key")
    assert "chmod 600" in termgate(*acting, str(path))[2]
    path.chmod(0o600)
    other = tmp_path / "passphrase"
    other.write_text("another passphrase")
    other.chmod(0o600)
    got, out, err = termgate(*acting, str(path), "--passphrase-file", str(other))
    assert (got, out) == (BAD_INPUT, "")
    assert "wrong passphrase" in err
    assert termgate(*acting, str(tmp_path / "absent"))[0] == BAD_INPUT
    assert files(launched.path) == before
