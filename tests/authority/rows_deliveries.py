"""Attempts to deliver in another's name, without a good key, or what somebody else signed."""

from collections.abc import Callable
from typing import Any

from data.history import keyring
from schemas.envelopes import Enveloped, payload_of, sealed
from schemas.refusals import ActRefused
from schemas.statements import Delivery, SignOff, parse_statement, statement
from tasks.intake import accept
from tasks.officers import keys
from tasks.officers.signatories import Principal, RemoteSigner, Signatory, brought
from tests.authority.attempts import Attempt, Tries
from tests.authority.scene import (
    CANDIDATES,
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    COUNTY,
    COUNTY_SCRUTINEER,
    DISCIPLINE,
    KEYLESS,
    KIN_BACK,
    LIAISON,
    SECRETARY,
    STRANGER,
    UNITED_FRONT,
    Case,
    officer_row,
)
from tests.generator import Row
from tests.intake.files import csv_file
from tests.support import cycle
from tests.support.signing import private_of, who

OTHER_CYCLE = "0" * 64


def row(register: str = "measures", number: int = 0) -> Row:
    """A row that may be delivered."""
    return cycle.small_rows()[register][number]


def delivers(by: Principal, *given: Row) -> Tries:
    """Somebody delivers rows."""
    return lambda case: cycle.deliver(case.home, "measures", given or (row(),), by=by)


def revoked(case: Case) -> None:
    """A key that was revoked delivers."""
    keys.revoke(case.recorder, SECRETARY, who(CITY_DISCIPLINE), "密钥被盗")
    cycle.deliver(case.home, "measures", [row()], by=who(SECRETARY))


def replaced(case: Case) -> None:
    """A key that was replaced delivers."""
    keys.rotate(case.recorder, who(SECRETARY), private_of(SECRETARY, 2))
    cycle.deliver(case.home, "measures", [row()], by=who(SECRETARY))


def pending(case: Case) -> None:
    """A key delivers for which nobody vouched."""
    keys.enrol(case.recorder, who(KEYLESS))
    cycle.deliver(case.home, "measures", [row()], by=who(KEYLESS))


def moved(case: Case) -> None:
    """An officer delivers whom the register gives another organ since."""
    like = next(one for one in cycle.small_rows()["officers"] if one["officer"] == SECRETARY)
    case.deliver("officers", {**like, "organ": "united-front"})
    cycle.deliver(case.home, "measures", [row()], by=who(SECRETARY))


# What was signed elsewhere


def signed(case: Case, officer: str = SECRETARY, by: str = "", **changes: Any) -> Enveloped:
    """What an officer signs for a delivery of one row, but for `changes` in what is said."""
    payload = cycle.to_sign(case.home, "measures", [row()], officer)
    said = parse_statement(payload)
    shown = {**said.predicate.model_dump(by_alias=True), **changes}
    made = statement(Delivery.model_validate(shown), said.evidence)
    return sealed(made.payload(), who(by or officer).private)


def bringing(case: Case, officer: str, envelope: Enveloped) -> RemoteSigner:
    """Who brings an envelope, as the inbox takes it; what is none is refused on record."""
    try:
        return brought(keyring(case.recorder.ledger), officer, envelope)
    except ActRefused as refused:
        raise accept.refused(case.home, officer, refused.code) from refused


def brings(
    envelope: Callable[[Case], Enveloped], officer: str = SECRETARY, *, number: int = 0
) -> Tries:
    """An officer delivers with an envelope that was made elsewhere."""
    return lambda case: cycle.deliver(
        case.home, "measures", [row(number=number)], by=bringing(case, officer, envelope(case))
    )


def twice(case: Case) -> None:
    """The same envelope delivers again."""
    envelope = signed(case)
    for _ in range(2):
        cycle.deliver(case.home, "measures", [row()], by=bringing(case, SECRETARY, envelope))


def to_another_register(case: Case) -> None:
    """What was signed for one register is brought for another."""
    by = bringing(case, SECRETARY, signed(case))
    cycle.deliver(case.home, "duties", [row("duties")], by=by)


def edited(case: Case) -> Enveloped:
    """An envelope whose signature is of other bytes."""
    honest, other = signed(case), signed(case, jurisdiction="640300")
    return {**honest, "signatures": other["signatures"]}


