"""The gates of a stage as whoever signs them finds them: what waits for whom, what may be signed.

Rules: what is signed is the gate's evidence digest of today, under the policy in force; a gate
whose checks do not hold cannot be signed open, nor one behind a closed gate, nor one whose
evidence moved, or which another pack touched, since it was decided; what is signed says what was
looked at, and is held against what the gate says now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from data.acts import REFUSED, SIGNED, Key, key_fault
from schemas.decisions import CLOSING, closing_checks, waits_for_signatures
from schemas.entries import Decided, Refused, Signed, Waived
from schemas.envelopes import Enveloped, payload_of
from schemas.statements import SignOff, Statement, parse_statement, statement
from schemas.vocabulary import STAGES, Stage
from tasks.gate.approvals import Authority
from tasks.officers.recording import Recorder
from tasks.officers.review import Review, review_of, statement_fault
from tasks.officers.signatories import Principal
from tasks.officers.validity import fault_of, faults_of

_KINDS: dict[str, type[Signed | Refused]] = {SIGNED: Signed, REFUSED: Refused}


@dataclass(frozen=True)
class Given:
    """An act as it is handed in: whose, by which key, about which gate, in which envelope."""

    kind: str
    unit: str
    stage: Stage
    officer: str
    key: str
    envelope: Enveloped

    def act(self, seq: int, on: str = "") -> Signed | Refused:
        """The act that it would be as the entry `seq`, on a day."""
        gate = self.unit, self.stage.value
        return _KINDS[self.kind](seq, "", "", on, *gate, self.officer, self.key, self.envelope)


def unready(authority: Authority, unit: str) -> str:
    """Why nobody can sign or waive anything about the unit's gate now, or nothing."""
    history, stage = authority.snapshot.history, authority.stage
    earlier = STAGES[: STAGES.index(stage)]
    if not all(history.stood_open((unit, one.value)) for one in earlier):
        return "held"
    current = history.current.get((unit, stage.value))
    if current is None:
        return "not-decided"
    moved = current.evidence != authority.evidence_now.get(unit)
    return "moved" if moved or authority.touched_since(unit, current) else ""


