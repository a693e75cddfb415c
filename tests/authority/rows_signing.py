"""Attempts with too few signatures, with those of the wrong people, or at the wrong time."""

from schemas.vocabulary import Stage
from tasks.officers import signing
from tests.authority.attempts import Attempt, Shown, Tries
from tests.authority.scene import (
    ADDED,
    CANDIDATE,
    CITY_LIAISON,
    CITY_SECRETARY,
    COUNTY_SCRUTINEER,
    DELIVERER,
    DISCIPLINE,
    KIN,
    KIN_BACK,
    LEAVER,
    LIAISON,
    NEIGHBOUR,
    PANEL_SIGNERS,
    SCRUTINEERS,
    SECOND,
    SECRETARY,
    STRANGER,
    TOWN_SECRETARY,
    TWIN,
    UNITED_FRONT,
    Case,
    meeting,
    name_of,
    officer_row,
)
from tests.support.signing import who

MISSING, REFUSED = "sign-off-missing", "sign-off-refused"


def by(*officers: str) -> Tries:
    """Officers sign the gate."""
    return lambda case: case.sign(*officers)


def panel(*officers: str, without: str) -> Tries:
    """All who sign the gate do but one, and others in their place."""
    return by(*(one for one in PANEL_SIGNERS if one != without), *officers)


def delivered(officer: str) -> Tries:
    """Somebody delivers evidence of the gate, and the deliverer's own id signs."""

    def tries(case: Case) -> None:
        case.deliver("measures", meeting(1), by=officer)
        case.again()
        case.sign(DELIVERER)

    return tries


def _took_away(case: Case) -> None:
    case.deliver("measures", ADDED)
    case.withdraw("measures", ADDED, by=DELIVERER)
    case.sign(DELIVERER)


def _by_an_id_that_left(case: Case) -> None:
    case.deliver("measures", meeting(1), by=SECOND)
    case.withdraw("officers", officer_row(SECOND))
    case.again()
    case.sign(DELIVERER)


def _by_an_id_given_away(case: Case) -> None:
    case.deliver("measures", meeting(1), by=SECOND)
    given = officer_row(SECOND) | {"person": "p-640302-0070", "name": name_of("p-640302-0070")}
    case.deliver("officers", given)
    case.again()
    case.sign(DELIVERER)


def _moved_to(**changes: str) -> Tries:
    def tries(case: Case) -> None:
        case.deliver("officers", {**officer_row(LEAVER), **changes})
        case.sign(LEAVER)

    return tries


def _left(case: Case) -> None:
    case.withdraw("officers", officer_row(LEAVER))
    case.sign(LEAVER)


def _evidence_moved(case: Case) -> None:
    case.deliver("measures", meeting(1))
    case.sign(SECRETARY)


def _signed_then_moved(case: Case) -> None:
    case.sign(SECRETARY)
    case.deliver("measures", meeting(1))


def _refused(*then: str) -> Tries:
    """The secretary refuses; then others sign."""

    def tries(case: Case) -> None:
        case.refuse(SECRETARY)
        case.sign(*then)

    return tries


def _withdrew(case: Case) -> None:
    signing.withdraw(case.recorder, case.sign(SECRETARY)[0], who(SECRETARY))


def _others_refusal(case: Case) -> None:
    seq = case.refuse(SECRETARY)
    case.sign(CITY_SECRETARY)
    signing.withdraw(case.recorder, seq, who(CITY_SECRETARY))


def _no_act(case: Case) -> None:
    case.refuse(SECRETARY)
    case.sign(CITY_SECRETARY)
    signing.withdraw(case.recorder, 1, who(SECRETARY))


def _nothing(case: Case) -> None:
    """What the scene brings is all."""


