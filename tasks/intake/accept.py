"""Taking deliveries in: a cycle is opened from a book, and every later file is a submission.

Rules: rejected rows are written to the quarantine before anything is accepted, and also where a
cycle cannot be opened; what was read in another form is listed there and counted in the entry; a
book, and a submission of however many registers, is one transaction; who delivers a submission is
an enrolled officer; keys and references are checked against the registers while the write lock is
held, so that no other delivery comes between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from data.blobs import BlobStore
from data.days import Clock, Reached, utc_now
from data.home import Home
from data.ledger import Ledger, Reader, Transaction
from data.submissions import (
    ACCEPT,
    WITHDRAW,
    encode_keys,
    encode_rows,
)
from schemas.canonical import EVIDENCE_SCHEME, canonical, digest
from schemas.envelopes import key_id, public_text, raw_public
from schemas.text import Refusal, Text
from tasks.intake import reading, reasons
from tasks.intake.delivery import Delivery
from tasks.intake.geography import ODD
from tasks.intake.handed_back import list_readings, quarantined
from tasks.intake.handed_in import HandedIn, book_of, handed_in
from tasks.intake.on_record import OnRecord
from tasks.intake.parts import Part, accepted, by_register, withdrawn
from tasks.intake.reading import Book
from tasks.intake.readings import OF_THE_MAP
from tasks.intake.refusal import Place, Refused, shown, together
from tasks.intake.sets import check_set, check_withdrawal, nothing_known
from tasks.intake.unusable import refuse_unusable

if TYPE_CHECKING:
    from tasks.intake.mapping import SheetMap


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: `accepted` + `rejected` rows are all that was delivered.

    `quarantine` is the workbook with the rejected rows, `listed` the list of the `readings`.
    """

    register: str
    mode: str
    accepted: int
    rejected: int
    quarantine: Path | None
    delivery: Delivery
    listed: Path | None

    @property
    def first(self) -> str | None:
        """The first reason why a row was rejected."""
        return self.delivery.rejections[0].render() if self.delivery.rejections else None

    @property
    def readings(self) -> int:
        """How many cells, rows, columns and sheets were read otherwise, or left out."""
        return len(self.delivery.readings)


class UnknownOfficer(Refusal):
    """A submission by somebody who is not in the register of officers."""

    def __init__(self, officer: str) -> None:
        super().__init__(
            Text(
                f"责任人员 {officer} 不在台账“责任人员”中；先登记，或改用已登记的编号",
                f"officer {officer} is not in the register of officers; enrol them first, or "
                "use an id that is enrolled",
            )
        )


def _refuse_readings(deliveries: Iterable[Delivery]) -> None:
    """Refuse what is not written in its plain form throughout."""
    problems = [
        Refused(
            reasons.STRICT,
            Place(delivery.source, one.sheet, one.row, one.column, one.value),
            read_as=shown(one.read_as),
            how=one.how,
        )
        for delivery in deliveries
        for one in delivery.readings
        if one.how not in ODD | OF_THE_MAP
    ]
    if problems:
        raise together(problems)


def _encoded(delivery: Delivery, mode: str) -> bytes:
    """The blob of a delivery's rows."""
    encode = encode_keys if mode == WITHDRAW else encode_rows
    return encode(delivery.register, delivery.rows)


def _take(
    home: Home,
    transaction: Transaction,
    delivery: Delivery,
    mode: str,
    officer: str,
    workbook: Path | None,
    mapping: bytes | None,
) -> Receipt:
    """Put a delivery on record; `workbook` has the rejected rows, of other registers too."""
    quarantine = workbook if delivery.rejections else None
    listed = list_readings(home, transaction.next_seq, delivery)
    blobs = BlobStore(home.blobs)
    blob = blobs.put(_encoded(delivery, mode)) if delivery.rows else None
    seq = transaction.append(
        "submitted",
        register=delivery.register,
        mode=mode,
        blob=blob,
        accepted=delivery.accepted,
        rejected=delivery.rejected,
        readings=len(delivery.readings),
        quarantine=blobs.put(quarantine.read_bytes()) if quarantine else None,
        mapping=None if mapping is None else blobs.put(mapping),
        source=delivery.digest,
        officer=officer,
    )
    if blob:
        transaction.set_state(
            "INSERT INTO submissions VALUES (?, ?, ?, ?)", seq, delivery.register, mode, blob
        )
    return Receipt(
        delivery.register, mode, delivery.accepted, delivery.rejected, quarantine, delivery, listed
    )


def _project_units(home: Home, transaction: Transaction) -> None:
    """Keep the table that `status` reads in step with the two registers behind it.

    Where each unit stands goes on record, for whoever verifies who had to sign.
    """
    record = OnRecord(transaction, BlobStore(home.blobs))
    places = record.rows("jurisdictions", "name", "level", "parent")
    rows = sorted(
        (unit, code, name, level, body, parent)
        for (unit,), (code, body) in record.rows("units", "jurisdiction", "body").items()
        if (code,) in places
        for name, level, parent in [places[code,]]
    )
    above = {code: parent for (code,), (_, _, parent) in places.items()}
    standing = [
        [unit, level, body, *_upwards(code, above)] for unit, code, _, level, body, _ in rows
    ]
    named = BlobStore(home.blobs).put(canonical(standing))
    transaction.append("listed", units=len(rows), digest=digest(canonical(rows)), places=named)
    transaction.set_state("DELETE FROM units")
    for row in rows:
        transaction.set_state("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", *row)


