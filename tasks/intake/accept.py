"""Taking deliveries in: a cycle is opened from a book, and every later file is a submission.

Rules: rejected rows are written to the quarantine before anything is accepted, and also where a
cycle cannot be opened; what was read in another form is listed there and counted in the entry; a
book, and a submission of however many registers, is one transaction, signed by the officer who
delivers it; keys and references are checked against the registers while the write lock is held, so
that no other delivery comes between. A cycle is opened by officers of two organs, whom the first
entry names with their keys, and one of them delivers the book.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from data.acts import Key
from data.blobs import BlobStore
from data.days import Clock, Reached, utc_now
from data.history import keyring
from data.home import Home
from data.ledger import Ledger, Transaction
from data.submissions import ACCEPT, WITHDRAW
from schemas.canonical import EVIDENCE_SCHEME, RECORD_SCHEME, canonical, digest
from schemas.envelopes import key_id, public_text, raw_public
from schemas.refusals import ActRefused
from schemas.text import Refusal, Text
from tasks.intake import reading, reasons
from tasks.intake.delivering import (
    holder_of,
    key_of,
    record_attempt,
    record_delivery,
    statement_of,
    taken,
    waits,
)
from tasks.intake.delivery import Delivery
from tasks.intake.entitlement import Entitlement, Homes, refuse_others
from tasks.intake.founding import Founding, enrol_founder, fallen_of, founders_in
from tasks.intake.handed_back import list_readings, quarantined, rejected_rows
from tasks.intake.handed_in import HandedIn, book_of, handed_in
from tasks.intake.on_record import OnRecord
from tasks.intake.parts import Part, accepted, by_register, withdrawn
from tasks.intake.reading import Book
from tasks.intake.refusal import Place, Refused
from tasks.intake.replacing import Replaced, refuse_other, replaced
from tasks.intake.sets import check_set, check_withdrawal, nothing_known
from tasks.intake.unit_list import project_units
from tasks.intake.unusable import refuse_readings, refuse_unusable
from tasks.officers.signatories import Principal, moment

if TYPE_CHECKING:
    from tasks.intake.mapping import SheetMap


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: `accepted` + `rejected` rows are all that was delivered.

    `quarantine` is the workbook with the rejected rows, `listed` the list of the `readings`.
    `waits` is the entry of a delivery that has no effect before another organ confirms it.
    """

    register: str
    mode: str
    accepted: int
    rejected: int
    quarantine: Path | None
    delivery: Delivery
    listed: Path | None
    waits: int | None = None

    @property
    def first(self) -> str | None:
        """The first reason why a row was rejected."""
        return self.delivery.rejections[0].render() if self.delivery.rejections else None

    @property
    def readings(self) -> int:
        """How many cells, rows, columns and sheets were read otherwise, or left out."""
        return len(self.delivery.readings)


def _record(
    home: Home,
    transaction: Transaction,
    by: Principal,
    key: Key,
    parts: Sequence[tuple[str, Delivery, Path | None]],
    mapping: bytes | None,
    clock: Clock,
) -> list[Receipt]:
    """Put a delivery on record; each of its parts has the workbook with its rejected rows."""
    numbers = _numbers(transaction, [one for _, one, _ in parts])
    made = [
        taken(mode, one, workbook.read_bytes() if workbook else None)
        for mode, one, workbook in parts
    ]
    listed = [list_readings(home, at, one) for at, (_, one, _) in zip(numbers, parts, strict=True)]
    waiting = record_delivery(transaction, BlobStore(home.blobs), by, key, made, mapping, clock)
    return [
        Receipt(
            one.register,
            mode,
            one.accepted,
            one.rejected,
            workbook if one.rejections else None,
            one,
            readings,
            waiting,
        )
        for (mode, one, workbook), readings in zip(parts, listed, strict=True)
    ]


def _numbers(transaction: Transaction, deliveries: Sequence[Delivery]) -> list[int]:
    """By which entries the files about a delivery to each register are named.

    That of the register, which follows that of the signature; the latter, where it has to wait.
    """
    signed = transaction.next_seq
    if waits(transaction, deliveries):
        return [signed] * len(deliveries)
    return [signed + 1 + place for place in range(len(deliveries))]


def _refuse_second(home: Home) -> None:
    if home.has_cycle():
        raise Refusal(
            Text(
                f"{home.path}：这里已有换届数据；换一个目录，或用 termgate submit 报送",
                f"{home.path}: a cycle was opened here; use another folder, or `termgate submit`",
            )
        )


