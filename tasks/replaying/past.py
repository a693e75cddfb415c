"""Past decisions in the order of the facts that they rest on.

Rules: a decision rests on the submissions and acts up to its `position`, on its day, and on what
stood for its gate before it; everything here follows from the entries of the ledger alone. What
was looked at together comes together, and what an entry cannot be followed by is a broken ledger.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from data.acts import Gate
from data.blobs import BlobError, BlobStore
from data.history import CurrentDecision, History
from data.home import Home
from data.ledger import Ledger, LedgerBroken
from data.verify import verified_entries
from schemas.entries import Decided, Entry, HandedOn, Objected, Submitted
from schemas.vocabulary import STAGES, Stage

POLICY = "policy"

Progress = Callable[[int, int], None]


def silent(done: int, of: int) -> None:
    """Progress that nobody is shown."""


Made_co = TypeVar("Made_co", bound=Decided | Objected, covariant=True)


@dataclass(frozen=True)
class Past(Generic[Made_co]):
    """A past decision or objection, what stood for its gate, and the hand-offs that name it."""

    entry: Made_co
    stage: Stage
    on: date
    position: int
    before: CurrentDecision | None
    handed: tuple[HandedOn, ...] = ()

    @property
    def seq(self) -> int:
        """The number of its entry."""
        return self.entry.seq

    @property
    def entries(self) -> tuple[Decided | Objected | HandedOn, ...]:
        """The decision or objection, and its hand-offs."""
        return (self.entry, *self.handed)

    @property
    def unit(self) -> str:
        """The unit that it is about."""
        return self.entry.unit


AnyPast = Past[Decided | Objected]


@dataclass(frozen=True)
class Erased:
    """A blob that is missing or was changed; `seq` is the entry that names it."""

    seq: int
    register: str
    blob: str


@dataclass(frozen=True)
class Moment:
    """Decisions of one stage that rest on the same submissions, acts and day, one for each unit.

    `history` is that of their position, with what stood for these gates; `deliveries` is how many
    submissions it has; `around` are the units of which decisions rest on the same submissions and
    day, `handing` those of them that were handed on; `erased` is what cannot be read of the
    submissions.
    """

    history: History
    stage: Stage
    on: date
    past: tuple[AnyPast, ...]
    deliveries: int
    around: frozenset[str]
    handing: frozenset[str]
    erased: tuple[Erased, ...]


@dataclass(frozen=True)
class Chronicle:
    """The verified entries of a home; `cycle` is the hash of the first."""

    home: Home
    cycle: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Chosen:
    """Decisions and objections in question.

    `strange` are those that name a position that cannot be; `orphans` are hand-offs that name no
    decision of their gate.
    """

    past: tuple[Past[Decided], ...]
    objected: tuple[Past[Objected], ...]
    strange: tuple[Decided | Objected, ...]
    orphans: tuple[HandedOn, ...]


def chronicle_of(home: Home) -> Chronicle:
    """The entries of a home, verified.

    Raises:
        LedgerBroken: chain or state do not hold.
    """
    entries, fault = verified_entries(home)
    if fault:
        raise LedgerBroken(fault.seq, fault.fault)
    return Chronicle(home, Ledger(home.ledger).cycle(), entries)


def chosen(
    chronicle: Chronicle,
    unit: str | None = None,
    stage: Stage | None = None,
    *,
    every: bool,
    among: range | None = None,
) -> Chosen:
    """The decisions that stand, or `every` one, and the objections to them.

    They are of a unit and a stage, and `among` these numbers of entries, where these are given.
    """
    decided: list[tuple[Decided | Objected, CurrentDecision | None]] = []
    handed: dict[tuple[int, Gate], list[HandedOn]] = {}
    last: dict[Gate, int] = {}
    history = History(chronicle.cycle)
    for entry in chronicle.entries:
        if not isinstance(entry, Decided | Objected | HandedOn):
            continue
        if unit not in (None, entry.unit) or stage not in (None, entry.stage):
            continue
        if isinstance(entry, HandedOn):
            handed.setdefault((entry.decision, entry.gate), []).append(entry)
        else:
            decided.append((entry, history.current.get(entry.gate)))
            history.take(entry)
            if isinstance(entry, Decided):
                last[entry.gate] = entry.seq
    past: list[Past[Decided]] = []
    objected: list[Past[Objected]] = []
    strange: list[Decided | Objected] = []
    for one, before in decided:
        own = handed.pop((one.seq, one.gate), [])
        if not every and one.seq < last.get(one.gate, 0):
            continue
        if among is not None and one.seq not in among:
            continue
        about = (Stage(one.stage), date.fromisoformat(one.on), one.position, before, tuple(own))
        if not 0 < one.position < one.seq:
            strange.append(one)
        elif isinstance(one, Decided):
            past.append(Past(one, *about))
        else:
            objected.append(Past(one, *about))
    orphans = [
        entry
        for entries in handed.values()
        for entry in entries
        if among is None or entry.seq in among
    ]
    return Chosen(tuple(past), tuple(objected), tuple(strange), tuple(orphans))


def moments(chronicle: Chronicle, past: Iterable[AnyPast]) -> Iterator[Moment]:
    """Past decisions, oldest facts first; the history of a moment goes on with the next one."""
    delivered = [
        entry.seq for entry in chronicle.entries if isinstance(entry, Submitted) and entry.blob
    ]
    batches: dict[int, list[AnyPast]] = {}
    around: dict[tuple[int, date, Stage], list[AnyPast]] = {}
    for one in past:
        batches.setdefault(one.position, []).append(one)
        count = bisect_right(delivered, one.position)
        around.setdefault((count, one.on, one.stage), []).append(one)
    history = History(chronicle.cycle)
    blobs = BlobStore(chronicle.home.blobs)
    erased: list[Erased] = []
    for entry in chronicle.entries:
        if not batches:
            return
        if not isinstance(entry, Decided):
            follow(history, entry)
        if isinstance(entry, Submitted) and entry.blob:
            erased += _erased(blobs, entry, entry.blob)
        for together in _together(batches.pop(entry.seq, ())):
            first = together[0]
            count = len(history.deliveries)
            everybody = around[count, first.on, first.stage]
            current = {(one.unit, one.stage.value): one.before for one in together if one.before}
            yield Moment(
                replace(history, current=current),
                first.stage,
                first.on,
                tuple(together),
                count,
                frozenset(one.unit for one in everybody),
                frozenset(one.unit for one in everybody if one.handed),
                tuple(erased),
            )


def follow(history: History, entry: Entry) -> None:
    """Take the next entry in.

    Raises:
        LedgerBroken: it cannot be followed.
    """
    try:
        history.take(entry)
    except Exception as error:
        # Whatever an auditor stumbles over is a fault: one that throws can be silenced.
        raise LedgerBroken(entry.seq, "signature") from error


def _erased(blobs: BlobStore, entry: Submitted, blob: str) -> list[Erased]:
    """The blob of a submission, if it cannot be read."""
    try:
        blobs.get(blob)
    except BlobError as error:
        return [Erased(entry.seq, entry.register, error.name)]
    return []


def _together(batch: Sequence[AnyPast]) -> list[list[AnyPast]]:
    """Decisions of one position by day and stage; a gate that was decided twice comes twice."""
    rounds: dict[tuple[date, int, int], list[AnyPast]] = {}
    times: dict[tuple[str, Stage, date], int] = {}
    for past in batch:
        gate = (past.unit, past.stage, past.on)
        times[gate] = times.get(gate, 0) + 1
        order = (past.on, STAGES.index(past.stage), times[gate])
        rounds.setdefault(order, []).append(past)
    return [rounds[order] for order in sorted(rounds)]
