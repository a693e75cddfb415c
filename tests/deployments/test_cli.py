"""The commands: what each answers, in which shape, and with which exit code."""

from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.home import Home
from schemas.registers import REGISTERS
from schemas.vocabulary import STAGES
from tests.deployments.conftest import By
from tests.generator.book import mend_bytes, write_book
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer
from tests.support.cycle import OFFICER
from tests.support.keyfiles import founding_options

OPEN_UNIT, BLOCKED_UNIT = "640302103-congress", "640302-congress"


# status


def test_status_as_json_is_its_documented_shape(home: Home, termgate: Run) -> None:
    units = answer(termgate, "status", code=CLOSED)
    assert len(units) == 10
    for unit in units:
        assert {"unit", "jurisdiction", "level", "body", "stages"} <= set(unit)
        assert list(unit["stages"]) == list(STAGES)
        assert set(unit["stages"].values()) <= {"open", "waiting", "blocked", "not_reached"}
        assert unit["unit"] == f"{unit['jurisdiction']}-{unit['body']}"
    by_unit = {unit["unit"]: unit for unit in units}
    assert by_unit[BLOCKED_UNIT]["level"] == "county"
    assert list(by_unit[BLOCKED_UNIT]["stages"].values()) == ["blocked", *["not_reached"] * 5]
    assert set(by_unit[OPEN_UNIT]["stages"].values()) == {"open"}


