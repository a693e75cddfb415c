"""Founding (发起): the officers by whom a cycle is opened, with their keys, in its first entry.

Rules: they are of two organs at least and as many persons; each stands in the book, and is named
with the id of a key of their own, which is in force once it is enrolled. Whoever delivers the book
is one of them, and their key is enrolled right after the first entry. Nobody else's key is in force
before somebody vouched for it. All that is wrong is named at once, with the row where an officer's
does not stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from data.acts import ENROLLED, FOUNDING_ORGANS, Key
from data.days import Clock
from data.ledger import Transaction
from schemas.entries import Founder
from schemas.envelopes import payload_digest
from schemas.text import Text
from tasks.intake.delivery import Delivery, RowValues
from tasks.intake.unusable import Unusable
from tasks.officers.signatories import Principal, enrolment, moment
from tasks.officers.validity import Holder

# The officers of a book → who delivers it, and officer → the id of the key of each founder.
Founding = Callable[[Sequence[RowValues]], tuple[Principal, Mapping[str, str]]]
_KEY = re.compile(r"[0-9a-f]{64}")


def _faults(
    holders: Mapping[str, Holder],
    by: Principal,
    founders: Mapping[str, str],
    fallen: Mapping[str, Text],
) -> Iterator[Text]:
    for officer, key in founders.items():
        if officer in fallen:
            where = fallen[officer]
            yield Text(
                f"{officer}：“责任人员”{where.zh}尚未填写，或已被退回；先改正那一行",
                f"{officer}: {where.en} of “officers” is not filled in, or was rejected; mend it "
                "first",
            )
        elif officer not in holders:
            yield Text(
                f"{officer}：首批责任人员不在工作簿的“责任人员”中；填入后再开始",
                f"{officer}: this founder is not among the officers of the book; enter them first",
            )
        if not _KEY.fullmatch(key):
            yield Text(
                f"{officer}：{key} 不是密钥编号；编号由 termgate key new 给出，共64位",
                f"{officer}: {key} is no key id; `termgate key new` shows it, 64 digits",
            )
    known = [holders[one] for one in founders if one in holders]
    people = {one.person for one in known}
    lacking = FOUNDING_ORGANS - (len(founders) - len(known))
    if len({one.organ for one in known}) < lacking or len(people) < len(known):
        yield Text(
            "首批责任人员至少来自两个机关，且各是不同的人；用 --founder 编号=密钥编号 逐一列出",
            "founders are of two organs at least, and each is another person; name each with "
            "--founder OFFICER=KEY",
        )
    if len({*founders.values()}) < len(founders):
        yield Text("首批责任人员各用自己的密钥", "each founder has a key of their own")
    if founders.get(by.officer) != by.key:
        yield Text(
            f"{by.officer}：报送工作簿的应是首批责任人员之一，并用所列的密钥",
            f"{by.officer}: who delivers the book is one of the founders, with the key that is "
            "named for them",
        )


def fallen_of(officers: Delivery | None) -> Mapping[str, Text]:
    """Where officers stand in a book whose rows were rejected, or are not filled in."""
    if officers is None:
        return {}
    return {str(one): officers.where(row) for (one,), row in officers.fallen.items()}


def founders_in(
    officers: Sequence[RowValues],
    by: Principal,
    founders: Mapping[str, str],
    fallen: Mapping[str, Text],
) -> list[Founder]:
    """The founders of a cycle whose book has these officers, and those that have `fallen`.

    Raises:
        Unusable: they cannot open it.
    """
    holders = {
        str(row["officer"]): Holder(str(row["organ"]), str(row["jurisdiction"]), str(row["person"]))
        for row in officers
    }
    if faults := list(_faults(holders, by, founders, fallen)):
        raise Unusable(faults)
    return [
        Founder(officer, holders[officer].organ, holders[officer].jurisdiction, key)
        for officer, key in sorted(founders.items())
    ]


def enrol_founder(
    transaction: Transaction, by: Principal, founders: Sequence[Founder], clock: Clock
) -> Key:
    """Enrol the key of who delivers the book, right after the first entry; it signs from there."""
    own = next(one for one in founders if one.officer == by.officer)
    cycle = str(transaction.query("SELECT hash FROM head")[0][0])
    holder = Holder(own.organ, own.jurisdiction, "")
    payload, content = enrolment(cycle, by, holder, by.at or moment(clock))
    seq = transaction.act(ENROLLED, payload_digest(payload), **content)
    place = own.jurisdiction
    return Key(by.key, by.public, by.officer, own.organ, place, enrolled=seq, active=seq)
