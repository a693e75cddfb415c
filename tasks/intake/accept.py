"""Taking deliveries in: a cycle is opened from a book, and every later file is a submission.

Rules: rejected rows are written to the quarantine before anything is accepted; a book, and a
submission, is one transaction; who delivers a submission is an enrolled officer; keys and
references are checked against the registers while the write lock is held, so that no other
delivery comes between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Clock, Ledger, Reader, Transaction, utc_now
from data.submissions import (
    ACCEPT,
    WITHDRAW,
    Key,
    encode_keys,
    encode_rows,
    standing,
    submissions_of,
)
from schemas.canonical import EVIDENCE_SCHEME, canonical, digest
from schemas.registers import REGISTERS
from schemas.text import Refusal, Text
from tasks.intake import reading
from tasks.intake.delivery import Delivery, key_text
from tasks.intake.quarantine import write_quarantine
from tasks.intake.sets import check_set, check_withdrawal


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: `accepted` + `rejected` rows are all that was delivered."""

    register: str
    accepted: int
    rejected: int
    quarantine: Path | None
    first: str | None


class UnknownOfficer(Refusal):
    """A submission by somebody who is not in the register of officers."""

    def __init__(self, officer: str) -> None:
        super().__init__(
            Text(
                f"经办人 {officer} 不在台账“经办人”中；先登记，或改用已登记的编号",
                f"officer {officer} is not in the register of officers; enrol them first, or "
                "use an id that is enrolled",
            )
        )


class OnRecord:
    """The registers as they stand while the write lock is held, each blob read at most once."""

    def __init__(self, reader: Reader, blobs: BlobStore) -> None:
        submissions = submissions_of(reader)

        @cache
        def content(name: str) -> list[tuple[str, bytes]]:
            return [(mode, blobs.get(blob)) for mode, blob in submissions.get(name, [])]

        self.rows = cache(lambda name, *columns: standing(name, content(name), columns))
        self.keys = cache(self._keys)
        self._holders = cache(self._holding)

    def _keys(self, name: str) -> Collection[str]:
        return frozenset(map(key_text, self.rows(name)))

    def unit_of(self, candidate: str) -> str | None:
        """The unit of a candidate on record."""
        return next(iter(self.rows("candidates", "unit").get((candidate,), ())), None)

    def level_of(self, code: str) -> str | None:
        """The level of a jurisdiction on record."""
        return next(iter(self.rows("jurisdictions", "level").get((code,), ())), None)

    def _holding(self, name: str, column: str) -> Mapping[object, list[Key]]:
        """Value of a column → the keys of the rows on record that have it."""
        found: dict[object, list[Key]] = {}
        for key, (value,) in self.rows(name, column).items():
            found.setdefault(value, []).append(key)
        return found

    def referring(self, register: str, key: str) -> Iterator[tuple[str, str]]:
        """The rows on record that refer to a row, as register and key."""
        for name, other in REGISTERS.items():
            for column, target in other.references.items():
                if target == register:
                    for holder in sorted(self._holders(name, column).get(key, ())):
                        yield name, key_text(holder)


def _quarantined(home: Home, seq: int, delivery: Delivery) -> Path | None:
    if not delivery.rejections:
        return None
    path = home.quarantine / f"{seq:06d}-{delivery.register}.csv"
    write_quarantine(path, delivery.rejections)
    return path


def _take(
    home: Home, transaction: Transaction, delivery: Delivery, mode: str, officer: str
) -> Receipt:
    quarantine = _quarantined(home, transaction.next_seq, delivery)
    encode = encode_keys if mode == WITHDRAW else encode_rows
    blobs = BlobStore(home.blobs)
    blob = blobs.put(encode(delivery.register, delivery.rows)) if delivery.rows else None
    seq = transaction.append(
        "submitted",
        register=delivery.register,
        mode=mode,
        blob=blob,
        accepted=delivery.accepted,
        rejected=delivery.rejected,
        quarantine=blobs.put(quarantine.read_bytes()) if quarantine else None,
        source=delivery.digest,
        officer=officer,
    )
    if blob:
        transaction.set_state(
            "INSERT INTO submissions VALUES (?, ?, ?, ?)", seq, delivery.register, mode, blob
        )
    first = delivery.rejections[0].render() if delivery.rejections else None
    return Receipt(delivery.register, delivery.accepted, delivery.rejected, quarantine, first)


