"""The pages of the UI as they are written: what they must show, from which entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from data.acts import Keyring
from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from deployments.inbox import Inbox
from schemas.canonical import canonical
from schemas.decisions import Decision
from schemas.findings import Finding
from schemas.merkle import leaf_hash
from schemas.reports import check_title, finding_reason
from schemas.vocabulary import STAGES, Stage, Status
from tasks import procedure
from tasks.officers.pending import PendingSignatures
from tasks.procedure import Slate
from tasks.publishing import artifacts, pages
from tasks.publishing.artifacts import Pages, run_pages
from tasks.publishing.handoffs import handoff_pages
from tasks.publishing.history import history_page
from tasks.publishing.markdown import Page
from tasks.publishing.pages import Overview
from tests.support import cycle
from tests.support.signing import sign_all

UNIT = "640302103-congress"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return cycle.small_home(tmp_path_factory.mktemp("done"), planted=True, run=True)


def entered(home: Home, stage: Stage, scope: str = "cycle") -> tuple[Slate, Mapping[str, Decision]]:
    """A slate after its stage was decided and recorded, and its decisions."""
    slate = procedure.receive(home, stage, scope, cycle.ON)
    return slate, procedure.decide(slate).decisions


def by_key(made: list[Page]) -> dict[str, Page]:
    assert all(re.fullmatch(r"[a-z0-9-]+", one.key) for one in made)
    assert all(one.description for one in made)
    return {one.key: one for one in made}


def rows_of(content: str) -> list[list[str]]:
    """The cells of every row of a page's tables."""
    lines = [line for line in content.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_a_county_shows_its_units_and_what_each_misses(done: Home) -> None:
    found = by_key(Overview(done).counties())
    assert set(found) == {"county-640300", "county-640302"}
    county, city = found["county-640302"].content, found["county-640300"].content
    for unit in (str(row["unit"]) for row in cycle.small_rows()["units"]):
        assert (f"history-{unit})" in county) == unit.startswith("640302")
        assert (f"history-{unit})" in city) == unit.startswith("640300-")
    closed = [gate for gate, (outcome, _) in cycle.decisions(done).items() if outcome != "open"]
    assert closed
    for unit, stage in closed:
        page = county if unit.startswith("640302") else city
        for finding in cycle.closing(done, unit, stage):
            assert check_title(finding.check) in page
            assert finding_reason(finding) in page
    assert "(/artifacts/key/county-640302)" in city


def test_only_the_counties_of_the_scope_are_made(done: Home) -> None:
    keys = set(by_key(run_pages(*entered(done, Stage.PLAN, "640302103"))))
    assert {"county-640302", "county-640300", "board", "inbox", "missing-plan"} <= keys
    keys = set(by_key(run_pages(*entered(done, Stage.PLAN, "640300-congress"))))
    assert "county-640300" in keys


def officers(home: Home) -> list[str]:
    ring: Keyring = keyring(Ledger(home.ledger))
    return sorted(key.officer for key in ring.keys.values() if key.current)


def waiting(home: Home) -> set[tuple[str, str, str]]:
    """Officer, unit, stage: what waits for whom as the command `inbox` tells each of them."""
    return {
        (officer, item.unit.unit, item.stage.label.render())
        for officer in officers(home)
        for item in Inbox(PendingSignatures(home), officer).items()
        if not item.state
    }


def test_the_inbox_is_what_every_officer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SHOWN_OFFICERS", 1000)
    home = cycle.small_home(tmp_path)
    cycle.launch(home, "plan")
    shown = {
        (officer.rpartition(", ")[2], row[0].partition("]")[0].strip("["), row[2])
        for row in rows_of(Overview(home).inbox().content)[2:]
        for officer in row[4].split("; ")
    }
    assert "organisation department of 清源区, o-640302-51" in Overview(home).inbox().content
    assert shown == waiting(home)
    assert shown
    sign_all(home, Stage.PLAN)
    rows = rows_of(Overview(home).inbox().content)[2:]
    assert {row[3] for row in rows} == {"all signed; to be launched again"}
    assert len(rows) == len(cycle.small_rows()["units"])


def test_nothing_awaited_is_a_page_too(done: Home) -> None:
    assert Overview(done).inbox().content == (
        f"historical cycle (days as they were given) · {cycle.ON}\n\n0 sign-offs pending"
    )


def test_a_history_has_every_entry_and_its_receipts(done: Home) -> None:
    own = [entry for entry in cycle.entries(done) if entry.get("unit") == UNIT]
    handed = [entry for entry in own if entry["kind"] == "handed-on"]
    assert len(handed) == len(STAGES)
    covered = handed[2]["seq"]
    page = history_page(
        Ledger(done.ledger), UNIT, "name", [entry["seq"] for entry in own], [10, covered]
    )
    assert page.key == f"history-{UNIT}"
    told, receipts = page.content.split("### Receipts")
    assert [int(row[0]) for row in rows_of(told)[2:]] == [entry["seq"] for entry in reversed(own)]
    rows = rows_of(receipts)[2:]
    assert [(int(row[1]), row[2].strip("`")) for row in rows] == [
        (entry["seq"], leaf_hash(canonical(entry)).hex()[:16]) for entry in reversed(handed)
    ]
    assert [row[3] for row in rows] == ["none covers it yet"] * (len(STAGES) - 3) + [
        str(covered)
    ] * 3


def test_a_history_says_why_a_gate_was_closed_again(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path, run=True, declared=False)
    unit = "640302103-government"
    plan = [row for row in cycle.small_rows()["calendar"] if row["unit"] == unit]
    cycle.withdraw(home, "calendar", plan)
    cycle.launch(home, "plan", unit)
    own = [entry for entry in cycle.entries(home) if entry.get("unit") == unit]
    page = history_page(Ledger(home.ledger), unit, "name", [one["seq"] for one in own], [])
    assert "closed again: the evidence changed" in rows_of(page.content)[2][5]


def test_a_hand_off_shows_its_suite_and_names_what_fails(done: Home) -> None:
    slate, decisions = entered(done, Stage.VETTING)
    (before, own) = handoff_pages(slate, decisions)
    assert (before.key, own.key) == ("handoff-nomination", "handoff-vetting")
    assert "Where it leaves" in before.content
    assert "Where it is received" in before.content
    units = len(slate.earlier[-1].received.units)
    assert f"of {units} units validated; passed: {units}, not passed: 0" in before.content
    assert "`candidate-unique`" in before.content
    one = slate.earlier[-1]
    failing = Finding("nomination.hand-off", "c-640302-0001", Status.FAIL, "candidate-unique")
    received = replace(one.received, failing=((UNIT, failing),), changed=("640302-congress",))
    slate = replace(slate, earlier=(replace(one, received=received),))
    content = handoff_pages(slate, decisions)[0].content
    assert [UNIT, "c-640302-0001", finding_reason(failing)] in rows_of(content)
    assert f"passed: {units - 2}, not passed: 2" in content
    assert "not the hand-off on record: 640302-congress" in content


def test_histories_of_many_units_wait_for_the_watcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = cycle.small_home(tmp_path, planted=True)
    every = {f"history-{row['unit']}" for row in cycle.small_rows()["units"]}
    slate, decisions = entered(home, Stage.PLAN)
    assert every <= set(by_key(run_pages(slate, decisions)))
    monkeypatch.setattr(artifacts, "IN_A_RUN", len(every) - 1)
    assert not every & set(by_key(run_pages(slate, decisions)))
    watcher = Pages(home)
    assert every <= set(by_key(watcher._changed()))
    assert watcher._changed() == []
    sign_all(home, Stage.PLAN, UNIT)
    changed = {key for key in by_key(watcher._changed()) if key.startswith("history-")}
    assert changed == {f"history-{UNIT}"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_name_nobody(lang: str, done: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    rows = cycle.small_rows(planted=True)
    names = {str(row["name"]) for row in (*rows["roster"], *rows["officers"])}
    written = "\n".join(
        one.content + one.description
        for stage in STAGES
        for one in (*run_pages(*entered(done, stage)), *Pages(done)._changed())
    )
    # Names of two characters occur in ordinary words; three are telling.
    assert not [name for name in names if len(name) >= 3 and name in written]
    assert "640302103-government" in written
