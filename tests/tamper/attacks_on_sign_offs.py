"""Attacks by whoever writes into the database, has the evaluator's key and that of one officer.

Rules: what is forged is right but for who had to sign: chain, links, positions, signatures and
evaluators are made anew; what was asked for by the pack is left out, or given by somebody else.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace

from data.acts import Key, Keyring
from data.verify_acts import fold_acts
from data.verify_ground import Ground
from schemas.canonical import canonical, digest
from schemas.encodings import to_base64
from schemas.envelopes import payload_of, sealed
from schemas.statements import (
    BareSignOff,
    KeyAct,
    Ruling,
    SignOff,
    Statement,
    Withdrawal,
    statement,
)
from tests.support.reviews import review
from tests.tamper.attack import Forged, Pool, attack, forged, numbers, pick
from tests.tamper.ledgers import ASKED, Entry, above
from tests.tamper.material import Material, signed_again

Entries = list[Entry]
Edit = Callable[[Entries, Material, random.Random], Entries | None]
TIME = "2026-01-01T00:00:00.000000+00:00"


def _forge(name: str, edit: Edit, kind: str = "decided", *, stage: str | None = None) -> None:
    """An attack on the last of some entries, which `edit` gives; it is told by the last of them."""

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged | None:
        one = pool.any(dice)
        entries = one.entries
        found = [
            seq
            for seq in numbers(entries, kind)
            if entries[seq - 1].get("outcome", "open") == "open"
            and stage in (None, entries[seq - 1]["stage"])
        ]
        seq = pick(dice, found)
        fake = edit(entries[:seq], one, dice) if seq else None
        if fake is None:
            return None
        return forged(one.remade(fake), "decision", len(fake))


def ring(entries: Entries, one: Material) -> Keyring:
    """The officers' keys after some entries."""
    return fold_acts(entries, one.rows[0][1]).keys


def by_another(act: Entry, key: Key, one: Material) -> Entry:
    """An act as somebody else did it, with their own key."""

    def edit(said: Entry) -> None:
        said["predicate"] |= {
            "officer": key.officer, "organ": key.organ, "jurisdiction": key.jurisdiction
        }  # fmt: skip

    fake = {**act, "officer": key.officer, "key": key.name}
    return signed_again(fake, {act["key"]: one.keys[key.name]}, edit)


def _others(entries: Entries, one: Material, act: int, *, organ: bool) -> list[Key]:
    """Keys that signed at an act, of somebody whom the pack does not ask for their organ, or place.

    None is of an officer who is counted in the last entry.
    """
    places = above(entries[-1]["unit"].split("-")[0])
    return [
        key
        for key in ring(entries, one).keys.values()
        if key.opens_at(act)
        and not key.revoked
        and key.officer not in entries[-1].get("signers", ())
        and (key.organ not in ASKED if organ else key.jurisdiction not in places)
    ]


def _fresh(entries: Entries, act: int) -> bool:
    """Whether nothing before the last entry speaks of an act."""
    return not any(
        e.get("of") == act
        or act in (*e.get("sign_offs", ()), *e.get("waivers", ()))
        or str(act) in (*e.get("void", ()), *e.get("carried", ()))
        for e in entries[:-1]
    )


def _signedby_another(*, organ: bool) -> Edit:
    def edit(entries: Entries, one: Material, dice: random.Random) -> Entries | None:
        last = entries[-1]
        act = last["sign_offs"][0]
        others = _others(entries, one, act, organ=organ)
        if not others:
            return None
        old, key = entries[act - 1]["officer"], dice.choice(others)
        if not _fresh(entries, act):
            return None
        entries[act - 1] = by_another(entries[act - 1], key, one)
        signers = [key.officer if name == old else name for name in last["signers"]]
        return [*entries[:-1], {**last, "signers": signers}]

    return edit


