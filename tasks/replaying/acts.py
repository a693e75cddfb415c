"""Officers' acts on record looked at again: whether who acted could, as things stood then.

Rules: what a signature cannot show is asked by the functions that ask it when an act is taken, on
the entries up to the act and on the registers of its day, under the pack of its day: for whom a key
was enrolled or rotated, who vouched for one or revoked one, delivered, confirmed or declined,
proposed or adopted a pack, signed a checkpoint, or acted on an evaluator's key; and so is whether
as many rows changed since an earlier signature as a sign-off says, and whether
a list of units, by which whoever verifies tells who had to sign, is that of the registers. Who
founded the cycle acts before there are registers. Whether rows were in order when they were taken
is not asked again: that is what later releases may judge otherwise. What cannot be read is named,
and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from data.acts import CONFIRM
from data.blobs import BlobError, BlobStore
from data.history import History
from data.ledger import Ledger
from data.policies import InForce, parsed
from schemas.authority import Deliverers
from schemas.entries import (
    Checkpointed,
    Confirmed,
    Decided,
    Delivered,
    Entry,
    EvaluatorEnrolled,
    EvaluatorRevoked,
    EvaluatorVouched,
    KeyAct,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    KeyVouched,
    Listed,
    PackAct,
    PackAdopted,
    Proposed,
    Refused,
    Signed,
    Submitted,
)
from schemas.envelopes import payload_of
from schemas.refusals import ActRefused
from schemas.statements import SignOff, parse_statement
from schemas.text import Unanswered
from schemas.vocabulary import Organ
from tasks.checkpointing import people_fault
from tasks.intake.confirming import Verdict as Confirmation
from tasks.intake.confirming import confirm_fault, deliveries_of, passed_over
from tasks.intake.delivering import key_of
from tasks.intake.entitlement import Entitlement, Homes, delivery_fault
from tasks.intake.on_record import OnRecord
from tasks.intake.unit_list import listed
from tasks.officers import evaluators
from tasks.officers.adopting import Adopting, assessed_adoption
from tasks.officers.keys import acting, assessed_enrolment, assessed_vouching, revoking_fault
from tasks.officers.recording import Record
from tasks.officers.review import review_of
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import Chronicle, follow

STUMBLED = "stumbled"
# A list of units that the registers do not have.
OTHER_PLACES = "other-places"


@dataclass(frozen=True)
class Judged:
    """What is said of an act: the same, or the code by which it would be refused."""

    seq: int
    kind: str
    verdict: Verdict
    code: str = ""


class _Officer(NamedTuple):
    """Who acted, and by which key."""

    officer: str
    key: str


class _RecordBefore(Record):
    """The record before an entry, on the day of the entry."""

    def __init__(self, chronicle: Chronicle) -> None:
        super().__init__()
        self.home = chronicle.home
        self.ledger = Ledger(chronicle.home.ledger)
        self.blobs = BlobStore(chronicle.home.blobs)
        self.entries = chronicle.entries
        self.day = date.min
        self._history = History(chronicle.cycle)
        self._record: tuple[int, OnRecord] | None = None

    @property
    def history(self) -> History:
        """What the entries before it say."""
        return self._history

    @property
    def on(self) -> date:
        """The day of the entry."""
        return self.day

    @property
    def on_record(self) -> OnRecord:
        """The registers as the entries before it leave them."""
        seen = len(self.history.deliveries)
        if self._record is None or self._record[0] != seen:
            self._record = seen, OnRecord(self.history.submissions(), self.blobs)
        return self._record[1]

    @property
    def deliverers(self) -> Sequence[Deliverers]:
        """Who delivers what under the pack of that day."""
        return InForce(self.blobs, self.history.packs, self.day).authorities.deliverers


def judged(chronicle: Chronicle) -> Iterator[Judged]:
    """Every act that more than its signature has to justify, oldest first."""
    before = _RecordBefore(chronicle)
    for number, entry in enumerate(chronicle.entries, start=1):
        if isinstance(entry, _ASKED) or _said_since(entry):
            before.day = date.fromisoformat(entry.on)
            yield _judged(before, entry, _submitted(chronicle.entries, number))
        follow(before.history, entry)


def _submitted(entries: Sequence[Entry], number: int) -> list[Submitted]:
    """The submissions that stand together from a place of the record on."""
    found: list[Submitted] = []
    while number < len(entries) and isinstance(one := entries[number], Submitted):
        found.append(one)
        number += 1
    return found


def _judged(before: _RecordBefore, entry: Entry, behind: Sequence[Submitted]) -> Judged:
    try:
        code = _fault(before, entry, behind)
    except BlobError:
        return Judged(entry.seq, entry.kind, Verdict.ERASED)
    except Unanswered:
        raise
    except Exception:
        # Whatever an auditor stumbles over is a difference: one that throws can be silenced.
        code = STUMBLED
    return Judged(entry.seq, entry.kind, Verdict.DIFFERS if code else Verdict.SAME, code)


def _fault(before: _RecordBefore, entry: Entry, behind: Sequence[Submitted]) -> str:
    if signed := _said_since(entry):
        return _fault_of_changes(before, signed)
    if isinstance(entry, Listed):
        said = (entry.units, entry.digest, entry.places)
        return "" if listed(before.on_record).said == said else OTHER_PLACES
    return _fault_of_act(before, entry, behind)


def _fault_of_act(before: _RecordBefore, entry: Entry, behind: Sequence[Submitted]) -> str:
    match entry:
        case KeyAct():
            return _fault_on_key(before, entry)
        case Delivered():
            mine = [one for one in behind if one.delivery == entry.payload]
            return _fault_of_deliverer(before, entry) or _fault_of_delivery(before, entry, mine)
        case Proposed():
            code = _fault_of_deliverer(before, entry)
            return code or _fault_of_delivery(before, entry, entry.submissions)
        case Confirmed():
            return _fault_of_confirmation(before, entry)
        case PackAct():
            return _fault_of_pack(before, entry)
        case EvaluatorEnrolled() | EvaluatorVouched() | EvaluatorRevoked():
            return _fault_on_evaluator(before, entry)
        case Checkpointed():
            return people_fault(before.on_record, entry.signers)
    raise TypeError(entry.kind)


_ASKED = (
    KeyAct,
    Delivered,
    Proposed,
    Confirmed,
    PackAct,
    EvaluatorEnrolled,
    EvaluatorVouched,
    EvaluatorRevoked,
    Checkpointed,
    Listed,
)


def _said_since(entry: Entry) -> SignOff | None:
    """A sign-off or a refusal that says what changed since an earlier one."""
    if not isinstance(entry, Signed | Refused):
        return None
    said = parse_statement(payload_of(entry.envelope)).predicate
    return said if isinstance(said, SignOff) and said.since else None


def _fault_of_changes(before: _RecordBefore, said: SignOff) -> str:
    decided = before.entries[said.decided - 1]
    if not isinstance(decided, Decided):
        return "other-findings"
    review = review_of(before.whole, decided).said["since"]
    return "" if review == said.model_dump()["since"] else "other-findings"


def _fault_on_key(before: _RecordBefore, entry: KeyAct) -> str:
    match entry:
        case KeyEnrolled():
            return _fault_of_enrolment(before, entry)
        case KeyRotated():
            return acting(before, _Officer(entry.officer, entry.previous))[1]
        case KeyVouched():
            who = _Officer(entry.voucher, entry.voucher_key)
            return assessed_vouching(before, entry.officer, entry.key, who)[1]
        case KeyRevoked():
            by, code = acting(before, _Officer(entry.by, entry.by_key))
            key = before.history.acts.keys.keys[entry.key]
            return code or (revoking_fault(before, by, key) if by else "no-key")
    raise TypeError(entry.kind)


def _fault_of_enrolment(before: _RecordBefore, entry: KeyEnrolled) -> str:
    if not before.history.deliveries:
        return ""
    holder, code = assessed_enrolment(before, _Officer(entry.officer, entry.key))
    if code or holder is None:
        return code
    said = (entry.organ, entry.jurisdiction)
    return "" if (holder.organ, holder.jurisdiction) == said else "role-changed"


def _fault_of_deliverer(before: _RecordBefore, entry: Delivered | Proposed) -> str:
    """Why somebody could not deliver at all at that moment, or nothing."""
    if not before.history.deliveries:
        return ""
    try:
        key_of(before.history.acts.keys, before.on_record, entry.officer, entry.key)
    except ActRefused as refused:
        return refused.code
    return ""


def _fault_of_delivery(
    before: _RecordBefore, entry: Delivered | Proposed, submissions: Sequence[Submitted]
) -> str:
    founding = not before.history.deliveries
    said = entry.said
    record = before.on_record
    deliveries = deliveries_of(before.blobs, submissions)
    may = Entitlement(before.deliverers, said.organ, said.jurisdiction, Homes(deliveries, record))
    return delivery_fault(may, deliveries, founding=founding)


def _fault_of_confirmation(before: _RecordBefore, entry: Confirmed) -> str:
    waiting = before.history.waiting.get(entry.of)
    verdict: Confirmation = "confirm" if entry.verdict == CONFIRM else "decline"
    code = confirm_fault(before, waiting, verdict, _Officer(entry.officer, entry.key))
    if code or waiting is None or verdict != CONFIRM:
        return code
    return passed_over(before, waiting) or _fault_of_delivery(before, waiting, waiting.submissions)


def _fault_of_pack(before: _RecordBefore, entry: PackAct) -> str:
    content = before.blobs.get(entry.policy)
    wanted = Adopting(parsed(content, entry.pack), content, date.fromisoformat(entry.starts))
    of, code = assessed_adoption(before, wanted, _Officer(entry.officer, entry.key))
    return code or ("" if isinstance(entry, PackAdopted) == bool(of) else "own-proposal")


def _fault_on_evaluator(
    before: _RecordBefore, entry: EvaluatorEnrolled | EvaluatorVouched | EvaluatorRevoked
) -> str:
    who = _Officer(entry.officer, entry.officer_key)
    key, code = evaluators.in_charge(before, who)
    if code or key is None:
        return code
    if isinstance(entry, EvaluatorVouched):
        return evaluators.vouching_fault(before, who)
    revokes = isinstance(entry, EvaluatorRevoked)
    return "not-discipline" if revokes and key.organ != Organ.DISCIPLINE.value else ""
