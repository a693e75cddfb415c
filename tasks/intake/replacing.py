"""What a delivery replaces: rows on record that it has otherwise, and those that it withdraws.

Rules: whoever was shown what would be replaced delivers only while that is still what would be: a
row that somebody else delivered meanwhile is not replaced unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.submissions import WITHDRAW
from schemas.canonical import canonical, digest, row_digest
from schemas.refusals import ActRefused
from schemas.registers import REGISTERS
from tasks.intake.delivery import RowValues, key_text
from tasks.intake.on_record import OnRecord
from tasks.intake.parts import Part
from tasks.officers.signatories import Principal


@dataclass(frozen=True)
class Replaced:
    """A row on record, and what a delivery puts in its place: nothing, where it is withdrawn."""

    register: str
    key: str
    before: RowValues
    after: RowValues | None


def replaced(record: OnRecord, parts: Iterable[Part]) -> list[Replaced]:
    """What a delivery replaces of what is on record.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    found: list[Replaced] = []
    for mode, one in parts:
        columns = [spec.name for spec in REGISTERS[one.register].columns]
        current = record.current_rows(one.register) if one.rows else {}
        for row in one.rows:
            cells = current.get(one.key(row))
            before = None if cells is None else dict(zip(columns, cells, strict=True))
            after = None if mode == WITHDRAW else row
            if before is not None and before != after:
                found.append(Replaced(one.register, key_text(one.key(row)), before, after))
    return found


def replaced_digest(found: Sequence[Replaced]) -> str:
    """The digest by which what is replaced is told from anything else."""
    return digest(canonical([row_digest(one.register, one.before) for one in found]))


def refuse_other(record: OnRecord, parts: Iterable[Part], by: Principal) -> None:
    """Refuse a delivery that would replace other rows than its officer was shown.

    Raises:
        ActRefused: it would.
    """
    if by.replaces and by.replaces != replaced_digest(replaced(record, parts)):
        raise ActRefused("other-delivery", by.officer)