class Gates:
    """The gates of one stage in a scope, as somebody who signs finds them.

    `closed`: only those that do not stand open, among which are all that wait for signatures.
    """

    def __init__(
        self, recorder: Recorder, stage: Stage, scope: str, *, closed: bool = False
    ) -> None:
        self.recorder = recorder
        self.stage = stage
        self.authority = recorder.authority(scope, stage)
        self.snapshot = self.authority.snapshot
        if closed:
            stood_open = recorder.history.stood_open
            units = {one for one in self.snapshot.units if not stood_open((one, stage.value))}
            self.snapshot = self.snapshot.within(units)
            self.authority = Authority(self.snapshot, stage)
        self._decided: dict[tuple[str, int], Decided | None] = {}
        self._reviews: dict[int, Review] = {}

    def decided(self, unit: str, number: int = 0) -> Decided | None:
        """The decision that stands for the unit's gate, or the one of that number."""
        if (unit, number) not in self._decided:
            self._decided[unit, number] = self.recorder.decided(unit, self.stage, number)
        return self._decided[unit, number]

    def review(self, unit: str, number: int = 0) -> Review | None:
        """What that decision says to whoever signs."""
        entry = self.decided(unit, number)
        if entry is None:
            return None
        if entry.seq not in self._reviews:
            self._reviews[entry.seq] = review_of(self.snapshot, entry)
        return self._reviews[entry.seq]

    def statement_fault(self, unit: str, said: Statement) -> str:
        """Why a statement does not say what the gate says, now and when it was looked at."""
        number = said.predicate.decided if isinstance(said.predicate, SignOff) else 0
        review, stands = self.review(unit, number), self.decided(unit)
        if review is None or stands is None:
            return "other-findings"
        other = review.fault(stands) == "other-findings"
        return "other-findings" if other else statement_fault(said, review)

    def waits(self, unit: str) -> bool:
        """Whether signatures are what keeps the unit's gate closed, and nothing else."""
        entry = self.decided(unit)
        closing = closing_checks(entry.findings) if entry else set()
        return waits_for_signatures(closing, self.stage)

    def state_fault(self, unit: str, kind: str) -> str:
        """Why the gate itself cannot be signed now, or nothing."""
        code = unready(self.authority, unit)
        if code or kind == REFUSED:
            return code
        if self.recorder.history.stood_open((unit, self.stage.value)):
            return "already-open"
        return "" if self.waits(unit) else "not-ready"

    def fault(self, given: Given) -> str:
        """Why an act is not taken, or nothing."""
        candidate = given.act(self.recorder.history.seq + 1, self.snapshot.on.isoformat())
        acts = self.recorder.history.acts
        if not candidate.payload:
            return "envelope"
        if candidate.payload in acts.payloads:
            return "replayed"
        key = key_fault(candidate, acts.keys)
        gate = key or self.state_fault(given.unit, given.kind)
        return gate or self._judged(candidate) or self._said_fault(given)

    def _said_fault(self, given: Given) -> str:
        """What is wrong with a statement that is the officer's, and on what it must be on."""
        payload = payload_of(given.envelope)
        wrong = self.statement_fault(given.unit, parse_statement(payload))
        return wrong or self.recorder.time_fault(payload)

    def _judged(self, candidate: Signed | Refused) -> str:
        """What follows from everything that was said about the gate, this act included."""
        unit = candidate.unit
        before = [act for act in self.authority.acts(unit) if not isinstance(act, Waived)]
        current = self.recorder.history.current[(unit, self.stage.value)]
        barred = self.authority.barred_on_gate.get(unit, {})
        evidence = self.authority.counting(unit, current)
        ground = self.authority.ground(unit, evidence, barred)
        keys = self.recorder.history.acts.keys
        required = self.authority.requirements(unit)
        faults = faults_of([*before, candidate], ground, keys, required)
        own = {
            act.seq
            for act in before
            if (act.officer, act.kind) == (candidate.officer, candidate.kind)
        }
        if candidate.kind == REFUSED:
            code = fault_of(candidate, ground, keys, required)
            again = any(faults.get(seq) == "" for seq in own)
            return code or ("already-refused" if again else "")
        if faults[candidate.seq] == "twice" and any(faults.get(seq) == "" for seq in own):
            return "already-signed"
        return faults[candidate.seq]

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """Jurisdiction → the units in scope that are there or below it, sorted."""
        found: dict[str, list[str]] = {}
        for unit in self.snapshot.units:
            for place in self.authority.places[self.authority.units[unit][0]]:
                found.setdefault(place, []).append(unit)
        return found

    def waiting_for(self, key: Key) -> list[str]:
        """The units whose gate waits for signatures alone, and for one by this key among them."""
        near = self._below.get(key.jurisdiction, [])
        return [
            unit for unit in near if not self.state_fault(unit, SIGNED) and self._asks(unit, key)
        ]

    def _asks(self, unit: str, key: Key) -> bool:
        """Whether a requirement of the gate that nobody has met by now asks for this officer."""
        places = self.authority.places[self.authority.units[unit][0]]
        asked = {
            one.name
            for one in self.authority.requirements(unit)
            if one.admits(key.organ, key.jurisdiction, places)
        }
        if not asked:
            return False
        current = self.recorder.history.current[unit, self.stage.value]
        barred = self.authority.barred_on_gate.get(unit, {})
        signed = self.authority.signed(unit, self.authority.counting(unit, current), barred)
        return any(one.subject in asked and one.status in CLOSING for one in signed.findings)

    def made(self, kind: str, unit: str, who: Principal, review: Review, reason: str = "") -> Given:
        """An act made and signed here, of what its officer has seen."""
        said = {
            **self.recorder.said(who),
            "reason": reason,
            "unit": unit,
            "stage": self.stage.value,
            "policy": self.snapshot.pack.digest,
            "decision": "open" if kind == SIGNED else "refuse",
        }
        predicate = SignOff.model_validate({**said, **review.said})
        payload = statement(predicate, review.entry.evidence).payload()
        envelope = who.seal(payload)
        return Given(kind, unit, self.stage, who.officer, who.key, envelope)

    def record(self, every: Sequence[Given]) -> list[int]:
        """Put acts on record together.

        Raises:
            Moved: something came since they were judged.
        """
        acts = [given.act(0) for given in every]
        with self.recorder.writing(*(act.gate for act in acts)) as transaction:
            return [transaction.act(act.kind, act.payload, **act.content) for act in acts]
