"""A ledger in one schema of a PostgreSQL database: the first of the connection's search path.

Rules: whoever writes locks `head` before the first read, at READ COMMITTED, so that each statement
sees what the writer before committed; a reading is REPEATABLE READ and READ ONLY. Commits wait for
the disk (`synchronous_commit`), and a server that does not write to it (`fsync=off`) is refused.
A commit whose answer was lost was not acknowledged. Errors name the server, never how one logs in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from data.engines import APPENDED, STAYS, TABLES, Address, LedgerFault, Row
from data.postgres_connections import Connection, Connections, schema_of
from data.postgres_server import errors_as_refusals, parts_of, shown
from schemas.text import Refusal, Text

# Text sorts as SQLite sorts it.
WORDS = {"number": "BIGINT", "text": 'TEXT COLLATE "C"', "bytes": "BYTEA"}
CREATE = "".join(
    f"CREATE TABLE IF NOT EXISTS {table} ({columns.format(**WORDS)});\n"
    for table, columns in TABLES.items()
)
GUARDS = (
    "CREATE OR REPLACE FUNCTION termgate_stays() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{STAYS}' USING ERRCODE = 'restrict_violation'; END $$;\n"
) + "".join(
    f"CREATE OR REPLACE TRIGGER termgate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION termgate_stays();\n"
    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER termgate_stays;\n"
    for table in APPENDED
)
# What a role may do that uses the ledger and does not own it.
GRANTS = {
    "SELECT, INSERT": APPENDED,
    "SELECT, INSERT, UPDATE": ("head", "gates", "handed_on", "forecasts"),
    "SELECT, INSERT, DELETE": ("units",),
}

WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; LOCK TABLE head IN EXCLUSIVE MODE"
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class _Session:
    """What runs in one transaction of a connection."""

    def __init__(self, connection: Connection, where: str) -> None:
        self._connection = connection
        self._where = where

    def query(self, statement: str, values: tuple[object, ...] = ()) -> list[Row]:
        with errors_as_refusals(self._where):
            return self._execute(statement, values).fetchall()

    def run(self, statement: str, values: tuple[object, ...] = ()) -> None:
        with errors_as_refusals(self._where):
            self._execute(statement, values)

    def _execute(self, statement: str, values: tuple[object, ...]) -> psycopg.Cursor[Row]:
        words = statement.replace("%", "%%").replace("?", "%s")
        return self._connection.execute(words.encode(), values, binary=True)


class Postgres:
    """The engine over a schema."""

    def __init__(self, address: Address) -> None:
        parts = parts_of(address)
        self._where = shown(parts)
        self._connections = Connections(address, parts)

    @contextmanager
    def _begun(self, opening: str) -> Iterator[Connection]:
        """A connection in a transaction that ends with the block; it is committed inside."""
        with errors_as_refusals(self._where):
            connection = self._connections.take(opening)
        try:
            yield connection
        finally:
            if connection.pgconn.transaction_status != TransactionStatus.IDLE:
                _roll_back(connection)
            self._connections.give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[_Session]:
        """Alone from before the first read; all of it on disk at the end, or none of it."""
        with self._begun(WRITE) as connection:
            yield _Session(connection, self._where)
            self._commit(connection)

    @contextmanager
    def reading(self) -> Iterator[_Session]:
        """Everything of one moment, and nothing can be written."""
        with self._begun(READ) as connection:
            yield _Session(connection, self._where)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Connections are kept open here anyway."""
        yield

    def _commit(self, connection: Connection) -> None:
        with errors_as_refusals(self._where):
            done = connection.execute(b"COMMIT").statusmessage
        if done != "COMMIT":
            # A statement in it failed and somebody went on: the server took everything back.
            raise LedgerFault("25P02")

    def holds_cycle(self) -> bool:
        """Whether a cycle was opened here; what is broken counts as one."""
        try:
            with self.reading() as session:
                return bool(session.query("SELECT 1 FROM head"))
        except LedgerFault as fault:
            return fault.code not in ("42P01", "3F000")

    def create(self) -> None:
        """Make schema, tables and guards where they are missing; nothing that stands is changed."""
        with self._begun("BEGIN") as connection:
            self._created(connection)
            self._commit(connection)

    def _created(self, connection: Connection) -> None:
        session = _Session(connection, self._where)
        schema = schema_of(connection)
        # Two who make the same tables at once would trip over each other.
        session.query(
            "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (f"termgate {schema}",)
        )
        complete = session.query(
            "SELECT count(*) FROM pg_trigger WHERE tgname = 'termgate_stays' AND tgrelid IN "
            "(to_regclass(?), to_regclass(?), to_regclass(?))",
            APPENDED,
        )
        if complete == [(len(APPENDED),)]:
            return
        with errors_as_refusals(self._where):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}".encode())
            connection.execute((CREATE + GUARDS).encode())

    def grant(self, role: str) -> None:
        """Let a role use the ledger as `GRANTS` says and no further; makes the tables if needed.

        Raises:
            Refusal: there is no such role, or nothing would hold it back.
        """
        with self._begun("BEGIN") as connection:
            self._created(connection)
            session = _Session(connection, self._where)
            _refuse_role(session, role)
            schema = schema_of(connection)
            to = sql.Identifier(role).as_string(connection)
            every = ", ".join(TABLES)
            statements = [
                f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
                f"REVOKE ALL ON {every} FROM PUBLIC",
                f"REVOKE ALL ON SCHEMA {schema} FROM {to}",
                f"REVOKE ALL ON {every} FROM {to}",
                f"GRANT USAGE ON SCHEMA {schema} TO {to}",
                *(f"GRANT {verbs} ON {', '.join(on)} TO {to}" for verbs, on in GRANTS.items()),
            ]
            with errors_as_refusals(self._where):
                connection.execute("; ".join(statements).encode())
            self._commit(connection)


def _roll_back(connection: Connection) -> None:
    try:
        connection.execute(b"ROLLBACK")
    except psycopg.Error:
        # Lost, or in the middle of something: the server rolls back what nobody asks about.
        connection.close()


def _refuse_role(session: _Session, role: str) -> None:
    found = session.query(
        "SELECT rolsuper, pg_has_role(r.oid, c.relowner, 'MEMBER') FROM pg_roles r, pg_class c "
        "WHERE r.rolname = ? AND c.oid = to_regclass('entries')",
        (role,),
    )
    if not found:
        raise Refusal(
            Text(
                f"{role}：数据库中没有这个角色；先用 CREATE ROLE 建立",
                f"{role}: the database has no such role; make it with CREATE ROLE first",
            )
        )
    if any(found[0]):
        raise Refusal(
            Text(
                f"{role}：是超级用户或表的属主，权限约束不了它；请另建一个普通角色",
                f"{role}: a superuser or the owner of the tables, whom no grant restrains; make an "
                "ordinary role",
            )
        )
