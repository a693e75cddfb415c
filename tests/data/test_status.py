"""What is shown is what the ledger proves: never an open gate that no entry says is open."""

from pathlib import Path

import pytest

from data.home import Home, NoHome, current_home
from data.ledger import Ledger, LedgerBroken
from data.status import UnknownPlace, decision, reached, statuses, unit_names
from schemas.names import unit_name
from schemas.vocabulary import STAGES
from tests.support import cycle
from tests.support.places import edit, replaced

pytestmark = pytest.mark.on_both

OPEN, WAITING, BLOCKED, NOT_REACHED = "open", "waiting", "blocked", "not_reached"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home", planted=True, run=True)


def board(home: Home, scope: str = "cycle") -> dict[str, list[str]]:
    return {one.unit: list(one.stages.values()) for one in statuses(Ledger(home.ledger), scope)}


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        ([], [NOT_REACHED] * 6),
        ([OPEN] * 6, [OPEN] * 6),
        ([OPEN, WAITING], [OPEN, WAITING] + [NOT_REACHED] * 4),
        ([WAITING, OPEN, OPEN], [WAITING] + [NOT_REACHED] * 5),
        ([OPEN, OPEN, BLOCKED, OPEN, OPEN, OPEN], [OPEN, OPEN, BLOCKED] + [NOT_REACHED] * 3),
        ([None, OPEN], [NOT_REACHED] * 6),
        ([OPEN, None, OPEN], [OPEN] + [NOT_REACHED] * 5),
    ],
)
def test_behind_a_closed_gate_nothing_is_reached(
    outcomes: list[str | None], shown: list[str]
) -> None:
    pairs = zip(STAGES, outcomes, strict=False)
    assert list(reached({stage.value: one for stage, one in pairs if one}).values()) == shown


def test_a_cycle_that_was_not_run_has_reached_nothing(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home")
    assert set(map(tuple, board(home).values())) == {(NOT_REACHED,) * 6}
    assert len(board(home)) == 10


def test_every_unit_stands_where_its_fault_holds_it(home: Home) -> None:
    expected = {
        "640300-congress": [OPEN] * 4 + [WAITING, NOT_REACHED],
        "640300-cppcc": [OPEN] * 4 + [WAITING, NOT_REACHED],
        "640300-government": [OPEN] * 4 + [WAITING, NOT_REACHED],
        "640302-congress": [BLOCKED] + [NOT_REACHED] * 5,
        "640302-cppcc": [OPEN] * 4 + [BLOCKED, NOT_REACHED],
        "640302-government": [OPEN] * 4 + [BLOCKED, NOT_REACHED],
        "640302100-congress": [BLOCKED] + [NOT_REACHED] * 5,
        "640302100-government": [BLOCKED] + [NOT_REACHED] * 5,
        "640302103-congress": [OPEN] * 6,
        "640302103-government": [OPEN] * 3 + [BLOCKED] + [NOT_REACHED] * 2,
    }
    assert board(home) == expected
    assert [one.unit for one in statuses(Ledger(home.ledger)) if one.done] == ["640302103-congress"]


@pytest.mark.parametrize(
    ("scope", "units"),
    [
        ("cycle", 10),
        ("640300", 10),
        ("640302", 7),
        ("640302103", 2),
        ("640302-cppcc", 1),
    ],
)
def test_a_scope_is_a_place_with_all_below_it_or_one_unit(
    home: Home, scope: str, units: int
) -> None:
    shown = board(home, scope)
    assert len(shown) == units
    assert list(shown) == sorted(shown)


@pytest.mark.parametrize("scope", ["640399", "640302-court", "", "Cycle", "64030", "640302%"])
def test_an_unknown_scope_is_refused(home: Home, scope: str) -> None:
    with pytest.raises(UnknownPlace):
        statuses(Ledger(home.ledger), scope)


def test_places_in_a_circle_do_not_hang(home: Home) -> None:
    edit(home, "UPDATE units SET parent = '640302' WHERE jurisdiction = '640300'")
    assert len(statuses(Ledger(home.ledger), "640302")) == 10


def test_a_decision_is_the_entry_that_made_it(home: Home) -> None:
    ledger = Ledger(home.ledger)
    entry = decision(ledger, "640302-congress", "plan")
    assert entry is not None
    assert (entry.kind, entry.outcome) == ("decided", BLOCKED)
    assert "fail" in entry.findings["plan.posts"]
    assert decision(ledger, "640302-congress", "vetting") is None
    with pytest.raises(UnknownPlace):
        decision(ledger, "640302-court", "plan")


def test_the_names_of_units(home: Home) -> None:
    names = unit_names(Ledger(home.ledger))
    assert len(names) == 10
    place = next(row for row in cycle.small_rows()["jurisdictions"] if row["level"] == "county")
    assert names["640302-congress"] == unit_name(str(place["name"]), "congress")


TAMPERED = {
    "outcome": "UPDATE gates SET outcome = 'open' WHERE seq = ?",
    "other entry": "UPDATE gates SET seq = seq + 1 WHERE seq = ?",
    "entry of another kind": "UPDATE gates SET seq = 2 WHERE seq = ?",
    "no such entry": "UPDATE gates SET seq = 99999 WHERE seq = ?",
    "entry removed": "DELETE FROM entries WHERE seq = ?",
    "entry changed": "UPDATE entries SET body = {body} WHERE seq = ?",
    "its hash changed": "UPDATE entries SET hash = 'x' WHERE seq = ?",
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_no_entry_says_is_not_shown(home: Home, name: str) -> None:
    entry = decision(Ledger(home.ledger), "640302-congress", "plan")
    assert entry is not None
    edit(home, TAMPERED[name].format(body=replaced("blocked", "open")), entry.seq)
    with pytest.raises(LedgerBroken):
        statuses(Ledger(home.ledger))
    with pytest.raises(LedgerBroken):
        decision(Ledger(home.ledger), "640302-congress", "plan")


def test_what_is_out_of_scope_is_neither_shown_nor_looked_at(home: Home) -> None:
    entry = decision(Ledger(home.ledger), "640302-congress", "plan")
    assert entry is not None
    edit(home, TAMPERED["entry changed"].format(body=replaced("blocked", "open")), entry.seq)
    assert set(board(home, "640302103")) == {"640302103-congress", "640302103-government"}
    for scope in ("640302-congress", "640302", "640300", "cycle"):
        with pytest.raises(LedgerBroken):
            statuses(Ledger(home.ledger), scope)


# Which home


def test_a_home_is_named_by_its_variable(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_HOME", str(home.path))
    assert current_home() == home
    monkeypatch.delenv("TERMGATE_HOME")
    monkeypatch.chdir(tmp_path)
    assert current_home() == home


@pytest.mark.parametrize("content", ["nothing", "folder", "empty file", "tables only"])
def test_where_no_cycle_was_opened_there_is_no_home(tmp_path: Path, content: str) -> None:
    home = Home(tmp_path / "other")
    if content != "nothing":
        home.path.mkdir()
    if content == "empty file":
        home.ledger_file.touch()
    if content == "tables only":
        Ledger(home.ledger).create()
    with pytest.raises(NoHome, match="other"):
        home.opened()


@pytest.mark.sqlite
def test_a_broken_ledger_is_a_cycle_all_the_same(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.ledger_file.write_bytes(b"no database at all" * 100)
    assert home.has_cycle()
