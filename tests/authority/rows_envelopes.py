"""Attempts with a signature for something else, one used before, or one that was edited."""

import base64
import json
from collections.abc import Callable
from typing import Any

from data.acts import REFUSED
from schemas.entries import Signed
from schemas.envelopes import Enveloped, public_text, sealed
from schemas.statements import BareSignOff, KeyAct, Waiver, Withdrawal, statement
from schemas.vocabulary import Stage
from tasks.officers import signing
from tasks.officers.gates import Gates
from tests.authority.attempts import Attempt, Tries
from tests.authority.scene import (
    ANOTHER,
    CITY_SECRETARY,
    DISCIPLINE,
    OTHER,
    PLACE,
    SECRETARY,
    TALKS,
    UNIT,
    Case,
    case_of,
)
from tests.support import cycle
from tests.support.reviews import review
from tests.support.signing import act_of, who

Envelope = dict[str, Any]
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ANYTHING = "a" * 64


def said(**changes: Any) -> Tries:
    """The secretary signs a statement that is honest but for `changes`."""
    return lambda case: case.hand_in(case.envelope(case.said(**changes)))


def _other_unit(case: Case) -> None:
    made = act_of(Gates(case.recorder, Stage.PLAN, PLACE), OTHER, SECRETARY)
    case.hand_in(made.envelope)


def _other_cycle(case: Case) -> None:
    """The same officers with the same keys, on the same evidence, in another cycle."""
    other = case_of("panels", case.home.path.with_name("other"))
    case.hand_in(case.envelope(case.said(cycle=other.recorder.history.cycle)))


def _refusal(case: Case) -> None:
    gates = Gates(case.recorder, Stage.PLAN, UNIT)
    made = act_of(gates, UNIT, SECRETARY, REFUSED, ANYTHING)
    case.hand_in(made.envelope)


def _who(case: Case) -> dict[str, str]:
    return {**case.recorder.said(who(SECRETARY)), "reason": ""}


def _waiver(case: Case) -> None:
    predicate = Waiver(
        **_who(case),
        unit=UNIT,
        stage="plan",
        check=TALKS,
        subject=ANOTHER,
        policy=case.recorder.whole.pack.digest,
        until="2017-01-10",
    )
    case.hand_in(case.envelope(predicate))


def _withdrawal(case: Case) -> None:
    case.hand_in(case.envelope(Withdrawal(**_who(case), unit=UNIT, stage="plan")))


def _key_act(case: Case) -> None:
    key = case.recorder.history.acts.keys.of(SECRETARY)
    assert key
    public = public_text(key.public)
    predicate = KeyAct(**_who(case), act="enrol", public=public, previous="", by=SECRETARY)
    case.hand_in(case.envelope(predicate))


def _replayed(case: Case) -> None:
    envelope = case.envelope()
    case.hand_in(envelope)
    case.hand_in(envelope)


def _after_withdrawal(case: Case) -> None:
    envelope = case.envelope()
    signing.withdraw(case.recorder, case.hand_in(envelope), who(SECRETARY))
    case.hand_in(envelope)


def _after_reopening(case: Case) -> None:
    opened = [one for one in case.recorder.ledger.entries() if isinstance(one, Signed)]
    mine = next(one for one in opened if one.officer == SECRETARY)
    case.hand_in(mine.envelope)


def edited(edit: Callable[[Envelope], Enveloped]) -> Tries:
    """An honest envelope is edited before it is handed in."""
    return lambda case: case.hand_in(edit(json.loads(json.dumps(case.envelope()))))


def _with(**fields: object) -> Callable[[Envelope], Enveloped]:
    return lambda envelope: {**envelope, **fields}


def _signature(**fields: str) -> Callable[[Envelope], Enveloped]:
    return lambda one: {**one, "signatures": [{**one["signatures"][0], **fields}]}


def _to_open(case: Case) -> None:
    """A refusal is edited into a sign-off."""
    made = case.envelope(case.said(decision="refuse"))
    payload = base64.b64decode(made["payload"]).replace(b'"refuse"', b'"open"')
    case.hand_in({**made, "payload": base64.b64encode(payload).decode()})


def _flipped(envelope: Envelope) -> Enveloped:
    raw = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))
    raw[0] ^= 1
    return _signature(sig=base64.b64encode(raw).decode())(envelope)


def _spare_bits(envelope: Envelope) -> Enveloped:
    """Other base64 of the same signature: the last character has bits that mean nothing."""
    text = envelope["signatures"][0]["sig"]
    assert text.endswith("==")
    last = BASE64[BASE64.index(text[-3]) | 1]
    return _signature(sig=f"{text[:-3]}{last}==")(envelope)


def _broken_lines(envelope: Envelope) -> Enveloped:
    text = envelope["payload"]
    return {**envelope, "payload": f"{text[:76]}\n{text[76:]}"}


def _countersigned(case: Case) -> None:
    payload = statement(case.said(), case.evidence).payload()
    case.hand_in(sealed(payload, who(SECRETARY).private, who(DISCIPLINE).private))


def _not_canonical(case: Case) -> None:
    payload = json.loads(statement(case.said(), case.evidence).payload())
    case.hand_in(sealed(json.dumps(payload, indent=1).encode(), who(SECRETARY).private))


def _more_said(case: Case) -> None:
    payload = json.loads(statement(case.said(), case.evidence).payload())
    payload["predicate"]["note"] = "?"
    content = json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()
    case.hand_in(sealed(content, who(SECRETARY).private))


def in_days(days: int) -> Tries:
    """A statement says another time."""
    return lambda case: case.hand_in(case.envelope(case.said(time=case.in_days(days))))


