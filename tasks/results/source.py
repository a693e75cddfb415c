"""What a result report is made of: the hand-off, the decision that it rests on, and the facts.

Rules: the whole ledger is verified; the facts are those of the decision's position and day, read
and hashed again; what they hand on has the digest of the entry, or there is no report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.history import history_of
from data.home import Home
from data.ledger import Ledger, LedgerBroken
from data.objections import OPEN
from data.status import UnknownPlace, unit_names
from schemas.entries import Decided, Entry, HandedOn
from schemas.facts import Facts
from schemas.text import Refusal, Text
from schemas.vocabulary import Outcome, Stage
from tasks.gate.snapshot import snapshot_at
from tasks.handoff.frames import frame_digests, handoff_frame
from tasks.replaying.past import Chronicle, chosen, chronicle_of, moments


class NoResult(Refusal):
    """The unit has not handed on a result."""

    def __init__(self, unit: str) -> None:
        super().__init__(
            Text(
                f"{unit}：选举结果尚未交接，没有可打印的结果报告单；见 termgate gate show {unit} "
                "选举结果",
                f"{unit}: no result was handed on, so that there is no result report; see "
                f"`termgate gate show {unit} result`",
            )
        )


@dataclass(frozen=True)
class Source:
    """A unit's result: what was handed on, by which decision, and the facts of then.

    `cycle` is the hash of the first entry, `pack` the name of the policy pack; `closed` is the
    entry that closed a gate of the unit since, 0 where it is concluded; `objected` are the
    objections to it that are open.
    """

    unit: str
    cycle: str
    pack: str
    handed: HandedOn
    decision: Decided
    facts: Facts
    closed: int
    objected: tuple[int, ...]


def source_of(home: Home, unit: str) -> Source:
    """What the result report of a unit is made of.

    Raises:
        UnknownPlace: there is no such unit.
        NoResult: it has not handed on a result.
        LedgerBroken: the ledger does not hold, or the result is not that of its facts.
        BlobError: what the facts are read from is missing or was changed.
    """
    chronicle = chronicle_of(home)
    ledger = Ledger(home.ledger)
    if unit not in unit_names(ledger):
        raise UnknownPlace(unit)
    decisions = chosen(chronicle, unit, Stage.RESULT, every=True).past
    past = max(
        (one for one in decisions if one.handed),
        key=lambda one: one.handed[-1].seq,
        default=None,
    )
    if past is None:
        raise NoResult(unit)
    handed = past.handed[-1]
    (moment,) = moments(chronicle, [past])
    snapshot = snapshot_at(home, ledger, moment.history, unit, past.on)
    if frame_digests(handoff_frame(Stage.RESULT, snapshot.facts))[unit] != handed.digest:
        raise LedgerBroken(handed.seq, "decision")
    facts, pack = snapshot.facts, snapshot.pack.name
    since = _closed_since(chronicle.entries, handed)
    open_ones = _objected(chronicle, unit)
    return Source(unit, chronicle.cycle, pack, handed, past.entry, facts, since, open_ones)


def _closed_since(entries: Iterable[Entry], handed: HandedOn) -> int:
    """The first decision after a hand-off that closed a gate of its unit, or 0."""
    closing = (
        entry.seq
        for entry in entries
        if isinstance(entry, Decided)
        and (entry.unit, entry.outcome != Outcome.OPEN) == (handed.unit, True)
    )
    return next((seq for seq in closing if seq > handed.seq), 0)


def _objected(chronicle: Chronicle, unit: str) -> tuple[int, ...]:
    history = history_of(chronicle.cycle, chronicle.entries)
    found = history.objections.of(unit)
    keys = history.acts.keys
    return tuple(one.seq for one in found if history.objections.settled(one, keys).state == OPEN)