def _one_signature(entries: Entries, one: Material, dice: random.Random) -> Entries:
    """All but one of two signatures are left out."""
    last = entries[-1]
    kept = dice.choice(last["sign_offs"])
    void = {str(seq): "withdrawn" for seq in last["sign_offs"] if seq != kept} | last["void"]
    carried = {name: said for name, said in last["carried"].items() if int(name) == kept}
    signers = [entries[kept - 1]["officer"]]
    fake = {**last, "sign_offs": [kept], "signers": signers, "void": void, "carried": carried}
    return [*entries[:-1], fake]


def _one_organ(entries: Entries, one: Material, dice: random.Random) -> Entries | None:
    """Two signatures come from officers of one organ."""
    last = entries[-1]
    keys = ring(entries, one)
    first, *rest = last["sign_offs"]
    organ = keys.keys[entries[first - 1]["key"]].organ
    places = above(last["unit"].split("-")[0])
    for act in rest:
        same = [
            key
            for key in keys.keys.values()
            if key.opens_at(act) and not key.revoked and key.organ == organ
            and key.jurisdiction in places and key.officer not in last["signers"]
        ]  # fmt: skip
        if not same or not _fresh(entries, act):
            return None
        old, key = entries[act - 1]["officer"], dice.choice(same)
        entries[act - 1] = by_another(entries[act - 1], key, one)
        last["signers"] = [key.officer if name == old else name for name in last["signers"]]
    return entries if rest else None


def _passing(found: object) -> Edit:
    """The findings of the sign-offs say something else."""

    def edit(entries: Entries, _: Material, __: random.Random) -> Entries:
        last = entries[-1]
        said = {**last["findings"], f"{last['stage']}.sign-off": found}
        return [*entries[:-1], {**last, "findings": said}]

    return edit


_forge("open a gate with one of two signatures", _one_signature, stage="plan")
_forge("open a gate with two signatures of one organ", _one_organ, stage="plan")
_forge("open a gate with a signature from another place", _signedby_another(organ=False))
_forge("open a gate with a signature of an organ that nobody asked", _signedby_another(organ=True))
_forge("let another sign-off pass than the pack asks for", _passing({"pass": ["count"]}))
_forge("let one sign-off more pass", _passing({"pass": ["count", "lead"]}))
_forge("let a sign-off pass twice", _passing({"pass": ["lead", "lead"]}))
_forge(
    "let a sign-off pass and not apply", _passing({"pass": ["lead"], "not_applicable": ["count"]})
)
_forge("let the sign-offs be waived", _passing({"waived": [["lead", "waived", {"entry": 1}]]}))
_forge("let the sign-offs not apply", _passing({"not_applicable": ["lead"]}))


# Waivers


def _waivedby_another(*, organ: bool) -> Edit:
    def edit(entries: Entries, one: Material, dice: random.Random) -> Entries | None:
        last = entries[-1]
        if len(last["waivers"]) != 1:
            return None
        (act,) = last["waivers"]
        others = _others(entries, one, act, organ=organ)
        if not others or not _fresh(entries, act):
            return None
        entries[act - 1] = by_another(entries[act - 1], dice.choice(others), one)
        return entries

    return edit


def _other_check(entries: Entries, one: Material, _: random.Random) -> Entries | None:
    """What the pack lets nobody waive."""
    last = entries[-1]
    if not last["waivers"] or not all(_fresh(entries, act) for act in last["waivers"]):
        return None
    stage = last["stage"]
    code, before = f"{stage}.quorum", f"{stage}.pledges"
    for act in last["waivers"]:

        def edit(said: Entry) -> None:
            said["predicate"]["check"] = code
            said["subject"][0]["name"] = f"{last['unit']}/{code}"

        entries[act - 1] = signed_again({**entries[act - 1], "check": code}, one.keys, edit)
    taken = {code if name == before else name: said for name, said in last["findings"].items()}
    return [*entries[:-1], {**last, "findings": taken}]


_forge("waive a check from another place", _waivedby_another(organ=False))
_forge("waive a check for an organ that may not", _waivedby_another(organ=True))
_forge("waive a check that nobody may waive", _other_check)


# Hand-offs


