"""Connections that are lost, kept, forked or refused; and a password that nobody is shown."""

import os
import traceback
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from data import postgres_connections
from data.engines import Address, LedgerAway, LedgerBusy, LedgerFault
from data.home import Home
from data.ledger import Ledger
from data.verify import verify
from deployments.cli import run_command
from schemas.text import LANGUAGES, Refusal
from tests.postgres.conftest import At
from tests.support import cycle, places
from tests.support.notes import note, noted
from tests.support.patience import PATIENCE
from tests.support.postgres import PASSWORD, OwnServer, Wire
from tests.support.server import free_port

pytestmark = pytest.mark.postgresql

CANARY = "canary"
# Addresses that are none, or whose password was not escaped.
UNUSABLE = [
    f"postgresql://owner:{CANARY}@host:port/database",
    f"postgresql://owner:{CANARY}@host",
    f"postgresql://owner:pass@{CANARY}@host/database",
    f"postgresql://owner:pass/{CANARY}@host/database",
    f"postgresql://owner:{CANARY}@[::1/database",
    f"postgresql://owner:{CANARY}@host/database?nonsense=1",
    f"postgres://owner:{CANARY}%zz@host/database",
    f"mysql://owner:{CANARY}@host/database",
    f"host=localhost password={CANARY}",
    f"/home/{CANARY}.sqlite",
    CANARY,
]


def append(ledger: Ledger, word: str = "a") -> int:
    with ledger.transaction() as transaction:
        return note(transaction, word)


def count(ledger: Ledger) -> int:
    return int(ledger.query("SELECT count(*) FROM entries")[0][0])


def pid(ledger: Ledger) -> int:
    return int(ledger.query("SELECT pg_backend_pid()")[0][0])


def end(*numbers: int) -> None:
    with psycopg.connect(places.server(), autocommit=True) as connection:
        for number in numbers:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))


# Addresses