def open_cycle(  # noqa: PLR0913 (options are arguments)
    home: Home,
    pack: str,
    path: Path,
    founding: Founding,
    clock: Clock = utc_now,
    *,
    strict: bool = False,
    historical: date | None = None,
    trial: bool = False,
    mapping: SheetMap | None = None,
) -> list[Receipt]:
    """Open a cycle from a book under a policy pack; `strict` refuses whatever was only read.

    `founding` says who delivers the book, and who founds the cycle, once the book's officers are
    known.

    People's own sheets are read by a `mapping`.

    `historical` is the day on which a cycle of the past begins; without one the cycle is live. A
    `trial` is one whose keys one person holds.

    Raises:
        PolicyRefused, Refused: the pack or the book cannot be used.
        Unusable: what the book holds does not suffice, or its officers cannot found a cycle; its
            rows are in the quarantine.
        Refusal: there is a cycle here already.
        DayRefused: the day has not come.
    """
    from data.policies import pack_bytes, read_pack
    from data.signers import first_key

    _refuse_second(home)
    on = Reached(historical=historical is not None, on=None).day(historical, clock)
    content, name = pack_bytes(pack), read_pack(pack).name
    book = book_of(path, mapping, reading.NEEDED, None)
    deliveries = _first(book, on)
    empty = [one for one in reading.NEEDED if one in deliveries and not deliveries[one].rows]
    refuse = partial(refuse_unusable, home, Path(path).name, book, deliveries, empty)
    if trial or "officers" in book.unread:
        # A trial makes keys for a book only that can be used; of officers who could not be read
        # nobody can say anything.
        refuse()
    officers = deliveries.get("officers")
    rows = officers.rows if officers else ()
    try:
        by, founders = founding(rows)
        named = founders_in(rows, by, founders, fallen_of(officers))
    except Refusal as why:
        refuse(why.lines)
        raise
    refuse()
    if strict:
        refuse_readings(deliveries.values())
    organ = next(one.organ for one in named if one.officer == by.officer)
    refuse_others(read_pack(pack).deliverers, organ, deliveries, by.officer)
    home.make()
    ledger = Ledger(home.ledger, clock, historical)
    ledger.create()
    blobs = BlobStore(home.blobs)
    policy = blobs.put(content)
    public = raw_public(first_key(home))
    with ledger.transaction() as transaction:
        _refuse_second(home)
        sources = sorted([one.register, one.digest] for one in deliveries.values())
        book_digest = digest(canonical(sources))
        transaction.append(
            "opened",
            pack=name,
            policy=policy,
            book=book_digest,
            founders=[one._asdict() for one in named],
            record=RECORD_SCHEME,
            evidence=EVIDENCE_SCHEME,
            evaluator=key_id(public),
            public=public_text(public),
            historical=historical is not None,
            trial=trial,
        )
        key = enrol_founder(transaction, by, named, clock)
        # Sheets of people's own come back as they are, whatever registers they go to.
        own = [one for one in deliveries.values() if one.origins]
        numbers = _numbers(transaction, [*deliveries.values()])
        own_sheets = quarantined(home, numbers[0], Path(path).name, own)
        parts = []
        for at, one in zip(numbers, deliveries.values(), strict=True):
            alone = () if one.origins else [one]
            workbook = quarantined(home, at, one.register, alone)
            parts.append((ACCEPT, one, workbook or own_sheets))
        receipts = _record(home, transaction, by, key, parts, book.mapping, clock)
        project_units(home, transaction)
    return receipts


def _first(book: Book, on: date) -> dict[str, Delivery]:
    """What a book delivers on a day; rows to be withdrawn are rejected: nothing is on record."""
    going = [one.withdrawal for one in book.deliveries.values() if one.withdrawn]
    parts = [(WITHDRAW, check_withdrawal(one, nothing_known)) for one in going]
    checked = check_set(book.deliveries, unread=book.unread, on=on)
    parts += [(ACCEPT, one) for one in checked.values()]
    whole = {one.register: one for one in by_register(parts)}
    return {name: whole[name] for name in checked}


def submit(  # noqa: PLR0913 (options are arguments)
    home: Home,
    register: str,
    file: Path,
    by: Principal,
    *,
    withdraw: bool = False,
    strict: bool = False,
    day: date | None = None,
    clock: Clock = utc_now,
) -> Receipt:
    """Take a submission to one register (or a list of rows to withdraw), signed by an officer.

    `strict` refuses whatever is not in its plain form; `day` is the day of the delivery, where the
    cycle is historical.

    Raises:
        DayRefused: the day cannot be that of a delivery.
        Refused: the file cannot be taken; nothing was written.
        ActRefused: the officer may not deliver it, or signed something else.
    """
    ledger = Ledger(home.ledger, clock, day)
    given = handed_in(ledger.day(), register, file, withdraw=withdraw)
    return _submit(home, ledger, given, by, clock, strict=strict)[0]


