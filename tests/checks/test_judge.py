"""The judge: what is unknown, which rule counts first, and that silence is no pass."""

from datetime import date

import pandas as pd
import pytest

from schemas.facts import Facts
from schemas.findings import FINDING_COLUMNS
from schemas.rules.base import Rule
from schemas.rules.parameters import NoParameters
from schemas.text import Text
from schemas.vocabulary import Organ, Status
from tasks.checks import registry
from tasks.checks.judge import Judge, known, of_jurisdiction, of_unit
from tasks.checks.registry import check

UNITS = pd.DataFrame(
    {
        "unit": ["640302-congress", "640302-government", "640321-congress"],
        "jurisdiction": ["640302", "640302", "640321"],
        "body": ["congress", "government", "congress"],
        "level": "county",
        "parent": "640300",
    }
)
CONGRESS, GOVERNMENT, OTHER = UNITS["unit"]
UNKNOWN = [True, False, None]


def judge_of(subjects: int, unit: str = CONGRESS) -> Judge:
    rows = pd.DataFrame(
        {"unit": unit, "subject": [f"s-{n}" for n in range(subjects)], "number": range(subjects)}
    )
    return Judge(rows, UNITS)


def verdicts(judge: Judge) -> list[str]:
    """`status reason` of each subject that the judge was given, in order."""
    found = judge.judged()
    assert tuple(found.columns) == FINDING_COLUMNS
    return [f"{row.status} {row.reason}".strip() for row in found.itertuples()]


# What is unknown


@pytest.mark.parametrize("kind", ["boolean", "object"])
def test_an_unknown_condition_hits_what_closes_and_misses_what_excuses(kind: str) -> None:
    condition = pd.Series(UNKNOWN, dtype=kind)
    judge = judge_of(3)
    judge.fail(condition, "wrong")
    assert verdicts(judge) == ["fail wrong", "pass", "fail wrong"]
    judge = judge_of(3)
    judge.missing(condition, "absent")
    assert verdicts(judge) == ["missing absent", "pass", "missing absent"]
    judge = judge_of(3)
    judge.not_applicable(condition, "exempt")
    assert verdicts(judge) == ["not_applicable exempt", "pass", "pass"]


def test_an_empty_number_is_unknown_and_an_empty_date_must_be_asked_for() -> None:
    number = pd.Series([1, None], dtype="Int64")
    day = pd.Series([date(2016, 1, 1), None], dtype="datetime64[s]")
    first = pd.Timestamp(2016, 1, 1)
    assert known(number > 1, unknown=True).tolist() == [False, True]
    assert known(day > first, unknown=True).tolist() == [False, False]
    assert known(~(day <= first), unknown=True).tolist() == [False, True]


# Which rule counts


def test_the_first_rule_that_hits_counts() -> None:
    judge = judge_of(4)
    judge.not_applicable(judge["number"] == 0, "exempt")
    judge.missing(judge["number"] <= 1, "absent")
    judge.fail(judge["number"] <= 2, "wrong")
    judge.missing(judge["number"] == 2, "late")
    assert verdicts(judge) == ["not_applicable exempt", "missing absent", "fail wrong", "pass"]


def test_whoever_no_rule_hits_passes_without_reason_or_arguments() -> None:
    found = judge_of(1).findings()
    one = found[found["unit"] == CONGRESS].iloc[0]
    assert (one["status"], one["reason"], one["arguments"]) == ("pass", "", None)


# What is said


def test_arguments_are_plain_and_each_row_gets_its_own() -> None:
    judge = judge_of(3)
    judge.fail(
        judge["number"] > 0,
        "wrong",
        number=judge["number"],
        day=pd.Series([date(2016, 1, 1), date(2016, 1, 2), None], dtype="datetime64[s]"),
        name=pd.Series(["a", "b", None], dtype="str"),
        count=pd.Series([1, 2, None], dtype="Int64"),
        fixed=5,
        on=date(2016, 2, 29),
        organ=Organ.SECRETARY,
    )
    same = {"fixed": 5, "on": "2016-02-29", "organ": "secretary"}
    said = judge.judged()["arguments"].tolist()
    assert said == [
        None,
        {"number": 1, "day": "2016-01-02", "name": "b", "count": 2, **same},
        {"number": 2, "day": "?", "name": "?", "count": "?", **same},
    ]
    assert {type(value) for value in said[1].values()} == {str, int}


def test_a_reason_without_arguments_has_none() -> None:
    judge = judge_of(1)
    judge.fail(judge["number"] == 0, "wrong")
    assert judge.judged()["arguments"].tolist() == [None]


# Who is looked at


def test_silence_is_no_pass() -> None:
    found = judge_of(1).findings().set_index("unit")
    assert found["status"].to_dict() == {
        CONGRESS: "pass",
        GOVERNMENT: "missing",
        OTHER: "missing",
    }
    assert found.loc[OTHER, "reason"] == "nothing-on-record"
    assert found.loc[OTHER, "subject"] == OTHER
    assert len(judge_of(0).findings()) == len(UNITS)
    assert judge_of(0).judged().empty


def test_what_a_unit_without_subjects_gets_can_be_said() -> None:
    judge = judge_of(0)
    judge.nothing(Status.NOT_APPLICABLE, "no-such-body")
    assert set(judge.findings()["status"]) == {"not_applicable"}
    assert set(judge.findings()["reason"]) == {"no-such-body"}


def test_units_out_of_scope_are_left_out() -> None:
    rows = pd.DataFrame({"unit": [CONGRESS, "640399-congress", OTHER], "subject": ["a", "b", "c"]})
    judge = Judge(rows, UNITS[UNITS["unit"] != OTHER])
    judge.fail(judge["subject"] == "a", "wrong", subject=judge["subject"])
    found = judge.findings()
    assert dict(zip(found["unit"], found["status"], strict=True)) == {
        CONGRESS: "fail",
        GOVERNMENT: "missing",
    }


def test_units_are_subjects_of_their_own() -> None:
    assert of_unit(UNITS)["subject"].tolist() == UNITS["unit"].tolist()


def test_a_row_of_a_jurisdiction_concerns_each_of_its_units() -> None:
    rows = pd.DataFrame({"jurisdiction": ["640302", "640399"], "kind": ["notice", "notice"]})
    found = of_jurisdiction(UNITS, rows)
    assert found["unit"].tolist() == [CONGRESS, GOVERNMENT]
    assert found["kind"].tolist() == ["notice", "notice"]


# Registration


def test_a_rule_has_one_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "CHECKS", {})
    text = Text("规则", "rule")
    rule = Rule("plan.example", text, (), "NoParameters", Organ.SECRETARY, {})

    def example(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
        return Judge(of_unit(facts.units), facts.units).findings()

    assert check(rule)(example) is example
    assert {"plan.example": example} == registry.CHECKS
    with pytest.raises(ValueError, match=r"plan\.example is registered twice"):
        check(rule)(example)
