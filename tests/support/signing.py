"""Officers with keys, and gates signed by whom the pack asks for.

Rules: a key follows from its officer's id, so that any test can sign for anybody; keys are enrolled
and vouched for, and gates signed, by the functions that the commands use. Who delivers never signs.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import CONFIRM, SIGNED
from data.blobs import BlobStore
from data.days import Clock, utc_now
from data.history import History, keyring
from data.home import Home
from data.ledger import Ledger
from data.registers import read_registers
from schemas.authority import VOUCHING_ORGANS
from schemas.envelopes import fingerprint
from schemas.policy import Pack
from schemas.vocabulary import Stage
from tasks.intake import confirming
from tasks.intake.on_record import OnRecord
from tasks.officers import keys
from tasks.officers.entitled import may_vouch
from tasks.officers.gates import Gates, Given
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Principal, Signatory
from tests.generator import gate_signers
from tests.generator.faults.fault import deliverers
from tests.support import reference

# Delivers in tests (tests.support.cycle.OFFICER).
DELIVERS = "o-640300-03"
# The id of a key that nobody has.
UNKNOWN = "0" * 64
_SIGNING_TABLES = ("jurisdictions", "units", "officers", "candidates", "kin")

Signers = dict[tuple[str, Stage], tuple[str, ...]]


@cache
def private_of(officer: str, number: int = 1) -> Ed25519PrivateKey:
    """The private key of an officer; `number` 2 and up are the ones that come after."""
    seed = hashlib.sha256(f"{officer}/{number}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def who(officer: str, number: int = 1) -> Signatory:
    """An officer with their key at hand."""
    return Signatory(officer, private_of(officer, number))


@cache
def delivering() -> frozenset[str]:
    """The officers who deliver: those of the mends, and the one whom tests use."""
    return deliverers(reference.listed())


def _order(officer: str) -> tuple[int, str]:
    return len(officer), officer


def founders_among(officers: Iterable[Mapping[str, object]], deliverer: str) -> dict[str, str]:
    """The founders of a test's cycle, with their keys: who delivers, and two of two organs."""
    rows = {str(row["officer"]): row for row in officers}
    found = {deliverer: rows[deliverer]}
    for officer in sorted(rows, key=_order):
        row = rows[officer]
        others = [one for one in found if one != deliverer]
        fresh = all(row["person"] != one["person"] for one in found.values())
        if fresh and len(others) < 2 and all(rows[one]["organ"] != row["organ"] for one in others):
            found[officer] = row
    return {officer: who(officer).key for officer in found}


def founding(
    officers: Sequence[Mapping[str, object]], deliverer: str = DELIVERS
) -> tuple[Signatory, Mapping[str, str]]:
    """Who opens a cycle in tests: the one who delivers there, or the last of the book."""
    named = sorted((str(row["officer"]) for row in officers), key=_order)
    if not named:
        return who(deliverer), {deliverer: who(deliverer).key}
    departments = {row["officer"] for row in officers if row["organ"] == "organisation-department"}
    able = [one for one in named if one in departments] or named
    first = deliverer if deliverer in named else able[-1]
    return who(first), founders_among(officers, first)


def delivers(home: Home, officer: str) -> Signatory:
    """An officer who delivers in a test: with a key that is in force, enrolled if there is none."""
    if not keyring(Ledger(home.ledger)).had_by(officer) and officer in officers_on_record(home):
        enrol(home, [officer])
    return who(officer)


def officers_on_record(home: Home) -> set[str]:
    """The officers of the register as it stands."""
    record = OnRecord.now(Ledger(home.ledger), BlobStore(home.blobs))
    return {str(officer) for (officer,) in record.rows("officers")}


def signers_of(home: Home, pack: Pack, history: History) -> Signers:
    """Gate → the officers who sign it, as the registers stand."""
    frames = read_registers(BlobStore(home.blobs), history.submissions())
    tables: dict[str, list[dict[str, object]]] = {}
    for name in _SIGNING_TABLES:
        plain = frames[name].astype(object).where(frames[name].notna(), None)
        columns = [str(column) for column in plain.columns]
        tables[name] = [
            dict(zip(columns, row, strict=True)) for row in plain.itertuples(index=False, name=None)
        ]
    return gate_signers(pack, tables, delivering())


def everybody(signing: Signers) -> list[str]:
    """The officers of these gates."""
    return sorted({officer for officers in signing.values() for officer in officers})


