"""Rulings (裁定): officers whom the pack names reject an objection, or reopen a concluded unit.

Rules: who rules signs the objection's digest under the policy in force, and gives a reason; nobody
rules on their own matters, those of their kin, or evidence that they delivered. One organ rejects;
two organs, by two people, reopen. What is settled is not ruled on again, and a ruling is not taken
back: whoever reopens may still reject while the objection is open. An attempt that is refused goes
on record.
"""

from __future__ import annotations

from typing import Literal

from data.acts import RULED
from data.objections import OPEN
from schemas.entries import Objected, Ruled
from schemas.statements import Ruling, statement
from tasks.officers.recording import Recorder, named
from tasks.officers.signatories import Principal
from tasks.recording.concluded import Concluded, ruling_fault

Verdict = Literal["reject", "reopen"]


def _ruled(
    recorder: Recorder, one: Objected, verdict: Verdict, who: Principal, reason: str
) -> Ruled:
    """The ruling that would be recorded."""
    predicate = Ruling(
        **recorder.said(who),
        reason=named(reason),
        unit=one.unit,
        stage=one.stage,
        policy=recorder.whole.pack.digest,
        verdict=verdict,
    )
    payload = statement(predicate, one.objection).payload()
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
        if recorder.holder(who.officer) is None:
            recorder.refuse(verdict, "unknown-officer", who.officer, *one.gate)
        if not reason.strip():
            recorder.refuse(verdict, "no-reason", who.officer, *one.gate)
        act = _ruled(recorder, one, verdict, who, reason)
        if code := _fault(recorder, one, act):
            recorder.refuse(verdict, code, who.officer, *one.gate)
        recorder.keep(reason)
        with recorder.writing(*one.gate) as transaction:
            return transaction.act(
                RULED,
                act.payload,
                of=seq,
                verdict=verdict,
                unit=one.unit,
                stage=one.stage,
                officer=who.officer,
                key=who.key,
                envelope=dict(act.envelope),
            )

    return recorder.take(attempt)
