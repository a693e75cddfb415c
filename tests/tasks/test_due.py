"""What is due: nothing that a run would change is missed, and nothing is due for ever."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data.acts import Gate
from data.home import Home
from data.ledger import Ledger
from schemas.vocabulary import STAGES, Stage
from tasks.due import DueGate, launches_of, smallest_scope
from tasks.gate.snapshot import open_snapshot
from tasks.officers import keys, signing
from tasks.officers.recording import Recorder
from tasks.places import Places
from tests.generator import Row
from tests.support import cycle
from tests.support.signing import sign_all, signers_of, who
from tests.support.watch import due, head, launches, look, settle

TOWN, UNIT = "640302103", "640302103-congress"
DISCIPLINE = "o-640300-02"
UNITS = sorted(str(row["unit"]) for row in cycle.small_rows()["units"])


@pytest.fixture
def done(tmp_path: Path) -> Home:
    """The small cycle after its five stages."""
    return cycle.small_home(tmp_path / "done", run=True)


def signers(home: Home, unit: str, stage: Stage) -> tuple[str, ...]:
    given = open_snapshot(home, unit, cycle.ON)
    return signers_of(home, given.pack, given.history)[unit, stage]


def row_of(register: str, place: str) -> Row:
    rows = cycle.small_rows()
    return next(dict(row) for row in rows[register] if cycle.home_of(rows, register, row) == place)


def test_of_a_cycle_just_opened_every_first_gate_is_due(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    assert due(home) == {(unit, "plan"): "undecided" for unit in UNITS}
    (only,) = launches(home, look(home))
    assert (only.stage, only.scope, list(only.units)) == (Stage.PLAN, "640300", UNITS)


def test_what_is_due_and_signed_ends_as_stages_launched_by_hand(tmp_path: Path) -> None:
    by_hand = cycle.small_home(tmp_path / "by-hand", planted=True, run=True)
    home = cycle.small_home(tmp_path / "watched", planted=True)
    settle(home)
    for stage in STAGES:
        if sign_all(home, stage):
            settle(home)
    assert cycle.said(home) == cycle.said(by_hand)
    assert cycle.handed_on(home) == cycle.handed_on(by_hand)


def test_after_its_stages_nothing_is_due(done: Home) -> None:
    assert due(done) == {}
    assert look(done, quiet=head(done)).due == ()


def test_an_opened_gate_launches_the_next_stage_for_its_unit_alone(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    cycle.launch(home, "plan")
    assert due(home) == {}
    sign_all(home, Stage.PLAN, UNIT)
    assert due(home) == {(UNIT, "plan"): "act"}
    cycle.launch(home, "plan", UNIT)
    assert due(home) == {(UNIT, "nomination"): "undecided"}
    assert [(one.stage, one.scope) for one in launches(home, look(home))] == [
        (Stage.NOMINATION, UNIT)
    ]


def test_rows_that_say_the_same_make_nothing_due(done: Home) -> None:
    cycle.deliver(done, "pledges", cycle.small_rows()["pledges"][:3])
    assert due(done) == {}


def closed(home: Home) -> dict[Gate, str]:
    """Withdraw a candidate's declaration of a township: its vetting gate closes."""
    cycle.withdraw(home, "reviews", [row_of("reviews", TOWN)])
    return due(home)


def test_changed_evidence_makes_due_whose_evidence_it_is(done: Home) -> None:
    found = closed(done)
    assert set(found.values()) == {"evidence"}
    assert {unit.partition("-")[0] for unit, _ in found} == {TOWN}
    assert {stage for _, stage in found} == {"vetting"}


