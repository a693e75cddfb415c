"""The ledger (记录): an append-only, hash-chained history, in one transaction with its state.

Rules: an entry's bytes are RFC 8785 JSON and are stored exactly as hashed; an entry names the
hash of the entry before it, its own number and the day that it is of (`data.days`); the state
tables (`gates`, `submissions`, `acts`, `units`, `handed_on`) change only together with the entry
that they follow from; the table `forecasts` is no part of the record. Writers take the write lock
before they read, and a commit is on disk before it is acknowledged (`data.engines`).
Triggers stop an accidental UPDATE or DELETE of what was appended; against intent only verification
helps. What is written is an entry of `schemas.entries`, and what is read is handed out as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date
from functools import cached_property
from typing import Any, Protocol

import orjson

from data.days import PASSED, Clock, DayRefused, Reached, utc_now
from data.engines import Place, Row, Session, engine_at
from data.memory import Memory
from schemas.canonical import canonical, digest
from schemas.entries import GROUNDLESS, Entry, EntryError, Opened, entry_of
from schemas.text import LANGUAGES, Refusal, Text

GENESIS = "0" * 64
# What an act on a key is about, in the place of a gate.
ON_KEYS = ("", "")

FAULTS: dict[str, Text] = {
    "changed": Text("记录第{seq}号被改动", "entry {seq} was changed"),
    "removed": Text("记录第{seq}号被删除", "entry {seq} was removed"),
    "moved": Text("记录第{seq}号被调换或插入", "entry {seq} was swapped or inserted"),
    "unlinked": Text(
        "记录第{seq}号与前一条不衔接", "entry {seq} does not follow from the one before it"
    ),
    "head": Text(
        "记录末尾与登记不符（记录第{seq}号）",
        "the end of the ledger is not the one on record ({seq})",
    ),
    "form": Text(
        "记录第{seq}号的事项或格式是本版本不认识的：由另一版本写入，或系伪造",
        "entry {seq} is of a kind or a form that this version does not know: another version wrote "
        "it, or it is forged",
    ),
    "state": Text("状态表与记录第{seq}号不符", "a state table does not follow from entry {seq}"),
    "day": Text(
        "记录第{seq}号的日期不成立：日期倒退、还没有到，或不是写入当天",
        "the day of entry {seq} does not hold: it goes back, had not come, or is not the day on "
        "which it was written",
    ),
    "empty": Text("记录为空", "the ledger is empty"),
    "unreadable": Text("记录文件无法读取", "the ledger file cannot be read"),
    "blob": Text(
        "记录第{seq}号所指的原始数据文件缺失或被改动",
        "a blob that entry {seq} names is missing or was changed",
    ),
    "signature": Text(
        "记录第{seq}号的签字文件或所签内容无效",
        "the envelope of entry {seq}, or what was signed, does not hold",
    ),
    "decision": Text(
        "记录第{seq}号（决定或交接）与此前的签字不符",
        "entry {seq}, a decision or hand-off, does not follow from the acts before it",
    ),
    "replay": Text(
        "记录第{seq}号复核得不到同样的结果（termgate audit replay --all 列出差异）",
        "entry {seq} does not replay to the same answer (`termgate audit replay --all` says how)",
    ),
    "founders": Text(
        "第一条记录没有列明两个以上机关的首批责任人员和密钥（记录第{seq}号）",
        "the first entry does not name officers of two organs with their keys ({seq})",
    ),
    "evaluator": Text(
        "记录第{seq}号没有当时生效的核查密钥的签字（记录第1号：没有登记核查密钥）",
        "entry {seq} was not signed by an evaluator's key that was in force (entry 1: it names "
        "none)",
    ),
    "checkpoint": Text(
        "存证点的格式或签字无效（记录第{seq}号）",
        "a checkpoint's form or signatures do not hold ({seq})",
    ),
    "rewritten": Text(
        "前{seq}条记录与存证点签字时不一致，记录被改写",
        "the first {seq} {seq:entry|entries} are not those that a checkpoint was signed for: "
        "rewritten",
    ),
    "rolled-back": Text(
        "记录比存证点短，记录第{seq}号起缺失",
        "the ledger is shorter than a checkpoint: entry {seq} and what followed is gone",
    ),
    "foreign": Text(
        "存证点属于另一次换届（记录第{seq}号）", "a checkpoint is of another cycle ({seq})"
    ),
    "stale": Text(
        "记录第{seq}号登记的较新存证点没有出示",
        "a newer checkpoint is on record in entry {seq} and was left out",
    ),
}


class Signs(Protocol):
    """Who signs entries."""

    def signed(self, content: dict[str, Any]) -> dict[str, Any]:
        """What an entry says, with their signature."""
        ...


class Reader(Protocol):
    """What can be asked for rows: a ledger, or a transaction on it."""

    def query(self, statement: str, *values: object) -> list[Row]:
        """Read rows."""
        ...


def position_of(reader: Reader) -> int:
    """The number of the last submission or act, 0 before the first."""
    last = reader.query("SELECT max(seq) FROM submissions UNION ALL SELECT max(seq) FROM acts")
    return max(int(seq or 0) for (seq,) in last)


def reached_by(reader: Reader) -> Reached | None:
    """Whether the cycle is historical, and of which day its last entry is; None before the first.

    Raises:
        LedgerBroken: one of the two entries is not what was written.
    """
    found = list(entries_where(reader, "seq = 1 OR seq = (SELECT seq FROM head)"))
    if not found:
        return None
    historical = isinstance(found[0], Opened) and found[0].historical
    return Reached(historical, date.fromisoformat(found[-1].on))


class Transaction:
    """What can be written together; made by `Ledger.transaction`.

    `wanted` is the day that is asked for, of what is written.
    """

    def __init__(self, session: Session, clock: Clock, wanted: date | None = None) -> None:
        self._session = session
        self._clock = clock
        self.wanted = wanted

    @cached_property
    def _reached(self) -> Reached:
        # Who opens a cycle on a day opens a historical one.
        return reached_by(self) or Reached(historical=self.wanted is not None, on=None)

    @property
    def position(self) -> int:
        """The number of the last entry that decisions rest on: a submission or an officer's act."""
        return position_of(self)

    @property
    def next_seq(self) -> int:
        """The number that the next entry will have."""
        return int(self.query("SELECT coalesce(max(seq), 0) + 1 FROM head")[0][0])

    def query(self, statement: str, *values: object) -> list[Row]:
        """Read rows as this transaction sees them."""
        return self._session.query(statement, values)

    def append(
        self, kind: str, signer: Signs | None = None, on: date | None = None, /, **content: Any
    ) -> int:
        """Append an entry, signed by `signer` where it is given; returns its sequence number.

        `on` is the only day that it may be of.

        Raises:
            EntryError: it is no entry of that kind.
            DayRefused: the day that was asked for, or is passed, cannot be its day.
        """
        at = self._clock().astimezone(UTC)
        reached = self._reached.day(self.wanted, lambda: at)
        if on not in (None, reached):
            raise DayRefused(PASSED)
        rows = self.query("SELECT seq, hash FROM head") or [(0, GENESIS)]
        seq = int(rows[0][0]) + 1
        written = {
            "seq": seq,
            "prev": rows[0][1],
            "at": at.isoformat(timespec="microseconds"),
            "on": reached.isoformat(),
            "kind": kind,
            **content,
        }
        if signer:
            written = signer.signed(written)
        entry_of(written)
        body = canonical(written)
        name = digest(body)
        self.set_state("INSERT INTO entries VALUES (?, ?, ?)", seq, name, body)
        self.set_state(
            "INSERT INTO head VALUES (1, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
            seq,
            name,
        )
        self._reached = replace(self._reached, on=reached)
        return seq

    def act(
        self,
        kind: str,
        payload: str,
        signer: Signs | None = None,
        on: date | None = None,
        /,
        **content: Any,
    ) -> int:
        """Append an act that was signed, or an objection; `payload` is the digest of what it says.

        `signer` and `on`: as `append` has them.
        """
        seq = self.append(kind, signer, on, **content)
        about = (content.get(name, "") for name in ("unit", "stage", "officer"))
        self.set_state("INSERT INTO acts VALUES (?, ?, ?, ?, ?, ?)", seq, kind, *about, payload)
        return seq

    def submitted(self, position: int) -> bool:
        """Whether a submission came after `position`."""
        return bool(self.query("SELECT 1 FROM submissions WHERE seq > ? LIMIT 1", position))

    def acted(self, position: int) -> frozenset[tuple[str, str]]:
        """The gates about which an act came after `position`; of no unit, where it is on a key."""
        others = ", ".join("?" * len(GROUNDLESS))
        asked = "SELECT DISTINCT unit, stage FROM acts WHERE seq > ? AND kind NOT IN"
        rows = self.query(f"{asked} ({others})", position, *GROUNDLESS)
        return frozenset((str(unit), str(stage)) if unit else ON_KEYS for unit, stage in rows)

    def gate(self, unit: str, stage: str) -> tuple[int, str, str] | None:
        """The last decision of a gate: sequence number, outcome, decision key."""
        rows = self.query(
            "SELECT seq, outcome, decision FROM gates WHERE unit = ? AND stage = ?", unit, stage
        )
        return (int(rows[0][0]), str(rows[0][1]), str(rows[0][2])) if rows else None

    def set_state(self, statement: str, *values: object) -> None:
        """Change a state table, following from an entry of this transaction."""
        self._session.run(statement, values)


