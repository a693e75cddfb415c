"""Decisions and hand-offs that no evaluator made, or one who was asked for something else.

Expected (docs/history.md, "Decisions"): what the entries before do not justify is `decision`, what
they would justify and no evaluator in force signed is `evaluator`, an act that rests on it and is
forged is `signature`. Whoever has the evaluator's key and no officer's opens no gate that lacks a
signature; what the checks say, they may write down otherwise, and the replay tells.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    KEYLESS,
    LEAVER,
    LIAISON,
    NEIGHBOUR,
    OTHER,
    SECRETARY,
    UNIT,
    UNITED_FRONT,
)
from tests.forgeries.deeds import (
    OTHER_DIGEST,
    PANELS,
    SIGN_OFF,
    again,
    decide,
    hand_on,
    handed,
    on_evaluator,
    opened,
    revoke,
    sign,
    standing,
    take_back,
)
from tests.forgeries.forging import (
    EVALUATOR,
    FORMER,
    IN_FORCE,
    MADE_UP_ID,
    REPLAY,
    Forge,
    Forger,
    Forgery,
    Kind,
    public,
)
from tests.forgeries.scene import CLOSED, REFUSED
from tests.support import cycle
from tests.support.evaluators import signer
from tests.support.signing import who


def _row(name: str, fault: str, forge: Forge, *keys: str) -> Forgery:
    return Forgery(Kind.DECISION, name, fault, forge, keys)


# Decisions


def _open(unit: str = UNIT, **changes: object) -> Forge:
    """The gate is written open, on the sign-offs that stand."""
    return lambda one: decide(one, opened(one, unit, standing(one, unit), **changes))


def _with(*officers: str) -> Forge:
    """Officers sign first, each counted beside what stands."""

    def forge(one: Forger) -> int:
        signed = [sign(one, officer, UNIT) for officer in officers]
        return decide(one, opened(one, UNIT, [*standing(one, UNIT)[: -len(signed)], *signed]))

    return forge


def _signature(officer: str) -> Forge:
    """As `_with`; it is told by what was signed."""

    def forge(one: Forger) -> int:
        seq = sign(one, officer, UNIT)
        decide(one, opened(one, UNIT, standing(one, UNIT)))
        return seq

    return forge


def _under(name: str) -> Forge:
    """All signatures are there, and the decision names a key that is no evaluator's."""

    def forge(one: Forger) -> int:
        sign(one, SECRETARY, UNIT)
        content = opened(one, UNIT, standing(one, UNIT))
        seq = decide(one, content)
        return one.change(seq, evaluator=name)

    return forge


def _copied(one: Forger) -> int:
    sign(one, SECRETARY, UNIT)
    seq = decide(one, opened(one, UNIT, standing(one, UNIT)))
    return one.change(seq, signature=one.latest("handed-on")["signature"])


def _of_another_gate(one: Forger) -> int:
    return decide(one, opened(one, UNIT, standing(one, OTHER)))


def _before_it_was_closed(one: Forger) -> int:
    was = one.at(one.marks["was open"])
    changes = {"findings": was["findings"], "evidence": was["evidence"]}
    return decide(one, opened(one, CLOSED, standing(one, CLOSED), **changes))


def _waived(one: Forger) -> int:
    """A check is waived by a sign-off."""
    (seq, *_) = standing(one, OTHER)
    content = opened(one, OTHER, standing(one, OTHER))
    said = {"waived": [[OTHER, "waived", {"entry": seq, "until": "2017-01-01"}]]}
    findings = {**content["findings"], "plan.responsibility-talks": said}
    return decide(one, {**content, "findings": findings, "waivers": [seq]})


def _later_stage(one: Forger) -> int:
    """The next stage of a unit whose plan waits."""
    content = opened(one, UNIT, [], stage="nomination")
    said = {"nomination.sign-off": {"pass": ["party-group"]}, "nomination.x": {"pass": [UNIT]}}
    return decide(one, {**content, "findings": said, "since": 0})


def _seized(*, vouched: bool) -> Forge:
    """One officer revokes the evaluator, and would put another in force alone."""

    def forge(one: Forger) -> int:
        on_evaluator(one, "revoke", CITY_DISCIPLINE, IN_FORCE, one_public())
        on_evaluator(one, "enrol", CITY_DISCIPLINE, MADE_UP_ID, public())
        if vouched:
            return on_evaluator(one, "vouch", CITY_DISCIPLINE, MADE_UP_ID, public())
        seq = decide(one, opened(one, OTHER, standing(one, OTHER)))
        return one.change(seq, evaluator=MADE_UP_ID)

    return forge


def one_public() -> str:
    """The public half of the evaluator in force."""
    return public(signer(2).private)


def _enrolled(one: Forger) -> int:
    return on_evaluator(one, "enrol", CITY_DISCIPLINE, MADE_UP_ID, public())