def test_changed_evidence_makes_a_gate_due_that_nobody_signed(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    cycle.launch(home, "plan")
    assert due(home) == {}
    cycle.withdraw(home, "measures", [row_of("measures", TOWN)])
    found = due(home)
    assert set(found.values()) == {"evidence"}
    assert {unit.partition("-")[0] for unit, _ in found} == {TOWN}
    assert {stage for _, stage in found} == {"plan"}


def test_behind_a_closed_gate_nothing_is_due(tmp_path: Path) -> None:
    done = cycle.small_home(tmp_path, run=True, declared=False)
    settle(done)
    closed(done)
    launched = settle(done)
    assert {one.stage for one in launched} == {Stage.VETTING}
    unit = launched[0].units[0]
    assert cycle.decisions(done)[unit, "vetting"][0] != "open"
    sign_all(done, Stage.INSPECTION, unit)
    assert not [gate for gate in due(done) if gate[1] in ("inspection", "slate", "result")]


def test_a_day_makes_everything_that_is_reached_due_once(done: Home) -> None:
    found = look(done, new_day=True)
    assert {(one.unit, one.stage, one.cause) for one in found.due} == {
        (unit, Stage.PLAN, "day") for unit in UNITS
    }
    before = cycle.entries(done)
    launched = settle(done, new_day=True)
    assert [one.stage for one in launched] == list(STAGES)
    assert cycle.entries(done) == before


def sign_again(home: Home) -> None:
    """A signature on a gate that has all it needs."""
    officer = signers(home, UNIT, Stage.PLAN)[0]
    signing.refuse(Recorder(home), UNIT, Stage.PLAN, who(officer), "材料不全")


def take_back(home: Home) -> None:
    (*_, last) = [
        one
        for one in cycle.entries(home, "signed")
        if (one["unit"], one["stage"]) == (UNIT, "nomination")
    ]
    signing.withdraw(Recorder(home), last["seq"], who(last["officer"]), "看错了")


def revoke(home: Home) -> None:
    officer = signers(home, UNIT, Stage.PLAN)[0]
    keys.revoke(Recorder(home), officer, who(officer), "丢失")


def change_an_officer(home: Home) -> None:
    """An officer who signed is moved to another organ: what they signed counts no more."""
    officer = signers(home, UNIT, Stage.PLAN)[0]
    row = next(one for one in cycle.small_rows()["officers"] if one["officer"] == officer)
    other = next(
        one["organ"] for one in cycle.small_rows()["officers"] if one["organ"] != row["organ"]
    )
    cycle.deliver(home, "officers", [{**row, "organ": other}])


def deliver_what_they_signed(home: Home) -> None:
    """Who signed a gate delivers its evidence: the same rows, but now by them."""
    rows = {row["officer"]: row["organ"] for row in cycle.small_rows()["officers"]}
    officer = next(
        one
        for one in signers(home, UNIT, Stage.VETTING)
        if rows[one] in ("organisation-department", "discipline-commission")
    )
    cycle.deliver(home, "reviews", [row_of("reviews", TOWN)], by=officer)


def withdraw_evidence(home: Home) -> None:
    cycle.withdraw(home, "reviews", [row_of("reviews", TOWN)])


def withdraw_early_evidence(home: Home) -> None:
    cycle.withdraw(home, "talks", cycle.small_rows()["talks"][:5])


DEEDS: tuple[Callable[[Home], None], ...] = (
    sign_again,
    take_back,
    revoke,
    change_an_officer,
    deliver_what_they_signed,
    withdraw_evidence,
    withdraw_early_evidence,
)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_nothing_that_a_run_would_record_is_missed(
    done: Home, deed: Callable[[Home], None]
) -> None:
    deed(done)
    settle(done)
    settled = cycle.entries(done)
    # The last stage passes all the others again.
    cycle.launch(done, "result")
    assert cycle.entries(done) == settled
    assert settle(done, quiet=head(done)) == []


def test_what_changed_no_decision_is_looked_at_once(done: Home) -> None:
    deliver_what_they_signed(done)
    settle(done)
    officer = signers(done, UNIT, Stage.PLAN)[0]
    signing.refuse(Recorder(done), UNIT, Stage.PLAN, who(officer), "材料不全")
    signing.refuse(
        Recorder(done), UNIT, Stage.PLAN, who(signers(done, UNIT, Stage.PLAN)[-1]), "不同意"
    )
    assert len(settle(done)) < 6


def test_scopes_are_the_smallest_that_cover(done: Home) -> None:
    places = Places(Ledger(done.ledger))
    assert smallest_scope(places, [UNIT]) == UNIT
    assert smallest_scope(places, [UNIT, "640302103-government"]) == TOWN
    assert smallest_scope(places, [UNIT, "640302100-congress"]) == "640302"
    assert smallest_scope(places, [UNIT, "640302-congress"]) == "640302"
    assert smallest_scope(places, [UNIT, "640300-cppcc"]) == "640300"


def test_each_stage_is_launched_once_whatever_is_due(done: Home) -> None:
    places = Places(Ledger(done.ledger))
    gates = [
        DueGate(unit, stage, cause)
        for unit, stage, cause in (
            (UNIT, Stage.PLAN, "act"),
            ("640302100-congress", Stage.PLAN, "evidence"),
            ("640302-congress", Stage.VETTING, "day"),
        )
    ]
    assert [(one.stage, one.scope, one.causes) for one in launches_of(places, gates)] == [
        (Stage.PLAN, "640302", ("act", "evidence")),
        (Stage.VETTING, "640302-congress", ("day",)),
    ]
