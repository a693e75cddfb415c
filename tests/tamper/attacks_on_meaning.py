"""Attacks on what entries say: actors, gates, policies, times, keys, decisions, checkpoints.

Rules: the forger chains everything anew and signs every checkpoint again, as somebody who holds the
keys of two organs could; what is told then is told by signatures and decisions alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.envelopes import public_text, raw_public
from tests.tamper.attack import (
    Attack,
    Forged,
    Pool,
    attack,
    forged,
    kept_over,
    numbers,
    pick,
    told_by_kept,
)
from tests.tamper.attacks_on_rows import FILLER
from tests.tamper.material import Entry, signed_again

Entries = list[Entry]
GATE_ACTS = ("signed", "refused", "waived", "withdrawn")
UNITS = tuple(f"640300-{body}" for body in ("congress", "government", "cppcc"))


def _on_one(
    name: str, fault: str, kinds: tuple[str, ...], edit: Callable[[Entry, Entries], bool]
) -> Attack:
    """An attack that edits one entry and is told by it; `edit` says whether it did."""

    @attack(name)
    def made(pool: Pool, dice: random.Random) -> Forged | None:
        one = pool.any(dice)
        entries = one.entries
        seq = pick(dice, numbers(entries, *kinds))
        if seq is None or not edit(entries[seq - 1], entries[: seq - 1]):
            return None
        return forged(one.remade(entries), fault, seq)

    return made


def _other(value: str, *choices: str) -> str:
    return next(choice for choice in choices if choice != value)


# Acts


def _another_actor(entry: Entry, before: Entries) -> bool:
    enrolled = [one for one in before if one["kind"] in ("key-enrolled", "key-rotated")]
    keys = [one for one in enrolled if one["officer"] != entry["officer"]]
    if not keys:
        return False
    entry |= {"officer": keys[-1]["officer"], "key": keys[-1]["key"]}
    return True


def _another_unit(entry: Entry, _: Entries) -> bool:
    entry["unit"] = _other(entry["unit"], *UNITS)
    return True


def _another_stage(entry: Entry, _: Entries) -> bool:
    entry["stage"] = _other(entry["stage"], "plan", "vetting")
    return True


def _another_statement(entry: Entry, before: Entries) -> bool:
    others = [one for one in before if one["kind"] == entry["kind"]]
    if not others:
        return False
    entry["envelope"] = others[-1]["envelope"]
    return True


def _not_refused(entry: Entry, _: Entries) -> bool:
    entry["kind"] = "signed"
    return True


def _longer(entry: Entry, _: Entries) -> bool:
    entry["until"] = "2099-12-31"
    return True


def _another_subject(entry: Entry, _: Entries) -> bool:
    entry["subject"] = _other(entry["subject"], "c-777", "c-778")
    return True


def _another_time(entry: Entry, _: Entries) -> bool:
    def later(said: Entry) -> None:
        said["predicate"]["time"] = "2026-11-23T05:27:56.975036+00:00"

    stranger = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
    names = [one["keyid"] for one in entry["envelope"]["signatures"]]
    made = signed_again(entry, dict.fromkeys(names, stranger), later)["envelope"]
    if len(made["signatures"]) != len(names):
        return False
    for one, name in zip(made["signatures"], names, strict=True):
        one["keyid"] = name
    entry["envelope"] = made
    return True


def _another_withdrawal(entry: Entry, before: Entries) -> bool:
    others = [
        one["seq"] for one in before if one["kind"] in GATE_ACTS and one["seq"] != entry["of"]
    ]
    if not others:
        return False
    entry["of"] = others[0]
    return True


_on_one("change the actor of an act", "signature", GATE_ACTS, _another_actor)
_on_one("change the unit of an act", "signature", GATE_ACTS, _another_unit)
_on_one("change the stage of an act", "signature", GATE_ACTS, _another_stage)
_on_one("put another envelope under an act", "signature", GATE_ACTS, _another_statement)
_on_one("turn a refusal into a sign-off", "signature", ("refused",), _not_refused)
_on_one("prolong a waiver", "signature", ("waived",), _longer)
_on_one("change the subject of a waiver", "signature", ("waived",), _another_subject)
_on_one("change the time of a statement", "signature", GATE_ACTS, _another_time)
_on_one("withdraw another act", "signature", ("withdrawn",), _another_withdrawal)


# Decisions


def _open_unsigned(entry: Entry, _: Entries) -> bool:
    if entry["outcome"] == "open":
        return False
    found = {f"{entry['stage']}.sign-off": {"pass": ["lead"]}}
    entry |= {"outcome": "open", "sign_offs": [], "signers": [], "findings": found,
              "reopened": None}  # fmt: skip
    return True


def _another_policy(entry: Entry, _: Entries) -> bool:
    entry["policy"] = "0" * 64
    return True


def _another_evidence(entry: Entry, _: Entries) -> bool:
    entry["evidence"] = "0" * 64
    return bool(entry["sign_offs"])


def _another_signer(entry: Entry, _: Entries) -> bool:
    entry["signers"] = ["o-nobody", *entry["signers"][1:]]
    return bool(entry["sign_offs"])


def _hidden_act(entry: Entry, before: Entries) -> bool:
    acts = [one["seq"] for one in before if one["kind"].startswith("key-")]
    entry["position"] = acts[-1] - 1
    return True


def _kept_signature(entry: Entry, before: Entries) -> bool:
    """Count a sign-off that somebody withdrew, or whose key was revoked."""
    gate = (entry["unit"], entry["stage"])
    gone = {one["of"] for one in before if one["kind"] == "withdrawn"}
    revoked = {one["key"] for one in before if one["kind"] == "key-revoked"}
    dead = [
        one
        for one in before
        if one["kind"] == "signed"
        and (one["unit"], one["stage"]) == gate
        and one["seq"] in gone
        and one["key"] not in revoked
    ]
    withdrawals = [one for one in before if one["kind"] == "withdrawn" and dead
                   and one["of"] == dead[-1]["seq"] and one["key"] not in revoked]  # fmt: skip
    if not withdrawals or dead[-1]["seq"] in entry["sign_offs"]:
        return False
    entry["sign_offs"] = [*entry["sign_offs"], dead[-1]["seq"]]
    entry["signers"] = [*entry["signers"], dead[-1]["officer"]]
    entry["void"].pop(str(dead[-1]["seq"]), None)
    return True


def _another_decision(entry: Entry, before: Entries) -> bool:
    others = [one["seq"] for one in before if one["kind"] == "decided"]
    entry["decision"] = others[0]
    return others[0] != before[-1]["seq"] and len(others) > 1


def _another_closing(entry: Entry, _: Entries) -> bool:
    entry["evidence"] = "0" * 64
    return True


def _unsaid_reopening(entry: Entry, _: Entries) -> bool:
    if entry["reopened"] is None:
        return False
    entry["reopened"] = None
    return True


_on_one("open a gate that nobody signed", "decision", ("decided",), _open_unsigned)
_on_one("change the policy of a decision", "decision", ("decided",), _another_policy)
_on_one("change the evidence of a decision", "decision", ("decided",), _another_evidence)
_on_one("change the signers of a decision", "decision", ("decided",), _another_signer)
_on_one("hide a key act from a decision", "decision", ("decided",), _hidden_act)
_on_one("count a sign-off that was withdrawn", "decision", ("decided",), _kept_signature)
_on_one("close a stage on another decision", "decision", ("handed-on",), _another_decision)
_on_one("close a stage on other evidence", "decision", ("handed-on",), _another_closing)
_on_one("hide that a gate was closed again", "decision", ("decided",), _unsaid_reopening)


@attack("sign in another's place: the act holds, the decision counted somebody else")
def _another_signature(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    counted = [seq for entry in entries if entry["kind"] == "decided" for seq in entry["sign_offs"]]
    gone = {entry["of"] for entry in entries if entry["kind"] == "withdrawn"}
    seq = pick(dice, [seq for seq in counted if seq not in gone])
    if seq is None or not _another_actor(entries[seq - 1], entries[: seq - 1]):
        return None
    entry = entries[seq - 1]
    holder = next(one for one in entries if one.get("organ") and one["key"] == entry["key"])

    def mine(said: Entry) -> None:
        said["predicate"] |= {name: holder[name] for name in ("officer", "organ", "jurisdiction")}

    entry["envelope"]["signatures"][0]["keyid"] = holder["key"]
    entries[seq - 1] = signed_again(entry, one.keys, mine)
    first = next(
        entry["seq"] for entry in entries
        if entry["kind"] == "decided" and seq in entry["sign_offs"]
    )  # fmt: skip
    # The other officer's key may not have been active by then.
    made = one.remade(entries)
    return Forged(made, frozenset({"decision", "signature"}), None if first else seq)


@attack("change the policy of the cycle, sign all acts anew for it")
def _another_cycle_policy(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    entries[0]["policy"] = "0" * 64
    return forged(one.remade(entries, acts=True), "blob", 1)


@attack("swap the units of two decisions")
def _swap_units(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    decided = numbers(entries, "decided")
    if len(decided) < 2:
        return None
    low, high = sorted(dice.sample(decided, 2))
    first, second = entries[low - 1], entries[high - 1]
    size = kept_over(one, low)
    if first["unit"] == second["unit"] or size is None:
        return None
    first["unit"], second["unit"] = second["unit"], first["unit"]
    return told_by_kept(one.remade(entries), "rewritten", size)


@attack("change the moment of an entry")
def _another_moment(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = dice.randrange(2, len(entries) + 1)
    size = kept_over(one, seq)
    if size is None:
        return None
    entries[seq - 1]["at"] = f"{entries[seq - 1]['at'][:19]}.999999+00:00"
    return told_by_kept(one.remade(entries), "rewritten", size)


# Keys


@attack("swap the keys of two officers")
def _swap_keys(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    entries = one.entries
    low, high = sorted(dice.sample(numbers(entries, "key-enrolled"), 2))
    first, second = entries[low - 1], entries[high - 1]
    for name in ("key", "public"):
        first[name], second[name] = second[name], first[name]
    # Checkpoints by these keys fall before the acts are looked at.
    return forged(one.remade(entries), "signature checkpoint")


@attack("put the forger's key in an officer's place")
def _own_key(pool: Pool, dice: random.Random) -> Forged:
    one = pool.any(dice)
    entries = one.entries
    seq = dice.choice(numbers(entries, "key-enrolled"))
    stranger = raw_public(Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
    entries[seq - 1]["public"] = public_text(stranger)
    return forged(one.remade(entries), "signature checkpoint")


@attack("drop a revocation")
def _drop_revocation(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, numbers(entries, "key-revoked"))
    if seq is None or not (size := kept_over(one, seq)):
        return None
    entries[seq - 1] = {**FILLER, **{name: entries[seq - 1][name] for name in ("at", "on")}}
    return told_by_kept(one.remade(entries), "rewritten", size)


@attack("record an act a second time")
def _replay(pool: Pool, dice: random.Random) -> Forged | None:
    one = pool.any(dice)
    entries = one.entries
    seq = pick(dice, numbers(entries, *GATE_ACTS))
    if seq is None:
        return None
    again = {**entries[seq - 1], **{name: entries[-1][name] for name in ("at", "on")}}
    return forged(one.remade([*entries, again]), "signature", len(entries) + 1)
