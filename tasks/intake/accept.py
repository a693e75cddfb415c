"""Taking deliveries in: a cycle is opened from a book, and every later file is a submission.

Rules: rejected rows are written to the quarantine before anything is accepted, and also where a
cycle cannot be opened; what was read in another form is listed there and counted in the entry; a
book, and a submission, is one transaction; who delivers a submission is an enrolled officer; keys
and references are checked against the registers while the write lock is held, so that no other
delivery comes between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from schemas.envelopes import key_id, public_text, raw_public
from schemas.registers import REGISTERS
from schemas.text import Refusal, Text
from tasks.intake import reading, reasons
from tasks.intake.causes import causes_of, told
from tasks.intake.delivery import Delivery, key_text
from tasks.intake.kinds import QUARANTINE_SUFFIX
from tasks.intake.reading import Book
from tasks.intake.readings import write_readings
from tasks.intake.refusal import Place, Refused, fixed, shown, together
from tasks.intake.sets import check_set, check_withdrawal

_FALLEN = Text("台账“{register}”未能读取{rows}", "“{register}” could not be read{rows}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: `accepted` + `rejected` rows are all that was delivered.

    `quarantine` is the workbook with the rejected rows, `listed` the list of the `readings`.
    """

    register: str
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


class CannotOpen(Refusal):
    """A book with which no cycle can be opened: all that is wrong, one line for each."""

    def __init__(self, lines: Sequence[Text]) -> None:
        self._lines = lines
        mark = Text("；", "; ")
        super().__init__(Text(mark.zh.join(x.zh for x in lines), mark.en.join(x.en for x in lines)))

    @property
    def lines(self) -> Sequence[Text]:
        """A line for each problem, then where the rows are."""
        return self._lines


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
    from tasks.intake.quarantine import write_quarantine

    path = home.quarantine / f"{seq:06d}-{delivery.register}{QUARANTINE_SUFFIX}"
    write_quarantine(path, [delivery])
    return path


def _listed(home: Home, seq: int, delivery: Delivery) -> Path | None:
    if not delivery.readings:
        return None
    path = home.quarantine / f"{seq:06d}-{delivery.register}-readings.csv"
    write_readings(path, delivery.readings)
    return path


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
    ]
    if problems:
        raise together(problems)


def _take(
    home: Home, transaction: Transaction, delivery: Delivery, mode: str, officer: str
) -> Receipt:
    quarantine = _quarantined(home, transaction.next_seq, delivery)
    listed = _listed(home, transaction.next_seq, delivery)
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
        readings=len(delivery.readings),
        quarantine=blobs.put(quarantine.read_bytes()) if quarantine else None,
        source=delivery.digest,
        officer=officer,
    )
    if blob:
        transaction.set_state(
            "INSERT INTO submissions VALUES (?, ?, ?, ?)", seq, delivery.register, mode, blob
        )
    return Receipt(
        delivery.register, delivery.accepted, delivery.rejected, quarantine, delivery, listed
    )


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


def _refuse_unopenable(home: Home, name: str, book: Book, checked: Mapping[str, Delivery]) -> None:
    """Refuse a book with which no cycle can be opened, its rows written to the quarantine.

    Raises:
        CannotOpen: sheets cannot be read, or no row of a register that is needed can be used.
    """
    empty = [one for one in reading.NEEDED if one in checked and not checked[one].rows]
    if not book.problems and not empty:
        return
    causes, unread = causes_of(checked.values())
    lines = [one.text for one in book.problems]
    lines += [
        fixed(_FALLEN, register=REGISTERS[one].title, rows=told(counted))
        for one, counted in unread.items()
    ]
    if not book.problems:
        unusable = Text("没有一行可用，无法开始", "no row of it can be used")
        lines += [
            Text(
                f"{name}“{REGISTERS[one].title.zh}”：{unusable.zh}",
                f"{name}, “{REGISTERS[one].title.en}”: {unusable.en}",
            )
            for one in empty
        ]
    lines += [text for cause in causes for text in cause.lines()]
    if checked or book.unread_sheets:
        from tasks.intake.quarantine import write_quarantine

        path = home.quarantine / f"{Path(name).stem}{QUARANTINE_SUFFIX}"
        write_quarantine(path, checked.values(), unread=book.unread_sheets, whole=True)
        lines.append(
            Text(
                f"以上各处已在 {path} 中标出；改正后整本重新交 termgate init",
                f"{path} has all rows, with these cells marked; mend it and give it to "
                "`termgate init` again",
            )
        )
    raise CannotOpen(lines)


def open_cycle(
    home: Home, pack: str, path: Path, clock: Clock = utc_now, *, strict: bool = False
) -> list[Receipt]:
    """Open a cycle from a book under a policy pack; `strict` refuses whatever was only read.

    Raises:
        PolicyRefused, Refused: the pack or the book cannot be used.
        CannotOpen: what the book holds does not suffice; its rows are in the quarantine.
        Refusal: there is a cycle here already.
    """
    from data.policies import pack_bytes, read_pack
    from data.signers import first_key

    _refuse_second(home)
    content, name = pack_bytes(pack), read_pack(pack).name
    book = reading.look_through(path)
    deliveries = check_set(book.deliveries, unread=book.unread)
    _refuse_unopenable(home, Path(path).name, book, deliveries)
    if strict:
        _refuse_readings(deliveries.values())
    home.path.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(home.ledger, clock)
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
    strict: bool = False,
    clock: Clock = utc_now,
) -> Receipt:
    """Take a submission to one register (or a list of rows to withdraw) from an officer.

    `strict` refuses whatever is not in its plain form.

    Raises:
        Refused: the file cannot be taken; nothing was written.
        UnknownOfficer: the officer is not on record.
    """
    delivery = reading.read_register(register, file, keys_only=withdraw)
    if strict:
        _refuse_readings([delivery])
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
