"""Attacks by whoever writes decisions into the database and lacks the evaluator's key.

Rules: what is forged is right but for its signature: chain, links, digests, state tables, position
and the acts that it rests on; every officer's key may be at hand. Acts on evaluators' keys are
forged with the wrong officers.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.evaluators import Signer
from schemas.envelopes import key_id, public_text, raw_public
from tests.tamper.attack import Forged, Pool, attack, forged, numbers, pick, told_by_kept
from tests.tamper.material import EVALUATED, Entry, Keys, Material, signed_again

Entries = list[Entry]
Sign = Callable[[Entry, Material], Entry | None]
STRANGER = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
STRANGER_ID = key_id(raw_public(STRANGER))


def _bare(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name != "signature"}


def _by(entry: Entry, name: str, private: Ed25519PrivateKey) -> Entry:
    """The entry signed by a key in the name of the evaluator `name`."""
    return Signer(name, private).signed(_bare(entry))


def _forge(name: str, sign: Sign, kinds: tuple[str, ...] = EVALUATED, *, lacking: str = "") -> None:
    """An attack that writes one decision or hand-off as `sign` gives it; it is told by that entry.

    The one before it in the chain is left as it was, and what follows is cut off.
    """

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged | None:
        one = pool.any(dice)
        seq = pick(dice, numbers(one.entries, *kinds))
        if seq is None:
            return None
        entries = one.entries[:seq]
        fake = sign(entries[-1], one)
        if fake is None or fake == entries[-1]:
            return None
        rows = one.rechained([*entries[:-1], fake])
        notes = tuple(pair for pair in one.notes if pair[0] < seq)
        # A home tells what lacks a field by its form.
        return forged(replace(rows, notes=notes), f"evaluator {lacking}".strip(), seq)


def _enrolled(one: Material, until: int) -> list[str]:
    """The ids of officers' keys on record before an entry."""
    return [e["key"] for e in one.entries[: until - 1] if e["kind"] == "key-enrolled"]


def _ended(one: Material, seq: int, kind: str, field: str) -> str | None:
    """An evaluator's key that an entry of `kind` before `seq` ended."""
    found = [e[field] for e in one.entries[: seq - 1] if e["kind"] == kind]
    return found[-1] if found else None


def _unsigned(entry: Entry, _: Material) -> Entry:
    return {name: value for name, value in _bare(entry).items() if name != "evaluator"}


def _no_signature(entry: Entry, _: Material) -> Entry:
    return _bare(entry)


def _empty_signature(entry: Entry, _: Material) -> Entry:
    return {**entry, "signature": ""}


def _null_signature(entry: Entry, _: Material) -> Entry:
    return {**entry, "signature": None}


def _short_signature(entry: Entry, _: Material) -> Entry:
    return {**entry, "signature": entry["signature"][:84]}


def _of_a_stranger(entry: Entry, _: Material) -> Entry:
    return _by(entry, STRANGER_ID, STRANGER)


def _of_a_stranger_in_their_name(entry: Entry, _: Material) -> Entry:
    return _by(entry, entry["evaluator"], STRANGER)


def _of_an_officer(entry: Entry, one: Material) -> Entry:
    name = _enrolled(one, entry["seq"])[0]
    return _by(entry, name, one.keys[name])


def _of_an_officer_in_their_name(entry: Entry, one: Material) -> Entry:
    name = _enrolled(one, entry["seq"])[0]
    return _by(entry, entry["evaluator"], one.keys[name])


def _of_the_key_before(entry: Entry, one: Material) -> Entry | None:
    name = _ended(one, entry["seq"], "evaluator-rotated", "previous")
    return _by(entry, name, one.keys[name]) if name else None


def _of_a_revoked_key(entry: Entry, one: Material) -> Entry | None:
    name = _ended(one, entry["seq"], "evaluator-revoked", "key")
    return _by(entry, name, one.keys[name]) if name else None


def _of_a_key_that_comes_later(entry: Entry, one: Material) -> Entry | None:
    later = [e["key"] for e in one.entries[entry["seq"] :] if e["kind"] == "evaluator-rotated"]
    return _by(entry, later[0], one.keys[later[0]]) if later else None


def _from_another_entry(entry: Entry, one: Material) -> Entry | None:
    others = [e for e in one.entries[: entry["seq"] - 1] if e["kind"] in EVALUATED]
    return {**entry, "signature": others[-1]["signature"]} if others else None


def _without_place(entry: Entry, one: Material) -> Entry:
    """What the evaluator signed, had it signed no place in the chain."""
    private = one.keys[entry["evaluator"]]
    placeless = {name: entry[name] for name in entry if name not in ("seq", "prev", "at")}
    return {**entry, "signature": _by(placeless, entry["evaluator"], private)["signature"]}


def _said_otherwise(field: str, value: object) -> Sign:
    """What no rule forbids is changed after it was signed."""

    def sign(entry: Entry, _: Material) -> Entry | None:
        return {**entry, field: value} if field in entry and entry[field] != value else None

    return sign


