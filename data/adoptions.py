"""Which policy pack is in force when: that of the first entry, and those adopted since.

Rules: docs/history.md, "Packs". At an entry that pack is in force which was adopted last of those
whose day has come; what is overtaken before its day never comes into force. A proposal is good
under the pack under which it was signed. An adoption is one entry, and whatever becomes of its
officers' keys later undoes none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from data.acts import Keyring
from schemas.entries import PackAct, PackAdopted, PackProposed

PROPOSED, ADOPTED = PackProposed.kind, PackAdopted.kind
PACK_KINDS = frozenset({PROPOSED, ADOPTED})


class Held(NamedTuple):
    """A pack that is in force from the day `starts` on, by the entry `seq`.

    `organs` are those that adopted it; the first pack, whose day is empty, was adopted by nobody.
    """

    seq: int
    starts: str
    name: str
    policy: str
    organs: tuple[str, ...] = ()


class Proposed(NamedTuple):
    """A pack that was proposed for a day, under the pack `under`, by an officer's key."""

    pack: str
    policy: str
    starts: str
    under: str
    officer: str
    organ: str
    key: str


@dataclass
class Packs:
    """The packs of a cycle in the order in which they come into force, and what was proposed."""

    held: tuple[Held, ...] = ()
    proposals: dict[int, Proposed] = field(default_factory=dict)

    def copy(self) -> Packs:
        """The same packs, to be followed on their own."""
        return Packs(self.held, dict(self.proposals))

    def open(self, name: str, policy: str) -> None:
        """The pack that the first entry names."""
        self.held = (Held(0, "", name, policy),)

    def propose(self, seq: int, proposed: Proposed) -> None:
        """A pack was proposed by the entry `seq`."""
        self.proposals[seq] = proposed

    def adopt(self, seq: int, on: str, of: int, organ: str) -> None:
        """What the entry `of` proposed was adopted on the day `on` by an officer of `organ`.

        Raises:
            KeyError: it proposed nothing.
        """
        one = self.proposals[of]
        kept = (held for held in self.held if held.starts <= on or held.starts < one.starts)
        organs = (one.organ, organ)
        self.held = (*kept, Held(seq, one.starts, one.pack, one.policy, organs))

    def waiting(self, on: str, keys: Keyring) -> dict[int, Proposed]:
        """The proposals that an officer of another organ can adopt on a day, by their entries.

        One is over with the pack under which it was made, its day, its officer's key, or once that
        pack was adopted for that day.
        """
        now = self.at(on).policy
        adopted = {(one.policy, one.starts) for one in self.held}
        return {
            seq: one
            for seq, one in self.proposals.items()
            if one.under == now
            and one.starts >= on
            and (one.policy, one.starts) not in adopted
            and not keys.keys[one.key].revoked
        }

    def take(self, act: PackAct) -> None:
        """Follow one act, in the order of the ledger."""
        if isinstance(act, PackAdopted):
            self.adopt(act.seq, act.on, act.of, act.said.organ)
        else:
            own = (act.pack, act.policy, act.starts, act.said.policy)
            self.propose(act.seq, Proposed(*own, act.officer, act.said.organ, act.key))

    def until(self, on: str, seq: int | None = None) -> tuple[Held, ...]:
        """The packs that were in force by a day (and by the entry `seq`), the present one last.

        Raises:
            LookupError: no cycle was opened.
        """
        found = tuple(
            one for one in self.held if one.starts <= on and (seq is None or one.seq < seq)
        )
        if not found:
            raise LookupError("no pack")
        return found

    def between(self, first: tuple[str, int], last: tuple[str, int]) -> set[str]:
        """The digests of those in force from one entry to another, each by its day and number."""
        return {one.policy for one in self.until(*last)[len(self.until(*first)) - 1 :]}

    def at(self, on: str, seq: int | None = None) -> Held:
        """The pack in force on a day, at the entry `seq` or at the end."""
        return self.until(on, seq)[-1]
