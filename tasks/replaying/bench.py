"""The bench: what decides, set upon past facts.

Rules: past decisions are evaluated by the functions that decide today, on facts read and hashed
again, and nothing that was worked out before is trusted; what follows from the same facts on the
same day is worked out once for all units that need it, and forgotten when the facts change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from data.home import Home
from data.ledger import Ledger
from data.policies import InForce
from schemas.decisions import Decision
from schemas.policy import Pack
from schemas.registers import REGISTERS, behind
from schemas.rules.base import registers_of
from schemas.vocabulary import Stage
from tasks.gate.answers import answers_of
from tasks.gate.approvals import Authority
from tasks.gate.decision import decisions_of
from tasks.gate.evaluation import FOUND
from tasks.gate.snapshot import FACTS, Snapshot, snapshot_at
from tasks.handoff.frames import READS, frame_digests, handoff_frame
from tasks.officers.independence import ALWAYS
from tasks.replaying.past import Erased, Moment


def needed(stage: Stage, *packs: Pack) -> set[str]:
    """The registers that a gate of `stage` rests on."""
    reads = [read for pack in packs for one in pack.checks[stage] for read in one.reads]
    return behind([*registers_of([*reads, *READS[stage]]), *ALWAYS])


def erased_for(moment: Moment, *packs: Pack) -> tuple[Erased, ...]:
    """What cannot be read of that on which the decisions of a moment rest."""
    registers = needed(moment.stage, *packs)
    return tuple(one for one in moment.erased if one.register in registers)


class Bench:
    """Evaluates moments, which must come in their order."""

    def __init__(self, home: Home) -> None:
        # What was found before, or what somebody put there, is not believed.
        FOUND.clear()
        FACTS.clear()
        self._home = home
        self._ledger = Ledger(home.ledger)
        self._facts: tuple[int, date, tuple[Erased, ...]] | None = None
        self._snapshot: Snapshot | None = None
        self._prepared: set[tuple[str, Stage]] = set()
        self._contents: dict[Stage, dict[str, str]] = {}

    def snapshot(self, moment: Moment, pack: Pack) -> Snapshot:
        """All units at a moment, under a pack; registers of which something is erased are empty.

        Raises:
            BlobError: a blob went missing meanwhile.
        """
        facts = (moment.deliveries, moment.on, moment.erased)
        if self._snapshot is None or facts != self._facts:
            self._prepared.clear()
            self._contents.clear()
            gone = {one.register for one in moment.erased}
            without = {name for name in REGISTERS if behind([name]) & gone}
            self._snapshot = snapshot_at(
                self._home, self._ledger, moment.history, "cycle", moment.on,
                without=without, pack=pack,
            )  # fmt: skip
            self._facts = facts
        in_force = InForce(self._snapshot.blobs, moment.history.packs, moment.on)
        return replace(self._snapshot, history=moment.history, pack=pack, in_force=in_force)

    def decisions(
        self,
        moment: Moment,
        pack: Pack,
        seen: Mapping[str, frozenset[str]] | None = None,
    ) -> dict[str, Decision]:
        """Unit → what a pack decides at a moment, for the units that there were.

        `seen`: as `tasks.gate.decision.decisions_of` has it.
        """
        snapshot = self.snapshot(moment, pack)
        if (pack.digest, moment.stage) not in self._prepared:
            around = snapshot.within(set(moment.around))
            if around.units:
                answers_of(around, moment.stage, Authority(around, moment.stage))
            self._prepared.add((pack.digest, moment.stage))
        asked = snapshot.within({one.unit for one in moment.past})
        decided = decisions_of(asked, moment.stage, seen=seen)
        return {one.unit: one for one in decided}

    def hand_offs(self, moment: Moment, pack: Pack) -> dict[str, str]:
        """Unit → the digest of what the stage hands on for it, for those that were handed on."""
        if moment.stage not in self._contents:
            facts = self.snapshot(moment, pack).facts.within(moment.handing)
            made = {} if facts.units.empty else frame_digests(handoff_frame(moment.stage, facts))
            self._contents[moment.stage] = made
        return self._contents[moment.stage]