_forge("write a decision or hand-off that names no evaluator", _unsigned, lacking="form")
_forge("write one without a signature", _no_signature, lacking="form")
_forge("write one with an empty signature", _empty_signature)
_forge("write one with a signature that is null", _null_signature, lacking="form")
_forge("write one with a signature cut short", _short_signature)
_forge("sign one with a key of nobody", _of_a_stranger)
_forge("sign one with a key of nobody in the evaluator's name", _of_a_stranger_in_their_name)
_forge("sign one with an officer's key", _of_an_officer)
_forge("sign one with an officer's key in the evaluator's name", _of_an_officer_in_their_name)
_forge("sign one with the key before the rotation", _of_the_key_before)
_forge("sign one with a revoked evaluator's key", _of_a_revoked_key)
_forge("sign one with a key that came into force later", _of_a_key_that_comes_later)
_forge("copy the signature of another decision or hand-off", _from_another_entry)
_forge("sign one for any place in the chain", _without_place)
_forge("change the code of a signed decision", _said_otherwise("code", "0.1.0+0"), ("decided",))
_forge(
    "change the day of a signed decision",
    _said_otherwise("on", "2016-01-01"),
    ("decided",),
    lacking="day",
)
_forge("change the run of a signed decision", _said_otherwise("run", "x"), ("decided",))
_forge("change what was handed on", _said_otherwise("digest", "0" * 64), ("handed-on",))
_forge(
    "change the moment of a decision",
    _said_otherwise("at", "2026-01-01T00:00:00.000000+00:00"),
    lacking="day",
)


@attack("record a signed decision a second time")
def _again(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    decided = [one.entries[seq - 1] for seq in numbers(one.entries, "decided")]
    waiting = [e["seq"] for e in decided if e["outcome"] != "open" and e["reopened"] is None]
    seq = pick(dice, waiting)
    if seq is None:
        return None
    made = one.rechained([*one.entries[:seq], one.entries[seq - 1]])
    notes = tuple(pair for pair in one.notes if pair[0] < seq)
    return forged(replace(made, notes=notes), "evaluator", seq + 1)


# Acts on evaluators' keys


def _seized(name: str, kind: str, edit: Callable[[Entry, Entries, Keys], Entry | None]) -> None:
    """An attack that forges one act on an evaluator's key."""

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged | None:
        one = pool.any(dice)
        entries = one.entries
        seq = pick(dice, numbers(entries, kind))
        fake = edit(entries[seq - 1], entries[: seq - 1], one.keys) if seq else None
        if seq is None or fake is None:
            return None
        entries[seq - 1] = fake
        return forged(one.remade(entries), "signature", seq)


def _to_the_forger(entry: Entry, _: Entries, keys: Keys) -> Entry:
    """The forger's key takes the place of the new one, and the forger signs for both."""
    public = public_text(raw_public(STRANGER))
    fake = {**entry, "key": STRANGER_ID, "public": public}

    def edit(said: Entry) -> None:
        said["subject"][0]["digest"]["sha256"] = STRANGER_ID
        said["predicate"]["public"] = public

    names = [one["keyid"] for one in entry["envelope"]["signatures"]]
    signed = signed_again(fake, dict.fromkeys(names, STRANGER), edit)
    for line, name in zip(signed["envelope"]["signatures"], names, strict=True):
        line["keyid"] = STRANGER_ID if name == entry["key"] else name
    return signed


def _by_the_same_organ(entry: Entry, before: Entries, keys: Keys) -> Entry | None:
    """Whoever enrolled the key vouches for it as well."""
    (enrolled,) = [
        one for one in before if one["kind"] == "evaluator-enrolled" and one["key"] == entry["key"]
    ]
    holder = next(one for one in reversed(before) if one.get("key") == enrolled["officer_key"]
                  and "organ" in one)  # fmt: skip

    def edit(said: Entry) -> None:
        said["predicate"] |= {name: holder[name] for name in ("officer", "organ", "jurisdiction")}

    name = entry["officer_key"]
    own = {name: keys[enrolled["officer_key"]]}
    fake = {**entry, "officer": enrolled["officer"], "officer_key": enrolled["officer_key"]}
    return signed_again(fake, own, edit)


def _by_another_organ(entry: Entry, before: Entries, keys: Keys) -> Entry | None:
    """An officer of another organ than a discipline commission revokes the key."""
    others = [
        one for one in before
        if one["kind"] == "key-enrolled" and one["organ"] == "secretary"
    ]  # fmt: skip
    other = others[0]

    def edit(said: Entry) -> None:
        said["predicate"] |= {name: other[name] for name in ("officer", "organ", "jurisdiction")}

    fake = {**entry, "officer": other["officer"], "officer_key": other["key"]}
    return signed_again(fake, {entry["officer_key"]: keys[other["key"]]}, edit)


def _other_reason(entry: Entry, _: Entries, __: Keys) -> Entry:
    return {**entry, "reason": "0" * 64}


_seized("rotate the evaluator's key to the forger's", "evaluator-rotated", _to_the_forger)
_seized("enrol the forger's key as the evaluator's", "evaluator-enrolled", _to_the_forger)
_seized("vouch for an evaluator's key that one enrolled", "evaluator-vouched", _by_the_same_organ)
_seized("revoke the evaluator's key for another organ", "evaluator-revoked", _by_another_organ)
_seized("give another reason for a revocation", "evaluator-revoked", _other_reason)


@attack("put the forger's key into the first entry, and sign everything anew")
def _first(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    first = one.entries[0]
    if not one.kept:
        return None
    keys = {**one.keys, STRANGER_ID: STRANGER}
    entries = [
        {**e, "evaluator": STRANGER_ID} if e.get("evaluator") == first["evaluator"] else e
        for e in one.entries
    ]
    entries[0]["public"] = public_text(raw_public(STRANGER))
    made = replace(one, keys=keys).remade(entries, acts=True)
    # It is another cycle then: the first entry is the cycle.
    return told_by_kept(made, "foreign")


@attack("name no evaluator in the first entry")
def _nobody(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    entries = one.entries
    del entries[0]["evaluator"], entries[0]["public"]
    return forged(one.remade(entries[:1]), "evaluator form", 1)