FOR_SOMETHING_ELSE = [
    Attempt("for other evidence", "short", "other-evidence",
            lambda case: case.hand_in(case.envelope(evidence=ANYTHING))),
    Attempt("for another unit", "short", "other-unit", _other_unit),
    Attempt("for another stage", "short", "other-stage", said(stage="nomination")),
    Attempt("under another policy", "short", "other-policy", said(policy=ANYTHING)),
    Attempt("for another cycle", "short", "other-cycle", _other_cycle),
    Attempt("a refusal as a sign-off", "short", "other-act", _refusal),
    Attempt("a waiver as a sign-off", "short", "other-act", _waiver),
    Attempt("a withdrawal as a sign-off", "short", "other-act", _withdrawal),
    Attempt("a key statement as a sign-off", "short", "other-act", _key_act),
    Attempt("naming another officer", "short", "other-officer", said(officer=CITY_SECRETARY)),
    Attempt("naming another organ", "short", "other-officer", said(organ="united-front")),
    Attempt("naming another place", "short", "other-officer", said(jurisdiction="640300")),
    Attempt("handed in for another officer", "short", "other-key",
            lambda case: case.hand_in(case.envelope(), CITY_SECRETARY, who(SECRETARY).key),
            by=CITY_SECRETARY),
    Attempt("two days ahead", "short", "time", in_days(2)),
    Attempt("two days behind", "short", "time", in_days(-2)),
]  # fmt: skip

USED_BEFORE = [
    Attempt("handed in twice", "panels", "replayed", _replayed),
    Attempt("replayed after withdrawal", "short", "replayed", _after_withdrawal),
    Attempt("replayed after reopening", "reclosed", "replayed", _after_reopening),
]

EDITED = [
    Attempt("edited payload", "short", "envelope", _to_open),
    Attempt("edited signature", "short", "envelope", edited(_flipped)),
    Attempt("edited payload type", "short", "envelope",
            edited(_with(payloadType="application/json"))),
    Attempt("edited key id", "short", "envelope", edited(_signature(keyid=who(DISCIPLINE).key))),
    Attempt("another field in the envelope", "short", "envelope", edited(_with(note="?"))),
    Attempt("another field in the signature", "short", "envelope", edited(_signature(note="?"))),
    Attempt("no signature at all", "short", "envelope", edited(_with(signatures=[]))),
    Attempt("the same signature twice", "short", "envelope",
            edited(lambda one: {**one, "signatures": one["signatures"] * 2})),
    Attempt("one signature too many", "short", "envelope", _countersigned),
    Attempt("other base64 of the payload", "short", "envelope", edited(_broken_lines)),
    Attempt("other base64 of the signature", "short", "envelope", edited(_spare_bits)),
    Attempt("no base64", "short", "envelope", edited(_with(payload="!"))),
    Attempt("properly signed JSON of another form", "short", "envelope", _not_canonical),
    Attempt("a properly signed statement that says more", "short", "envelope", _more_said),
    Attempt("no envelope", "short", "envelope", lambda case: case.hand_in({})),
]  # fmt: skip


def _before_said(case: Case) -> None:
    """What a release before this one signed says nothing of what was looked at."""
    own = case.said().model_dump()
    bare = {name: own[name] for name in BareSignOff.model_fields}
    case.hand_in(case.envelope(BareSignOff.model_validate(bare)))


def _found(edit: Callable[[dict[str, dict[str, int]]], object]) -> Tries:
    """An officer signs other findings than there were."""

    def tries(case: Case) -> None:
        findings = case.said().findings
        edit(findings)
        case.hand_in(case.envelope(case.said(findings=findings)))

    return tries


def _of_another_gate(case: Case) -> None:
    """The decision that is named is one on the other gate."""
    other = next(one for one in cycle.entries(case.home, "decided") if one["unit"] == OTHER)
    case.hand_in(case.envelope(case.said(decided=other["seq"])))


def _of_other_evidence(case: Case) -> None:
    """What is told is true of the decision before, and that is one on other evidence."""
    mine = [one for one in cycle.entries(case.home, "decided") if one["unit"] == UNIT]
    case.hand_in(case.envelope(case.said(**review(mine[-2]))))


TOLD = [
    Attempt("telling another day", "short", "other-findings", said(on="2016-12-30")),
    Attempt("telling another outcome", "short", "other-findings", said(outcome="open")),
    Attempt("telling one subject more", "short", "other-findings",
            _found(lambda found: found["plan.notice"].update({"pass": 99}))),
    Attempt("telling that what is missing passed", "short", "other-findings",
            _found(lambda found: found.update({"plan.sign-off": {"pass": 2}}))),
    Attempt("leaving a check out", "short", "other-findings",
            _found(lambda found: found.pop("plan.notice"))),
    Attempt("telling of a check that there is not", "short", "other-findings",
            _found(lambda found: found.update({"plan.luck": {"pass": 1}}))),
    Attempt("telling of a decision on another gate", "short", "other-findings", _of_another_gate),
    Attempt("telling of a decision that is none", "short", "other-findings", said(decided=1)),
    Attempt("telling of a decision to come", "short", "other-findings", said(decided=9999)),
    Attempt("telling of a change where nothing was signed", "short", "other-findings",
            said(since={"entry": 1, "changes": {"measures": {"added": 1}}})),
    Attempt("telling of what was decided on other evidence", "reclosed", "other-findings",
            _of_other_evidence),
    Attempt("not telling what was looked at", "short", "other-act", _before_said),
]  # fmt: skip

ROWS = [*TOLD, *FOR_SOMETHING_ELSE, *USED_BEFORE, *EDITED]