def submit_file(
    home: Home,
    file: Path,
    by: Principal,
    *,
    strict: bool = False,
    day: date | None = None,
    clock: Clock = utc_now,
    mapping: SheetMap | None = None,
) -> list[Receipt]:
    """Take a submission to every register of which a file, or a folder, has rows.

    All of them go on record, or none; rejected rows come back in one workbook. People's own sheets
    are read by a `mapping`.

    `day` is as in `submit`.

    Raises:
        Refused: the file cannot be read; nothing was written.
        DayRefused: as in `submit`.
        Unusable: sheets of it cannot be read; nothing was taken, all rows are in the quarantine.
        ActRefused: the officer may not deliver it, or signed something else.
    """
    ledger = Ledger(home.ledger, clock, day)
    given = handed_in(ledger.day(), None, file, mapping=mapping)
    return _submit(home, ledger, given, by, clock, strict=strict)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a submission would become.

    `parts` are what would be kept, as register, mode and blob, `replaced` what they replace,
    `to_sign` what is signed now, empty without a key, `waits` whether another organ must confirm.
    """

    receipts: list[Receipt]
    parts: list[tuple[str, str, bytes]]
    to_sign: bytes
    waits: bool
    replaced: list[Replaced]


def try_out(  # noqa: PLR0913 (options are arguments)
    home: Home,
    register: str | None,
    file: Path,
    officer: str,
    *,
    withdraw: bool = False,
    strict: bool = False,
    day: date | None = None,
    clock: Clock = utc_now,
    mapping: SheetMap | None = None,
) -> Trial:
    """What a submission would become, of which nothing is written: no entry, blob or workbook.

    Raises:
        As `submit` and `submit_file`, but that its officer needs no key.
    """
    ledger = Ledger(home.ledger, clock, day)
    given = handed_in(ledger.day(), register, file, withdraw=withdraw, mapping=mapping)
    with ledger.reading() as reader:
        record = OnRecord.now(reader, BlobStore(home.blobs))
        book, parts = _checked(home, record, given, officer, strict=strict, dry=True)
        key = keyring(reader).of(officer)
        to_confirm = waits(reader, [one for _, one in parts])
    receipts = [
        Receipt(one.register, how, one.accepted, one.rejected, None, one, None)
        for how, one in parts
    ]
    workbook = rejected_rows(by_register(parts))
    made = [taken(how, one, workbook) for how, one in parts]
    said = key and statement_of(ledger.cycle(), key, moment(clock), made, book.mapping)
    payload = said.payload() if said else b""
    kept = [(one.delivery.register, one.mode, one.rows) for one in made if one.rows]
    return Trial(receipts, kept, payload, to_confirm, replaced(record, parts))


def _checked(
    home: Home, record: OnRecord, given: HandedIn, officer: str, *, strict: bool, dry: bool = False
) -> tuple[Book, list[Part]]:
    """A book, and its deliveries held against what is on record."""
    from data.policies import InForce, packs_of

    organ, place = holder_of(record, officer)
    book = given.book(record)
    packs = InForce(BlobStore(home.blobs), packs_of(Ledger(home.ledger)), given.on)
    rules = packs.authorities.deliverers
    refuse_others(rules, organ, book.deliveries, officer)
    may = Entitlement(rules, organ, place, Homes(book.deliveries, record))
    if strict:
        refuse_readings(book.deliveries.values())
    taking = given.mode != WITHDRAW
    parts = accepted(book, record, given.on, may) if taking else withdrawn(book, record, may)
    checked = {one.register: one for one in by_register(parts)}
    refuse_unusable(None if dry else home, given.name, book, checked)
    going = [(how, one) for how, one in parts if one.delivered]
    if len(parts) == 1 and not parts[0][1].asked:
        # Of several sheets, and of an ask list, one without rows delivers nothing.
        going = parts
    if not going:
        raise Refused(reasons.NOTHING_NEW, Place(given.called))
    return book, going


def refused(home: Home, officer: str, code: str, clock: Clock = utc_now) -> ActRefused:
    """Put on record that a delivery is refused before it is read; what is to be raised."""
    why = ActRefused(code, officer)
    record_attempt(Ledger(home.ledger, clock), officer, why)
    return why


def _submit(
    home: Home, ledger: Ledger, given: HandedIn, by: Principal, clock: Clock, *, strict: bool
) -> list[Receipt]:
    try:
        with ledger.transaction() as transaction:
            record = OnRecord.now(transaction, BlobStore(home.blobs))
            key = key_of(keyring(transaction), record, by.officer, by.key)
            book, going = _checked(home, record, given, by.officer, strict=strict)
            refuse_other(record, going, by)
            first = _numbers(transaction, [one for _, one in going])[0]
            workbook = quarantined(home, first, given.name, by_register(going), by.rejected)
            parts = [(how, one, workbook) for how, one in going]
            return _record(home, transaction, by, key, parts, book.mapping, clock)
    except ActRefused as why:
        record_attempt(ledger, by.officer, why)
        raise
