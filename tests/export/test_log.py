"""Which entries an auditor gets who asks by unit, stage, officer, check, time and outcome."""

from typing import Any

import pytest

from schemas.text import Refusal
from tasks.export.log import selected, wanted
from tests.export.ledgers import DISCIPLINE, FRONT, SECRETARY, eventful_record

TALKS = "plan.responsibility-talks"


def asked(**given: str) -> list[dict[str, Any]]:
    return [one.as_json() for one in selected(eventful_record().entries, wanted(**given))]


def kinds(**given: str) -> set[str]:
    return {entry["kind"] for entry in asked(**given)}


def test_nothing_asked_is_everything_in_order() -> None:
    assert asked() == [one.as_json() for one in eventful_record().entries]


def test_by_unit_and_stage() -> None:
    found = asked(unit="640300-government", stage="plan")
    assert {(one["unit"], one["stage"]) for one in found} == {("640300-government", "plan")}
    assert {one["kind"] for one in found} == {"decided", "signed", "handed-on"}
    assert "attempted" in kinds(unit="640300-government", stage="vetting")


def test_an_officer_is_found_in_every_role() -> None:
    every = {"key-enrolled", "key-vouched", "key-revoked", "signed", "refused", "waived",
             "decided", "handed-on", "attempted", "checkpointed", "evaluator-revoked",
             "evaluator-vouched", "ruled"}  # fmt: skip
    assert kinds(officer=DISCIPLINE) == every
    assert kinds(officer=SECRETARY) >= {
        "withdrawn",
        "key-rotated",
        "key-vouched",
        "evaluator-enrolled",
    }
    assert kinds(officer=FRONT) >= {"key-enrolled", "key-revoked", "signed", "decided"}
    assert kinds(officer="o-640300-od-1") >= {"submitted"}


def test_a_check_finds_what_it_closes_and_what_is_waived() -> None:
    found = asked(check=TALKS)
    assert {one["kind"] for one in found} == {"waived", "decided"}
    statuses = [set(one["findings"][TALKS]) for one in found if one["kind"] == "decided"]
    assert statuses == [{"waived"}, {"waived"}, {"missing"}]
    assert asked(check="plan.hand-off") == []
    assert {one["outcome"] for one in asked(check="plan.sign-off")} == {"waiting", "blocked"}


def test_by_outcome_only_decisions_are_found() -> None:
    assert kinds(outcome="blocked") == {"decided"}
    assert [one["unit"] for one in asked(outcome="blocked")] == ["640302-government"]


def test_by_time() -> None:
    assert [one["seq"] for one in asked(since="5", until="7")] == [5, 6, 7]
    days = {one["at"][:10] for one in asked(since="2016-09-04", until="2016-09-07")}
    assert days
    assert min(days) >= "2016-09-04"
    assert max(days) <= "2016-09-07"
    assert asked(since="2999-01-01") == []


@pytest.mark.parametrize(
    "given",
    [{"stage": "plans"}, {"check": "plan.nothing"}, {"outcome": "not_reached"},
     {"since": "yesterday"}, {"until": "2016-13-01"}, {"since": "-3"}],
)  # fmt: skip
def test_what_there_is_not_is_refused(given: dict[str, str]) -> None:
    [option] = given
    with pytest.raises(Refusal, match=f"--{option}"):
        wanted(**given)
