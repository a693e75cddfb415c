"""Attempts to say alone who is who: what one organ delivers counts once another confirmed it."""

from collections.abc import Callable
from typing import Any

from data.acts import CONFIRM, CONFIRMED, DECLINE, DELIVERED
from data.blobs import BlobStore
from data.ledger import Ledger
from data.submissions import ACCEPT
from schemas.entries import Proposed
from schemas.envelopes import payload_digest, sealed
from schemas.statements import Confirmation, statement
from tasks.intake import confirming
from tasks.intake.delivering import encoded, put_into_effect, statement_of, taken
from tasks.officers import keys
from tests.authority.attempts import Attempt, Shown, Tries
from tests.authority.scene import (
    CANDIDATES,
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    COUNTY,
    DISCIPLINE,
    KEYLESS,
    KIN,
    LIAISON,
    NOT_TALKED_TO,
    PLACE,
    SECRETARY,
    STRANGER,
    TOWN_DISCIPLINE,
    TWIN,
    UNITED_FRONT,
    Case,
    officer_row,
    rows,
)
from tests.generator import Row
from tests.support import cycle
from tests.support.signing import private_of, vouch, who

REASON = "查无此人"
# Somebody who is on no register yet.
NEWCOMER = f"p-{PLACE}-0990"


def invented() -> Row:
    """An officer who was never on record."""
    like = officer_row(SECRETARY)
    return {**like, "officer": STRANGER, "person": f"p-{COUNTY}-0901", "name": "某人"}


def kept_waiting(
    case: Case, register: str, *given: Row, by: str = cycle.OFFICER, remove: bool = False
) -> int:
    """Deliver rows that say who is who, and confirm nothing; the number of the entry."""
    receipt = cycle.deliver(case.home, register, given, by=by, remove=remove, confirmed=False)
    assert receipt.waits, "such rows wait"
    assert receipt.rejected == 0
    return receipt.waits


def confirms(case: Case, seq: int, by: str, verdict: Any = CONFIRM, reason: str = "") -> int:
    """Somebody confirms a delivery, or declines it."""
    return confirming.confirm(case.recorder, seq, verdict, who(by), reason)


def _of_an_officer(by: str, deliverer: str = cycle.OFFICER) -> Tries:
    return lambda case: confirms(case, kept_waiting(case, "officers", invented(), by=deliverer), by)


def _about(by: str, register: str, row: Row, deliverer: str, *, remove: bool = False) -> Tries:
    return lambda case: confirms(
        case, kept_waiting(case, register, row, by=deliverer, remove=remove), by
    )


def _after(then: Callable[[Case, int], object], by: str, deliverer: str = LIAISON) -> Tries:
    def tries(case: Case) -> None:
        seq = kept_waiting(case, "officers", invented(), by=deliverer)
        then(case, seq)
        confirms(case, seq, by)

    return tries


def _half_vouched(case: Case) -> None:
    keys.enrol(case.recorder, who(KEYLESS))
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    confirms(case, kept_waiting(case, "officers", invented(), by=LIAISON), KEYLESS)


def _revoke(officer: str) -> Callable[[Case, int], object]:
    return lambda case, _: keys.revoke(case.recorder, officer, who(CITY_DISCIPLINE), "密钥遗失")


def _delivered_again(case: Case, _seq: int) -> None:
    case.deliver("officers", {**invented(), "organ": "petition-office"})


def _roster_row() -> Row:
    like = next(row for row in rows()["roster"] if row["person"] == NOT_TALKED_TO)
    return {**like, "person": NEWCOMER}


def _reference_gone(case: Case) -> None:
    """Kin of somebody whose row is withdrawn while their kinship waits."""
    case.deliver("roster", _roster_row())
    kin: Row = {
        "jurisdiction": PLACE,
        "person": NEWCOMER,
        "kin": CANDIDATES[0],
        "kinship": "spouse",
    }
    seq = kept_waiting(case, "kin", kin)
    case.withdraw("roster", {"person": NEWCOMER})
    confirms(case, seq, CITY_DISCIPLINE)


