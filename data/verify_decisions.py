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
from typing import Any

from data.acts import LIFT, REFUSED, RULED, SIGNED, VOUCHED, WAIVED, Gate
from data.adoptions import PACK_KINDS
from data.claims import need, texts
from data.evaluators import is_signed
from data.history import CRASH
from data.verify_acts import OBJECTED, Folded, VerifiedAct, policy_of
from data.verify_chain import Content, Fault
from data.verify_context import Context
from data.verify_ground import Ground
from data.verify_objections import Objecting
from data.verify_reviews import DECIDED
from schemas.vocabulary import Outcome, Status

HANDED_ON = "handed-on"
CAUSES = frozenset({"evidence", "waiver", "sign-off", "key", "day", "policy", CRASH})
_STATUSES = frozenset(status.value for status in Status)
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WAIVED_ITEM = 3
_COPIED = ("evidence", "policy", "signers", "sign_offs", "waivers")


def _numbers(value: Any) -> list[int]:
    need(type(value) is list and all(type(one) is int for one in value))
    return list(value)


def _words(value: Any) -> list[str]:
    need(type(value) is list and all(type(one) is str for one in value))
    return list(value)


def _object(value: Any) -> Mapping[str, Any]:
    need(type(value) is dict)
    return dict(value)


def _statuses(findings: Mapping[str, Any]) -> set[str]:
    """The statuses of all checks."""
    found: set[str] = set()
    for statuses in findings.values():
        for status, items in _object(statuses).items():
            need(type(items) is list and items)
            found.add(status)
    need(found <= _STATUSES)
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
        need(reopened is None)
        return
    shown = _object(reopened)
    need(shown.keys() == {"of", "causes"} and type(shown["of"]) is int)
    need(shown["of"] == stood["seq"])
    causes = _words(shown["causes"])
    need(causes and CAUSES.issuperset(causes) and len(set(causes)) == len(causes))


def _carried(entry: Content, seq: int, gate: Gate, context: Context) -> set[int]:
    """The acts on other evidence to which rows were only added since, as the entry says."""
    found: set[int] = set()
    for name, content in entry["carried"].items():
        need(_NUMBER.fullmatch(name) and _object(content).keys() == {"submissions", "rows"})
        act, brought = int(name), _numbers(content["submissions"])
        valid = context.valid_act(act, gate, (SIGNED,), seq)
        need(valid.evidence != entry["evidence"] and act in entry["sign_offs"])
        need(brought and brought == sorted(set(brought)))
        need(all(act < one <= entry["position"] and one in context.taken for one in brought))
        rows = _words(content["rows"])
        need(rows and rows == sorted(rows) and all(map(_DIGEST.fullmatch, rows)))
        found.add(act)
    return found


def _sign_offs(entry: Content, seq: int, gate: Gate, context: Context) -> None:
    carried = _carried(entry, seq, gate, context)
    signed = {one: context.valid_act(one, gate, (SIGNED,), seq) for one in entry["sign_offs"]}
    need(all(one > entry["since"] for one in entry["sign_offs"]))
    need(all(one.evidence == entry["evidence"] or act in carried for act, one in signed.items()))
    officers = sorted(valid.entry["officer"] for valid in signed.values())
    need(len(set(officers)) == len(officers) and officers == sorted(entry["signers"]))
    passed = None
    if entry["outcome"] == Outcome.OPEN.value:
        said = entry["findings"][f"{gate[1]}.sign-off"]
        need(said.keys() == {Status.PASS.value})
        passed = _words(said[Status.PASS.value])
        _unrefused(entry, seq, gate, context)
    need(context.untouched(signed.values(), entry, seq))
    context.asking(entry, seq).signs(
        gate[1], context.where(gate[0]), context.sitting(signed.values()), passed
    )


def _unrefused(entry: Content, seq: int, gate: Gate, context: Context) -> None:
    """Nobody refuses whom the pack in force asks for, or that of the day of the refusal."""
    where, now = context.where(gate[0]), context.asking(entry, seq)
    for valid in context.refusing(gate, seq):
        then = context.asking(valid.entry, valid.entry["seq"])
        refusing = context.sitting([valid])
        need(not any(one.admitted(gate[1], where, refusing) for one in (now, then)))


