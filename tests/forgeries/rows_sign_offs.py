"""Sign-offs and refusals by officers who tell something else than they could have looked at.

Expected (docs/history.md, "What was looked at"): whatever the decisions on record and the acts
before tell is `decision`, at the number of the act; what is silent after others told, or no officer
signed, is `signature`; how many rows changed since an earlier
signature is for the replay, which says it by the code with which the program refuses it. Every one
of them is signed with the officer's real key.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.authority.scene import CITY_SECRETARY, OTHER, SECRETARY, UNIT
from tests.forgeries.deeds import (
    OTHER_DIGEST,
    SIGN_OFF,
    Changes,
    again,
    decide,
    review_of,
    sign,
    sign_silently,
)
from tests.forgeries.forging import EVALUATOR, REPLAY, Forge, Forger, Forgery, Kind
from tests.forgeries.scene import CLOSED
from tests.support.reviews import CHANGES


def _row(name: str, forge: Forge, *keys: str, fault: str = "decision") -> Forgery:
    return Forgery(Kind.SIGN_OFF, name, fault, forge, keys or (SECRETARY,))


def _said(unit: str = UNIT, **changes: object) -> Forge:
    """The secretary signs, and tells something else."""
    return lambda one: sign(one, SECRETARY, unit, changes=changes)


def _found(edit: Callable[[Changes], Changes]) -> Forge:
    """The secretary signs, and tells of other findings."""

    def forge(one: Forger) -> int:
        findings = edit(review_of(one, UNIT)["findings"])
        return sign(one, SECRETARY, UNIT, changes={"findings": findings})

    return forge


def _earlier_day(one: Forger) -> int:
    """The day is that of the decision before, which found the same."""
    return sign(one, SECRETARY, UNIT, changes={"on": "2016-12-30"})


def _of_another_gate(one: Forger) -> int:
    """What is told is true of the decision that is named, and that is one on another gate."""
    return sign(one, SECRETARY, UNIT, changes=review_of(one, OTHER))


def _of_no_decision(one: Forger) -> int:
    return sign(one, SECRETARY, UNIT, changes={"decided": one.latest("signed", unit=UNIT)["seq"]})


def _to_come(one: Forger) -> int:
    return sign(one, SECRETARY, UNIT, changes={"decided": one.last + 2})


def _no_longer(one: Forger) -> int:
    """An honest statement on the decision before, after one that found something else."""
    seen, last = review_of(one, UNIT), one.latest("decided", unit=UNIT)
    found = {**last["findings"], "plan.notice": {"not_applicable": [UNIT]}}
    decide(one, again(one, UNIT, findings=found))
    return sign(one, SECRETARY, UNIT, changes=seen)


def _on_other_evidence(one: Forger) -> int:
    return sign(one, SECRETARY, UNIT, evidence=OTHER_DIGEST)


def _open_on_what_lacks(one: Forger) -> int:
    """The gate lacks a paper, which is told, and is signed open all the same."""
    return sign(one, CITY_SECRETARY, CLOSED)


def _silent(one: Forger) -> int:
    return sign_silently(one, SECRETARY, UNIT)


def _since(**changes: object) -> Forge:
    """The city's secretary refuses what was open, and tells otherwise what came before."""

    def forge(one: Forger) -> int:
        since = {**review_of(one, CLOSED)["since"], **changes}
        return sign(one, CITY_SECRETARY, CLOSED, "refuse", {"since": since})

    return forge


def _refused(**changes: object) -> Forge:
    return lambda one: sign(one, CITY_SECRETARY, CLOSED, "refuse", changes)


ROWS = [
    _row("telling another day", _earlier_day),
    _row("telling another outcome", _said(outcome="open")),
    _row("telling of a subject more", _found(lambda one: {**one, "plan.notice": {"pass": 99}})),
    _row("telling that nobody was missing", _found(lambda one: {**one, SIGN_OFF: {"pass": 2}})),
    _row("leaving a check out",
         _found(lambda one: {name: by for name, by in one.items() if name != "plan.notice"})),
    _row("telling of a check that there is not",
         _found(lambda one: {**one, "plan.luck": {"pass": 1}})),
    _row("telling of no findings at all", _said(findings={})),
    _row("telling of another gate's decision", _of_another_gate),
    _row("naming a signature for a decision", _of_no_decision),
    _row("naming a decision to come", _to_come),
    _row("naming yes for a decision", _said(decided=True)),
    _row("telling of findings that no longer stand", _no_longer, SECRETARY, EVALUATOR),
    _row("on other evidence than the decision's", _on_other_evidence),
    _row("telling of a change where nobody had signed",
         _said(since={"entry": 1, "changes": CHANGES})),
    _row("open on what lacks a paper", _open_on_what_lacks, CITY_SECRETARY),
    _row("silent, in a record that tells what was looked at", _silent, fault="signature"),
    _row("a refusal that tells another outcome", _refused(outcome="open"), CITY_SECRETARY),
    _row("a refusal that hides that somebody signed before", _refused(since=None),
         CITY_SECRETARY),
    _row("a refusal that names another act before it", _since(entry=1), CITY_SECRETARY),
    _row("a refusal that tells of no row at all", _since(changes={"documents": {"gone": 0}}),
         CITY_SECRETARY),
    _row("a refusal that tells how else rows may change",
         _since(changes={"documents": {"burnt": 1}}), CITY_SECRETARY),
    _row("in an officer's name", _said(), CITY_SECRETARY, fault="signature"),
    Forgery(Kind.SIGN_OFF, "a refusal that counts other rows", REPLAY,
            _since(changes={"documents": {"gone": 7}}), (CITY_SECRETARY,), "other-findings"),
    Forgery(Kind.SIGN_OFF, "a refusal that tells of no change", REPLAY,
            _since(changes={}), (CITY_SECRETARY,), "other-findings"),
]  # fmt: skip