def _after(act: str, field: str) -> Edit:
    """What was signed is taken back, or its key revoked, before the result is handed on."""

    def edit(entries: Entries, one: Material, dice: random.Random) -> Entries | None:
        last = entries[-1]
        if not last[field]:
            return None
        told = entries[dice.choice(last[field]) - 1]
        keys = ring(entries, one)
        key = keys.of(told["officer"])
        if key is None:
            return None
        seq, on = len(entries), last["on"]
        said = {"cycle": one.rows[0][1], "officer": key.officer, "organ": key.organ,
                "jurisdiction": key.jurisdiction, "reason": "", "time": TIME}  # fmt: skip
        if act == "withdrawn":
            predicate = Withdrawal(**said, unit=last["unit"], stage=last["stage"])
            payload = statement(predicate, digest(payload_of(told["envelope"]))).payload()
            about = {"unit": last["unit"], "stage": last["stage"], "of": told["seq"]}
        else:
            if key.name != told["key"]:
                return None
            revoking = KeyAct(
                act="revoke", public=to_base64(key.public), by=key.officer, previous="", **said
            )
            payload = statement(revoking, key.name).payload()
            about = {"by": key.officer, "by_key": key.name, "reason": ""}
        fake = {"seq": seq, "prev": "", "at": last["at"], "on": on, "kind": act,
                "officer": key.officer, "key": key.name,
                "envelope": sealed(payload, one.keys[key.name]), **about}  # fmt: skip
        return [*entries[:-1], fake, last]

    return edit


_forge("hand on after a signature was withdrawn", _after("withdrawn", "sign_offs"), "handed-on")
_forge("hand on after a signer's key was revoked", _after("key-revoked", "sign_offs"), "handed-on")
_forge("hand on after a waiver was withdrawn", _after("withdrawn", "waivers"), "handed-on")


# Refusals


def _own(
    entries: Entries, one: Material, key: Key, kind: str, made: Statement, **own: object
) -> Entry:
    """An act by the holder of a key, as the next entry before the last."""
    last, payload = entries[-1], made.payload()
    return {
        "seq": len(entries), "prev": "", "at": last["at"], "on": last["on"], "kind": kind,
        "officer": key.officer, "key": key.name, "unit": last["unit"], "stage": last["stage"],
        "envelope": sealed(payload, one.keys[key.name]), **own,
    }  # fmt: skip


def _before(entries: Entries, act: Entry) -> Entries:
    """The entries with an act before the last, which claims to have looked at it."""
    last = entries[-1]
    seen = {"position": act["seq"]} if "position" in last else {}
    return [*entries[:-1], act, {**last, **seen}]


def _refusal(before: Entries, last: Entry, said: Entry) -> Statement:
    """A refusal of the gate of the last entry, which tells what was decided before."""
    mine = [
        one
        for one in before
        if (one.get("unit"), one.get("stage")) == (last["unit"], last["stage"])
    ]
    decided = [one for one in mine if one["kind"] == "decided"]
    if not decided:
        return statement(BareSignOff.model_validate(said), last["evidence"])
    acts = [(one["seq"], json.loads(payload_of(one["envelope"]))["subject"][0]["digest"]["sha256"])
            for one in mine if one["kind"] in ("signed", "refused")]  # fmt: skip
    predicate = SignOff.model_validate({**said, **review(decided[-1], acts)})
    return statement(predicate, decided[-1]["evidence"])


