"""Sign-offs: an officer opens a gate on the evidence they saw, refuses to, or takes that back.

Rules: `tasks.officers.gates` says what may be signed; what is not taken is on record with its
code. A sign-off alone opens nothing: the stage, launched again, evaluates everything and counts
the signatures that hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from data.acts import REFUSED, SIGNED, WITHDRAWN, Key, undone
from schemas.entries import GateAct, Refused, Signed, Waived
from schemas.refusals import ActRefused
from schemas.statements import SignOff, Withdrawal, statement
from schemas.vocabulary import Stage
from tasks.officers.gates import Gates, Given, unready
from tasks.officers.recording import Recorder, named
from tasks.officers.review import Review
from tasks.officers.signatories import Principal

Signatures = tuple[dict[str, int], dict[str, str]]
_ACTS = {SIGNED: "sign", REFUSED: "refuse"}


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
    recorder: Recorder,
    kind: str,
    gate: tuple[str, Stage],
    who: Principal,
    *,
    shown: Review | None = None,
    reason: str = "",
) -> int:
    unit, stage = gate

    def refused(code: str) -> NoReturn:
        recorder.refuse(_ACTS[kind], code, who.officer, unit, stage.value)

    def attempt() -> int:
        if recorder.holder(who.officer) is None:
            refused("unknown-officer")
        if kind == REFUSED and not reason.strip():
            refused("no-reason")
        gates = Gates(recorder, stage, unit)
        review = _to_sign(gates, unit, who)
        if review is None:
            refused(unready(gates.authority, unit))
        if shown and (code := shown.fault(review.entry)):
            refused(code)
        try:
            given = gates.made(kind, unit, who, review, named(reason))
        except ActRefused as brought:
            refused(brought.code)
        if code := gates.fault(given):
            refused(code)
        recorder.keep(reason)
        return gates.record([given])[0]

    return recorder.take(attempt)


def _to_sign(gates: Gates, unit: str, who: Principal) -> Review | None:
    """What the current decision says, or the one named in what was signed elsewhere.

    The latter only as long as both say the same.
    """
    said, stands = who.said, gates.review(unit)
    if stands is None or said is None or not isinstance(said.predicate, SignOff):
        return stands
    named = gates.review(unit, said.predicate.decided)
    return named if named and not named.fault(stands.entry) else stands


def look(recorder: Recorder, unit: str, stage: Stage) -> Review | None:
    """What the current decision of a gate says to whoever is to sign it; None without one.

    Raises:
        SnapshotRefused: there is no such unit.
    """
    return Gates(recorder, stage, unit).review(unit)


def sign(
    recorder: Recorder, unit: str, stage: Stage, who: Principal, shown: Review | None = None
) -> int:
    """Sign a unit's gate open on the evidence of its last decision; returns the entry's number.

    Where something was `shown` before: only while the gate still says it.

    Raises:
        ActRefused: it would not count, or the gate does not wait for it; it is on record.
        SnapshotRefused: there is no such unit.
    """
    return _give(recorder, SIGNED, (unit, stage), who, shown=shown)


def refuse(recorder: Recorder, unit: str, stage: Stage, who: Principal, reason: str) -> int:
    """Refuse to sign a unit's gate, with a reason; returns the entry's number.

    The gate is blocked from its next launch on, until this is withdrawn or lifted.

    Raises:
        ActRefused: the officer is not asked for here, or gives no reason; it is on record.
    """
    return _give(recorder, REFUSED, (unit, stage), who, reason=reason)


def ready_for(recorder: Recorder, stage: Stage, scope: str, who: Principal) -> dict[str, Review]:
    """The units whose gate waits for this officer, each with what they would sign.

    Raises:
        ActRefused: the officer has no key that signs.
    """
    gates = Gates(recorder, stage, scope, closed=True)
    waiting = gates.waiting_for(_key_at(gates, who))
    return {unit: review for unit in waiting if (review := gates.review(unit))}


def sign_ready(
    recorder: Recorder,
    stage: Stage,
    scope: str,
    who: Principal,
    shown: Mapping[str, Review] | None = None,
) -> Signatures:
    """Sign every gate of a stage that waits for this officer, each with a signature of its own.

    Where they were `shown` which, with what each says: those, and only what still says it.

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
    gates: Gates, who: Principal, shown: Mapping[str, Review] | None = None
) -> Signatures:
    """Sign those of `gates` that wait for this officer; `shown` is as in `sign_ready`.

    Returns:
        Unit → number of the entry, and unit → code for those that wait for the officer's organ but
        that this officer may not sign; the latter are no attempts.

    Raises:
        ActRefused: the officer has no key that signs.
        Moved: something came since the gates were looked at.
    """
    recorder = gates.recorder
    waiting = gates.waiting_for(_key_at(gates, who))
    to_sign = {unit: review for unit in waiting if (review := gates.review(unit))}
    if shown is not None:
        to_sign = {unit: review for unit, review in to_sign.items() if unit in shown}
    given = [gates.made(SIGNED, unit, who, review) for unit, review in to_sign.items()]
    left = {one.unit: code for one in given if (code := gates.fault(one))}
    if shown is not None:
        left |= {u: code for u, one in to_sign.items() if (code := shown[u].fault(one.entry))}
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
        return recorder.put(
            WITHDRAWN,
            payload,
            found.gate,
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