def _upwards(code: str, above: Mapping[str, str | None]) -> Iterator[str]:
    """A place and those above it, its own first."""
    passed: set[str] = set()
    at: str | None = code
    while at is not None and at not in passed:
        yield at
        passed.add(at)
        at = above.get(at)


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
    clock: Clock = utc_now,
    *,
    strict: bool = False,
    historical: date | None = None,
    trial: bool = False,
    mapping: SheetMap | None = None,
) -> list[Receipt]:
    """Open a cycle from a book under a policy pack; `strict` refuses whatever was only read.

    People's own sheets are read by a `mapping`.

    `historical` is the day on which a cycle of the past begins; without one the cycle is live. A
    `trial` is one whose keys one person holds.

    Raises:
        PolicyRefused, Refused: the pack or the book cannot be used.
        Unusable: what the book holds does not suffice; its rows are in the quarantine.
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
    refuse_unusable(home, Path(path).name, book, deliveries, empty)
    if strict:
        _refuse_readings(deliveries.values())
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
            evidence=EVIDENCE_SCHEME,
            evaluator=key_id(public),
            public=public_text(public),
            historical=historical is not None,
            trial=trial,
        )
        receipts = []
        # Sheets of people's own come back as they are, whatever registers they go to.
        own = [one for one in deliveries.values() if one.origins]
        own_sheets = quarantined(home, transaction.next_seq, Path(path).name, own)
        for one in deliveries.values():
            alone = () if one.origins else [one]
            workbook = quarantined(home, transaction.next_seq, one.register, alone) or own_sheets
            receipts.append(_take(home, transaction, one, ACCEPT, "init", workbook, book.mapping))
        _project_units(home, transaction)
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
    officer: str,
    *,
    withdraw: bool = False,
    strict: bool = False,
    day: date | None = None,
    clock: Clock = utc_now,
) -> Receipt:
    """Take a submission to one register (or a list of rows to withdraw) from an officer.

    `strict` refuses whatever is not in its plain form; `day` is the day of the delivery, where the
    cycle is historical.

    Raises:
        DayRefused: the day cannot be that of a delivery.
        Refused: the file cannot be taken; nothing was written.
        UnknownOfficer: the officer is not on record.
    """
    ledger = Ledger(home.ledger, clock, day)
    given = handed_in(ledger.day(), register, file, withdraw=withdraw)
    return _submit(home, ledger, given, officer, strict=strict)[0]


def submit_file(
    home: Home,
    file: Path,
    officer: str,
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
        UnknownOfficer: the officer is not on record.
    """
    ledger = Ledger(home.ledger, clock, day)
    given = handed_in(ledger.day(), None, file, mapping=mapping)
    return _submit(home, ledger, given, officer, strict=strict)


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
) -> tuple[list[Receipt], list[tuple[str, str, bytes]]]:
    """What a submission would become, of which nothing is written: no entry, blob or workbook.

    Returns:
        The receipts, and what would be kept as register, mode and blob.

    Raises:
        As `submit` and `submit_file`.
    """
    ledger = Ledger(home.ledger, clock, day)
    given = handed_in(ledger.day(), register, file, withdraw=withdraw, mapping=mapping)
    with ledger.reading() as reader:
        _, taken = _checked(home, reader, given, officer, strict=strict, dry=True)
    receipts = [
        Receipt(one.register, how, one.accepted, one.rejected, None, one, None)
        for how, one in taken
    ]
    return receipts, [(one.register, how, _encoded(one, how)) for how, one in taken if one.rows]


def _checked(
    home: Home, reader: Reader, given: HandedIn, officer: str, *, strict: bool, dry: bool = False
) -> tuple[Book, list[Part]]:
    """A book, and its deliveries held against what is on record."""
    record = OnRecord(reader, BlobStore(home.blobs))
    book = given.book(record)
    if strict:
        _refuse_readings(book.deliveries.values())
    enrolled = record.keys("officers")
    first = book.deliveries.get("officers") if not enrolled else None
    if officer not in (enrolled or {str(row["officer"]) for row in (first.rows if first else ())}):
        raise UnknownOfficer(officer)
    parts = withdrawn(book, record) if given.mode == WITHDRAW else accepted(book, record, given.on)
    checked = {one.register: one for one in by_register(parts)}
    refuse_unusable(None if dry else home, given.name, book, checked)
    taken = [(how, one) for how, one in parts if one.delivered]
    if len(parts) == 1 and not parts[0][1].asked:
        # Of several sheets, and of an ask list, one without rows delivers nothing.
        taken = parts
    if not taken:
        raise Refused(reasons.NOTHING_NEW, Place(given.name))
    return book, taken


def _submit(
    home: Home, ledger: Ledger, given: HandedIn, officer: str, *, strict: bool
) -> list[Receipt]:
    with ledger.transaction() as transaction:
        book, taken = _checked(home, transaction, given, officer, strict=strict)
        workbook = quarantined(home, transaction.next_seq, given.name, by_register(taken))
        receipts = [
            _take(home, transaction, one, how, officer, workbook, book.mapping)
            for how, one in taken
        ]
        if not book.deliveries.keys().isdisjoint(reading.NEEDED):
            _project_units(home, transaction)
    return receipts
