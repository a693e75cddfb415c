"""Who may not sign about a unit: its candidates, their kin, and whoever delivered its evidence.

Rules: people are compared, not officers, so that nobody gets round it with a second id, be it one
that has left the register since; who took rows away delivered evidence too; kinship counts in both
directions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from data.blobs import BlobStore
from data.history import Delivered
from data.registers import decoded, read_register
from data.submissions import WITHDRAW
from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from schemas.registers import REGISTERS, behind
from schemas.rules.base import Read
from tasks.gate.evidence import rows_by_unit
from tasks.gate.snapshot import Snapshot
from tasks.officers.validity import Holder

# What is looked at for any gate, whatever its checks read.
ALWAYS = ("officers", "kin", "candidates")


def officers_of(facts: Facts) -> dict[str, Holder]:
    """The register of officers as it stands."""

    def listed() -> dict[str, Holder]:
        frame = facts.tables["officers"]
        columns = ("officer", "organ", "jurisdiction", "person")
        rows = zip(*(frame[name].tolist() for name in columns), strict=True)
        return {officer: Holder(*about) for officer, *about in rows}

    return facts.once("officers", listed)


def _related(facts: Facts) -> dict[str, set[str]]:
    """Person → kin, in both directions."""
    found: dict[str, set[str]] = {}
    frame = facts.tables["kin"]
    for one, other in zip(frame["person"].tolist(), frame["kin"].tolist(), strict=True):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _rows_before(snapshot: Snapshot, delivered: Delivered, keys: pd.DataFrame) -> pd.DataFrame:
    """The rows that a withdrawal took away, as they stood before it."""
    submissions: dict[str, list[tuple[str, str]]] = {}
    for one in snapshot.history.deliveries:
        if one.seq < delivered.seq:
            submissions.setdefault(one.register, []).append((one.mode, one.blob))
    blobs = BlobStore(snapshot.home.blobs)
    needed = behind([delivered.register])
    tables = {name: read_register(blobs, name, submissions) for name in needed}
    before = facts_of(tables, snapshot.on).tables[delivered.register]
    key = list(REGISTERS[delivered.register].key)
    gone = pd.MultiIndex.from_frame(keys[key])
    return before[pd.MultiIndex.from_frame(before[key]).isin(gone)]


def _touched(snapshot: Snapshot, delivered: Delivered, reads: Iterable[Read]) -> set[str]:
    """The units in scope that a submission gave evidence, or took it from."""
    blob = BlobStore(snapshot.home.blobs).get(delivered.blob)
    rows = decoded(delivered.register, blob)
    if delivered.mode == WITHDRAW:
        frame = _rows_before(snapshot, delivered, rows)
    else:
        frame = snapshot.facts.tables[delivered.register]
        frame = frame[frame[DIGEST].isin(set(rows[DIGEST]))]
    facts = snapshot.facts
    only = Facts(facts.on, facts.units, facts.lineage, {delivered.register: frame})
    return {
        unit
        for read in reads
        if read.register == delivered.register
        for unit, found in rows_by_unit(only, read).items()
        if found
    }


def _people(snapshot: Snapshot) -> dict[str, set[str]]:
    """Officer → everybody whom the register ever had under that id."""
    blobs = BlobStore(snapshot.home.blobs)
    found: dict[str, set[str]] = {}
    for one in snapshot.history.deliveries:
        if one.register == "officers" and one.mode != WITHDRAW:
            rows = decoded(one.register, blobs.get(one.blob))
            for officer, person in zip(rows["officer"], rows["person"], strict=True):
                found.setdefault(officer, set()).add(person)
    return found


def _deliverers(
    snapshot: Snapshot, reads: Iterable[Read], officers: Mapping[str, Holder]
) -> dict[str, set[str]]:
    """Unit → people with a key of their own who delivered evidence of it."""
    known = _people(snapshot)
    ring = snapshot.history.acts.keys
    people = {holder.person for officer, holder in officers.items() if ring.had_by(officer)}
    wanted = list(reads)
    registers = {read.register for read in wanted}
    found: dict[str, set[str]] = {}
    for delivered in snapshot.history.deliveries:
        delivering = known.get(delivered.officer, set()) & people
        if delivering and delivered.register in registers:
            for unit in _touched(snapshot, delivered, wanted):
                found.setdefault(unit, set()).update(delivering)
    return found


def barred_of(
    snapshot: Snapshot, reads: Iterable[Read], officers: Mapping[str, Holder]
) -> dict[str, dict[str, str]]:
    """Unit → person → why they may not sign on evidence that is read by `reads`."""
    barred = {
        unit: dict.fromkeys(people, "self-submitted")
        for unit, people in _deliverers(snapshot, reads, officers).items()
    }
    kin = _related(snapshot.facts)
    frame = snapshot.facts.tables["candidates"]
    for unit, person in zip(frame["unit"].tolist(), frame["person"].tolist(), strict=True):
        reasons = barred.setdefault(unit, {})
        reasons |= dict.fromkeys(kin.get(person, ()), "about-kin")
    for unit, person in zip(frame["unit"].tolist(), frame["person"].tolist(), strict=True):
        barred[unit][person] = "about-self"
    return barred
