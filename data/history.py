"""The history of a cycle up to an entry: what decisions rest on besides the registers.

Rules: it follows from the entries alone, in their order, so that a decision of any day can be
looked at as it was then. A gate that stood open and was closed needs new signatures: what was
signed up to that entry does not count any more, unless only a crash closed it, which is no answer.
Whether an act counts for its gate is answered here for whoever asks: what the record alone says is
as of its end; what depends on the registers is as the decision that stands found it, and open
for what came after that decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from data.acts import DELIVERED, LIFT, Acts, Gate, Keyring, key_fault, undone, withdrawal_fault
from data.adoptions import Packs
from data.days import Reached
from data.evaluators import Evaluators
from data.ledger import Reader, checked_entry
from data.objections import RESULT, Objections
from schemas.entries import (
    Checkpointed,
    Confirmed,
    Decided,
    Delivered,
    Entry,
    EvaluatorAct,
    GateAct,
    HandedOn,
    KeyAct,
    Objected,
    Opened,
    PackAct,
    Proposed,
    Refused,
    Reminded,
    Ruled,
    Signed,
    Submitted,
    Waived,
    Withdrawn,
)
from schemas.vocabulary import Outcome

# The one cause of a closing after which signatures still count.
CRASH = "check"


@dataclass(frozen=True)
class CurrentDecision:
    """The decision that stands for a gate; sign-offs up to the entry `since` count no more.

    `carried` are acts that count though rows were added since; `opened` is the one that stood open,
    where nothing but crashes closed the gate since.
    """

    seq: int
    outcome: str
    decision: str
    on: str
    policy: str
    evidence: str
    position: int
    sign_offs: tuple[int, ...]
    waivers: tuple[int, ...]
    void: Mapping[int, str]
    carried: Collection[int]
    barred: Mapping[str, str]
    since: int
    opened: CurrentDecision | None = None

    @property
    def stood(self) -> CurrentDecision | None:
        """The open decision that is closed for good by one that names a cause."""
        return self if self.outcome == Outcome.OPEN else self.opened


def current_after(entry: Decided, before: CurrentDecision | None) -> CurrentDecision:
    """The decision of an entry, which stands after `before`."""
    crashed = entry.reopened is not None and entry.reopened.causes == (CRASH,)
    since = before.since if before else entry.since
    return CurrentDecision(
        entry.seq,
        entry.outcome,
        entry.decision,
        entry.on,
        entry.policy,
        entry.evidence,
        entry.position,
        entry.sign_offs,
        entry.waivers,
        entry.void,
        entry.carried.keys(),
        entry.barred,
        entry.seq if entry.reopened and not crashed else since,
        before.stood if before and crashed else None,
    )


COUNTS, VOID, UNDECIDED, UNUSED = "counts", "void", "undecided", "unused"
# Why an act does not count, as far as the record answers it anew whenever it is asked; what a
# decision said of these is as old as the decision.
_REASSESSED = frozenset({
    "withdrawn", "lifted", "no-key", "one-voucher", "other-key", "key-revoked", "key-replaced",
    "reopened", "expired",
})  # fmt: skip
# What depends on the other acts about the gate.
_BY_OTHERS = frozenset({"stands-refused", "twice", "incomplete"})


@dataclass(frozen=True)
class Weight:
    """Whether an act counts for its gate, and if not why.

    `state` is `counts`, `void` (`code` says why, as in `schemas.refusals`), `unused` (a waiver in
    force of which there was no need) or `undecided` (the gate has not been decided with it).
    """

    state: str
    code: str = ""


@dataclass(frozen=True)
class Submission:
    """A submission with accepted rows, and who delivered it."""

    seq: int
    register: str
    mode: str
    blob: str
    officer: str


@dataclass
class History:
    """What the entries so far say; `cycle` is the hash of the first one.

    `evidence` is the scheme of its evidence digests, empty where the first entry names none;
    `latest` is the day that the record has reached.

    `reminded` has the deadlines that were reminded of, `waiting` by its entry each delivery that
    nobody confirmed or declined yet; `checkpoints` has by its size the note of each on record.
    """

    cycle: str = ""
    seq: int = 0
    position: int = 0
    evidence: str = ""
    historical: bool = False
    latest: str = ""
    packs: Packs = field(default_factory=Packs)
    acts: Acts = field(default_factory=Acts)
    evaluators: Evaluators = field(default_factory=Evaluators)
    current: dict[Gate, CurrentDecision] = field(default_factory=dict)
    objections: Objections = field(default_factory=Objections)
    deliveries: list[Submission] = field(default_factory=list)
    reminded: set[tuple[str, ...]] = field(default_factory=set)
    waiting: dict[int, Proposed] = field(default_factory=dict)
    checkpoints: dict[int, str] = field(default_factory=dict)

    def copy(self) -> History:
        """The same history, to be followed on its own."""
        return replace(
            self,
            packs=self.packs.copy(),
            acts=self.acts.copy(),
            evaluators=self.evaluators.copy(),
            current=dict(self.current),
            objections=self.objections.copy(),
            deliveries=list(self.deliveries),
            reminded=set(self.reminded),
            waiting=dict(self.waiting),
            checkpoints=dict(self.checkpoints),
        )

    def take(self, entry: Entry) -> None:
        """Follow one entry."""
        self.seq, self.latest = entry.seq, entry.on
        match entry:
            case Opened():
                self.packs.open(entry.pack, entry.policy)
                self.evidence, self.historical = entry.evidence, entry.historical
                self.evaluators.open(entry.evaluator, entry.public)
                self.acts.keys = Keyring(entry.founders)
            case Submitted(blob=str(blob)):
                self.position = entry.seq
                self.deliveries.append(
                    Submission(entry.seq, entry.register, entry.mode, blob, entry.officer)
                )
            case Decided():
                self.current[entry.gate] = current_after(entry, self.current.get(entry.gate))
                self.objections.take(entry)
            case HandedOn() | Objected():
                self.objections.take(entry)
            case Reminded():
                self.reminded.add(entry.identity)
            case Checkpointed():
                self.checkpoints[entry.size] = entry.note
            case _:
                self._take_act(entry)

    def _take_act(self, entry: Entry) -> None:
        """Follow what somebody signed."""
        match entry:
            case KeyAct() | GateAct() | Delivered():
                self.position = entry.seq
                self.acts.take(entry)
                if isinstance(entry, Ruled):
                    self.objections.take(entry)
            case Proposed():
                self.acts.take(entry)
                self.waiting[entry.seq] = entry
            case Confirmed():
                self.acts.take(entry)
                self.waiting.pop(entry.of, None)
            case EvaluatorAct():
                self.position = entry.seq
                self.evaluators.take(entry, self.acts.keys)
                self.acts.payloads.add(entry.payload)
            case PackAct():
                self.position = entry.seq
                self.packs.take(entry)
                self.acts.payloads.add(entry.payload)

    @property
    def reached(self) -> Reached:
        """The day that the record has reached."""
        return Reached(self.historical, date.fromisoformat(self.latest) if self.latest else None)

    def weight(self, act: GateAct) -> Weight:
        """Whether what an officer did about a gate counts, and if not why."""
        if isinstance(act, Ruled):
            return self._ruling(act)
        if isinstance(act, Withdrawn):
            taken, keys = self.acts.at(act.of), self.acts.keys
            code = withdrawal_fault(act, taken, keys, self.cycle)
            return Weight(VOID if code else COUNTS, code)
        current = self.current.get(act.gate)
        if code := self._fault(act, current):
            return Weight(VOID, code)
        if current is None or act.seq > current.position or act.seq in current.void:
            return Weight(UNDECIDED)
        if isinstance(act, Waived) and act.seq not in current.waivers:
            return Weight(UNUSED)
        return Weight(COUNTS)

    def _ruling(self, act: Ruled) -> Weight:
        if act.verdict == LIFT:
            code = key_fault(act, self.acts.keys)
            return Weight(VOID if code else COUNTS, code)
        one = self.objections.raised.get(act.of)
        if one is None:
            return Weight(VOID, "no-objection")
        code = self.objections.settled(one, self.acts.keys).void.get(act.seq, "")
        return Weight(VOID if code else COUNTS, code)

    def _fault(self, act: GateAct, current: CurrentDecision | None) -> str:
        acts = self.acts.of(*act.gate)
        if code := undone(acts, self.acts.keys, self.cycle).get(act.seq):
            return code
        if code := key_fault(act, self.acts.keys):
            return code
        if isinstance(act, Waived) and act.until < self.latest:
            return "expired"
        if current is None:
            return ""
        code = current.void.get(act.seq, "")
        moved = code in _BY_OTHERS and acts[-1].seq > current.position
        if code and code not in _REASSESSED and not moved:
            return code
        if isinstance(act, Signed) and act.seq <= current.since:
            return "reopened"
        another = isinstance(act, Signed) and act.said.evidence != current.evidence
        another = another and act.seq not in current.carried
        return "other-evidence" if another else ""

    def on_other_evidence(self, gate: Gate) -> tuple[GateAct, ...]:
        """What officers last signed or refused of a gate, where its evidence is another by now."""
        current = self.current.get(gate)
        acts = (act for act in self.acts.of(*gate) if isinstance(act, Signed | Refused))
        newest = {act.officer: act for act in acts}
        return tuple(
            act
            for act in newest.values()
            if current and act.said.evidence not in ("", current.evidence)
            if self.weight(act).code in ("", "other-evidence")
        )

    def stood_open(self, gate: Gate) -> CurrentDecision | None:
        """The decision of a gate if it stands open."""
        found = self.current.get(gate)
        return found if found and found.outcome == Outcome.OPEN else None

    def undermining(self, gate: Gate) -> list[int]:
        """Acts that say otherwise by now than the decision by which a gate stands open.

        Those on which it rests and that count no more, and refusals since; none that an objection
        was raised by.
        """
        stood = self.stood_open(gate)
        if stood is None:
            return []
        raised = (one for one in self.objections.of(gate[0]) if one.gate == gate)
        if any(one.seq > stood.seq for one in raised):
            return []
        rests = {*stood.sign_offs, *stood.waivers}
        return [
            act.seq
            for act in self.acts.of(*gate)
            if act.seq in rests or isinstance(act, Refused)
            if self.weight(act).state == (VOID if act.seq in rests else UNDECIDED)
        ]

    def submissions(self) -> dict[str, list[tuple[str, str]]]:
        """Register → its submissions as (mode, blob), oldest first."""
        return submissions_in(self.deliveries)


def submissions_in(deliveries: Iterable[Submission]) -> dict[str, list[tuple[str, str]]]:
    """Register → its submissions as (mode, blob), in the order of `deliveries`."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in deliveries:
        found.setdefault(one.register, []).append((one.mode, one.blob))
    return found


