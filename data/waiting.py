"""What the record has waiting for officers: deliveries to be confirmed, and keys in doubt.

Rules: as `data.history.history_of_gates`, what is read is held against its hash and no more.
"""

from __future__ import annotations

from data.acts import CONFIRMED, ENROLLED, PROPOSED, Keyring
from data.history import history_of_gates, keyring
from data.ledger import Reader
from schemas.entries import Proposed


def waiting_deliveries(reader: Reader) -> dict[int, Proposed]:
    """The deliveries that nobody confirmed or declined yet, by the numbers of their entries.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    return history_of_gates(reader, "1 = 0").waiting


def number_waiting(reader: Reader) -> int:
    """How many deliveries nobody confirmed or declined yet, as the state table has it."""
    rows = reader.query(
        "SELECT kind, count(*) FROM acts WHERE kind IN (?, ?) GROUP BY kind",
        PROPOSED,
        CONFIRMED,
    )
    found = {str(kind): int(number) for kind, number in rows}
    return found.get(PROPOSED, 0) - found.get(CONFIRMED, 0)


def doubtful_officers(reader: Reader) -> list[str]:
    """The officers in whose name more than one key waits for a voucher: one may be somebody else's.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    rows = reader.query(
        "SELECT officer FROM acts WHERE kind = ? GROUP BY officer HAVING count(*) > 1", ENROLLED
    )
    ring = keyring(reader) if rows else Keyring()
    return sorted(officer for (officer,) in rows if ring.doubtful(str(officer)))
