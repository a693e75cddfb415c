"""Recording officers' acts: what is common to all of them.

Rules: an act is judged on a verified ledger and recorded only while nothing came meanwhile that it
rests on; one that is refused goes on record too, with its code, and with ids of the cycle only;
a reason is kept as a blob, and only its digest is signed and recorded.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar

from data.acts import Gate
from data.blobs import BlobStore
from data.days import Clock, utc_now
from data.history import History
from data.home import Home
from data.ledger import ON_KEYS, Ledger, Transaction
from data.status import unit_names
from schemas.canonical import digest
from schemas.decisions import unpacked
from schemas.entries import Decided, Entry, Ruled, Waived
from schemas.envelopes import payload_digest
from schemas.findings import Finding
from schemas.refusals import ActRefused
from schemas.statements import parse_statement
from schemas.text import Text
from schemas.vocabulary import STAGES, Stage
from tasks.gate.approvals import Authority
from tasks.gate.snapshot import Snapshot, scoped_units, snapshot_at, verified_here
from tasks.officers.independence import officers_of
from tasks.officers.signatories import CLOCKS_DIFFER, Principal, moment
from tasks.officers.validity import Holder

# Retried at most so many times if another act was committed in between.
TRIES = 20

Taken = TypeVar("Taken")


class Moved(Exception):
    """Something was committed between judging an act and recording it."""


def named(reason: str) -> str:
    """The digest by which a reason's text is signed and kept; empty for none."""
    return digest(reason.strip().encode()) if reason.strip() else ""


class Record(ABC):
    """A record up to a moment, and what an officer's act at that moment is judged on."""

    home: Home
    ledger: Ledger

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int, date], Snapshot] = {}

    @property
    @abstractmethod
    def history(self) -> History:
        """What the entries say, as far as they were followed."""

    @property
    @abstractmethod
    def on(self) -> date:
        """The day that an act is of."""

    @property
    def whole(self) -> Snapshot:
        """The facts of the whole cycle, looked at on the day of the act."""
        asked = (len(self.history.deliveries), self.history.packs.held[-1].seq, self.on)
        if asked not in self._seen:
            self._seen = {
                asked: snapshot_at(self.home, self.ledger, self.history, "cycle", self.on)
            }
        return self._seen[asked]

    def holder(self, officer: str) -> Holder | None:
        """An officer as the register has them."""
        return officers_of(self.whole.facts).get(officer)


