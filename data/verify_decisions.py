"""Verification of decisions and closing entries: each follows from the acts before it.

Rules: docs/history.md, "Decisions". What is looked at here is what the ledger itself can show:
that signatures and waivers that were counted stood, were given for this evidence and after the
gate was last closed, by officers whom the pack admits, and that an open gate has all that the pack
demands and no refusal that stands; whether the checks answered rightly is the
question of a replay. Like `data.verify_acts` it is a second reading of what was written, beside the
one that the gates go by (`data.history`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.acts import GATE_KINDS, KEY_KINDS, LIFT, REFUSED, RULED, SIGNED, WAIVED, WITHDRAWN
from data.adoptions import PACK_KINDS
from data.claims import texts
from data.evaluators import EVALUATOR_KINDS, is_signed
from data.history import CRASH
from data.verify_acts import OBJECTED, Folded, Told, policy_of
from data.verify_chain import Content, Fault
from data.verify_ground import LISTED, Asking, Ground, Sitting, Where
from data.verify_objections import Objecting
from schemas.authority import LIFTING
from schemas.vocabulary import STAGES, Outcome, Status

DECIDED = "decided"
HANDED_ON = "handed-on"
SUBMITTED = "submitted"
CAUSES = frozenset({"evidence", "waiver", "sign-off", "key", "day", "policy", CRASH})
_STAGES = [stage.value for stage in STAGES]
_STATUSES = frozenset(status.value for status in Status)
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
ACCEPT = "accept"
_WAIVED_ITEM = 3
_OF_ALL_GATES = KEY_KINDS | EVALUATOR_KINDS | PACK_KINDS
_COPIED = ("evidence", "policy", "signers", "sign_offs", "waivers")

Gate = tuple[str, str]  # unit, stage


class DecisionError(ValueError):
    """A decision that does not follow."""


def _need(condition: object) -> None:
    if not condition:
        raise DecisionError("condition")


def _numbers(value: Any) -> list[int]:
    _need(type(value) is list and all(type(one) is int for one in value))
    return list(value)


def _words(value: Any) -> list[str]:
    _need(type(value) is list and all(type(one) is str for one in value))
    return list(value)


def _object(value: Any) -> Mapping[str, Any]:
    _need(type(value) is dict)
    return dict(value)


@dataclass
class _Seen:
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
            if kind == WITHDRAWN:
                self.withdrawals.setdefault(entry["of"], []).append(seq)
            elif kind == REFUSED:
                self.refusals.setdefault((entry["unit"], entry["stage"]), []).append(seq)
            elif kind == RULED and entry["verdict"] == LIFT:
                self.lifts.setdefault(entry["of"], []).append(seq)
        elif kind == DECIDED:
            gate = (entry["unit"], entry["stage"])
            self.decided[gate] = entry
            if entry["outcome"] == Outcome.OPEN.value:
                self.stood[gate] = entry
            elif entry["reopened"] is not None and entry["reopened"]["causes"] != [CRASH]:
                self.since[gate] = seq
                del self.stood[gate]

    def moved(self, gate: Gate) -> int:
        """The last entry that a decision of the gate rests on."""
        return max(self.last_common, self.last_of_gate.get(gate, 0))

    def standing(self, act: int, gate: Gate, kinds: Iterable[str], seq: int) -> Told:
        """An act of the gate of one of `kinds` that stands at `seq`.

        Raises:
            KeyError, DecisionError: there is none, or it does not.
        """
        told = self.act(act, gate, seq)
        _need(told.entry["kind"] in kinds and self._unrevoked(told, seq))
        for withdrawal in self.withdrawals.get(act, ()):
            _need(not self._unrevoked(self.folded.acts[withdrawal], seq))
        return told

    def act(self, act: int, gate: Gate, seq: int) -> Told:
        """An act of the gate before `seq`.

        Raises:
            KeyError, DecisionError: it is none.
        """
        told = self.folded.acts[act]
        _need(act < seq and told.entry["kind"] in GATE_KINDS)
        _need((told.entry["unit"], told.entry["stage"]) == gate)
        return told

    def refusing(self, gate: Gate, seq: int) -> list[Told]:
        """The refusals of the gate that nobody took back by `seq`, also under revoked keys."""
        found = [one for one in self.refusals.get(gate, ()) if not self._taken_back(one, seq)]
        return [self.folded.acts[one] for one in found]

    def _taken_back(self, refusal: int, seq: int) -> bool:
        withdrawn = (self.folded.acts[one] for one in self.withdrawals.get(refusal, ()))
        lifted = [self.folded.acts[one] for one in self.lifts.get(refusal, ())]
        standing = (one for one in lifted if self._unrevoked(one, seq))
        organs = {self.folded.keys.keys[one.key].organ for one in standing}
        return any(self._unrevoked(one, seq) for one in withdrawn) or len(organs) >= LIFTING

    def _unrevoked(self, told: Told, seq: int) -> bool:
        return not 0 < self.folded.keys.keys[told.key].revoked < seq

    def where(self, unit: str) -> Where:
        """Where a unit stands.

        Raises:
            KeyError: nobody listed it.
        """
        return self.ground.where(self.listed, unit)

    def asking(self, entry: Content, seq: int) -> Asking:
        """What the pack in force at an entry asks for."""
        return self.ground.asking(policy_of(self.folded, entry, seq))

    def untouched(self, told: Iterable[Told], entry: Content, seq: int) -> bool:
        """Whether every pack in force since acts were signed asks the same of the gate."""
        packs, acts = self.folded.packs, [(act.entry["on"], act.entry["seq"]) for act in told]
        passed = {name for one in acts for name in packs.between(one, (entry["on"], seq))}
        return self.ground.alike(passed, entry["stage"], self.where(entry["unit"]))

    def sitting(self, told: Iterable[Told]) -> list[Sitting]:
        """Who acted, and for which organ and place their keys stand."""
        keys = ((one.entry["officer"], self.folded.keys.keys[one.key]) for one in told)
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
            ValueError, KeyError, DecisionError: one does not, or there is no such stage.
        """
        unit, stage = gate
        for one in _STAGES[: _STAGES.index(stage)]:
            _need(self.is_open((unit, one), seq))


