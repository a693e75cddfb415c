"""Confirming a delivery (确认报送) that says who is who, or declining it.

Rules: what an officer delivers of places, units, officers, persons, kin and deputies has no effect
before an officer of another organ, there or above, who is another person and whose key opens gates,
confirms it; nobody confirms rows about themselves or their kin, as they stand or as they are
delivered. At that moment it must still hold as on the day of its delivery: its deliverer's key is
good, every row may be taken, and no row that it would replace was delivered since. It is declined
with a reason, by who could confirm it or by who delivered it. Every act is one entry; a refused
attempt goes on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from data.acts import CONFIRM, CONFIRMED, DECLINE
from data.blobs import BlobStore
from data.home import Home
from data.ledger import Ledger, Reader, Transaction
from data.policies import in_force
from data.registers import delivered_cells
from data.submissions import ACCEPT, current_rows
from schemas.authority import WHO_IS_WHO
from schemas.entries import Proposed, Submitted
from schemas.envelopes import payload_digest
from schemas.registers import REGISTERS
from schemas.statements import Confirmation, statement
from schemas.text import Text
from tasks.gate.snapshot import Snapshot
from tasks.intake.delivering import put_into_effect
from tasks.intake.delivery import Delivery, RowValues
from tasks.intake.entitlement import Entitlement, Homes
from tasks.intake.on_record import OnRecord, plain_day
from tasks.intake.parts import accepted, by_register
from tasks.intake.reading import Book
from tasks.intake.refusal import Rejection
from tasks.intake.unit_list import project_units
from tasks.officers.entitled import may_confirm
from tasks.officers.independence import people_of, related
from tasks.officers.keys import acting, acting_for, one_person
from tasks.officers.recording import Moved, Record, Recorder, named
from tasks.officers.signatories import Identified, Principal

Verdict = Literal["confirm", "decline"]
# The columns that name a person, or an officer.
_PERSONS = ("person", "kin", "deputy")
# What becomes of a row, in words.
CHANGES = {
    "new": Text("新增", "new"),
    "changed": Text("改动", "changed"),
    "same": Text("不变", "unchanged"),
    "withdrawn": Text("撤回", "withdrawn"),
}


@dataclass(frozen=True)
class Row:
    """A row of a delivery that waits: of which register, its key, and what became of it.

    `columns` are those that would change; all of them where the row is new, none where it goes.
    """

    register: str
    key: tuple[object, ...]
    how: Literal["new", "changed", "same", "withdrawn"]
    columns: tuple[str, ...]


def rows_in(blobs: BlobStore, one: Submitted) -> list[RowValues]:
    """The rows that a submission brings, or the keys of those that it withdraws.

    Raises:
        BlobError: they are missing or were changed.
    """
    if one.blob is None:
        return []
    register = REGISTERS[one.register]
    taken = one.mode == ACCEPT
    columns = [spec.name for spec in register.columns] if taken else list(register.key)
    # Read as rows that were accepted: those that are withdrawn have their keys alone.
    cells = current_rows(one.register, [(ACCEPT, blobs.get(one.blob))], columns)
    return [dict(zip(columns, map(plain_day, values), strict=True)) for values in cells.values()]  # type: ignore[arg-type]


def changes_in(blobs: BlobStore, record: OnRecord, waiting: Proposed) -> Iterator[Row]:
    """What a delivery that waits would do to each row of a register.

    Raises:
        BlobError: as `rows_in`.
    """
    for one in waiting.submissions:
        register = REGISTERS[one.register]
        columns = [spec.name for spec in register.columns]
        before = record.current_rows(one.register)
        for row in rows_in(blobs, one):
            key = tuple(row[name] for name in register.key)
            if one.mode != ACCEPT:
                yield Row(one.register, key, "withdrawn", ())
            elif key not in before:
                yield Row(one.register, key, "new", tuple(columns))
            else:
                pairs = zip(columns, before[key], strict=True)
                other = tuple(name for name, value in pairs if row[name] != value)
                yield Row(one.register, key, "changed" if other else "same", other)


def _delivery(submissions: Iterable[tuple[Submitted, list[RowValues]]]) -> Delivery:
    """What was delivered for a register, as it was when it was taken."""
    given = list(submissions)
    (name,) = {one.register for one, _ in given}
    title = REGISTERS[name].title.render()
    rows = [row for one, rows in given if one.mode == ACCEPT for row in rows]
    gone = [row for one, rows in given if one.mode != ACCEPT for row in rows]
    numbers = range(1, len(rows) + len(gone) + 1)
    return Delivery(
        register=name,
        source="",
        sheet=title,
        digest=given[0][0].source,
        headings={spec.name: spec.column.label.render() for spec in REGISTERS[name].columns},
        rows=rows,
        row_numbers=numbers[: len(rows)],
        rejections=(),
        rejected_keys={},
        delivered=len(rows),
        withdrawn=dict(zip(numbers[len(rows) :], gone, strict=True)),
    )


def deliveries_of(blobs: BlobStore, submissions: Iterable[Submitted]) -> dict[str, Delivery]:
    """What submissions bring and withdraw, by register.

    Raises:
        BlobError: as `rows_in`.
    """
    given: dict[str, list[tuple[Submitted, list[RowValues]]]] = {}
    for one in submissions:
        given.setdefault(one.register, []).append((one, rows_in(blobs, one)))
    return {name: _delivery(parts) for name, parts in given.items()}


def unfit(home: Home, reader: Reader, waiting: Proposed) -> list[Rejection]:
    """The rows of a delivery that could not be taken any more, as things stand."""
    blobs = BlobStore(home.blobs)
    record, deliveries = OnRecord.now(reader, blobs), deliveries_of(blobs, waiting.submissions)
    rules = in_force(Ledger(home.ledger), blobs).authorities.deliverers
    said = waiting.said
    may = Entitlement(rules, said.organ, said.jurisdiction, Homes(deliveries, record))
    book = Book(deliveries, (), frozenset())
    taken = by_register(accepted(book, record, date.fromisoformat(waiting.on), may))
    return [rejection for one in taken for rejection in one.rejections]


def overtaken(recorder: Record, waiting: Proposed) -> bool:
    """Whether a row that a delivery brings or withdraws was delivered again since."""
    blobs = BlobStore(recorder.home.blobs)
    later: dict[str, set[tuple[object, ...]]] = {}
    for one in recorder.history.deliveries:
        if one.seq > waiting.seq and one.register in waiting.registers:
            key = REGISTERS[one.register].key
            later.setdefault(one.register, set()).update(
                delivered_cells(blobs, one.register, one.blob, key)
            )
    return any(
        later.get(one.register, set())
        & delivered_cells(blobs, one.register, one.blob, REGISTERS[one.register].key)
        for one in waiting.submissions
        if one.blob
    )


def _themselves(snapshot: Snapshot, officer: str) -> set[str]:
    """An officer, everybody whom the register ever had under that id, and their kin."""
    people = people_of(snapshot).get(officer, frozenset())
    kin = related(snapshot.facts)
    return {officer, *people, *(one for person in people for one in kin.get(person, ()))}


def about(snapshot: Snapshot, waiting: Proposed, officer: str) -> bool:
    """Whether a delivery says something of an officer or their kin, as it stands or would stand."""
    themselves = _themselves(snapshot, officer)
    blobs, tables = snapshot.blobs, snapshot.facts.tables
    for one in waiting.submissions:
        if one.register not in WHO_IS_WHO:
            continue
        register = REGISTERS[one.register]
        names = {*_PERSONS, "officer"}.intersection(spec.name for spec in register.columns)
        keys: set[tuple[object, ...]] = set()
        for row in rows_in(blobs, one):
            keys.add(tuple(row[name] for name in register.key))
            if themselves.intersection(row[name] for name in names & row.keys()):
                return True
        frame = tables[one.register]
        before = zip(*(frame[name].tolist() for name in (*register.key, *names)), strict=True)
        width = len(register.key)
        if any(row[:width] in keys and themselves.intersection(row[width:]) for row in before):
            return True
    return False


def confirm_fault(
    recorder: Record, waiting: Proposed | None, verdict: Verdict, who: Identified
) -> str:
    """Why an officer may not confirm or decline a delivery, or nothing."""
    key, code = acting(recorder, who)
    if code or key is None:
        return code
    if waiting is None:
        return "no-delivery"
    own = who.officer == waiting.officer
    if verdict == DECLINE and own:
        return ""
    if own or one_person(recorder, waiting.officer, who.officer):
        return "own-delivery"
    if key.organ == waiting.said.organ:
        return "own-organ"
    if verdict == CONFIRM and not key.full:
        return "one-voucher"
    if not may_confirm(key, waiting, acting_for(recorder, waiting.said.jurisdiction)):
        return "not-above"
    return "rows-about-self" if about(recorder.whole, waiting, who.officer) else ""


def passed_over(recorder: Record, waiting: Proposed) -> str:
    """Why what happened since a delivery lets nobody confirm it, or nothing."""
    if recorder.history.acts.keys.keys[waiting.key].revoked:
        return "deliverer-revoked"
    return "overtaken" if overtaken(recorder, waiting) else ""


def confirm(
    recorder: Recorder, seq: int, verdict: Verdict, who: Principal, reason: str = ""
) -> int:
    """Confirm or decline the delivery of the entry `seq`; returns the entry's number.

    Raises:
        ActRefused: no such delivery waits, the officer may not confirm or decline it, it cannot be
            taken any more, or there is no reason why it is declined; it is on record.
    """

    def attempt() -> int:
        waiting = recorder.history.waiting.get(seq)
        code = confirm_fault(recorder, waiting, verdict, who)
        if not code and verdict == DECLINE and not reason.strip():
            code = "no-reason"
        if not code and waiting and verdict == CONFIRM:
            code = passed_over(recorder, waiting)
            with recorder.ledger.reading() as reader:
                if not code and unfit(recorder.home, reader, waiting):
                    code = "no-longer-fits"
        if code or waiting is None:
            recorder.refuse(verdict, code, who.officer)
        predicate = Confirmation(**recorder.said(who), reason=named(reason), verdict=verdict)
        payload = statement(predicate, waiting.payload).payload()
        envelope = who.seal(payload)
        recorder.keep(reason)
        with recorder.writing() as transaction:
            _unsettled(recorder, transaction)
            made = transaction.act(
                CONFIRMED,
                payload_digest(payload),
                officer=who.officer,
                key=who.key,
                envelope=envelope,
                of=seq,
                verdict=verdict,
            )
            if verdict == CONFIRM:
                _into_effect(recorder, transaction, waiting)
        return made

    return recorder.take(attempt)


def _unsettled(recorder: Recorder, transaction: Transaction) -> None:
    """Raise `Moved` where a delivery was confirmed or declined since it was looked at."""
    since = recorder.history.seq
    if transaction.query("SELECT 1 FROM acts WHERE kind = ? AND seq > ?", CONFIRMED, since):
        raise Moved


def _into_effect(recorder: Recorder, transaction: Transaction, waiting: Proposed) -> None:
    """Put on record, for each register, what was delivered."""
    for one in waiting.submissions:
        put_into_effect(transaction, one.content)
    if {"jurisdictions", "units"}.intersection(waiting.registers):
        project_units(recorder.home, transaction)
