"""Attempts by whoever can write the database or the pack, or sets the clock, and has no key.

Rules: entries are appended as the program appends them, chain and state tables in order, so that
only what was signed can tell; what does not verify stops every stage.
"""

from binascii import a2b_base64
from datetime import date, timedelta
from typing import Any

from data.acts import ENROLLED, REVOKED, SIGNED, VOUCHED, WAIVED, WITHDRAWN
from data.ledger import Ledger, Transaction
from schemas.decisions import sign_off_code
from schemas.envelopes import Enveloped, key_id, payload_digest, public_text, raw_public, sealed
from schemas.statements import KeyAct, Waiver, Withdrawal, statement
from schemas.vocabulary import Outcome, Stage
from tasks.officers.gates import Gates
from tasks.officers.signatories import Signatory
from tests.authority.attempts import Attempt, Shown, Tries
from tests.authority.rows_waivers import LATER
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    NOT_TALKED_TO,
    OTHER,
    PLACE,
    SECRETARY,
    TALKS,
    UNIT,
    Case,
    panel,
    rows,
    with_sign_offs,
)
from tests.support import cycle
from tests.support.cycle import ON
from tests.support.signing import act_of, private_of, who

THIEF = Signatory(SECRETARY, private_of("thief"))
NAMED = {"unit": UNIT, "stage": "plan"}


def append(case: Case, kind: str, envelope: Enveloped, **content: Any) -> int:
    """Append an act as the program does, whatever is in its envelope."""
    payload = payload_digest(a2b_base64(envelope["payload"]))
    with Ledger(case.home.ledger).transaction() as transaction:
        return transaction.act(kind, payload, envelope=dict(envelope), **content)


def signed(case: Case, envelope: Enveloped, key: str = "") -> None:
    """Append a sign-off in the secretary's name."""
    append(case, SIGNED, envelope, **NAMED, officer=SECRETARY, key=key or who(SECRETARY).key)


def _under_their_key(case: Case) -> None:
    """The thief's signature, put under the name of the secretary's key."""
    payload = statement(case.said(), case.evidence).payload()
    made = sealed(payload, THIEF.private)
    signed(case, {**made, "signatures": [{**made["signatures"][0], "keyid": who(SECRETARY).key}]})


def _under_own_key(case: Case) -> None:
    payload = statement(case.said(), case.evidence).payload()
    signed(case, sealed(payload, THIEF.private), THIEF.key)


def _under_a_colleagues_key(case: Case) -> None:
    signed(case, case.envelope(by=LIAISON), who(LIAISON).key)


def _for_the_other_unit(case: Case) -> None:
    made = act_of(Gates(case.recorder, Stage.PLAN, PLACE), OTHER, SECRETARY)
    signed(case, made.envelope)


def _no_envelope(case: Case) -> None:
    made = case.envelope()
    signed(case, {**made, "note": "?"})


def _not_in_the_tables(case: Case) -> None:
    made = case.envelope()
    with Ledger(case.home.ledger).transaction() as transaction:
        transaction.append(
            SIGNED, **NAMED, officer=SECRETARY, key=who(SECRETARY).key, envelope=dict(made)
        )


def _in_the_tables_only(case: Case) -> None:
    with Ledger(case.home.ledger).transaction() as transaction:
        transaction.set_state("UPDATE gates SET outcome = 'open' WHERE unit = ?", UNIT)


