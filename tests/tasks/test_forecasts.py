"""Gates ahead of their turn are evaluated and shown, and never decided, signed or handed on."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from data.forecasts import forecasts
from data.home import Home
from data.ledger import Ledger
from data.status import statuses
from data.verify import verify
from schemas.refusals import ActRefused
from schemas.vocabulary import NOT_REACHED, STAGES, Outcome, Stage
from tasks.closed import forecast_gates
from tasks.export.history import read_record
from tasks.export.rows import ROWS
from tasks.forecasting import forecast_ahead
from tasks.gate.answers import answers_of
from tasks.gate.snapshot import open_snapshot
from tasks.officers.gates import Gates
from tasks.officers.recording import Recorder
from tasks.officers.signing import refuse, sign, sign_waiting
from tasks.officers.waiving import Wanted, waive
from tests.deployments.conftest import termgate
from tests.support import cycle
from tests.support.command import Run
from tests.support.signing import signers_of, who

__all__ = ["termgate"]

AHEAD = [stage.value for stage in STAGES[1:]]


def ahead(home: Home, scope: str = "cycle") -> None:
    forecast_ahead(open_snapshot(home, scope), scope)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Every plan was decided and waits; a review of a candidate of the unit has no result."""
    made = cycle.small_home(tmp_path / "home")
    review = next(
        row
        for row in cycle.small_rows()["reviews"]
        if str(row["candidate"]).startswith("c-640302-") and row["answered_on"]
    )
    cycle.deliver(made, "reviews", [{**review, "answered_on": None, "result": None}])
    cycle.launch(made, "plan")
    return made


def test_every_gate_that_is_not_reached_has_a_forecast_and_no_other(home: Home) -> None:
    before = cycle.stored(home)
    ahead(home)
    assert cycle.stored(home) == before
    units = statuses(Ledger(home.ledger))
    for one in units:
        assert list(one.forecasts) == [s for s, o in one.stages.items() if o == NOT_REACHED]
        assert one.stages["plan"] == Outcome.WAITING
        assert one.shown("plan") == "waiting"
    assert verify(home, acts=True)[1] is None


def test_what_is_missing_in_january_is_seen_in_september(home: Home) -> None:
    ahead(home)
    lacking = forecast_gates(statuses(Ledger(home.ledger)), Stage.VETTING)
    assert len(lacking) == 1
    (finding,) = lacking[0].closing()
    assert (finding.status.value, finding.reason) == ("missing", "not-answered")
    found = forecasts(Ledger(home.ledger), lacking[0].unit)
    assert found[lacking[0].unit, "vetting"].complete is False
    others = {gate: one for gate, one in forecasts(Ledger(home.ledger)).items()
              if gate[1] == "vetting" and gate[0] != lacking[0].unit}  # fmt: skip
    assert others
    assert all(one.complete for one in others.values())


def test_it_is_worked_out_again_only_where_something_changed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def counted(snapshot, stage, authority):  # type: ignore[no-untyped-def]
        asked.append((stage.value, len(snapshot.units)))
        return answers_of(snapshot, stage, authority)

    monkeypatch.setattr("tasks.forecasting.answers_of", counted)
    ahead(home)
    assert [stage for stage, _ in asked] == AHEAD
    asked.clear()
    ahead(home)
    assert asked == []
    rows = [dict(row) for row in cycle.small_rows()["pledges"][:1]]
    cycle.deliver(home, "pledges", [{**row, "signed_on": cycle.ON} for row in rows])
    ahead(home)
    assert [stage for stage, _ in asked] == ["nomination"]
    # Another day may ask for more.
    asked.clear()
    forecast_ahead(open_snapshot(home, "cycle", cycle.ON + timedelta(days=1)), "cycle")
    assert [stage for stage, _ in asked] == AHEAD


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_forecast_can_be_neither_signed_nor_refused_nor_waived(home: Home, stage: Stage) -> None:
    ahead(home)
    unit = statuses(Ledger(home.ledger))[0].unit
    recorder = Recorder(home)
    signing = signers_of(home, recorder.snapshot("cycle").pack, recorder.history)
    officer = signing[unit, stage][0]
    before = cycle.decisions(home)
    with pytest.raises(ActRefused) as told:
        sign(recorder, unit, stage, who(officer))
    assert told.value.code == "held"
    with pytest.raises(ActRefused) as told:
        refuse(recorder, unit, stage, who(officer), "why")
    assert told.value.code == "held"
    assert sign_waiting(Gates(Recorder(home), stage, "cycle"), who(officer)) == ({}, {})
    assert cycle.decisions(home) == before
    assert cycle.handed_on(home) == {}
    assert cycle.entries(home, "signed") == []


def test_what_a_forecast_lacks_cannot_be_waived_ahead(home: Home) -> None:
    ahead(home)
    gate = forecast_gates(statuses(Ledger(home.ledger)), Stage.VETTING)[0]
    (finding,) = gate.closing()
    wanted = Wanted(gate.unit, finding.check, finding.subject, cycle.ON + timedelta(days=3))
    with pytest.raises(ActRefused) as told:
        waive(Recorder(home), wanted, "why", who("o-640300-51"))
    assert told.value.code in ("held", "unwaivable", "absolute")
    assert cycle.entries(home, "waived") == []


def test_a_forecast_that_somebody_made_up_opens_nothing(home: Home) -> None:
    """It stands beside the record: whoever can write it can show something, and do nothing."""
    ahead(home)
    with Ledger(home.ledger).transaction() as transaction:
        transaction.set_state("UPDATE forecasts SET complete = 1, findings = '{}'")
        transaction.set_state("UPDATE forecasts SET stage = 'plan' WHERE stage = 'result'")
    assert verify(home, acts=True)[1] is None
    for one in statuses(Ledger(home.ledger)):
        assert one.stages["plan"] == Outcome.WAITING
        assert "plan" not in one.forecasts
    assert set(cycle.launch(home, "result").values()) == {None}


def test_it_is_shown_everywhere_and_marked(home: Home, termgate: Run) -> None:
    ahead(home)
    gate = forecast_gates(statuses(Ledger(home.ledger)), Stage.VETTING)[0]
    code, out, _ = termgate("status", "--home", str(home.path), "--json")
    shown = {one["unit"]: one for one in json.loads(out)}
    assert code == 3
    assert shown[gate.unit]["stages"]["vetting"] == NOT_REACHED
    told = shown[gate.unit]["forecasts"]["vetting"]
    assert (told["complete"], told["closing"], told["on"]) == (False, 1, str(cycle.ON))
    _, out, _ = termgate("status", "--home", str(home.path))
    assert "◌" in out
    assert "○" in out
    code, out, _ = termgate("gate", "show", gate.unit, "vetting", "--home", str(home.path))
    assert code == 3
    assert "forecast (no decision, nobody signs it)" in out
    _, out, _ = termgate("gate", "show", gate.unit, "vetting", "--home", str(home.path), "--json")
    one = json.loads(out)
    assert one["outcome"] == NOT_REACHED
    assert [found["code"] for found in one["forecast"]["findings"]] == ["not-answered"]
    rows = {(row["unit"], row["stage"]): row for row in ROWS["gates"](read_record(home))}
    assert rows[gate.unit, "vetting"]["state"] == NOT_REACHED
    assert rows[gate.unit, "vetting"]["forecast"] == "forecast_incomplete"
    assert rows[gate.unit, "plan"].get("forecast") is None