class Ledger:
    """The ledger at one place: a SQLite file or a PostgreSQL database.

    `day` is the day that is asked for, of what is written through it; see `data.days`.
    """

    def __init__(self, place: Place, clock: Clock = utc_now, day: date | None = None) -> None:
        self.place = place
        self._engine = engine_at(place)
        self._clock = clock
        self._day = day

    def create(self) -> None:
        """Make the tables; nothing that stands is changed."""
        self._engine.create()

    def holds_cycle(self) -> bool:
        """Whether a cycle was opened here (a broken ledger counts as one)."""
        return self._engine.holds_cycle()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Everything inside is committed together or not at all."""
        with self._engine.writing() as session:
            yield Transaction(session, self._clock, self._day)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Everything read inside is of one moment, whatever is written meanwhile."""
        with self._engine.reading() as session:
            yield Transaction(session, self._clock, self._day)

    def query(self, statement: str, *values: object) -> list[Row]:
        """Read rows."""
        with self._engine.reading() as session:
            return session.query(statement, values)

    def entries(self, since: int = 0) -> Iterator[Entry]:
        """The entries after `since`, each only if its bytes have the hash on record.

        None is remembered: whoever goes through all of them keeps what they need.
        """
        asked = "SELECT seq, hash, body FROM entries WHERE seq > ? ORDER BY seq"
        for seq, name, body in self.query(asked, since):
            yield _entry_in(int(seq), str(name), bytes(body))

    def cycle(self) -> str:
        """By what statements name this cycle: the hash of its first entry."""
        rows = self.query("SELECT hash FROM entries WHERE seq = 1")
        if not rows:
            raise LedgerBroken(1, "removed")
        return str(rows[0][0])

    def day(self) -> date:
        """The day of what is done now.

        Raises:
            DayRefused: the day that was asked for cannot be it.
            LedgerBroken: the first or the last entry is not what was written.
        """
        reached = reached_by(self)
        if reached is None:
            raise LedgerBroken(1, "removed")
        return reached.day(self._day, self._clock)

    def opened(self) -> Opened:
        """The first entry: the cycle and its pack."""
        entry = self.entry(1)
        if not isinstance(entry, Opened):
            raise LedgerBroken(1, "unlinked")
        return entry

    def entry(self, seq: int) -> Entry:
        """One entry, checked against its hash."""
        found = next(entries_where(self, "seq = ?", seq), None)
        if found is None:
            raise LedgerBroken(seq, "removed")
        return found


