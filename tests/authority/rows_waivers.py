"""Attempts to get round a check that does not hold, by a waiver that nobody may give so."""

from datetime import date, timedelta
from unittest.mock import patch

import pandas as pd

from schemas.vocabulary import Outcome
from tasks.checks.catalogue import CHECKS
from tasks.officers import signing, waiving
from tests.authority.attempts import Attempt, Shown, Tries
from tests.authority.scene import (
    ANOTHER,
    CITY_DISCIPLINE,
    CITY_LIAISON,
    DISCIPLINE,
    KIN_LIAISON,
    LIAISON,
    NOT_TALKED_TO,
    OTHER,
    PLACE,
    SECRETARY,
    TALKS,
    UNIT,
    Case,
    rows,
    talk_more,
)
from tests.generator import Row
from tests.support.cycle import ON
from tests.support.signing import who

LATER = ON + timedelta(days=11)
# The other subject's talk was in the roster all along; now it is due.
DUE: Row = {
    **next(row for row in rows()["roster"] if row["person"] == ANOTHER),
    "responsibility_talk": True,
}


def waives(*officers: str, check: str = TALKS, subject: str = NOT_TALKED_TO) -> Tries:
    """Officers sign a waiver."""
    return lambda case: case.waive(*officers, check=check, subject=subject)


def until(day: date) -> Tries:
    """Both organs sign a waiver until some day."""
    return lambda case: case.waive(DISCIPLINE, LIAISON, until=day)


def _other_words(case: Case) -> None:
    case.waive(DISCIPLINE)
    case.waive(LIAISON, reason="另有原因")


def _other_days(case: Case) -> None:
    case.waive(DISCIPLINE)
    case.waive(LIAISON, until=ON + timedelta(days=9))


def _one_of_two_subjects(case: Case) -> None:
    case.deliver("roster", DUE)
    case.launch()
    case.waive(DISCIPLINE, LIAISON, subject=ANOTHER)


def _another_unit(case: Case) -> None:
    case.waive(DISCIPLINE, LIAISON, unit=OTHER)
    assert case.launch(unit=OTHER) is Outcome.WAITING


def _self_submitted(case: Case) -> None:
    talk_more(case, by=LIAISON)
    case.launch()
    case.waive(DISCIPLINE, LIAISON)


def _boom(*_: object) -> pd.DataFrame:
    raise MemoryError


def while_crashing(subject: str) -> Tries:
    """The check crashes at a launch, and somebody tries to waive that."""

    def tries(case: Case) -> None:
        with patch.dict(CHECKS, {TALKS: _boom}):
            assert case.launch() is Outcome.BLOCKED
            case.waive(DISCIPLINE, subject=subject)

    return tries


def _withdrawn(case: Case) -> None:
    first = case.waive(DISCIPLINE, LIAISON)[0]
    signing.withdraw(case.recorder, first, who(DISCIPLINE))


def _changed(case: Case) -> None:
    """The evidence of the check changes, though not in what it finds."""
    case.waive(DISCIPLINE, LIAISON)
    talk_more(case)


def _signed_before(case: Case) -> None:
    """A waiver comes into force after the gate was signed without one."""
    case.waive(DISCIPLINE, LIAISON)
    case.sign(SECRETARY)


def _joined_own(case: Case) -> None:
    waiving.join_waiver(case.recorder, case.waive(DISCIPLINE)[0], who(DISCIPLINE))


def _joined_nothing(case: Case) -> None:
    case.waive(DISCIPLINE)
    waiving.join_waiver(case.recorder, 1, who(LIAISON))


def _behind(case: Case) -> None:
    case.waive(DISCIPLINE, check="nomination.films", subject=f"{PLACE}/x")


def waiver(
    name: str, code: str, tries: Tries, by: str = DISCIPLINE, scene: str = "lacking"
) -> Attempt:
    """A waiver that is refused."""
    return Attempt(name, scene, code, tries, act="waive", by=by)


def void(name: str, code: str, tries: Tries, scene: str = "lacking", on: date = ON) -> Attempt:
    """A waiver on record that does not count."""
    return Attempt(name, scene, code, tries, Shown.VOID, on=on)


def _nothing(case: Case) -> None:
    """What the scene brings is all."""


ROWS = [
    waiver("unwaivable check", "unwaivable",
           waives(DISCIPLINE, check="plan.duties", subject=f"{PLACE}/leads-first"),
           scene="unwaivable"),
    waiver("absolute check", "absolute",
           waives(DISCIPLINE, check="plan.seats", subject=UNIT), scene="absolute"),
    waiver("unknown check", "unknown-check", waives(DISCIPLINE, check="plan.luck")),
    waiver("a waiver of the sign-offs", "unknown-check",
           waives(DISCIPLINE, check="plan.sign-off", subject="first-responsible"),
           scene="decided"),
    waiver("a waiver for a subject that misses nothing", "nothing-to-waive",
           waives(DISCIPLINE, LIAISON, subject=ANOTHER)),
    waiver("a waiver for the whole unit", "nothing-to-waive",
           waives(DISCIPLINE, LIAISON, subject=UNIT)),
    waiver("a waiver of another check", "nothing-to-waive",
           waives(DISCIPLINE, LIAISON, check="plan.deployment", subject=f"{PLACE}/notice")),
    waiver("a waiver by another organ", "may-not-waive", waives(SECRETARY), by=SECRETARY),
    waiver("a waiver about kin", "about-kin", waives(DISCIPLINE, KIN_LIAISON), by=KIN_LIAISON),
    waiver("a waiver on own evidence", "self-submitted", _self_submitted, by=LIAISON),
    waiver("a waiver that runs too long", "too-long", until(ON + timedelta(days=31))),
    waiver("a waiver until yesterday", "expired", until(ON - timedelta(days=1))),
    waiver("a waiver without a reason", "no-reason",
           lambda case: case.waive(DISCIPLINE, reason=" ")),
    waiver("a waiver of a crash", "crashed",
           while_crashing(UNIT)),
    waiver("a waiver of what a crash hides", "nothing-to-waive",
           while_crashing(NOT_TALKED_TO)),
    waiver("a waiver joined by its own officer", "already-signed", _joined_own),
    waiver("no waiver joined", "no-act", _joined_nothing, by=LIAISON),
    waiver("a waiver behind a closed gate", "held", _behind),
    void("a waiver by one of two organs", "incomplete", waives(DISCIPLINE)),
    void("a waiver by two officers of one organ", "incomplete",
         waives(DISCIPLINE, CITY_DISCIPLINE)),
    void("a waiver by two officers of the other organ", "incomplete",
         waives(LIAISON, CITY_LIAISON)),
    void("two organs with different reasons", "incomplete", _other_words),
    void("two organs until different days", "incomplete", _other_days),
    void("a withdrawn waiver", "withdrawn", _withdrawn),
    void("a waiver whose evidence changed", "other-evidence", _changed),
    void("an expired waiver", "expired", _nothing, scene="excepted", on=LATER),
    Attempt("a waiver for another subject", "lacking", "not-talked-to",
            _one_of_two_subjects, Shown.FINDING),
    Attempt("a waiver for another unit", "lacking", "not-talked-to",
            _another_unit, Shown.FINDING),
    Attempt("signed before the waiver was looked at", "lacking", "not-ready", _signed_before),
    Attempt("a waiver and nobody signs", "waived", "sign-off-missing",
            _nothing, Shown.FINDING, have=0),
]  # fmt: skip