def _declined(case: Case, seq: int) -> None:
    confirms(case, seq, DISCIPLINE, DECLINE, REASON)


def _enrolled_before(case: Case) -> None:
    kept_waiting(case, "officers", invented())
    keys.enrol(case.recorder, who(STRANGER))


def _signed_in_a_new_role(case: Case) -> None:
    """A party group's officer is to be the secretary, and signs as one at once."""
    kept_waiting(case, "officers", {**officer_row(UNITED_FRONT), "organ": "secretary"})
    case.sign(UNITED_FRONT)


def _row(name: str, code: str, tries: Tries, by: str, act: str = "confirm") -> Attempt:
    return Attempt(f"confirm: {name}", "short", code, tries, act=act, by=by)


# Written past the program


def _waiting(case: Case, seq: int) -> Proposed:
    entry = case.recorder.ledger.entry(seq)
    assert isinstance(entry, Proposed)
    return entry


def _forged(case: Case, seq: int, by: str) -> None:
    """A confirmation by a real key, written into the database with what was delivered."""
    case.recorder.follow()
    waiting = _waiting(case, seq)
    said = {**case.recorder.said(who(by)), "reason": "", "verdict": CONFIRM}
    made = statement(Confirmation.model_validate(said), waiting.payload).payload()
    with Ledger(case.home.ledger).transaction() as transaction:
        transaction.act(
            CONFIRMED, payload_digest(made), officer=by, key=who(by).key,
            envelope=sealed(made, private_of(by)), of=seq, verdict=CONFIRM,
        )  # fmt: skip
        for one in waiting.submissions:
            put_into_effect(transaction, one.content)


def _confirmed_by(by: str) -> Tries:
    return lambda case: _forged(case, kept_waiting(case, "officers", invented()), by)


def _confirmed_twice(case: Case) -> None:
    seq = kept_waiting(case, "officers", invented())
    confirms(case, seq, CITY_DISCIPLINE)
    _forged(case, seq, CITY_SECRETARY)


def _declined_and_confirmed(case: Case) -> None:
    seq = kept_waiting(case, "officers", invented(), by=LIAISON)
    _declined(case, seq)
    _forged(case, seq, CITY_SECRETARY)


def _never_asked(case: Case) -> None:
    """What says who is who, delivered as what nobody has to confirm."""
    delivery = cycle.delivery("officers", [invented()])
    ring = case.recorder.history.acts.keys
    key, by = ring.of(LIAISON), who(LIAISON)
    assert key is not None
    part = taken(ACCEPT, delivery, None)
    payload = statement_of(
        case.recorder.history.cycle, key, case.recorder.now(), [part], None
    ).payload()
    blob = BlobStore(case.home.blobs).put(encoded(delivery, ACCEPT))
    with Ledger(case.home.ledger).transaction() as transaction:
        transaction.act(
            DELIVERED, payload_digest(payload), officer=LIAISON, key=key.name,
            envelope=by.seal(payload),
        )  # fmt: skip
        put_into_effect(transaction, {
            "register": "officers", "mode": ACCEPT, "blob": blob, "accepted": 1, "rejected": 0,
            "readings": 0, "quarantine": None, "mapping": None, "source": delivery.digest,
            "officer": LIAISON, "delivery": payload_digest(payload),
        })  # fmt: skip


def _broken(name: str, tries: Tries) -> Attempt:
    return Attempt(f"forged: {name}", "short", "signature", tries, Shown.BROKEN)


