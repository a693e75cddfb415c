"""Evaluation: whatever a check does wrong closes its gate, with the cause, and without people."""

import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.policies import read_pack
from schemas.canonical import row_digest
from schemas.decisions import outcome_of
from schemas.facts import Facts, FactsError, facts_of
from schemas.findings import FINDING_COLUMNS, Findings
from schemas.frames import DIGEST
from schemas.policy import PackCheck
from schemas.rules.base import read
from schemas.rules.catalogue import reason_text
from schemas.tables import frame_of
from schemas.text import LANGUAGES
from schemas.vocabulary import Outcome
from tasks.checks.catalogue import CHECKS
from tasks.gate.evaluation import FOUND, run_check, run_checks
from tests.generator import Rows
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
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[Check], dict[str, Findings]]:
    """Let another function stand in for the check, and give the findings."""

    def given(check: Check) -> dict[str, Findings]:
        monkeypatch.setitem(CHECKS, CODE, check)
        return run_check(entry(), small_facts())

    return given


Say = Callable[[Check], dict[str, Findings]]


def assert_all_closed(found: dict[str, Findings], reason: str, error: str) -> None:
    assert list(found) == list(small_facts().units["unit"])
    for findings in found.values():
        (one,) = findings
        assert (one.check, one.reason, one.arguments) == (CODE, reason, {"error": error})
        assert outcome_of(findings, [CODE]) is Outcome.BLOCKED
        for lang in LANGUAGES:
            assert error in reason_text(one.check, one.reason, one.arguments, lang)


def test_a_good_answer_passes(say: Say) -> None:
    found = say(lambda facts, _rule: answer(facts))
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
    assert PERSON not in str(found)


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
    first, *rest = (outcome_of(one, [CODE]) for one in found.values())
    assert first is Outcome.BLOCKED
    assert set(rest) == {Outcome.OPEN}


# It says nothing


def test_silence_about_every_unit_is_missing(say: Say) -> None:
    found = say(lambda facts, _rule: answer(facts).iloc[:0])
    assert len(found) == UNITS
    for findings in found.values():
        assert [(one.status, one.reason) for one in findings] == [("missing", "nothing-on-record")]
        assert outcome_of(findings, [CODE]) is Outcome.WAITING


def test_silence_about_one_unit_is_missing_for_that_unit(say: Say) -> None:
    found = say(lambda facts, _rule: answer(facts).iloc[1:])
    outcomes = {unit: outcome_of(one, [CODE]) for unit, one in found.items()}
    silent = small_facts().units["unit"].iloc[0]
    assert {unit for unit, one in outcomes.items() if one is not Outcome.OPEN} == {silent}
    assert outcomes[silent] is Outcome.WAITING


def test_what_more_an_answer_says_is_dropped(say: Say) -> None:
    found = say(lambda facts, _rule: answer(facts).assign(name=PERSON, check="plan.seats"))
    assert PERSON not in str(found)
    assert {code for one in found.values() for code in one.checks} == {CODE}


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
    for unit, findings in found.items():
        assert {one for one in map(str, findings) if "plan.seats" in one} == set(
            map(str, alone[unit])
        )
        assert len(findings) == len(alone[unit]) + 1


# What is remembered

# Between them bodies are visited and examined, sessions open and vote, and all becomes past.
DAYS = [date(2016, 9, 30), cycle.ON, date(2017, 12, 1)]


def submitted(rows: Rows, on: date) -> Facts:
    """Facts over rows that have digests, as those of submissions do."""
    tables = {name: frame_of(name, table) for name, table in rows.items()}
    for name, table in rows.items():
        tables[name][DIGEST] = [row_digest(name, row) for row in table]
    return facts_of(tables, on)


def test_what_is_remembered_of_another_day_is_what_would_be_found_on_this() -> None:
    rows = cycle.small_rows(planted=True)
    checks = [one for every in read_pack(cycle.PACK).checks.values() for one in every]
    FOUND.clear()
    remembered = [run_checks(checks, submitted(rows, on)) for on in DAYS]
    for on, found in zip(DAYS[1:], remembered[1:], strict=True):
        FOUND.clear()
        assert run_checks(checks, submitted(rows, on)) == found, on
    assert any(one != remembered[0] for one in remembered)


@given(
    st.lists(st.one_of(st.none(), st.dates(date(2016, 1, 1), date(2016, 1, 9))), max_size=4),
    st.dates(date(2015, 12, 30), date(2016, 1, 12)),
    st.lists(st.sampled_from(["came", "ahead", "over"]), min_size=1, max_size=2),
)
def test_days_compare_as_they_do_and_from_when_to_when_is_told(
    days: list[date | None], on: date, asked: list[str]
) -> None:
    holds = {"came": operator.le, "ahead": operator.gt, "over": operator.lt}
    facts = replace(small_facts(), _on=on)
    column = pd.Series(days, dtype="datetime64[s]")
    said = {name: getattr(facts, name)(column).tolist() for name in asked}
    since, until = facts.alike
    assert since <= on <= until
    for ordinal in range(-5, 20):
        day = date(2016, 1, 1) + timedelta(days=ordinal)
        then = {name: [bool(one and holds[name](one, day)) for one in days] for name in asked}
        assert (then == said) is (since <= day <= until) or not days
        assert day != on or then == said


def test_who_asks_which_day_it_is_is_asked_again_on_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[date] = []

    def check(facts: Facts, _rule: object) -> object:
        asked.append(facts.on)
        return answer(facts)

    monkeypatch.setitem(CHECKS, CODE, check)
    days = [date(2016, 12, 1), date(2016, 12, 1), date(2017, 12, 1)]
    for day in days:
        run_check(entry(), submitted(cycle.small_rows(), day))
    assert asked == days[1:]


def test_who_does_not_ask_for_the_day_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def check(facts: Facts, _rule: object) -> object:
        asked.append(1)
        return answer(facts)

    monkeypatch.setitem(CHECKS, CODE, check)
    for day in (date(2016, 12, 1), date(2017, 12, 1)):
        run_check(entry(), submitted(cycle.small_rows(), day))
    assert len(asked) == 1
