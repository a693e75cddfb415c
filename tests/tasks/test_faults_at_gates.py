"""The planted faults at their gates: each closes its own unit's gate, and its mend opens it.

Every gate is judged on the whole book, apart from the gates before it, so that no fault hides
another; the mends are the committed files, delivered as a user delivers them. Nobody signs here: a
gate that waits for signatures and for nothing else has passed its checks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from data.home import Home
from deployments.demo_days import REFERENCE
from schemas.decisions import CLOSING, Decision
from schemas.findings import Finding
from schemas.policy import Pack
from schemas.reports import finding_reason
from schemas.text import LANGUAGES
from schemas.vocabulary import STAGES, Outcome
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import open_snapshot
from tasks.intake.accept import open_cycle, submit
from tests.generator import REFERENCE_ON
from tests.support import cycle
from tests.support.signing import confirm, delivers, founding

FAULTS = json.loads((REFERENCE / "cycle.json").read_text(encoding="utf-8"))["faults"]
CITY = {"640300-congress", "640300-government", "640300-cppcc"}
SEEN_AGAIN = ("plan.posts", "nomination.proposals", "vetting.reports", "plan.election-committee",
              "plan.allocation", "plan.seats", "nomination.constituencies")  # fmt: skip
# Without a session neither of them opens.
AHEAD = ("slate", "result")
YEARS_LATER = datetime(2026, 11, 23, tzinfo=UTC)
Decisions = dict[tuple[str, str], Decision]


def judged(home: Home, on: date = REFERENCE_ON) -> tuple[Pack, Decisions]:
    """The decision of every gate of every unit, as if each stage were the first."""
    snapshot = open_snapshot(home, "cycle", on, lambda: YEARS_LATER)
    return snapshot.pack, {
        (one.unit, stage.value): one for stage in STAGES for one in decisions_of(snapshot, stage)
    }


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The committed book, opened as `termgate init` opens it."""
    home = Home(tmp_path_factory.mktemp("book"))
    book = REFERENCE / "book.xlsx"
    receipts = open_cycle(home, cycle.PACK, book, founding, historical=REFERENCE_ON)
    assert sum(one.rejected for one in receipts) == 0
    return home


@pytest.fixture(scope="module")
def faulty(book: Home) -> Decisions:
    return judged(book)[1]


@pytest.fixture(scope="module")
def mended(book: Home, faulty: Decisions, tmp_path_factory: pytest.TempPathFactory) -> Decisions:
    """After every mend; asked for after `faulty`, since the home is the same."""
    assert faulty
    for fault in FAULTS:
        mend = fault["mend"]
        receipt = submit(
            book,
            mend["register"],
            REFERENCE / mend["file"],
            delivers(book, mend["by"]),
            withdraw=mend["withdraw"],
        )
        assert receipt.rejected == 0
        assert receipt.accepted > 0
        if receipt.waits:
            confirm(book, receipt.waits)
    return judged(book)[1]


def closed(decisions: Decisions) -> set[tuple[str, str]]:
    return {gate for gate, one in decisions.items() if not cycle.holds(one)}


def closing(decision: Decision) -> Iterable[Finding]:
    return (one for one in decision.findings if one.status in CLOSING)


@cache
def expected_closed() -> frozenset[tuple[str, str]]:
    """Every gate that a fault closes at its stage, and the city's sessions, still to come."""
    faults = {(unit, fault["stage"]) for fault in FAULTS for unit in fault["units"]}
    return frozenset(faults | {(unit, stage) for unit in CITY for stage in AHEAD})


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["id"] for fault in FAULTS])
def test_a_fault_closes_its_gate_with_a_reason_people_understand(
    fault: dict[str, Any], faulty: Decisions
) -> None:
    for unit in fault["units"]:
        decision = faulty[unit, fault["stage"]]
        found = [one for one in closing(decision) if one.check == fault["check"]]
        assert found, "the right check closes it"
        first = next(one for one in found if one.subject == fault["subject"])
        assert (first.status, first.reason) == (fault["status"], fault["reason"])
        assert decision.outcome is (
            Outcome.BLOCKED if fault["status"] == "fail" else Outcome.WAITING
        )
        zh, en = (finding_reason(first, lang) for lang in LANGUAGES)
        assert zh != en
        assert any("\u4e00" <= character <= "\u9fff" for character in zh)
        assert "{" not in zh + en


def test_all_other_units_pass_that_gate_in_the_same_run(faulty: Decisions) -> None:
    at_their_stage = closed(faulty)
    assert expected_closed() <= at_their_stage
    # These are seen again by a later gate of the same unit: a post too many, or one without a
    # proposal, has no votes, seats that are not lawful are not those of the constituencies, and a
    # report that is open at the vetting is open before the vote.
    later = at_their_stage - expected_closed()
    order = [stage.value for stage in STAGES]
    planted = [(unit, order.index(fault["stage"])) for fault in FAULTS for unit in fault["units"]]
    assert all(
        order.index(stage) > min(at for one, at in planted if one == unit) for unit, stage in later
    )
    assert {unit for unit, _ in later} <= {
        unit for fault in FAULTS if fault["check"] in SEEN_AGAIN for unit in fault["units"]
    }


def test_every_check_of_the_pack_has_a_fault(book: Home) -> None:
    pack, _ = judged(book)
    codes = {entry.rule.code for entries in pack.checks.values() for entry in entries}
    assert codes == {fault["check"] for fault in FAULTS}


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["id"] for fault in FAULTS])
def test_its_mend_opens_the_gate(fault: dict[str, Any], mended: Decisions) -> None:
    for unit in fault["units"]:
        assert cycle.holds(mended[unit, fault["stage"]])


def test_after_the_mends_only_the_city_is_under_way(mended: Decisions) -> None:
    assert closed(mended) == {(unit, stage) for unit in CITY for stage in AHEAD}
    assert {mended[unit, "slate"].outcome for unit in CITY} == {Outcome.WAITING}


def test_years_later_the_answer_is_the_same(book: Home, mended: Decisions) -> None:
    later = judged(book, YEARS_LATER.date())[1]
    assert closed(later) == closed(mended)
    assert {gate: one.outcome for gate, one in later.items()} == {
        gate: one.outcome for gate, one in mended.items()
    }


def test_the_folder_of_mends_has_nothing_beside_them() -> None:
    files = {path.relative_to(REFERENCE).as_posix() for path in Path(REFERENCE, "mends").iterdir()}
    assert files == {fault["mend"]["file"] for fault in FAULTS}