class LedgerBroken(Refusal):
    """An entry is not what was written; `fault` is one of `FAULTS`."""

    def __init__(self, seq: int, fault: str) -> None:
        self.seq = seq
        self.fault = fault
        zh, en = (FAULTS[fault].render({"seq": seq}, lang) for lang in LANGUAGES)
        super().__init__(
            Text(
                f"记录未通过校验，关口暂停：{zh}",
                f"the ledger does not verify, gates stay closed: {en}",
            )
        )


# Entries by the hash of their bytes, which are hashed each time: what a run reads again and again.
_READ: Memory[str, Entry] = Memory(4096)


def entries_where(reader: Reader, condition: str, *values: object) -> Iterator[Entry]:
    """The entries of which a condition of SQL holds, in their order, each checked by its hash."""
    asked = f"SELECT seq, hash, body FROM entries WHERE {condition} ORDER BY seq"  # noqa: S608
    rows = reader.query(asked, *values)
    return (checked_entry(int(seq), str(name), bytes(body)) for seq, name, body in rows)


def checked_entry(seq: int, name: str, body: bytes) -> Entry:
    """The entry in `body`.

    Raises:
        LedgerBroken: the bytes do not have the hash on record, are no JSON object, carry another
            number, or are no entry that this version writes.
    """
    known = _READ.get(name)
    if known is not None and known.seq == seq and digest(body) == name:
        return known
    entry = _entry_in(seq, name, body)
    _READ.keep(name, entry)
    return entry


def _entry_in(seq: int, name: str, body: bytes) -> Entry:
    """The same, read anew."""
    if digest(body) != name:
        raise LedgerBroken(seq, "changed")
    try:
        content = orjson.loads(body)
    except ValueError as error:
        raise LedgerBroken(seq, "changed") from error
    if not isinstance(content, dict):
        raise LedgerBroken(seq, "changed")
    own = content.get("seq")
    if own != seq:
        # One that was moved on shows by its own number where another was inserted.
        raise LedgerBroken(own if isinstance(own, int) and 0 < own < seq else seq, "moved")
    return typed_entry(content)


def typed_entry(content: dict[str, Any]) -> Entry:
    """The entry in an object that was read from the ledger, at its place in it.

    Raises:
        LedgerBroken: this version writes no such entry.
    """
    try:
        return entry_of(content)
    except EntryError as error:
        raise LedgerBroken(content["seq"], "form") from error
