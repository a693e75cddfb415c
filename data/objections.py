"""Concluded units and objections to them (已完成、异议), as the ledger has them.

Rules: a unit is concluded from the entry that hands on its result until one of its gates is closed.
What would close one before that is an objection to that hand-off. One organ rejects it, with
reasons, officers of two organs grant it; the first ruling or pair that counts settles it, and then
the others count for nothing. What a revoked key ruled counts for nothing either. An objection on
which nobody ruled when its unit was reopened has lapsed: the gates themselves say the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from data.acts import LIFT, Keyring, key_fault
from schemas.authority import REOPENING
from schemas.entries import Decided, Entry, HandedOn, Objected, Ruled
from schemas.vocabulary import Outcome, Stage

OPEN, REJECTED, GRANTED, LAPSED = "open", "rejected", "granted", "lapsed"
REJECT: Final = "reject"
REOPEN: Final = "reopen"
RESULT = Stage.RESULT.value


@dataclass(frozen=True)
class Settled:
    """How an objection stands: its state, the rulings that make it so, and why others do not count.

    `for_reopening` are the rulings so far of an objection that is open.
    """

    state: str
    by: tuple[Ruled, ...] = ()
    for_reopening: tuple[Ruled, ...] = ()
    void: dict[int, str] = field(default_factory=dict)


def answer_of(one: Objected) -> tuple[object, ...]:
    """What an objection says of its gate, whichever hand-off it is to."""
    return one.unit, one.stage, one.outcome, one.policy, one.evidence, one.findings


@dataclass
class Objections:
    """Which units are concluded, what was objected, and what officers ruled.

    `handed_on` has the last hand-off of each unit's result, `concluded` that by which it is
    concluded now; `raised` every objection by its entry, `rulings` those on each.
    """

    handed_on: dict[str, int] = field(default_factory=dict)
    concluded: dict[str, int] = field(default_factory=dict)
    raised: dict[int, Objected] = field(default_factory=dict)
    rulings: dict[int, tuple[Ruled, ...]] = field(default_factory=dict)

    def copy(self) -> Objections:
        """The same, to be followed on its own."""
        return Objections(
            dict(self.handed_on), dict(self.concluded), dict(self.raised), dict(self.rulings)
        )

    def take(self, entry: Entry) -> None:
        """Follow one entry."""
        match entry:
            case HandedOn(stage=stage) if stage == RESULT:
                self.handed_on[entry.unit] = self.concluded[entry.unit] = entry.seq
            case Decided():
                # Closed by this decision, or by one since which it was opened again.
                closed = entry.outcome != Outcome.OPEN
                if closed or entry.since > self.concluded.get(entry.unit, entry.since):
                    self.concluded.pop(entry.unit, None)
            case Objected():
                self.raised[entry.seq] = entry
            case Ruled() if entry.verdict != LIFT:
                self.rulings[entry.of] = (*self.rulings.get(entry.of, ()), entry)

    def of(self, unit: str) -> Iterator[Objected]:
        """The objections to a unit, oldest first."""
        return (one for one in self.raised.values() if one.unit == unit)

    def settled(self, one: Objected, keys: Keyring, void: Collection[int] = ()) -> Settled:
        """How an objection stands; `void` are rulings that do not count for other reasons."""
        faults: dict[int, str] = {}
        organs: dict[str, Ruled] = {}
        state: str = ""
        by: tuple[Ruled, ...] = ()
        for act in self.rulings.get(one.seq, ()):
            code = key_fault(act, keys) or ("void" if act.seq in void else "")
            if code or state:
                faults[act.seq] = code or "settled"
                continue
            if act.verdict == REJECT:
                state, by = REJECTED, (act,)
                continue
            organs.setdefault(keys.keys[act.key].organ, act)
            if len(organs) >= REOPENING:
                state, by = GRANTED, tuple(organs.values())
        waiting = () if state else tuple(organs.values())
        if not state:
            stands = self.concluded.get(one.unit) == one.handed_on
            state = OPEN if stands else LAPSED
        return Settled(state, by, waiting, faults)

    def answered(
        self, answer: tuple[object, ...], keys: Keyring, void: Collection[int] = ()
    ) -> tuple[int, str]:
        """The entry and state of the objection that says an answer already and was not granted.

        `answer` is as `answer_of` has it; (0, "") where there is none.
        """
        for one in self.raised.values():
            if answer_of(one) == answer:
                state = self.settled(one, keys, void).state
                if state in (OPEN, REJECTED):
                    return one.seq, state
        return 0, ""

    def disputed(self, unit: str, keys: Keyring, void: Collection[int] = ()) -> int:
        """The first objection to a unit that is open, or 0."""
        found = (one.seq for one in self.of(unit) if self.settled(one, keys, void).state == OPEN)
        return next(found, 0)

    def reopened(self, unit: str, keys: Keyring, void: Collection[int] = ()) -> bool:
        """Whether an objection was granted to the hand-off by which a unit is concluded."""
        stands = self.concluded.get(unit)
        return any(
            one.handed_on == stands and self.settled(one, keys, void).state == GRANTED
            for one in self.of(unit)
        )