def _edited(case: Case) -> None:
    """The refusal on record is edited into a sign-off, past the triggers."""
    seq = case.refuse(SECRETARY)
    with Ledger(case.home.ledger).transaction() as transaction:
        for (name,) in transaction.query("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            transaction.set_state(f"DROP TRIGGER {name}")
        (body,) = transaction.query("SELECT body FROM entries WHERE seq = ?", seq)[0]
        content = bytes(body).replace(b'"refused"', b'"signed"')
        transaction.set_state("UPDATE entries SET body = ? WHERE seq = ?", content, seq)


def _open(case: Case) -> None:
    """The last decision once more, open and signed by nobody."""
    last = case.decided()
    content = {name: last[name] for name in last if name not in ("seq", "prev", "at", "kind")}
    findings = {**last["findings"], sign_off_code(Stage.PLAN): {"pass": ["liaison"]}}
    opened = {**content, "outcome": Outcome.OPEN.value, "findings": findings}
    with Ledger(case.home.ledger).transaction() as transaction:
        _decide(transaction, opened)


def _decide(transaction: Transaction, content: dict[str, Any]) -> None:
    seq = transaction.append("decided", **content)
    transaction.set_state(
        "INSERT OR REPLACE INTO gates VALUES (?, 'plan', ?, 'open', ?)",
        UNIT, seq, content["decision"],
    )  # fmt: skip


def _waived(case: Case) -> None:
    """A waiver in the names of both organs, by the thief."""
    for officer in (DISCIPLINE, LIAISON):
        day = (ON + timedelta(days=10)).isoformat()
        asked = {"check": TALKS, "subject": NOT_TALKED_TO, "until": day}
        said = {**case.recorder.said(who(officer)), "reason": "a" * 64}
        predicate = Waiver(**said, **NAMED, **asked, policy=case.recorder.whole.pack.digest)
        made = sealed(statement(predicate, case.evidence).payload(), THIEF.private)
        append(case, WAIVED, made, **NAMED, **asked, officer=officer, key=who(officer).key)


def _withdrawn(case: Case) -> None:
    """The refusal of the secretary is withdrawn in their name."""
    seq = case.refuse(SECRETARY)
    case.sign(CITY_SECRETARY)
    payload = case.recorder.ledger.entry(seq).as_json()["envelope"]["payload"]
    said = {**case.recorder.said(who(SECRETARY)), "reason": ""}
    taken = payload_digest(a2b_base64(payload))
    made = sealed(statement(Withdrawal(**said, **NAMED), taken).payload(), THIEF.private)
    append(case, WITHDRAWN, made, of=seq, **NAMED, officer=SECRETARY, key=who(SECRETARY).key)


def _about_key(case: Case, officer: str, public: bytes, act: str, by: str) -> Enveloped:
    """A statement about a key, by the thief."""
    predicate = KeyAct.model_validate(
        {
            "cycle": case.recorder.history.cycle,
            "officer": officer,
            "organ": "secretary",
            "jurisdiction": "640302",
            "reason": "",
            "time": case.recorder.now(),
            "act": act,
            "public": public_text(public),
            "previous": "",
            "by": by,
        }
    )
    return sealed(statement(predicate, key_id(public)).payload(), THIEF.private)


def _own_key(case: Case) -> None:
    """The thief enrols a key as an officer's and vouches for it in another's name."""
    public = raw_public(THIEF.private)
    key = {"officer": KEYLESS, "key": key_id(public)}
    place = {"organ": "secretary", "jurisdiction": "640302"}
    # Before: an honest recorder follows no forged key.
    payload = statement(case.said(KEYLESS, **place), case.evidence).payload()
    envelope = sealed(payload, THIEF.private)
    enrolled = _about_key(case, KEYLESS, public, "enrol", KEYLESS)
    append(case, ENROLLED, enrolled, **key, **place, public=public_text(public))
    vouched = _about_key(case, KEYLESS, public, "vouch", DISCIPLINE)
    voucher = {"voucher": DISCIPLINE, "voucher_key": who(DISCIPLINE).key}
    append(case, VOUCHED, vouched, **key, **voucher)
    append(case, SIGNED, envelope, **NAMED, officer=KEYLESS, key=key_id(public))


def _key_revoked(case: Case) -> None:
    """The key of the officer who refused is revoked in the name of a commission."""
    case.refuse(SECRETARY)
    case.sign(CITY_SECRETARY)
    public = raw_public(who(SECRETARY).private)
    made = _about_key(case, SECRETARY, public, "revoke", CITY_DISCIPLINE)
    key = {"officer": SECRETARY, "key": key_id(public), "reason": ""}
    append(case, REVOKED, made, **key, by=CITY_DISCIPLINE, by_key=who(CITY_DISCIPLINE).key)


def _nothing(case: Case) -> None:
    """What the scene brings is all."""


def _expired(case: Case) -> None:
    """A waiver expired, and somebody turns the calendar back."""
    case.on = LATER
    assert case.launch() is Outcome.WAITING
    case.on = ON


def packed(sign_offs: str, head: str = "") -> Tries:
    """A cycle is opened under a pack with these sign-offs of the plan, and `head` before all."""

    def tries(case: Case) -> None:
        file = case.home.path.with_name("pack.toml")
        file.write_text(head + with_sign_offs(sign_offs), encoding="utf-8")
        other = case.home.path.with_name("other")
        try:
            cycle.open_home(other, rows(), str(file))
        finally:
            assert not other.exists()

    return tries


BOTH = ["secretary", "discipline-commission"]

DATABASE = [
    Attempt("a forged sign-off under the officer's key", "short", "envelope",
            _under_their_key, Shown.VOID),
    Attempt("a forged sign-off under a key of nobody", "short", "no-key",
            _under_own_key, Shown.VOID),
    Attempt("a forged sign-off under a colleague's key", "short", "other-key",
            _under_a_colleagues_key, Shown.VOID),
    Attempt("a sign-off for another unit, moved", "short", "other-unit",
            _for_the_other_unit, Shown.VOID),
    Attempt("a sign-off in an edited envelope", "short", "envelope", _no_envelope, Shown.VOID),
    Attempt("a forged waiver", "lacking", "envelope", _waived, Shown.VOID),
    Attempt("a forged withdrawal of a refusal", "short", "sign-off-refused",
            _withdrawn, Shown.FINDING),
    Attempt("a forged key", "short", "signature", _own_key, Shown.BROKEN),
    Attempt("a forged revocation of a refusing officer's key", "short", "signature",
            _key_revoked, Shown.BROKEN),
    Attempt("a sign-off that is in no table", "short", "state", _not_in_the_tables, Shown.BROKEN),
    Attempt("an open gate that is in a table only", "short", "state",
            _in_the_tables_only, Shown.BROKEN),
    Attempt("a refusal edited into a sign-off", "short", "changed", _edited, Shown.BROKEN),
    Attempt("a forged open decision", "short", "sign-off-missing", _open, Shown.FINDING, have=0),
]  # fmt: skip

CLOCK = [
    Attempt("a day that has not come", "excepted", "has not come yet",
            _nothing, Shown.DAY, on=date(2999, 1, 1)),
    Attempt("a day before the waiver expired", "excepted", "days do not go back",
            _expired, Shown.DAY),
]  # fmt: skip

PACKS = [
    Attempt("no sign-off in the pack", "fresh", "stage plan has no sign-off at all",
            packed(""), Shown.PACK),
    Attempt("an empty list of sign-offs in the pack", "fresh", "stage plan has no sign-off at all",
            packed("", "sign_offs.plan = []\n"), Shown.PACK),
    Attempt("no organ in the pack", "fresh", "organs is empty",
            packed(panel("lead", [], 1)), Shown.PACK),
    Attempt("n = 0 in the pack", "fresh", "number = 0; at least 1",
            packed(panel("lead", BOTH, 0)), Shown.PACK),
    Attempt("n below 0 in the pack", "fresh", "number = -1; at least 1",
            packed(panel("lead", BOTH, -1)), Shown.PACK),
    Attempt("n over m in the pack", "fresh", "but of 2 organs each counts once",
            packed(panel("lead", BOTH, 3)), Shown.PACK),
]  # fmt: skip

ROWS = [*DATABASE, *CLOCK, *PACKS]
