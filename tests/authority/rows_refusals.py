"""Attempts to get rid of a refusal: it stands until it is taken back, whatever comes of it."""

from collections.abc import Callable

from schemas.vocabulary import Stage
from tasks.officers import keys, ruling, signing
from tests.authority.attempts import Attempt, Shown, Tries
from tests.authority.scene import (
    CANDIDATES,
    CITY_DISCIPLINE,
    CITY_LIAISON,
    DISCIPLINE,
    KIN,
    LEAVER,
    LIAISON,
    PLACE,
    SECRETARY,
    TOWN_SECRETARY,
    TWIN,
    UNITED_FRONT,
    Case,
    meeting,
    officer_row,
)
from tests.support.signing import private_of, who

STANDS = "sign-off-refused"
REASON = "已核实，拒签理由不成立"


def lift(case: Case, seq: int, *officers: str, reason: str = REASON) -> list[int]:
    """Officers lift a refusal, one after the other."""
    return [ruling.lift(case.recorder, seq, who(officer), reason) for officer in officers]


def refused(then: Callable[[Case, int], object], officer: str = LEAVER) -> Tries:
    """An officer refuses, something is done about it, and another one of the organ signs."""

    def tries(case: Case) -> None:
        then(case, case.refuse(officer))
        case.sign(SECRETARY)

    return tries


def _evidence_changed(case: Case) -> None:
    case.refuse(LEAVER)
    case.deliver("measures", meeting(1))
    case.launch()
    case.sign(LIAISON, SECRETARY)


def _signed_over(case: Case) -> None:
    case.refuse(SECRETARY)
    case.deliver("measures", meeting(1))
    case.launch()
    case.sign(SECRETARY)


def _role_changed(case: Case, _seq: int) -> None:
    case.deliver("officers", {**officer_row(LEAVER), "organ": "petition-office"})


def _moved_away(case: Case, _seq: int) -> None:
    case.deliver("officers", {**officer_row(LEAVER), "jurisdiction": PLACE})


def _became_a_candidate(case: Case, _seq: int) -> None:
    name = next(one for one in CANDIDATES if one)
    row = {**officer_row(LEAVER), "person": name, "name": _name_on_record(case, name)}
    case.deliver("officers", row)


def _name_on_record(case: Case, person: str) -> str:
    frame = case.recorder.whole.facts.tables["roster"]
    return str(frame.loc[frame["person"] == person, "name"].iloc[0])


def _became_kin(case: Case, _seq: int) -> None:
    person = officer_row(LEAVER)["person"]
    kin = {"jurisdiction": PLACE, "person": person, "kin": CANDIDATES[0], "kinship": "spouse"}
    case.deliver("kin", kin)


def _delivered(case: Case, _seq: int) -> None:
    case.deliver("measures", meeting(), by=LEAVER)


def _revoked(case: Case, _seq: int) -> None:
    keys.revoke(case.recorder, LEAVER, who(CITY_DISCIPLINE), "密钥遗失")


def _own(case: Case) -> None:
    lift(case, case.refuse(SECRETARY), SECRETARY)


def _key_revoked_after(case: Case, seq: int) -> None:
    lift(case, seq, CITY_DISCIPLINE, LIAISON)
    keys.revoke(case.recorder, LIAISON, who(CITY_DISCIPLINE), "密钥遗失")
    case.sign(CITY_LIAISON)


def _role_changed_after(case: Case, seq: int) -> None:
    lift(case, seq, DISCIPLINE, CITY_LIAISON)
    case.deliver("officers", {**officer_row(DISCIPLINE), "organ": "petition-office"})


def _withdrawn(case: Case, seq: int) -> None:
    (first,) = lift(case, seq, DISCIPLINE)
    signing.withdraw(case.recorder, first, who(DISCIPLINE))


def _rotated_and_revoked(case: Case, _seq: int) -> None:
    keys.rotate(case.recorder, who(LEAVER), private_of(LEAVER, 2))
    keys.revoke(case.recorder, LEAVER, who(CITY_DISCIPLINE), "密钥遗失")


def stands(name: str, then: Callable[[Case, int], object]) -> Attempt:
    """The refusal stands, and the decision says so."""
    return Attempt(name, "short", STANDS, refused(then), Shown.FINDING)


def not_lifted(name: str, code: str, by: str, *before: str, reason: str = REASON) -> Attempt:
    """An officer may not lift the refusal, after others did."""
    tries = refused(
        lambda case, seq: (lift(case, seq, *before), lift(case, seq, by, reason=reason))
    )
    return Attempt(name, "short", code, tries, act="lift", by=by)


ROWS = [
    # What becomes of who refused
    stands("a refuser's key revoked", _revoked),
    stands("a refuser's key rotated", lambda case, seq: keys.rotate(
        case.recorder, who(LEAVER), private_of(LEAVER, 2))),
    stands("a refuser's key rotated and revoked", _rotated_and_revoked),
    stands("a refuser of another organ by now", _role_changed),
    stands("a refuser of another place by now", _moved_away),
    stands("a refuser who is a candidate by now", _became_a_candidate),
    stands("a refuser who is kin of a candidate by now", _became_kin),
    stands("a refuser who delivered evidence since", _delivered),
    stands("a refuser off the register", lambda case, seq: case.withdraw(
        "officers", {"officer": LEAVER})),
    # What becomes of the gate
    Attempt("a refusal of other evidence", "short", STANDS, _evidence_changed, Shown.FINDING),
    Attempt("signed over the own refusal of other evidence", "short", "stands-refused",
            _signed_over),
    # Who lifts it
    stands("a refusal lifted by one organ", lambda case, seq: lift(case, seq, DISCIPLINE)),
    stands("a refusal lifted by two officers of one organ",
           lambda case, seq: lift(case, seq, DISCIPLINE, CITY_DISCIPLINE)),
    stands("a refusal lifted by a key that is revoked since", _key_revoked_after),
    stands("a refusal lifted by who is of another organ since", _role_changed_after),
    not_lifted("a refusal lifted by one person twice", "twice", TWIN, SECRETARY),
    not_lifted("a refusal lifted twice by one officer", "already-lifted", DISCIPLINE, DISCIPLINE),
    not_lifted("a refusal lifted once more", "lifted", CITY_LIAISON, DISCIPLINE, LIAISON),
    not_lifted("a refusal lifted by an organ that may not", "may-not-rule", UNITED_FRONT),
    not_lifted("a refusal lifted from beside", "may-not-rule", TOWN_SECRETARY),
    not_lifted("a refusal lifted by kin of a candidate", "about-kin", KIN),
    not_lifted("a refusal lifted without a reason", "no-reason", DISCIPLINE, reason=" "),
    Attempt("a refusal lifted by who refused", "short", "own-refusal", _own, act="lift"),
    Attempt("something lifted that is no refusal", "short", "no-act",
            lambda case: lift(case, case.recorder.history.acts.of(
                f"{PLACE}-congress", Stage.PLAN.value)[0].seq, DISCIPLINE),
            act="lift", by=DISCIPLINE),
    Attempt("a ruling withdrawn", "short", "no-act", refused(_withdrawn), act="withdraw",
            by=DISCIPLINE),
]  # fmt: skip