def _project_units(transaction: Transaction, record: OnRecord) -> None:
    """Keep the table that `status` reads in step with the two registers behind it."""
    places = record.rows("jurisdictions", "name", "level", "parent")
    rows = sorted(
        (unit, code, name, level, body, parent)
        for (unit,), (code, body) in record.rows("units", "jurisdiction", "body").items()
        if (code,) in places
        for name, level, parent in [places[code,]]
    )
    transaction.append("listed", units=len(rows), digest=digest(canonical(rows)))
    transaction.set_state("DELETE FROM units")
    for row in rows:
        transaction.set_state("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", *row)


def _refuse_second(home: Home) -> None:
    if home.has_cycle():
        raise Refusal(
            Text(
                f"{home.path}：这里已有换届数据；换一个目录，或用 termgate submit 报送",
                f"{home.path}: a cycle was opened here; use another folder, or `termgate submit`",
            )
        )


def open_cycle(home: Home, pack: str, book: Path, clock: Clock = utc_now) -> list[Receipt]:
    """Open a cycle from a book under a policy pack.

    Raises:
        PolicyRefused, Refused: the pack or the book cannot be used; nothing was written.
        Refusal: there is a cycle here already, or the book holds no unit.
    """
    from data.policies import pack_bytes, read_pack

    _refuse_second(home)
    content, name = pack_bytes(pack), read_pack(pack).name
    deliveries = check_set(reading.read_book(book))
    for needed in reading.NEEDED:
        if not deliveries[needed].rows:
            first = deliveries[needed].rejections[0]
            raise Refusal(
                Text(
                    f"{book.name}：没有一行可用，无法开始；{first.render('zh')}",
                    f"{book.name}: no row of it can be used; {first.render('en')}",
                )
            )
    home.path.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(home.ledger, clock)
    ledger.create()
    blobs = BlobStore(home.blobs)
    policy = blobs.put(content)
    with ledger.transaction() as transaction:
        _refuse_second(home)
        sources = sorted([one.register, one.digest] for one in deliveries.values())
        book_digest = digest(canonical(sources))
        transaction.append(
            "opened", pack=name, policy=policy, book=book_digest, evidence=EVIDENCE_SCHEME
        )
        receipts = [_take(home, transaction, one, ACCEPT, "init") for one in deliveries.values()]
        _project_units(transaction, OnRecord(transaction, blobs))
    return receipts


def submit(
    home: Home,
    register: str,
    file: Path,
    officer: str,
    *,
    withdraw: bool = False,
    clock: Clock = utc_now,
) -> Receipt:
    """Take a submission to one register (or a list of rows to withdraw) from an officer.

    Raises:
        Refused: the file cannot be taken; nothing was written.
        UnknownOfficer: the officer is not on record.
    """
    delivery = reading.read_register(register, file, keys_only=withdraw)
    ledger = Ledger(home.ledger, clock)
    blobs = BlobStore(home.blobs)
    with ledger.transaction() as transaction:
        record = OnRecord(transaction, blobs)
        enrolled = record.keys("officers")
        first = not enrolled and delivery.register == "officers"
        if officer not in (enrolled or [str(row["officer"]) for row in delivery.rows if first]):
            raise UnknownOfficer(officer)
        if withdraw:
            checked = check_withdrawal(delivery, record.keys, record.referring)
        else:
            whole = {delivery.register: delivery}
            checked = check_set(whole, record.keys, record.level_of, record.unit_of)[
                delivery.register
            ]
        receipt = _take(home, transaction, checked, WITHDRAW if withdraw else ACCEPT, officer)
        if delivery.register in reading.NEEDED:
            _project_units(transaction, OnRecord(transaction, blobs))
    return receipt
