"""Where a ledger stands, and what a database must do to hold one.

Rules: a place is a SQLite file or a PostgreSQL address; every engine gives the same answers to the
same statements. Whoever writes is alone from before its first read, a commit is on disk before it
is acknowledged, and a reading is of one moment. An address is never shown: it may hold a password.
"""

from __future__ import annotations

import errno
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from schemas.text import Refusal, Text, Unanswered

BUSY_SECONDS = 120
ADDRESS = "postgresql://user@host:5432/database?options=-csearch_path%3Dschema"

Row = tuple[Any, ...]

# The tables: name → columns, in words that `columns_in` turns into a database's own.
TABLES = {
    "entries": "seq {number} PRIMARY KEY, hash {text} NOT NULL, body {bytes} NOT NULL",
    "head": "id {number} PRIMARY KEY CHECK (id = 1), seq {number} NOT NULL, hash {text} NOT NULL",
    "submissions": "seq {number} PRIMARY KEY, register {text} NOT NULL, mode {text} NOT NULL, "
    "blob {text} NOT NULL",
    "acts": "seq {number} PRIMARY KEY, kind {text} NOT NULL, unit {text} NOT NULL, "
    "stage {text} NOT NULL, officer {text} NOT NULL, payload {text} NOT NULL UNIQUE",
    "gates": "unit {text} NOT NULL, stage {text} NOT NULL, seq {number} NOT NULL, "
    "outcome {text} NOT NULL, decision {text} NOT NULL, PRIMARY KEY (unit, stage)",
    "handed_on": "unit {text} NOT NULL, stage {text} NOT NULL, seq {number} NOT NULL, "
    "decision {number} NOT NULL, digest {text} NOT NULL, PRIMARY KEY (unit, stage)",
    "forecasts": "unit {text} NOT NULL, stage {text} NOT NULL, ground {text} NOT NULL, "
    "day {text} NOT NULL, position {number} NOT NULL, complete {number} NOT NULL, "
    "findings {text} NOT NULL, PRIMARY KEY (unit, stage)",
    "units": "unit {text} PRIMARY KEY, jurisdiction {text} NOT NULL, name {text} NOT NULL, "
    "level {text} NOT NULL, body {text} NOT NULL, parent {text}",
}
# Their rows are never changed and never taken away.
APPENDED = ("entries", "submissions", "acts")
STAYS = "what was appended stays"


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """The address of a PostgreSQL database; printing it shows nothing of it."""

    secret: str

    def __repr__(self) -> str:
        return "postgresql://…"


Place = Path | Address


class Session(Protocol):
    """What statements run in; `?` marks a value."""

    def query(self, statement: str, values: tuple[object, ...] = ()) -> list[Row]:
        """Read rows."""
        ...

    def run(self, statement: str, values: tuple[object, ...] = ()) -> None:
        """Change rows."""
        ...


class Engine(Protocol):
    """A database that holds one ledger."""

    def create(self) -> None:
        """Make the tables and their guards; nothing that stands is changed."""
        ...

    def holds_cycle(self) -> bool:
        """Whether a cycle was opened here; what is broken counts as one."""
        ...

    def writing(self) -> AbstractContextManager[Session]:
        """Alone from before the first read; all of it on disk at the end, or none of it."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """Everything of one moment, and nothing can be written."""
        ...

    def held(self) -> AbstractContextManager[None]:
        """One connection stays open, so that what is written is not tidied up after each call."""
        ...


class LedgerAway(Unanswered):
    """The database cannot be reached or was lost on the way; what it acknowledged stands."""

    def __init__(self, where: str, why: Text) -> None:
        super().__init__(
            Text(
                f"记录库 {where}：{why.zh}；已确认的记录仍然有效，恢复后再运行一次",
                f"the ledger's database {where}: {why.en}; what was acknowledged stands, run it "
                "again once this is mended",
            )
        )


class LedgerBusy(Unanswered):
    """Others held the ledger for longer than anyone waits; nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"等待其他写入超过{BUSY_SECONDS}秒，没有写入任何内容；请再运行一次",
                f"others have been writing for more than {BUSY_SECONDS} seconds; nothing was "
                "written, run it again",
            )
        )


class DiskFull(Unanswered):
    """There is no room to write, or for what a reader of SQLite writes beside its file."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "磁盘已满，没有写入任何内容，已确认的记录仍然有效；腾出空间后再运行一次",
                "the disk is full; nothing was written, and what was acknowledged stands: make "
                "room, then run it again",
            )
        )


def is_full(error: BaseException) -> bool:
    """Whether it says that a disk, or somebody's share of it, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


class LedgerFault(Refusal):
    """The database answered with an error; `code` is its SQLSTATE. Gates stay closed."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            Text(
                f"记录库报错（SQLSTATE {code}），关口暂停；请查看数据库日志",
                f"the ledger's database reports an error (SQLSTATE {code}), gates stay closed; see "
                "the database's log",
            )
        )


def engine_at(place: Place) -> Engine:
    """The engine of a place; a driver is loaded only where it is needed."""
    if isinstance(place, Address):
        from data.postgres import Postgres

        return Postgres(place)
    from data.sqlite import Sqlite

    return Sqlite(place)
