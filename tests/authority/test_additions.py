"""Rows that are only added: what was signed goes on counting, and the decision says what came."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.bundle import export_bundle
from data.home import Home
from data.verify import verify
from schemas.vocabulary import Outcome, Stage
from tasks.replay import replay
from tests.authority.scene import (
    ADDED,
    LIAISON,
    PLACE,
    SECRETARY,
    UNIT,
    Case,
    case_of,
    meeting,
)
from tests.generator import Row
from tests.replay import scenes
from tests.support import cycle
from tests.support.cycle import Entry
from tests.support.tree import ROOT

BOTH = (SECRETARY, LIAISON)
# A duty that a township need not have.
DUTY: Row = {
    "jurisdiction": PLACE,
    "duty": "cppcc-plan",
    "officer": "o-640302-03",
    "assigned_on": date(2016, 8, 24),
}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """The plan of a township stands open on two signatures; then a row is added to its evidence."""
    found = case_of("open", tmp_path)
    found.deliver("measures", ADDED)
    return found


def holds(home: Home, folder: Path) -> bool:
    """Both verifiers say that a home's history holds; they agree."""
    path = folder / "bundle.zip"
    path.unlink(missing_ok=True)
    export_bundle(home, path)
    ours = verify(home, acts=True)[1] is None
    command = [sys.executable, "-I", "-S", str(ROOT / "docs" / "verify_bundle.py"), str(path)]
    theirs = subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert ours is theirs
    return ours


def agrees(home: Home) -> bool:
    return replay(home).agrees


def test_an_added_row_that_changes_no_finding_leaves_the_gate_open(
    case: Case, tmp_path: Path
) -> None:
    before = case.decided()
    assert case.launch() is Outcome.OPEN
    after = case.decided()
    [brought] = [
        one["seq"] for one in cycle.entries(case.home, "submitted") if one["register"] == "measures"
    ][-1:]
    assert after["seq"] > before["seq"]
    assert after["evidence"] != before["evidence"]
    for name in ("sign_offs", "void", "findings"):
        assert after[name] == before[name]
    assert {*after["carried"]} == {str(seq) for seq in after["sign_offs"]}
    for one in after["carried"].values():
        assert one["submissions"] == [brought]
        assert len(one["rows"]) == 1
    # It is handed on, decided once, and the later stages go on from it.
    assert cycle.launch(case.home, Stage.NOMINATION, PLACE)[UNIT] is Outcome.WAITING
    assert case.launch() is Outcome.OPEN
    assert case.decided()["seq"] == after["seq"]
    assert holds(case.home, tmp_path)
    assert agrees(case.home)


def test_what_was_carried_over_is_carried_on_and_ends_with_the_rows(case: Case) -> None:
    case.launch()
    case.deliver("duties", DUTY)
    assert case.launch() is Outcome.OPEN
    carried = case.decided()["carried"].values()
    assert [len(one["submissions"]) for one in carried] == [2, 2]
    # The officer whom the duty names is evidence by it.
    assert [len(one["rows"]) for one in carried] == [3, 3]
    case.withdraw("duties", DUTY)
    case.withdraw("measures", ADDED)
    assert case.launch() is Outcome.OPEN
    assert case.decided()["carried"] == {}
    assert agrees(case.home)


@pytest.mark.parametrize(
    "then",
    [
        lambda case: case.deliver("measures", meeting(1)),
        lambda case: case.withdraw("measures", meeting()),
    ],
    ids=["changed", "withdrawn"],
)
def test_a_row_that_was_signed_for_and_is_not_there_any_more_voids(
    case: Case, then: Callable[[Case], None]
) -> None:
    then(case)
    assert case.launch() is Outcome.WAITING
    closed = case.decided()
    assert closed["reopened"]["causes"] == ["evidence"]
    assert closed["carried"] == {}
    assert set(closed["sign_offs"]) == set()


def test_a_row_added_to_a_check_s_subjects_voids(case: Case) -> None:
    """Somebody more owes a talk, and was talked to: nothing fails, and one finding is new."""
    roster = next(row for row in cycle.small_rows()["roster"] if row["jurisdiction"] == PLACE)
    like = next(
        row for row in cycle.small_rows()["talk_participants"] if row["talk"] == "t-640302-06"
    )
    case.deliver("roster", {**roster, "responsibility_talk": True})
    case.deliver("talk_participants", {**like, "person": roster["person"]})
    assert case.launch() is Outcome.WAITING
    assert set(case.void().values()) >= {"other-evidence"}


def test_a_refusal_stands_though_rows_were_added(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    case.refuse(SECRETARY)
    assert case.launch() is Outcome.BLOCKED
    case.deliver("measures", ADDED)
    assert case.launch() is Outcome.BLOCKED
    # The sign-off beside it is carried over; a refusal is not for any evidence in particular.
    assert len(case.decided()["carried"]) == 1
    assert agrees(case.home)


def test_who_signs_after_the_addition_signs_for_all_of_it(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    case.deliver("measures", ADDED)
    assert case.launch() is Outcome.WAITING
    [carried] = case.decided()["carried"]
    case.sign(SECRETARY)
    assert case.launch() is Outcome.OPEN
    assert [*case.decided()["carried"]] == [carried]
    assert holds(case.home, tmp_path)


def changed(case: Case, edit: Callable[[Entry], None]) -> None:
    """The decision that carried something over says something else, in a history chained anew."""
    seq = case.decided()["seq"]
    scenes.rewritten(case.home, lambda entry: edit(entry) if entry["seq"] == seq else None)


def to(name: str, value: Any) -> Callable[[Entry], None]:
    def edit(entry: Entry) -> None:
        for one in entry["carried"].values():
            one[name] = value(one[name]) if callable(value) else value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        lambda entry: entry.update(carried={}),
        lambda entry: entry["carried"].pop(max(entry["carried"])),
        lambda entry: entry["carried"].update({"1": next(iter(entry["carried"].values()))}),
        to("submissions", []),
        to("submissions", [2]),
        to("submissions", lambda numbers: [*numbers, *numbers]),
        to("submissions", lambda numbers: [*numbers, 10**6]),
        to("rows", []),
        to("rows", ["f" * 64, "0" * 64]),
    ],
    ids=["nothing", "one less", "one more", "no submission", "before the signature", "twice",
         "later", "no row", "in another order"],
)  # fmt: skip
def test_what_is_carried_over_is_held_against_the_record(
    case: Case, edit: Callable[[Entry], None], tmp_path: Path
) -> None:
    case.launch()
    assert holds(case.home, tmp_path)
    changed(case, edit)
    assert not holds(case.home, tmp_path)


def test_other_rows_than_were_added_are_found_by_a_replay(case: Case, tmp_path: Path) -> None:
    case.launch()
    changed(case, to("rows", ["0" * 64]))
    assert holds(case.home, tmp_path)
    assert not agrees(case.home)
