"""Recording: decisions go on record, where nothing came since that they rest on.

Rules: a decision is recorded only when it differs from the last one of its gate, and only while
every earlier gate stands open and nothing came that it rests on; a gate that stood open and is
closed says why. What goes on record is signed with the evaluator's key in force; what no such key
signed, or one that was revoked since, does not stand and is recorded anew. What would close a gate
of a concluded unit is recorded as an objection, until one was granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data.days import DayRefused
from data.evaluators import Content, Evaluator, Evaluators, Signer, is_signed
from data.history import CRASH, CurrentDecision
from data.ledger import Reader, Transaction, checked_entry
from data.memory import Memory
from data.signers import signer_for
from data.version import code_version
from schemas.decisions import Decision, closing_of
from schemas.entries import Decided, HandedOn, Objected
from schemas.rules.catalogue import BROKEN
from schemas.vocabulary import Outcome, Stage
from tasks.gate.snapshot import Snapshot
from tasks.moved import FactsMoved, Since
from tasks.recording.concluded import Concluded, Kept, objection_entry

# Decisions committed in one transaction, which takes one sync of the disk.
TOGETHER = 100
# Whether an evaluator signed an entry, by its hash and by what became of the key that it names.
SIGNED: Memory[tuple[str, Evaluator | None], bool] = Memory(1 << 14)
_KEY_FAULTS = frozenset({"key-revoked", "key-replaced", "no-key", "other-key"})


@dataclass(frozen=True)
class Recorded:
    """A decision and its place in the ledger; `new` is false where it already stood.

    Of a concluded unit whose gate would be closed, `kept` says why it is not, and `seq` is the
    objection or the open decision that says so.
    """

    decision: Decision
    seq: int
    new: bool
    kept: Kept | None = None

    @property
    def outcome(self) -> Outcome:
        """How the gate stands for whoever runs it."""
        holds = self.kept is not None and self.kept.holds
        return Outcome.OPEN if holds else self.decision.outcome


def causes_of(before: CurrentDecision, decision: Decision) -> list[str]:
    """Why a gate that stood open is closed: codes, sorted; at least one."""
    closing = closing_of(decision.findings)
    if closing and all(one.reason in BROKEN for one in closing):
        return [CRASH]
    lost = {decision.void.get(seq, "") for seq in before.sign_offs} - {""}
    causes = {
        "policy": "other-policy" in lost,
        "evidence": decision.evidence != before.evidence,
        "waiver": bool(set(before.waivers) - set(decision.waivers)),
        "key": bool(lost & _KEY_FAULTS),
        "sign-off": bool(lost - _KEY_FAULTS - {"other-evidence", "other-policy"})
        or any(one.reason == "sign-off-refused" for one in closing),
    }
    return sorted(name for name, holds in causes.items() if holds) or ["day"]


def _reopened(before: CurrentDecision | None, decision: Decision) -> dict[str, object] | None:
    stood = before.stood if before else None
    if stood is None or decision.outcome is Outcome.OPEN:
        return None
    return {"of": stood.seq, "causes": causes_of(stood, decision)}


def entry_of(
    decision: Decision, before: CurrentDecision | None, run: str | None
) -> dict[str, object]:
    """What the ledger's entry of a decision says; `before` is what stood for its gate."""
    return {
        "unit": decision.unit,
        "stage": decision.stage.value,
        "outcome": decision.outcome.value,
        "policy": decision.policy,
        "evidence": decision.evidence,
        "position": decision.position,
        "findings": decision.packed_findings,
        "signers": list(decision.signers),
        "sign_offs": list(decision.sign_offs),
        "waivers": list(decision.waivers),
        "void": {str(seq): code for seq, code in sorted(decision.void.items())},
        "carried": {str(seq): one.as_json() for seq, one in sorted(decision.carried.items())},
        "since": decision.since,
        "barred": dict(sorted(decision.barred.items())),
        "reopened": _reopened(before, decision),
        "decision": decision.key,
        "code": code_version(),
        "run": run,
    }


def already_recorded(
    snapshot: Snapshot, stage: Stage, decisions: Iterable[Decision]
) -> dict[str, Recorded]:
    """Unit → what is on record already, for the decisions that stand as they are."""
    rows = snapshot.ledger.query("SELECT unit, seq FROM gates WHERE stage = ?", stage.value)
    numbers: dict[str, int] = dict(rows)
    made = {one.unit: one for one in decisions if one.unit in numbers}
    signed = signed_of(snapshot.ledger, snapshot, [numbers[unit] for unit in made])
    return {
        unit: Recorded(one, numbers[unit], new=False)
        for unit, one in made.items()
        if numbers[unit] in signed and _says(signed[numbers[unit]], one)
    }


def _says(entry: Decided | HandedOn, decision: Decision) -> bool:
    """Whether an entry is a decision that says the same: all that `Decision.key` is made of."""
    return isinstance(entry, Decided) and (
        entry.unit,
        entry.stage,
        entry.outcome,
        entry.policy,
        entry.evidence,
        entry.signers,
        entry.sign_offs,
        entry.barred,
        entry.findings,
    ) == (
        decision.unit,
        decision.stage.value,
        decision.outcome.value,
        decision.policy,
        decision.evidence,
        decision.signers,
        decision.sign_offs,
        decision.barred,
        decision.packed_findings,
    )


def kept_as(concluded: Concluded, decisions: Iterable[Decision]) -> dict[str, Recorded]:
    """Unit → what is on record already, for what closes nothing of a concluded unit."""
    found = ((one, concluded.kept(one)) for one in decisions)
    return {
        one.unit: Recorded(one, kept.entry, new=False, kept=kept) for one, kept in found if kept
    }


