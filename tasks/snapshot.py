"""A snapshot: the facts of a home at one ledger position, under the pack it was opened with.

Rules: the ledger is verified and every blob is hashed before anything is decided; a snapshot never
changes, and what is decided on it is recorded only while no later submission stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Clock, Ledger, LedgerBroken, utc_now
from data.policies import pack_of
from data.registers import read_registers, submissions_of
from data.verify import verify
from schemas.canonical import canonical, digest
from schemas.facts import Facts, facts_of
from schemas.policy import Pack
from schemas.text import Refusal, Text


class SnapshotRefused(Refusal):
    """Facts that nothing may be decided on."""


@dataclass(frozen=True)
class Snapshot:
    """What a stage looks at: `facts` are cut to the units in scope.

    `position` is the last submission, `content` the digest of all that was read (blobs by name).
    """

    home: Home
    ledger: Ledger
    pack: Pack
    position: int
    content: str
    facts: Facts

    @property
    def on(self) -> date:
        """The day on which the facts are looked at."""
        return self.facts.on

    @property
    def units(self) -> list[str]:
        """The units in scope, sorted."""
        return list(self.facts.units["unit"])

    def within(self, units: set[str]) -> Snapshot:
        """The same snapshot with only `units` in scope."""
        return replace(self, facts=self.facts.within(units))


def scoped_units(facts: Facts, scope: str) -> set[str]:
    """The units that a scope means: `cycle`, a jurisdiction with all below it, or one unit.

    Raises:
        SnapshotRefused: there is no such jurisdiction or unit.
    """
    units = facts.units
    if scope == "cycle":
        return set(units["unit"])
    if scope in set(units["unit"]):
        return {scope}
    below = facts.lineage.loc[facts.lineage["ancestor"] == scope, "jurisdiction"]
    chosen = set(units.loc[units["jurisdiction"].isin(set(below)), "unit"])
    if not chosen:
        raise SnapshotRefused(
            Text(
                f"范围 {scope}：没有这个行政区或单位；填 cycle、行政区划代码或单位编号",
                f"scope {scope}: no such jurisdiction or unit; use cycle, a jurisdiction code or "
                "a unit id",
            )
        )
    return chosen


def open_snapshot(home: Home, scope: str, on: date, clock: Clock = utc_now) -> Snapshot:
    """The facts of today for a scope.

    Raises:
        LedgerBroken: the ledger does not verify.
        SnapshotRefused: the scope means nothing.
        BlobError: a blob is missing or was changed.
    """
    _, fault = verify(home)
    if fault:
        raise LedgerBroken(fault.seq, fault.fault)
    ledger = Ledger(home.ledger, clock)
    blobs = BlobStore(home.blobs)
    # Nothing after the position: what is submitted between these two lines moves the facts.
    position = int(ledger.query("SELECT coalesce(max(seq), 0) FROM submissions")[0][0])
    submissions = submissions_of(ledger, position)
    pack = pack_of(ledger, blobs)
    facts = facts_of(read_registers(blobs, submissions), on)
    content = digest(canonical([pack.digest, {name: submissions[name] for name in submissions}]))
    chosen = facts.within(scoped_units(facts, scope))
    return Snapshot(home, ledger, pack, position, content, chosen)
