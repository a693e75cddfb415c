"""The ledger: append-only, chained, whole or not at all, and safe between processes."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest

from data.engines import APPENDED, Address
from data.home import Home
from data.ledger import GENESIS, Ledger, LedgerBroken
from data.verify import verify_chain
from schemas.canonical import canonical, digest
from schemas.registers import REGISTERS
from tests.support import cycle
from tests.support.notes import note, noted
from tests.support.patience import PATIENCE
from tests.support.places import REFUSED, environment, on_postgresql, opened, place_of
from tests.support.tree import ROOT

pytestmark = pytest.mark.on_both

NOON = datetime(2016, 12, 31, 12, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(place_of(tmp_path / "ledger.sqlite"), lambda: NOON)
    made.create()
    return made


def append(ledger: Ledger, *kinds: str) -> None:
    with ledger.transaction() as transaction:
        for kind in kinds:
            note(transaction, kind)


def stored(ledger: Ledger) -> list[tuple[int, str, bytes]]:
    return [
        (seq, name, bytes(body))
        for seq, name, body in ledger.query("SELECT seq, hash, body FROM entries ORDER BY seq")
    ]


# Appending


def test_entries_are_numbered_from_one_without_gaps(ledger: Ledger) -> None:
    append(ledger, "a", "b")
    append(ledger, "c")
    assert [entry.seq for entry in ledger.entries()] == [1, 2, 3]
    assert noted(ledger) == ["a", "b", "c"]


def test_append_tells_the_number_it_gave(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        assert transaction.next_seq == 1
        assert note(transaction, "a") == 1
        assert transaction.next_seq == 2
        assert note(transaction, "b") == 2


def test_what_is_stored_is_canonical_json_under_its_hash_naming_the_one_before(
    ledger: Ledger,
) -> None:
    append(ledger, "a", "乙", "c")
    previous = GENESIS
    for seq, name, body in stored(ledger):
        entry = json.loads(body)
        assert canonical(entry) == body
        assert digest(body) == name
        assert (entry["seq"], entry["prev"]) == (seq, previous)
        previous = name
    assert ledger.query("SELECT seq, hash FROM head") == [(3, previous)]


def test_the_same_entries_by_the_same_clock_are_the_same_bytes(
    ledger: Ledger, tmp_path: Path
) -> None:
    other = Ledger(place_of(tmp_path / "other.sqlite"), lambda: NOON)
    other.create()
    for one in (ledger, other):
        append(one, "a", "b")
    assert stored(ledger) == stored(other)


def test_time_is_kept_in_utc(tmp_path: Path) -> None:
    china = timezone(timedelta(hours=8))
    ledger = Ledger(place_of(tmp_path / "ledger.sqlite"), lambda: NOON.astimezone(china))
    ledger.create()
    append(ledger, "a")
    assert ledger.entry(1).at == "2016-12-31T12:00:00.000000+00:00"


def test_create_changes_nothing_that_stands(ledger: Ledger) -> None:
    append(ledger, "a")
    before = stored(ledger)
    ledger.create()
    assert stored(ledger) == before


def test_entries_since_a_number(ledger: Ledger) -> None:
    append(ledger, "a", "b", "c")
    assert noted(ledger, 1) == ["b", "c"]
    assert list(ledger.entries(since=3)) == []


def test_an_entry_that_is_not_there_is_told_by_its_number(ledger: Ledger) -> None:
    append(ledger, "a")
    with pytest.raises(LedgerBroken) as told:
        ledger.entry(2)
    assert (told.value.seq, told.value.fault) == (2, "removed")


def test_reading_makes_no_ledger(tmp_path: Path) -> None:
    ledger = Ledger(place_of(tmp_path / "absent.sqlite"))
    with pytest.raises(REFUSED):
        ledger.query("SELECT 1 FROM entries")
    assert not ledger.holds_cycle()
    assert list(tmp_path.iterdir()) == []


def test_reading_cannot_write(ledger: Ledger) -> None:
    append(ledger, "a")
    with pytest.raises(REFUSED, match=r"readonly|read-only"):
        ledger.query("DELETE FROM units")
    with pytest.raises(REFUSED, match=r"readonly|read-only"), ledger.reading() as reader:
        reader.query("INSERT INTO head VALUES (1, 0, 'x')")
    assert len(stored(ledger)) == 1


# What was appended stays

ACCIDENTS = {
    "update": "UPDATE {table} SET seq = 9",
    "update to the same": "UPDATE {table} SET seq = seq",
    "delete": "DELETE FROM {table}",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true "
    "ON CONFLICT (seq) DO UPDATE SET seq = 9",
}
# What only one of the two takes: SQLite, PostgreSQL.
EITHER = {
    "replace, or truncate": (
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "TRUNCATE {table}",
    ),
    "replace into, or truncate with the rest": (
        "REPLACE INTO {table} SELECT * FROM {table}",
        "TRUNCATE head, {table} CASCADE",
    ),
}


def act(ledger: Ledger, payload: str = "x") -> None:
    with ledger.transaction() as transaction:
        transaction.act(
            "signed", payload, unit="u", stage="plan", officer="o-1", key="0" * 64, envelope={}
        )


@pytest.mark.parametrize("accident", [*ACCIDENTS, *EITHER])
@pytest.mark.parametrize("table", APPENDED)
def test_what_was_appended_is_not_lost_by_accident(
    ledger: Ledger, table: str, accident: str
) -> None:
    append(ledger, "opened")
    with ledger.transaction() as transaction:
        seq = note(transaction, "submitted")
        transaction.set_state("INSERT INTO submissions VALUES (?, 'kin', 'accept', 'b')", seq)
    act(ledger)
    before = {name: ledger.query(f"SELECT * FROM {name}") for name in APPENDED}  # noqa: S608
    statement = ACCIDENTS.get(accident) or EITHER[accident][on_postgresql()]
    assert before[table]
    with pytest.raises(REFUSED, match="what was appended stays"), opened(ledger.place) as other:
        other.execute(statement.format(table=table))
    assert {name: ledger.query(f"SELECT * FROM {name}") for name in before} == before  # noqa: S608


def test_a_signed_payload_is_recorded_once(ledger: Ledger) -> None:
    act(ledger)
    before = stored(ledger)
    with pytest.raises(REFUSED):
        act(ledger)
    verb = "INSERT" if on_postgresql() else "REPLACE"
    with pytest.raises(REFUSED), opened(ledger.place) as other:
        other.execute(f"{verb} INTO acts VALUES (7, 'signed', 'u', 'plan', 'o-1', 'x')")
    assert stored(ledger) == before
    act(ledger, "another")
    assert ledger.query("SELECT seq, payload FROM acts ORDER BY seq") == [(1, "x"), (2, "another")]


# Transactions


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_takes_everything_of_its_transaction_back(
    ledger: Ledger, error: type[BaseException]
) -> None:
    append(ledger, "a")
    before = stored(ledger), ledger.query("SELECT * FROM head")

    def fails() -> None:
        with ledger.transaction() as transaction:
            seq = note(transaction, "b")
            transaction.set_state("INSERT INTO gates VALUES ('u', 'plan', ?, 'open', 'key')", seq)
            assert transaction.gate("u", "plan") == (2, "open", "key")
            raise error

    with pytest.raises(error):
        fails()
    assert (stored(ledger), ledger.query("SELECT * FROM head")) == before
    assert ledger.query("SELECT * FROM gates") == []
    append(ledger, "c")
    assert noted(ledger) == ["a", "c"]


def test_a_broken_state_change_takes_the_entry_back(ledger: Ledger) -> None:
    def fails() -> None:
        with ledger.transaction() as transaction:
            note(transaction, "a")
            transaction.set_state("INSERT INTO gates VALUES (1)")

    with pytest.raises(REFUSED):
        fails()
    assert stored(ledger) == []


def test_nothing_is_seen_before_it_is_committed(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        note(transaction, "a")
        assert stored(ledger) == []
    assert len(stored(ledger)) == 1


def test_a_commit_is_on_disk_before_it_is_acknowledged(ledger: Ledger) -> None:
    with ledger.transaction() as transaction:
        if on_postgresql():
            assert transaction.query("SHOW synchronous_commit") == [("on",)]
            assert transaction.query("SHOW fsync") == [("on",)]
        else:
            assert transaction.query("PRAGMA synchronous") == [(2,)]
            assert transaction.query("PRAGMA journal_mode") == [("wal",)]


def test_a_transaction_has_the_write_lock_before_it_reads(ledger: Ledger) -> None:
    with ledger.transaction():
        if isinstance(ledger.place, Address):
            with pytest.raises(REFUSED, match="lock"), opened(ledger.place) as other:
                other.execute("LOCK TABLE head IN EXCLUSIVE MODE NOWAIT")
        else:
            file = sqlite3.connect(ledger.place, timeout=0, isolation_level=None)
            with closing(file), pytest.raises(REFUSED, match="locked"):
                file.execute("BEGIN IMMEDIATE")


def test_one_reading_sees_one_state(ledger: Ledger) -> None:
    append(ledger, "a")
    with ledger.reading() as reader:
        assert reader.query("SELECT seq FROM head") == [(1,)]
        append(ledger, "b")
        assert reader.query("SELECT max(seq) FROM entries") == [(1,)]
    assert ledger.query("SELECT max(seq) FROM entries") == [(2,)]


def test_a_writer_waits_for_another(ledger: Ledger) -> None:
    inside, release = threading.Event(), threading.Event()

    def slow() -> None:
        with ledger.transaction() as transaction:
            inside.set()
            release.wait(PATIENCE)
            note(transaction, "first")

    writer = threading.Thread(target=slow)
    writer.start()
    assert inside.wait(PATIENCE)
    threading.Timer(0.3, release.set).start()
    append(ledger, "second")
    writer.join()
    assert noted(ledger) == ["first", "second"]


@pytest.mark.sqlite
def test_who_makes_a_ledger_waits_for_another_who_does(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE half_made (id)")
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, lambda: other.execute("ROLLBACK")).start()
        Ledger(path).create()
    append(Ledger(path), "a")
    assert len(stored(Ledger(path))) == 1


WRITER = """
import sys
from pathlib import Path
from data.home import Home
from data.ledger import Ledger
from tests.support.notes import note
ledger, name, times = Ledger(Home(Path(sys.argv[1])).ledger), sys.argv[2], int(sys.argv[3])
for number in range(times):
    with ledger.transaction() as transaction:
        seq = note(transaction, f"{name} {number}")
        transaction.set_state(
            "INSERT INTO gates VALUES (?, ?, ?, 'open', 'key')", name, str(number), seq)
    print(seq, flush=True)