def _waived_items(findings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for check, statuses in findings.items():
        for item in statuses.get(Status.WAIVED.value, ()):
            yield check, item


def _waivers(entry: Content, seq: int, gate: Gate, context: Context) -> None:
    given = {one: context.valid_act(one, gate, (WAIVED,), seq) for one in entry["waivers"]}
    need(all(valid.entry["until"] >= entry["on"] for valid in given.values()))
    need(context.untouched(given.values(), entry, seq))
    for check, item in _waived_items(entry["findings"]):
        need(type(item) is list and len(item) == _WAIVED_ITEM)
        subject, reason, arguments = item
        need(type(subject) is str and type(reason) is str)
        number = _object(arguments)["entry"]
        need(type(number) is int)
        need(_excepts(given[number], check, subject))
        with_it = [valid for valid in given.values() if _excepts(valid, check, subject)]
        context.asking(entry, seq).waives(check, context.where(gate[0]), context.sitting(with_it))


def _excepts(valid: VerifiedAct, check: str, subject: str) -> bool:
    return (valid.entry["check"], valid.entry["subject"]) == (check, subject)


def _void(entry: Content, seq: int, gate: Gate, context: Context) -> None:
    counted = {*entry["sign_offs"], *entry["waivers"]}
    for name, code in entry["void"].items():
        need(_NUMBER.fullmatch(name) and type(code) is str)
        context.act(int(name), gate, seq)
        need(int(name) not in counted)


def _decided(entry: Content, seq: int, context: Context) -> None:
    unit, stage, outcome, _, policy, _, _ = texts(
        entry, "unit", "stage", "outcome", "on", "policy", "evidence", "decision"
    )
    gate = (unit, stage)
    _numbers([entry["position"], entry["since"]])
    _words(entry["signers"])
    for name in ("sign_offs", "waivers"):
        need(len(set(_numbers(entry[name]))) == len(entry[name]))
    _object(entry["void"])
    _object(entry["carried"])
    findings = _object(entry["findings"])
    need(policy == policy_of(context.folded, entry, seq))
    need(context.moved(gate) <= entry["position"] < seq)
    need(entry["since"] == context.since.get(gate, 0))
    _reopened(entry, context.stood.get(gate))
    context.objecting.closes(entry, seq)
    need(outcome in _OUTCOMES and _outcome_follows(outcome, _statuses(findings)))
    _sign_offs(entry, seq, gate, context)
    _waivers(entry, seq, gate, context)
    _void(entry, seq, gate, context)
    if outcome == Outcome.OPEN.value:
        need(entry["sign_offs"])
        context.opened_before(gate, seq)


def _handed_on(entry: Content, seq: int, context: Context) -> None:
    unit, stage, *_ = texts(entry, "unit", "stage", "digest", "evidence", "policy")
    _words(entry["signers"])
    need(entry["policy"] == policy_of(context.folded, entry, seq))
    _numbers([*_numbers(entry["sign_offs"]), *_numbers(entry["waivers"]), entry["decision"]])
    before = context.decided[unit, stage]
    need(entry["decision"] == before["seq"] and context.is_open((unit, stage), seq))
    need(all(entry[name] == before[name] for name in _COPIED))
    for name, kind in (("sign_offs", SIGNED), ("waivers", WAIVED)):
        for one in entry[name]:
            context.valid_act(one, (unit, stage), (kind,), seq)
    _unrefused(entry, seq, (unit, stage), context)
    context.opened_before((unit, stage), seq)
    context.objecting.hands_on(entry, seq)


def _objected(entry: Content, seq: int, context: Context) -> None:
    moved = context.moved((entry["unit"], entry["stage"]))
    context.objecting.objects(entry, seq, moved, policy_of(context.folded, entry, seq))


def _ruled(entry: Content, seq: int, context: Context) -> None:
    if entry["verdict"] != LIFT:
        context.objecting.rules(entry, seq)
    (ruler,) = context.sitting([context.folded.acts[seq]])
    context.asking(entry, seq).rules(entry["verdict"], context.where(entry["unit"]), ruler)


def _signed(entry: Content, seq: int, context: Context) -> None:
    valid = context.folded.acts[seq]
    if valid.review is not None:
        stands = context.decided[entry["unit"], entry["stage"]]
        context.reviews.compare(entry, valid.review, valid.evidence, stands)


def _vouched(entry: Content, seq: int, context: Context) -> None:
    keys = context.folded.keys.keys
    organs = (keys[entry[name]].organ for name in ("voucher_key", "key"))
    context.asking(entry, seq).vouches(*organs)


def _on_pack(entry: Content, seq: int, context: Context) -> None:
    key = context.folded.keys.keys[entry["key"]]
    context.asking(entry, seq).adopts(key.organ)
    context.ground.topmost(context.listed, key.jurisdiction)


_TESTS = {
    DECIDED: _decided,
    HANDED_ON: _handed_on,
    OBJECTED: _objected,
    RULED: _ruled,
    SIGNED: _signed,
    REFUSED: _signed,
    VOUCHED: _vouched,
    **dict.fromkeys(PACK_KINDS, _on_pack),
}
# What a process that decides puts on record.
_EVALUATED = frozenset({DECIDED, HANDED_ON, OBJECTED})


def decision_fault(entries: Iterable[Content], folded: Folded, ground: Ground) -> Fault | None:
    """The first decision, objection or closing entry that does not follow or that nobody signed.

    It is looked for in a chain whose acts hold, and whose `ground` does.
    """
    context = Context(folded, Objecting(folded), ground)
    for seq, entry in enumerate(entries, start=1):
        test = _TESTS.get(entry["kind"])
        try:
            if test:
                test(entry, seq, context)
                if entry["kind"] in _EVALUATED and not is_signed(entry, folded.evaluators):
                    return Fault(seq, "evaluator")
            context.take(entry, seq)
        except Exception:
            # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
            return Fault(seq, "decision")
    return None
