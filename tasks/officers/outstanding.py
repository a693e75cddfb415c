"""What waits for an officer besides gates: objections, deliveries, keys and a pack.

Rules: what there is follows from the ledger and the policy pack in force alone, as far as the
officer's organ and place say; whether they may do it, being who they are and kin to whom they are,
is asked of what takes the act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data.acts import Key, Keyring
from data.adoptions import Proposed as ProposedPack
from data.blobs import BlobStore
from data.home import Home
from data.ledger import Ledger
from data.policies import InForce, in_force
from schemas.entries import Proposed
from tasks.officers.entitled import adopting_fault, may_confirm, may_vouch, partner_fault
from tasks.officers.objected import ToRule, may_rule, objections_on_record, ruling_faults
from tasks.places import Places

if TYPE_CHECKING:
    from tasks.officers.asking import Judge


@dataclass(frozen=True)
class Outstanding:
    """Objections to rule on, deliveries to confirm, keys to vouch for; packs by their entries."""

    objections: list[ToRule]
    deliveries: list[Proposed]
    keys: list[Key]
    packs: Mapping[int, ProposedPack]

    def __bool__(self) -> bool:
        return any((self.objections, self.deliveries, self.keys, self.packs))


def pending_keys(ring: Keyring) -> list[Key]:
    """The keys that wait for somebody to vouch for them, oldest first."""
    waiting = (ring.pending(officer) for officer in {key.officer for key in ring.keys.values()})
    return sorted((key for key in waiting if key), key=lambda key: key.enrolled)


def outstanding_for(
    home: Home, ring: Keyring, waiting: Mapping[int, Proposed], mine: Key
) -> Outstanding:
    """What waits for the officer of a key; `waiting` are the deliveries that nobody confirmed yet.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    ledger = Ledger(home.ledger)
    places, packs = Places(ledger), in_force(ledger, BlobStore(home.blobs))
    rules = packs.authorities.vouching
    return Outstanding(
        may_rule(objections_on_record(home), mine),
        [
            one
            for one in waiting.values()
            if may_confirm(mine, one, places.acting(one.said.jurisdiction))
        ],
        [
            key
            for key in pending_keys(ring)
            if may_vouch(rules, mine, key, places.acting(key.jurisdiction))
        ],
        _packs(ledger, packs, ring, mine, topmost=mine.jurisdiction in places.topmost),
    )


def judged(found: Outstanding, judge: Judge) -> tuple[Outstanding, list[tuple[ToRule, str]]]:
    """What of it the officer may do; and the objections that they may not rule on, each with why.

    Needs pandas.
    """
    ruled = [(one, ruling_faults(one, judge)) for one in found.objections]
    left = replace(
        found,
        objections=[
            replace(
                one,
                able={
                    verdict: one.able[verdict] if not code else ()
                    for verdict, code in codes.items()
                },
            )
            for one, codes in ruled
            if "" in codes.values()
        ],
        deliveries=[one for one in found.deliveries if not judge.confirm(one.seq)],
        keys=[key for key in found.keys if not judge.vouch(key.officer, key.name)],
    )
    barred = [(one, next(iter(codes.values()))) for one, codes in ruled if "" not in codes.values()]
    return left, barred


def _packs(
    ledger: Ledger, packs: InForce, ring: Keyring, mine: Key, *, topmost: bool
) -> dict[int, ProposedPack]:
    """The packs that an officer's signature would adopt."""
    if adopting_fault(packs.authorities.adopters, mine, topmost=topmost):
        return {}
    waiting = packs.packs.waiting(ledger.day().isoformat(), ring)
    return {seq: one for seq, one in waiting.items() if not partner_fault(mine, one)}
