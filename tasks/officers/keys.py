"""Officers' keys: enrolled by their holder, vouched for by another organ, rotated, revoked.

Rules: whoever enrols a key proves to hold it; it signs once an officer of another organ, which and
where the pack in force says, who is another person and did not put its officer on the register,
vouched for it, and opens gates once one of a third organ did too; those of the founders, whom the
first entry names, need nobody. A
rotation is signed by the old key and the new; a revocation, by the holder or a discipline
commission there or above, takes away everything that the key ever signed but its refusals. Every
act is one entry of the ledger.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import ENROLLED, REVOKED, ROTATED, VOUCHED, Key
from schemas.envelopes import is_named, key_id, public_text, raw_public, sealed
from schemas.rules.base import Reach
from schemas.vocabulary import Organ
from tasks.officers.entitled import vouching_fault
from tasks.officers.recording import Record, Recorder, named
from tasks.officers.signatories import (
    Deed,
    Identified,
    Principal,
    Signatory,
    enrolment,
    key_statement,
)
from tasks.officers.validity import Holder


def _statement(
    recorder: Recorder,
    act: Deed,
    holder: Holder,
    key: tuple[str, bytes],
    who: Principal,
    **rest: str,
) -> bytes:
    time = who.at or recorder.now()
    return key_statement(recorder.history.cycle, time, act, holder, key, who.officer, **rest)


def assessed_enrolment(recorder: Record, who: Identified) -> tuple[Holder | None, str]:
    """An officer as the register has them, and why they may not enrol a key, or nothing."""
    holder = recorder.holder(who.officer)
    keys = recorder.history.acts.keys
    if holder is None:
        return None, "unknown-officer"
    if keys.of(who.officer):
        return holder, "has-key"
    if (waiting := keys.pending(who.officer)) and waiting.name == who.key:
        return holder, "awaits-voucher"
    if who.key in keys.keys:
        return holder, "key-taken"
    return holder, _founding_fault(recorder, who, holder)


def enrol(recorder: Recorder, who: Principal) -> int:
    """Enrol an officer's key; returns the number of its entry.

    Raises:
        ActRefused: the officer is not on record or has a key, or this key was enrolled before.
    """

    def attempt() -> int:
        holder, code = assessed_enrolment(recorder, who)
        if code or holder is None:
            recorder.refuse("enrol", code, who.officer)
        time = who.at or recorder.now()
        payload, content = enrolment(recorder.history.cycle, who, holder, time)
        return recorder.put(ENROLLED, payload, **content)

    return recorder.take(attempt)


def _founding_fault(recorder: Record, who: Identified, holder: Holder) -> str:
    """What is wrong with a founder's key, if it is one: it is enrolled as the first entry says."""
    named = [one for one in recorder.history.acts.keys.founders if one[3] == who.key]
    if not named or (who.officer, holder.organ, holder.jurisdiction, who.key) in named:
        return ""
    return "founder-key" if named[0][0] != who.officer else "role-changed"


def acting_for(recorder: Record, place: str) -> tuple[str, ...]:
    """The places whose officers act for one: its own first, those above, else every topmost."""
    places = recorder.whole.facts.relatives(Reach.ANCESTORS)
    above = tuple(places.get(place, ()))
    if above != (place,):
        return above
    others = (topmost for topmost, lineage in places.items() if len(lineage) == 1)
    return tuple(dict.fromkeys((place, *others)))


def acting(recorder: Record, who: Identified) -> tuple[Key | None, str]:
    """The current key of who acts, and what is wrong with it."""
    key = recorder.history.acts.keys.of(who.officer)
    if key is None:
        return None, "no-key"
    holder = recorder.holder(who.officer)
    if holder is None:
        return None, "unknown-officer"
    if (holder.organ, holder.jurisdiction) != (key.organ, key.jurisdiction):
        return None, "role-changed"
    return key, "" if key.name == who.key else "other-key"


def one_person(recorder: Record, one: str, other: str) -> bool:
    """Whether two officers are one person."""
    found, acting = recorder.holder(one), recorder.holder(other)
    return found is not None and acting is not None and found.person == acting.person


def entered(recorder: Record, officer: str, by: str) -> bool:
    """Whether somebody put an officer on the register as they stand there."""
    # Commands that only read keys do not load what reads registers.
    from tasks.officers.independence import who_entered

    holder = recorder.holder(by)
    return holder is not None and holder.person in who_entered(recorder.whole, officer)


