"""Sign-offs: an officer opens a gate on the evidence they saw, refuses to, or takes that back.

Rules: what is signed is the gate's evidence digest of today, under the policy in force; a gate
whose checks do not hold cannot be signed open, nor one behind a closed gate, nor one whose
evidence moved, or which another pack touched, since it was decided. A sign-off alone opens nothing:
the stage, launched again, evaluates everything and counts the signatures that hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from data.acts import REFUSED, SIGNED, WITHDRAWN, Key, key_fault, undone
from schemas.decisions import CLOSING, waits_for_signatures
from schemas.entries import GateAct, Refused, Signed, Waived
from schemas.envelopes import Enveloped, payload_digest, payload_of
from schemas.statements import SignOff, Withdrawal, statement
from schemas.vocabulary import STAGES, Stage
from tasks.gate.approvals import Authority
from tasks.officers.recording import Recorder, named
from tasks.officers.signatories import Principal
from tasks.officers.validity import fault_of, faults_of

# The evidence of a gate that was never decided: no digest of anything.
UNSEEN = "0" * 64
Signatures = tuple[dict[str, int], dict[str, str]]
_ACTS = {SIGNED: "sign", REFUSED: "refuse"}
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
    standing = history.standings.get((unit, stage.value))
    if standing is None:
        return "not-decided"
    moved = standing.evidence != authority.evidence_now.get(unit)
    return "moved" if moved or authority.touched_since(unit, standing) else ""


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
        self._waits: dict[str, bool] = {}

    def waits(self, unit: str) -> bool:
        """Whether signatures are what keeps the unit's gate closed, and nothing else."""
        if unit not in self._waits:
            found = self.recorder.findings(unit, self.stage)
            closing = {one.check for one in found if one.status in CLOSING}
            self._waits[unit] = waits_for_signatures(closing, self.stage)
        return self._waits[unit]

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
        return (
            gate or self._judged(candidate) or self.recorder.time_fault(payload_of(given.envelope))
        )

    def _judged(self, candidate: Signed | Refused) -> str:
        """What follows from everything that was said about the gate, this act included."""
        unit = candidate.unit
        before = [act for act in self.authority.acts(unit) if not isinstance(act, Waived)]
        standing = self.recorder.history.standings[(unit, self.stage.value)]
        barred = self.authority.barred_on_gate.get(unit, {})
        seen = self.authority.counting(unit, standing)
        ground = self.authority.ground(unit, seen, barred)
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
        standing = self.recorder.history.standings[unit, self.stage.value]
        barred = self.authority.barred_on_gate.get(unit, {})
        signed = self.authority.signed(unit, self.authority.counting(unit, standing), barred)
        return any(one.subject in asked and one.status in CLOSING for one in signed.findings)

    def made(self, kind: str, unit: str, who: Principal, reason: str = "") -> Given:
        """An act made and signed here."""
        standing = self.recorder.history.standings.get((unit, self.stage.value))
        predicate = SignOff(
            **self.recorder.said(who),
            reason=reason,
            unit=unit,
            stage=self.stage.value,
            policy=self.snapshot.pack.digest,
            decision="open" if kind == SIGNED else "refuse",
        )
        payload = statement(predicate, standing.evidence if standing else UNSEEN).payload()
        envelope = who.seal(payload)
        return Given(kind, unit, self.stage, who.officer, who.key, envelope)

    def record(self, every: Sequence[Given]) -> list[int]:
        """Put acts on record together.

        Raises:
            Moved: something came since they were judged.
        """
        gates = [(given.unit, self.stage.value) for given in every]
        with self.recorder.writing(*gates) as transaction:
            return [
                transaction.act(
                    given.kind,
                    given.act(0).payload,
                    unit=given.unit,
                    stage=self.stage.value,
                    officer=given.officer,
                    key=given.key,
                    envelope=dict(given.envelope),
                )
                for given in every
            ]


def take(recorder: Recorder, given: Given) -> int:
    """Take a sign-off or a refusal as it is handed in; returns the number of its entry.

    Raises:
        ActRefused: it does not count; the attempt is on record.
    """

    def attempt() -> int:
        gates = Gates(recorder, given.stage, given.unit)
        if code := gates.fault(given):
            recorder.refuse(_ACTS[given.kind], code, given.officer, given.unit, given.stage.value)
        return gates.record([given])[0]

    return recorder.take(attempt)


def _give(
    recorder: Recorder, kind: str, gate: tuple[str, Stage], who: Principal, reason: str
) -> int:
    unit, stage = gate

    def attempt() -> int:
        if recorder.holder(who.officer) is None:
            recorder.refuse(_ACTS[kind], "unknown-officer", who.officer, unit, stage.value)
        if kind == REFUSED and not reason.strip():
            recorder.refuse(_ACTS[kind], "no-reason", who.officer, unit, stage.value)
        gates = Gates(recorder, stage, unit)
        given = gates.made(kind, unit, who, named(reason))
        if code := gates.fault(given):
            recorder.refuse(_ACTS[kind], code, who.officer, unit, stage.value)
        recorder.keep(reason)
        return gates.record([given])[0]

    return recorder.take(attempt)