TOO_FEW = [
    Attempt("unsigned", "decided", MISSING, _nothing, Shown.FINDING, have=0),
    Attempt("one of two requirements signed", "short", MISSING, _nothing, Shown.FINDING, have=0),
    Attempt("one of two organs signed", "panels", MISSING,
            panel(without=DISCIPLINE), Shown.FINDING, have=1),
    Attempt("two officers of one organ where two organs are asked", "panels", MISSING,
            panel(CITY_SECRETARY, without=DISCIPLINE), Shown.FINDING, have=1),
    Attempt("one of n of m", "panels", MISSING,
            panel(without=UNITED_FRONT), Shown.FINDING, have=1),
    Attempt("n of m with one organ twice", "panels", MISSING,
            panel(CITY_LIAISON, without=UNITED_FRONT), Shown.FINDING, have=1),
    Attempt("one of two officers of one organ", "panels", MISSING,
            panel(without=SCRUTINEERS[1]), Shown.FINDING, have=1),
    Attempt("the same officer twice", "panels", "already-signed",
            panel(SCRUTINEERS[0], without=SCRUTINEERS[1]), by=SCRUTINEERS[0]),
    Attempt("the same person as two officers", "panels", "twice",
            panel(TWIN, without=LIAISON), by=TWIN),
]  # fmt: skip

WRONG_PEOPLE = [
    Attempt("wrong role", "short", "wrong-role", by(DISCIPLINE), by=DISCIPLINE),
    Attempt("same organ of the neighbour county", "short", "wrong-role",
            by(NEIGHBOUR), by=NEIGHBOUR),
    Attempt("same organ of the neighbour township", "short", "wrong-role",
            by(TOWN_SECRETARY), by=TOWN_SECRETARY),
    Attempt("same organ from above where the own level is asked", "panels", "wrong-role",
            panel(COUNTY_SCRUTINEER, without=SCRUTINEERS[1]), by=COUNTY_SCRUTINEER),
    Attempt("not on record", "short", "unknown-officer", by(STRANGER), by=""),
    Attempt("left the register", "short", "unknown-officer", _left, by=LEAVER),
    Attempt("organ changed in the register", "short", "role-changed",
            _moved_to(organ="united-front"), by=LEAVER),
    Attempt("place changed in the register", "short", "role-changed",
            _moved_to(jurisdiction="640300"), by=LEAVER),
    Attempt("delivered the evidence", "short", "self-submitted",
            delivered(DELIVERER), by=DELIVERER),
    Attempt("took evidence away", "short", "self-submitted", _took_away, by=DELIVERER),
    Attempt("delivered under a second id", "short", "self-submitted",
            delivered(SECOND), by=DELIVERER),
    Attempt("delivered under a second id that left the register", "short", "self-submitted",
            _by_an_id_that_left, by=DELIVERER),
    Attempt("delivered under a second id that is somebody else's now", "short", "self-submitted",
            _by_an_id_given_away, by=DELIVERER),
    Attempt("candidate of the unit", "short", "about-self", by(CANDIDATE), by=CANDIDATE),
    Attempt("kin of a candidate", "short", "about-kin", by(KIN), by=KIN),
    Attempt("a candidate is their kin", "short", "about-kin", by(KIN_BACK), by=KIN_BACK),
]  # fmt: skip

WRONG_TIME = [
    Attempt("not decided yet", "fresh", "not-decided", by(SECRETARY)),
    Attempt("behind a closed gate", "short", "held",
            lambda case: case.sign(SECRETARY, stage=Stage.NOMINATION), stage=Stage.NOMINATION),
    Attempt("checks do not hold", "lacking", "not-ready", by(SECRETARY)),
    Attempt("evidence moved since the decision", "short", "moved", _evidence_moved),
    Attempt("evidence moved after signing", "short", "other-evidence",
            _signed_then_moved, Shown.VOID),
    Attempt("closed after it stood open, evidence as before", "reclosed", "reopened",
            _nothing, Shown.VOID),
    Attempt("refused and signed by the same officer", "short", "stands-refused",
            _refused(SECRETARY)),
    Attempt("refused and signed by the same person", "decided", "stands-refused",
            _refused(TWIN), by=TWIN),
    Attempt("refused by another officer", "short", REFUSED,
            _refused(CITY_SECRETARY), Shown.FINDING),
    Attempt("withdrawn", "short", "withdrawn", _withdrew, Shown.VOID),
    Attempt("another's refusal withdrawn", "short", "not-yours",
            _others_refusal, act="withdraw", by=CITY_SECRETARY),
    Attempt("a refusal withdrawn by a wrong number", "short", "no-act",
            _no_act, act="withdraw"),
]  # fmt: skip

ROWS = [*TOO_FEW, *WRONG_PEOPLE, *WRONG_TIME]
