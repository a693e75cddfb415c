"""Verification of acts by which another policy pack is adopted: what each claims.

Rules: docs/history.md, "Packs" and "Acts". An officer proposes a pack for a day that has not
passed, one of another organ adopts it, both under the pack in force; that this pack names their
organs is checked by `data.verify_decisions`. As all verifiers it reads what was written.
"""

from __future__ import annotations

from datetime import date

from data.acts import Keyring
from data.adoptions import ADOPTED, Packs, Proposed
from data.claims import Claim, need, texts
from data.verify_chain import Content
from schemas.statements import ADOPTION


def pack_claim(entry: Content, seq: int, keys: Keyring, packs: Packs) -> Claim:
    """What an entry of `PACK_KINDS` claims.

    Raises:
        Exception: of whatever kind: it does not hold.
    """
    officer, name, pack, policy, starts = texts(entry, "officer", "key", "pack", "policy", "starts")
    key, now = keys.keys[name], packs.at(entry["on"], seq)
    need(key.officer == officer, key.opens_at(seq))
    need(date.fromisoformat(starts).isoformat() == starts, starts >= entry["on"])
    need(policy != now.policy)
    adopts = entry["kind"] == ADOPTED
    if adopts:
        need(type(entry["of"]) is int)
        of = packs.proposals[entry["of"]]
        need((of.pack, of.policy, of.starts, of.under) == (pack, policy, starts, now.policy))
        need(not keys.keys[of.key].revoked, of.officer != officer, of.organ != key.organ)
    said = {
        "act": "adopt" if adopts else "propose",
        "officer": officer,
        "organ": key.organ,
        "jurisdiction": key.jurisdiction,
        "pack": pack,
        "policy": now.policy,
        "starts": starts,
    }
    return Claim((key,), ADOPTION, "pack", said, policy)


def follow_pack(packs: Packs, keys: Keyring, entry: Content, seq: int) -> None:
    """What such an act that holds does to the packs."""
    organ = keys.keys[entry["key"]].organ
    if entry["kind"] == ADOPTED:
        packs.adopt(seq, entry["on"], entry["of"], organ)
    else:
        own = (entry["pack"], entry["policy"], entry["starts"])
        under = packs.at(entry["on"], seq).policy
        packs.propose(seq, Proposed(*own, under, entry["officer"], organ, entry["key"]))