def a_sign_off(case: Case) -> Enveloped:
    """A sign-off in the place of a delivery."""
    envelope = case.envelope()
    assert isinstance(parse_statement(payload_of(envelope)).predicate, SignOff)
    return envelope


def to(register: str, by: str, *given: Row) -> Tries:
    """An officer delivers rows to a register."""
    return lambda case: cycle.deliver(case.home, register, given or (row(register),), by=who(by))


def _invented(officer: str) -> Row:
    """An officer who was never on record."""
    like = officer_row(SECRETARY)
    return {**like, "officer": officer, "person": f"p-{COUNTY}-0901", "name": "某人"}


def _together(case: Case) -> None:
    """Rows to a register that the organ delivers to, and beside them one that it does not."""
    path = case.home.path.parent / "both"
    path.mkdir()
    for name in ("reviews", "candidates"):
        csv_file(path / f"{name}.csv", [row(name)], name)
    accept.submit_file(case.home, path, who(DISCIPLINE))


def _row(name: str, code: str, tries: Tries, by: str = SECRETARY, scene: str = "short") -> Attempt:
    return Attempt(f"deliver: {name}", scene, code, tries, act="deliver", by=by)


ROWS = [
    _row("in another's name", "other-key", delivers(Signatory(SECRETARY, private_of(LIAISON)))),
    _row("with no key", "no-key", delivers(who(KEYLESS)), KEYLESS),
    _row("with a key that nobody vouched for", "no-key", pending, KEYLESS),
    _row("with a revoked key", "key-revoked", revoked),
    _row("with a replaced key", "other-key", replaced),
    _row("by nobody on record", "unknown-officer", delivers(who(STRANGER)), ""),
    _row("with another role than the key's", "role-changed", moved),
    _row("the same envelope again", "replayed", twice),
    _row("to another register", "other-statement", to_another_register),
    _row("other rows than were signed", "other-statement", brings(signed, number=1)),
    _row(
        "for another cycle", "other-statement", brings(lambda case: signed(case, cycle=OTHER_CYCLE))
    ),
    _row("what another officer signed", "other-key", brings(lambda case: signed(case, LIAISON))),
    _row(
        "in a name that the statement does not have",
        "other-statement",
        brings(lambda case: signed(case, LIAISON, by=SECRETARY)),
    ),
    _row(
        "for another place than the key's",
        "other-statement",
        brings(lambda case: signed(case, jurisdiction="640300")),
    ),
    _row("with a time long gone", "time", brings(lambda case: signed(case, time=case.in_days(-3)))),
    _row("with a signature of something else", "envelope", brings(edited)),
    _row("with a sign-off", "other-act", brings(a_sign_off)),
    _row("with an empty envelope", "envelope", brings(lambda _: {})),
    _row("officers, by a scrutineer", "may-not-deliver",
         to("officers", COUNTY_SCRUTINEER, _invented("o-640302-90")), COUNTY_SCRUTINEER),
    _row("officers, by the secretary whom they sign for", "may-not-deliver",
         to("officers", SECRETARY, _invented("o-640302-91")), SECRETARY),
    _row("kin away, by a secretary", "may-not-deliver",
         lambda case: cycle.deliver(case.home, "kin", [
             {"person": CANDIDATES[2], "kin": officer_row(KIN_BACK)["person"]}], by=who(SECRETARY),
             remove=True)),
    _row("candidates, by a discipline commission", "may-not-deliver",
         to("candidates", DISCIPLINE), DISCIPLINE),
    _row("talks, by a united front department", "may-not-deliver",
         to("talks", UNITED_FRONT), UNITED_FRONT),
    _row("reviews, by a secretary", "may-not-deliver",
         to("reviews", SECRETARY)),
    _row("one register too many", "may-not-deliver", _together, DISCIPLINE),
    Attempt(
        "a founder's key for somebody else",
        "bare",
        "founder-key",
        lambda case: keys.enrol(case.recorder, Signatory(KEYLESS, private_of(CITY_SECRETARY))),
        act="enrol",
        by=KEYLESS,
    ),
    Attempt(
        "enrolled first, and no founder",
        "bare",
        "no-key",
        lambda case: (
            keys.enrol(case.recorder, who(DISCIPLINE)),
            cycle.deliver(case.home, "measures", [row()], by=who(DISCIPLINE)),
        ),
        act="deliver",
        by=DISCIPLINE,
    ),
]  # fmt: skip