def enrol(home: Home, officers: Collection[str] | None = None, clock: Clock = utc_now) -> None:
    """Give officers their keys (default: all who sign), each vouched for by another organ."""
    recorder = Recorder(home, clock)
    if officers is None:
        snapshot = recorder.snapshot("cycle")
        officers = everybody(signers_of(home, snapshot.pack, recorder.history))
    # Whoever delivered has a key, and the founders are those of whom a key is vouched for.
    named = {officer for officer, *_ in recorder.history.acts.keys.founders}
    wanted = sorted({*officers, *named}, key=_order)
    for officer in wanted:
        if not recorder.history.acts.keys.had_by(officer):
            keys.enrol(recorder, who(officer))
    # The last of them is on record only now.
    recorder.follow()
    for _ in range(VOUCHING_ORGANS):
        for officer in wanted:
            vouched(recorder, officer)


def vouched(recorder: Recorder, officer: str, times: int = 1) -> None:
    """Others vouch for a key that waits, so many of them as are needed and there are."""
    for _ in range(times):
        recorder.follow()
        key = recorder.history.acts.keys.pending(officer)
        by = next(vouchers(recorder, officer), None) if key else None
        if by:
            vouch(recorder, officer, who(by))
        elif key and not key.active:
            raise LookupError(f"nobody vouches for {officer}")
    recorder.follow()


def vouch(recorder: Recorder, officer: str, by: Principal) -> int:
    """Somebody vouches for the newest key that waits, as its officer reads it out."""
    recorder.follow()
    pending = recorder.history.acts.keys.pending(officer)
    return keys.vouch(recorder, officer, fingerprint(pending.name if pending else UNKNOWN), by)


def vouchers(recorder: Recorder, officer: str) -> Iterator[str]:
    """Those of another organ, there or above, who can vouch for an officer's key that waits."""
    key = recorder.history.acts.keys.pending(officer)
    if key is None:
        raise LookupError(officer)
    places = keys.acting_for(recorder, key.jurisdiction)
    rules = recorder.whole.in_force.authorities.vouching
    return (
        one.officer
        for one in recorder.history.acts.keys.keys.values()
        if one.current
        and may_vouch(rules, one, key, places)
        and not keys.one_person(recorder, officer, one.officer)
        and not keys.entered(recorder, officer, one.officer)
    )


def confirm(
    home: Home, seq: int, day: date | None = None, clock: Clock = utc_now, by: str = ""
) -> int:
    """Confirm a delivery that waits, by `by` or whoever may; founders have enrolled by then."""
    recorder = Recorder(home, clock, day)
    chosen = by or confirmer(recorder, seq)
    if chosen is None:
        enrol(home, [], clock)
        recorder.follow()
        chosen = confirmer(recorder, seq)
    if chosen is None:
        raise LookupError(seq)
    return confirming.confirm(recorder, seq, CONFIRM, who(chosen))


def confirmer(recorder: Recorder, seq: int) -> str | None:
    """Somebody with a key who may confirm a delivery, if there is one."""
    waiting = recorder.history.waiting[seq]
    having = (one.officer for one in recorder.history.acts.keys.keys.values() if one.current)
    able = (
        one for one in having if not confirming.confirm_fault(recorder, waiting, CONFIRM, who(one))
    )
    return next(able, None)


def act_of(gates: Gates, unit: str, officer: str, kind: str = SIGNED, reason: str = "") -> Given:
    """A sign-off or a refusal by an officer, of what the gate says now."""
    review = gates.review(unit)
    assert review is not None
    return gates.made(kind, unit, who(officer), review, reason)


def sign_all(
    home: Home,
    stage: Stage,
    scope: str = "cycle",
    clock: Clock = utc_now,
    signing: Signers | None = None,
) -> int:
    """Sign every gate of a stage that waits for signatures only; returns how many signatures.

    `signing` says who signs, where it is known already.
    """
    recorder = Recorder(home, clock)
    gates = Gates(recorder, stage, scope)
    ready = [unit for unit in gates.snapshot.units if not gates.state_fault(unit, SIGNED)]
    if not ready:
        return 0
    signing = signing or signers_of(home, gates.snapshot.pack, recorder.history)
    made = [act_of(gates, unit, officer) for unit in ready for officer in signing[unit, stage]]
    fit = [given for given in made if not gates.fault(given)]
    return len(gates.record(fit))


def sign_what_waits(home: Home, scope: str = "cycle") -> None:
    """Everybody signs whatever waits for signatures only, at any stage."""
    rows = Ledger(home.ledger).query("SELECT DISTINCT stage FROM gates WHERE outcome = 'waiting'")
    for (stage,) in rows:
        sign_all(home, Stage(stage), scope)
