"""Who may confirm, vouch and adopt, as far as an officer's organ and place say.

Rules: it follows from keys, places and the policy pack in force alone, without the registers, so
that pages and lists may ask for everybody; whether two officers are one person is asked when they
act. `places` are a place and those above it, its own first; for a topmost place the other topmost
ones count as above, since nobody could act for the first officers of a second city otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from data.acts import Key
from data.adoptions import Proposed as ProposedPack
from schemas.authority import Vouching
from schemas.entries import Proposed
from schemas.vocabulary import Organ


def may_confirm(key: Key, waiting: Proposed, places: Collection[str]) -> bool:
    """Whether an officer may confirm a delivery; `places` are those of the deliverer."""
    return key.organ != waiting.said.organ and key.jurisdiction in places


def vouching_fault(rules: Sequence[Vouching], by: Key, key: Key, places: Sequence[str]) -> str:
    """Why the officer of one key may not vouch for another, or nothing.

    `places` are those of the other key's officer.
    """
    if by.organ == key.organ:
        return "own-organ"
    naming = [one for one in rules if one.covers(by.organ, key.organ)]
    if not naming:
        return "may-not-vouch"
    return "" if any(one.at.admits(by.jurisdiction, places) for one in naming) else "not-above"


def may_vouch(rules: Sequence[Vouching], by: Key, key: Key, places: Sequence[str]) -> bool:
    """Whether the officer of one key may vouch for another that waits for somebody like them."""
    waits = key.awaits(by.officer, by.organ)
    return waits and not vouching_fault(rules, by, key, places)


def adopting_fault(adopters: Collection[Organ], key: Key, *, topmost: bool) -> str:
    """Why an officer may not adopt another pack, or nothing; `topmost` is whether none is above."""
    if not key.full:
        return "one-voucher"
    if key.organ not in adopters:
        return "may-not-adopt"
    return "" if topmost else "not-topmost"


def partner_fault(key: Key, proposed: ProposedPack) -> str:
    """Why an officer's signature does not join that of who proposed a pack, or nothing."""
    if proposed.officer == key.officer:
        return "own-proposal"
    return "own-organ-proposed" if proposed.organ == key.organ else ""