ROWS = [
    # Who confirms
    _row("what one delivered oneself", "own-delivery", _of_an_officer(LIAISON, LIAISON), LIAISON),
    _row("under another id of the deliverer's", "own-delivery", _of_an_officer(SECRETARY, TWIN),
         SECRETARY),
    _row("by another officer of the organ", "own-organ", _of_an_officer(CITY_LIAISON),
         CITY_LIAISON),
    _row("from below", "not-above", _of_an_officer(DISCIPLINE), DISCIPLINE),
    _row("from a township", "not-above", _of_an_officer(TOWN_DISCIPLINE, LIAISON),
         TOWN_DISCIPLINE),
    _row("without a key", "no-key", _of_an_officer(KEYLESS, LIAISON), KEYLESS),
    _row("by nobody on record", "no-key", _of_an_officer("o-640302-98", LIAISON), ""),
    _row("with a key that is revoked", "no-key",
         _after(_revoke(DISCIPLINE), DISCIPLINE), DISCIPLINE),
    _row("with a key that one organ vouched for", "one-voucher", _half_vouched, KEYLESS),
    # What it is about
    _row("one's own row", "rows-about-self", _about(
        CITY_DISCIPLINE, "officers", {**officer_row(CITY_DISCIPLINE), "organ": "secretary"},
        cycle.OFFICER), CITY_DISCIPLINE),
    _row("one's own second id", "rows-about-self", _about(
        DISCIPLINE, "officers", {**invented(), "person": officer_row(DISCIPLINE)["person"],
                                 "name": officer_row(DISCIPLINE)["name"]}, LIAISON), DISCIPLINE),
    _row("one's own kinship, taken away", "rows-about-self", _about(
        KIN, "kin", {"person": officer_row(KIN)["person"], "kin": CANDIDATES[1]}, LIAISON,
        remove=True), KIN),
    _row("another's row that becomes one's own", "rows-about-self", _about(
        SECRETARY, "officers", {**officer_row(UNITED_FRONT),
                                "person": officer_row(SECRETARY)["person"],
                                "name": officer_row(SECRETARY)["name"]}, LIAISON), SECRETARY),
    _row("one's own row that becomes another's", "rows-about-self", _about(
        UNITED_FRONT, "officers", {**officer_row(UNITED_FRONT), "person": f"p-{COUNTY}-0901",
                                   "name": "某人"}, LIAISON), UNITED_FRONT),
    # What became of it
    _row("of a deliverer whose key is revoked", "deliverer-revoked",
         _after(_revoke(LIAISON), DISCIPLINE), DISCIPLINE),
    _row("rows that were delivered again", "overtaken", _after(_delivered_again, DISCIPLINE),
         DISCIPLINE),
    _row("rows that point to nothing any more", "no-longer-fits", _reference_gone,
         CITY_DISCIPLINE),
    _row("what was confirmed", "no-delivery", _after(
        lambda case, seq: confirms(case, seq, SECRETARY), DISCIPLINE), DISCIPLINE),
    _row("what was declined", "no-delivery", _after(_declined, SECRETARY), SECRETARY),
    _row("what needs nobody", "no-delivery", lambda case: confirms(case, 2, DISCIPLINE),
         DISCIPLINE),
    # Declining
    _row("decline without a reason", "no-reason", lambda case: confirms(
        case, kept_waiting(case, "officers", invented(), by=LIAISON), DISCIPLINE, DECLINE, " "),
        DISCIPLINE, "decline"),
    _row("decline a colleague's", "own-organ", lambda case: confirms(
        case, kept_waiting(case, "officers", invented()), CITY_LIAISON, DECLINE, REASON),
        CITY_LIAISON, "decline"),
    # What waits has no effect
    _row("enrolled before that", "unknown-officer", _enrolled_before, "", "enrol"),
    _row("signed in a role that waits", "wrong-role", _signed_in_a_new_role, UNITED_FRONT, "sign"),
    # Written past the program
    _broken("confirmed by who delivered it", _confirmed_by(cycle.OFFICER)),
    _broken("confirmed by another officer of the organ", _confirmed_by(CITY_LIAISON)),
    _broken("confirmed twice", _confirmed_twice),
    _broken("declined and then confirmed", _declined_and_confirmed),
    _broken("who is who that nobody was asked to confirm", _never_asked),
]  # fmt: skip
