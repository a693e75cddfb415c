"""From the ask lists alone the planted faults of the reference cycle are mended.

Every list is filled in where it is coloured, by somebody who knows how things are, and handed in as
it is; nothing else is delivered. The gates that open are those that the committed mends open.
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from data.home import Home
from data.ledger import Ledger
from deployments.demo_days import REFERENCE
from schemas.vocabulary import STAGES
from tasks.asklists.lists import AskList, ask_lists, write_lists
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot, snapshot_at, verified_here
from tasks.intake.accept import open_cycle, submit_file
from tests.asklists.filling import Person
from tests.support import cycle, reference
from tests.support.signing import confirm, founding, who

FAULTS = json.loads((REFERENCE / "cycle.json").read_text(encoding="utf-8"))["faults"]


def seen(home: Home) -> Snapshot:
    history = verified_here(home).history
    return snapshot_at(home, Ledger(home.ledger), history, "cycle", date(2016, 12, 31))


@pytest.fixture(scope="module")
def handed_in(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Home, list[AskList], Person, list[str]]:
    """The committed book, and what became of its lists, filled in and handed in."""
    home = Home(tmp_path_factory.mktemp("book"))
    with cycle.unsynced():
        open_cycle(home, cycle.PACK, REFERENCE / "book.xlsx", founding)
        snapshot = seen(home)
        lists = ask_lists(snapshot, STAGES, ())
        folder = tmp_path_factory.mktemp("lists")
        person = Person(reference.after_mends(), reference.with_faults())
        wrong = []
        for path in write_lists(folder, snapshot, lists, "zh"):
            if person.fill(path):
                receipts = submit_file(home, path, who(cycle.OFFICER))
                if receipts[0].waits:
                    confirm(home, receipts[0].waits)
                wrong += [one.first or "" for one in receipts if one.rejected]
    return home, lists, person, wrong


def test_what_was_filled_in_is_taken_whole(
    handed_in: tuple[Home, list[AskList], Person, list[str]],
) -> None:
    assert handed_in[3] == []


def test_the_gates_open_that_the_mends_open(
    handed_in: tuple[Home, list[AskList], Person, list[str]],
) -> None:
    snapshot = seen(handed_in[0])
    closed = {
        (one.unit, stage.value)
        for stage in STAGES
        for one in decisions_of(snapshot, stage)
        if not cycle.holds(one)
    }
    assert closed == {
        (f"640300-{body}", stage)
        for body in ("congress", "government", "cppcc")
        for stage in ("slate", "result")
    }


def test_few_cells_are_typed_for_each_fault(
    handed_in: tuple[Home, list[AskList], Person, list[str]],
) -> None:
    _, lists, person, _ = handed_in
    assert len({(one.place, one.organ) for one in lists}) == len(lists)
    assert person.typed <= 3 * len(FAULTS)
