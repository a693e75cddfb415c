"""Verification of a home: ledger, state tables, blobs; every damage of the file is told."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from data import verify as verification
from data.blobs import Folder
from data.home import Home
from data.ledger import FAULTS, Ledger, LedgerBroken
from data.status import UnitStatus, statuses
from data.verify import Fault, verify, verify_chain
from schemas.text import Refusal
from tests.support import cycle
from tests.support.places import BYTES, edit, on_postgresql

pytestmark = pytest.mark.on_both

FLIPS, CUTS = 300, 25


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home", planted=True, run=True)


def test_an_untouched_home_holds_with_its_blobs(home: Home) -> None:
    before = len(cycle.stored(home))
    assert verify(home, blobs=True) == (before, None)
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:2])
    cycle.run(home, "plan", "640302")
    assert verify(home, blobs=True) == (len(cycle.stored(home)), None)
    assert len(cycle.stored(home)) > before


def test_rejected_rows_are_no_fault(home: Home) -> None:
    receipt = cycle.deliver(home, "officers", [{**row, "jurisdiction": "640399"} for row in
                                               cycle.small_rows()["officers"][:2]])  # fmt: skip
    assert receipt.rejected == 2
    assert verify(home, blobs=True)[1] is None


def test_lost_rejected_rows_are_a_fault(home: Home) -> None:
    officer = {**cycle.small_rows()["officers"][0], "jurisdiction": "640399"}
    cycle.deliver(home, "officers", [officer])
    entry = cycle.entries(home, "submitted")[-1]
    Folder(home.blobs_folder).path(entry["quarantine"]).unlink()
    assert verify(home, blobs=True)[1] == Fault(entry["seq"], "blob")


def test_what_is_written_meanwhile_is_no_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(cycle.stored(home))

    def meanwhile(*given: Any, **options: Any) -> Any:
        cycle.deliver(home, "measures", cycle.small_rows()["measures"][:1])
        return verify_chain(*given, **options)

    monkeypatch.setattr(verification, "verify_chain", meanwhile)
    assert verify(home) == (before, None)
    assert len(cycle.stored(home)) == before + 2


EDITS = {
    "body": ("UPDATE entries SET body = {bytes} WHERE seq = 60", 60),
    "hash": ("UPDATE entries SET hash = 'x' WHERE seq = 3", 3),
    "removed first": ("DELETE FROM entries WHERE seq = 1", 1),
    "removed in the middle": ("DELETE FROM entries WHERE seq = 40", 40),
    "all removed": ("DELETE FROM entries", 0),
    "hash, no text": ("UPDATE entries SET hash = CAST(x'ff' AS TEXT) || hash WHERE seq = 30", 30),
    "head": ("UPDATE head SET seq = seq - 1", None),
    "head hash": ("UPDATE head SET hash = 'x'", None),
    "head hash, no text": ("UPDATE head SET hash = CAST(x'ff' AS TEXT) || hash", None),
    "no head": ("DELETE FROM head", None),
    "numbers": ("UPDATE entries SET seq = -seq WHERE seq = 9", 1),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_tables_is_found(home: Home, name: str) -> None:
    statement, seq = EDITS[name]
    edit(home, statement.format(bytes=BYTES[on_postgresql()]))
    _, fault = verify(home)
    assert fault is not None
    assert fault.seq == (len(cycle.stored(home)) if seq is None else seq)
    with pytest.raises(LedgerBroken):
        cycle.run(home, "plan")


STATE_EDITS = {
    "a gate opened": "UPDATE gates SET outcome = 'open' WHERE outcome = 'blocked'",
    "a gate removed": "DELETE FROM gates WHERE unit = '640302-congress'",
    "a gate invented": "INSERT INTO gates VALUES ('640302-cppcc', 'result', 7, 'open', 'x')",
    "a gate of another entry": "UPDATE gates SET seq = seq - 1 WHERE unit = '640302-cppcc'",
    "a submission removed": "DELETE FROM submissions WHERE register = 'reports'",
    "a submission turned": "UPDATE submissions SET mode = 'withdraw' WHERE register = 'pledges'",
    "a submission of another": "UPDATE submissions SET blob = 'x' WHERE register = 'pledges'",
    "a hand-off removed": "DELETE FROM handed_on WHERE unit = '640302103-congress'",
    "a hand-off changed": "UPDATE handed_on SET digest = 'x' WHERE unit = '640302103-congress'",
    "an act removed": "DELETE FROM acts WHERE kind = 'signed'",
    "an act of another": "UPDATE acts SET officer = 'o-640302-01' WHERE kind = 'key-vouched'",
    "an act of another gate": "UPDATE acts SET stage = 'plan' WHERE stage = 'result'",
    "no text": "UPDATE gates SET outcome = CAST(x'ff' AS TEXT) WHERE unit = '640302-cppcc'",
    "another payload": "UPDATE acts SET payload = payload || 'x' WHERE kind = 'key-enrolled'",
}


@pytest.mark.parametrize("name", STATE_EDITS)
def test_an_edit_of_the_state_is_found(home: Home, name: str) -> None:
    tables = [f"SELECT * FROM {table}" for table in ("gates", "submissions", "handed_on", "acts")]  # noqa: S608
    ledger = Ledger(home.ledger)
    before = [set(ledger.query(table)) for table in tables]
    edit(home, STATE_EDITS[name])
    after = [set(ledger.query(table)) for table in tables]
    _, fault = verify(home)
    assert fault is not None
    assert fault.fault == "state"
    edited = {cell for old, new in zip(before, after, strict=True) for row in old ^ new
              for cell in row}  # fmt: skip
    assert fault.seq in edited
    with pytest.raises(LedgerBroken, match=f"entry {fault.seq}"):
        cycle.run(home, "plan")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM units WHERE unit = '640302-cppcc'",
        "DELETE FROM units",
        "UPDATE units SET parent = NULL WHERE unit = '640302-cppcc'",
        "UPDATE units SET name = 'x' WHERE unit = '640302-cppcc'",
    ],
)
def test_a_unit_cannot_be_hidden(home: Home, statement: str) -> None:
    edit(home, statement)
    assert verify(home)[1] == Fault(cycle.entries(home, "listed")[-1]["seq"], "state")


@pytest.mark.parametrize("kind", ["opened", "submitted"])
@pytest.mark.parametrize("how", ["deleted", "changed", "emptied"])
def test_a_lost_or_changed_blob_names_the_entry_that_needs_it(
    home: Home, kind: str, how: str
) -> None:
    entry = cycle.entries(home, kind)[-1]
    path = Folder(home.blobs_folder).path(entry["blob" if kind == "submitted" else "policy"])
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] if how == "changed" else b"")
    assert verify(home, blobs=True)[1] == Fault(entry["seq"], "blob")
    with pytest.raises(Refusal, match=path.name):
        cycle.run(home, "plan")


# The file


def holds_only_if_unchanged(home: Home, entries: object, board: list[UnitStatus]) -> bool:
    """Whether a file that something was done to verifies; then its gates say what they said."""
    held, fault = verify(home)
    if fault is not None:
        assert fault.fault in FAULTS
        return False
    stored = cycle.stored(home)
    assert stored == entries
    assert held == len(stored)
    shown = statuses(Ledger(home.ledger))
    gates = [(one.unit, one.stages) for one in board]
    assert [pair for pair in shown if (pair.unit, pair.stages) not in gates] == []
    return True


@pytest.mark.sqlite
def test_flipped_bytes_never_pass_with_another_content(home: Home) -> None:
    entries, board = cycle.stored(home), statuses(Ledger(home.ledger))
    content = home.ledger_file.read_bytes()
    dice = random.Random(20161231)
    found = 0
    for _ in range(FLIPS):
        damaged = bytearray(content)
        damaged[dice.randrange(len(content))] ^= dice.randrange(1, 256)
        home.ledger_file.write_bytes(damaged)
        found += not holds_only_if_unchanged(home, entries, board)
    # Most of the file is entries; the rest is free space and indexes.
    assert found > FLIPS / 2


@pytest.mark.sqlite
def test_a_file_cut_short_never_passes_with_another_content(home: Home) -> None:
    entries, board = cycle.stored(home), statuses(Ledger(home.ledger))
    content = home.ledger_file.read_bytes()
    dice = random.Random(2016)
    for _ in range(CUTS):
        home.ledger_file.write_bytes(content[: dice.randrange(len(content))])
        assert not holds_only_if_unchanged(home, entries, board)


@pytest.mark.sqlite
@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_what_is_no_ledger_is_unreadable(home: Home, content: bytes) -> None:
    home.ledger_file.write_bytes(content)
    assert verify(home) == (0, Fault(0, "unreadable"))


@pytest.mark.sqlite
def test_no_file_and_a_folder_are_unreadable(home: Home) -> None:
    home.ledger_file.unlink()
    assert verify(home) == (0, Fault(0, "unreadable"))
    home.ledger_file.mkdir()
    assert verify(home) == (0, Fault(0, "unreadable"))
    shutil.rmtree(home.path)
    assert verify(home) == (0, Fault(0, "unreadable"))


@pytest.mark.parametrize("table", ["entries", "head", "gates", "submissions", "handed_on", "acts"])
def test_a_missing_table_is_unreadable(home: Home, table: str) -> None:
    edit(home, f"DROP TABLE {table}")
    assert verify(home) == (0, Fault(0, "unreadable"))


def test_an_empty_ledger_is_told_as_empty(tmp_path: Path) -> None:
    home = Home(tmp_path)
    Ledger(home.ledger).create()
    assert verify(home) == (0, Fault(0, "empty"))