@pytest.mark.parametrize("url", UNUSABLE)
def test_what_is_no_address_is_refused_in_a_line_that_shows_nothing_of_it(
    at: At, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home = at(url)
    assert run_command(["status"]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "expected postgresql://user@host:5432/database" in told.err
    with pytest.raises(Refusal) as refused:
        home.has_cycle()
    assert CANARY not in told.err + "".join(traceback.format_exception(refused.value))
    assert CANARY not in repr(home.ledger)


def test_a_home_with_its_own_ledger_is_no_home_of_another(
    at: At, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Home(tmp_path / "home")
    here.path.mkdir()
    Ledger(here.ledger_file).create()
    at(url)
    for command in (["status"], ["audit", "verify"], ["run", "plan"], ["key", "list"]):
        assert run_command(command) == 2
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", 1)
        assert "has a ledger of its own" in told.err


# Servers that are not there


def assert_one_line_without_secrets(
    at: At, url: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> str:
    home = at(url)
    for command in (["status"], ["audit", "verify"], ["run", "plan"], ["inbox", "--as", "o-1"]):
        assert run_command(command) == 2
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", 1)
        assert PASSWORD not in told.err
    with pytest.raises(LedgerAway) as away:
        append(Ledger(home.ledger))
    for lang in LANGUAGES:
        assert "\n" not in away.value.text.render(lang=lang)
    assert PASSWORD not in "".join(traceback.format_exception(away.value)) + caplog.text
    assert not home.path.exists()
    return str(away.value)


def test_a_server_that_is_down_is_told_in_one_line(
    at: At, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    url = f"postgresql://owner:{PASSWORD}@127.0.0.1:{port}/termgate"
    told = assert_one_line_without_secrets(at, url, capsys, caplog)
    assert f"127.0.0.1:{port}/termgate" in told


def test_a_wrong_password_is_told_and_not_shown(
    own: OwnServer,
    at: At,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    url = own.url(password=f"{PASSWORD}-not")
    told = assert_one_line_without_secrets(at, url, capsys, caplog)
    assert "password authentication failed" in told


def test_the_password_may_come_from_the_environment(
    own: OwnServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = own.url("elsewhere").replace(f":{PASSWORD}@", "@")
    assert PASSWORD not in url
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    Ledger(Address(url)).create()
    monkeypatch.delenv("PGPASSWORD")
    file = tmp_path / "pgpass"
    file.write_text(f"127.0.0.1:{own.port}:*:owner:{PASSWORD}\n")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    postgres_connections._pools.close()
    assert append(Ledger(Address(url))) == 1


def test_a_server_that_loses_what_it_acknowledged_is_refused(own: OwnServer) -> None:
    own.stop()
    own.start("fsync=off")
    try:
        with pytest.raises(Refusal, match="fsync=off"):
            Ledger(Address(own.url("unsafe"))).create()
    finally:
        own.stop()
        own.start()


def test_a_commit_waits_for_the_disk_whatever_the_default_is(own: OwnServer) -> None:
    url = own.url("durable").replace("search_path", "synchronous_commit%3Doff%20-csearch_path")
    ledger = Ledger(Address(url))
    ledger.create()
    with ledger.transaction() as transaction:
        assert transaction.query("SHOW synchronous_commit") == [("on",)]


# Connections that are lost


def test_a_connection_is_kept_and_replaced_once_the_server_ended_it(ledger: Ledger) -> None:
    append(ledger)
    before = pid(ledger)
    assert pid(ledger) == before
    end(before)
    assert append(ledger) == 2
    assert pid(ledger) != before


def test_what_was_lost_in_the_middle_was_not_done(ledger: Ledger) -> None:
    append(ledger)

    def loses() -> None:
        with ledger.transaction() as transaction:
            note(transaction, "lost")
            end(transaction.query("SELECT pg_backend_pid()")[0][0])
            note(transaction, "after")

    with pytest.raises(LedgerAway):
        loses()
    assert count(ledger) == 1
    assert append(ledger) == 2


def test_a_reading_that_is_lost_says_so(ledger: Ledger) -> None:
    append(ledger)

    def loses() -> None:
        with ledger.reading() as reader:
            end(reader.query("SELECT pg_backend_pid()")[0][0])
            reader.query("SELECT 1")

    with pytest.raises(LedgerAway):
        loses()
    assert count(ledger) == 1


def test_a_commit_whose_answer_was_lost_is_not_acknowledged(own: OwnServer) -> None:
    wire = Wire(own.port)
    with closing(wire):
        ledger = Ledger(Address(own.url("wired", port=wire.port)))
        ledger.create()
        wire.cut_at = b"COMMIT\0"
        with pytest.raises(LedgerAway):
            append(ledger)
        assert wire.cut.wait(PATIENCE)
        # The server had done it: whoever asks again sees it, and goes on from there.
        assert count(ledger) == 1
        assert append(ledger) == 2


def test_a_statement_that_failed_is_never_committed_around(ledger: Ledger) -> None:
    def goes_on() -> None:
        with ledger.transaction() as transaction:
            note(transaction, "a")
            with pytest.raises(LedgerFault):
                transaction.set_state("INSERT INTO gates VALUES (1)")

    with pytest.raises(LedgerFault):
        goes_on()
    assert count(ledger) == 0


def test_who_waits_too_long_is_told_and_wrote_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_connections._pools.close()
    short = postgres_connections._SESSION.replace("120s", "200ms")
    monkeypatch.setattr(postgres_connections, "_SESSION", short)
    with ledger.transaction() as transaction:
        with pytest.raises(LedgerBusy, match="120 seconds"):
            append(ledger, "second")
        note(transaction, "first")
    assert noted(ledger) == ["first"]
    postgres_connections._pools.close()


def test_a_forked_process_leaves_its_parents_connection_alone(ledger: Ledger) -> None:
    append(ledger)
    before = pid(ledger)
    child = os.fork()
    if not child:
        try:
            own = pid(ledger)
            append(ledger, "child")
            os._exit(0 if own != before else 3)
        except BaseException:
            os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert pid(ledger) == before
    assert append(ledger) == 3


def test_no_more_connections_are_kept_than_said(url: str) -> None:
    for number in range(postgres_connections.KEPT + 3):
        ledger = Ledger(Address(f"{url}{number}"))
        ledger.create()
        append(ledger)
    kept = postgres_connections._pools.own._kept
    assert len(kept) == postgres_connections.KEPT


# Schemas


def test_a_schema_holds_one_cycle_and_no_other_is_looked_at(url: str) -> None:
    one, other = Ledger(Address(url)), Ledger(Address(f"{url}_b,{url.rpartition('%3D')[2]}"))
    one.create()
    append(one)
    assert not other.holds_cycle()
    with pytest.raises(LedgerFault):
        other.query("SELECT * FROM entries")
    other.create()
    append(other)
    append(other)
    assert (count(one), count(other)) == (1, 2)


def test_a_ledger_that_lacks_a_table_is_broken_and_no_empty_one(at: At, url: str) -> None:
    home = cycle.open_home(at(url).path, cycle.small_rows())
    assert verify(home)[1] is None
    with places.opened(Address(url)) as raw:
        raw.execute("DROP TABLE gates")
    assert home.has_cycle()
    assert str(verify(home)[1]).find("unreadable") >= 0
