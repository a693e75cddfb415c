"""What a run keeps as its artifact (issue 16): what it decided, why, and the way to the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from data.home import DESK, Home
from schemas.decisions import Decision
from schemas.findings import Finding
from schemas.reports import check_title, finding_reason, provider_of
from schemas.subjects import finding_shown
from schemas.vocabulary import Outcome, Stage, Status
from tasks import procedure
from tasks.procedure import Slate
from tasks.publishing import decided_page
from tests.support import cycle

UNIT, RUN = "640302103-congress", "6f2b1c3a-0000-4000-8000-00000000abcd"
ORIGIN = "https://desk.test"

Decided = tuple[Slate, Mapping[str, Decision]]


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    home: Home = cycle.small_home(tmp_path_factory.mktemp("done"), planted=True, run=True)
    return of_stage(home, Stage.VETTING)


def of_stage(home: Home, stage: Stage) -> Decided:
    """A slate after its stage was decided, and its decisions."""
    slate = procedure.receive(home, stage, "cycle", cycle.ON)
    return slate, procedure.decide(slate).decisions


def told(decided: Decided, monkeypatch: pytest.MonkeyPatch, lang: str = "en") -> str:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    monkeypatch.setenv(DESK, ORIGIN)
    return decided_page(*decided, RUN)


def test_each_decision_leads_to_its_gate_and_the_run_to_its_page(
    decided: Decided, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = told(decided, monkeypatch)
    _, decisions = decided
    for unit in decisions:
        assert f"[{unit}]({ORIGIN}/gate/{unit}/vetting)" in page
    assert f"({ORIGIN}/stages/{RUN})" in page
    opened = sum(one.outcome is Outcome.OPEN for one in decisions.values())
    assert f"{opened} of {len(decisions)} units open" in page
    assert f"historical cycle (days as they were given) · {cycle.ON}" in page


def test_what_keeps_a_gate_closed_is_said_with_who_can_supply_it(
    decided: Decided, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = decided[0].snapshot.home
    closed = [gate for gate, (outcome, _) in cycle.decisions(home).items() if outcome != "open"]
    stage = closed[0][1]
    page = told(of_stage(home, Stage(stage)), monkeypatch)
    for unit in (unit for unit, at in closed if at == stage):
        for one in cycle.closing(home, unit, stage):
            line = f"**{check_title(one.check)}** {finding_shown(one)} — {one.status.label.en}: "
            assert line + finding_reason(one) in page
            assert provider_of(one.check) in page


def test_where_nobody_says_where_the_desk_is_no_link_is_dead(
    decided: Decided, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DESK, raising=False)
    page = decided_page(*decided, None)
    assert "](" not in page
    assert all(unit in page for unit in decided[1])


def test_a_hand_off_names_what_fails(decided: Decided, monkeypatch: pytest.MonkeyPatch) -> None:
    slate, decisions = decided
    one = slate.earlier[-1]
    units = len(one.received.units)
    assert f"of {units} units validated; passed: {units}, not passed: 0" in told(
        decided, monkeypatch
    )
    failing = Finding("nomination.hand-off", "c-640302-0001", Status.FAIL, "candidate-unique")
    received = replace(one.received, failing=((UNIT, failing),), changed=("640302-congress",))
    slate = replace(slate, earlier=(replace(one, received=received),))
    page = told((slate, decisions), monkeypatch)
    assert f"| {UNIT} | c-640302-0001 | {finding_reason(failing)} |" in page
    assert f"passed: {units - 2}, not passed: 2" in page
    assert "not the hand-off on record: 640302-congress" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_names_nobody(decided: Decided, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    rows = cycle.small_rows(planted=True)
    names = {str(row["name"]) for row in (*rows["roster"], *rows["officers"])}
    page = told(decided, monkeypatch, lang)
    # Names of two characters occur in ordinary words; three are telling.
    assert not [name for name in names if len(name) >= 3 and name in page]
    assert UNIT in page