def assessed_vouching(
    recorder: Record, officer: str, name: str, who: Identified
) -> tuple[Key | None, str]:
    """The key of an officer for which another would vouch, and why they may not, or nothing."""
    voucher, code = acting(recorder, who)
    waiting = recorder.history.acts.keys.waiting(officer)
    key = next((one for one in waiting if is_named(one.name, name)), None)
    if code or voucher is None:
        return key, code
    if key is None:
        return None, "other-fingerprint" if waiting else "no-request"
    if not key.active and recorder.history.acts.keys.of(officer):
        return key, "has-key"
    if one_person(recorder, officer, who.officer):
        return key, "same-person"
    if entered(recorder, officer, who.officer):
        return key, "entered-them"
    return key, _vouching_fault(recorder, voucher, key)


def vouch(recorder: Recorder, officer: str, name: str, who: Principal) -> int:
    """Vouch for a key that an officer enrolled; returns the number of the entry.

    `name` is its id, or as much of it as its fingerprint has: what the officer read out.

    Raises:
        ActRefused: no such key waits, or another one signs already; or who vouches is the same
            person, of the same organ, one that vouched already or one that the pack does not let
            vouch for theirs, not where it says, put the officer on the register, or has no key.
    """

    def attempt() -> int:
        key, code = assessed_vouching(recorder, officer, name, who)
        if code or key is None:
            recorder.refuse("vouch", code, who.officer)
        holder = Holder(key.organ, key.jurisdiction, "")
        payload = _statement(recorder, "vouch", holder, (officer, key.public), who)
        return recorder.put(
            VOUCHED,
            payload,
            officer=officer,
            key=key.name,
            voucher=who.officer,
            voucher_key=who.key,
            envelope=who.seal(payload),
        )

    return recorder.take(attempt)


def _vouching_fault(recorder: Record, voucher: Key, key: Key) -> str:
    rules = recorder.whole.in_force.authorities.vouching
    code = vouching_fault(rules, voucher, key, acting_for(recorder, key.jurisdiction))
    vouched = not key.awaits(voucher.officer, voucher.organ)
    return "organ-vouched" if vouched and code != "own-organ" else code


def rotate(recorder: Recorder, who: Signatory, new: Ed25519PrivateKey) -> int:
    """Replace an officer's key by a new one; returns the number of the entry.

    Raises:
        ActRefused: the old key is not the officer's current one, or the new one was enrolled.
    """

    def attempt() -> int:
        key, code = acting(recorder, who)
        public = raw_public(new)
        if not code and key_id(public) in recorder.history.acts.keys.keys:
            code = "key-taken"
        if code or key is None:
            recorder.refuse("rotate", code, who.officer)
        holder = Holder(key.organ, key.jurisdiction, "")
        previous = public_text(key.public)
        payload = _statement(
            recorder, "rotate", holder, (who.officer, public), who, previous=previous
        )
        return recorder.put(
            ROTATED,
            payload,
            officer=who.officer,
            organ=key.organ,
            jurisdiction=key.jurisdiction,
            key=key_id(public),
            public=public_text(public),
            previous=key.name,
            envelope=sealed(payload, who.private, new),
        )

    return recorder.take(attempt)


def assessed_revocation(
    recorder: Record, officer: str, who: Identified, reason: str
) -> tuple[Key | None, str]:
    """The key of an officer that another would revoke, and why they may not, or nothing."""
    by, code = acting(recorder, who)
    keys = recorder.history.acts.keys
    key = keys.of(officer) or keys.pending(officer)
    if code or by is None:
        return key, code
    if key is None:
        return None, "no-key"
    return key, revoking_fault(recorder, by, key) or ("" if reason.strip() else "no-reason")


def revoke(recorder: Recorder, officer: str, who: Principal, reason: str) -> int:
    """Revoke an officer's key, and with it everything it signed; returns the entry's number.

    Raises:
        ActRefused: there is no key, no reason, or who revokes is neither its holder nor an officer
            of a discipline commission there or above.
    """

    def attempt() -> int:
        key, code = assessed_revocation(recorder, officer, who, reason)
        if code or key is None:
            recorder.refuse("revoke", code, who.officer)
        words = named(reason)
        recorder.keep(reason)
        holder = Holder(key.organ, key.jurisdiction, "")
        payload = _statement(recorder, "revoke", holder, (officer, key.public), who, reason=words)
        return recorder.put(
            REVOKED,
            payload,
            officer=officer,
            key=key.name,
            by=who.officer,
            by_key=who.key,
            reason=words,
            envelope=who.seal(payload),
        )

    return recorder.take(attempt)


def revoking_fault(recorder: Record, by: Key, key: Key) -> str:
    """Why the officer of one key may not revoke another, or nothing."""
    if by.officer == key.officer:
        return ""
    above = recorder.whole.facts.relatives(Reach.ANCESTORS).get(key.jurisdiction, ())
    if by.organ == Organ.DISCIPLINE.value and by.jurisdiction in above:
        return ""
    return "may-not-revoke"