# With the evaluator's key


def _said(unit: str, **changes: object) -> Forge:
    """The last decision of a gate again, saying something else."""
    return lambda one: decide(one, again(one, unit, **changes))


def _found(unit: str, outcome: str, findings: Callable[[dict[str, object]], object]) -> Forge:
    """The last decision of a gate again, with other findings."""

    def forge(one: Forger) -> int:
        last = one.latest("decided", unit=unit)
        said = findings(dict(last["findings"]))
        return _said(unit, outcome=outcome, findings=said)(one)

    return forge


def _failing(said: dict[str, object]) -> object:
    return {**said, "plan.deployment": {"fail": [[UNIT, "too-late", {}]]}}


def _unasked(said: dict[str, object]) -> object:
    return {name: found for name, found in said.items() if name != "plan.deployment"}


def _passing(said: dict[str, object]) -> object:
    """Nothing is missing but signatures."""
    missing = [[name, "sign-off-missing", {"have": 0, "need": 1}] for name in PANELS]
    found = {name: {"pass": [CLOSED]} for name in said}
    return {**found, SIGN_OFF: {"missing": missing}}


def _not_counted(one: Forger) -> int:
    """What an officer signed is said to be withdrawn."""
    last = one.latest("decided", unit=UNIT)
    void = {str(seq): "withdrawn" for seq in standing(one, UNIT)}
    missing = [[name, "sign-off-missing", {"have": 0, "need": 1}] for name in PANELS]
    findings = {**last["findings"], SIGN_OFF: {"missing": missing}}
    changes = {"void": void, "findings": findings, "sign_offs": [], "signers": []}
    return _said(UNIT, **changes)(one)


def _by_the_deliverer(one: Forger) -> int:
    """Who delivered what the gate looks at signs for it."""
    kept = [seq for seq in standing(one, OTHER) if one.at(seq)["officer"] == CITY_SECRETARY]
    return decide(one, opened(one, OTHER, [*kept, sign(one, cycle.OFFICER, OTHER)]))


def _over_their_heads(one: Forger) -> int:
    """The gate stands open on what was signed for, though what was signed for is gone."""
    return decide(one, opened(one, OTHER, standing(one, OTHER)))


DECISIONS = [
    _row("open without a signature", "decision", lambda one: decide(one, opened(one, UNIT, []))),
    _row("open on one of two signatures", "decision", _open()),
    _row("open on the signatures of another gate", "decision", _of_another_gate),
    _row("open, as if no signature were asked for", "decision",
         _open(findings={SIGN_OFF: {"not_applicable": list(PANELS)}})),
    _row("open, with one panel left out", "decision",
         _open(findings={SIGN_OFF: {"pass": ["liaison"]}})),
    _row("open over a refusal", "decision", _open(REFUSED)),
    _row("open on what was signed before it was closed", "decision", _before_it_was_closed),
    _row("open at the next stage while the plan waits", "decision", _later_stage),
    _row("open on a waiver that is a sign-off", "decision", _waived),
    _row("open under a pack that one organ proposed", "decision",
         lambda one: _open(policy=one.at(one.marks["pack"])["policy"])(one)),
    _row("open without a look at the last delivery", "decision",
         lambda one: _open(OTHER, position=one.marks["decline"])(one)),
    _row("open on a day that has not come", "day", _open(on="2999-01-01")),
    _row("signed in an officer's name", "signature", _signature(SECRETARY)),
    _row("signed with a key that one organ vouched for", "signature", _signature(KEYLESS), KEYLESS),
    _row("signed with a key that is revoked", "signature", _signature(LEAVER), LEAVER),
    _row("signed for an organ that nobody asked", "decision", _with(UNITED_FRONT), UNITED_FRONT),
    _row("signed from another county", "decision", _with(NEIGHBOUR), NEIGHBOUR),
    _row("signed twice by one officer", "decision", _with(LIAISON), LIAISON),
    _row("signed by all, decided by nobody", "evaluator", _copied, SECRETARY),
    _row("signed by all, decided by an officer in the evaluator's name", "evaluator",
         _with(SECRETARY), SECRETARY),
    _row("signed by all, decided by an officer", "evaluator", _under(who(SECRETARY).key),
         SECRETARY),
    _row("signed by all, decided by a key of nobody", "evaluator", _under(MADE_UP_ID), SECRETARY),
    _row("decided again by nobody", "evaluator", _open(OTHER)),
    _row("decided again by the evaluator before", "evaluator",
         lambda one: decide(one, opened(one, OTHER, standing(one, OTHER)), FORMER), FORMER),
    _row("an evaluator enrolled by nobody", "signature", _enrolled),
    _row("an evaluator put in force by one officer", "signature", _seized(vouched=True),
         CITY_DISCIPLINE),
    _row("decided by an evaluator whom one officer enrolled", "evaluator", _seized(vouched=False),
         CITY_DISCIPLINE),
    _row("open on one of two signatures, decided by the evaluator", "decision", _open(), EVALUATOR),
    _row("open over a refusal, decided by the evaluator", "decision", _open(REFUSED), EVALUATOR),
    _row("signed in an officer's name, decided by the evaluator", "signature",
         _signature(SECRETARY), EVALUATOR),
    _row("open though what was signed for is gone", REPLAY, _over_their_heads, EVALUATOR),
    _row("a failure that no check found", REPLAY, _found(UNIT, "blocked", _failing), EVALUATOR),
    _row("a check that was not asked", REPLAY, _found(UNIT, "waiting", _unasked), EVALUATOR),
    _row("a pass where a check misses something", REPLAY, _found(CLOSED, "waiting", _passing),
         EVALUATOR),
    _row("a signature that is said to be withdrawn", REPLAY, _not_counted, EVALUATOR),
    _row("other evidence than there is", REPLAY, _said(CLOSED, evidence=OTHER_DIGEST), EVALUATOR),
    # With the keys of two.
    _row("signed by who delivered, decided by the evaluator", REPLAY, _by_the_deliverer, EVALUATOR,
         cycle.OFFICER),
]  # fmt: skip


