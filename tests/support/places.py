"""Where the ledgers of tests stand: files, or schemas of a PostgreSQL database of their own.

Rules: `in_postgresql` puts every home's ledger into a schema; what is tested is the same. Each test
process has a database, which its children share and which is gone afterwards.
`TERMGATE_TEST_POSTGRES` names the server, by a role that may make databases.
"""

from __future__ import annotations

import atexit
import getpass
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from data.engines import TABLES, Address, LedgerAway, LedgerFault, Place
from data.home import Home
from data.ledger import Ledger

SERVER = "TERMGATE_TEST_POSTGRES"
LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"

# What either database says of a statement that it does not take.
REFUSED = (sqlite3.Error, psycopg.Error, LedgerFault, LedgerAway)


class Raw:
    """A connection past the ledger, as somebody with the password has one; `?` marks a value."""

    def __init__(self, connection: sqlite3.Connection | psycopg.Connection) -> None:
        self.connection = connection

    def execute(self, statement: str, *values: object) -> Any:
        """Do something to the tables; returns a cursor."""
        if isinstance(self.connection, sqlite3.Connection):
            return self.connection.execute(statement, values)
        return self.connection.execute(statement.replace("?", "%s").encode(), values)

    def unguard(self) -> None:
        """Take away the triggers that stop accidents, as whoever tampers would."""
        if isinstance(self.connection, sqlite3.Connection):
            unguard(self.connection)
        else:
            self.execute("DROP FUNCTION IF EXISTS termgate_stays CASCADE")


# What differs in the words of the two: two bytes, and a text put in place of another in a body.
BYTES = {False: "x'7b7d'", True: r"'\x7b7d'::bytea"}
REPLACED = {
    False: "CAST(replace(CAST(body AS TEXT), {before}, {after}) AS BLOB)",
    True: "convert_to(replace(convert_from(body, 'UTF8'), {before}, {after}), 'UTF8')",
}


# The name of the database in which ledgers stand now, if they do.
_chosen: list[str] = []


def on_postgresql() -> bool:
    """Whether ledgers stand in PostgreSQL in this process now."""
    return bool(_chosen)


def server() -> str:
    """The server's address, whose role may make databases and roles."""
    return os.environ.get(SERVER) or LOCAL


def owner() -> str:
    """The role that the tests log in with."""
    return urlsplit(server()).username or getpass.getuser()


@cache
def found() -> bool:
    """Whether there is a server whose role may make databases and roles."""
    try:
        with psycopg.connect(server(), connect_timeout=5) as connection:
            return connection.execute(
                b"SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone() == (True,)
    except psycopg.OperationalError:
        return False


def address(database: str, schema: str | None = None, *, user: str = "", host: str = "") -> str:
    """The address of a database of the server, or of a schema in it."""
    parts = urlsplit(server())
    place = parts.netloc.rpartition("@")[2]
    who = user or parts.netloc.rpartition("@")[0]
    chosen = f"options=-csearch_path%3D{quote(schema)}" if schema else ""
    query = "&".join(filter(None, [parts.query, chosen]))
    return urlunsplit(("postgresql", f"{who}@{host or place}", f"/{database}", query, ""))


@cache
def database() -> str:
    """The name of this process's database."""
    name = made_database()
    atexit.register(_drop, name, os.getpid())
    return name


def _drop(name: str, process: int) -> None:
    if os.getpid() == process:
        drop_database(name)


def made_database() -> str:
    """The name of a database that is made, empty."""
    name = f"termgate_test_{uuid4().hex}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0".encode())
    return name


def drop_database(name: str) -> None:
    """Drop a database, whoever is connected to it."""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def schema_of(path: Path) -> str:
    """The schema of a home or file at a path."""
    return f"h{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:24]}"


def place_of(path: Path) -> Place:
    """Where a ledger stands that would be the file `path`."""
    return Address(address(_chosen[-1], schema_of(path))) if on_postgresql() else path


@contextmanager
def in_postgresql() -> Iterator[None]:
    """Every home has its ledger in PostgreSQL."""
    with patch.object(Home, "ledger", property(lambda home: place_of(home.ledger_file))):
        _chosen.append(database())
        try:
            yield
        finally:
            _chosen.pop()


def chosen() -> tuple[str, str] | None:
    """What a child needs to have its ledgers where they stand here: server and database."""
    return (server(), _chosen[-1]) if on_postgresql() else None


def choose(place: tuple[str, str] | None) -> None:
    """Have the ledgers of this process, for good, where its parent said."""
    if place is not None:
        os.environ[SERVER], name = place
        _chosen.append(name)
        Home.ledger = property(lambda home: place_of(home.ledger_file))  # type: ignore[assignment, method-assign]


def environment(home: Home) -> dict[str, str]:
    """What a program of its own needs in its environment to find this home."""
    place = home.ledger
    named = {"TERMGATE_LEDGER": place.secret} if isinstance(place, Address) else {}
    return {"TERMGATE_HOME": str(home.path), **named}


def copied(source: Path, target: Path) -> Home:
    """A copy of a home with its ledger."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    if on_postgresql():
        before, after = (schema_of(Home(one).ledger_file) for one in (source, target))
        Ledger(Home(target).ledger).create()
        with _maintenance() as connection:
            for table in TABLES:
                copy = f"INSERT INTO {after}.{table} SELECT * FROM {before}.{table}"  # noqa: S608
                connection.execute(copy.encode())
    return Home(target)


def replaced(before: str, after: str) -> str:
    """The words that put `after` in the place of `before` in an entry's body."""
    return REPLACED[on_postgresql()].format(before=f"'{before}'", after=f"'{after}'")


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection]:
    with psycopg.connect(address(_chosen[-1])) as connection:
        connection.execute(b"SET synchronous_commit = off")
        yield connection


@contextmanager
def opened(place: Place) -> Iterator[Raw]:
    """A ledger's tables, guards and all; what is done is committed at the end."""
    if isinstance(place, Address):
        with psycopg.connect(place.secret) as connection:
            yield Raw(connection)
    else:
        with closing(sqlite3.connect(place)) as file, file:
            yield Raw(file)


def unguard(connection: sqlite3.Connection) -> None:
    """Take away the triggers of a file."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in rows:
        connection.execute(f"DROP TRIGGER {name}")


def edit(home: Home, statement: str, *values: object) -> None:
    """Change rows of a home's ledger past its guards; there must be some."""
    with opened(home.ledger) as raw:
        raw.unguard()
        assert raw.execute(statement, *values).rowcount != 0


def rewrite(home: Home, before: bytes, after: bytes) -> None:
    """Put other bytes into every entry that holds some; there must be one."""
    rows = Ledger(home.ledger).query("SELECT seq, body FROM entries")
    hit = [(seq, bytes(body)) for seq, body in rows if before in bytes(body)]
    assert hit
    for seq, body in hit:
        edit(home, "UPDATE entries SET body = ? WHERE seq = ?", body.replace(before, after), seq)
