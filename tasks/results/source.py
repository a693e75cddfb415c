"""What a result report is made of: the hand-off, the decision that it rests on, and the facts.

Rules: the whole ledger is verified; the facts are those of the decision's position and day, read
and hashed again; what they hand on has the digest of the entry, or there is no report.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.home import Home
from data.ledger import Ledger, LedgerBroken
from data.status import UnknownPlace, unit_names
from schemas.entries import Decided, HandedOn
from schemas.facts import Facts
from schemas.text import Refusal, Text
from schemas.vocabulary import Stage
from tasks.gate.snapshot import snapshot_at
from tasks.handoff.frames import frame_digests, handoff_frame
from tasks.replaying.past import chosen, chronicle_of, moments


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
    entry that closed the gate since, 0 where it stands open.
    """

    unit: str
    cycle: str
    pack: str
    handed: HandedOn
    decision: Decided
    facts: Facts
    closed: int


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
    handed, last = past.handed[-1], decisions[-1]
    (moment,) = moments(chronicle, [past])
    snapshot = snapshot_at(home, ledger, moment.history, unit, past.on)
    if frame_digests(handoff_frame(Stage.RESULT, snapshot.facts))[unit] != handed.digest:
        raise LedgerBroken(handed.seq, "decision")
    closed = 0 if last.seq <= past.seq or last.entry.outcome == past.entry.outcome else last.seq
    return Source(
        unit, chronicle.cycle, snapshot.pack.name, handed, past.entry, snapshot.facts, closed
    )
