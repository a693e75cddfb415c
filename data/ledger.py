"""The ledger (留痕): an append-only, hash-chained history, in one transaction with its state.

Rules: an entry's bytes are RFC 8785 JSON and are stored exactly as hashed; an entry names the
hash of the entry before it and its own number; the state tables (`gates`, `submissions`, `acts`,
`units`, `handed_on`) change only together with the entry that they follow from. Writers take the
write lock before they read (`BEGIN IMMEDIATE`), and a commit is on disk before it is acknowledged
(`synchronous=FULL`). Triggers stop an accidental UPDATE or DELETE of what was appended; against
intent only verification helps. Entries hold ids, digests, counts and codes, never people's data.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from schemas.canonical import canonical, digest
from schemas.text import LANGUAGES, Refusal, Text

GENESIS = "0" * 64
BUSY_SECONDS = 120

TABLES = """
CREATE TABLE IF NOT EXISTS entries (
  seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS head (
  id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS submissions (
  seq INTEGER PRIMARY KEY, register TEXT NOT NULL, mode TEXT NOT NULL, blob TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS acts (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, unit TEXT NOT NULL, stage TEXT NOT NULL,
  officer TEXT NOT NULL, payload TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS gates (
  unit TEXT NOT NULL, stage TEXT NOT NULL, seq INTEGER NOT NULL, outcome TEXT NOT NULL,
  decision TEXT NOT NULL, PRIMARY KEY (unit, stage)) STRICT;
CREATE TABLE IF NOT EXISTS handed_on (
  unit TEXT NOT NULL, stage TEXT NOT NULL, seq INTEGER NOT NULL, decision INTEGER NOT NULL,
  digest TEXT NOT NULL, PRIMARY KEY (unit, stage)) STRICT;
CREATE TABLE IF NOT EXISTS units (
  unit TEXT PRIMARY KEY, jurisdiction TEXT NOT NULL, name TEXT NOT NULL, level TEXT NOT NULL,
  body TEXT NOT NULL, parent TEXT) STRICT;
"""

# What a table must not hold twice: REPLACE would take the row away that stands there.
APPENDED = {
    "entries": "seq = NEW.seq",
    "submissions": "seq = NEW.seq",
    "acts": "seq = NEW.seq OR payload = NEW.payload",
}
_GUARD = "CREATE TRIGGER IF NOT EXISTS no_{verb}_of_{table} BEFORE {when}\n"
_STAYS = "BEGIN SELECT RAISE(ABORT, 'what was appended stays'); END;\n"
GUARDS = "".join(
    _GUARD.format(verb=verb, table=table, when=when) + _STAYS
    for table, same in APPENDED.items()
    for verb, when in {
        "update": f"UPDATE ON {table}",
        "delete": f"DELETE ON {table}",
        "replace": f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",  # noqa: S608
    }.items()
)

FAULTS: dict[str, Text] = {
    "changed": Text("第 {seq} 条记录被改动", "entry {seq} was changed"),
    "removed": Text("第 {seq} 条记录被删除", "entry {seq} was removed"),
    "moved": Text("第 {seq} 条记录被调换或插入", "entry {seq} was swapped or inserted"),
    "unlinked": Text(
        "第 {seq} 条记录与前一条不衔接", "entry {seq} does not follow from the one before it"
    ),
    "head": Text(
        "留痕末尾与登记不符（第 {seq} 条）",
        "the end of the ledger is not the one on record ({seq})",
    ),
    "state": Text("状态表与第 {seq} 条记录不符", "a state table does not follow from entry {seq}"),
    "empty": Text("留痕为空", "the ledger is empty"),
    "unreadable": Text("留痕文件无法读取", "the ledger file cannot be read"),
    "blob": Text(
        "第 {seq} 条记录所指的数据块缺失或被改动",
        "a blob that entry {seq} names is missing or was changed",
    ),
    "signature": Text(
        "第 {seq} 条记录的签名信封或所签内容无效",
        "the envelope of entry {seq}, or what was signed, does not hold",
    ),
    "decision": Text(
        "第 {seq} 条决定或交接与此前的签字不符",
        "entry {seq}, a decision or hand-off, does not follow from the acts before it",
    ),
    "checkpoint": Text(
        "检查点的格式或签名无效（第 {seq} 条）",
        "a checkpoint's form or signatures do not hold ({seq})",
    ),
    "rewritten": Text(
        "前 {seq} 条记录与检查点签名时不一致，留痕被改写",
        "the first {seq} entries are not those that a checkpoint was signed for: rewritten",
    ),
    "rolled-back": Text(
        "留痕比检查点短，第 {seq} 条起缺失",
        "the ledger is shorter than a checkpoint: entry {seq} and what followed is gone",
    ),
    "foreign": Text(
        "检查点属于另一次换届（第 {seq} 条）", "a checkpoint is of another cycle ({seq})"
    ),
    "stale": Text(
        "第 {seq} 条登记的较新检查点没有出示",
        "a newer checkpoint is on record in entry {seq} and was left out",
    ),
}

Entry = dict[str, Any]


class Reader(Protocol):
    """What can be asked for rows: a ledger, or a transaction on it."""

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Read rows."""
        ...


Clock = Callable[[], datetime]


def position_of(reader: Reader) -> int:
    """The number of the last submission or act, 0 before the first."""
    return int(
        reader.query(
            "SELECT max((SELECT coalesce(max(seq), 0) FROM submissions), "
            "(SELECT coalesce(max(seq), 0) FROM acts))"
        )[0][0]
    )


def utc_now() -> datetime:
    """The clock that is used unless another is given."""
    return datetime.now(UTC)


class Transaction:
    """What can be written together; made by `Ledger.transaction`."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    @property
    def position(self) -> int:
        """The number of the last entry that decisions rest on: a submission or an officer's act."""
        return position_of(self)

    @property
    def next_seq(self) -> int:
        """The number that the next entry will have."""
        return int(self.query("SELECT coalesce(max(seq), 0) + 1 FROM head")[0][0])

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Read rows as this transaction sees them."""
        return self._connection.execute(statement, values).fetchall()

    def append(self, kind: str, **content: Any) -> int:
        """Append an entry; returns its sequence number."""
        row = self._connection.execute("SELECT seq, hash FROM head").fetchone() or (0, GENESIS)
        seq = int(row[0]) + 1
        at = self._clock().astimezone(UTC).isoformat(timespec="microseconds")
        body = canonical({"seq": seq, "prev": row[1], "at": at, "kind": kind, **content})
        name = digest(body)
        self._connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (seq, name, body))
        self._connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (seq, name))
        return seq

    def act(self, kind: str, payload: str, **content: Any) -> int:
        """Append an officer's act; `payload` is the digest of what was signed."""
        seq = self.append(kind, **content)
        self.set_state(
            "INSERT INTO acts VALUES (?, ?, ?, ?, ?, ?)",
            seq, kind, content.get("unit", ""), content.get("stage", ""), content["officer"],
            payload,
        )  # fmt: skip
        return seq

    def moved(self, position: int, unit: str, stage: str) -> bool:
        """Whether something that a gate's decision rests on came after `position`."""
        if self.query("SELECT 1 FROM submissions WHERE seq > ? LIMIT 1", position):
            return True
        return bool(
            self.query(
                "SELECT 1 FROM acts WHERE seq > ? AND (unit = '' OR (unit = ? AND stage = ?)) "
                "LIMIT 1",
                position,
                unit,
                stage,
            )
        )

    def gate(self, unit: str, stage: str) -> tuple[int, str, str] | None:
        """The last decision of a gate: sequence number, outcome, decision key."""
        row = self._connection.execute(
            "SELECT seq, outcome, decision FROM gates WHERE unit = ? AND stage = ?", (unit, stage)
        ).fetchone()
        return (int(row[0]), str(row[1]), str(row[2])) if row else None

    def handed_on(self, unit: str, stage: str) -> tuple[int, str] | None:
        """The decision on which `stage` last handed the unit on, and the digest of the hand-off."""
        row = self._connection.execute(
            "SELECT decision, digest FROM handed_on WHERE unit = ? AND stage = ?", (unit, stage)
        ).fetchone()
        return (int(row[0]), str(row[1])) if row else None

    def set_state(self, statement: str, *values: object) -> None:
        """Change a state table, following from an entry of this transaction."""
        self._connection.execute(statement, values)


class Ledger:
    """The ledger in one SQLite file; every call opens and closes its own connection."""

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        self.path = path
        self._clock = clock

    def _connect(self, *, write: bool) -> sqlite3.Connection:
        mode = "rwc" if write else "ro"
        connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
        )
        if write:
            connection.execute("PRAGMA synchronous = FULL")
        return connection

    def create(self) -> None:
        """Make the tables; nothing that stands is changed."""
        connection = self._connect(write=True)
        try:
            _to_wal(connection)
            connection.executescript(TABLES + GUARDS)
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Everything inside is committed together or not at all."""
        connection = self._connect(write=True)
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection, self._clock)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        finally:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Everything read inside is of one moment, whatever is written meanwhile."""
        connection = self._connect(write=False)
        try:
            connection.execute("BEGIN")
            yield Transaction(connection, self._clock)
        finally:
            connection.close()

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Read rows."""
        connection = self._connect(write=False)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def entries(self, since: int = 0) -> Iterator[Entry]:
        """The entries after `since`, each only if its bytes have the hash on record."""
        for seq, name, body in self.query(
            "SELECT seq, hash, body FROM entries WHERE seq > ? ORDER BY seq", since
        ):
            yield checked_entry(int(seq), str(name), bytes(body))

    def cycle(self) -> str:
        """By what statements name this cycle: the hash of its first entry."""
        rows = self.query("SELECT hash FROM entries WHERE seq = 1")
        if not rows:
            raise LedgerBroken(1, "removed")
        return str(rows[0][0])

    def entry(self, seq: int) -> Entry:
        """One entry, checked against its hash."""
        rows = self.query("SELECT seq, hash, body FROM entries WHERE seq = ?", seq)
        if not rows:
            raise LedgerBroken(seq, "removed")
        return checked_entry(int(rows[0][0]), str(rows[0][1]), bytes(rows[0][2]))


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


class LedgerBroken(Refusal):
    """An entry is not what was written; `fault` is one of `FAULTS`."""

    def __init__(self, seq: int, fault: str) -> None:
        self.seq = seq
        self.fault = fault
        zh, en = (FAULTS[fault].render({"seq": seq}, lang) for lang in LANGUAGES)
        super().__init__(
            Text(
                f"留痕未通过校验，关口保持关闭：{zh}",
                f"the ledger does not verify, gates stay closed: {en}",
            )
        )


def checked_entry(seq: int, name: str, body: bytes) -> Entry:
    """The entry in `body`.

    Raises:
        LedgerBroken: the bytes do not have the hash on record, are no JSON object, or carry another
            number.
    """
    if digest(body) != name:
        raise LedgerBroken(seq, "changed")
    try:
        entry = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise LedgerBroken(seq, "changed") from error
    if not isinstance(entry, dict):
        raise LedgerBroken(seq, "changed")
    own = entry.get("seq")
    if own != seq:
        # One that was moved on tells by its own number where another was inserted.
        raise LedgerBroken(own if isinstance(own, int) and 0 < own < seq else seq, "moved")
    return entry