"""


def test_writers_in_several_processes_lose_nothing(ledger: Ledger, tmp_path: Path) -> None:
    writers, times = 3, 25
    running = [
        subprocess.Popen(
            (sys.executable, "-c", WRITER, str(tmp_path), f"w{number}", str(times)),
            cwd=ROOT,
            env={**os.environ, **environment(Home(tmp_path))},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(writers)
    ]
    told = [process.communicate() for process in running]
    assert [(process.returncode, err) for process, (_, err) in zip(running, told, strict=True)] == [
        (0, "")
    ] * writers
    acknowledged = sorted(int(seq) for out, _ in told for seq in out.split())
    assert acknowledged == list(range(1, writers * times + 1))
    head = ledger.query("SELECT seq, hash FROM head")[0]
    entries, fault = verify_chain(stored(ledger), head)
    assert (len(entries), fault) == (writers * times, None)
    words = noted(ledger)
    for number in range(writers):
        own = [int(word.split()[1]) for word in words if word.startswith(f"w{number} ")]
        assert own == list(range(times))
    assert len(ledger.query("SELECT * FROM gates")) == writers * times


# What it says


def personal_values() -> set[str]:
    """Every value of a small cycle that may not leave registers and blobs."""
    return {
        str(row[spec.name])
        for name, register in REGISTERS.items()
        for spec in register.columns
        if spec.column.personal
        for row in cycle.small_rows(planted=True)[name]
        if row.get(spec.name) is not None
    }


def test_no_entry_holds_anything_personal(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home", planted=True, run=True)
    names = personal_values()
    assert len(names) > 100
    said = b"\n".join(body for _, _, body in stored(Ledger(home.ledger))).decode()
    assert [name for name in names if name in said] == []
    kinds = {entry["kind"] for entry in cycle.entries(home)}
    keys = {"key-enrolled", "key-vouched"}
    assert kinds == {
        "opened",
        "delivered",
        "submitted",
        "listed",
        *keys,
        "decided",
        "signed",
        "handed-on",
    }


def test_the_clock_is_asked_for_each_entry(tmp_path: Path) -> None:
    ticks = count()
    ledger = Ledger(
        place_of(tmp_path / "ledger.sqlite"), lambda: NOON + timedelta(seconds=next(ticks))
    )
    ledger.create()
    append(ledger, "a", "b")
    assert [entry.at[17:19] for entry in ledger.entries()] == ["00", "01"]
