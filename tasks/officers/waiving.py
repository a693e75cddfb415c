"""Waivers (例外审批): a named authority excepts one subject from one check, until a day.

Rules: only where the policy pack allows it and never where the law is absolute; by officers of the
named organs, each with a signature of their own under the same words; for a subject that fails or
misses something now, with a reason, and no longer than the pack allows. An attempt that is refused
goes on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.decisions import WANTING
from schemas.entries import GateAct, Waived, Withdrawn
from schemas.envelopes import payload_of
from schemas.policy import PackCheck
from schemas.rules.catalogue import BROKEN
from schemas.statements import Waiver, parse_statement, statement
from schemas.vocabulary import Stage, Status
from tasks.gate.approvals import Authority
from tasks.gate.evidence import evidence_of
from tasks.officers.gates import unready
from tasks.officers.recording import Recorder, named
from tasks.officers.signatories import Principal
from tasks.officers.validity import faults_of


@dataclass(frozen=True)
class Wanted:
    """What is to be waived: a check for one subject of a unit, until a day."""

    unit: str
    check: str
    subject: str
    until: date


def _stage_of(recorder: Recorder, check: str) -> tuple[Stage, PackCheck] | None:
    pack = recorder.snapshot("cycle").pack
    entry = pack.check(check)
    return (entry.rule.stage, entry) if entry else None


def _pack_fault(entry: PackCheck) -> str:
    if entry.rule.absolute:
        return "absolute"
    return "unwaivable" if entry.waiver is None else ""


def _gate_fault(recorder: Recorder, authority: Authority, wanted: Wanted, stage: Stage) -> str:
    """Why the gate has nothing to waive now, or nothing."""
    if code := unready(authority, wanted.unit):
        return code
    found = [
        one
        for one in recorder.findings(wanted.unit, stage)
        if (one.check, one.subject) == (wanted.check, wanted.subject)
    ]
    if any(one.reason in BROKEN for one in found):
        return "crashed"
    wanting = [one for one in found if one.status in WANTING or one.status is Status.WAIVED]
    return "" if wanting else "nothing-to-waive"


def _day_fault(recorder: Recorder, entry: PackCheck, wanted: Wanted) -> str:
    if wanted.until < recorder.on:
        return "expired"
    days = entry.waiver.days if entry.waiver else 0
    return "too-long" if wanted.until > recorder.on + timedelta(days=days) else ""


def _judged(recorder: Recorder, authority: Authority, entry: PackCheck, candidate: Waived) -> str:
    facts = authority.snapshot.facts.within([candidate.unit])
    evidence = evidence_of(facts, entry.reads)[candidate.unit]
    barred = authority.barred(entry.reads).get(candidate.unit, {})
    ground = authority.ground(candidate.unit, {evidence}, barred)
    panels = [entry.waiver] if entry.waiver else []
    before = [
        act
        for act in authority.acts(candidate.unit)
        if isinstance(act, Withdrawn) or (isinstance(act, Waived) and act.check == candidate.check)
    ]
    faults = faults_of([*before, candidate], ground, recorder.history.acts.keys, panels)
    said = parse_statement(payload_of(candidate.envelope)).predicate
    twice = any(
        act.officer == candidate.officer
        and not faults.get(act.seq, "withdrawn")
        and _same(act, said)
        for act in before
    )
    return faults[candidate.seq] or ("already-signed" if twice else "")


def _same(act: GateAct, said: object) -> bool:
    other = parse_statement(payload_of(act.envelope)).predicate
    return (
        isinstance(other, Waiver)
        and isinstance(said, Waiver)
        and (other.check, other.subject, other.until, other.reason)
        == (said.check, said.subject, said.until, said.reason)
    )


def _act(
    authority: Authority, entry: PackCheck, wanted: Wanted, who: Principal, said: dict[str, str]
) -> Waived:
    """The waiver that would be recorded, signed by this officer."""
    facts = authority.snapshot.facts.within([wanted.unit])
    predicate = Waiver(
        **said,
        unit=wanted.unit,
        stage=entry.rule.stage.value,
        check=wanted.check,
        subject=wanted.subject,
        policy=authority.snapshot.pack.digest,
        until=wanted.until.isoformat(),
    )
    evidence = evidence_of(facts, entry.reads)[wanted.unit]
    payload = statement(predicate, evidence).payload()
    return Waived(
        authority.snapshot.history.seq + 1,
        "",
        "",
        authority.snapshot.on.isoformat(),
        wanted.unit,
        entry.rule.stage.value,
        who.officer,
        who.key,
        who.seal(payload),
        wanted.check,
        wanted.subject,
        wanted.until.isoformat(),
    )


def _waive(recorder: Recorder, wanted: Wanted, reason: str, who: Principal, text: str = "") -> int:
    """Judge and record; `reason` is the digest of `text`, which is kept where it is given."""
    named = _stage_of(recorder, wanted.check)
    if named is None:
        recorder.refuse("waive", "unknown-check", who.officer, wanted.unit)
    stage, entry = named
    gate = (wanted.unit, stage.value)
    if recorder.holder(who.officer) is None:
        recorder.refuse("waive", "unknown-officer", who.officer, *gate)
    if code := _pack_fault(entry):
        recorder.refuse("waive", code, who.officer, *gate)
    if not reason:
        recorder.refuse("waive", "no-reason", who.officer, *gate)
    authority = recorder.authority(wanted.unit, stage)
    code = _gate_fault(recorder, authority, wanted, stage) or _day_fault(recorder, entry, wanted)
    if code:
        recorder.refuse("waive", code, who.officer, *gate)
    act = _act(authority, entry, wanted, who, {**recorder.said(who), "reason": reason})
    if code := _judged(recorder, authority, entry, act):
        recorder.refuse("waive", code, who.officer, *gate)
    return recorder.record(act, text)


def waive(recorder: Recorder, wanted: Wanted, reason: str, who: Principal) -> int:
    """Sign a waiver; returns the number of its entry.

    It is in force once officers of all the organs that the pack names have signed the same words.

    Raises:
        ActRefused: the check may not be waived, not by this officer, or not now; it is on record.
    """
    return recorder.take(lambda: _waive(recorder, wanted, named(reason), who, reason))


def join_waiver(recorder: Recorder, seq: int, who: Principal) -> int:
    """Sign the same words as the waiver of the entry `seq`; returns the number of the new entry.

    Raises:
        ActRefused: as `waive`, or there is no such waiver.
    """

    def attempt() -> int:
        found = recorder.history.acts.at(seq)
        if not isinstance(found, Waived):
            recorder.refuse("waive", "no-act", who.officer)
        said = parse_statement(payload_of(found.envelope)).predicate
        until = date.fromisoformat(found.until)
        wanted = Wanted(found.unit, found.check, found.subject, until)
        return _waive(recorder, wanted, said.reason, who)

    return recorder.take(attempt)
