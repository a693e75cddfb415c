"""Evaluation: whatever a check does wrong closes its gate, with the cause, and without people."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from data.policies import read_pack
from schemas.decisions import outcome_of
from schemas.facts import Facts, FactsError
from schemas.findings import FINDING_COLUMNS, by_unit
from schemas.policy import PackCheck
from schemas.rules.base import read
from schemas.rules.catalogue import reason_text
from schemas.text import LANGUAGES
from schemas.vocabulary import Outcome
from tasks.checks.catalogue import CHECKS
from tasks.gate.evaluation import ALL_COLUMNS, run_check, run_checks
from tests.support import cycle, reference

CODE = "plan.duties"  # the check whose place the functions below take
UNITS = 10
PERSON = "马文博"

Check = Callable[[Facts, Any], object]


@cache
def small_facts() -> Facts:
    return reference.facts(cycle.small_rows())


def entry() -> PackCheck:
    found = read_pack(cycle.PACK).check(CODE)
    assert found is not None
    return found


def answer(facts: Facts, **columns: object) -> pd.DataFrame:
    """A good answer, a pass for every unit, with some columns changed."""
    units = facts.units["unit"]
    good = {"unit": units, "subject": units, "status": "pass", "reason": "", "arguments": None}
    return pd.DataFrame({**good, **columns}, columns=list(FINDING_COLUMNS))


def first_is(facts: Facts, **cells: object) -> pd.DataFrame:
    """A good answer but for cells of its first row."""
    frame = answer(facts).astype(object)
    for column, value in cells.items():
        frame[column] = [value, *frame[column].tolist()[1:]]
    return frame


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[Check], pd.DataFrame]:
    """Let another function stand in for the check, and give the findings."""

    def given(check: Check) -> pd.DataFrame:
        monkeypatch.setitem(CHECKS, CODE, check)
        return run_check(entry(), small_facts())

    return given


Say = Callable[[Check], pd.DataFrame]


def assert_all_closed(found: pd.DataFrame, reason: str, error: str) -> None:
    assert list(found.columns) == list(ALL_COLUMNS)
    assert list(found["unit"]) == list(small_facts().units["unit"])
    for findings in by_unit(found).values():
        (one,) = findings
        assert (one.check, one.reason, one.arguments) == (CODE, reason, {"error": error})
        assert outcome_of(findings, [CODE]) is Outcome.BLOCKED
        for lang in LANGUAGES:
            assert error in reason_text(one.check, one.reason, one.arguments, lang)


def test_a_good_answer_passes(say: Say) -> None:
    found = by_unit(say(lambda facts, _rule: answer(facts)))
    assert len(found) == UNITS
    assert {outcome_of(one, [CODE]) for one in found.values()} == {Outcome.OPEN}


# It raises


@pytest.mark.parametrize(
    "error",
    [ValueError(PERSON), KeyError(PERSON), MemoryError(), RecursionError(), AssertionError(PERSON),
     StopIteration(), UnicodeDecodeError("utf-8", b"\xff", 0, 1, PERSON), ZeroDivisionError()],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_a_check_that_raises_closes_every_gate_and_quotes_nobody(
    say: Say, error: Exception
) -> None:
    def crash(_facts: Facts, _rule: object) -> object:
        raise error

    found = say(crash)
    assert_all_closed(found, "check-crashed", type(error).__name__)
    assert PERSON not in found.to_json(force_ascii=False)


def test_a_check_that_reads_what_its_rule_does_not_say_crashes(say: Say) -> None:
    found = say(lambda facts, _rule: answer(facts, subject=facts.candidates["candidate"]))
    assert_all_closed(found, "check-crashed", "AttributeError")


def test_a_check_that_is_not_there_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(CHECKS, CODE)
    assert_all_closed(run_check(entry(), small_facts()), "check-crashed", "KeyError")


def test_facts_that_cannot_be_put_together_are_refused_and_no_finding() -> None:
    rows = cycle.small_rows()
    row = rows["team_members"][0]
    facts = reference.facts({**rows, "team_members": [{**row, "team": "t-nowhere"}]})
    whole = replace(
        entry(), rule=replace(entry().rule, reads=(read("team_members", "team officer"),))
    )
    with pytest.raises(FactsError, match="team_members"):
        run_check(whole, facts)


# It answers nonsense

FAILS = {"status": "fail", "reason": "wrong-organ"}
TOLD = {"duty": "liaison", "organ": "secretary", "officer": "o-1", "right": "secretary"}

NONSENSE: dict[str, tuple[Check, str]] = {
    "nothing": (lambda _f, _r: None, "columns"),
    "yes": (lambda _f, _r: True, "columns"),
    "text": (lambda _f, _r: "pass", "columns"),
    "a list": (lambda f, _r: answer(f).to_dict("records"), "columns"),
    "a column": (lambda f, _r: answer(f)["status"], "columns"),
    "no columns": (lambda _f, _r: pd.DataFrame(), "columns"),
    "a column less": (lambda f, _r: answer(f).drop(columns="reason"), "columns"),
    "no arguments": (lambda f, _r: answer(f).drop(columns="arguments"), "columns"),
    "empty unit": (lambda f, _r: first_is(f, unit=None), "empty-cell"),
    "empty subject": (lambda f, _r: first_is(f, subject=None), "empty-cell"),
    "empty status": (lambda f, _r: first_is(f, status=None), "empty-cell"),
    "empty reason": (lambda f, _r: first_is(f, reason=None), "empty-cell"),
    "not a number": (lambda f, _r: first_is(f, status=float("nan")), "empty-cell"),
    "unknown status": (lambda f, _r: first_is(f, status="open"), "status"),
    "capital status": (lambda f, _r: first_is(f, status="PASS"), "status"),
    "blank status": (lambda f, _r: first_is(f, status=""), "status"),
    "status yes": (lambda f, _r: first_is(f, status=True), "status"),
    "waived by itself": (lambda f, _r: first_is(f, status="waived"), "status"),
    "unknown unit": (lambda f, _r: first_is(f, unit="640399-congress"), "unit"),
    "unit out of scope": (lambda f, _r: first_is(f, unit="640381-congress"), "unit"),
    "a place for a unit": (lambda f, _r: first_is(f, unit="640302"), "unit"),
    "undeclared reason": (lambda f, _r: first_is(f, status="fail", reason="weather"), "reason"),
    "another's reason": (lambda f, _r: first_is(f, status="fail", reason="no-clause"), "reason"),
    "failed without reason": (lambda f, _r: first_is(f, status="fail"), "reason"),
    "missing without reason": (lambda f, _r: first_is(f, status="missing"), "reason"),
    "left out without reason": (lambda f, _r: first_is(f, status="not_applicable"), "reason"),
    "passed with a reason": (lambda f, _r: first_is(f, reason="wrong-organ"), "reason"),
    "arguments a text": (lambda f, _r: first_is(f, **FAILS, arguments="duty"), "arguments"),
    "arguments a number": (lambda f, _r: first_is(f, **FAILS, arguments=1.5), "arguments"),
    "arguments left out": (lambda f, _r: first_is(f, **FAILS), "arguments"),
    "arguments wanting": (lambda f, _r: first_is(f, **FAILS, arguments={"duty": "x"}), "arguments"),
    "an argument empty": (
        lambda f, _r: first_is(f, **FAILS, arguments=dict.fromkeys(TOLD)),
        "arguments",
    ),
    "an argument a row": (
        lambda f, _r: first_is(f, **FAILS, arguments={**TOLD, "duty": ["x"]}),
        "arguments",
    ),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_an_answer_that_is_none_closes_every_gate(say: Say, name: str) -> None:
    check, odd = NONSENSE[name]
    assert_all_closed(say(check), "check-malformed", odd)


def test_a_failure_as_its_rule_declares_it_is_taken(say: Say) -> None:
    declared = {**FAILS, "arguments": TOLD}
    assert set(entry().rule.reasons) > {"wrong-organ"}
    found = say(lambda facts, _rule: first_is(facts, **declared))
    first, *rest = (outcome_of(one, [CODE]) for one in by_unit(found).values())
    assert first is Outcome.BLOCKED
    assert set(rest) == {Outcome.OPEN}


# It says nothing


def test_silence_about_every_unit_is_missing(say: Say) -> None:
    found = by_unit(say(lambda facts, _rule: answer(facts).iloc[:0]))
    assert len(found) == UNITS
    for findings in found.values():
        assert [(one.status, one.reason) for one in findings] == [("missing", "nothing-on-record")]
        assert outcome_of(findings, [CODE]) is Outcome.WAITING


def test_silence_about_one_unit_is_missing_for_that_unit(say: Say) -> None:
    found = by_unit(say(lambda facts, _rule: answer(facts).iloc[1:]))
    outcomes = {unit: outcome_of(one, [CODE]) for unit, one in found.items()}
    silent = small_facts().units["unit"].iloc[0]
    assert {unit for unit, one in outcomes.items() if one is not Outcome.OPEN} == {silent}
    assert outcomes[silent] is Outcome.WAITING


def test_what_more_an_answer_says_is_dropped(say: Say) -> None:
    found = say(lambda facts, _rule: answer(facts).assign(name=PERSON, check="plan.seats"))
    assert list(found.columns) == list(ALL_COLUMNS)
    assert set(found["check"]) == {CODE}


# Checks beside each other


def test_what_a_check_does_to_its_facts_stays_with_it(say: Say) -> None:
    def vandal(facts: Facts, _rule: object) -> object:
        for frame in (*facts.tables.values(), facts.units, facts.lineage):
            for column in frame.columns:
                frame.loc[:, column] = None
        return None

    before = {name: frame.copy() for name, frame in small_facts().tables.items()}
    units, lineage = small_facts().units.copy(), small_facts().lineage.copy()
    say(vandal)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(small_facts().tables[name], frame)
    pd.testing.assert_frame_equal(small_facts().units, units)
    pd.testing.assert_frame_equal(small_facts().lineage, lineage)


def test_a_crash_leaves_the_other_checks_their_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = read_pack(cycle.PACK)
    seats = pack.check("plan.seats")
    assert seats is not None
    alone = run_check(seats, small_facts())

    def crash(_facts: Facts, _rule: object) -> pd.DataFrame:
        raise ValueError(PERSON)

    monkeypatch.setitem(CHECKS, CODE, crash)
    found = run_checks([entry(), seats], small_facts())
    beside = found[found["check"] == "plan.seats"].reset_index(drop=True)
    pd.testing.assert_frame_equal(beside, alone.reset_index(drop=True))
    assert len(found) == len(alone) + UNITS
