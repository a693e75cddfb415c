"""Who may not sign about a unit: its candidates, their kin, and whoever delivered its evidence.

Rules: people are compared, not officers, so that nobody gets round it with a second id, be it one
that has left the register since; who took rows away delivered evidence too; kinship counts in both
directions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from data.history import Submission, submissions_in
from data.memory import Memory
from data.registers import Cells, delivered_among, delivered_cells, read_register
from data.submissions import WITHDRAW
from schemas.authority import Requirement
from schemas.canonical import canonical, digest
from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from schemas.registers import REGISTERS, behind
from schemas.rules.base import Read, merged, registers_of
from tasks.gate.snapshot import Snapshot
from tasks.officers.validity import Holder, holder_fault

# What is looked at for any gate, whatever its checks read.
ALWAYS = ("officers", "kin", "candidates")

Touched = dict[Cells, set[str]]  # by cells of a row: units

# Officer → people, by the deliveries of the register of officers.
_PEOPLE: Memory[tuple[str, ...], Mapping[str, frozenset[str]]] = Memory(4)
# From which units a submission took evidence, by what it took, from which rows, and how it is read.
TOOK: Memory[tuple[str, tuple[Read, ...]], frozenset[str]] = Memory(1024)


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


def _rows(snapshot: Snapshot, one: Submission, *columns: str) -> frozenset[Cells]:
    """The cells of the rows of a submission in some columns."""
    return delivered_cells(snapshot.blobs, one.register, one.blob, columns)


def _cells(facts: Facts, register: str, columns: tuple[str, ...]) -> list[Cells]:
    """The cells of every row of a register in some columns."""

    def made() -> list[Cells]:
        frame = facts.tables[register]
        return list(zip(*(frame[name].tolist() for name in columns), strict=True))

    return facts.once_of(register, ("rows", columns), made)


def _units_by_row(facts: Facts, reads: Iterable[Read], columns: tuple[str, ...]) -> Touched:
    """Cells of a row of one register → the units of which `reads` make it evidence."""
    found: Touched = {}
    for read in reads:
        cells = _cells(facts, read.register, columns)
        for unit, rows in facts.selected(read).items():
            for row in rows:
                found.setdefault(cells[row], set()).add(unit)
    return found


def _units_of(units_by_row: Touched, rows: AbstractSet[Cells]) -> frozenset[str]:
    """The units of which any of some rows are evidence."""
    return frozenset(unit for one in rows & units_by_row.keys() for unit in units_by_row[one])


def _took_from(snapshot: Snapshot, taken: Submission, reads: Sequence[Read]) -> frozenset[str]:
    """The units from which a submission took evidence: what `reads` made of the rows before it."""
    needed = behind(registers_of(reads))
    before = [one for one in snapshot.history.deliveries if one.seq < taken.seq]
    submissions = submissions_in(one for one in before if one.register in needed)
    asked = digest(canonical([taken.register, taken.blob, submissions])), tuple(reads)
    found = TOOK.get(asked)
    if found is None:
        blobs, key = snapshot.blobs, REGISTERS[taken.register].key
        tables = {name: read_register(blobs, name, submissions) for name in needed}
        units_by_row = _units_by_row(facts_of(tables, snapshot.on), reads, key)
        found = _units_of(units_by_row, _rows(snapshot, taken, *key))
        TOOK.keep(asked, found)
    return found


def people_of(snapshot: Snapshot) -> Mapping[str, frozenset[str]]:
    """Officer → everybody whom the register ever had under that id."""
    given = [one for one in snapshot.history.deliveries if one.register == "officers"]
    given = [one for one in given if one.mode != WITHDRAW]
    asked = tuple(one.blob for one in given)
    known = _PEOPLE.get(asked)
    if known is None:
        found: dict[str, set[str]] = {}
        for one in given:
            for officer, person in _rows(snapshot, one, "officer", "person"):
                found.setdefault(str(officer), set()).add(str(person))
        known = {officer: frozenset(people) for officer, people in found.items()}
        _PEOPLE.keep(asked, known)
    return known


def _delivered(snapshot: Snapshot, reads: Iterable[Read]) -> dict[str, set[str]]:
    """Unit → the officers who delivered evidence of it, whatever keys they have."""
    wanted: dict[str, list[Read]] = {}
    for read in merged(reads):
        wanted.setdefault(read.register, []).append(read)
    units_by_row: dict[str, Touched] = {}
    found: dict[str, set[str]] = {unit: set() for unit in snapshot.units}
    for one in snapshot.history.deliveries:
        mine = wanted.get(one.register)
        # Who delivered evidence of every unit by another delivery needs no second one.
        if mine is None or all(one.officer in officers for officers in found.values()):
            continue
        if one.mode == WITHDRAW:
            touched = _took_from(snapshot, one, mine)
        else:
            if one.register not in units_by_row:
                units_by_row[one.register] = _units_by_row(snapshot.facts, mine, (DIGEST,))
            rows = units_by_row[one.register]
            taken = delivered_among(snapshot.blobs, one.register, one.blob, rows.keys())
            touched = _units_of(rows, taken)
        for unit in touched & found.keys():
            found[unit].add(one.officer)
    return found


def who_entered(snapshot: Snapshot, officer: str) -> frozenset[str]:
    """The people who delivered an officer's row as it stands."""
    for one in reversed(snapshot.history.deliveries):
        taken = one.register == "officers" and one.mode != WITHDRAW
        if taken and (officer,) in _rows(snapshot, one, "officer"):
            return people_of(snapshot).get(one.officer, frozenset())
    return frozenset()


def _deliverers(
    snapshot: Snapshot, reads: Iterable[Read], officers: Mapping[str, Holder]
) -> dict[str, set[str]]:
    """Unit → people with a key of their own who delivered evidence of it."""
    known, selections = people_of(snapshot), merged(reads)
    ring = snapshot.history.acts.keys
    people = {holder.person for officer, holder in officers.items() if ring.had_by(officer)}
    # Who delivered evidence of a unit does not depend on which others are in scope.
    asked = ("delivered", tuple(snapshot.history.deliveries), *selections)
    delivered: dict[str, set[str]] = snapshot.facts.once(asked, dict)
    if rest := {unit for unit in snapshot.units if unit not in delivered}:
        delivered |= _delivered(snapshot.within(rest), selections)
    found: dict[str, set[str]] = {}
    for unit in snapshot.units:
        for officer in delivered[unit]:
            found.setdefault(unit, set()).update(known.get(officer, frozenset()) & people)
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