# What every partial history has: the first entry, the keys, and the last one with its day.
_ALWAYS = (
    "seq = 1 OR seq = (SELECT seq FROM head) OR "  # noqa: S608 (our own words)
    f"seq IN (SELECT seq FROM acts WHERE unit = '' AND kind <> '{DELIVERED}')"
)


def history_of_gates(reader: Reader, condition: str, *values: object) -> History:
    """What the ledger says of some gates as they stand: keys, decisions, acts about them.

    Of their units it has what handed on their results too, so that whoever asks for all gates of a
    unit learns whether it is concluded.

    Args:
        reader: the ledger; its entries are held against their hashes, and no more.
        condition: SQL on the columns `unit`, `stage` and `outcome` of the table `gates`.
        values: what its question marks stand for.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    gates = f"(SELECT unit, stage, seq FROM gates WHERE {condition})"  # noqa: S608 (our own words)
    rows = reader.query(
        "SELECT seq, hash, body FROM entries WHERE "  # noqa: S608
        f"{_ALWAYS} OR seq IN (SELECT g.seq FROM {gates} g) OR seq IN (SELECT a.seq FROM acts a "
        f"JOIN {gates} g ON a.unit = g.unit AND a.stage = g.stage) OR seq IN (SELECT h.seq FROM "
        f"handed_on h JOIN {gates} g ON h.unit = g.unit WHERE h.stage = '{RESULT}') ORDER BY seq",
        *values,
        *values,
        *values,
    )
    entries = (checked_entry(int(seq), str(name), bytes(body)) for seq, name, body in rows)
    return history_of(str(rows[0][1]) if rows else "", entries)


def keyring(reader: Reader) -> Keyring:
    """Every officer's key on record.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    return history_of_gates(reader, "1 = 0").acts.keys


def objected_units(reader: Reader) -> History:
    """What the ledger says of the units to which anything was ever objected; nothing without.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    if not reader.query("SELECT 1 FROM acts WHERE kind = ? LIMIT 1", Objected.kind):
        return History()
    objected = f"SELECT unit FROM acts WHERE kind = '{Objected.kind}'"  # noqa: S608 (our own)
    return history_of_gates(reader, f"unit IN ({objected})")


def history_of(cycle: str, entries: Iterable[Entry]) -> History:
    """The history in `entries`; `cycle` is the hash of the first."""
    history = History(cycle)
    for entry in entries:
        history.take(entry)
    return history