def signed_of(
    reader: Reader, snapshot: Snapshot, numbers: Iterable[int]
) -> dict[int, Decided | HandedOn]:
    """Of these entries, those that an evaluator signed whose key was not revoked since."""
    evaluators = snapshot.history.evaluators
    asked = sorted(numbers)
    found: dict[int, Decided | HandedOn] = {}
    for first in range(0, len(asked), TOGETHER):
        some = asked[first : first + TOGETHER]
        marks = ", ".join("?" for _ in some)
        for seq, name, body in reader.query(
            f"SELECT seq, hash, body FROM entries WHERE seq IN ({marks})",  # noqa: S608
            *some,
        ):
            entry = checked_entry(int(seq), name, bytes(body))
            if isinstance(entry, Decided | HandedOn) and _stands(name, entry, evaluators):
                found[entry.seq] = entry
    return found


def _stands(name: str, entry: Decided | HandedOn, evaluators: Evaluators) -> bool:
    """Whether an entry, checked against its hash `name`, is signed by a key not revoked since."""
    asked = (name, evaluators.keys.get(entry.evaluator))
    if (found := SIGNED.get(asked)) is None:
        found = is_signed(entry.as_json(), evaluators)
        SIGNED.keep(asked, found)
    return found and not evaluators.revoked(entry.evaluator)


def append_signed(
    transaction: Transaction, snapshot: Snapshot, signer: Signer, kind: str, content: Content
) -> int:
    """Append an entry signed by `signer`, the evaluator in force; returns its number.

    That it is signed is known of what was signed here: no later stage verifies it again.

    Raises:
        DayRefused: the day of the snapshot has passed.
    """
    seq = transaction.append(kind, signer, snapshot.on, **content)
    [(name,)] = transaction.query("SELECT hash FROM head")
    SIGNED.keep((name, snapshot.history.evaluators.keys[signer.name]), True)
    return seq


def _chunks(
    decisions: Iterable[Decision], recorded: Mapping[str, Recorded]
) -> Iterator[list[Decision]]:
    fresh = [decision for decision in decisions if decision.unit not in recorded]
    for first in range(0, len(fresh), TOGETHER):
        yield fresh[first : first + TOGETHER]


def record_each(
    snapshot: Snapshot, stage: Stage, decisions: Sequence[Decision], run: str | None = None
) -> tuple[dict[str, Recorded], frozenset[str]]:
    """Put many decisions of a stage on record; those that stand already take no write lock.

    Returns:
        Unit → what is on record now, and the units of which nothing was recorded because something
        came after the snapshot that their decision rests on.

    Raises:
        NoEvaluator, KeyFileRefused: the evaluator's key is not here.
    """
    concluded = Concluded(snapshot)
    recorded = {**already_recorded(snapshot, stage, decisions), **kept_as(concluded, decisions)}
    moved: set[str] = set()
    signer = signer_for(snapshot.home, snapshot.history.evaluators)
    for chunk in _chunks(decisions, recorded):
        with snapshot.ledger.transaction() as transaction:
            since = Since(transaction, snapshot, [decision.unit for decision in chunk])
            for decision in chunk:
                try:
                    made = _record(since, signer, concluded, decision, run)
                    recorded[decision.unit] = made
                except FactsMoved:
                    moved.add(decision.unit)
    return recorded, frozenset(moved)


def _record(
    since: Since,
    signer: Signer,
    concluded: Concluded,
    decision: Decision,
    run: str | None,
) -> Recorded:
    snapshot = concluded.snapshot
    gate = (decision.unit, decision.stage.value)
    if not since.still(decision.unit, decision.stage):
        raise FactsMoved
    transaction = since.transaction
    last = transaction.gate(*gate)
    if last and last[2] == decision.key and signed_of(transaction, snapshot, [last[0]]):
        return Recorded(decision, last[0], new=False)
    before = snapshot.history.current.get(gate)
    if (last[0] if last else 0) != (before.seq if before else 0):
        # Somebody else decided meanwhile, and differently: what was signed may be void by it.
        raise FactsMoved
    if since.position != decision.position:
        if decision.carried:
            # Which submissions brought what was added since somebody signed may be others by now.
            raise FactsMoved
        decision = replace(decision, position=since.position)
    if decision.outcome is not Outcome.OPEN:
        if since.handed_on(decision.unit):
            raise FactsMoved
        if concluded.protects(decision.unit):
            return _object(since, signer, concluded, decision, run)
    try:
        content = entry_of(decision, before, run)
        seq = append_signed(transaction, snapshot, signer, Decided.kind, content)
    except DayRefused as passed:
        raise FactsMoved from passed
    transaction.set_state(
        "INSERT INTO gates VALUES (?, ?, ?, ?, ?) ON CONFLICT (unit, stage) DO UPDATE "
        "SET seq = excluded.seq, outcome = excluded.outcome, decision = excluded.decision",
        *gate, seq, decision.outcome.value, decision.key,
    )  # fmt: skip
    return Recorded(decision, seq, new=True)


def _object(
    since: Since, signer: Signer, concluded: Concluded, decision: Decision, run: str | None
) -> Recorded:
    """Put on record what would close a gate of a concluded unit."""
    history, transaction = concluded.snapshot.history, since.transaction
    content = objection_entry(decision, history.objections.concluded[decision.unit], run)
    name = str(content["objection"])
    known = transaction.query(
        "SELECT seq FROM acts WHERE kind = ? AND payload = ?", Objected.kind, name
    )
    if known:
        seq = int(known[0][0])
        return Recorded(decision, seq, new=False, kept=Kept(seq, objected=True))
    try:
        seq = transaction.act(Objected.kind, name, signer, decision.on, **content)
    except DayRefused as passed:
        raise FactsMoved from passed
    return Recorded(decision, seq, new=True, kept=Kept(seq, objected=True))
