"""A role that uses a ledger appends to it, and the server lets it do nothing else."""

# ruff: noqa: S608 (statements of our own)

from pathlib import Path

import psycopg
import pytest

from data.engines import APPENDED, TABLES, Address, LedgerAway
from data.ledger import Ledger
from data.postgres import GRANTS, Postgres
from data.verify import verify
from deployments.cli import run_command
from tests.postgres.conftest import At
from tests.support import cycle, places
from tests.support.notes import note
from tests.support.signing import enrol
from tests.support.tree import ROOT

pytestmark = pytest.mark.postgresql

FORBIDDEN = {
    **{f"update {table}": f"UPDATE {table} SET seq = seq" for table in APPENDED},
    **{f"delete from {table}": f"DELETE FROM {table}" for table in TABLES if table != "units"},
    **{f"truncate {table}": f"TRUNCATE {table}" for table in TABLES},
    **{f"drop {table}": f"DROP TABLE {table}" for table in TABLES},
    **{
        f"disable the guards of {table}": f"ALTER TABLE {table} DISABLE TRIGGER ALL"
        for table in APPENDED
    },
    **{f"drop the guard of {table}": f"DROP TRIGGER termgate_stays ON {table}"
       for table in APPENDED},
    "update units": "UPDATE units SET name = name",
    "change what the guards do": "CREATE OR REPLACE FUNCTION termgate_stays() RETURNS trigger "
    "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "drop what the guards do": "DROP FUNCTION termgate_stays CASCADE",
    "fire no triggers": "SET session_replication_role = replica",
    "make a table": "CREATE TABLE mine (id int)",
    "add a column": "ALTER TABLE entries ADD COLUMN more text",
    "a rule instead": "CREATE RULE lost AS ON INSERT TO entries DO INSTEAD NOTHING",
    "a trigger of its own": "CREATE TRIGGER mine BEFORE INSERT ON head FOR EACH ROW "
    "EXECUTE FUNCTION termgate_stays()",
    "lock everybody out": "LOCK TABLE entries IN ACCESS EXCLUSIVE MODE",
    "become the owner": f"SET ROLE {places.owner()}",
    "give itself more": "GRANT ALL ON entries TO CURRENT_USER; UPDATE entries SET seq = seq",
}  # fmt: skip


def of(role: str, url: str) -> str:
    """The address with which a role logs in."""
    return places.address(places.database(), url.rpartition("%3D")[2], user=f"{role}:appended")


def test_a_role_that_may_only_append_opens_and_runs_a_cycle(
    at: At, url: str, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at(url)
    assert run_command(["ledger", "grant", role]) == 0
    home = at(of(role, url))
    cycle.open_home(home.path, cycle.small_rows())
    enrol(home)
    outcomes = cycle.run(home, "plan", "640302")
    assert set(outcomes.values()) == {"open"}
    assert cycle.handed_on(home)
    cycle.deliver(home, "units", cycle.small_rows()["units"][:1])
    assert verify(home, blobs=True, acts=True)[1] is None
    capsys.readouterr()
    for command in ("status", "audit verify", "audit log", "key list"):
        assert run_command(command.split()) in (0, 3), capsys.readouterr().err


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_server_refuses_it_the_rest(url: str, role: str, what: str) -> None:
    Postgres(Address(url)).grant(role)
    ledger = Ledger(Address(of(role, url)))
    with ledger.transaction() as transaction:
        note(transaction, "a")
    with (
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedObject)),
        places.opened(Address(of(role, url))) as raw,
    ):
        raw.execute(FORBIDDEN[what])
    assert len(list(ledger.entries())) == 1


def test_granting_takes_away_what_a_role_had_besides(url: str, role: str) -> None:
    ledger = Ledger(Address(url))
    ledger.create()
    with places.opened(Address(url)) as raw:
        raw.execute(f"GRANT ALL ON entries, head TO {role}")
        raw.execute("GRANT ALL ON entries TO PUBLIC")
    Postgres(Address(url)).grant(role)
    with places.opened(Address(url)) as raw:
        found = raw.execute(
            "SELECT table_name, string_agg(privilege_type, ', ' ORDER BY privilege_type) "
            "FROM information_schema.role_table_grants WHERE grantee IN (?, 'PUBLIC') "
            "AND table_schema = current_schema() GROUP BY table_name",
            role,
        ).fetchall()
    expected = {
        table: ", ".join(sorted(verbs.split(", "))) for verbs, of in GRANTS.items() for table in of
    }
    assert dict(found) == expected
    assert set(expected) == set(TABLES)


def test_a_role_without_a_grant_is_told_so(url: str, role: str) -> None:
    Ledger(Address(url)).create()
    with pytest.raises(LedgerAway, match="lacks a permission"):
        Ledger(Address(of(role, url))).holds_cycle()


@pytest.mark.parametrize(
    ("name", "words"),
    [(places.owner(), "a superuser or the owner"), ("nobody_here", "no such role")],
)
def test_a_role_that_cannot_be_held_back_is_refused(
    at: At, url: str, name: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at(url)
    assert run_command(["ledger", "grant", name]) == 2
    assert words in capsys.readouterr().err


def test_sqlite_has_no_roles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    assert run_command(["ledger", "grant", "app", "--home", str(tmp_path)]) == 2
    assert "SQLite has no roles" in capsys.readouterr().err


def test_the_documentation_says_what_a_role_may_do() -> None:
    text = (ROOT / "docs/interface.md").read_text(encoding="utf-8")
    for verbs, of_them in GRANTS.items():
        assert f"| {', '.join(f'`{table}`' for table in of_them)} | {verbs} |" in text
