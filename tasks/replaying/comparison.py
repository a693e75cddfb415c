"""What is on record held against what is decided again, field by field.

Rules: everything that a decision's entry says is compared but who ran it, by which code and when;
an entry that rests on a crash cannot be expected to repeat, but all that the crash does not bear
on must still agree, and it must have kept the gate closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.canonical import canonical
from schemas.decisions import Decision, sign_off_code, unpacked
from schemas.entries import Decided, HandedOn, Objected
from schemas.findings import Finding, Findings
from schemas.handoffs import handoff_code
from schemas.rules.catalogue import BROKEN
from schemas.vocabulary import Outcome, Stage, Term
from tasks.recording.concluded import objection_entry
from tasks.recording.handing_on import closing_entry
from tasks.recording.recorded import Recorded, entry_of
from tasks.replaying.past import AnyPast

# Who ran it and by which code is shown, never compared.
_NOT_COMPARED = frozenset({"run", "code"})
# What follows from the findings of a crashed check.
_BY_CRASH = frozenset({"outcome", "reopened", "decision"})
# What waivers bear on: where they differ by a crash, another digest was signed for.
_BY_WAIVERS = frozenset({"waivers", "evidence", "signers", "sign_offs", "void"})


class Verdict(Term):
    """What a replay says of an entry."""

    SAME = "same", "一致", "the same"
    CRASH = "crash", "因检查出错而暂停，不能复核", "rests on a crash, cannot repeat"
    DIFFERS = "differs", "不一致", "differs"
    ERASED = "erased", "依据材料已删除，不能复核", "evidence erased, cannot be replayed"


@dataclass(frozen=True)
class FindingChange:
    """A finding that is on record, or that is made now, or both with another content."""

    check: str
    subject: str
    recorded: Finding | None
    now: Finding | None


@dataclass(frozen=True)
class Difference:
    """A field of an entry that says something else now; `findings` says which, for that field."""

    name: str
    recorded: Any
    now: Any
    findings: tuple[FindingChange, ...] = ()


def _content(finding: Finding) -> bytes:
    return canonical([finding.status.value, finding.reason, dict(finding.arguments)])


def finding_changes(
    recorded: Iterable[Finding], now: Iterable[Finding]
) -> tuple[FindingChange, ...]:
    """The findings that are on one side only, those about the same subject side by side."""
    sides: list[dict[tuple[str, str], list[Finding]]] = []
    for every in (recorded, now):
        side: dict[tuple[str, str], list[Finding]] = {}
        for finding in every:
            side.setdefault((finding.check, finding.subject), []).append(finding)
        sides.append(side)
    before, after = sides
    found: list[FindingChange] = []
    for check, subject in sorted(before.keys() | after.keys()):
        ones = _rest(before.get((check, subject), []), after.get((check, subject), []))
        others = _rest(after.get((check, subject), []), before.get((check, subject), []))
        for index in range(max(len(ones), len(others))):
            one = ones[index] if index < len(ones) else None
            other = others[index] if index < len(others) else None
            found.append(FindingChange(check, subject, one, other))
    return tuple(found)


def _rest(ones: list[Finding], others: list[Finding]) -> list[Finding]:
    """Of `ones` those that do not stand among `others`, each as often as it stands."""
    left = Counter(map(_content, others))
    found = []
    for one in ones:
        if left[_content(one)]:
            left[_content(one)] -= 1
        else:
            found.append(one)
    return found


def recorded_findings(findings: Any) -> list[Finding]:
    """The findings of an entry; none where it has another form."""
    try:
        return unpacked(findings)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return []


def differences(
    recorded: Mapping[str, Any], now: Mapping[str, Any], but: Iterable[str] = ()
) -> tuple[Difference, ...]:
    """The fields of `now` that the entry on record does not say."""
    found = []
    for name, value in now.items():
        if name in but or recorded.get(name) == value:
            continue
        changes: tuple[FindingChange, ...] = ()
        if name == "findings":
            changes = finding_changes(
                recorded_findings(recorded.get(name)), recorded_findings(value)
            )
        found.append(Difference(name, recorded.get(name), value, changes))
    return tuple(found)


def compared(past: AnyPast, decision: Decision) -> tuple[Verdict, tuple[Difference, ...]]:
    """What is said of a past decision or objection made again, and every difference."""
    entry = past.entry
    if isinstance(entry, Objected):
        again = objection_entry(decision, entry.handed_on, None)
        found = differences(entry.as_json(), again, _NOT_COMPARED)
        # No objection rests on a crash.
        return Verdict.DIFFERS if found else Verdict.SAME, found
    found = differences(entry.as_json(), entry_of(decision, past.before, None), _NOT_COMPARED)
    if not found:
        return Verdict.SAME, ()
    broken = {one.check for one in recorded_findings(entry.findings) if one.reason in BROKEN}
    if broken and not _beyond_crash(entry, decision, broken, found):
        return Verdict.CRASH, found
    return Verdict.DIFFERS, found


def _beyond_crash(
    entry: Decided, decision: Decision, broken: set[str], found: Iterable[Difference]
) -> bool:
    """Whether a decision that rests on a crash differs by more than the crash."""
    if entry.outcome == Outcome.OPEN or entry.decision != _key_on_record(entry, decision):
        return True
    waived = entry.waivers != decision.waivers
    excused = _BY_CRASH | (_BY_WAIVERS if waived else frozenset())
    stage = Stage(entry.stage)
    borne = {*broken, handoff_code(stage), sign_off_code(stage)}
    return any(
        {change.check for change in one.findings} - borne
        if one.name == "findings"
        else one.name not in excused
        for one in found
    )


def _key_on_record(entry: Decided, decision: Decision) -> str:
    """The key that the content of an entry has."""
    return Decision(
        unit=entry.unit,
        stage=Stage(entry.stage),
        outcome=Outcome(entry.outcome),
        on=decision.on,
        policy=entry.policy,
        evidence=entry.evidence,
        position=entry.position,
        findings=Findings.of(recorded_findings(entry.findings)),
        signers=entry.signers,
        sign_offs=entry.sign_offs,
        barred=entry.barred,
    ).key


def compared_hand_on(
    handed: HandedOn, past: AnyPast, decision: Decision, content: str | None
) -> tuple[Difference, ...]:
    """Where a hand-off differs from what its decision, made again, would hand on."""
    made = closing_entry(Recorded(decision, past.seq, new=False), content or "")
    found = differences(handed.as_json(), made)
    outcomes = (past.entry.outcome, decision.outcome.value)
    closed = next((one for one in outcomes if one != Outcome.OPEN), None)
    # Only what stood open can have been handed on.
    return (Difference("outcome", Outcome.OPEN.value, closed), *found) if closed else found