def sign(recorder: Recorder, unit: str, stage: Stage, who: Principal) -> int:
    """Sign a unit's gate open on the evidence of its last decision; returns the entry's number.

    Raises:
        ActRefused: it would not count, or the gate does not wait for it; it is on record.
        SnapshotRefused: there is no such unit.
    """
    return _give(recorder, SIGNED, (unit, stage), who, "")


def refuse(recorder: Recorder, unit: str, stage: Stage, who: Principal, reason: str) -> int:
    """Refuse to sign a unit's gate, with a reason; returns the entry's number.

    The gate is blocked from its next launch on, until this is withdrawn or lifted.

    Raises:
        ActRefused: the officer is not asked for here, or gives no reason; it is on record.
    """
    return _give(recorder, REFUSED, (unit, stage), who, reason)


def ready_for(recorder: Recorder, stage: Stage, scope: str, who: Principal) -> dict[str, str]:
    """The units whose gate waits for this officer, each with the evidence that they would sign.

    Raises:
        ActRefused: the officer has no key that signs.
    """
    gates = Gates(recorder, stage, scope, closed=True)
    standings = recorder.history.standings
    waiting = gates.waiting_for(_key_at(gates, who))
    return {unit: standings[unit, stage.value].evidence for unit in waiting}


def sign_ready(
    recorder: Recorder,
    stage: Stage,
    scope: str,
    who: Principal,
    shown: Mapping[str, str] | None = None,
) -> Signatures:
    """Sign every gate of a stage that waits for this officer, each with a signature of its own.

    Where they were `shown` which, with the evidence of each: those, and on that evidence alone.

    Returns:
        What `sign_waiting` gives.

    Raises:
        ActRefused: the officer has no key that signs.
    """

    def attempt() -> Signatures:
        return sign_waiting(Gates(recorder, stage, scope, closed=True), who, shown)

    return recorder.take(attempt)


def _key_at(gates: Gates, who: Principal) -> Key:
    """The key with which somebody signs.

    Raises:
        ActRefused: they have none, or brought another.
    """
    key = gates.recorder.history.acts.keys.of(who.officer)
    if key is None or key.name != who.key:
        code = "no-key" if key is None else "other-key"
        gates.recorder.refuse("sign", code, who.officer, "", gates.stage.value)
    return key


def sign_waiting(
    gates: Gates, who: Principal, shown: Mapping[str, str] | None = None
) -> Signatures:
    """Sign those of `gates` that wait for this officer; `shown` is as in `sign_ready`.

    Returns:
        Unit → number of the entry, and unit → code for those that wait for the officer's organ but
        that this officer may not sign; the latter are no attempts.

    Raises:
        ActRefused: the officer has no key that signs.
        Moved: something came since the gates were looked at.
    """
    recorder, standings = gates.recorder, gates.recorder.history.standings
    waiting = gates.waiting_for(_key_at(gates, who))
    seen = [unit for unit in waiting if shown is None or unit in shown]
    given = [gates.made(SIGNED, unit, who) for unit in seen]
    left = {one.unit: code for one in given if (code := gates.fault(one))}
    if shown is not None:
        others = (one for one in seen if standings[one, gates.stage.value].evidence != shown[one])
        left |= dict.fromkeys(others, "moved")
    fit = [one for one in given if one.unit not in left]
    numbers = gates.record(fit) if fit else []
    if fit:
        recorder.follow()
    return {one.unit: seq for one, seq in zip(fit, numbers, strict=True)}, left


def withdraw(recorder: Recorder, seq: int, who: Principal, reason: str = "") -> int:
    """Take back an own sign-off, refusal or waiver; returns the number of the entry.

    Raises:
        ActRefused: there is no such act, it is another officer's, or it was withdrawn before.
    """

    def attempt() -> int:
        acts = recorder.history.acts
        found = acts.at(seq)
        code = _withdrawal_fault(recorder, found, who)
        if code or found is None:
            where = (found.unit, found.stage) if found else ("", "")
            recorder.refuse("withdraw", code, who.officer, *where)
        predicate = Withdrawal(
            **recorder.said(who), reason=named(reason), unit=found.unit, stage=found.stage
        )
        recorder.keep(reason)
        payload = statement(predicate, found.payload).payload()
        with recorder.writing(found.gate) as transaction:
            return transaction.act(
                WITHDRAWN,
                payload_digest(payload),
                of=seq,
                unit=found.unit,
                stage=found.stage,
                officer=who.officer,
                key=who.key,
                envelope=who.seal(payload),
            )

    return recorder.take(attempt)


def _withdrawal_fault(recorder: Recorder, found: GateAct | None, who: Principal) -> str:
    acts = recorder.history.acts
    key = acts.keys.of(who.officer)
    if found is None or not isinstance(found, Signed | Refused | Waived):
        return "no-act"
    if key is None or key.name != who.key:
        return "no-key" if key is None else "other-key"
    if found.officer != who.officer:
        return "not-yours"
    every = acts.of(found.unit, found.stage)
    return undone(every, acts.keys, recorder.history.cycle).get(found.seq, "")
