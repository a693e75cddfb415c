"""Objections as they stand, and who may rule on those that are open: for lists, pages and inboxes.

Rules: it follows from the ledger and the policy pack alone, without the registers, and opens
nothing. Named are officers with a key of an organ and a place that the pack names; whether one of
them is barred (their own matter, that of their kin, evidence that they delivered) is judged when
they rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.acts import Key, Keyring
from data.blobs import BlobStore
from data.history import objected_units
from data.home import Home
from data.ledger import Ledger
from data.objections import OPEN, REJECT, REOPEN, Settled
from data.policies import in_force
from schemas.authority import Rulings
from schemas.entries import Objected, Ruled
from tasks.places import Places

if TYPE_CHECKING:
    from tasks.officers.asking import Judge

VERDICTS = (REJECT, REOPEN)


@dataclass(frozen=True)
class ToRule:
    """An objection, how it stands, every ruling on it, and who may still rule how.

    `able` has for each verdict the officers, sorted; nobody where it is settled.
    """

    entry: Objected
    settled: Settled
    rulings: tuple[Ruled, ...]
    able: dict[str, tuple[str, ...]]

    @property
    def open(self) -> bool:
        """Whether somebody is to rule on it."""
        return self.settled.state == OPEN


def objections_on_record(home: Home) -> list[ToRule]:
    """Every objection on record, oldest first.

    Raises:
        LedgerBroken: an entry is not what was written.
        BlobError: the pack is missing or was changed.
    """
    ledger = Ledger(home.ledger)
    with ledger.reading() as reader:
        history = objected_units(reader)
    objections, keys = history.objections, history.acts.keys
    if not objections.raised:
        return []
    rulings, places = in_force(ledger, BlobStore(home.blobs)).authorities.rulings, Places(ledger)
    found = []
    for seq, one in sorted(objections.raised.items()):
        settled = objections.settled(one, keys)
        above = places.above(one.unit.partition("-")[0])
        able = _able(rulings, keys, above, settled) if settled.state == OPEN else {}
        found.append(
            ToRule(
                one,
                settled,
                objections.rulings.get(seq, ()),
                {verdict: able.get(verdict, ()) for verdict in VERDICTS},
            )
        )
    return found


def _able(
    rulings: Rulings, keys: Keyring, places: tuple[str, ...], settled: Settled
) -> dict[str, tuple[str, ...]]:
    """Verdict → the officers who may rule so."""
    ruled = {keys.keys[act.key].organ for act in settled.for_reopening}

    def officers(verdict: str, but: Iterable[str]) -> tuple[str, ...]:
        panel, left = rulings.panel(verdict), set(but)
        return tuple(
            sorted(
                key.officer
                for key in keys.keys.values()
                if key.current
                and key.full
                and key.organ not in left
                and panel.admits(key.organ, key.jurisdiction, places)
            )
        )

    return {REJECT: officers(REJECT, ()), REOPEN: officers(REOPEN, ruled)}


def may_rule(every: Iterable[ToRule], key: Key) -> list[ToRule]:
    """The open objections on which the officer of a key may rule."""
    return [
        one
        for one in every
        if one.open and any(key.officer in officers for officers in one.able.values())
    ]


def ruling_faults(one: ToRule, judge: Judge) -> dict[str, str]:
    """Verdict → why an officer cannot rule so, empty where they can; none where it is settled."""
    if not one.open:
        return {}
    return {REJECT: judge.rule(one.entry.seq, REJECT), REOPEN: judge.rule(one.entry.seq, REOPEN)}