@pytest.mark.parametrize(
    ("scope", "units", "code"),
    [("640302103", 2, CLOSED), (OPEN_UNIT, 1, DONE), (BLOCKED_UNIT, 1, CLOSED), ("640302", 7, 3)],
)
def test_status_ends_well_only_if_all_in_scope_is_open(
    home: Home, termgate: Run, scope: str, units: int, code: int
) -> None:
    assert len(answer(termgate, "status", "--scope", scope, code=code)) == units


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["1 of 10 units through all gates, 9 under way", "open", "blocked"]),
        ("zh", ["10个单位，1个全部通过，9个进行中", "清源区", "方案"]),
    ],
)
def test_the_board_is_shown_in_both_languages(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, lang: str, words: list[str]
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate("status")
    assert (code, err) == (CLOSED, "")
    for unit in cycle.small_rows()["units"]:
        assert str(unit["unit"]) in out
    assert [word for word in words if word not in out] == []


def test_the_home_may_be_named_with_an_option(
    home: Home, termgate: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_HOME", str(tmp_path / "elsewhere"))
    assert termgate("status")[0] == BAD_INPUT
    assert len(answer(termgate, "status", "--home", str(home.path), code=CLOSED)) == 10


# gate show


def test_a_gate_as_json_is_its_documented_shape(home: Home, termgate: Run) -> None:
    shown = answer(termgate, "gate", "show", BLOCKED_UNIT, "plan", code=CLOSED)
    needed = {"unit", "stage", "outcome", "on", "policy", "evidence", "seq", "findings"}
    assert needed <= set(shown)
    assert (shown["unit"], shown["stage"], shown["outcome"]) == (BLOCKED_UNIT, "plan", "blocked")
    assert shown["on"] == "2016-12-31"
    assert len(shown["policy"]) == len(shown["evidence"]) == 64
    (entry,) = [one for one in cycle.entries(home) if one["seq"] == shown["seq"]]
    assert (entry["unit"], entry["policy"]) == (BLOCKED_UNIT, shown["policy"])
    for finding in shown["findings"]:
        assert {"check", "subject", "status", "reason"} <= set(finding)
        assert bool(finding["reason"]) is (finding["status"] != "pass")
    (closing,) = [one for one in shown["findings"] if one["status"] in ("fail", "missing")]
    assert (closing["check"], closing["status"]) == ("plan.posts", "fail")
    assert closing["subject"] == f"{BLOCKED_UNIT}-secretary-general"
    assert shown["findings"][0] == closing


def test_an_open_gate_ends_well_and_one_not_reached_does_not(home: Home, termgate: Run) -> None:
    assert answer(termgate, "gate", "show", OPEN_UNIT, "result")["outcome"] == "open"
    shown = answer(termgate, "gate", "show", BLOCKED_UNIT, "vetting", code=CLOSED)
    assert (shown["outcome"], shown["seq"], shown["findings"]) == ("not_reached", None, [])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["secretary-general", "plan.posts", "blocked"]),
        ("zh", ["秘书长", "plan.posts", "受阻"]),
    ],
)
def test_a_gate_is_shown_in_both_languages(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, lang: str, words: list[str]
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate("gate", "show", BLOCKED_UNIT, "plan")
    assert (code, err) == (CLOSED, "")
    assert [word for word in words if word not in out] == []
    every = termgate("gate", "show", BLOCKED_UNIT, "plan", "--all")[1]
    assert len(every.splitlines()) > len(out.splitlines())
    assert termgate("gate", "show", BLOCKED_UNIT, "vetting")[0] == CLOSED


# policy show


def test_the_policy_names_its_checks_and_what_is_not_settled(home: Home, termgate: Run) -> None:
    pack = answer(termgate, "policy", "show")
    assert pack["pack"] == cycle.PACK
    assert len(pack["checks"]) > 50
    assert all(one["title"] and one["basis"] for one in pack["checks"])
    one = answer(termgate, "policy", "show", "plan.deployment")
    assert one in pack["checks"]
    assert one["unsettled"] == ["county", "township", "days"]
    other = answer(termgate, "policy", "show", "--policy", "cn-2026")
    assert other["pack"] == "cn-2026"
    code, out, _ = termgate("policy", "show")
    assert code == DONE
    assert "plan.deployment" in out
    assert termgate("policy", "show", "plan.deployment")[0] == DONE


# init, submit, template


SECRETARY = "o-640300-01"
NONE_READ = {"quarantine": None, "readings": 0, "listed": None, "waits": None}


def receipt(termgate: Run, *arguments: str, code: int = DONE) -> dict[str, Any]:
    told: dict[str, Any] = answer(termgate, *arguments, code=code)
    for one in told.values():
        assert set(one) == {"accepted", "rejected", "quarantine", "readings", "listed", "waits"}
    return told


def test_a_cycle_is_opened_and_reported_by_register(tmp_path: Path, termgate: Run) -> None:
    rows = cycle.small_rows()
    write_book(tmp_path / "book.xlsx", rows)
    arguments = ("init", "--policy", "cn-2016", "--book", str(tmp_path / "book.xlsx"), "--home",
                 str(tmp_path / "new"),
                 *founding_options(tmp_path / "keys", OFFICER, SECRETARY))  # fmt: skip
    told = receipt(termgate, *arguments)
    assert told == {
        name: {"accepted": len(rows[name]), "rejected": 0, **NONE_READ} for name in REGISTERS
    }
    assert termgate(*arguments)[0] == BAD_INPUT
    assert len(answer(termgate, "status", "--home", str(tmp_path / "new"), code=CLOSED)) == 10


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_submission_tells_what_became_of_every_row(
    home: Home, termgate: Run, by: By, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    officers = REGISTERS["officers"]
    good = cycle.small_rows()["officers"][:2]
    bad = {**good[0], "officer": "o-9", "jurisdiction": "640399"}
    path = tmp_path / "x.csv"
    path.write_bytes(mend_bytes(officers, good, good[0]))
    told = receipt(termgate, "submit", "officers", str(path), *by(OFFICER), code=CLOSED)
    waits = told["officers"]["waits"]
    assert told == {"officers": {"accepted": 2, "rejected": 0, **NONE_READ, "waits": waits}}
    assert cycle.entries(home)[-1]["seq"] == waits
    path.write_bytes(mend_bytes(officers, [*good, bad], good[0]))
    told = receipt(termgate, "submit", "officers", str(path), *by(OFFICER), code=BAD_INPUT)
    quarantine = told["officers"].pop("quarantine")
    assert told == {"officers": {"accepted": 2, "rejected": 1, "readings": 0, "listed": None,
                                 "waits": waits + 1}}  # fmt: skip
    sheet = CalamineWorkbook.from_path(quarantine).get_sheet_by_index(0)
    assert "640399" in sheet.to_python()[1]
    code, out, err = termgate("submit", "officers", str(path), *by(OFFICER))
    assert (code, err) == (BAD_INPUT, "")
    assert "640399" in out
    path.write_bytes(mend_bytes(officers, [bad], ["officer"]))
    told = receipt(
        termgate, "submit", "officers", str(path), *by(OFFICER), "--withdraw", code=BAD_INPUT
    )
    assert (told["officers"]["accepted"], told["officers"]["rejected"]) == (0, 1)


def test_a_template_is_written(tmp_path: Path, termgate: Run) -> None:
    path = tmp_path / "book.xlsx"
    code, out, err = termgate("template", str(path))
    assert (code, err) == (DONE, "")
    assert str(path) in out.replace("\n", "")
    assert path.stat().st_size > 10_000
    one = tmp_path / "one.xlsx"
    assert termgate("template", str(one), "--register", "reports")[0] == DONE
    assert one.stat().st_size < path.stat().st_size


# Chinese words on the command line


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("status", "--scope", "换届"), ("status", "--scope", "cycle")),
        (("gate", "show", BLOCKED_UNIT, "方案"), ("gate", "show", BLOCKED_UNIT, "plan")),
        (("audit", "log", "--stage", "方案", "--outcome", "受阻"),
         ("audit", "log", "--stage", "plan", "--outcome", "blocked")),
        (("audit", "log", "--stage", "Plan"), ("audit", "log", "--stage", "plan")),
    ],
)  # fmt: skip
def test_chinese_words_mean_what_the_codes_mean(
    home: Home, termgate: Run, typed: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert termgate(*typed, "--json") == termgate(*meant, "--json")


def test_what_may_be_typed_is_listed_in_the_reader_s_language(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"zh": ("方案、提名、考察、督导、选举、换届",
                    "方案、提名、考察、督导、候选人、选举结果"),
             "en": ("plan, nomination, vetting, inspection, election, cycle",
                    "plan, nomination, vetting, inspection, slate, result")}  # fmt: skip
    for lang, (works, stages) in known.items():
        monkeypatch.setenv("TERMGATE_LANG", lang)
        assert works in termgate("run", "火星")[2]
        assert stages in termgate("gate", "show", BLOCKED_UNIT, "火星")[2]


def test_a_word_that_names_no_stage_is_refused(home: Home, termgate: Run) -> None:
    for stage in ("方", "选举会议", "cycle"):
        code, out, err = termgate("gate", "show", BLOCKED_UNIT, stage)
        assert (code, out) == (BAD_INPUT, "")
        assert stage in err


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ("2099-01-01", "has not come yet"), ("2099年1月1日", "has not come yet"),
        ("1999-01-01", "days do not go back"), ("一九九九年一月一日", "days do not go back"),
        ("2999-01-01", "the year must be"), ("2016-13-01", "there is no such day"),
        ("2016.09", "2016-09-28"), ("05/06/2016", "2016-05-06, 2016-06-05"),
        ("yesterday", "is not a date"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_decided_is_refused_before_anything_starts(
    home: Home, termgate: Run, on: str, says: str
) -> None:
    before = cycle.stored(home)
    code, out, err = termgate("run", "方案", "--day", on)
    assert (code, out) == (BAD_INPUT, "")
    assert says in err
    assert cycle.stored(home) == before


def test_what_init_shows_has_rows(tmp_path: Path, termgate: Run) -> None:
    rows = cycle.small_rows()
    given = {name: rows[name] for name in ("jurisdictions", "units", "officers")}
    write_book(tmp_path / "book.xlsx", {**{name: [] for name in rows}, **given})
    arguments = ("init", "--policy", "cn-2016", "--book", str(tmp_path / "book.xlsx"))
    founders = founding_options(tmp_path / "keys", OFFICER, SECRETARY)
    code, out, _ = termgate(*arguments, *founders, "--home", str(tmp_path / "new"))
    assert code == DONE
    assert [name for name in REGISTERS if REGISTERS[name].title.en in out] == list(given)
