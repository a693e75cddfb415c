"""A snapshot: the facts of a home at one ledger position, under the pack in force on its day.

Rules: the ledger is verified and every blob is hashed before anything is decided; a snapshot never
changes, and what is decided on it is recorded only while nothing came later that it rests on. Where
it is of one city, other cities' rows are not put together. The day is that of `data.days`: today,
or in a historical cycle one that does not go back.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from data.blobs import BlobStore
from data.days import Clock, utc_now
from data.engines import Place
from data.history import History, Submission, submissions_in
from data.home import Home
from data.ledger import Ledger
from data.memory import Memory
from data.policies import InForce
from data.registers import read_register, read_registers
from data.verified import Verified, verified
from schemas.canonical import canonical, digest
from schemas.facts import Facts, facts_of, lineage_of
from schemas.policy import Pack
from schemas.text import Refusal, Text

Asked = tuple[str, date, frozenset[str]]  # of submissions, on a day, at some places or everywhere

# The facts of the same submissions; a few of them, because those of a province are large.
FACTS: Memory[Asked, Facts] = Memory(4)
# Those of parts of them, as they were when somebody signed; they displace none of the whole.
PARTS: Memory[Asked, Facts] = Memory(4)
# What this process verified of the ledgers that it opened last; nobody else sees or changes it.
VERIFIED: Memory[Place, Verified] = Memory(2)


class SnapshotRefused(Refusal):
    """Facts that nothing may be decided on."""


@dataclass(frozen=True)
class Snapshot:
    """What a stage looks at: `facts` are cut to the units in scope.

    `pack` is that of the day, unless another is tried on the facts; `in_force` says which were in
    force until that day. `history` is what the ledger says besides, `content` the digest of all
    submissions that were read; `places` are those of which rows were read, all where there are
    none; `passes` is the folder that says which hand-offs passed before, where one is believed.
    """

    home: Home
    ledger: Ledger
    blobs: BlobStore
    pack: Pack
    in_force: InForce
    history: History
    content: str
    facts: Facts
    places: frozenset[str] = frozenset()
    passes: Path | None = None

    @property
    def position(self) -> int:
        """The last submission or act that was looked at."""
        return self.history.position

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


def _city_of(jurisdictions: pd.DataFrame, scope: str) -> frozenset[str]:
    """The places whose rows say something of a scope; none where they are those of every place.

    No check reads further than from the topmost place above a unit down, but for officers.
    """
    lineage = lineage_of(jurisdictions)
    above = lineage.loc[lineage["jurisdiction"] == scope.partition("-")[0], "ancestor"].tolist()
    below = lineage.loc[lineage["ancestor"].isin(above[-1:]), "jurisdiction"].tolist()
    whole = len(below) == len(jurisdictions)
    return frozenset() if whole else frozenset(below)


def snapshot_at(
    home: Home,
    ledger: Ledger,
    history: History,
    scope: str,
    on: date,
    *,
    without: Collection[str] = (),
    pack: Pack | None = None,
) -> Snapshot:
    """The facts of a scope as they stood at the end of `history`.

    The registers `without` count as empty; `pack` is looked at in place of the one in force. The
    bytes of all registers are read and hashed; a register is put together when it is looked at.

    Raises:
        SnapshotRefused: the scope means nothing.
        OtherRelease: the cycle is one of another release.
        BlobError: a blob is missing or was changed.
    """
    home.refuse_scheme(history.evidence)
    blobs = BlobStore(home.blobs)
    submissions = {
        name: given for name, given in history.submissions().items() if name not in without
    }
    in_force = InForce(blobs, history.packs, on)
    places = _city_of(read_register(blobs, "jurisdictions", submissions), scope)
    content, facts = _facts(blobs, submissions, on, places, FACTS)
    chosen = facts.within(scoped_units(facts, scope))
    pack = pack or in_force.pack
    return Snapshot(home, ledger, blobs, pack, in_force, history, content, chosen, places)


def _facts(
    blobs: BlobStore,
    submissions: Mapping[str, list[tuple[str, str]]],
    on: date,
    places: frozenset[str],
    memory: Memory[Asked, Facts],
) -> tuple[str, Facts]:
    """The digest of submissions, and their facts: of rows at home at `places`, if there are any."""
    tables = read_registers(blobs, submissions, places)
    content = digest(canonical(submissions))
    facts = memory.get((content, on, places))
    if facts is None:
        facts = facts_of(tables, on)
        memory.keep((content, on, places), facts)
    return content, facts


def facts_at(
    snapshot: Snapshot, deliveries: Iterable[Submission], registers: Container[str]
) -> Facts:
    """Some registers after some of the submissions, on the day and at the places of the snapshot.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    given = submissions_in(one for one in deliveries if one.register in registers)
    return _facts(snapshot.blobs, given, snapshot.on, snapshot.places, PARTS)[1]


def snapshot_with(
    snapshot: Snapshot, submissions: Iterable[tuple[str, str, bytes]], officer: str
) -> Snapshot:
    """The snapshot as it would be after submissions (register, mode, blob) that are not kept."""
    given = list(submissions)
    history = snapshot.history.copy()
    blobs = BlobStore(snapshot.home.blobs, beside=[blob for _, _, blob in given])
    for register, mode, blob in given:
        history.seq += 1
        history.position = history.seq
        history.deliveries.append(Submission(history.seq, register, mode, digest(blob), officer))
    # What is tried may be a place.
    everywhere: frozenset[str] = frozenset()
    content, facts = _facts(blobs, history.submissions(), snapshot.on, everywhere, FACTS)
    facts = facts.within(snapshot.units)
    return replace(
        snapshot, blobs=blobs, history=history, content=content, facts=facts, places=everywhere
    )


def verified_here(home: Home) -> Verified:
    """The ledger of a home, verified: what this process verified before, and what followed.

    What is given is the caller's own, to be followed as they like.

    Raises:
        LedgerBroken: the ledger does not verify, or is not what was verified before.
    """
    place = home.ledger
    found = verified(home, VERIFIED.get(place))
    VERIFIED.keep(place, found)
    return found.copy()


def open_snapshot(
    home: Home, scope: str, wanted: date | None = None, clock: Clock = utc_now
) -> Snapshot:
    """The facts for a scope on the day of a decision that is made now.

    Raises:
        LedgerBroken: the ledger does not verify.
        SnapshotRefused: the scope means nothing.
        DayRefused: the day that is `wanted` cannot be that of a decision.
        BlobError: a blob is missing or was changed.
    """
    history = verified_here(home).history
    on = history.reached.day(wanted, clock)
    ledger = Ledger(home.ledger, clock, on if history.historical else None)
    found = snapshot_at(home, ledger, history, scope, on)
    return replace(found, passes=home.passes)
