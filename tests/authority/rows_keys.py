"""Attempts with a key that does not sign: not vouched for, revoked, replaced, another's."""

from schemas.envelopes import fingerprint
from schemas.vocabulary import Stage
from tasks.officers import keys, signing
from tasks.officers.signatories import Signatory
from tests.authority.attempts import Attempt, Shown, Tries
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    DELIVERER,
    DISCIPLINE,
    GROUPS,
    KEYLESS,
    LIAISON,
    SECOND,
    SECRETARY,
    TOWN_DISCIPLINE,
    UNIT,
    Case,
    officer_row,
)
from tests.support import cycle
from tests.support.signing import private_of, vouch, who

STOLEN = "密钥被盗"


def signs(officer: str, private: str, number: int = 1) -> Tries:
    """An officer signs with the key of somebody."""
    given = Signatory(officer, private_of(private, number))
    return lambda case: signing.sign(case.recorder, UNIT, Stage.PLAN, given)


def enrolled(officer: str, voucher: str = "") -> Tries:
    """An officer enrols a key, perhaps finds somebody to vouch for it, and signs."""

    def tries(case: Case) -> None:
        keys.enrol(case.recorder, who(officer))
        if voucher:
            vouch(case.recorder, officer, who(voucher))
        case.sign(officer)

    return tries


def _revoke(case: Case, officer: str = SECRETARY) -> None:
    keys.revoke(case.recorder, officer, who(CITY_DISCIPLINE), STOLEN)


def _revoked_before(case: Case) -> None:
    _revoke(case)
    case.sign(SECRETARY)


def _revoked_after(case: Case) -> None:
    case.sign(SECRETARY)
    _revoke(case)


def _revoked_after_rotation(case: Case) -> None:
    """What was signed before a rotation stays; the thief's new key takes nothing along."""
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(SECRETARY, 2))
    _revoke(case)


def _new_key_after_revocation(case: Case) -> None:
    _revoke(case)
    keys.enrol(case.recorder, who(SECRETARY, 2))
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(SECRETARY, 2))


def _replaced(case: Case) -> None:
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    case.sign(SECRETARY)


def _refusal_rid_of(case: Case) -> None:
    """A refusal is withdrawn with a stolen key, which is then revoked."""
    seq = case.refuse(SECRETARY)
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    signing.withdraw(case.recorder, seq, who(SECRETARY, 2))
    case.sign(CITY_SECRETARY)
    _revoke(case)


def _refusing_key(by: str, reason: str) -> Tries:
    """Somebody revokes the key of an officer who refused."""

    def tries(case: Case) -> None:
        case.refuse(SECRETARY)
        case.sign(CITY_SECRETARY)
        keys.revoke(case.recorder, SECRETARY, who(by), reason)

    return tries


def _second_pending(case: Case) -> None:
    """A thief's key waits beside the officer's own, until somebody vouches once too often."""
    keys.enrol(case.recorder, who(KEYLESS, 2))
    keys.enrol(case.recorder, who(KEYLESS))
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    keys.vouch(case.recorder, KEYLESS, fingerprint(who(KEYLESS, 2).key), who(LIAISON))


def _enrols(officer: str, private: str, number: int = 1) -> Tries:
    given = Signatory(officer, private_of(private, number))
    return lambda case: keys.enrol(case.recorder, given)


def _rotates(case: Case) -> None:
    keys.rotate(case.recorder, Signatory(SECRETARY, private_of("thief")), private_of("thief", 2))


def _read_out_wrongly(case: Case) -> None:
    keys.enrol(case.recorder, who(KEYLESS))
    keys.vouch(case.recorder, KEYLESS, fingerprint(who(SECRETARY).key), who(DISCIPLINE))


def _half(case: Case) -> None:
    keys.enrol(case.recorder, who(KEYLESS))
    keys.vouch(case.recorder, KEYLESS, who(KEYLESS).key[:16], who(DISCIPLINE))


def _entered_anew(case: Case) -> None:
    """Who delivers an officer's row once more vouches for them."""
    case.deliver("officers", officer_row(KEYLESS), by=LIAISON)
    enrolled(KEYLESS, LIAISON)(case)


def _outsider(case: Case) -> None:
    """Somebody enrols a key in the officer's name; the officer's own is vouched for."""
    own = fingerprint(who(KEYLESS).key)
    keys.enrol(case.recorder, who(KEYLESS))
    keys.enrol(case.recorder, who(KEYLESS, 2))
    keys.vouch(case.recorder, KEYLESS, own, who(DISCIPLINE))
    signing.sign(case.recorder, UNIT, Stage.PLAN, who(KEYLESS, 2))


def _rotates_to_another(case: Case) -> None:
    keys.rotate(case.recorder, who(DISCIPLINE), private_of(SECRETARY))