# Hand-offs


def _handed(name: str, fault: str, forge: Forge, *keys: str) -> Forgery:
    return Forgery(Kind.HAND_ON, name, fault, forge, keys)


def _on(unit: str = OTHER, by: str = EVALUATOR, **changes: object) -> Forge:
    return lambda one: hand_on(one, handed(one, unit, **changes), by)


def _after(deed: Callable[[Forger], object]) -> Forge:
    def forge(one: Forger) -> int:
        deed(one)
        return _on()(one)

    return forge


def _own_sign_off(one: Forger) -> int:
    found = (seq for seq in standing(one, OTHER) if one.at(seq)["officer"] == CITY_SECRETARY)
    return next(found)


def _decision_before(one: Forger) -> int:
    was = one.at(one.marks["was open"])
    named = ("evidence", "policy", "signers", "sign_offs", "waivers")
    changes = {name: was[name] for name in named}
    return hand_on(one, handed(one, CLOSED, decision=was["seq"], **changes))


def _edited(**content: object) -> Forge:
    """What the evaluator handed on after the checkpoint says something else."""
    return lambda one: one.change(one.latest("handed-on")["seq"], **content)


HAND_ONS = [
    _handed("of a gate that waits", "decision", _on(UNIT)),
    _handed("of a gate that is refused", "decision", _on(REFUSED)),
    _handed("of a gate that was closed, by its decision before", "decision", _decision_before),
    _handed("on the decision of another gate", "decision",
            lambda one: _on(UNIT, decision=one.latest("decided", unit=OTHER)["seq"])(one)),
    _handed("of a stage that nobody decided", "decision", _on(stage="nomination")),
    _handed("in the name of another signer", "decision", _on(signers=[SECRETARY, LIAISON])),
    _handed("with a signature left out", "decision",
            lambda one: _on(sign_offs=standing(one, OTHER)[:1])(one)),
    _handed("under a pack that one organ proposed", "decision",
            lambda one: _on(policy=one.at(one.marks["pack"])["policy"])(one)),
    _handed("on other evidence", "decision", _on(evidence=OTHER_DIGEST)),
    _handed("by nobody", "evaluator", _on()),
    _handed("by an officer in the evaluator's name", "evaluator", _on(), SECRETARY),
    _handed("by the evaluator before", "evaluator", _on(by=FORMER), FORMER),
    _handed("what was handed on, changed", "evaluator", _edited(digest=OTHER_DIGEST)),
    _handed("what was handed on, of another unit", "decision", _edited(unit=UNIT)),
    _handed("over one's own withdrawal", "decision",
            _after(lambda one: take_back(one, CITY_SECRETARY, _own_sign_off(one))), CITY_SECRETARY),
    _handed("over one's own refusal", "decision",
            _after(lambda one: sign(one, CITY_SECRETARY, OTHER, "refuse")), CITY_SECRETARY),
    _handed("after one's own key was revoked", "decision",
            _after(lambda one: revoke(one, CITY_SECRETARY, CITY_SECRETARY)), CITY_SECRETARY),
    _handed("of a gate that waits, by the evaluator", "decision", _on(UNIT), EVALUATOR),
    _handed("of a gate that was closed, by the evaluator", "decision", _decision_before, EVALUATOR),
    _handed("of other contents, by the evaluator", REPLAY, _on(), EVALUATOR),
]  # fmt: skip

ROWS = [*DECISIONS, *HAND_ONS]
