"""Who may not sign about a unit: its candidates, their kin, and whoever delivered its evidence.

Rules: people are compared, not officers, so that nobody gets round it with a second id, be it one
that has left the register since; who took rows away delivered evidence too; kinship counts in both
directions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from data.history import Submission
from data.registers import decoded, read_register
from data.submissions import WITHDRAW
from schemas.authority import Requirement
from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from schemas.registers import REGISTERS, behind
from schemas.rules.base import Read, merged, registers_of
from tasks.gate.snapshot import Snapshot
from tasks.officers.validity import Holder, holder_fault

# What is looked at for any gate, whatever its checks read.
ALWAYS = ("officers", "kin", "candidates")

Touched = dict[tuple[object, ...], set[str]]  # by cells of a row: units


def officers_of(facts: Facts) -> dict[str, Holder]:
    """The register of officers as it stands."""

    def listed() -> dict[str, Holder]:
        frame = facts.tables["officers"]
        columns = ("officer", "organ", "jurisdiction", "person")
        rows = zip(*(frame[name].tolist() for name in columns), strict=True)
        return {officer: Holder(*about) for officer, *about in rows}

    return facts.once("officers", listed)


def related(facts: Facts) -> dict[str, set[str]]:
    """Person → kin, in both directions."""
    found: dict[str, set[str]] = {}
    frame = facts.tables["kin"]
    for one, other in zip(frame["person"].tolist(), frame["kin"].tolist(), strict=True):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _facts_before(snapshot: Snapshot, seq: int, reads: Iterable[Read]) -> Facts:
    """What `reads` are about, for the units in scope, as it stood before an entry."""
    submissions: dict[str, list[tuple[str, str]]] = {}
    for one in snapshot.history.deliveries:
        if one.seq < seq:
            submissions.setdefault(one.register, []).append((one.mode, one.blob))
    blobs = snapshot.blobs
    needed = behind(registers_of(reads))
    tables = {name: read_register(blobs, name, submissions) for name in needed}
    return facts_of(tables, snapshot.on).within(snapshot.units)


def _units_by_row(facts: Facts, reads: Iterable[Read], column: Sequence[str]) -> Touched:
    """Cells of a row of one register → the units of which `reads` make it evidence."""
    found: Touched = {}
    for read in reads:
        cells = facts.tables[read.register][list(column)]
        for unit, rows in facts.selected(read).items():
            for named in cells.iloc[rows].itertuples(index=False, name=None):
                found.setdefault(named, set()).add(unit)
    return found


def _touched(
    snapshot: Snapshot, delivered: Submission, reads: Sequence[Read], standing: Touched
) -> set[str]:
    """The units in scope that a submission gave evidence, or took it from.

    `reads` are those of its register, `standing` what they make of the rows that stand.
    """
    rows = decoded(snapshot.blobs, delivered.register, delivered.blob)
    column = [DIGEST]
    if delivered.mode == WITHDRAW:
        column = list(REGISTERS[delivered.register].key)
        standing = _units_by_row(_facts_before(snapshot, delivered.seq, reads), reads, column)
    named = set(rows[column].itertuples(index=False, name=None)) & standing.keys()
    return {unit for one in named for unit in standing[one]}


def people_of(snapshot: Snapshot) -> dict[str, set[str]]:
    """Officer → everybody whom the register ever had under that id."""
    blobs = snapshot.blobs
    found: dict[str, set[str]] = {}
    for one in snapshot.history.deliveries:
        if one.register == "officers" and one.mode != WITHDRAW:
            rows = decoded(blobs, one.register, one.blob)
            for officer, person in zip(rows["officer"], rows["person"], strict=True):
                found.setdefault(officer, set()).add(person)
    return found


def _deliverers(
    snapshot: Snapshot, reads: Iterable[Read], officers: Mapping[str, Holder]
) -> dict[str, set[str]]:
    """Unit → people with a key of their own who delivered evidence of it."""
    known = people_of(snapshot)
    ring = snapshot.history.acts.keys
    people = {holder.person for officer, holder in officers.items() if ring.had_by(officer)}
    wanted: dict[str, list[Read]] = {}
    for read in merged(reads):
        wanted.setdefault(read.register, []).append(read)
    standing: dict[str, Touched] = {}
    found: dict[str, set[str]] = {}
    for delivered in snapshot.history.deliveries:
        delivering = known.get(delivered.officer, set()) & people
        register = delivered.register
        if delivering and register in wanted:
            if register not in standing:
                standing[register] = _units_by_row(snapshot.facts, wanted[register], [DIGEST])
            for unit in _touched(snapshot, delivered, wanted[register], standing[register]):
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
    kin = related(snapshot.facts)
    frame = snapshot.facts.tables["candidates"]
    for unit, person in zip(frame["unit"].tolist(), frame["person"].tolist(), strict=True):
        reasons = barred.setdefault(unit, {})
        reasons |= dict.fromkeys(kin.get(person, ()), "about-kin")
    for unit, person in zip(frame["unit"].tolist(), frame["person"].tolist(), strict=True):
        barred[unit][person] = "about-self"
    return barred


def _by_person(facts: Facts) -> dict[str, list[str]]:
    """Person → the officers that they are."""

    def listed() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for officer, holder in officers_of(facts).items():
            found.setdefault(holder.person, []).append(officer)
        return found

    return facts.once("officers by person", listed)


def with_other_keys(snapshot: Snapshot) -> dict[str, str]:
    """The officers whose key says otherwise of them than the register, with the code why."""
    officers = officers_of(snapshot.facts)
    return {
        key.officer: code
        for key in snapshot.history.acts.keys.keys.values()
        if key.current and (code := holder_fault(key, officers))
    }


def barred_officers(
    snapshot: Snapshot,
    required: Sequence[Requirement],
    places: Sequence[str],
    people: Mapping[str, str],
    other_keys: Mapping[str, str],
) -> dict[str, str]:
    """The officers whom a gate asks for and who may not sign it, with the code why.

    Args:
        snapshot: the facts and keys of today.
        required: who must sign the gate.
        places: the unit's jurisdiction and those above it, its own first.
        people: the persons who may not sign, with the code why.
        other_keys: what `with_other_keys` gives, which is the same for every gate.
    """
    officers, ring = officers_of(snapshot.facts), snapshot.history.acts.keys
    known = _by_person(snapshot.facts)
    codes = {one: code for person, code in people.items() for one in known.get(person, ())}
    codes |= other_keys
    found: dict[str, str] = {}
    for officer, code in codes.items():
        who = ring.of(officer) or officers[officer]
        if any(one.admits(who.organ, who.jurisdiction, places) for one in required):
            found[officer] = code
    return found
