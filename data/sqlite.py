"""A ledger in one SQLite file; every call opens and closes its own connection.

Rules: the write lock is taken before the first read (`BEGIN IMMEDIATE`), a commit is on disk before
it is acknowledged (`synchronous=FULL`, write-ahead log), and triggers stop an accidental UPDATE,
DELETE or REPLACE of what was appended.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from data.engines import APPENDED, BUSY_SECONDS, STAYS, TABLES, DiskFull, Row

WORDS = {"number": "INTEGER", "text": "TEXT", "bytes": "BLOB"}
CREATE = "".join(
    f"CREATE TABLE IF NOT EXISTS {table} ({columns.format(**WORDS)}) STRICT;\n"
    for table, columns in TABLES.items()
)

# What a table must not hold twice: REPLACE would take the row away that stands there.
SAME = {"entries": "seq = NEW.seq", "submissions": "seq = NEW.seq",
        "acts": "seq = NEW.seq OR payload = NEW.payload"}  # fmt: skip
_GUARD = "CREATE TRIGGER IF NOT EXISTS no_{verb}_of_{table} BEFORE {when}\n"
_STAYS = f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END;\n"
GUARDS = "".join(
    _GUARD.format(verb=verb, table=table, when=when) + _STAYS
    for table in APPENDED
    for verb, when in {
        "update": f"UPDATE ON {table}",
        "delete": f"DELETE ON {table}",
        "replace": f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {SAME[table]})",  # noqa: S608
    }.items()
)

_any_text = partial(str, encoding="utf-8", errors="replace")


class _Session:
    """One connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def query(self, statement: str, values: tuple[object, ...] = ()) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    def run(self, statement: str, values: tuple[object, ...] = ()) -> None:
        self._connection.execute(statement, values)


class _Reading(_Session):
    """One connection that changes nothing, and reads what is no text any more as another text.

    So whoever verifies can name the entry.
    """

    def query(self, statement: str, values: tuple[object, ...] = ()) -> list[Row]:
        try:
            return super().query(statement, values)
        except sqlite3.OperationalError as error:
            if "Could not decode" not in str(error):
                raise
            self._connection.text_factory = _any_text
            return super().query(statement, values)


class Sqlite:
    """The engine over a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._address = path.resolve().as_uri()

    def _connect(self, *, write: bool) -> sqlite3.Connection:
        mode = "rwc" if write else "ro"
        connection = sqlite3.connect(
            f"{self._address}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
        )
        if write:
            connection.execute("PRAGMA synchronous = FULL")
        return connection

    @contextmanager
    def _room(self) -> Iterator[None]:
        """What SQLite says of a full disk, in words of ours.

        It names a log or an index beside the file that cannot grow as an error of the disk.

        Raises:
            DiskFull: it says that.
        """
        try:
            yield
        except sqlite3.OperationalError as error:
            code = error.sqlite_errorcode & 0xFF
            unwritten = code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
            if code == sqlite3.SQLITE_FULL or (unwritten and _no_room(self._path.parent)):
                raise DiskFull from error
            raise

    def create(self) -> None:
        """Make the tables and their guards; nothing that stands is changed."""
        # What SQLite writes beside it has its mode.
        self._path.touch(mode=0o600)
        with self._room(), closing(self._connect(write=True)) as connection:
            _to_wal(connection)
            connection.executescript(CREATE + GUARDS)

    def holds_cycle(self) -> bool:
        """Whether a cycle was opened here; what is broken counts as one."""
        if not self._path.is_file():
            return False
        try:
            with self.reading() as session:
                return bool(session.query("SELECT 1 FROM head"))
        except sqlite3.OperationalError as error:
            return "no such table" not in str(error)
        except sqlite3.DatabaseError:
            return True

    @contextmanager
    def writing(self) -> Iterator[_Session]:
        """Alone from before the first read; all of it on disk at the end, or none of it."""
        with self._room(), closing(self._connect(write=True)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield _Session(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[_Session]:
        """Everything of one moment, and nothing can be written."""
        with self._room(), closing(self._connect(write=False)) as connection:
            connection.execute("BEGIN")
            yield _Reading(connection)

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is written inside stays in the log beside the file until the last call has ended.

        Whoever is the last to close a file copies the log into it, and waits for the disk twice.
        The process that holds it may not be forked meanwhile.
        """
        with self._room(), closing(self._connect(write=False)) as connection:
            connection.execute("SELECT seq FROM head").fetchall()
            yield


def _no_room(folder: Path) -> bool:
    return os.statvfs(folder).f_bavail == 0


def _to_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to a write-ahead log, for good; SQLite itself waits for nobody here."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
