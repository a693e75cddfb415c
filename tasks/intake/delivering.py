"""A delivery as a signed act: who may deliver, what they sign, and how it goes on record.

Rules: one signature covers all registers of a delivery and every row, accepted or rejected; it is
made over the bytes that are recorded, while the write lock is held, so that nothing comes between.
What is signed follows from who delivers, when, and what was made of their file: somebody who signed
the same statement elsewhere may bring the envelope, and is refused if it says anything else. Who
delivers has an active key, and the organ and place that it was enrolled with. Whom the pack does
not let deliver to a register, or for a place, is refused too; a refused attempt is on record. A
delivery that says who is who waits as a whole, and has no effect, until an officer of another organ
confirms it; only the first one, a founder's, does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from data.acts import DELIVERED, PROPOSED, Key, Keyring
from data.blobs import BlobStore
from data.days import Clock
from data.ledger import Ledger, Reader, Transaction
from data.submissions import WITHDRAW, encode_keys, encode_rows
from schemas.authority import WHO_IS_WHO
from schemas.canonical import digest
from schemas.envelopes import payload_digest
from schemas.refusals import ActRefused
from schemas.statements import Part, Statement, delivery
from tasks.intake.delivery import Delivery
from tasks.intake.on_record import OnRecord
from tasks.officers.signatories import CLOCKS_DIFFER, Principal, moment


def encoded(delivered: Delivery, mode: str) -> bytes:
    """The blob of a delivery's rows."""
    encode = encode_keys if mode == WITHDRAW else encode_rows
    return encode(delivered.register, delivered.rows)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is put on record of a delivery to a register: the blobs of its rows.

    `rejected` is the workbook with the rejected ones, of other registers too.
    """

    mode: str
    delivery: Delivery
    rows: bytes | None
    rejected: bytes | None


def taken(mode: str, delivered: Delivery, workbook: bytes | None) -> Taken:
    """A delivery to a register, encoded."""
    rows = encoded(delivered, mode) if delivered.rows else None
    return Taken(mode, delivered, rows, workbook if delivered.rejections else None)


def _part(one: Taken, mapping: bytes | None) -> Part:
    rows_of, quarantine, mapped = (x and digest(x) for x in (one.rows, one.rejected, mapping))
    return Part.model_validate(
        {
            "register": one.delivery.register,
            "mode": one.mode,
            "source": one.delivery.digest,
            "rows": rows_of,
            "quarantine": quarantine,
            "mapping": mapped,
        }
    )


def statement_of(
    cycle: str,
    key: Key,
    time: str,
    parts: Sequence[Taken],
    mapping: bytes | None,
) -> Statement:
    """What the holder of a key signs who delivers this."""
    said = {
        "cycle": cycle,
        "officer": key.officer,
        "organ": key.organ,
        "jurisdiction": key.jurisdiction,
        "time": time,
    }
    return delivery(said, [_part(one, mapping) for one in parts])


def holder_of(record: OnRecord, officer: str) -> tuple[str, str]:
    """An officer's organ and place, as the register has them.

    Raises:
        ActRefused: they are not on it.
    """
    found = record.rows("officers", "organ", "jurisdiction").get((officer,))
    if found is None:
        raise ActRefused("unknown-officer", officer)
    organ, place = found
    return str(organ), str(place)


def key_of(keys: Keyring, record: OnRecord, officer: str, name: str = "") -> Key:
    """The key with which an officer delivers; `name` is the one that they brought.

    Raises:
        ActRefused: they are not on record, have none that is active, it is another, or the register
            gives them another organ or place by now.
    """
    holder = holder_of(record, officer)
    key, brought = keys.of(officer), keys.keys.get(name)
    code = ""
    if brought and brought.officer == officer and brought.revoked:
        code = "key-revoked"
    elif key is None:
        code = "no-key"
    elif name not in ("", key.name):
        code = "other-key"
    elif holder != (key.organ, key.jurisdiction):
        code = "role-changed"
    if code or key is None:
        raise ActRefused(code, officer)
    return key


def record_delivery(
    transaction: Transaction,
    blobs: BlobStore,
    by: Principal,
    key: Key,
    parts: Sequence[Taken],
    mapping: bytes | None,
    clock: Clock,
) -> int | None:
    """Sign a delivery and put it on record, with what it has for each register.

    Returns the number of its entry where it waits for a confirmation, else None.

    Raises:
        ActRefused: another statement was signed, it is on record already, or does not hold.
    """
    cycle = str(transaction.query("SELECT hash FROM entries WHERE seq = 1")[0][0])
    time = by.at or moment(clock)
    if abs(datetime.fromisoformat(time) - clock().astimezone(UTC)) > CLOCKS_DIFFER:
        raise ActRefused("time", by.officer)
    payload = statement_of(cycle, key, time, parts, mapping).payload()
    envelope, name = by.seal(payload), payload_digest(payload)
    if transaction.query("SELECT 1 FROM acts WHERE payload = ?", name):
        raise ActRefused("replayed", by.officer)
    submitted = [_submitted(blobs, one, mapping, (by.officer, name)) for one in parts]
    signed = {"officer": by.officer, "key": key.name, "envelope": envelope}
    if waits(transaction, [one.delivery for one in parts]):
        counts = {
            count: [one[count] for one in submitted]
            for count in ("accepted", "rejected", "readings")
        }
        return transaction.act(PROPOSED, name, **signed, **counts)
    transaction.act(DELIVERED, name, **signed)
    for entry in submitted:
        put_into_effect(transaction, entry)
    return None


def waits(reader: Reader, deliveries: Iterable[Delivery]) -> bool:
    """Whether a delivery waits for a confirmation: it says who is who, and is not the first."""
    if not any(one.rows and one.register in WHO_IS_WHO for one in deliveries):
        return False
    return bool(reader.query("SELECT 1 FROM submissions LIMIT 1"))


def _submitted(
    blobs: BlobStore, one: Taken, mapping: bytes | None, signed: tuple[str, str]
) -> dict[str, Any]:
    """Keep what a delivery has for one register; what its entry says."""
    rows, rejected, mapped = (x and blobs.put(x) for x in (one.rows, one.rejected, mapping))
    officer, name = signed
    return {
        "register": one.delivery.register,
        "mode": one.mode,
        "blob": rows,
        "accepted": one.delivery.accepted,
        "rejected": one.delivery.rejected,
        "readings": len(one.delivery.readings),
        "quarantine": rejected,
        "mapping": mapped,
        "source": one.delivery.digest,
        "officer": officer,
        "delivery": name,
    }


def put_into_effect(transaction: Transaction, submitted: Mapping[str, Any]) -> None:
    """Put on record what a delivery has for one register."""
    seq = transaction.append("submitted", **submitted)
    if submitted["blob"]:
        about = (submitted[name] for name in ("register", "mode", "blob"))
        transaction.set_state("INSERT INTO submissions VALUES (?, ?, ?, ?)", seq, *about)


def record_attempt(ledger: Ledger, officer: str, refused: ActRefused) -> None:
    """Put on record that a delivery was refused; who is in no register is nobody to be named."""
    known = "" if refused.code == "unknown-officer" else officer
    with ledger.transaction() as transaction:
        transaction.append(
            "attempted", act="deliver", unit="", stage="", officer=known, code=refused.code
        )