ROWS = [
    Attempt("no key", "short", "no-key", signs(KEYLESS, KEYLESS), by=KEYLESS),
    Attempt("a key that nobody vouched for", "short", "no-key", enrolled(KEYLESS), by=KEYLESS),
    Attempt("vouched for by the own organ", "short", "own-organ",
            enrolled(KEYLESS, CITY_SECRETARY), act="vouch", by=CITY_SECRETARY),
    Attempt("vouched for from below", "short", "not-above",
            enrolled(KEYLESS, TOWN_DISCIPLINE), act="vouch", by=TOWN_DISCIPLINE),
    Attempt("vouched for by an organ that the pack does not name", "short", "may-not-vouch",
            enrolled(KEYLESS, GROUPS[0]), act="vouch", by=GROUPS[0]),
    Attempt("vouched for by the same person", "short", "same-person",
            enrolled(SECOND, DELIVERER), act="vouch", by=DELIVERER),
    Attempt("vouched for by who put them on the register", "short", "entered-them",
            enrolled(KEYLESS, cycle.OFFICER), act="vouch", by=cycle.OFFICER),
    Attempt("vouched for by who put them there anew", "short", "entered-them",
            _entered_anew, act="vouch", by=LIAISON),
    Attempt("vouched for without a request", "short", "no-request",
            lambda case: vouch(case.recorder, KEYLESS, who(DISCIPLINE)),
            act="vouch", by=DISCIPLINE),
    Attempt("vouched for by the fingerprint of another's key", "short", "other-fingerprint",
            _read_out_wrongly, act="vouch", by=DISCIPLINE),
    Attempt("an outsider's key enrolled after the officer's own", "short", "no-key",
            _outsider, by=KEYLESS),
    Attempt("vouched for by half a fingerprint", "short", "other-fingerprint",
            _half, act="vouch", by=DISCIPLINE),
    Attempt("vouched for beside a key that signs", "short", "has-key",
            _second_pending, act="vouch", by=LIAISON),
    Attempt("signed with one voucher", "short", "one-voucher", enrolled(KEYLESS, DISCIPLINE),
            by=KEYLESS),
    Attempt("vouched for twice by one organ", "short", "organ-vouched",
            lambda case: (keys.enrol(case.recorder, who(KEYLESS)),
                          vouch(case.recorder, KEYLESS, who(DISCIPLINE)),
                          vouch(case.recorder, KEYLESS, who(CITY_DISCIPLINE))),
            act="vouch", by=CITY_DISCIPLINE),
    Attempt("vouched for with another's key", "short", "other-key",
            lambda case: (keys.enrol(case.recorder, who(KEYLESS)),
                          vouch(case.recorder, KEYLESS,
                                     Signatory(DISCIPLINE, private_of(SECRETARY)))),
            act="vouch", by=DISCIPLINE),
    Attempt("revoked before signing", "short", "key-revoked", _revoked_before),
    Attempt("revoked after signing", "short", "key-revoked", _revoked_after, Shown.VOID),
    Attempt("revoked after the gate stood open", "open", "key-revoked", _revoke, Shown.VOID),
    Attempt("revoked after a rotation", "short", "key-revoked",
            _revoked_after_rotation, Shown.VOID),
    Attempt("a new key after a revocation", "short", "no-key", _new_key_after_revocation),
    Attempt("replaced key", "short", "key-replaced", _replaced),
    Attempt("another officer's key", "short", "other-key", signs(SECRETARY, DISCIPLINE)),
    Attempt("a key of nobody", "short", "no-key", signs(SECRETARY, "thief")),
    Attempt("a second key for an officer", "short", "has-key",
            _enrols(SECRETARY, "thief"), act="enrol"),
    Attempt("a key enrolled twice while it waits", "short", "awaits-voucher",
            lambda case: (keys.enrol(case.recorder, who(KEYLESS)),
                          keys.enrol(case.recorder, who(KEYLESS))), act="enrol", by=KEYLESS),
    Attempt("another's key enrolled as the own", "short", "key-taken",
            _enrols(KEYLESS, SECRETARY), act="enrol", by=KEYLESS),
    Attempt("a key rotated by whoever does not hold it", "short", "other-key",
            _rotates, act="rotate"),
    Attempt("a key rotated to another's", "short", "key-taken",
            _rotates_to_another, act="rotate", by=DISCIPLINE),
    Attempt("a refusing officer's key revoked by somebody", "short", "may-not-revoke",
            _refusing_key(LIAISON, STOLEN), act="revoke", by=LIAISON),
    Attempt("a refusing officer's key revoked from below", "short", "may-not-revoke",
            _refusing_key(TOWN_DISCIPLINE, STOLEN), act="revoke", by=TOWN_DISCIPLINE),
    Attempt("a refusing officer's key revoked without a reason", "short", "no-reason",
            _refusing_key(CITY_DISCIPLINE, " "), act="revoke", by=CITY_DISCIPLINE),
    Attempt("a refusal withdrawn with a key that is revoked", "short", "sign-off-refused",
            _refusal_rid_of, Shown.FINDING),
]  # fmt: skip