def _statuses(findings: Mapping[str, Any]) -> set[str]:
    """The statuses of all checks."""
    found: set[str] = set()
    for statuses in findings.values():
        for status, items in _object(statuses).items():
            _need(type(items) is list and items)
            found.add(status)
    _need(found <= _STATUSES)
    return found


def _outcome_follows(outcome: str, said: set[str]) -> bool:
    if Status.FAIL.value in said:
        return outcome == Outcome.BLOCKED.value
    closed = {Status.MISSING.value, Status.NOT_YET.value}
    may_open = Status.PASS.value in said and said.isdisjoint(closed)
    return outcome == Outcome.WAITING.value or (may_open and outcome == Outcome.OPEN.value)


def _reopened(entry: Content, stood: Content | None) -> None:
    reopened = entry["reopened"]
    if stood is None or entry["outcome"] == Outcome.OPEN.value:
        _need(reopened is None)
        return
    shown = _object(reopened)
    _need(shown.keys() == {"of", "causes"} and type(shown["of"]) is int)
    _need(shown["of"] == stood["seq"])
    causes = _words(shown["causes"])
    _need(causes and CAUSES.issuperset(causes) and len(set(causes)) == len(causes))


def _carried(entry: Content, seq: int, gate: Gate, seen: _Seen) -> set[int]:
    """The acts on other evidence to which rows were only added since, as the entry says."""
    found: set[int] = set()
    for name, content in entry["carried"].items():
        _need(_NUMBER.fullmatch(name) and _object(content).keys() == {"submissions", "rows"})
        act, brought = int(name), _numbers(content["submissions"])
        told = seen.standing(act, gate, (SIGNED,), seq)
        _need(told.evidence != entry["evidence"] and act in entry["sign_offs"])
        _need(brought and brought == sorted(set(brought)))
        _need(all(act < one <= entry["position"] and one in seen.taken for one in brought))
        rows = _words(content["rows"])
        _need(rows and rows == sorted(rows) and all(map(_DIGEST.fullmatch, rows)))
        found.add(act)
    return found


def _sign_offs(entry: Content, seq: int, gate: Gate, seen: _Seen) -> None:
    carried = _carried(entry, seq, gate, seen)
    signed = {one: seen.standing(one, gate, (SIGNED,), seq) for one in entry["sign_offs"]}
    _need(all(one > entry["since"] for one in entry["sign_offs"]))
    _need(all(told.evidence == entry["evidence"] or act in carried for act, told in signed.items()))
    officers = sorted(told.entry["officer"] for told in signed.values())
    _need(len(set(officers)) == len(officers) and officers == sorted(entry["signers"]))
    passed = None
    if entry["outcome"] == Outcome.OPEN.value:
        said = entry["findings"][f"{gate[1]}.sign-off"]
        _need(said.keys() == {Status.PASS.value})
        passed = _words(said[Status.PASS.value])
        _unrefused(entry, seq, gate, seen)
    _need(seen.untouched(signed.values(), entry, seq))
    seen.asking(entry, seq).signs(
        gate[1], seen.where(gate[0]), seen.sitting(signed.values()), passed
    )


def _unrefused(entry: Content, seq: int, gate: Gate, seen: _Seen) -> None:
    """Nobody refuses whom the pack in force asks for, or that of the day of the refusal."""
    where, now = seen.where(gate[0]), seen.asking(entry, seq)
    for told in seen.refusing(gate, seq):
        then = seen.asking(told.entry, told.entry["seq"])
        refusing = seen.sitting([told])
        _need(not any(one.admitted(gate[1], where, refusing) for one in (now, then)))


