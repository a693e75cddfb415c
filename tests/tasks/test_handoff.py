"""Hand-offs: every expectation can fail, names its unit, and what cannot be judged stays closed."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pandas as pd
import pytest

from schemas.decisions import outcome_of
from schemas.facts import Facts
from schemas.findings import FINDING_COLUMNS, by_unit
from schemas.handoffs import HANDOFFS, handoff_code
from schemas.rules.base import registers_of
from schemas.rules.catalogue import reason_text
from schemas.text import LANGUAGES
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.handoff import validation
from tasks.handoff.frames import READS, frame_digests, handoff_frame
from tasks.handoff.validation import validate
from tests.support import cycle, reference

# Units that have voted: of a county and of its townships.
HELD = ("640300-congress", "640300-government", "640300-cppcc")


@cache
def facts() -> Facts:
    whole = reference.facts(cycle.small_rows())
    return whole.within(set(whole.units["unit"]) - set(HELD))


@cache
def clean_frame(stage: Stage) -> pd.DataFrame:
    return handoff_frame(stage, facts())


def frame(stage: str) -> pd.DataFrame:
    return clean_frame(Stage(stage)).copy()


def failed(stage: str, changed: pd.DataFrame) -> dict[str, set[tuple[str, str]]]:
    """Unit → subject and reason of what fails; every unit of the frame has its finding."""
    found = validate(Stage(stage), changed)
    assert list(found.columns) == [*FINDING_COLUMNS, "check"]
    assert set(found["check"]) == {handoff_code(Stage(stage))}
    assert set(found["unit"]) == set(changed["unit"].dropna())
    result: dict[str, set[tuple[str, str]]] = {}
    for unit, findings in by_unit(found).items():
        outcome = outcome_of(findings, [handoff_code(Stage(stage))])
        closing = {(one.subject, one.reason) for one in findings if one.status != "pass"}
        assert (outcome is Outcome.OPEN) is (not closing)
        if closing:
            result[unit] = closing
    return result


@pytest.mark.parametrize("stage", STAGES)
def test_the_clean_cycle_is_handed_on(stage: str) -> None:
    handed = frame(stage)
    assert list(handed.columns) == list(HANDOFFS[Stage(stage)].columns)
    assert set(handed["unit"]) == set(facts().units["unit"])
    assert failed(stage, handed) == {}


# Every expectation

Edit = Callable[[pd.DataFrame, int], pd.DataFrame]
ROW = 5


def cell(column: str, value: Any) -> Edit:
    """Another value in one row."""

    def edit(handed: pd.DataFrame, row: int) -> pd.DataFrame:
        handed.loc[row, column] = value
        return handed

    return edit


def other(column: str, difference: int) -> Edit:
    """A number that is a little more or less."""

    def edit(handed: pd.DataFrame, row: int) -> pd.DataFrame:
        number: Any = handed.loc[row, column]
        handed.loc[row, column] = number + difference
        return handed

    return edit


def twice(handed: pd.DataFrame, row: int) -> pd.DataFrame:
    """One row a second time."""
    return pd.concat([handed, handed.loc[[row]]], ignore_index=True)


def same_person(handed: pd.DataFrame, row: int) -> pd.DataFrame:
    """One person proposed twice for one post."""
    again = handed.loc[[row]].assign(candidate="c-640302-9999")
    return pd.concat([handed, again], ignore_index=True)


def closes_early(handed: pd.DataFrame, row: int) -> pd.DataFrame:
    """A session that closes before it opens."""
    opens: Any = handed.loc[row, "session_opens_on"]
    handed.loc[row, "session_closes_on"] = opens - pd.Timedelta(days=1)
    return handed


EDITS: dict[str, dict[str, Edit]] = {
    "plan": {
        "post-needed": cell("post", None),
        "post-pattern": cell("post", "chair"),
        "kind-needed": cell("kind", None),
        "kind-terms": cell("kind", "king"),
        "seats-needed": cell("seats", None),
        "seats-range": cell("seats", -1),
        "session-opens-on-needed": cell("session_opens_on", None),
        "session-closes-on-needed": cell("session_closes_on", None),
        "post-unique": twice,
        "session-closes-on-not-before-session-opens-on": closes_early,
    },
    "nomination": {
        "post-needed": cell("post", None),
        "post-pattern": cell("post", "640302_congress"),
        "seats-needed": cell("seats", None),
        "seats-range": cell("seats", -2),
        "candidate-needed": cell("candidate", None),
        "candidate-pattern": cell("candidate", "C 1"),
        "person-needed": cell("person", None),
        "person-pattern": cell("person", "丁海峰"),
        "candidate-unique": twice,
        "post-person-unique": same_person,
    },
    "vetting": {
        "post-needed": cell("post", None),
        "post-pattern": cell("post", "?"),
        "candidate-needed": cell("candidate", None),
        "candidate-pattern": cell("candidate", "?"),
        "candidate-unique": twice,
        **{
            f"{item}-{suffix}": cell(item, value)
            for item in HANDOFFS[Stage.VETTING].columns[3:]
            for suffix, value in (("reviewed", None), ("allows", "unfit"))
        },
    },
    "inspection": {
        "post-needed": cell("post", None),
        "post-pattern": cell("post", "?"),
        "candidate-needed": cell("candidate", None),
        "candidate-pattern": cell("candidate", "?"),
        "candidate-unique": twice,
        "open-reports-none": cell("open_reports", 1),
    },
    "slate": {
        "post-needed": cell("post", None),
        "post-pattern": cell("post", "640302_congress"),
        "seats-needed": cell("seats", None),
        "seats-range": cell("seats", -2),
        "candidate-needed": cell("candidate", None),
        "candidate-pattern": cell("candidate", "C 1"),
        "person-needed": cell("person", None),
        "person-pattern": cell("person", "丁海峰"),
        "status-needed": cell("status", None),
        "status-terms": cell("status", "printed"),
        "candidate-unique": twice,
        "post-person-unique": same_person,
    },
    "result": {
        "post-needed": cell("post", None),
        "post-pattern": cell("post", "?"),
        **{
            f"{name.replace('_', '-')}-{suffix}": cell(name, value)
            for name in ("seats", "round", "issued", "returned", "not_returned", "valid", "void")
            for suffix, value in (("needed", None), ("range", -1))
        },
        "post-round-unique": twice,
        "settled-equals-seats": other("settled", 1),
        "issued-equals-papers-issued": other("issued", -1),
        "returned-equals-papers-returned": other("papers_returned", 2),
    },
}
# A unit or a column of dates that is none concerns all rows, see below.
APART = {"unit-needed", "unit-pattern", "session-opens-on-date", "session-closes-on-date"}


@pytest.mark.parametrize("stage", STAGES)
def test_there_is_an_edit_for_every_expectation(stage: str) -> None:
    codes = [one.code for one in HANDOFFS[Stage(stage)].expectations]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(EDITS[stage]) | (APART & set(codes))


def rounds(stage: str) -> Iterator[list[tuple[str, str, int]]]:
    """The codes of the edits, each with a unit of its own and a row of it; one unit is spared."""
    rows = {str(unit): number for number, unit in reversed([*enumerate(frame(stage)["unit"])])}
    units = sorted(rows)[:-1]
    codes = list(EDITS[stage])
    for start in range(0, len(codes), len(units)):
        some = codes[start : start + len(units)]
        yield [(code, unit, rows[unit]) for code, unit in zip(some, units, strict=False)]


@pytest.mark.parametrize("stage", STAGES)
def test_every_expectation_can_fail_and_holds_its_unit_only(stage: str) -> None:
    for planned in rounds(stage):
        handed = frame(stage)
        for code, _, row in planned:
            handed = EDITS[stage][code](handed, row)
        result = failed(stage, handed)
        assert set(result) == {unit for _, unit, _ in planned}
        for code, unit, _ in planned:
            assert code in {reason for _, reason in result[unit]}
            for subject, reason in result[unit]:
                assert subject
                for lang in LANGUAGES:
                    assert reason_text(handoff_code(Stage(stage)), reason, {}, lang)


def test_a_failing_row_is_named_by_its_id() -> None:
    handed = frame("nomination")
    handed.loc[ROW, "seats"] = -2
    unit, candidate = str(handed.loc[ROW, "unit"]), str(handed.loc[ROW, "candidate"])
    assert failed("nomination", handed) == {unit: {(candidate, "seats-range")}}


def test_a_failing_row_without_id_is_named_by_its_unit() -> None:
    handed = frame("nomination")
    unit = str(handed.loc[ROW, "unit"])
    handed.loc[ROW, ["candidate", "person"]] = None
    assert failed("nomination", handed) == {
        unit: {(unit, "candidate-needed"), (unit, "person-needed")}
    }


@pytest.mark.parametrize("column", ["session_opens_on", "session_closes_on"])
def test_dates_that_are_text_hold_every_unit(column: str) -> None:
    result = failed("plan", frame("plan").astype({column: "str"}))
    assert set(result) == set(facts().units["unit"])
    code = f"{column.replace('_', '-')}-date"
    assert all(code in {reason for _, reason in one} for one in result.values())


def test_a_row_of_no_unit_or_of_a_strange_one_opens_nothing_more() -> None:
    handed = frame("plan")
    strange = handed.assign(unit=handed["unit"].replace("640302-cppcc", "640302-court"))
    assert set(failed("plan", strange)) == {"640302-court"}
    nobody = handed.assign(unit=handed["unit"].where(handed["unit"] != "640302-cppcc"))
    found = validate(Stage.PLAN, nobody)
    assert "640302-cppcc" not in set(found["unit"])


@pytest.mark.parametrize("stage", STAGES)
def test_a_unit_with_nothing_to_hand_on_is_held(stage: str) -> None:
    empty = reference.facts({name: cycle.small_rows()[name] for name in ("jurisdictions", "units")})
    handed = handoff_frame(Stage(stage), empty)
    assert set(handed["unit"]) == set(empty.units["unit"])
    assert set(failed(stage, handed)) == set(empty.units["unit"])


def test_no_units_no_findings() -> None:
    assert validate(Stage.PLAN, frame("plan").iloc[:0]).empty


# The validator itself


def test_an_expectation_that_crashes_holds_every_unit() -> None:
    handed = frame("result").drop(columns="papers_issued")
    result = failed("result", handed)
    assert set(result) == set(facts().units["unit"])
    code = "issued-equals-papers-issued"
    assert all({reason for _, reason in one} == {code} for one in result.values())


def test_a_failure_that_names_no_row_holds_every_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    real = validation._failures

    def mute(handoff: Any, given: pd.DataFrame, result: Any) -> pd.DataFrame:
        result.result.pop("unexpected_index_list", None)
        return real(handoff, given, result)

    monkeypatch.setattr(validation, "_failures", mute)
    assert set(failed("plan", cell("seats", -1)(frame("plan"), ROW))) == set(facts().units["unit"])


@pytest.mark.parametrize("stage", STAGES)
def test_a_validator_that_evaluates_less_is_an_error(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = validation._suite(Stage(stage))
    less = type(whole)(name="less", expectations=whole.expectations[:-1])
    monkeypatch.setattr(validation, "_suite", lambda _stage: less)
    with pytest.raises(RuntimeError, match="evaluated"):
        validate(Stage(stage), frame(stage))


# Reading and digests


def test_a_frame_needs_no_more_than_it_says_to_read() -> None:
    for stage in STAGES:
        bare = Facts(
            facts().on,
            facts().units,
            facts().lineage,
            {name: facts().tables[name] for name in registers_of(READS[stage])},
        )
        pd.testing.assert_frame_equal(handoff_frame(stage, bare), clean_frame(stage))


@pytest.mark.parametrize("stage", STAGES)
def test_the_digest_of_a_unit_is_of_its_rows_in_any_order(stage: str) -> None:
    handed = frame(stage)
    digests = frame_digests(handed)
    assert frame_digests(handed.sample(frac=1, random_state=3)) == digests
    unit = str(handed.loc[ROW, "unit"])
    for column in set(handed.columns) - {"unit"}:
        other_row = handed.loc[handed[column] != handed.loc[ROW, column], column]
        for value in (None, *other_row.iloc[:1]):
            changed = frame_digests(cell(column, value)(frame(stage), ROW))
            assert {one for one in digests if changed[one] != digests[one]} == {unit}, column
    assert len(HANDOFFS) == 6
