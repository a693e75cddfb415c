"""What a verifier of decisions knows before it comes to an entry.

Rules: docs/history.md, "Ground", "Packs" and "Decisions". It follows entries that hold, in their
order, and reads what was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from data.acts import GATE_KINDS, KEY_KINDS, LIFT, REFUSED, RULED, SIGNED, WITHDRAWN, Gate
from data.adoptions import PACK_KINDS
from data.claims import need
from data.evaluators import EVALUATOR_KINDS
from data.history import CRASH
from data.verify_acts import Folded, VerifiedAct, policy_of
from data.verify_chain import Content
from data.verify_deliveries import SUBMITTED
from data.verify_ground import LISTED, Asking, Ground, Sitting, Where
from data.verify_objections import Objecting
from data.verify_reviews import DECIDED, Reviews
from schemas.authority import LIFTING
from schemas.vocabulary import STAGES, Outcome

# As `data.submissions` has it, which loads what reads registers.
ACCEPT = "accept"
_STAGES = [stage.value for stage in STAGES]
_OF_ALL_GATES = KEY_KINDS | EVALUATOR_KINDS | PACK_KINDS


@dataclass
class Context:
    """What came before an entry."""

    folded: Folded
    objecting: Objecting
    ground: Ground
    listed: str = ""
    last_common: int = 0
    taken: set[int] = field(default_factory=set)
    last_of_gate: dict[Gate, int] = field(default_factory=dict)
    withdrawals: dict[int, list[int]] = field(default_factory=dict)
    refusals: dict[Gate, list[int]] = field(default_factory=dict)
    lifts: dict[int, list[int]] = field(default_factory=dict)
    decided: dict[Gate, Content] = field(default_factory=dict)
    reviews: Reviews = field(default_factory=Reviews)
    since: dict[Gate, int] = field(default_factory=dict)
    # The open decision of a gate, while nothing but crashes closed it since.
    stood: dict[Gate, Content] = field(default_factory=dict)

    def take(self, entry: Content, seq: int) -> None:
        """Follow an entry that holds."""
        self.objecting.take(entry, seq)
        kind = entry["kind"]
        if kind == LISTED:
            self.listed = entry["places"]
        elif kind in _OF_ALL_GATES or (kind == SUBMITTED and entry.get("blob") is not None):
            self.last_common = seq
            if kind == SUBMITTED and entry["mode"] == ACCEPT:
                self.taken.add(seq)
        elif kind in GATE_KINDS:
            self.last_of_gate[entry["unit"], entry["stage"]] = seq
            if kind in (SIGNED, REFUSED):
                on = self.folded.acts[seq].evidence
                self.reviews.acts.setdefault((entry["unit"], entry["stage"]), []).append((seq, on))
            if kind == WITHDRAWN:
                self.withdrawals.setdefault(entry["of"], []).append(seq)
            elif kind == REFUSED:
                self.refusals.setdefault((entry["unit"], entry["stage"]), []).append(seq)
            elif kind == RULED and entry["verdict"] == LIFT:
                self.lifts.setdefault(entry["of"], []).append(seq)
        elif kind == DECIDED:
            gate = (entry["unit"], entry["stage"])
            self.decided[gate] = self.reviews.decided[seq] = entry
            if entry["outcome"] == Outcome.OPEN.value:
                self.stood[gate] = entry
            elif entry["reopened"] is not None and entry["reopened"]["causes"] != [CRASH]:
                self.since[gate] = seq
                del self.stood[gate]

    def moved(self, gate: Gate) -> int:
        """The last entry that a decision of the gate rests on."""
        return max(self.last_common, self.last_of_gate.get(gate, 0))

    def valid_act(self, act: int, gate: Gate, kinds: Iterable[str], seq: int) -> VerifiedAct:
        """An act of the gate of one of `kinds` that stands at `seq`.

        Raises:
            KeyError, ActError: there is none, or it does not.
        """
        valid = self.act(act, gate, seq)
        need(valid.entry["kind"] in kinds and self._unrevoked(valid, seq))
        for withdrawal in self.withdrawals.get(act, ()):
            need(not self._unrevoked(self.folded.acts[withdrawal], seq))
        return valid

    def act(self, act: int, gate: Gate, seq: int) -> VerifiedAct:
        """An act of the gate before `seq`.

        Raises:
            KeyError, ActError: it is none.
        """
        valid = self.folded.acts[act]
        need(act < seq and valid.entry["kind"] in GATE_KINDS)
        need((valid.entry["unit"], valid.entry["stage"]) == gate)
        return valid

    def refusing(self, gate: Gate, seq: int) -> list[VerifiedAct]:
        """The refusals of the gate that nobody took back by `seq`, also under revoked keys."""
        found = [one for one in self.refusals.get(gate, ()) if not self._taken_back(one, seq)]
        return [self.folded.acts[one] for one in found]

    def _taken_back(self, refusal: int, seq: int) -> bool:
        withdrawn = (self.folded.acts[one] for one in self.withdrawals.get(refusal, ()))
        lifted = [self.folded.acts[one] for one in self.lifts.get(refusal, ())]
        valid = (one for one in lifted if self._unrevoked(one, seq))
        organs = {self.folded.keys.keys[one.key].organ for one in valid}
        return any(self._unrevoked(one, seq) for one in withdrawn) or len(organs) >= LIFTING

    def _unrevoked(self, valid: VerifiedAct, seq: int) -> bool:
        return not 0 < self.folded.keys.keys[valid.key].revoked < seq

    def where(self, unit: str) -> Where:
        """Where a unit stands.

        Raises:
            KeyError: nobody listed it.
        """
        return self.ground.where(self.listed, unit)

    def asking(self, entry: Content, seq: int) -> Asking:
        """What the pack in force at an entry asks for."""
        return self.ground.asking(policy_of(self.folded, entry, seq))

    def untouched(self, valid: Iterable[VerifiedAct], entry: Content, seq: int) -> bool:
        """Whether every pack in force since acts were signed asks the same of the gate."""
        packs, acts = self.folded.packs, [(act.entry["on"], act.entry["seq"]) for act in valid]
        passed = {name for one in acts for name in packs.between(one, (entry["on"], seq))}
        return self.ground.alike(passed, entry["stage"], self.where(entry["unit"]))

    def sitting(self, valid: Iterable[VerifiedAct]) -> list[Sitting]:
        """Who acted, and for which organ and place their keys stand."""
        keys = ((one.entry["officer"], self.folded.keys.keys[one.key]) for one in valid)
        return [(officer, key.organ, key.jurisdiction) for officer, key in keys]

    def is_open(self, gate: Gate, seq: int) -> bool:
        """Whether a gate stands open at `seq` by a key that was not revoked by then.

        Raises:
            KeyError: it was never decided.
        """
        decided = self.decided[gate]
        revoked = self.folded.evaluators.keys[decided["evaluator"]].revoked
        return decided["outcome"] == Outcome.OPEN.value and not 0 < revoked < seq

    def opened_before(self, gate: Gate, seq: int) -> None:
        """The earlier gates of the unit stand open.

        Raises:
            ValueError, KeyError, ActError: one does not, or there is no such stage.
        """
        unit, stage = gate
        for one in _STAGES[: _STAGES.index(stage)]:
            need(self.is_open((unit, one), seq))