def _refused(then: str = "") -> Edit:
    """An officer whom the gate asks for refuses, and it is opened or handed on over that."""

    def edit(entries: Entries, one: Material, dice: random.Random) -> Entries | None:
        last = entries[-1]
        places = above(last["unit"].split("-")[0])
        seated = [
            key
            for key in ring(entries, one).keys.values()
            if key.current and key.full and key.organ in ASKED and key.jurisdiction in places
        ]
        if not seated:
            return None
        key = dice.choice(seated)
        said = {"cycle": one.rows[0][1], "reason": digest(b"no"), "time": TIME,
                "unit": last["unit"], "stage": last["stage"], "policy": last["policy"]}  # fmt: skip
        by = {"officer": key.officer, "organ": key.organ, "jurisdiction": key.jurisdiction}
        refusal = _refusal(entries[:-1], last, {**said, **by, "decision": "refuse"})
        entries = _before(entries, _own(entries, one, key, "refused", refusal))
        of = entries[-2]["seq"]
        if then == "lifted by one organ":
            ruling = statement(Ruling(**said, **by, verdict="lift"), digest(refusal.payload()))
            act = _own(entries, one, key, "ruled", ruling, of=of, verdict="lift")
            entries = _before(entries, act)
        elif then == "revoked":
            revoking = KeyAct(
                act="revoke", public=to_base64(key.public), by=key.officer, previous="",
                **by, **{name: said[name] for name in ("cycle", "time")}, reason="",
            )  # fmt: skip
            about = statement(revoking, key.name)
            act = _own(entries, one, key, "key-revoked", about, by=key.officer, by_key=key.name,
                       reason="")  # fmt: skip
            del act["unit"], act["stage"]
            if key.name in {entries[seq - 1]["key"] for seq in last["sign_offs"]}:
                return None
            entries = _before(entries, act)
        return entries

    return edit


_forge("open a gate over a refusal", _refused())
_forge("open a gate over a refusal that one organ lifted", _refused("lifted by one organ"))
_forge("open a gate over a refusal whose key was revoked since", _refused("revoked"))
_forge("hand on over a refusal", _refused(), "handed-on")


# The pack, and where units stand


@attack("show a pack that asks for less under the digest of the one on record")
def _weaker(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    weaker = {
        name: content.replace(b"number = 2", b"number = 1")
        for name, content in one.ground.packs.items()
    }
    return forged(replace(one, ground=Ground(weaker, one.ground.places)), "blob", 1)


@attack("show another list of places under the digest of the one on record")
def _elsewhere(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    seq = numbers(one.entries, "listed")[0]
    places = {**one.ground.places, one.entries[seq - 1]["places"]: b"[]"}
    return forged(replace(one, ground=Ground(one.ground.packs, places)), "blob", seq)


@attack("list no units before a decision")
def _nowhere(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    listed = numbers(entries, "listed")
    about = ("decided", "ruled", "pack-proposed", "pack-adopted")
    told = [seq for seq in numbers(entries, *about) if seq > listed[-1]]
    if not told:
        return None
    nobody = canonical([])
    entries[listed[-1] - 1] |= {"places": digest(nobody)}
    ground = Ground(one.ground.packs, {**one.ground.places, digest(nobody): nobody})
    return forged(replace(one, ground=ground).remade(entries), "decision", told[0])


@attack("sign a gate with a key that one organ vouched for")
def _with_one_voucher(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    found: list[tuple[int, Key]] = []
    for seq in numbers(entries, "signed"):
        keys = ring(entries[: seq - 1], one).keys.values()
        half = (key for key in keys if key.signs_at(seq) and not key.opens_at(seq))
        found += [(seq, key) for key in half]
    if not found:
        return None
    seq, key = dice.choice(found)
    entries[seq - 1] = by_another(entries[seq - 1], key, one)
    return forged(one.remade(entries), "signature", seq)


@attack("vouch for a key for an organ that the pack does not let")
def _vouched_by_another_organ(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    found: list[tuple[int, Key]] = []
    for seq in numbers(entries, "key-vouched"):
        keys = ring(entries[: seq - 1], one).keys
        key = keys[entries[seq - 1]["key"]]
        others = (by for by in keys.values() if by.signs_at(seq) and by.organ not in ASKED)
        found += [(seq, by) for by in others if key.awaits(by.officer, by.organ)]
    if not found:
        return None
    seq, by = dice.choice(found)
    act = entries[seq - 1]

    def edit(said: Entry) -> None:
        said["predicate"]["by"] = by.officer

    fake = {**act, "voucher": by.officer, "voucher_key": by.name}
    signed = signed_again(fake, {act["voucher_key"]: one.keys[by.name]}, edit)
    return forged(one.remade([*entries[: seq - 1], signed]), "decision", seq)