class Recorder(Record):
    """A verified ledger at one moment, to which acts are added.

    `day` is the day of the acts, where the cycle is historical.

    Raises:
        DayRefused: it cannot be theirs.
    """

    def __init__(self, home: Home, clock: Clock = utc_now, day: date | None = None) -> None:
        super().__init__()
        self.home = home
        self.clock = clock
        self._known = verified_here(home)
        self._day = day if self.history.historical else None
        self.history.reached.day(day, clock)
        self.ledger = Ledger(home.ledger, clock, self._day)

    @property
    def history(self) -> History:
        """What the entries say, as far as they were followed."""
        return self._known.history

    def follow(self) -> None:
        """Take in what was recorded since.

        Raises:
            LedgerBroken: it does not verify.
        """
        self._known.follow(self.ledger)

    def take(self, attempt: Callable[[], Taken]) -> Taken:
        """Judge and record an act; retry if another one was committed in between.

        Raises:
            ActRefused: it is refused, or every retry met another act.
        """
        for _ in range(TRIES):
            self.follow()
            try:
                return attempt()
            except Moved:
                continue
        raise ActRefused("moved")

    def now(self) -> str:
        """The moment as it stands in statements."""
        return moment(self.clock)

    def said(self, who: Principal) -> dict[str, str]:
        """What every statement says of who makes it; the organ and place are those of their key."""
        key = self.history.acts.keys.keys.get(who.key)
        holder = key or self.holder(who.officer)
        return {
            "cycle": self.history.cycle,
            "officer": who.officer,
            "organ": holder.organ if holder else "",
            "jurisdiction": holder.jurisdiction if holder else "",
            "time": who.at or self.now(),
        }

    @property
    def on(self) -> date:
        """The day that an act is of now."""
        return self.history.reached.day(self._day, self.clock)

    def snapshot(self, scope: str) -> Snapshot:
        """The facts of a scope, looked at on the day of the act.

        Raises:
            SnapshotRefused: there is no such place or unit.
        """
        return self.whole.within(scoped_units(self.whole.facts, scope))

    def authority(self, scope: str, stage: Stage) -> Authority:
        """What was said about a stage's gates in a scope, held against those facts.

        Raises:
            SnapshotRefused: there is no such place or unit.
        """
        return Authority(self.snapshot(scope), stage)

    def keep(self, reason: str) -> None:
        """Keep the text of a reason, before the act that names it is recorded."""
        if reason.strip():
            BlobStore(self.home.blobs).put(reason.strip().encode())

    def put(self, kind: str, payload: bytes, /, *gates: Gate, **content: Any) -> int:
        """Put on record what was signed, of `gates` if it is of some; its entry's number.

        Raises:
            Moved: something came since it was judged.
        """
        with self.writing(*gates) as transaction:
            return transaction.act(kind, payload_digest(payload), **content)

    def record(self, act: Waived | Ruled, reason: str) -> int:
        """Put an act about a gate on record, with the text of its reason; its entry's number.

        Raises:
            Moved: something came since it was judged.
        """
        self.keep(reason)
        with self.writing(act.gate) as transaction:
            return transaction.act(act.kind, act.payload, **act.content)

    def decided(self, unit: str, stage: Stage, number: int = 0) -> Decided | None:
        """The decision that stands for a gate, or the one of that number."""
        current = self.history.current.get((unit, stage.value))
        number = number or (current.seq if current else 0)
        if not 0 < number <= self.history.seq:
            return None
        entry = self.entry(number)
        return entry if isinstance(entry, Decided) and entry.gate == (unit, stage.value) else None

    def entry(self, number: int) -> Entry:
        """An entry, as it was verified.

        Raises:
            LedgerBroken: it is another one by now.
        """
        (entry,) = self._known.entries(self.ledger, number - 1, number)
        return entry

    def findings(self, unit: str, stage: Stage) -> list[Finding]:
        """The findings of the decision that stands for a gate."""
        entry = self.decided(unit, stage)
        return unpacked(entry.findings) if entry else []

    def time_fault(self, payload: bytes) -> str:
        """Whether a statement's time is too far from ours."""
        said = datetime.fromisoformat(parse_statement(payload).predicate.time)
        return "time" if abs(said - self.clock().astimezone(UTC)) > CLOCKS_DIFFER else ""

    @contextmanager
    def writing(self, *gates: Gate) -> Iterator[Transaction]:
        """A transaction that is begun only while what was judged, of `gates` too, still stands.

        Raises:
            Moved: it does not.
        """
        with self.ledger.transaction() as transaction:
            for gate in gates or (("", ""),):
                self.unmoved(transaction, *gate)
            yield transaction

    def unmoved(self, transaction: Transaction, unit: str, stage: str) -> None:
        """Raise `Moved` where something came that an act about the gate rests on."""
        position = self.history.position
        acted = transaction.acted(position)
        if transaction.submitted(position) or not acted.isdisjoint({ON_KEYS, (unit, stage)}):
            raise Moved
        gate = transaction.gate(unit, stage)
        current = self.history.current.get((unit, stage))
        if (gate[0] if gate else 0) != (current.seq if current else 0):
            raise Moved

    def refuse(
        self, act: str, code: str, officer: str, unit: str = "", stage: str = ""
    ) -> NoReturn:
        """Put an attempt on record and refuse it.

        Raises:
            ActRefused: always.
        """
        if not self.history.acts.keys.had_by(officer) and self.holder(officer) is None:
            officer = ""
        names = unit_names(self.ledger)
        unit = unit if unit in names else ""
        stage = stage if stage in set(STAGES) else ""
        with self.ledger.transaction() as transaction:
            transaction.append(
                "attempted", act=act, unit=unit, stage=stage, officer=officer, code=code
            )
        about = [names[unit]] if unit else []
        about += [Stage(stage).label] if stage else []
        zh = " ".join(filter(None, [*(one.zh for one in about), officer]))
        en = " ".join(filter(None, [*(one.en for one in about), officer]))
        raise ActRefused(code, Text(zh, en))
