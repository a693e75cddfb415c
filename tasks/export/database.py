"""One SQLite file with every table, and views that answer the common questions.

Rules: a row points to what it names by a foreign key, and columns that people look things up by
have an index; findings and entries can be searched, also for Chinese words inside a sentence; the
file opens in Datasette as it is; the same record gives the same content.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tasks.export.columns import Column, Table
from tasks.export.history import Record
from tasks.export.layout import TABLES, each_table
from tasks.export.progress import Progress, silent
from tasks.export.rows import ROWS

VIEWS = Path(__file__).with_name("database.sql")
FORMAT = 1  # PRAGMA user_version: goes up when a column goes or changes its meaning
SEARCHED = {
    "findings": ("unit", "check", "check_name_zh", "check_name_en", "subject", "code",
                 "reason_zh", "reason_en"),
    "entries": ("kind", "kind_name_zh", "kind_name_en", "unit", "what_zh", "what_en", "hash"),
}  # fmt: skip
LONGEST_WORD = 6
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_TYPES = {"whole": "INTEGER"}
_KEYS = {table.name: table.key[0] for table in TABLES}


def database_bytes(record: Record, progress: Progress = silent) -> bytes:
    """The record as the bytes of an SQLite file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for table in each_table(progress):
            _fill(connection, table, record)
        connection.executescript(VIEWS.read_text(encoding="utf-8"))
        if _searchable(connection):
            for name, columns in SEARCHED.items():
                _search(connection, name, columns)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("ANALYZE")
        return connection.serialize()
    finally:
        connection.close()


def quoted(name: str) -> str:
    """A name as SQL has it: some are words of SQL too."""
    return f'"{name}"'


def definition(table: Table) -> str:
    """The statement that makes a table."""
    parts = [_column(table, name, column) for name, column, _ in table.flat()]
    if len(table.key) > 1:
        parts.append(f"PRIMARY KEY ({', '.join(map(quoted, table.key))})")
    return f"CREATE TABLE {quoted(table.name)} (\n  " + ",\n  ".join(parts) + "\n)"


def _column(table: Table, name: str, column: Column) -> str:
    parts = [quoted(name), _TYPES.get(column.kind, "TEXT")]
    if table.key == (name,):
        parts.append("PRIMARY KEY")
    elif name in table.key:
        parts.append("NOT NULL")
    if column.target:
        # With its column: Datasette does not open a table that points to one without.
        parts.append(f"REFERENCES {quoted(column.target)} ({quoted(_KEYS[column.target])})")
    return " ".join(parts)


def _fill(connection: sqlite3.Connection, table: Table, record: Record) -> None:
    connection.execute(definition(table))
    names = [name for name, _, _ in table.flat()]
    marks = ", ".join("?" * len(names))
    connection.execute("BEGIN")
    connection.executemany(
        f"INSERT INTO {quoted(table.name)} VALUES ({marks})",  # noqa: S608 (our own names)
        (table.values(row) for row in ROWS[table.name](record)),
    )
    connection.execute("COMMIT")
    for column in table.indexes:
        index = quoted(f"{table.name}_{column}_index")
        connection.execute(f"CREATE INDEX {index} ON {quoted(table.name)} ({quoted(column)})")


def _searchable(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite can make a full-text index."""
    options = {name for (name,) in connection.execute("PRAGMA compile_options")}
    return "ENABLE_FTS5" in options


@lru_cache(maxsize=65536)
def words_in(text: str) -> str:
    """A text with every Chinese word that it may hold set apart.

    Chinese has no spaces: each run of characters is indexed by all its parts up to a length, so
    that a search for a word finds it within a sentence.
    """
    return " ".join([text, *(part for run in _CHINESE.findall(text) for part in _parts(run))])


def _parts(run: str) -> Iterator[str]:
    for length in range(1, min(LONGEST_WORD, len(run)) + 1):
        for first in range(len(run) - length + 1):
            yield run[first : first + length]


def _search(connection: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> None:
    """A full-text index over columns of a table, under the name that Datasette looks for."""
    named = ", ".join(map(quoted, columns))
    key = _KEYS[table]
    index = quoted(f"{table}_fts")
    connection.execute(
        f'CREATE VIRTUAL TABLE {index} USING FTS5 ({named}, content="{table}", '
        f'content_rowid="{key}")'
    )
    rows = connection.execute(
        f"SELECT {quoted(key)}, {named} FROM {quoted(table)} ORDER BY 1"  # noqa: S608
    ).fetchall()
    marks = ", ".join("?" * (len(columns) + 1))
    connection.execute("BEGIN")
    connection.executemany(
        f"INSERT INTO {index} (rowid, {named}) VALUES ({marks})",  # noqa: S608
        ((number, *(words_in(cell or "") for cell in cells)) for number, *cells in rows),
    )
    connection.execute("COMMIT")
    connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608