def _waived_items(findings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for check, statuses in findings.items():
        for item in statuses.get(Status.WAIVED.value, ()):
            yield check, item


def _waivers(entry: Content, seq: int, gate: Gate, seen: _Seen) -> None:
    given = {one: seen.standing(one, gate, (WAIVED,), seq) for one in entry["waivers"]}
    _need(all(told.entry["until"] >= entry["on"] for told in given.values()))
    _need(seen.untouched(given.values(), entry, seq))
    for check, item in _waived_items(entry["findings"]):
        _need(type(item) is list and len(item) == _WAIVED_ITEM)
        subject, reason, arguments = item
        _need(type(subject) is str and type(reason) is str)
        number = _object(arguments)["entry"]
        _need(type(number) is int)
        _need(_excepts(given[number], check, subject))
        with_it = [told for told in given.values() if _excepts(told, check, subject)]
        seen.asking(entry, seq).waives(check, seen.where(gate[0]), seen.sitting(with_it))


def _excepts(told: Told, check: str, subject: str) -> bool:
    return (told.entry["check"], told.entry["subject"]) == (check, subject)


def _void(entry: Content, seq: int, gate: Gate, seen: _Seen) -> None:
    counted = {*entry["sign_offs"], *entry["waivers"]}
    for name, code in entry["void"].items():
        _need(_NUMBER.fullmatch(name) and type(code) is str)
        seen.act(int(name), gate, seq)
        _need(int(name) not in counted)


def _decided(entry: Content, seq: int, seen: _Seen) -> None:
    unit, stage, outcome, _, policy, _, _ = texts(
        entry, "unit", "stage", "outcome", "on", "policy", "evidence", "decision"
    )
    gate = (unit, stage)
    _numbers([entry["position"], entry["since"]])
    _words(entry["signers"])
    for name in ("sign_offs", "waivers"):
        _need(len(set(_numbers(entry[name]))) == len(entry[name]))
    _object(entry["void"])
    _object(entry["carried"])
    findings = _object(entry["findings"])
    _need(policy == policy_of(seen.folded, entry, seq))
    _need(seen.moved(gate) <= entry["position"] < seq)
    _need(entry["since"] == seen.since.get(gate, 0))
    _reopened(entry, seen.stood.get(gate))
    seen.objecting.closes(entry, seq)
    _need(outcome in _OUTCOMES and _outcome_follows(outcome, _statuses(findings)))
    _sign_offs(entry, seq, gate, seen)
    _waivers(entry, seq, gate, seen)
    _void(entry, seq, gate, seen)
    if outcome == Outcome.OPEN.value:
        _need(entry["sign_offs"])
        seen.opened_before(gate, seq)


def _handed_on(entry: Content, seq: int, seen: _Seen) -> None:
    unit, stage, *_ = texts(entry, "unit", "stage", "digest", "evidence", "policy")
    _words(entry["signers"])
    _need(entry["policy"] == policy_of(seen.folded, entry, seq))
    _numbers([*_numbers(entry["sign_offs"]), *_numbers(entry["waivers"]), entry["decision"]])
    before = seen.decided[unit, stage]
    _need(entry["decision"] == before["seq"] and seen.is_open((unit, stage), seq))
    _need(all(entry[name] == before[name] for name in _COPIED))
    for name, kind in (("sign_offs", SIGNED), ("waivers", WAIVED)):
        for one in entry[name]:
            seen.standing(one, (unit, stage), (kind,), seq)
    _unrefused(entry, seq, (unit, stage), seen)
    seen.opened_before((unit, stage), seq)
    seen.objecting.hands_on(entry, seq)


def _objected(entry: Content, seq: int, seen: _Seen) -> None:
    moved = seen.moved((entry["unit"], entry["stage"]))
    seen.objecting.objects(entry, seq, moved, policy_of(seen.folded, entry, seq))


def _ruled(entry: Content, seq: int, seen: _Seen) -> None:
    if entry["verdict"] != LIFT:
        seen.objecting.rules(entry, seq)
    (ruler,) = seen.sitting([seen.folded.acts[seq]])
    seen.asking(entry, seq).rules(entry["verdict"], seen.where(entry["unit"]), ruler)


def _on_pack(entry: Content, seq: int, seen: _Seen) -> None:
    key = seen.folded.keys.keys[entry["key"]]
    seen.asking(entry, seq).adopts(key.organ)
    seen.ground.topmost(seen.listed, key.jurisdiction)


_TESTS = {
    DECIDED: _decided,
    HANDED_ON: _handed_on,
    OBJECTED: _objected,
    RULED: _ruled,
    **dict.fromkeys(PACK_KINDS, _on_pack),
}
# What a process that decides puts on record.
_EVALUATED = frozenset({DECIDED, HANDED_ON, OBJECTED})


def decision_fault(entries: Iterable[Content], folded: Folded, ground: Ground) -> Fault | None:
    """The first decision, objection or closing entry that does not follow or that nobody signed.

    It is looked for in a chain whose acts hold, and whose `ground` does.
    """
    seen = _Seen(folded, Objecting(folded), ground)
    for seq, entry in enumerate(entries, start=1):
        test = _TESTS.get(entry["kind"])
        try:
            if test:
                test(entry, seq, seen)
                if entry["kind"] in _EVALUATED and not is_signed(entry, folded.evaluators):
                    return Fault(seq, "evaluator")
            seen.take(entry, seq)
        except Exception:
            # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
            return Fault(seq, "decision")
    return None
