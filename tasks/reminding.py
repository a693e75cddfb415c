"""Reminders: what falls due is put on record once, and shown.

Rules: a reminder is an entry of ids and dates, and no decision rests on it; what was reminded of is
looked up while the write lock is held, so that two who remind at once do not do it twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.days import Clock, utc_now
from data.home import Home
from data.ledger import Transaction, entries_where
from schemas.entries import Reminded as Reminder
from tasks.deadlines import Deadline, coming, deadlines
from tasks.gate.snapshot import Snapshot, open_snapshot


@dataclass(frozen=True)
class Reminded:
    """The deadlines that are open, and those of them that were reminded of now."""

    snapshot: Snapshot
    open: list[Deadline]
    new: list[Deadline]


def _since(transaction: Transaction, seq: int) -> set[tuple[str, ...]]:
    """What was reminded of after the entry `seq`."""
    entries = entries_where(transaction, "seq > ?", seq)
    return {entry.identity for entry in entries if isinstance(entry, Reminder)}


def remind(home: Home, on: date | None = None, clock: Clock = utc_now) -> Reminded:
    """Put every deadline on record that comes near by now and was not reminded of before.

    `on` is the day, where the cycle is historical.

    Raises:
        LedgerBroken, DayRefused, BlobError: as when a snapshot is opened.
    """
    snapshot = open_snapshot(home, "cycle", on, clock)
    every = deadlines(snapshot)
    reminded = snapshot.history.reminded
    wanted = [one for one in coming(every, snapshot.on) if one.identity not in reminded]
    if not wanted:
        return Reminded(snapshot, every, [])
    with snapshot.ledger.transaction() as transaction:
        meanwhile = _since(transaction, snapshot.history.seq)
        new = [one for one in wanted if one.identity not in meanwhile]
        for one in new:
            place, body = one.place.partition("-")[::2]
            transaction.append(
                Reminder.kind,
                deadline=one.kind.value,
                jurisdiction=place,
                unit=one.place if body else "",
                stage=one.stage.value,
                subject=one.subject,
                due=one.due.isoformat(),
            )
    return Reminded(snapshot, every, new)
