"""Rulings (裁定): officers whom the pack names rule on objections, and lift refusals.

Rules: who rules signs the digest of what they rule on under the policy in force, and gives a
reason; nobody rules on their own matters, those of their kin, or evidence that they delivered. One
organ rejects an objection; two organs, by two people, reopen its unit, or lift a refusal that its
officer does not withdraw. What is settled is not ruled on again, and a ruling is not taken back:
whoever reopens may still reject while the objection is open. An attempt that is refused goes on
record.
"""

from __future__ import annotations

from typing import Literal

from data.acts import LIFT, undone
from data.objections import OPEN
from schemas.entries import GateAct, Objected, Refused, Ruled
from schemas.statements import Ruling, statement
from schemas.vocabulary import Stage
from tasks.officers.recording import Recorder, named
from tasks.officers.signatories import Principal
from tasks.officers.validity import lift_faults
from tasks.recording.concluded import Concluded, ruling_fault

Verdict = Literal["reject", "reopen", "lift"]


def _ruled(
    recorder: Recorder,
    of: tuple[GateAct | Objected, str],
    verdict: Verdict,
    who: Principal,
    reason: str,
) -> Ruled:
    """The ruling on an entry, and the digest that names it, that would be recorded.

    Raises:
        ActRefused: nobody on record rules, or gives no reason.
    """
    one, named_by = of
    if recorder.holder(who.officer) is None:
        recorder.refuse(verdict, "unknown-officer", who.officer, *one.gate)
    if not reason.strip():
        recorder.refuse(verdict, "no-reason", who.officer, *one.gate)
    predicate = Ruling(
        **recorder.said(who),
        reason=named(reason),
        unit=one.unit,
        stage=one.stage,
        policy=recorder.whole.pack.digest,
        verdict=verdict,
    )
    payload = statement(predicate, named_by).payload()
    return Ruled(
        recorder.history.seq + 1,
        "",
        "",
        recorder.on.isoformat(),
        one.unit,
        one.stage,
        who.officer,
        who.key,
        who.seal(payload),
        one.seq,
        verdict,
    )


def _fault(recorder: Recorder, one: Objected, act: Ruled) -> str:
    """Why a ruling is not taken, or nothing."""
    snapshot = recorder.snapshot(one.unit)
    settled = Concluded(snapshot).settled(one)
    if settled.state != OPEN:
        return "settled"
    return ruling_fault(snapshot, one, act, settled.for_reopening)


def rule(recorder: Recorder, seq: int, verdict: Verdict, who: Principal, reason: str) -> int:
    """Rule on the objection of the entry `seq`, with a reason; returns the entry's number.

    Raises:
        ActRefused: there is no such objection, it is settled, the officer may not rule on it, or
            gives no reason; it is on record.
    """

    def attempt() -> int:
        one = recorder.history.objections.raised.get(seq)
        if one is None:
            recorder.refuse(verdict, "no-objection", who.officer)
        act = _ruled(recorder, (one, one.objection), verdict, who, reason)
        if code := _fault(recorder, one, act):
            recorder.refuse(verdict, code, who.officer, *one.gate)
        return recorder.record(act, reason)

    return recorder.take(attempt)


def _lift_fault(recorder: Recorder, one: Refused, act: Ruled) -> str:
    """Why a refusal is not lifted by an officer, or nothing."""
    authority = recorder.authority(one.unit, Stage(one.stage))
    ground = authority.ground(one.unit, (), authority.barred_on_gate.get(one.unit, {}))
    keys, before = recorder.history.acts.keys, authority.acts(one.unit)
    gone = undone(before, keys, ground.cycle)
    if one.seq in gone:
        return gone[one.seq]
    if act.officer == one.officer:
        return "own-refusal"
    faults = lift_faults([*before, act], ground, keys)
    lifted = (given for given in before if isinstance(given, Ruled) and given.of == one.seq)
    if any(given.officer == act.officer and not faults[given.seq] for given in lifted):
        return "already-lifted"
    return faults[act.seq]


def lift(recorder: Recorder, seq: int, who: Principal, reason: str) -> int:
    """Lift the refusal of the entry `seq`, with a reason; returns the entry's number.

    It stands until officers of two organs lifted it.

    Raises:
        ActRefused: there is no such refusal, it stands no more, the officer may not lift it, or
            gives no reason; it is on record.
    """

    def attempt() -> int:
        one = recorder.history.acts.at(seq)
        if not isinstance(one, Refused):
            recorder.refuse(LIFT, "no-act", who.officer)
        act = _ruled(recorder, (one, one.payload), LIFT, who, reason)
        if code := _lift_fault(recorder, one, act):
            recorder.refuse(LIFT, code, who.officer, *one.gate)
        return recorder.record(act, reason)

    return recorder.take(attempt)
